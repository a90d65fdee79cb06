//! Packs intents into the tables a question is matched with (see `layout.rs`): the shipped ones when Caro is built, a
//! user's own when they are read.

use std::collections::BTreeMap;

use super::intent::{By, Intent};
use super::layout::{self, NONE, NUMBER, SPAN};
use super::pattern::{self, Element, KINDS, Pattern, SlotSpec, WORDS};
use super::source::Mistake;
use super::template::{FORMS, PLAIN, Part, Segment};

/// The tables, and the text they point into.
pub(crate) struct Packed {
    pub(crate) bytes: Vec<u8>,
    pub(crate) text: String,
}

/// Packs intents whose words are the first `concepts` concepts. A mistake says what there is too much of.
pub(crate) fn pack(intents: &[Intent], concepts: usize) -> Result<Packed, Mistake> {
    let of_all = |message| Mistake { file: "intents".to_owned(), line: 1, message };
    let mut packer = Packer::new(concepts).map_err(of_all)?;
    for intent in intents {
        packer.intent(intent).map_err(|message| intent.mistake(message))?;
    }
    packer.packed().map_err(of_all)
}

// A count as the number that has room for it.
fn narrow<N: TryFrom<usize>>(count: usize, what: &str) -> Result<N, String> {
    let most = (1_u64 << (8 * size_of::<N>())) - 1;
    N::try_from(count).map_err(|_| format!("there are too many {what}: {count}, and there is room for {most}"))
}

fn enter(row: &mut Vec<u8>, number: u16) {
    if row.last_chunk::<NUMBER>() != Some(&number.to_le_bytes()) {
        row.extend(number.to_le_bytes());
    }
}

fn rows(rows: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut starts = Vec::new();
    let mut start = layout::START * (rows.len() + 1);
    for row in rows {
        starts.extend(narrow::<u32>(start, "bytes")?.to_le_bytes());
        start += row.len();
    }
    starts.extend(narrow::<u32>(start, "bytes")?.to_le_bytes());
    Ok([starts, rows.concat()].concat())
}

fn put(row: &mut [u8], at: usize, field: &[u8]) {
    row[at..at + field.len()].copy_from_slice(field);
}

/// Stretches of bytes, each of them there once.
#[derive(Default)]
struct Pool {
    bytes: Vec<u8>,
    known: BTreeMap<Vec<u8>, [u8; SPAN]>,
}

impl Pool {
    fn span(&mut self, stretch: &[u8]) -> Result<[u8; SPAN], String> {
        if let Some(known) = self.known.get(stretch) {
            return Ok(*known);
        }
        let mut span = [0; SPAN];
        put(&mut span, 0, &narrow::<u32>(self.bytes.len(), "bytes")?.to_le_bytes());
        put(&mut span, size_of::<u32>(), &narrow::<u16>(stretch.len(), "bytes in a text")?.to_le_bytes());
        self.bytes.extend(stretch);
        self.known.insert(stretch.to_vec(), span);
        Ok(span)
    }
}

#[derive(Default)]
struct Packer {
    required: Vec<u8>,
    sizes: Vec<u8>,
    patterns: Vec<Vec<u8>>,
    intents: Vec<Vec<u8>>,
    index: Vec<Vec<u8>>,
    speakers: Vec<Vec<u8>>,
    lists: Vec<Vec<u8>>,
    known_lists: BTreeMap<Vec<u16>, u16>,
    code: Pool,
    text: Pool,
}

impl Packer {
    fn new(concepts: usize) -> Result<Self, String> {
        narrow::<u16>(concepts, "words with a meaning of their own")?;
        Ok(Self { index: vec![Vec::new(); concepts], speakers: vec![Vec::new(); concepts], ..Self::default() })
    }

    fn packed(self) -> Result<Packed, String> {
        let mut tables = vec![Vec::new(); layout::TABLES];
        tables[layout::REQUIRED] = self.required;
        tables[layout::SIZES] = self.sizes;
        tables[layout::PATTERNS] = rows(&self.patterns)?;
        tables[layout::LISTS] = rows(&self.lists)?;
        tables[layout::INTENTS] = rows(&self.intents)?;
        tables[layout::CODE] = self.code.bytes;
        tables[layout::INDEX] = rows(&self.index)?;
        tables[layout::SPEAKERS] = rows(&self.speakers)?;
        let text = String::from_utf8(self.text.bytes).expect("it was put together from whole texts");
        Ok(Packed { bytes: rows(&tables)?, text })
    }

