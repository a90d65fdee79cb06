//! Writes the static tables as Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use super::intent::Intent;
use super::lexicon::Lexicon;
use super::pattern::{Element, KINDS, WORDS};
use super::source::Mistake;
use super::template::{FORMS, Part, Segment};

pub(crate) fn write(path: &Path, text: &str) -> Result<(), Vec<Mistake>> {
    std::fs::write(path, text).map_err(|error| vec![of_file(path, &error)])
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

/// `knowledge.rs`: intents, patterns, the index from a concept to the patterns that need it, and which intents speak of it.
pub(crate) fn knowledge(intents: &[Intent], lexicon: &Lexicon) -> String {
    let mut out = String::new();
    let mut index: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    let mut vocabulary: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    let mut patterns = Vec::new();
    let mut rows = Vec::new();
    for (id, intent) in intents.iter().enumerate() {
        let first = patterns.len();
        for pattern in &intent.patterns {
            let number = patterns.len();
            for element in &pattern.elements {
                let Element::Word { any, .. } = element else { continue };
                for concept in any {
                    let speakers = vocabulary.entry(*concept).or_default();
                    if speakers.last() != Some(&id) {
                        speakers.push(id);
                    }
                }
            }
            // Distinct words: the index counts a word once, however often the phrasing has it.
            let mut words: Vec<&Vec<u16>> = Vec::new();
            for element in &pattern.elements {
                if let Element::Word { any, required: true } = element {
                    if words.contains(&any) {
                        continue;
                    }
                    words.push(any);
                    for concept in any {
                        let postings = index.entry(*concept).or_default();
                        if postings.last() != Some(&number) {
                            postings.push(number);
                        }
                    }
                }
            }
            let required = words.len();
            let elements: Vec<String> = pattern.elements.iter().map(element).collect();
            patterns.push(format!(
                "Pattern {{ intent: {id}, required: {required}, elements: &[{}], example: {:?} }}",
                elements.join(","),
                pattern.example
            ));
        }
        rows.push(row(intent, first..patterns.len()));
    }
    put!(out, "pub(super) static INTENTS: &[Intent] = &[{}];", rows.join(",\n"));
    put!(out, "pub(super) static PATTERNS: &[Pattern] = &[{}];", patterns.join(",\n"));
    put!(out, "pub(super) static INDEX: &[&[u16]] = &[{}];", postings(&index, lexicon));
    put!(out, "pub(super) static SPEAKERS: &[&[u16]] = &[{}];", postings(&vocabulary, lexicon));
    put!(out, "{}", named("Kind", KINDS.iter().map(|kind| kind.rust).filter(|kind| *kind != WORDS.rust), "Text"));
    put!(out, "{}", named("Form", FORMS.iter().map(|(_, form)| *form), "Plain"));
    out
}

// The variant of an enum by its name, for knowledge that is compiled when it is read.
fn named(of: &str, variants: impl Iterator<Item = &'static str>, otherwise: &str) -> String {
    let variants: BTreeSet<&str> = variants.filter(|variant| *variant != otherwise).collect();
    let arms: Vec<String> = variants.iter().map(|variant| format!("{variant:?} => Self::{variant},")).collect();
    let arms = arms.join(" ");
    format!(
        "impl {of} {{ pub(super) fn named(name: &str) -> Self {{ match name {{ {arms} _ => Self::{otherwise} }} }} }}"
    )
}

// A row for every concept.
fn postings(index: &BTreeMap<u16, Vec<usize>>, lexicon: &Lexicon) -> String {
    let rows: Vec<String> = (0..lexicon.concepts.len())
        .map(|concept| {
            let row = u16::try_from(concept).ok().and_then(|concept| index.get(&concept));
            format!("&{:?}", row.map(Vec::as_slice).unwrap_or_default())
        })
        .collect();
    rows.join(",")
}

fn element(element: &Element) -> String {
    match element {
        Element::Word { any, required } => {
            let any: Vec<String> = any.iter().map(|concept| format!("Concept({concept})")).collect();
            format!("Element::Word {{ any: &[{}], required: {required} }}", any.join(","))
        }
        Element::Cue(any) => {
            let any: Vec<String> = any.iter().map(|concept| format!("Concept({concept})")).collect();
            format!("Element::Cue(&[{}])", any.join(","))
        }
        Element::Slot { slot, kind, words, required } => {
            let words: Vec<String> = words.iter().map(|concept| format!("Concept({concept})")).collect();
            let of = if *kind == WORDS.rust { format!("(&[{}])", words.join(",")) } else { String::new() };
            format!("Element::Slot {{ slot: {slot}, kind: Kind::{kind}{of}, required: {required} }}")
        }
    }
}

fn row(intent: &Intent, patterns: Range<usize>) -> String {
    let slots: Vec<String> = intent
        .slots
        .iter()
        .zip(&intent.defaults)
        .map(|(slot, default)| {
            let name = slot.name.trim_end_matches(|c: char| c.is_ascii_digit());
            // Which words a slot of words stands for is told by each phrasing.
            let of = if slot.kind.rust == WORDS.rust { "(&[])" } else { "" };
            format!("SlotSpec {{ name: {name:?}, kind: Kind::{}{of}, default: {default:?} }}", slot.kind.rust)
        })
        .collect();
    let templates: Vec<String> = intent
        .templates
        .iter()
        .map(|template| {
            template
                .as_ref()
                .map_or_else(|| "None".to_owned(), |segments| format!("Some({})", self::segments(segments)))
        })
        .collect();
    let by = intent.by.as_ref().map_or_else(
        || "None".to_owned(),
        |by| {
            let templates: Vec<String> =
                by.templates.iter().map(|(value, template)| format!("({value:?}, {})", segments(template))).collect();
            format!("Some(By {{ slot: {}, templates: &[{}] }})", by.slot, templates.join(","))
        },
    );
    format!(
        "Intent {{ id: {:?}, patterns: {patterns:?}, slots: &[{}], does: {}, templates: [{}], by: {by} }}",
        intent.id,
        slots.join(","),
        segments(&intent.does),
        templates.join(",")
    )
}

fn segments(segments: &[Segment]) -> String {
    let parts: Vec<String> = segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(text) => format!("Segment::Literal({text:?})"),
            Segment::Word { parts, quoted } => {
                let parts: Vec<String> = parts.iter().map(part).collect();
                format!("Segment::Word {{ parts: &[{}], quoted: {quoted} }}", parts.join(","))
            }
            Segment::When { slot, present, body } => {
                format!("Segment::When {{ slot: {slot}, present: {present}, body: {} }}", self::segments(body))
            }
        })
        .collect();
    format!("&[{}]", parts.join(","))
}

fn part(part: &Part) -> String {
    match part {
        Part::Literal(text) => format!("Part::Literal({text:?})"),
        Part::Slot { slot, form } => format!("Part::Slot {{ slot: {slot}, form: Form::{form} }}"),
    }
}
