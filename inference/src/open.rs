//! From a path to a model ready to answer.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use crate::cpu::{LoadOptions, Session, Weights};
use crate::device::Device;
use crate::error::Error;
use crate::forward::Forward;
use crate::gguf::File;
use crate::model::Model;

/// How a model is opened.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// Where it is computed; on the fastest there is if `None`.
    pub device: Option<Device>,
    /// The most tokens of a prompt and its answer; never more than the model was trained for.
    pub context: usize,
    /// Threads that compute; as many as there are cores if `None`.
    pub threads: Option<usize>,
    /// The folder that packed weights are kept in for the next time. What is in it can be deleted at any time.
    pub cache: Option<&'a Path>,
    /// Is told how much is done, from 0 to 1, by any thread.
    pub progress: Option<&'a (dyn Fn(f32) + Sync)>,
    /// Set by whoever no longer wants it.
    pub cancel: Option<&'a AtomicBool>,
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { context, threads, cache, .. } = self;
        f.debug_struct("Options")
            .field("context", context)
            .field("threads", threads)
            .field("cache", cache)
            .finish_non_exhaustive()
    }
}

/// Opens the model in the file at `path`.
///
/// # Errors
/// When it is no model, asks for what is not built in, or somebody asked to stop.
pub fn open(path: &Path, options: &Options<'_>) -> Result<Model, Error> {
    let file = File::open(path)?;
    let device = options.device.unwrap_or_else(Device::best);
    if device != Device::Cpu {
        return Model::new(&file, elsewhere(&file, device, options.context)?);
    }
    let packed = options.cache.map(|folder| packed(folder, &file));
    let load = LoadOptions {
        threads: options.threads,
        isa: None,
        cache: packed.as_deref(),
        progress: options.progress,
        cancel: options.cancel,
    };
    let weights = Weights::load(&file, &load)?;
    Model::new(&file, Box::new(Session::new(weights, options.context)))
}

/// On another device by candle's back ends. In a build without them no device but the processor is available, and candle's own
/// kernels for the processor, two megabytes of them, are not linked.
#[cfg(any(feature = "cuda", feature = "metal"))]
fn elsewhere(file: &File, device: Device, context: usize) -> Result<Box<dyn Forward>, Error> {
    use crate::candle;

    let model = std::sync::Arc::new(candle::Model::load(file, device)?);
    Ok(Box::new(candle::Session::new(model, context)?))
}

#[cfg(not(any(feature = "cuda", feature = "metal")))]
fn elsewhere(file: &File, device: Device, _context: usize) -> Result<Box<dyn Forward>, Error> {
    Err(file.unsupported(&format!("computing on {}", device.name())))
}

/// One file a model: another version of it has another size, or is found out when it is read.
fn packed(folder: &Path, file: &File) -> PathBuf {
    let stem = file.path().file_stem().unwrap_or_default().to_string_lossy();
    folder.join(format!("{stem}-{}.packed", file.size()))
}
