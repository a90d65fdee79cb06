//! What one part of a question leaves to the part before it: `it`, `there`, `them`, `the archive`, or nothing at all.

use super::chain::is_word;
use super::find;
use crate::normalize::{Class, Concept, Shape, Token, concept as c, is_of_phrasings};

const ARCHIVES: [&str; 8] = [".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".7z"];

/// The part with what it refers to put in, the likeliest reading first; none when nobody knows what is meant.
pub(super) fn readings(before: &[Token], part: &[Token]) -> Vec<Vec<Token>> {
    // `delete them afterwards`
    let words = part.iter().rev().take_while(|token| is_word(token)).count();
    let part = &part[..part.len() - words];
    // `zip the logs and delete it`: never what was just made of them.
    let originals = is_verb(part, c::DELETE) && packs(before) && part.iter().any(|token| token.text == "it");
    if originals || part.iter().any(is_several) {
        return find::object(before).and_then(|object| with_several(part, &object)).into_iter().collect();
    }
    let thing = thing(before, part);
    let Some(resolved) = resolved(before, part, thing.as_ref()) else { return Vec::new() };
    let mut readings = vec![resolved];
    // `copy a.conf to b.conf and change x to y`: where is not said again.
    if let Some(thing) =
        thing.filter(|thing| is_file(&thing.raw) && !part.iter().any(|token| is_reference(token) || is_named(token)))
    {
        let mut elsewhere = readings[0].clone();
        elsewhere.push(cue(&thing, "in", c::IN));
        elsewhere.push(thing);
        readings.push(elsewhere);
    }
    for reading in &mut readings {
        if let Some(first) = reading.first_mut() {
            first.pause = false;
        }
    }
    readings
}

fn is_several(token: &Token) -> bool {
    matches!(token.text.as_str(), "them" | "they" | "those" | "these" | "originals")
}

fn is_verb(part: &[Token], verb: Concept) -> bool {
    part.iter().find(|token| token.class > Class::Cue).is_some_and(|first| first.is(verb))
}

fn packs(before: &[Token]) -> bool {
    is_verb(before, c::ARCHIVE)
        || is_verb(before, c::COMPRESS)
        || before
            .iter()
            .find(|token| token.class > Class::Cue)
            .is_some_and(|verb| matches!(verb.text.as_str(), "zip" | "tar" | "gzip"))
}

// `delete them`: the same files as in the part before.
fn with_several(part: &[Token], object: &[Token]) -> Option<Vec<Token>> {
    let at = part.iter().position(|token| is_several(token) || token.text == "it")?;
    // Only what is done to all of them; `sort them` is about lines.
    if !part[..at].iter().any(|token| token.is(c::DELETE) || token.is(c::MOVE) || token.is(c::COPY)) {
        return None;
    }
    let mut whole = part[..at].to_vec();
    whole.extend(object.iter().cloned());
    whole.extend(part[at + 1..].iter().cloned());
    for token in &mut whole {
        token.pause = false;
    }
    Some(whole)
}

fn is_reference(token: &Token) -> bool {
    token.class == Class::Stop && matches!(token.text.as_str(), "it" | "there" | "its" | "him" | "her")
}

fn is_named(token: &Token) -> bool {
    matches!(token.shape, Shape::FileName | Shape::Path | Shape::Place | Shape::Url)
}

fn is_thing(token: &Token) -> bool {
    token.concept.is_none_or(is_of_phrasings)
        && match token.shape {
            Shape::FileName | Shape::Path | Shape::Quoted | Shape::Host | Shape::Url => true,
            Shape::Word => matches!(token.class, Class::Unknown | Class::Content),
            _ => false,
        }
}

// The one thing a part is about when the next one says `it`.
fn thing(before: &[Token], part: &[Token]) -> Option<Token> {
    let says = |words: &[&str]| before.iter().any(|token| words.contains(&token.text.as_str()));
    let is =
        |concepts: &[Concept]| before.iter().any(|token| token.concept.is_some_and(|known| concepts.contains(&known)));
    let things: Vec<usize> = (0..before.len()).filter(|at| is_thing(&before[*at])).collect();
    let target = things.iter().copied().find(|at| {
        let cue = (0..*at).rev().find(|cue| before[*cue].class != Class::Stop && !before[*cue].is(c::FOLDER));
        cue.is_some_and(|cue| [c::TO, c::AS, c::NAMED].iter().any(|known| before[cue].is(*known)))
    });
    if let Some(url) = things.iter().find(|at| before[**at].shape == Shape::Url) {
        // What is downloaded has the last part of its address as its name, unless it gets another.
        let file = target.filter(|at| at != url && before[*at].shape == Shape::FileName);
        let name = match file {
            Some(file) => before[file].raw.clone(),
            None => base(&before[*url].raw)?,
        };
        let name = if says(&["clone"]) { name.trim_end_matches(".git").to_owned() } else { name };
        return things.iter().all(|at| at == url || Some(*at) == file).then(|| named(&before[*url], &name));
    }
    match things[..] {
        [one] => Some(before[one].clone()),
        [_, _]
            if is(&[c::ARCHIVE, c::COMPRESS, c::RENAME, c::MOVE, c::CONVERT, c::CREATE]) || says(&["zip", "tar"]) =>
        {
            target.map(|at| before[at].clone())
        }
        // What is backed up is what is worked on.
        [first, _] if target.is_some() && is(&[c::COPY]) && says(&["back up", "backup", "save"]) => {
            Some(before[first].clone())
        }
        [first, second] if target == Some(second) && is(&[c::COPY]) && changes(part) => {
            is_spare(&before[second].raw).then(|| before[first].clone())
        }
        _ => None,
    }
}

fn changes(part: &[Token]) -> bool {
    let verb = part.iter().find(|token| token.class > Class::Cue);
    verb.is_some_and(|verb| {
        verb.is(c::REPLACE)
            || verb.is(c::DELETE)
            || matches!(verb.text.as_str(), "change" | "set" | "switch" | "comment" | "turn")
    })
}

// `a.conf.bak`: a copy nobody works on.
fn is_spare(name: &str) -> bool {
    [".bak", ".old", ".orig", ".backup", ".save", "~"].iter().any(|ending| name.ends_with(ending))
}

fn base(url: &str) -> Option<String> {
    let rest = url.split("://").nth(1)?;
    let name = rest.trim_end_matches('/').split(['?', '#']).next()?.rsplit_once('/')?.1;
    (!name.is_empty()).then(|| name.to_owned())
}

fn is_file(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|name| name.trim_start_matches('.').contains('.'))
}

