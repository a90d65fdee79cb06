//! NEON with the dot product of ARMv8.2: Apple's processors, and most of ARM's since 2018.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::inline_always,
    clippy::needless_range_loop,
    reason = "callers vouch for the pointers and the processor; every step has to be inlined into the loop around it"
)]

use std::arch::aarch64::{
    float32x4_t, int8x16_t, int32x4_t, uint8x16_t, uint16x4_t, vabsq_f32, vadd_f32, vaddq_f32, vaddq_s32, vaddq_u8,
    vaddv_f32, vaddvq_s32, vandq_u8, vcombine_s8, vcombine_s16, vcvtnq_s32_f32, vcvtq_f32_s32, vdivq_f32, vdupq_n_f32,
    vdupq_n_s32, vdupq_n_u8, veorq_u8, vfmaq_f32, vget_high_f32, vget_low_f32, vld1_u16, vld1q_f32, vld1q_u8,
    vmaxq_f32, vmaxvq_f32, vminq_f32, vmulq_f32, vorrq_u8, vqmovn_s16, vqmovn_s32, vreinterpretq_f32_s32,
    vreinterpretq_s8_s32, vreinterpretq_s8_u8, vrndnq_f32, vshlq_n_s32, vshlq_n_u8, vshrq_n_u8, vst1_u16, vst1q_f32,
    vst1q_s8, vsubq_f32,
};
use std::arch::asm;

use crate::cpu::lanes::{Dot, Lanes};

/// 16 numbers are four registers.
#[derive(Clone, Copy)]
pub(super) struct Neon;

/// A function of one register, or of two or three, for all four.
macro_rules! each {
    ($f:ident, $a:expr) => {
        [$f($a[0]), $f($a[1]), $f($a[2]), $f($a[3])]
    };
    ($f:ident, $a:expr, $b:expr) => {
        [$f($a[0], $b[0]), $f($a[1], $b[1]), $f($a[2], $b[2]), $f($a[3], $b[3])]
    };
    ($f:ident, $a:expr, $b:expr, $c:expr) => {
        [$f($a[0], $b[0], $c[0]), $f($a[1], $b[1], $c[1]), $f($a[2], $b[2], $c[2]), $f($a[3], $b[3], $c[3])]
    };
}

// The types of half precision are not stable yet either; the instructions are as old as the architecture.
#[inline(always)]
unsafe fn half4(from: *const u16) -> float32x4_t {
    let wide: float32x4_t;
    asm!(
        "fcvtl {wide:v}.4s, {half:v}.4h",
        wide = lateout(vreg) wide,
        half = in(vreg) vld1_u16(from),
        options(pure, nomem, nostack, preserves_flags),
    );
    wide
}

#[inline(always)]
unsafe fn store_half4(to: *mut u16, a: float32x4_t) {
    let half: uint16x4_t;
    asm!(
        "fcvtn {half:v}.4h, {wide:v}.4s",
        half = lateout(vreg) half,
        wide = in(vreg) a,
        options(pure, nomem, nostack, preserves_flags),
    );
    vst1_u16(to, half);
}

#[inline(always)]
unsafe fn power4(a: float32x4_t) -> float32x4_t {
    vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(vcvtnq_s32_f32(a), vdupq_n_s32(127))))
}

