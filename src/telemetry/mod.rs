//! How fast and how sure Caro was, kept on this machine for the performance page.
//!
//! Invariants: an event holds ids, tiers, durations and risk, all of them Caro's own words, so a question, a command or a
//! path cannot get in; recording never waits; a failure here never reaches an answer. `docs/privacy.md` lists every column.

mod event;
mod export;
mod queue;
mod recorder;
mod statistics;
mod store;
mod tally;
mod target;
mod tidy;

use std::io;

pub use event::{Event, Source};
pub use export::Format;
pub use recorder::{Opened, Recorder};
pub use statistics::{Bar, Bucket, LastAnswer, Performance, Sample, Spread, Started};
pub use target::{Target, target, targets};

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
    /// What was recorded cannot be handed out.
    #[error("telemetry: cannot write what was recorded: {0}")]
    Output(#[source] io::Error),
}
