//! A user's own intents: the same TOML as Caro's own, compiled when it is read.
//!
//! What reads a phrasing and a template is the very code that compiles the shipped knowledge, so a file means the same in both
//! places. A mistake costs the intents of its file and is named by file and line; nothing else is lost.

use std::collections::BTreeMap;

use super::knowledge::{self, Knowledge};
use super::{slot::Kind, value::Form};
use crate::normalize::{self, Class, Concept, Token};

#[path = "../../build/intent.rs"]
mod intent;
#[path = "../../build/pattern.rs"]
mod pattern;
#[path = "../../build/source.rs"]
mod source;
#[path = "../../build/template.rs"]
mod template;
#[path = "../../build/words.rs"]
mod words;

use intent::Intent;
use pattern::Element;
use source::{Mistake, Source};
use template::{Part, Segment};
use words::Words;

// They are numbered by 16 bits, and a list this long would cost more time than a key press has.
const MOST_PHRASINGS: usize = 20_000;

/// Intents of the user's, ready to be matched.
#[derive(Debug, Default)]
pub struct Own {
    pub(super) knowledge: Knowledge,
    /// Words that only their phrasings have.
    words: BTreeMap<String, u16>,
}

impl Own {
    /// Compiles files, each a name and its text. The second half says what is wrong with those left out,
    /// `file:line: what is wrong`.
    #[must_use]
    pub fn compile<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Self, Vec<String>) {
        let mut words = OwnWords::default();
        let (mut intents, mut mistakes) = read(files, &mut words);
        let mut patterns = 0;
        let all = intents.len();
        intents.retain(|intent| {
            patterns += intent.patterns.len();
            patterns <= MOST_PHRASINGS
        });
        if intents.len() < all {
            mistakes.push(format!(
                "there are more than {MOST_PHRASINGS} phrasings; {} intents are left out",
                all - intents.len()
            ));
        }
        let knowledge = knowledge(&intents, normalize::concepts() + words.own.len());
        (Self { knowledge, words: words.own }, mistakes)
    }

    /// What is wrong with files, without keeping anything of them.
    #[must_use]
    pub fn mistakes<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<String> {
        read(files, &mut OwnWords::default()).1
    }

    /// How many intents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.knowledge.intents.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tokens of a question, with the meaning that words have only here.
    pub(super) fn read(&self, tokens: &[Token]) -> Vec<Token> {
        let mut tokens = tokens.to_vec();
        for token in tokens.iter_mut().filter(|token| token.concept.is_none()) {
            if let Some(own) = self.words.get(&token.raw.to_lowercase()) {
                token.concept = Some(Concept(*own));
                token.class = Class::Content;
            }
        }
        tokens
    }
}

