//! Which tokens may come next inside a JSON string, so that what a model writes is always one.
//!
//! An answer has one fixed spelling, `{"command": "…"}`. Everything before the string is put into the prompt, so that no token of
//! it is ever decoded; what is left to hold is the string itself and its end. That is an automaton over bytes, and a token may
//! come when its bytes lead somewhere: which ones do is worked out once a state for the whole vocabulary.
//!
//! Narrower than JSON on purpose: no control characters, not even escaped, and no `\u`, since a command is one line of text that
//! can be read. What is narrower in the model's own words costs nothing: it can write every other character as itself.

use std::sync::OnceLock;

/// What the tokens of a model are made of.
pub trait Vocabulary {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes a token stands for; `None` for one that is no text, such as the end of a turn.
    fn text(&self, token: u32) -> Option<&[u8]>;
}

/// Where a reader of the string stands. UTF-8 as in RFC 3629: no overlong forms, no surrogates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// Between two characters.
    Inside,
    /// Behind a backslash.
    Escape,
    /// One more byte of a character is to come.
    One,
    /// Two more bytes of a character are to come.
    Two,
    /// Three more bytes of a character are to come.
    Three,
    /// Behind `C2`, where `80` to `9F` would be control characters.
    AfterC2,
    /// Behind `E0`.
    AfterE0,
    /// Behind `ED`.
    AfterEd,
    /// Behind `F0`.
    AfterF0,
    /// Behind `F4`.
    AfterF4,
    /// Behind the closing quote.
    Closed,
    /// Behind the closing brace, and white space after it.
    Done,
}

const STATES: usize = State::Done as usize + 1;

impl State {
    /// Where `byte` leads, if anywhere.
    pub const fn step(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Inside, b'"') => Self::Closed,
            (Self::Inside, b'\\') => Self::Escape,
            (Self::Inside, 0xC2) => Self::AfterC2,
            (Self::Inside, 0xC3..=0xDF)
            | (Self::Two, 0x80..=0xBF)
            | (Self::AfterE0, 0xA0..=0xBF)
            | (Self::AfterEd, 0x80..=0x9F) => Self::One,
            (Self::Inside, 0xE0) => Self::AfterE0,
            (Self::Inside, 0xED) => Self::AfterEd,
            (Self::Inside, 0xE1..=0xEF)
            | (Self::Three, 0x80..=0xBF)
            | (Self::AfterF0, 0x90..=0xBF)
            | (Self::AfterF4, 0x80..=0x8F) => Self::Two,
            (Self::Inside, 0xF0) => Self::AfterF0,
            (Self::Inside, 0xF1..=0xF3) => Self::Three,
            (Self::Inside, 0xF4) => Self::AfterF4,
            (Self::Inside, 0x20..=0x7E)
            | (Self::Escape, b'"' | b'\\' | b'/')
            | (Self::One, 0x80..=0xBF)
            | (Self::AfterC2, 0xA0..=0xBF) => Self::Inside,
            (Self::Closed, b'}') | (Self::Done, b' ' | b'\n' | b'\r' | b'\t') => Self::Done,
            _ => return None,
        })
    }

    /// Where `bytes` lead, if anywhere.
    pub fn run(self, bytes: &[u8]) -> Option<Self> {
        bytes.iter().try_fold(self, |state, &byte| state.step(byte))
    }

    /// Whether the string is whole: nothing that may still come changes it.
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Closed | Self::Done)
    }
}

/// Which tokens may come in which state.
#[derive(Debug, Default)]
pub struct Masks {
    // Worked out when first asked for: most strings never leave `Inside`.
    of: [OnceLock<Mask>; STATES],
}

/// A set of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    bits: Vec<u64>,
}

impl Masks {
    /// None worked out yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tokens that may come in `state`. The vocabulary is the same at every call.
    pub fn of(&self, state: State, vocabulary: &dyn Vocabulary) -> &Mask {
        self.of[state as usize].get_or_init(|| Mask::new(state, vocabulary))
    }

