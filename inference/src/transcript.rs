//! A model together with the tokens it has read, so that what is already read is not read again.
//!
//! Prompts share beginnings: the fixed part with the next question, a question with itself one key later. [`Transcript::fit`]
//! goes back to where two prompts part and reads on from there.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;
use crate::forward::{Forward, Rows};

// A prompt is read in pieces, to look between them whether anybody still wants it. Larger ones are hardly faster: the weights
// are unpacked once for all the rows of a piece, which at 32 rows is a small part of the multiplications.
const PIECE: usize = 32;

/// A model and what it has read.
pub struct Transcript {
    model: Box<dyn Forward>,
    tokens: Vec<u32>,
}

impl std::fmt::Debug for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transcript").field("tokens", &self.tokens.len()).finish_non_exhaustive()
    }
}

impl Transcript {
    /// Of a model that has read nothing, or just `tokens`.
    pub fn new(model: Box<dyn Forward>, tokens: Vec<u32>) -> Self {
        debug_assert_eq!(model.position(), tokens.len(), "a model knows what it has read");
        Self { model, tokens }
    }

    /// What it has read.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The model.
    pub fn model(&self) -> &dyn Forward {
        &*self.model
    }

    /// How many of `tokens` need not be read again.
    pub fn common(&self, tokens: &[u32]) -> usize {
        self.tokens.iter().zip(tokens).take_while(|(a, b)| a == b).count()
    }

    /// Has it read just `tokens`: goes back to where they part from what it has read, and reads the rest. Says how many it did
    /// not have to read. `progress` is told how many are read of how many.
    ///
    /// # Errors
    /// When there is no room for them, or somebody asked to stop; it has read a beginning of them then.
    pub fn fit(
        &mut self,
        tokens: &[u32],
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<usize, Error> {
        let known = self.common(tokens);
        self.rewind(known);
        while self.tokens.len() < tokens.len() {
            if cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let start = self.tokens.len();
            let end = tokens.len().min(start + PIECE);
            self.read(&tokens[start..end], Rows::None)?;
            progress(end, tokens.len());
        }
        Ok(known)
    }

    /// As [`Transcript::fit`], and then the logits of the last token.
    ///
    /// # Errors
    /// As [`Transcript::fit`]; and when there is no token to have logits of.
    pub fn logits(
        &mut self,
        tokens: &[u32],
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<&[f32], Error> {
        let Some((&last, before)) = tokens.split_last() else {
            return Err(Error::ContextFull { tokens: 0, context: self.model.context() });
        };
        // The last piece is read with its logits, unless all of it is known: those of the last token are not kept.
        let known = self.common(before);
        let start = before.len() - (before.len() - known) % PIECE;
        self.fit(&before[..start], cancel, progress)?;
        if cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        let rest: Vec<u32> = before[start..].iter().copied().chain([last]).collect();
        progress(tokens.len(), tokens.len());
        self.read(&rest, Rows::Last)
    }

    /// Reads `tokens` behind the rest.
    ///
    /// # Errors
    /// When there is no room for them.
    pub fn read(&mut self, tokens: &[u32], rows: Rows) -> Result<&[f32], Error> {
        let logits = self.model.read(tokens, rows)?;
        self.tokens.extend_from_slice(tokens);
        Ok(logits)
    }

    /// Writes what is kept of `tokens` to be recalled another day, if it has read them. Whether it was written.
    ///
    /// # Errors
    /// When `to` cannot be written.
    pub fn keep(&self, tokens: &[u32], to: &mut dyn Write) -> io::Result<bool> {
        Ok(self.common(tokens) == tokens.len() && self.model.keep(tokens.len(), to)?)
    }

    /// Has read `tokens`, if that is what was kept of this model. Whether it has; if not, it has read nothing.
    pub fn recall(&mut self, tokens: &[u32], from: &mut dyn Read) -> bool {
        let known = self.model.recall(tokens, from).unwrap_or(false);
        self.tokens.clear();
        if known {
            self.tokens.extend_from_slice(tokens);
        } else {
            self.model.rewind(0);
        }
        known
    }

    /// Forgets all but the first `length` tokens.
    pub fn rewind(&mut self, length: usize) {
        if length < self.tokens.len() {
            self.model.rewind(length);
            self.tokens.truncate(length);
        }
    }
}