impl Lanes for Neon {
    type F = [float32x4_t; 4];

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self::F {
        [vdupq_n_f32(x); 4]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self::F {
        [vld1q_f32(from), vld1q_f32(from.add(4)), vld1q_f32(from.add(8)), vld1q_f32(from.add(12))]
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, x: Self::F) {
        for part in 0..4 {
            vst1q_f32(to.add(part * 4), x[part]);
        }
    }

    #[inline(always)]
    unsafe fn load_half(from: *const u16) -> Self::F {
        [half4(from), half4(from.add(4)), half4(from.add(8)), half4(from.add(12))]
    }

    #[inline(always)]
    unsafe fn store_half(to: *mut u16, x: Self::F) {
        for part in 0..4 {
            store_half4(to.add(part * 4), x[part]);
        }
    }

    #[inline(always)]
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F {
        each!(vaddq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F {
        each!(vsubq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F {
        each!(vmulq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn div(a: Self::F, b: Self::F) -> Self::F {
        each!(vdivq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F {
        each!(vmaxq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F {
        each!(vminq_f32, a, b)
    }

    #[inline(always)]
    unsafe fn abs(a: Self::F) -> Self::F {
        each!(vabsq_f32, a)
    }

    #[inline(always)]
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        each!(vfmaq_f32, c, a, b)
    }

    #[inline(always)]
    unsafe fn round(a: Self::F) -> Self::F {
        each!(vrndnq_f32, a)
    }

    #[inline(always)]
    unsafe fn power_of_two(a: Self::F) -> Self::F {
        each!(power4, a)
    }

    #[inline(always)]
    unsafe fn store_bytes(to: *mut i8, a: Self::F) -> i32 {
        let whole = each!(vcvtnq_s32_f32, a);
        let low = vcombine_s16(vqmovn_s32(whole[0]), vqmovn_s32(whole[1]));
        let high = vcombine_s16(vqmovn_s32(whole[2]), vqmovn_s32(whole[3]));
        vst1q_s8(to, vcombine_s8(vqmovn_s16(low), vqmovn_s16(high)));
        vaddvq_s32(vaddq_s32(vaddq_s32(whole[0], whole[1]), vaddq_s32(whole[2], whole[3])))
    }

    #[inline(always)]
    unsafe fn sum(a: Self::F) -> f32 {
        let four = vaddq_f32(vaddq_f32(a[0], a[2]), vaddq_f32(a[1], a[3]));
        vaddv_f32(vadd_f32(vget_low_f32(four), vget_high_f32(four)))
    }

    #[inline(always)]
    unsafe fn top(a: Self::F) -> f32 {
        vmaxvq_f32(vmaxq_f32(vmaxq_f32(a[0], a[2]), vmaxq_f32(a[1], a[3])))
    }
}

/// Four products of four bytes each, added to `sum`. The intrinsic for it is not stable yet.
#[inline(always)]
unsafe fn sdot(sum: int32x4_t, w: int8x16_t, a: int8x16_t) -> int32x4_t {
    let mut sum = sum;
    asm!(
        ".arch_extension dotprod",
        "sdot {sum:v}.4s, {w:v}.16b, {a:v}.16b",
        sum = inout(vreg) sum,
        w = in(vreg) w,
        a = in(vreg) a,
        options(pure, nomem, nostack, preserves_flags),
    );
    sum
}

impl Dot for Neon {
    const LANES: usize = 4;
    type V = float32x4_t;
    type I = int32x4_t;
    type S = int32x4_t;
    type B = uint8x16_t;
    type W = int8x16_t;
    type A = int8x16_t;

    #[inline(always)]
    unsafe fn bytes(from: *const u8) -> uint8x16_t {
        vld1q_u8(from)
    }

    #[inline(always)]
    unsafe fn low(a: uint8x16_t) -> uint8x16_t {
        vandq_u8(a, vdupq_n_u8(15))
    }

    #[inline(always)]
    unsafe fn high(a: uint8x16_t) -> uint8x16_t {
        vshrq_n_u8::<4>(a)
    }

    #[inline(always)]
    unsafe fn six(low: uint8x16_t, top: uint8x16_t, shift: usize) -> uint8x16_t {
        let top = match shift {
            0 => vshlq_n_u8::<4>(top),
            2 => vshlq_n_u8::<2>(top),
            4 => top,
            _ => vshrq_n_u8::<2>(top),
        };
        vaddq_u8(vorrq_u8(low, vandq_u8(top, vdupq_n_u8(0x30))), vdupq_n_u8(96))
    }

    #[inline(always)]
    unsafe fn activation(from: *const i8) -> int8x16_t {
        vreinterpretq_s8_s32(vdupq_n_s32(from.cast::<i32>().read_unaligned()))
    }

    #[inline(always)]
    unsafe fn ready(a: uint8x16_t) -> int8x16_t {
        vreinterpretq_s8_u8(veorq_u8(a, vdupq_n_u8(0x80)))
    }

    #[inline(always)]
    unsafe fn start(_: i32) -> int32x4_t {
        vdupq_n_s32(0)
    }

    #[inline(always)]
    unsafe fn dot(sum: int32x4_t, w: int8x16_t, a: int8x16_t) -> int32x4_t {
        sdot(sum, w, a)
    }

    #[inline(always)]
    unsafe fn small_start(bias: i32) -> int32x4_t {
        vdupq_n_s32(bias)
    }

    #[inline(always)]
    unsafe fn small(sum: int32x4_t, w: uint8x16_t, a: int8x16_t) -> int32x4_t {
        sdot(sum, vreinterpretq_s8_u8(w), a)
    }

    #[inline(always)]
    unsafe fn small_end(sum: int32x4_t, _: i32) -> int32x4_t {
        sum
    }

    #[inline(always)]
    unsafe fn number(a: int32x4_t) -> float32x4_t {
        vcvtq_f32_s32(a)
    }

    #[inline(always)]
    unsafe fn spread(x: f32) -> float32x4_t {
        vdupq_n_f32(x)
    }

    #[inline(always)]
    unsafe fn halves(from: *const u16) -> float32x4_t {
        half4(from)
    }

    #[inline(always)]
    unsafe fn unsigned(from: *const u8) -> float32x4_t {
        let numbers = from.cast::<[u8; 4]>().read_unaligned();
        vld1q_f32(numbers.map(f32::from).as_ptr())
    }

    #[inline(always)]
    unsafe fn signed(from: *const i8) -> float32x4_t {
        let numbers = from.cast::<[i8; 4]>().read_unaligned();
        vld1q_f32(numbers.map(f32::from).as_ptr())
    }

    #[inline(always)]
    unsafe fn times(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        vmulq_f32(a, b)
    }

    #[inline(always)]
    unsafe fn fused(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        vfmaq_f32(c, a, b)
    }

    #[inline(always)]
    unsafe fn put(to: *mut f32, a: float32x4_t) {
        vst1q_f32(to, a);
    }
}
