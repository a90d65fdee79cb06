//! A query as a command and in words.

use std::fmt::Write as _;

use super::{Mark, Query};
use crate::matcher::render;
use crate::shell::{Shell, quote};

impl Query {
    pub(super) fn intent(&self) -> &'static str {
        match self {
            _ if self.is(Mark::Count) => "git.count-commits",
            _ if self.text.is_some() => "git.log-pickaxe",
            _ if self.filter == Some('A') => "git.log-added",
            _ if self.filter.is_some() => "git.log-deleted",
            _ if self.message.is_some() => "git.log-search",
            _ if self.merges.is_some() => "git.log-merges",
            _ if self.stat == Some("-p") => "git.log-patch",
            _ if self.author.is_some() => "git.log-author",
            _ if self.range.is_some() => "git.log-between",
            _ if self.path.is_some() => "git.log-file",
            _ if self.since.is_some() => "git.log-since",
            _ if self.until.is_some() => "git.log-until",
            _ if self.is(Mark::Graph) => "git.log-graph",
            _ if self.format.is_some() => "git.log-hashes",
            _ if self.stat.is_some() => "git.log-stat",
            _ if self.branch.is_some() => "git.log-branch",
            _ if self.is(Mark::OldestFirst) => "git.log-reverse",
            _ if self.take.is_some() => "git.log-last",
            _ if self.is(Mark::Short) => "git.log-short",
            _ => "git.log",
        }
    }

    pub(super) fn command(&self, shell: Shell) -> String {
        let mut line = String::from(if self.is(Mark::Count) { "git rev-list --count" } else { "git log" });
        let mut push = |part: &str| {
            line.push(' ');
            line.push_str(part);
        };
        if self.is(Mark::Short) && !self.is(Mark::Count) || self.is(Mark::Graph) {
            push("--oneline");
        }
        if self.is(Mark::Graph) {
            push("--graph");
        }
        if self.is(Mark::Everywhere)
            || self.is(Mark::Graph) && self.branch.is_none() && self.range.is_none() && self.path.is_none()
        {
            push("--all");
        }
        if self.is(Mark::OldestFirst) {
            push("--reverse");
        }
        if let Some(merges) = self.merges {
            push(merges);
        }
        if let Some(take) = self.take {
            push(&format!("-n {take}"));
        }
        if let Some(stat) = self.stat.filter(|_| !self.is(Mark::Count)) {
            push(stat);
        }
        if let Some(format) = self.format.filter(|_| !self.is(Mark::Count)) {
            push(&format!("--format={format}"));
        }
        for (flag, value) in [("--author", &self.author), ("--since", &self.since), ("--until", &self.until)] {
            if let Some(value) = value {
                push(&flagged(flag, value, shell));
            }
        }
        if let Some(message) = &self.message {
            if self.is(Mark::IgnoreCase) {
                push("-i");
            }
            push(&flagged("--grep", message, shell));
        }
        if let Some(text) = &self.text {
            push(&format!("-S {}", quote(shell, text)));
        }
        if let Some(filter) = self.filter {
            push(&format!("--diff-filter={filter}"));
        }
        let follows = self.filter.is_none() && self.text.is_none() && !self.is(Mark::Count) && self.message.is_none();
        if self.path.as_ref().is_some_and(|(_, single)| *single && follows) {
            push("--follow");
        }
        match self.range.as_ref().or(self.branch.as_ref()) {
            Some(version) => push(&quote(shell, version)),
            None if self.is(Mark::Count) && !self.is(Mark::Everywhere) => push("HEAD"),
            None => {}
        }
        if let Some((path, _)) = &self.path {
            push(&format!("-- {}", render::path_argument(path, shell)));
        }
        line
    }

    pub(super) fn sentence(&self) -> String {
        let mut text = String::from(if self.is(Mark::Count) { "Counts the commits" } else { "Lists the commits" });
        let mut say = |before: &str, value: &Option<String>| {
            if let Some(value) = value {
                let _ = write!(text, "{before}{value}");
            }
        };
        say(" by ", &self.author);
        say(" of ", &self.range);
        say(" of ", &self.branch);
        say(" since ", &self.since);
        say(" until ", &self.until);
        say(" with this in their message: ", &self.message);
        say(" that added or removed ", &self.text);
        let what = match self.filter {
            Some('A') => " that added ",
            Some(_) => " that deleted ",
            None => " that changed ",
        };
        say(what, &self.path.as_ref().map(|(path, _)| path.clone()));
        if self.is(Mark::Graph) {
            text.push_str(", drawn as a graph");
        }
        if let Some(take) = self.take {
            let _ = write!(text, ", the last {take}");
        }
        text
    }
}

fn flagged(flag: &str, value: &str, shell: Shell) -> String {
    let quoted = quote(shell, value);
    // PowerShell splits a word at a quote inside it.
    if shell == Shell::PowerShell && quoted != value {
        return quote(shell, &format!("{flag}={value}")).into_owned();
    }
    format!("{flag}={quoted}")
}
