//! `cargo xtask test` and `lint`: every check in order, the quick ones first, stopping at the first that fails.
//!
//! The app is compiled once for all of it, with the profile that `cargo xtask run` uses; only the lints need a second pass over
//! its dependencies, and that one makes no machine code. The engine's own tests run unoptimized, for the overflow checks.
//! The summary ends as a single `cargo test` would.

mod tally;

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::{
    build::{self, Profile},
    node,
    package::{self, Consent, Need, is_on_path},
    program::{command, run as run_program, run_watched, say},
};
use tally::Tally;

/// How much is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Full,
    /// What needs neither a web view nor a desktop.
    Fast,
    /// Format and lints, no test.
    Lints,
}

impl Extent {
    /// By the flag `--fast`.
    pub(crate) fn fast(fast: bool) -> Self {
        if fast { Self::Fast } else { Self::Full }
    }
}

struct Step {
    name: &'static str,
    within: &'static [Extent],
    work: fn(&mut Tally) -> Result<()>,
}

/// Writes the list of rules from the rules and their tests.
pub(crate) fn document() -> Result<()> {
    let mut test = command("", "cargo test --quiet --locked -p caro --test check the_list_of_rules_is_fresh");
    test.env("UPDATE", "1");
    run_program(test)
}

const ALL: &[Extent] = &[Extent::Full, Extent::Fast, Extent::Lints];
const TESTS: &[Extent] = &[Extent::Full, Extent::Fast];
const WHOLE: &[Extent] = &[Extent::Full, Extent::Lints];
const FULL: &[Extent] = &[Extent::Full];

const STEPS: &[Step] = &[
    Step { name: "format", within: ALL, work: |_| run_program(command("", "cargo fmt --all --check")) },
    Step { name: "machine", within: WHOLE, work: |_| machine() },
    Step { name: "pages: types", within: WHOLE, work: |_| run_program(command("ui", "npm run --silent check")) },
    Step { name: "pages: lints", within: WHOLE, work: |_| run_program(command("ui", "npm run --silent lint")) },
    Step {
        name: "pages: icons",
        within: WHOLE,
        work: |_| run_program(command("ui", "npm run --silent icons -- --check")),
    },
    Step { name: "pages: tests", within: FULL, work: |tally| counted(tally, "ui", "npm run --silent test") },
    Step { name: "pages: build", within: WHOLE, work: |_| node::build() },
    Step {
        name: "engine: lints",
        within: &[Extent::Fast],
        work: |_| run_program(command("", &lint("-p caro -p caro-inference -p xtask --all-targets"))),
    },
    Step { name: "lints", within: WHOLE, work: |_| run_program(command("", &lint("--workspace --all-targets"))) },
    Step {
        name: "engine alone",
        within: WHOLE,
        work: |_| run_program(command("", &lint("-p caro --lib --no-default-features"))),
    },
    Step { name: "docs", within: WHOLE, work: |_| docs() },
    Step { name: "engine: tests", within: TESTS, work: |tally| counted(tally, "", "cargo test --locked -p caro") },
    Step {
        name: "models: tests",
        within: TESTS,
        work: |tally| counted(tally, "", "cargo test --locked -p caro-inference"),
    },
    Step { name: "xtask: tests", within: TESTS, work: |tally| counted(tally, "", "cargo test --locked -p xtask") },
    Step { name: "app: build", within: FULL, work: |_| build::app(Profile::Quick) },
    Step { name: "app: tests", within: FULL, work: |tally| counted(tally, "", &app_tests()) },
    Step { name: "desktop: tests", within: FULL, work: desktop_tests },
];

