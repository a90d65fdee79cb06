//! Questions about files that compose freely: which files, where, and what to do with them.
//!
//! A question is read into a [`Query`] (filter x place x depth x action), which each dialect then writes. Whatever the
//! reading leaves over counts against the answer, as with any other intent.

mod access;
mod action;
mod chosen;
mod content;
mod depth;
mod destination;
mod each;
mod exclusion;
mod explain;
mod family;
mod leftover;
mod name;
mod noun;
mod order;
mod owner;
mod path;
mod place;
mod powershell;
mod query;
mod read;
mod rights;
mod shape;
mod size;
mod time;
mod unix;
mod unix_action;
mod unix_test;
mod words;

use super::Candidate;
use super::knowledge::Dialect;
use super::scan::Scan;
use crate::normalize::{Class, Token, concept};
use crate::shell::Shell;

pub(super) use query::INTENTS;

/// The extension of the files a token names by what is in them (`log files`, `pdfs`), when they have but one.
pub(super) fn extension_of_family(tokens: &[Token], at: usize) -> Option<String> {
    let token = &tokens[at];
    // `md`, `py`: known words that are what such names end in.
    if token.raw.len() > 1 && shape::is_extension_name(&token.raw) {
        return Some(token.raw.to_ascii_lowercase());
    }
    let family = token.concept.and_then(family::extensions)?;
    let says_files = token.text.contains("file")
        || token.raw.ends_with('s')
        || tokens.get(at + 1).is_some_and(|next| next.is(concept::FILE));
    let [extension] = family.list else { return None };
    (family.alone || says_files).then(|| (*extension).to_owned())
}

/// True for a name that no folder has: `notes.txt`.
pub(super) fn is_text_file(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(stem, ending)| !stem.is_empty() && ending.len() > 1 && shape::is_extension_name(ending))
}

/// The answer to a question about files; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let reading = read::read(tokens)?;
    candidate(&reading, dialect, shell)
}

/// A command line, quoted already, for every file that the words tell to look for.
pub(super) fn with_each(tokens: &[Token], line: &str, dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let mut reading = read::read(tokens)?;
    if reading.query.action != query::Action::List || reading.query.limit.is_some() {
        return None;
    }
    reading.query.action = query::Action::Each(line.to_owned());
    reading.query.target = query::Target::File;
    candidate(&reading, dialect, shell)
}

/// A search for what lies directly in one folder, and that folder.
pub(super) fn flat_search(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<(Candidate, String)> {
    let mut reading = read::read(tokens)?;
    let query = &mut reading.query;
    if query.action != query::Action::List || query.limit.is_some() || query.places.len() > 1 {
        return None;
    }
    query.target = query::Target::File;
    query.strict = true;
    query.depth = Some(1);
    let folder = query.places.first().cloned().unwrap_or_else(|| ".".to_owned());
    Some((candidate(&reading, dialect, shell)?, folder))
}

/// The words that say which files a request is about, without what is done to them and where they go.
pub(super) fn object(tokens: &[Token]) -> Option<Vec<Token>> {
    let mut scan = Scan::new(tokens);
    let mut query = query::Query::new();
    destination::destination(&mut scan, &mut query);
    let verb = tokens.iter().position(|token| token.class > Class::Cue)?;
    // What was moved is no longer where it was.
    if matches!(query.action, query::Action::MoveTo(_)) {
        return None;
    }
    scan.take(verb);
    Some((0..tokens.len()).filter(|at| scan.is_free(*at)).map(|at| tokens[at].clone()).collect())
}

fn candidate(reading: &read::Reading, dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let query = &reading.query;
    let command = match dialect {
        Dialect::Gnu => unix::command(query, unix::Flavor::Gnu, shell)?,
        Dialect::Bsd => unix::command(query, unix::Flavor::Bsd, shell)?,
        Dialect::PowerShell => powershell::command(query, shell)?,
        // cmd has no way to say most of these; the wrong half of an answer is no answer.
        Dialect::Cmd => return None,
    };
    Some(Candidate {
        blanks: Vec::new(),
        intent: query.intent(),
        command,
        explanation: explain::sentence(query),
        explained: reading.explained,
        unexplained: reading.unexplained,
        doubt: reading.doubt,
    })
}
