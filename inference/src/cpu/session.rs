//! A model in use: [`Session`].

#![expect(
    unsafe_code,
    reason = "kernels take pointers; threads write to different rows and columns of the same buffers"
)]

use std::io::{self, Write};
use std::ptr;
use std::sync::Arc;

use super::attention::{Head, KEYS, Query, TOGETHER};
use super::cache::Cache;
use super::product::{Target, Then};
use super::scratch::{Place, Quantized};
use super::tile::Matrix;
use super::weights::{Layer, Weights};
use crate::error::Error;
use crate::forward::{Forward, Rows};

/// Tokens that are computed at once at most; more only take more memory.
const BATCH: usize = 256;
/// Tokens that a thread takes at once where it works token by token; keys come in blocks of so many.
const LINES: usize = KEYS;
/// Fewer tokens than this are not worth waking a thread for where no weights are involved.
const ALONE: usize = 8;
/// Fewer queries times keys than this are not worth it either.
const SHORT: usize = 64;

/// A model in use.
#[derive(Debug)]
pub struct Session {
    pub(super) weights: Arc<Weights>,
    pub(super) cache: Cache,
    /// What was read and is kept.
    pub(super) tokens: Vec<u32>,
    context: usize,
    /// Cosine and sine for each position and pair.
    rotation: Arc<Vec<[f32; 2]>>,
    buffers: Buffers,
}

/// Intermediate results, kept to be used again.
#[derive(Debug, Default)]
struct Buffers {
    x: Vec<f32>,
    /// Queries, keys and values of a token, one behind the other.
    projected: Vec<f32>,
    attended: Vec<f32>,
    inner: Vec<f32>,
    quantized: Quantized,
    scores: Vec<f32>,
    halves: Vec<u16>,
    logits: Vec<f32>,
}

/// Where the memory of a session goes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Packed weights, shared by all sessions of a model.
    pub weights: usize,
    /// Keys and values of the tokens read.
    pub cache: usize,
    /// What the cache takes when the context is full.
    pub cache_full: usize,
    /// Intermediate results and tables.
    pub scratch: usize,
}

impl Session {
    /// A session with room for `context` tokens, or as many as the model was trained for if these are fewer.
    pub fn new(weights: Arc<Weights>, context: usize) -> Self {
        let geometry = &weights.geometry;
        let context = context.clamp(1, geometry.context);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a table of single precision")]
        let rotation = (0..context)
            .flat_map(|position| geometry.turns.iter().map(move |turn| turn * position as f64))
            .map(|angle| [angle.cos() as f32, angle.sin() as f32])
            .collect();
        Self {
            cache: Cache::new(geometry, context),
            tokens: Vec::new(),
            context,
            rotation: Arc::new(rotation),
            buffers: Buffers::default(),
            weights,
        }
    }

