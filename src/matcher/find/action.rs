//! What to do with the hits.

use super::{Action, Key, Name, Order, Query, filter};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// `move … to archive/`, `copy … into backup`, `compress … into logs.tar.gz`, and `chmod` with its mode.
pub(super) fn destination(scan: &mut Scan<'_>, query: &mut Query) {
    let verb = [c::MOVE, c::COPY, c::ARCHIVE, c::COMPRESS]
        .into_iter()
        .find_map(|verb| scan.position(verb).map(|at| (verb, at)));
    let Some((verb, at)) = verb else {
        chmod(scan, query);
        return;
    };
    for cue in [c::TO, c::AS, c::IN] {
        let Some(to) = (at..scan.tokens.len()).rev().find(|word| scan.tokens[*word].is(cue)) else { continue };
        let Some(mut value) = scan.after(to) else { continue };
        while scan.is_at(Some(value), &[c::FOLDER, c::ARCHIVE, c::TAR_FILE, c::ZIP_FILE, c::FILE, c::NAMED, c::NEW])
            && value != at
        {
            // `move … to archive` ends in its target.
            let Some(next) = scan.after(value) else { break };
            value = next;
        }
        let token = &scan.tokens[value];
        let archive = [c::ARCHIVE, c::COMPRESS].contains(&verb);
        let fits = match token.shape {
            Shape::FileName => true,
            Shape::Path | Shape::Quoted | Shape::Place => !archive || is_archive(&token.raw),
            Shape::Word => !archive && token.class != Class::Stop,
            _ => false,
        };
        if !fits || (archive && !is_archive(&token.raw)) {
            continue;
        }
        let target = token.raw.clone();
        query.action = match verb {
            _ if archive => Action::ArchiveInto(target),
            _ if verb == c::MOVE => Action::MoveTo(target),
            _ => Action::CopyTo(target),
        };
        (to..=value).chain([at]).for_each(|word| scan.take(word));
        if scan.is_at(scan.after(value), &[c::FOLDER])
            && let Some(noun) = scan.after(value)
        {
            scan.take(noun);
        }
        return;
    }
}

fn is_archive(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz"].iter().any(|ending| lower.ends_with(ending))
}

fn chmod(scan: &mut Scan<'_>, query: &mut Query) {
    if scan.has(c::CREATE) && scan.has(c::EXECUTABLE) {
        scan.take_any(&[c::CREATE]);
        scan.take_any(&[c::EXECUTABLE]);
        query.action = Action::Chmod("+x".to_owned());
    }
}

/// `containing TODO`: a text in the file, or a part of its name when the question says so.
pub(super) fn text_inside(scan: &mut Scan<'_>, query: &mut Query) {
    let Some(at) = scan.position(c::CONTAIN) else { return };
    let Some(mut value) = scan.after(at) else { return };
    while scan.is_at(Some(value), &[c::WORD, c::TEXT, c::WITH, c::LINE]) {
        let Some(next) = scan.after(value) else { return };
        scan.take(value);
        value = next;
    }
    let name = scan.position(c::NAME).or_else(|| scan.position(c::NAMED));
    let token = &scan.tokens[value];
    let is_text = match token.shape {
        Shape::Quoted => true,
        // Files that contain files are folders: `folders containing python files`.
        _ if scan.is_at(scan.after(value), &[c::FILE]) => false,
        _ => {
            token.class == Class::Unknown
                || name.is_some()
                || (value > at + 1 && token.class == Class::Content && !token.text.contains(' '))
        }
    };
    if !is_text
        || scan.is_at(Some(value), &[c::FILE, c::FOLDER, c::NOT, c::LARGER, c::SMALLER, c::IMAGE_FILE, c::VIDEO])
    {
        return;
    }
    let raw = token.raw.clone();
    scan.take(at);
    scan.take(value);
    if let Some(name) = name {
        scan.take(name);
        query.names.push(Name { glob: format!("*{}*", filter::escape(&raw)), ignore_case: query.ignore_case });
    } else {
        query.action = Action::Containing(raw);
    }
}

