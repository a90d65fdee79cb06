//! Byte-level byte-pair encoding, the kind that GPT-2 began.
//!
//! A text is cut into words by regular expressions, one after the other: what one has matched, and what lies between its
//! matches, is cut on by the next. The bytes of a word are then written as one printable letter each, and the letters merged.

use std::collections::HashSet;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::tokenizer::Model as _;
use tokenizers::utils::SysRegex;

use super::vocabulary::{Vocabulary, texts};
use crate::error::Error;
use crate::gguf::File;

/// Words of GPT-2, from its published encoder.
const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)";
/// Every digit a word of its own.
const DIGIT: &str = r"\p{N}";
/// Words of Qwen 2, from its published tokenizer.
const QWEN2: &str = concat!(
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);
/// Words of Llama 3, which differ in that up to three digits stay together.
const LLAMA3: &str = concat!(
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}",
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
);
/// What llama.cpp does with files that do not name their words.
const DEFAULT: [&str; 4] = [r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", r"[0-9][0-9][0-9]"];

pub(super) struct Bytes {
    words: Vec<SysRegex>,
    merges: BPE,
}

impl Bytes {
    pub(super) fn read(file: &File, vocabulary: &Vocabulary) -> Result<Self, Error> {
        // Only Llama 3 takes a word that is a token as it is, whatever the merges would make of it.
        let (words, whole_words): (&[&str], bool) = match file.text("tokenizer.ggml.pre")?.unwrap_or("default") {
            "default" => (&DEFAULT, false),
            "gpt-2" => (&[GPT2], false),
            "smollm" | "starcoder" | "refact" => (&[DIGIT, GPT2], false),
            "qwen2" | "deepseek-r1-qwen" => (&[QWEN2], false),
            "llama-bpe" | "llama3" | "llama-v3" => (&[LLAMA3], true),
            other => return Err(file.unsupported(&format!("the pre-tokenizer {other}"))),
        };
        let merges = merges(file, vocabulary)?;
        let names: Vocab = vocabulary.texts().map(|(name, token)| (name.to_owned(), token)).collect();
        let build = |error: tokenizers::Error| file.malformed(&format!("its tokenizer cannot be used: {error}"));
        // No cache: it would keep the words of every question for as long as the thread lives.
        let merges =
            BPE::builder().vocab_and_merges(names, merges).ignore_merges(whole_words).cache_capacity(0).build();
        Ok(Self {
            words: words.iter().map(|pattern| SysRegex::new(pattern)).collect::<Result<_, _>>().map_err(build)?,
            merges: merges.map_err(build)?,
        })
    }

    /// Appends the tokens of a text. A byte for which the vocabulary has no token is left out, as llama.cpp does it.
    pub(super) fn encode(&self, text: &str, tokens: &mut Vec<u32>) {
        let mut letters = String::new();
        for word in self.words(text) {
            letters.clear();
            letters.extend(word.bytes().map(letter_of));
            // Without an unknown token and without drop-out nothing in it can fail.
            tokens.extend(self.merges.tokenize(&letters).into_iter().flatten().map(|token| token.id));
        }
    }

    fn words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let mut parts = vec![text];
        for pattern in &self.words {
            let mut cut = Vec::new();
            for part in parts {
                let mut end = 0;
                for (start, stop) in pattern.find_iter(part) {
                    cut.push(&part[end..start]);
                    cut.push(&part[start..stop]);
                    end = stop;
                }
                cut.push(&part[end..]);
            }
            cut.retain(|part| !part.is_empty());
            parts = cut;
        }
        parts
    }
}

/// The merges of the file: pairs of tokens whose union is a token.
fn merges(file: &File, vocabulary: &Vocabulary) -> Result<Vec<(String, String)>, Error> {
    let lines = texts(file, "tokenizer.ggml.merges")?.ok_or_else(|| file.malformed("its tokenizer has no merges"))?;
    let mut seen = HashSet::with_capacity(lines.len());
    let mut merges = Vec::with_capacity(lines.len());
    let mut union = String::new();
    for line in lines {
        // A space inside a token is written as another letter; the first token of a merge could only begin with one.
        let pair = line
            .char_indices()
            .skip(1)
            .find(|&(_, letter)| letter == ' ')
            .map(|(at, _)| (&line[..at], &line[at + 1..]));
        let (left, right) = pair.ok_or_else(|| file.malformed(&format!("its merge {line:?} is no pair")))?;
        union.clear();
        union.push_str(left);
        union.push_str(right);
        let names = [left, right, &union];
        if names.iter().any(|name| vocabulary.find(name).is_none()) {
            return Err(file.malformed(&format!("its merge {line:?} names no tokens")));
        }
        // Of two equal merges the first counts. One that would make a control token out of text is left out.
        if names.iter().all(|name| vocabulary.find_text(name).is_some()) && seen.insert((left, right)) {
            merges.push((left.to_owned(), right.to_owned()));
        }
    }
    Ok(merges)
}

/// The letter a byte is written as: itself where it can be printed, else one from U+0100 on, in order.
fn letter_of(byte: u8) -> char {
    let moved = |index: u8| char::from_u32(256 + u32::from(index)).unwrap_or(char::REPLACEMENT_CHARACTER);
    match byte {
        b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF => char::from(byte),
        0..=b' ' => moved(byte),
        0x7F..=0xA0 => moved(byte - 0x7F + 33),
        0xAD => moved(67),
    }
}

/// The byte that is written as that letter.
pub(super) fn byte_of(letter: char) -> Option<u8> {
    let code = u32::from(letter);
    let byte = match code {
        0x100..=0x120 => code - 0x100,
        0x121..=0x142 => code - 0x121 + 0x7F,
        0x143 => 0xAD,
        _ => code,
    };
    u8::try_from(byte).ok().filter(|&byte| letter_of(byte) == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_and_its_letter_name_each_other() {
        let letters: HashSet<char> = (0..=255).map(letter_of).collect();
        assert_eq!(letters.len(), 256);
        for byte in 0..=255 {
            assert_eq!(byte_of(letter_of(byte)), Some(byte));
        }
        assert_eq!((letter_of(b' '), letter_of(b'\n'), letter_of(0x7F), letter_of(0xA0)), ('Ġ', 'Ċ', 'ġ', 'ł'));
        assert_eq!([byte_of(' '), byte_of('\u{144}'), byte_of('→')], [None; 3]);
    }
}
