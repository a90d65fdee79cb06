//! A byte-level vocabulary for the pairs: the 256 bytes, and the pairs of tokens that stand next to each other most often.

use std::collections::BTreeMap;

/// Names of the control tokens, the first ones of the vocabulary.
pub(crate) const MARKS: [&str; 3] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

/// Tokens and merges as a file has them.
pub(crate) struct Words {
    pub(crate) tokens: Vec<String>,
    pub(crate) merges: Vec<String>,
}

impl Words {
    /// A vocabulary of `size` tokens from texts.
    pub(crate) fn of(texts: &[String], size: usize) -> Self {
        let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for word in texts.iter().flat_map(|text| cut(text)) {
            *counts.entry(word.bytes().map(|byte| letter(byte).to_string()).collect()).or_default() += 1;
        }
        let mut tokens: Vec<String> = MARKS.map(str::to_owned).to_vec();
        tokens.extend((0..=255).map(|byte| letter(byte).to_string()));
        let mut merges = Vec::new();
        while tokens.len() < size {
            let mut pairs: BTreeMap<(&String, &String), usize> = BTreeMap::new();
            for (word, count) in &counts {
                for pair in word.windows(2) {
                    *pairs.entry((&pair[0], &pair[1])).or_default() += count;
                }
            }
            // Of pairs that are as frequent the first by name, so that there is one answer.
            let best = pairs.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
            let Some(((left, right), _)) = best else { break };
            let (left, right) = (left.clone(), right.clone());
            counts = counts.into_iter().map(|(word, count)| (merge(word, &left, &right), count)).collect();
            let union = format!("{left}{right}");
            merges.push(format!("{left} {right}"));
            // Two ways to the same token are one token.
            if !tokens.contains(&union) {
                tokens.push(union);
            }
        }
        Self { tokens, merges }
    }
}

/// A word in which the pair stands as one.
fn merge(word: Vec<String>, left: &str, right: &str) -> Vec<String> {
    let mut merged: Vec<String> = Vec::with_capacity(word.len());
    let mut open = false;
    for token in word {
        if open && token == right && merged.last().is_some_and(|last| last == left) {
            if let Some(last) = merged.last_mut() {
                last.push_str(&token);
            }
            open = false;
        } else {
            merged.push(token);
            open = true;
        }
    }
    merged
}

/// Words as the tokenizer will cut them, near enough: a blank with the letters or the signs behind it, each digit alone.
fn cut(text: &str) -> Vec<&str> {
    let kind = |byte: u8| match byte {
        b' ' | b'\n' => 0,
        b'a'..=b'z' | b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for at in 1..=bytes.len() {
        let goes_on = bytes.get(at).is_some_and(|&next| {
            let (last, next) = (kind(bytes[at - 1]), kind(next));
            (last == next && last != 2) || (at - start == 1 && last == 0 && bytes[start] == b' ' && next != 2)
        });
        if !goes_on {
            words.push(&text[start..at]);
            start = at;
        }
    }
    words
}

/// The letter that a byte is written as.
fn letter(byte: u8) -> char {
    let printed = |byte: &u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if printed(&byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|other| !printed(other)).count();
    u32::try_from(before).ok().and_then(|before| char::from_u32(256 + before)).expect("there are 68 such bytes")
}