    fn intent(&mut self, intent: &Intent) -> Result<(), String> {
        let number = narrow(self.intents.len(), "intents")?;
        let first = narrow(self.patterns.len(), "phrasings")?;
        for pattern in &intent.patterns {
            self.pattern(pattern, number)?;
        }
        let end = narrow(self.patterns.len(), "phrasings")?;
        let row = self.intent_row(intent, [first, end])?;
        self.intents.push(row);
        Ok(())
    }

    fn pattern(&mut self, pattern: &Pattern, intent: u16) -> Result<(), String> {
        let number = narrow(self.patterns.len(), "phrasings")?;
        let required = self.enter_words(pattern, number, intent);
        self.required.push(narrow(required, "words in a phrasing")?);
        self.sizes.push(size(pattern));
        let mut row = vec![0; layout::pattern::ELEMENTS];
        put(&mut row, layout::pattern::INTENT, &intent.to_le_bytes());
        put(&mut row, layout::pattern::EXAMPLE, &self.text.span(pattern.example.as_bytes())?);
        for element in &pattern.elements {
            row.extend(self.element(element)?);
        }
        self.patterns.push(row);
        Ok(())
    }

    // Enters the words of a phrasing, and counts those it needs: a word it has twice counts once.
    fn enter_words(&mut self, pattern: &Pattern, number: u16, intent: u16) -> usize {
        let mut needed: Vec<&[u16]> = Vec::new();
        for element in &pattern.elements {
            let Element::Word { any, required } = element else { continue };
            for concept in any {
                enter(&mut self.speakers[usize::from(*concept)], intent);
            }
            if *required && !needed.contains(&any.as_slice()) {
                needed.push(any);
                for concept in any {
                    enter(&mut self.index[usize::from(*concept)], number);
                }
            }
        }
        needed.len()
    }

    fn element(&mut self, element: &Element) -> Result<[u8; layout::element::BYTES], String> {
        use layout::element::{ALONE, BYTES, CUE, OF, REQUIRED, SLOT, SLOT_OF_KIND, SLOT_OF_WORDS, TAG, WORD};
        let (tag, slot, words, required) = match element {
            Element::Word { any, required } => (WORD, 0, any, *required),
            Element::Cue(any) => (CUE, 0, any, false),
            Element::Slot { slot, kind, words, required } if *kind == WORDS.rust => {
                (SLOT_OF_WORDS, *slot, words, *required)
            }
            Element::Slot { slot, words, required, .. } => (SLOT_OF_KIND, *slot, words, *required),
        };
        let (alone, of) = match (element, words.as_slice()) {
            (Element::Slot { kind, .. }, []) => (0, u16::from(self::kind(kind)?)),
            (_, [word]) => (ALONE, *word),
            (_, words) => (0, self.list(words)?),
        };
        let mut record = [0; BYTES];
        record[TAG] = tag | alone | if required { REQUIRED } else { 0 };
        record[SLOT] = narrow(slot, "slots")?;
        put(&mut record, OF, &of.to_le_bytes());
        Ok(record)
    }

    fn list(&mut self, concepts: &[u16]) -> Result<u16, String> {
        if let Some(known) = self.known_lists.get(concepts) {
            return Ok(*known);
        }
        let number = narrow(self.lists.len(), "choices of words")?;
        self.lists.push(concepts.iter().flat_map(|concept| concept.to_le_bytes()).collect());
        self.known_lists.insert(concepts.to_vec(), number);
        Ok(number)
    }

    fn intent_row(&mut self, intent: &Intent, patterns: [u16; 2]) -> Result<Vec<u8>, String> {
        let mut row = vec![0; layout::intent::SLOTS];
        put(&mut row, layout::intent::ID, &self.text.span(intent.id.as_bytes())?);
        put(&mut row, layout::intent::PATTERNS, &patterns.map(u16::to_le_bytes).concat());
        put(&mut row, layout::intent::DOES, &self.template(&intent.does)?);
        for (dialect, template) in intent.templates.iter().enumerate() {
            let span = template.as_ref().map_or(Ok(NONE), |template| self.template(template))?;
            put(&mut row, layout::intent::TEMPLATES + dialect * SPAN, &span);
        }
        let by = intent.by.as_ref().map_or(Ok(NONE), |by| self.by(by))?;
        put(&mut row, layout::intent::BY, &by);
        for (slot, default) in intent.slots.iter().zip(&intent.defaults) {
            row.extend(self.slot(slot, default.as_deref())?);
        }
        Ok(row)
    }

