//! The likeliest token that may come.

use crate::constraint::Mask;

/// The likeliest token and how likely it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// The token.
    pub token: u32,
    /// Its probability among all tokens, also those that may not come: a model that wanted to write something else was not sure.
    pub probability: f32,
    /// The next likely one that may come, and its probability.
    pub second: Option<(u32, f32)>,
}

impl Choice {
    /// The choice by a row of logits; `None` when no token may come. Of equals the lowest.
    pub fn of(logits: &[f32], mask: &Mask) -> Option<Self> {
        let mut first: Option<(usize, f32)> = None;
        let mut second: Option<(usize, f32)> = None;
        for (at, &bits) in mask.bits().iter().enumerate() {
            let mut left = bits;
            while left != 0 {
                let token = at * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                let Some(&logit) = logits.get(token) else { break };
                if first.is_none_or(|(_, best)| logit > best) {
                    second = first;
                    first = Some((token, logit));
                } else if second.is_none_or(|(_, best)| logit > best) {
                    second = Some((token, logit));
                }
            }
        }
        let (token, logit) = first?;
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f32 = logits.iter().map(|&logit| exp(logit - highest)).sum();
        let probability = |logit: f32| exp(logit - highest) / sum;
        let named = |(token, logit): (usize, f32)| Some((u32::try_from(token).ok()?, probability(logit)));
        Some(Self {
            token: u32::try_from(token).ok()?,
            probability: probability(logit),
            second: second.and_then(named),
        })
    }
}

/// e to the power of `x`, for `x` from 0 down, within a millionth. The library's is exact and one call a number; this is arithmetic
/// the compiler does on sixteen numbers at once, and a vocabulary has 150,000.
///
/// The argument is split into a power of two and a rest within ±ln 2 / 2 (Cody and Waite), of which the Taylor series is summed.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the exponent is clamped to that of a float"
)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 0.0);
    let power = (x * std::f32::consts::LOG2_E + 0.5).floor();
    let rest = power.mul_add(-0.693_359_4, x);
    let rest = power.mul_add(2.121_944_4e-4, rest);
    let mut series = 1.0 / 720.0;
    for term in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = f32::mul_add(series, rest, term);
    }
    f32::from_bits(((power as i32 + 127) << 23) as u32) * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraint::{Masks, State, Vocabulary};

    struct Letters;

    impl Vocabulary for Letters {
        fn len(&self) -> usize {
            70
        }

        fn text(&self, token: u32) -> Option<&[u8]> {
            [Some(&b"a"[..]), None, Some(b"b"), Some(b"\n")].get(token as usize).copied().unwrap_or(Some(b"c"))
        }
    }

    #[test]
    fn the_likeliest_that_may_come_is_taken_and_of_equals_the_first() {
        let mut logits = vec![0.0; 70];
        (logits[0], logits[1], logits[2], logits[3], logits[69]) = (2.0, 9.0, 2.0, 8.0, 1.0);
        let choice = Choice::of(&logits, Masks::new().of(State::Inside, &Letters)).expect("some may come");
        assert_eq!((choice.token, choice.second.map(|(token, _)| token)), (0, Some(2)));
        let all: f32 = logits.iter().map(|logit| logit.exp()).sum();
        assert!((choice.probability - 2f32.exp() / all).abs() < 1e-6, "{choice:?}");
    }

    #[test]
    fn when_none_may_come_there_is_no_choice() {
        assert_eq!(Choice::of(&[0.0; 70], Masks::new().of(State::AfterF4, &Letters)), None);
    }

    #[test]
    fn the_quick_exponential_is_the_exponential() {
        for step in 0..8_700 {
            let x = -f32::from(u16::try_from(step).expect("small")) / 100.0;
            let (quick, exact) = (exp(x), x.exp());
            assert!((quick - exact).abs() <= 2e-6 * exact.max(f32::MIN_POSITIVE), "{x}: {quick} {exact}");
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }
}
