//! Sizes: `over 100MB`, `between 1MB and 5MB`, `of exactly 10 bytes`, `large`.

use super::query::{Query, Test, Than};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// How an amount is compared, and which tokens say so.
pub(super) struct Comparison {
    pub(super) than: Than,
    /// The amount itself is meant too.
    pub(super) inclusive: bool,
    pub(super) words: Vec<usize>,
}

/// What stands beside an amount from `first` to `last` and compares it.
pub(super) fn comparison(scan: &Scan<'_>, first: usize, last: usize) -> Option<Comparison> {
    before(scan, first).or_else(|| behind(scan, last))
}

fn before(scan: &Scan<'_>, first: usize) -> Option<Comparison> {
    const NOISE: [&str; 8] = ["size", "sizes", "about", "around", "age", "value", "how", "old"];
    let mut at = Scan::previous(first)?;
    let mut words = Vec::new();
    for _ in 0..6 {
        let text = scan.text(at);
        let known = |concepts: &[_]| scan.is_free(at) && scan.is_at(Some(at), concepts);
        let found = if known(&[c::LARGER, c::OLDER]) || ["minimum", "min", "minimal"].contains(&text) {
            let inclusive =
                matches!(text, "at least" | "no smaller than" | "not smaller than" | "minimum" | "min" | "minimal");
            Some((Than::More, inclusive))
        } else if known(&[c::SMALLER, c::NEWER]) || ["maximum", "max", "maximal"].contains(&text) {
            let inclusive = matches!(
                text,
                "at most"
                    | "no more than"
                    | "not more than"
                    | "up to"
                    | "no larger than"
                    | "maximum"
                    | "max"
                    | "maximal"
            );
            Some((Than::Less, inclusive))
        } else if ["under", "below", "beneath"].contains(&text) {
            Some((Than::Less, false))
        } else if ["exactly", "exact", "precisely", "equal", "equals"].contains(&text) {
            Some((Than::Exactly, false))
        } else {
            None
        };
        if let Some((than, inclusive)) = found {
            words.push(at);
            // `but not more than`
            let not = Scan::previous(at).filter(|not| scan.is_free(*not) && scan.is_no(*not));
            return Some(match not {
                Some(not) if than != Than::Exactly => {
                    words.push(not);
                    Comparison { than: than.flipped(), inclusive: !inclusive, words }
                }
                _ => Comparison { than, inclusive, words },
            });
        }
        let soft = scan.tokens[at].class <= Class::Cue && text != "and" && text != "or" && text != "but";
        if !soft && !NOISE.contains(&text) {
            return None;
        }
        if NOISE.contains(&text) {
            words.push(at);
        }
        at = Scan::previous(at)?;
    }
    None
}

// `5MB or more`, `10 KB and above`
fn behind(scan: &Scan<'_>, last: usize) -> Option<Comparison> {
    let mut at = scan.next(last)?;
    let mut joined = false;
    for _ in 0..4 {
        let text = scan.text(at);
        if matches!(text, "or" | "and") {
            joined = true;
        } else if text == "in" || text == "size" {
        } else if joined && scan.is_free(at) {
            let than = if scan.tokens[at].is(c::LARGER) || matches!(text, "more" | "up" | "older" | "larger") {
                Than::More
            } else if scan.tokens[at].is(c::SMALLER) || matches!(text, "less" | "newer" | "below" | "under") {
                Than::Less
            } else {
                return None;
            };
            // `larger than` behind `and` compares the next amount.
            if text.ends_with(" than") || matches!(text, "at least" | "at most" | "up to") {
                return None;
            }
            return scan
                .next(at)
                .is_none_or(|next| {
                    !matches!(scan.tokens[next].shape, Shape::Size(_) | Shape::Age(..) | Shape::Number(_))
                })
                .then(|| Comparison { than, inclusive: true, words: vec![at] });
        } else {
            return None;
        }
        at = scan.next(at)?;
    }
    None
}

/// Reads every size of the question.
pub(super) fn sizes(scan: &mut Scan<'_>, query: &mut Query) {
    let all: Vec<(usize, u64)> = (0..scan.tokens.len())
        .filter_map(|at| match scan.tokens[at].shape {
            Shape::Size(bytes) if scan.is_free(at) => Some((at, bytes)),
            _ => None,
        })
        .collect();
    let mut between = None;
    for (at, bytes) in &all {
        if let Some((from, low)) = range(scan, *at, *bytes) {
            query.add(Test::Size(Than::More, low.min(*bytes)), false, (from, *at));
            query.add(Test::Size(Than::Less, low.max(*bytes)), false, (from, *at));
            between = Some((from, *at));
            scan.take_span(from, *at);
        }
    }
    for (at, bytes) in all {
        if between.is_none_or(|(from, to)| at < from || at > to) {
            size(scan, query, at, bytes);
        }
    }
    if query.any(|test| matches!(test, Test::Size(..))) {
        scan.take_any(&[c::SIZE]);
        scan.take_any(&[c::LARGE, c::SMALL]);
    } else {
        vague_size(scan, query);
    }
}

// `between 1 and 5MB`, `from 10k to 20k`: where the range starts and its lower end, for the amount that ends it.
fn range(scan: &Scan<'_>, last: usize, bytes: u64) -> Option<(usize, u64)> {
    let joint = Scan::previous(last)?;
    if !matches!(scan.text(joint), "and" | "to" | "up to" | "-") {
        return None;
    }
    let first = Scan::previous(joint)?;
    let low = match scan.tokens[first].shape {
        Shape::Size(low) => low,
        Shape::Number(number) => {
            let unit =
                [1 << 40, 1 << 30, 1 << 20, 1 << 10].into_iter().find(|unit| bytes.is_multiple_of(*unit)).unwrap_or(1);
            number.checked_mul(unit)?
        }
        _ => return None,
    };
    let start = Scan::previous(first)?;
    matches!(scan.text(start), "between" | "from" | "range").then_some((start, low))
}

fn size(scan: &mut Scan<'_>, query: &mut Query, at: usize, bytes: u64) {
    let found = comparison(scan, at, at).or_else(|| {
        // `of size 40 bytes`, `files that are 10k`
        let sized = scan.is_at(scan.before_cues(at), &[c::SIZE])
            || scan.is_at(
                scan.after(at)
                    .map(|after| if scan.text(after) == "in" { after + 1 } else { after })
                    .filter(|at| *at < scan.tokens.len()),
                &[c::SIZE],
            )
            || scan.is_at(scan.next(at), &[c::FILE])
            || scan.is_at(scan.before_cues(at), &[c::FILE]) && scan.says(Scan::previous(at), &["are", "is", "of"]);
        sized.then(|| Comparison { than: Than::Exactly, inclusive: false, words: Vec::new() })
    });
    if let Some(found) = found {
        query.add(Test::Size(found.than, bytes), false, (at, at));
        scan.take_each(found.words.into_iter().chain([at]));
    }
}

// `large files` without a number: the size everybody means when a disk is full.
fn vague_size(scan: &mut Scan<'_>, query: &mut Query) {
    let Some(at) = scan.position(c::LARGE).filter(|_| !scan.has(c::SORT)) else { return };
    scan.take(at);
    scan.doubt += 0.15;
    query.add(Test::Size(Than::More, 100 << 20), false, (at, at));
}
