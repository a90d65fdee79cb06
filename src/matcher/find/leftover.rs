//! What a reading leaves over, and what of it only says the same again.

use super::query::{Action, Query, Target};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Concept, concept as c};

/// The weight of what is left unexplained.
pub(super) fn weigh(scan: &mut Scan<'_>, query: &Query, placed: bool) -> f32 {
    // `from print`: a verb elsewhere, a name here.
    let left = leaves_place(scan, |class| class == Class::Weak);
    while scan.take_any(&[c::FIND, c::SHOW, c::RECURSIVE, c::ALL, c::NAME, c::EXIST, c::WHERE, c::CHECK]).is_some() {}
    if !placed {
        scan.take_any(&[c::COMPUTER, c::LOCAL]);
    }
    // Said twice: a verb of listing, the result, the words around a list.
    scan.take_all_text(&[
        "path",
        "paths",
        "pathname",
        "pathnames",
        "result",
        "results",
        "screen",
        "standard",
        "following",
        "total",
        "time",
        "starting",
        "reside",
        "residing",
        "resides",
        "match",
        "matching",
        "matches",
        "that match",
        "set",
        "having",
        "present",
        "available",
        "only",
        "them",
        "so far",
        "found",
        "matched",
        "look",
        "looks",
        "somewhere",
        "location",
        "locations",
        "multiple",
    ]);
    // `in a folder`, `and all of its subfolders`: which one is not said, or said already.
    for at in 0..scan.tokens.len() {
        let sub = scan.text(at).starts_with("sub");
        let bare = scan.is_in(at) && !matches!(scan.text(at.saturating_sub(1)), "every" | "each");
        if scan.is_at(Some(at), &[c::FOLDER]) && (sub || bare) && query.target != Target::Folder {
            scan.take(at);
        }
    }
    if query.places.iter().any(|place| place == "~") {
        scan.take_all_text(&["user"]);
    }
    if query.acts() {
        scan.take_all_text(&["them", "these", "those", "found", "do", "perform", "same", "it"]);
        scan.take_any(&[c::CHANGE]);
    }
    if matches!(
        query.action,
        Action::Count | Action::CountLines | Action::CountWords | Action::TotalSize | Action::DiskUsage
    ) {
        scan.take_all_text(&["calculate", "compute", "sum", "total", "space", "overall"]);
        while scan.take_any(&[c::TOGETHER, c::NUMBER, c::COUNT]).is_some() {}
    }
    if query.target == Target::Any {
        scan.take_all_text(&["anything", "entries", "items", "objects"]);
    }
    // A full stop behind a space is no folder.
    if let Some(last) = scan.tokens.len().checked_sub(1).filter(|last| scan.text(*last) == ".") {
        scan.take(last);
    }
    if query.action == Action::NullSeparated {
        scan.take_any(&[c::AS]);
        scan.take_any(&[c::BY]);
    }
    // A direction nobody took (`all flac to mp3`) asks for more than this.
    let directions = scan.count_free(&[c::TO, c::AS, c::BY]);
    scan.unexplained()
        + 0.5 * directions
        + if left || leaves_place(scan, |class| class > Class::Cue) { 0.5 } else { 0.0 }
}

// `every .h of include`, `the reports in list into x`: a place nobody took, where nothing else can stand.
fn leaves_place(scan: &Scan<'_>, is_one: impl Fn(Class) -> bool) -> bool {
    (0..scan.tokens.len()).any(|at| {
        let next = scan.next(at);
        let ends = next.is_none_or(|next| scan.tokens[next].class <= Class::Cue);
        let cues: &[Concept] = if next.is_none() { &[c::IN, c::OF, c::FROM] } else { &[c::IN, c::FROM] };
        ends && scan.is_free(at) && is_one(scan.tokens[at].class) && scan.is_at(scan.before(at), cues)
    })
}
