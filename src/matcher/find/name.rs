//! Names: globs, extensions, families, how a name starts and ends, paths.

use super::query::{Action, Clause, Name, Query, Test};
use super::words::is_variable;
use super::{path, shape};
use crate::matcher::scan::Scan;
use crate::matcher::sign;
use crate::normalize::{Class, Concept, Shape, Token, concept as c};

/// Which part of a name a pattern is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Extension,
    Start,
    End,
    Inside,
}

pub(super) struct Found {
    pub(super) part: Part,
    pub(super) globs: Vec<String>,
    pub(super) any_case: bool,
    pub(super) not: bool,
    /// Stands behind `or`.
    or: bool,
    at: usize,
    last: usize,
}

/// Reads every name of the question. True when one of them says that files are meant.
pub(super) fn names(scan: &mut Scan<'_>, query: &mut Query, seeks: bool) -> bool {
    let mut found = Vec::new();
    path::paths(scan, query);
    path::regex(scan, query);
    inside(scan, &mut found);
    bare(scan, &mut found);
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) {
            cued(scan, &mut found, at);
        }
    }
    let acts = seeks || query.acts();
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) && !shape::is_place_word(scan, at) {
            let _ = shape::shaped(scan, query, &mut found, at, seeks) || shape::of_family(scan, &mut found, at, acts);
        }
    }
    if !found.is_empty() {
        scan.take_all_text(&["pattern", "extension", "extensions", "suffix", "wildcard"]);
    }
    let said = !found.is_empty();
    merge(query, found);
    said
}

/// Adds a name, with the words beside it that deny or join it.
pub(super) fn add(
    scan: &mut Scan<'_>,
    found: &mut Vec<Found>,
    at: usize,
    part: Part,
    globs: Vec<String>,
    any_case: bool,
) {
    let not = scan.take_negation(at);
    let mut before = Scan::previous(at);
    while before.is_some_and(|word| {
        scan.tokens[word].class <= Class::Cue && scan.text(word) != "or" && scan.text(word) != "and"
    }) || scan.is_at(before, &[c::FILE, c::NAMED, c::END, c::BEGIN, c::EXTENSION])
    {
        before = before.and_then(Scan::previous);
    }
    let or = scan.says(before, &["or"]);
    // `neither .o nor .a`, `not .c or .h`: what is joined to a name that is left out is left out too.
    let joined = before == Scan::previous(at) || scan.says(before, &["or", "nor", "and"]);
    let not = not || joined && found.last().is_some_and(|last| last.not && scan.says(before, &["or", "nor", "and"]));
    found.push(Found { part, globs, any_case, not, or, at, last: at });
}

fn merge(query: &mut Query, mut found: Vec<Found>) {
    found.sort_by_key(|found| found.at);
    // `search for x in all c files, ignoring case` is about x.
    let inside = matches!(query.action, Action::Grep { .. } | Action::Containing(_) | Action::NotContaining(_));
    let ignore_case = query.ignore_case && !inside;
    let mut groups: Vec<Found> = Vec::new();
    for next in found {
        let joins = |last: &Found| {
            last.not == next.not
                && (last.part == next.part
                    || next.or
                    || matches!((last.part, next.part), (Part::Whole | Part::Extension, Part::Whole | Part::Extension)))
        };
        match groups.last_mut() {
            Some(last) if joins(last) => {
                for glob in next.globs {
                    if !last.globs.contains(&glob) {
                        last.globs.push(glob);
                    }
                }
                last.any_case |= next.any_case;
                last.last = next.last;
            }
            // `starts with a and ends with .b` is one pattern.
            Some(last) if !last.not && !next.not => match glued(last, &next) {
                Some(globs) => {
                    last.globs = globs;
                    last.part = Part::Whole;
                    last.last = next.last;
                }
                None => groups.push(next),
            },
            _ => groups.push(next),
        }
    }
    for group in groups {
        let name = |glob: String| Test::Name(Name { glob, ignore_case: ignore_case || group.any_case });
        let tests: Vec<Test> = group.globs.into_iter().map(name).collect();
        if group.not {
            query.clauses.extend(tests.into_iter().map(|test| Clause {
                any: vec![test],
                not: true,
                span: (group.at, group.last),
            }));
        } else {
            query.clauses.push(Clause { any: tests, not: false, span: (group.at, group.last) });
        }
    }
}

