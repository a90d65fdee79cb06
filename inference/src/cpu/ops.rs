//! What is done to activations besides multiplying them with weights: normalize, quantize, `SiLU`, round to half precision.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::inline_always,
    reason = "callers vouch for the pointers; every step has to be inlined into the loop around it"
)]

use super::lanes::Lanes;
use super::product::Inputs;
use super::tile::BLOCK;

/// The exponential function, wrong by some 2 units in the last place.
///
/// The polynomial and the split of ln 2 are those of Moshier's Cephes library (`expf`).
#[inline(always)]
#[expect(clippy::excessive_precision, clippy::many_single_char_names, reason = "as the source has them")]
pub(super) unsafe fn exp<L: Lanes>(x: L::F) -> L::F {
    let x = L::max(L::min(x, L::splat(88.0)), L::splat(-87.0));
    let n = L::round(L::mul(x, L::splat(std::f32::consts::LOG2_E)));
    let r = L::fma(n, L::splat(-0.693_359_4), x);
    let r = L::fma(n, L::splat(2.121_944_4e-4), r);
    let mut p = L::splat(1.987_569_1e-4);
    for c in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 5.000_000_1e-1] {
        p = L::fma(p, r, L::splat(c));
    }
    let e = L::fma(p, L::mul(r, r), L::add(r, L::splat(1.0)));
    L::mul(e, L::power_of_two(n))
}

/// `x` times its logistic function.
#[inline(always)]
pub(super) unsafe fn silu<L: Lanes>(x: L::F) -> L::F {
    L::div(x, L::add(L::splat(1.0), exp::<L>(L::sub(L::splat(0.0), x))))
}

/// One over the root of the mean square of `length` numbers, a multiple of 16.
#[inline(always)]
unsafe fn inverse_size<L: Lanes>(x: *const f32, length: usize, epsilon: f32) -> f32 {
    let mut squares = L::splat(0.0);
    for at in (0..length).step_by(16) {
        let x = L::load(x.add(at));
        squares = L::fma(x, x, squares);
    }
    #[expect(clippy::cast_precision_loss, reason = "under 2^24")]
    let mean = L::sum(squares) / length as f32;
    1.0 / (mean + epsilon).sqrt()
}

/// Divides numbers by the root of their mean square, and multiplies them by `gain`.
///
/// # Safety
/// Both have `length` numbers, a multiple of 16.
#[inline(always)]
pub(super) unsafe fn normalize<L: Lanes>(x: *mut f32, gain: *const f32, length: usize, epsilon: f32) {
    let scale = L::splat(inverse_size::<L>(x, length, epsilon));
    for at in (0..length).step_by(16) {
        let y = L::mul(L::mul(L::load(x.add(at)), scale), L::load(gain.add(at)));
        L::store(x.add(at), y);
    }
}

/// Quantizes a row, normalized before if `gain` is not null.
///
/// # Safety
/// The row and `gain` have as many numbers as a row of `into`, which has a row `row`.
#[inline(always)]
pub(super) unsafe fn quantize<L: Lanes>(x: *const f32, gain: *const f32, epsilon: f32, into: &Inputs, row: usize) {
    let scale = L::splat(if gain.is_null() { 1.0 } else { inverse_size::<L>(x, into.columns, epsilon) });
    let blocks = into.columns / BLOCK;
    for block in 0..blocks {
        let at = block * BLOCK;
        let (mut a, mut b) = (L::load(x.add(at)), L::load(x.add(at + 16)));
        if !gain.is_null() {
            a = L::mul(L::mul(a, scale), L::load(gain.add(at)));
            b = L::mul(L::mul(b, scale), L::load(gain.add(at + 16)));
        }
        let largest = L::top(L::max(L::abs(a), L::abs(b)));
        // The reciprocal of a smaller number would not be finite.
        let (step, inverse) = if largest > 1e-30 { (largest / 127.0, 127.0 / largest) } else { (0.0, 0.0) };
        let inverse = L::splat(inverse);
        let to = into.bytes.add(row * into.columns + at);
        let sums = [L::store_bytes(to, L::mul(a, inverse)), L::store_bytes(to.add(16), L::mul(b, inverse))];
        let index = row * blocks + block;
        *into.scales.add(index) = step;
        #[expect(clippy::cast_precision_loss, reason = "under 2^24")]
        let sum = (sums[0] + sums[1]) as f32;
        *into.shifts.add(index) = -(step * sum);
        *into.sums.add(index) = sums;
    }
}

/// Rounds `length` numbers, a multiple of 16, to half precision.
///
/// # Safety
/// There are so many.
#[inline(always)]
pub(super) unsafe fn halve<L: Lanes>(from: *const f32, to: *mut u16, length: usize) {
    for at in (0..length).step_by(16) {
        L::store_half(to.add(at), L::load(from.add(at)));
    }
}
