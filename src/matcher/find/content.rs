//! What is in the files: those that contain a text, the lines that do, a text replaced.

use super::query::{Action, Query};
use super::words::is_variable;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Concept, Shape, Token, concept as c};

const NOUNS: [Concept; 5] = [c::WORD, c::TEXT, c::WITH, c::LINE, c::FOR];
const TEXTS: [&str; 19] = [
    "string",
    "strings",
    "pattern",
    "word",
    "text",
    "phrase",
    "keyword",
    "regex",
    "term",
    "expression",
    "substring",
    "characters",
    "the",
    "a",
    "word's",
    "lines",
    "line",
    "occurrences",
    "content",
];

/// Reads a text that is looked for in the files, or replaced there.
pub(super) fn contents(scan: &mut Scan<'_>, query: &mut Query) {
    if !replace(scan, query) && !containing(scan, query) {
        searched(scan, query);
    }
}

fn value(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut value = scan.next(at)?;
    while scan.is_at(Some(value), &NOUNS)
        || TEXTS.contains(&scan.text(value)) && scan.tokens[value].shape != Shape::Quoted
        || scan.is_at(Some(value), &[c::CASE_INSENSITIVE])
        || scan.tokens[value].class == Class::Stop
    {
        value = scan.next(value)?;
    }
    Some(value)
}

fn is_text(token: &Token) -> bool {
    match token.shape {
        Shape::Word => token.class == Class::Unknown && token.concept.is_none() || is_variable(&token.raw),
        Shape::Quoted | Shape::FileName | Shape::Host | Shape::Ip | Shape::Login | Shape::Url => true,
        _ => false,
    }
}

// A word that means something else is a text only where nothing else can stand.
fn could_be_text(token: &Token) -> bool {
    const NEVER: [Concept; 8] = [c::FILE, c::FOLDER, c::LINK, c::ALL, c::LINE, c::NAMED, c::PERMISSION, c::SIZE];
    is_text(token)
        || matches!(token.shape, Shape::Word | Shape::Number(_) | Shape::Url)
            && token.class >= Class::Content
            && !token.text.contains(' ')
            && !NEVER.iter().any(|concept| token.is(*concept))
}

// `replace a with b in all c files`
fn replace(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let Some(at) = scan.position(c::REPLACE).or_else(|| scan.find_text(&["change", "replacing"])) else { return false };
    let sure = scan.tokens[at].is(c::REPLACE);
    let fits = |token: &Token| is_text(token) || sure && could_be_text(token);
    let Some(old) = value(scan, at).filter(|old| fits(&scan.tokens[*old])) else { return false };
    let swaps = scan.text(at).starts_with("swap") || scan.text(at) == "exchange";
    let Some(with) = scan.next(old).filter(|with| {
        scan.is_at(Some(*with), &[c::WITH, c::BY, c::TO]) || swaps && scan.is_at(Some(*with), &[c::FOR])
    }) else {
        return false;
    };
    let Some(new) = value(scan, with).filter(|new| fits(&scan.tokens[*new])) else { return false };
    // In the names is another question.
    if scan.tokens.iter().any(|token| token.is(c::NAME))
        || [old, new].iter().any(|word| scan.tokens[*word].shape == Shape::Extension)
    {
        return false;
    }
    query.action = Action::Replace { old: scan.tokens[old].raw.clone(), new: scan.tokens[new].raw.clone() };
    scan.take_span(at, new);
    scan.take_all_text(&["occurrences", "occurrence", "instances", "place"]);
    true
}

