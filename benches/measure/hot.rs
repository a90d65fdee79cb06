//! The hot paths, each alone: what its instructions are counted of. The count of a few is taken from that of many, so that the start
//! and whatever is made once do not matter. Recording is not among them: how its writer's batches fall out is another throw each time.

use std::hint::black_box;

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::matcher::propose;
use caro::normalize::normalize;
use caro::proposal::Request;
use caro::safety::analyze;
use caro::shell::Shell;

use crate::question::QUESTIONS;

type Case = fn(usize);

/// Names as they stand in `instructions.toml`.
pub(crate) const CASES: [(&str, Case); 5] = [
    ("normalize", normalized),
    ("match", matched),
    ("judge", judged),
    ("answer", answered),
    ("answer-cached", answered_again),
];

pub(crate) fn run(name: &str, times: usize) {
    let (_, case) = CASES.iter().find(|(known, _)| *known == name).expect("one of `cases`");
    case(times);
}

fn context() -> Context {
    Context::new(Shell::Bash, Os::Linux)
}

fn request(question: &str) -> Request {
    Request { query: question.to_owned(), context: context() }
}

fn normalized(times: usize) {
    for _ in 0..times {
        for (_, question) in QUESTIONS {
            black_box(normalize(black_box(question)));
        }
    }
}

fn matched(times: usize) {
    let (context, utterances) = (context(), QUESTIONS.map(|(_, question)| normalize(question)));
    for _ in 0..times {
        for utterance in &utterances {
            black_box(propose(black_box(utterance), &context));
        }
    }
}

fn judged(times: usize) {
    let context = context();
    for _ in 0..times {
        for command in ["ls -la", "du -ah . | sort -rh | head -n 20", "sudo rm -rf ./node_modules"] {
            black_box(analyze(black_box(command), &context));
        }
    }
}

fn answered(times: usize) {
    let requests = QUESTIONS.map(|(_, question)| request(question));
    for _ in 0..times {
        // A fresh one, because the cache would answer all but the first.
        let engine = Engine::new();
        for request in &requests {
            black_box(engine.suggest(black_box(request)));
        }
    }
}

fn answered_again(times: usize) {
    let (engine, requests) = (Engine::new(), QUESTIONS.map(|(_, question)| request(question)));
    for _ in 0..times {
        for request in &requests {
            black_box(engine.suggest(black_box(request)));
        }
    }
}
