//! `cargo xtask history`: what was measured of each release, one JSON line for a release and a kind of machine, in `benches/history`.
//!
//! A kind of machine is its processor and the number of its cores; which one it was is nobody's business.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use crate::{
    program::{root, say},
    target::{Machine, Sheet, Verdict, number, read_sheet, targets},
};

/// One release on one kind of machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) version: String,
    pub(crate) revision: String,
    pub(crate) day: String,
    pub(crate) machine: Machine,
    pub(crate) rows: BTreeMap<String, f64>,
}

fn file() -> PathBuf {
    root().join("benches/history/releases.jsonl")
}

/// All lines, the oldest first.
pub(crate) fn lines() -> Result<Vec<Line>> {
    let text = fs::read_to_string(file()).unwrap_or_default();
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// Prints the history, or adds what the gate measured last to it.
pub(crate) fn run(record: bool) -> Result<()> {
    if record {
        let lines = recorded(lines()?, &read_sheet()?)?;
        fs::create_dir_all(root().join("benches/history"))?;
        let text: Result<Vec<String>, _> = lines.iter().map(serde_json::to_string).collect();
        fs::write(file(), text?.join("\n") + "\n")?;
    }
    show(&lines()?)
}

fn show(lines: &[Line]) -> Result<()> {
    for target in targets()? {
        let of: Vec<String> = lines
            .iter()
            .filter_map(|line| Some(format!("{} {}", line.version, number(*line.rows.get(&target.id)?))))
            .collect();
        if !of.is_empty() {
            say(&format!("{:<24} {:<6} {}", target.id, target.unit, of.join(" → ")));
        }
    }
    Ok(())
}

/// The lines with that of a sheet; an earlier one of the same release on the same kind of machine makes place for it.
fn recorded(mut lines: Vec<Line>, sheet: &Sheet) -> Result<Vec<Line>> {
    if sheet.rows.iter().all(|row| row.verdict == Verdict::NotMeasured) {
        bail!("the gate measured nothing");
    }
    let rows = sheet.rows.iter().filter_map(|row| Some((row.target.id.clone(), row.measured?))).collect();
    let Sheet { version, revision, day, machine, .. } = sheet.clone();
    lines.retain(|line| line.version != version || line.machine != machine);
    lines.push(Line { version, revision, day, machine, rows });
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Measured, Row};

    #[test]
    fn a_release_has_one_line_on_a_kind_of_machine() {
        let target = targets().unwrap().remove(0);
        let machine = |cores| Machine { cpu: "test".to_owned(), cores, os: "linux".to_owned() };
        let sheet = |version: &str, cores, value| Sheet {
            version: version.to_owned(),
            revision: String::new(),
            day: String::new(),
            machine: machine(cores),
            rows: vec![Row::of(
                target.clone(),
                Some(&Measured { id: target.id.clone(), value, note: String::new() }),
                "",
            )],
        };
        let mut lines = Vec::new();
        for sheet in [sheet("1", 2, 5.0), sheet("1", 4, 4.0), sheet("1", 2, 3.0), sheet("2", 2, 2.0)] {
            lines = recorded(lines, &sheet).unwrap();
        }
        let seen: Vec<_> =
            lines.iter().map(|line| (line.version.as_str(), line.machine.cores, line.rows[&target.id])).collect();
        assert_eq!(seen, [("1", 4, 4.0), ("1", 2, 3.0), ("2", 2, 2.0)]);
    }
}
