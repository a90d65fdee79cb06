//! A model ready to be used: [`Weights`], packed once and shared by all its sessions.

use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::geometry::Geometry;
use super::isa::{Isa, Kernels};
use super::pack::{Row, format_of, numbers, pack};
use super::pool::Pool;
use super::store::{Store, checksum};
use super::tile::{Format, Matrix, PANEL};
use crate::error::Error;
use crate::gguf::{File, Raw};

/// How a model is loaded.
#[derive(Clone, Copy, Default)]
pub struct LoadOptions<'a> {
    /// Threads that compute, the caller's among them; as many as there are cores if `None`.
    pub threads: Option<usize>,
    /// The instructions to use; the fastest of the processor if `None`.
    pub isa: Option<Isa>,
    /// The file that the packed weights are kept in for the next time.
    pub cache: Option<&'a Path>,
    /// Is told how much is done, from 0 to 1, by any thread.
    pub progress: Option<&'a (dyn Fn(f32) + Sync)>,
    /// Stops the loading when set.
    pub cancel: Option<&'a AtomicBool>,
}

/// A model, immutable.
#[derive(Debug)]
pub struct Weights {
    pub(super) geometry: Geometry,
    pub(super) embedding: Matrix,
    pub(super) layers: Vec<Layer>,
    pub(super) norm: Vec<f32>,
    /// What makes logits; the embedding itself where the file has nothing else.
    pub(super) output: Matrix,
    pub(super) kernels: Kernels,
    pub(super) pool: Pool,
    /// Tells models apart.
    pub(super) model: [u64; 2],
    isa: Isa,
    store: Arc<Store>,
}

#[derive(Debug)]
pub(super) struct Layer {
    pub(super) norm: Vec<f32>,
    /// Of queries, keys and values.
    pub(super) inputs: [Matrix; 3],
    /// What is added to them; empty for nothing.
    pub(super) biases: [Vec<f32>; 3],
    /// The gains of the norms of queries and of keys.
    pub(super) head_norms: Option<[Vec<f32>; 2]>,
    pub(super) output: Matrix,
    pub(super) inner_norm: Vec<f32>,
    /// Sixteen rows of the gate, sixteen of what goes through it, and so on.
    pub(super) gated: Matrix,
    pub(super) down: Matrix,
}

/// How many threads compute when nobody says: the cores, of which hyper-threads share one.
pub fn default_threads() -> usize {
    num_cpus::get_physical().min(num_cpus::get()).max(1)
}

impl Weights {
    /// Loads a model.
    ///
    /// A `cache` that cannot be written only makes the next load slower.
    ///
    /// # Errors
    /// When the file has not the tensors that its metadata promise, asks for something that is not built in, or the loading
    /// was cancelled.
    pub fn load(file: &File, options: &LoadOptions<'_>) -> Result<Arc<Self>, Error> {
        let geometry = Geometry::read(file)?;
        let isa = options.isa.unwrap_or_else(Isa::detect);
        let kernels =
            isa.kernels().ok_or_else(|| file.unsupported(&format!("{isa} is not what this processor can do")))?;
        let pool = Pool::new(options.threads.unwrap_or_else(default_threads));
        let plan = Plan::of(file, &geometry)?;
        let model = model_of(file)?;
        let kept = options.cache.and_then(|path| Store::kept(path, model, plan.length));
        let store = if let Some(store) = kept {
            store
        } else {
            let store = plan.pack(file, &pool, options)?;
            if let Some(path) = options.cache {
                let _ = store.keep(path, model);
            }
            store
        };
        let store = Arc::new(store);
        let mut matrices = plan.pieces.iter().map(|piece| {
            Matrix::new(piece.format, piece.rows(), piece.columns, Arc::clone(&store), piece.start)
                .ok_or_else(|| file.malformed("its packed weights do not lie in memory"))
        });
        let mut next = || matrices.next().unwrap_or_else(|| Err(file.malformed("it has no such matrix")));
        let embedding = next()?;
        let output = if plan.tied { embedding.clone() } else { next()? };
        let layers = (0..geometry.layers)
            .map(|layer| Layer::read(file, &geometry, layer, &mut next))
            .collect::<Result<_, _>>()?;
        let norm = vector(file, "output_norm.weight", geometry.hidden)?;
        if let Some(progress) = options.progress {
            progress(1.0);
        }
        Ok(Arc::new(Self { geometry, embedding, layers, norm, output, kernels, pool, model, isa, store }))
    }

