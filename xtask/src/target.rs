//! The table of what must hold, and what was measured: `benches/targets.toml` beside numbers.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::program::{output, root};

/// A row of the table; the engine's `telemetry::Target` says what each column means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) most: Option<f64>,
    pub(crate) least: Option<f64>,
    pub(crate) unit: String,
    pub(crate) percentile: Option<u8>,
    pub(crate) reference: Option<f64>,
    pub(crate) reached: Option<f64>,
    pub(crate) by: String,
    pub(crate) why: String,
}

/// What a part of the gate says about a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) id: String,
    pub(crate) value: f64,
    #[serde(default)]
    pub(crate) note: String,
}

/// A row with what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    #[serde(flatten)]
    pub(crate) target: Target,
    /// None when it could not be measured, and the note says why.
    pub(crate) measured: Option<f64>,
    pub(crate) note: String,
    pub(crate) verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Met,
    Missed,
    NotMeasured,
}

/// What kind of machine this is: nothing that tells one from another of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) os: String,
}

/// All rows of one run of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    pub(crate) version: String,
    pub(crate) revision: String,
    pub(crate) day: String,
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Table {
    target: Vec<Target>,
}

/// The table.
pub(crate) fn targets() -> Result<Vec<Target>> {
    let file = root().join("benches/targets.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let table: Table = toml::from_str(&text).with_context(|| format!("{} is not what it should be", file.display()))?;
    Ok(table.target)
}

impl Target {
    pub(crate) fn limit(&self) -> f64 {
        self.most.or(self.least).unwrap_or_default()
    }

    pub(crate) fn is_met(&self, measured: f64) -> bool {
        self.most.is_none_or(|most| measured <= most) && self.least.is_none_or(|least| measured >= least)
    }

    /// Whether `one` is nearer to the target than `other`, or further beyond it.
    pub(crate) fn is_better(&self, one: f64, other: f64) -> bool {
        if self.most.is_some() { one < other } else { one > other }
    }

    /// `< 500 µs (p99)`.
    pub(crate) fn promise(&self) -> String {
        let sign = if self.most.is_some() { "≤" } else { "≥" };
        let percentile = self.percentile.map_or_else(String::new, |percentile| format!(" p{percentile}"));
        format!("{sign} {} {}{percentile}", number(self.limit()), self.unit)
    }
}

impl Row {
    pub(crate) fn of(target: Target, measured: Option<&Measured>, why_not: &str) -> Self {
        let Some(Measured { value, note, .. }) = measured else {
            return Self { target, measured: None, note: why_not.to_owned(), verdict: Verdict::NotMeasured };
        };
        let verdict = if target.is_met(*value) { Verdict::Met } else { Verdict::Missed };
        Self { target, measured: Some(*value), note: note.clone(), verdict }
    }
}

impl Machine {
    pub(crate) fn here() -> Self {
        let cpu = match std::env::consts::OS {
            "linux" => fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
                let line = text.lines().find(|line| line.starts_with("model name"))?;
                Some(line.split(':').nth(1)?.trim().to_owned())
            }),
            "macos" => output(crate::program::command("", "sysctl -n machdep.cpu.brand_string")),
            _ => std::env::var("PROCESSOR_IDENTIFIER").ok(),
        };
        Self {
            cpu: cpu.unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            os: std::env::consts::OS.to_owned(),
        }
    }

    pub(crate) fn shown(&self) -> String {
        format!("{}, {} cores, {}", self.cpu, self.cores, self.os)
    }
}

/// Where the gate leaves its last sheet for the report, the history and the checklist.
pub(crate) fn last_sheet() -> PathBuf {
    root().join("target/performance/gate.json")
}

/// The sheet of the last run of the gate.
pub(crate) fn read_sheet() -> Result<Sheet> {
    let file = last_sheet();
    let text = fs::read_to_string(&file).context("nothing was measured yet: run `cargo xtask gate` first")?;
    serde_json::from_str(&text).with_context(|| format!("{} is of another version", file.display()))
}

/// A number with three digits, thousands apart: `0.042`, `3.70`, `512`, `9,812,000`.
pub(crate) fn number(value: f64) -> String {
    if value.abs() >= 1_000.0 {
        let mut digits = format!("{value:.0}");
        let mut at = digits.len();
        let first = usize::from(value < 0.0) + 1;
        while at > first + 2 {
            at -= 3;
            if at >= first {
                digits.insert(at, ',');
            }
        }
        return digits;
    }
    if value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    let digits = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else if value.abs() >= 0.1 {
        2
    } else {
        4
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::{number, targets};

    #[test]
    fn the_table_can_be_read_and_every_row_has_somebody_who_measures_it() {
        let known = ["rows", "cli", "load", "soak", "size", "year", "models", "desktop"];
        for target in targets().unwrap() {
            assert!(known.contains(&target.by.as_str()), "{} is measured by nobody", target.id);
        }
    }

    #[test]
    fn numbers_have_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.0421, "0.0421"),
            (0.5, "0.50"),
            (3.7, "3.70"),
            (42.25, "42.2"),
            (512.4, "512"),
            (1_000.0, "1,000"),
            (9_812_345.0, "9,812,345"),
            (-1_500.0, "-1,500"),
        ] {
            assert_eq!(number(value), text, "{value}");
        }
    }
}
