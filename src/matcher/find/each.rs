//! What is done with each file by itself: a program, its first lines, its checksum, gzip.

use super::query::Action;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

// `compress each`, `touch all`, `md5 of every`, `first line of each`, `run x on each`
pub(super) fn each(scan: &mut Scan<'_>) -> Option<Action> {
    show(scan).or_else(|| checksum(scan)).or_else(|| compress(scan)).or_else(|| {
        let at = scan.find_text(&["touch"])?;
        scan.take(at);
        Some(Action::Touch)
    })
}

/// `run ./x.sh on each`.
pub(super) fn run(scan: &mut Scan<'_>) -> Option<Action> {
    let at = scan
        .position(c::RUN)
        .filter(|at| matches!(scan.text(*at), "run" | "execute" | "running" | "executing" | "invoke"))?;
    let mut value = scan.after(at)?;
    while scan.is_at(Some(value), &[c::SCRIPT, c::COMMAND, c::PACKAGE])
        || ["command", "script", "program"].contains(&scan.text(value))
    {
        value = scan.after(value)?;
    }
    let token = &scan.tokens[value];
    let program = match token.shape {
        Shape::FileName | Shape::Path | Shape::Quoted => true,
        Shape::Word => {
            token.concept.is_none()
                || scan.says(scan.next(value), &["command"])
                || matches!(token.text.as_str(), "stat" | "file" | "wc" | "md5sum" | "ls" | "du" | "dos2unix")
        }
        _ => false,
    };
    // `in every folder` is run there, not on it.
    let on = (value + 1..scan.tokens.len()).find(|at| scan.tokens[*at].class == Class::Cue);
    if !program
        || !scan.is_at(on, &[c::ON, c::FOR, c::WITH]) && !scan.has(c::FIND)
        || scan.says(on, &["in", "inside", "within"])
    {
        return None;
    }
    let raw = token.raw.clone();
    let mut words: Vec<String> =
        raw.split_whitespace().filter(|word| !matches!(*word, "{}" | "\\;" | ";")).map(str::to_owned).collect();
    // A script is run by its interpreter, or as a program of this folder.
    if let [script] = &mut words[..] {
        let ending = script.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
        if ending == "py" {
            words.insert(0, "python3".to_owned());
        } else if ending == "sh" && !script.contains('/') {
            *script = format!("./{script}");
        }
    }
    scan.take_span(at, value);
    scan.take_all_text(&["command", "each", "every", "one", "found", "separately"]);
    Some(Action::Run(words))
}

// `show the contents of`, `print the first 5 lines of each`
fn show(scan: &mut Scan<'_>) -> Option<Action> {
    let lines = scan.position(c::LINE).filter(|at| {
        let number = scan.number(Scan::previous(*at)).map_or(Scan::previous(*at), |_| at.checked_sub(2));
        scan.is_at(number, &[c::FIRST, c::LAST]) && scan.is_at(scan.next(*at), &[c::OF, c::IN, c::FROM])
    });
    if let Some(at) = lines {
        let number = scan.number(Scan::previous(at));
        let first = if number.is_some() { at - 2 } else { at - 1 };
        let head = scan.tokens[first].is(c::FIRST);
        scan.take_span(first, at);
        let count = number.unwrap_or(if scan.text(at) == "line" { 1 } else { 10 });
        scan.take_all_text(&["each", "every"]);
        return Some(if head { Action::Head(count) } else { Action::Tail(count) });
    }
    let contents = scan
        .find_text(&["contents", "content"])
        .filter(|at| scan.is_at(scan.next(*at), &[c::OF]))
        .or_else(|| scan.find_text(&["cat"]))?;
    scan.take(contents);
    Some(Action::Print)
}