    /// A session that has read the same tokens and goes on by itself.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            weights: Arc::clone(&self.weights),
            cache: self.cache.fork(self.tokens.len()),
            tokens: self.tokens.clone(),
            context: self.context,
            rotation: Arc::clone(&self.rotation),
            buffers: Buffers::default(),
        }
    }

    /// What was read and is kept.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The model.
    pub fn weights(&self) -> &Arc<Weights> {
        &self.weights
    }

    /// Where its memory goes.
    pub fn memory(&self) -> Memory {
        let buffers = &self.buffers;
        let numbers =
            [&buffers.x, &buffers.projected, &buffers.attended, &buffers.inner, &buffers.scores, &buffers.logits];
        Memory {
            weights: self.weights.bytes(),
            cache: self.cache.bytes(self.tokens.len()),
            cache_full: self.cache.bytes(self.context),
            scratch: numbers.iter().map(|numbers| numbers.capacity() * 4).sum::<usize>()
                + buffers.halves.capacity() * 2
                + buffers.quantized.bytes()
                + self.rotation.len() * 8,
        }
    }

    /// Computes `tokens`, at most [`BATCH`], behind those that are known; the last `wanted` rows of logits go to `logits`.
    fn pass(&mut self, tokens: &[u32], wanted: usize, logits: usize) {
        let weights = Arc::clone(&self.weights);
        let geometry = &weights.geometry;
        let (queries, keys) = geometry.widths();
        let (count, start) = (tokens.len(), self.tokens.len());
        self.buffers.make_room(count, &weights, (start + count).next_multiple_of(KEYS));
        for (row, &token) in self.buffers.x.chunks_exact_mut(geometry.hidden).zip(tokens) {
            weights.embedding.row(token as usize, row);
        }
        let width = queries + 2 * keys;
        let mut first = 0;
        for (number, layer) in weights.layers.iter().enumerate() {
            self.normalized(&layer.norm, first, count);
            let out = Place(self.buffers.projected.as_mut_ptr());
            let projected = [0, queries, queries + keys];
            let targets = [0, 1, 2].map(|part| {
                let bias = &layer.biases[part];
                let bias = if bias.is_empty() { ptr::null() } else { bias.as_ptr() };
                (&layer.inputs[part], out.target(projected[part], width, layer.inputs[part].rows, bias, Then::Store))
            });
            self.multiply(&targets, first, count);
            self.remember(number, layer, start, count);
            if number + 1 == geometry.layers {
                // Of the others nothing but keys and values is needed any more.
                first = count - wanted;
                if wanted == 0 {
                    break;
                }
            }
            self.attend(number, start, first, count);
            self.quantized(self.buffers.attended.as_ptr(), queries, first, count);
            let x = Place(self.buffers.x.as_mut_ptr());
            let residual = x.target(0, geometry.hidden, geometry.hidden, ptr::null(), Then::Add);
            self.multiply(&[(&layer.output, residual)], first, count);
            self.normalized(&layer.inner_norm, first, count);
            let inner = Place(self.buffers.inner.as_mut_ptr());
            let gated = inner.target(0, geometry.inner, geometry.inner, ptr::null(), Then::Gate);
            self.multiply(&[(&layer.gated, gated)], first, count);
            self.quantized(self.buffers.inner.as_ptr(), geometry.inner, first, count);
            self.multiply(&[(&layer.down, residual)], first, count);
        }
        if wanted > 0 {
            self.normalized(&weights.norm, first, count);
            // The rows before `first` of the target are none of the buffer, and nothing is written to them.
            let out =
                Place(self.buffers.logits.as_mut_ptr().wrapping_add(logits).wrapping_sub(first * geometry.vocabulary));
            let target = out.target(0, geometry.vocabulary, geometry.vocabulary, ptr::null(), Then::Store);
            self.multiply(&[(&weights.output, target)], first, count);
        }
        self.tokens.extend_from_slice(tokens);
    }

    /// Quantizes the normalized rows of `x`.
    fn normalized(&mut self, gain: &[f32], first: usize, count: usize) {
        let (x, length) = (self.buffers.x.as_ptr(), self.weights.geometry.hidden);
        self.quantize(x, length, gain.as_ptr(), first, count);
    }

    fn quantized(&mut self, x: *const f32, length: usize, first: usize, count: usize) {
        self.quantize(x, length, ptr::null(), first, count);
    }

    fn quantize(&mut self, x: *const f32, length: usize, gain: *const f32, first: usize, count: usize) {
        let weights = &self.weights;
        let inputs = Place(self.buffers.quantized.rows(count, length));
        let (x, gain) = (Place(x), Place(gain));
        lines(weights, first, count, |row, _| {
            let (inputs, x, gain) = (inputs, x, gain);
            // SAFETY: `quantized` has `count` rows of `length` numbers, and so has `x`. `gain` is null or a vector of the
            // length that `Layer::read` checked. Each row is written by one piece.
            unsafe {
                let x = x.0.add(row * length);
                (weights.kernels.quantize)(x, gain.0, weights.geometry.epsilon, &inputs.0, row);
            }
        });
    }

    /// Multiplies the quantized rows with matrices of as many columns.
    fn multiply(&mut self, parts: &[(&Matrix, Target)], first: usize, count: usize) {
        let weights = &self.weights;
        let inputs = Place(self.buffers.quantized.rows(count, parts[0].0.columns));
        let panels: usize = parts.iter().map(|(matrix, _)| matrix.panels()).sum();
        let piece = panels.div_ceil(weights.pool.threads() * 8).clamp(1, 16);
        let parts = Place(parts);
        weights.pool.run(panels.div_ceil(piece), &|index, _| {
            let (inputs, parts) = (inputs, parts);
            let (mut from, mut left) = (index * piece, piece);
            for (matrix, target) in parts.0 {
                let end = matrix.panels().min(from + left);
                if from < end {
                    // SAFETY: the rows of `inputs` have as many columns as the matrix, and each target has been made for its
                    // matrix and `count` rows. Each panel is computed by one piece, and writes its own columns.
                    unsafe { (weights.kernels.product)(&matrix.pointer(), from..end, &inputs.0, first..count, target) };
                    left -= end - from;
                    from = 0;
                } else {
                    from -= matrix.panels();
                }
                if left == 0 {
                    break;
                }
            }
        });
    }

    /// Rotates queries and keys, and writes keys and values to the cache.
    fn remember(&mut self, number: usize, layer: &Layer, start: usize, count: usize) {
        let weights = &self.weights;
        let geometry = &weights.geometry;
        let (queries, keys) = geometry.widths();
        let (head, width, pairs) = (geometry.head, queries + 2 * keys, geometry.head / 2);
        let rotation = &self.rotation;
        let rows = Place(self.buffers.projected.as_mut_ptr());
        let halves = Place(self.buffers.halves.as_mut_ptr());
        let caches: Vec<_> = (0..geometry.shared)
            .map(|shared| {
                let (keys, values) = self.cache.head_mut(number * geometry.shared + shared);
                Place((keys.as_mut_ptr(), values.as_mut_ptr()))
            })
            .collect();
        // Pieces end where blocks of keys do, so that no two threads write to one.
        let skipped = start % LINES;
        let work = |from: usize, to: usize, worker: usize| {
            let (rows, halves) = (rows, halves);
            for row in from..to {
                let position = start + row;
                // SAFETY: there are `count` rows of `width` numbers, and each is worked on by one piece.
                let line = unsafe { std::slice::from_raw_parts_mut(rows.0.add(row * width), width) };
                let turn = &rotation[position * pairs..][..pairs];
                for (index, part) in line[..queries + keys].chunks_exact_mut(head).enumerate() {
                    if let Some(norms) = &layer.head_norms {
                        let gain = &norms[usize::from(index >= geometry.heads)];
                        // SAFETY: both have the numbers of a head, a multiple of 16.
                        unsafe {
                            (weights.kernels.normalize)(part.as_mut_ptr(), gain.as_ptr(), head, geometry.epsilon);
                        }
                    }
                    rotate(part, turn);
                }
                for (shared, cache) in caches.iter().enumerate() {
                    let (key, value) = (queries + shared * head, queries + keys + shared * head);
                    let block = position / KEYS * KEYS * head + position % KEYS;
                    // SAFETY: the cache of a head has room for the context, which `read` keeps to. Each worker has its own
                    // `halves`, of `head` numbers. Positions of a block belong to one piece.
                    unsafe {
                        let half = halves.0.add(worker * head);
                        (weights.kernels.halve)(line[key..].as_ptr(), half, head);
                        for d in 0..head {
                            *cache.0.0.add(block + d * KEYS) = *half.add(d);
                        }
                        (weights.kernels.halve)(line[value..].as_ptr(), cache.0.1.add(position * head), head);
                    }
                }
            }
        };
        if count < ALONE {
            work(0, count, 0);
        } else {
            weights.pool.run((skipped + count).div_ceil(LINES), &|piece, worker| {
                let at = |piece: usize| (piece * LINES).saturating_sub(skipped).min(count);
                work(at(piece), at(piece + 1), worker);
            });
        }
    }

    fn attend(&mut self, number: usize, start: usize, first: usize, count: usize) {
        let weights = &self.weights;
        let geometry = &weights.geometry;
        let (queries, keys) = geometry.widths();
        let (head, width) = (geometry.head, queries + 2 * keys);
        let group = geometry.heads / geometry.shared;
        let stride = (start + count).next_multiple_of(KEYS);
        let rows = Place(self.buffers.projected.as_ptr());
        let out = Place(self.buffers.attended.as_mut_ptr());
        let scores = Place(self.buffers.scores.as_mut_ptr());
        #[expect(clippy::cast_precision_loss, reason = "under 2^24")]
        let scale = 1.0 / (head as f32).sqrt();
        let heads: Vec<_> = (0..geometry.shared)
            .map(|shared| {
                let (keys, values) = self.cache.head_mut(number * geometry.shared + shared);
                Place(Head { size: head, keys: keys.as_ptr(), values: values.as_ptr(), scale })
            })
            .collect();
        let stretches = (count - first).div_ceil(LINES);
        let work = |piece: usize, worker: usize| {
            let (rows, out, scores) = (rows, out, scores);
            // The last tokens see the most; begun first, they do not end last.
            let (shared, stretch) = (piece % geometry.shared, stretches - 1 - piece / geometry.shared);
            let from = first + stretch * LINES;
            let mut together = Vec::with_capacity(LINES * group);
            for row in from..count.min(from + LINES) {
                for index in shared * group..(shared + 1) * group {
                    // SAFETY: within the row of `projected` and of `attended`.
                    let (from, to) =
                        unsafe { (rows.0.add(row * width + index * head), out.0.add(row * queries + index * head)) };
                    together.push(Query { from, visible: start + row + 1, to });
                }
            }
            // SAFETY: all keys that are visible have been written; each worker has its own scores, `TOGETHER` times `stride`;
            // each head of each row is computed by one piece.
            unsafe {
                let scores = scores.0.add(worker * TOGETHER * stride);
                (weights.kernels.attend)(&heads[shared].0, &together, scores, stride);
            }
        };
        if (start + count) * (count - first) < SHORT {
            (0..geometry.shared * stretches).for_each(|piece| work(piece, 0));
        } else {
            weights.pool.run(geometry.shared * stretches, &work);
        }
    }
}

