//! Tier 2: the intent that says nearly what the question says, when no phrasing fits it word by word.
//!
//! An intent is known by the words of all its phrasings together; what a question leaves out, and what it adds, costs as much
//! as it would have said ([`information`]). Values are still recognized as strictly as ever. An answer takes more than being
//! the nearest: little may be left over, and no other command may be nearly as near.

use super::align::{self, Fit, Leave};
use super::knowledge::{Intent, Knowledge, information};
use super::question::Question;
use super::{Ask, Candidate, lookup};
use crate::normalize::{Class, Token};

// Intents looked at, of those that share the most with the question.
const MOST: usize = 24;

// What the words missing from a question may say together: about one word of middling rarity.
const FORGIVEN: f32 = 1.1;

// What both sides leave over may weigh.
const LEFT_OVER: f32 = 0.5;

// A known word may be a value (`restart web`): so much more may be unknown to an intent that is worth a look.
const TAKEN: f32 = 1.3;

// A word the intent knows from another phrasing is nearly explained.
const KNOWN_ELSEWHERE: f32 = 0.25;

// How far the next best command must be behind.
const LEAD: f32 = 1.2;

/// The nearest intents with their commands, the nearest first; empty when none is near enough or two are.
pub(super) fn candidates(question: &Question<'_>, knowledge: Knowledge, ask: &Ask<'_>) -> Vec<Candidate> {
    let mut found: Vec<(f32, Candidate)> = Vec::new();
    for number in nearest(question.tokens(), knowledge, ask) {
        let intent = knowledge.intent(number);
        let Some((left, fit)) = best_fit(number, intent, knowledge, question) else { continue };
        let rank = fit.explained - 1.5 * left - fit.doubt;
        let Some(mut candidate) = lookup::candidate(intent, &fit, ask, Leave::Nothing) else { continue };
        candidate.unexplained = left;
        found.push((rank, candidate));
    }
    found.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.intent.cmp(y.intent)));
    let Some((best, first)) = found.first() else { return Vec::new() };
    let rival = found.iter().find(|(_, other)| other.command != first.command).map(|(rank, _)| *rank);
    let clear = rival.is_none_or(|rival| best - rival >= LEAD);
    if first.unexplained > LEFT_OVER || !clear || first.explained < 1.5 * first.unexplained {
        return Vec::new();
    }
    found.into_iter().map(|(_, candidate)| candidate).take(1).collect()
}

// Intents that share the most words with the question.
fn nearest(tokens: &[Token], knowledge: Knowledge, ask: &Ask<'_>) -> Vec<u16> {
    let mut shared = vec![0.0_f32; knowledge.intent_count()];
    let mut all = 0.0;
    for (at, token) in tokens.iter().enumerate() {
        let Some(concept) = token.concept.filter(|_| matches!(token.class, Class::Content | Class::Light)) else {
            continue;
        };
        if tokens[..at].iter().any(|earlier| earlier.concept == Some(concept)) {
            continue;
        }
        let says = information(concept);
        all += says;
        for speaker in knowledge.speaking(concept).iter() {
            shared[usize::from(speaker)] += says;
        }
    }
    let mut order: Vec<(f32, u16)> = (0..)
        .zip(&shared)
        .filter(|(number, shared)| {
            **shared > 0.5 && all - **shared <= LEFT_OVER + TAKEN && knowledge.intent(*number).speaks(ask.dialect)
        })
        .map(|(number, shared)| (*shared, number))
        .collect();
    if order.len() > MOST {
        order.select_nth_unstable_by(MOST, |(a, _), (b, _)| b.total_cmp(a));
        order.truncate(MOST);
    }
    order.into_iter().map(|(_, number)| number).collect()
}

// The phrasing of an intent that leaves the least over on both sides, and how much that is.
fn best_fit(number: u16, intent: Intent, knowledge: Knowledge, question: &Question<'_>) -> Option<(f32, Fit)> {
    let mut best: Option<(f32, Fit)> = None;
    for pattern in intent.patterns().map(|pattern| knowledge.pattern(pattern)) {
        let Some(fit) = align::fit(pattern, intent.slots().len(), question, Leave::Words(FORGIVEN)) else { continue };
        let left = fit.missing + left_over(number, knowledge, &fit, question);
        let rank = fit.explained - 1.5 * left - fit.doubt;
        if best.as_ref().is_none_or(|(least, other)| rank > other.explained - 1.5 * least - other.doubt) {
            best = Some((left, fit));
        }
    }
    best
}

// What the phrasing leaves over of the question, less what the intent's other phrasings speak of.
fn left_over(number: u16, knowledge: Knowledge, fit: &Fit, question: &Question<'_>) -> f32 {
    let tokens = question.tokens();
    let taken = fit.unexplained - align::unexplained(tokens, fit.used);
    let rest: f32 = tokens
        .iter()
        .enumerate()
        .filter(|(at, _)| fit.used & (1 << at) == 0)
        .map(|(at, token)| match token.concept {
            // It may be what the question is about.
            None if token.class > Class::Stop => f32::INFINITY,
            None => 0.0,
            Some(concept) => {
                let known = knowledge.speaking(concept).contains(number);
                question.information(at) * if known { KNOWN_ELSEWHERE } else { 1.0 }
            }
        })
        .sum();
    taken + rest
}
