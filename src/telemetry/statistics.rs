//! What the events say: percentiles per tier and stage, answers over time, what the app cost. Read from sums, never from all rows.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::store::millis;
use super::tally::{ANSWERED, DISPLAY, FIRST_TOKEN, Grain, KNOWN, POPUP, RATE, READ, STAGE, largest};

// As many points as a chart of the settings window can show apart.
const SAMPLES: i64 = 360;

/// Everything the performance page shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Performance {
    /// One row a tier that answered, by name, in microseconds.
    pub tiers: Vec<Spread>,
    /// One row a stage of answering, in the order they happen, in microseconds.
    pub stages: Vec<Spread>,
    /// From hotkey to popup, in microseconds; `None` when it was not shown.
    pub popup: Option<Spread>,
    /// From a key to the painted answer, in microseconds.
    pub display: Option<Spread>,
    /// From a question to the first token of a model's answer, in microseconds.
    pub first_token: Option<Spread>,
    /// Tokens a second of answers that a model wrote.
    pub rate: Option<Spread>,
    /// Tokens of prompts that were in the key-value cache already.
    pub known_tokens: u64,
    /// Tokens of prompts that had to be read.
    pub read_tokens: u64,
    /// The last answer, whenever that was.
    pub last: Option<LastAnswer>,
    /// The last start of the app, whenever that was.
    pub started: Option<Started>,
    /// Answers over time, the oldest first, without gaps from the first answer on.
    pub timeline: Vec<Bucket>,
    /// What the app cost over time, the oldest first, thinned out to what a chart can show.
    pub resources: Vec<Sample>,
    /// Events that were not written down.
    pub dropped: u64,
    /// Size of the database and its log.
    pub database_bytes: u64,
}

/// How values are spread: percentiles (nearest rank), each at most 3 % too large.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// The name of the tier or stage.
    pub name: String,
    /// Number of measurements.
    pub count: u64,
    /// Their mean.
    pub mean: u64,
    /// Half were at most this.
    pub p50: u64,
    /// Nine of ten were at most this.
    pub p90: u64,
    /// 99 of 100 were at most this.
    pub p99: u64,
    /// How many were how large, the small ones first, four bars to a doubling.
    pub histogram: Vec<Bar>,
}

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// The largest value in it.
    pub most: u64,
    /// Number of values.
    pub count: u64,
}

/// Where the time of one answer went, in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LastAnswer {
    /// When, seconds since 1970.
    pub unix_s: i64,
    /// The tier that answered.
    pub tier: String,
    /// All of it.
    pub latency_us: u64,
    /// Its stages in the order they happened, `display` the last one when the page reported it.
    pub stages: Vec<(String, u64)>,
}

/// How a start went, in microseconds from the start of the process.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Started {
    /// When, seconds since 1970.
    pub unix_s: i64,
    /// The hotkey was taken.
    pub hotkey_us: u64,
    /// The windows, the tray and the engine were there.
    pub ready_us: u64,
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
    /// Share of it that is the web views'.
    pub webview_bytes: u64,
    /// Share of it that is a language model's.
    pub model_bytes: u64,
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
    let (since, now) = (millis(since), millis(now));
    let grain = Grain::of((now - since) / 1_000);
    let start = grain.floor(since / 1_000);
    let mut performance = Performance {
        last: last(connection)?,
        started: started(connection)?,
        timeline: timeline(connection, grain, start, now / 1_000)?,
        resources: resources(connection, since, now)?,
        dropped: connection.query_row(
            "SELECT coalesce(sum(count), 0) FROM dropped WHERE at_ms >= ?1",
            [since],
            |row| unsigned(row, 0),
        )?,
        database_bytes: size(path),
        ..Performance::default()
    };
    for (series, steps) in histograms(connection, grain, start)? {
        let spread = |name: &str| Spread::of(name, &steps);
        let total = || steps.iter().map(|step| step.total).sum();
        if let Some(tier) = series.strip_prefix(ANSWERED) {
            performance.tiers.push(spread(tier));
        } else if let Some(stage) = series.strip_prefix(STAGE) {
            performance.stages.push(spread(stage));
        } else {
            match series.as_str() {
                POPUP => performance.popup = Some(spread(POPUP)),
                DISPLAY => performance.display = Some(spread(DISPLAY)),
                FIRST_TOKEN => performance.first_token = Some(spread(FIRST_TOKEN)),
                RATE => performance.rate = Some(spread(RATE)),
                KNOWN => performance.known_tokens = total(),
                READ => performance.read_tokens = total(),
                // Of a newer Caro.
                _ => {}
            }
        }
    }
    performance.stages.sort_by_key(|stage| ORDER.iter().position(|known| *known == stage.name));
    Ok(performance)
}

