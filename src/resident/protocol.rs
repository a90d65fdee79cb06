//! What can be said.

use serde::{Deserialize, Serialize};

use super::Place;

/// A wish of the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "message")]
pub enum Message {
    /// Show the popup, or hide it when it is shown.
    Toggle,
    /// Show the popup.
    Show,
    /// Show a page of the settings window.
    Settings {
        /// Which one.
        page: Page,
    },
    /// Know where a shell is.
    Here(Place),
    /// Say that you are there.
    Ping,
}

/// A page of the settings window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// Theme, language, shell.
    General,
    /// The hotkey.
    Shortcut,
    /// Language models: here, to be had, in use.
    Models,
    /// What is allowed.
    Safety,
    /// The terminals a command can be put into.
    Terminals,
    /// What is kept.
    Privacy,
    /// Numbers from this machine.
    Performance,
    /// Version, folders, diagnostics.
    About,
    /// How to begin.
    Welcome,
}

/// The app's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "reply")]
pub enum Reply {
    /// It is done, or on its way.
    Done,
    /// The answer to [`Message::Ping`].
    Pong {
        /// The app's version.
        version: String,
        /// Its process.
        pid: u32,
    },
    /// The message could not be served.
    Failed {
        /// Why; lower case, no final stop.
        message: String,
    },
}

impl Reply {
    /// The answer to [`Message::Ping`] of this process.
    pub fn pong() -> Self {
        Self::Pong { version: env!("CARGO_PKG_VERSION").to_owned(), pid: std::process::id() }
    }
}
