//! The knowledge (`intents/*.toml`, packed by `build.rs`) as what it is about: views of packed tables, made as they are asked for.

use std::ops::Range;

use super::slot::Kind;
use super::table::{self, Concepts, KINDS, Numbers, Rows, Tables, layout};
use super::template::Template;
use super::value::Value;
use crate::context::{Context, Os};
use crate::normalize::{Class, Concept, class};
use crate::shell::Shell;

/// One thing Caro can do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Intent {
    row: &'static [u8],
    tables: &'static Tables,
}

impl Intent {
    pub(super) fn id(self) -> &'static str {
        self.tables.text_of(self.row, layout::intent::ID)
    }

    /// The numbers of its phrasings.
    pub(super) fn patterns(self) -> Range<u16> {
        let at = layout::intent::PATTERNS;
        table::number(self.row, at)..table::number(self.row, at + layout::NUMBER)
    }

    pub(super) fn slots(self) -> impl ExactSizeIterator<Item = SlotSpec> {
        let (slots, _) = self.row[layout::intent::SLOTS..].as_chunks::<{ layout::slot::BYTES }>();
        slots.iter().map(move |slot| SlotSpec {
            name: self.tables.text_of(slot, layout::slot::NAME),
            kind: KINDS[usize::from(slot[layout::slot::KIND])],
            default: self.tables.text(slot, layout::slot::DEFAULT),
        })
    }

    /// What its command does, in a sentence.
    pub(super) fn does(self) -> Option<Template> {
        Template::at(self.row, layout::intent::DOES, self.tables)
    }

    /// The template for these values; `None` when there is no such command.
    pub(super) fn template(self, given: &[Option<Value>], dialect: Dialect) -> Option<Template> {
        if let Some(by) = self.by()
            && let Some(Some(Value::Text(choice))) = given.get(by.slot)
        {
            return by.template(choice);
        }
        self.spoken(dialect)
    }

    /// True when there is a command in this dialect, whatever the values are.
    pub(super) fn speaks(self, dialect: Dialect) -> bool {
        self.by().is_some() || self.spoken(dialect).is_some()
    }

    fn spoken(self, dialect: Dialect) -> Option<Template> {
        Template::at(self.row, layout::intent::TEMPLATES + dialect as usize * layout::SPAN, self.tables)
    }

    fn by(self) -> Option<By> {
        let code = &self.tables.code[table::span(self.row, layout::intent::BY)?];
        let slot = usize::from(code[layout::by::SLOT]);
        Some(By { slot, choices: code[layout::by::CHOICES..].as_chunks().0, tables: self.tables })
    }
}

// Templates by the value of a slot, in every dialect; sorted. When the question gave the slot, they count and no other.
struct By {
    slot: usize,
    choices: &'static [[u8; layout::choice::BYTES]],
    tables: &'static Tables,
}

impl By {
    fn template(&self, choice: &str) -> Option<Template> {
        let at = self
            .choices
            .binary_search_by_key(&choice, |known| self.tables.text_of(known, layout::choice::VALUE))
            .ok()?;
        Template::at(&self.choices[at], layout::choice::TEMPLATE, self.tables)
    }
}

/// A value an intent takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct SlotSpec {
    /// What it is called where it is left blank.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) default: Option<&'static str>,
}

/// One way to ask for an intent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    row: &'static [u8],
    tables: &'static Tables,
}

impl Pattern {
    /// The number of its intent.
    pub(super) fn intent(self) -> u16 {
        table::number(self.row, layout::pattern::INTENT)
    }

    /// A question that asks so.
    pub(super) fn example(self) -> &'static str {
        self.tables.text_of(self.row, layout::pattern::EXAMPLE)
    }

    /// The words that must be there, or those that may be missing.
    pub(super) fn words(self, required: bool) -> impl Iterator<Item = Concepts> {
        use layout::element::{REQUIRED, WORD};
        let wanted = if required { WORD | REQUIRED } else { WORD };
        let words = self.records().iter().filter(move |element| tag(element.as_slice()) == wanted);
        words.map(move |element| Element::words(element, self.tables.lists))
    }

    /// The prepositions it has.
    pub(super) fn cues(self) -> impl Iterator<Item = Concepts> {
        let cues = self.records().iter().filter(|element| tag(element.as_slice()) == layout::element::CUE);
        cues.map(move |element| Element::words(element, self.tables.lists))
    }

    /// The values it has: their kinds, and whether they must be there.
    pub(super) fn values(self) -> impl Iterator<Item = (Kind, bool)> {
        use layout::element::{CUE, REQUIRED, WORD};
        let is_value = |element: &&[u8; layout::element::BYTES]| {
            let of = tag(element.as_slice()) & !REQUIRED;
            of != WORD && of != CUE
        };
        self.records().iter().filter(is_value).filter_map(move |element| {
            match Element::read(element, self.tables.lists) {
                Element::Slot { kind, required, .. } => Some((kind, required)),
                Element::Word { .. } | Element::Cue(_) => None,
            }
        })
    }

    pub(super) fn elements(self) -> impl DoubleEndedIterator<Item = Element> + ExactSizeIterator {
        self.records().iter().map(move |element| Element::read(element, self.tables.lists))
    }

    fn records(self) -> &'static [[u8; layout::element::BYTES]] {
        self.row[layout::pattern::ELEMENTS..].as_chunks().0
    }
}

