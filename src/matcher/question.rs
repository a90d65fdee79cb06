//! A question as phrasings are laid over it: what thousands of them ask of the same words is worked out once.

use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use super::align::Mask;
use super::knowledge::information;
use super::slot::{Found, Kind};
use super::table::Concepts;
use crate::normalize::{Concept, Token};

/// The tokens of a question, and what they are as values.
pub(super) struct Question<'t> {
    tokens: &'t [Token],
    kinds: RefCell<Vec<Rc<Seen>>>,
    patterns: [OnceCell<Vec<u16>>; 2],
    // A bit for every concept that is there.
    concepts: Vec<u64>,
    information: OnceCell<Vec<f32>>,
    unspoken: Cell<f32>,
}

/// A question as one kind of value sees it.
pub(super) struct Seen {
    kind: Kind,
    /// The tokens that are words for it.
    pub(super) nouns: Mask,
    found: Vec<OnceCell<Option<Found>>>,
    any: OnceCell<bool>,
}

impl<'t> Question<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        let mut concepts = Vec::new();
        for concept in tokens.iter().filter_map(|token| token.concept) {
            let (word, bit) = place(concept);
            if concepts.len() <= word {
                concepts.resize(word + 1, 0);
            }
            concepts[word] |= bit;
        }
        let patterns = [OnceCell::new(), OnceCell::new()];
        Self {
            tokens,
            kinds: RefCell::new(Vec::new()),
            patterns,
            concepts,
            information: OnceCell::new(),
            unspoken: Cell::new(f32::NEG_INFINITY),
        }
    }

    /// Notes how well a phrasing fits whose intent has no command in the dialect that is asked for.
    pub(super) fn note_unspoken(&self, rank: f32) {
        self.unspoken.set(self.unspoken.get().max(rank));
    }

    /// How well the best of those fits.
    pub(super) const fn unspoken(&self) -> f32 {
        self.unspoken.get()
    }

    /// Whether any token means one of these.
    pub(super) fn speaks_of(&self, any: Concepts) -> bool {
        any.iter().any(|concept| {
            let (word, bit) = place(concept);
            self.concepts.get(word).is_some_and(|bits| bits & bit != 0)
        })
    }

    /// How much a token narrows down what is wanted.
    pub(super) fn information(&self, at: usize) -> f32 {
        let of = |token: &Token| token.concept.map_or(0.0, information);
        self.information.get_or_init(|| self.tokens.iter().map(of).collect())[at]
    }

    pub(super) const fn tokens(&self) -> &'t [Token] {
        self.tokens
    }

    /// The question as a kind of value sees it.
    pub(super) fn seen_as(&self, kind: Kind) -> Rc<Seen> {
        // There are hundreds of choices of words, each for one phrasing: remembering them would cost more than it saves.
        if matches!(kind, Kind::Words(_)) {
            return Rc::new(Seen::new(kind, self.tokens));
        }
        let known = self.kinds.borrow().iter().find(|seen| seen.kind == kind).cloned();
        known.unwrap_or_else(|| {
            let seen = Rc::new(Seen::new(kind, self.tokens));
            self.kinds.borrow_mut().push(Rc::clone(&seen));
            seen
        })
    }

    /// Whether any token may be a value of a kind.
    pub(super) fn has_any(&self, kind: Kind) -> bool {
        match kind {
            Kind::Words(words) => self.speaks_of(words),
            _ => self.seen_as(kind).has_any(self.tokens),
        }
    }

    /// The tokens that are words for a kind.
    pub(super) fn nouns_of(&self, kind: Kind) -> Mask {
        if let Kind::Words(_) = kind { 0 } else { self.seen_as(kind).nouns }
    }

    /// The phrasings that may fit, of the user's own or of those that ship with Caro.
    pub(super) fn patterns(&self, own: bool, find: impl FnOnce() -> Vec<u16>) -> &[u16] {
        self.patterns[usize::from(own)].get_or_init(find)
    }
}

// Where the bit of a concept is.
fn place(concept: Concept) -> (usize, u64) {
    (usize::from(concept.0 / 64), 1 << (concept.0 % 64))
}

impl Deref for Question<'_> {
    type Target = [Token];

    fn deref(&self) -> &[Token] {
        self.tokens
    }
}

impl Seen {
    fn new(kind: Kind, tokens: &[Token]) -> Self {
        let is_noun = |token: &Token| token.concept.is_some_and(|noun| kind.is_named_by(noun));
        let nouns = tokens.iter().enumerate().filter(|(_, token)| is_noun(token)).map(|(at, _)| 1 << at);
        Self {
            kind,
            nouns: nouns.fold(0, |all, noun: Mask| all | noun),
            found: vec![OnceCell::new(); tokens.len()],
            any: OnceCell::new(),
        }
    }

    /// Whether any token may be a value of it.
    pub(super) fn has_any(&self, tokens: &[Token]) -> bool {
        *self.any.get_or_init(|| (0..tokens.len()).any(|at| self.found(tokens, at).is_some()))
    }

    /// The value that starts at a token.
    pub(super) fn found(&self, tokens: &[Token], at: usize) -> Option<&Found> {
        self.found[at].get_or_init(|| self.kind.recognize(tokens, at)).as_ref()
    }
}
