//! Sums of events by the minute, the hour and the day: for each series a histogram.
//!
//! A value falls into a step 3 % wide (exact below 64, then 32 steps to each doubling), so that a percentile is as good as the
//! eye on a chart, and a month of any number of events is read in a moment. The idea is `HdrHistogram`'s (Gil Tene).

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{Transaction, params};

use super::Event;
use super::store::{Stamped, micros, millis};
use crate::timing::Spent;

/// How long a stretch of time a sum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grain {
    Minute,
    Hour,
    Day,
}

impl Grain {
    pub(super) const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    pub(super) const fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    /// The one for a chart of so many seconds: 60 to 120 minutes, 24 to 72 hours, days.
    pub(super) const fn of(seconds: i64) -> Self {
        if seconds <= 2 * Self::Hour.seconds() {
            Self::Minute
        } else if seconds <= 3 * Self::Day.seconds() {
            Self::Hour
        } else {
            Self::Day
        }
    }

    /// How it is named in the database: by its length, so that nobody has to look it up.
    pub(super) const fn name(self) -> i64 {
        self.seconds()
    }

    /// The beginning of the stretch that a moment is in.
    pub(super) const fn floor(self, unix_s: i64) -> i64 {
        unix_s - unix_s.rem_euclid(self.seconds())
    }
}

/// Series whose values are no latency of a tier or a stage.
pub(super) const POPUP: &str = "popup";
pub(super) const DISPLAY: &str = "display";
pub(super) const FIRST_TOKEN: &str = "first-token";
pub(super) const RATE: &str = "tokens-per-second";
pub(super) const KNOWN: &str = "tokens.known";
pub(super) const READ: &str = "tokens.read";
/// What the names of series of tiers and of stages begin with.
pub(super) const ANSWERED: &str = "answered.";
pub(super) const STAGE: &str = "stage.";

type Key = (i64, i64, String, i64);

/// What a batch adds to the sums.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sums: BTreeMap<Key, (i64, i64)>,
    // A batch is of one minute or two, so that one look at a map is enough for most events.
    last: BTreeMap<(&'static str, &'static str, i64), (i64, i64)>,
    minute: i64,
}

impl Tally {
    pub(super) fn count(&mut self, stamped: &Stamped) {
        let minute = Grain::Minute.floor(millis(stamped.at) / 1_000);
        if minute != self.minute {
            self.fold();
            self.minute = minute;
        }
        match stamped.event {
            Event::Answered { tier, risk, latency, spent, .. } => {
                // Nobody answered, whoever said so.
                self.add(ANSWERED, if risk.is_none() { "none" } else { tier }, micros(latency));
                self.count_stages(&spent);
            }
            Event::PopupShown { latency } => self.add(POPUP, "", micros(latency)),
            Event::Displayed { latency } => self.add(DISPLAY, "", micros(latency)),
            Event::Accepted { .. } | Event::Started { .. } | Event::Sampled { .. } => {}
        }
    }

    fn count_stages(&mut self, spent: &Spent) {
        let Spent { normalize, matching, judge, model } = *spent;
        for (stage, time) in [("normalize", normalize), ("match", matching), ("judge", judge)] {
            self.add(STAGE, stage, micros(time));
        }
        let Some(model) = model else { return };
        for (stage, time) in [("prompt", model.prompt), ("prefill", model.prefill), ("decode", model.decode)] {
            self.add(STAGE, stage, micros(time));
        }
        self.add(FIRST_TOKEN, "", micros(normalize + matching + judge + model.prompt + model.prefill));
        self.add(KNOWN, "", i64::from(model.known_tokens));
        self.add(READ, "", i64::from(model.read_tokens));
        if let Some(rate) = rate(model.written_tokens, model.decode) {
            self.add(RATE, "", rate);
        }
    }

    fn add(&mut self, series: &'static str, part: &'static str, value: i64) {
        let value = value.max(0);
        let (count, total) = self.last.entry((series, part, step(value))).or_default();
        *count += 1;
        *total = total.saturating_add(value);
    }

    fn fold(&mut self) {
        for ((series, part, step), (count, total)) in std::mem::take(&mut self.last) {
            for grain in Grain::ALL {
                let key = (grain.name(), grain.floor(self.minute), format!("{series}{part}"), step);
                let sum = self.sums.entry(key).or_default();
                sum.0 += count;
                sum.1 = sum.1.saturating_add(total);
            }
        }
    }

    pub(super) fn add_to(mut self, transaction: &Transaction) -> rusqlite::Result<()> {
        self.fold();
        let mut statement = transaction.prepare_cached(
            "INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET count = count + excluded.count, total = total + excluded.total",
        )?;
        for ((grain, start, series, step), (count, total)) in self.sums {
            statement.execute(params![grain, start, series, step, count, total])?;
        }
        Ok(())
    }
}

#[cfg(test)]
impl Tally {
    /// What is left of it when its minutes and hours are forgotten.
    pub(super) fn add_days_to(mut self, transaction: &Transaction) -> rusqlite::Result<()> {
        self.fold();
        self.sums.retain(|(grain, ..), _| *grain == Grain::Day.name());
        self.add_to(transaction)
    }
}

/// Whole tokens a second; none when nothing was written.
fn rate(tokens: u32, decode: Duration) -> Option<i64> {
    let micros = u64::try_from(decode.as_micros()).unwrap_or(u64::MAX);
    (u64::from(tokens) * 1_000_000)
        .checked_div(micros)
        .and_then(|rate| i64::try_from(rate).ok())
        .filter(|rate| *rate > 0)
}

const EXACT: i64 = 64;
const TO_A_DOUBLING: i64 = 32;

/// The step of a value that is not negative. Larger values have the same or a larger step.
pub(super) fn step(value: i64) -> i64 {
    if value < EXACT {
        return value;
    }
    let shift = i64::from(value.ilog2()) - 5;
    shift * TO_A_DOUBLING + (value >> shift)
}

/// The largest value of a step.
pub(super) fn largest(step: i64) -> i64 {
    if step < EXACT {
        return step;
    }
    let shift = step / TO_A_DOUBLING - 1;
    let first = step - shift * TO_A_DOUBLING;
    ((first + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_holds_its_values_and_is_three_percent_wide() {
        let values = (0..5_000).chain((1..40).map(|bits| (1_i64 << bits) + 7)).chain([999_999, 123_456_789]);
        for value in values {
            let step = step(value);
            let (low, high) = (largest(step - 1) + 1, largest(step));
            assert!(value <= high && (step == 0 || value >= low), "{value}: {low}..={high}");
            assert!(value < EXACT || high - low < value / 30 + 1, "{value}: {low}..={high}");
        }
        assert!((0..100_000).map(step).is_sorted());
    }

    #[test]
    fn the_rate_is_that_of_the_tokens() {
        assert_eq!(rate(30, Duration::from_millis(500)), Some(60));
        assert_eq!(rate(30, Duration::ZERO), None);
        assert_eq!(rate(0, Duration::from_millis(500)), None);
    }
}
