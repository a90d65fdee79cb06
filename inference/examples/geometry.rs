//! Writes a GGUF file of a known geometry with random numbers, always the same: `geometry smollm-135m|qwen2-0.5b|qwen2-1.5b FILE`.
//!
//! As fast as the trained model of that shape, and nobody has to download it. It has no tokenizer, so it can be measured and not asked.

use std::borrow::Cow;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use candle_core::Device;
use candle_core::quantized::gguf_file::{Value, write};
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use half::f16;

struct Geometry {
    name: &'static str,
    architecture: &'static str,
    kind: GgmlDType,
    hidden: usize,
    layers: usize,
    heads: usize,
    shared: usize,
    head: usize,
    inner: usize,
    vocabulary: usize,
    base: f32,
    context: u32,
}

const GEOMETRIES: [Geometry; 3] = [
    Geometry {
        name: "smollm-135m",
        architecture: "llama",
        kind: GgmlDType::Q8_0,
        hidden: 576,
        layers: 30,
        heads: 9,
        shared: 3,
        head: 64,
        inner: 1_536,
        vocabulary: 49_152,
        base: 1e4,
        context: 2_048,
    },
    Geometry {
        name: "qwen2-0.5b",
        architecture: "qwen2",
        kind: GgmlDType::Q8_0,
        hidden: 896,
        layers: 24,
        heads: 14,
        shared: 2,
        head: 64,
        inner: 4_864,
        vocabulary: 151_936,
        base: 1e6,
        context: 32_768,
    },
    Geometry {
        name: "qwen2-1.5b",
        architecture: "qwen2",
        kind: GgmlDType::Q4K,
        hidden: 1_536,
        layers: 28,
        heads: 12,
        shared: 2,
        head: 128,
        inner: 8_960,
        vocabulary: 151_936,
        base: 1e6,
        context: 32_768,
    },
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().ok_or("which geometry?")?;
    let path = arguments.next().ok_or("which file?")?;
    let geometry = GEOMETRIES.iter().find(|known| known.name == name).ok_or("no such geometry")?;
    let tensors = geometry.tensors()?;
    let tensors: Vec<(&str, &QTensor)> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    let metadata = geometry.metadata();
    let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let part = format!("{path}.part");
    let mut out = BufWriter::new(File::create(&part)?);
    write(&mut out, &metadata, &tensors)?;
    out.flush()?;
    Ok(std::fs::rename(part, path)?)
}

impl Geometry {
    fn metadata(&self) -> Vec<(String, Value)> {
        let key = |name: &str| format!("{}.{name}", self.architecture);
        let number = |number: usize| Value::U32(u32::try_from(number).unwrap_or(u32::MAX));
        vec![
            ("general.architecture".to_owned(), Value::String(self.architecture.to_owned())),
            ("general.name".to_owned(), Value::String(self.name.to_owned())),
            (key("block_count"), number(self.layers)),
            (key("embedding_length"), number(self.hidden)),
            (key("feed_forward_length"), number(self.inner)),
            (key("attention.head_count"), number(self.heads)),
            (key("attention.head_count_kv"), number(self.shared)),
            (key("rope.dimension_count"), number(self.head)),
            (key("rope.freq_base"), Value::F32(self.base)),
            (key("attention.layer_norm_rms_epsilon"), Value::F32(1e-5)),
            (key("context_length"), Value::U32(self.context)),
            (key("vocab_size"), number(self.vocabulary)),
        ]
    }

    fn tensors(&self) -> Result<Vec<(String, QTensor)>, Box<dyn Error>> {
        let mut noise = Noise(7);
        let mut found = Vec::new();
        let mut add = |name: String, tensor: Result<QTensor, candle_core::Error>| -> Result<(), Box<dyn Error>> {
            found.push((name, tensor?));
            Ok(())
        };
        let (queries, keys) = (self.heads * self.head, self.shared * self.head);
        add("token_embd.weight".to_owned(), noise.blocks(self.kind, self.vocabulary, self.hidden))?;
        add("output_norm.weight".to_owned(), plain(self.hidden, 1.0))?;
        for layer in 0..self.layers {
            let named = |name: &str| format!("blk.{layer}.{name}");
            for norm in ["attn_norm.weight", "ffn_norm.weight"] {
                add(named(norm), plain(self.hidden, 1.0))?;
            }
            for (name, rows, columns) in [
                ("attn_q.weight", queries, self.hidden),
                ("attn_k.weight", keys, self.hidden),
                ("attn_v.weight", keys, self.hidden),
                ("attn_output.weight", self.hidden, queries),
                ("ffn_gate.weight", self.inner, self.hidden),
                ("ffn_up.weight", self.inner, self.hidden),
                ("ffn_down.weight", self.hidden, self.inner),
            ] {
                add(named(name), noise.blocks(self.kind, rows, columns))?;
            }
            if self.architecture == "qwen2" {
                for (name, length) in [("attn_q.bias", queries), ("attn_k.bias", keys), ("attn_v.bias", keys)] {
                    add(named(name), plain(length, 0.01))?;
                }
            }
        }
        Ok(found)
    }
}

fn plain(length: usize, value: f32) -> Result<QTensor, candle_core::Error> {
    let bytes: Vec<u8> = std::iter::repeat_n(value.to_le_bytes(), length).flatten().collect();
    QTensor::new(QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, GgmlDType::F32)?, length)
}

/// Numbers that only have to differ (Marsaglia, "Xorshift RNGs", 2003).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Blocks of about the deviation that trained weights have.
    fn blocks(&mut self, kind: GgmlDType, rows: usize, columns: usize) -> Result<QTensor, candle_core::Error> {
        // A deviation of 0.02, by the widest number that a block of the kind can hold.
        let (length, head): (usize, Vec<u8>) = match kind {
            GgmlDType::Q4K => {
                // Scale and minimum of the block, then eight of six bits each: 33 of 63.
                let mut head = f16::from_f32(0.02 / 150.0).to_le_bytes().to_vec();
                head.extend(f16::from_f32(0.02 / 20.0).to_le_bytes());
                head.extend([33_u8; 8]);
                head.extend([0x11_u8; 4]);
                (144, head)
            }
            _ => (34, f16::from_f32(0.02 / 73.0).to_le_bytes().to_vec()),
        };
        let block = if kind == GgmlDType::Q4K { 256 } else { 32 };
        let mut bytes = Vec::with_capacity(rows * columns / block * length);
        for _ in 0..rows * columns / block {
            bytes.extend(&head);
            let end = bytes.len() + length - head.len();
            while bytes.len() < end {
                let eight = self.next().to_le_bytes();
                bytes.extend(&eight[..8.min(end - bytes.len())]);
            }
        }
        QTensor::new(QStorage::from_data(Cow::Owned(bytes), &Device::Cpu, kind)?, (rows, columns))
    }
}
