//! For tests: small models with random weights, and what plain arithmetic makes of them.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::many_single_char_names,
    clippy::needless_range_loop,
    reason = "a test"
)]

use std::fs;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use half::f16;

use super::geometry::Geometry;
use super::pack::{Row, numbers};
use crate::gguf::File;

/// A small model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model {
    pub(super) architecture: &'static str,
    pub(super) hidden: usize,
    pub(super) inner: usize,
    pub(super) heads: usize,
    pub(super) shared: usize,
    pub(super) head: usize,
    pub(super) vocabulary: usize,
    pub(super) layers: usize,
    /// How matrices are written, but for the embedding.
    pub(super) dtype: GgmlDType,
    pub(super) embedding: GgmlDType,
    pub(super) tied: bool,
}

impl Model {
    pub(super) fn llama(dtype: GgmlDType) -> Self {
        Self {
            architecture: "llama",
            hidden: 256,
            inner: 512,
            heads: 8,
            shared: 4,
            head: 32,
            vocabulary: 250,
            layers: 2,
            dtype,
            embedding: dtype,
            tied: true,
        }
    }

    /// Numbers between -1 and 1, the same each time.
    fn random(seed: &mut u64, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((*seed >> 40) as f32 / (1 << 23) as f32) - 1.0
            })
            .collect()
    }

    /// Writes the model as a file. `change` may spoil it before.
    pub(super) fn write(
        &self,
        path: &Path,
        change: impl FnOnce(&mut Vec<(String, Value)>, &mut Vec<(String, QTensor)>),
    ) {
        let mut seed = 1;
        let mut tensors = Vec::new();
        let mut add = |name: String, rows: usize, columns: usize, dtype: GgmlDType, scale: f32, middle: f32| {
            let numbers: Vec<f32> =
                Self::random(&mut seed, rows * columns).iter().map(|x| x * scale + middle).collect();
            let shape = if rows == 1 { vec![columns] } else { vec![rows, columns] };
            let tensor = Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap();
            tensors.push((name, QTensor::quantize(&tensor, dtype).unwrap()));
        };
        let (queries, keys) = (self.heads * self.head, self.shared * self.head);
        let f32 = GgmlDType::F32;
        let size = |columns: usize| 1.5 / (columns as f32).sqrt();
        add("token_embd.weight".into(), self.vocabulary, self.hidden, self.embedding, 1.0, 0.0);
        add("output_norm.weight".into(), 1, self.hidden, f32, 0.5, 1.0);
        if !self.tied {
            add("output.weight".into(), self.vocabulary, self.hidden, self.dtype, size(self.hidden), 0.0);
        }
        for layer in 0..self.layers {
            let name = |part: &str| format!("blk.{layer}.{part}");
            add(name("attn_norm.weight"), 1, self.hidden, f32, 0.5, 1.0);
            add(name("ffn_norm.weight"), 1, self.hidden, f32, 0.5, 1.0);
            for (part, rows, columns) in [
                ("attn_q", queries, self.hidden),
                ("attn_k", keys, self.hidden),
                ("attn_v", keys, self.hidden),
                ("attn_output", self.hidden, queries),
                ("ffn_gate", self.inner, self.hidden),
                ("ffn_up", self.inner, self.hidden),
                ("ffn_down", self.hidden, self.inner),
            ] {
                add(name(&format!("{part}.weight")), rows, columns, self.dtype, size(columns), 0.0);
            }
            if self.architecture == "qwen2" {
                for (part, rows) in [("q", queries), ("k", keys), ("v", keys)] {
                    add(name(&format!("attn_{part}.bias")), 1, rows, f32, 0.5, 0.0);
                }
            }
            if self.architecture == "qwen3" {
                add(name("attn_q_norm.weight"), 1, self.head, f32, 0.5, 1.0);
                add(name("attn_k_norm.weight"), 1, self.head, f32, 0.5, 1.0);
            }
        }
        let number = |n: usize| Value::U32(n as u32);
        let mut metadata: Vec<(String, Value)> =
            vec![("general.architecture".into(), Value::String(self.architecture.into()))];
        for (key, value) in [
            ("embedding_length", number(self.hidden)),
            ("feed_forward_length", number(self.inner)),
            ("block_count", number(self.layers)),
            ("attention.head_count", number(self.heads)),
            ("attention.head_count_kv", number(self.shared)),
            ("attention.key_length", number(self.head)),
            ("attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
            ("context_length", number(512)),
            ("rope.freq_base", Value::F32(10_000.0)),
        ] {
            metadata.push((format!("{}.{key}", self.architecture), value));
        }
        change(&mut metadata, &mut tensors);
        let metadata: Vec<_> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
        gguf_file::write(&mut fs::File::create(path).unwrap(), &metadata, &tensors).unwrap();
    }
}

