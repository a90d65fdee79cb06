//! Waiting for a condition with a deadline, in place of sleeping for a fixed time.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// How long a desktop on two busy cores may take for anything before it counts as broken. Only failures take this long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two probes. A probe is a round trip of well under a millisecond to a local X server.
const BETWEEN_PROBES: Duration = Duration::from_millis(4);

/// Probes until `probe` gives a value or [`PATIENCE`] is over; the error names `what` was awaited.
pub fn wait_until<T>(what: &str, probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    wait_for(what, PATIENCE, probe)
}

/// [`wait_until`] with a limit of its own.
pub fn wait_for<T>(what: &str, limit: Duration, mut probe: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        if let Some(value) = probe()? {
            return Ok(value);
        }
        if start.elapsed() >= limit {
            bail!("waited {:.1} s for {what}", limit.as_secs_f32());
        }
        thread::sleep(BETWEEN_PROBES);
    }
}