// `containing TODO`, `that mention "foo bar"`, `without the word x`
fn containing(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let without = (0..scan.tokens.len()).find(|at| {
        scan.is_free(*at)
            && scan.text(*at) == "without"
            && scan.next(*at).is_some_and(|next| {
                let noun = if scan.tokens[next].class == Class::Stop { next + 1 } else { next };
                ["word", "text", "string", "phrase"].contains(&scan.text(noun))
            })
    });
    let Some(at) = scan.position(c::CONTAIN).or(without) else { return false };
    let Some(value) = value(scan, at) else { return false };
    let token = &scan.tokens[value];
    // What is contained in a name is no text of the file; files that contain files are folders.
    let in_name = (at.saturating_sub(4)..scan.tokens.len().min(value + 6)).any(|word| {
        scan.is_at(Some(word), &[c::NAME])
            || matches!(scan.text(word), "filename" | "filenames" | "path" | "paths" | "pathname")
    });
    let noun = value > at + 1
        && (at + 1..value).any(|word| {
            TEXTS.contains(&scan.text(word)) && !matches!(scan.text(word), "the" | "a")
                || scan.is_at(Some(word), &NOUNS)
        });
    // `that do not contain import`: nothing else can stand at the end.
    let ends = value == at + 1
        && scan.next(value).is_none_or(|next| scan.is_at(Some(next), &[c::IN, c::FROM]))
        && scan.tokens.iter().any(|token| token.is(c::FILE));
    let fits = is_text(token)
        || (noun || ends)
            && token.class == Class::Content
            && !token.text.contains(' ')
            && !scan.is_at(Some(value), &[c::FILE, c::FOLDER]);
    if in_name || !fits || scan.is_at(scan.next(value), &[c::FILE, c::FOLDER]) {
        return false;
    }
    let raw = token.raw.clone();
    let not = scan.take_negation(at) || Some(at) == without;
    scan.take_span(at, value);
    // `lines containing x`
    let lines = scan.is_at(scan.before(at), &[c::LINE]) && at > 0;
    if lines {
        scan.take(at - 1);
    }
    query.action = match (not, lines) {
        (true, _) => Action::NotContaining(raw),
        (_, true) => Action::Grep { text: raw, numbered: false },
        _ => Action::Containing(raw),
    };
    if !lines && scan.take_word(c::COUNT).is_some() {
        query.counted = true;
    }
    scan.take_all_text(&["inside", "somewhere", "contents", "their"]);
    scan.take_any(&[c::CONTENTS]);
    true
}

// `search for x in all c files`, `grep x in …`
fn searched(scan: &mut Scan<'_>, query: &mut Query) {
    let grep = scan.find_text(&["grep"]);
    let verb = grep.or_else(|| {
        (0..scan.tokens.len()).find(|at| {
            scan.is_free(*at) && scan.tokens[*at].is(c::FIND) && scan.text(*at).contains("search")
                || scan.text(*at).contains("look for")
        })
    });
    let Some(at) = verb else { return };
    // `find all c files and search them for x`, `search all c files for x`
    let cued = (at + 1..scan.tokens.len()).find(|word| {
        scan.tokens[*word].is(c::FOR)
            && (at + 1..*word).any(|file| {
                scan.is_at(Some(file), &[c::FILE])
                    || matches!(scan.text(file), "them" | "those" | "these" | "each" | "through")
            })
    });
    let start = cued.unwrap_or(at);
    let Some(value) = value(scan, start).filter(|value| {
        let token = &scan.tokens[*value];
        let alone = cued.is_some() || scan.is_at(scan.next(*value), &[c::IN]);
        (is_text(token) || alone && could_be_text(token)) && scan.is_free(*value)
    }) else {
        return;
    };
    // `search for the string x`: a noun or quotes tell a text from a name.
    let noun = (start + 1..value).any(|word| {
        TEXTS.contains(&scan.text(word)) && !matches!(scan.text(word), "the" | "a")
            || scan.is_at(Some(word), &[c::WORD, c::TEXT])
    });
    let quoted = scan.tokens[value].shape == Shape::Quoted;
    let in_files = scan.is_at(scan.next(value), &[c::IN]);
    let file_first = scan.is_at(scan.next(value), &[c::FILE, c::FOLDER])
        || scan.is_at(Scan::previous(value), &[c::FILE, c::FOLDER, c::NAMED]);
    if file_first
        || !(noun
            || quoted && (in_files || cued.is_some())
            || grep.is_some()
            || cued.is_some()
            || in_files && scan.tokens.iter().skip(value).any(|token| token.is(c::FILE)))
    {
        return;
    }
    let text = scan.tokens[value].raw.clone();
    let number = scan.find_run(&[&["line", "lines"], &["numbers", "number"]]);
    if let Some((from, to)) = number {
        scan.take_span(from, to);
    }
    let names = scan
        .find_run(&[&["file"], &["names", "name"]])
        .filter(|(from, _)| scan.is_at(Scan::previous(*from), &[c::SHOW, c::ONLY]));
    query.action = match names {
        Some((_, to)) => {
            scan.take(to);
            Action::Containing(text)
        }
        None => Action::Grep { text, numbered: number.is_some() },
    };
    scan.take(at);
    scan.take_span(start, value);
    scan.take_all_text(&["occurrences", "them", "those"]);
}
