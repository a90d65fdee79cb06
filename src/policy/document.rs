//! The policy's text: what it says, and what is wrong with it and where.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml_edit::{Document, Item, TableLike, Value};

use super::Day;
use crate::error::ErrorCode;
use crate::notice::Notice;
use crate::safety::{Allowance, Policy, Risk, is_fixed, rules};

/// Something wrong with the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether all of the text is useless, or only this entry.
    pub code: ErrorCode,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Names the thing; lower case, no final stop.
    pub message: String,
}

impl Problem {
    /// The same for a person, with the file it is in.
    #[must_use]
    pub fn notice(&self, file: &Path) -> Notice {
        let Self { code, line, column, message } = self;
        Notice::new(*code, format!("{}:{line}:{column}: {message}", file.display()))
    }
}

/// What a text turned out to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What is in force.
    pub policy: Policy,
    /// Allowances whose last day is over.
    pub expired: Vec<Allowance>,
    /// In the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads a policy; `~` in it is `home`.
#[must_use]
pub fn read(text: &str, home: Option<&Path>, today: Day) -> Reading {
    let mut reader = Reader { text, home, today, reading: Reading::default() };
    match Document::parse(text) {
        Ok(document) => reader.document(&document),
        Err(error) => {
            let message = format!("this is no TOML ({}); the usual levels hold", error.message().replace('\n', ", "));
            reader.problem(ErrorCode::PolicyDamaged, start(error.span()), message);
        }
    }
    reader.reading.problems.sort_by_key(|problem| (problem.line, problem.column));
    reader.reading
}

/// Where a key stands.
fn place_of(table: &dyn TableLike, key: &str) -> usize {
    start(table.key(key).and_then(toml_edit::Key::span))
}

/// Where something begins; all that was read from a text has a place in it.
fn start(span: Option<Range<usize>>) -> usize {
    span.map_or(0, |span| span.start)
}

struct Reader<'a> {
    text: &'a str,
    home: Option<&'a Path>,
    today: Day,
    reading: Reading,
}

impl Reader<'_> {
    fn document(&mut self, document: &Document<&str>) {
        for (key, item) in document.as_table() {
            match key {
                "levels" => match item.as_table_like() {
                    Some(levels) => self.levels("", levels),
                    None => self.ignored(start(item.span()), "levels is a table of rules and their levels"),
                },
                "allow" => match item {
                    Item::ArrayOfTables(entries) => {
                        for entry in entries {
                            self.allow(entry, start(entry.span()));
                        }
                    }
                    _ => self.ignored(start(item.span()), "each allowance begins with a line [[allow]]"),
                },
                _ => self.ignored(
                    place_of(document.as_table(), key),
                    format!("there is no {key:?} in a policy: it has levels and allow"),
                ),
            }
        }
    }

    /// `"delete.folder" = "caution"`, and the same without quotes, which TOML reads as a table in a table.
    fn levels(&mut self, subject: &str, table: &dyn TableLike) {
        for (key, item) in table.iter() {
            let rule = format!("{subject}{key}");
            if let Some(inner) = item.as_table_like().filter(|_| subject.is_empty()) {
                self.levels(&format!("{rule}."), inner);
                continue;
            }
            let Some(known) = self.rule(&rule, place_of(table, key)) else { continue };
            let level = match item.as_str() {
                Some("caution") => Risk::Caution,
                Some("dangerous") => Risk::Dangerous,
                Some("blocked") => Risk::Blocked,
                Some("safe") => {
                    self.ignored(start(item.span()), "a rule cannot be made safe: caution is the least it can be");
                    continue;
                }
                _ => {
                    self.ignored(start(item.span()), "a level is \"caution\", \"dangerous\" or \"blocked\"");
                    continue;
                }
            };
            if is_fixed(known) && level < Risk::Dangerous {
                self.ignored(
                    start(item.span()),
                    format!("{known} cannot be lowered: what cannot be read cannot be allowed"),
                );
            } else {
                self.reading.policy.levels.push((known, level));
            }
        }
    }

    fn allow(&mut self, entry: &dyn TableLike, at: usize) {
        let before = self.reading.problems.len();
        for (key, _) in entry.iter() {
            if !["rule", "command", "folder", "until", "reason"].contains(&key) {
                self.ignored(
                    place_of(entry, key),
                    format!("an allowance has no {key:?}: it has rule, command, folder, until and reason"),
                );
            }
        }
        let rule = self.text(entry, "rule", at).and_then(|(rule, span)| self.rule(&rule, span));
        if let Some(rule) = rule.filter(|rule| is_fixed(rule)) {
            self.ignored(at, format!("{rule} cannot be allowed: nobody could read what it found"));
        }
        let command = self.text(entry, "command", at);
        let until = self.until(entry, at);
        let reason = self.text(entry, "reason", at);
        let folder = match entry.get("folder") {
            None => Ok(None),
            Some(item) => self.folder(item).map(Some).ok_or(()),
        };
        let (Some(rule), Some((command, _)), Some(until), Some((reason, _)), Ok(folder)) =
            (rule, command, until, reason, folder)
        else {
            return;
        };
        if self.reading.problems.len() > before {
            return;
        }
        let command = command.trim().to_owned();
        let allowance = Allowance { rule, command, folder, until: until.to_string(), reason };
        if until < self.today {
            self.reading.expired.push(allowance);
        } else {
            self.reading.policy.allowances.push(allowance);
        }
    }

    /// A text an allowance must have.
    fn text(&mut self, entry: &dyn TableLike, key: &str, at: usize) -> Option<(String, usize)> {
        let Some(item) = entry.get(key) else {
            self.ignored(at, format!("this allowance has no {key}"));
            return None;
        };
        let text = item.as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.ignored(start(item.span()), format!("{key} is a text between quotes"));
        }
        text.map(|text| (text.to_owned(), start(item.span())))
    }

    fn until(&mut self, entry: &dyn TableLike, at: usize) -> Option<Day> {
        let Some(item) = entry.get("until") else {
            self.ignored(at, "this allowance has no until: the last day it holds, like 2027-01-31");
            return None;
        };
        let date = match item.as_value() {
            Some(Value::Datetime(date)) => date.value().date,
            Some(Value::String(text)) => text.value().parse::<toml_edit::Datetime>().ok().and_then(|date| date.date),
            _ => None,
        };
        if date.is_none() {
            self.ignored(start(item.span()), "until is a day, like 2027-01-31");
        }
        date.map(|date| Day { year: date.year, month: date.month, day: date.day })
    }

    fn folder(&mut self, item: &Item) -> Option<PathBuf> {
        let text = item.as_str().unwrap_or_default();
        let folder = match (text.strip_prefix('~'), self.home) {
            (Some(""), Some(home)) => home.to_owned(),
            (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
            _ => PathBuf::from(text),
        };
        if folder.is_absolute() {
            return Some(folder.components().collect());
        }
        self.ignored(start(item.span()), "folder is a whole path, from / or ~ on");
        None
    }

    fn rule(&mut self, id: &str, at: usize) -> Option<&'static str> {
        let known = rules().map(|rule| rule.id).find(|known| *known == id);
        if known.is_none() {
            self.ignored(at, format!("there is no rule {id:?}"));
        }
        known
    }

    fn ignored(&mut self, at: usize, message: impl Into<String>) {
        self.problem(ErrorCode::PolicyEntryIgnored, at, message.into());
    }

    fn problem(&mut self, code: ErrorCode, at: usize, message: String) {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.reading.problems.push(Problem { code, line, column, message });
    }
}