// What an element is, required or not.
const fn tag(element: &[u8]) -> u8 {
    element[layout::element::TAG] & !layout::element::ALONE
}

/// A part of a phrasing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element {
    /// One of these words.
    Word { any: Concepts, required: bool },
    /// A preposition: tells the slot after it from others.
    Cue(Concepts),
    /// A value.
    Slot { slot: u8, kind: Kind, required: bool },
}

impl Element {
    fn read(element: &'static [u8], lists: Rows) -> Self {
        use layout::element::{CUE, OF, REQUIRED, SLOT, SLOT_OF_KIND, WORD};
        let required = tag(element) & REQUIRED != 0;
        let slot = element[SLOT];
        let words = || Self::words(element, lists);
        match tag(element) & !REQUIRED {
            WORD => Self::Word { any: words(), required },
            CUE => Self::Cue(words()),
            SLOT_OF_KIND => Self::Slot { slot, kind: KINDS[usize::from(table::number(element, OF))], required },
            _ => Self::Slot { slot, kind: Kind::Words(words()), required },
        }
    }

    fn words(element: &'static [u8], lists: Rows) -> Concepts {
        use layout::element::{ALONE, OF, TAG};
        if element[TAG] & ALONE != 0 {
            return Concepts(Numbers::all(&element[OF..]));
        }
        Concepts(lists.numbers(usize::from(table::number(element, OF))))
    }
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
#[derive(Debug, Clone, Copy)]
pub(super) struct Knowledge {
    pub(super) tables: &'static Tables,
    /// It is a user's.
    pub(super) own: bool,
}

static TABLES: Tables = Tables::open(
    include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin")),
    include_str!(concat!(env!("OUT_DIR"), "/knowledge.txt")),
);

/// What Caro ships with.
pub(super) const SHIPPED: Knowledge = Knowledge { tables: &TABLES, own: false };

impl Knowledge {
    pub(super) fn intent_count(self) -> usize {
        self.tables.intents.len()
    }

    pub(super) fn pattern_count(self) -> usize {
        self.tables.patterns.len()
    }

    pub(super) fn intent(self, number: u16) -> Intent {
        Intent { row: self.tables.intents.row(usize::from(number)), tables: self.tables }
    }

    pub(super) fn pattern(self, number: u16) -> Pattern {
        Pattern { row: self.tables.patterns.row(usize::from(number)), tables: self.tables }
    }

    /// Every intent, by its number.
    pub(super) fn intents(self) -> impl Iterator<Item = Intent> {
        (0..).take(self.intent_count()).map(move |number| self.intent(number))
    }

    /// Every phrasing, by its number.
    pub(super) fn patterns(self) -> impl Iterator<Item = Pattern> {
        (0..).take(self.pattern_count()).map(move |number| self.pattern(number))
    }

    /// How many different words a pattern must find.
    pub(super) fn required(self, pattern: u16) -> u8 {
        self.tables.required[usize::from(pattern)]
    }

    /// How many words and values a pattern has.
    pub(super) fn size(self, pattern: u16) -> u8 {
        self.tables.sizes[usize::from(pattern)] & !layout::SPANS
    }

    /// The most a pattern can explain of a question, in weight.
    pub(super) fn most(self, pattern: u16) -> f32 {
        let size = self.tables.sizes[usize::from(pattern)];
        if size & layout::SPANS != 0 { f32::INFINITY } else { f32::from(size) * Class::HEAVIEST }
    }

    /// The patterns that need a word.
    pub(super) fn needing(self, concept: Concept) -> Numbers {
        self.tables.index.numbers_if_any(usize::from(concept.0))
    }

    /// The intents that speak of it.
    pub(super) fn speaking(self, concept: Concept) -> Numbers {
        self.tables.speakers.numbers_if_any(usize::from(concept.0))
    }
}

/// How much a word narrows down what is wanted: 1 where one intent in a hundred speaks of it, more where fewer do.
#[expect(clippy::cast_precision_loss, reason = "a few thousand intents at most")]
pub(super) fn information(concept: Concept) -> f32 {
    let speakers = SHIPPED.speaking(concept).len().max(1);
    let rarity = (SHIPPED.intent_count() as f32 / speakers as f32).ln() / 100.0_f32.ln();
    class(concept).weight() * rarity.clamp(0.25, 1.3)
}