fn glued(first: &Found, second: &Found) -> Option<Vec<String>> {
    let (start, end) = match (first.part, second.part) {
        (Part::Start | Part::Inside, Part::End | Part::Extension) => (first, second),
        (Part::End | Part::Extension, Part::Start | Part::Inside) => (second, first),
        _ => return None,
    };
    let [one] = &start.globs[..] else { return None };
    Some(end.globs.iter().map(|glob| format!("{}{glob}", one.trim_end_matches('*'))).collect())
}

/// A name is literal; only what looks like a pattern is one.
pub(super) fn escape(name: &str) -> String {
    name.chars().flat_map(|c| "*?[\\".contains(c).then_some('\\').into_iter().chain([c])).collect()
}

/// True for a word that can be the name of a file.
pub(super) fn is_name(token: &Token) -> bool {
    let shaped = matches!(
        token.shape,
        Shape::Word
            | Shape::Quoted
            | Shape::FileName
            | Shape::Glob
            | Shape::Extension
            | Shape::Number(_)
            | Shape::Host
            | Shape::Symbol
            | Shape::Decimal
    );
    token.raw == "~"
        || shaped && !token.raw.contains(['/', '\\']) && token.class != Class::Stop
        || is_variable(&token.raw)
}

// `without an extension`, `that have no extension`
fn bare(scan: &mut Scan<'_>, found: &mut Vec<Found>) {
    let Some(at) = scan.position(c::EXTENSION) else { return };
    let not = (0..at).rev().take(3).find(|word| scan.is_no(*word) && scan.is_free(*word));
    let value = scan.next(at).is_some_and(|next| is_name(&scan.tokens[next]) && scan.tokens[next].class > Class::Cue);
    let Some(not) = not.filter(|_| !value && scan.text(at).ends_with(|end| end != 's')) else { return };
    scan.take_span(not, at);
    found.push(Found {
        part: Part::Extension,
        globs: vec!["*.*".to_owned()],
        any_case: false,
        not: true,
        or: false,
        at,
        last: at,
    });
}

// What people call a kind of character.
fn class_of(scan: &Scan<'_>, at: usize) -> Option<(&'static str, usize)> {
    let second = scan.text(at + 1);
    Some(match (scan.text(at), second) {
        ("digit" | "digits" | "number" | "numbers" | "numeral", _) => ("[0-9]", at),
        ("capital" | "uppercase" | "upper", "letter" | "letters" | "character") => ("[A-Z]", at + 1),
        ("lowercase" | "lower", "letter" | "letters" | "character") => ("[a-z]", at + 1),
        ("letter" | "letters", second)
            if scan.tokens.get(at + 1).is_none_or(|next| next.raw.len() > 1 && second != "or") =>
        {
            ("[A-Za-z]", at)
        }
        ("whitespace", _) => (" ", at),
        (
            "forward" | "question" | "exclamation" | "at" | "dollar" | "percent" | "plus" | "equals" | "equal"
            | "quotation",
            next,
        ) if matches!(next, "mark" | "marks" | "sign" | "point") => {
            (sign::named(&format!("{} {}", scan.text(at), next.trim_end_matches('s')))?, at + 1)
        }
        (word, _) => (sign::named(word).filter(|sign| !matches!(*sign, "/" | "*" | "?" | "\\"))?, at),
    })
}

fn pattern(part: Part, text: &str) -> String {
    match part {
        Part::Start => format!("{text}*"),
        Part::End => format!("*{text}"),
        Part::Inside => format!("*{text}*"),
        Part::Extension => format!("*.{}", text.trim_start_matches('.')),
        Part::Whole => text.to_owned(),
    }
}

// What a word says about the value behind it, and whether only a clear name may follow.
fn cue(scan: &Scan<'_>, at: usize) -> Option<(Part, bool)> {
    let token = &scan.tokens[at];
    Some(match token.concept {
        Some(cue) if cue == c::NAMED => (Part::Whole, false),
        Some(cue) if cue == c::NAME && !scan.is_at(scan.before(at), &[c::ONLY]) => (Part::Whole, true),
        Some(cue) if cue == c::BEGIN => (Part::Start, false),
        // `the end of notes.txt` is no name.
        Some(cue) if cue == c::END && token.text != "end" => (Part::End, false),
        Some(cue) if cue == c::EXTENSION => (Part::Extension, false),
        Some(cue) if cue == c::MATCH => (Part::Whole, true),
        _ => match token.text.as_str() {
            "prefix" => (Part::Start, false),
            "suffix" => (Part::End, false),
            "pattern" | "filename" | "glob" => (Part::Whole, true),
            _ => return None,
        },
    })
}

