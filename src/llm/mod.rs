//! Tier 3: language models, asked when nobody else knows.
//!
//! Invariants: what a model writes is hostile text until it was read as one JSON object, as one line, in the syntax and with the
//! tools of the place it is for (`reply`); and then it is a proposal like any other, judged by `safety`. The question is the
//! user's text to the model and never markup, so nothing in it can open a turn or change the form of the answer.
//!
//! A [`Backend`] is a trait because which ones there are is chosen at run time: none, the model in this process, a server.

mod dialect;
mod embedded;
mod prompt;
mod reply;
mod server;

use std::sync::atomic::AtomicBool;

use crate::context::Context;
use crate::net::Fault;
use crate::proposal::Tier;
use crate::remote;
use crate::timing::Written;

pub use embedded::{Embedded, Resident};
pub use prompt::{Message, messages};
pub use reply::{Refusal, draft};
pub use server::Server;

/// What a backend is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What the user typed.
    pub question: &'a str,
    /// Where the answer is meant to run.
    pub context: &'a Context,
    /// Questions like it with their commands, the nearest last.
    pub shots: &'a [Shot],
}

/// A question with its command, shown to a model as an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// The question.
    pub question: String,
    /// The command.
    pub command: String,
}

/// How far a backend is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// The model is brought into memory.
    Loading {
        /// Done of 1,000.
        permille: u16,
    },
    /// The question is read.
    Reading {
        /// Done of 1,000.
        permille: u16,
    },
    /// The command so far.
    Writing(&'a str),
}

/// Is told how far a backend is, by any of its threads.
pub type Watch<'a> = dyn FnMut(Progress<'_>) + Send + 'a;

/// A command a model wrote, which can be used where it is meant to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The command, one line.
    pub command: String,
    /// How likely it is the right one, 0 to 1.
    pub confidence: f32,
    /// What it leaves to be filled in: `host` stands there as `'<host>'`.
    pub blanks: Vec<String>,
}

/// Somebody who runs a language model.
pub trait Backend: Send + Sync {
    /// [`Tier::Embedded`] or [`Tier::Remote`].
    fn tier(&self) -> Tier;

    /// What the user knows it by: the name of the model, of the server.
    fn name(&self) -> String;

    /// Commands for a question, the likeliest first; none when it does not know. `watch` is told how far it is.
    ///
    /// # Errors
    /// [`Error::Cancelled`] soon after `cancel` was set; else when the model or the server failed.
    fn answer(&self, ask: &Ask<'_>, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Vec<Draft>, Error>;

    /// Does ahead what can be done while the question is still being typed. Gives up soon after `cancel` was set, and when
    /// the backend is busy.
    fn prepare(&self, ask: &Ask<'_>, cancel: &AtomicBool) {
        let _ = (ask, cancel);
    }

    /// What it did for the last answer, when that can be known here.
    fn written(&self) -> Option<Written> {
        None
    }

    /// Gives back what can be made again, unless it was used within the time the user chose. Whether there is nothing left to
    /// give back.
    fn rest(&self) -> bool {
        true
    }
}

/// Why a backend could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody wants the answer any more.
    #[error("cancelled")]
    Cancelled,
    /// The embedded model.
    #[error(transparent)]
    Model(caro_inference::Error),
    /// The model on a server.
    #[error(transparent)]
    Server(remote::Error),
}

impl From<remote::Error> for Error {
    fn from(error: remote::Error) -> Self {
        match error {
            remote::Error::Net(Fault::Cancelled) => Self::Cancelled,
            error => Self::Server(error),
        }
    }
}

impl From<caro_inference::Error> for Error {
    fn from(error: caro_inference::Error) -> Self {
        match error {
            caro_inference::Error::Cancelled => Self::Cancelled,
            error => Self::Model(error),
        }
    }
}
