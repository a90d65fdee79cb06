//! What a model file says about itself.

use std::path::Path;

use caro_inference::gguf::File;

use super::error::Error;

/// The architectures that can be run.
const ARCHITECTURES: [&str; 3] = ["llama", "qwen2", "qwen3"];

/// Reads the architecture of a GGUF file.
///
/// # Errors
/// When it cannot be read, is no GGUF, or is of an architecture that cannot be run.
pub(super) fn architecture(path: &Path) -> Result<String, Error> {
    let unusable = |reason: String| Error::Unusable { path: path.to_owned(), reason };
    let file = File::open(path).map_err(|error| match error {
        caro_inference::Error::File { path, source } => Error::File { path, source },
        caro_inference::Error::Malformed { reason, .. } => unusable(reason),
        other => unusable(other.to_string()),
    })?;
    let architecture = file.architecture().map_err(|error| match error {
        caro_inference::Error::Malformed { reason, .. } => unusable(reason),
        other => unusable(other.to_string()),
    })?;
    if ARCHITECTURES.contains(&architecture) {
        Ok(architecture.to_owned())
    } else {
        Err(Error::Unsupported { path: path.to_owned(), architecture: architecture.to_owned() })
    }
}