/// The logits of the last token, by plain arithmetic on the weights as the file has them.
pub(super) fn logits(file: &File, tokens: &[u32]) -> Vec<f32> {
    let geometry = Geometry::read(file).unwrap();
    let g = &geometry;
    let matrix = |name: &str| -> Vec<Vec<f32>> {
        let raw = file.tensor(name).unwrap();
        let row = |bytes| numbers(Row { dtype: raw.dtype, bytes }, raw.columns).unwrap();
        raw.bytes.chunks_exact(raw.bytes.len() / raw.rows).map(row).collect()
    };
    let times = |m: &[Vec<f32>], x: &[f32]| -> Vec<f32> {
        m.iter().map(|row| row.iter().zip(x).map(|(a, b)| f64::from(a * b)).sum::<f64>() as f32).collect()
    };
    let norm = |x: &[f32], gain: &[f32]| -> Vec<f32> {
        let mean = x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32;
        x.iter().zip(gain).map(|(x, gain)| x / (mean + g.epsilon).sqrt() * gain).collect()
    };
    let embedding = matrix("token_embd.weight");
    let mut lines: Vec<Vec<f32>> = tokens.iter().map(|&token| embedding[token as usize].clone()).collect();
    for layer in 0..g.layers {
        let get = |part: &str| matrix(&format!("blk.{layer}.{part}"));
        let optional = |part: &str| file.has_tensor(&format!("blk.{layer}.{part}")).then(|| get(part).remove(0));
        let project = |x: &[f32], part: &str, position: usize| -> Vec<Vec<f32>> {
            let mut y = times(&get(&format!("attn_{part}.weight")), x);
            if let Some(bias) = optional(&format!("attn_{part}.bias")) {
                y.iter_mut().zip(bias).for_each(|(y, bias)| *y += bias);
            }
            let head_norm = optional(&format!("attn_{part}_norm.weight"));
            y.chunks_exact(g.head)
                .map(|head| {
                    let mut head = head_norm.as_ref().map_or(head.to_vec(), |gain| norm(head, gain));
                    for (pair, turn) in g.turns.iter().enumerate().filter(|_| part != "v") {
                        let (a, b) = if g.interleaved { (2 * pair, 2 * pair + 1) } else { (pair, pair + g.head / 2) };
                        let (sin, cos) = (turn * position as f64).sin_cos();
                        let (x, y) = (f64::from(head[a]), f64::from(head[b]));
                        (head[a], head[b]) = ((x * cos - y * sin) as f32, (x * sin + y * cos) as f32);
                    }
                    // The cache keeps half precision.
                    let keep = |x: &f32| if part == "q" { *x } else { f16::from_f32(*x).to_f32() };
                    head.iter().map(keep).collect()
                })
                .collect()
        };
        let gain = get("attn_norm.weight").remove(0);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for position in 0..lines.len() {
            let x = norm(&lines[position], &gain);
            let queries = project(&x, "q", position);
            keys.push(project(&x, "k", position));
            values.push(project(&x, "v", position));
            let mut attended = Vec::new();
            for (head, query) in queries.iter().enumerate() {
                let shared = head / (g.heads / g.shared);
                let scores: Vec<f32> = keys
                    .iter()
                    .map(|key| query.iter().zip(&key[shared]).map(|(a, b)| a * b).sum::<f32>() / (g.head as f32).sqrt())
                    .collect();
                let top = scores.iter().copied().fold(f32::MIN, f32::max);
                let weights: Vec<f32> = scores.iter().map(|score| (score - top).exp()).collect();
                let sum: f32 = weights.iter().sum();
                attended.extend((0..g.head).map(|d| {
                    weights.iter().zip(&values).map(|(weight, value)| weight * value[shared][d]).sum::<f32>() / sum
                }));
            }
            let out = times(&get("attn_output.weight"), &attended);
            lines[position].iter_mut().zip(out).for_each(|(x, out)| *x += out);
            let x = norm(&lines[position], &get("ffn_norm.weight").remove(0));
            let (gate, up) = (times(&get("ffn_gate.weight"), &x), times(&get("ffn_up.weight"), &x));
            let inner: Vec<f32> = gate.iter().zip(up).map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up).collect();
            let out = times(&get("ffn_down.weight"), &inner);
            lines[position].iter_mut().zip(out).for_each(|(x, out)| *x += out);
        }
    }
    let last = norm(lines.last().unwrap(), &matrix("output_norm.weight").remove(0));
    let output = if file.has_tensor("output.weight") { matrix("output.weight") } else { embedding };
    times(&output, &last)
}
