//! Time from a keystroke to the proposals of the static tier: normalizing, matching, and both with the judge.
//!
//! Budget: p99 of the whole pipeline under 300 µs a question, the median under 50 µs. It runs on every keystroke, beside the
//! drawing of a frame of 16 ms, and an answer that is later than the frame flickers. The questions are short, long, misspelt
//! and senseless, because the slowest is a long one that nothing explains: every word of it is looked up, corrected, and
//! tried on every phrasing that shares a word.

use std::hint::black_box;

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::matcher::propose;
use caro::normalize::normalize;
use caro::proposal::Request;
use caro::shell::Shell;
use criterion::{Criterion, criterion_group, criterion_main};

const QUESTIONS: [(&str, &str); 5] = [
    ("short", "list files"),
    ("find", "find all python files larger than 100MB modified in the last 2 days in ~/projects"),
    ("misspelt", "plese shwo the procceses usign the most memroy"),
    ("git", "create a branch called feature/login and switch to it"),
    (
        "senseless",
        "tell the moon that every file of the container on the remote branch should follow the largest service of the disk",
    ),
];

fn suggest(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    for (name, question) in QUESTIONS {
        criterion.bench_function(&format!("normalize/{name}"), |bench| bench.iter(|| normalize(black_box(question))));
        let utterance = normalize(question);
        criterion
            .bench_function(&format!("match/{name}"), |bench| bench.iter(|| propose(black_box(&utterance), &context)));
        let request = Request { query: question.to_owned(), context: context.clone() };
        criterion.bench_function(&format!("pipeline/{name}"), |bench| {
            // A fresh engine each time: the cache would answer all but the first.
            bench.iter_batched(
                Engine::new,
                |engine| engine.suggest(black_box(&request)),
                criterion::BatchSize::SmallInput,
            );
        });
    }
}

criterion_group!(benches, suggest);
criterion_main!(benches);
