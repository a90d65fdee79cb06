//! Templates: `du -sh {path}`.
//!
//! `{slot}` is the quoted value, `{slot:form}` another form of it; what touches a slot without a space and is harmless
//! belongs to the same word, and a word between quotes that has a slot is quoted as a whole. `{?slot …}` is there when the
//! question gave the slot, `{!slot …}` when it did not. `{{` and `}}` are braces.

use super::pattern::SlotSpec;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Segment {
    Literal(String),
    /// One word with values in it; `quoted`: the template has it between quotes.
    Word {
        parts: Vec<Part>,
        quoted: bool,
    },
    When {
        slot: usize,
        present: bool,
        body: Vec<Segment>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Literal(String),
    Slot { slot: usize, form: &'static str },
}

/// The form of a value that has no other.
pub(crate) const PLAIN: &str = "Plain";

// Name in a template -> variant of `matcher::value::Form`.
pub(crate) const FORMS: &[(&str, &str)] = &[
    ("bytes", "Bytes"),
    ("find", "FindSize"),
    ("seconds", "Seconds"),
    ("minutes", "Minutes"),
    ("days", "Days"),
    ("ago", "Ago"),
    ("short", "Short"),
    ("bsd", "Bsd"),
    ("sed", "SedPattern"),
    ("sedto", "SedReplacement"),
    ("base", "BaseName"),
    ("next", "Next"),
    ("stem", "Stem"),
    ("script", "Script"),
    ("colon", "Colon"),
    ("ending", "Ending"),
    ("member", "Member"),
    ("zipmember", "ZipMember"),
    ("inside", "Inside"),
    ("json", "Json"),
    ("jq", "JqPath"),
    ("one", "Singular"),
    ("slash", "Slash"),
    ("rate", "Rate"),
    ("variable", "Variable"),
    ("setting", "Setting"),
    ("cron", "Cron"),
    ("field", "Field"),
    ("content", "Content"),
];

pub(crate) fn read(text: &str, slots: &[SlotSpec]) -> Result<Vec<Segment>, String> {
    if has_slot_in_double_quotes(text) {
        return Err(format!("a value between double quotes is not safe in `{text}`; quote the whole word by '…'"));
    }
    let mut reader = Reader { text, at: 0, slots };
    let segments = reader.segments()?;
    if reader.at < text.len() { Err(format!("unbalanced `}}` in `{text}`")) } else { Ok(segments) }
}

// A value comes with quotes of its own, which end those around it: what it has in it would be read by the shell. A command
// substitution starts anew.
fn has_slot_in_double_quotes(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let within = open.last().copied();
        match c {
            '\'' if within == Some('\'') => drop(open.pop()),
            '{' if text[at + 1..].starts_with('{') => drop(rest.next()),
            '{' if within == Some('"') && text[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()) => return true,
            _ if within == Some('\'') => {}
            '\\' => drop(rest.next()),
            '"' if within == Some('"') => drop(open.pop()),
            '\'' if within == Some('"') => {}
            '\'' | '"' => open.push(c),
            '$' if text[at + 1..].starts_with('(') => {
                rest.next();
                open.push('(');
            }
            '(' if within == Some('(') => open.push('('),
            ')' if within == Some('(') => drop(open.pop()),
            _ => {}
        }
    }
    false
}

/// The slots a template cannot do without.
pub(crate) fn needs(segments: &[Segment], given: &mut Vec<usize>, needed: &mut Vec<usize>) {
    for segment in segments {
        match segment {
            Segment::Literal(_) => {}
            Segment::Word { parts, .. } => needed.extend(parts.iter().filter_map(|part| match part {
                Part::Slot { slot, .. } if !given.contains(slot) => Some(*slot),
                _ => None,
            })),
            Segment::When { slot, present, body } => {
                if *present {
                    given.push(*slot);
                }
                needs(body, given, needed);
                if *present {
                    given.pop();
                }
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    slots: &'t [SlotSpec],
}

impl Reader<'_> {
    fn segments(&mut self) -> Result<Vec<Segment>, String> {
        let mut segments = Vec::new();
        let mut literal = String::new();
        while let Some(next) = self.text[self.at..].chars().next() {
            let rest = &self.text[self.at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push(next);
                self.at += 2;
            } else if rest.starts_with("{?") || rest.starts_with("{!") {
                flush(&mut segments, &mut literal);
                segments.push(self.conditional()?);
            } else if next == '}' {
                break;
            } else if let Some((length, content)) = quoted_word(rest) {
                if content.replace("{{", "").contains('{') {
                    flush(&mut segments, &mut literal);
                    segments.push(Segment::Word { parts: self.parts(content)?, quoted: true });
                } else {
                    literal.push_str(&rest[..length].replace("{{", "{").replace("}}", "}"));
                }
                self.at += length;
            } else if next == '{' {
                self.word(&mut segments, &mut literal)?;
            } else {
                literal.push(next);
                self.at += next.len_utf8();
            }
        }
        flush(&mut segments, &mut literal);
        Ok(segments)
    }

    fn conditional(&mut self) -> Result<Segment, String> {
        let rest = &self.text[self.at..];
        let present = rest.starts_with("{?");
        let name_end = rest.find([' ', '}']).ok_or_else(|| format!("`{rest}` does not end"))?;
        let slot = self.slot(&rest[2..name_end])?;
        // The space after the name belongs to what is conditional: `ls{?path  {path}}` has two.
        self.at += name_end + usize::from(rest[name_end..].starts_with(' '));
        let body = self.segments()?;
        if !self.text[self.at..].starts_with('}') {
            return Err(format!("`{rest}` does not end"));
        }
        self.at += 1;
        Ok(Segment::When { slot, present, body })
    }

    // A word with a slot outside quotes: takes back the harmless end of the literal before it.
    fn word(&mut self, segments: &mut Vec<Segment>, literal: &mut String) -> Result<(), String> {
        let start =
            literal.rfind(|c| !harmless(c)).map_or(0, |at| at + literal[at..].chars().next().map_or(1, char::len_utf8));
        let mut word = literal.split_off(start);
        flush(segments, literal);
        let rest = &self.text[self.at..];
        let mut length = 0;
        while let Some(next) = rest[length..].chars().next() {
            if next == '{' && !rest[length..].starts_with("{?") && !rest[length..].starts_with("{!") {
                let end = rest[length..].find('}').ok_or_else(|| format!("`{rest}` does not end"))?;
                length += end + 1;
            } else if harmless(next) {
                length += next.len_utf8();
            } else {
                break;
            }
        }
        word.push_str(&rest[..length]);
        segments.push(Segment::Word { parts: self.parts(&word)?, quoted: false });
        self.at += length;
        Ok(())
    }

    fn parts(&self, word: &str) -> Result<Vec<Part>, String> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = word;
        while let Some(next) = rest.chars().next() {
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push(next);
                rest = &rest[2..];
                continue;
            }
            if next != '{' {
                literal.push(next);
                rest = &rest[next.len_utf8()..];
                continue;
            }
            let end = rest.find('}').ok_or_else(|| format!("`{word}` does not end"))?;
            let (name, form) = rest[1..end].split_once(':').unwrap_or((&rest[1..end], ""));
            let form = match form {
                "" => PLAIN,
                _ => {
                    FORMS
                        .iter()
                        .find(|(known, _)| *known == form)
                        .ok_or_else(|| format!("`{form}` is no form of a value"))?
                        .1
                }
            };
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(Part::Slot { slot: self.slot(name)?, form });
            rest = &rest[end + 1..];
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Ok(parts)
    }

    fn slot(&self, name: &str) -> Result<usize, String> {
        self.slots.iter().position(|slot| slot.name == name).ok_or_else(|| format!("no phrasing has the slot `{name}`"))
    }
}

fn flush(segments: &mut Vec<Segment>, literal: &mut String) {
    if !literal.is_empty() {
        segments.push(Segment::Literal(std::mem::take(literal)));
    }
}

// Characters that mean themselves in every shell, so they may share the quotes of a value.
fn harmless(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_./\\:@=+,%-^".contains(character)
}

// A single-quoted word: its length with the quotes, and its content.
fn quoted_word(text: &str) -> Option<(usize, &str)> {
    let inside = text.strip_prefix('\'')?;
    let end = inside.find('\'')?;
    Some((end + 2, &inside[..end]))
}
