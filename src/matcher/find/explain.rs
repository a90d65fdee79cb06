//! A query in words.

use std::fmt::Write as _;

use super::{Action, Clock, Key, Query, Target, Than, When};
use crate::matcher::value::{Form, Value};

/// What a query does, one sentence.
pub(super) fn sentence(query: &Query) -> String {
    let what = subject(query);
    let place = match query.place.as_str() {
        "." => "here and below".to_owned(),
        place => format!("in {place}"),
    };
    let place = match query.depth {
        Some(1) => format!("{place}, not deeper"),
        Some(levels) => format!("{place}, at most {levels} levels deep"),
        None => place,
    };
    match &query.action {
        Action::List => format!("Lists {what} {place}"),
        Action::LongList => format!("Lists {what} {place} with their details"),
        Action::BareNames => format!("Lists the bare names of {what} {place}"),
        Action::Count => format!("Counts {what} {place}"),
        Action::CountLines => format!("Counts the lines of {what} {place}"),
        Action::TotalSize => format!("Adds up the size of {what} {place}"),
        Action::Delete => format!("Deletes {what} {place}"),
        Action::MoveTo(target) => format!("Moves {what} {place} to {target}"),
        Action::CopyTo(target) => format!("Copies {what} {place} to {target}"),
        Action::ArchiveInto(target) => format!("Packs {what} {place} into {target}"),
        Action::Chmod(mode) => format!("Sets the permissions of {what} {place} to {mode}"),
        Action::Containing(text) => format!("Lists {what} {place} that contain '{text}'"),
        Action::Sort(order) => {
            let first = match (order.by, order.descending) {
                (Key::Size, true) => "the largest first",
                (Key::Size, false) => "the smallest first",
                (Key::Time, true) => "the newest first",
                (Key::Time, false) => "the oldest first",
                (Key::Name, _) => "by name",
            };
            let take = order.take.map(|take| format!(", {take} of them")).unwrap_or_default();
            format!("Lists {what} {place}, {first}{take}")
        }
    }
}

fn subject(query: &Query) -> String {
    let mut text = String::new();
    if query.empty {
        text.push_str("empty ");
    }
    if query.executable {
        text.push_str("executable ");
    }
    text.push_str(match query.target {
        Target::File => "files",
        Target::Folder => "folders",
        Target::Link => "symbolic links",
        Target::Any => "files and folders",
    });
    let globs = |names: &[super::Name]| names.iter().map(|name| name.glob.as_str()).collect::<Vec<_>>().join(", ");
    if !query.names.is_empty() {
        let _ = write!(text, " named {}", globs(&query.names));
    }
    if !query.not_names.is_empty() {
        let _ = write!(text, " not named {}", globs(&query.not_names));
    }
    for (than, bytes) in &query.sizes {
        let than = if *than == Than::More { "larger" } else { "smaller" };
        let _ = write!(text, " {than} than {}", Value::Size(*bytes).form(Form::Plain));
    }
    for (clock, when) in &query.times {
        let clock = match clock {
            Clock::Modified => "modified",
            Clock::Accessed => "accessed",
            Clock::Created => "changed or created",
        };
        let when = match when {
            When::Today => "today".to_owned(),
            When::Yesterday => "yesterday".to_owned(),
            When::Age(Than::More, count, unit) => {
                format!("more than {} ago", Value::Age(*count, *unit).form(Form::Plain))
            }
            When::Age(Than::Less, count, unit) => {
                format!("within the last {}", Value::Age(*count, *unit).form(Form::Plain))
            }
        };
        let _ = write!(text, " {clock} {when}");
    }
    if let Some(file) = &query.newer_than {
        let _ = write!(text, " newer than {file}");
    }
    if let Some(owner) = &query.owner {
        let _ = write!(text, " owned by {owner}");
    }
    if let Some(mode) = &query.mode {
        let _ = write!(text, " with mode {mode}");
    }
    text
}
