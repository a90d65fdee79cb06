//! Repacks rows of a GGUF file into panels; see [`super::tile`] for how they lie.

use candle_core::Device;
use candle_core::quantized::{GgmlDType, ggml_file};
use half::{bf16, f16};

use super::tile::{BLOCK, Format, GROUP, PANEL, SCALES};
use crate::error::Error;

/// The format that keeps a type of a GGUF file, without loss where there is one.
pub(super) fn format_of(dtype: GgmlDType, columns: usize) -> Option<Format> {
    let format = match dtype {
        GgmlDType::Q4_0 => Format::Q4,
        GgmlDType::Q4K => Format::Q4K,
        GgmlDType::Q6K => Format::Q6K,
        // candle's blocks for intermediate results; no file has them as weights.
        GgmlDType::Q8_1 | GgmlDType::Q8K => return None,
        _ => Format::Q8,
    };
    columns.is_multiple_of(format.columns()).then_some(format)
}

/// A row of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) dtype: GgmlDType,
    pub(super) bytes: &'a [u8],
}

/// Packs up to 32 rows into a panel, whose bytes are all zero before. A lane without a row stays zero weights.
///
/// # Errors
/// When candle cannot read a row.
pub(super) fn pack(format: Format, columns: usize, rows: &[Option<Row<'_>>], panel: &mut [u8]) -> Result<(), Error> {
    let mut row_of = rows.iter().copied();
    for lane in 0..PANEL {
        match (format, row_of.next().flatten()) {
            (Format::Q4, Some(row)) => pack_q4(row.bytes, lane, panel),
            (Format::Q4K, Some(row)) => pack_q4k(row.bytes, lane, panel),
            (Format::Q6K, Some(row)) => pack_q6k(row.bytes, lane, panel),
            (Format::Q8, Some(Row { dtype: GgmlDType::Q8_0, bytes })) => pack_q8(bytes, lane, panel),
            (Format::Q8, Some(row)) => pack_q8(&quantized(&numbers(row, columns)?), lane, panel),
            // A scale of zero makes any weight one.
            (_, None) => {}
        }
    }
    Ok(())
}

/// The numbers of a row.
///
/// # Errors
/// When candle cannot read it.
pub(super) fn numbers(row: Row<'_>, columns: usize) -> Result<Vec<f32>, Error> {
    let pairs = || row.bytes.as_chunks::<2>().0.iter();
    Ok(match row.dtype {
        GgmlDType::F32 => row.bytes.as_chunks::<4>().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        GgmlDType::F16 => pairs().map(|&bytes| f16::from_le_bytes(bytes).to_f32()).collect(),
        GgmlDType::BF16 => pairs().map(|&bytes| bf16::from_le_bytes(bytes).to_f32()).collect(),
        dtype => {
            let tensor = ggml_file::qtensor_from_ggml(dtype, row.bytes, vec![columns], &Device::Cpu)?;
            tensor.dequantize(&Device::Cpu)?.to_vec1()?
        }
    })
}

/// Numbers as blocks of `Q8_0`.
fn quantized(numbers: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len() / BLOCK * 34);
    for block in numbers.chunks_exact(BLOCK) {
        let largest = block.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
        let scale = f16::from_f32(largest / 127.0);
        let inverse = if scale == f16::ZERO { 0.0 } else { 1.0 / scale.to_f32() };
        bytes.extend(scale.to_le_bytes());
        #[expect(clippy::cast_possible_truncation, reason = "kept in range")]
        bytes.extend(block.iter().map(|x| ((x * inverse).round().clamp(-127.0, 127.0) as i8).cast_unsigned()));
    }
    bytes
}

/// The scales of a block, and its weights from the first byte of a lane.
fn lane_of(panel: &mut [u8], format: Format, block: usize, lane: usize) -> (&mut [u8], &mut [u8]) {
    let (at, _) = format.place(block);
    let (scales, quants) = panel[at..at + format.block()].split_at_mut(SCALES);
    (scales, &mut quants[lane * 4..])
}

