//! What the user thinks of the rules: other levels, and findings allowed for one command. Plain data and what follows from it.
//!
//! Invariants: nothing lowers a blocked finding, nothing lowers what could not be read (`text.…`), and nothing gets lower
//! than [`Risk::Caution`]: a command that changes things is never safe. Where the wishes come from is not known here.

use std::path::PathBuf;

use super::{Report, Risk};
use crate::context::Context;

/// Everything the user wants judged otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Levels of rules; the last one for a rule counts.
    pub levels: Vec<(&'static str, Risk)>,
    /// Findings that are no surprise.
    pub allowances: Vec<Allowance>,
}

/// One finding allowed for one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The rule.
    pub rule: &'static str,
    /// The whole command, character by character.
    pub command: String,
    /// The folder it is typed in; any, when there is none.
    pub folder: Option<PathBuf>,
    /// The last day, as it is shown.
    pub until: String,
    /// Why.
    pub reason: String,
}

impl Policy {
    /// Whether it changes nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.levels.is_empty() && self.allowances.is_empty()
    }

    /// The report as the user wants it; each finding whose level is another says so.
    #[must_use]
    pub fn applied(&self, mut report: Report, command: &str, context: &Context) -> Report {
        if self.is_empty() || report.findings.is_empty() {
            return report;
        }
        let before = report.risk;
        for finding in &mut report.findings {
            let level = self.levels.iter().rev().find(|(rule, _)| *rule == finding.rule).map(|(_, risk)| *risk);
            if let Some(risk) = level.and_then(|level| changed(finding.rule, finding.risk, level)) {
                finding.risk = risk;
                finding.message.push_str(" (your policy's level)");
            }
            let allowed = self.allowances.iter().find(|allowance| allowance.covers(finding.rule, command, context));
            if let Some(allowance) = allowed
                && let Some(risk) = changed(finding.rule, finding.risk, Risk::Caution)
            {
                finding.risk = risk;
                let Allowance { until, reason, .. } = allowance;
                finding.message = format!("{} (allowed until {until}: {reason})", finding.message);
            }
        }
        report.sort();
        if report.risk < before {
            // It was safer than what is no danger any more.
            report.safer = report.safer.filter(|_| report.risk > Risk::Caution);
        }
        report
    }
}

impl Allowance {
    fn covers(&self, rule: &str, command: &str, context: &Context) -> bool {
        self.rule == rule
            && self.command == command.trim()
            && self.folder.as_ref().is_none_or(|folder| context.cwd.as_ref() == Some(folder))
    }
}

/// The level a finding gets, if that is another one and within bounds.
fn changed(rule: &str, risk: Risk, wanted: Risk) -> Option<Risk> {
    let wanted = wanted.max(Risk::Caution);
    let lowers = wanted < risk;
    let fixed = risk == Risk::Blocked || lowers && is_fixed(rule) || risk == Risk::Safe;
    (wanted != risk && !fixed).then_some(wanted)
}

/// Whether a rule's findings are never lowered: what nobody could read, nobody can allow.
#[must_use]
pub fn is_fixed(rule: &str) -> bool {
    rule.starts_with("text.")
}
