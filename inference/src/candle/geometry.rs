//! The shape of a model, as its file tells it.

use crate::error::Error;
use crate::gguf::File;

/// How pairs of numbers are turned by their position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pairing {
    /// Neighbors: files of the architecture llama are permuted to this.
    Interleaved,
    /// The first half with the second.
    Halves,
}

#[derive(Debug, Clone)]
pub(super) struct Geometry {
    pub(super) vocabulary: usize,
    pub(super) context: usize,
    pub(super) hidden: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    /// Heads of keys and values; each serves `heads / kv_heads` heads.
    pub(super) kv_heads: usize,
    /// Numbers of a head.
    pub(super) head: usize,
    /// Numbers between the two halves of the feed-forward network.
    pub(super) inner: usize,
    pub(super) epsilon: f64,
    pub(super) rope_base: f32,
    pub(super) pairing: Pairing,
}

impl Geometry {
    pub(super) fn read(file: &File) -> Result<Self, Error> {
        let architecture = file.architecture()?;
        let pairing = match architecture {
            "llama" => Pairing::Interleaved,
            "qwen2" | "qwen3" => Pairing::Halves,
            other => return Err(file.unsupported(&format!("the architecture {other}"))),
        };
        let optional = |key: &str| file.number(&format!("{architecture}.{key}"));
        let number = |key: &str| -> Result<usize, Error> {
            let missing = || file.malformed(&format!("{architecture}.{key} is missing or 0"));
            optional(key)?.filter(|&number| number > 0).ok_or_else(missing)
        };
        if optional("expert_count")?.is_some_and(|experts| experts > 0) {
            return Err(file.unsupported("a mixture of experts"));
        }
        let scaling = file.text(&format!("{architecture}.rope.scaling.type"))?;
        if scaling.is_some_and(|scaling| scaling != "none") {
            return Err(file.unsupported("a scaled rotation of positions"));
        }
        let (hidden, heads) = (number("embedding_length")?, number("attention.head_count")?);
        let kv_heads = optional("attention.head_count_kv")?.unwrap_or(heads);
        let head = optional("attention.key_length")?.unwrap_or(hidden / heads);
        let fits = kv_heads > 0 && heads % kv_heads == 0 && head > 0 && head % 2 == 0;
        if !fits || heads.checked_mul(head).is_none_or(|width| width > 1 << 20) {
            return Err(file.malformed("its heads do not fit together"));
        }
        if optional("rope.dimension_count")?.is_some_and(|turned| turned != head)
            || optional("attention.value_length")?.is_some_and(|value| value != head)
        {
            return Err(file.unsupported("a head that is turned in part"));
        }
        Ok(Self {
            // The tensor knows best: some files count tokens that the model was not given.
            vocabulary: file.tensor("token_embd.weight")?.rows,
            context: number("context_length")?,
            hidden,
            layers: number("block_count")?,
            heads,
            kv_heads,
            head,
            inner: number("feed_forward_length")?,
            epsilon: f64::from(file.real(&format!("{architecture}.attention.layer_norm_rms_epsilon"))?.unwrap_or(1e-5)),
            rope_base: file.real(&format!("{architecture}.rope.freq_base"))?.unwrap_or(10_000.0),
            pairing,
        })
    }
}
