//! Filters: size, age, name, depth and the smaller ones.

use super::family;
use super::{Clock, Name, Query, Than, When};
use crate::matcher::scan::Scan;
use crate::matcher::slot;
use crate::matcher::value::Value;
use crate::normalize::{Class, Concept, Shape, Token, Unit, concept as c};

/// `newer than notes.txt`.
pub(super) fn newer_than(scan: &mut Scan<'_>, query: &mut Query) {
    let Some(at) = scan.position(c::NEWER).or_else(|| scan.position(c::AFTER)) else { return };
    let Some(value) = scan
        .after(at)
        .map(|after| if scan.tokens[after].is(c::FILE) { scan.after(after).unwrap_or(after) } else { after })
    else {
        return;
    };
    if matches!(scan.tokens[value].shape, Shape::FileName | Shape::Path | Shape::Quoted) {
        query.newer_than = Some(scan.tokens[value].raw.clone());
        scan.take(at);
        scan.take(value);
    }
}

/// `older than 3 days`, `modified in the last week`, `changed today`.
pub(super) fn times(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        let Some(found) = slot::age(scan.tokens, at) else { continue };
        let Value::Age(count, unit) = found.value else { continue };
        let last = at + found.length - 1;
        let Some((when, words)) = when(scan, at, last, count, unit) else { continue };
        let clock = clock(scan);
        for taken in (at..=last).chain(words) {
            scan.take(taken);
        }
        query.times.push((clock, when));
    }
}

// What an age says, and the words around it that say so.
fn when(scan: &Scan<'_>, at: usize, last: usize, count: u32, unit: Unit) -> Option<(When, Vec<usize>)> {
    let mut words = Vec::new();
    if let Some(after) =
        scan.after(last).filter(|after| scan.is_at(Some(*after), &[c::AGO]) || scan.tokens[*after].text == "old")
    {
        words.push(after);
    }
    let ago = !words.is_empty();
    let mut than = None;
    let mut before = scan.before(at);
    for _ in 0..4 {
        let Some(word) = before else { break };
        let token = &scan.tokens[word];
        than = if scan.is_at(before, &[c::OLDER, c::BEFORE, c::LARGER]) {
            Some(Than::More)
        } else if scan.is_at(before, &[c::NEWER, c::AFTER, c::SMALLER]) {
            Some(Than::Less)
        } else if token.class == Class::Cue || scan.is_at(before, &[c::FOR]) {
            before = scan.before(word);
            continue;
        } else {
            None
        };
        if than.is_some() {
            words.push(word);
        }
        break;
    }
    // `not modified in the last month`
    let negated = (0..at)
        .rev()
        .find(|word| scan.tokens[*word].is(c::NOT))
        .filter(|not| (*not..at).any(|word| scan.is_at(Some(word), &[c::MODIFIED, c::ACCESSED, c::CREATED])));
    if let Some(not) = negated {
        words.push(not);
        let flipped = if than == Some(Than::More) { Than::Less } else { Than::More };
        return Some((When::Age(flipped, count, unit), words));
    }
    let day = scan.tokens[at].text.as_str();
    let cued = scan.is_at(scan.before(at), &[c::IN]) || scan.tokens[at].is(c::LAST);
    match than {
        Some(than) => Some((When::Age(than, count, unit), words)),
        None if day == "today" => Some((When::Today, words)),
        None if day == "yesterday" => Some((When::Yesterday, words)),
        None if cued && !ago => Some((When::Age(Than::Less, count, unit), words)),
        None => None,
    }
}

fn clock(scan: &mut Scan<'_>) -> Clock {
    if scan.take_word(c::ACCESSED).is_some() {
        return Clock::Accessed;
    }
    if scan.take_word(c::CREATED).is_some() {
        return Clock::Created;
    }
    if scan.take_word(c::MODIFIED).is_none()
        && let Some(at) = scan.position(c::NEWEST).filter(|at| scan.tokens[*at].text.starts_with("last "))
    {
        scan.take(at);
    }
    if let Some(at) = scan.position(c::NEW) {
        scan.take(at);
    }
    Clock::Modified
}

/// `over 100MB`, `between 1MB and 5MB`, `large`.
pub(super) fn sizes(scan: &mut Scan<'_>, query: &mut Query) {
    let all: Vec<usize> =
        (0..scan.tokens.len()).filter(|at| matches!(scan.tokens[*at].shape, Shape::Size(_))).collect();
    if let [first, second] = all[..]
        && let Some(between) = scan.position(c::BETWEEN).or_else(|| scan.position(c::FROM)).filter(|at| *at < first)
        && let (Shape::Size(low), Shape::Size(high)) = (scan.tokens[first].shape, scan.tokens[second].shape)
    {
        query.sizes = vec![(Than::More, low.min(high)), (Than::Less, low.max(high))];
        for at in [between, first, second] {
            scan.take(at);
        }
    } else {
        for at in all {
            size(scan, query, at);
        }
    }
    let more = query.sizes.iter().any(|(than, _)| *than == Than::More);
    if query.sizes.is_empty() {
        vague_size(scan, query);
    } else {
        scan.take_any(&[c::SIZE]);
        scan.take_any(&[if more { c::LARGE } else { c::SMALL }]);
    }
}

