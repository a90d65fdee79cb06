//! Where to look.

use super::query::Query;
use super::words::is_variable;
use crate::matcher::filename::is_packed;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Concept, Shape, Token, concept as c, is_of_phrasings, is_place};

/// The folders to look in: what stands after a preposition of place, or names a folder by itself.
pub(super) fn places(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    system(scan, query);
    named_places(scan, query);
    if query.places.is_empty() {
        for at in 0..scan.tokens.len() {
            // `how many folders src contains`
            if scan.is_free(at) && owns(scan, at) {
                query.places.push(scan.tokens[at].raw.clone());
                scan.take_span(at, at + 1);
                break;
            }
            if scan.is_free(at) && is_folder_here(scan, query, at) {
                take_place(scan, query, at);
                more_places(scan, query, at);
                break;
            }
        }
    }
    // The pattern of a name already told the folder (`src/*.c`).
    let placed = !query.places.is_empty();
    if placed {
        scan.take_all_text(&[
            "tree",
            "hierarchy",
            "downwards",
            "downward",
            "down",
            "path",
            "onwards",
            "structure",
            "recursively",
            "starting",
        ]);
        scan.take_any(&[c::TREE]);
    }
    placed
}

// `in the file system`, `on the whole system`, `under root`, `in etc`
fn system(scan: &mut Scan<'_>, query: &mut Query) {
    const ROOTS: [&str; 2] = ["etc", "usr"];
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        let text = scan.text(at).to_owned();
        let cued = scan.is_in(at) || scan.says(scan.before(at), &["search", "scan"]);
        let whole = matches!(
            text.as_str(),
            "file system"
                | "filesystem"
                | "system"
                | "computer"
                | "machine"
                | "pc"
                | "server"
                | "disk"
                | "drive"
                | "hard drive"
                | "hard disk"
        );
        let entire = Scan::previous(at).filter(|before| scan.is_at(Some(*before), &[c::ALL]));
        let before = entire.unwrap_or(at);
        if whole && (cued || scan.is_in(before) || entire.is_some()) && !scan.is_at(scan.next(at), &[c::FILE]) {
            query.places.push("/".to_owned());
            scan.take_span(before, at);
        } else if text == "root"
            && cued
            && !scan.is_at(scan.next(at), &[c::USER])
            && !scan.is_at(scan.before(at), &[c::OF])
        {
            query.places.push("/".to_owned());
            scan.take(at);
        } else if ROOTS.contains(&text.as_str()) && (cued || scan.is_at(scan.next(at), &[c::FOLDER])) {
            query.places.push(format!("/{text}"));
            scan.take(at);
            if scan.is_at(scan.next(at), &[c::FOLDER]) {
                scan.take(at + 1);
            }
        }
    }
}

fn named_places(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) && scan.tokens[at].concept.and_then(is_place).is_some() {
            let raw = scan.tokens[at].raw.clone();
            scan.take(at);
            if !query.places.contains(&raw) {
                query.places.push(raw);
            }
        }
    }
    // `the current directory tree under src`: the more exact one is meant.
    if query.places.len() > 1 && query.places.iter().any(|place| place != ".") {
        query.places.retain(|place| place != ".");
    }
}

fn owns(scan: &Scan<'_>, at: usize) -> bool {
    could_be_folder(&scan.tokens[at])
        && scan.tokens[at].shape != Shape::FileName
        && scan.has(c::COUNT)
        && (scan.is_at(scan.next(at), &[c::CONTAIN]) || scan.says(scan.next(at), &["has", "have"]))
        && (scan.is_at(Scan::previous(at), &[c::FILE, c::FOLDER]) || scan.says(Scan::previous(at), &["does"]))
}

