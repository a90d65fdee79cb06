//! Time from an utterance to the proposals of the static tier: one phrasing, the whole knowledge, and how it scales with it.
//!
//! Budget: the median of a question under 50 µs, and no more than 1.3 times slower when the number of intents doubles. It runs on
//! every keystroke, beside the drawing of a frame of 16 ms, and an answer that is later than the frame flickers. The questions are
//! short, long, misspelt and senseless, because the slowest is a long one that nothing explains: every word of it is looked up,
//! corrected, and tried on every phrasing that shares a word.

use std::fmt::Write as _;
use std::hint::black_box;

use caro::context::{Context, Os};
use caro::matcher::{Own, intents, propose, propose_with};
use caro::normalize::normalize;
use caro::shell::Shell;
use criterion::Criterion;

use crate::question::QUESTIONS;

pub(crate) fn whole(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    for (name, question) in QUESTIONS {
        let utterance = normalize(question);
        criterion
            .bench_function(&format!("match/{name}"), |bench| bench.iter(|| propose(black_box(&utterance), &context)));
    }
}

// Budget: one more phrasing costs what its words cost, some microseconds where they are rare.
pub(crate) fn one(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let text = "[[intent]]\nid = \"bench.one\"\ndoes = \"\"\nany = \"x {path}\"\nsay = [\"frobnicate {path}\"]\n";
    let (own, mistakes) = Own::compile(Some(("bench.toml", text)));
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let utterance = normalize("frobnicate the file notes.txt");
    criterion.bench_function("match/one phrasing", |bench| {
        bench.iter(|| propose_with(&own, black_box(&utterance), &context));
    });
}

// The intents beside the shipped ones are made of the
// same words, so that a question meets as many of them as it would meet real ones.
pub(crate) fn scaling(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let shipped = intents().count();
    for more in [0, 750, 1_500, 3_000] {
        let total = shipped + more;
        let text = synthetic(more);
        let (own, mistakes) = Own::compile((more > 0).then_some(("bench.toml", text.as_str())));
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
