//! Which commits: how many, when, by whom, with what.

use super::Query;
use crate::matcher::git::revision;
use crate::matcher::scan::Scan;
use crate::matcher::stretch;
use crate::matcher::value::Form;
use crate::normalize::{Class, Shape, concept as c};

// `the last 5 commits`, `5 most recent commits`.
pub(super) fn take(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        let Shape::Number(count) = scan.tokens[at].shape else { continue };
        let beside = [scan.before(at), scan.after(at)];
        let order = [c::LAST, c::NEWEST, c::FIRST, c::RECENT, c::COMMIT];
        if !beside.iter().any(|beside| scan.is_at(*beside, &order) || scan.is_text(*beside, &["entries", "only"])) {
            continue;
        }
        if scan.is_at(scan.after(at), &[c::LINE]) {
            continue;
        }
        scan.take(at);
        for word in beside.into_iter().flatten() {
            if scan.is_at(Some(word), &order) || scan.is_text(Some(word), &["entries"]) {
                scan.take(word);
            }
        }
        scan.take_any(&[c::NEWEST]);
        query.take = Some(count);
        return;
    }
}

pub(super) fn one(scan: &mut Scan<'_>) -> Option<u64> {
    scan.take_any(&[c::LAST, c::NEWEST]).map(|_| 1)
}

pub(super) fn times(scan: &mut Scan<'_>, query: &mut Query) {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let mut dates = Vec::new();
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        let token = &scan.tokens[at];
        let (text, length) = if token.shape == Shape::Date {
            (token.raw.clone(), 1)
        } else if token.text == "today" {
            ("midnight".to_owned(), 1)
        } else if token.text == "yesterday" || DAYS.contains(&token.text.as_str()) {
            (token.text.clone(), 1)
        } else if let Some(found) = stretch::age(scan.tokens, at) {
            (found.value.form(Form::Ago), found.length)
        } else {
            continue;
        };
        let mut before = scan.before(at);
        while before.is_some_and(|word| {
            scan.tokens[word].class == Class::Cue || scan.is_at(Some(word), &[c::LAST, c::MODIFIED, c::CREATED])
        }) {
            let word = before.unwrap_or_default();
            if scan.is_at(before, &[c::LAST]) {
                scan.take(word);
            }
            before = scan.before(word);
        }
        let until = scan.is_at(before, &[c::BEFORE, c::OLDER]) || scan.is_text(before, &["until", "till", "up to"]);
        if let Some(word) = before.filter(|_| until || scan.is_at(before, &[c::AFTER, c::NEWER])) {
            scan.take(word);
        }
        (at..at + length).for_each(|word| scan.take(word));
        if let Some(ago) = scan.after(at + length - 1).filter(|ago| scan.is_at(Some(*ago), &[c::AGO])) {
            scan.take(ago);
        }
        dates.push((text, until));
    }
    let paired = scan.has(c::BETWEEN) || scan.has(c::FROM);
    match &dates[..] {
        [(only, true)] => query.until = Some(only.clone()),
        [(only, false)] => query.since = Some(only.clone()),
        [(first, false), (second, until)] if *until || paired => {
            query.since = Some(first.clone());
            query.until = Some(second.clone());
        }
        _ => {}
    }
}

pub(super) fn author(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        let name = token.class == Class::Unknown && matches!(token.shape, Shape::Word | Shape::Login | Shape::Quoted)
            || token.raw.starts_with(char::is_uppercase) && token.shape == Shape::Word && at > 0
            || token.corrected;
        if !scan.is_free(at) || !name || revision::is_noun(scan, scan.before(at)) {
            continue;
        }
        let before = scan.before(at);
        let noun = scan.is_text(before, &["author", "user", "person", "developer", "contributor", "committer"]);
        let by = scan.is_at(before, &[c::BY]);
        let made = scan.is_text(scan.after(at), &["made", "wrote", "authored", "committed", "did"])
            || scan.is_text(scan.after(at), &["commit", "make"])
                && at > 0
                && scan.is_text(Some(at - 1), &["did", "has"]);
        let from = scan.is_at(before, &[c::OF, c::FROM])
            && (token.shape == Shape::Login || token.raw.starts_with(char::is_uppercase));
        if !(noun || by || made || from) {
            continue;
        }
        query.author = Some(token.raw.clone());
        scan.take(at);
        if noun && let Some(noun) = before {
            scan.take(noun);
        }
        scan.take_text(&["made", "wrote", "written", "authored", "committed", "created", "done", "author"]);
        return;
    }
}

// A value behind a word: quoted, or one word that means nothing else.
fn value_after(scan: &mut Scan<'_>, at: usize, nouns: &[&str]) -> Option<String> {
    let mut value = scan.after(at)?;
    let mut passed = Vec::new();
    while scan.is_text(Some(value), nouns) {
        passed.push(value);
        value = scan.after(value)?;
    }
    let token = &scan.tokens[value];
    let fits = scan.is_free(value)
        && !token.raw.starts_with('-')
        && (token.shape == Shape::Quoted
            || matches!(token.class, Class::Unknown | Class::Common)
            || token.corrected
            || token.class == Class::Content && !token.text.contains(' ') && !is_thing(scan, value));
    if !fits {
        return None;
    }
    let text = token.raw.clone();
    for word in passed {
        scan.take(word);
    }
    scan.take(value);
    Some(text)
}

