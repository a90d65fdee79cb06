//! A query in words.

use std::fmt::Write as _;

use super::query::{Action, Chosen, Clause, Clock, Exclusion, Key, Mode, Name, Query, Target, Test, Than, When};
use crate::matcher::value::{Form, Value};

/// What a query does, one sentence.
pub(super) fn sentence(query: &Query) -> String {
    let what = subject(query);
    let place = place(query);
    let line = match &query.action {
        Action::List => format!("Lists {what} {place}"),
        Action::LongList => format!("Lists {what} {place} with their details"),
        Action::BareNames => format!("Lists the bare names of {what} {place}"),
        Action::SizesAndNames => format!("Lists size and path of {what} {place}"),
        Action::Parents => format!("Lists the folders that {what} {place} lie in"),
        Action::NullSeparated => format!("Lists {what} {place}, a null byte behind each"),
        Action::Count => format!("Counts {what} {place}"),
        Action::CountLines => format!("Counts the lines of {what} {place}"),
        Action::CountWords => format!("Counts the words of {what} {place}"),
        Action::LinesOfEach => format!("Counts the lines of each of {what} {place}"),
        Action::TotalSize => format!("Adds up the size of {what} {place}"),
        Action::DiskUsage => format!("Shows the disk space of {what} {place} and the total"),
        Action::Delete => format!("Deletes {what} {place}"),
        Action::DeleteAsking => format!("Deletes {what} {place}, asking before each"),
        Action::MoveTo(target) => format!("Moves {what} {place} to {target}"),
        Action::CopyTo(target) => format!("Copies {what} {place} to {target}"),
        Action::CopyTreeTo(target) => format!("Copies {what} {place} to {target} with the folders they lie in"),
        Action::JoinInto(target) => format!("Writes the contents of {what} {place} into {target}"),
        Action::LinkIn(target) => format!("Makes links in {target} to {what} {place}"),
        Action::ArchiveInto(target) => format!("Packs {what} {place} into {target}"),
        Action::Compress(tool) => format!("Compresses each of {what} {place} with {tool}"),
        Action::Decompress => format!("Decompresses {what} {place}"),
        Action::Chmod(mode) => format!("Sets the permissions of {what} {place} to {mode}"),
        Action::Chown(owner) => format!("Makes {owner} the owner of {what} {place}"),
        Action::Chgrp(group) => format!("Gives {what} {place} to the group {group}"),
        Action::TouchIn(name) => format!("Makes the empty file {name} in each of {what} {place}"),
        Action::Touch => format!("Sets the time of {what} {place} to now"),
        Action::Containing(text) => format!("Lists {what} {place} that contain '{text}'"),
        Action::NotContaining(text) => format!("Lists {what} {place} that do not contain '{text}'"),
        Action::Grep { text, .. } => format!("Shows the lines with '{text}' of {what} {place}"),
        Action::Replace { old, new } => format!("Replaces '{old}' by '{new}' in {what} {place}"),
        Action::Print => format!("Shows the contents of {what} {place}"),
        Action::Head(count) => format!("Shows the first {count} lines of each of {what} {place}"),
        Action::Tail(count) => format!("Shows the last {count} lines of each of {what} {place}"),
        Action::Checksum(tool) => {
            format!("Prints the {} checksum of {what} {place}", tool.trim_end_matches("sum").to_uppercase())
        }
        Action::FileType => format!("Says what kind of file each of {what} {place} is"),
        Action::Each(line) => format!("Runs {line} on {what} {place}"),
        Action::Run(words) => format!("Runs {} on each of {what} {place}", words.join(" ")),
        Action::Sort(order) => {
            let first = match (order.by, order.descending) {
                (Key::Size, true) => "the largest first",
                (Key::Size, false) => "the smallest first",
                (Key::Time, true) => "the newest first",
                (Key::Time, false) => "the oldest first",
                (Key::Accessed, true) => "the last read first",
                (Key::Accessed, false) => "the longest unread first",
                (Key::Name, true) => "by name, backwards",
                (Key::Name, false) => "by name",
            };
            let take = order.take.map(|take| format!(", {take} of them")).unwrap_or_default();
            format!("Lists {what} {place}, {first}{take}")
        }
    };
    let line = if query.counted { line.replacen("Lists", "Counts", 1) } else { line };
    match query.limit {
        Some(limit) => format!("{line}, the first {limit}"),
        None => line,
    }
}

