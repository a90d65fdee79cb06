//! Folders that are left out: `except node_modules`, `without descending into ./src`, `but not in .git`.

use super::query::{Exclusion, Name, Query, Test};
use super::words::is_variable;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};

/// `except node_modules`, `without descending into ./src`, `but not in .git`.
pub(super) fn exclusions(scan: &mut Scan<'_>, query: &mut Query) {
    // `leave the drafts folder out`
    if let Some(leave) = scan.find_text(&["leave", "leaving"])
        && let Some(out) = (leave + 1..scan.tokens.len()).take(6).find(|at| scan.text(*at) == "out")
    {
        excluded(scan, query, leave);
        if !scan.is_free(leave) {
            scan.take(out);
            scan.take_all_text(&["but"]);
        }
    }
    for at in 0..scan.tokens.len() {
        // `prune everything in docker`: a verb of its own.
        let verb = at == 0 && scan.text(at) == "prune";
        let cue = scan.is_free(at)
            && !verb
            && (scan.tokens[at].is(c::NOT) || ["outside", "prune", "pruning", "exclude"].contains(&scan.text(at)));
        if cue {
            excluded(scan, query, at);
        }
    }
}

// What may stand between the word that leaves out and the folder.
const NOISE: &[&str] = &[
    "those",
    "the",
    "files",
    "file",
    "directory",
    "directories",
    "folder",
    "folders",
    "subdirectory",
    "subdirectories",
    "sub",
    "dir",
    "dirs",
    "subdir",
    "descending",
    "descend",
    "going",
    "go",
    "searching",
    "search",
    "looking",
    "look",
    "entering",
    "paths",
    "path",
    "named",
    "called",
    "present",
    "present in",
    "that",
    "which",
    "are",
    "anything",
    "everything",
    "contents",
    "content",
    "located",
    "traversing",
    "subfolder",
    "subfolders",
    "all",
    "tree",
    "any",
];

fn excluded(scan: &mut Scan<'_>, query: &mut Query, not: usize) {
    let mut value = scan.next(not);
    let mut folder = scan.text(not) == "outside" || scan.text(not).starts_with("prun");
    let mut inside = folder;
    while let Some(word) = value {
        let text = scan.text(word);
        let is_noise =
            (NOISE.contains(&text) || scan.tokens[word].class <= Class::Cue) && text != "and" && text != "or";
        if !is_noise {
            break;
        }
        folder |= scan.tokens[word].is(c::FOLDER)
            || text.starts_with("descend")
            || matches!(text, "going" | "entering" | "traversing" | "paths" | "path");
        inside |= matches!(text, "in" | "inside" | "under" | "within" | "into" | "from" | "below" | "beneath" | "of");
        value = scan.next(word);
    }
    let Some(mut word) = value else { return };
    let mut end = None;
    loop {
        let token = &scan.tokens[word];
        let behind = scan.is_at(scan.next(word), &[c::FOLDER]);
        let shaped = matches!(
            token.shape,
            Shape::Path | Shape::Extension | Shape::Quoted | Shape::Word | Shape::FileName | Shape::Glob
        ) || is_variable(&token.raw);
        let usual = is_usual(&token.raw);
        let told = behind || folder || inside || usual || token.shape == Shape::Path;
        // `except .txt`, `not in uppercase`: those are no folders.
        let is_folder = told
            && shaped
            && scan.is_free(word)
            && token.class > Class::Cue
            && !(token.shape == Shape::Extension && !usual && !behind && !folder && !inside)
            && !(token.shape == Shape::Quoted && !behind && !folder && !inside && !token.raw.contains('/'))
            && (token.concept.is_none()
                || usual
                || behind
                || folder
                    && inside
                    && !token.text.contains(' ')
                    && ![c::CONTAIN, c::NAMED, c::MATCH, c::BEGIN, c::END, c::FIND]
                        .iter()
                        .any(|concept| token.is(*concept)))
            && !token.is(c::FILE);
        if !is_folder || token.shape == Shape::Glob && !token.raw.contains('/') && !folder && !behind {
            break;
        }
        add(query, token);
        end = Some(if behind { word + 1 } else { word });
        let mut next = scan.next(if behind { word + 1 } else { word });
        while scan.says(next, &["and", "or", "nor", "the"]) {
            next = next.and_then(|next| scan.next(next));
        }
        // `except a and in b`
        let Some(next) = next else { break };
        word = next;
    }
    if let Some(end) = end {
        scan.take_span(not, end);
        scan.take_all_text(&["but"]);
        if scan.is_at(scan.next(end), &[c::FOLDER]) {
            scan.take(end + 1);
        }
    }
}

fn add(query: &mut Query, token: &Token) {
    let raw = token.raw.trim_end_matches('/');
    if raw.contains('*') {
        let glob = if raw.contains('/') { raw.to_owned() } else { format!("*/{raw}/*") };
        query.add(Test::Path(Name { glob, ignore_case: false }), true, (0, 0));
    } else if raw.contains('/') {
        query.excluded.push(Exclusion::Path(raw.to_owned()));
    } else {
        query.excluded.push(Exclusion::Named(raw.to_owned()));
    }
}

/// Folders everybody knows, and mostly leaves out.
pub(super) fn is_usual(name: &str) -> bool {
    const USUAL: [&str; 17] = [
        ".git",
        ".svn",
        ".hg",
        "CVS",
        "node_modules",
        "vendor",
        "target",
        "dist",
        "build",
        "__pycache__",
        "venv",
        ".venv",
        ".cache",
        ".snapshot",
        ".idea",
        ".tox",
        ".terraform",
    ];
    USUAL.contains(&name.trim_end_matches('/'))
}
