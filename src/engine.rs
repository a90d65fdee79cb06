//! The one place that orders the tiers and then always judges.
//!
//! Invariant: no [`Suggestion`] leaves this module without a [`crate::safety::Report`] made from the very text it carries, in
//! the surroundings of now. So the cache holds proposals and no judgments: a branch, a policy may have changed since.

mod think;
mod yours;

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Instant, SystemTime};

use lru::LruCache;

use crate::context::Context;
use crate::followup::{Followup, follow_up};
use crate::history::Memory;
use crate::matcher::{Matches, Own, propose_with};
use crate::normalize::{Class, Token, Utterance, normalize};
use crate::policy::PolicyStore;
use crate::proposal::{Proposal, Request, Tier};
use crate::safety::{Decision, Finding, Report, Risk, analyze, decide, judge_question};
use crate::shell::blanks_left;
use crate::suggestion::{Answer, Suggestion};
use crate::timing::Spent;
use crate::tool;

pub use think::{Models, Thought};

// A day of typing: a popup session asks about ten distinct prefixes, and an answer is under 2 kB.
const CACHED_ANSWERS: NonZeroUsize = NonZeroUsize::new(512).expect("512 is not zero");

// A pasted file is not asked twice, and 512 of them would be 50 MB.
const MAX_CACHED_BYTES: usize = 1_024;

/// The resident engine: the static tiers, a cache of what they said, the judge.
#[derive(Debug)]
pub struct Engine {
    cache: Mutex<LruCache<(Utterance, Context), Matches>>,
    policy: PolicyStore,
    own: RwLock<Own>,
    models: RwLock<Models>,
    memory: RwLock<Option<Memory>>,
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
        Self::with_policy(PolicyStore::none())
    }

    /// An engine that judges as its user wants.
    #[must_use]
    pub fn with_policy(policy: PolicyStore) -> Self {
        Self {
            cache: Mutex::new(LruCache::new(CACHED_ANSWERS)),
            policy,
            own: RwLock::new(Own::default()),
            models: RwLock::new(Models::default()),
            memory: RwLock::new(None),
        }
    }

    /// Answers with these intents of the user's from now on, instead of those before.
    pub fn set_own(&self, own: Own) {
        let mut current = self.own.write().unwrap_or_else(PoisonError::into_inner);
        *current = own;
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Offers what its user accepted, as far as this remembers it; nothing any more with `None`.
    pub fn set_memory(&self, memory: Option<Memory>) {
        *self.memory.write().unwrap_or_else(PoisonError::into_inner) = memory;
    }

    /// The user's policy.
    pub const fn policy(&self) -> &PolicyStore {
        &self.policy
    }

    /// Answers one question. Total: text of any kind gets an answer, which may be "I don't know".
    pub fn suggest(&self, request: &Request) -> Answer {
        let begun = Instant::now();
        let utterance = normalize(&request.query);
        let asked = asked(&utterance, &request.query);
        let normalized = Instant::now();
        let accepted = self.accepted(request, &utterance);
        let (matches, cached) = self.matches(utterance, &request.context);
        let looked_up = Instant::now();
        let judged = |proposal: Proposal| self.judged(proposal, asked.as_ref(), &request.context);
        let mut suggestions: Vec<Suggestion> = matches.proposals.into_iter().map(judged).collect();
        if let Some(other) = by_what_is_there(&suggestions, &request.context).map(judged) {
            offer(&mut suggestions, other);
        }
        let nearest = if yours::offer(&mut suggestions, accepted, judged) { Vec::new() } else { matches.nearest };
        let tier = suggestions.first().map_or(Tier::None, |best| best.proposal.tier);
        let spent = Spent {
            normalize: normalized - begun,
            matching: looked_up - normalized,
            judge: looked_up.elapsed(),
            model: None,
        };
        Answer { suggestions, nearest, asked, tier: if cached { Tier::Cache } else { tier }, spent }
    }

    /// Answers one question that may be about the command before: what that becomes by it comes first.
    pub fn suggest_after(&self, request: &Request, earlier: Option<&Proposal>) -> Answer {
        let mut answer = self.suggest(request);
        let Some((proposal, points_back)) = earlier.and_then(|earlier| refined(request, earlier)) else {
            return answer;
        };
        let made = self.judged(proposal, answer.asked.as_ref(), &request.context);
        answer.suggestions.retain(|known| known.proposal.command != made.proposal.command);
        // A question that can stand alone is taken for one, and the other reading offered.
        let place = if points_back { 0 } else { answer.suggestions.len().min(1) };
        answer.suggestions.insert(place, made);
        answer.nearest.clear();
        answer.tier = answer.suggestions.first().map_or(Tier::None, |best| best.proposal.tier);
        answer
    }

    /// Judges what a user made of a proposal: blanks filled in, words changed. `asked` is what the question itself asks for.
    pub fn revise(&self, of: &Proposal, command: String, asked: Option<&Finding>, context: &Context) -> Suggestion {
        let blanks = blanks_left(&command, &of.blanks);
        self.judged(Proposal { command, blanks, ..of.clone() }, asked, context)
    }

    fn judged(&self, proposal: Proposal, asked: Option<&Finding>, context: &Context) -> Suggestion {
        let report = self.check(&proposal.command, context).asked_by(asked, &proposal.command);
        let decision = match decide(&report) {
            // What is not filled in yet is never taken for whole by a single key.
            Decision::Allow if !proposal.blanks.is_empty() => Decision::Confirm,
            // Nor is what a model made up, when it changes something.
            Decision::Allow if proposal.tier.is_model() && report.risk != Risk::Safe => Decision::Confirm,
            decision => decision,
        };
        let missing = tool::missing(&proposal.command, context);
        Suggestion { proposal, report, decision, missing, yours: false }
    }

    /// Judges a command, wherever it comes from: what it would do, where it would do it, and what the user says to that.
    pub fn check(&self, command: &str, context: &Context) -> Report {
        let context = context.around(command);
        self.policy.current(SystemTime::now()).applied(analyze(command, &context), command, &context)
    }

    fn matches(&self, utterance: Utterance, context: &Context) -> (Matches, bool) {
        // Held until the proposals are kept, so that none of intents that are gone is.
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        if utterance.text.len() > MAX_CACHED_BYTES {
            return (propose_with(&own, &utterance, context), false);
        }
        let key = (utterance, context.clone());
        // A panic while the lock was held leaves a valid cache behind: entries are whole.
        if let Some(known) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return (known.clone(), true);
        }
        let matches = propose_with(&own, &key.0, context);
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).put(key, matches.clone());
        (matches, false)
    }
}

