//! What becomes of the lines: the verb of the question and what belongs to it.

use super::line::{self, number, text};
use super::{Change, Edit, Lines};
use crate::matcher::scan::Scan;
use crate::matcher::sign;
use crate::normalize::{Class, Shape, concept as c};

const BLANKS: [&str; 8] = ["space", "spaces", "whitespace", "whitespaces", "blank", "blanks", "tab", "tabs"];

/// The change a question asks for; `None` when it asks for none.
pub(super) fn read(scan: &mut Scan<'_>) -> Option<Edit> {
    // Names of files have spaces and ends, too, and so do folders have contents.
    if scan.has(c::NAME) || scan.has(c::RENAME) || scan.has(c::COLUMN) {
        return None;
    }
    let plain = |change: Change| Edit { change, lines: Lines::All, in_place: true, ahead: 0.0 };
    if let Some(edit) = tabs(scan).or_else(|| strip(scan)).or_else(|| cut(scan)).map(plain) {
        return Some(edit);
    }
    comment(scan).or_else(|| insert(scan)).or_else(|| affix(scan)).or_else(|| delete(scan)).or_else(|| replace(scan))
}

// `tabs to 4 spaces`, `convert 2 spaces into tabs`, `spaces instead of tabs`
fn tabs(scan: &mut Scan<'_>) -> Option<Change> {
    let of = |scan: &Scan<'_>, words: &[&str]| (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), words));
    let tab = of(scan, &["tab", "tabs", "tabulators"])?;
    let space = of(scan, &["space", "spaces", "blanks"])?;
    let (first, second) = (tab.min(space), tab.max(space));
    let joint = (first + 1..second).find(|at| {
        scan.is_at(Some(*at), &[c::TO, c::WITH, c::BY, c::FOR]) || scan.is_text(Some(*at), &["instead", "instead of"])
    })?;
    let instead = scan.tokens[joint].text.starts_with("instead");
    let counted = scan.before(space).filter(|count| number(scan, Some(*count)).is_some());
    let count = number(scan, counted).unwrap_or(4);
    if count > 16
        || (first + 1..second).any(|at| scan.tokens[at].class > Class::Cue && Some(at) != counted && at != joint)
    {
        return None;
    }
    scan.take_all(first..=second);
    scan.take_all(counted);
    scan.take_any(&[c::CONVERT, c::REPLACE, c::USE]);
    scan.take_text(&["turn", "change", "turning", "changing", "expand", "make", "swap", "indent", "translate"]);
    scan.take_text(&["leading", "indentation"]);
    scan.take_text(&["wide", "each"]);
    Some(if (first == tab) == instead { Change::SpacesToTabs(count) } else { Change::TabsToSpaces(count) })
}

fn deletes(scan: &mut Scan<'_>) -> Option<usize> {
    let verb = scan
        .position(c::DELETE)
        .or_else(|| {
            (0..scan.tokens.len()).find(|at| {
                scan.is_free(*at)
                    && matches!(
                        scan.tokens[*at].text.as_str(),
                        "strip" | "trim" | "cut" | "chop" | "kill" | "filter" | "clean" | "stripping" | "eliminate"
                    )
            })
        })
        .filter(|at| scan.tokens[..*at].iter().all(|token| token.class <= Class::Light))?;
    Some(verb)
}

fn take_verb(scan: &mut Scan<'_>, verb: usize) {
    scan.take(verb);
    if scan.is_text(Some(verb + 1), &["off", "away", "out", "up"]) {
        scan.take(verb + 1);
    }
}

