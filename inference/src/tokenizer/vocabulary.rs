//! The tokens of a file: what each stands for, and which of them mark something.
//!
//! Invariant: every token has a number below [`Vocabulary::len`], a name of its own, and is either a control token or not.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;

use super::bytes::byte_of;
use crate::error::Error;
use crate::gguf::File;

/// The kinds of tokens in `tokenizer.ggml.token_type`.
const UNKNOWN: usize = 2;
const CONTROL: usize = 3;
const USER_DEFINED: usize = 4;
const BYTE: usize = 6;

/// Names with which models of several families end an answer, whatever their file says of them; llama.cpp takes them as
/// control tokens too.
const ENDS: [&str; 9] = [
    "<|im_end|>",
    "<|endoftext|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end_of_text|>",
    "<|end|>",
    "<end_of_turn>",
    "<EOT>",
    "</s>",
];

pub(super) struct Vocabulary {
    /// What the tokens stand for, one behind the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    control: Vec<bool>,
    /// The numbers by name.
    numbers: HashMap<String, u32>,
    /// Control and user-defined tokens, the longest name first.
    pub(super) specials: Vec<u32>,
    pub(super) bos: Option<u32>,
    pub(super) eos: Option<u32>,
    pub(super) stops: Vec<u32>,
    pub(super) adds_bos: bool,
    pub(super) adds_eos: bool,
}

impl Vocabulary {
    pub(super) fn read(file: &File) -> Result<Self, Error> {
        let names = texts(file, "tokenizer.ggml.tokens")?.ok_or_else(|| file.malformed("it has no tokens"))?;
        if names.is_empty() || u32::try_from(names.len()).is_err() {
            return Err(file.malformed("it has no number of tokens that can be used"));
        }
        let numbers = number(file, &names)?;
        let types = types(file, names.len())?;
        let id = |key: &str| -> Result<Option<u32>, Error> {
            let Some(id) = file.number(key)? else { return Ok(None) };
            let known = u32::try_from(id).ok().filter(|_| id < names.len());
            known.map(Some).ok_or_else(|| file.malformed(&format!("{key} is no token")))
        };
        let bos = id("tokenizer.ggml.bos_token_id")?;
        let eos = id("tokenizer.ggml.eos_token_id")?;
        let mut stops: Vec<u32> = [eos, id("tokenizer.ggml.eot_token_id")?, id("tokenizer.ggml.eom_token_id")?]
            .into_iter()
            .flatten()
            .chain(ENDS.iter().filter_map(|&end| numbers.get(end).copied()))
            .collect();
        stops.sort_unstable();
        stops.dedup();

        let sentences = file.text("tokenizer.ggml.model")? == Some("llama");
        let mut vocabulary = Self {
            text: Vec::new(),
            ends: Vec::with_capacity(names.len()),
            control: Vec::with_capacity(names.len()),
            numbers,
            specials: Vec::new(),
            bos,
            eos,
            stops,
            adds_bos: false,
            adds_eos: file.number("tokenizer.ggml.add_eos_token")?.unwrap_or(0) != 0,
        };
        let by_default =
            sentences || matches!(file.text("tokenizer.ggml.pre")?, Some("llama-bpe" | "llama3" | "llama-v3"));
        vocabulary.adds_bos = file.number("tokenizer.ggml.add_bos_token")?.map_or(by_default, |adds| adds != 0);
        for (token, (&name, &kind)) in (0_u32..).zip(names.iter().zip(&types)) {
            // Files exist in which the marks of a turn are declared as ordinary or user-defined tokens.
            let control = matches!(kind, CONTROL | UNKNOWN)
                || is_markup(name)
                || Some(token) == bos
                || vocabulary.stops.binary_search(&token).is_ok();
            if control || kind == USER_DEFINED {
                vocabulary.text.extend_from_slice(name.as_bytes());
                if !name.is_empty() {
                    vocabulary.specials.push(token);
                }
            } else if sentences {
                match byte_token(name).filter(|_| kind == BYTE) {
                    Some(byte) => vocabulary.text.push(byte),
                    None => vocabulary.text.extend_from_slice(name.replace('\u{2581}', " ").as_bytes()),
                }
            } else {
                for letter in name.chars() {
                    match byte_of(letter) {
                        Some(byte) => vocabulary.text.push(byte),
                        None => vocabulary.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                    }
                }
            }
            vocabulary.ends.push(vocabulary.text.len());
            vocabulary.control.push(control);
        }
        vocabulary.specials.sort_by_key(|&token| std::cmp::Reverse(names[token as usize].len()));
        Ok(vocabulary)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn bytes(&self, token: u32) -> &[u8] {
        let index = token as usize;
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    pub(super) fn is_control(&self, token: u32) -> bool {
        self.control.get(token as usize).copied().unwrap_or(false)
    }

    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The token of that name, if it stands for text.
    pub(super) fn find_text(&self, name: &str) -> Option<u32> {
        self.find(name).filter(|&token| !self.is_control(token))
    }

    /// All tokens that stand for text, by name.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, u32)> {
        self.numbers.iter().map(|(name, &token)| (name.as_str(), token)).filter(|&(_, token)| !self.is_control(token))
    }
}

/// A list of texts in the metadata.
pub(super) fn texts<'a>(file: &'a File, key: &str) -> Result<Option<Vec<&'a str>>, Error> {
    let wrong = || file.malformed(&format!("{key} is no list of texts"));
    let Some(value) = file.value(key) else { return Ok(None) };
    let values = value.to_vec().map_err(|_| wrong())?;
    let texts: Result<Vec<&str>, Error> =
        values.iter().map(|text| text.to_string().map(String::as_str).map_err(|_| wrong())).collect();
    texts.map(Some)
}

/// The number of each name.
fn number(file: &File, names: &[&str]) -> Result<HashMap<String, u32>, Error> {
    let mut numbers = HashMap::with_capacity(names.len());
    for (token, &name) in (0_u32..).zip(names) {
        // Several tokens may have no name: nothing is ever encoded as one of them.
        if !name.is_empty() && numbers.insert(name.to_owned(), token).is_some() {
            return Err(file.malformed(&format!("two of its tokens are {name:?}")));
        }
    }
    Ok(numbers)
}

/// The kind of every token.
fn types(file: &File, tokens: usize) -> Result<Vec<usize>, Error> {
    let key = "tokenizer.ggml.token_type";
    let Some(value) = file.value(key) else { return Ok(vec![1; tokens]) };
    let kinds: Option<Vec<usize>> = value.to_vec().ok().and_then(|values| {
        values
            .iter()
            .map(|value| match *value {
                Value::I32(kind) => usize::try_from(kind).ok(),
                Value::U32(kind) => usize::try_from(kind).ok(),
                _ => None,
            })
            .collect()
    });
    kinds.filter(|kinds| kinds.len() == tokens).ok_or_else(|| file.malformed(&format!("{key} does not fit the tokens")))
}

/// Whether a name is one that no text has by chance.
fn is_markup(name: &str) -> bool {
    name.len() > 4 && name.starts_with("<|") && name.ends_with("|>")
}

/// The byte that `<0x0A>` stands for.
fn byte_token(name: &str) -> Option<u8> {
    let digits = name.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}