    /// The shape of the model.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The instructions it is computed with.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// How many threads compute.
    pub fn threads(&self) -> usize {
        self.pool.threads()
    }

    /// Bytes of the packed weights.
    pub fn bytes(&self) -> usize {
        self.store.bytes().len()
    }

    /// Bytes of weights that are read for a token.
    pub fn bytes_per_token(&self) -> usize {
        self.layers.iter().flat_map(Layer::matrices).chain([&self.output]).map(Matrix::length).sum()
    }

    /// Products of a weight and a byte of an activation for a token of a prompt; only the last goes through the output.
    pub fn products_per_token(&self) -> usize {
        self.layers.iter().flat_map(Layer::matrices).map(|matrix| matrix.rows * matrix.columns).sum()
    }

    /// Whether the packed weights came from the cache.
    pub fn from_cache(&self) -> bool {
        matches!(*self.store, Store::Kept(_))
    }
}

impl Layer {
    fn matrices(&self) -> impl Iterator<Item = &Matrix> {
        self.inputs.iter().chain([&self.output, &self.gated, &self.down])
    }

    fn read(
        file: &File,
        geometry: &Geometry,
        layer: usize,
        next: &mut dyn FnMut() -> Result<Matrix, Error>,
    ) -> Result<Self, Error> {
        let (queries, keys) = geometry.widths();
        let name = |part: &str| format!("blk.{layer}.{part}");
        for part in ["attn_output.bias", "ffn_gate.bias", "ffn_up.bias", "ffn_down.bias"] {
            if file.has_tensor(&name(part)) {
                return Err(file.unsupported(&format!("the tensor {}", name(part))));
            }
        }
        let optional = |part: &str, length| {
            let name = name(part);
            if file.has_tensor(&name) { vector(file, &name, length).map(Some) } else { Ok(None) }
        };
        let bias = |part: &str, length, is_turned: bool| -> Result<Vec<f32>, Error> {
            let bias = optional(part, length)?.unwrap_or_default();
            let turned = is_turned && geometry.interleaved && !bias.is_empty();
            Ok(if turned { (0..length).map(|row| bias[source_row(row, geometry.head)]).collect() } else { bias })
        };
        let head_norms =
            match (optional("attn_q_norm.weight", geometry.head)?, optional("attn_k_norm.weight", geometry.head)?) {
                (Some(_), Some(_)) if geometry.interleaved => {
                    return Err(file.unsupported("norms of heads whose pairs are neighbors"));
                }
                (Some(queries), Some(keys)) => Some([queries, keys]),
                (None, None) => None,
                _ => return Err(file.malformed("it has norms for queries or keys, but not for both")),
            };
        Ok(Self {
            norm: vector(file, &name("attn_norm.weight"), geometry.hidden)?,
            inputs: [next()?, next()?, next()?],
            biases: [
                bias("attn_q.bias", queries, true)?,
                bias("attn_k.bias", keys, true)?,
                bias("attn_v.bias", keys, false)?,
            ],
            head_norms,
            output: next()?,
            inner_norm: vector(file, &name("ffn_norm.weight"), geometry.hidden)?,
            gated: next()?,
            down: next()?,
        })
    }
}

/// A vector of the file.
pub(super) fn vector(file: &File, name: &str, length: usize) -> Result<Vec<f32>, Error> {
    let raw = file.tensor(name)?;
    if raw.rows != 1 || raw.columns != length {
        return Err(file.malformed(&format!("the tensor {name} has {} x {} numbers", raw.rows, raw.columns)));
    }
    numbers(Row { dtype: raw.dtype, bytes: raw.bytes }, raw.columns)
}