// `trailing whitespace`, `blanks at the end of each line`, `the indentation`
fn strip(scan: &mut Scan<'_>) -> Option<Change> {
    let verb = deletes(scan)?;
    let find = |scan: &Scan<'_>, words: &[&str]| {
        (verb..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_text(Some(*at), words))
    };
    if let Some(indentation) = find(scan, &["indentation", "indent", "indents"]) {
        take_verb(scan, verb);
        scan.take(indentation);
        line_ends(scan, indentation);
        return Some(Change::Strip { start: true, end: false });
    }
    let blank = find(scan, &BLANKS)?;
    let leading = find(scan, &["leading"]);
    let trailing = find(scan, &["trailing"]);
    let around = find(scan, &["surrounding"]);
    let (mut start, mut end) = (leading.is_some() || around.is_some(), trailing.is_some() || around.is_some());
    if !start && !end {
        (start, end) = line_ends(scan, blank)?;
    } else {
        line_ends(scan, blank);
    }
    take_verb(scan, verb);
    scan.take(blank);
    scan.take_all([leading, trailing, around].into_iter().flatten());
    Some(Change::Strip { start, end })
}

// `at the start of each line`, `at line ends`, `from the beginning and end of lines`
fn line_ends(scan: &mut Scan<'_>, after: usize) -> Option<(bool, bool)> {
    let starts = |scan: &Scan<'_>, at: usize| {
        scan.is_at(Some(at), &[c::FIRST, c::BEGIN, c::START])
            || scan.is_text(Some(at), &["front", "starts", "beginnings"])
    };
    let ends = |scan: &Scan<'_>, at: usize| scan.is_text(Some(at), &["end", "ends", "ending", "endings"]);
    let line = (after..scan.tokens.len().min(after + 10)).find(|at| scan.is_at(Some(*at), &[c::LINE]))?;
    let near = line.saturating_sub(6).max(after)..scan.tokens.len().min(line + 2);
    let start = near.clone().find(|at| scan.is_free(*at) && starts(scan, *at));
    let end = near.clone().find(|at| scan.is_free(*at) && ends(scan, *at));
    if start.is_none() && end.is_none() {
        return None;
    }
    scan.take_all([start, end, Some(line)].into_iter().flatten());
    for at in near {
        if scan.is_at(Some(at), &[c::ALL]) {
            scan.take(at);
        }
    }
    Some((start.is_some(), end.is_some()))
}

// `the first 3 characters of each line`, `everything after #`
fn cut(scan: &mut Scan<'_>) -> Option<Change> {
    let verb = deletes(scan)?;
    if let Some(character) = scan.position(c::CHARACTER) {
        let before = scan.before(character)?;
        let count = number(scan, Some(before));
        let side = if count.is_some() { scan.before(before)? } else { before };
        let first = scan.is_at(Some(side), &[c::FIRST]);
        if !first && !scan.is_at(Some(side), &[c::LAST]) || !scan.has(c::LINE) {
            return None;
        }
        take_verb(scan, verb);
        scan.take_all(side..=character);
        while scan.take_any(&[c::LINE, c::ALL]).is_some() {}
        let count = count.unwrap_or(1);
        return Some(if first { Change::CutFirst(count) } else { Change::CutLast(count) });
    }
    let all = (verb + 1..scan.tokens.len()).find(|at| {
        scan.is_at(Some(*at), &[c::ALL]) || scan.is_text(Some(*at), &["anything", "rest", "part", "text"])
    })?;
    let side = scan.tokens.get(all + 1)?;
    let behind = side.is(c::AFTER) || side.is(c::FROM) || matches!(side.text.as_str(), "behind" | "following" | "past");
    let ahead = side.is(c::BEFORE) || matches!(side.text.as_str(), "up to" | "before");
    let mut value = scan.after(all + 1).filter(|_| behind || ahead)?;
    while scan.is_at(Some(value), &[c::FIRST, c::CHARACTER, c::WORD, c::TEXT]) || scan.is_text(Some(value), &["sign"]) {
        value = scan.after(value)?;
    }
    let text = text(scan, value)?;
    take_verb(scan, verb);
    scan.take_all(all..=value);
    scan.take_text(&["sign", "character"]);
    while scan.take_any(&[c::LINE, c::ALL]).is_some() {}
    // Whether the text itself stays is seldom said.
    scan.doubt += 0.1;
    Some(if behind { Change::CutFrom(text) } else { Change::CutUpTo(text) })
}

