//! What goes into a proposer and what may come out: plain data, no opinion about risk.
//!
//! Invariant: a [`Proposal`] carries no risk. Judging is `safety`'s business alone, so that nobody marks their own homework.

use std::borrow::Cow;

use serde::Serialize;

use crate::context::Context;

/// One question in one context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What the user typed, untouched.
    pub query: String,
    /// Where the answer is meant to run.
    pub context: Context,
}

/// Which part of the engine answered. The names are the command-line contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// The same question in the same context was answered before.
    Cache,
    /// Patterns with typed slots.
    Rules,
    /// The intent that says nearly the same.
    Semantic,
    /// A language model in this process.
    Embedded,
    /// A language model on a server the user named.
    Remote,
    /// Nobody knew.
    None,
}

impl Tier {
    /// Every tier, in the order the engine asks them.
    pub const ALL: [Self; 6] = [Self::Cache, Self::Rules, Self::Semantic, Self::Embedded, Self::Remote, Self::None];

    /// Whether a language model proposed it.
    pub const fn is_model(self) -> bool {
        matches!(self, Self::Embedded | Self::Remote)
    }

    /// The name used in JSON, in the database and on the performance page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Rules => "rules",
            Self::Semantic => "semantic",
            Self::Embedded => "embedded",
            Self::Remote => "remote",
            Self::None => "none",
        }
    }
}

/// A command some tier proposes, not yet judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The command line, one line, in the syntax of the request's shell. Every slot value in it is quoted.
    pub command: String,
    /// What it does, one sentence for a person.
    pub explanation: String,
    /// The intent it came from, `subject.what` (`files.find-large`). Borrowed for those that ship with Caro; an owned one is
    /// a user's and stays out of telemetry.
    pub intent: Cow<'static, str>,
    /// The tier that proposed it.
    pub tier: Tier,
    /// How likely the command is the right one, 0 to 1.
    pub confidence: f32,
    /// What the question did not give and the command leaves to be filled in: `host` stands there as `<host>`.
    pub blanks: Vec<String>,
}

/// An intent close to a question nobody could answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearIntent {
    /// Its id, `subject.what`.
    pub intent: String,
    /// A sentence it understands, ready to be typed.
    pub example: String,
}