// What may stand behind a verb without being what was searched for.
fn is_thing(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_at(Some(at), &[c::FILE, c::FOLDER, c::LINE, c::CHANGE, c::COMMIT, c::REPO, c::BRANCH, c::TAG, c::MERGE])
        || scan.is_text(Some(at), &["message", "messages", "code", "git"])
}

pub(super) fn message(scan: &mut Scan<'_>, query: &mut Query) {
    const NOUNS: [&str; 6] = ["word", "text", "string", "phrase", "term", "the"];
    let said = scan.has_text(&["message", "messages", "subject", "title", "subjects", "titles"]);
    let at = scan
        .position(c::CONTAIN)
        .or_else(|| scan.position(c::MATCH))
        .or_else(|| (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), &["grep", "talk", "talking"])))
        .or_else(|| scan.position(c::ABOUT))
        .or_else(|| scan.position(c::WITH).filter(|_| said))
        .or_else(|| scan.position(c::FOR).filter(|_| said))
        .or_else(|| scan.tokens.iter().position(|token| token.is(c::FIND)).filter(|_| said));
    let quoted = (0..scan.tokens.len()).find(|at| said && scan.tokens[*at].shape == Shape::Quoted);
    let text = if let Some(quoted) = quoted {
        scan.take(quoted);
        scan.tokens[quoted].raw.clone()
    } else {
        let Some(text) = at.and_then(|at| value_after(scan, at, &NOUNS)) else { return };
        text
    };
    if let Some(at) = at {
        scan.take(at);
    }
    scan.take_text(&["message", "messages", "subject", "title", "subjects", "titles"]);
    query.message = Some(text);
}

pub(super) const ADDED: [&str; 8] =
    ["added", "add", "adds", "introduced", "introduce", "introduces", "created", "creates"];
pub(super) const REMOVED: [&str; 8] =
    ["removed", "remove", "removes", "deleted", "delete", "deletes", "dropped", "disappeared"];

// `that added the text x`, `which commit deleted notes.txt`.
pub(super) fn changes(scan: &mut Scan<'_>, query: &mut Query) {
    const NOUNS: [&str; 14] = [
        "text", "string", "line", "word", "code", "function", "variable", "symbol", "method", "class", "lines", "the",
        "or", "call",
    ];
    let find = |scan: &Scan<'_>, words: &[&str]| {
        (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_text(Some(*at), words))
    };
    let added = find(scan, &ADDED);
    let removed = find(scan, &REMOVED);
    let Some(at) = added.max(removed) else { return };
    let first = added.into_iter().chain(removed).min().unwrap_or(at);
    let file = (0..scan.tokens.len()).find(|file| scan.is_free(*file) && is_path(scan, *file));
    if let Some(file) = file {
        query.filter = Some(if added.is_some() { 'A' } else { 'D' });
        set_path(scan, query, file);
    } else {
        let quoted = scan.tokens.iter().position(|token| token.shape == Shape::Quoted);
        let behind = match quoted {
            Some(quoted) => {
                scan.take(quoted);
                Some(scan.tokens[quoted].raw.clone())
            }
            None => value_after(scan, at, &NOUNS),
        };
        let before = (0..first).rev().find(|word| scan.is_free(*word) && scan.tokens[*word].class == Class::Unknown);
        let text = behind.or_else(|| {
            let word = before?;
            scan.take(word);
            Some(scan.tokens[word].raw.clone())
        });
        let Some(text) = text else { return };
        query.text = Some(text);
        scan.take_text(&NOUNS);
    }
    scan.take(at);
    scan.take(first);
    scan.take_text(&["code", "codebase", "appeared", "first"]);
}

fn is_path(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    let noun = scan.is_at(scan.before(at), &[c::FILE, c::FOLDER]) || scan.is_at(scan.after(at), &[c::FILE, c::FOLDER]);
    match token.shape {
        Shape::FileName | Shape::Host => !revision::is_noun(scan, scan.before(at)) && revision::is_file(&token.raw),
        Shape::Path => {
            noun || revision::is_file(&token.raw) || token.raw.ends_with('/') || token.raw.starts_with(['.', '/', '~'])
        }
        Shape::Extension | Shape::Glob => true,
        Shape::Quoted | Shape::Word => noun && token.class == Class::Unknown,
        _ => false,
    }
}

fn set_path(scan: &mut Scan<'_>, query: &mut Query, at: usize) {
    let raw = scan.tokens[at].raw.clone();
    let folder = scan.is_at(scan.before(at), &[c::FOLDER]) || scan.is_at(scan.after(at), &[c::FOLDER]);
    let single = !folder && !raw.ends_with('/') && !raw.contains('*') && scan.tokens[at].shape != Shape::Extension;
    for noun in [scan.before(at), scan.after(at)].into_iter().flatten() {
        if scan.is_at(Some(noun), &[c::FILE, c::FOLDER]) {
            scan.take(noun);
        }
    }
    scan.take(at);
    query.path = Some((raw, single));
}

pub(super) fn path(scan: &mut Scan<'_>, query: &mut Query) {
    if query.path.is_none()
        && let Some(at) = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && is_path(scan, *at))
    {
        set_path(scan, query, at);
    }
    if query.path.is_some() {
        while scan.take_any(&[c::MODIFIED, c::CHANGE, c::FILE, c::FOLLOW, c::FOR]).is_some() {}
        while scan
            .take_text(&["touched", "touch", "touching", "affecting", "affected", "edited", "who", "rename", "renames"])
            .is_some()
        {}
        while scan.take_text(&["renamed", "renaming", "across", "before", "even", "its"]).is_some() {}
        scan.take_any(&[c::RENAME]);
    }
}
