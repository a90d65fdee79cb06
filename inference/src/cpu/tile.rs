//! How a matrix of weights lies in memory: [`Format`], and [`Matrix`].
//!
//! A panel is 32 rows in blocks of 32 columns. A block begins with 64 bytes of scales, then come the weights in groups of 128
//! bytes: byte `4 * row + column % 4` of a group holds a weight, or a part of one, of four columns of each row. Half of a group
//! is what one register of 512 bits wants, and parts of it the narrower ones. Rows that fill the last panel up are zero.
//!
//! So a panel is read byte after byte, whatever the processor, and that matters: with the first 16 rows of a block before the
//! others, where reading jumped to and fro by 512 bytes, one core of a Zen 4 got 13 GB/s; like this it gets 31, which is all
//! that there is, and prefetching by hand only makes it less.
//!
//! | format | scales of a block | groups | before each eight blocks |
//! |---|---|---|---|
//! | `Q8` | 32 halves | 8 of bytes, offset 128 | |
//! | `Q4` | 32 halves | 4 of pairs of four bits (columns `c` and `c + 16`), offset 8 | |
//! | `Q4K` | 32 scales and 32 minima, whole | as `Q4`, no offset | 32 scales and 32 minima of them, halves |
//! | `Q6K` | 32 scales of columns 0 to 15, and of 16 to 31 | as `Q4`, then 2 of four high pairs of bits, offset 32 | 32 halves |

use std::sync::Arc;

use half::f16;

use super::product::Panels;
use super::store::Store;

/// Rows of a panel.
pub(super) const PANEL: usize = 32;
/// Columns of a block, of weights as of activations.
pub(super) const BLOCK: usize = 32;
/// Bytes of a group: four for each row.
pub(super) const GROUP: usize = 4 * PANEL;
/// Bytes of scales before a block.
pub(super) const SCALES: usize = 64;

/// How weights are written; the names are those of the formats of a GGUF file that it keeps without loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Format {
    Q8 = kind::Q8,
    Q4 = kind::Q4,
    Q4K = kind::Q4K,
    Q6K = kind::Q6K,
}

/// [`Format`] as a number, for constant parameters.
pub(super) mod kind {
    pub(in crate::cpu) const Q8: u8 = 0;
    pub(in crate::cpu) const Q4: u8 = 1;
    pub(in crate::cpu) const Q4K: u8 = 2;
    pub(in crate::cpu) const Q6K: u8 = 3;

    /// Bytes of the weights of a block.
    pub(in crate::cpu) const fn weights(kind: u8) -> usize {
        match kind {
            Q8 => 8 * super::GROUP,
            Q6K => 6 * super::GROUP,
            _ => 4 * super::GROUP,
        }
    }

    /// Bytes before each [`group`] of blocks.
    pub(in crate::cpu) const fn head(kind: u8) -> usize {
        match kind {
            Q4K => 128,
            Q6K => 64,
            _ => 0,
        }
    }

    /// Blocks with a common head.
    pub(in crate::cpu) const fn group(kind: u8) -> usize {
        match kind {
            Q4K | Q6K => 8,
            _ => 1,
        }
    }
}

impl Format {
    /// Bytes of a panel with so many columns.
    pub(super) fn panel(self, columns: usize) -> usize {
        let kind = self as u8;
        let blocks = columns / BLOCK;
        blocks / kind::group(kind) * kind::head(kind) + blocks * self.block()
    }

    /// Bytes of a block, scales and weights.
    pub(super) fn block(self) -> usize {
        SCALES + kind::weights(self as u8)
    }

    /// Columns that a row must be a multiple of.
    pub(super) fn columns(self) -> usize {
        kind::group(self as u8) * BLOCK
    }

    /// Where block `block` begins in its panel, and where the head of its group.
    pub(super) fn place(self, block: usize) -> (usize, usize) {
        let kind = self as u8;
        let (group, head) = (kind::group(kind), kind::head(kind));
        let at = block / group * (head + group * self.block());
        (at + head + block % group * self.block(), at)
    }
}

/// A matrix of packed weights.
#[derive(Debug, Clone)]
pub(super) struct Matrix {
    pub(super) format: Format,
    /// Rows, those that fill up not counted.
    pub(super) rows: usize,
    /// Columns: how long a row is.
    pub(super) columns: usize,
    store: Arc<Store>,
    start: usize,
}

impl Matrix {
    /// The matrix that begins at byte `start` of the store. `None` when it does not lie in it.
    pub(super) fn new(format: Format, rows: usize, columns: usize, store: Arc<Store>, start: usize) -> Option<Self> {
        let matrix = Self { format, rows, columns, store, start };
        matrix.store.bytes().get(start..)?.get(..matrix.length())?;
        Some(matrix)
    }

    /// How many panels it has.
    pub(super) fn panels(&self) -> usize {
        self.rows.div_ceil(PANEL)
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> usize {
        self.panels() * self.format.panel(self.columns)
    }

    /// All its panels.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.store.bytes()[self.start..][..self.length()]
    }

    /// All its panels, for a kernel.
    pub(super) fn pointer(&self) -> Panels {
        Panels { format: self.format, columns: self.columns, bytes: self.bytes().as_ptr() }
    }

    /// Reads a row as numbers.
    pub(super) fn row(&self, row: usize, into: &mut [f32]) {
        let size = self.format.panel(self.columns);
        let panel = &self.bytes()[row / PANEL * size..][..size];
        for (block, into) in into.chunks_exact_mut(BLOCK).enumerate() {
            let (at, head) = self.format.place(block);
            read_block(self.format, &panel[head..], &panel[at..], row % PANEL, into);
        }
    }
}

fn half_at(bytes: &[u8], index: usize) -> f32 {
    f16::from_le_bytes([bytes[2 * index], bytes[2 * index + 1]]).to_f32()
}

fn read_block(format: Format, head: &[u8], block: &[u8], lane: usize, into: &mut [f32]) {
    let (scales, quants) = block.split_at(SCALES);
    let byte = |group: usize, column: usize| quants[group * GROUP + lane * 4 + column % 4];
    let nibble = |column: usize| {
        let byte = byte(column / 4 % 4, column);
        if column < 16 { byte & 15 } else { byte >> 4 }
    };
    let top = |column: usize| byte(4 + column / 16, column) >> (column / 4 % 4 * 2) & 3;
    for (column, number) in into.iter_mut().enumerate() {
        *number = match format {
            Format::Q8 => half_at(scales, lane) * (f32::from(byte(column / 4, column)) - 128.0),
            Format::Q4 => half_at(scales, lane) * (f32::from(nibble(column)) - 8.0),
            Format::Q4K => {
                let scale = half_at(head, lane) * f32::from(scales[lane]);
                let minimum = half_at(head, PANEL + lane) * f32::from(scales[PANEL + lane]);
                scale * f32::from(nibble(column)) - minimum
            }
            Format::Q6K => {
                let scale = half_at(head, lane) * f32::from(scales[column / 16 * PANEL + lane].cast_signed());
                scale * (f32::from(nibble(column) | top(column) << 4) - 32.0)
            }
        };
    }
}
