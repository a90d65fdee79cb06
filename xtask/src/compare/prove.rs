//! `cargo xtask compare --prove RUNS`: that the comparison catches what it is for, and keeps quiet otherwise. Minutes of work, so it
//! is run by hand; the rules it goes by are tested on made-up numbers every time.

use std::fs;

use anyhow::{Context, Result, bail};

use super::judge::Finding;
use super::revision::Revision;
use super::{count, estimate};
use crate::program::{root, say};

/// Every question is matched twice: the same answers, later.
const PLACE: &str = "    let question = Question::new(tokens);\n    let mut proposals = clear(&question, ask);\n";
const SLOWED: &str = "    let question = Question::new(tokens);\n    drop(std::hint::black_box(clear(std::hint::black_box(&question), ask)));\n    let mut proposals = clear(&question, ask);\n";

pub(super) fn run(runs: usize) -> Result<()> {
    let slow = Revision::check_out("HEAD", "slowed")?;
    let file = slow.folder.join("src/matcher/mod.rs");
    let text = fs::read_to_string(&file)?;
    if !text.contains(PLACE) {
        bail!("the matcher is no longer what this slows down; look at {}", file.display());
    }
    fs::write(&file, text.replace(PLACE, SLOWED))?;
    let same = Revision::check_out("HEAD", "same")?;

    let ours = count::count(root(), "match")?;
    let slowed = count::findings(&ours, &count::count(&slow.folder, "match")?);
    expect(&slowed, true, "counts of a slowed matcher")?;
    let timed = estimate::in_turns(root(), &slow.folder, "match/", 3)?;
    expect(&timed, true, "times of a slowed matcher")?;

    let mut alarms = 0;
    for run in 1..=runs {
        let counted = count::findings(&ours, &count::count(&same.folder, "match")?);
        let timed = estimate::in_turns(root(), &same.folder, "match/", 3)?;
        let alarm = counted.iter().chain(&timed).filter(|finding| finding.is_slower).count();
        say(&format!("run {run} of unchanged code: {alarm} alarms"));
        alarms += alarm;
    }
    if alarms > 0 {
        bail!("{alarms} alarms for unchanged code in {runs} runs");
    }
    say(&format!("\nA matcher that matches twice was caught; {runs} runs of unchanged code raised no alarm."));
    Ok(())
}

fn expect(findings: &[Finding], slower: bool, what: &str) -> Result<()> {
    for finding in findings {
        say(&finding.shown());
    }
    let caught = findings.iter().any(|finding| finding.is_slower);
    (caught == slower).then_some(()).with_context(|| format!("{what} were not caught"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_to_slow_down_is_still_there() {
        let text = fs::read_to_string(root().join("src/matcher/mod.rs")).unwrap();
        assert!(text.contains(PLACE), "`compare --prove` would have nothing to slow down");
    }
}
