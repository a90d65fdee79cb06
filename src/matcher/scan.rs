//! A walk over the tokens of a question that remembers what was explained.

use super::align::{self, Mask};
use crate::normalize::{Class, Concept, Shape, Token};

/// The tokens and which of them are explained.
#[derive(Clone)]
pub(super) struct Scan<'t> {
    pub(super) tokens: &'t [Token],
    used: Mask,
    pub(super) explained: f32,
    pub(super) doubt: f32,
}

impl<'t> Scan<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        Self { tokens, used: 0, explained: 0.0, doubt: 0.0 }
    }

    pub(super) fn is_free(&self, at: usize) -> bool {
        at < self.tokens.len() && self.used & (1 << at) == 0
    }

    /// Marks a token as explained.
    pub(super) fn take(&mut self, at: usize) {
        if !self.is_free(at) {
            return;
        }
        self.used |= 1 << at;
        let token = &self.tokens[at];
        self.explained += match token.class {
            Class::Unknown if token.shape == Shape::Word => 0.7,
            Class::Unknown => 0.9,
            class => class.weight(),
        };
        self.doubt += if token.corrected { 0.04 } else { 0.0 };
    }

    /// Marks several tokens.
    pub(super) fn take_all(&mut self, tokens: impl IntoIterator<Item = usize>) {
        for at in tokens {
            self.take(at);
        }
    }

    /// The first free token with this meaning, marked.
    pub(super) fn take_word(&mut self, concept: Concept) -> Option<usize> {
        let at = self.position(concept)?;
        self.take(at);
        Some(at)
    }

    pub(super) fn take_any(&mut self, concepts: &[Concept]) -> Option<usize> {
        concepts.iter().find_map(|concept| self.take_word(*concept))
    }

    /// The first free token that is one of these words, marked.
    pub(super) fn take_text(&mut self, words: &[&str]) -> Option<usize> {
        let at = (0..self.tokens.len()).find(|at| self.is_free(*at) && self.is_text(Some(*at), words))?;
        self.take(at);
        Some(at)
    }

    /// True when the token there is one of these words.
    pub(super) fn is_text(&self, at: Option<usize>, words: &[&str]) -> bool {
        at.is_some_and(|at| words.iter().any(|word| self.tokens[at].text.eq_ignore_ascii_case(word)))
    }

    pub(super) fn has_text(&self, words: &[&str]) -> bool {
        (0..self.tokens.len()).any(|at| self.is_text(Some(at), words))
    }

    pub(super) fn position(&self, concept: Concept) -> Option<usize> {
        (0..self.tokens.len()).find(|at| self.is_free(*at) && self.tokens[*at].is(concept))
    }

    /// The first free token with one of these meanings.
    pub(super) fn position_any(&self, concepts: &[Concept]) -> Option<usize> {
        (0..self.tokens.len()).find(|at| self.is_free(*at) && self.is_at(Some(*at), concepts))
    }

    pub(super) fn has(&self, concept: Concept) -> bool {
        self.tokens.iter().any(|token| token.is(concept))
    }

    /// The nearest token before this one that says something.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        (0..at).rev().find(|before| self.tokens[*before].class != Class::Stop)
    }

    /// The nearest token after this one that says something.
    pub(super) fn after(&self, at: usize) -> Option<usize> {
        (at + 1..self.tokens.len()).find(|after| self.tokens[*after].class != Class::Stop)
    }

    pub(super) fn is_at(&self, at: Option<usize>, concepts: &[Concept]) -> bool {
        at.and_then(|at| self.tokens.get(at)?.concept).is_some_and(|concept| concepts.contains(&concept))
    }

    /// How many free tokens have one of these meanings.
    pub(super) fn count_free(&self, concepts: &[Concept]) -> f32 {
        let count = (0..self.tokens.len()).filter(|at| self.is_free(*at) && self.is_at(Some(*at), concepts)).count();
        f32::from(u8::try_from(count).unwrap_or(u8::MAX))
    }

    pub(super) fn unexplained(&self) -> f32 {
        align::unexplained(self.tokens, self.used)
    }
}
