//! Buffers for threads that write to different places of them.

#![expect(unsafe_code, reason = "a pointer is handed to threads")]

use super::product::{Inputs, Target, Then};
use super::tile::BLOCK;

/// A pointer, or a structure with pointers, that all threads of a computation get. Who hands it out sees to it that no two of
/// them write to the same place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<T>(pub(super) T);

// SAFETY: a pointer is only a number until it is used, and each use says why it is right.
unsafe impl<T> Send for Place<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Place<T> {}

impl Place<*mut f32> {
    /// A result of `length` numbers a row, from number `offset` of each row of `stride`.
    pub(super) fn target(self, offset: usize, stride: usize, length: usize, bias: *const f32, then: Then) -> Target {
        Target { out: self.0.wrapping_add(offset), stride, length, bias, then }
    }
}

/// Quantized activations.
#[derive(Debug, Default)]
pub(super) struct Quantized {
    bytes: Vec<i8>,
    scales: Vec<f32>,
    shifts: Vec<f32>,
    sums: Vec<[i32; 2]>,
}

impl Quantized {
    /// Room for `rows` of `columns` numbers.
    pub(super) fn rows(&mut self, rows: usize, columns: usize) -> Inputs {
        let (numbers, blocks) = (rows * columns, rows * columns / BLOCK);
        self.bytes.resize(self.bytes.len().max(numbers), 0);
        self.scales.resize(self.scales.len().max(blocks), 0.0);
        self.shifts.resize(self.shifts.len().max(blocks), 0.0);
        self.sums.resize(self.sums.len().max(blocks), [0; 2]);
        Inputs {
            columns,
            bytes: self.bytes.as_mut_ptr(),
            scales: self.scales.as_mut_ptr(),
            shifts: self.shifts.as_mut_ptr(),
            sums: self.sums.as_mut_ptr(),
        }
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.capacity() + 4 * (self.scales.capacity() + self.shifts.capacity()) + 8 * self.sums.capacity()
    }
}
