//! Time from a keystroke to the proposals of the static tier: normalizing, matching, and both with the judge.
//!
//! Budget: p99 of the whole pipeline under 300 µs a question, the median under 50 µs. It runs on every keystroke, beside the
//! drawing of a frame of 16 ms, and an answer that is later than the frame flickers. The questions are short, long, misspelt
//! and senseless, because the slowest is a long one that nothing explains: every word of it is looked up, corrected, and
//! tried on every phrasing that shares a word.

use std::fmt::Write as _;
use std::hint::black_box;

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::matcher::{Own, intents, propose, propose_with};
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

// Budget: no more than 1.3 times slower when the number of intents doubles. The intents beside the shipped ones are made of the
// same words, so that a question meets as many of them as it would meet real ones.
fn scaling(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let shipped = intents().count();
    for times in [1, 2, 4] {
        let total = times * shipped;
        let text = synthetic(total - shipped);
        let (own, mistakes) = Own::compile((times > 1).then_some(("bench.toml", text.as_str())));
        assert!(mistakes.is_empty(), "{mistakes:?}");
        for (name, question) in QUESTIONS {
            let utterance = normalize(question);
            criterion.bench_function(&format!("match of {total} intents/{name}"), |bench| {
                bench.iter(|| propose_with(&own, black_box(&utterance), &context));
            });
        }
    }
}

fn synthetic(count: usize) -> String {
    const VERBS: [&str; 20] = [
        "list", "delete", "create", "copy", "move", "rename", "count", "compress", "extract", "start", "stop",
        "restart", "install", "update", "replace", "sort", "download", "convert", "compare", "follow",
    ];
    const NOUNS: [&str; 24] = [
        "file",
        "folder",
        "branch",
        "commit",
        "container",
        "image",
        "volume",
        "service",
        "process",
        "port",
        "user",
        "group",
        "package",
        "line",
        "word",
        "column",
        "archive",
        "link",
        "disk",
        "partition",
        "host",
        "interface",
        "log",
        "variable",
    ];
    let mut text = String::new();
    for number in 0..count {
        let verb = VERBS[number % VERBS.len()];
        let first = NOUNS[number / VERBS.len() % NOUNS.len()];
        let second = NOUNS[number / (VERBS.len() * NOUNS.len()) % NOUNS.len()];
        let _ = writeln!(
            text,
            "[[intent]]\nid = \"bench.row-{number}\"\ndoes = \"\"\nany = \"x {{path}}\"\nsay = [\"{verb} {first} {second} {{path}}\", \"{verb} [every] {first} of {{path}} with {second}\", \"{first} {second} {{path}} {verb}\"]"
        );
    }
    text
}

criterion_group!(benches, suggest, scaling);
criterion_main!(benches);