// `starts with a and …`: an article before nothing is a letter.
fn is_letter(scan: &Scan<'_>, cue: usize, word: usize) -> bool {
    scan.is_at(Some(cue), &[c::BEGIN, c::END])
        && scan.text(word) == "a"
        && scan.next(word).is_none_or(|next| matches!(scan.text(next), "and" | "or"))
}

// The value behind a cue, and whether a `not` stands between.
fn cue_value(scan: &Scan<'_>, at: usize) -> Option<(usize, bool)> {
    const SKIPPED: [Concept; 10] =
        [c::WITH, c::IN, c::LIKE, c::OF, c::EXTENSION, c::NAMED, c::AS, c::NAME, c::TO, c::BY];
    const WORDS: [&str; 19] = [
        "word",
        "string",
        "text",
        "character",
        "characters",
        "pattern",
        "prefix",
        "letter",
        "letters",
        "substring",
        "either",
        "exact",
        "glob",
        "the",
        "is",
        "are",
        "wildcard",
        "file",
        "expression",
    ];
    let mut denied = false;
    let mut word = scan.next(at)?;
    loop {
        let token = &scan.tokens[word];
        let text = token.text.as_str();
        let noise = token.class == Class::Stop && !matches!(text, "and" | "or")
            || SKIPPED.iter().any(|cue| token.is(*cue))
            || WORDS.contains(&text);
        if scan.is_free(word) && scan.is_no(word) && !denied {
            // `whose names are not a.txt`
            denied = true;
        } else if !noise || class_of(scan, word).is_some() || is_letter(scan, at, word) {
            break;
        }
        word = scan.next(word)?;
    }
    // `names that do not start with a` has a cue of its own.
    let other = denied && scan.is_at(Some(word), &[c::BEGIN, c::END, c::MATCH, c::CONTAIN]);
    (scan.is_free(word) && !other).then_some((word, denied))
}

// `named x`, `starting with x`, `ending in x`, `with extension x`, `matching x`.
fn cued(scan: &mut Scan<'_>, found: &mut Vec<Found>, at: usize) {
    let Some((part, weak)) = cue(scan, at) else { return };
    // `lines that start with #` are no names.
    if scan.is_at(scan.before(at), &[c::LINE, c::WORD]) {
        return;
    }
    // `the named characters in x`: that is what they are called, not what is called so.
    if scan.tokens[at].is(c::NAMED) && scan.says(scan.next(at), &["characters", "letters"]) {
        return;
    }
    let Some((mut word, denied)) = cue_value(scan, at) else { return };
    let mut end = at;
    let mut first = true;
    loop {
        let token = &scan.tokens[word];
        let (glob, last) = if let Some((class, last)) =
            class_of(scan, word).filter(|_| !matches!(part, Part::Whole | Part::Extension))
        {
            (pattern(part, class), last)
        } else if (is_name(token) || first && is_letter(scan, at, word))
            && !(weak && first && !is_clearly_name(token))
            && (first || is_clearly_name(token) || scan.says(Scan::previous(word), &["or"]) && is_alike(scan, at, word))
            && token.class != Class::Cue
        {
            let raw = &token.raw;
            let is_glob = token.shape == Shape::Glob || weak && raw.contains(['*', '?']) || raw.contains('*');
            let glob = if is_glob || is_variable(raw) && part == Part::Whole {
                raw.clone()
            } else {
                pattern(part, &escape(raw))
            };
            (glob, word)
        } else {
            break;
        };
        // `ends with .c` is an extension like any other.
        let kind = if part == Part::End && glob.starts_with("*.") { Part::Extension } else { part };
        if first {
            add(scan, found, at, kind, Vec::new(), false);
        }
        if let Some(one) = found.last_mut() {
            one.globs.push(glob);
            one.last = last;
            one.not |= denied;
        }
        end = last;
        first = false;
        // `foo or bar`, `.c, .h and .cpp`
        let mut next = scan.next(last);
        if scan.says(next, &["or", "and", "nor"]) {
            next = next.and_then(|next| scan.next(next));
        }
        match next.filter(|next| scan.is_free(*next) && !scan.is_at(Some(*next), &[c::BEGIN, c::END, c::NAMED])) {
            Some(next) => word = next,
            None => break,
        }
    }
    if first {
        return;
    }
    // `named x` is about names, whatever else could be done with x.
    let several = scan.has(c::FIND) || scan.has_text(&["files", "folders", "directories"]);
    scan.explained += if scan.tokens[at].is(c::NAMED) && several { 0.4 } else { 0.0 };
    scan.take_span(at, end);
    scan.take_any(&[c::NAME]);
    // `the files whose names start with …`
    if scan.says(scan.next(end), &["extension", "suffix", "pattern"]) {
        scan.take(end + 1);
    }
}

