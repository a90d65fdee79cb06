//! The lexicon: which word or phrase means which concept.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use super::source::{Mistake, Source};
use super::stem::stem;
use super::words::{Class, Words};

pub(crate) struct Concept {
    pub(crate) name: String,
    pub(crate) class: Class,
}

#[derive(Default)]
pub(crate) struct Lexicon {
    pub(crate) concepts: Vec<Concept>,
    pub(crate) words: BTreeMap<String, u16>,
    /// Stem -> concept, of words that have forms: `not` is no form of `notes`.
    pub(crate) stems: BTreeMap<String, u16>,
    /// Stems of a phrase -> concept.
    pub(crate) phrases: BTreeMap<Vec<String>, u16>,
    pub(crate) fillers: BTreeSet<Vec<String>>,
    pub(crate) openings: BTreeSet<Vec<String>>,
    pub(crate) places: BTreeMap<u16, String>,
    /// Words as they are written, what spelling is corrected to.
    pub(crate) spellings: BTreeSet<String>,
    /// Words of everyday English that mean nothing to a command line.
    pub(crate) common: BTreeSet<String>,
    /// Names of programs and branches: values, spelt as they are.
    pub(crate) names: BTreeSet<String>,
}

type Group = BTreeMap<Spanned<String>, Spanned<Vec<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    filler: Vec<String>,
    opening: Vec<String>,
    stop: Spanned<Vec<String>>,
    cue: Group,
    weak: Group,
    light: Group,
    word: Group,
    place: Group,
}

impl Lexicon {
    pub(crate) fn from_toml(source: &Source, common: &Source, names: &Source) -> Result<Self, Vec<Mistake>> {
        let file: File = source.parse()?;
        let listed = |file: &Source| file.text.split_whitespace().map(str::to_owned).collect();
        let mut lexicon = Self { common: listed(common), names: listed(names), ..Self::default() };
        let mut mistakes = Vec::new();
        let stop = lexicon.concept("(stop)", Class::Stop);
        for word in file.stop.get_ref() {
            lexicon.enter(word, stop, source, &file.stop.span(), &mut mistakes);
        }
        for (class, groups) in
            [(Class::Cue, file.cue), (Class::Weak, file.weak), (Class::Light, file.light), (Class::Content, file.word)]
        {
            for (name, words) in groups {
                let concept = lexicon.concept(name.get_ref(), class);
                if !name.get_ref().contains('_') {
                    lexicon.enter(name.get_ref(), concept, source, &name.span(), &mut mistakes);
                }
                for word in words.get_ref() {
                    lexicon.enter(word, concept, source, &name.span(), &mut mistakes);
                }
            }
        }
        for (folder, words) in file.place {
            let concept = lexicon.concept(&format!("@{}", folder.get_ref()), Class::Light);
            lexicon.places.insert(concept, folder.get_ref().clone());
            for word in words.get_ref() {
                lexicon.enter(word, concept, source, &folder.span(), &mut mistakes);
            }
        }
        let split =
            |phrases: &[String]| phrases.iter().map(|phrase| phrase.split(' ').map(str::to_owned).collect()).collect();
        lexicon.fillers = split(&file.filler);
        lexicon.openings = split(&file.opening);
        if mistakes.is_empty() { Ok(lexicon) } else { Err(mistakes) }
    }

    fn concept(&mut self, name: &str, class: Class) -> u16 {
        self.concepts.push(Concept { name: name.to_owned(), class });
        // Whether all of them fit is asked when they are packed.
        u16::try_from(self.concepts.len() - 1).unwrap_or(u16::MAX)
    }

    fn enter(
        &mut self,
        entry: &str,
        concept: u16,
        source: &Source,
        span: &std::ops::Range<usize>,
        mistakes: &mut Vec<Mistake>,
    ) {
        let words: Vec<&str> = entry.split(' ').collect();
        for word in &words {
            self.spell(word);
        }
        let before = if let [word] = words[..] {
            self.stem(word, concept);
            self.words.insert(word.to_owned(), concept)
        } else {
            self.phrases.insert(words.iter().map(|word| stem(word).to_owned()).collect(), concept)
        };
        if let Some(other) = before.filter(|other| *other != concept) {
            let message = format!(
                "`{entry}` means both `{}` and `{}`",
                self.concepts[usize::from(other)].name,
                self.concepts[usize::from(concept)].name
            );
            mistakes.push(source.mistake(span, message));
        }
    }

    fn spell(&mut self, word: &str) {
        if word.len() > 3 && word.bytes().all(|b| b.is_ascii_lowercase()) {
            self.spellings.insert(word.to_owned());
        }
    }

    fn stem(&mut self, word: &str, concept: u16) {
        if word.len() > 3 {
            self.stems.entry(stem(word).to_owned()).or_insert(concept);
        }
    }
}

impl Words for Lexicon {
    fn literal(&mut self, word: &str) -> u16 {
        if let Some(known) = self.words.get(word).or_else(|| self.stems.get(stem(word))) {
            return *known;
        }
        self.spell(word);
        let concept = self.concept(word, Class::Content);
        self.words.insert(word.to_owned(), concept);
        self.stem(word, concept);
        concept
    }

    fn phrase(&self, words: &[&str]) -> Option<(usize, u16)> {
        let stems: Vec<String> = words.iter().map(|word| stem(word).to_owned()).collect();
        (2..=stems.len()).rev().find_map(|length| self.phrases.get(&stems[..length]).map(|concept| (length, *concept)))
    }

    fn class(&self, concept: u16) -> Class {
        self.concepts[usize::from(concept)].class
    }
}
