//! A user's own intents: the same TOML as Caro's own, compiled when it is read.
//!
//! What reads a phrasing and a template is the very code that compiles the shipped knowledge, so a file means the same in both
//! places. A mistake costs the intents of its file and is named by file and line; nothing else is lost.

use std::collections::BTreeMap;

use super::knowledge::Knowledge;
use super::table::{Tables, layout};
use crate::normalize::{self, Class, Concept, Token};

#[path = "../../build/intent.rs"]
mod intent;
#[path = "../../build/pack.rs"]
mod pack;
#[path = "../../build/pattern.rs"]
mod pattern;
#[path = "../../build/source.rs"]
mod source;
#[path = "../../build/template.rs"]
mod template;
#[path = "../../build/words.rs"]
mod words;

use intent::Intent;
use pack::Packed;
use source::{Mistake, Source};
use words::Words;

// They are numbered by 16 bits, and a list this long would cost more time than a key press has.
const MOST_PHRASINGS: usize = 20_000;

/// Intents of the user's, ready to be matched.
#[derive(Debug, Default)]
pub struct Own {
    pub(super) knowledge: Option<Knowledge>,
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
        let (packed, too_much) = packed(intents, &words);
        mistakes.extend(too_much);
        (Self { knowledge: packed.map(keep), words: words.own }, mistakes)
    }

    /// What is wrong with files, without keeping anything of them.
    #[must_use]
    pub fn mistakes<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<String> {
        let mut words = OwnWords::default();
        let (intents, mut mistakes) = read(files, &mut words);
        mistakes.extend(packed(intents, &words).1);
        mistakes
    }

    /// How many intents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.knowledge.map_or(0, Knowledge::intent_count)
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

// The intents in their tables; those of a file that has too much of something are left out.
fn packed(mut intents: Vec<Intent>, words: &OwnWords) -> (Option<Packed>, Vec<String>) {
    let mut mistakes = Vec::new();
    while !intents.is_empty() {
        match pack::pack(&intents, normalize::concepts() + words.own.len()) {
            Ok(packed) => return (Some(packed), mistakes),
            Err(mistake) => {
                let all = intents.len();
                intents.retain(|intent| intent.file != mistake.file);
                if intents.len() == all {
                    intents.clear();
                }
                mistakes.push(mistake.to_string());
            }
        }
    }
    (None, mistakes)
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
fn keep(packed: Packed) -> Knowledge {
    let tables = Tables::open(packed.bytes.leak(), packed.text.leak());
    Knowledge { tables: Box::leak(Box::new(tables)), own: true }
}
