//! Changes of the lines of text files that compose freely: what becomes of which lines, in one file or in all a search finds.
//!
//! A question is read into an [`Edit`] (change x lines x files), which is one script of sed. Changes with a program of their
//! own (`sort`, `tr`) are intents.

mod change;
mod line;
mod script;
mod target;

use super::Candidate;
use super::find;
use super::knowledge::Dialect;
use super::render::path_argument;
use super::scan::Scan;
use crate::normalize::{Token, concept as c};
use crate::shell::{Shell, quote};

/// What becomes of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Delete,
    /// Blanks at the start, at the end, or at both.
    Strip {
        start: bool,
        end: bool,
    },
    TabsToSpaces(u64),
    SpacesToTabs(u64),
    Prefix(String),
    Suffix(String),
    /// So many characters at the start.
    CutFirst(u64),
    /// So many characters at the end.
    CutLast(u64),
    /// All from a text on.
    CutFrom(String),
    /// All up to a text.
    CutUpTo(String),
    Comment,
    Uncomment,
    InsertBefore(String),
    InsertAfter(String),
    Replace {
        old: String,
        new: String,
        once: bool,
    },
}

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lines {
    All,
    Number(u64),
    Range(u64, u64),
    Last,
    Blank,
    With { text: String, position: Position, negated: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Anywhere,
    Start,
    End,
}

/// Whose `sed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flavor {
    Gnu,
    Bsd,
}

/// A change of lines.
struct Edit {
    change: Change,
    lines: Lines,
    /// False when the lines are only to be shown.
    in_place: bool,
    /// The question says a change as no phrasing of a single intent does.
    ahead: f32,
}

/// The intents composed here.
pub(super) const INTENTS: [&str; 6] = [
    "text.edit-delete",
    "text.edit-blanks",
    "text.edit-affix",
    "text.edit-cut",
    "text.edit-insert",
    "text.edit-replace",
];

// An intent of its own knows its idiom.
const BEHIND_INTENTS: f32 = 0.9;

/// The answer to a question that changes lines; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let flavor = match dialect {
        Dialect::Gnu => Flavor::Gnu,
        Dialect::Bsd => Flavor::Bsd,
        Dialect::PowerShell | Dialect::Cmd => return None,
    };
    let mut scan = Scan::new(tokens);
    let mut edit = change::read(&mut scan)?;
    let target = target::read(&mut scan)?;
    // Files with a text replaced in all of them are what a search is for.
    if matches!((&target, &edit.change, &edit.lines), (target::Target::Found(_), Change::Replace { .. }, Lines::All)) {
        return None;
    }
    let told = target::in_place(&mut scan);
    edit.in_place = match told {
        Some(told) => told,
        // `expand` shows what it does.
        None => !matches!(target, target::Target::Files(_)) || !is_shown(&edit.change),
    };
    while scan.take_any(&[c::ALL, c::LINE, c::FILE, c::CONTENTS, c::TEXT]).is_some() {}
    let script = script::script(&edit, target.ending(), flavor)?;
    let sed = |in_place: bool| {
        let flag = match (in_place, flavor) {
            (false, _) => "",
            (true, Flavor::Gnu) => " -i",
            (true, Flavor::Bsd) => " -i ''",
        };
        format!("sed{flag} {}", quote(shell, &script))
    };
    let (command, unexplained) = match &target {
        target::Target::Files(files) => {
            let names: Vec<String> = files.iter().map(|file| path_argument(file, shell)).collect();
            let program = script::program(&edit).unwrap_or_else(|| sed(edit.in_place));
            (format!("{program} {}", names.join(" ")), scan.unexplained())
        }
        target::Target::Found(rest) => {
            let search = find::with_each(rest, &sed(edit.in_place), dialect, shell)?;
            scan.explained += search.explained;
            scan.doubt += search.doubt;
            (search.command, search.unexplained)
        }
    };
    Some(Candidate {
        blanks: Vec::new(),
        intent: edit.intent(matches!(target, target::Target::Found(_))),
        command,
        explanation: script::sentence(&edit, &target),
        explained: scan.explained - BEHIND_INTENTS + edit.ahead,
        unexplained,
        doubt: scan.doubt,
    })
}

const fn is_shown(change: &Change) -> bool {
    matches!(change, Change::TabsToSpaces(_) | Change::SpacesToTabs(_))
}

impl Edit {
    // What a single file also has an intent for goes by its name.
    const fn intent(&self, found: bool) -> &'static str {
        match (&self.change, &self.lines) {
            (Change::Delete, Lines::With { .. }) if !found => "text.delete-lines",
            (Change::Delete, Lines::Number(_)) if !found => "text.delete-line",
            (Change::Delete, Lines::Range(..)) if !found => "text.delete-range",
            (Change::Delete, Lines::Last) if !found => "text.delete-last-line",
            (Change::Delete, _) if !found => "text.delete-blank",
            (Change::Delete, _) => INTENTS[0],
            (Change::Strip { .. } | Change::TabsToSpaces(_) | Change::SpacesToTabs(_), _) => INTENTS[1],
            (Change::Prefix(_), _) if !found => "text.prefix-lines",
            (Change::Suffix(_), _) if !found => "text.suffix-lines",
            (Change::Prefix(_) | Change::Suffix(_) | Change::Comment | Change::Uncomment, _) => INTENTS[2],
            (Change::CutFirst(_) | Change::CutLast(_) | Change::CutFrom(_) | Change::CutUpTo(_), _) => INTENTS[3],
            (Change::InsertBefore(_) | Change::InsertAfter(_), _) => INTENTS[4],
            (Change::Replace { .. }, Lines::Number(_)) if !found => "text.replace-on-line",
            (Change::Replace { once: true, .. }, _) if !found => "text.first-per-line",
            (Change::Replace { .. }, _) => INTENTS[5],
        }
    }
}
