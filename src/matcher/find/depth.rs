//! How deep to look: `2 levels deep`, `not recursively`, `at least 3 levels down`, `one filesystem`.

use super::query::{Query, Than};
use super::size::comparison;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// `2 levels deep`, `not recursively`, `at least 3 levels down`, `one filesystem`.
pub(super) fn depth(scan: &mut Scan<'_>, query: &mut Query) {
    shallow(scan, query);
    filesystem(scan, query);
    while level(scan, query) {}
}

// `not in subfolders`, `without descending into sub-directories`
fn shallow(scan: &mut Scan<'_>, query: &mut Query) {
    if scan.take_word(c::TOPLEVEL).is_some() {
        query.depth = Some(1);
    }
    let Some(not) = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_no(*at)) else { return };
    let sub = (not + 1..scan.tokens.len()).take(6).find(|at| {
        let text = scan.text(*at);
        scan.tokens[*at].is(c::FOLDER)
            && (text.starts_with("sub") || text == "directories" || text == "folders" && scan.text(*at - 1) == "other")
    });
    let Some(sub) = sub else { return };
    // `excluding all directories` leaves folders out, not what lies in them.
    let walks = |at: usize| {
        const VERBS: [&str; 16] = [
            "descending",
            "descend",
            "going",
            "go",
            "traversing",
            "traverse",
            "recursing",
            "recurse",
            "searching",
            "search",
            "entering",
            "looking",
            "look",
            "walking",
            "deeper",
            "into",
        ];
        VERBS.contains(&scan.text(at))
    };
    let sub = Some(sub).filter(|sub| scan.text(*sub).starts_with("sub") || (not + 1..*sub).any(walks));
    let Some(sub) = sub else { return };
    let soft = (not + 1..sub).all(|at| {
        scan.tokens[at].class <= Class::Weak
            || [
                "descending",
                "descend",
                "going",
                "go",
                "traversing",
                "traverse",
                "recursing",
                "recurse",
                "searching",
                "entering",
                "looking",
                "walking",
                "deeper",
                "other",
                "any",
                "down",
            ]
            .contains(&scan.text(at))
            || scan.tokens[at].is(c::ALL)
    });
    let named = scan.next(sub).is_some_and(|next| {
        matches!(
            scan.tokens[next].shape,
            Shape::Path | Shape::Quoted | Shape::Extension | Shape::FileName | Shape::Glob
        ) || scan.tokens[next].is(c::NAMED)
            || scan.is_at(Some(next), &[c::OF, c::IN]) && scan.text(next) != "in"
    });
    if soft && !named && (sub > not + 1) {
        query.depth = Some(1);
        scan.take_span(not, sub);
    }
}

fn filesystem(scan: &mut Scan<'_>, query: &mut Query) {
    let other = scan.position(c::PARTITION).filter(|at| {
        (at.saturating_sub(4)..*at).any(|before| {
            scan.is_at(Some(before), &[c::SAME, c::ONLY, c::DIFFERENT])
                || ["other", "one", "single", "another", "crossing", "cross"].contains(&scan.text(before))
        })
    });
    if let Some(at) = other {
        for before in at.saturating_sub(6)..=at {
            let text = scan.text(before);
            if scan.is_at(Some(before), &[c::SAME, c::ONLY, c::NOT, c::PARTITION, c::DIFFERENT])
                || [
                    "other",
                    "crossing",
                    "cross",
                    "descending",
                    "descend",
                    "leaving",
                    "stay",
                    "staying",
                    "boundaries",
                    "to",
                ]
                .contains(&text)
            {
                scan.take(before);
            }
        }
        scan.take_all_text(&["boundary", "boundaries", "only"]);
        query.walk.one_filesystem = true;
    }
    if let Some((_, _)) =
        scan.take_run(&[&["follow", "following"], &["symlinks", "symbolic links", "links", "symlink"]])
    {
        query.walk.follow = true;
    }
}

fn level(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let Some(at) = scan.position(c::DEEP).filter(|at| scan.is_free(*at)).or_else(|| scan.find_text(&["one level"]))
    else {
        return false;
    };
    let number = if scan.text(at) == "one level" {
        Some((at, 1))
    } else {
        [
            Scan::previous(at),
            scan.next(at),
            scan.next(at).and_then(|next| scan.next(next)),
            Scan::previous(at).and_then(Scan::previous),
        ]
        .into_iter()
        .flatten()
        .find_map(|near| scan.number(Some(near)).filter(|_| scan.is_free(near)).map(|number| (near, number)))
    };
    let Some((near, levels)) = number else { return false };
    let (first, last) = (near.min(at), near.max(at));
    let found = comparison(scan, first, last);
    let range = Scan::previous(near)
        .filter(|joint| matches!(scan.text(*joint), "and" | "to"))
        .and_then(Scan::previous)
        .and_then(|low| scan.number(Some(low)).map(|number| (low, number)));
    scan.take_span(first, last);
    // `and 3 levels below`, `one level down`: counted from the folder on.
    let below =
        (last + 1..scan.tokens.len()).take(2).any(|word| matches!(scan.text(word), "below" | "beneath" | "under"))
            && scan.says(Scan::previous(first), &["and"]);
    scan.take_all_text(&["down", "deep", "depth", "deeper", "levels"]);
    scan.take_any(&[c::DEEP]);
    if let Some((low, number)) = range {
        scan.take(low);
        query.at_least = Some(number);
        query.depth = Some(levels);
        return true;
    }
    let exactly = found.is_none()
        && (scan.is_at(Scan::previous(first), &[c::AT, c::ON]) || scan.says(scan.before_cues(first), &["exactly"]));
    match found {
        Some(found) => {
            scan.take_each(found.words);
            match (found.than, found.inclusive) {
                (Than::More, true) => query.at_least = Some(levels),
                (Than::More, false) => query.at_least = Some(levels + 1),
                (Than::Less, false) if scan.text(at) != "one level" => {
                    query.depth = Some(levels.saturating_sub(1).max(1));
                }
                (Than::Less, _) => query.depth = Some(levels),
                (Than::Exactly, _) => (query.at_least, query.depth) = (Some(levels), Some(levels)),
            }
        }
        None if exactly => (query.at_least, query.depth) = (Some(levels), Some(levels)),
        None => query.depth = Some(levels + u64::from(below)),
    }
    true
}
