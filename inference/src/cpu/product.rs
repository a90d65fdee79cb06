//! Weights times activations, the loop that nearly all time goes into.
//!
//! Invariant: each number of the result is one chain of additions over the blocks of its row, in their order, and nothing else
//! takes part in it. So it does not matter how many rows are computed at once, nor on how many threads, nor on what processor.

#![expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::cast_ptr_alignment,
    clippy::inline_always,
    clippy::needless_range_loop,
    reason = "callers vouch for the pointers; every step has to be inlined into the loop around it"
)]

use std::ops::Range;

use super::lanes::{Dot, Lanes};
use super::ops;
use super::tile::{BLOCK, Format, GROUP, PANEL, SCALES, kind};

/// The panels of a matrix.
#[derive(Clone, Copy)]
pub(super) struct Panels {
    pub(super) format: Format,
    pub(super) columns: usize,
    pub(super) bytes: *const u8,
}

/// Quantized activations, row by row: bytes, and for each block of them a scale, minus the scale times the sum of the bytes,
/// and the sums of its two halves.
#[derive(Clone, Copy)]
pub(super) struct Inputs {
    pub(super) columns: usize,
    pub(super) bytes: *mut i8,
    pub(super) scales: *mut f32,
    pub(super) shifts: *mut f32,
    pub(super) sums: *mut [i32; 2],
}

/// What becomes of a result.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// It is written.
    Store,
    /// It is added to what is there.
    Add,
    /// The first sixteen rows of each panel go through `SiLU` and are multiplied by the others.
    Gate,
}

/// Where a result goes.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) out: *mut f32,
    /// From a row of it to the next.
    pub(super) stride: usize,
    /// How many numbers a row of it has: the rows of the matrix.
    pub(super) length: usize,
    /// What is added to each row, or null.
    pub(super) bias: *const f32,
    pub(super) then: Then,
}

