//! `cargo xtask gate`: everything `benches/targets.toml` promises, measured, beside the promise, with a verdict.
//!
//! A row that fails is measured again, twice at most, and the better number counts: what else runs on a machine can only make it
//! slower. A row that cannot be measured here says why, and counts as not passed.

mod cli;
mod part;

use std::fs;

use anyhow::{Result, bail};

use crate::{
    program::{command, output, root, say},
    target::{Machine, Measured, Row, Sheet, Target, Verdict, last_sheet, number, targets},
};

pub(crate) use part::{bench_program, measure_program};

/// How the gate is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Wanted {
    /// Print the sheet as JSON.
    pub(crate) json: bool,
    /// Leave out what takes minutes: release builds, large models, the soak.
    pub(crate) quick: bool,
    /// Pass although some rows could not be measured.
    pub(crate) allow_missing: bool,
    /// Only the rows whose id begins so; not kept as the last sheet.
    pub(crate) partly: bool,
}

/// Tries for a row that fails.
const TRIES: usize = 3;

/// Measures the rows whose id begins with `prefix`, and fails when one of them does.
pub(crate) fn run(wanted: Wanted, prefix: &str) -> Result<()> {
    let targets: Vec<Target> = targets()?.into_iter().filter(|target| target.id.starts_with(prefix)).collect();
    let mut rows: Vec<Row> = Vec::new();
    let mut parts: Vec<&str> = Vec::new();
    for target in &targets {
        if !parts.contains(&target.by.as_str()) {
            parts.push(&target.by);
        }
    }
    for by in parts {
        let of_part: Vec<Target> = targets.iter().filter(|target| target.by == by).cloned().collect();
        rows.extend(measured(by, of_part, wanted));
    }
    let sheet = Sheet {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: output(command("", "git rev-parse --short HEAD")).unwrap_or_default(),
        day: output(command("", "git show --no-patch --format=%cs HEAD")).unwrap_or_default(),
        machine: Machine::here(),
        rows,
    };
    if !wanted.partly {
        let file = last_sheet();
        fs::create_dir_all(file.parent().unwrap_or(root()))?;
        fs::write(&file, serde_json::to_string_pretty(&sheet)?)?;
    }
    if wanted.json {
        say(&serde_json::to_string_pretty(&sheet)?);
    } else {
        show(&sheet);
    }
    judge(&sheet.rows, wanted.allow_missing)
}

/// `cargo xtask soak`: says as it goes how much the memory would grow in an hour, and judges the end.
pub(crate) fn soak(minutes: u64) -> Result<()> {
    let target = targets()?.into_iter().find(|target| target.by == "soak");
    let lines = part::caro_lines(&["soak", &(minutes * 60).to_string()])?;
    for Measured { value, note, .. } in &lines {
        say(&format!("{:>10} MB/h, {note}", number(*value)));
    }
    match (lines.last(), target) {
        (Some(last), Some(target)) if !target.is_met(last.value) => bail!("it grows by {} MB/h", number(last.value)),
        _ => Ok(()),
    }
}

/// `cargo xtask models`: the model files that are measured with.
pub(crate) fn models() -> Result<()> {
    for geometry in ["smollm-135m", "qwen2-0.5b", "qwen2-1.5b"] {
        say(&part::model(geometry)?.display().to_string());
    }
    Ok(())
}

/// The rows of one part, failing ones measured again.
fn measured(by: &str, targets: Vec<Target>, wanted: Wanted) -> Vec<Row> {
    let mut best: Vec<Measured> = Vec::new();
    let mut why_not = String::new();
    for attempt in 1..=TRIES {
        eprintln_quietly(&format!("measuring: {by}{}", if attempt > 1 { ", once more" } else { "" }));
        match part::measure(by, wanted) {
            Ok(found) => {
                for mut new in found {
                    let target = targets.iter().find(|target| target.id == new.id);
                    if attempt > 1 {
                        new.note = format!("{}, best of {attempt} tries", new.note);
                    }
                    match best.iter_mut().find(|known| known.id == new.id) {
                        Some(known) if target.is_some_and(|target| target.is_better(new.value, known.value)) => {
                            *known = new;
                        }
                        Some(_) => {}
                        None => best.push(new),
                    }
                }
            }
            Err(error) => why_not = format!("{error:#}"),
        }
        let fails = |target: &Target| best.iter().any(|known| known.id == target.id && !target.is_met(known.value));
        // Sizes and what was counted are the same every time.
        if matches!(by, "size" | "load" | "year" | "soak") || !targets.iter().any(fails) {
            break;
        }
    }
    let row = |target: Target| {
        let found = best.iter().find(|known| known.id == target.id);
        let why_not = if why_not.is_empty() { "nothing reported it" } else { &why_not };
        Row::of(target, found, why_not)
    };
    targets.into_iter().map(row).collect()
}

/// Progress goes where it does not mix with JSON.
#[expect(clippy::print_stderr, reason = "the standard output may be JSON")]
fn eprintln_quietly(line: &str) {
    eprintln!("{line}");
}

fn show(sheet: &Sheet) {
    say(&format!("{} {} on {}\n", sheet.version, sheet.revision, sheet.machine.shown()));
    say(&format!(
        "{:<12} {:>16} {:>24} {:>22}  {:<22} what",
        "verdict", "measured", "target", "reference (reached)", "row"
    ));
    for Row { target, measured, note, verdict } in &sheet.rows {
        let value = measured.map_or_else(|| "–".to_owned(), |value| format!("{} {}", number(value), target.unit));
        let reached = target.reached.map_or_else(String::new, |reached| format!(" ({})", number(reached)));
        let reference = target.reference.map_or_else(String::new, number);
        let word = match verdict {
            Verdict::Met => "met",
            Verdict::Missed => "MISSED",
            Verdict::NotMeasured => "not measured",
        };
        let (promise, theirs) = (target.promise(), format!("{reference}{reached}"));
        say(&format!("{word:<12} {value:>16} {promise:>24} {theirs:>22}  {:<22} {}", target.id, target.what));
        if !note.is_empty() {
            say(&format!("{:<12} {:>16} {:>24} {:>22}  {:<22} … {note}", "", "", "", "", ""));
        }
    }
}

fn judge(rows: &[Row], allow_missing: bool) -> Result<()> {
    let ids = |verdict: Verdict| {
        let of = rows.iter().filter(|row| row.verdict == verdict).map(|row| row.target.id.as_str());
        of.collect::<Vec<_>>().join(", ")
    };
    let (missed, missing) = (ids(Verdict::Missed), ids(Verdict::NotMeasured));
    if !missed.is_empty() {
        bail!("over their target: {missed}");
    }
    if !missing.is_empty() && !allow_missing {
        bail!("not measured: {missing} (--allow-missing passes without them)");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(measured: Option<f64>) -> Row {
        let mut target = targets().unwrap().into_iter().find(|target| target.id == "answer.static").unwrap();
        target.most = Some(10.0);
        let measured = measured.map(|value| Measured { id: target.id.clone(), value, note: String::new() });
        Row::of(target, measured.as_ref(), "no display")
    }

    #[test]
    fn a_row_passes_up_to_its_target_and_not_unmeasured() {
        assert!(judge(&[row(Some(10.0))], false).is_ok());
        assert!(judge(&[row(Some(10.1))], true).unwrap_err().to_string().contains("answer.static"));
        assert!(judge(&[row(Some(1.0)), row(None)], false).is_err());
        assert!(judge(&[row(Some(1.0)), row(None)], true).is_ok());
        assert_eq!(row(None).note, "no display");
    }
}