/// Calls `work` with each row from `first`, on all threads if there are many.
fn lines(weights: &Weights, first: usize, count: usize, work: impl Fn(usize, usize) + Sync) {
    if count - first < ALONE {
        (first..count).for_each(|row| work(row, 0));
    } else {
        weights.pool.run((count - first).div_ceil(LINES), &|piece, worker| {
            let from = first + piece * LINES;
            (from..count.min(from + LINES)).for_each(|row| work(row, worker));
        });
    }
}

/// Turns each pair of numbers half a head apart.
fn rotate(head: &mut [f32], turn: &[[f32; 2]]) {
    let (low, high) = head.split_at_mut(turn.len());
    for ((a, b), [cos, sin]) in low.iter_mut().zip(high).zip(turn) {
        (*a, *b) = (*a * cos - *b * sin, *a * sin + *b * cos);
    }
}

impl Buffers {
    fn make_room(&mut self, count: usize, weights: &Weights, seen: usize) {
        let geometry = &weights.geometry;
        let (queries, keys) = geometry.widths();
        let threads = weights.pool.threads();
        self.x.resize(count * geometry.hidden, 0.0);
        self.projected.resize(count * (queries + 2 * keys), 0.0);
        self.attended.resize(count * queries, 0.0);
        self.inner.resize(count * geometry.inner, 0.0);
        self.halves.resize(threads * geometry.head, 0);
        self.scores.resize(threads * TOGETHER * seen, 0.0);
    }
}

