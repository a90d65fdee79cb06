//! What can go wrong with a model.

use std::path::PathBuf;

/// A failure of a model file or of what is computed from it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened or mapped.
    #[error("cannot open the model {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The file is no GGUF, is cut off, or contradicts itself.
    #[error("{} is no usable model: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A model of a kind that is not built in.
    #[error("{} is not supported: {what}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The architecture, quantization or tokenizer.
        what: String,
    },
    /// More tokens than the model or its cache has room for.
    #[error("{tokens} tokens do not fit in a context of {context}")]
    ContextFull {
        /// How many there would be.
        tokens: usize,
        /// How many there can be.
        context: usize,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The tensor library failed.
    #[error("cannot compute: {0}")]
    Compute(#[from] candle_core::Error),
    /// The model's way of writing a conversation is wrong, or refuses this one.
    #[error("the chat template of the model cannot be used: {0}")]
    Template(#[from] minijinja::Error),
}