// `named test or tests`: a plain word behind `or` is another name when nobody knows it otherwise.
fn is_alike(scan: &Scan<'_>, cue: usize, word: usize) -> bool {
    let token = &scan.tokens[word];
    token.shape == Shape::Word
        && (token.concept.is_none() || (cue..word).any(|other| scan.tokens[other].concept == token.concept))
}

// A value no other word could be.
fn is_clearly_name(token: &Token) -> bool {
    matches!(token.shape, Shape::Quoted | Shape::FileName | Shape::Glob | Shape::Extension)
        || is_variable(&token.raw)
        || token.raw.contains(['*', '~', '#'])
}

// `containing foo in their names`, `with spaces in the name`, `whose name contains foo`
fn inside(scan: &mut Scan<'_>, found: &mut Vec<Found>) {
    const NAMES: [&str; 8] = ["name", "names", "filename", "filenames", "file name", "file names", "title", "named"];
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        let cue = token.is(c::CONTAIN)
            || token.is(c::WITH)
            || ["having", "have", "has", "include", "including", "includes"].contains(&token.text.as_str());
        if !cue || !scan.is_free(at) {
            continue;
        }
        // `name contains`, `in whose name … is`
        let holds = token.is(c::CONTAIN) || matches!(token.text.as_str(), "has" | "have" | "includes" | "include");
        let told_before = scan.says(scan.before_cues(at), &NAMES) && holds
            || scan.is_at(scan.before(at), &[c::NAMED]) && token.is(c::CONTAIN);
        let mut value = scan.next(at);
        while scan.says(
            value,
            &[
                "a",
                "an",
                "the",
                "word",
                "string",
                "text",
                "at",
                "least",
                "one",
                "any",
                "substring",
                "letters",
                "letter",
                "character",
                "pattern",
                "characters",
            ],
        ) && value.is_some_and(|word| class_of(scan, word).is_none())
        {
            value = value.and_then(|word| scan.next(word));
        }
        let Some(mut word) = value else { continue };
        let mut globs = Vec::new();
        let mut end;
        loop {
            let token = &scan.tokens[word];
            let (glob, last) = match class_of(scan, word) {
                Some((class, last)) => (pattern(Part::Inside, class), last),
                None if is_name(token) && !token.is(c::NAME) => {
                    let glob = if token.shape == Shape::Glob {
                        token.raw.clone()
                    } else {
                        pattern(Part::Inside, &escape(&token.raw))
                    };
                    (glob, word)
                }
                None => {
                    end = word;
                    break;
                }
            };
            globs.push(glob);
            end = last;
            let Some(joint) = scan.next(last).filter(|joint| matches!(scan.text(*joint), "or" | "and")) else { break };
            let Some(next) = scan.next(joint) else { break };
            word = next;
        }
        let told_behind = (end + 1..scan.tokens.len())
            .take(5)
            .find(|word| NAMES.contains(&scan.text(*word)) || scan.text(*word) == "names");
        let behind = told_behind.filter(|name| {
            (end + 1..*name).any(|word| scan.is_at(Some(word), &[c::IN, c::OF, c::AS]))
                && (end + 1..*name)
                    .all(|word| scan.tokens[word].class <= Class::Cue || scan.is_at(Some(word), &[c::FILE, c::FOLDER]))
        });
        if globs.is_empty() || !(told_before || behind.is_some()) {
            continue;
        }
        add(scan, found, at, Part::Inside, globs, false);
        scan.take_span(at, end);
        if let Some(name) = behind {
            scan.take_span(end, name);
        } else {
            scan.take_any(&[c::NAME]);
        }
    }
}