fn size(scan: &mut Scan<'_>, query: &mut Query, at: usize) {
    let Shape::Size(bytes) = scan.tokens[at].shape else { return };
    let mut word = scan.before(at);
    for _ in 0..4 {
        if let Some(here) = word
            && (scan.tokens[here].class == Class::Cue || scan.is_at(word, &[c::SIZE]))
        {
            word = scan.before(here);
        }
    }
    let found = [word, scan.after(at)].into_iter().flatten().find_map(|word| {
        let than = match scan.tokens[word].concept? {
            more if [c::LARGER, c::OLDER].contains(&more) => Than::More,
            less if [c::SMALLER, c::NEWER].contains(&less) => Than::Less,
            _ => return None,
        };
        Some((word, than))
    });
    if let Some((word, than)) = found {
        query.sizes.push((than, bytes));
        scan.take(word);
        scan.take(at);
    }
}

// `large files` without a number: the size everybody means when a disk is full.
fn vague_size(scan: &mut Scan<'_>, query: &mut Query) {
    let Some(at) = scan.position(c::LARGE).filter(|_| !scan.has(c::SORT)) else { return };
    scan.take(at);
    scan.doubt += 0.15;
    query.sizes.push((Than::More, 100 << 20));
}

/// `2 levels deep`, `not recursively`.
pub(super) fn depth(scan: &mut Scan<'_>, query: &mut Query) {
    if scan.take_word(c::TOPLEVEL).is_some() {
        query.depth = Some(1);
    }
    let Some(at) = scan.position(c::DEEP) else { return };
    let number = [scan.before(at), scan.after(at)]
        .into_iter()
        .flatten()
        .chain(scan.after(at).and_then(|after| scan.after(after)));
    for near in number.collect::<Vec<_>>() {
        if let Shape::Number(levels) = scan.tokens[near].shape {
            scan.take(at);
            scan.take(near);
            scan.take_any(&[c::SMALLER, c::DEEP]);
            query.depth = Some(levels);
            return;
        }
    }
}

/// Empty, executable, owner, permissions.
pub(super) fn attributes(scan: &mut Scan<'_>, query: &mut Query) {
    query.empty = scan.take_word(c::EMPTY).is_some();
    if !scan.has(c::CREATE) {
        query.executable = scan.take_word(c::EXECUTABLE).is_some();
    }
    if scan.take_word(c::HIDDEN).is_some() {
        query.names.push(Name { glob: ".*".to_owned(), ignore_case: false });
    }
    if let Some(at) = scan.position(c::OWNER) {
        let mut user = scan.after(at);
        while user.is_some_and(|word| scan.tokens[word].class == Class::Cue || scan.tokens[word].is(c::USER)) {
            let word = user.unwrap_or(at);
            scan.take(word);
            user = scan.after(word);
        }
        if let Some(word) =
            user.filter(|word| scan.is_free(*word) && matches!(scan.tokens[*word].shape, Shape::Word | Shape::Quoted))
        {
            query.owner = Some(scan.tokens[word].raw.clone());
            scan.take(at);
            scan.take(word);
        }
    }
    if let Some(at) = scan.position(c::PERMISSION)
        && let Some(word) = scan.after(at).filter(|word| {
            let raw = &scan.tokens[*word].raw;
            matches!(raw.len(), 3 | 4) && raw.bytes().all(|b| (b'0'..=b'7').contains(&b))
        })
    {
        query.mode = Some(scan.tokens[word].raw.clone());
        scan.take(at);
        scan.take(word);
    }
}

/// Names, extensions and families. True when one of them says that files are meant.
pub(super) fn names(scan: &mut Scan<'_>, query: &mut Query, seeks: bool) -> bool {
    let mut found = false;
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) && !is_place_word(scan, at) {
            found |= cued_name(scan, query, at)
                || shaped_name(scan, query, at, seeks)
                || family_name(scan, query, at, seeks);
        }
    }
    found
}

// `in Pictures`: a word after `in` is a folder, unless files stand behind it.
fn is_place_word(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    let folder = scan.is_at(scan.after(at), &[c::FOLDER]) || scan.is_at(scan.before(at), &[c::FOLDER]);
    // `lines of python code`, but `jpegs of Photos`.
    let of = scan.is_at(scan.before(at), &[c::OF]) && token.raw.starts_with(char::is_uppercase);
    let cued = (of || scan.is_at(scan.before(at), &[c::IN, c::FROM])) && !scan.is_at(scan.after(at), &[c::FILE]);
    (cued || folder)
        && matches!(token.shape, Shape::Word | Shape::Path | Shape::FileName | Shape::Extension)
        && token.concept != Some(c::NAMED)
}

