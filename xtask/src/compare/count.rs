//! Instructions of the hot paths, counted by callgrind.
//!
//! Each path runs a few times and many times; the difference is what one more time costs, free of the start of the program and of
//! whatever is made once. The kept counts are those of one compiler on one kind of processor; elsewhere both revisions are counted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::judge::{Finding, of_counts};
use super::revision::Revision;
use super::{Wanted, workshop};
use crate::gate::measure_program;
use crate::package::is_on_path;
use crate::program::{command, output, root, say};

/// Hash tables are walked in another order each time, which moves a count by some thousandths.
const TOLERANCE: f64 = 0.02;

const FEW: u32 = 5;
const MANY: u32 = 25;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    compiler: String,
    processor: String,
    counts: BTreeMap<String, u64>,
}

pub(super) fn compare(wanted: &Wanted) -> Result<Vec<Finding>> {
    let after = count(root(), &wanted.filter)?;
    if wanted.update {
        return keep(after).map(|()| Vec::new());
    }
    let before = match &wanted.against {
        Some(revision) => count(&Revision::check_out(revision, "before")?.folder, &wanted.filter)?,
        None => kept()?,
    };
    Ok(findings(&before, &after))
}

pub(super) fn findings(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> Vec<Finding> {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let finding =
        |(name, new): (&String, &u64)| before.get(name).map(|old| of_counts(name, *old as f64, *new as f64, TOLERANCE));
    after.iter().filter_map(finding).collect()
}

/// The counts of the sources in `folder`.
pub(super) fn count(folder: &Path, filter: &str) -> Result<BTreeMap<String, u64>> {
    if !is_on_path("valgrind") {
        bail!("valgrind is not installed (`apt-get install valgrind`); it runs on Linux only");
    }
    let program = measure_program(folder)?;
    let mut list = Command::new(&program);
    list.arg("cases");
    let names = output(list).context("the sources have no hot paths to count")?;
    let mut counts = BTreeMap::new();
    for name in names.lines().map(|line| line.trim_matches('"')).filter(|name| name.contains(filter)) {
        let few = callgrind(&program, name, FEW)?;
        let many = callgrind(&program, name, MANY)?;
        let each = many.saturating_sub(few) / u64::from(MANY - FEW);
        say(&format!("{name:<16} {each:>12} instructions"));
        counts.insert(name.to_owned(), each);
    }
    Ok(counts)
}

fn callgrind(program: &Path, case: &str, times: u32) -> Result<u64> {
    fs::create_dir_all(workshop())?;
    let out = workshop().join("callgrind.out");
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", out.display()));
    valgrind.arg(program).args(["hot", case, &times.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
    let status = valgrind.status()?;
    if !status.success() {
        bail!("callgrind cannot run `{case}` ({status})");
    }
    let text = fs::read_to_string(&out)?;
    let line = text.lines().find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    let number = line.and_then(|line| line.split_whitespace().next()).context("callgrind counted nothing")?;
    Ok(number.parse()?)
}

fn compiler() -> String {
    output(command("", "rustc --version")).unwrap_or_default()
}

fn file() -> std::path::PathBuf {
    root().join("benches/instructions.toml")
}

fn kept() -> Result<BTreeMap<String, u64>> {
    let text =
        fs::read_to_string(file()).context("no counts are kept: `cargo xtask compare --counts --update` keeps some")?;
    let kept: Kept = toml::from_str(&text)?;
    if kept.compiler != compiler() || kept.processor != std::env::consts::ARCH {
        bail!(
            "the kept counts are of {} on {}: compare with a revision (--against REV), or keep new ones (--update)",
            kept.compiler,
            kept.processor
        );
    }
    Ok(kept.counts)
}

fn keep(counts: BTreeMap<String, u64>) -> Result<()> {
    let mut text = String::from(
        "# Instructions of the hot paths, one time each, as callgrind counts them; `cargo xtask compare --counts --update` writes them.\n",
    );
    let _ = write!(text, "compiler = \"{}\"\nprocessor = \"{}\"\n\n[counts]\n", compiler(), std::env::consts::ARCH);
    for (name, count) in counts {
        let _ = writeln!(text, "{name} = {count}");
    }
    Ok(fs::write(file(), text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_has_nothing_to_be_compared_with() {
        let counts = |rows: &[(&str, u64)]| rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let found = findings(&counts(&[("match", 1_000)]), &counts(&[("match", 1_100), ("new", 5)]));
        assert_eq!(
            found.iter().map(|finding| (finding.name.as_str(), finding.is_slower)).collect::<Vec<_>>(),
            [("match", true)]
        );
    }
}
