//! Attention of a few queries to the keys and values of one head.
//!
//! Queries that share the head (those of a group of heads, those of neighboring tokens) are computed together, so that what
//! is read of the cache serves all of them. The scores of a query are kept whole: its softmax then has one order of
//! additions, however many queries there are.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::inline_always,
    clippy::needless_range_loop,
    reason = "callers vouch for the pointers; every step has to be inlined into the loop around it"
)]

use super::lanes::Lanes;
use super::ops::exp;

/// Keys that lie side by side.
pub(super) const KEYS: usize = 16;

/// The cache of a head: keys in blocks of [`KEYS`], dimension by dimension; values row by row. Half precision.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// Dimensions, a multiple of 16.
    pub(super) size: usize,
    pub(super) keys: *const u16,
    pub(super) values: *const u16,
    /// What scores are multiplied by.
    pub(super) scale: f32,
}

/// A query, how many keys it may see (at least one), and where its result goes.
#[derive(Clone, Copy)]
pub(super) struct Query {
    pub(super) from: *const f32,
    pub(super) visible: usize,
    pub(super) to: *mut f32,
}

/// How many queries are computed together at most.
pub(super) const TOGETHER: usize = 4;

/// Computes all queries; `C` registers of values are kept for each. `scores` has room for [`TOGETHER`] times `stride` numbers,
/// where `stride` is a multiple of 16 and not less than any query sees.
///
/// # Safety
/// All lies where the structures say, and nobody else writes the results.
#[inline(always)]
pub(super) unsafe fn attend<L: Lanes, const C: usize>(head: &Head, queries: &[Query], scores: *mut f32, stride: usize) {
    let mut queries = queries;
    while !queries.is_empty() {
        let (now, rest) = queries.split_at(queries.len().min(TOGETHER));
        match now {
            [a, b, c, d] => group::<L, 4, C>(head, [*a, *b, *c, *d], scores, stride),
            [a, b, c] => group::<L, 3, C>(head, [*a, *b, *c], scores, stride),
            [a, b] => group::<L, 2, C>(head, [*a, *b], scores, stride),
            [a] => group::<L, 1, C>(head, [*a], scores, stride),
            _ => {}
        }
        queries = rest;
    }
}

#[inline(always)]
unsafe fn group<L: Lanes, const R: usize, const C: usize>(
    head: &Head,
    queries: [Query; R],
    scores: *mut f32,
    stride: usize,
) {
    let most = queries.iter().fold(0, |most, query| query.visible.max(most));
    let scale = L::splat(head.scale);
    for block in 0..most.div_ceil(KEYS) {
        let keys = head.keys.add(block * KEYS * head.size);
        let mut sums = [L::splat(0.0); R];
        for d in 0..head.size {
            let key = L::load_half(keys.add(d * KEYS));
            for r in 0..R {
                sums[r] = L::fma(L::splat(*queries[r].from.add(d)), key, sums[r]);
            }
        }
        for r in 0..R {
            L::store(scores.add(r * stride + block * KEYS), L::mul(sums[r], scale));
        }
    }
    let mut inverse = [0.0; R];
    for r in 0..R {
        inverse[r] = 1.0 / softmax::<L>(scores.add(r * stride), queries[r].visible);
    }
    let registers = head.size / 16;
    let mut at = 0;
    while at + C <= registers {
        values::<L, R, C>(head, &queries, scores, stride, at * 16, inverse);
        at += C;
    }
    while at < registers {
        values::<L, R, 1>(head, &queries, scores, stride, at * 16, inverse);
        at += 1;
    }
}

/// Replaces scores by their exponentials, all divided by the largest; their sum.
#[inline(always)]
unsafe fn softmax<L: Lanes>(scores: *mut f32, visible: usize) -> f32 {
    let end = visible.next_multiple_of(KEYS);
    for hidden in visible..end {
        *scores.add(hidden) = f32::MIN;
    }
    let mut top = L::splat(f32::MIN);
    for at in (0..end).step_by(KEYS) {
        top = L::max(top, L::load(scores.add(at)));
    }
    let top = L::splat(L::top(top));
    for at in (0..end).step_by(KEYS) {
        let x = L::sub(L::load(scores.add(at)), top);
        L::store(scores.add(at), exp::<L>(x));
    }
    for hidden in visible..end {
        *scores.add(hidden) = 0.0;
    }
    let mut sum = L::splat(0.0);
    for at in (0..end).step_by(KEYS) {
        sum = L::add(sum, L::load(scores.add(at)));
    }
    L::sum(sum)
}

/// The sum of the values, weighted by the scores, in `C` registers of dimensions from `first`.
#[inline(always)]
unsafe fn values<L: Lanes, const R: usize, const C: usize>(
    head: &Head,
    queries: &[Query; R],
    scores: *const f32,
    stride: usize,
    first: usize,
    inverse: [f32; R],
) {
    let least = queries.iter().fold(usize::MAX, |least, query| query.visible.min(least));
    let values = head.values.add(first);
    let mut sums = [[L::splat(0.0); C]; R];
    for key in 0..least {
        let mut value = [L::splat(0.0); C];
        for c in 0..C {
            value[c] = L::load_half(values.add(key * head.size + c * 16));
        }
        for r in 0..R {
            let weight = L::splat(*scores.add(r * stride + key));
            for c in 0..C {
                sums[r][c] = L::fma(weight, value[c], sums[r][c]);
            }
        }
    }
    for r in 0..R {
        for key in least..queries[r].visible {
            let weight = L::splat(*scores.add(r * stride + key));
            for c in 0..C {
                sums[r][c] = L::fma(weight, L::load_half(values.add(key * head.size + c * 16)), sums[r][c]);
            }
        }
        for c in 0..C {
            L::store(queries[r].to.add(first + c * 16), L::mul(sums[r][c], L::splat(inverse[r])));
        }
    }
}
