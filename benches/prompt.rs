//! What is done around a language model: building the prompt, reading the JSON it wrote. Budget: 20 µs and 100 µs.
//!
//! Why that much: a model takes a fifth of a second; nobody should be able to see these beside it. The replies are a usual one, one
//! with words around it, and a long one that comes to nothing.

use std::hint::black_box;

use caro::context::{Context, Os};
use caro::llm::{Ask, Shot, draft, messages};
use caro::shell::Shell;
use criterion::Criterion;

pub(crate) fn all(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let shots = [Shot { question: "show disk usage".to_owned(), command: "df -h".to_owned() }];
    let ask = Ask { question: "frobnicate the quux of my gizmo", context: &context, shots: &shots };
    criterion.bench_function("prompt/build", |bench| bench.iter(|| messages(black_box(&ask), 8)));
    let senseless = "no ".repeat(400);
    for (name, reply) in [
        ("usual", r#"{"command": "find . -type f -name '*.log' -size +100M"}"#),
        ("with words around", "Sure! Here it is:\n```json\n{\"command\": \"du -sh .\"}\n```\nHope that helps."),
        ("nothing", senseless.as_str()),
    ] {
        criterion
            .bench_function(&format!("json/{name}"), |bench| bench.iter(|| draft(black_box(reply), 0.9, &context)));
    }
}
