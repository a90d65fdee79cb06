//! The kernels for each kind of processor: [`Isa`] names one, [`Kernels`] holds its functions.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

use std::fmt;
use std::ops::Range;
use std::thread;
use std::time::Instant;

use super::attention::{Head, Query};
use super::product::{Inputs, Panels, Target};

/// What the processor can do; each variant is a set of instructions that there are kernels for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Isa {
    /// AVX-512 with VNNI.
    Avx512Vnni,
    /// VNNI on 256 bits.
    AvxVnni,
    /// AVX2 with FMA and F16C.
    Avx2,
    /// NEON with the dot product.
    Neon,
    /// None in particular.
    Portable,
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avx512Vnni => "AVX-512 VNNI",
            Self::AvxVnni => "AVX-VNNI",
            Self::Avx2 => "AVX2",
            Self::Neon => "NEON",
            Self::Portable => "portable",
        })
    }
}

impl Isa {
    /// All, the fastest first.
    pub const ALL: [Self; 5] = [Self::Avx512Vnni, Self::AvxVnni, Self::Avx2, Self::Neon, Self::Portable];

    /// The fastest that this processor can do.
    pub fn detect() -> Self {
        Self::ALL.into_iter().find(|isa| isa.is_available()).unwrap_or(Self::Portable)
    }

    /// Whether this processor can do it.
    pub fn is_available(self) -> bool {
        self.kernels().is_some()
    }

    /// Its functions, if this processor can do it.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn kernels(self) -> Option<Kernels> {
        use std::arch::is_x86_feature_detected as has;
        let avx2 = has!("avx2") && has!("fma") && has!("f16c");
        let avx512 =
            avx2 && has!("avx512f") && has!("avx512bw") && has!("avx512dq") && has!("avx512vl") && has!("avx512vnni");
        match self {
            Self::Avx512Vnni => avx512.then_some(avx512_vnni::KERNELS),
            Self::AvxVnni if avx2 && has!("avxvnni") => Some(avx_vnni::KERNELS),
            Self::AvxVnni => avx512.then_some(avx512_vnni_256::KERNELS),
            Self::Avx2 => avx2.then_some(avx2_fma::KERNELS),
            Self::Neon => None,
            Self::Portable => Some(plain::KERNELS),
        }
    }

    /// Its functions, if this processor can do it.
    #[cfg(target_arch = "aarch64")]
    pub(super) fn kernels(self) -> Option<Kernels> {
        match self {
            Self::Neon => std::arch::is_aarch64_feature_detected!("dotprod").then_some(neon_dot::KERNELS),
            Self::Portable => Some(plain::KERNELS),
            _ => None,
        }
    }

    /// Its functions, if this processor can do it.
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pub(super) fn kernels(self) -> Option<Kernels> {
        (self == Self::Portable).then_some(plain::KERNELS)
    }
}

/// The functions of one kind of processor; what they do and ask for stands at the function of the same name in
/// `product`, `ops` and `attention`.
#[derive(Clone, Copy)]
pub(super) struct Kernels {
    pub(super) product: unsafe fn(&Panels, Range<usize>, &Inputs, Range<usize>, &Target),
    pub(super) quantize: unsafe fn(*const f32, *const f32, f32, &Inputs, usize),
    pub(super) normalize: unsafe fn(*mut f32, *const f32, usize, f32),
    pub(super) halve: unsafe fn(*const f32, *mut u16, usize),
    pub(super) attend: unsafe fn(&Head, &[Query], *mut f32, usize),
    pub(super) peak: unsafe fn(usize) -> usize,
}