// `comment out line 12`, `uncomment the lines with listen`
fn comment(scan: &mut Scan<'_>) -> Option<Edit> {
    let verb = (0..scan.tokens.len())
        .find(|at| matches!(scan.tokens[*at].text.as_str(), "comment" | "uncomment" | "commenting"))
        .filter(|at| scan.tokens[..*at].iter().all(|token| token.class <= Class::Light))?;
    let off = scan.tokens[verb].text == "uncomment";
    let lines = line::lines(scan)?;
    take_verb(scan, verb);
    while scan.take_any(&[c::OUT, c::IN]).is_some() {}
    let change = if off { Change::Uncomment } else { Change::Comment };
    Some(Edit { change, lines, in_place: true, ahead: 0.0 })
}

fn adds(scan: &Scan<'_>) -> Option<usize> {
    (0..scan.tokens.len())
        .find(|at| {
            scan.is_free(*at)
                && (scan.is_at(Some(*at), &[c::APPEND])
                    || matches!(
                        scan.tokens[*at].text.as_str(),
                        "add"
                            | "put"
                            | "insert"
                            | "prepend"
                            | "prefix"
                            | "suffix"
                            | "place"
                            | "write"
                            | "start"
                            | "begin"
                            | "end"
                    ))
        })
        .filter(|at| scan.tokens[..*at].iter().all(|token| token.class <= Class::Light))
}

// `add a line "x" below line 4`, `insert "y" before the line with z`
fn insert(scan: &mut Scan<'_>) -> Option<Edit> {
    let verb = adds(scan)?;
    let quoted = (verb..scan.tokens.len()).find(|at| scan.tokens[*at].shape == Shape::Quoted)?;
    let side = (verb..scan.tokens.len()).find(|at| {
        let next = scan.after(*at);
        let line =
            next.is_some_and(|next| (next..scan.tokens.len().min(next + 3)).any(|at| scan.is_at(Some(at), &[c::LINE])));
        let word = scan.is_at(Some(*at), &[c::BEFORE, c::AFTER])
            || matches!(
                scan.tokens[*at].text.as_str(),
                "below" | "above" | "under" | "behind" | "beneath" | "underneath"
            );
        line && word && *at != quoted
    })?;
    let before = scan.is_at(Some(side), &[c::BEFORE]) || scan.tokens[side].text == "above";
    // `each line` is no place.
    if scan.is_at(scan.after(side), &[c::ALL]) {
        return None;
    }
    let text = scan.tokens[quoted].raw.clone();
    let mut inner = scan.clone();
    inner.take_all(verb..=side);
    let lines = line::lines(&mut inner)?;
    *scan = inner;
    scan.take_text(&["saying", "reading"]);
    let change = if before { Change::InsertBefore(text) } else { Change::InsertAfter(text) };
    Some(Edit { change, lines, in_place: true, ahead: 0.0 })
}

// `add "> " to the beginning of every line`, `put a comma after each line`, `prefix each line with x`
fn affix(scan: &mut Scan<'_>) -> Option<Edit> {
    let verb = adds(scan)?;
    let line = (verb..scan.tokens.len())
        .find(|at| scan.is_at(Some(*at), &[c::LINE]) && scan.is_at(scan.before(*at), &[c::ALL]))?;
    let word = scan.tokens[verb].text.clone();
    let with = (line + 1..scan.tokens.len()).find(|at| scan.is_at(Some(*at), &[c::WITH]));
    let (value, front) = if let Some(with) = with.filter(|_| line < verb + 4) {
        // `end every line with ;`
        let front = matches!(word.as_str(), "prefix" | "prepend" | "start" | "begin");
        (scan.after(with)?, front)
    } else {
        let value = scan.after(verb)?;
        let sides = value + 1..line;
        let says = |scan: &Scan<'_>, words: &[&str]| sides.clone().any(|at| scan.is_text(Some(at), words));
        let front = says(scan, &["beginning", "start", "front", "before", "begin", "starts"])
            || matches!(word.as_str(), "prefix" | "prepend");
        let back = says(scan, &["end", "after", "behind", "ends", "back"])
            || scan.is_at(Some(verb), &[c::APPEND])
            || word == "suffix";
        if front == back {
            return None;
        }
        (value, front)
    };
    // `a blank line` is a line of its own.
    if scan.is_at(Some(value + 1), &[c::LINE]) {
        return None;
    }
    let text = text(scan, value)?;
    let named = sign::named(&scan.tokens[value].text).is_some();
    scan.take_all(verb..=line);
    scan.take_all(with);
    scan.take(value);
    scan.take_all((verb..value).filter(|_| value < line));
    let change = if front { Change::Prefix(text) } else { Change::Suffix(text) };
    Some(Edit { change, lines: Lines::All, in_place: true, ahead: if named { 2.0 } else { 0.0 } })
}

