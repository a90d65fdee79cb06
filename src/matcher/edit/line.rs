//! Which lines: `line 5`, `lines 2 to 9`, `the last line`, `lines with debug`, `blank lines`.

use super::{Lines, Position};
use crate::matcher::scan::Scan;
use crate::matcher::sign;
use crate::normalize::{Class, Shape, concept as c};

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// The lines that are named at or around a `line`; their tokens are taken.
pub(super) fn lines(scan: &mut Scan<'_>) -> Option<Lines> {
    (0..scan.tokens.len())
        .find_map(|at| (scan.is_free(at) && scan.tokens[at].is(c::LINE)).then(|| at_line(scan, at)).flatten())
}

fn at_line(scan: &mut Scan<'_>, line: usize) -> Option<Lines> {
    if let Some(found) = blank(scan, line).or_else(|| range(scan, line)).or_else(|| ordinal(scan, line)) {
        scan.take(line);
        return Some(found);
    }
    with(scan, line)
}

// `blank lines`, `lines that are empty`
fn blank(scan: &mut Scan<'_>, line: usize) -> Option<Lines> {
    let is_blank =
        |scan: &Scan<'_>, at: Option<usize>| scan.is_at(at, &[c::EMPTY]) || scan.is_text(at, &["blank", "empty"]);
    let word = [scan.before(line), scan.after(line)].into_iter().find(|at| is_blank(scan, *at))??;
    scan.take(word);
    Some(Lines::Blank)
}

// `line 5`, `lines 2 to 9`, `lines 2-9`
fn range(scan: &mut Scan<'_>, line: usize) -> Option<Lines> {
    let mut first = scan.after(line)?;
    while scan.is_at(Some(first), &[c::FROM, c::BETWEEN, c::NUMBER]) {
        first = scan.after(first)?;
    }
    let from = number(scan, Some(first))?;
    if !scan.is_free(first) {
        return None;
    }
    let joint = scan.tokens.get(first + 1).filter(|joint| {
        joint.is(c::TO)
            || joint.is(c::BEFORE)
            || matches!(joint.text.as_str(), "through" | "-" | "and" | "till" | "til")
    });
    let last = first + 2 + usize::from(joint.is_some() && scan.is_at(Some(first + 2), &[c::LINE]));
    let range = joint.and_then(|_| number(scan, Some(last)));
    scan.take_all(line..=first);
    Some(match range {
        Some(to) if to > from => {
            scan.take_all(first..=last);
            Lines::Range(from, to)
        }
        _ => Lines::Number(from),
    })
}

// `the first line`, `the 3rd line`, `the last line`, `the first 4 lines`
fn ordinal(scan: &mut Scan<'_>, line: usize) -> Option<Lines> {
    let before = scan.before(line).filter(|before| scan.is_free(*before))?;
    if let Some(count) = number(scan, Some(before)) {
        let first = scan.before(before).filter(|first| scan.is_at(Some(*first), &[c::FIRST]))?;
        scan.take_all([first, before]);
        return Some(if count == 1 { Lines::Number(1) } else { Lines::Range(1, count) });
    }
    if scan.is_at(Some(before), &[c::LAST]) {
        scan.take(before);
        return Some(Lines::Last);
    }
    let place = ORDINALS.iter().position(|word| scan.is_text(Some(before), &[word]))?;
    scan.take(before);
    Some(Lines::Number(place as u64 + 1))
}

// `lines with debug`, `lines starting with #`, `lines that do not contain x`
fn with(scan: &mut Scan<'_>, line: usize) -> Option<Lines> {
    let mut cue = scan.after(line)?;
    let negation = scan.is_at(Some(cue), &[c::NOT]).then_some(cue);
    if negation.is_some() {
        cue = scan.after(cue)?;
    }
    let position = match scan.tokens[cue].concept? {
        c::CONTAIN | c::WITH | c::MATCH => Position::Anywhere,
        c::BEGIN => Position::Start,
        c::END => Position::End,
        _ if matches!(scan.tokens[cue].text.as_str(), "having" | "has" | "have") => Position::Anywhere,
        _ => return None,
    };
    let mut value = scan.after(cue)?;
    while scan.is_at(Some(value), &[c::WORD, c::TEXT, c::WITH, c::IN])
        || scan.is_text(Some(value), &["string", "phrase"])
    {
        value = scan.after(value)?;
    }
    let text = text(scan, value)?;
    // One word of several would be half of what is meant.
    let goes_on = scan.tokens.get(value + 1).is_some_and(|next| next.class > Class::Cue && next.shape == Shape::Word)
        && scan.tokens[value].shape != Shape::Quoted;
    if goes_on {
        return None;
    }
    scan.take_all(line..=value);
    scan.take_all(negation);
    Some(Lines::With { text, position, negated: negation.is_some() })
}

pub(super) fn number(scan: &Scan<'_>, at: Option<usize>) -> Option<u64> {
    match scan.tokens.get(at?)?.shape {
        Shape::Number(number) if number > 0 => Some(number),
        _ => None,
    }
}

/// A text: quoted, a sign, a word, or the name of a sign (`a comma`).
pub(super) fn text(scan: &Scan<'_>, at: usize) -> Option<String> {
    const NEVER: [crate::normalize::Concept; 6] = [c::LINE, c::FILE, c::ALL, c::FOLDER, c::COLUMN, c::NUMBER];
    let token = scan.tokens.get(at).filter(|_| scan.is_free(at))?;
    if token.shape == Shape::Quoted {
        return Some(token.raw.clone());
    }
    if let Some(sign) = sign::named(&token.text) {
        return Some(sign.to_owned());
    }
    // `//` is no path.
    let is_path = token.shape == Shape::Path && token.raw.chars().any(char::is_alphanumeric);
    let fits = (token.class > Class::Cue || token.raw == "on")
        && !is_path
        && !matches!(token.shape, Shape::FileName | Shape::Place | Shape::Size(_) | Shape::Age(..))
        && !token.text.contains(' ')
        && !NEVER.iter().any(|never| token.is(*never));
    fits.then(|| token.raw.clone())
}
