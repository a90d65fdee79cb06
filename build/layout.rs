//! How the packed knowledge is laid out, for what writes it (`pack.rs`) and what reads it (`matcher::table`).
//!
//! It is bytes and the text they point into, not nested statics: those cost a relocation for each reference when the
//! program starts, and most of the time it takes to compile it. Numbers are little-endian and may stand anywhere, so
//! nothing needs aligning.
//!
//! Rows are found by number: where each row starts, and where the last ends (32 bits, from the start of the rows), then
//! their bytes. The knowledge is rows, too, one for each table.

/// Bytes of where a row starts.
pub(crate) const START: usize = 4;

/// Bytes of a number: a concept, a pattern, an intent, a list.
pub(crate) const NUMBER: usize = 2;

/// Bytes of a span of the text or of [`CODE`]: its start (32 bits) and its length (16 bits).
pub(crate) const SPAN: usize = 6;

/// No span.
pub(crate) const NONE: [u8; SPAN] = [0xFF; SPAN];

/// By pattern, a byte: how many different words must be there.
pub(crate) const REQUIRED: usize = 0;
/// Rows of [`pattern`].
pub(crate) const PATTERNS: usize = 1;
/// Rows of concepts: what elements with a choice stand for. The same list is there once.
pub(crate) const LISTS: usize = 2;
/// Rows of [`intent`].
pub(crate) const INTENTS: usize = 3;
/// Templates and [`by`]. The same template is there once.
pub(crate) const CODE: usize = 4;
/// By concept, rows of the patterns that need it.
pub(crate) const INDEX: usize = 5;
/// By concept, rows of the intents that speak of it.
pub(crate) const SPEAKERS: usize = 6;

/// By pattern, a byte: how many words and values it has, and [`SPANS`].
pub(crate) const SIZES: usize = 7;

/// How many tables there are.
pub(crate) const TABLES: usize = 8;

/// A value of the pattern may be any number of words.
pub(crate) const SPANS: u8 = 0x80;

/// A pattern: where each of its fields starts.
pub(crate) mod pattern {
    use super::{NUMBER, SPAN};

    /// The number of its intent.
    pub(crate) const INTENT: usize = 0;
    /// A span of the text.
    pub(crate) const EXAMPLE: usize = INTENT + NUMBER;
    /// Up to the end of the row.
    pub(crate) const ELEMENTS: usize = EXAMPLE + SPAN;
}

/// An element of a pattern: where each of its fields starts.
pub(crate) mod element {
    use super::NUMBER;

    /// What it is, [`REQUIRED`] or not, [`ALONE`] or not.
    pub(crate) const TAG: usize = 0;
    pub(crate) const SLOT: usize = 1;
    /// The kind of its slot, the one word it stands for ([`ALONE`]), or the list of them.
    pub(crate) const OF: usize = 2;
    pub(crate) const BYTES: usize = OF + NUMBER;

    pub(crate) const REQUIRED: u8 = 0x80;
    pub(crate) const ALONE: u8 = 0x40;
    pub(crate) const WORD: u8 = 0;
    pub(crate) const CUE: u8 = 1;
    pub(crate) const SLOT_OF_KIND: u8 = 2;
    pub(crate) const SLOT_OF_WORDS: u8 = 3;
}

/// An intent: where each of its fields starts.
pub(crate) mod intent {
    use super::{NUMBER, SPAN};

    /// A span of the text.
    pub(crate) const ID: usize = 0;
    /// The first of its patterns, and the one behind its last.
    pub(crate) const PATTERNS: usize = ID + SPAN;
    /// A span of the code.
    pub(crate) const DOES: usize = PATTERNS + 2 * NUMBER;
    /// A span of the code for each dialect.
    pub(crate) const TEMPLATES: usize = DOES + SPAN;
    /// A span of the code.
    pub(crate) const BY: usize = TEMPLATES + 4 * SPAN;
    /// Up to the end of the row.
    pub(crate) const SLOTS: usize = BY + SPAN;
}

/// A slot of an intent: where each of its fields starts.
pub(crate) mod slot {
    use super::SPAN;

    /// A span of the text.
    pub(crate) const NAME: usize = 0;
    /// A span of the text.
    pub(crate) const DEFAULT: usize = NAME + SPAN;
    pub(crate) const KIND: usize = DEFAULT + SPAN;
    pub(crate) const BYTES: usize = KIND + 1;
}

/// Templates by the value of a slot, sorted: where each field starts.
pub(crate) mod by {
    pub(crate) const SLOT: usize = 0;
    /// Up to the end, a [`choice`](super::choice) each.
    pub(crate) const CHOICES: usize = 1;
}

/// A value of a slot and the template for it: where each field starts.
pub(crate) mod choice {
    use super::SPAN;

    /// A span of the text.
    pub(crate) const VALUE: usize = 0;
    /// A span of the code.
    pub(crate) const TEMPLATE: usize = VALUE + SPAN;
    pub(crate) const BYTES: usize = TEMPLATE + SPAN;
}

/// A segment of a template: a tag and what follows it.
pub(crate) mod segment {
    /// A span of the text.
    pub(crate) const LITERAL: u8 = 0;
    /// How many parts it has, and they.
    pub(crate) const WORD: u8 = 1;
    /// The same, between quotes.
    pub(crate) const QUOTED: u8 = 2;
    /// A slot, how many bytes (16 bits) what is there with it has, and that.
    pub(crate) const WITH: u8 = 3;
    /// The same for what is there without it.
    pub(crate) const WITHOUT: u8 = 4;
}

/// A part of a word: where each of its fields starts.
pub(crate) mod part {
    use super::SPAN;

    pub(crate) const TAG: usize = 0;
    /// Of a literal, a span of the text.
    pub(crate) const TEXT: usize = 1;
    pub(crate) const SLOT: usize = 1;
    pub(crate) const FORM: usize = 2;
    pub(crate) const BYTES: usize = TEXT + SPAN;

    pub(crate) const LITERAL: u8 = 0;
    pub(crate) const VALUE: u8 = 1;
}
