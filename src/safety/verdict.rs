//! Collects what rules find while a command is evaluated.

use std::ops::Range;

use super::{Finding, Risk, Search, Step, Touch};

/// The findings so far, and the best idea for something safer.
pub(crate) struct Verdict {
    /// In the order they were made.
    pub(crate) findings: Vec<Finding>,
    /// Files the commands would touch, in order.
    pub(crate) touches: Vec<Touch>,
    /// What the command at hand found, for the one that takes it from the pipe.
    pub(crate) found: Option<Box<Search>>,
    /// What to write instead of a stretch of the judged text, for the gravest finding.
    pub(crate) replacement: Option<Replacement>,
    /// The highest level a finding may get: what runs in a container cannot take the machine with it.
    pub(crate) ceiling: Risk,
    /// What would run, when somebody wants to see it.
    pub(crate) trace: Option<Trace>,
    /// Whether a rule has recognized the command at hand, be it as harmless.
    pub(crate) recognized: bool,
}

/// The commands so far, and the one they are inside of.
#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) steps: Vec<Step>,
    current: Option<usize>,
}

/// What reads a script from the network instead of a shell.
pub(crate) const PAGER: &str = "less";

/// A stretch of the judged text and what to write there instead.
pub(crate) struct Replacement {
    pub(crate) span: Range<usize>,
    pub(crate) text: String,
    risk: Risk,
}

// More than anyone reads; keeps a line of ten thousand commands from making ten thousand messages.
const MOST_FINDINGS: usize = 64;

impl Verdict {
    pub(crate) const fn new() -> Self {
        Self {
            findings: Vec::new(),
            touches: Vec::new(),
            found: None,
            replacement: None,
            ceiling: Risk::Blocked,
            trace: None,
            recognized: false,
        }
    }

    /// Notes a finding.
    pub(crate) fn report(&mut self, rule: &'static str, risk: Risk, span: Range<usize>, message: impl Into<String>) {
        self.recognized = true;
        let risk = risk.min(self.ceiling);
        let known =
            self.findings.iter().any(|finding| finding.rule == rule && finding.span == span && finding.risk >= risk);
        if known || (self.findings.len() >= MOST_FINDINGS && self.risk() >= risk) {
            return;
        }
        self.findings.push(Finding { rule, risk, message: message.into(), span });
    }

    /// A command begins; what follows runs inside it until [`Self::leave`] gets back what this returns.
    pub(crate) fn enter(&mut self, program: &str, span: &Range<usize>) -> Option<usize> {
        let trace = self.trace.as_mut()?;
        let outer = trace.current;
        let step = Step { program: program.to_owned(), inside: outer, span: span.clone() };
        // A loop runs the same command for each of its values.
        let known = trace.steps.iter().position(|known| *known == step);
        let at = known.unwrap_or(trace.steps.len());
        if known.is_none() && at < MOST_FINDINGS {
            trace.steps.push(step);
        }
        trace.current = Some(at).filter(|at| *at < trace.steps.len()).or(outer);
        outer
    }

    /// The command ends.
    pub(crate) fn leave(&mut self, outer: Option<usize>) {
        if let Some(trace) = &mut self.trace {
            trace.current = outer;
        }
    }

    /// The command at hand is understood and does no harm.
    pub(crate) fn harmless(&mut self) {
        self.recognized = true;
    }

    /// Offers `text` in place of the stretch `span`, as the answer to a finding of the level `risk`.
    pub(crate) fn suggest(&mut self, risk: Risk, span: Range<usize>, text: impl FnOnce() -> String) {
        if self.replacement.as_ref().is_none_or(|known| known.risk < risk) {
            self.replacement = Some(Replacement { span, text: text(), risk });
        }
    }

    /// What is offered in place of a shell is a pager, which needs no rights: they go with the shell.
    pub(crate) fn read_without_rights(&mut self, whole: &Range<usize>) {
        if let Some(known) = self.replacement.as_mut().filter(|known| known.text == PAGER)
            && whole.start <= known.span.start
            && known.span.end == whole.end
        {
            known.span = whole.clone();
        }
    }

    /// Whether something is already offered for a finding of this level.
    pub(crate) fn offers(&self, risk: Risk) -> bool {
        self.replacement.as_ref().is_some_and(|known| known.risk >= risk)
    }

    /// The highest level so far.
    pub(crate) fn risk(&self) -> Risk {
        self.findings.iter().map(|finding| finding.risk).max().unwrap_or(Risk::Safe)
    }
}
