//! AVX2 with FMA and F16C, and on top of it the 256-bit VNNI of processors without AVX-512.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::cast_ptr_alignment,
    clippy::inline_always,
    reason = "callers vouch for the pointers and the processor; every step has to be inlined into the loop around it"
)]

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm_add_epi32, _mm_add_ps, _mm_add_ss, _mm_cvtsi128_si32, _mm_cvtss_f32, _mm_loadl_epi64,
    _mm_loadu_si128, _mm_max_ps, _mm_max_ss, _mm_movehl_ps, _mm_packs_epi16, _mm_packs_epi32, _mm_shuffle_epi32,
    _mm_shuffle_ps, _mm_storeu_si128, _mm256_abs_epi8, _mm256_add_epi8, _mm256_add_epi16, _mm256_add_epi32,
    _mm256_add_ps, _mm256_and_ps, _mm256_and_si256, _mm256_castps256_ps128, _mm256_castsi256_ps,
    _mm256_castsi256_si128, _mm256_cvtepi8_epi32, _mm256_cvtepi32_ps, _mm256_cvtepu8_epi32, _mm256_cvtph_ps,
    _mm256_cvtps_epi32, _mm256_cvtps_ph, _mm256_div_ps, _mm256_dpbusd_avx_epi32, _mm256_dpbusd_epi32,
    _mm256_extractf128_ps, _mm256_extracti128_si256, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256,
    _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_max_ps, _mm256_min_ps, _mm256_mul_ps, _mm256_or_si256,
    _mm256_round_ps, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps, _mm256_setzero_si256,
    _mm256_sign_epi8, _mm256_slli_epi16, _mm256_slli_epi32, _mm256_srli_epi16, _mm256_storeu_ps, _mm256_sub_ps,
    _mm256_xor_si256,
};

use crate::cpu::lanes::{Dot, Lanes};

/// AVX2: 16 numbers are two registers.
#[derive(Clone, Copy)]
pub(super) struct Avx2;

/// The sum of eight numbers: halves are added until one is left.
#[inline(always)]
pub(super) unsafe fn sum8(a: __m256) -> f32 {
    let a = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
    let a = _mm_add_ps(a, _mm_movehl_ps(a, a));
    _mm_cvtss_f32(_mm_add_ss(a, _mm_shuffle_ps::<1>(a, a)))
}

/// The largest of eight numbers.
#[inline(always)]
pub(super) unsafe fn top8(a: __m256) -> f32 {
    let a = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
    let a = _mm_max_ps(a, _mm_movehl_ps(a, a));
    _mm_cvtss_f32(_mm_max_ss(a, _mm_shuffle_ps::<1>(a, a)))
}

#[inline(always)]
unsafe fn half8(from: *const u16) -> __m256 {
    _mm256_cvtph_ps(_mm_loadu_si128(from.cast::<__m128i>()))
}

#[inline(always)]
unsafe fn power8(a: __m256) -> __m256 {
    let exponent = _mm256_add_epi32(_mm256_cvtps_epi32(a), _mm256_set1_epi32(127));
    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(exponent))
}

#[inline(always)]
unsafe fn words8(a: __m256i) -> __m128i {
    _mm_packs_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256::<1>(a))
}

impl Lanes for Avx2 {
    type F = [__m256; 2];

