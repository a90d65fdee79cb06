//! One block of a model: attention, then a feed-forward network.

use candle_core::quantized::{QMatMul, ggml_file};
use candle_core::{D, DType, Module, Tensor};

use super::geometry::Geometry;
use super::rope::{Angles, Rope};
use crate::error::Error;
use crate::gguf::File;

/// The tensors of a file, on their way to a device.
pub(super) struct Weights<'a> {
    file: &'a File,
    device: &'a candle_core::Device,
}

/// A matrix, and perhaps something to add.
pub(super) struct Linear {
    matrix: Matrix,
    bias: Option<Tensor>,
}

enum Matrix {
    /// Multiplied out, columns first.
    Full(Tensor),
    Quantized(QMatMul),
}

/// Scales rows of numbers to the same size.
pub(super) struct Norm {
    weight: Tensor,
    epsilon: f64,
}

/// Keys and values of the tokens read, of shape [heads, context, numbers].
pub(super) struct Cache {
    keys: Tensor,
    values: Tensor,
}

pub(super) struct Layer {
    attention_norm: Norm,
    query: Linear,
    key: Linear,
    value: Linear,
    /// Of each head on its own, in qwen3.
    query_norm: Option<Norm>,
    key_norm: Option<Norm>,
    output: Linear,
    inner_norm: Norm,
    gate: Linear,
    up: Linear,
    down: Linear,
    heads: usize,
    kv_heads: usize,
    head: usize,
}

impl<'a> Weights<'a> {
    pub(super) fn new(file: &'a File, device: &'a candle_core::Device) -> Self {
        Self { file, device }
    }

    fn read(&self, name: &str, rows: usize, columns: usize) -> Result<candle_core::quantized::QTensor, Error> {
        let wrong = |what: &str| self.file.malformed(&format!("the tensor {name} {what}"));
        let raw = self.file.tensor(name)?;
        if (raw.rows, raw.columns) != (rows, columns) {
            return Err(wrong(&format!("has {} x {} numbers, not {rows} x {columns}", raw.rows, raw.columns)));
        }
        // candle reads the blocks where they lie.
        if raw.bytes.as_ptr().align_offset(4) != 0 {
            return Err(wrong("does not lie on a multiple of 4"));
        }
        Ok(ggml_file::qtensor_from_ggml(raw.dtype, raw.bytes, vec![rows, columns], self.device)?)
    }

    /// A matrix of f32.
    pub(super) fn full(&self, name: &str, rows: usize, columns: usize) -> Result<Tensor, Error> {
        Ok(self.read(name, rows, columns)?.dequantize(self.device)?.to_dtype(DType::F32)?)
    }

    /// A vector that a model need not have.
    pub(super) fn optional(&self, name: &str, length: usize) -> Result<Option<Tensor>, Error> {
        self.file.has_tensor(name).then(|| Ok(self.full(name, 1, length)?.flatten_all()?)).transpose()
    }

    pub(super) fn linear(&self, name: &str, rows: usize, columns: usize) -> Result<Linear, Error> {
        let bias = self.optional(&format!("{name}.bias"), rows)?;
        let name = format!("{name}.weight");
        let matrix = if self.device.is_cpu() {
            Matrix::Full(self.full(&name, rows, columns)?.t()?.contiguous()?)
        } else {
            Matrix::Quantized(QMatMul::from_qtensor(self.read(&name, rows, columns)?)?)
        };
        Ok(Linear { matrix, bias })
    }

    pub(super) fn norm(&self, name: &str, length: usize, epsilon: f64) -> Result<Norm, Error> {
        let weight = self.full(&format!("{name}.weight"), 1, length)?.flatten_all()?;
        Ok(Norm { weight, epsilon })
    }

    fn optional_norm(&self, name: &str, length: usize, epsilon: f64) -> Result<Option<Norm>, Error> {
        let weight = self.optional(&format!("{name}.weight"), length)?;
        Ok(weight.map(|weight| Norm { weight, epsilon }))
    }
}

impl Linear {
    pub(super) fn forward(&self, states: &Tensor) -> Result<Tensor, Error> {
        let product = match &self.matrix {
            Matrix::Full(matrix) => states.matmul(matrix)?,
            Matrix::Quantized(matrix) => matrix.forward(states)?,
        };
        Ok(match &self.bias {
            Some(bias) => product.broadcast_add(bias)?,
            None => product,
        })
    }
}

impl Norm {
    pub(super) fn forward(&self, states: &Tensor) -> Result<Tensor, Error> {
        let size = (states.sqr()?.mean_keepdim(D::Minus1)? + self.epsilon)?.sqrt()?;
        Ok(states.broadcast_div(&size)?.broadcast_mul(&self.weight)?)
    }
}

