//! The shape of the compiled knowledge, and the knowledge (`intents/*.toml`, put here by `build.rs`).

use std::ops::Range;

use super::ending::Ending;
use super::measure::Measure;
use super::slot::Kind;
use super::value::{Form, Value};
use crate::context::{Context, Os};
use crate::normalize::{Concept, class};
use crate::shell::Shell;

/// One thing Caro can do.
#[derive(Debug)]
pub(super) struct Intent {
    pub(super) id: &'static str,
    /// Its phrasings, as indices into `PATTERNS`.
    pub(super) patterns: Range<u16>,
    pub(super) slots: &'static [SlotSpec],
    pub(super) does: Template,
    /// By [`Dialect`].
    pub(super) templates: [Option<Template>; 4],
    pub(super) by: Option<By>,
}

/// Templates by the value of a slot, in every dialect; sorted. When the question gave the slot, they count and no other.
#[derive(Debug)]
pub(super) struct By {
    pub(super) slot: u8,
    pub(super) templates: &'static [(&'static str, Template)],
}

impl Intent {
    /// The template for these values; `None` when there is no such command.
    pub(super) fn template(&self, given: &[Option<Value>], dialect: Dialect) -> Option<Template> {
        if let Some(by) = &self.by
            && let Some(Some(Value::Text(choice))) = given.get(usize::from(by.slot))
        {
            let at = by.templates.binary_search_by_key(&choice.as_str(), |(value, _)| value).ok()?;
            return Some(by.templates[at].1);
        }
        self.templates[dialect as usize]
    }

    /// True when there is a command in this dialect, whatever the values are.
    pub(super) fn speaks(&self, dialect: Dialect) -> bool {
        self.by.is_some() || self.templates[dialect as usize].is_some()
    }
}

/// A value an intent takes.
#[derive(Debug)]
pub(super) struct SlotSpec {
    /// What it is called where it is left blank.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) default: Option<&'static str>,
}

/// One way to ask for an intent.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) intent: u16,
    /// How many of the elements are words that must be there.
    pub(super) required: u8,
    pub(super) elements: &'static [Element],
    pub(super) example: &'static str,
}

/// A part of a phrasing.
#[derive(Debug)]
pub(super) enum Element {
    /// One of these words.
    Word { any: &'static [Concept], required: bool },
    /// A preposition: tells the slot after it from others.
    Cue(&'static [Concept]),
    /// A value.
    Slot { slot: u8, kind: Kind, required: bool },
}

pub(super) type Template = &'static [Segment];

/// A part of a template.
#[derive(Debug)]
pub(super) enum Segment {
    Literal(&'static str),
    /// One word with values in it; `quoted`: its literal parts need quotes too.
    Word {
        parts: &'static [Part],
        quoted: bool,
    },
    /// There when the question gave the slot (`present`), or when it did not.
    When {
        slot: u8,
        present: bool,
        body: Template,
    },
}

/// A part of a word.
#[derive(Debug)]
pub(super) enum Part {
    Literal(&'static str),
    Slot { slot: u8, form: Form },
}

/// Whose syntax and flags a template has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Gnu,
    Bsd,
    PowerShell,
    Cmd,
}

impl Dialect {
    pub(super) fn of(context: &Context) -> Self {
        match (context.shell, context.os) {
            (Shell::PowerShell, _) => Self::PowerShell,
            (Shell::Cmd, _) => Self::Cmd,
            (_, Os::MacOs) => Self::Bsd,
            // A POSIX shell on Windows is Git Bash or WSL, with GNU tools.
            (_, Os::Linux | Os::Windows) => Self::Gnu,
        }
    }
}

/// Intents and the ways to find them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Knowledge {
    pub(super) intents: &'static [Intent],
    pub(super) patterns: &'static [Pattern],
    /// By concept: the patterns that need it.
    pub(super) index: &'static [&'static [u16]],
    /// By concept: the intents that speak of it.
    pub(super) speakers: &'static [&'static [u16]],
    /// It is a user's.
    pub(super) own: bool,
}

/// What Caro ships with.
pub(super) const SHIPPED: Knowledge =
    Knowledge { intents: INTENTS, patterns: PATTERNS, index: INDEX, speakers: SPEAKERS, own: false };

impl Knowledge {
    /// The patterns that need a word.
    pub(super) fn needing(&self, concept: Concept) -> &'static [u16] {
        self.index.get(usize::from(concept.0)).copied().unwrap_or_default()
    }

    /// The intents that speak of it.
    pub(super) fn speaking(&self, concept: Concept) -> &'static [u16] {
        self.speakers.get(usize::from(concept.0)).copied().unwrap_or_default()
    }
}

/// How much a word narrows down what is wanted: 1 where one intent in a hundred speaks of it, more where fewer do.
#[expect(clippy::cast_precision_loss, reason = "a few thousand intents at most")]
pub(super) fn information(concept: Concept) -> f32 {
    let speakers = SHIPPED.speaking(concept).len().max(1);
    let rarity = (INTENTS.len() as f32 / speakers as f32).ln() / 100.0_f32.ln();
    class(concept).weight() * rarity.clamp(0.25, 1.3)
}

include!(concat!(env!("OUT_DIR"), "/knowledge.rs"));