/// The stages of an answer, in the order they happen.
const ORDER: [&str; 6] = ["normalize", "match", "judge", "prompt", "prefill", "decode"];

struct Step {
    most: u64,
    count: u64,
    total: u64,
}

fn histograms(connection: &Connection, grain: Grain, start: i64) -> rusqlite::Result<Vec<(String, Vec<Step>)>> {
    let mut statement = connection.prepare(
        "SELECT series, step, sum(count), sum(total) FROM tally WHERE grain = ?1 AND start_s >= ?2
         GROUP BY series, step ORDER BY series, step",
    )?;
    let mut rows = statement.query(params![grain.name(), start])?;
    let mut found: Vec<(String, Vec<Step>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let series = row.get_ref(0)?.as_str()?;
        let most = u64::try_from(largest(row.get(1)?)).unwrap_or_default();
        let step = Step { most, count: unsigned(row, 2)?, total: unsigned(row, 3)? };
        match found.last_mut() {
            Some((last, steps)) if last == series => steps.push(step),
            _ => found.push((series.to_owned(), vec![step])),
        }
    }
    Ok(found)
}

impl Spread {
    fn of(name: &str, steps: &[Step]) -> Self {
        let count: u64 = steps.iter().map(|step| step.count).sum();
        let total: u64 = steps.iter().map(|step| step.total).sum();
        let rank = |percent: u64| {
            let rank = (count * percent).div_ceil(100).max(1);
            let mut below = 0;
            let reached = |step: &&Step| {
                below += step.count;
                below >= rank
            };
            steps.iter().find(reached).map(|step| step.most).unwrap_or_default()
        };
        let mut histogram: Vec<Bar> = Vec::new();
        for &Step { most, count, .. } in steps {
            let most = bar(most);
            match histogram.last_mut() {
                Some(last) if last.most == most => last.count += count,
                _ => histogram.push(Bar { most, count }),
            }
        }
        let mean = total.checked_div(count).unwrap_or_default();
        Self { name: name.to_owned(), count, mean, p50: rank(50), p90: rank(90), p99: rank(99), histogram }
    }
}

/// The end of the quarter of a doubling that a value is in.
fn bar(value: u64) -> u64 {
    if value < 4 {
        return value;
    }
    let shift = value.ilog2() - 2;
    (((value >> shift) + 1) << shift) - 1
}

fn last(connection: &Connection) -> rusqlite::Result<Option<LastAnswer>> {
    let read = |row: &Row| {
        let stage = |(name, column): (&&str, usize)| {
            Ok(row.get::<_, Option<i64>>(column)?.map(|us| ((*name).to_owned(), u64::try_from(us).unwrap_or_default())))
        };
        let stages: rusqlite::Result<Vec<_>> = ORDER.iter().zip(3..).map(stage).collect();
        let (at, latency_us) = (row.get::<_, i64>(0)?, unsigned(row, 2)?);
        let stages = stages?.into_iter().flatten().collect();
        Ok((at, LastAnswer { unix_s: at / 1_000, tier: row.get(1)?, latency_us, stages }))
    };
    let answer = connection
        .query_row(
            "SELECT at_ms, CASE WHEN risk IS NULL THEN 'none' ELSE tier END, latency_us,
                 normalize_us, match_us, judge_us, prompt_us, prefill_us, decode_us
             FROM answered ORDER BY at_ms DESC, rowid DESC LIMIT 1",
            [],
            read,
        )
        .optional()?;
    let Some((at, mut answer)) = answer else { return Ok(None) };
    // The page reports a frame at once, an answer counts when nobody types on: the frame of it came within the second before.
    let painted = connection
        .query_row(
            "SELECT latency_us FROM displayed WHERE at_ms BETWEEN ?1 - 1500 AND ?1 ORDER BY at_ms DESC LIMIT 1",
            [at],
            |row| unsigned(row, 0),
        )
        .optional()?;
    if let Some(painted) = painted {
        answer.stages.push((DISPLAY.to_owned(), painted.saturating_sub(answer.latency_us)));
    }
    Ok(Some(answer))
}

fn started(connection: &Connection) -> rusqlite::Result<Option<Started>> {
    connection
        .query_row("SELECT at_ms / 1000, hotkey_us, ready_us FROM started ORDER BY at_ms DESC LIMIT 1", [], |row| {
            Ok(Started { unix_s: row.get(0)?, hotkey_us: unsigned(row, 1)?, ready_us: unsigned(row, 2)? })
        })
        .optional()
}

