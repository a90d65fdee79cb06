//! How a reader of files walks over the words of a question.

use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// Words that say who may do something with a file.
pub(super) const EVERYONE: [&str; 9] =
    ["all", "anyone", "anybody", "everybody", "everyone", "others", "other", "world", "all users"];

impl Scan<'_> {
    /// The word at a place, spelt right and in lower case; empty behind the end.
    pub(in crate::matcher) fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    pub(in crate::matcher) fn says(&self, at: Option<usize>, words: &[&str]) -> bool {
        at.is_some_and(|at| words.contains(&self.text(at)))
    }

    /// The first free token that is one of these words.
    pub(in crate::matcher) fn find_text(&self, words: &[&str]) -> Option<usize> {
        (0..self.tokens.len()).find(|at| self.is_free(*at) && words.contains(&self.text(*at)))
    }

    pub(in crate::matcher) fn take_all_text(&mut self, words: &[&str]) {
        while self.take_text(words).is_some() {}
    }

    pub(in crate::matcher) fn take_each(&mut self, words: impl IntoIterator<Item = usize>) {
        for word in words {
            self.take(word);
        }
    }

    pub(in crate::matcher) fn take_span(&mut self, from: usize, to: usize) {
        for at in from..=to {
            self.take(at);
        }
    }

    /// The next token, whatever it is.
    pub(in crate::matcher) fn next(&self, at: usize) -> Option<usize> {
        (at + 1 < self.tokens.len()).then_some(at + 1)
    }

    pub(in crate::matcher) fn previous(at: usize) -> Option<usize> {
        at.checked_sub(1)
    }

    /// The first free tokens that say these words, one after the other with nothing but articles between them.
    pub(in crate::matcher) fn find_run(&self, words: &[&[&str]]) -> Option<(usize, usize)> {
        (0..self.tokens.len()).find_map(|start| self.run_at(start, words).map(|end| (start, end)))
    }

    pub(in crate::matcher) fn run_at(&self, start: usize, words: &[&[&str]]) -> Option<usize> {
        let mut at = start;
        for (place, choice) in words.iter().enumerate() {
            if place > 0 {
                at += 1;
                while matches!(self.text(at), "the" | "a" | "an" | "any" | "of" | "its" | "their") {
                    at += 1;
                }
            }
            if !self.is_free(at) || !choice.contains(&self.text(at)) {
                return None;
            }
        }
        Some(at)
    }

    pub(in crate::matcher) fn take_run(&mut self, words: &[&[&str]]) -> Option<(usize, usize)> {
        let (from, to) = self.find_run(words)?;
        self.take_span(from, to);
        Some((from, to))
    }

    /// A free word that says no and belongs to what starts at this token.
    pub(in crate::matcher) fn negation(&self, at: usize) -> Option<usize> {
        let mut before = Self::previous(at)?;
        for _ in 0..6 {
            let token = &self.tokens[before];
            if self.is_no(before) {
                return self.is_free(before).then_some(before);
            }
            let soft = token.class <= Class::Cue
                || [c::FILE, c::FOLDER, c::NAMED, c::NAME, c::ALL, c::EXTENSION, c::MATCH, c::OWNER, c::PERMISSION]
                    .iter()
                    .any(|concept| token.is(*concept))
                || ["have", "contain", "whose", "set", "been"].contains(&token.text.as_str());
            if !soft || token.text == "and" || token.text == "but" {
                return None;
            }
            before = Self::previous(before)?;
        }
        None
    }

    pub(in crate::matcher) fn is_no(&self, at: usize) -> bool {
        self.tokens[at].is(c::NOT)
            || matches!(self.text(at), "no" | "non" | "lack" | "hasn't" | "haven't" | "dont" | "wasn't" | "weren't")
    }

    /// True when a negation belongs to what starts at this token; it is taken.
    pub(in crate::matcher) fn take_negation(&mut self, at: usize) -> bool {
        let found = self.negation(at);
        if let Some(not) = found {
            self.take(not);
        }
        found.is_some()
    }

    /// The nearest token before this one that is no preposition and no filler.
    pub(in crate::matcher) fn before_cues(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|before| self.tokens[*before].class > Class::Cue)
    }

    pub(in crate::matcher) fn number(&self, at: Option<usize>) -> Option<u64> {
        match self.tokens[at?].shape {
            Shape::Number(number) => Some(number),
            _ => None,
        }
    }

    /// True when the word stands right behind a preposition of place.
    pub(in crate::matcher) fn is_in(&self, at: usize) -> bool {
        self.is_at(self.before(at), &[c::IN, c::FROM, c::OF, c::ON, c::AT])
    }
}

/// A variable of the shell, perhaps with a path behind it.
pub(in crate::matcher) fn is_variable(raw: &str) -> bool {
    let Some(rest) = raw.strip_prefix('$') else { return false };
    let name = rest.split('/').next().unwrap_or_default();
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty()
        && name.chars().all(plain)
        && !name.starts_with("IFS")
        && rest.chars().all(|c| plain(c) || "/.-{}".contains(c))
}
