//! The one place that orders the tiers and then always judges.
//!
//! Invariant: no [`Suggestion`] leaves this module without a [`crate::safety::Report`] made from the very text it carries.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;

use crate::context::Context;
use crate::matcher;
use crate::normalize::{Utterance, normalize};
use crate::proposal::{Request, Tier};
use crate::safety::{Decision, analyze, decide};
use crate::suggestion::{Answer, Suggestion};

// A day of typing: a popup session asks about ten distinct prefixes, and an answer is under 2 kB.
const CACHED_ANSWERS: NonZeroUsize = NonZeroUsize::new(512).expect("512 is not zero");

// A pasted file is not asked twice, and 512 of them would be 50 MB.
const MAX_CACHED_BYTES: usize = 1_024;

/// The resident engine: the static tiers, the judge, and a cache of what they said.
#[derive(Debug)]
pub struct Engine {
    cache: Mutex<LruCache<(Utterance, Context), Answer>>,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An engine ready to answer; the knowledge is part of the program, so nothing is read.
    #[must_use]
    pub fn new() -> Self {
        Self { cache: Mutex::new(LruCache::new(CACHED_ANSWERS)) }
    }

    /// Answers one question. Total: text of any kind gets an answer, which may be "I don't know".
    pub fn suggest(&self, request: &Request) -> Answer {
        let key = (normalize(&request.query), request.context.clone());
        if key.0.text.len() > MAX_CACHED_BYTES {
            return answer(&key.0, &key.1);
        }
        // A panic while the lock was held leaves a valid cache behind: entries are whole answers.
        if let Some(known) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Answer { tier: Tier::Cache, ..known.clone() };
        }
        let answer = answer(&key.0, &key.1);
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, answer.clone());
        answer
    }
}

fn answer(utterance: &Utterance, context: &Context) -> Answer {
    let matches = matcher::propose(utterance, context);
    let suggestions: Vec<Suggestion> = matches
        .proposals
        .into_iter()
        .map(|proposal| {
            let report = analyze(&proposal.command, context);
            // What is not filled in yet is never taken for whole by a single key.
            let decision = match decide(&report) {
                Decision::Allow if !proposal.blanks.is_empty() => Decision::Confirm,
                decision => decision,
            };
            Suggestion { proposal, report, decision }
        })
        .collect();
    let tier = suggestions.first().map_or(Tier::None, |best| best.proposal.tier);
    Answer { suggestions, nearest: matches.nearest, tier }
}
