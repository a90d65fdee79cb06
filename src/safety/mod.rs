//! Judges what a command line would do, without running it.
//!
//! Invariant: [`analyze`] is total and reads nothing but its arguments, so the same line in the same context always gets
//! the same report. What to do about a report is [`decide`]'s business.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use crate::context::Context;

mod evaluate;
mod options;
mod place;
mod policy;
mod program;
mod question;
mod raise;
mod rules;
mod text;
mod touch;
mod verdict;

pub use policy::{Allowance, Policy, is_fixed};
pub use question::{judge_question, question_rules};
pub use rules::{Rule, rules};
pub use touch::{Effect, Reach, Search, Test, Touch};

use evaluate::{Evaluator, Feed, Frame, Origin, Scope};
use verdict::{Replacement, Trace, Verdict};

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
    #[must_use]
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
    /// Files of this machine the command would touch, for whoever may look at them; at most 64.
    pub touches: Vec<Touch>,
}

/// One command that would run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The program as it is called, variables put in; what is not known is U+E000.
    pub program: String,
    /// The step it runs inside of (`sudo`, `sh -c`, `xargs`), by its place in the list.
    pub inside: Option<usize>,
    /// Where it stands in the text.
    pub span: Range<usize>,
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

/// Longest text looked at, in bytes. What is longer is dangerous by that alone: nobody has read it.
const LONGEST: usize = 64 * 1024;

/// Judges one command line.
#[must_use]
pub fn analyze(command: &str, context: &Context) -> Report {
    let (mut report, replacement) = examine(command, context);
    report.safer = replacement.and_then(|replacement| safer(command, &report, &replacement, context));
    // What is safer is so by itself: were it held against the raised risk, root would never be offered anything.
    raise::by_context(command, context, &mut report);
    report
}

/// What would run, wrappers and nested shells first, in the order it is found; at most 64 steps.
#[must_use]
pub fn trace(command: &str, context: &Context) -> Vec<Step> {
    let mut steps = evaluated(command, context, Some(Trace::default())).trace.unwrap_or_default().steps;
    // A substitution is found before the command it stands in.
    for at in 0..steps.len() {
        let Step { inside, span, .. } = &steps[at];
        let around = (at + 1..steps.len()).find(|later| {
            let outer = &steps[*later];
            outer.inside == *inside && outer.span.start < span.start && span.end <= outer.span.end
        });
        steps[at].inside = around.or(steps[at].inside);
    }
    for step in &mut steps {
        clamp(&mut step.span, command);
    }
    steps
}

// A script that was put together (`eval`, a here-document) is not always as long as what it was made of.
fn clamp(span: &mut Range<usize>, command: &str) {
    span.end = command.ceil_char_boundary(span.end);
    span.start = command.floor_char_boundary(span.start.min(span.end));
}

fn examine(command: &str, context: &Context) -> (Report, Option<Replacement>) {
    let Verdict { mut findings, touches, replacement, .. } = evaluated(command, context, None);
    for finding in &mut findings {
        clamp(&mut finding.span, command);
    }
    let mut report = Report { risk: Risk::Safe, findings, safer: None, touches };
    report.sort();
    (report, replacement)
}

fn evaluated(command: &str, context: &Context, trace: Option<Trace>) -> Verdict {
    let mut evaluator = Evaluator::new(context);
    evaluator.verdict.trace = trace;
    let mut judged = command;
    if command.len() > LONGEST {
        let mut end = LONGEST;
        while !command.is_char_boundary(end) {
            end -= 1;
        }
        judged = &command[..end];
        evaluator.verdict.report(
            "text.too-long",
            Risk::Dangerous,
            0..command.len(),
            "too long for anyone to have read it",
        );
    }
    text::judge(judged, &mut evaluator.verdict);
    let frame = Frame { shell: context.shell, origin: Origin::Shift(0) };
    let mut scope = Scope::new(context);
    // A parser of someone else's is in there: should it ever fail on a text, the text is dangerous and the app goes on.
    let finished = catch_unwind(AssertUnwindSafe(|| evaluator.text(judged, &frame, &mut scope, &Feed::Nothing)));
    if finished.is_err() {
        evaluator.verdict.report(
            "text.unparsed",
            Risk::Dangerous,
            0..command.len(),
            "what this does could not be worked out",
        );
    }
    evaluator.verdict
}

impl Report {
    /// Puts the findings in their order, and says the highest level of them.
    fn sort(&mut self) {
        self.findings.sort_by(|a, b| b.risk.cmp(&a.risk).then(a.span.start.cmp(&b.span.start)));
        self.risk = self.findings.first().map_or(Risk::Safe, |finding| finding.risk);
    }
}

/// The line with the safer words put in, if that is really judged lower.
fn safer(command: &str, report: &Report, replacement: &Replacement, context: &Context) -> Option<String> {
    let Range { start, end } = replacement.span;
    let (before, after) = (command.get(..start)?, command.get(end..)?);
    let line = [before, &replacement.text, after].concat();
    let (judged, _) = examine(&line, context);
    (judged.risk < report.risk).then_some(line)
}

/// What follows from a report.
#[must_use]
pub const fn decide(report: &Report) -> Decision {
    match report.risk {
        Risk::Safe | Risk::Caution => Decision::Allow,
        Risk::Dangerous => Decision::Confirm,
        Risk::Blocked => Decision::Refuse,
    }
}