fn pack_q8(row: &[u8], lane: usize, panel: &mut [u8]) {
    for (block, bytes) in row.chunks_exact(34).enumerate() {
        let (scales, quants) = lane_of(panel, Format::Q8, block, lane);
        scales[2 * lane..][..2].copy_from_slice(&bytes[..2]);
        for (column, byte) in bytes[2..].iter().enumerate() {
            quants[column / 4 * GROUP + column % 4] = byte ^ 0x80;
        }
    }
}

fn pack_q4(row: &[u8], lane: usize, panel: &mut [u8]) {
    for (block, bytes) in row.chunks_exact(18).enumerate() {
        let (scales, quants) = lane_of(panel, Format::Q4, block, lane);
        scales[2 * lane..][..2].copy_from_slice(&bytes[..2]);
        for (column, byte) in bytes[2..].iter().enumerate() {
            quants[column / 4 * GROUP + column % 4] = *byte;
        }
    }
}

/// Writes 32 weights of four bits.
fn put_nibbles(weights: &[u8; BLOCK], quants: &mut [u8]) {
    for column in 0..16 {
        quants[column / 4 * GROUP + column % 4] = (weights[column] & 15) | weights[column + 16] << 4;
    }
}

// The layout of the blocks of `Q4_K` and `Q6_K` is that of ggml.
fn pack_q4k(row: &[u8], lane: usize, panel: &mut [u8]) {
    for (group, bytes) in row.chunks_exact(144).enumerate() {
        let (_, head) = Format::Q4K.place(group * 8);
        panel[head + 2 * lane..][..2].copy_from_slice(&bytes[..2]);
        panel[head + 2 * (PANEL + lane)..][..2].copy_from_slice(&bytes[2..4]);
        let (six, pairs) = bytes[4..].split_at(12);
        for sub in 0..8 {
            let (scale, minimum) = if sub < 4 {
                (six[sub] & 63, six[sub + 4] & 63)
            } else {
                ((six[sub + 4] & 15) | (six[sub - 4] >> 6) << 4, (six[sub + 4] >> 4) | (six[sub] >> 6) << 4)
            };
            let (scales, quants) = lane_of(panel, Format::Q4K, group * 8 + sub, lane);
            scales[lane] = scale;
            scales[PANEL + lane] = minimum;
            let weights = std::array::from_fn(|column| pairs[sub / 2 * 32 + column] >> (sub % 2 * 4) & 15);
            put_nibbles(&weights, quants);
        }
    }
}

fn pack_q6k(row: &[u8], lane: usize, panel: &mut [u8]) {
    for (group, bytes) in row.chunks_exact(210).enumerate() {
        let (_, head) = Format::Q6K.place(group * 8);
        panel[head + 2 * lane..][..2].copy_from_slice(&bytes[208..]);
        let (low, high, scale) = (&bytes[..128], &bytes[128..192], &bytes[192..208]);
        for sub in 0..8 {
            // Each half of the 256 weights is four times 32: low bits in 64 bytes, high bits in 32.
            let (half, quarter) = (sub / 4, sub % 4);
            let weights: [u8; BLOCK] = std::array::from_fn(|column| {
                let low = low[half * 64 + quarter % 2 * 32 + column] >> (quarter / 2 * 4) & 15;
                low | (high[half * 32 + column] >> (quarter * 2) & 3) << 4
            });
            let (scales, quants) = lane_of(panel, Format::Q6K, group * 8 + sub, lane);
            scales[lane] = scale[sub * 2];
            scales[PANEL + lane] = scale[sub * 2 + 1];
            put_nibbles(&weights, quants);
            for (column, weight) in weights.iter().enumerate() {
                quants[(4 + column / 16) * GROUP + column % 4] |= (weight >> 4) << (column / 4 % 4 * 2);
            }
        }
    }
}
