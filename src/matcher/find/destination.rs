//! Actions that have a target: `move … to archive/`, `copy … into backup`, `compress … into logs.tar.gz`.

use super::query::{Action, Query};
use super::words::is_variable;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Concept, Shape, concept as c};

/// Reads the verb and its target.
pub(super) fn destination(scan: &mut Scan<'_>, query: &mut Query) {
    if holds(scan, query) {
        return;
    }
    let verb = [c::MOVE, c::COPY, c::ARCHIVE, c::COMPRESS, c::LINK]
        .into_iter()
        .find_map(|verb| scan.position(verb).filter(|at| verb != c::LINK || links(scan, *at)).map(|at| (verb, at)));
    let tarred = scan.find_text(&["tar", "zip"]).filter(|at| {
        *at < 3 || scan.is_at(Scan::previous(*at), &[c::FIND]) || scan.says(Scan::previous(*at), &["and"])
    });
    let Some((verb, at)) = verb.or(tarred.map(|at| (c::ARCHIVE, at))) else { return };
    for cue in [c::TO, c::AS, c::IN, c::NAMED] {
        let found =
            if verb == c::LINK { links_in(scan, at).filter(|_| cue == c::IN) } else { target(scan, at, cue, verb) };
        let Some((to, value)) = found else { continue };
        let raw = scan.tokens[value].raw.clone();
        let is_tree = scan.find_run(&[
            &["keeping", "preserving", "preserve", "keep", "retaining", "with", "maintaining", "maintain"],
            &["folder", "directory", "path", "tree", "directories", "same"],
            &["structure", "hierarchy", "tree", "structures"],
        ]);
        let file = scan.tokens[value].shape == Shape::FileName && super::is_text_file(&raw);
        query.action = match verb {
            // Many files in one name would be all but one of them lost.
            c::MOVE | c::COPY if file && !is_archive(&raw) => {
                scan.take_all_text(&["one", "single"]);
                Action::JoinInto(raw)
            }
            _ if [c::ARCHIVE, c::COMPRESS].contains(&verb) => Action::ArchiveInto(raw),
            c::MOVE => Action::MoveTo(raw),
            c::LINK => Action::LinkIn(raw),
            _ if is_tree.is_some() => Action::CopyTreeTo(raw),
            _ => Action::CopyTo(raw),
        };
        if scan.take_text(&["flat", "flattened"]).is_some() {
            // `flat, no subfolders` is how they lie there, not where they come from.
            scan.take_any(&[c::TOPLEVEL]);
            query.depth = None;
        }
        if let Some((from, to)) = is_tree {
            scan.take_span(from, to);
        }
        scan.take_span(to, value);
        scan.take(at);
        if verb == c::LINK {
            // `links to all …`: what they lead to, not where they lie.
            scan.take_any(&[c::TO]);
            scan.take_text(&["symbolic", "soft"]);
            scan.take_any(&[c::CREATE]);
        }
        if [c::ARCHIVE, c::COMPRESS].contains(&verb) {
            scan.take_all_text(&[
                "named",
                "called",
                "gzip",
                "archive",
                "tar",
                "gzipped",
                "tarball",
                "single",
                "compressed",
            ]);
            scan.take_any(&[c::CREATE]);
            scan.take_any(&[c::COMPRESS]);
        }
        if scan.is_at(scan.after(value), &[c::FOLDER])
            && let Some(noun) = scan.after(value)
        {
            scan.take(noun);
        }
        return;
    }
}

// `all.tgz should contain every …`, `make src.zip of all …`
fn holds(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let named = |at: &usize| {
        matches!(scan.tokens[*at].shape, Shape::FileName | Shape::Path) && is_archive(&scan.tokens[*at].raw)
    };
    let Some(archive) = (0..scan.tokens.len()).find(named) else { return false };
    let makes = scan.is_at(scan.before_cues(archive), &[c::CREATE, c::ARCHIVE, c::COMPRESS, c::TAR_FILE, c::ZIP_FILE]);
    let behind = scan.after(archive);
    let of = makes && scan.is_at(behind, &[c::OF, c::FROM, c::WITH, c::CONTAIN]);
    let modal = (archive + 1..scan.tokens.len()).take(1).any(|at| matches!(scan.text(at), "should" | "must" | "shall"));
    let contains = modal && scan.is_at(behind, &[c::CONTAIN]);
    if !(of || contains) {
        return false;
    }
    query.action = Action::ArchiveInto(scan.tokens[archive].raw.clone());
    if makes {
        scan.take_each(scan.before_cues(archive));
        scan.take_any(&[c::CREATE]);
    }
    scan.take(archive);
    scan.take_each(behind);
    true
}

