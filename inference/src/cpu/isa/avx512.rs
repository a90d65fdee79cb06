//! AVX-512 with VNNI: Ice Lake, Sapphire Rapids, Zen 4 and later.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::cast_ptr_alignment,
    clippy::inline_always,
    reason = "callers vouch for the pointers and the processor; every step has to be inlined into the loop around it"
)]

use std::arch::x86_64::{
    __m128i, __m256i, __m512, __m512i, _mm_loadu_si128, _mm_storeu_si128, _mm256_add_ps, _mm256_loadu_si256,
    _mm256_max_ps, _mm256_storeu_si256, _mm512_abs_ps, _mm512_add_epi8, _mm512_add_ps, _mm512_and_si512,
    _mm512_castps512_ps256, _mm512_cvtepi8_epi32, _mm512_cvtepi32_ps, _mm512_cvtepu8_epi32, _mm512_cvtph_ps,
    _mm512_cvtps_epi32, _mm512_cvtps_ph, _mm512_cvtsepi32_epi8, _mm512_div_ps, _mm512_dpbusd_epi32,
    _mm512_extractf32x8_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_loadu_si512, _mm512_max_ps, _mm512_min_ps,
    _mm512_mul_ps, _mm512_or_si512, _mm512_reduce_add_epi32, _mm512_roundscale_ps, _mm512_scalef_ps, _mm512_set1_epi8,
    _mm512_set1_epi32, _mm512_set1_ps, _mm512_slli_epi16, _mm512_srli_epi16, _mm512_storeu_ps, _mm512_sub_ps,
};

use super::avx2::{sum8, top8};
use crate::cpu::lanes::{Dot, Lanes};

#[derive(Clone, Copy)]
pub(super) struct Avx512;

impl Lanes for Avx512 {
    type F = __m512;

    #[inline(always)]
    unsafe fn splat(x: f32) -> __m512 {
        _mm512_set1_ps(x)
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        _mm512_loadu_ps(from)
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, x: __m512) {
        _mm512_storeu_ps(to, x);
    }

    #[inline(always)]
    unsafe fn load_half(from: *const u16) -> __m512 {
        _mm512_cvtph_ps(_mm256_loadu_si256(from.cast::<__m256i>()))
    }

    #[inline(always)]
    unsafe fn store_half(to: *mut u16, x: __m512) {
        _mm256_storeu_si256(to.cast::<__m256i>(), _mm512_cvtps_ph::<0>(x));
    }

    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        _mm512_add_ps(a, b)
    }

    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        _mm512_sub_ps(a, b)
    }

    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        _mm512_mul_ps(a, b)
    }

    #[inline(always)]
    unsafe fn div(a: __m512, b: __m512) -> __m512 {
        _mm512_div_ps(a, b)
    }

    #[inline(always)]
    unsafe fn max(a: __m512, b: __m512) -> __m512 {
        _mm512_max_ps(a, b)
    }

    #[inline(always)]
    unsafe fn min(a: __m512, b: __m512) -> __m512 {
        _mm512_min_ps(a, b)
    }

    #[inline(always)]
    unsafe fn abs(a: __m512) -> __m512 {
        _mm512_abs_ps(a)
    }

    #[inline(always)]
    unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
        _mm512_fmadd_ps(a, b, c)
    }

    #[inline(always)]
    unsafe fn round(a: __m512) -> __m512 {
        _mm512_roundscale_ps::<0>(a)
    }

    #[inline(always)]
    unsafe fn power_of_two(a: __m512) -> __m512 {
        _mm512_scalef_ps(_mm512_set1_ps(1.0), a)
    }

    #[inline(always)]
    unsafe fn store_bytes(to: *mut i8, a: __m512) -> i32 {
        let whole = _mm512_cvtps_epi32(a);
        _mm_storeu_si128(to.cast::<__m128i>(), _mm512_cvtsepi32_epi8(whole));
        _mm512_reduce_add_epi32(whole)
    }

    #[inline(always)]
    unsafe fn sum(a: __m512) -> f32 {
        sum8(_mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)))
    }

    #[inline(always)]
    unsafe fn top(a: __m512) -> f32 {
        top8(_mm256_max_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a)))
    }
}

impl Dot for Avx512 {
    const LANES: usize = 16;
    type V = __m512;
    type I = __m512i;
    type S = __m512i;
    type B = __m512i;
    type W = __m512i;
    type A = __m512i;

    #[inline(always)]
    unsafe fn bytes(from: *const u8) -> __m512i {
        _mm512_loadu_si512(from.cast())
    }

    #[inline(always)]
    unsafe fn low(a: __m512i) -> __m512i {
        _mm512_and_si512(a, _mm512_set1_epi8(15))
    }

    #[inline(always)]
    unsafe fn high(a: __m512i) -> __m512i {
        _mm512_and_si512(_mm512_srli_epi16::<4>(a), _mm512_set1_epi8(15))
    }

    #[inline(always)]
    unsafe fn six(low: __m512i, top: __m512i, shift: usize) -> __m512i {
        let top = match shift {
            0 => _mm512_slli_epi16::<4>(top),
            2 => _mm512_slli_epi16::<2>(top),
            4 => top,
            _ => _mm512_srli_epi16::<2>(top),
        };
        let whole = _mm512_or_si512(low, _mm512_and_si512(top, _mm512_set1_epi8(0x30)));
        _mm512_add_epi8(whole, _mm512_set1_epi8(96))
    }

    #[inline(always)]
    unsafe fn activation(from: *const i8) -> __m512i {
        _mm512_set1_epi32(from.cast::<i32>().read_unaligned())
    }

    #[inline(always)]
    unsafe fn ready(a: __m512i) -> __m512i {
        a
    }

    #[inline(always)]
    unsafe fn start(sum: i32) -> __m512i {
        _mm512_set1_epi32(-128 * sum)
    }

    #[inline(always)]
    unsafe fn dot(sum: __m512i, w: __m512i, a: __m512i) -> __m512i {
        _mm512_dpbusd_epi32(sum, w, a)
    }

    #[inline(always)]
    unsafe fn small_start(bias: i32) -> __m512i {
        _mm512_set1_epi32(bias)
    }

    #[inline(always)]
    unsafe fn small(sum: __m512i, w: __m512i, a: __m512i) -> __m512i {
        _mm512_dpbusd_epi32(sum, w, a)
    }

    #[inline(always)]
    unsafe fn small_end(sum: __m512i, _: i32) -> __m512i {
        sum
    }

    #[inline(always)]
    unsafe fn number(a: __m512i) -> __m512 {
        _mm512_cvtepi32_ps(a)
    }

    #[inline(always)]
    unsafe fn spread(x: f32) -> __m512 {
        _mm512_set1_ps(x)
    }

    #[inline(always)]
    unsafe fn halves(from: *const u16) -> __m512 {
        <Self as Lanes>::load_half(from)
    }

    #[inline(always)]
    unsafe fn unsigned(from: *const u8) -> __m512 {
        _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(from.cast::<__m128i>())))
    }

    #[inline(always)]
    unsafe fn signed(from: *const i8) -> __m512 {
        _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(from.cast::<__m128i>())))
    }

    #[inline(always)]
    unsafe fn times(a: __m512, b: __m512) -> __m512 {
        _mm512_mul_ps(a, b)
    }

    #[inline(always)]
    unsafe fn fused(a: __m512, b: __m512, c: __m512) -> __m512 {
        _mm512_fmadd_ps(a, b, c)
    }

    #[inline(always)]
    unsafe fn put(to: *mut f32, a: __m512) {
        _mm512_storeu_ps(to, a);
    }
}