fn archive_stem(name: &str) -> Option<&str> {
    ARCHIVES.iter().filter_map(|ending| name.strip_suffix(ending)).min_by_key(|stem| stem.len())
}

fn named(like: &Token, name: &str) -> Token {
    let shape = if name.contains('/') {
        Shape::Path
    } else if is_file(name) {
        Shape::FileName
    } else {
        Shape::Word
    };
    Token { text: name.to_owned(), raw: name.to_owned(), shape, concept: None, class: Class::Unknown, ..like.clone() }
}

fn cue(like: &Token, text: &str, concept: Concept) -> Token {
    Token {
        text: text.to_owned(),
        raw: text.to_owned(),
        shape: Shape::Word,
        concept: Some(concept),
        class: Class::Cue,
        ..like.clone()
    }
}

// `it`, `there` and `the archive` replaced by the thing; `None` when they are there and it is not known.
fn resolved(before: &[Token], part: &[Token], thing: Option<&Token>) -> Option<Vec<Token>> {
    let mut resolved: Vec<Token> = Vec::with_capacity(part.len() + 1);
    for (at, token) in part.iter().enumerate() {
        let article = at > 0 && part[at - 1].text == "the";
        let alone = part.get(at + 1).is_none_or(|next| !is_thing(next) && !next.is(c::FILE) && !next.is(c::FOLDER));
        if article
            && alone
            && let Some(meant) = definite(token, before, thing)
        {
            resolved.pop();
            resolved.push(meant);
            continue;
        }
        // One that was just made has no name yet.
        if article && alone && is_archive_word(token) {
            return None;
        }
        let there = token.text == "there";
        if !is_reference(token) {
            resolved.push(token.clone());
            continue;
        }
        let thing = thing?;
        let verb = part[..at].iter().rfind(|token| token.class > Class::Cue);
        let goes = verb.is_some_and(|verb| matches!(verb.text.as_str(), "cd" | "go" | "enter" | "change" | "step"));
        if there && resolved.last().is_some_and(|last| last.class != Class::Cue) {
            resolved.push(cue(token, "to", c::TO));
        }
        // Into an archive goes who unpacked it.
        if let Some(stem) = archive_stem(&thing.raw).filter(|_| goes) {
            resolved.push(named(thing, stem.rsplit('/').next()?));
            continue;
        }
        // `push it`: what it is says what is pushed.
        resolved.extend(before.iter().find(|token| token.is(c::BRANCH)).cloned());
        resolved.push(thing.clone());
    }
    Some(resolved)
}

fn is_archive_word(token: &Token) -> bool {
    [c::ARCHIVE, c::ZIP_FILE, c::TAR_FILE].iter().any(|known| token.is(*known))
        || matches!(token.text.as_str(), "zip" | "tar")
}

// `the archive`, `the folder`, `the original`: the thing of that kind in the part before.
fn definite(token: &Token, before: &[Token], thing: Option<&Token>) -> Option<Token> {
    let is = |concepts: &[Concept]| token.concept.is_some_and(|known| concepts.contains(&known));
    let fits = |name: &str| {
        if is_archive_word(token) {
            archive_stem(name).is_some()
        } else if is(&[c::FOLDER]) {
            !is_file(name)
        } else {
            (is(&[c::FILE, c::SCRIPT]) || token.text == "original") && is_file(name)
        }
    };
    if let Some(thing) = thing.filter(|thing| fits(&thing.raw)) {
        return Some(thing.clone());
    }
    let mut fitting = before.iter().filter(|token| is_thing(token) && fits(&token.raw));
    let first = fitting.next()?;
    // Of two folders, the one things went to.
    let Some(second) = fitting.next() else { return Some(first.clone()) };
    let at = before.iter().position(|token| token == second)?;
    let cue = (0..at).rev().find(|cue| before[*cue].class != Class::Stop)?;
    (fitting.next().is_none() && before[cue].is(c::TO)).then(|| second.clone())
}