fn place(query: &Query) -> String {
    let places: Vec<&str> = query.places.iter().map(String::as_str).collect();
    let mut place = match &places[..] {
        [] | ["."] => "here and below".to_owned(),
        places => format!("in {}", places.join(" and ")),
    };
    match (query.at_least, query.depth) {
        (None, None) => {}
        (None, Some(1)) => place.push_str(", not deeper"),
        (Some(low), Some(high)) if low == high => {
            let _ = write!(place, ", {low} levels deep");
        }
        (low, high) => {
            if let Some(low) = low {
                let _ = write!(place, ", at least {low} levels deep");
            }
            if let Some(high) = high {
                let _ = write!(place, ", at most {high} levels deep");
            }
        }
    }
    if query.walk.one_filesystem {
        place.push_str(", on one filesystem");
    }
    if !query.excluded.is_empty() {
        let names: Vec<&str> =
            query.excluded.iter().map(|(Exclusion::Named(name) | Exclusion::Path(name))| name.as_str()).collect();
        let _ = write!(place, ", leaving out {}", names.join(" and "));
    }
    place
}

fn subject(query: &Query) -> String {
    let mut text = match query.target {
        Target::File => "files",
        Target::Folder => "folders",
        Target::Link => "symbolic links",
        Target::Socket => "sockets",
        Target::Pipe => "named pipes",
        Target::BlockDevice => "block devices",
        Target::CharacterDevice => "character devices",
        Target::Any => "files and folders",
    }
    .to_owned();
    if let Some(Chosen { by, descending, count, rest }) = query.chosen {
        let key = match (by, descending) {
            (Key::Size, true) => "largest",
            (Key::Size, false) => "smallest",
            (_, true) => "newest",
            (_, false) => "oldest",
        };
        text = if rest { format!("all but the {count} {key} {text}") } else { format!("the {count} {key} {text}") };
    }
    for clause in &query.clauses {
        text.push(' ');
        text.push_str(&words(clause));
    }
    text
}

fn words(clause: &Clause) -> String {
    let all_names = clause.any.iter().all(|test| matches!(test, Test::Name(_)));
    let not = if clause.not { "not " } else { "" };
    if all_names {
        let globs: Vec<&str> = clause
            .any
            .iter()
            .filter_map(|test| if let Test::Name(name) = test { Some(name.glob.as_str()) } else { None })
            .collect();
        return format!("{not}named {}", globs.join(" or "));
    }
    let tests: Vec<String> = clause.any.iter().map(test).collect();
    format!("{not}{}", tests.join(" or "))
}

fn test(test: &Test) -> String {
    let than = |than: Than, more: &str, less: &str| match than {
        Than::More => more.to_owned(),
        Than::Less => less.to_owned(),
        Than::Exactly => "exactly".to_owned(),
    };
    let named = |what: &str, Name { glob, ignore_case }: &Name| {
        format!("{what} {glob}{}", if *ignore_case { " in any case" } else { "" })
    };
    match test {
        Test::Name(name) => named("named", name),
        Test::Path(name) => named("whose path is like", name),
        Test::Regex(name) => named("whose path matches", name),
        Test::LinkTo(name) => named("that lead to", name),
        Test::Size(cmp, bytes) => {
            format!("{} {}", than(*cmp, "larger than", "smaller than"), Value::Size(*bytes).form(Form::Plain))
        }
        Test::Time(clock, when) => format!("{} {}", verb(*clock), moment(when)),
        Test::NewerThan(clock, file) => format!("{} later than {file}", verb(*clock)),
        Test::User(user) => format!("owned by {user}"),
        Test::Group(group) => format!("of the group {group}"),
        Test::UserId(cmp, id) => format!("whose owner has an id of {} {id}", than(*cmp, "more than", "less than")),
        Test::NoUser => "whose owner is unknown".to_owned(),
        Test::NoGroup => "whose group is unknown".to_owned(),
        Test::Mode(Mode::Exactly(mode)) => format!("with mode {mode}"),
        Test::Mode(Mode::All(mode)) => format!("with all mode bits of {mode}"),
        Test::Mode(Mode::Any(mode)) => format!("with any mode bit of {mode}"),
        Test::Empty => "that are empty".to_owned(),
        Test::Executable => "that can be executed".to_owned(),
        Test::Readable => "that can be read".to_owned(),
        Test::Writable => "that can be written".to_owned(),
        Test::Links(cmp, count) => format!("with {} {count} hard links", than(*cmp, "more than", "less than")),
        Test::Inode(number) => format!("with inode {number}"),
        Test::SameFile(file) => format!("that are hard links of {file}"),
        Test::Broken => "that lead nowhere".to_owned(),
    }
}

const fn verb(clock: Clock) -> &'static str {
    match clock {
        Clock::Modified => "modified",
        Clock::Accessed => "accessed",
        Clock::Changed => "whose state changed",
        Clock::Created => "changed or created",
    }
}

fn moment(when: &When) -> String {
    match when {
        When::Today => "today".to_owned(),
        When::Yesterday => "yesterday".to_owned(),
        When::Since(moment) => format!("since {moment}"),
        When::Before(moment) => format!("before {moment}"),
        When::Age(than, count, unit) => {
            let age = Value::Age(*count, *unit).form(Form::Plain);
            match than {
                Than::More => format!("more than {age} ago"),
                Than::Less => format!("within the last {age}"),
                Than::Exactly => format!("{age} ago"),
            }
        }
    }
}
