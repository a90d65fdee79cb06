//! What the events say: percentiles per tier, answers over time, what the app cost.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use rusqlite::{Connection, params};
use serde::Serialize;

use super::store::millis;

// As many points as a chart of the settings window can show apart.
const BUCKETS: i64 = 96;
const SAMPLES: i64 = 360;

/// Everything the performance page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Performance {
    /// One row a tier that answered, by name.
    pub tiers: Vec<TierLatency>,
    /// From hotkey to popup; `None` when it was not shown.
    pub popup: Option<TierLatency>,
    /// Answers over time, the oldest first, without gaps from the first answer on.
    pub timeline: Vec<Bucket>,
    /// What the app cost over time, the oldest first, thinned out to what a chart can show.
    pub resources: Vec<Sample>,
    /// Events that were not written down.
    pub dropped: u64,
    /// Size of the database and its log.
    pub database_bytes: u64,
}

/// Exact percentiles (nearest rank) of one tier's latency, in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TierLatency {
    /// The tier's name, or `popup`.
    pub tier: String,
    /// Number of measurements.
    pub count: u64,
    /// Half were at most this slow.
    pub p50_us: u64,
    /// Nine of ten were at most this slow.
    pub p90_us: u64,
    /// 99 of 100 were at most this slow.
    pub p99_us: u64,
}

/// Answers in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// When it begins, seconds since 1970.
    pub start_unix_s: i64,
    /// Questions that got a command.
    pub answered: u64,
    /// Questions nobody knew an answer to.
    pub abstained: u64,
}

/// What the app cost, averaged over a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    /// When, seconds since 1970.
    pub unix_s: i64,
    /// Resident memory.
    pub resident_bytes: u64,
    /// Share of one core in percent.
    pub cpu_percent: f32,
}

/// Reads the statistics of the time from `since` to `now`.
pub(super) fn read(
    connection: &Connection,
    path: &Path,
    since: SystemTime,
    now: SystemTime,
) -> rusqlite::Result<Performance> {
    let since = millis(since);
    let now = millis(now);
    Ok(Performance {
        tiers: latencies(connection, "SELECT tier, latency_us FROM answered WHERE at_ms >= ?1 ORDER BY 1, 2", since)?,
        popup: latencies(
            connection,
            "SELECT 'popup', latency_us FROM popup_shown WHERE at_ms >= ?1 ORDER BY 2",
            since,
        )?
        .pop(),
        timeline: timeline(connection, since, now)?,
        resources: resources(connection, since, now)?,
        dropped: connection.query_row(
            "SELECT coalesce(sum(count), 0) FROM dropped WHERE at_ms >= ?1",
            [since],
            |row| unsigned(row, 0),
        )?,
        database_bytes: size(path),
    })
}

fn latencies(connection: &Connection, sorted: &str, since: i64) -> rusqlite::Result<Vec<TierLatency>> {
    let mut statement = connection.prepare(sorted)?;
    let mut rows = statement.query([since])?;
    let mut tiers: Vec<(String, Vec<u64>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let tier = row.get_ref(0)?.as_str()?;
        let latency = unsigned(row, 1)?;
        match tiers.last_mut() {
            Some((last, latencies)) if last == tier => latencies.push(latency),
            _ => tiers.push((tier.to_owned(), vec![latency])),
        }
    }
    Ok(tiers.into_iter().map(|(tier, sorted)| TierLatency::of(tier, &sorted)).collect())
}

impl TierLatency {
    fn of(tier: String, sorted: &[u64]) -> Self {
        let rank = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).copied().unwrap_or_default()
        };
        Self { tier, count: sorted.len() as u64, p50_us: rank(50), p90_us: rank(90), p99_us: rank(99) }
    }
}

fn timeline(connection: &Connection, since: i64, now: i64) -> rusqlite::Result<Vec<Bucket>> {
    let first: Option<i64> =
        connection.query_row("SELECT min(at_ms) FROM answered WHERE at_ms >= ?1", [since], |row| row.get(0))?;
    let Some(first) = first else { return Ok(Vec::new()) };
    // Whole seconds, so that a bucket's start is exact. Times ahead of the clock count as now.
    let now = now.max(first);
    let width = ((now - first) / BUCKETS / 1000 + 1) * 1000;
    let start = first - first.rem_euclid(1000);
    let mut buckets: Vec<Bucket> = (0..=(now - start) / width)
        .map(|index| Bucket { start_unix_s: (start + index * width) / 1000, answered: 0, abstained: 0 })
        .collect();
    let mut statement = connection.prepare(
        "SELECT (min(at_ms, ?4) - ?1) / ?2, count(risk), count(*) - count(risk)
         FROM answered WHERE at_ms >= ?3 GROUP BY 1",
    )?;
    let mut rows = statement.query(params![start, width, since, now])?;
    while let Some(row) = rows.next()? {
        let index: i64 = row.get(0)?;
        if let Some(bucket) = usize::try_from(index).ok().and_then(|index| buckets.get_mut(index)) {
            bucket.answered = unsigned(row, 1)?;
            bucket.abstained = unsigned(row, 2)?;
        }
    }
    Ok(buckets)
}

