//! What a processor's vector unit must offer, and nothing more: [`Lanes`] for numbers, [`Dot`] for products of bytes.
//!
//! Invariant: every implementation gives the same bits for the same input. All work is cut into groups of 16 numbers, each
//! sum is taken in the same order, and a product is added in one rounding (`fma`), whatever the width of the registers. So
//! an answer does not depend on the machine, and every implementation can be tested against the portable one.

#![expect(unsafe_code, reason = "an implementation may only be called where its processor is")]

/// Arithmetic on 16 numbers at once.
pub(super) trait Lanes: Copy + 'static {
    /// 16 numbers.
    type F: Copy;

    unsafe fn splat(x: f32) -> Self::F;
    unsafe fn load(from: *const f32) -> Self::F;
    unsafe fn store(to: *mut f32, x: Self::F);
    /// Reads 16 half-precision numbers.
    unsafe fn load_half(from: *const u16) -> Self::F;
    /// Writes 16 half-precision numbers, rounded to the nearest, ties to even.
    unsafe fn store_half(to: *mut u16, x: Self::F);
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn div(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn abs(a: Self::F) -> Self::F;
    /// `a * b + c` in one rounding.
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// To the nearest whole number, ties to even.
    unsafe fn round(a: Self::F) -> Self::F;
    /// Two to the power of whole numbers from -126 to 127.
    unsafe fn power_of_two(a: Self::F) -> Self::F;
    /// Writes 16 numbers as bytes, rounded to the nearest, ties to even; the sum of the bytes.
    unsafe fn store_bytes(to: *mut i8, a: Self::F) -> i32;
    /// The sum: halves are added until one number is left.
    unsafe fn sum(a: Self::F) -> f32;
    /// The largest.
    unsafe fn top(a: Self::F) -> f32;
}

/// Products of a group of four bytes of each of [`Dot::LANES`] rows with four bytes of an activation.
///
/// Weights are bytes without sign. There are two sums: `dot` takes off the offset of 128 and can hold any byte; `small` does
/// not, and can hold 32 products of weights up to 15, which is cheaper where the processor adds in 16 bits.
pub(super) trait Dot: Copy + 'static {
    /// How many rows a register covers.
    const LANES: usize;
    /// How many numbers.
    type V: Copy;
    /// How many whole numbers.
    type I: Copy;
    /// A small sum under way.
    type S: Copy;
    /// Four bytes of each row.
    type B: Copy;
    /// The same, made ready for `dot`.
    type W: Copy;
    /// Four bytes of an activation, for all rows.
    type A: Copy;

    unsafe fn bytes(from: *const u8) -> Self::B;
    unsafe fn low(a: Self::B) -> Self::B;
    unsafe fn high(a: Self::B) -> Self::B;
    /// The six-bit weight with these low four bits, and its high two bits at `shift` in `top`, with an offset of 128
    /// instead of 32.
    unsafe fn six(low: Self::B, top: Self::B, shift: usize) -> Self::B;
    unsafe fn activation(from: *const i8) -> Self::A;
    unsafe fn ready(a: Self::B) -> Self::W;
    /// The beginning of a sum of products with activations whose own sum is `sum`.
    unsafe fn start(sum: i32) -> Self::I;
    unsafe fn dot(sum: Self::I, w: Self::W, a: Self::A) -> Self::I;
    /// The beginning of a small sum to which `bias` will have been added at the end.
    unsafe fn small_start(bias: i32) -> Self::S;
    unsafe fn small(sum: Self::S, w: Self::B, a: Self::A) -> Self::S;
    unsafe fn small_end(sum: Self::S, bias: i32) -> Self::I;

    unsafe fn number(a: Self::I) -> Self::V;
    unsafe fn spread(x: f32) -> Self::V;
    unsafe fn halves(from: *const u16) -> Self::V;
    unsafe fn unsigned(from: *const u8) -> Self::V;
    unsafe fn signed(from: *const i8) -> Self::V;
    unsafe fn times(a: Self::V, b: Self::V) -> Self::V;
    /// `a * b + c` in one rounding.
    unsafe fn fused(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    unsafe fn put(to: *mut f32, a: Self::V);
}
