//! Tier 1: patterns with typed slots. The knowledge (`intents/*.toml`) is compiled at build time.

use crate::context::Context;
use crate::normalize::Utterance;
use crate::proposal::{NearIntent, Proposal};

/// What the rules tier has to say about an utterance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matches {
    /// Ranked, the best first, at most five; empty when nothing is known well enough.
    pub proposals: Vec<Proposal>,
    /// The nearest intents, filled only when there is no proposal.
    pub nearest: Vec<NearIntent>,
}

/// Looks an utterance up.
#[must_use]
pub fn propose(utterance: &Utterance, context: &Context) -> Matches {
    let _ = (utterance, context);
    Matches::default()
}
