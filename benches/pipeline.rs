//! Time from the text to judged commands, by rule and out of the cache. Budget: p99 under 500 µs, 100 µs when it was asked before.
//!
//! Why that much: it runs on every key inside a frame of 16 ms, most of which belongs to the drawing. A question that was asked
//! before is only judged anew, because a branch or the policy may have changed since.

use std::hint::black_box;

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::proposal::Request;
use caro::shell::Shell;
use criterion::{BatchSize, Criterion};

use crate::question::QUESTIONS;

fn request(question: &str) -> Request {
    Request { query: question.to_owned(), context: Context::new(Shell::Bash, Os::Linux) }
}

pub(crate) fn fresh(criterion: &mut Criterion) {
    for (name, question) in QUESTIONS {
        let request = request(question);
        criterion.bench_function(&format!("pipeline/{name}"), |bench| {
            // A fresh engine each time: the cache would answer all but the first.
            bench.iter_batched(Engine::new, |engine| engine.suggest(black_box(&request)), BatchSize::SmallInput);
        });
    }
}

pub(crate) fn cached(criterion: &mut Criterion) {
    let engine = Engine::new();
    for (name, question) in QUESTIONS {
        let request = request(question);
        criterion.bench_function(&format!("cache/{name}"), |bench| bench.iter(|| engine.suggest(black_box(&request))));
    }
}
