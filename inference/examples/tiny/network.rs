//! The model while it learns: the architecture llama, in batches, with gradients.

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{D, DType, Device, Result, Tensor, Var};

use crate::pairs::Chance;

pub(crate) const VOCABULARY: usize = 512;
pub(crate) const HIDDEN: usize = 96;
pub(crate) const LAYERS: usize = 3;
pub(crate) const HEADS: usize = 3;
pub(crate) const KV_HEADS: usize = 1;
pub(crate) const INNER: usize = 256;
pub(crate) const EPSILON: f64 = 1e-5;
pub(crate) const ROPE_BASE: f32 = 10_000.0;
const HEAD: usize = HIDDEN / HEADS;

/// The tensors by their names in the file, in a fixed order.
pub(crate) struct Network {
    tensors: Vec<(String, Var)>,
}

impl Network {
    /// A model that knows nothing yet.
    pub(crate) fn new(chance: &mut Chance) -> Result<Self> {
        let mut tensors = Vec::new();
        let mut matrix = |name: String, rows: usize, columns: usize, scale: f32| -> Result<()> {
            let values: Vec<f32> = (0..rows * columns).map(|_| normal(chance) * scale).collect();
            tensors.push((name, Var::from_vec(values, (rows, columns), &Device::Cpu)?));
            Ok(())
        };
        matrix("token_embd.weight".to_owned(), VOCABULARY, HIDDEN, 0.05)?;
        for layer in 0..LAYERS {
            let shapes = [
                ("attn_q", HIDDEN, HIDDEN, 0.1),
                ("attn_k", KV_HEADS * HEAD, HIDDEN, 0.1),
                ("attn_v", KV_HEADS * HEAD, HIDDEN, 0.1),
                ("attn_output", HIDDEN, HIDDEN, 0.05),
                ("ffn_gate", INNER, HIDDEN, 0.1),
                ("ffn_up", INNER, HIDDEN, 0.1),
                ("ffn_down", HIDDEN, INNER, 0.03),
            ];
            for (name, rows, columns, scale) in shapes {
                matrix(format!("blk.{layer}.{name}.weight"), rows, columns, scale)?;
            }
        }
        let norms =
            (0..LAYERS).flat_map(|layer| ["attn_norm", "ffn_norm"].map(|norm| format!("blk.{layer}.{norm}.weight")));
        for name in norms.chain(["output_norm.weight".to_owned()]) {
            tensors.push((name, Var::ones(HIDDEN, DType::F32, &Device::Cpu)?));
        }
        Ok(Self { tensors })
    }

    /// All that is learnt.
    pub(crate) fn variables(&self) -> Vec<Var> {
        self.tensors.iter().map(|(_, variable)| variable.clone()).collect()
    }

