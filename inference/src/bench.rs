//! How fast a model is on this machine, and how much of the machine that is.

#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "rates and small counts")]

use std::hint::black_box;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::cpu::{Isa, LoadOptions, Memory, Session, Weights, default_threads, peak};
use crate::error::Error;
use crate::forward::{Forward, Rows};
use crate::gguf::File;

/// Tokens of the prompt whose speed is reported.
pub const PROMPT: usize = 200;
/// Tokens whose decoding is reported.
pub const DECODED: usize = 30;
/// The whole job: the fixed part of the prompt, the question, the answer.
pub const JOB: [usize; 3] = [150, 30, 25];

/// What was measured.
#[derive(Debug, Clone)]
pub struct Bench {
    /// Threads that computed.
    pub threads: usize,
    /// The instructions they used.
    pub isa: Isa,
    /// From opening the file to the first session, in milliseconds.
    pub load_ms: f64,
    /// Whether packed weights were found.
    pub from_cache: bool,
    /// Where the memory went.
    pub memory: Memory,
    /// Tokens a second of a prompt of [`PROMPT`].
    pub prefill_tok_s: f64,
    /// Tokens a second one by one, behind the prompt.
    pub decode_tok_s: f64,
    /// From the question to its first token, with the fixed part known, in milliseconds.
    pub first_token_ms: f64,
    /// The whole job from nothing, in milliseconds.
    pub answer_cold_ms: f64,
    /// The whole job with the fixed part known, in milliseconds.
    pub answer_warm_ms: f64,
    /// The bandwidth that these threads read memory with, in bytes a second.
    pub bandwidth: f64,
    /// Which share of it decoding needs.
    pub bandwidth_share: f64,
    /// Products of bytes a second that these threads can do.
    pub products: f64,
    /// Which share of them the weights need in a prompt.
    pub products_share: f64,
}

/// A model on trial.
#[derive(Debug)]
pub struct Trial {
    session: Session,
}

impl Trial {
    /// A session that only reads tokens that mean nothing.
    pub fn new(session: Session) -> Self {
        Self { session }
    }

    /// Reads `count` tokens behind the first `known`; the first of them are read before, if they are not known.
    ///
    /// # Errors
    /// When there is no room for them.
    pub fn prefill(&mut self, known: usize, count: usize) -> Result<Duration, Error> {
        self.know(known)?;
        let start = Instant::now();
        self.session.read(&tokens(known, count), Rows::Last)?;
        Ok(start.elapsed())
    }

    /// Reads `count` tokens one by one behind the first `known`.
    ///
    /// # Errors
    /// When there is no room for them.
    pub fn decode(&mut self, known: usize, count: usize) -> Result<Duration, Error> {
        self.know(known)?;
        let start = Instant::now();
        for token in tokens(known, count) {
            black_box(self.session.read(&[token], Rows::Last)?);
        }
        Ok(start.elapsed())
    }

    fn know(&mut self, known: usize) -> Result<(), Error> {
        self.session.rewind(known);
        let position = self.session.position();
        self.session.read(&tokens(position, known - position), Rows::None)?;
        Ok(())
    }
}

/// Tokens that any vocabulary has, and that are not all the same.
fn tokens(first: usize, count: usize) -> Vec<u32> {
    (first as u32..).map(|at| 3 + at * 37 % 250).take(count).collect()
}

/// Measures a model. Takes some seconds; the best of `rounds` counts, since whatever else runs can only slow it down.
///
/// # Errors
/// When the model cannot be loaded.
pub fn bench(
    path: &Path,
    threads: Option<usize>,
    isa: Option<Isa>,
    cache: Option<&Path>,
    rounds: usize,
) -> Result<Bench, Error> {
    let start = Instant::now();
    let weights = {
        let file = File::open(path)?;
        Weights::load(&file, &LoadOptions { threads, isa, cache, ..LoadOptions::default() })?
    };
    let session = Session::new(weights.clone(), 512);
    let load = start.elapsed();
    let mut trial = Trial::new(session);
    let mut best = [Duration::MAX; 5];
    for _ in 0..rounds.max(1) {
        let [fixed, question, answer] = JOB;
        let prefill = trial.prefill(0, PROMPT)?;
        let decode = trial.decode(PROMPT, DECODED)?;
        let cold = trial.prefill(0, fixed + question)? + trial.decode(fixed + question, answer - 1)?;
        let first = trial.prefill(fixed, question)?;
        let warm = first + trial.decode(fixed + question, answer - 1)?;
        for (best, now) in best.iter_mut().zip([prefill, decode, cold, first, warm]) {
            *best = now.min(*best);
        }
    }
    let [prefill, decode, cold, first, warm] = best.map(|best| best.as_secs_f64());
    let threads = threads.unwrap_or_else(default_threads);
    let (bandwidth, products) = (bandwidth(threads), peak(weights.isa(), threads));
    let (prefill_tok_s, decode_tok_s) = (PROMPT as f64 / prefill, DECODED as f64 / decode);
    Ok(Bench {
        threads,
        isa: weights.isa(),
        load_ms: load.as_secs_f64() * 1e3,
        from_cache: weights.from_cache(),
        memory: trial.session.memory(),
        prefill_tok_s,
        decode_tok_s,
        first_token_ms: first * 1e3,
        answer_cold_ms: cold * 1e3,
        answer_warm_ms: warm * 1e3,
        bandwidth,
        bandwidth_share: decode_tok_s * weights.bytes_per_token() as f64 / bandwidth,
        products,
        products_share: prefill_tok_s * weights.products_per_token() as f64 / products,
    })
}

/// Bytes a second that `threads` threads read, each its own part of 256 MB.
fn bandwidth(threads: usize) -> f64 {
    let memory = vec![1_u64; 32 << 20];
    let part = memory.len() / threads;
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        thread::scope(|scope| {
            for part in memory.chunks_exact(part) {
                scope.spawn(move || black_box(part.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word))));
            }
        });
        best = best.min(start.elapsed().as_secs_f64());
    }
    (part * threads * 8) as f64 / best
}
