//! The rules: what a command does, told from its arguments. One file a subject.
//!
//! Each file has a table of its rules and a `judge` that reads one [`Invocation`]. A rule's level is a function of the
//! arguments: removing a build folder and removing `/` are the same program.

use std::ops::Range;

use super::evaluate::{Arg, Invocation};
use super::options::Options;
use super::place::Place;
use super::verdict::Verdict;
use super::{Risk, program};

mod cloud;
pub(crate) mod code;
pub(crate) mod container;
mod convert;
mod database;
pub(crate) mod delete;
mod disk;
pub(crate) mod download;
mod exposure;
mod git;
mod machine;
pub(crate) mod overwrite;
mod package;
mod permission;
pub(crate) mod persistence;
pub(crate) mod process;
mod safer;
pub(crate) mod tool;
mod verb;
pub(crate) mod windows;

pub(crate) use delete::shown;

/// One rule, for the documentation and the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `subject.what`.
    pub id: &'static str,
    /// What it finds, one sentence.
    pub finds: &'static str,
}

pub(super) const fn rule(id: &'static str, finds: &'static str) -> Rule {
    Rule { id, finds }
}

/// Rules of the text itself and of what runs it; the subjects' own are in their files.
const GENERAL: &[Rule] = &[
    rule("text.control", "a control character, which a terminal obeys instead of showing"),
    rule("text.hidden", "an invisible or direction-changing character: what is read is not what runs"),
    rule("text.lookalike", "a letter or sign that only looks like a plain one"),
    rule("text.unparsed", "a text that is no complete command"),
    rule("text.too-deep", "nesting nobody can follow"),
    rule("text.too-long", "more than anyone can read"),
    rule("shell.opened", "an interactive shell or interpreter"),
    rule("shell.script", "a script that was not looked into"),
    rule("shell.setup", "set-up code printed by a well-known program"),
    rule("shell.unknown-code", "code that is only known when it is made"),
    rule("shell.unknown-command", "a program that is only known when it runs"),
    rule("shell.encoded", "a command encoded so that nobody can read it"),
    rule("remote.run", "code from the network, run unread"),
    rule("privilege.elevated", "all rights of the machine"),
    rule("privilege.code-injection", "a variable that makes other programs run something"),
    rule("program.changes", "a program that changes files or settings in a way that can be undone"),
    rule("program.unknown", "a program nobody here knows"),
];

type Judge = fn(&Invocation<'_>, &mut Verdict);

const SUBJECTS: &[(&[Rule], Judge)] = &[
    (delete::RULES, delete::judge),
    (overwrite::RULES, overwrite::judge),
    (disk::RULES, disk::judge),
    (permission::RULES, permission::judge),
    (process::RULES, process::judge),
    (machine::RULES, machine::judge),
    (git::RULES, git::judge),
    (download::RULES, download::judge),
    (exposure::RULES, exposure::judge),
    (database::RULES, database::judge),
    (container::RULES, container::judge),
    (cloud::RULES, cloud::judge),
    (package::RULES, package::judge),
    (persistence::RULES, persistence::judge),
    (windows::RULES, windows::judge),
    (tool::RULES, tool::judge),
    (code::RULES, |_, _| {}),
];

/// Every rule there is.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    GENERAL.iter().chain(super::raise::RULES).chain(SUBJECTS.iter().flat_map(|(rules, _)| rules.iter()))
}

/// Judges one command by every subject, then by what kind of program it is. Says whether anyone knows the program.
pub(crate) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) -> bool {
    if program::asks_for_help(invocation) {
        verdict.harmless();
        return true;
    }
    let before = verdict.findings.len();
    for (_, judge) in SUBJECTS {
        judge(invocation, verdict);
    }
    let worst = verdict.findings[before..].iter().map(|finding| finding.risk).max();
    if let Some(risk) = worst.filter(|risk| *risk >= Risk::Dangerous) {
        safer::offer(invocation, risk, verdict);
    }
    verdict.recognized || program::classify(invocation, verdict)
}

impl<'a> Invocation<'a> {
    pub(crate) fn place(&self, path: &str) -> Place {
        Place::of(path, self.cwd, self.context)
    }

    fn options(&self, valued: &str, long_valued: &[&str]) -> Options<'a> {
        Options::parse(self.args, valued, long_valued)
    }

    /// Whether an argument is exactly one of these.
    fn has(&self, texts: &[&str]) -> bool {
        self.args.iter().any(|arg| texts.contains(&arg.text.as_str()))
    }

    /// The argument at a place among those that are no option.
    fn operand(&self, at: usize) -> Option<&'a Arg> {
        self.args.iter().filter(|arg| !arg.is_option()).nth(at)
    }

    /// Its text, or nothing.
    fn word(&self, at: usize) -> &'a str {
        self.operand(at).map_or("", |arg| arg.text.as_str())
    }

    /// From the name to the last argument.
    fn whole(&self) -> Range<usize> {
        self.span.clone()
    }
}
