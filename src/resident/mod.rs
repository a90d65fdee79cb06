//! The talk between `caro` and the running desktop app: one JSON line each way over a local socket.
//!
//! Invariants: there is one app a user (a lock the system releases, not a file that can be stale); whatever a client says
//! or does not say, the server goes on serving. A question or a command never travels here; the folder a shell is in does.

pub mod client;
mod line;
mod places;
mod protocol;
pub mod server;

use std::io;
use std::path::PathBuf;

pub use places::{Place, Places};
pub use protocol::{Message, Page, Reply};

/// Why the two programs could not talk.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody listens.
    #[error("the desktop app is not running")]
    NotRunning,
    /// Somebody listens already.
    #[error("the desktop app is running already")]
    AlreadyRunning,
    /// No answer in time.
    #[error("the desktop app does not answer")]
    Unresponsive,
    /// An answer in no known form.
    #[error("the desktop app gave an answer this version does not understand: {reason}")]
    Garbled {
        /// What is wrong with it.
        reason: String,
    },
    /// The app understood and could not do it.
    #[error("the desktop app could not do it: {message}")]
    Declined {
        /// The app's words.
        message: String,
    },
    /// The socket cannot be made or used.
    #[error("cannot use the socket {}: {source}", path.display())]
    Socket {
        /// The socket.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
}
