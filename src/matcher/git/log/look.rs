//! How the commits are shown, and of which versions.

use super::{Mark, Query};
use crate::matcher::git::revision;
use crate::matcher::scan::Scan;
use crate::normalize::concept as c;

// How the commits are shown.
pub(super) fn look(scan: &mut Scan<'_>, query: &mut Query) {
    if scan.take_word(c::COUNT).is_some() {
        query.marks.push(Mark::Count);
        scan.take_any(&[c::EXIST, c::TOGETHER]);
    }
    if scan.take_text(&["graph", "ascii", "drawing", "graphical", "graphically"]).is_some() {
        query.marks.push(Mark::Graph);
    }
    while query.is(Mark::Graph) && scan.take_text(&["graph", "ascii", "drawing", "tree", "pretty", "nice"]).is_some() {}
    let lines =
        scan.has_text(&["oneline", "one-line", "short", "compact", "brief", "condensed", "concise", "one-liner"]);
    let per_line = scan.has(c::LINE) && (query.is(Mark::Graph) || !query.is(Mark::Count));
    if lines || per_line {
        query.marks.push(Mark::Short);
        while scan.take_any(&[c::LINE]).is_some() {}
        let words = ["oneline", "one-line", "short", "compact", "brief", "condensed", "concise", "1", "single", "per"];
        while scan.take_text(&words).is_some() {}
        while scan.take_text(&["each", "every", "one-liner", "form", "format"]).is_some() {}
    }
    if scan.has_text(&["merges"])
        || scan.has(c::MERGE) && (scan.has(c::NOT) || scan.has(c::ONLY) || !query.is(Mark::Short))
    {
        let no = scan.take_any(&[c::NOT]).is_some() || scan.take_text(&["no"]).is_some();
        query.merges = Some(if no { "--no-merges" } else { "--merges" });
        scan.take_text(&["merges"]);
        scan.take_any(&[c::MERGE]);
        scan.take_any(&[c::COMMIT]);
        scan.take_any(&[c::ONLY]);
    }
    if scan.take_any(&[c::REVERSE, c::OLDEST]).is_some() {
        query.marks.push(Mark::OldestFirst);
        scan.take_any(&[c::FIRST, c::SORT, c::OLDEST]);
        scan.take_text(&["chronological", "chronologically"]);
    }
    let files = scan.has(c::FILE) && query.path.is_none();
    if scan.take_text(&["stat", "stats", "statistics", "diffstat"]).is_some() {
        query.stat = Some("--stat");
    } else if files && scan.take_any(&[c::NAME, c::ONLY]).is_some() {
        query.stat = Some("--name-only");
    } else if files {
        query.stat = Some("--stat");
    } else if scan.take_any(&[c::DIFFERENCE]).is_some() || scan.take_text(&["patch", "patches"]).is_some() {
        query.stat = Some("-p");
        scan.take_text(&["full"]);
    } else if scan.has(c::CHANGE) && scan.has(c::WITH) {
        scan.take_any(&[c::CHANGE]);
        query.stat = Some("-p");
    }
    if query.stat.is_some() {
        while scan.take_any(&[c::FILE, c::MODIFIED, c::CHANGE, c::NAME]).is_some() {}
        while scan.take_text(&["touched", "each", "every"]).is_some() {}
    }
    if scan.has(c::ONLY) || scan.has_text(&["hashes", "ids", "titles", "subjects"]) {
        if scan.take_text(&["hashes", "ids", "shas", "hash", "id", "sha"]).is_some() {
            let short = query.is(Mark::Short) || scan.take_text(&["abbreviated"]).is_some();
            query.format = Some(if short { "%h" } else { "%H" });
            query.marks.retain(|mark| *mark != Mark::Short);
        } else if scan.take_text(&["titles", "subjects", "messages", "title", "subject"]).is_some() {
            query.format = Some("%s");
        }
        if query.format.is_some() {
            scan.take_any(&[c::ONLY]);
        }
    }
}

// Where the commits are: a branch, a range, everywhere.
pub(super) fn versions(scan: &mut Scan<'_>, query: &mut Query) {
    let everywhere = (0..scan.tokens.len()).find(|at| {
        scan.is_text(Some(*at), &["all", "any", "every"]) && scan.is_at(scan.after(*at), &[c::BRANCH])
            || scan.is_text(Some(*at), &["everywhere"])
    });
    if let Some(at) = everywhere {
        scan.take(at);
        scan.take_any(&[c::BRANCH]);
        query.marks.push(Mark::Everywhere);
    }
    let not = scan.position(c::NOT).or_else(|| {
        (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_text(Some(*at), &["missing", "lacks", "hasn't"]))
    });
    if let Some(not) = not {
        let first = (0..not).find(|at| version_at(scan, *at));
        let second = (not..scan.tokens.len()).find(|at| version_at(scan, *at));
        if let Some(second) = second {
            let left = first.and_then(|at| revision::name(scan, Some(at)));
            let right = revision::name(scan, Some(second)).unwrap_or_default();
            for at in first.into_iter().chain([second]) {
                scan.take(at);
                revision::take_noun(scan, at);
            }
            scan.take(not);
            scan.take_any(&[c::CURRENT]);
            while scan.take_text(&["has", "have", "contains", "contain", "in"]).is_some() {}
            query.range = Some(format!("{right}..{}", left.unwrap_or_default()));
        }
        return;
    }
    if scan.has(c::BETWEEN) || scan.tokens.iter().any(|token| token.raw.contains("..")) {
        if let Some((first, second)) = revision::pair(scan) {
            query.range = Some(format!("{first}..{second}"));
        }
        return;
    }
    for at in 0..scan.tokens.len() {
        let beside = scan.before(at);
        let noun = revision::is_noun(scan, beside);
        if !scan.is_free(at) || !noun && !version_at(scan, at) {
            continue;
        }
        let Some(name) = revision::name(scan, Some(at)) else { continue };
        let before = beside.and_then(|noun_at| if noun { scan.before(noun_at) } else { Some(noun_at) });
        let after = scan.is_at(before, &[c::AFTER, c::NEWER]);
        scan.take(at);
        revision::take_noun(scan, at);
        if after {
            if let Some(word) = before {
                scan.take(word);
            }
            query.range = Some(format!("{name}.."));
        } else {
            query.branch = Some(name);
        }
        return;
    }
}

fn version_at(scan: &Scan<'_>, at: usize) -> bool {
    let Some(before) = scan.before(at) else { return false };
    let cued = scan.is_at(Some(before), &[c::IN, c::ON, c::OF, c::FROM, c::AFTER, c::TO, c::NOT, c::FOR])
        || revision::is_noun(scan, Some(before))
        || revision::is_noun(scan, scan.after(at))
        || scan.is_text(scan.after(at), &["has", "have"])
        || scan.is_text(scan.tokens.get(at + 1).map(|_| at + 1), &["has", "have"]);
    cued && revision::name(scan, Some(at)).is_some()
}