fn resources(connection: &Connection, since: i64, now: i64) -> rusqlite::Result<Vec<Sample>> {
    let first: Option<i64> =
        connection.query_row("SELECT min(at_ms) FROM sampled WHERE at_ms >= ?1", [since], |row| row.get(0))?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let width = (now - first).max(0) / SAMPLES + 1;
    let mut statement = connection.prepare(
        "SELECT max(at_ms) / 1000, CAST(avg(resident_bytes) AS INTEGER), avg(cpu_percent)
         FROM sampled WHERE at_ms >= ?1 GROUP BY (at_ms - ?2) / ?3 ORDER BY 1",
    )?;
    let samples = statement.query_map(params![since, first, width], |row| {
        Ok(Sample { unix_s: row.get(0)?, resident_bytes: unsigned(row, 1)?, cpu_percent: row.get(2)? })
    })?;
    samples.collect()
}

/// A count or a duration; what is negative was not written by us and counts as 0.
fn unsigned(row: &rusqlite::Row, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|number| u64::try_from(number).unwrap_or_default())
}

fn size(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    [path.as_os_str(), &log].into_iter().filter_map(|part| fs::metadata(part).ok()).map(|part| part.len()).sum()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::storage::Database;
    use crate::telemetry::store::{Retention, SCHEMA, Stamped, write};
    use crate::telemetry::{Event, Source};

    fn seen(events: &[(u64, Event)], since: u64, now: u64) -> Performance {
        let at = |second| UNIX_EPOCH + Duration::from_secs(second);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("telemetry.sqlite3");
        let mut database = Database::open(&path, &SCHEMA).unwrap();
        let batch: Vec<_> = events.iter().map(|(second, event)| Stamped { at: at(*second), event: *event }).collect();
        database.attempt(|connection| write(connection, &batch, 3, Retention::Apply)).unwrap();
        database.attempt(|connection| read(connection, &path, at(since), at(now))).unwrap()
    }

    fn answered(risk: Option<&'static str>) -> Event {
        Event::Answered { source: Source::Cli, tier: "rules", intent: None, risk, latency: Duration::from_micros(9) }
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let of = |sorted: &[u64]| {
            let row = TierLatency::of(String::new(), sorted);
            (row.p50_us, row.p90_us, row.p99_us)
        };
        assert_eq!(of(&[5]), (5, 5, 5));
        assert_eq!(of(&[1, 2]), (1, 2, 2));
        assert_eq!(of(&(1..=1000).collect::<Vec<_>>()), (500, 900, 990));
    }

    #[test]
    fn the_timeline_has_no_gaps_and_ends_now() {
        const HOUR: u64 = 3600;
        let start = 1_000 * HOUR;
        let events =
            [(start, answered(Some("safe"))), (start + 10 * HOUR, answered(None)), (start + 24 * HOUR, answered(None))];
        let timeline = seen(&events, 0, start + 24 * HOUR).timeline;
        assert!((90..=97).contains(&timeline.len()), "{}", timeline.len());
        let width = timeline[1].start_unix_s - timeline[0].start_unix_s;
        assert!(timeline.windows(2).all(|pair| pair[1].start_unix_s - pair[0].start_unix_s == width));
        let sum = |count: fn(&Bucket) -> u64| timeline.iter().map(count).sum::<u64>();
        assert_eq!((sum(|bucket| bucket.answered), sum(|bucket| bucket.abstained)), (1, 2));
        assert_eq!(timeline.last().map(|bucket| bucket.abstained), Some(1));
    }

    #[test]
    fn what_is_before_the_window_does_not_count() {
        let seen = seen(&[(10, answered(None)), (20, answered(Some("safe")))], 15, 30);
        assert_eq!(seen.tiers[0].count, 1);
        assert_eq!(seen.dropped, 3);
    }

    #[test]
    fn a_clock_that_was_set_back_loses_nothing() {
        let timeline = seen(&[(1000, answered(Some("safe")))], 0, 10).timeline;
        assert_eq!(timeline.iter().map(|bucket| bucket.answered).sum::<u64>(), 1);
    }

    #[test]
    fn resources_are_thinned_out_to_what_a_chart_shows() {
        let sample = |second| (second, Event::Sampled { resident_bytes: second * 1000, cpu_percent: 1.5 });
        let events: Vec<_> = (0..2000).map(|second| sample(10 * second)).collect();
        let resources = seen(&events, 0, 20_000).resources;
        assert!((300..=361).contains(&resources.len()), "{}", resources.len());
        assert!(resources.windows(2).all(|pair| pair[0].unix_s < pair[1].unix_s));
        assert!(resources.iter().all(|sample| (sample.cpu_percent - 1.5).abs() < 1e-6));
    }

    #[test]
    fn old_events_are_forgotten() {
        const DAY: u64 = 24 * 3600;
        let sample = Event::Sampled { resident_bytes: 1, cpu_percent: 0.0 };
        let events = [
            (0, answered(None)),
            (92 * DAY, sample),
            (99 * DAY, sample),
            (99 * DAY, answered(None)),
            (100 * DAY, sample),
        ];
        let seen = seen(&events, 0, 100 * DAY);
        assert_eq!((seen.tiers[0].count, seen.resources.len()), (1, 2));
    }
}