/// The row of the file that comes at `row` of queries or keys whose pairs are neighbors: the first numbers of all pairs of
/// a head, then the second. Scores do not change when queries and keys are reordered alike, and then there is one way to
/// rotate them.
fn source_row(row: usize, head: usize) -> usize {
    let (start, at) = (row / head * head, row % head);
    start + if at < head / 2 { 2 * at } else { 2 * (at - head / 2) + 1 }
}

/// A number for the metadata and one for samples of the weights.
fn model_of(file: &File) -> Result<[u64; 2], Error> {
    let mut names: Vec<_> = file.content().tensor_infos.iter().collect();
    names.sort_by_key(|(name, _)| *name);
    let mut text = format!("{}", file.size());
    let mut samples = Vec::new();
    for (name, tensor) in names {
        let raw = file.tensor(name)?;
        let _ = write!(text, " {name} {:?} {:?} {}", tensor.ggml_dtype, tensor.shape.dims(), tensor.offset);
        let middle = raw.bytes.len() / 2;
        let sample = &raw.bytes[middle..];
        samples.extend_from_slice(&sample[..sample.len().min(256)]);
    }
    for (key, value) in sorted(file) {
        let _ = write!(text, " {key} {value}");
    }
    Ok([checksum(text.as_bytes()), checksum(&samples)])
}

/// The numbers and texts of the metadata; lists, those of the tokenizer, do not matter here.
fn sorted(file: &File) -> Vec<(&str, String)> {
    use candle_core::quantized::gguf_file::Value;
    let mut values: Vec<_> = file
        .content()
        .metadata
        .iter()
        .filter(|(_, value)| !matches!(value, Value::Array(_)))
        .map(|(key, value)| (key.as_str(), format!("{value:?}")))
        .collect();
    values.sort_unstable();
    values
}

/// What is packed where.
struct Plan<'a> {
    pieces: Vec<Piece<'a>>,
    length: usize,
    /// Whether the embedding also makes the logits.
    tied: bool,
}

/// A matrix to be packed.
struct Piece<'a> {
    format: Format,
    columns: usize,
    start: usize,
    order: Order,
    sources: Vec<Raw<'a>>,
}

/// Which rows of the sources come one after the other.
#[derive(Clone, Copy)]
enum Order {
    Plain,
    /// Each head by [`source_row`].
    Turned(usize),
    /// Sixteen of the first source, sixteen of the second.
    Gated,
}

impl Piece<'_> {
    /// Rows of the matrix; of gated ones, those of one source, for so many results come out.
    fn rows(&self) -> usize {
        match self.order {
            // A panel has sixteen of each.
            Order::Gated => self.sources[0].rows.div_ceil(16) * PANEL,
            _ => self.sources[0].rows,
        }
    }

    /// What lies in a lane.
    fn row(&self, row: usize) -> Option<Row<'_>> {
        let (source, row) = match self.order {
            Order::Plain => (&self.sources[0], row),
            Order::Turned(head) => {
                (&self.sources[0], if row < self.sources[0].rows { source_row(row, head) } else { row })
            }
            Order::Gated => (&self.sources[row / 16 % 2], row / PANEL * 16 + row % 16),
        };
        let size = source.bytes.len() / source.rows;
        (row < source.rows).then(|| Row { dtype: source.dtype, bytes: &source.bytes[row * size..][..size] })
    }
}

