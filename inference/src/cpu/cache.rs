//! Keys and values of the tokens that were read: [`Cache`].
//!
//! It has room for the whole context from the start, but the system only gives memory to what is written.

use super::attention::KEYS;
use super::geometry::Geometry;

/// Keys and values in half precision: for each layer and head, keys in blocks of [`KEYS`], dimension by dimension, and values
/// row by row.
#[derive(Debug)]
pub(super) struct Cache {
    keys: Vec<u16>,
    values: Vec<u16>,
    /// Layers times heads.
    heads: usize,
    /// Numbers of a head for the whole context.
    size: usize,
    /// Numbers of a head for one token.
    head: usize,
}

impl Cache {
    /// Room for `context` tokens.
    pub(super) fn new(geometry: &Geometry, context: usize) -> Self {
        let heads = geometry.layers * geometry.shared;
        let size = context.next_multiple_of(KEYS) * geometry.head;
        Self { keys: vec![0; heads * size], values: vec![0; heads * size], heads, size, head: geometry.head }
    }

    /// The keys and the values of a head of a layer, counted through all layers.
    pub(super) fn head_mut(&mut self, head: usize) -> (&mut [u16], &mut [u16]) {
        let range = head * self.size..(head + 1) * self.size;
        (&mut self.keys[range.clone()], &mut self.values[range])
    }

    /// How many tokens' room the first `tokens` take: keys come in whole blocks.
    fn used(&self, tokens: usize) -> usize {
        (tokens.next_multiple_of(KEYS) * self.head).min(self.size)
    }

    /// Bytes that the first `tokens` take.
    pub(super) fn bytes(&self, tokens: usize) -> usize {
        self.heads * self.used(tokens) * 4
    }

    /// The first `tokens`, in a cache of the same room.
    pub(super) fn fork(&self, tokens: usize) -> Self {
        let used = self.used(tokens);
        let mut fork = Self { keys: vec![0; self.keys.len()], values: vec![0; self.values.len()], ..*self };
        for start in (0..self.heads).map(|head| head * self.size) {
            fork.keys[start..start + used].copy_from_slice(&self.keys[start..start + used]);
            fork.values[start..start + used].copy_from_slice(&self.values[start..start + used]);
        }
        fork
    }

    /// The parts that the first `tokens` lie in, always in the same order.
    pub(super) fn parts(&self, tokens: usize) -> impl Iterator<Item = &[u16]> {
        let used = self.used(tokens);
        let heads = || (0..self.heads).map(|head| head * self.size);
        heads().map(move |at| &self.keys[at..at + used]).chain(heads().map(move |at| &self.values[at..at + used]))
    }

    /// The same, to be written.
    pub(super) fn parts_mut(&mut self, tokens: usize) -> impl Iterator<Item = &mut [u16]> {
        let (used, size) = (self.used(tokens), self.size);
        let keys = self.keys.chunks_exact_mut(size);
        keys.chain(self.values.chunks_exact_mut(size)).map(move |part| &mut part[..used])
    }
}
