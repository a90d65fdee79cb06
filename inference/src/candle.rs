//! A model computed by candle's tensors: on Metal and CUDA from the quantized weights, on the processor from weights
//! multiplied out to f32, which is slow and what the kernels of this crate are measured against.

mod geometry;
mod layer;
mod rope;

use std::fmt;
use std::sync::Arc;

use candle_core::{DType, Tensor};

use crate::device::Device;
use crate::error::Error;
use crate::forward::{Forward, Rows};
use crate::gguf::File;
use geometry::Geometry;
use layer::{Cache, Layer, Linear, Norm, Weights};
use rope::Rope;

/// The weights of a model, on a device. Shared by all sessions.
pub struct Model {
    geometry: Geometry,
    device: candle_core::Device,
    embedding: Tensor,
    layers: Vec<Layer>,
    norm: Norm,
    head: Linear,
    rope: Rope,
}

/// A model and what it has read.
pub struct Session {
    model: Arc<Model>,
    context: usize,
    position: usize,
    caches: Vec<Cache>,
    logits: Vec<f32>,
}

impl Model {
    /// Reads the weights onto a device.
    ///
    /// # Errors
    /// When the device is not there, the architecture is not built in, or a tensor is missing or of another shape.
    pub fn load(file: &File, device: Device) -> Result<Self, Error> {
        let geometry = Geometry::read(file)?;
        let device = device.open()?;
        let weights = Weights::new(file, &device);
        let embedding = weights.full("token_embd.weight", geometry.vocabulary, geometry.hidden)?;
        let head = if file.has_tensor("output.weight") { "output" } else { "token_embd" };
        Ok(Self {
            layers: (0..geometry.layers)
                .map(|index| Layer::load(&weights, &geometry, index))
                .collect::<Result<_, _>>()?,
            norm: weights.norm("output_norm", geometry.hidden, geometry.epsilon)?,
            head: weights.linear(head, geometry.vocabulary, geometry.hidden)?,
            rope: Rope::new(&weights, &geometry)?,
            embedding,
            geometry,
            device,
        })
    }
}

impl Session {
    /// A session that has read nothing and has room for `context` tokens, or as many as the model was made for.
    ///
    /// # Errors
    /// When the device has no memory for it.
    pub fn new(model: Arc<Model>, context: usize) -> Result<Self, Error> {
        let context = context.min(model.geometry.context);
        let cache = |_: &Layer| Cache::new(&model.geometry, context, &model.device);
        let caches = model.layers.iter().map(cache).collect::<Result<_, _>>()?;
        Ok(Self { model, context, position: 0, caches, logits: Vec::new() })
    }

    /// The logits of the last token, or of all, after reading `tokens`.
    fn compute(&self, tokens: &[u32], rows: Rows) -> Result<Option<Tensor>, Error> {
        let model = &self.model;
        let ids = Tensor::new(tokens, &model.device)?;
        let mut states = model.embedding.index_select(&ids, 0)?;
        let angles = model.rope.angles(self.position, tokens.len(), &model.device)?;
        let mask = mask(self.position, tokens.len(), &model.device)?;
        for (layer, cache) in model.layers.iter().zip(&self.caches) {
            states = layer.forward(&states, &model.rope, &angles, mask.as_ref(), cache, self.position)?;
        }
        let states = match rows {
            Rows::None => return Ok(None),
            Rows::Last => states.narrow(0, tokens.len() - 1, 1)?,
            Rows::All => states,
        };
        Ok(Some(model.head.forward(&model.norm.forward(&states)?)?))
    }
}

impl Forward for Session {
    fn position(&self) -> usize {
        self.position
    }

    fn context(&self) -> usize {
        self.context
    }

    fn vocabulary(&self) -> usize {
        self.model.geometry.vocabulary
    }

    fn rewind(&mut self, position: usize) {
        self.position = self.position.min(position);
    }

    fn read(&mut self, tokens: &[u32], rows: Rows) -> Result<&[f32], Error> {
        self.logits.clear();
        let end = self.position + tokens.len();
        if end > self.context {
            return Err(Error::ContextFull { tokens: end, context: self.context });
        }
        if let Some(token) = tokens.iter().find(|&&token| token as usize >= self.vocabulary()) {
            return Err(candle_core::Error::Msg(format!("{token} is no token of the model")).into());
        }
        if tokens.is_empty() {
            return Ok(&self.logits);
        }
        if let Some(logits) = self.compute(tokens, rows)? {
            self.logits = logits.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?;
        }
        self.position = end;
        Ok(&self.logits)
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("geometry", &self.geometry).field("device", &self.device).finish_non_exhaustive()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("model", &self.model).field("position", &self.position).finish_non_exhaustive()
    }
}

/// What each of `length` tokens from `position` on may not see: those behind it. A single token sees all there is.
fn mask(position: usize, length: usize, device: &candle_core::Device) -> Result<Option<Tensor>, Error> {
    if length == 1 {
        return Ok(None);
    }
    let total = position + length;
    let hidden = |row: usize, column: usize| if column > position + row { f32::NEG_INFINITY } else { 0.0 };
    let mask: Vec<f32> = (0..length).flat_map(|row| (0..total).map(move |column| hidden(row, column))).collect();
    Ok(Some(Tensor::from_vec(mask, (length, total), device)?))
}
