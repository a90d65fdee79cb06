//! Reads packed tables where they lie: nothing is copied, nothing allocated.
//!
//! What the bytes mean is said in [`layout`]. They were packed by the same program, so what is not as it says is a mistake
//! of Caro's, never of a file.

use super::ending::Ending;
use super::measure::Measure;
use super::slot::Kind;
use super::value::Form;
use crate::normalize::Concept;

#[path = "../../build/layout.rs"]
pub(super) mod layout;

use layout::{NONE, NUMBER, SPAN, START};

/// The tables that intents are packed in.
#[derive(Debug)]
pub(super) struct Tables {
    pub(super) required: &'static [u8],
    pub(super) sizes: &'static [u8],
    pub(super) patterns: Rows,
    pub(super) lists: Rows,
    pub(super) intents: Rows,
    pub(super) code: &'static [u8],
    pub(super) index: Rows,
    pub(super) speakers: Rows,
    text: &'static str,
}

impl Tables {
    pub(super) const fn open(bytes: &'static [u8], text: &'static str) -> Self {
        let tables = Rows::open(bytes);
        Self {
            required: tables.row(layout::REQUIRED),
            sizes: tables.row(layout::SIZES),
            patterns: Rows::open(tables.row(layout::PATTERNS)),
            lists: Rows::open(tables.row(layout::LISTS)),
            intents: Rows::open(tables.row(layout::INTENTS)),
            code: tables.row(layout::CODE),
            index: Rows::open(tables.row(layout::INDEX)),
            speakers: Rows::open(tables.row(layout::SPEAKERS)),
            text,
        }
    }

    /// The text that the span at a place names.
    pub(super) fn text(&self, bytes: &[u8], at: usize) -> Option<&'static str> {
        Some(&self.text[span(bytes, at)?])
    }

    /// Whether a text is a stretch of this one: not the same letters, the same place.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.text.as_bytes().as_ptr_range().contains(&text.as_ptr())
    }

    pub(super) fn text_of(&self, bytes: &[u8], at: usize) -> &'static str {
        self.text(bytes, at).unwrap_or_default()
    }
}

/// Rows of bytes, found by number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    // One more than there are rows.
    starts: &'static [[u8; START]],
    bytes: &'static [u8],
}

impl Rows {
    pub(super) const fn open(bytes: &'static [u8]) -> Self {
        let (starts, _) = bytes.split_at(long(bytes, 0));
        Self { starts: starts.as_chunks().0, bytes }
    }

    pub(super) const fn len(self) -> usize {
        self.starts.len() - 1
    }

    pub(super) const fn row(self, at: usize) -> &'static [u8] {
        let (before, _) = self.bytes.split_at(u32::from_le_bytes(self.starts[at + 1]) as usize);
        before.split_at(u32::from_le_bytes(self.starts[at]) as usize).1
    }

    /// A row of numbers.
    pub(super) fn numbers(self, at: usize) -> Numbers {
        Numbers::all(self.row(at))
    }

    /// A row of numbers; empty when there is no such row.
    pub(super) fn numbers_if_any(self, at: usize) -> Numbers {
        if at < self.len() { self.numbers(at) } else { Numbers(&[]) }
    }
}

/// Numbers of patterns, intents or concepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers(&'static [[u8; NUMBER]]);

impl Numbers {
    pub(super) const fn all(bytes: &'static [u8]) -> Self {
        Self(bytes.as_chunks().0)
    }

    pub(super) const fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn contains(self, number: u16) -> bool {
        self.0.contains(&number.to_le_bytes())
    }

    pub(super) fn iter(self) -> impl ExactSizeIterator<Item = u16> {
        self.0.iter().map(|number| u16::from_le_bytes(*number))
    }
}

/// A choice of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concepts(pub(super) Numbers);

impl Concepts {
    pub(super) const NONE: Self = Self(Numbers(&[]));

    pub(super) fn contains(self, concept: Concept) -> bool {
        self.0.contains(concept.0)
    }

    pub(super) fn iter(self) -> impl ExactSizeIterator<Item = Concept> {
        self.0.iter().map(Concept)
    }
}

/// The number at a place.
pub(super) const fn number(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// The stretch of the text or the code that the span at a place names; `None` when it names none.
pub(super) fn span(bytes: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let start = long(bytes, at);
    let length = usize::from(number(bytes, at + START));
    (bytes[at..at + SPAN] != NONE).then(|| start..start + length)
}

const fn long(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize
}

// The kinds of values and their forms, by the numbers that the tables have for them.
include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
