//! Names that are told by what they look like: `*.c`, `.c files`, `notes.txt`, `python files`.

use super::exclusion::is_usual;
use super::family;
use super::name::{Found, Part, add, escape};
use super::query::Query;
use super::words::is_variable;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Concept, Shape, Token, concept as c};

// `in Pictures`: a word after `in` is a folder, unless files stand behind it.
pub(super) fn is_place_word(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    let folder = scan.is_at(scan.after(at), &[c::FOLDER]) && token.shape != Shape::Glob
        || scan.is_at(Scan::previous(at), &[c::FOLDER]);
    // `lines of python code`, but `jpegs of Photos`.
    let of = scan.is_at(scan.before(at), &[c::OF]) && token.raw.starts_with(char::is_uppercase);
    let cued = (of || scan.is_at(scan.before(at), &[c::IN, c::FROM])) && !scan.is_at(scan.after(at), &[c::FILE]);
    (cued || folder && scan.is_at(scan.before(at), &[c::IN, c::FROM, c::OF, c::FOLDER]))
        && matches!(token.shape, Shape::Word | Shape::Path | Shape::FileName | Shape::Extension)
        && token.concept != Some(c::NAMED)
}

pub(super) fn shaped(scan: &mut Scan<'_>, query: &mut Query, found: &mut Vec<Found>, at: usize, seeks: bool) -> bool {
    let token = &scan.tokens[at];
    let raw = token.raw.clone();
    let noun = scan.next(at).filter(|next| scan.is_at(Some(*next), &[c::FILE, c::FOLDER]));
    let listed = (at + 1..scan.tokens.len()).take(6).find(|next| {
        !matches!(scan.text(*next), "and" | "or")
            && scan.tokens[*next].shape != Shape::Extension
            && !is_extension_word(scan, *next)
    });
    let listed = scan.is_at(listed, &[c::FILE]);
    match token.shape {
        Shape::Glob => {
            if let Some((folder, glob)) = raw.rsplit_once('/') {
                query.places.push(folder.to_owned());
                add(scan, found, at, Part::Whole, vec![glob.to_owned()], false);
            } else {
                add(scan, found, at, Part::Whole, vec![raw], false);
            }
        }
        Shape::Extension => {
            let hidden = scan.is_at(Some(at + 1), &[c::FOLDER])
                || (scan.is_at(Scan::previous(at), &[c::FILE, c::FOLDER, c::NAMED]) && !is_extension_name(&raw[1..]));
            if hidden {
                add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
            } else {
                add(scan, found, at, Part::Extension, vec![format!("*{raw}")], false);
            }
        }
        // `all files except notes.txt and Makefile`
        Shape::FileName | Shape::Quoted | Shape::Word if noun.is_none() && is_left_out(scan, found, at) => {
            add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
        }
        Shape::FileName if seeks || noun.is_some() => {
            if scan.is_at(scan.before(at), &[c::IN, c::FROM, c::OF]) && noun.is_none() {
                return false;
            }
            add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
        }
        // `'.js' files`, `the ".py" extension`
        Shape::Quoted
            if is_dotted(&raw)
                && (noun.is_some() || scan.is_at(scan.next(at), &[c::EXTENSION]) || !seeks || listed) =>
        {
            add(scan, found, at, Part::Extension, vec![format!("*{raw}")], false);
        }
        Shape::Quoted if raw.contains('*') && !raw.contains('/') => add(scan, found, at, Part::Whole, vec![raw], false),
        Shape::Word | Shape::Quoted
            if scan.is_at(scan.next(at), &[c::EXTENSION]) && raw.len() <= 6 && token.class >= Class::Content =>
        {
            add(scan, found, at, Part::Extension, vec![format!("*.{}", escape(&raw))], false);
        }
        // `'notes' files`, `file "notes"`
        Shape::Quoted
            if (noun.is_some() && !raw.contains('/'))
                || (scan.is_at(Scan::previous(at), &[c::FILE]) && seeks && !raw.contains('/')) =>
        {
            let glob = if raw.contains('*') { raw } else { escape(&raw) };
            add(scan, found, at, Part::Whole, vec![glob], false);
        }
        Shape::Path
            if raw.contains('/') && raw.split('/').all(|part| is_extension_name(part.trim_start_matches('.'))) =>
        {
            let globs =
                raw.split('/').map(|part| format!("*.{}", part.trim_start_matches('.').to_lowercase())).collect();
            add(scan, found, at, Part::Extension, globs, false);
        }
        // `lock the screen`: a verb, unless files are said to end so.
        Shape::Word if token.raw.eq_ignore_ascii_case("lock") && noun.is_none() && !listed => return false,
        Shape::Word if is_extension_name(&token.raw) && (token.raw.len() > 1 || listed) => {
            // Cameras and Windows write them in capitals, and so did the question.
            let lower = raw.to_lowercase();
            let any_case = family::is_media(&lower) || raw.len() > 1 && raw.chars().all(|c| c.is_ascii_uppercase());
            add(scan, found, at, Part::Extension, vec![format!("*.{lower}")], any_case);
        }
        // `TODO files`, `core files`: a name nobody knows another meaning of.
        Shape::Word if noun.is_some() && seeks && is_variable_name(token) => {
            add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
        }
        // `every __pycache__ folder`
        Shape::Word
            if scan.is_at(noun, &[c::FOLDER])
                && scan.is_at(Scan::previous(at), &[c::ALL])
                && (token.concept.is_none() && token.class == Class::Unknown || is_usual(&raw)) =>
        {
            add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
        }
        Shape::Word if is_variable(&raw) && noun.is_some() => add(scan, found, at, Part::Whole, vec![raw], false),
        // `the file core`
        Shape::Word
            if scan.is_at(Scan::previous(at), &[c::FILE])
                && scan.text(at - 1) == "file"
                && seeks
                && token.concept.is_none()
                && token.class == Class::Unknown =>
        {
            add(scan, found, at, Part::Whole, vec![escape(&raw)], false);
        }
        _ => return false,
    }
    scan.take(at);
    true
}

