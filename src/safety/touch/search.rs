//! What `find` would find, for the searches whose conditions can be checked by looking at one file at a time.

use std::cmp::Ordering;

use super::{Effect, Reach, note, path};
use crate::safety::evaluate::{Arg, Invocation};
use crate::safety::place::HOLE;
use crate::safety::verdict::Verdict;

/// A search: everything below `starts` that passes all tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Where it starts, as it is typed and as a path; a link there is not followed.
    pub starts: Vec<(String, String)>,
    /// Conditions, all of which must hold; `true` where it is the opposite that must.
    pub tests: Vec<(Test, bool)>,
    /// How far above the found files may lie, the starts being 0.
    pub least_depth: u32,
    /// How deep it goes.
    pub most_depth: u32,
    /// Whether a found folder goes too once nothing is left in it: `-delete`.
    pub takes_folders: bool,
}

/// One condition of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// The name matches the pattern.
    Name {
        /// Wildcards and all.
        pattern: String,
        /// Whether capitals are small letters too.
        any_case: bool,
    },
    /// The path as `find` prints it matches the pattern.
    Path {
        /// Wildcards and all; `*` takes in slashes.
        pattern: String,
        /// Whether capitals are small letters too.
        any_case: bool,
    },
    /// `f`, `d` or `l`.
    Type(char),
    /// Size, rounded up to whole units of so many bytes, compared with a number.
    Size {
        /// Less, equal or greater.
        than: Ordering,
        /// How many.
        count: u64,
        /// Of how many bytes.
        unit: u64,
    },
    /// Time since the last change of the content, in whole units of so many seconds, compared with a number.
    Age {
        /// Less, equal or greater.
        than: Ordering,
        /// How many.
        count: u64,
        /// Of how many seconds.
        unit: u64,
    },
    /// An empty file or folder.
    Empty,
}

const ACTIONS: [&str; 5] = ["-delete", "-exec", "-execdir", "-ok", "-okdir"];

/// What a search does to what it finds, if its action is one that changes files.
pub(super) fn of(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let args = invocation.args;
    let acts = |arg: &Arg| ACTIONS.contains(&arg.text.as_str());
    let Some(first) = args.iter().position(acts) else {
        verdict.found = read(args, invocation.cwd, false).map(Box::new);
        return;
    };
    let Some((at, program, effect, recursive)) = (first..args.len()).find_map(|at| action(args, at)) else { return };
    // A program run before it is a condition that only that program knows, and a depth after it counts all the same.
    let odd = at != first || args[at..].iter().any(|arg| arg.text.ends_with("depth") && arg.is_option());
    let search = read(&args[..at], invocation.cwd, args[at].text == "-delete").filter(|_| !odd);
    let reach = search.map_or(Reach::Unknown, |search| Reach::Found(Box::new(search)));
    note(effect, reach, recursive, program, verdict);
}

/// What the action at `at` does to a hit.
fn action(args: &[Arg], at: usize) -> Option<(usize, &Arg, Effect, bool)> {
    let action = args.get(at)?;
    if action.text == "-delete" {
        return Some((at, action, Effect::Delete, false));
    }
    let program = args.get(at + 1).filter(|_| ACTIONS.contains(&action.text.as_str()))?;
    let effect = match program.text.rsplit('/').next().unwrap_or_default() {
        "rm" | "unlink" => Effect::Delete,
        "shred" | "truncate" => Effect::Overwrite,
        "mv" => Effect::Move,
        "chmod" | "chown" | "chgrp" => Effect::Permissions,
        _ => return None,
    };
    let mut words = args[at + 2..].iter().map(|arg| arg.text.as_str()).take_while(|text| !matches!(*text, ";" | "+"));
    let recursive = words.any(|text| {
        text == "--recursive" || text.starts_with('-') && !text.starts_with("--") && text.contains(['r', 'R'])
    });
    Some((at, program, effect, recursive || effect == Effect::Move))
}

/// The search, if all its words are understood.
fn read(words: &[Arg], cwd: Option<&str>, takes_folders: bool) -> Option<Search> {
    let mut search =
        Search { starts: Vec::new(), tests: Vec::new(), least_depth: 0, most_depth: u32::MAX, takes_folders };
    let mut args = words.iter().map(|arg| arg.text.as_str()).peekable();
    while let Some(start) = args.next_if(|text| !text.starts_with(['-', '(', '!'])) {
        let Reach::Path(from) = path(start, cwd) else { return None };
        search.starts.push((start.to_owned(), from));
    }
    // Wildcards among the starts are the shell's, and rare.
    if words.iter().take(search.starts.len()).any(|arg| arg.pattern.is_some()) {
        return None;
    }
    if search.starts.is_empty() {
        let Reach::Path(here) = path(".", cwd) else { return None };
        search.starts.push((".".to_owned(), here));
    }
    let mut negated = false;
    while let Some(word) = args.next() {
        let test = match word {
            "!" | "-not" => {
                negated = !negated;
                continue;
            }
            "-a" | "-and" | "-depth" | "-d" | "-print" | "-print0" | "-P" => continue,
            "-mindepth" => {
                search.least_depth = args.next()?.parse().ok()?;
                continue;
            }
            "-maxdepth" => {
                search.most_depth = args.next()?.parse().ok()?;
                continue;
            }
            "-name" | "-iname" => Test::Name { pattern: known(args.next()?)?, any_case: word == "-iname" },
            "-path" | "-wholename" | "-ipath" | "-iwholename" => {
                Test::Path { pattern: known(args.next()?)?, any_case: word.starts_with("-i") }
            }
            "-type" => match args.next()? {
                "f" => Test::Type('f'),
                "d" => Test::Type('d'),
                "l" => Test::Type('l'),
                _ => return None,
            },
            "-size" => size(args.next()?)?,
            "-mtime" => age(args.next()?, 86_400)?,
            "-mmin" => age(args.next()?, 60)?,
            "-empty" => Test::Empty,
            // `-o`, `-prune`, `-regex`, `-newer` and the rest: better no number than a wrong one.
            _ => return None,
        };
        search.tests.push((test, negated));
        negated = false;
    }
    Some(search)
}

fn known(text: &str) -> Option<String> {
    (!text.contains(HOLE)).then(|| text.to_owned())
}

fn compared(text: &str) -> (Ordering, &str) {
    use Ordering::{Equal, Greater, Less};
    match text.as_bytes().first() {
        Some(b'+') => (Greater, &text[1..]),
        Some(b'-') => (Less, &text[1..]),
        _ => (Equal, text),
    }
}

fn size(text: &str) -> Option<Test> {
    let (than, text) = compared(text);
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "c" => 1,
        "w" => 2,
        "" | "b" => 512,
        "k" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    Some(Test::Size { than, count: digits.parse().ok()?, unit })
}

fn age(text: &str, unit: u64) -> Option<Test> {
    let (than, digits) = compared(text);
    Some(Test::Age { than, count: digits.parse().ok()?, unit })
}
