//! The words Caro knows and what they mean, compiled from `words.toml` and the phrasings of the intents.

use super::stem::stem;
use super::token::{Shape, Token};
use super::{quantity, typo};

/// What a group of synonyms means; an index into the compiled lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Concept(pub u16);

/// True for a word that only phrasings of intents have: where a value stands, it is one.
pub fn is_of_phrasings(concept: Concept) -> bool {
    PLACES.last().is_some_and(|(last, _)| concept.0 > *last)
}

/// How much it matters that an answer explains a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Articles, pronouns, auxiliary verbs.
    Stop,
    /// Prepositions: they say what the value beside them is for.
    Cue,
    /// Verbs of showing and asking, which every question may have.
    Weak,
    /// Words that narrow little.
    Light,
    /// Words that say what is wanted.
    Content,
    /// Words of everyday English that mean nothing to a command line: hardly ever a value.
    Common,
    /// Values, and words Caro does not know.
    Unknown,
}

impl Class {
    /// The most a token can weigh.
    pub const HEAVIEST: f32 = Self::Unknown.weight();

    /// What a token costs an answer that does not explain it. An unknown word weighs most: it may be what the question is
    /// about.
    pub const fn weight(self) -> f32 {
        match self {
            Self::Stop | Self::Cue => 0.0,
            Self::Weak => 0.06,
            Self::Light => 0.2,
            Self::Content => 1.0,
            Self::Common | Self::Unknown => 1.2,
        }
    }
}

/// A phrase of several words.
pub(super) struct Phrase {
    // Stems for concepts, whole words for fillers.
    pub(super) words: &'static [&'static str],
    pub(super) concept: Concept,
}

include!(concat!(env!("OUT_DIR"), "/lexicon.rs"));

/// The folder a concept stands for (`this folder` is `.`); `None` when it is no place.
pub fn is_place(concept: Concept) -> Option<&'static str> {
    PLACES.binary_search_by_key(&concept.0, |(place, _)| *place).ok().map(|at| PLACES[at].1)
}

/// How much it matters that an answer explains words of this concept.
pub fn class(concept: Concept) -> Class {
    // A word only a user's own phrasings have says what is wanted.
    CLASSES.get(usize::from(concept.0)).copied().unwrap_or(Class::Content)
}

/// How many concepts Caro ships with; those of a user's own words come after.
pub const fn concepts() -> usize {
    CLASSES.len()
}

/// The concept of one word of any case, its stem or its own; `None` when Caro does not know it.
pub fn concept_of(word: &str) -> Option<Concept> {
    look_up(&word.to_lowercase())
}

/// The longest phrase at the start of these words, and how many of them it has.
pub fn phrase_at(words: &[&str]) -> Option<(usize, Concept)> {
    let stems: Vec<&str> = words.iter().map(|word| stem(word)).collect();
    let first = *stems.first()?;
    phrases(PHRASES, first)
        .iter()
        .filter(|phrase| stems.starts_with(phrase.words))
        .map(|phrase| (phrase.words.len(), phrase.concept))
        .max_by_key(|(length, _)| *length)
}

/// The concept of one lower-case word.
pub(super) fn look_up(word: &str) -> Option<Concept> {
    let find = |table: &[(&str, u16)], key: &str| {
        table.binary_search_by_key(&key, |(known, _)| known).ok().map(|at| table[at].1)
    };
    find(WORDS, word).or_else(|| find(STEMS, stem(word))).map(Concept)
}

/// Phrases that start with this word or stem.
pub(super) fn phrases(table: &'static [Phrase], first: &str) -> &'static [Phrase] {
    let start = table.partition_point(|phrase| phrase.words[0] < first);
    let end = start + table[start..].partition_point(|phrase| phrase.words[0] == first);
    &table[start..end]
}

/// Says what a token means, correcting its spelling when it is no word anyone knows.
pub(super) fn read(token: &mut Token) {
    if !matches!(token.shape, Shape::Word | Shape::Symbol | Shape::FileName) {
        return;
    }
    // `between START and STOP`: marks in a text. Words that are mostly written so (`CPU`, `PDF`) are no names.
    if matches!(
        token.raw.as_str(),
        "BEGIN" | "END" | "START" | "STOP" | "FIRST" | "LAST" | "OPEN" | "CLOSE" | "ERROR" | "ERRORS"
    ) {
        return;
    }
    let lower = token.raw.to_lowercase();
    if let Some(known) = look_up(&lower) {
        mark(token, lower, known);
        return;
    }
    if token.shape != Shape::Word || quantity::is_word(&lower) || NAMES.binary_search(&lower.as_str()).is_ok() {
        return;
    }
    // `pls` is no misspelt `plus`.
    if phrases(FILLERS, &lower).iter().any(|filler| filler.words.len() == 1) {
        return;
    }
    if COMMON.binary_search(&lower.as_str()).is_ok() {
        token.class = Class::Common;
        return;
    }
    // A name with a capital inside a sentence, or a word in capitals, is somebody's name for something.
    if token.raw.chars().skip(1).any(char::is_uppercase) {
        return;
    }
    if let Some(right) = typo::correct(&lower, SPELLINGS)
        && let Some(known) = look_up(right)
    {
        mark(token, right.to_owned(), known);
        token.corrected = true;
    }
}

fn mark(token: &mut Token, text: String, known: Concept) {
    token.text = text;
    token.concept = Some(known);
    token.class = class(known);
}
