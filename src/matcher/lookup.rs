//! Finds the phrasings a question may be, by its words, and makes commands of those that fit.

use super::align::{self, Fit, Leave};
use super::knowledge::{Intent, Knowledge};
use super::question::Question;
use super::render::{self, Values};
use super::slot::Kind;
use super::value::Value;
use super::{Ask, Candidate, TOLERATED};
use crate::normalize::{Class, Token};
use crate::shell::blank;

// Of two intents that say the same, the user's own is meant.
const OWN_FIRST: f32 = 0.05;

/// Every phrasing that fits, the best of each intent; with blanks where values may be missing.
pub(super) fn candidates(question: &Question<'_>, knowledge: Knowledge, ask: &Ask<'_>, leave: Leave) -> Vec<Candidate> {
    let mut best: Vec<(u16, Fit)> = Vec::new();
    for pattern in question.patterns(knowledge.own, || patterns(question.tokens(), knowledge)) {
        let pattern = knowledge.pattern(*pattern);
        let intent = pattern.intent();
        let slots = knowledge.intent(intent).slots().len();
        let Some(fit) = align::fit(pattern, slots, question, leave) else { continue };
        if fit.unexplained > TOLERATED || leave == Leave::Blanks && !tells_what_to_do(&fit) {
            continue;
        }
        match best.iter_mut().find(|(known, _)| *known == intent) {
            Some((_, other)) if score(other) >= score(&fit) => {}
            Some((_, other)) => *other = fit,
            None => best.push((intent, fit)),
        }
    }
    best.into_iter()
        .filter_map(|(intent, fit)| {
            let intent = knowledge.intent(intent);
            let made = candidate(intent, &fit, ask, leave);
            if made.is_none() && leave == Leave::Nothing && intent.template(&fit.values, ask.dialect).is_none() {
                question.note_unspoken(score(&fit));
            }
            made
        })
        .map(|candidate| {
            if knowledge.own {
                Candidate { explained: candidate.explained + OWN_FIRST, ..candidate }
            } else {
                candidate
            }
        })
        .collect()
}

/// Phrasings all of whose words the question has, but for those that could not explain it.
fn patterns(tokens: &[Token], knowledge: Knowledge) -> Vec<u16> {
    let least = weight_of_no_noun(tokens);
    let mut hits = vec![0_u8; knowledge.pattern_count()];
    let mut full = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(concept) = token.concept else { continue };
        if tokens[..at].iter().any(|earlier| earlier.concept == Some(concept)) {
            continue;
        }
        for pattern in knowledge.needing(concept).iter() {
            let hit = &mut hits[usize::from(pattern)];
            *hit += 1;
            // A phrasing may ask for the same word twice (`branch {a} into branch {b}`); `fit` counts exactly.
            if *hit == knowledge.required(pattern) && !leaves_too_much(knowledge.most(pattern), least) {
                full.push(pattern);
            }
        }
    }
    full
}

// What weighs in a long question and is no noun that a value may bring along.
fn weight_of_no_noun(tokens: &[Token]) -> f32 {
    // Hardly a phrasing could be ruled out by less.
    if align::unexplained(tokens, 0) < 4.0 {
        return 0.0;
    }
    let is_noun = |token: &Token| token.concept.is_some_and(|noun| Kind::all().any(|kind| kind.is_named_by(noun)));
    let weighs = tokens.iter().filter(|token| token.class > Class::Cue && !is_noun(token));
    weighs.map(|token| token.class.weight()).sum()
}

// Whether a phrasing has too few words and values to explain that much, whatever they are. Most that share some words with
// a long question fail by this, and laying each over the question is what costs.
fn leaves_too_much(explains: f32, weight: f32) -> bool {
    weight - explains > TOLERATED
}

fn score(fit: &Fit) -> f32 {
    fit.explained - 1.5 * fit.unexplained - fit.doubt
}

// A question without its values must say the more: two words of the phrasing, or one and a value that looks like one.
const fn tells_what_to_do(fit: &Fit) -> bool {
    fit.said >= 2 || fit.said == 1 && fit.typed > 0
}

/// The command a fit makes of an intent; `None` when the dialect has none for it.
pub(super) fn candidate(intent: Intent, fit: &Fit, ask: &Ask<'_>, leave: Leave) -> Option<Candidate> {
    let template = intent.template(&fit.values, ask.dialect)?;
    let defaults: Vec<Option<Value>> = intent
        .slots()
        .map(|slot| match slot.default {
            Some(text) if matches!(slot.kind, Kind::Path | Kind::Paths | Kind::File | Kind::Folder) => {
                Some(Value::Path(text.to_owned()))
            }
            Some(text) => Some(Value::Text(text.to_owned())),
            None => (leave == Leave::Blanks).then(|| Value::Text(blank(slot.name))),
        })
        .collect();
    let values = Values { given: &fit.values, defaults: &defaults };
    let command = render::command(template, &values, ask.context.shell)?;
    let mut blanks: Vec<String> = Vec::new();
    for (slot, given) in intent.slots().zip(&fit.values) {
        let left = given.is_none() && slot.default.is_none_or(|text| text.starts_with('<') && text.ends_with('>'));
        if left && command.contains(&blank(slot.name)) && !blanks.iter().any(|known| known == slot.name) {
            blanks.push(slot.name.to_owned());
        }
    }
    Some(Candidate {
        blanks,
        intent: intent.id(),
        command,
        explanation: render::sentence(intent.does()?, &values)?,
        explained: fit.explained,
        unexplained: fit.unexplained,
        doubt: fit.doubt,
    })
}
