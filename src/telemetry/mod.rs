//! How fast and how sure Caro was, kept on this machine for the performance page.
//!
//! Invariants: an event holds ids, tiers, durations and risk, all of them Caro's own words, so a question, a command or a
//! path cannot get in; recording never waits; a failure here never reaches an answer.

mod event;
mod recorder;
mod statistics;
mod store;

use std::io;

pub use event::{Event, Source};
pub use recorder::{Opened, Recorder};
pub use statistics::{Bucket, Performance, Sample, TierLatency};

use crate::storage::DatabaseError;

/// Why telemetry could not be opened, read or deleted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be opened or cleared.
    #[error("telemetry: {0}")]
    Database(#[from] DatabaseError),
    /// The database cannot be read or emptied.
    #[error("telemetry: cannot {attempt}: {source}")]
    Query {
        /// What was attempted.
        attempt: &'static str,
        /// SQLite's words.
        source: rusqlite::Error,
    },
    /// The writer cannot be started.
    #[error("telemetry: cannot start the writer: {0}")]
    Thread(#[source] io::Error),
}
