//! Merging by score, as SentencePiece's byte-pair models do it: of all neighbors whose union is a token, the best token first.
//!
//! Spaces are written as U+2581, and one is put in front of a text. What is no token in the end is written byte by byte.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use candle_core::quantized::gguf_file::Value;

use super::vocabulary::Vocabulary;
use crate::error::Error;
use crate::gguf::File;

pub(super) struct Sentence {
    scores: Vec<f32>,
    /// The token of each byte, where there is one.
    bytes: Vec<Option<u32>>,
    space_first: bool,
}

/// Two neighbors that can become one.
struct Merge {
    score: f32,
    left: usize,
    right: usize,
    /// Their length together; another one means that one of them has been merged since.
    length: usize,
}

/// A part of the text, in a list of neighbors.
struct Symbol {
    start: usize,
    length: usize,
    before: Option<usize>,
    after: Option<usize>,
}

impl Sentence {
    pub(super) fn read(file: &File, vocabulary: &Vocabulary) -> Result<Self, Error> {
        let scores: Option<Vec<f32>> = file
            .value("tokenizer.ggml.scores")
            .and_then(|value| value.to_vec().ok())
            .and_then(|values| values.iter().map(|value| Value::to_f32(value).ok()).collect());
        let scores = scores
            .filter(|scores| scores.len() == vocabulary.len())
            .ok_or_else(|| file.malformed("the scores of its tokens do not fit them"))?;
        let bytes = (0..=255_u8)
            .map(|byte| {
                vocabulary.find_text(&format!("<0x{byte:02X}>")).or_else(|| {
                    vocabulary.find_text(byte.is_ascii().then_some(char::from(byte))?.encode_utf8(&mut [0; 4]))
                })
            })
            .collect();
        let space_first = file.number("tokenizer.ggml.add_space_prefix")?.is_none_or(|adds| adds != 0);
        Ok(Self { scores, bytes, space_first })
    }

    /// Appends the tokens of a text.
    pub(super) fn encode(&self, vocabulary: &Vocabulary, text: &str, after_token: bool, tokens: &mut Vec<u32>) {
        let mut text = text.replace(' ', "\u{2581}");
        if self.space_first && after_token {
            text.insert(0, '\u{2581}');
        }
        let mut symbols: Vec<Symbol> = Vec::new();
        for (index, (start, letter)) in text.char_indices().enumerate() {
            symbols.push(Symbol {
                start,
                length: letter.len_utf8(),
                before: index.checked_sub(1),
                after: Some(index + 1),
            });
        }
        if let Some(last) = symbols.last_mut() {
            last.after = None;
        }
        let merge = |symbols: &[Symbol], left: Option<usize>, right: Option<usize>| -> Option<Merge> {
            let (left, right) = (left?, right?);
            let length = symbols[left].length + symbols[right].length;
            let start = symbols[left].start;
            let token = vocabulary.find_text(&text[start..start + length])?;
            Some(Merge { score: self.scores[token as usize], left, right, length })
        };
        let mut merges: BinaryHeap<Merge> =
            (1..symbols.len()).filter_map(|right| merge(&symbols, Some(right - 1), Some(right))).collect();
        while let Some(Merge { left, right, length, .. }) = merges.pop() {
            // A part that was merged into its left neighbor has no length any more.
            if symbols[left].length == 0
                || symbols[right].length == 0
                || symbols[left].length + symbols[right].length != length
            {
                continue;
            }
            symbols[left].length = length;
            symbols[right].length = 0;
            let after = symbols[right].after;
            symbols[left].after = after;
            if let Some(after) = after {
                symbols[after].before = Some(left);
            }
            merges.extend(merge(&symbols, symbols[left].before, Some(left)));
            merges.extend(merge(&symbols, Some(left), after));
        }
        for symbol in symbols.iter().filter(|symbol| symbol.length > 0) {
            let part = &text[symbol.start..symbol.start + symbol.length];
            match vocabulary.find_text(part) {
                Some(token) => tokens.push(token),
                None => tokens.extend(part.bytes().filter_map(|byte| self.bytes[usize::from(byte)])),
            }
        }
    }
}

impl PartialEq for Merge {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Merge {}

impl PartialOrd for Merge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Merge {
    /// The better score first, then the one further left.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}