// `delete blank lines`, `remove lines 3 to 5`, `drop every line with debug`
fn delete(scan: &mut Scan<'_>) -> Option<Edit> {
    let verb = deletes(scan)?;
    // A line that is there twice, and the lines of another file, are no places.
    if scan.has(c::DUPLICATE) || scan.has(c::UNIQUE) {
        return None;
    }
    let lines = line::lines(scan)?;
    take_verb(scan, verb);
    Some(Edit { change: Change::Delete, lines, in_place: true, ahead: 0.0 })
}

// `replace a with b on line 5`, `change a to b in place`, `swap a for b only where the line contains c`
fn replace(scan: &mut Scan<'_>) -> Option<Edit> {
    let verb = scan
        .position(c::REPLACE)
        .or_else(|| {
            (0..scan.tokens.len()).find(|at| matches!(scan.tokens[*at].text.as_str(), "change" | "switch" | "turn"))
        })
        .filter(|at| scan.tokens[..*at].iter().all(|token| token.class <= Class::Light))?;
    let mut old = scan.after(verb)?;
    let mut once = false;
    while scan.is_at(Some(old), &[c::ALL, c::ONLY, c::FIRST, c::WORD, c::TEXT, c::OF])
        || scan.is_text(Some(old), &["occurrence", "occurrences", "string"])
    {
        once |= scan.is_at(Some(old), &[c::FIRST]);
        old = scan.after(old)?;
    }
    if scan.is_at(scan.after(old), &[c::FROM]) {
        return setting(scan, verb, old);
    }
    let with = scan.after(old).filter(|with| scan.is_at(Some(*with), &[c::WITH, c::BY, c::TO]))?;
    let mut new = scan.after(with)?;
    while scan.is_at(Some(new), &[c::WORD, c::TEXT]) {
        new = scan.after(new)?;
    }
    let (from, to) = (text(scan, old)?, text(scan, new)?);
    scan.take_all(verb..=new);
    let lines = line::lines(scan).unwrap_or(Lines::All);
    scan.take_any(&[c::ONLY]);
    if once {
        while scan.take_any(&[c::LINE, c::ALL, c::ON]).is_some() {}
    }
    Some(Edit { change: Change::Replace { old: from, new: to, once }, lines, in_place: true, ahead: 0.0 })
}

// `change port from 80 to 8080`: in the lines that have the name in them.
fn setting(scan: &mut Scan<'_>, verb: usize, key: usize) -> Option<Edit> {
    let old = scan.after(scan.after(key)?)?;
    let to = scan.after(old).filter(|to| scan.is_at(Some(*to), &[c::TO]))?;
    let new = scan.after(to)?;
    let name = text(scan, key)?;
    let (from, to) = (text(scan, old)?, text(scan, new)?);
    scan.take_all(verb..=new);
    let lines = Lines::With { text: name, position: super::Position::Anywhere, negated: false };
    Some(Edit { change: Change::Replace { old: from, new: to, once: false }, lines, in_place: true, ahead: 0.2 })
}
