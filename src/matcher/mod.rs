//! Tiers 1 and 2: phrasings with typed slots, questions about files that compose freely, several of them in one question, and the
//! intent that says nearly the same when none fits.
//!
//! The knowledge (`intents/*.toml`) is compiled at build time and found by the words of a question, never tried row by row;
//! what is more specific wins by what it explains, never by its place in a list. A question with words nobody explains gets
//! no answer: a wrong command is worse than none. Whether a command is a good idea is not asked here.

mod align;
mod around;
mod chain;
mod choice;
mod docker;
mod edit;
mod ending;
mod filename;
mod find;
mod folder;
mod git;
mod kind;
mod knowledge;
mod kube;
mod lookup;
mod loose;
mod measure;
mod moment;
mod naming;
mod nearest;
mod noun;
mod own;
mod permission;
mod question;
mod reference;
mod render;
mod scan;
mod schedule;
mod sign;
mod slot;
mod sql;
mod stretch;
mod table;
mod template;
mod text;
mod value;
mod wire;

use std::borrow::Cow;

use align::Leave;
use knowledge::{Dialect, Intent, Knowledge, SHIPPED};
use question::Question;

use crate::context::Context;
use crate::normalize::{Class, Token, Utterance, concept as c};
use crate::proposal::{NearIntent, Proposal, Tier};

pub use own::Own;

// More would not be read; fewer would hide a second meaning.
const MOST_PROPOSALS: usize = 5;

// The weight of words an answer may leave unexplained: two words that narrow little, never one that says what is wanted.
const TOLERATED: f32 = 0.45;

// A second meaning is worth showing when it explains nearly as much as the first.
const WORTH_SHOWING: f32 = 0.75;

// An answer that leaves words of the phrasing unsaid is never as sure as one that does not.
const MOST_SURE_WHEN_LOOSE: f32 = 0.74;

// No sentence of everyday language is ever quite sure.
const MOST_SURE: f32 = 0.97;

// Nobody knows yet what will be filled in.
const MOST_SURE_WITH_BLANKS: f32 = 0.6;

// Below this, an answer to the whole may be beside the point.
const SURE: f32 = 0.8;

// Two answers that fit together are worth more than each alone.
const SURE_OF_PART: f32 = 0.7;

// Less than one word that says what is wanted.
const MUCH_MORE: f32 = 0.9;

// A phrasing that fits at least so well says what is meant.
const SAID: f32 = 1.0;

// How far behind what has no command in this dialect another meaning is no answer.
const BEHIND: f32 = 0.5;

// Questions in one question: people ask for two or three things at once.
const MOST_PARTS: usize = 4;

/// What the rules tier has to say about an utterance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matches {
    /// Ranked, the best first, at most five; empty when nothing is known well enough.
    pub proposals: Vec<Proposal>,
    /// The nearest intents, filled only when there is no proposal.
    pub nearest: Vec<NearIntent>,
}

/// A command that may be the answer.
struct Candidate {
    blanks: Vec<String>,
    intent: &'static str,
    command: String,
    explanation: String,
    explained: f32,
    unexplained: f32,
    doubt: f32,
}

impl Candidate {
    // What it explains is for it; what it leaves over, or had to guess, is against it.
    fn rank(&self) -> f32 {
        self.explained - 1.5 * self.unexplained - self.doubt
    }

    fn confidence(&self) -> f32 {
        let most = if self.blanks.is_empty() { MOST_SURE } else { MOST_SURE_WITH_BLANKS };
        (MOST_SURE - 0.5 * self.unexplained - self.doubt).clamp(0.05, most)
    }
}

/// Whose words a question is read with, and where its answer is meant to run.
struct Ask<'a> {
    context: &'a Context,
    dialect: Dialect,
    own: Option<&'a Own>,
}

impl Ask<'_> {
    // A user's own intents come first: of two that say the same, theirs is meant.
    fn knowledge(&self) -> impl Iterator<Item = Knowledge> {
        self.own.and_then(|own| own.knowledge).into_iter().chain([SHIPPED])
    }

    // A user's own intents are theirs: their names go nowhere.
    fn named(&self, intent: &'static str) -> Cow<'static, str> {
        let own = self.own.and_then(|own| own.knowledge).is_some_and(|own| own.tables.holds(intent));
        if own { Cow::Owned(intent.to_owned()) } else { Cow::Borrowed(intent) }
    }
}