/// Runs the steps of `extent` and sums up.
pub(crate) fn run(extent: Extent) -> Result<()> {
    let steps: Vec<_> = STEPS.iter().filter(|step| step.within.contains(&extent)).collect();
    let start = Instant::now();
    let mut tally = Tally::default();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut failure = None;
    for (number, step) in steps.iter().enumerate() {
        say(&format!("\n=== [{}/{}] {}", number + 1, steps.len(), step.name));
        let begun = Instant::now();
        let outcome = (step.work)(&mut tally);
        times.push((step.name, begun.elapsed()));
        if let Err(error) = outcome {
            failure = Some((step.name, error));
            break;
        }
    }
    say("\n=== summary");
    for (name, time) in &times {
        let failed = failure.as_ref().is_some_and(|(failed, _)| failed == name);
        say(&format!("{:>8.1} s  {name}{}", time.as_secs_f32(), if failed { "  FAILED" } else { "" }));
    }
    for step in &steps[times.len()..] {
        say(&format!("       - s  {}  not run", step.name));
    }
    let Some((name, error)) = failure else {
        say(&format!("\n{}", tally.result(start.elapsed())));
        return Ok(());
    };
    tally.step_failed();
    say(&format!("\n{}", tally.result(start.elapsed())));
    Err(anyhow!("failed: {name}: {error:#}"))
}

/// `cargo xtask deny`: licenses, sources and advisories, by `deny.toml`.
pub(crate) fn deny() -> Result<()> {
    if !is_on_path("cargo-deny") {
        say("Skipped: cargo-deny is not installed (`cargo install cargo-deny --locked`).");
        return Ok(());
    }
    run_program(command("", "cargo deny --workspace check"))
}

/// Installing is what the task is for, so nobody is asked.
fn machine() -> Result<()> {
    node::check()?;
    package::ensure(Need::Test, Consent::Given)?;
    node::install()
}

fn lint(what: &str) -> String {
    format!("cargo clippy --locked {what} -- -D warnings")
}

fn docs() -> Result<()> {
    let mut doc = command("", "cargo doc --locked --workspace --no-deps");
    doc.env("RUSTDOCFLAGS", "-D warnings");
    run_program(doc)
}

/// With the profile and features of the build, so that its dependencies are compiled once.
fn app_tests() -> String {
    format!("cargo test --locked --profile {} -p caro-desktop --features custom-protocol", Profile::Quick.name())
}

fn desktop_tests(tally: &mut Tally) -> Result<()> {
    if !cfg!(target_os = "linux") {
        say("Skipped: the virtual desktop is X11, so these run on Linux only.");
        return Ok(());
    }
    // Two programs nobody here wrote, the window system and the web view, start anew for every test; once in some hundred starts
    // the web view stays blank. So what failed is tried again by itself, and said; what fails three times is ours.
    let mut tests = command("", "cargo test --locked -p caro-stage --no-fail-fast -- --test-threads=1");
    let mut failed: Vec<String> = Vec::new();
    for attempt in 1..=3 {
        tests.env("CARO_DESKTOP", build::program("caro-desktop", Profile::Quick));
        tests.env("CARO_CLI", build::program("caro", Profile::Quick));
        let mut seen = Tally::default();
        let mut names: Vec<String> = Vec::new();
        let outcome = run_watched(tests, |line| {
            seen.see(line);
            names.extend(failed_test(line));
        });
        if outcome.is_ok() || attempt == 3 || names.is_empty() {
            // Tests that passed at last were not counted as failures.
            tally.add(&seen);
            return outcome;
        }
        seen.forgive();
        tally.add(&seen);
        failed = names;
        say(&format!("\nTried again: {}", failed.join(", ")));
        tests = command("", "cargo test --locked -p caro-stage --no-fail-fast -- --test-threads=1 --exact");
        tests.args(&failed);
    }
    Err(anyhow!("{} failed three times", failed.join(", ")))
}

/// The name in `test a::b ... FAILED`.
fn failed_test(line: &str) -> Option<String> {
    line.trim().strip_prefix("test ")?.strip_suffix(" ... FAILED").map(str::to_owned)
}

fn counted(tally: &mut Tally, folder: &str, line: &str) -> Result<()> {
    run_watched(command(folder, line), |line| tally.see(line))
}