fn push(scan: &mut Scan<'_>, query: &mut Query, at: usize, globs: Vec<String>, any_case: bool) {
    let ignore_case = any_case || query.ignore_case;
    // `not a .txt`, `except logs`: the word that says no stands close before.
    let mut before = scan.before(at);
    for _ in 0..3 {
        if let Some(word) = before.filter(|word| scan.is_free(*word) && scan.tokens[*word].is(c::NOT)) {
            scan.take(word);
            query.not_names.extend(globs.into_iter().map(|glob| Name { glob, ignore_case }));
            return;
        }
        let Some(word) = before.filter(|word| {
            scan.tokens[*word].class <= Class::Cue
                || scan.is_at(Some(*word), &[c::FILE, c::NAMED, c::END, c::BEGIN, c::EXTENSION, c::ALL])
        }) else {
            break;
        };
        before = scan.before(word);
    }
    for glob in globs {
        if !query.names.iter().any(|name| name.glob == glob) {
            query.names.push(Name { glob, ignore_case });
        }
    }
}

// `named x`, `starting with x`, `ending in x`, `with extension x`.
fn cued_name(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> bool {
    let token = &scan.tokens[at];
    // `the end of notes.txt` is no name.
    let Some(cue) = token
        .concept
        .filter(|_| token.text != "end")
        .filter(|cue| [c::NAMED, c::BEGIN, c::END, c::EXTENSION].contains(cue))
    else {
        return false;
    };
    let mut value = scan.after(at);
    while scan.is_at(value, &[c::WITH, c::IN, c::LIKE, c::OF, c::EXTENSION, c::NAMED, c::WORD, c::CHARACTER]) {
        value = value.and_then(|word| scan.after(word));
    }
    let Some(word) = value.filter(|word| scan.is_free(*word) && is_name(&scan.tokens[*word])) else { return false };
    let raw = scan.tokens[word].raw.clone();
    let glob = match cue {
        _ if scan.tokens[word].shape == Shape::Glob => raw,
        _ if cue == c::BEGIN && matches!(raw.as_str(), "digit" | "number") => "[0-9]*".to_owned(),
        _ if cue == c::BEGIN => format!("{}*", escape(&raw)),
        _ if cue == c::END => format!("*{}", escape(&raw)),
        _ if cue == c::EXTENSION => format!("*.{}", escape(raw.trim_start_matches('.'))),
        _ => escape(&raw),
    };
    push(scan, query, at, vec![glob], false);
    (at..=word).filter(|word| scan.is_free(*word)).collect::<Vec<_>>().into_iter().for_each(|word| scan.take(word));
    scan.take_any(&[c::NAME]);
    true
}

fn is_name(token: &Token) -> bool {
    match token.shape {
        Shape::Word
        | Shape::Quoted
        | Shape::FileName
        | Shape::Glob
        | Shape::Extension
        | Shape::Number(_)
        | Shape::Host => !token.raw.contains(['/', '\\']) && token.class != Class::Stop,
        _ => false,
    }
}

// A name is literal; only what looks like a pattern is one.
pub(super) fn escape(name: &str) -> String {
    name.chars().flat_map(|c| "*?[\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn shaped_name(scan: &mut Scan<'_>, query: &mut Query, at: usize, seeks: bool) -> bool {
    let token = &scan.tokens[at];
    let raw = token.raw.clone();
    let before = scan.before(at);
    match token.shape {
        Shape::Glob => {
            if let Some((folder, glob)) = raw.rsplit_once('/') {
                folder.clone_into(&mut query.place);
                push(scan, query, at, vec![glob.to_owned()], false);
            } else {
                push(scan, query, at, vec![raw], false);
            }
        }
        Shape::Extension => push(scan, query, at, vec![format!("*{raw}")], false),
        Shape::FileName if seeks && !scan.is_at(before, &[c::IN, c::FROM, c::OF]) => {
            push(scan, query, at, vec![escape(&raw)], false);
        }
        Shape::Word if family::is_extension(&token.raw.to_lowercase()) => {
            let extension = raw.to_lowercase();
            push(scan, query, at, vec![format!("*.{extension}")], family::is_media(&extension));
        }
        _ => return false,
    }
    scan.take(at);
    true
}

fn family_name(scan: &mut Scan<'_>, query: &mut Query, at: usize, seeks: bool) -> bool {
    const NOUNS: [Concept; 4] = [c::FILE, c::SCRIPT, c::CODE, c::DOCUMENT];
    let Some(family) = scan.tokens[at].concept.and_then(family::extensions) else { return false };
    let noun = scan.after(at).filter(|after| scan.is_at(Some(*after), &NOUNS));
    // `jpg and png files`: the noun stands behind the last of them.
    let listed = (at + 1..scan.tokens.len()).take(4).any(|next| scan.tokens[next].is(c::FILE));
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
    // `png and jpg images`: the extensions say it all, the family is only the noun.
    let broad = family.list.len() > 2
        && query.names.iter().any(|name| name.glob.strip_prefix("*.").is_some_and(|e| family.list.contains(&e)));
    if broad {
        scan.take(at);
        return true;
    }
    let globs = family.list.iter().map(|extension| format!("*.{extension}")).collect();
    push(scan, query, at, globs, family.any_case);
    scan.take(at);
    if let Some(noun) = noun.filter(|noun| !scan.tokens[*noun].is(c::FILE)) {
        scan.take(noun);
    }
    true
}