/// Looks an utterance up.
#[must_use]
pub fn propose(utterance: &Utterance, context: &Context) -> Matches {
    answer(&utterance.tokens, &Ask { context, dialect: Dialect::of(context), own: None })
}

/// Looks an utterance up, in the user's own intents too.
#[must_use]
pub fn propose_with(own: &Own, utterance: &Utterance, context: &Context) -> Matches {
    if own.is_empty() {
        return propose(utterance, context);
    }
    answer(&own.read(&utterance.tokens), &Ask { context, dialect: Dialect::of(context), own: Some(own) })
}

fn answer(tokens: &[Token], ask: &Ask<'_>) -> Matches {
    if tokens.is_empty() {
        return Matches::default();
    }
    let question = Question::new(tokens);
    let mut proposals = clear(&question, ask);
    if proposals.is_empty() && question.unspoken() < SAID {
        let nearly = ask.knowledge().map(|knowledge| loose::candidates(&question, knowledge, ask));
        proposals = ranked(nearly.into_iter().find(|found| !found.is_empty()).unwrap_or_default(), ask);
        for proposal in &mut proposals {
            proposal.tier = Tier::Semantic;
            proposal.confidence = proposal.confidence.min(MOST_SURE_WHEN_LOOSE);
        }
    }
    let nearest = if proposals.is_empty() { nearest::nearest(tokens, SHIPPED, ask) } else { Vec::new() };
    Matches { proposals, nearest }
}

// Commands for what a question says in the words Caro knows.
fn clear(question: &Question<'_>, ask: &Ask<'_>) -> Vec<Proposal> {
    let tokens = question.tokens();
    let mut candidates = fitting(question, ask);
    // What is meant has no command here; what says less of the question would be another thing.
    if candidates.first().map_or(SAID, Candidate::rank) + BEHIND <= question.unspoken() {
        return Vec::new();
    }
    // What had to guess may say more than what is sure, but not much more.
    let sure = candidates.iter().position(|candidate| candidate.confidence() >= SURE);
    if let Some(sure) = sure.filter(|sure| candidates[0].rank() - candidates[*sure].rank() < MUCH_MORE) {
        if candidates[0].command != candidates[sure].command {
            candidates.drain(..sure);
        }
        return ranked(candidates, ask);
    }
    let around = if candidates.is_empty() { surrounded(tokens, ask, MOST_PARTS) } else { None };
    // Where nothing answers the whole, parts may be less sure.
    let sure = if candidates.is_empty() { SURE_OF_PART } else { SURE };
    // Two requests at once look like one with words too many.
    if let Some(composed) = around.or_else(|| several(tokens, ask, MOST_PARTS, sure)) {
        return vec![composed];
    }
    candidates.extend(with_blanks(question, ask));
    ranked(explaining(candidates), ask)
}

// Commands that leave nothing of the question unexplained, the best first.
fn fitting(question: &Question<'_>, ask: &Ask<'_>) -> Vec<Candidate> {
    let tokens = question.tokens();
    let shell = ask.context.shell;
    let known = ask.knowledge().flat_map(|knowledge| lookup::candidates(question, knowledge, ask, Leave::Nothing));
    let mut candidates: Vec<Candidate> = known.collect();
    candidates.extend(find::compose(tokens, ask.dialect, shell));
    candidates.extend(edit::compose(tokens, ask.dialect, shell));
    candidates.extend(folder::compose(tokens, ask.dialect, shell));
    candidates.extend(git::compose(tokens, shell));
    candidates.extend(docker::compose(tokens, shell));
    candidates.extend(kube::compose(tokens, shell));
    candidates.extend(sql::compose(tokens, ask.dialect, shell));
    candidates.extend(permission::compose(tokens, ask.dialect, shell));
    candidates.extend(text::compose(tokens, ask.dialect, shell));
    if only_looks(tokens) {
        candidates.retain(|candidate| !deletes(&candidate.command));
    }
    explaining(candidates)
}

// Commands with blanks for what the question did not give: `rename a file`.
fn with_blanks(question: &Question<'_>, ask: &Ask<'_>) -> impl Iterator<Item = Candidate> {
    let known = ask.knowledge().flat_map(|knowledge| lookup::candidates(question, knowledge, ask, Leave::Blanks));
    known.filter(|candidate| !candidate.blanks.is_empty())
}