/// The action, when none was found with its destination; `None` when the question asks for something files cannot do.
pub(super) fn action(scan: &mut Scan<'_>, query: &mut Query) -> Option<()> {
    if scan.take_word(c::DELETE).is_some() {
        if query.action != Action::List {
            return None;
        }
        query.action = Action::Delete;
        return Some(());
    }
    if query.action != Action::List {
        return Some(());
    }
    let order = order(scan);
    // The size of a folder is the size of what is in it, which find does not know.
    if order.is_some_and(|order| order.by == Key::Size) && scan.has(c::FOLDER) && !scan.has(c::FILE) {
        return None;
    }
    query.action = order
        .map(Action::Sort)
        .or_else(|| count(scan))
        .or_else(|| total(scan))
        .or_else(|| listing(scan))
        .unwrap_or(Action::List);
    Some(())
}

fn count(scan: &mut Scan<'_>) -> Option<Action> {
    scan.take_word(c::COUNT)?;
    // Lines for each file are another question than lines in all.
    let each = scan.tokens.iter().any(|token| matches!(token.text.as_str(), "each" | "every" | "per"));
    if !each && scan.take_word(c::LINE).is_some() {
        return Some(Action::CountLines);
    }
    scan.take_word(c::TOGETHER);
    Some(if scan.take_word(c::BYTE).is_some() { Action::TotalSize } else { Action::Count })
}

fn total(scan: &mut Scan<'_>) -> Option<Action> {
    let at = scan.position(c::SIZE)?;
    // `with their size` lists; `the size of` adds up.
    if scan.is_at(scan.before(at), &[c::WITH]) || scan.has(c::NAME) {
        scan.take(at);
        return Some(Action::LongList);
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
    if scan.has(c::ONLY) && scan.has(c::NAME) {
        scan.take_word(c::ONLY);
        scan.take_word(c::NAME);
        return Some(Action::BareNames);
    }
    scan.take_any(&[c::DETAIL]).map(|_| Action::LongList)
}

fn order(scan: &mut Scan<'_>) -> Option<Order> {
    let superlative = [
        (c::LARGEST, Key::Size, true),
        (c::SMALLEST, Key::Size, false),
        (c::NEWEST, Key::Time, true),
        (c::OLDEST, Key::Time, false),
    ]
    .into_iter()
    .find_map(|(word, key, descending)| scan.take_word(word).map(|at| (at, key, descending)));
    let (at, by, descending) = match superlative {
        Some(found) => found,
        None => sorted_by(scan)?,
    };
    let mut take = None;
    for number in 0..scan.tokens.len() {
        if let Shape::Number(count) = scan.tokens[number].shape
            && scan.is_free(number)
        {
            scan.take(number);
            scan.take_any(&[c::FIRST]);
            take = Some(count);
            break;
        }
    }
    // `the largest file` is one.
    if take.is_none()
        && superlative.is_some()
        && scan.tokens.iter().skip(at).any(|token| matches!(token.text.as_str(), "file" | "folder" | "directory"))
    {
        take = Some(1);
    }
    if by == Key::Size {
        scan.take_any(&[c::SIZE]);
    } else {
        scan.take_any(&[c::MODIFIED]);
    }
    Some(Order { by, descending, take })
}

fn sorted_by(scan: &mut Scan<'_>) -> Option<(usize, Key, bool)> {
    let at = scan.take_word(c::SORT)?;
    let key = if scan.take_any(&[c::SIZE]).is_some() {
        Key::Size
    } else if scan.take_any(&[c::NAME]).is_some() {
        Key::Name
    } else {
        scan.take_any(&[c::DATE, c::TIME, c::MODIFIED, c::NEWEST])?;
        scan.take_any(&[c::MODIFIED, c::DATE, c::TIME]);
        Key::Time
    };
    let ascending = scan.take_any(&[c::REVERSE]).is_some() != (key == Key::Name);
    Some((at, key, !ascending))
}