impl Cache {
    pub(super) fn new(geometry: &Geometry, context: usize, device: &candle_core::Device) -> Result<Self, Error> {
        let shape = (geometry.kv_heads, context, geometry.head);
        Ok(Self { keys: Tensor::zeros(shape, DType::F32, device)?, values: Tensor::zeros(shape, DType::F32, device)? })
    }
}

impl Layer {
    pub(super) fn load(weights: &Weights, geometry: &Geometry, index: usize) -> Result<Self, Error> {
        let &Geometry { hidden, heads, kv_heads, head, inner, epsilon, .. } = geometry;
        let name = |part: &str| format!("blk.{index}.{part}");
        Ok(Self {
            attention_norm: weights.norm(&name("attn_norm"), hidden, epsilon)?,
            query: weights.linear(&name("attn_q"), heads * head, hidden)?,
            key: weights.linear(&name("attn_k"), kv_heads * head, hidden)?,
            value: weights.linear(&name("attn_v"), kv_heads * head, hidden)?,
            query_norm: weights.optional_norm(&name("attn_q_norm"), head, epsilon)?,
            key_norm: weights.optional_norm(&name("attn_k_norm"), head, epsilon)?,
            output: weights.linear(&name("attn_output"), hidden, heads * head)?,
            inner_norm: weights.norm(&name("ffn_norm"), hidden, epsilon)?,
            gate: weights.linear(&name("ffn_gate"), inner, hidden)?,
            up: weights.linear(&name("ffn_up"), inner, hidden)?,
            down: weights.linear(&name("ffn_down"), hidden, inner)?,
            heads,
            kv_heads,
            head,
        })
    }

    /// The states of the tokens from `position` on, whose keys and values are put into the cache.
    pub(super) fn forward(
        &self,
        states: &Tensor,
        rope: &Rope,
        angles: &Angles,
        mask: Option<&Tensor>,
        cache: &Cache,
        position: usize,
    ) -> Result<Tensor, Error> {
        let normed = self.attention_norm.forward(states)?;
        let query = self.heads(&self.query, self.query_norm.as_ref(), &normed, self.heads)?;
        let key = self.heads(&self.key, self.key_norm.as_ref(), &normed, self.kv_heads)?;
        let value = self.heads(&self.value, None, &normed, self.kv_heads)?;
        cache.keys.slice_set(&rope.turn(&key, angles)?.contiguous()?, 1, position)?;
        cache.values.slice_set(&value, 1, position)?;
        let states = (states + self.attend(&rope.turn(&query, angles)?, mask, cache, position)?)?;

        let normed = self.inner_norm.forward(&states)?;
        let inner = (self.gate.forward(&normed)?.silu()? * self.up.forward(&normed)?)?;
        Ok((states + self.down.forward(&inner)?)?)
    }

    /// A projection, cut into heads: [heads, positions, numbers].
    fn heads(&self, linear: &Linear, norm: Option<&Norm>, states: &Tensor, heads: usize) -> Result<Tensor, Error> {
        let projected = linear.forward(states)?.reshape((states.dim(0)?, heads, self.head))?;
        let projected = match norm {
            Some(norm) => norm.forward(&projected)?,
            None => projected,
        };
        Ok(projected.transpose(0, 1)?.contiguous()?)
    }

    fn attend(&self, query: &Tensor, mask: Option<&Tensor>, cache: &Cache, position: usize) -> Result<Tensor, Error> {
        let length = query.dim(1)?;
        let total = position + length;
        // Heads that share keys lie next to each other, so they are rows of one product.
        let grouped = query.reshape((self.kv_heads, self.heads / self.kv_heads * length, self.head))?;
        let keys = cache.keys.narrow(1, 0, total)?.contiguous()?;
        let values = cache.values.narrow(1, 0, total)?.contiguous()?;
        #[expect(clippy::cast_precision_loss, reason = "a head has some hundred numbers")]
        let scale = 1.0 / (self.head as f64).sqrt();
        let scores = (grouped.matmul(&keys.t()?)? * scale)?;
        let scores = match mask {
            Some(mask) => scores.reshape((self.heads, length, total))?.broadcast_add(mask)?.reshape(scores.shape())?,
            None => scores,
        };
        let attended = softmax(&scores)?.matmul(&values)?.reshape((self.heads, length, self.head))?;
        let joined = attended.transpose(0, 1)?.reshape((length, self.heads * self.head))?;
        self.output.forward(&joined)
    }
}

/// Shares of each row that add up to 1.
fn softmax(scores: &Tensor) -> Result<Tensor, Error> {
    let scores = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
    Ok(scores.broadcast_div(&scores.sum_keepdim(D::Minus1)?)?)
}
