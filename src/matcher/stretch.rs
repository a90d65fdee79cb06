//! Values of several tokens: lists of names and paths, and the rest of a question.

use super::choice;
use super::slot::{Found, Kind, Trust};
use super::value::Value;
use crate::normalize::{Class, Shape, Token, Unit, concept as c};

pub(super) fn rest(tokens: &[Token], at: usize) -> Option<Found> {
    // `the message of the last commit` is no message.
    if tokens[at].raw.starts_with('-') || tokens[at].is(c::OF) {
        return None;
    }
    let words: Vec<&str> = tokens[at..].iter().map(|token| token.raw.as_str()).collect();
    Some(Found { value: Value::Text(words.join(" ")), length: tokens.len() - at, trust: Trust::Bare })
}

// Several names or numbers with nothing but commas and `and` between them. A word like `silently` says how, and is no name.
pub(super) fn several(kind: Kind, tokens: &[Token], at: usize, trust: Trust) -> Option<Found> {
    // `a python package` names no package.
    let noun = tokens.get(at + 1).is_some_and(|next| next.is(c::PACKAGE));
    let said_of_others = [c::FILE, c::FOLDER, c::PACKAGE, c::USER, c::GROUP, c::PROCESS, c::SERVICE, c::VARIABLE];
    if kind == Kind::Packages && tokens[at].concept.is_some_and(|known| said_of_others.contains(&known)) {
        return None;
    }
    if kind == Kind::Packages && noun && choice::named(Kind::Language, &tokens[at]).is_some() {
        return None;
    }
    let adverb = |token: &Token| token.shape == Shape::Word && token.raw.len() > 5 && token.raw.ends_with("ly");
    if tokens[at].raw.starts_with('-') || adverb(&tokens[at]) && trust < Trust::Typed {
        return None;
    }
    let mut values = vec![tokens[at].raw.clone()];
    let mut end = at + 1;
    let mut next = end;
    while let Some(token) = tokens.get(next) {
        if token.text == "and" {
            next += 1;
            continue;
        }
        let fits = kind.trust(token).is_some_and(|other| other >= Trust::Bare) && !token.corrected;
        if !fits || token.raw.starts_with('-') || adverb(token) || kind.is_other(token) {
            break;
        }
        values.push(token.raw.clone());
        next += 1;
        end = next;
    }
    let value = if values.len() == 1 { Value::Text(values.remove(0)) } else { Value::Texts(values) };
    Some(Found { value, length: end - at, trust })
}

// Several paths with nothing but commas and `and` between them.
pub(super) fn paths(tokens: &[Token], at: usize, trust: Trust) -> Found {
    // `the folders drafts notes sketches`
    let announced = at.checked_sub(1).is_some_and(|noun| {
        (tokens[noun].is(c::FOLDER) || tokens[noun].is(c::FILE)) && tokens[noun].raw.ends_with('s')
    });
    let mut paths = vec![tokens[at].raw.clone()];
    let mut end = at + 1;
    let mut next = end;
    while let Some(token) = tokens.get(next) {
        if token.text == "and" {
            next += 1;
            continue;
        }
        // `old reports` is one name or none: names that are mere words are told apart by what stands between.
        let listed = announced && token.class == Class::Unknown;
        let separate = next > end || token.pause || tokens[next - 1].pause || listed;
        if !separate && tokens[next - 1].shape == Shape::Word && token.shape == Shape::Word {
            break;
        }
        if Kind::Path.trust(token).is_none_or(|other| other < Trust::Bare) || token.shape == Shape::Place {
            break;
        }
        paths.push(token.raw.clone());
        next += 1;
        end = next;
    }
    let value = if paths.len() == 1 { Value::Path(paths.remove(0)) } else { Value::Paths(paths) };
    Found { value, length: end - at, trust }
}

/// A stretch of time that starts at a token: `3 days`, `last week`, `yesterday`.
pub(super) fn age(tokens: &[Token], at: usize) -> Option<Found> {
    let found = |count, unit, length| Some(Found { value: Value::Age(count, unit), length, trust: Trust::Typed });
    let token = &tokens[at];
    if let Shape::Age(count, unit) = token.shape {
        return found(count, unit, 1);
    }
    if token.shape != Shape::Word {
        return None;
    }
    match token.text.as_str() {
        "today" | "yesterday" => return found(1, Unit::Day, 1),
        _ => {}
    }
    let next = tokens.get(at + 1)?;
    if token.is(c::LAST) {
        if let Shape::Age(count, unit) = next.shape {
            return found(count, unit, 2);
        }
        let unit = Unit::from_word(&next.text).filter(|_| next.text.len() > 1)?;
        return found(1, unit, 2);
    }
    if token.text == "this" || token.is(c::CURRENT) {
        let unit = Unit::from_word(&next.text).filter(|_| next.text.len() > 1)?;
        return found(1, unit, 2);
    }
    None
}
