//! `cargo xtask profile cpu|heap -- QUESTION`: where time or memory goes. Everything it writes is under `target/profile`.
//!
//! The processor is watched by perf, and drawn as a flame graph when `inferno` is there (`cargo install inferno --locked`); the heap by
//! valgrind's dhat, whose file <https://nnethercote.github.io/dh_view/dh_view.html> shows. The question is asked over and over without
//! the cache, because once takes less than a tick of the clock.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{
    gate::measure_program,
    package::is_on_path,
    program::{root, run as run_program, say},
};

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Watched {
    /// Where the time goes.
    Cpu,
    /// What is allocated, and by whom.
    Heap,
}

pub(crate) fn run(watched: Watched, question: &[String]) -> Result<()> {
    let question = question.join(" ");
    if question.is_empty() {
        bail!("which question? `cargo xtask profile cpu -- find large files`");
    }
    let folder = root().join("target/profile");
    fs::create_dir_all(&folder)?;
    // The quick build has no names of its own lines: they are asked for here.
    let program = measure_program(root())?;
    match watched {
        Watched::Cpu => cpu(&program, &question, &folder),
        Watched::Heap => heap(&program, &question, &folder),
    }
}

fn cpu(program: &Path, question: &str, folder: &Path) -> Result<()> {
    if !is_on_path("perf") {
        bail!("perf is not installed (on Debian: `apt-get install linux-perf`)");
    }
    let record = folder.join("perf.data");
    let mut perf = Command::new("perf");
    perf.args(["record", "--quiet", "--call-graph", "dwarf,16384", "--freq", "999", "--output"]).arg(&record);
    perf.arg("--").arg(program).args(["ask", question, "2000"]);
    run_program(perf)?;
    let table = folder.join("cpu.txt");
    let mut report = Command::new("perf");
    report.args(["report", "--stdio", "--no-children", "--percent-limit", "0.5", "--call-graph", "none", "--input"]);
    report.arg(&record).stdout(File::create(&table)?).stderr(Stdio::null());
    run_program(report)?;
    say(&format!("by function: {}", table.display()));
    if is_on_path("inferno-collapse-perf") && is_on_path("inferno-flamegraph") {
        let graph = folder.join("cpu.svg");
        draw(&record, &graph)?;
        say(&format!("flame graph: {}", graph.display()));
    } else {
        say("for a flame graph: `cargo install inferno --locked`");
    }
    Ok(())
}

/// perf script | inferno-collapse-perf | inferno-flamegraph
fn draw(record: &Path, graph: &Path) -> Result<()> {
    let piped = |program: &str| {
        let mut command = Command::new(program);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    let mut script = piped("perf").arg("script").arg("--input").arg(record).spawn()?;
    let stacks = script.stdout.take().context("it was piped")?;
    let mut collapse = piped("inferno-collapse-perf").stdin(stacks).spawn()?;
    let folded = collapse.stdout.take().context("it was piped")?;
    let status = piped("inferno-flamegraph").stdin(folded).stdout(File::create(graph)?).status()?;
    if !script.wait()?.success() || !collapse.wait()?.success() || !status.success() {
        bail!("the flame graph cannot be drawn");
    }
    Ok(())
}

fn heap(program: &Path, question: &str, folder: &Path) -> Result<()> {
    if !is_on_path("valgrind") {
        bail!("valgrind is not installed (on Debian: `apt-get install valgrind`)");
    }
    let out = folder.join("heap.dhat.json");
    let mut dhat = Command::new("valgrind");
    dhat.arg("--tool=dhat").arg(format!("--dhat-out-file={}", out.display()));
    dhat.arg(program).args(["ask", question, "20"]);
    run_program(dhat)?;
    say(&format!("{}: open it in https://nnethercote.github.io/dh_view/dh_view.html", out.display()));
    Ok(())
}
