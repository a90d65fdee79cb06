//! What may be recorded.

use std::time::Duration;

use crate::timing::Spent;

/// Who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The popup of the desktop app.
    Popup,
    /// One question on the command line.
    Cli,
    /// A line of `caro batch`.
    Batch,
}

impl Source {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Popup => "popup",
            Self::Cli => "cli",
            Self::Batch => "batch",
        }
    }
}

/// One thing that happened. The texts are `'static` by design: nothing a user wrote lives that long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// The engine answered a question, or said it does not know (`risk` is then `None`).
    Answered {
        /// Who asked.
        source: Source,
        /// The tier that answered.
        tier: &'static str,
        /// The intent on top, when it is one of Caro's.
        intent: Option<&'static str>,
        /// The risk of the command on top.
        risk: Option<&'static str>,
        /// Time the engine took.
        latency: Duration,
        /// Where that time went.
        spent: Spent,
    },
    /// A person took an answer.
    Accepted {
        /// The tier it came from.
        tier: &'static str,
        /// The intent, when it is one of Caro's.
        intent: Option<&'static str>,
        /// Its risk.
        risk: &'static str,
        /// `copied`, `inserted`, `refused` or `failed`.
        outcome: &'static str,
        /// How it was delivered.
        channel: Option<&'static str>,
    },
    /// The popup was shown.
    PopupShown {
        /// From the press of the hotkey to the mapped window.
        latency: Duration,
    },
    /// The page has drawn the answer to what was typed.
    Displayed {
        /// From the press of the key to the painted frame.
        latency: Duration,
    },
    /// The app is in the tray.
    Started {
        /// From the start of the process to a hotkey that is taken.
        hotkey: Duration,
        /// To the windows, the tray and the engine.
        ready: Duration,
    },
    /// What the app costs, measured now and then.
    Sampled {
        /// Resident memory of the app and its web processes.
        resident_bytes: u64,
        /// Share of it that is the web views'.
        webview_bytes: u64,
        /// Share of it that is a language model's.
        model_bytes: u64,
        /// Share of one core, 0 to 100 times the number of cores.
        cpu_percent: f32,
    },
}
