//! Writes the static tables as Rust.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::lexicon::Lexicon;
use super::pack;
use super::pattern::{self, WORDS};
use super::source::Mistake;

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Vec<Mistake>> {
    std::fs::write(path, content).map_err(|error| vec![of_file(path, &error)])
}

/// A file that cannot be read or written.
pub(crate) fn of_file(path: &Path, error: &std::io::Error) -> Mistake {
    Mistake { file: path.display().to_string(), line: 1, message: error.to_string() }
}

macro_rules! put {
    ($out:expr, $($arg:tt)*) => { writeln!($out, $($arg)*).expect("a String takes every write") };
}

/// `lexicon.rs`: words, phrases, classes, and a constant for every concept.
pub(crate) fn lexicon(lexicon: &Lexicon) -> String {
    let mut out = String::new();
    let words: Vec<String> = lexicon.words.iter().map(|(word, concept)| format!("({word:?},{concept})")).collect();
    put!(out, "static WORDS: &[(&str, u16)] = &[{}];", words.join(","));
    let stems: Vec<String> = lexicon.stems.iter().map(|(stem, concept)| format!("({stem:?},{concept})")).collect();
    put!(out, "static STEMS: &[(&str, u16)] = &[{}];", stems.join(","));
    let classes: Vec<String> = lexicon.concepts.iter().map(|concept| format!("Class::{:?}", concept.class)).collect();
    put!(out, "static CLASSES: &[Class] = &[{}];", classes.join(","));
    let names: Vec<&str> = lexicon.concepts.iter().map(|concept| concept.name.as_str()).collect();
    put!(out, "static CONCEPT_NAMES: &[&str] = &{names:?};");
    let phrase =
        |words: &[String], concept: u16| format!("Phrase {{ words: &{words:?}, concept: Concept({concept}) }}");
    let phrases: Vec<String> = lexicon.phrases.iter().map(|(words, concept)| phrase(words, *concept)).collect();
    put!(out, "pub(super) static PHRASES: &[Phrase] = &[{}];", phrases.join(","));
    let fillers: Vec<String> = lexicon.fillers.iter().map(|words| phrase(words, 0)).collect();
    put!(out, "pub(super) static FILLERS: &[Phrase] = &[{}];", fillers.join(","));
    let openings: Vec<String> = lexicon.openings.iter().map(|words| phrase(words, 0)).collect();
    put!(out, "pub(super) static OPENINGS: &[Phrase] = &[{}];", openings.join(","));
    put!(out, "static PLACES: &[(u16, &str)] = &{:?};", lexicon.places.iter().collect::<Vec<_>>());
    put!(out, "static SPELLINGS: &[&str] = &{:?};", lexicon.spellings.iter().collect::<Vec<_>>());
    put!(out, "static NAMES: &[&str] = &{:?};", lexicon.names.iter().collect::<Vec<_>>());
    put!(out, "static COMMON: &[&str] = &{:?};", lexicon.common.iter().collect::<Vec<_>>());
    put!(
        out,
        "/// A constant for every concept of `words.toml`, by its name.\npub mod concept {{\n#![allow(dead_code, missing_docs)]\nuse super::Concept;"
    );
    for (id, concept) in lexicon.concepts.iter().enumerate() {
        if concept.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
            put!(out, "pub const {}: Concept = Concept({id});", concept.name.to_uppercase());
        }
    }
    put!(out, "}}");
    out
}

/// `knowledge.rs`: the kinds and forms by the numbers the packed knowledge has for them.
pub(crate) fn knowledge() -> String {
    let mut out = String::new();
    // Which words a slot of words stands for is told by each phrasing.
    let of = |kind| if kind == WORDS.rust { "(Concepts::NONE)" } else { "" };
    let kinds: Vec<String> = pack::kinds().map(|kind| format!("Kind::{kind}{}", of(kind))).collect();
    put!(out, "pub(super) static KINDS: &[Kind] = &[{}];", kinds.join(","));
    let spanning: BTreeSet<String> = pack::kinds().filter(|kind| pattern::spans(kind)).map(any_of).collect();
    let spanning: Vec<String> = spanning.into_iter().collect();
    put!(
        out,
        "impl Kind {{ /// Whether a value of it may be several words.\npub(super) const fn spans(self) -> bool {{ matches!(self, {}) }} }}",
        spanning.join("|")
    );
    let forms: Vec<String> = pack::forms().map(|form| format!("Form::{form}")).collect();
    put!(out, "pub(super) static FORMS: &[Form] = &[{}];", forms.join(","));
    out
}

// A kind whatever is between its brackets.
fn any_of(kind: &str) -> String {
    match kind.split_once('(') {
        Some((name, _)) => format!("Kind::{name}(_)"),
        None => format!("Kind::{kind}"),
    }
}
