//! What a session knows of the first tokens, written down and read again, so that a fixed prompt is computed once.
//!
//! What is read is taken only if it is of the same model, the same layout and the same tokens, and whole.

use std::io::{self, Read, Write};

use super::session::Session;
use super::store::checksum;
use crate::forward::Forward;

const MAGIC: u64 = u64::from_le_bytes(*b"CAROPREF");
/// Changes with the layout of the cache, or with what the kernels compute.
const LAYOUT: u64 = 1;
/// Numbers of the header: those of [`Session::header`], and a checksum of all that follows.
const WORDS: usize = 7;

impl Session {
    /// Writes keys and values of the first `tokens`, as far as they were read.
    ///
    /// # Errors
    /// When writing fails.
    pub fn save_prefix(&self, tokens: usize, to: &mut dyn Write) -> io::Result<()> {
        let tokens = tokens.min(self.tokens.len());
        let bytes: Vec<u8> = self.cache.parts(tokens).flatten().flat_map(|number| number.to_le_bytes()).collect();
        let mut header = self.header(&self.tokens[..tokens]);
        header.push(checksum(&bytes));
        for word in header {
            to.write_all(&word.to_le_bytes())?;
        }
        to.write_all(&bytes)
    }

    /// Knows `tokens` and nothing else from now on, if that is what [`Session::save_prefix`] wrote. Whether it was; the session is
    /// empty otherwise.
    ///
    /// # Errors
    /// When reading fails before all was there.
    pub fn load_prefix(&mut self, tokens: &[u32], from: &mut dyn Read) -> io::Result<bool> {
        self.rewind(0);
        let mut header = [0; WORDS * 8];
        from.read_exact(&mut header)?;
        let words: Vec<u64> = header.as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
        if tokens.len() > self.context() || words[..WORDS - 1] != self.header(tokens) {
            return Ok(false);
        }
        let mut bytes = vec![0; self.cache.bytes(tokens.len())];
        from.read_exact(&mut bytes)?;
        if checksum(&bytes) != words[WORDS - 1] {
            return Ok(false);
        }
        let mut numbers = bytes.as_chunks::<2>().0.iter();
        for part in self.cache.parts_mut(tokens.len()) {
            for (number, bytes) in part.iter_mut().zip(&mut numbers) {
                *number = u16::from_le_bytes(*bytes);
            }
        }
        self.tokens.extend_from_slice(tokens);
        Ok(true)
    }

    fn header(&self, tokens: &[u32]) -> Vec<u64> {
        let ids: Vec<u8> = tokens.iter().flat_map(|token| token.to_le_bytes()).collect();
        let [metadata, samples] = self.weights.model;
        vec![MAGIC, LAYOUT, metadata, samples, tokens.len() as u64, checksum(&ids)]
    }
}
