//! Tests of the whole path: globs, parts of it, regular expressions.

use super::name::{escape, is_name};
use super::query::{Action, Name, Query, Test};
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

// `whose path matches */test/*`, `with src in the path`
pub(super) fn paths(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        let quoted = token.shape == Shape::Quoted && token.raw.contains('*');
        if (token.shape == Shape::Glob || quoted) && token.raw.contains('/') && scan.is_free(at) {
            let told = (0..scan.tokens.len())
                .find(|word| ["path", "paths", "pathname", "pathnames"].contains(&scan.text(*word)));
            // `*/test/*` is no folder to look in.
            if told.is_none() && !token.raw.starts_with('*') {
                continue;
            }
            let not = scan.take_negation(at) || told.is_some_and(|told| scan.take_negation(told));
            let glob = scan.tokens[at].raw.clone();
            query.add(Test::Path(Name { glob, ignore_case: query.ignore_case }), not, (at, at));
            scan.take(at);
            scan.take_all_text(&[
                "path",
                "paths",
                "pathname",
                "pathnames",
                "match",
                "matching",
                "matches",
                "pattern",
                "that match",
            ]);
        }
    }
    let Some(at) = scan.find_text(&["path", "paths", "pathname", "pathnames"]) else { return };
    let contains = scan.next(at).filter(|next| scan.tokens[*next].is(c::CONTAIN));
    let text = match contains {
        Some(contains) => scan.after(contains),
        None => scan
            .position(c::CONTAIN)
            .filter(|contain| *contain < at && at - contain < 6)
            .and_then(|contain| scan.after(contain))
            .filter(|_| scan.is_at(scan.before(at), &[c::IN])),
    };
    let Some(text) = text.filter(|text| is_name(&scan.tokens[*text]) || scan.tokens[*text].shape == Shape::Path) else {
        return;
    };
    let not = scan.take_negation(at) || scan.take_negation(text);
    let glob = format!("*{}*", escape(&scan.tokens[text].raw));
    query.add(Test::Path(Name { glob, ignore_case: query.ignore_case }), not, (at.min(text), at.max(text)));
    scan.take(text);
    scan.take(at);
    scan.take_any(&[c::CONTAIN]);
}

// `matching the regex '.*\.c'`
pub(super) fn regex(scan: &mut Scan<'_>, query: &mut Query) {
    let start = scan
        .find_text(&["regex", "regexp"])
        .map(|at| (at, at))
        .or_else(|| scan.find_run(&[&["regular"], &["expression", "expressions"]]));
    let Some((from, to)) = start else { return };
    let Some(value) = (to + 1..scan.tokens.len()).take(3).find(|at| {
        let token = &scan.tokens[*at];
        token.shape == Shape::Quoted || token.raw.contains(['*', '\\', '$', '^', '[', '(']) && scan.is_free(*at)
    }) else {
        return;
    };
    let glob = scan.tokens[value].raw.clone();
    // What lines match is in the files.
    let inside = (from.saturating_sub(5)..from).any(|at| {
        scan.is_at(Some(at), &[c::LINE, c::CONTAIN, c::CONTENTS, c::TEXT]) && !scan.is_at(scan.next(at), &[c::IN])
    }) && !scan.has(c::NAME)
        && scan.find_text(&["path", "paths"]).is_none();
    if inside {
        query.action = Action::Containing(glob);
        scan.take_span(from, value);
        scan.take_any(&[c::MATCH]);
        scan.take_any(&[c::CONTAIN]);
        scan.take_any(&[c::LINE]);
        return;
    }
    let not = scan.take_negation(from);
    query.add(Test::Regex(Name { glob, ignore_case: query.ignore_case }), not, (from, value));
    scan.take_span(from, value);
    scan.take_any(&[c::MATCH]);
    scan.take_all_text(&["path", "paths", "names"]);
}
