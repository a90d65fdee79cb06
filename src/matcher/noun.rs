//! Names beside their nouns: `container web`, `the web container`, `volumes a and b`.

use super::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// True when the token there can be somebody's name for something: no word Caro knows, no number, no path.
pub(super) fn is_name(scan: &Scan<'_>, at: Option<usize>, never: &[&str]) -> bool {
    let Some(at) = at.filter(|at| scan.is_free(*at)) else { return false };
    let token = &scan.tokens[at];
    let shaped = matches!(token.shape, Shape::Word | Shape::FileName | Shape::Quoted | Shape::Host);
    shaped
        && !token.raw.starts_with('-')
        && token.raw.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
        && (token.class == Class::Unknown || token.corrected)
        && !never.contains(&token.text.as_str())
}

/// True when a word with another meaning can be a name, right beside its noun.
pub(super) fn is_odd_name(scan: &Scan<'_>, at: Option<usize>, never: &[&str]) -> bool {
    let Some(at) = at.filter(|at| scan.is_free(*at)) else { return false };
    let token = &scan.tokens[at];
    is_name(scan, Some(at), never)
        || token.shape == Shape::Word
            && matches!(token.class, Class::Content | Class::Light | Class::Common)
            && !token.text.contains(' ')
            && !never.contains(&token.text.as_str())
}

/// The name beside the noun at a token: behind it, or before it when what is behind can be none.
pub(super) fn beside(scan: &Scan<'_>, noun: usize, many: bool, never: &[&str]) -> Option<usize> {
    let mut after = Some(noun + 1).filter(|next| *next < scan.tokens.len());
    while scan.is_at(after, &[c::NAMED, c::NAME]) {
        after = after.and_then(|next| scan.after(next));
    }
    let before = noun.checked_sub(1);
    if is_name(scan, after, never) {
        return after;
    }
    if is_name(scan, before, never) {
        return before;
    }
    if many {
        // `stop containers web and db`.
        let listed = after.and_then(|after| scan.tokens.get(after + 1)).is_some_and(|next| next.text == "and");
        return after.filter(|after| listed && is_odd_name(scan, Some(*after), never));
    }
    // `the web container`.
    let article = before.is_some_and(|before| before > 0 && scan.tokens[before - 1].class == Class::Stop);
    if article && is_odd_name(scan, before, never) {
        return before;
    }
    if is_odd_name(scan, after, never) {
        return after;
    }
    before.filter(|before| is_odd_name(scan, Some(*before), never))
}

/// The names that go on after one: `a, b and c`.
pub(super) fn others(scan: &Scan<'_>, first: usize, never: &[&str]) -> Vec<usize> {
    let mut all = Vec::new();
    let mut last = first;
    loop {
        let joined = scan.tokens.get(last + 1).is_some_and(|token| token.text == "and");
        let next = if joined { last + 2 } else { last + 1 };
        let next_at = Some(next).filter(|next| *next < scan.tokens.len());
        let fits = is_name(scan, next_at, never) || joined && is_odd_name(scan, next_at, never);
        if !fits {
            return all;
        }
        all.push(next);
        last = next;
    }
}

/// The last word of a question that can be a name, for what names nothing else: `docker pause cache`.
pub(super) fn last(scan: &Scan<'_>, never: &[&str]) -> Option<usize> {
    let at = (1..scan.tokens.len()).rev().find(|at| scan.is_free(*at) && scan.tokens[*at].class != Class::Stop)?;
    is_odd_name(scan, Some(at), never).then_some(at)
}
