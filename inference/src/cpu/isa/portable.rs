//! The reference: plain Rust, for every processor.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::inline_always,
    reason = "callers vouch for the pointers; every step has to be inlined into the loop around it"
)]

use half::f16;

use crate::cpu::lanes::{Dot, Lanes};

#[derive(Clone, Copy)]
pub(super) struct Portable;

type Numbers = [f32; 16];

#[inline(always)]
fn pairwise(a: Numbers, b: Numbers, f: impl Fn(f32, f32) -> f32) -> Numbers {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

#[inline(always)]
fn fold(a: Numbers, f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut a = a;
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            a[lane] = f(a[lane], a[lane + half]);
        }
    }
    a[0]
}

impl Lanes for Portable {
    type F = Numbers;

    #[inline(always)]
    unsafe fn splat(x: f32) -> Numbers {
        [x; 16]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Numbers {
        from.cast::<Numbers>().read_unaligned()
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, x: Numbers) {
        to.cast::<Numbers>().write_unaligned(x);
    }

    #[inline(always)]
    unsafe fn load_half(from: *const u16) -> Numbers {
        let bits = from.cast::<[u16; 16]>().read_unaligned();
        bits.map(|bits| f16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    unsafe fn store_half(to: *mut u16, x: Numbers) {
        to.cast::<[u16; 16]>().write_unaligned(x.map(|x| f16::from_f32(x).to_bits()));
    }

    #[inline(always)]
    unsafe fn add(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, |a, b| a + b)
    }

    #[inline(always)]
    unsafe fn sub(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, |a, b| a - b)
    }

    #[inline(always)]
    unsafe fn mul(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, |a, b| a * b)
    }

    #[inline(always)]
    unsafe fn div(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, |a, b| a / b)
    }

    #[inline(always)]
    unsafe fn max(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, f32::max)
    }

    #[inline(always)]
    unsafe fn min(a: Numbers, b: Numbers) -> Numbers {
        pairwise(a, b, f32::min)
    }

    #[inline(always)]
    unsafe fn abs(a: Numbers) -> Numbers {
        a.map(f32::abs)
    }

    #[inline(always)]
    unsafe fn fma(a: Numbers, b: Numbers, c: Numbers) -> Numbers {
        std::array::from_fn(|lane| a[lane].mul_add(b[lane], c[lane]))
    }

    #[inline(always)]
    unsafe fn round(a: Numbers) -> Numbers {
        a.map(f32::round_ties_even)
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 254")]
    unsafe fn power_of_two(a: Numbers) -> Numbers {
        a.map(|a| f32::from_bits(((a as i32 + 127) as u32) << 23))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "saturates, as the others do")]
    unsafe fn store_bytes(to: *mut i8, a: Numbers) -> i32 {
        let bytes = a.map(|a| a.round_ties_even() as i8);
        to.cast::<[i8; 16]>().write_unaligned(bytes);
        bytes.iter().map(|&byte| i32::from(byte)).sum()
    }

    #[inline(always)]
    unsafe fn sum(a: Numbers) -> f32 {
        fold(a, |a, b| a + b)
    }

    #[inline(always)]
    unsafe fn top(a: Numbers) -> f32 {
        fold(a, f32::max)
    }
}

type Bytes = [u8; 64];

impl Dot for Portable {
    const LANES: usize = 16;
    type V = Numbers;
    type I = [i32; 16];
    type S = [i32; 16];
    type B = Bytes;
    type W = Bytes;
    type A = [i8; 4];

    #[inline(always)]
    unsafe fn bytes(from: *const u8) -> Bytes {
        from.cast::<Bytes>().read_unaligned()
    }

    #[inline(always)]
    unsafe fn low(a: Bytes) -> Bytes {
        a.map(|a| a & 15)
    }

    #[inline(always)]
    unsafe fn high(a: Bytes) -> Bytes {
        a.map(|a| a >> 4)
    }

    #[inline(always)]
    unsafe fn six(low: Bytes, top: Bytes, shift: usize) -> Bytes {
        std::array::from_fn(|at| (low[at] | (top[at] >> shift & 3) << 4) + 96)
    }

    #[inline(always)]
    unsafe fn activation(from: *const i8) -> [i8; 4] {
        from.cast::<[i8; 4]>().read_unaligned()
    }

    #[inline(always)]
    unsafe fn ready(a: Bytes) -> Bytes {
        a
    }

    #[inline(always)]
    unsafe fn start(_: i32) -> [i32; 16] {
        [0; 16]
    }

    #[inline(always)]
    unsafe fn dot(sum: [i32; 16], w: Bytes, a: [i8; 4]) -> [i32; 16] {
        std::array::from_fn(|row| {
            (0..4).fold(sum[row], |sum, at| sum + (i32::from(w[row * 4 + at]) - 128) * i32::from(a[at]))
        })
    }

    #[inline(always)]
    unsafe fn small_start(bias: i32) -> [i32; 16] {
        [bias; 16]
    }

    #[inline(always)]
    unsafe fn small(sum: [i32; 16], w: Bytes, a: [i8; 4]) -> [i32; 16] {
        std::array::from_fn(|row| (0..4).fold(sum[row], |sum, at| sum + i32::from(w[row * 4 + at]) * i32::from(a[at])))
    }

    #[inline(always)]
    unsafe fn small_end(sum: [i32; 16], _: i32) -> [i32; 16] {
        sum
    }

    #[inline(always)]
    #[expect(clippy::cast_precision_loss, reason = "under 2^24")]
    unsafe fn number(a: [i32; 16]) -> Numbers {
        a.map(|a| a as f32)
    }

    #[inline(always)]
    unsafe fn spread(x: f32) -> Numbers {
        [x; 16]
    }

    #[inline(always)]
    unsafe fn halves(from: *const u16) -> Numbers {
        <Self as Lanes>::load_half(from)
    }

    #[inline(always)]
    unsafe fn unsigned(from: *const u8) -> Numbers {
        from.cast::<[u8; 16]>().read_unaligned().map(f32::from)
    }

    #[inline(always)]
    unsafe fn signed(from: *const i8) -> Numbers {
        from.cast::<[i8; 16]>().read_unaligned().map(f32::from)
    }

    #[inline(always)]
    unsafe fn times(a: Numbers, b: Numbers) -> Numbers {
        <Self as Lanes>::mul(a, b)
    }

    #[inline(always)]
    unsafe fn fused(a: Numbers, b: Numbers, c: Numbers) -> Numbers {
        <Self as Lanes>::fma(a, b, c)
    }

    #[inline(always)]
    unsafe fn put(to: *mut f32, a: Numbers) {
        <Self as Lanes>::store(to, a);
    }
}
