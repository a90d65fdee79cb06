//! The intents nearest to a question nobody could answer.

use super::Ask;
use super::knowledge::{Knowledge, Pattern};
use crate::normalize::{Class, Token};
use crate::proposal::NearIntent;

const MOST: usize = 4;

// What is further behind the nearest than this is not near.
const NEAR: f32 = 0.6;

/// The intents that share the most words with the question and have a command in this dialect, the nearest first.
pub(super) fn nearest(tokens: &[Token], knowledge: Knowledge, ask: &Ask<'_>) -> Vec<NearIntent> {
    let mut shared = vec![0.0_f32; knowledge.pattern_count()];
    for token in tokens.iter().filter(|token| matches!(token.class, Class::Content | Class::Light)) {
        let Some(concept) = token.concept else { continue };
        let patterns = knowledge.needing(concept);
        // A word that few phrasings have says more about which one was meant.
        #[expect(clippy::cast_precision_loss, reason = "a few thousand phrasings at most")]
        let weight = token.class.weight() / (1.0 + (patterns.len() as f32).ln_1p());
        for pattern in patterns.iter() {
            shared[usize::from(pattern)] += weight;
        }
    }
    // A phrasing scores at most what it shares, so what shares too little is not looked at: most phrasings share some word.
    let most = (0..).zip(&shared).max_by(|(_, a), (_, b)| a.total_cmp(b));
    let least = most.map_or(0.0, |(number, shared)| NEAR * shared / size(knowledge.pattern(number)));
    let mut order: Vec<(f32, Pattern)> = (0..)
        .zip(&shared)
        .filter(|(_, shared)| **shared > 0.0 && **shared >= least)
        .map(|(number, shared)| (shared / size(knowledge.pattern(number)), knowledge.pattern(number)))
        .collect();
    // Only the top is shown: sorting what is far behind would cost more than finding the answer.
    let best = order.iter().fold(0.0_f32, |best, (score, _)| best.max(*score));
    order.retain(|(score, _)| *score >= NEAR * best);
    order.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.example().cmp(y.example())));
    let mut nearest: Vec<NearIntent> = Vec::new();
    for (_, pattern) in order {
        let intent = knowledge.intent(pattern.intent());
        if !intent.speaks(ask.dialect) || nearest.iter().any(|known| known.intent == intent.id()) {
            continue;
        }
        nearest.push(NearIntent { intent: intent.id().to_owned(), example: pattern.example().to_owned() });
        if nearest.len() == MOST {
            break;
        }
    }
    nearest
}

fn size(pattern: Pattern) -> f32 {
    f32::from(u8::try_from(pattern.size()).unwrap_or(u8::MAX)).sqrt()
}