fn checksum(scan: &mut Scan<'_>) -> Option<Action> {
    let tool = |text: &str| {
        Some(match text {
            "md5" | "md5sum" | "md5s" | "md5sums" => "md5sum",
            "sha1" | "sha1sum" => "sha1sum",
            "sha256" | "sha256sum" | "sha-256" => "sha256sum",
            _ => return None,
        })
    };
    if let Some((at, tool)) =
        (0..scan.tokens.len()).find_map(|at| tool(scan.text(at)).filter(|_| scan.is_free(at)).map(|tool| (at, tool)))
    {
        scan.take(at);
        scan.take_any(&[c::CHECKSUM]);
        scan.take_all_text(&["sum", "sums", "calculate", "compute", "create", "generate"]);
        return Some(Action::Checksum(tool));
    }
    if let Some((from, to)) = scan.find_run(&[&["type", "types"], &["file", "files", "each", "every", "all"]]) {
        let _ = to;
        scan.take(from);
        return Some(Action::FileType);
    }
    if scan.position(c::CHECKSUM).is_some() && scan.has(c::FILE) {
        scan.take_word(c::CHECKSUM);
        scan.take_all_text(&["calculate", "compute"]);
        return Some(Action::Checksum("sha256sum"));
    }
    None
}

fn compress(scan: &mut Scan<'_>) -> Option<Action> {
    let gunzip = scan.position(c::EXTRACT);
    if let Some(at) = gunzip {
        scan.take(at);
        return Some(Action::Decompress);
    }
    let tool = |text: &str| {
        Some(match text {
            "gzip" | "gz" => "gzip",
            "bzip2" => "bzip2",
            "xz" => "xz",
            _ => return None,
        })
    };
    let named =
        (0..scan.tokens.len()).find_map(|at| tool(scan.text(at)).filter(|_| scan.is_free(at)).map(|tool| (at, tool)));
    let verb = scan.position(c::COMPRESS).filter(|at| matches!(scan.text(*at), "compress" | "shrink" | "pack"));
    match (named, verb) {
        (Some((at, tool)), _)
            if at < 2 || verb.is_some() || scan.says(Scan::previous(at), &["and", "with", "using"]) =>
        {
            scan.take(at);
            scan.take_each(verb);
            scan.take_any(&[c::USE]);
            scan.take_all_text(&["each", "individually", "them", "separately"]);
            Some(Action::Compress(tool))
        }
        (None, Some(verb)) if scan.find_text(&["each", "every", "individually", "separately"]).is_some() => {
            scan.take(verb);
            scan.take_all_text(&["each", "every", "individually", "separately", "them"]);
            Some(Action::Compress("gzip"))
        }
        _ => None,
    }
}

/// `an empty .keep file in every folder`.
pub(super) fn touch_in(scan: &mut Scan<'_>) -> Option<Action> {
    let folder = (0..scan.tokens.len()).find(|at| {
        scan.tokens[*at].is(c::FOLDER)
            && scan.is_at(Scan::previous(*at), &[c::ALL])
            && (at.saturating_sub(4)..*at)
                .any(|before| scan.is_at(Some(before), &[c::IN, c::TO]) && scan.text(before) != "below")
    })?;
    let name = (0..folder).rev().find(|at| {
        matches!(scan.tokens[*at].shape, Shape::FileName | Shape::Extension | Shape::Quoted)
            || scan.tokens[*at].shape == Shape::Path
                && scan.tokens[*at].raw.starts_with('.')
                && !scan.tokens[*at].raw.contains('/')
    })?;
    let makes = (0..name).find(|at| {
        scan.is_at(Some(*at), &[c::CREATE, c::EMPTY, c::MOVE])
            || matches!(scan.text(*at), "put" | "touch" | "place" | "add" | "drop")
    })?;
    // What is found is not made.
    if scan.has(c::FIND) || scan.has(c::DELETE) || scan.has(c::COPY) {
        return None;
    }
    let raw = scan.tokens[name].raw.clone();
    scan.take(makes);
    scan.take(name);
    scan.take_any(&[c::EMPTY]);
    scan.take_any(&[c::NEW]);
    if scan.is_at(scan.next(name), &[c::FILE]) {
        scan.take(name + 1);
    }
    if scan.is_at(Scan::previous(name), &[c::FILE, c::NAMED]) {
        scan.take(name - 1);
    }
    scan.take_any(&[c::FILE]);
    Some(Action::TouchIn(raw))
}
