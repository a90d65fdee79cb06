//! The intents nearest to a question nobody could answer.

use super::Ask;
use super::knowledge::Knowledge;
use crate::normalize::{Class, Token};
use crate::proposal::NearIntent;

const MOST: usize = 4;

// What is further behind the nearest than this is not near.
const NEAR: f32 = 0.6;

/// The intents that share the most words with the question and have a command in this dialect, the nearest first.
pub(super) fn nearest(tokens: &[Token], knowledge: Knowledge, ask: &Ask<'_>) -> Vec<NearIntent> {
    let mut shared = vec![0.0_f32; knowledge.pattern_count()];
    let mut touched: Vec<u16> = Vec::new();
    for token in tokens.iter().filter(|token| matches!(token.class, Class::Content | Class::Light)) {
        let Some(concept) = token.concept else { continue };
        let patterns = knowledge.needing(concept);
        // A word that few phrasings have says more about which one was meant.
        #[expect(clippy::cast_precision_loss, reason = "a few thousand phrasings at most")]
        let weight = token.class.weight() / (1.0 + (patterns.len() as f32).ln_1p());
        for pattern in patterns.iter() {
            let known = &mut shared[usize::from(pattern)];
            if *known == 0.0 {
                touched.push(pattern);
            }
            *known += weight;
        }
    }
    // A phrasing scores at most what it shares, so what shares too little is not looked at: most phrasings share some word.
    let of = |number: u16| shared[usize::from(number)];
    let most = touched.iter().copied().max_by(|a, b| of(*a).total_cmp(&of(*b)).then(a.cmp(b)));
    let size = |number| f32::from(knowledge.size(number)).sqrt();
    let least = most.map_or(0.0, |number| NEAR * of(number) / size(number));
    let near = touched.into_iter().filter(|number| of(*number) >= least);
    let mut order: Vec<(f32, u16)> = near.map(|number| (of(number) / size(number), number)).collect();
    // Only the top is shown: sorting what is far behind would cost more than finding the answer.
    let best = order.iter().fold(0.0_f32, |best, (score, _)| best.max(*score));
    order.retain(|(score, _)| *score >= NEAR * best);
    let example = |number| knowledge.pattern(number).example();
    order.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| (example(*x), x).cmp(&(example(*y), y))));
    let mut nearest: Vec<NearIntent> = Vec::new();
    for (_, number) in order {
        let pattern = knowledge.pattern(number);
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