impl<'a> Plan<'a> {
    fn of(file: &'a File, geometry: &Geometry) -> Result<Self, Error> {
        let mut plan = Self { pieces: Vec::new(), length: 0, tied: !file.has_tensor("output.weight") };
        let (hidden, inner) = (geometry.hidden, geometry.inner);
        let (queries, keys) = geometry.widths();
        let turned = if geometry.interleaved { Order::Turned(geometry.head) } else { Order::Plain };
        plan.add(file, &["token_embd.weight".into()], geometry.vocabulary, hidden, Order::Plain)?;
        if !plan.tied {
            plan.add(file, &["output.weight".into()], geometry.vocabulary, hidden, Order::Plain)?;
        }
        for layer in 0..geometry.layers {
            let name = |part: &str| format!("blk.{layer}.{part}.weight");
            plan.add(file, &[name("attn_q")], queries, hidden, turned)?;
            plan.add(file, &[name("attn_k")], keys, hidden, turned)?;
            plan.add(file, &[name("attn_v")], keys, hidden, Order::Plain)?;
            plan.add(file, &[name("attn_output")], hidden, queries, Order::Plain)?;
            plan.add(file, &[name("ffn_gate"), name("ffn_up")], inner, hidden, Order::Gated)?;
            plan.add(file, &[name("ffn_down")], hidden, inner, Order::Plain)?;
        }
        Ok(plan)
    }

    fn add(
        &mut self,
        file: &'a File,
        names: &[String],
        rows: usize,
        columns: usize,
        order: Order,
    ) -> Result<(), Error> {
        let mut format = None;
        let mut sources = Vec::new();
        for name in names {
            let raw = file.tensor(name)?;
            if raw.rows != rows || raw.columns != columns {
                return Err(file.malformed(&format!(
                    "the tensor {name} has {} x {} numbers instead of {rows} x {columns}",
                    raw.rows, raw.columns
                )));
            }
            let own = format_of(raw.dtype, columns).ok_or_else(|| {
                file.unsupported(&format!("the tensor {name}, {columns} columns of {:?},", raw.dtype))
            })?;
            // What is packed together has one format; 8 bits hold all of them.
            format = Some(if format.is_none_or(|format| format == own) { own } else { Format::Q8 });
            sources.push(raw);
        }
        let format = format.ok_or_else(|| file.malformed("it has no such tensor"))?;
        let piece = Piece { format, columns, start: self.length, order, sources };
        let length = piece.rows().div_ceil(PANEL).checked_mul(format.panel(columns));
        self.length = length
            .and_then(|length| self.length.checked_add(length))
            .ok_or_else(|| file.malformed("its weights are out of range"))?;
        self.pieces.push(piece);
        Ok(())
    }

    fn pack(&self, file: &File, pool: &Pool, options: &LoadOptions<'_>) -> Result<Store, Error> {
        let failed = |source| Error::File { path: file.path().to_owned(), source };
        let mut room = Store::room(self.length).map_err(failed)?;
        // A job for each stretch of panels, so that threads share even one large matrix.
        let mut jobs = Vec::new();
        let mut rest = &mut room[..self.length];
        for piece in &self.pieces {
            let size = piece.format.panel(piece.columns);
            let mut first = 0;
            while first < piece.rows().div_ceil(PANEL) {
                let count = (piece.rows().div_ceil(PANEL) - first).min(64);
                let (part, after) = rest.split_at_mut(count * size);
                jobs.push((piece, first, Mutex::new(part)));
                rest = after;
                first += count;
            }
        }
        let failure = Mutex::new(None);
        let done = AtomicUsize::new(0);
        pool.run(jobs.len(), &|job, _| {
            let (piece, first, part) = &jobs[job];
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            let size = piece.format.panel(piece.columns);
            for (index, panel) in part.chunks_exact_mut(size).enumerate() {
                if options.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(Error::Cancelled);
                    return;
                }
                let rows: [_; PANEL] = std::array::from_fn(|lane| piece.row((first + index) * PANEL + lane));
                if let Err(error) = pack(piece.format, piece.columns, &rows, panel) {
                    *failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return;
                }
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(progress) = options.progress {
                #[expect(clippy::cast_precision_loss, reason = "a share")]
                progress(done as f32 / jobs.len() as f32);
            }
        });
        drop(jobs);
        match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(Store::Made(room)),
        }
    }
}
