//! Questions about the history of a repository that compose freely: which commits, and what differs between which versions.
//!
//! As with files, a question is read into a query, which is then written; whatever the reading leaves over counts against
//! the answer.

mod act;
mod diff;
mod log;
mod revision;

use super::{Candidate, scan};
use crate::normalize::{Token, concept as c};
use crate::shell::Shell;

/// The intents composed here.
pub(super) const INTENTS: [&str; 40] = [
    "git.log",
    "git.log-short",
    "git.log-graph",
    "git.log-last",
    "git.log-file",
    "git.log-author",
    "git.log-since",
    "git.log-until",
    "git.log-search",
    "git.log-pickaxe",
    "git.log-stat",
    "git.log-patch",
    "git.log-between",
    "git.log-branch",
    "git.log-merges",
    "git.log-reverse",
    "git.log-added",
    "git.log-deleted",
    "git.log-hashes",
    "git.count-commits",
    "git.diff-branches",
    "git.diff-ref",
    "git.diff-file-branches",
    "git.diff-file-ref",
    "git.diff-names-between",
    "git.diff-stat-branches",
    "git.diff-stat-ref",
    "git.diff-merge-base",
    "git.diff-status",
    "git.stash-staged",
    "git.stash-keep-index",
    "git.stash-file",
    "git.cherry-pick-abort",
    "git.cherry-pick-continue",
    "git.cherry-pick-range",
    "git.merge-ff-only",
    "git.ignore",
    "git.config-email-local",
    "git.push-force-branch",
    "git.remote-url",
];

/// The answers to a question about history.
pub(super) fn compose(tokens: &[Token], shell: Shell) -> impl Iterator<Item = Candidate> {
    // `is git installed` asks about a program.
    let installed = tokens.iter().any(|token| token.is(c::INSTALLED));
    let found = [log::compose(tokens, shell), diff::compose(tokens, shell), act::compose(tokens, shell)];
    found.into_iter().flatten().filter(move |_| !installed)
}
