//! What a caller of the engine gets: proposals with the judgement on them. Plain data.

use crate::proposal::{NearIntent, Proposal, Tier};
use crate::safety::{Decision, Finding, Report};
use crate::timing::Spent;
use crate::tool::Missing;

/// A proposal, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// What a tier proposed.
    pub proposal: Proposal,
    /// What the judge said about it.
    pub report: Report,
    /// What the user may do with it.
    pub decision: Decision,
    /// What it needs and this machine lacks; empty for a command that is for another machine.
    pub missing: Vec<Missing>,
}

/// The engine's answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The best first; empty is an honest "I don't know".
    pub suggestions: Vec<Suggestion>,
    /// Intents close to the question, when there is no suggestion.
    pub nearest: Vec<NearIntent>,
    /// What the question itself asks for, when that is dangerous whatever the answer; its span is the question's.
    pub asked: Option<Finding>,
    /// [`Tier::Cache`] for a repeated question, else the tier of the best suggestion, else [`Tier::None`].
    pub tier: Tier,
    /// Where the time went.
    pub spent: Spent,
}

impl Answer {
    /// The suggestion on top.
    #[must_use]
    pub fn best(&self) -> Option<&Suggestion> {
        self.suggestions.first()
    }
}
