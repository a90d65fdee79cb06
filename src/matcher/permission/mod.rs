//! Who may do what with which files: `let the group write notes.txt`, `nobody but me may read ~/.ssh`.
//!
//! People and rights are read into clauses, the clauses are written as a symbolic mode, and the mode goes to the paths of
//! the question; files that are looked for (`every script in bin`) are `find`'s, which asks here for the [`mode`] only.
//! A word that nobody explains counts against the answer, as with any other intent.

mod clause;
mod word;

use super::Candidate;
use super::knowledge::Dialect;
use super::render::path_argument;
use super::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};
use crate::shell::Shell;

/// The intents composed here.
pub(super) const INTENTS: [&str; 3] = ["permission.change", "permission.several", "permission.tree"];

// Words around a change of rights that say nothing more.
const AROUND: [&str; 22] = [
    "access",
    "able",
    "allowed",
    "bit",
    "bits",
    "change",
    "chmod",
    "file",
    "flag",
    "folder",
    "directory",
    "make",
    "people",
    "permission",
    "permissions",
    "possible",
    "privilege",
    "privileges",
    "right",
    "rights",
    "script",
    "set",
];

/// The answer to a question about the rights of files it names; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    if !matches!(dialect, Dialect::Gnu | Dialect::Bsd) {
        return None;
    }
    several(tokens, shell).or_else(|| tree(tokens, shell)).or_else(|| change(tokens, shell))
}

/// The mode a question says in words, whose words it takes; `None` when it says none.
pub(super) fn mode(scan: &mut Scan<'_>) -> Option<String> {
    let reading = clause::read(scan)?;
    let mode = reading.mode(false)?;
    scan.take_all(reading.words);
    while scan.take_text(&["bit", "bits", "rights", "right", "privileges", "people", "able", "possible"]).is_some() {}
    while scan.take_any(&[c::PERMISSION, c::CREATE]).is_some() {}
    Some(mode)
}

fn change(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let reading = clause::read(&scan)?;
    scan.take_all(reading.words.iter().copied());
    let everything = (0..tokens.len())
        .find(|at| scan.is_text(Some(*at), &["everything"]) && scan.is_at(scan.after(*at), &[c::IN, c::OF, c::AT]));
    let recursive = scan.take_word(c::RECURSIVE).or(everything);
    scan.take_all(everything);
    let paths = paths(&mut scan)?;
    for at in 0..tokens.len() {
        if scan.is_text(Some(at), &AROUND) || scan.is_at(Some(at), &[c::USER]) && follows_who(&scan, at) {
            scan.take(at);
        }
    }
    // Files that are looked for are not named.
    if (0..tokens.len()).any(|at| scan.is_free(at) && scan.is_at(Some(at), &[c::ALL, c::FILE, c::EXTENSION])) {
        return None;
    }
    let mode = reading.mode(recursive.is_some())?;
    let flag = if recursive.is_some() { "-R " } else { "" };
    let arguments: Vec<String> = paths.iter().map(|path| path_argument(path, shell)).collect();
    let below = if recursive.is_some() { " and everything in it" } else { "" };
    Some(Candidate {
        intent: INTENTS[0],
        command: format!("chmod {flag}{mode} {}", arguments.join(" ")),
        explanation: format!("Sets the permissions of {}{below} to {mode}", paths.join(", ")),
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt,
        blanks: Vec::new(),
    })
}

// `other users`, `all users`: the noun says no more than the word before it.
fn follows_who(scan: &Scan<'_>, at: usize) -> bool {
    scan.before(at).is_some_and(|before| matches!(word::of(scan, before), Some(word::Word::Who(_))))
}

// `~/.ssh to 700 and id_rsa to 600`: each path with its mode.
fn several(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut path: Option<String> = None;
    let mut tight = true;
    let mut inside = false;
    for (at, token) in tokens.iter().enumerate() {
        let cued = scan.is_at(scan.before(at), &[c::TO]);
        if is_octal(token) || token.shape == Shape::Mode {
            pairs.push((path.take()?, token.raw.clone()));
            scan.take(at);
            tight &= cued;
        } else if let Some(member) = member(&scan, at, pairs.first().map(|(folder, _)| folder.as_str())) {
            if path.replace(member).is_some() {
                return None;
            }
            inside = true;
            scan.take(at);
        } else if is_in_it(&scan, at) {
            scan.take(at);
        } else if scan.is_at(Some(at), &[c::FOLDER]) && path.is_none() && pairs.is_empty() {
            scan.take(at);
            path = folder_behind(&mut scan, at);
        } else if matches!(token.shape, Shape::Path | Shape::FileName | Shape::Quoted | Shape::Glob | Shape::Extension)
        {
            if path.replace(token.raw.clone()).is_some() {
                return None;
            }
            scan.take(at);
        } else if scan.is_text(Some(at), &AROUND) || scan.is_at(Some(at), &[c::PERMISSION]) {
            scan.take(at);
        }
    }
    // `uploads 755 and the files in it 644` needs the folder to be told.
    if pairs.len() < 2 || path.is_some() || !tight && !inside {
        return None;
    }
    let commands: Vec<String> =
        pairs.iter().map(|(path, mode)| format!("chmod {mode} {}", path_argument(path, shell))).collect();
    let said: Vec<String> = pairs.iter().map(|(path, mode)| format!("{path} to {mode}")).collect();
    Some(Candidate {
        intent: INTENTS[1],
        command: commands.join(" && "),
        explanation: format!("Sets the permissions of {}", said.join(" and of ")),
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt,
        blanks: Vec::new(),
    })
}

