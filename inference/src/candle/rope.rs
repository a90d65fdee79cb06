//! Positions as rotations of pairs of numbers.

use candle_core::{D, Tensor};

use super::geometry::{Geometry, Pairing};
use super::layer::Weights;
use crate::error::Error;

pub(super) struct Rope {
    pairing: Pairing,
    /// How far the pairs of a head turn from one token to the next.
    frequencies: Vec<f32>,
}

/// Cosines and sines, a row for each position, a column for each pair.
pub(super) struct Angles {
    cosine: Tensor,
    sine: Tensor,
}

impl Rope {
    pub(super) fn new(weights: &Weights, geometry: &Geometry) -> Result<Self, Error> {
        let pairs = geometry.head / 2;
        #[expect(clippy::cast_precision_loss, reason = "a head has some hundred numbers")]
        let frequency = |pair: usize| geometry.rope_base.powf(-(pair as f32) / pairs as f32);
        let mut frequencies: Vec<f32> = (0..pairs).map(frequency).collect();
        if let Some(factors) = weights.optional("rope_freqs.weight", pairs)? {
            for (frequency, factor) in frequencies.iter_mut().zip(factors.to_vec1::<f32>()?) {
                *frequency /= factor;
            }
        }
        Ok(Self { pairing: geometry.pairing, frequencies })
    }

    pub(super) fn angles(&self, from: usize, length: usize, device: &candle_core::Device) -> Result<Angles, Error> {
        #[expect(clippy::cast_precision_loss, reason = "a context is far shorter than 2^24 tokens")]
        let positions = (from..from + length).map(|position| position as f32);
        let angles: Vec<f32> =
            positions.flat_map(|position| self.frequencies.iter().map(move |frequency| position * frequency)).collect();
        let angles = Tensor::from_vec(angles, (length, self.frequencies.len()), device)?;
        Ok(Angles { cosine: angles.cos()?, sine: angles.sin()? })
    }

    /// Turns the pairs of `heads`, of shape [heads, positions, numbers].
    pub(super) fn turn(&self, heads: &Tensor, angles: &Angles) -> Result<Tensor, Error> {
        let (count, length, numbers) = heads.dims3()?;
        let pairs = numbers / 2;
        let (first, second) = match self.pairing {
            Pairing::Interleaved => {
                let pairs = heads.reshape((count, length, pairs, 2))?;
                (pairs.narrow(D::Minus1, 0, 1)?.squeeze(D::Minus1)?, pairs.narrow(D::Minus1, 1, 1)?.squeeze(D::Minus1)?)
            }
            Pairing::Halves => (heads.narrow(D::Minus1, 0, pairs)?, heads.narrow(D::Minus1, pairs, pairs)?),
        };
        let (cosine, sine) = (&angles.cosine, &angles.sine);
        let turned_first = (first.broadcast_mul(cosine)? - second.broadcast_mul(sine)?)?;
        let turned_second = (first.broadcast_mul(sine)? + second.broadcast_mul(cosine)?)?;
        Ok(match self.pairing {
            Pairing::Interleaved => Tensor::stack(&[turned_first, turned_second], D::Minus1)?.reshape(heads.shape())?,
            Pairing::Halves => Tensor::cat(&[turned_first, turned_second], D::Minus1)?,
        })
    }
}