    /// Works out what nearly every answer needs.
    pub fn prepare(&self, vocabulary: &dyn Vocabulary) {
        for state in [State::Inside, State::Escape] {
            self.of(state, vocabulary);
        }
    }
}

impl Mask {
    fn new(state: State, vocabulary: &dyn Vocabulary) -> Self {
        let mut bits = vec![0; vocabulary.len().div_ceil(64)];
        for token in 0..vocabulary.len() {
            let Ok(id) = u32::try_from(token) else { break };
            // A token without bytes leads nowhere: a model could write it for ever.
            let leads = vocabulary.text(id).is_some_and(|text| !text.is_empty() && state.run(text).is_some());
            bits[token / 64] |= u64::from(leads) << (token % 64);
        }
        Self { bits }
    }

    /// Whether the token is in it.
    pub fn has(&self, token: usize) -> bool {
        self.bits.get(token / 64).is_some_and(|bits| bits >> (token % 64) & 1 == 1)
    }

    /// The set as bits, the first token lowest.
    pub fn bits(&self) -> &[u64] {
        &self.bits
    }

    /// Its size in bytes.
    pub fn memory(&self) -> usize {
        size_of_val(&self.bits[..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Words(Vec<&'static [u8]>);

    impl Vocabulary for Words {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn text(&self, token: u32) -> Option<&[u8]> {
            // The first token stands for the end of a turn.
            (token != 0).then(|| self.0[token as usize])
        }
    }

    #[test]
    fn what_leads_to_the_end_is_json_and_comes_back_as_it_was() {
        for text in ["ls -la", r#"echo \"a\" \\n"#, "grep -r 'Grüße' ~/日本", "echo 🦀", "", r"a\/b"] {
            let whole = format!("{text}\"}}");
            assert_eq!(State::Inside.run(whole.as_bytes()), Some(State::Done), "{text}");
            let json: serde_json::Value = serde_json::from_str(&format!("{{\"command\": \"{whole}")).expect(text);
            assert!(json["command"].is_string());
        }
    }

    #[test]
    fn what_is_no_line_of_text_leads_nowhere() {
        for bytes in [
            &b"a\n"[..],
            b"a\tb",
            br"a\n",
            br"\u0007",
            b"\x7f",
            b"\x00",
            b"\xc2\x85",
            b"\xff",
            b"\xc0\xaf",
            b"\xe0\x80\x80",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\x80",
            b"\",",
            b"\"} x",
            b"\"}}",
        ] {
            assert_eq!(State::Inside.run(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn every_string_the_automaton_takes_is_utf8() {
        // All of two bytes, and all characters.
        for first in 0..=255u8 {
            for second in 0..=255u8 {
                let bytes = [first, second];
                if State::Inside.run(&bytes) == Some(State::Inside) {
                    assert!(std::str::from_utf8(&bytes).is_ok(), "{bytes:?}");
                }
            }
        }
        let mut buffer = [0; 4];
        for character in (' '..=char::MAX).filter(|c| !c.is_control() && !matches!(c, '"' | '\\')) {
            let bytes = character.encode_utf8(&mut buffer).as_bytes();
            assert_eq!(State::Inside.run(bytes), Some(State::Inside), "{character:?}");
        }
    }

    #[test]
    fn a_mask_holds_the_tokens_that_lead_somewhere() {
        let words =
            Words(vec![b"ls", b"ls", b" \"", b"\"}", b"\"}\n", b"\n", b"\xc3", b"\xa4", b"\\", b"", b"\",", b"n"]);
        let masks = Masks::new();
        let allowed = |state| (0..words.len()).filter(|&token| masks.of(state, &words).has(token)).collect::<Vec<_>>();
        assert_eq!(allowed(State::Inside), [1, 2, 3, 4, 6, 8, 11]);
        assert_eq!(allowed(State::Escape), [3, 8, 10]);
        assert_eq!(allowed(State::One), [7]);
        assert!(!masks.of(State::Inside, &words).has(1_000));
    }
}