// Who only wants to see something, and says nothing of deleting, loses nothing: `print src if it is empty`.
fn only_looks(tokens: &[Token]) -> bool {
    let verb = tokens.iter().find(|token| token.class > Class::Cue);
    let looks = verb.is_some_and(|verb| [c::SHOW, c::FIND, c::CHECK, c::COUNT].iter().any(|known| verb.is(*known)));
    // `the size of the trash`: a place.
    let acts =
        |token: &Token| token.text != "trash" && [c::DELETE, c::MOVE, c::KILL].iter().any(|known| token.is(*known));
    looks && !tokens.iter().any(acts)
}

fn deletes(command: &str) -> bool {
    command.contains(" -delete")
        || ["rm ", "truncate ", "shred ", "unlink "].iter().any(|verb| command.starts_with(verb))
}

fn explaining(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.retain(|candidate| candidate.unexplained <= TOLERATED);
    candidates.sort_by(|a, b| b.rank().total_cmp(&a.rank()).then_with(|| a.intent.cmp(b.intent)));
    candidates
}

// The best answer to a whole question, or to one with something around it.
fn whole(tokens: &[Token], ask: &Ask<'_>, parts: usize) -> Option<Proposal> {
    let direct = ranked(fitting(&Question::new(tokens), ask), ask).into_iter().next();
    direct.filter(|_| !tokens.is_empty()).or_else(|| surrounded(tokens, ask, parts))
}

// A question with something around it.
fn surrounded(tokens: &[Token], ask: &Ask<'_>, parts: usize) -> Option<Proposal> {
    let parts = parts.checked_sub(1)?;
    let (around, rest) = around::peel(tokens)?;
    let inside = whole(&rest, ask, parts).or_else(|| several(&rest, ask, parts, SURE))?;
    let command = around.apply(&inside.command, ask.context.shell, ask.context.os)?;
    let explanation = inside.explanation + &around.says();
    Some(Proposal { command, explanation, confidence: inside.confidence * 0.98, ..inside })
}

// Several questions in one.
fn several(tokens: &[Token], ask: &Ask<'_>, parts: usize, sure: f32) -> Option<Proposal> {
    chain::answer(tokens, ask.context.shell, parts, sure, &|part| whole(part, ask, 1))
}

/// The ids of every intent, composed ones included.
pub fn intents() -> impl Iterator<Item = &'static str> {
    let composed = [
        &docker::INTENTS[..],
        &edit::INTENTS,
        &find::INTENTS,
        &folder::INTENTS,
        &git::INTENTS,
        &kube::INTENTS,
        &permission::INTENTS,
        &sql::INTENTS,
        &text::INTENTS,
    ];
    SHIPPED.intents().map(Intent::id).chain(composed.into_iter().flatten().copied())
}

/// Every phrasing with values in its slots, and the intent it is for.
pub fn phrasings() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHIPPED.patterns().map(|pattern| (SHIPPED.intent(pattern.intent()).id(), pattern.example()))
}

fn ranked(candidates: Vec<Candidate>, ask: &Ask<'_>) -> Vec<Proposal> {
    let Some(best) = candidates.first().map(Candidate::rank) else { return Vec::new() };
    // Two meanings that explain the question equally well: neither can be trusted like one alone.
    let rivals =
        candidates.iter().skip(1).any(|other| best - other.rank() < 0.02 && other.command != candidates[0].command);
    let mut proposals: Vec<Proposal> = Vec::new();
    for candidate in candidates {
        if best - candidate.rank() > WORTH_SHOWING || proposals.len() == MOST_PROPOSALS {
            break;
        }
        if proposals.iter().any(|known| known.command == candidate.command) {
            continue;
        }
        let behind = best - candidate.rank();
        let confidence = candidate.confidence() - behind.min(0.4) - if rivals { 0.12 } else { 0.0 };
        proposals.push(Proposal {
            confidence: confidence.max(0.05),
            command: candidate.command,
            explanation: candidate.explanation,
            intent: ask.named(candidate.intent),
            tier: Tier::Rules,
            blanks: candidate.blanks,
        });
    }
    proposals
}
