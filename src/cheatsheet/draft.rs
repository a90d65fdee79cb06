//! One command of somebody's cheat sheet, and the TOML that makes an intent of it.

use std::fmt::Write as _;

use crate::matcher::Own;

/// A command with what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// The program, or the tags of the sheet: said or not, it is about them.
    pub(super) about: Vec<String>,
    /// What the command is for, as its author says it.
    pub(super) says: String,
    /// The command.
    pub(super) pieces: Vec<Piece>,
    /// For Windows shells; else for those of Unix.
    pub(super) windows: bool,
}

/// A part of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Text(String),
    /// What is to be filled in, by the author's name for it.
    Blank(String),
}

// Well below what is read of one file.
const FULL: usize = 512 * 1024;

/// The files of those drafts that make intents, and how many these are.
pub(super) fn files(sheet: &str, from: &str, drafts: &[Draft]) -> (Vec<String>, usize) {
    let mut head = format!("# Made by `caro import {sheet}` from {}.\n", one_line(from));
    head.push_str(if sheet == "tldr" {
        "# tldr pages, copyright the tldr-pages contributors, CC BY 4.0, https://tldr.sh\n"
    } else {
        "# The license is that of the cheat sheets it was made from.\n"
    });
    let mut files = vec![head.clone()];
    let mut intents = 0;
    for draft in drafts {
        let Some(row) = row(&format!("{sheet}.{}-{}", about(draft), intents + 1), draft) else { continue };
        // One that does not compile would cost the others of the file.
        if !Own::mistakes([("draft", row.as_str())]).is_empty() {
            continue;
        }
        if files.last().is_some_and(|file| file.len() > FULL) {
            files.push(head.clone());
        }
        if let Some(file) = files.last_mut() {
            file.push('\n');
            file.push_str(&row);
        }
        intents += 1;
    }
    (files, intents)
}

fn about(draft: &Draft) -> String {
    let word = draft.about.first().map_or("command", String::as_str);
    let plain: String = word.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if plain.is_empty() { "command".to_owned() } else { plain.to_lowercase() }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn row(id: &str, draft: &Draft) -> Option<String> {
    let mut slots: Vec<String> = Vec::new();
    let mut command = String::new();
    for piece in &draft.pieces {
        match piece {
            Piece::Text(text) => command.push_str(&text.replace('{', "{{").replace('}', "}}")),
            Piece::Blank(name) => {
                // Inside longer quotes a value would need the rules of those quotes.
                if command.matches('"').count() % 2 == 1 || command.matches('\'').count() % 2 == 1 {
                    return None;
                }
                let kind = kind(name);
                let nth =
                    slots.iter().filter(|slot| slot.trim_end_matches(|c: char| c.is_ascii_digit()) == kind).count();
                let slot = if nth == 0 { kind.to_owned() } else { format!("{kind}{}", nth + 1) };
                let _ = write!(command, "{{{slot}}}");
                slots.push(slot);
            }
        }
    }
    if command.trim().is_empty() || command.contains(char::is_control) || command.len() > 500 {
        return None;
    }
    let mut say = words(&draft.says).join(" ");
    for word in draft.about.iter().flat_map(|word| words(word)) {
        if !say.split(' ').any(|said| said == word) {
            let _ = write!(say, " [{word}]");
        }
    }
    for slot in &slots {
        let _ = write!(say, " [{{{slot}}}]");
    }
    let mut table = toml_edit::Table::new();
    table["id"] = toml_edit::value(id);
    table["say"] = toml_edit::value(toml_edit::Array::from_iter([say]));
    table["does"] = toml_edit::value(one_line(&draft.says).replace('{', "{{").replace('}', "}}"));
    if !slots.is_empty() {
        let mut defaults = toml_edit::InlineTable::new();
        for slot in &slots {
            let name = slot.trim_end_matches(|c: char| c.is_ascii_digit());
            defaults.insert(slot, format!("<{name}>").into());
        }
        table["defaults"] = toml_edit::value(defaults);
    }
    table[if draft.windows { "powershell" } else { "unix" }] = toml_edit::value(command);
    Some(format!("[[intent]]\n{table}"))
}

// The kind of value a blank takes, by what its author calls it.
fn kind(name: &str) -> &'static str {
    const KINDS: [(&str, &str); 14] = [
        ("path/to/dir", "folder"),
        ("directory", "folder"),
        ("folder", "folder"),
        ("path/to", "path"),
        ("file", "path"),
        ("url", "url"),
        ("http", "url"),
        ("port", "port"),
        ("host", "host"),
        ("ip", "host"),
        ("user", "user"),
        ("pid", "pid"),
        ("count", "count"),
        ("branch", "branch"),
    ];
    let name = name.to_lowercase();
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_digit()) {
        return "count";
    }
    KINDS.iter().find(|(part, _)| name.contains(part)).map_or("name", |(_, kind)| kind)
}

// The words of a sentence as a phrasing has them: no sign that means something there.
fn words(text: &str) -> Vec<String> {
    let outside: String = text.split('(').enumerate().fold(String::new(), |mut kept, (at, part)| {
        kept.push_str(if at == 0 { part } else { part.split_once(')').map_or("", |(_, after)| after) });
        kept
    });
    outside
        .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '.' || c == '\''))
        .map(|word| word.trim_matches(['-', '.', '\'']).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}
