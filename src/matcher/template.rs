//! Templates: what becomes a command or a sentence once there are values.

use super::table::{self, FORMS, Tables, layout};
use super::value::Form;

/// What becomes a command or a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Template {
    code: &'static [u8],
    tables: &'static Tables,
}

/// A part of a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment {
    Literal(&'static str),
    /// One word with values in it; `quoted`: its literal parts need quotes too.
    Word {
        parts: Parts,
        quoted: bool,
    },
    /// There when the question gave the slot (`present`), or when it did not.
    When {
        slot: u8,
        present: bool,
        body: Template,
    },
}

impl Template {
    /// The template that the span at a place of a row names; `None` when it names none.
    pub(super) fn at(row: &[u8], place: usize, tables: &'static Tables) -> Option<Self> {
        Some(Self { code: &tables.code[table::span(row, place)?], tables })
    }

    pub(super) fn segments(self) -> impl Iterator<Item = Segment> {
        use layout::segment::{LITERAL, QUOTED, WITH, WORD};
        let tables = self.tables;
        let mut rest = self.code;
        std::iter::from_fn(move || {
            let (tag, after) = rest.split_first()?;
            let (segment, length) = match *tag {
                LITERAL => (Segment::Literal(tables.text_of(after, 0)), layout::SPAN),
                WORD | QUOTED => {
                    let parts = &after[1..].as_chunks().0[..usize::from(after[0])];
                    (
                        Segment::Word { parts: Parts { parts, tables }, quoted: *tag == QUOTED },
                        1 + parts.as_flattened().len(),
                    )
                }
                _ => {
                    let start = 1 + layout::NUMBER;
                    let end = start + usize::from(table::number(after, 1));
                    let body = Self { code: &after[start..end], tables };
                    (Segment::When { slot: after[0], present: *tag == WITH, body }, end)
                }
            };
            rest = &after[length..];
            Some(segment)
        })
    }
}

/// The parts of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts {
    parts: &'static [[u8; layout::part::BYTES]],
    tables: &'static Tables,
}

/// A part of a word.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Literal(&'static str),
    Slot { slot: u8, form: Form },
}

impl Parts {
    pub(super) const fn len(self) -> usize {
        self.parts.len()
    }

    pub(super) fn get(self, at: usize) -> Option<Part> {
        use layout::part::{FORM, LITERAL, SLOT, TAG, TEXT};
        let part = self.parts.get(at)?;
        Some(match part[TAG] {
            LITERAL => Part::Literal(self.tables.text_of(part, TEXT)),
            _ => Part::Slot { slot: part[SLOT], form: FORMS[usize::from(part[FORM])] },
        })
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Part> {
        (0..self.len()).map_while(move |at| self.get(at))
    }
}