// `make links to all … in bin`: a verb of making says so.
fn links(scan: &Scan<'_>, at: usize) -> bool {
    // `a link to x` is one to x, and needs no search.
    let one = Scan::previous(at).is_some_and(|before| scan.tokens[before].text == "a");
    !one && at < 4 && (scan.is_at(scan.before_cues(at), &[c::CREATE]) || at == 0 && !scan.text(at).ends_with('s'))
}

// `links in bin to all …`; `links to all … of tools in bin`: of two places, the last.
fn links_in(scan: &Scan<'_>, verb: usize) -> Option<(usize, usize)> {
    let value = |cue: usize| {
        let mut value = scan.after(cue)?;
        while scan.is_at(Some(value), &[c::FOLDER]) {
            value = scan.after(value)?;
        }
        let token = &scan.tokens[value];
        let fits = matches!(token.shape, Shape::Path | Shape::Quoted | Shape::Place)
            || token.shape == Shape::Word && token.class > Class::Light && !token.is(c::FILE);
        (fits && scan.is_free(value)).then_some((cue, value))
    };
    let next = scan.after(verb)?;
    if scan.is_at(Some(next), &[c::IN]) {
        return value(next);
    }
    let places: Vec<usize> =
        (next + 1..scan.tokens.len()).filter(|at| scan.is_at(Some(*at), &[c::IN, c::OF, c::FROM])).collect();
    let [.., _, last] = places[..] else { return None };
    value(last).filter(|_| scan.is_at(Some(last), &[c::IN]))
}

fn target(scan: &Scan<'_>, at: usize, cue: Concept, verb: Concept) -> Option<(usize, usize)> {
    let archive = [c::ARCHIVE, c::COMPRESS].contains(&verb);
    // `collect … in x`
    let gathers = matches!(scan.text(at), "collect" | "gather");
    (0..scan.tokens.len()).rev().filter(|word| scan.tokens[*word].is(cue) && scan.is_free(*word)).find_map(|to| {
        let mut value = scan.after(to)?;
        while scan.is_at(Some(value), &[c::FOLDER, c::ARCHIVE, c::TAR_FILE, c::ZIP_FILE, c::FILE, c::NAMED, c::NEW])
            || ["single", "tar", "zip", "gzip", "gzipped", "compressed", "location", "path", "following"]
                .contains(&scan.text(value))
        {
            // `to archive folder`: a word before its noun is the name.
            let noun = scan.next(value).is_some_and(|noun| scan.is_at(Some(noun), &[c::FOLDER]));
            let ends = scan
                .next(value)
                .and_then(|noun| scan.next(noun))
                .is_none_or(|next| scan.tokens[next].class <= Class::Cue);
            if !archive && noun && ends && scan.is_at(Some(value), &[c::ARCHIVE]) {
                break;
            }
            // `move … to archive` ends in its target.
            let Some(next) = scan.after(value).filter(|_| value != at) else { break };
            value = next;
        }
        let token = &scan.tokens[value];
        let fits = to > at.saturating_sub(1)
            && scan.is_free(value)
            && value != at
            // Which one is not said.
            && !matches!(token.text.as_str(), "another" | "other" | "different" | "elsewhere" | "somewhere")
            && match token.shape {
                Shape::FileName => true,
                Shape::Path | Shape::Quoted | Shape::Place => !archive || is_archive(&token.raw),
                Shape::Word if is_variable(&token.raw) => true,
                Shape::Word => {
                    !archive
                        && token.class != Class::Stop
                        && !token.is(c::FILE)
                        && (cue != c::IN || verb != c::COPY || gathers)
                }
                _ => false,
            };
        // `files in src` tell where from.
        let from = cue == c::IN && !archive && !matches!(scan.text(to), "inside" | "within" | "in") && verb != c::LINK;

        (fits && !from && (!archive || is_archive(&token.raw) || is_variable(&token.raw))).then_some((to, value))
    })
}

fn is_archive(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"].iter().any(|ending| lower.ends_with(ending))
}