/// `T` registers of rows of a panel, from lane `first`, times `M` rows of activations.
#[inline(always)]
#[expect(clippy::too_many_lines, reason = "cut in two, it would have to hand some twenty registers over")]
unsafe fn unit<D: Dot, const KIND: u8, const T: usize, const M: usize>(
    panel: *const u8,
    first: usize,
    inputs: &Inputs,
    row: usize,
    out: *mut [f32; PANEL],
) {
    let blocks = inputs.columns / BLOCK;
    // Loops and no closures from here on: a closure is compiled without the features of the function around it, and what it
    // calls is then not inlined.
    let (mut bytes, mut index, mut strip) = ([inputs.bytes.cast_const(); M], [0; M], [0; T]);
    for m in 0..M {
        bytes[m] = inputs.bytes.add((row + m) * inputs.columns);
        index[m] = (row + m) * blocks;
    }
    for t in 0..T {
        strip[t] = (first + t * D::LANES) * 4;
    }
    let mut total = [[D::spread(0.0); T]; M];
    let (mut scale, mut minimum) = ([D::spread(0.0); T], [D::spread(0.0); T]);
    let mut at = panel;
    let mut block = 0;
    while block < blocks {
        if kind::head(KIND) > 0 {
            for t in 0..T {
                let lane = first + t * D::LANES;
                scale[t] = D::halves(at.cast::<u16>().add(lane));
                if KIND == kind::Q4K {
                    minimum[t] = D::halves(at.cast::<u16>().add(PANEL + lane));
                }
            }
            at = at.add(kind::head(KIND));
        }
        for _ in 0..kind::group(KIND) {
            let quants = at.add(SCALES);
            let halves = if KIND == kind::Q6K { 2 } else { 1 };
            for half in 0..halves {
                let mut sums = [[D::start(0); T]; M];
                if KIND == kind::Q4 || KIND == kind::Q4K {
                    let mut bias = [0; M];
                    let mut small = [[D::small_start(0); T]; M];
                    for m in 0..M {
                        let [a, b] = *inputs.sums.add(index[m] + block);
                        bias[m] = if KIND == kind::Q4 { -8 * (a + b) } else { 0 };
                        small[m] = [D::small_start(bias[m]); T];
                    }
                    for group in 0..8 {
                        let mut w = [D::bytes(quants); T];
                        for t in 0..T {
                            let raw = D::bytes(quants.add(strip[t] + group % 4 * GROUP));
                            w[t] = if group < 4 { D::low(raw) } else { D::high(raw) };
                        }
                        for m in 0..M {
                            let a = D::activation(bytes[m].add(block * BLOCK + group * 4));
                            for t in 0..T {
                                small[m][t] = D::small(small[m][t], w[t], a);
                            }
                        }
                    }
                    for m in 0..M {
                        for t in 0..T {
                            sums[m][t] = D::small_end(small[m][t], bias[m]);
                        }
                    }
                } else {
                    for m in 0..M {
                        let [a, b] = *inputs.sums.add(index[m] + block);
                        sums[m] = [D::start(if KIND == kind::Q8 { a + b } else { [a, b][half] }); T];
                    }
                    for group in 0..8 / halves {
                        let mut w = [D::ready(D::bytes(quants)); T];
                        for t in 0..T {
                            let raw = D::bytes(quants.add(strip[t] + group * GROUP));
                            w[t] = D::ready(if KIND == kind::Q8 {
                                raw
                            } else {
                                let low = if half == 0 { D::low(raw) } else { D::high(raw) };
                                D::six(low, D::bytes(quants.add(strip[t] + (4 + half) * GROUP)), group * 2)
                            });
                        }
                        for m in 0..M {
                            let a = D::activation(bytes[m].add(block * BLOCK + half * 16 + group * 4));
                            for t in 0..T {
                                sums[m][t] = D::dot(sums[m][t], w[t], a);
                            }
                        }
                    }
                }
                let mut factor = [D::spread(0.0); T];
                for t in 0..T {
                    let lane = first + t * D::LANES;
                    factor[t] = match KIND {
                        kind::Q4K => D::times(scale[t], D::unsigned(at.add(lane))),
                        kind::Q6K => D::times(scale[t], D::signed(at.add(half * PANEL + lane).cast::<i8>())),
                        _ => D::halves(at.cast::<u16>().add(lane)),
                    };
                }
                for m in 0..M {
                    let s = D::spread(*inputs.scales.add(index[m] + block));
                    for t in 0..T {
                        total[m][t] = D::fused(D::number(sums[m][t]), D::times(factor[t], s), total[m][t]);
                    }
                }
                if KIND == kind::Q4K {
                    let mut least = [D::spread(0.0); T];
                    for t in 0..T {
                        least[t] = D::times(minimum[t], D::unsigned(at.add(PANEL + first + t * D::LANES)));
                    }
                    for m in 0..M {
                        let shift = D::spread(*inputs.shifts.add(index[m] + block));
                        for t in 0..T {
                            total[m][t] = D::fused(least[t], shift, total[m][t]);
                        }
                    }
                }
            }
            at = at.add(SCALES + kind::weights(KIND));
            block += 1;
        }
    }
    for m in 0..M {
        for t in 0..T {
            D::put((*out.add(m)).as_mut_ptr().add(first + t * D::LANES), total[m][t]);
        }
    }
}

/// `M` rows of activations times a whole panel, and what becomes of it.
#[inline(always)]
unsafe fn rows<D: Dot, L: Lanes, const KIND: u8, const T: usize, const M: usize>(
    panel: *const u8,
    number: usize,
    inputs: &Inputs,
    row: usize,
    target: &Target,
) {
    let mut out = [[0.0; PANEL]; M];
    let mut first = 0;
    while first < PANEL {
        unit::<D, KIND, T, M>(panel, first, inputs, row, out.as_mut_ptr());
        first += T * D::LANES;
    }
    for (m, out) in out.iter().enumerate() {
        finish::<L>(out, number, row + m, target);
    }
}