fn timeline(connection: &Connection, grain: Grain, start: i64, now: i64) -> rusqlite::Result<Vec<Bucket>> {
    let mut statement = connection.prepare(
        "SELECT start_s, sum(count) FILTER (WHERE series <> ?3), sum(count) FILTER (WHERE series = ?3)
         FROM tally WHERE grain = ?1 AND start_s >= ?2 AND series GLOB ?4 GROUP BY 1 ORDER BY 1",
    )?;
    let none = format!("{ANSWERED}none");
    let mut rows = statement.query(params![grain.name(), start, none, format!("{ANSWERED}*")])?;
    let mut buckets: Vec<Bucket> = Vec::new();
    // Times ahead of the clock count as now.
    let end = grain.floor(now);
    while let Some(row) = rows.next()? {
        let at: i64 = row.get(0)?;
        let at = if buckets.is_empty() { at } else { at.min(end) };
        fill(&mut buckets, grain, at);
        if let Some(bucket) = buckets.last_mut() {
            bucket.answered += unsigned(row, 1)?;
            bucket.abstained += unsigned(row, 2)?;
        }
    }
    if !buckets.is_empty() {
        fill(&mut buckets, grain, end);
    }
    Ok(buckets)
}

/// Empty stretches up to the one that begins at `end`.
fn fill(buckets: &mut Vec<Bucket>, grain: Grain, end: i64) {
    let empty = |start_unix_s| Bucket { start_unix_s, answered: 0, abstained: 0 };
    let Some(last) = buckets.last().map(|bucket| bucket.start_unix_s) else { return buckets.push(empty(end)) };
    let mut next = last + grain.seconds();
    while next <= end {
        buckets.push(empty(next));
        next += grain.seconds();
    }
}

fn resources(connection: &Connection, since: i64, now: i64) -> rusqlite::Result<Vec<Sample>> {
    let first: Option<i64> =
        connection.query_row("SELECT min(at_ms) FROM sampled WHERE at_ms >= ?1", [since], |row| row.get(0))?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let width = (now - first).max(0) / SAMPLES + 1;
    let mut statement = connection.prepare(
        "SELECT max(at_ms) / 1000, CAST(avg(resident_bytes) AS INTEGER), CAST(avg(webview_bytes) AS INTEGER),
             CAST(avg(model_bytes) AS INTEGER), avg(cpu_percent)
         FROM sampled WHERE at_ms >= ?1 GROUP BY (at_ms - ?2) / ?3 ORDER BY 1",
    )?;
    let samples = statement.query_map(params![since, first, width], |row| {
        Ok(Sample {
            unix_s: row.get(0)?,
            resident_bytes: unsigned(row, 1)?,
            webview_bytes: unsigned(row, 2)?,
            model_bytes: unsigned(row, 3)?,
            cpu_percent: row.get(4)?,
        })
    })?;
    samples.collect()
}

