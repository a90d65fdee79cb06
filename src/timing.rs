//! Where the time of an answer went: plain data that whoever answers fills in and whoever measures writes down.

use std::time::Duration;

/// The stages of one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Making an utterance of the text.
    pub normalize: Duration,
    /// Looking it up in the cache and in the knowledge.
    pub matching: Duration,
    /// Judging what was found.
    pub judge: Duration,
    /// What a language model took, when one was asked.
    pub model: Option<Written>,
}

/// What a language model did for an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Making tokens of the question and what goes with it.
    pub prompt: Duration,
    /// Reading them, up to the first token of the answer.
    pub prefill: Duration,
    /// Writing the answer.
    pub decode: Duration,
    /// Tokens of the prompt that were in the key-value cache.
    pub known_tokens: u32,
    /// Tokens of the prompt that were read.
    pub read_tokens: u32,
    /// Tokens of the answer.
    pub written_tokens: u32,
}