#[inline(always)]
unsafe fn finish<L: Lanes>(out: &[f32; PANEL], panel: usize, row: usize, target: &Target) {
    let (low, high) = (out.as_ptr(), out.as_ptr().add(16));
    let line = target.out.add(row * target.stride);
    if target.then == Then::Gate {
        let gate = ops::silu::<L>(L::load(low));
        let gated = L::mul(gate, L::load(high));
        let at = panel * 16;
        if at + 16 <= target.length {
            L::store(line.add(at), gated);
        } else {
            let mut rest = [0.0; 16];
            L::store(rest.as_mut_ptr(), gated);
            line.add(at).copy_from_nonoverlapping(rest.as_ptr(), target.length - at);
        }
        return;
    }
    let at = panel * PANEL;
    if at + PANEL <= target.length {
        for half in [0, 16] {
            let mut x = L::load(out.as_ptr().add(half));
            let to = line.add(at + half);
            if !target.bias.is_null() {
                x = L::add(x, L::load(target.bias.add(at + half)));
            }
            if target.then == Then::Add {
                x = L::add(L::load(to), x);
            }
            L::store(to, x);
        }
    } else {
        for (index, &x) in out.iter().enumerate().take(target.length - at) {
            let to = line.add(at + index);
            let x = if target.bias.is_null() { x } else { x + *target.bias.add(at + index) };
            *to = if target.then == Then::Add { *to + x } else { x };
        }
    }
}

#[inline(always)]
unsafe fn panels<D: Dot, L: Lanes, const KIND: u8, const WIDE: usize, const T: usize, const M: usize>(
    matrix: &Panels,
    range: Range<usize>,
    inputs: &Inputs,
    lines: Range<usize>,
    target: &Target,
) {
    let size = matrix.format.panel(matrix.columns);
    for number in range {
        let panel = matrix.bytes.add(number * size);
        let mut row = lines.start;
        while row + M <= lines.end {
            rows::<D, L, KIND, T, M>(panel, number, inputs, row, target);
            row += M;
        }
        if M > 4 && row + 4 <= lines.end {
            rows::<D, L, KIND, T, 4>(panel, number, inputs, row, target);
            row += 4;
        }
        if row + 2 <= lines.end {
            rows::<D, L, KIND, T, 2>(panel, number, inputs, row, target);
            row += 2;
        }
        if row < lines.end {
            rows::<D, L, KIND, WIDE, 1>(panel, number, inputs, row, target);
        }
    }
}

/// The panels `range` of a matrix times the rows `lines` of the activations. `WIDE` registers of weights meet one row, or `T`
/// of them up to `M` rows.
///
/// # Safety
/// The panels, the rows and the target lie where the structures say, and nobody else writes the same numbers.
#[inline(always)]
pub(super) unsafe fn product<D: Dot, L: Lanes, const WIDE: usize, const T: usize, const M: usize>(
    matrix: &Panels,
    range: Range<usize>,
    inputs: &Inputs,
    lines: Range<usize>,
    target: &Target,
) {
    match matrix.format {
        Format::Q8 => panels::<D, L, { kind::Q8 }, WIDE, T, M>(matrix, range, inputs, lines, target),
        Format::Q4 => panels::<D, L, { kind::Q4 }, WIDE, T, M>(matrix, range, inputs, lines, target),
        Format::Q4K => panels::<D, L, { kind::Q4K }, WIDE, T, M>(matrix, range, inputs, lines, target),
        Format::Q6K => panels::<D, L, { kind::Q6K }, WIDE, T, M>(matrix, range, inputs, lines, target),
    }
}

/// As many sums as there are registers for, with nothing to load; how many products that were.
///
/// # Safety
/// None but that of the processor.
#[inline(always)]
pub(super) unsafe fn peak<D: Dot>(rounds: usize) -> usize {
    const SUMS: usize = 12;
    let w = D::bytes(std::hint::black_box([7; 64]).as_ptr());
    let a = D::activation(std::hint::black_box([3; 4]).as_ptr());
    let mut sums = [D::small_start(0); SUMS];
    for _ in 0..rounds {
        for sum in &mut sums {
            *sum = D::small(*sum, w, a);
        }
    }
    std::hint::black_box(&mut sums);
    rounds * SUMS * D::LANES * 4
}