    /// The tensors as the file has them.
    pub(crate) fn quantized(&self) -> Result<Vec<(&str, QTensor)>> {
        let quantize = |(name, variable): &'_ (String, Var)| {
            let kind = if variable.rank() == 1 { GgmlDType::F32 } else { GgmlDType::Q8_0 };
            QTensor::quantize(variable.as_tensor(), kind).map(|tensor| (name.clone(), tensor))
        };
        self.tensors.iter().map(|row| quantize(row).map(|(_, tensor)| (row.0.as_str(), tensor))).collect()
    }

    /// The logits of a batch of texts of one length, of shape [texts, tokens, vocabulary].
    pub(crate) fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        let (texts, length) = ids.dims2()?;
        let embedding = self.tensor("token_embd.weight");
        let mut states = embedding.index_select(&ids.flatten_all()?, 0)?;
        let turn = Turn::new(length)?;
        for layer in 0..LAYERS {
            let tensor = |part: &str| self.tensor(&format!("blk.{layer}.{part}.weight"));
            let normed = norm(&states, tensor("attn_norm"))?;
            let heads = |part: &str, count: usize| -> Result<Tensor> {
                normed.matmul(&tensor(part).t()?)?.reshape((texts, length, count, HEAD))?.transpose(1, 2)?.contiguous()
            };
            let shared = |kv: &Tensor| kv.broadcast_as((texts, HEADS, length, HEAD))?.contiguous();
            let query = turn.apply(&heads("attn_q", HEADS)?)?;
            let key = shared(&turn.apply(&heads("attn_k", KV_HEADS)?)?)?;
            let value = shared(&heads("attn_v", KV_HEADS)?)?;
            #[expect(clippy::cast_precision_loss, reason = "32")]
            let scores = (query.matmul(&key.t()?)? / (HEAD as f64).sqrt())?.broadcast_add(&turn.mask)?;
            let attended = candle_nn::ops::softmax(&scores, D::Minus1)?.matmul(&value)?;
            let joined = attended.transpose(1, 2)?.reshape((texts * length, HIDDEN))?;
            states = (states + joined.matmul(&tensor("attn_output").t()?)?)?;
            let normed = norm(&states, tensor("ffn_norm"))?;
            let gate = normed.matmul(&tensor("ffn_gate").t()?)?.silu()?;
            let inner = (gate * normed.matmul(&tensor("ffn_up").t()?)?)?;
            states = (states + inner.matmul(&tensor("ffn_down").t()?)?)?;
        }
        let states = norm(&states, self.tensor("output_norm.weight"))?;
        states.matmul(&embedding.t()?)?.reshape((texts, length, VOCABULARY))
    }

    fn tensor(&self, name: &str) -> &Tensor {
        let found = self.tensors.iter().find(|(other, _)| other == name);
        found.expect("all names are written in this file").1.as_tensor()
    }
}

/// Positions, as rotations of neighbors.
struct Turn {
    cosine: Tensor,
    sine: Tensor,
    /// Puts the second of each pair, negative, in place of the first, and the first in place of the second.
    swap: Tensor,
    mask: Tensor,
}

impl Turn {
    fn new(length: usize) -> Result<Self> {
        #[expect(clippy::cast_precision_loss, reason = "some hundred at most")]
        let angle = |position: usize, pair: usize| position as f32 * ROPE_BASE.powf(-((2 * pair) as f32) / HEAD as f32);
        let angles: Vec<f32> =
            (0..length).flat_map(|position| (0..HEAD).map(move |number| angle(position, number / 2))).collect();
        let angles = Tensor::from_vec(angles, (length, HEAD), &Device::Cpu)?;
        let mut swap = vec![0_f32; HEAD * HEAD];
        for pair in 0..HEAD / 2 {
            swap[(2 * pair + 1) * HEAD + 2 * pair] = -1.0;
            swap[2 * pair * HEAD + 2 * pair + 1] = 1.0;
        }
        let hidden = |row: usize, column: usize| if column > row { f32::NEG_INFINITY } else { 0.0 };
        let mask: Vec<f32> = (0..length).flat_map(|row| (0..length).map(move |column| hidden(row, column))).collect();
        Ok(Self {
            cosine: angles.cos()?,
            sine: angles.sin()?,
            swap: Tensor::from_vec(swap, (HEAD, HEAD), &Device::Cpu)?,
            mask: Tensor::from_vec(mask, (length, length), &Device::Cpu)?,
        })
    }

    fn apply(&self, heads: &Tensor) -> Result<Tensor> {
        let swapped = heads.reshape(((), HEAD))?.matmul(&self.swap)?.reshape(heads.shape())?;
        heads.broadcast_mul(&self.cosine)? + swapped.broadcast_mul(&self.sine)?
    }
}

fn norm(states: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let size = (states.sqr()?.mean_keepdim(D::Minus1)? + EPSILON)?.sqrt()?;
    states.broadcast_div(&size)?.broadcast_mul(weight)
}

/// A number around 0, by the method of Box and Muller.
fn normal(chance: &mut Chance) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
    let mut share = || ((chance.next() >> 40) as f32 + 1.0) / 16_777_217.0;
    (-2.0 * share().ln()).sqrt() * (std::f32::consts::TAU * share()).cos()
}