/// Products of bytes a second that `threads` threads do with nothing to load; 0 for what this processor cannot do.
pub fn peak(isa: Isa, threads: usize) -> f64 {
    let Some(kernels) = isa.kernels() else { return 0.0 };
    let rounds = 100_000;
    let run = || {
        // SAFETY: `kernels` gives them only where the processor has the instructions.
        #[expect(unsafe_code, reason = "compiled for a processor that was looked at")]
        std::hint::black_box(unsafe { (kernels.peak)(rounds) })
    };
    let best = (0..5)
        .map(|_| {
            let start = Instant::now();
            thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(run))));
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min);
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let products = (threads * run()) as f64;
    products / best
}

impl fmt::Debug for Kernels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kernels")
    }
}

/// A module whose `KERNELS` are compiled with the given features of the processor.
macro_rules! kernels {
    (
        $(#[$attribute:meta])*
        $name:ident: $dot:ty, $lanes:ty, wide $wide:literal, tiles $tiles:literal, rows $rows:literal, values $values:literal
    ) => {
        #[expect(unsafe_code, unsafe_op_in_unsafe_fn, reason = "compiled for a processor that the caller vouches for")]
        mod $name {
            use std::ops::Range;

            use super::Kernels;
            use crate::cpu::attention::{self, Head, Query};
            use crate::cpu::ops;
            use crate::cpu::product::{self, Inputs, Panels, Target};

            pub(super) const KERNELS: Kernels = Kernels { product, quantize, normalize, halve, attend, peak };

            $(#[$attribute])*
            unsafe fn peak(rounds: usize) -> usize {
                product::peak::<$dot>(rounds)
            }

            $(#[$attribute])*
            unsafe fn product(
                matrix: &Panels,
                range: Range<usize>,
                inputs: &Inputs,
                lines: Range<usize>,
                target: &Target,
            ) {
                product::product::<$dot, $lanes, $wide, $tiles, $rows>(matrix, range, inputs, lines, target);
            }

            $(#[$attribute])*
            unsafe fn quantize(x: *const f32, gain: *const f32, epsilon: f32, into: &Inputs, row: usize) {
                ops::quantize::<$lanes>(x, gain, epsilon, into, row);
            }

            $(#[$attribute])*
            unsafe fn normalize(x: *mut f32, gain: *const f32, length: usize, epsilon: f32) {
                ops::normalize::<$lanes>(x, gain, length, epsilon);
            }

            $(#[$attribute])*
            unsafe fn halve(from: *const f32, to: *mut u16, length: usize) {
                ops::halve::<$lanes>(from, to, length);
            }

            $(#[$attribute])*
            unsafe fn attend(head: &Head, queries: &[Query], scores: *mut f32, stride: usize) {
                attention::attend::<$lanes, $values>(head, queries, scores, stride);
            }
        }
    };
}

kernels!(plain: super::portable::Portable, super::portable::Portable, wide 2, tiles 2, rows 2, values 1);

#[cfg(target_arch = "x86_64")]
kernels!(
    #[target_feature(enable = "avx2,fma,f16c")]
    avx2_fma: super::avx2::Avx2, super::avx2::Avx2, wide 4, tiles 2, rows 2, values 1
);

#[cfg(target_arch = "x86_64")]
kernels!(
    #[target_feature(enable = "avx2,fma,f16c,avxvnni")]
    avx_vnni: super::avx2::Vnni256<false>, super::avx2::Avx2, wide 4, tiles 2, rows 4, values 1
);

#[cfg(target_arch = "x86_64")]
kernels!(
    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512vl,avx512vnni")]
    avx512_vnni_256: super::avx2::Vnni256<true>, super::avx2::Avx2, wide 4, tiles 2, rows 4, values 1
);

#[cfg(target_arch = "x86_64")]
kernels!(
    #[target_feature(enable = "avx2,fma,f16c,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
    avx512_vnni: super::avx512::Avx512, super::avx512::Avx512, wide 2, tiles 2, rows 6, values 4
);

#[cfg(target_arch = "aarch64")]
kernels!(
    #[target_feature(enable = "neon,dotprod")]
    neon_dot: super::neon::Neon, super::neon::Neon, wide 4, tiles 4, rows 4, values 1
);