fn read<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>, words: &mut OwnWords) -> (Vec<Intent>, Vec<String>) {
    let mut intents: Vec<Intent> = Vec::new();
    let mut mistakes: Vec<Mistake> = Vec::new();
    for (name, text) in files {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        match intent::read(&source, words) {
            Ok(read) => intents.extend(read),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    mistakes.extend(intent::duplicates(&intents));
    (intents, mistakes.iter().map(Mistake::to_string).collect())
}

/// The shipped words, and those only a user's phrasings have.
#[derive(Default)]
struct OwnWords {
    own: BTreeMap<String, u16>,
}

impl Words for OwnWords {
    fn literal(&mut self, word: &str) -> u16 {
        let word = word.to_lowercase();
        let known = normalize::concept_of(&word).map(|concept| concept.0);
        let next = u16::try_from(normalize::concepts() + self.own.len()).unwrap_or(u16::MAX);
        known.unwrap_or_else(|| *self.own.entry(word).or_insert(next))
    }

    fn phrase(&self, words: &[&str]) -> Option<(usize, u16)> {
        normalize::phrase_at(words).map(|(length, concept)| (length, concept.0))
    }

    fn class(&self, concept: u16) -> words::Class {
        match normalize::class(Concept(concept)) {
            Class::Stop => words::Class::Stop,
            Class::Cue => words::Class::Cue,
            Class::Weak => words::Class::Weak,
            Class::Light => words::Class::Light,
            Class::Content | Class::Common | Class::Unknown => words::Class::Content,
        }
    }
}

// The shipped tables live as long as the program, and so do these: there are few, and a file that changes adds what it holds
// once more. The alternative, counted references down to every word of a template, costs each match of everybody.
fn keep<T>(list: Vec<T>) -> &'static [T] {
    Box::leak(list.into_boxed_slice())
}

fn text(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn knowledge(intents: &[Intent], concepts: usize) -> Knowledge {
    let mut index: Vec<Vec<u16>> = vec![Vec::new(); concepts];
    let mut speakers: Vec<Vec<u16>> = vec![Vec::new(); concepts];
    let mut patterns = Vec::new();
    let mut rows = Vec::new();
    for (id, intent) in (0_u16..).zip(intents) {
        let first = number(patterns.len());
        for pattern in &intent.patterns {
            let at = number(patterns.len());
            let mut required: Vec<&Vec<u16>> = Vec::new();
            for element in &pattern.elements {
                let Element::Word { any, required: needed } = element else { continue };
                for concept in any {
                    enter(&mut speakers, *concept, id);
                }
                if *needed && !required.contains(&any) {
                    required.push(any);
                    for concept in any {
                        enter(&mut index, *concept, at);
                    }
                }
            }
            patterns.push(knowledge::Pattern {
                intent: id,
                required: u8::try_from(required.len()).unwrap_or(u8::MAX),
                elements: keep(pattern.elements.iter().map(element).collect()),
                example: text(&pattern.example),
            });
        }
        rows.push(row(intent, first..number(patterns.len())));
    }
    let lists = |lists: Vec<Vec<u16>>| keep(lists.into_iter().map(keep).collect());
    Knowledge {
        intents: keep(rows),
        patterns: keep(patterns),
        index: lists(index),
        speakers: lists(speakers),
        own: true,
    }
}

fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn enter(lists: &mut [Vec<u16>], concept: u16, entry: u16) {
    if let Some(list) = lists.get_mut(usize::from(concept))
        && list.last() != Some(&entry)
    {
        list.push(entry);
    }
}

fn row(intent: &Intent, patterns: std::ops::Range<u16>) -> knowledge::Intent {
    let slots = intent.slots.iter().zip(&intent.defaults).map(|(slot, default)| knowledge::SlotSpec {
        name: text(slot.name.trim_end_matches(|c: char| c.is_ascii_digit())),
        kind: kind(slot.kind.rust, &[]),
        default: default.as_deref().map(text),
    });
    knowledge::Intent {
        id: text(&intent.id),
        patterns,
        slots: keep(slots.collect()),
        does: segments(&intent.does),
        templates: std::array::from_fn(|dialect| intent.templates[dialect].as_deref().map(segments)),
        by: intent.by.as_ref().map(|by| knowledge::By {
            slot: u8::try_from(by.slot).unwrap_or(u8::MAX),
            templates: keep(by.templates.iter().map(|(value, template)| (text(value), segments(template))).collect()),
        }),
    }
}

fn element(element: &Element) -> knowledge::Element {
    match element {
        Element::Word { any, required } => knowledge::Element::Word { any: concepts(any), required: *required },
        Element::Cue(any) => knowledge::Element::Cue(concepts(any)),
        Element::Slot { slot, kind: name, words, required } => knowledge::Element::Slot {
            slot: u8::try_from(*slot).unwrap_or(u8::MAX),
            kind: kind(name, words),
            required: *required,
        },
    }
}

fn concepts(any: &[u16]) -> &'static [Concept] {
    keep(any.iter().copied().map(Concept).collect())
}

fn kind(name: &str, words: &[u16]) -> Kind {
    if name == pattern::WORDS.rust { Kind::Words(concepts(words)) } else { Kind::named(name) }
}

fn segments(list: &[Segment]) -> knowledge::Template {
    let segment = |segment: &Segment| match segment {
        Segment::Literal(literal) => knowledge::Segment::Literal(text(literal)),
        Segment::Word { parts, quoted } => {
            knowledge::Segment::Word { parts: keep(parts.iter().map(part).collect()), quoted: *quoted }
        }
        Segment::When { slot, present, body } => knowledge::Segment::When {
            slot: u8::try_from(*slot).unwrap_or(u8::MAX),
            present: *present,
            body: segments(body),
        },
    };
    keep(list.iter().map(segment).collect())
}

fn part(part: &Part) -> knowledge::Part {
    match part {
        Part::Literal(literal) => knowledge::Part::Literal(text(literal)),
        Part::Slot { slot, form } => {
            knowledge::Part::Slot { slot: u8::try_from(*slot).unwrap_or(u8::MAX), form: Form::named(form) }
        }
    }
}
