//! What the numbers should be: the table that the gate, the pages and the documents share.

use std::sync::LazyLock;

use serde::Deserialize;

/// One promise about speed, size or memory.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// `subject.what`.
    pub id: String,
    /// What is measured, in words.
    pub what: String,
    /// The most it may be, in `unit`.
    pub most: Option<f64>,
    /// The least it may be; a target has one of the two.
    pub least: Option<f64>,
    /// The unit of every number of the row: `µs`, `MB`, `/s`, `bytes`.
    pub unit: String,
    /// Which percentile of the measurements counts; the median of the runs if `None`.
    pub percentile: Option<u8>,
    /// What the reference system promised.
    pub reference: Option<f64>,
    /// What it reached.
    pub reached: Option<f64>,
    /// What measures it: a part of `cargo xtask gate`.
    pub by: String,
    /// Why that much.
    pub why: String,
}

#[derive(Deserialize)]
struct Table {
    target: Vec<Target>,
}

/// All of them, in the order of the table.
pub fn targets() -> &'static [Target] {
    static TARGETS: LazyLock<Vec<Target>> = LazyLock::new(|| {
        let table: Table = toml::from_str(include_str!("../../benches/targets.toml")).expect("a test reads the table");
        table.target
    });
    &TARGETS
}

/// The target of that id.
///
/// # Panics
/// When there is none: ids are Caro's own, and a test asks for each.
pub fn target(id: &str) -> &'static Target {
    targets().iter().find(|target| target.id == id).unwrap_or_else(|| panic!("no target is called {id}"))
}

impl Target {
    /// The number to stay under or to reach.
    pub fn value(&self) -> f64 {
        self.most.or(self.least).unwrap_or_default()
    }

    /// Whether a measured value is as it should be.
    pub fn is_met(&self, measured: f64) -> bool {
        self.most.is_none_or(|most| measured <= most) && self.least.is_none_or(|least| measured >= least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_one_number_with_a_name_of_its_own() {
        let mut ids: Vec<&str> = targets().iter().map(|target| target.id.as_str()).collect();
        assert!(targets().iter().all(|target| target.most.is_some() != target.least.is_some()));
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "an id is there twice");
    }

    #[test]
    fn a_target_is_met_up_to_its_value() {
        let static_answer = target("answer.static");
        assert!(static_answer.is_met(static_answer.value()) && !static_answer.is_met(static_answer.value() + 1.0));
        let throughput = target("telemetry.throughput");
        assert!(throughput.is_met(throughput.value()) && !throughput.is_met(throughput.value() - 1.0));
    }
}
