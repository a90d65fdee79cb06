//! A change as a script of sed, and in words.

use super::target::Target;
use super::{Change, Edit, Flavor, Lines, Position};
use crate::matcher::value::{Form, Value};

fn pattern(text: &str) -> String {
    Value::Text(text.to_owned()).form(Form::SedPattern)
}

fn replacement(text: &str) -> String {
    Value::Text(text.to_owned()).form(Form::SedReplacement)
}

/// The script; `None` when this sed cannot say it on one line. `ending` is what the name of the file ends in.
pub(super) fn script(edit: &Edit, ending: &str, flavor: Flavor) -> Option<String> {
    let address = address(&edit.lines);
    let command = match &edit.change {
        Change::Delete => "d".to_owned(),
        Change::Strip { start, end } => {
            let scripts = [(*start, "s/^[[:space:]]*//"), (*end, "s/[[:space:]]*$//")];
            scripts.into_iter().filter(|(on, _)| *on).map(|(_, script)| script).collect::<Vec<_>>().join("; ")
        }
        // The sed of BSD knows no name for a tab.
        Change::TabsToSpaces(count) => {
            let tab = if flavor == Flavor::Gnu { "\\t" } else { "\t" };
            format!("s/{tab}/{}/g", spaces(*count))
        }
        Change::SpacesToTabs(count) => {
            let tab = if flavor == Flavor::Gnu { "\\t" } else { "\t" };
            format!("s/{}/{tab}/g", spaces(*count))
        }
        Change::Prefix(text) => format!("s/^/{}/", replacement(text)),
        Change::Suffix(text) => format!("s/$/{}/", replacement(text)),
        Change::CutFirst(1) => "s/^.//".to_owned(),
        Change::CutFirst(count) => format!("s/^.\\{{0,{count}\\}}//"),
        Change::CutLast(1) => "s/.$//".to_owned(),
        Change::CutLast(count) => format!("s/.\\{{0,{count}\\}}$//"),
        Change::CutFrom(text) => format!("s/{}.*//", pattern(text)),
        Change::CutUpTo(text) if text.chars().count() == 1 && !"[]^-\\".contains(text.as_str()) => {
            format!("s/^[^{0}]*{1}//", text.replace('/', "\\/"), pattern(text))
        }
        Change::Comment => format!("s/^/{}/", replacement(mark(ending))),
        Change::Uncomment => format!("s/^{}[[:space:]]*//", pattern(mark(ending))),
        Change::InsertBefore(text) if flavor == Flavor::Gnu => format!("i {}", replacement(text)),
        Change::InsertAfter(text) if flavor == Flavor::Gnu => format!("a {}", replacement(text)),
        Change::CutUpTo(_) | Change::InsertBefore(_) | Change::InsertAfter(_) => return None,
        Change::Replace { old, new, once } => {
            format!("s/{}/{}/{}", pattern(old), replacement(new), if *once { "" } else { "g" })
        }
    };
    Some(format!("{address}{command}"))
}

/// A program that shows the same in fewer words.
pub(super) fn program(edit: &Edit) -> Option<String> {
    if edit.in_place {
        return None;
    }
    match edit.change {
        Change::TabsToSpaces(count) => Some(format!("expand -t {count}")),
        Change::SpacesToTabs(count) => Some(format!("unexpand -t {count}")),
        Change::CutFirst(count) => Some(format!("cut -c{}-", count + 1)),
        _ => None,
    }
}

fn spaces(count: u64) -> String {
    " ".repeat(usize::try_from(count).unwrap_or(0))
}

// What starts a comment in a file of this kind.
fn mark(ending: &str) -> &'static str {
    match ending {
        "c" | "h" | "cc" | "cpp" | "hpp" | "java" | "js" | "ts" | "rs" | "go" | "swift" | "kt" | "php" => "//",
        "sql" | "lua" | "hs" => "--",
        "ini" | "asm" => ";",
        "tex" => "%",
        "vim" => "\"",
        _ => "#",
    }
}

fn address(lines: &Lines) -> String {
    match lines {
        Lines::All => String::new(),
        Lines::Number(line) => line.to_string(),
        Lines::Range(from, to) => format!("{from},{to}"),
        Lines::Last => "$".to_owned(),
        Lines::Blank => "/^[[:space:]]*$/".to_owned(),
        Lines::With { text, position, negated } => {
            let text = pattern(text);
            let not = if *negated { "!" } else { "" };
            match position {
                Position::Anywhere => format!("/{text}/{not}"),
                Position::Start => format!("/^{text}/{not}"),
                Position::End => format!("/{text}$/{not}"),
            }
        }
    }
}

/// What an edit does, one sentence.
pub(super) fn sentence(edit: &Edit, target: &Target) -> String {
    let lines = match &edit.lines {
        Lines::All => "every line".to_owned(),
        Lines::Number(line) => format!("line {line}"),
        Lines::Range(from, to) => format!("the lines {from} to {to}"),
        Lines::Last => "the last line".to_owned(),
        Lines::Blank => "every empty line".to_owned(),
        Lines::With { text, position, negated } => {
            let verb = match (position, negated) {
                (Position::Anywhere, false) => "has",
                (Position::Anywhere, true) => "does not have",
                (Position::Start, false) => "starts with",
                (Position::Start, true) => "does not start with",
                (Position::End, false) => "ends with",
                (Position::End, true) => "does not end with",
            };
            format!("every line that {verb} '{text}'")
        }
    };
    let what = match &edit.change {
        Change::Delete => format!("Deletes {lines}"),
        Change::Strip { start: true, end: true } => "Deletes blanks at the starts and ends of lines".to_owned(),
        Change::Strip { start: true, .. } => "Deletes blanks at the starts of lines".to_owned(),
        Change::Strip { .. } => "Deletes blanks at the ends of lines".to_owned(),
        Change::TabsToSpaces(count) => format!("Writes {count} spaces for every tab"),
        Change::SpacesToTabs(count) => format!("Writes a tab for every {count} spaces"),
        Change::Prefix(text) => format!("Puts '{text}' before {lines}"),
        Change::Suffix(text) => format!("Puts '{text}' behind {lines}"),
        Change::CutFirst(count) => format!("Deletes the first {count} characters of {lines}"),
        Change::CutLast(count) => format!("Deletes the last {count} characters of {lines}"),
        Change::CutFrom(text) => format!("Deletes all from '{text}' on in {lines}"),
        Change::CutUpTo(text) => format!("Deletes all up to '{text}' in {lines}"),
        Change::Comment => format!("Comments {lines} out"),
        Change::Uncomment => format!("Takes the comment mark from {lines}"),
        Change::InsertBefore(text) => format!("Puts the line '{text}' before {lines}"),
        Change::InsertAfter(text) => format!("Puts the line '{text}' behind {lines}"),
        Change::Replace { old, new, once: true } => format!("Changes the first '{old}' to '{new}' in {lines}"),
        Change::Replace { old, new, .. } => format!("Changes '{old}' to '{new}' in {lines}"),
    };
    let shown = if edit.in_place { "" } else { ", and shows the result" };
    format!("{what} of {}{shown}", target.name())
}
