//! The JSON of the command-line contract.

use std::time::Duration;

use caro::proposal::{NearIntent, Tier};
use caro::radius::Extent;
use caro::safety::{Decision, Effect, Finding, Report, Risk, Step};
use caro::suggestion::{Answer, Suggestion};
use caro::tool::Missing;
use serde::Serialize;
use serde_json::Value;

/// One answered question.
#[derive(Debug, Serialize)]
pub(crate) struct AnswerLine<'a> {
    id: &'a Value,
    query: &'a str,
    command: Option<&'a str>,
    explanation: &'a str,
    tier: Tier,
    confidence: f64,
    risk: Risk,
    reasons: Vec<Reason<'a>>,
    safer: Option<&'a str>,
    alternatives: Vec<Alternative<'a>>,
    latency_us: u64,
    intent: Option<&'a str>,
    decision: Decision,
    blanks: &'a [String],
    nearest: &'a [NearIntent],
    /// Only when the user accepted this very command for such a question before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    yours: bool,
    /// Only for a command of this machine, and only when it lacks something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingLine<'a>>,
    /// Only for a command of this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    touches: Option<Vec<TouchLine>>,
}

#[derive(Debug, Serialize)]
struct Alternative<'a> {
    command: &'a str,
    explanation: &'a str,
    confidence: f64,
    risk: Risk,
    reasons: Vec<Reason<'a>>,
    intent: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingLine<'a>>,
}

/// A program that is not there.
#[derive(Debug, Serialize)]
struct MissingLine<'a> {
    program: &'a str,
    install: Option<&'a str>,
}

/// One judged command.
#[derive(Debug, Serialize)]
pub(crate) struct CheckLine<'a> {
    id: &'a Value,
    risk: Risk,
    reasons: Vec<Reason<'a>>,
    safer: Option<&'a str>,
    latency_us: u64,
    /// Only for a command of this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    touches: Option<Vec<TouchLine>>,
    /// Only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<StepLine<'a>>>,
}

/// What a part of the command would touch, counted.
#[derive(Debug, Serialize)]
struct TouchLine {
    effect: &'static str,
    files: u64,
    folders: u64,
    bytes: u64,
    /// False when there may be more.
    untracked: u64,
    complete: bool,
    span: [usize; 2],
}

/// One command that would run.
#[derive(Debug, Serialize)]
struct StepLine<'a> {
    program: &'a str,
    /// The step it runs inside of, by its place in the list.
    inside: Option<usize>,
    span: [usize; 2],
}

#[derive(Debug, Serialize)]
struct Reason<'a> {
    rule: &'a str,
    message: &'a str,
    span: [usize; 2],
}

impl<'a> AnswerLine<'a> {
    pub(crate) fn new(id: &'a Value, query: &'a str, answer: &'a Answer, latency: Duration) -> Self {
        let best = answer.best();
        Self {
            id,
            query,
            command: best.map(|best| best.proposal.command.as_str()),
            explanation: best.map_or("no confident answer", |best| best.proposal.explanation.as_str()),
            // A question nobody knew is also remembered; the contract's word for it stays "none".
            tier: if best.is_some() { answer.tier } else { Tier::None },
            confidence: best.map_or(0.0, |best| rounded(best.proposal.confidence)),
            // There is nothing to run; the question may be no harmless one all the same.
            risk: best.map_or(answer.asked.as_ref().map_or(Risk::Safe, |asked| asked.risk), |best| best.report.risk),
            reasons: best.map_or_else(|| answer.asked.iter().map(Reason::new).collect(), |best| reasons(&best.report)),
            safer: best.and_then(|best| best.report.safer.as_deref()),
            alternatives: answer.suggestions.iter().skip(1).map(Alternative::new).collect(),
            latency_us: micros(latency),
            intent: best.map(|best| best.proposal.intent.as_ref()),
            decision: best.map_or(Decision::Allow, |best| best.decision),
            blanks: best.map(|best| best.proposal.blanks.as_slice()).unwrap_or_default(),
            nearest: &answer.nearest,
            yours: best.is_some_and(|best| best.yours),
            missing: best.map(missing).unwrap_or_default(),
            touches: None,
        }
    }

    /// With what the command comes to on this machine.
    pub(crate) fn with_touches(self, extents: &[Extent]) -> Self {
        Self { touches: Some(extents.iter().map(TouchLine::new).collect()), ..self }
    }
}

impl TouchLine {
    fn new(extent: &Extent) -> Self {
        let Extent { effect, span, files, folders, bytes, untracked, complete } = extent.clone();
        let effect = match effect {
            Effect::Delete => "delete",
            Effect::Overwrite => "overwrite",
            Effect::Move => "move",
            Effect::Permissions => "permissions",
        };
        Self { effect, files, folders, bytes, untracked, complete, span: [span.start, span.end] }
    }
}

impl<'a> Alternative<'a> {
    fn new(suggestion: &'a Suggestion) -> Self {
        let Suggestion { proposal, report, .. } = suggestion;
        Self {
            command: &proposal.command,
            explanation: &proposal.explanation,
            confidence: rounded(proposal.confidence),
            risk: report.risk,
            reasons: reasons(report),
            intent: &proposal.intent,
            missing: missing(suggestion),
        }
    }
}

impl<'a> CheckLine<'a> {
    pub(crate) fn new(id: &'a Value, report: &'a Report, latency: Duration) -> Self {
        Self {
            id,
            risk: report.risk,
            reasons: reasons(report),
            safer: report.safer.as_deref(),
            latency_us: micros(latency),
            touches: None,
            steps: None,
        }
    }

    /// With what the command comes to on this machine.
    pub(crate) fn with_touches(self, extents: &[Extent]) -> Self {
        Self { touches: Some(extents.iter().map(TouchLine::new).collect()), ..self }
    }

    /// With the commands that would run.
    pub(crate) fn with_steps(self, steps: &'a [Step]) -> Self {
        let line = |step: &'a Step| StepLine {
            program: &step.program,
            inside: step.inside,
            span: [step.span.start, step.span.end],
        };
        Self { steps: Some(steps.iter().map(line).collect()), ..self }
    }
}

fn missing(suggestion: &Suggestion) -> Vec<MissingLine<'_>> {
    suggestion
        .missing
        .iter()
        .map(|Missing { program, install }| MissingLine { program, install: install.as_deref() })
        .collect()
}

fn reasons(report: &Report) -> Vec<Reason<'_>> {
    report.findings.iter().map(Reason::new).collect()
}

impl<'a> Reason<'a> {
    fn new(Finding { rule, message, span, .. }: &'a Finding) -> Self {
        Self { rule, message, span: [span.start, span.end] }
    }
}

/// A confidence as a person would write it: more digits than this are noise.
fn rounded(confidence: f32) -> f64 {
    (f64::from(confidence) * 1000.0).round() / 1000.0
}

fn micros(latency: Duration) -> u64 {
    u64::try_from(latency.as_micros()).unwrap_or(u64::MAX)
}
