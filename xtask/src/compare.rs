//! `cargo xtask compare`: whether the code got slower.
//!
//! Two ways. Instruction counts (callgrind) of the hot paths are the same on every machine with the same compiler, so a small
//! tolerance does; they are what a pull request is judged by. Times (criterion) see what instructions do not, caches and waiting,
//! and are measured in turns with the other revision, because a number from yesterday says how busy the machine was yesterday.

mod count;
mod estimate;
mod judge;
mod prove;
mod revision;

use anyhow::{Result, bail};

use crate::program::{root, say};
use judge::Finding;

pub(crate) use estimate::all as estimates;

/// What is compared with what.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The revision to take turns with; the kept numbers when there is none.
    pub(crate) against: Option<String>,
    /// Count instructions instead of measuring times.
    pub(crate) counts: bool,
    /// Only benchmarks whose name has this in it.
    pub(crate) filter: String,
    /// Turns that each revision takes.
    pub(crate) rounds: usize,
    /// Keep the numbers as those to compare with.
    pub(crate) update: bool,
}

/// Compares, and fails when something got slower.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let findings = if wanted.counts { count::compare(wanted)? } else { estimate::compare(wanted)? };
    report(&findings)
}

/// Shows that a slowed matcher is caught and that unchanged code raises no alarm.
pub(crate) fn prove(runs: usize) -> Result<()> {
    prove::run(runs)
}

fn report(findings: &[Finding]) -> Result<()> {
    for finding in findings {
        say(&finding.shown());
    }
    let slower: Vec<&str> =
        findings.iter().filter(|finding| finding.is_slower).map(|finding| finding.name.as_str()).collect();
    if slower.is_empty() {
        say(&format!("\nNothing got slower ({} compared).", findings.len()));
        return Ok(());
    }
    bail!("slower: {}", slower.join(", "))
}

/// Where compared revisions are checked out and their numbers kept.
fn workshop() -> std::path::PathBuf {
    root().join("target/compare")
}
