//! What can go wrong with a model file.

use std::io;
use std::path::{Path, PathBuf};

use crate::net::Fault;

/// A failure of a model file, or of getting one.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No model has that name.
    #[error("there is no model called {id:?}{}", either(near))]
    Unknown {
        /// As it was written.
        id: String,
        /// Names it may have been meant for.
        near: Vec<String>,
    },
    /// The catalog has it, this machine has not.
    #[error("{id} is not on this machine")]
    Missing {
        /// Its name.
        id: String,
    },
    /// The hub could not be asked, or did not give the file.
    #[error(transparent)]
    Hub(#[from] Fault),
    /// The hub names another SHA-256 than the catalog.
    #[error("{host} offers another {file} than the one known (SHA-256 {found}, not {known})")]
    Substituted {
        /// The hub.
        host: String,
        /// The file.
        file: String,
        /// What the catalog has.
        known: String,
        /// What the hub says.
        found: String,
    },
    /// What is on disk is not what it should be.
    #[error("{} is damaged (SHA-256 {found}, not {known})", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What it should be.
        known: String,
        /// What it is.
        found: String,
    },
    /// What was downloaded is not what the hub said it would be. It was deleted.
    #[error("what came for {id} is damaged and was deleted (SHA-256 {found}, not {known})")]
    Spoiled {
        /// The model.
        id: String,
        /// What it should be.
        known: String,
        /// What it is.
        found: String,
    },
    /// There is too little room.
    #[error("{} has no room for {needed} more bytes{}", folder.display(), left.map(|left| format!(", only for {left}")).unwrap_or_default())]
    DiskFull {
        /// Where the file should go.
        folder: PathBuf,
        /// What is still to come.
        needed: u64,
        /// What is free, when it is known.
        left: Option<u64>,
    },
    /// Another process is pulling the same model.
    #[error("{id} is being pulled by {}", pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}")))]
    Taken {
        /// The model.
        id: String,
        /// The process, when it says.
        pid: Option<u32>,
    },
    /// A model of a kind this program cannot run.
    #[error("{} is a model of architecture {architecture:?}, which is not supported", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What it is.
        architecture: String,
    },
    /// A file that is no model.
    #[error("{} is no usable model: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}

impl Error {
    /// Makes an error of one of the system's about `path`.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |source| Self::File { path: path.to_owned(), source }
    }
}

fn either(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}
