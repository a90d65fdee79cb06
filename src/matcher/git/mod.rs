//! Questions about the history of a repository that compose freely: which commits, and what differs between which versions.
//!
//! As with files, a question is read into a query, which is then written; whatever the reading leaves over counts against
//! the answer.

mod diff;
mod log;
mod revision;

use super::{Candidate, scan};
use crate::normalize::Token;
use crate::shell::Shell;

/// The intents composed here.
pub(super) const INTENTS: [&str; 29] = [
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
];

/// The answers to a question about history.
pub(super) fn compose(tokens: &[Token], shell: Shell) -> impl Iterator<Item = Candidate> {
    log::compose(tokens, shell).into_iter().chain(diff::compose(tokens, shell))
}
