//! What reading a phrasing needs to know about words.

/// Mirrors `normalize::Class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Stop,
    Cue,
    Weak,
    Light,
    Content,
}

/// The words a phrasing may use. Concepts are numbered as in `normalize::Concept`.
pub(crate) trait Words {
    /// The concept of a word of a phrasing; a word nobody knew becomes a concept of its own.
    fn literal(&mut self, word: &str) -> u16;

    /// The longest known phrase at the start of these words, and its length.
    fn phrase(&self, words: &[&str]) -> Option<(usize, u16)>;

    fn class(&self, concept: u16) -> Class;
}
