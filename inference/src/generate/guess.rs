//! Tokens guessed ahead, to be checked many in one pass.

use crate::constraint::State;
use crate::error::Error;
use crate::model::Model;
use crate::tokenizer::{Special, Tokenizer};

/// Somebody who guesses what a model will write.
///
/// A trait because who guesses is chosen at run time: nobody, the question itself, a smaller model.
pub trait Guess {
    /// At most `most` tokens that may follow. `read` is what the model has read, `next` the token it wrote last, `written` the
    /// text of its answer with that token, `state` where it stands.
    ///
    /// # Errors
    /// When whoever guesses fails.
    fn guess(&mut self, read: &[u32], next: u32, written: &[u8], state: State, most: usize) -> Result<Vec<u32>, Error>;
}

/// Nobody guesses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nothing;

impl Guess for Nothing {
    fn guess(&mut self, _: &[u32], _: u32, _: &[u8], _: State, _: usize) -> Result<Vec<u32>, Error> {
        Ok(Vec::new())
    }
}

/// Copies: what followed the same tokens before, in the question or in the examples, may follow again.
#[derive(Debug, Clone, Copy)]
pub struct Lookup {
    /// From which token of what was read on to look: a fixed prompt before it is about other things.
    pub from: usize,
}

/// A smaller model writes on, and what it writes is cut into the tokens of the larger: the two need not share a vocabulary.
pub struct Smaller<'a> {
    /// The smaller model.
    pub model: &'a mut Model,
    /// The prompt, in its tokens.
    pub prompt: &'a [u32],
    /// The tokenizer of the larger.
    pub tokenizer: &'a Tokenizer,
}

impl std::fmt::Debug for Smaller<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smaller").field("model", &self.model.name()).finish_non_exhaustive()
    }
}

impl Guess for Smaller<'_> {
    fn guess(&mut self, _: &[u32], _: u32, written: &[u8], _: State, most: usize) -> Result<Vec<u32>, Error> {
        // Inside a character there is no text to go on from.
        let Ok(written) = std::str::from_utf8(written) else { return Ok(Vec::new()) };
        if most == 0 {
            return Ok(Vec::new());
        }
        let sketch = self.model.sketch(self.prompt, written, most)?;
        Ok(self.tokenizer.encode(&sketch, Special::Text).into_iter().take(most).collect())
    }
}

// Three tokens that come again are hardly chance, one often is; and a wrong guess costs a part of a pass.
const LONGEST: usize = 3;

impl Guess for Lookup {
    fn guess(&mut self, read: &[u32], next: u32, _: &[u8], _: State, most: usize) -> Result<Vec<u32>, Error> {
        let seen: Vec<u32> = read.iter().skip(self.from).copied().chain([next]).collect();
        for length in (1..=LONGEST.min(seen.len())).rev() {
            let (before, last) = seen.split_at(seen.len() - length);
            // The nearest: the question is behind the examples. One that overlaps the end would only repeat it.
            let found = before.windows(length).rposition(|window| window == last);
            if let Some(at) = found {
                let follows = &seen[at + length..];
                // One token may stand anywhere; what follows it is a guess worth one token.
                let most = if length == 1 { most.min(1) } else { most };
                return Ok(follows.iter().copied().take(most.min(follows.len())).collect());
            }
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(from: usize, read: &[u32], next: u32, most: usize) -> Vec<u32> {
        Lookup { from }.guess(read, next, b"", State::Inside, most).expect("copying cannot fail")
    }

    #[test]
    fn what_followed_the_same_tokens_is_guessed() {
        assert_eq!(lookup(0, &[1, 2, 3, 4, 5, 9, 1, 2], 3, 2), [4, 5]);
        // The longest match counts, then the nearest.
        assert_eq!(lookup(0, &[7, 2, 30, 7, 2, 31, 6, 2, 32, 7], 2, 1), [31]);
        assert_eq!(lookup(0, &[5, 6, 7], 5, 4), [6]);
    }

    #[test]
    fn nothing_is_guessed_when_nothing_matches_or_only_before_the_beginning() {
        assert!(lookup(0, &[1, 2, 3], 4, 5).is_empty());
        assert!(lookup(3, &[1, 2, 3, 8, 1], 2, 5).is_empty());
        assert!(lookup(0, &[], 1, 5).is_empty());
    }
}