/// A count or a duration; what is missing, or negative and so not written by us, counts as 0.
fn unsigned(row: &Row, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, Option<i64>>(column).map(|number| u64::try_from(number.unwrap_or_default()).unwrap_or_default())
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
    use crate::telemetry::store::{SCHEMA, Stamped, write};
    use crate::telemetry::{Event, Source};
    use crate::timing::{Spent, Written};

    const HOUR: u64 = 3_600;

    fn seen(events: &[(u64, Event)], since: u64, now: u64) -> Performance {
        let at = |second| UNIX_EPOCH + Duration::from_secs(second);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("telemetry.sqlite3");
        let mut database = Database::open(&path, &SCHEMA).unwrap();
        let batch: Vec<_> = events.iter().map(|(second, event)| Stamped { at: at(*second), event: *event }).collect();
        database.attempt(|connection| write(connection, &batch, 3, at(now))).unwrap();
        database.attempt(|connection| read(connection, &path, at(since), at(now))).unwrap()
    }

    fn answered(risk: Option<&'static str>) -> Event {
        let latency = Duration::from_micros(9);
        Event::Answered { source: Source::Cli, tier: "rules", intent: None, risk, latency, spent: Spent::default() }
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let of = |values: &[u64]| {
            let steps: Vec<_> = values.iter().map(|&most| Step { most, count: 1, total: most }).collect();
            let row = Spread::of("", &steps);
            (row.p50, row.p90, row.p99, row.mean)
        };
        assert_eq!(of(&[]), (0, 0, 0, 0));
        assert_eq!(of(&[5]), (5, 5, 5, 5));
        assert_eq!(of(&[1, 2]), (1, 2, 2, 1));
        assert_eq!(of(&(1..=1000).collect::<Vec<_>>()), (500, 900, 990, 500));
    }

    #[test]
    fn a_histogram_has_four_bars_to_a_doubling_and_every_value_in_one() {
        let steps: Vec<_> = (0..4_096).map(|most| Step { most, count: 2, total: most }).collect();
        let histogram = Spread::of("", &steps).histogram;
        assert_eq!(histogram.iter().map(|bar| bar.count).sum::<u64>(), 8_192);
        assert!(histogram.is_sorted_by(|a, b| a.most < b.most));
        assert_eq!(histogram.iter().filter(|bar| (1_024..2_048).contains(&bar.most)).count(), 4);
    }

    #[test]
    fn the_timeline_has_no_gaps_and_ends_now() {
        let start = 1_000 * HOUR;
        let events =
            [(start, answered(Some("safe"))), (start + 10 * HOUR, answered(None)), (start + 24 * HOUR, answered(None))];
        let timeline = seen(&events, start, start + 24 * HOUR).timeline;
        assert_eq!(timeline.len(), 25);
        assert!(timeline.windows(2).all(|pair| pair[1].start_unix_s - pair[0].start_unix_s == 3_600));
        let sum = |count: fn(&Bucket) -> u64| timeline.iter().map(count).sum::<u64>();
        assert_eq!((sum(|bucket| bucket.answered), sum(|bucket| bucket.abstained)), (1, 2));
        assert_eq!(timeline.last().map(|bucket| bucket.abstained), Some(1));
    }

    #[test]
    fn what_is_before_the_window_does_not_count() {
        let events = [(HOUR, answered(None)), (2 * HOUR, answered(Some("safe")))];
        let seen = seen(&events, HOUR + 60, 2 * HOUR + 30);
        assert_eq!(seen.tiers.iter().map(|tier| (tier.name.as_str(), tier.count)).collect::<Vec<_>>(), [("rules", 1)]);
        assert_eq!(seen.dropped, 3);
    }

    #[test]
    fn a_clock_that_was_set_back_loses_nothing() {
        let events = [(100 * HOUR, answered(Some("safe"))), (900 * HOUR, answered(Some("safe")))];
        for now in [10, 101 * HOUR, 2_000 * HOUR] {
            let timeline = seen(&events, 0, now).timeline;
            assert_eq!(timeline.iter().map(|bucket| bucket.answered).sum::<u64>(), 2, "{now}");
        }
    }

    #[test]
    fn a_models_work_is_counted_by_its_parts() {
        let ms = Duration::from_millis;
        let model = Written {
            prompt: ms(2),
            prefill: ms(300),
            decode: ms(500),
            known_tokens: 150,
            read_tokens: 50,
            written_tokens: 25,
        };
        let spent = Spent { normalize: ms(1), matching: ms(3), judge: ms(1), model: Some(model) };
        let event = Event::Answered {
            source: Source::Popup,
            tier: "embedded",
            intent: None,
            risk: Some("safe"),
            latency: ms(810),
            spent,
        };
        let seen = seen(&[(99, Event::Displayed { latency: ms(830) }), (100, event)], 0, 200);
        assert_eq!((seen.known_tokens, seen.read_tokens), (150, 50));
        assert_eq!(seen.rate.map(|rate| rate.p50), Some(50));
        assert_eq!(seen.first_token.map(|first| first.mean), Some(307_000));
        assert_eq!(seen.stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(), ORDER);
        let last = seen.last.unwrap();
        assert_eq!((last.tier.as_str(), last.latency_us, last.unix_s), ("embedded", 810_000, 100));
        let stages: Vec<_> = last.stages.iter().map(|(name, us)| (name.as_str(), *us)).collect();
        assert_eq!(stages[0], ("normalize", 1_000));
        assert_eq!(stages[4..], [("prefill", 300_000), ("decode", 500_000), ("display", 20_000)]);
    }

    #[test]
    fn resources_are_thinned_out_to_what_a_chart_shows() {
        let sample = |second: u64| {
            let (webview_bytes, model_bytes) = (second * 600, second * 300);
            (second, Event::Sampled { resident_bytes: second * 1000, webview_bytes, model_bytes, cpu_percent: 1.5 })
        };
        let events: Vec<_> = (0..2000).map(|second| sample(10 * second)).collect();
        let resources = seen(&events, 0, 20_000).resources;
        assert!((300..=361).contains(&resources.len()), "{}", resources.len());
        assert!(resources.windows(2).all(|pair| pair[0].unix_s < pair[1].unix_s));
        assert!(resources.iter().all(|sample| (sample.cpu_percent - 1.5).abs() < 1e-6));
        assert!(resources.iter().all(|sample| sample.model_bytes * 2 == sample.webview_bytes));
    }
}