    #[inline(always)]
    unsafe fn splat(x: f32) -> Self::F {
        [_mm256_set1_ps(x); 2]
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> Self::F {
        [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))]
    }

    #[inline(always)]
    unsafe fn store(to: *mut f32, x: Self::F) {
        _mm256_storeu_ps(to, x[0]);
        _mm256_storeu_ps(to.add(8), x[1]);
    }

    #[inline(always)]
    unsafe fn load_half(from: *const u16) -> Self::F {
        [half8(from), half8(from.add(8))]
    }

    #[inline(always)]
    unsafe fn store_half(to: *mut u16, x: Self::F) {
        _mm_storeu_si128(to.cast::<__m128i>(), _mm256_cvtps_ph::<0>(x[0]));
        _mm_storeu_si128(to.add(8).cast::<__m128i>(), _mm256_cvtps_ph::<0>(x[1]));
    }

    #[inline(always)]
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_add_ps(a[0], b[0]), _mm256_add_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_sub_ps(a[0], b[0]), _mm256_sub_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn div(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_div_ps(a[0], b[0]), _mm256_div_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_max_ps(a[0], b[0]), _mm256_max_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F {
        [_mm256_min_ps(a[0], b[0]), _mm256_min_ps(a[1], b[1])]
    }

    #[inline(always)]
    unsafe fn abs(a: Self::F) -> Self::F {
        let mask = _mm256_castsi256_ps(_mm256_set1_epi32(i32::MAX));
        [_mm256_and_ps(a[0], mask), _mm256_and_ps(a[1], mask)]
    }

    #[inline(always)]
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])]
    }

    #[inline(always)]
    unsafe fn round(a: Self::F) -> Self::F {
        [_mm256_round_ps::<8>(a[0]), _mm256_round_ps::<8>(a[1])]
    }

    #[inline(always)]
    unsafe fn power_of_two(a: Self::F) -> Self::F {
        [power8(a[0]), power8(a[1])]
    }

    #[inline(always)]
    unsafe fn store_bytes(to: *mut i8, a: Self::F) -> i32 {
        let (low, high) = (_mm256_cvtps_epi32(a[0]), _mm256_cvtps_epi32(a[1]));
        _mm_storeu_si128(to.cast::<__m128i>(), _mm_packs_epi16(words8(low), words8(high)));
        let sum = _mm256_add_epi32(low, high);
        let sum = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256::<1>(sum));
        let sum = _mm_add_epi32(sum, _mm_shuffle_epi32::<0b00_00_11_10>(sum));
        _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_shuffle_epi32::<0b00_00_00_01>(sum)))
    }

    #[inline(always)]
    unsafe fn sum(a: Self::F) -> f32 {
        sum8(_mm256_add_ps(a[0], a[1]))
    }

    #[inline(always)]
    unsafe fn top(a: Self::F) -> f32 {
        top8(_mm256_max_ps(a[0], a[1]))
    }
}

/// What AVX2 and its VNNI do alike.
macro_rules! common {
    () => {
        const LANES: usize = 8;
        type V = __m256;
        type I = __m256i;
        type S = __m256i;
        type B = __m256i;
        type A = __m256i;

        #[inline(always)]
        unsafe fn bytes(from: *const u8) -> __m256i {
            _mm256_loadu_si256(from.cast::<__m256i>())
        }

        #[inline(always)]
        unsafe fn low(a: __m256i) -> __m256i {
            _mm256_and_si256(a, _mm256_set1_epi8(15))
        }

        #[inline(always)]
        unsafe fn high(a: __m256i) -> __m256i {
            _mm256_and_si256(_mm256_srli_epi16::<4>(a), _mm256_set1_epi8(15))
        }

        #[inline(always)]
        unsafe fn six(low: __m256i, top: __m256i, shift: usize) -> __m256i {
            let top = match shift {
                0 => _mm256_slli_epi16::<4>(top),
                2 => _mm256_slli_epi16::<2>(top),
                4 => top,
                _ => _mm256_srli_epi16::<2>(top),
            };
            let whole = _mm256_or_si256(low, _mm256_and_si256(top, _mm256_set1_epi8(0x30)));
            _mm256_add_epi8(whole, _mm256_set1_epi8(96))
        }

        #[inline(always)]
        unsafe fn activation(from: *const i8) -> __m256i {
            _mm256_set1_epi32(from.cast::<i32>().read_unaligned())
        }

        #[inline(always)]
        unsafe fn number(a: __m256i) -> __m256 {
            _mm256_cvtepi32_ps(a)
        }

        #[inline(always)]
        unsafe fn spread(x: f32) -> __m256 {
            _mm256_set1_ps(x)
        }

        #[inline(always)]
        unsafe fn halves(from: *const u16) -> __m256 {
            half8(from)
        }

        #[inline(always)]
        unsafe fn unsigned(from: *const u8) -> __m256 {
            _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(from.cast::<__m128i>())))
        }

        #[inline(always)]
        unsafe fn signed(from: *const i8) -> __m256 {
            _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_loadl_epi64(from.cast::<__m128i>())))
        }

        #[inline(always)]
        unsafe fn times(a: __m256, b: __m256) -> __m256 {
            _mm256_mul_ps(a, b)
        }

        #[inline(always)]
        unsafe fn fused(a: __m256, b: __m256, c: __m256) -> __m256 {
            _mm256_fmadd_ps(a, b, c)
        }

        #[inline(always)]
        unsafe fn put(to: *mut f32, a: __m256) {
            _mm256_storeu_ps(to, a);
        }
    };
}