/// The id of the intent that every follow-up is.
pub const FOLLOW_UP: &str = "refine.follow-up";

// It is understood word by word, and so is the command; that the one is about the other is what may be wrong.
const SURE_OF_FOLLOW_UP: f32 = 0.9;

/// What a question makes of the command before; whether it can be no other question.
fn refined(request: &Request, earlier: &Proposal) -> Option<(Proposal, bool)> {
    let Followup { command, how, points_back } = follow_up(&request.query, &earlier.command, request.context.shell)?;
    // A stop ends a sentence; what stands alone is this folder.
    let said = earlier.explanation.strip_suffix('.').filter(|said| said.ends_with(char::is_alphabetic));
    let explanation = format!("{}, {how}", said.unwrap_or(&earlier.explanation));
    let blanks = blanks_left(&command, &earlier.blanks);
    let intent = Cow::Borrowed(FOLLOW_UP);
    let confidence = SURE_OF_FOLLOW_UP.min(earlier.confidence);
    Some((Proposal { command, explanation, intent, confidence, blanks, tier: earlier.tier }, points_back))
}

// How much less sure a command may be that needs nothing that is missing, and still come first: two that explain a question
// equally well differ by less.
const AS_SURE: f32 = 0.05;

/// What does the same as the best suggestion by programs that are there, when it needs some that are not.
fn by_what_is_there(suggestions: &[Suggestion], context: &Context) -> Option<Proposal> {
    let best = suggestions.first().filter(|best| !best.missing.is_empty())?;
    let as_sure = |other: &&Suggestion| best.proposal.confidence - other.proposal.confidence <= AS_SURE;
    let ready = suggestions.iter().filter(as_sure).find(|other| other.missing.is_empty());
    let other = || Some(Proposal { command: tool::instead(&best.proposal.command, context)?, ..best.proposal.clone() });
    ready.map(|ready| ready.proposal.clone()).or_else(other)
}

/// Puts a suggestion first, unless it is the riskier one.
fn offer(suggestions: &mut Vec<Suggestion>, other: Suggestion) {
    if suggestions.first().is_some_and(|best| other.report.risk <= best.report.risk) {
        suggestions.retain(|known| known.proposal.command != other.proposal.command);
        suggestions.insert(0, other);
    }
}

/// What a question asks for, judged by its words.
fn asked(utterance: &Utterance, query: &str) -> Option<Finding> {
    let says = |class| !matches!(class, Class::Stop | Class::Cue);
    // A token may be a phrase (`hard drive`), and a spelling may have been put right that was.
    let judged = |text: fn(&Token) -> &str| {
        let telling = utterance.tokens.iter().filter(|token| says(token.class));
        let words: Vec<String> = telling.flat_map(|token| text(token).split(' ')).map(str::to_lowercase).collect();
        judge_question(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let asked = judged(|token| &token.text).or_else(|| judged(|token| &token.raw))?;
    Some(Finding { span: 0..query.len(), ..asked })
}
