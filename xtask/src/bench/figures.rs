//! The numbers of one run, as they are printed. The names are what other programs read: a new one may come, none may change.

use serde::Serialize;

/// Many measurements of one thing, in milliseconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn add(&mut self, time: std::time::Duration) {
        self.0.push(time.as_secs_f64() * 1_000.0);
    }

    /// Nearest rank (Hyndman and Fan, definition 1): a percentile is a time that was measured.
    pub(crate) fn spread(&self) -> Spread {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = |percent: usize| {
            let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(index).map_or(f64::NAN, |time| round(*time))
        };
        Spread { p50: rank(50), p95: rank(95), max: rank(100), n: sorted.len() }
    }
}

/// Where the measurements lie, in milliseconds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Spread {
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) max: f64,
    pub(crate) n: usize,
}

/// Everything measured in one run.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) hotkey_to_mapped_ms: Spread,
    pub(crate) hotkey_to_painted_ms: Spread,
    pub(crate) keystroke_to_painted_ms: Spread,
    pub(crate) start_to_hotkey_ms: Spread,
    pub(crate) start_to_ready_ms: Spread,
    /// At idle, after all rounds.
    pub(crate) private_mib: f64,
    /// At idle, when the popup has not been opened yet.
    pub(crate) private_at_start_mib: f64,
    pub(crate) private_by_process_mib: Vec<(String, f64)>,
    /// Voluntary context switches of all threads at idle.
    pub(crate) wakeups_per_s: f64,
    pub(crate) wakeups_by_thread: Vec<(String, f64)>,
    pub(crate) growth: Growth,
    pub(crate) peer: Option<Peer>,
    pub(crate) machine: Machine,
}

/// How the memory went over the rounds.
#[derive(Debug, Serialize)]
pub(crate) struct Growth {
    pub(crate) rounds: u32,
    pub(crate) before_mib: f64,
    pub(crate) after_mib: f64,
    pub(crate) grown_mib: f64,
    pub(crate) before_by_process_mib: Vec<(String, f64)>,
}

/// The launcher measured in turns with Caro.
#[derive(Debug, Serialize)]
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) hotkey_to_mapped_ms: Spread,
    pub(crate) hotkey_to_painted_ms: Spread,
}

/// What it ran on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    /// Programs that wanted a core in the minute before, ours not counted: on a busy machine times are longer.
    pub(crate) load_before: f64,
    pub(crate) profile: String,
}

/// Two digits: more are noise.
pub(crate) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Samples;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let mut samples = Samples::default();
        for time in [5, 1, 4, 2, 3] {
            samples.add(Duration::from_millis(time));
        }
        let spread = samples.spread();
        assert_eq!((spread.p50, spread.p95, spread.max, spread.n), (3.0, 5.0, 5.0, 5));
    }

    #[test]
    fn ninety_five_of_a_hundred_are_no_longer_than_p95() {
        let mut samples = Samples::default();
        for time in 1..=100 {
            samples.add(Duration::from_millis(time));
        }
        assert_eq!((samples.spread().p50, samples.spread().p95), (50.0, 95.0));
        assert!(Samples::default().spread().p50.is_nan());
    }
}
