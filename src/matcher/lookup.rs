//! Finds the phrasings a question may be, by its words, and makes commands of those that fit.

use super::Candidate;
use super::align::{self, Fit};
use super::knowledge::{Dialect, INDEX, INTENTS, Intent, PATTERNS};
use super::render::{self, Values};
use super::slot::Kind;
use super::value::Value;
use crate::normalize::Token;
use crate::shell::Shell;

/// Every phrasing that fits, the best of each intent.
pub(super) fn candidates(tokens: &[Token], dialect: Dialect, shell: Shell) -> Vec<Candidate> {
    let mut best: Vec<(u16, Fit)> = Vec::new();
    for pattern in patterns(tokens) {
        let pattern = &PATTERNS[usize::from(pattern)];
        let intent = &INTENTS[usize::from(pattern.intent)];
        let Some(fit) = align::fit(pattern, intent.slots.len(), tokens, 0.0) else { continue };
        if fit.unexplained > super::TOLERATED {
            continue;
        }
        match best.iter_mut().find(|(known, _)| *known == pattern.intent) {
            Some((_, other)) if score(other) >= score(&fit) => {}
            Some((_, other)) => *other = fit,
            None => best.push((pattern.intent, fit)),
        }
    }
    best.into_iter()
        .filter_map(|(intent, fit)| candidate(&INTENTS[usize::from(intent)], &fit, dialect, shell))
        .collect()
}

/// Phrasings all of whose words the question has.
fn patterns(tokens: &[Token]) -> Vec<u16> {
    let mut hits = vec![0_u8; PATTERNS.len()];
    let mut full = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(concept) = token.concept else { continue };
        if tokens[..at].iter().any(|earlier| earlier.concept == Some(concept)) {
            continue;
        }
        for pattern in INDEX[usize::from(concept.0)] {
            let hit = &mut hits[usize::from(*pattern)];
            *hit += 1;
            // A phrasing may ask for the same word twice (`branch {a} into branch {b}`); `fit` counts exactly.
            if *hit == PATTERNS[usize::from(*pattern)].required {
                full.push(*pattern);
            }
        }
    }
    full
}

fn score(fit: &Fit) -> f32 {
    fit.explained - 1.5 * fit.unexplained - fit.doubt
}

/// The command a fit makes of an intent; `None` when the dialect has none for it.
pub(super) fn candidate(intent: &'static Intent, fit: &Fit, dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let template = intent.templates[dialect as usize]?;
    let defaults: Vec<Option<Value>> = intent
        .slots
        .iter()
        .map(|slot| {
            slot.default.map(|text| {
                if matches!(slot.kind, Kind::Path | Kind::Paths | Kind::File | Kind::Folder) {
                    Value::Path(text.to_owned())
                } else {
                    Value::Text(text.to_owned())
                }
            })
        })
        .collect();
    let values = Values { given: &fit.values, defaults: &defaults };
    Some(Candidate {
        intent: intent.id,
        command: render::command(template, &values, shell)?,
        explanation: render::sentence(intent.does, &values)?,
        explained: fit.explained,
        unexplained: fit.unexplained,
        doubt: fit.doubt,
    })
}
