//! Reads a question into a [`Query`].

use super::{Action, Query, Target, action, filter};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c, is_place};

/// A question read, and how well.
pub(super) struct Reading {
    pub(super) query: Query,
    pub(super) explained: f32,
    pub(super) unexplained: f32,
    pub(super) doubt: f32,
}

/// Reads the tokens; `None` when they are no question about files.
pub(super) fn read(tokens: &[Token]) -> Option<Reading> {
    let mut scan = Scan::new(tokens);
    let mut query = Query {
        target: Target::Any,
        names: Vec::new(),
        not_names: Vec::new(),
        sizes: Vec::new(),
        times: Vec::new(),
        newer_than: None,
        empty: false,
        executable: false,
        owner: None,
        mode: None,
        place: ".".to_owned(),
        depth: None,
        action: Action::List,
        ignore_case: scan.take_word(c::CASE_INSENSITIVE).is_some(),
    };
    let seeks = scan.has(c::FIND);
    action::destination(&mut scan, &mut query);
    action::text_inside(&mut scan, &mut query);
    filter::newer_than(&mut scan, &mut query);
    filter::times(&mut scan, &mut query);
    filter::sizes(&mut scan, &mut query);
    filter::depth(&mut scan, &mut query);
    filter::attributes(&mut scan, &mut query);
    let named = filter::names(&mut scan, &mut query, seeks);
    let placed = place(&mut scan, &mut query);
    let noun = noun(&mut scan, &mut query, named);
    action::action(&mut scan, &mut query)?;
    if !is_about_files(&query, seeks, noun || named) {
        return None;
    }
    // Nothing is folded away silently: what is left over is what the words around the query weigh.
    while scan.take_any(&[c::FIND, c::SHOW, c::RECURSIVE, c::ALL, c::NAME, c::EXIST, c::WHERE, c::CHECK]).is_some() {}
    if !placed {
        scan.take_any(&[c::COMPUTER, c::LOCAL]);
    }
    // A direction nobody took (`all flac to mp3`) asks for more than this.
    let directions = scan.count_free(&[c::TO, c::AS, c::BY]);
    let unexplained = scan.unexplained() + 0.5 * directions;
    Some(Reading { query, explained: scan.explained, unexplained, doubt: scan.doubt })
}

fn is_about_files(query: &Query, seeks: bool, noun: bool) -> bool {
    match &query.action {
        // Without a filter this is a plain listing, which has intents of its own.
        Action::List | Action::LongList | Action::BareNames => {
            (query.is_filtered() && (noun || seeks))
                || (seeks && noun && query.target != Target::Any)
                || query.depth.is_some() && noun
        }
        Action::Delete | Action::MoveTo(_) | Action::CopyTo(_) | Action::ArchiveInto(_) | Action::Chmod(_) => {
            query.is_filtered() && noun
        }
        Action::Count | Action::CountLines | Action::TotalSize => {
            noun && (query.is_filtered() || query.target != Target::Any)
        }
        Action::Sort(order) => noun && (query.is_filtered() || seeks || order.take.is_some()),
        Action::Containing(_) => noun,
    }
}

// The folder to look in: what stands after a preposition of place, or names a folder by itself.
fn place(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) && scan.tokens[at].concept.and_then(is_place).is_some() {
            return set_place(scan, query, at);
        }
    }
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        if !scan.is_free(at) || !could_be_folder(token) {
            continue;
        }
        let mut before = scan.before(at);
        let mut is_folder = scan.is_at(before, &[c::FOLDER]);
        if is_folder || scan.is_at(before, &[c::TREE]) {
            before = before.and_then(|before| scan.before(before));
        }
        is_folder |= scan.is_at(scan.after(at), &[c::FOLDER]);
        let cued = scan.is_at(before, &[c::IN, c::FROM, c::OF, c::ON, c::AT, c::RECURSIVE, c::TOPLEVEL]);
        let shaped = matches!(token.shape, Shape::Path | Shape::Quoted);
        // A word that means something else needs more than a preposition to be a folder.
        let known = token.concept.is_some() && !token.corrected;
        let fits = if known {
            cued && (is_folder || token.class != Class::Weak && scan.is_at(before, &[c::IN]))
        } else {
            cued
        };
        if fits || (shaped && (is_folder || token.shape == Shape::Path)) {
            if known && !is_folder {
                scan.doubt += 0.1;
            }
            if is_folder
                && let Some(noun) =
                    [scan.before(at), scan.after(at)].into_iter().flatten().find(|n| scan.tokens[*n].is(c::FOLDER))
            {
                scan.take(noun);
            }
            return set_place(scan, query, at);
        }
    }
    false
}

fn could_be_folder(token: &Token) -> bool {
    const NEVER: [crate::normalize::Concept; 11] = [
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
    ];
    if token.class <= Class::Cue {
        return false;
    }
    match token.shape {
        Shape::Path | Shape::Quoted | Shape::Place | Shape::FileName | Shape::Number(_) | Shape::Extension => true,
        Shape::Word => !token.text.contains(' ') && !token.concept.is_some_and(|known| NEVER.contains(&known)),
        _ => false,
    }
}

fn set_place(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> bool {
    query.place.clone_from(&scan.tokens[at].raw);
    scan.take(at);
    true
}

// What is looked for.
fn noun(scan: &mut Scan<'_>, query: &mut Query, named: bool) -> bool {
    let file = scan.take_word(c::FILE).is_some();
    while scan.take_word(c::FILE).is_some() {}
    // `a file in every folder`: both are only meant when they are named together.
    let together = scan
        .position(c::FOLDER)
        .is_some_and(|at| !file || scan.is_at(scan.before(at), &[c::FILE]) || scan.is_at(scan.after(at), &[c::FILE]));
    let folder = together && scan.take_word(c::FOLDER).is_some();
    let link = !folder && scan.take_word(c::LINK).is_some();
    query.target = match (file, folder, link) {
        (_, _, true) => Target::Link,
        (true, true, _) => Target::Any,
        (false, true, _) => Target::Folder,
        (true, false, _) => Target::File,
        _ if named || query.is_filtered() || query.action != Action::List => Target::File,
        _ => Target::Any,
    };
    file || folder || link
}
