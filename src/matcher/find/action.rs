//! What to do with the hits.

use super::query::{Action, Key, Query};
use super::{each, order};
use crate::matcher::scan::Scan;
use crate::normalize::concept as c;

/// The action, when none was found yet; `None` when the question asks for something files cannot do.
pub(super) fn action(scan: &mut Scan<'_>, query: &mut Query) -> Option<()> {
    if scan.take_word(c::DELETE).is_some() {
        let asks =
            scan.find_text(&["confirmation", "prompt", "prompting", "asking", "confirm", "ask", "interactively"]);
        if let Some(at) = asks {
            let not = scan.take_negation(at);
            scan.take(at);
            scan.take_all_text(&["before", "confirm", "each", "prompt", "user", "after"]);
            query.action = if not { Action::Delete } else { Action::DeleteAsking };
            return Some(());
        }
        if query.action != Action::List {
            return None;
        }
        query.action = Action::Delete;
        scan.take_all_text(&["forcefully", "force", "forcibly", "them"]);
        return Some(());
    }
    if query.action != Action::List {
        return Some(());
    }
    let order = order::order(scan);
    // The size of a folder is the size of what is in it, which find does not know.
    if order.is_some_and(|order| order.by == Key::Size) && scan.has(c::FOLDER) && !scan.has(c::FILE) {
        return None;
    }
    query.action = order
        .map(Action::Sort)
        .or_else(|| each::each(scan))
        .or_else(|| count(scan))
        .or_else(|| total(scan))
        .or_else(|| listing(scan))
        .unwrap_or(Action::List);
    Some(())
}

fn count(scan: &mut Scan<'_>) -> Option<Action> {
    let at = scan.take_word(c::COUNT)?;
    let each = (0..scan.tokens.len()).find(|at| matches!(scan.text(*at), "each" | "every" | "per" | "individual"));
    if let Some(line) = scan.position(c::LINE) {
        scan.take(line);
        return Some(match each {
            // `the lines of every file`, all taken together, needs to say so.
            Some(each) if scan.take_word(c::TOGETHER).is_none() => {
                scan.take(each);
                Action::LinesOfEach
            }
            _ => {
                scan.take_word(c::TOGETHER);
                Action::CountLines
            }
        });
    }
    if let Some(word) = scan.position(c::WORD) {
        scan.take(word);
        scan.take_each(each);
        let together = scan.take_word(c::TOGETHER).is_some();
        return Some(if each.is_some() && !together { Action::Each("wc -w".to_owned()) } else { Action::CountWords });
    }
    // Characters, hits of a text: another question.
    if scan.position(c::CHARACTER).is_some() || each.is_some_and(|each| each > at && scan.text(each) != "every") {
        return None;
    }
    scan.take_word(c::TOGETHER);
    Some(if scan.take_word(c::BYTE).is_some() { Action::TotalSize } else { Action::Count })
}

fn total(scan: &mut Scan<'_>) -> Option<Action> {
    if let Some((from, to)) = scan.find_run(&[&["disk"], &["usage", "space"]]) {
        scan.take_span(from, to);
        scan.take_all_text(&["used", "total"]);
        return Some(Action::DiskUsage);
    }
    let at = scan.position(c::SIZE)?;
    // `names and sizes`, `with their size`
    if scan.has(c::NAME)
        || scan.text(at) == "sizes" && scan.says(Scan::previous(at), &["their"])
        || scan.text(at) == "sizes" && scan.tokens.iter().any(|token| token.text == "path" || token.text == "paths")
    {
        scan.take(at);
        scan.take_any(&[c::NAME]);
        scan.take_any(&[c::BYTE]);
        scan.take_all_text(&["path", "paths", "their"]);
        return Some(Action::SizesAndNames);
    }
    if scan.is_at(scan.before(at), &[c::WITH]) {
        scan.take(at);
        return Some(Action::LongList);
    }
    // The size of a folder is that of what is in it, which a search does not know.
    if scan.has(c::FOLDER) && !scan.has(c::FILE) {
        return None;
    }
    let adds = scan.take_word(c::TOGETHER).is_some()
        || scan.take_word(c::ALL).is_some()
        || scan.tokens[at].text.starts_with("how");
    adds.then(|| {
        scan.take(at);
        scan.take_any(&[c::DISK]);
        scan.take_any(&[c::SPACE]);
        Action::TotalSize
    })
}

fn listing(scan: &mut Scan<'_>) -> Option<Action> {
    if let Some((from, to)) =
        scan.find_run(&[&["long", "detailed", "full"], &["list", "listing", "format", "details", "lists"]])
    {
        scan.take_span(from, to);
        scan.take_all_text(&["format", "listing"]);
        return Some(Action::LongList);
    }
    if scan.take_run(&[&["in"], &["detail", "details"]]).is_some()
        || scan.take_run(&[&["ls"], &["-l", "-lh", "-la"]]).is_some()
    {
        return Some(Action::LongList);
    }
    let null = scan.find_text(&["print0", "null", "zeroes", "zeros", "nul"]);
    if let Some(at) = null {
        scan.take(at);
        scan.take_all_text(&[
            "separated",
            "delimited",
            "terminated",
            "character",
            "characters",
            "byte",
            "delimiter",
            "separator",
            "bytes",
            "char",
        ]);
        scan.take_any(&[c::CHARACTER, c::BYTE]);
        return Some(Action::NullSeparated);
    }
    let named =
        scan.has(c::NAME) || scan.tokens.iter().any(|token| token.text == "file names" || token.text == "filenames");
    let bare = (scan.has(c::ONLY) || scan.find_text(&["bare", "just"]).is_some()) && named
        || scan.take_text(&["basename", "basenames"]).is_some()
        || scan.find_run(&[&["without"], &["path", "paths", "leading", "directory"]]).is_some();
    if bare {
        scan.take_word(c::ONLY);
        scan.take_word(c::NAME);
        scan.take_run(&[&["without", "no"], &["path", "paths", "directory", "leading"]]);
        scan.take_all_text(&["bare", "just"]);
        scan.take_all_text(&["path", "paths", "leading", "base", "part"]);
        return Some(Action::BareNames);
    }
    if let Some((from, to)) = scan
        .find_run(&[
            &["folders", "directories"],
            &["contain", "containing", "with", "holding", "have", "having"],
            &["file", "files"],
        ])
        .or_else(|| scan.find_run(&[&["parent", "parents"], &["folders", "directories", "folder", "directory"]]))
    {
        scan.take_span(from, to);
        return Some(Action::Parents);
    }
    let at = scan.take_any(&[c::DETAIL])?;
    let _ = at;
    Some(Action::LongList)
}