    fn slot(&mut self, slot: &SlotSpec, default: Option<&str>) -> Result<[u8; layout::slot::BYTES], String> {
        let name = slot.name.trim_end_matches(|c: char| c.is_ascii_digit());
        let mut record = [0; layout::slot::BYTES];
        put(&mut record, layout::slot::NAME, &self.text.span(name.as_bytes())?);
        let default = default.map_or(Ok(NONE), |default| self.text.span(default.as_bytes()))?;
        put(&mut record, layout::slot::DEFAULT, &default);
        record[layout::slot::KIND] = kind(slot.kind.rust)?;
        Ok(record)
    }

    fn by(&mut self, by: &By) -> Result<[u8; SPAN], String> {
        let mut code = vec![0; layout::by::CHOICES];
        code[layout::by::SLOT] = narrow(by.slot, "slots")?;
        for (value, template) in &by.templates {
            let mut choice = [0; layout::choice::BYTES];
            put(&mut choice, layout::choice::VALUE, &self.text.span(value.as_bytes())?);
            put(&mut choice, layout::choice::TEMPLATE, &self.template(template)?);
            code.extend(choice);
        }
        self.code.span(&code)
    }

    fn template(&mut self, segments: &[Segment]) -> Result<[u8; SPAN], String> {
        let code = self.segments(segments)?;
        self.code.span(&code)
    }

    fn segments(&mut self, segments: &[Segment]) -> Result<Vec<u8>, String> {
        use layout::segment::{LITERAL, QUOTED, WITH, WITHOUT, WORD};
        let mut code = Vec::new();
        for segment in segments {
            match segment {
                Segment::Literal(text) => {
                    code.push(LITERAL);
                    code.extend(self.text.span(text.as_bytes())?);
                }
                Segment::Word { parts, quoted } => {
                    code.extend([if *quoted { QUOTED } else { WORD }, narrow(parts.len(), "parts in a word")?]);
                    for part in parts {
                        code.extend(self.part(part)?);
                    }
                }
                Segment::When { slot, present, body } => {
                    let body = self.segments(body)?;
                    code.extend([if *present { WITH } else { WITHOUT }, narrow(*slot, "slots")?]);
                    code.extend(narrow::<u16>(body.len(), "bytes in a template")?.to_le_bytes());
                    code.extend(body);
                }
            }
        }
        Ok(code)
    }

    fn part(&mut self, part: &Part) -> Result<[u8; layout::part::BYTES], String> {
        use layout::part::{BYTES, FORM, LITERAL, SLOT, TAG, TEXT, VALUE};
        let mut record = [0; BYTES];
        match part {
            Part::Literal(text) => {
                record[TAG] = LITERAL;
                put(&mut record, TEXT, &self.text.span(text.as_bytes())?);
            }
            Part::Slot { slot, form } => {
                record[TAG] = VALUE;
                record[SLOT] = narrow(*slot, "slots")?;
                record[FORM] = self::form(form)?;
            }
        }
        Ok(record)
    }
}

/// The kinds in the order they are numbered in, by their names in Rust.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.rust)
}

/// The forms in the order they are numbered in, by their names in Rust.
pub(crate) fn forms() -> impl Iterator<Item = &'static str> {
    std::iter::once(PLAIN).chain(FORMS.iter().map(|(_, form)| *form))
}

// How many words and values a phrasing has, and whether one of those may be several words. More than there is room for is as
// good as any number.
fn size(pattern: &Pattern) -> u8 {
    let counted = pattern.elements.iter().filter(|element| !matches!(element, Element::Cue(_))).count();
    let spans = |element: &Element| matches!(element, Element::Slot { kind, .. } if pattern::spans(kind));
    match u8::try_from(counted) {
        Ok(size) if size < layout::SPANS && !pattern.elements.iter().any(spans) => size,
        Ok(size) => size | layout::SPANS,
        Err(_) => u8::MAX,
    }
}

fn kind(rust: &str) -> Result<u8, String> {
    narrow(kinds().position(|kind| kind == rust).expect("a phrasing has known kinds only"), "kinds of values")
}

fn form(rust: &str) -> Result<u8, String> {
    narrow(forms().position(|form| form == rust).expect("a template has known forms only"), "forms of values")
}
