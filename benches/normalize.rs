//! Time from the text to the utterance. Budget: 10 µs a question, 20 µs a misspelt one.
//!
//! Why that much: it is the first fifth of an answer on a key, and the only part that looks at letters.

use std::hint::black_box;

use caro::normalize::normalize as utterance;
use criterion::Criterion;

use crate::question::QUESTIONS;

pub(crate) fn all(criterion: &mut Criterion) {
    for (name, question) in QUESTIONS {
        criterion.bench_function(&format!("normalize/{name}"), |bench| bench.iter(|| utterance(black_box(question))));
    }
}
