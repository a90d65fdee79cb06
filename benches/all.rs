//! Every benchmark: `cargo bench --bench all` runs them, `cargo bench --bench all -- match/` those whose name has that in it.
//!
//! One program, because linking one is what most of the time would go into; a file is a subject and says what it may cost and why
//! that much. What must hold is in `targets.toml`, which `cargo xtask gate` measures; these are for looking closer.

mod check;
mod matcher;
mod model;
mod normalize;
mod pipeline;
mod prompt;
mod question;
mod start;
mod storage;
mod telemetry;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    normalize::all,
    matcher::one,
    matcher::whole,
    matcher::scaling,
    check::usual,
    check::length,
    pipeline::fresh,
    pipeline::cached,
    telemetry::record,
    telemetry::threads,
    telemetry::persist,
    storage::all,
    prompt::all,
    model::all,
    start::all,
);
criterion_main!(benches);
