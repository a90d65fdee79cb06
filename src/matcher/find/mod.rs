//! Questions about files that compose freely: which files, where, and what to do with them.
//!
//! A question is read into a [`Query`] (filter x place x depth x action), which each dialect then writes. Whatever the
//! reading leaves over counts against the answer, as with any other intent.

mod action;
mod explain;
mod family;
mod filter;
mod powershell;
mod read;
mod unix;

use super::Candidate;
use super::knowledge::Dialect;
use crate::normalize::{Token, Unit};
use crate::shell::Shell;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    File,
    Folder,
    Link,
    Any,
}

/// A test of the name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    glob: String,
    ignore_case: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Than {
    More,
    Less,
}

/// Which of the times of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    Modified,
    Accessed,
    Created,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// Older (`More`) or younger (`Less`) than so much.
    Age(Than, u32, Unit),
    /// On the current calendar day.
    Today,
    /// On the day before.
    Yesterday,
}

/// An order and how many of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    by: Key,
    /// The largest, or the newest, first.
    descending: bool,
    take: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Size,
    Time,
    Name,
}

/// What to do with the hits.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Action {
    List,
    LongList,
    BareNames,
    Count,
    TotalSize,
    Sort(Order),
    Delete,
    MoveTo(String),
    CopyTo(String),
    ArchiveInto(String),
    Chmod(String),
    /// Names of the files that contain a text.
    Containing(String),
    /// How many lines they have.
    CountLines,
}

/// A question about files.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Query {
    target: Target,
    /// Any of these; empty: any name.
    names: Vec<Name>,
    /// None of these.
    not_names: Vec<Name>,
    sizes: Vec<(Than, u64)>,
    times: Vec<(Clock, When)>,
    newer_than: Option<String>,
    empty: bool,
    executable: bool,
    owner: Option<String>,
    mode: Option<String>,
    place: String,
    depth: Option<u64>,
    action: Action,
    ignore_case: bool,
}

impl Query {
    fn is_filtered(&self) -> bool {
        !(self.names.is_empty() && self.not_names.is_empty() && self.sizes.is_empty() && self.times.is_empty())
            || self.newer_than.is_some()
            || self.empty
            || self.executable
            || self.owner.is_some()
            || self.mode.is_some()
    }

    fn intent(&self) -> &'static str {
        INTENTS[match self.action {
            Action::List => 0,
            Action::LongList => 1,
            Action::BareNames => 2,
            Action::Count => 3,
            Action::TotalSize => 4,
            Action::Sort(_) => 5,
            Action::Delete => 6,
            Action::MoveTo(_) => 7,
            Action::CopyTo(_) => 8,
            Action::ArchiveInto(_) => 9,
            Action::Chmod(_) => 10,
            Action::Containing(_) => 11,
            Action::CountLines => 12,
        }]
    }
}

/// The intents composed here, in the order of [`Action`].
pub(super) const INTENTS: [&str; 13] = [
    "files.find",
    "files.find-long",
    "files.find-names",
    "files.find-count",
    "files.find-total-size",
    "files.find-sorted",
    "files.find-delete",
    "files.find-move",
    "files.find-copy",
    "files.find-archive",
    "files.find-chmod",
    "files.find-containing",
    "files.find-lines",
];

/// The answer to a question about files; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let reading = read::read(tokens)?;
    let query = &reading.query;
    let command = match dialect {
        Dialect::Gnu => unix::command(query, unix::Flavor::Gnu, shell),
        Dialect::Bsd => unix::command(query, unix::Flavor::Bsd, shell),
        Dialect::PowerShell => powershell::command(query, shell)?,
        // cmd has no way to say most of these; the wrong half of an answer is no answer.
        Dialect::Cmd => return None,
    };
    Some(Candidate {
        blanks: Vec::new(),
        intent: query.intent(),
        command,
        explanation: explain::sentence(query),
        explained: reading.explained,
        unexplained: reading.unexplained,
        doubt: reading.doubt,
    })
}