// `the folder uploads`: the word behind the noun.
fn folder_behind(scan: &mut Scan<'_>, noun: usize) -> Option<String> {
    let word = scan.after(noun).filter(|word| scan.tokens[*word].shape == Shape::Word)?;
    scan.take(word);
    Some(scan.tokens[word].raw.clone())
}

// `the config file in it`, `the files in it`: what lies in the folder named first.
fn member(scan: &Scan<'_>, at: usize, folder: Option<&str>) -> Option<String> {
    let folder = folder?.trim_end_matches('/');
    // `config file` is one phrase.
    if scan.is_at(Some(at), &[c::CONFIG]) && scan.tokens[at].text.ends_with(" file") && is_in_it(scan, at + 1) {
        return scan.tokens[at].raw.split(' ').next().map(|name| format!("{folder}/{name}"));
    }
    if !scan.is_at(Some(at), &[c::FILE]) || !is_in_it(scan, at + 1) {
        return None;
    }
    let name = at.checked_sub(1).map(|before| &scan.tokens[before]);
    match name.filter(|name| name.shape == Shape::Word && name.class > Class::Light) {
        Some(name) => Some(format!("{folder}/{}", name.raw)),
        None => scan.is_text(Some(at), &["files"]).then(|| format!("{folder}/*")),
    }
}

// `in it`, `inside it`, `there`, and the word before the noun.
fn is_in_it(scan: &Scan<'_>, at: usize) -> bool {
    let inside = |at: usize| {
        at < scan.tokens.len()
            && (scan.is_at(Some(at), &[c::IN]) && scan.tokens.get(at + 1).is_some_and(|it| it.text == "it")
                || scan.tokens[at].text == "there")
    };
    inside(at) || scan.is_at(Some(at + 1).filter(|next| *next < scan.tokens.len()), &[c::FILE]) && inside(at + 2)
}

// `files 644 and folders 755 in site`: a mode for what is a file and one for what is a folder.
fn tree(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let file = scan.take_word(c::FILE)?;
    let folder = scan.take_word(c::FOLDER)?;
    let modes: Vec<usize> = (0..tokens.len()).filter(|at| is_octal(&tokens[*at])).collect();
    let [first, second] = modes[..] else { return None };
    // Each noun has a mode of its own, both behind it or both before it.
    let (early, late) = (file.min(folder), file.max(folder));
    if !(early < first && first < late && late < second || first < early && early < second && second < late) {
        return None;
    }
    scan.take_all([first, second]);
    for at in 0..tokens.len() {
        if scan.is_text(Some(at), &AROUND) || scan.is_at(Some(at), &[c::PERMISSION, c::ALL, c::RECURSIVE]) {
            scan.take(at);
        }
    }
    let mut places = paths(&mut scan)?;
    if places.len() != 1 {
        return None;
    }
    let place = places.remove(0);
    let (of_files, of_folders) = if file < folder { (first, second) } else { (second, first) };
    let at = path_argument(&place, shell);
    let chmod = |letter: char, mode: usize| format!("find {at} -type {letter} -exec chmod {} {{}} +", tokens[mode].raw);
    Some(Candidate {
        intent: INTENTS[2],
        command: format!("{} && {}", chmod('f', of_files), chmod('d', of_folders)),
        explanation: format!(
            "Sets the permissions of the files in {place} to {}, of the folders to {}",
            tokens[of_files].raw, tokens[of_folders].raw
        ),
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt,
        blanks: Vec::new(),
    })
}

fn is_octal(token: &Token) -> bool {
    matches!(token.raw.len(), 3 | 4) && token.raw.bytes().all(|b| (b'0'..=b'7').contains(&b))
}

// The files a question names, marked.
fn paths(scan: &mut Scan<'_>) -> Option<Vec<String>> {
    let shaped = |token: &Token| {
        matches!(
            token.shape,
            Shape::Path | Shape::FileName | Shape::Quoted | Shape::Glob | Shape::Place | Shape::Extension
        )
    };
    let mut found: Vec<usize> =
        (0..scan.tokens.len()).filter(|at| scan.is_free(*at) && shaped(&scan.tokens[*at])).collect();
    if found.is_empty() {
        // One name without a dot or a slash is a file when it is the only word nobody knows.
        let unknown =
            |token: &Token| token.class == Class::Unknown && token.shape == Shape::Word && !token.raw.starts_with('-');
        found = (0..scan.tokens.len()).filter(|at| scan.is_free(*at) && unknown(&scan.tokens[*at])).collect();
        if found.is_empty() {
            let cued = |at: &usize| scan.is_at(scan.before(*at), &[c::IN]) && scan.tokens[*at].shape == Shape::Word;
            found = (0..scan.tokens.len()).filter(|at| scan.is_free(*at)).filter(cued).collect();
        }
        if found.len() != 1 {
            return None;
        }
        scan.doubt += 0.05;
    }
    scan.take_all(found.iter().copied());
    let path = |at: &usize| scan.tokens[*at].raw.clone();
    Some(found.iter().map(path).collect())
}