impl Forward for Session {
    fn position(&self) -> usize {
        self.tokens.len()
    }

    fn context(&self) -> usize {
        self.context
    }

    fn vocabulary(&self) -> usize {
        self.weights.geometry.vocabulary
    }

    fn rewind(&mut self, position: usize) {
        self.tokens.truncate(position);
    }

    fn keep(&self, count: usize, to: &mut dyn Write) -> io::Result<bool> {
        self.save_prefix(count, to).map(|()| true)
    }

    fn recall(&mut self, tokens: &[u32], from: &mut dyn io::Read) -> io::Result<bool> {
        self.load_prefix(tokens, from)
    }

    fn read(&mut self, tokens: &[u32], rows: Rows) -> Result<&[f32], Error> {
        let vocabulary = self.vocabulary();
        let all = self.tokens.len() + tokens.len();
        if all > self.context {
            return Err(Error::ContextFull { tokens: all, context: self.context });
        }
        if let Some(token) = tokens.iter().find(|&&token| token as usize >= vocabulary) {
            return Err(candle_core::Error::msg(format!("token {token} is none of the {vocabulary}")).into());
        }
        let wanted = match rows {
            Rows::None => 0,
            Rows::Last => tokens.len().min(1),
            Rows::All => tokens.len(),
        };
        self.buffers.logits.resize(wanted * vocabulary, 0.0);
        let (mut done, mut written) = (0, 0);
        for batch in tokens.chunks(BATCH) {
            done += batch.len();
            let here = match rows {
                Rows::Last if done < tokens.len() => 0,
                _ => wanted.min(batch.len()),
            };
            self.pass(batch, here, written);
            written += here * vocabulary;
        }
        Ok(&self.buffers.logits)
    }
}
