//! Which of the hits something is done to: `delete all but the newest 5`, `move the 3 largest`, `keep only the last 10`.

use super::query::{Action, Chosen, Key, Query};
use crate::matcher::scan::Scan;
use crate::normalize::concept as c;

const REST: [&str; 8] = ["rest", "others", "other", "else", "older ones", "ones", "remaining", "everything else"];

/// Reads an order of which the first so many, or all the others, are dealt with.
pub(super) fn chosen(scan: &mut Scan<'_>, query: &mut Query) {
    let keeps = scan
        .find_text(&["keep", "keeping", "retain", "leave"])
        .filter(|keep| (*keep + 1..scan.tokens.len()).any(|at| is_superlative(scan, at)));
    if !query.acts() && !scan.has(c::DELETE) && keeps.is_none() {
        return;
    }
    let Some((at, by, descending)) = superlative(scan) else { return };
    let beside = [at.checked_sub(1), scan.next(at), scan.next(at).and_then(|next| scan.next(next))];
    let counted = beside.into_iter().flatten().find(|at| scan.is_free(*at) && scan.number(Some(*at)).is_some());
    let single = (at + 1..scan.tokens.len()).take(2).any(|noun| {
        matches!(scan.text(noun), "file" | "one" | "picture" | "photo" | "image" | "folder" | "backup" | "log")
    });
    let count = match scan.number(counted) {
        Some(count) => count,
        None if single => 1,
        None => return,
    };
    // `all but`, `everything except`, `other than`
    let start = counted.map_or(at, |counted| counted.min(at));
    let but = (start.saturating_sub(4)..start).rev().find(|at| scan.is_no(*at) || scan.text(*at) == "but");
    let rest = keeps.or(but);
    let Some(first) = rest.or(Some(at)) else { return };
    scan.take(first);
    scan.take(at);
    scan.take_each(counted);
    if rest.is_some() {
        scan.take_any(&[c::ALL]);
        scan.take_any(&[c::ONLY]);
        // Those that were made last are those of one folder.
        query.depth = query.depth.or(Some(1));
    }
    if keeps.is_some() {
        if query.acts() {
            return;
        }
        scan.take_any(&[c::DELETE]);
        scan.take_any(&[c::ALL]);
        scan.take_all_text(&REST);
        scan.take_any(&[c::OLDER]);
        query.action = Action::Delete;
    }
    query.chosen = Some(Chosen { by, descending, count, rest: rest.is_some() });
}

fn is_superlative(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_at(Some(at), &[c::LARGEST, c::SMALLEST, c::NEWEST, c::OLDEST])
}

fn superlative(scan: &Scan<'_>) -> Option<(usize, Key, bool)> {
    [
        (c::LARGEST, Key::Size, true),
        (c::SMALLEST, Key::Size, false),
        (c::NEWEST, Key::Time, true),
        (c::OLDEST, Key::Time, false),
    ]
    .into_iter()
    .find_map(|(word, key, descending)| scan.position(word).map(|at| (at, key, descending)))
}