impl Dot for Avx2 {
    common!();
    /// The weights without their sign, and with it.
    type W = (__m256i, __m256i);

    #[inline(always)]
    unsafe fn ready(a: __m256i) -> Self::W {
        let signed = _mm256_xor_si256(a, _mm256_set1_epi8(-128));
        (_mm256_abs_epi8(signed), signed)
    }

    #[inline(always)]
    unsafe fn start(_: i32) -> __m256i {
        _mm256_setzero_si256()
    }

    // `maddubs` adds two products in 16 bits. Of bytes up to 255 they would not fit; of a weight's amount, at most 128, and an
    // activation, at most 127, they do.
    #[inline(always)]
    unsafe fn dot(sum: __m256i, (amount, signed): Self::W, a: __m256i) -> __m256i {
        let pairs = _mm256_maddubs_epi16(amount, _mm256_sign_epi8(a, signed));
        _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)))
    }

    #[inline(always)]
    unsafe fn small_start(_: i32) -> __m256i {
        _mm256_setzero_si256()
    }

    // 16 products of 15 and 127 at most meet in 16 bits: 30,480.
    #[inline(always)]
    unsafe fn small(sum: __m256i, w: __m256i, a: __m256i) -> __m256i {
        _mm256_add_epi16(sum, _mm256_maddubs_epi16(w, a))
    }

    #[inline(always)]
    unsafe fn small_end(sum: __m256i, bias: i32) -> __m256i {
        _mm256_add_epi32(_mm256_madd_epi16(sum, _mm256_set1_epi16(1)), _mm256_set1_epi32(bias))
    }
}

/// VNNI on 256 bits, written as AVX-VNNI, or as AVX-512 writes it.
#[derive(Clone, Copy)]
pub(super) struct Vnni256<const AVX512: bool>;

#[inline(always)]
unsafe fn dpbusd<const AVX512: bool>(sum: __m256i, w: __m256i, a: __m256i) -> __m256i {
    if AVX512 { _mm256_dpbusd_epi32(sum, w, a) } else { _mm256_dpbusd_avx_epi32(sum, w, a) }
}

impl<const AVX512: bool> Dot for Vnni256<AVX512> {
    common!();
    type W = __m256i;

    #[inline(always)]
    unsafe fn ready(a: __m256i) -> __m256i {
        a
    }

    #[inline(always)]
    unsafe fn start(sum: i32) -> __m256i {
        _mm256_set1_epi32(-128 * sum)
    }

    #[inline(always)]
    unsafe fn dot(sum: __m256i, w: __m256i, a: __m256i) -> __m256i {
        dpbusd::<AVX512>(sum, w, a)
    }

    #[inline(always)]
    unsafe fn small_start(bias: i32) -> __m256i {
        _mm256_set1_epi32(bias)
    }

    #[inline(always)]
    unsafe fn small(sum: __m256i, w: __m256i, a: __m256i) -> __m256i {
        dpbusd::<AVX512>(sum, w, a)
    }

    #[inline(always)]
    unsafe fn small_end(sum: __m256i, _: i32) -> __m256i {
        sum
    }
}
