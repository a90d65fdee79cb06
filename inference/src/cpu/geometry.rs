//! The shape of a model, read from the metadata of its file and checked.

use crate::error::Error;
use crate::gguf::File;

/// Larger values of any dimension are refused: no model in reach has them, and products of smaller ones cannot overflow.
const LARGEST: usize = 1 << 24;

/// The shape of a model.
#[derive(Debug, Clone)]
pub struct Geometry {
    /// Layers.
    pub layers: usize,
    /// Numbers of a token between layers.
    pub hidden: usize,
    /// Numbers inside of a feed-forward layer.
    pub inner: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values; each serves `heads / shared` heads of queries.
    pub shared: usize,
    /// Numbers of a head.
    pub head: usize,
    /// Different tokens.
    pub vocabulary: usize,
    /// Tokens that it was trained to see.
    pub context: usize,
    /// What keeps a norm from dividing by zero.
    pub epsilon: f32,
    /// Turns per token of each pair of numbers of a head, in radians.
    pub turns: Vec<f64>,
    /// Whether a pair is two neighbors, and not two numbers half a head apart.
    pub interleaved: bool,
}

impl Geometry {
    /// Reads it.
    ///
    /// # Errors
    /// When something is missing, out of range, or not supported.
    pub fn read(file: &File) -> Result<Self, Error> {
        let architecture = file.architecture()?;
        // How the numbers of a head pair up for rotation is a fact of the architecture, not of the file.
        let interleaved = match architecture {
            "llama" => true,
            "qwen2" | "qwen3" => false,
            other => return Err(file.unsupported(&format!("the architecture {other}"))),
        };
        let key = |name: &str| format!("{architecture}.{name}");
        let optional = |name: &str| -> Result<Option<usize>, Error> {
            let number = file.number(&key(name))?;
            if number.is_some_and(|number| number == 0 || number > LARGEST) {
                return Err(file.malformed(&format!("{} is out of range", key(name))));
            }
            Ok(number)
        };
        let number = |name: &str| optional(name)?.ok_or_else(|| file.malformed(&format!("{} is missing", key(name))));
        if file.number(&key("expert_count"))?.is_some_and(|experts| experts > 0) {
            return Err(file.unsupported("a mixture of experts"));
        }
        let (hidden, heads) = (number("embedding_length")?, number("attention.head_count")?);
        let shared = optional("attention.head_count_kv")?.unwrap_or(heads);
        let head = match optional("attention.key_length")? {
            Some(head) => head,
            None if hidden.is_multiple_of(heads) => hidden / heads,
            None => return Err(file.malformed("the heads do not divide the embedding")),
        };
        if !heads.is_multiple_of(shared) {
            return Err(file.malformed("the heads of keys do not divide the heads"));
        }
        if heads * head > LARGEST {
            return Err(file.malformed("the heads are out of range"));
        }
        if optional("attention.value_length")?.is_some_and(|value| value != head) {
            return Err(file.unsupported("values of another length than keys"));
        }
        if !head.is_multiple_of(16) || !hidden.is_multiple_of(32) {
            return Err(file.unsupported("heads or embeddings that are no multiple of 16 or 32"));
        }
        let epsilon_key = key("attention.layer_norm_rms_epsilon");
        let epsilon = file.real(&epsilon_key)?.ok_or_else(|| file.malformed(&format!("{epsilon_key} is missing")))?;
        if !(0.0..0.1).contains(&epsilon) {
            return Err(file.malformed(&format!("{epsilon_key} is out of range")));
        }
        Ok(Self {
            layers: number("block_count")?,
            hidden,
            inner: number("feed_forward_length")?,
            heads,
            shared,
            head,
            vocabulary: file.tensor("token_embd.weight")?.rows,
            context: number("context_length")?,
            epsilon,
            turns: turns(file, &key, head)?,
            interleaved,
        })
    }

    /// Numbers of all queries of a token, and of all its keys.
    pub(super) fn widths(&self) -> (usize, usize) {
        (self.heads * self.head, self.shared * self.head)
    }
}

fn turns(file: &File, key: &dyn Fn(&str) -> String, head: usize) -> Result<Vec<f64>, Error> {
    if file.number(&key("rope.dimension_count"))?.is_some_and(|turned| turned != head) {
        return Err(file.unsupported("heads of which only a part is rotated"));
    }
    let base = f64::from(file.real(&key("rope.freq_base"))?.unwrap_or(10_000.0));
    let mut scale = 1.0;
    match file.text(&key("rope.scaling.type"))? {
        None | Some("none") => {}
        Some("linear") => {
            scale = f64::from(file.real(&key("rope.scaling.factor"))?.unwrap_or(1.0));
        }
        Some(other) => return Err(file.unsupported(&format!("the scaling {other} of rotations"))),
    }
    if !(base > 0.0 && base.is_finite() && scale > 0.0 && scale.is_finite()) {
        return Err(file.malformed("the rotation is out of range"));
    }
    let pairs = head / 2;
    let factors = if file.has_tensor("rope_freqs.weight") {
        super::weights::vector(file, "rope_freqs.weight", pairs)?
    } else {
        vec![1.0; pairs]
    };
    #[expect(clippy::cast_precision_loss, reason = "under 2^24")]
    let turns: Vec<f64> = factors
        .iter()
        .enumerate()
        .map(|(pair, &factor)| base.powf(-((2 * pair) as f64) / head as f64) / f64::from(factor) / scale)
        .collect();
    if turns.iter().all(|turn| turn.is_finite()) {
        Ok(turns)
    } else {
        Err(file.malformed("the rotation is out of range"))
    }
}
