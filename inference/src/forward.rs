//! What a model in use can do, on whatever device.

use std::io::{self, Read, Write};

use crate::error::Error;

/// Of which of the tokens just read the logits are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Of none: the tokens are only put into the cache.
    None,
    /// Of the last: what is needed to go on.
    Last,
    /// Of all: what is needed to check a draft.
    All,
}

/// A model and the tokens it has read: its key-value cache.
///
/// A trait because the device is chosen at run time.
pub trait Forward: Send {
    /// How many tokens have been read and are kept.
    fn position(&self) -> usize;

    /// How many there can be.
    fn context(&self) -> usize;

    /// How many different tokens there are: the length of a row of logits.
    fn vocabulary(&self) -> usize;

    /// Forgets all but the first `position` tokens; what was forgotten already stays so.
    fn rewind(&mut self, position: usize);

    /// Reads `tokens` behind those it knows. Returns the wanted rows of logits, one after the other, each
    /// [`Forward::vocabulary`] long.
    ///
    /// # Errors
    /// When there is no room for them, or a token is none of the vocabulary; nothing was read then.
    fn read(&mut self, tokens: &[u32], rows: Rows) -> Result<&[f32], Error>;

    /// Writes what is kept of the first `count` tokens, for [`Forward::recall`]. Whether it can.
    ///
    /// # Errors
    /// When `to` cannot be written.
    fn keep(&self, count: usize, to: &mut dyn Write) -> io::Result<bool> {
        let _ = (count, to);
        Ok(false)
    }

    /// Knows `tokens` and nothing else from now on, if that is what [`Forward::keep`] wrote of the same model. Whether it does; if
    /// not, it knows nothing.
    ///
    /// # Errors
    /// When `from` cannot be read.
    fn recall(&mut self, tokens: &[u32], from: &mut dyn Read) -> io::Result<bool> {
        let _ = (tokens, from);
        self.rewind(0);
        Ok(false)
    }
}
