//! In which order, and how many: `the 10 largest`, `sorted by size`, `only the first 5`.

use super::query::{Action, Key, Order, Query};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// The order that is asked for.
pub(super) fn order(scan: &mut Scan<'_>) -> Option<Order> {
    let superlative = [
        (c::LARGEST, Key::Size, true),
        (c::SMALLEST, Key::Size, false),
        (c::NEWEST, Key::Time, true),
        (c::OLDEST, Key::Time, false),
    ]
    .into_iter()
    .find_map(|(word, key, descending)| scan.take_word(word).map(|at| (at, key, descending)));
    let sorted = sorted_by(scan, superlative.map(|(_, key, _)| key));
    let (at, by, descending) = match (superlative, sorted) {
        // `sorted by date, oldest first`
        (Some((at, key, descending)), _) => (at, key, descending),
        (None, sorted) => sorted?,
    };
    let mut take = None;
    for number in 0..scan.tokens.len() {
        if let Shape::Number(count) = scan.tokens[number].shape
            && scan.is_free(number)
        {
            scan.take(number);
            scan.take_any(&[c::FIRST]);
            take = Some(count);
            break;
        }
    }
    let single = |text: &str| matches!(text, "file" | "folder" | "directory" | "one");
    // `the largest file` is one.
    if take.is_none()
        && superlative.is_some()
        && sorted.is_none()
        && !scan.has(c::FIRST)
        && scan.tokens.iter().skip(at.saturating_sub(2)).any(|token| single(&token.text))
    {
        take = Some(1);
    }
    if by == Key::Size {
        scan.take_any(&[c::SIZE]);
    } else {
        scan.take_any(&[c::MODIFIED]);
        scan.take_all_text(&["date", "time"]);
    }
    scan.take_any(&[c::FIRST]);
    scan.take_any(&[c::LAST]);
    scan.take_all_text(&["top", "according", "based", "terms", "ascending"]);
    Some(Order { by, descending, take })
}

fn sorted_by(scan: &mut Scan<'_>, known: Option<Key>) -> Option<(usize, Key, bool)> {
    // `… and list them by size`
    let at = if let Some(at) = scan.take_word(c::SORT) {
        at
    } else {
        let (from, to) =
            scan.find_run(&[&["list", "show", "print", "display"], &["them", "those", "these"], &["by"]])?;
        scan.take_span(from, to);
        from
    };
    scan.take_all_text(&["them", "those", "these"]);
    // `larger than 1 MB, sorted by size`: the size they are sorted by is another one than that they must have.
    let by_size = (at + 1..scan.tokens.len())
        .find(|word| scan.tokens[*word].class > Class::Cue)
        .is_some_and(|word| scan.tokens[word].is(c::SIZE));
    let key = if scan.take_any(&[c::SIZE]).is_some() || by_size {
        Key::Size
    } else if scan.take_any(&[c::NAME]).is_some()
        || scan.take_text(&["alphabetically", "alphabetical", "lexicographically", "path"]).is_some()
    {
        Key::Name
    } else if scan.take_any(&[c::ACCESSED]).is_some() {
        scan.take_any(&[c::DATE, c::TIME]);
        Key::Accessed
    } else if scan.take_any(&[c::DATE, c::TIME, c::MODIFIED, c::NEWEST]).is_some() || scan.take_text(&["age"]).is_some()
    {
        scan.take_any(&[c::MODIFIED, c::DATE, c::TIME]);
        scan.take_any(&[c::DATE, c::TIME]);
        Key::Time
    } else {
        known.unwrap_or(Key::Name)
    };
    let ascending = scan.take_any(&[c::REVERSE]).is_some() != (key == Key::Name);
    Some((at, key, !ascending))
}

/// `only the first 5`, `ten files`, `a few of them`: how many of the hits.
pub(super) fn limit(scan: &mut Scan<'_>, query: &mut Query) {
    let few = scan.find_run(&[&["few", "some", "first"], &["lines"]]).filter(|(from, to)| {
        scan.text(*from) != "first"
            && (to + 1..scan.tokens.len()).any(|at| scan.text(at) == "beginning" || scan.text(at) == "output")
    });
    if let Some((from, to)) = few {
        scan.take_span(from, to);
        scan.take_all_text(&["beginning", "output", "start"]);
        scan.take_any(&[c::FIRST]);
        query.limit = Some(10);
        return;
    }
    let free: Vec<usize> =
        (0..scan.tokens.len()).filter(|at| scan.is_free(*at) && scan.number(Some(*at)).is_some()).collect();
    let [at] = free[..] else { return };
    let Some(count) = scan.number(Some(at)) else { return };
    let behind = scan.is_at(scan.next(at), &[c::FILE, c::FOLDER])
        || scan.says(scan.next(at), &["results", "matches", "entries", "hits", "paths", "items"]);
    let first = scan.is_at(Scan::previous(at), &[c::FIRST, c::ONLY]);
    if (behind || first) && matches!(query.action, Action::List | Action::LongList | Action::BareNames) {
        scan.take(at);
        scan.take_any(&[c::FIRST]);
        scan.take_any(&[c::ONLY]);
        scan.take_all_text(&["results", "matches", "entries", "hits", "paths", "items"]);
        query.limit = Some(count);
    }
}