fn is_folder_here(scan: &mut Scan<'_>, query: &Query, at: usize) -> bool {
    let token = &scan.tokens[at];
    if !could_be_folder(token) {
        return false;
    }
    let mut before = scan.before(at);
    let mut is_folder = scan.is_at(before, &[c::FOLDER]);
    while scan.is_at(before, &[c::FOLDER, c::TREE, c::NAMED])
        || scan.says(before, &["path", "hierarchy", "paths", "location"])
    {
        before = before.and_then(|before| scan.before(before));
    }
    // `in the folder and create …`: what stands behind `and` starts anew.
    if before.is_some_and(|before| (before + 1..at).any(|joint| scan.text(joint) == "and")) {
        return false;
    }
    is_folder |= scan.is_at(scan.after(at), &[c::FOLDER]);
    let cued = scan.is_at(before, &[c::IN, c::FROM, c::OF, c::ON, c::AT, c::RECURSIVE, c::TOPLEVEL, c::AFTER]);
    let shaped = matches!(token.shape, Shape::Path | Shape::Quoted) || is_variable(&token.raw);
    // A word that means something else needs more than a preposition to be a folder.
    let proper = token.span.start > 0 && token.raw.starts_with(char::is_uppercase);
    let known = token.concept.is_some() && !token.corrected && !proper;
    let rare = token.concept.is_some_and(is_of_phrasings);
    let of = query.acts()
        && (query.is_filtered() || matches!(query.action, super::query::Action::TouchIn(_)))
        && token.class == Class::Content
        && scan.is_at(before, &[c::OF, c::FROM]);
    let inside = of
        || scan.is_at(before, &[c::IN, c::TOPLEVEL])
        || rare && scan.is_at(before, &[c::FROM])
        || rare && query.is_filtered() && (query.acts() || scan.has(c::FIND)) && scan.is_at(before, &[c::OF]);
    // `in reports into a.zip`: between two prepositions even a verb is a name.
    let ends = scan.next(at).is_none_or(|next| scan.tokens[next].class <= Class::Cue);
    let fits = if known { cued && (is_folder || (token.class != Class::Weak || ends) && inside) } else { cued };
    // `in a.txt` is in the file.
    let ending = token.raw.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
    let is_file = token.shape == Shape::FileName
        || token.shape == Shape::Path && super::shape::is_extension_name(ending) && ending.len() > 1;
    if is_file && !is_folder {
        return false;
    }
    if fits || (shaped && (is_folder || token.shape == Shape::Path || is_variable(&token.raw))) {
        if known && !is_folder {
            scan.doubt += if rare { 0.05 } else { 0.1 };
        }
        return true;
    }
    false
}

fn take_place(scan: &mut Scan<'_>, query: &mut Query, at: usize) {
    query.places.push(scan.tokens[at].raw.clone());
    scan.take(at);
    for noun in [Scan::previous(at), scan.before(at), scan.next(at)].into_iter().flatten() {
        if scan.is_at(Some(noun), &[c::FOLDER, c::TREE]) || scan.says(Some(noun), &["path", "hierarchy"]) {
            scan.take(noun);
        }
    }
    // `the directory tree src`
    if let Some(noun) = scan
        .before(at)
        .and_then(|tree| scan.before(tree))
        .filter(|noun| scan.is_at(Some(*noun), &[c::FOLDER]) && scan.is_at(scan.before(at), &[c::TREE]))
    {
        scan.take(noun);
    }
}

// `/usr and /home`, `src, lib and tests folders`
fn more_places(scan: &mut Scan<'_>, query: &mut Query, first: usize) {
    let mut at = first;
    loop {
        let mut next = scan.next(at);
        while scan.says(next, &["and", "or", "the", "in", "under"]) || scan.is_at(next, &[c::FOLDER]) {
            next = next.and_then(|next| scan.next(next));
        }
        let Some(word) = next.filter(|word| scan.is_free(*word)) else { return };
        let joined = (at + 1..word).any(|joint| matches!(scan.text(joint), "and" | "or"));
        let token = &scan.tokens[word];
        let fits = token.shape == Shape::Path
            || joined
                && (token.shape == Shape::Quoted
                    || token.shape == Shape::Word && token.concept.is_none() && token.class == Class::Unknown);
        if !fits {
            return;
        }
        take_place(scan, query, word);
        at = word;
    }
}

fn could_be_folder(token: &Token) -> bool {
    const NEVER: [Concept; 17] = [
        c::FILE,
        c::FOLDER,
        c::SIZE,
        c::NAME,
        c::TOGETHER,
        c::ALL,
        c::LINK,
        c::REVERSE,
        c::CONTENTS,
        c::DETAIL,
        c::COMPUTER,
        c::LINE,
        c::SORT,
        c::OWNER,
        c::TREE,
        c::DEEP,
        c::EXTENSION,
    ];
    // `in GB`, `in alphabetical order`
    const UNITS: [&str; 14] = [
        "gb",
        "mb",
        "kb",
        "bytes",
        "kilobytes",
        "megabytes",
        "gigabytes",
        "blocks",
        "general",
        "numerical",
        "alphabetical",
        "human",
        "detail",
        "order",
    ];
    if token.class <= Class::Cue
        || ["path", "paths", "hierarchy", "structure", "level"].contains(&token.text.as_str())
        || UNITS.iter().any(|unit| token.raw.eq_ignore_ascii_case(unit))
    {
        return false;
    }
    match token.shape {
        Shape::Path | Shape::FileName if is_packed(&token.raw) => false,
        Shape::Path | Shape::Quoted | Shape::Place | Shape::FileName | Shape::Number(_) | Shape::Extension => true,
        Shape::Word => !token.text.contains(' ') && !token.concept.is_some_and(|known| NEVER.contains(&known)),
        _ => false,
    }
}