fn is_left_out(scan: &Scan<'_>, found: &[Found], at: usize) -> bool {
    let token = &scan.tokens[at];
    let named = match token.shape {
        Shape::FileName => true,
        Shape::Quoted => !token.raw.contains(['/', '*']) && !is_dotted(&token.raw),
        _ => token.class == Class::Unknown && token.concept.is_none() && !is_extension_name(&token.raw),
    };
    let mut before = scan.before(at);
    while scan.is_at(before, &[c::FILE, c::FOR, c::NAMED]) {
        before = before.and_then(|word| scan.before(word));
    }
    let joined =
        matches!(scan.text(at.saturating_sub(1)), "and" | "or" | "nor") && found.last().is_some_and(|last| last.not);
    // A plain word may be a folder, and then `everything` is not only files.
    let nouns: &[Concept] = if token.shape == Shape::Word { &[c::FILE] } else { &[c::FILE, c::ALL, c::FOLDER] };
    let whole = (0..at).any(|word| scan.is_at(Some(word), nouns));
    named && whole && (joined || before.is_some_and(|not| scan.is_no(not)))
}

fn is_dotted(raw: &str) -> bool {
    raw.strip_prefix('.')
        .is_some_and(|ending| (1..=5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric()))
}

fn is_variable_name(token: &Token) -> bool {
    token.raw == "core"
        || token.concept.is_none()
            && token.class == Class::Unknown
            && !token.corrected
            && (token.raw.chars().skip(1).any(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
}

fn is_extension_word(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    token.shape == Shape::Word && is_extension_name(&token.raw)
}

// `c` and `h` too.
pub(super) fn is_extension_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    family::is_extension(&lower)
        || matches!(
            lower.as_str(),
            "c" | "h"
                | "o"
                | "r"
                | "py"
                | "js"
                | "ts"
                | "txt"
                | "html"
                | "css"
                | "md"
                | "xml"
                | "json"
                | "java"
                | "php"
                | "log"
                | "pdf"
                | "png"
                | "gif"
                | "jpeg"
                | "zip"
                | "rb"
                | "go"
                | "rs"
                | "pl"
        )
}

pub(super) fn of_family(scan: &mut Scan<'_>, found: &mut Vec<Found>, at: usize, seeks: bool) -> bool {
    const NOUNS: [Concept; 4] = [c::FILE, c::SCRIPT, c::CODE, c::DOCUMENT];
    let Some(family) = scan.tokens[at].concept.filter(|_| scan.text(at) != "set").and_then(family::extensions) else {
        return false;
    };
    let noun = scan.after(at).filter(|after| scan.is_at(Some(*after), &NOUNS));
    // `and archive them`
    if scan.tokens[at].is(c::ARCHIVE) && !scan.text(at).ends_with('s') && noun.is_none() {
        return false;
    }
    // `jpg and png files`: the noun stands behind the last of them.
    let listed = (at + 1..scan.tokens.len())
        .take(4)
        .any(|next| scan.tokens[next].is(c::FILE) || scan.text(next).ends_with(" files"));
    // What is done with files says that files are meant: `find logs`, `delete logs older than …`.
    let acts = seeks
        || scan.has(c::DELETE)
        || scan.has(c::MOVE)
        || scan.has(c::COPY)
        || scan.has(c::COUNT)
        || scan.has(c::EXECUTABLE);
    let says_file = scan.tokens[at].text.contains("file") || (acts && family::is_noun(scan.tokens[at].concept));
    if !family.alone && noun.is_none() && !listed && !says_file {
        return false;
    }
    // `image.png`'s family is only the noun when the extensions are said: `png and jpg images`.
    let broad = family.list.len() > 2
        && found.iter().any(|found| {
            found.globs.iter().any(|glob| glob.strip_prefix("*.").is_some_and(|e| family.list.contains(&e)))
        });
    if broad {
        scan.take(at);
        return true;
    }
    let globs = family.list.iter().map(|extension| format!("*.{extension}")).collect();
    add(scan, found, at, Part::Extension, globs, family.any_case);
    scan.take(at);
    if let Some(noun) = noun.filter(|noun| !scan.tokens[*noun].is(c::FILE)) {
        scan.take(noun);
    }
    true
}
