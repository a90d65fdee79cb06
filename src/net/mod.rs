//! HTTP for the few who need it: files of models, and a model on another machine.
//!
//! Invariants: a secret goes to the server it is meant for and to no other, and is never printed; nobody waits longer than a
//! [`Patience`] says, nor longer than a cancel flag wants. What is not here: what the bytes mean.

mod client;
mod proxy;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

pub use proxy::Proxy;

pub(crate) use client::{Call, Client, Head, Redirects, Rest};

/// How often somebody who waits looks whether they still should.
const GLANCE: Duration = Duration::from_millis(40);

/// A key or a token. It has no way to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret without the spaces and the line end it was pasted with; `None` when nothing is left, or what is left could
    /// stand in no header.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How long to wait, and how often to try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a server is reached.
    pub connect: Duration,
    /// Without a byte from it.
    pub silence: Duration,
    /// Tries in a row that bring nothing.
    pub attempts: u32,
    /// Before the second try; it doubles with each.
    pub back_off: Duration,
    /// The longest wait a server may ask for (`Retry-After`) before that is an answer to the user instead.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { connect: seconds(10), silence: seconds(30), attempts: 4, back_off: seconds(1), longest: seconds(60) }
    }
}

impl Patience {
    /// The wait before the try after the `failed`th, or none when trying again is of no use.
    pub(crate) fn wait_after(&self, failed: u32, fault: &Fault) -> Option<Duration> {
        if failed >= self.attempts {
            return None;
        }
        let usual = self.back_off.saturating_mul(1 << (failed.saturating_sub(1)).min(16)).min(self.longest);
        match fault {
            Fault::Busy { wait: Some(wait), .. } => (*wait <= self.longest).then_some((*wait).max(usual)),
            Fault::Busy { .. } | Fault::Silent { .. } | Fault::Cut { .. } => Some(usual),
            Fault::Failed { status, .. } => (*status >= 500).then_some(usual),
            _ => None,
        }
    }
}

/// Why there is no answer, or only a part of one.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No server was reached.
    #[error("cannot reach {host}: {reason}")]
    Offline {
        /// Its name.
        host: String,
        /// The system's words.
        reason: String,
    },
    /// It cannot show that it is who it should be. Nothing was said to it.
    #[error("{host} cannot be trusted: {reason}")]
    Untrusted {
        /// Its name.
        host: String,
        /// What is wrong with its certificate.
        reason: String,
    },
    /// It was reached and said nothing more.
    #[error("{host} has been silent for {} s", after.as_secs_f32().ceil())]
    Silent {
        /// Its name.
        host: String,
        /// How long it was waited for.
        after: Duration,
    },
    /// 401 or 403.
    #[error("{host} wants to know who asks (status {status})")]
    Denied {
        /// Its name.
        host: String,
        /// 401 or 403.
        status: u16,
    },
    /// 404 or 410.
    #[error("{host} has no {path}")]
    Absent {
        /// Its name.
        host: String,
        /// What was asked for.
        path: String,
    },
    /// 429.
    #[error("{host} has had too many requests{}", wait.map(|wait| format!("; try again in {} s", wait.as_secs())).unwrap_or_default())]
    Busy {
        /// Its name.
        host: String,
        /// The time it asks for.
        wait: Option<Duration>,
    },
    /// Any other status that is no success.
    #[error("{host} answers with status {status}")]
    Failed {
        /// Its name.
        host: String,
        /// The status.
        status: u16,
    },
    /// It says what makes no sense.
    #[error("{host} answers oddly: {what}")]
    Garbled {
        /// Its name.
        host: String,
        /// What is odd.
        what: String,
    },
    /// The connection ended before the answer did.
    #[error("the connection to {host} ended early: {reason}")]
    Cut {
        /// Its name.
        host: String,
        /// What came, or the system's words.
        reason: String,
    },
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// Waits, as long as nobody cancels.
pub(crate) fn pause(wait: Duration, cancel: &AtomicBool) -> Result<(), Fault> {
    let end = Instant::now() + wait;
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(Fault::Cancelled);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        thread::sleep(left.min(GLANCE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::new(" hf_abc\n").unwrap();
        assert_eq!(secret.reveal(), "hf_abc");
        assert!(!format!("{secret:?} {:#?}", Some(&secret)).contains("abc"));
        assert_eq!(Secret::new(" \n"), None);
        assert_eq!(Secret::new("a\nEvil: header"), None);
    }

    #[test]
    fn waits_double_and_end() {
        let patience = Patience { attempts: 4, back_off: Duration::from_secs(1), ..Patience::default() };
        let host = || "hub".to_owned();
        let failed = Fault::Failed { host: host(), status: 503 };
        let waits: Vec<_> = (1..=4).map(|n| patience.wait_after(n, &failed).map(|wait| wait.as_secs())).collect();
        assert_eq!(waits, [Some(1), Some(2), Some(4), None]);
        let busy = |seconds| Fault::Busy { host: host(), wait: Some(Duration::from_secs(seconds)) };
        assert_eq!(patience.wait_after(1, &busy(7)), Some(Duration::from_secs(7)));
        assert_eq!(patience.wait_after(1, &busy(600)), None, "so long a wait is the user's to decide");
        assert_eq!(patience.wait_after(1, &Fault::Failed { host: host(), status: 418 }), None);
        assert_eq!(patience.wait_after(1, &Fault::Denied { host: host(), status: 401 }), None);
    }

    #[test]
    fn a_pause_ends_when_cancelled() {
        let cancel = AtomicBool::new(true);
        assert!(matches!(pause(Duration::from_hours(1), &cancel), Err(Fault::Cancelled)));
    }
}
