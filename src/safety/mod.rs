//! Judges what a command line would do, without running it.
//!
//! Invariant: [`analyze`] is total and reads nothing but its arguments, so the same line in the same context always gets
//! the same report. What to do about a report is [`decide`]'s business.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::context::Context;

/// How much harm a command can do, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Reads only, or is trivially reversible.
    Safe,
    /// Changes state in a normal, recoverable way.
    Caution,
    /// Irreversible loss or exposure is possible.
    Dangerous,
    /// Catastrophic with near certainty.
    Blocked,
}

impl Risk {
    /// Every level, from the least harmful.
    pub const ALL: [Self; 4] = [Self::Safe, Self::Caution, Self::Dangerous, Self::Blocked];

    /// The name used in JSON, in the database and in the UI.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Caution => "caution",
            Self::Dangerous => "dangerous",
            Self::Blocked => "blocked",
        }
    }
}

/// One thing a rule found in a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Rule id, `subject.what` (`delete.root`).
    pub rule: &'static str,
    /// The level this finding alone asks for.
    pub risk: Risk,
    /// Names the thing at risk; lower case, no final stop.
    pub message: String,
    /// Half-open byte range in the judged text.
    pub span: Range<usize>,
}

/// What [`analyze`] says about a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The highest level of all findings, [`Risk::Safe`] without any.
    pub risk: Risk,
    /// Ordered by risk, highest first, then by place.
    pub findings: Vec<Finding>,
    /// A command that does the same with less to lose, itself judged lower.
    pub safer: Option<String>,
}

/// What a person may do with a judged command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// One key copies or inserts it.
    Allow,
    /// It takes a second, deliberate key.
    Confirm,
    /// It is shown with the reason, and that is all.
    Refuse,
}

/// Judges one command line.
pub fn analyze(command: &str, context: &Context) -> Report {
    let _ = (command, context);
    Report { risk: Risk::Safe, findings: Vec::new(), safer: None }
}

/// What follows from a report.
pub const fn decide(report: &Report) -> Decision {
    match report.risk {
        Risk::Safe | Risk::Caution => Decision::Allow,
        Risk::Dangerous => Decision::Confirm,
        Risk::Blocked => Decision::Refuse,
    }
}
