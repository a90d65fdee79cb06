//! One word or value of a question.

use std::ops::Range;

use super::lexicon::{Class, Concept};
use super::quantity::Unit;

/// What a token looks like, before anyone asks what it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Letters, perhaps with digits, `-` and `_`.
    Word,
    /// A whole number; the value.
    Number(u64),
    /// A number with a fraction, `1.5`.
    Decimal,
    /// An amount of bytes.
    Size(u64),
    /// A stretch of time: so many units.
    Age(u32, Unit),
    /// A calendar day, `2026-01-15`.
    Date,
    /// Between quotes.
    Quoted,
    /// Has a separator, or starts with `~` or `.`.
    Path,
    /// A name with an extension, `notes.txt`.
    FileName,
    /// A name that ends like one on the internet, `example.com`.
    Host,
    /// Has `*` or `[…]`.
    Glob,
    /// `.py`.
    Extension,
    /// Has a scheme.
    Url,
    /// An IPv4 address, perhaps with a port or a mask.
    Ip,
    /// `user@host`.
    Login,
    /// A symbolic file mode, `u+x`.
    Mode,
    /// Starts with `-`, or is something only a shell would say.
    Symbol,
    /// A phrase that names a folder, `this folder`.
    Place,
}

/// One word or value of a question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where it is in [`super::Utterance::text`], in bytes.
    pub span: Range<usize>,
    /// As it stands in the normalized text.
    pub text: String,
    /// As it was typed, without the quotes of a quoted string: what a slot takes.
    pub raw: String,
    /// What it looks like.
    pub shape: Shape,
    /// What it means, when it is a word Caro knows.
    pub concept: Option<Concept>,
    /// How much it matters that something explains it.
    pub class: Class,
    /// True when the spelling was changed to a known word; `raw` still has what was typed.
    pub corrected: bool,
    /// True when a comma or semicolon stands before it.
    pub pause: bool,
}

impl Token {
    pub(super) fn new(raw: &str, shape: Shape) -> Self {
        Self {
            span: 0..0,
            text: raw.to_owned(),
            raw: raw.to_owned(),
            shape,
            concept: None,
            class: Class::Unknown,
            corrected: false,
            pause: false,
        }
    }

    /// True for a word of everyday English that nobody put in quotes.
    pub fn is_everyday(&self) -> bool {
        self.class == Class::Common
    }

    /// True when the token is a word with this meaning.
    pub fn is(&self, concept: Concept) -> bool {
        self.concept == Some(concept)
    }
}
