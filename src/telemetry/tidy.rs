//! Forgetting: rows by age, everything by size. And making the sums anew out of rows.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::store::{TABLES, millis};
use super::tally::{ANSWERED, Grain};

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retention {
    /// Rows of events.
    rows: Duration,
    /// Samples come twice a minute: after this one of an hour is left, their mean.
    samples: Duration,
    /// Sums of minutes and hours: as long as a page looks at them.
    minutes: Duration,
    hours: Duration,
    /// Sums of days, and samples of hours.
    days: Duration,
    /// Above this the oldest go, whatever their age.
    bytes: u64,
}

const DAY: Duration = Duration::from_hours(24);

impl Default for Retention {
    fn default() -> Self {
        Self {
            rows: DAY.saturating_mul(31),
            samples: DAY.saturating_mul(2),
            minutes: Duration::from_hours(3),
            hours: DAY.saturating_mul(4),
            days: DAY.saturating_mul(400),
            bytes: 18 * 1024 * 1024,
        }
    }
}

/// Deletes what is too old or too much.
pub(super) fn forget(connection: &mut Connection, now: SystemTime, kept: &Retention) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = |kept: Duration| millis(now.checked_sub(kept).unwrap_or(UNIX_EPOCH));
    for table in TABLES.into_iter().filter(|table| *table != "sampled") {
        transaction.execute(&format!("DELETE FROM {table} WHERE at_ms < ?1"), [before(kept.rows)])?;
    }
    thin_out(&transaction, before(kept.samples))?;
    transaction.execute("DELETE FROM sampled WHERE at_ms < ?1", [before(kept.days)])?;
    for (grain, kept) in Grain::ALL.into_iter().zip([kept.minutes, kept.hours, kept.days]) {
        transaction
            .execute("DELETE FROM tally WHERE grain = ?1 AND start_s < ?2", [grain.name(), before(kept) / 1_000])?;
    }
    transaction.commit()?;
    while used(connection)? > kept.bytes {
        if !halve(connection)? {
            break;
        }
    }
    Ok(())
}

/// One sample an hour instead of its samples, for hours that are over before `before`.
fn thin_out(transaction: &Transaction, before: i64) -> rusqlite::Result<()> {
    let hour = Grain::Hour.seconds() * 1_000;
    let before = before - before.rem_euclid(hour);
    let crowded = "SELECT at_ms / ?2 FROM sampled WHERE at_ms < ?1 GROUP BY 1 HAVING count(*) > 1";
    transaction.execute(
        &format!(
            "INSERT INTO sampled SELECT at_ms / ?2 * ?2 + ?2 / 2 + 1, CAST(avg(resident_bytes) AS INTEGER), avg(cpu_percent),
                 CAST(avg(webview_bytes) AS INTEGER), CAST(avg(model_bytes) AS INTEGER)
             FROM sampled WHERE at_ms < ?1 AND at_ms / ?2 IN ({crowded}) GROUP BY at_ms / ?2"
        ),
        params![before, hour],
    )?;
    transaction.execute(
        &format!(
            "DELETE FROM sampled WHERE at_ms < ?1 AND at_ms / ?2 IN ({crowded})
             AND rowid NOT IN (SELECT max(rowid) FROM sampled WHERE at_ms < ?1 GROUP BY at_ms / ?2)"
        ),
        params![before, hour],
    )?;
    Ok(())
}

/// Bytes of the file that hold something.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = number("page_count")? - number("freelist_count")?;
    Ok(u64::try_from(pages * number("page_size")?).unwrap_or_default())
}

/// Deletes the older half of the rows of events, and when there are hardly any, of the sums. Whether there was anything.
fn halve(connection: &mut Connection) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut gone = 0;
    for table in TABLES {
        let middle =
            format!("SELECT at_ms FROM {table} ORDER BY at_ms LIMIT 1 OFFSET (SELECT count(*) / 2 FROM {table})");
        if let Some(middle) = transaction.query_row(&middle, [], |row| row.get::<_, i64>(0)).optional()? {
            gone += transaction.execute(&format!("DELETE FROM {table} WHERE at_ms < ?1"), [middle])?;
        }
    }
    if gone < 1_000 {
        let middle = "SELECT start_s FROM tally ORDER BY start_s LIMIT 1 OFFSET (SELECT count(*) / 2 FROM tally)";
        if let Some(middle) = transaction.query_row(middle, [], |row| row.get::<_, i64>(0)).optional()? {
            gone += transaction.execute("DELETE FROM tally WHERE start_s < ?1", [middle])?;
        }
    }
    transaction.commit()?;
    Ok(gone > 0)
}

/// Sums up rows that were written before there were sums: latencies, which is all they knew.
pub(super) fn refill(connection: &mut Connection) -> rusqlite::Result<()> {
    let is_empty = |query: &str| connection.query_row(query, [], |row| row.get::<_, bool>(0));
    if is_empty("SELECT EXISTS (SELECT 1 FROM tally)")? || !is_empty("SELECT EXISTS (SELECT 1 FROM answered)")? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // The steps of `tally::step` in SQL: the exponent of a value is the number of powers of two it reaches.
    let shift = "(SELECT count(*) FROM power WHERE value <= latency_us)";
    for grain in Grain::ALL {
        for (table, series) in [
            ("answered", format!("'{ANSWERED}' || CASE WHEN risk IS NULL THEN 'none' ELSE tier END")),
            ("popup_shown", "'popup'".to_owned()),
        ] {
            transaction.execute(
                &format!(
                    "WITH RECURSIVE power (value) AS (SELECT 64 UNION ALL SELECT value * 2 FROM power WHERE value < 1 << 50)
                     INSERT INTO tally SELECT ?1, at_ms / 1000 / ?1 * ?1, {series},
                         {shift} * 32 + (latency_us >> {shift}), count(*), sum(latency_us)
                     FROM {table} GROUP BY 2, 3, 4"
                ),
                [grain.name()],
            )?;
        }
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Database;
    use crate::telemetry::store::{SCHEMA, Stamped, write};
    use crate::telemetry::tally::Tally;
    use crate::telemetry::{Event, Source};
    use crate::timing::{Spent, Written};

    fn at(second: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(second)
    }

    fn database(folder: &tempfile::TempDir) -> Database {
        Database::open(&folder.path().join("telemetry.sqlite3"), &SCHEMA).unwrap()
    }

    fn answered(micros: u64) -> Event {
        let (source, latency) = (Source::Popup, Duration::from_micros(micros));
        let of = |share: u64| Duration::from_micros(micros * share / 100);
        let model = Written {
            prompt: of(1),
            prefill: of(60),
            decode: of(30),
            known_tokens: 150,
            read_tokens: 30,
            written_tokens: 25,
        };
        let model = micros.is_multiple_of(5).then_some(model);
        let spent = Spent { normalize: of(2), matching: of(5), judge: of(2), model };
        let tier = if model.is_some() { "embedded" } else { "rules" };
        Event::Answered { source, tier, intent: Some("files.find-large"), risk: Some("safe"), latency, spent }
    }

    fn sampled(bytes: u64) -> Event {
        Event::Sampled { resident_bytes: bytes, webview_bytes: bytes / 2, model_bytes: 0, cpu_percent: 1.0 }
    }

    fn number(database: &mut Database, query: &str) -> i64 {
        database.attempt(|connection| connection.query_row(query, [], |row| row.get(0))).unwrap()
    }

    #[test]
    fn rows_go_by_age_and_their_sums_stay() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = database(&folder);
        let day = DAY.as_secs();
        let batch =
            [(1, 9), (50, 8), (90, 7)].map(|(days, micros)| Stamped { at: at(days * day), event: answered(micros) });
        database.attempt(|connection| write(connection, &batch, 0, at(90 * day))).unwrap();
        database.attempt(|connection| forget(connection, at(90 * day), &Retention::default())).unwrap();
        assert_eq!(number(&mut database, "SELECT count(*) FROM answered"), 1);
        let days = "SELECT sum(count) FROM tally WHERE grain = 86400 AND series = 'answered.rules'";
        assert_eq!(number(&mut database, days), 3);
        let hours = "SELECT sum(count) FROM tally WHERE grain = 3600 AND series = 'answered.rules'";
        assert_eq!(number(&mut database, hours), 1);
    }

    #[test]
    fn old_samples_are_one_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = database(&folder);
        let batch: Vec<_> = (0..240).map(|half| Stamped { at: at(half * 30), event: sampled(half) }).collect();
        let now = at(10 * DAY.as_secs());
        for _ in 0..2 {
            database.attempt(|connection| write(connection, &batch[..0], 0, now)).unwrap();
        }
        database.attempt(|connection| write(connection, &batch, 0, now)).unwrap();
        for _ in 0..2 {
            database.attempt(|connection| forget(connection, now, &Retention::default())).unwrap();
            let hours = "SELECT group_concat(resident_bytes, ' ') FROM sampled";
            let means: String =
                database.attempt(|connection| connection.query_row(hours, [], |row| row.get(0))).unwrap();
            assert_eq!(means, "59 179");
        }
    }

    fn write_days(connection: &mut Connection, batch: &[Stamped]) -> rusqlite::Result<()> {
        let transaction = connection.transaction()?;
        let mut tally = Tally::default();
        for stamped in batch {
            tally.count(stamped);
        }
        tally.add_days_to(&transaction)?;
        for Stamped { at, event } in batch {
            if let Event::Sampled { resident_bytes, .. } = event {
                let row = params![millis(*at), i64::try_from(*resident_bytes).unwrap()];
                transaction.execute("INSERT INTO sampled VALUES (?1, ?2, 1.0, ?2, 0)", row)?;
            }
        }
        transaction.commit()
    }

    #[test]
    fn a_year_of_use_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = database(&folder);
        let mut noise = 1_u64;
        for day in 0..365 {
            let mut batch = Vec::new();
            // A long day's work: 300 questions, 100 openings, and the app in the tray for ten hours.
            for minute in 0..600 {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let now = at(day * DAY.as_secs() + 8 * 3_600 + minute * 60);
                let micros = 20 + (noise >> 33) % 1_000 * ((noise >> 20) % 9);
                let latency = Duration::from_micros(micros);
                // Of days that are long over one an hour is left: for those a few do.
                if day > 360 || minute % 20 == 0 {
                    let samples = [now, now + Duration::from_secs(30)];
                    batch.extend(samples.map(|at| Stamped { at, event: sampled(noise >> 30) }));
                }
                if minute % 2 == 0 {
                    batch.push(Stamped { at: now, event: answered(micros) });
                    batch.push(Stamped { at: now, event: Event::Displayed { latency } });
                }
                if minute % 6 == 0 {
                    batch.push(Stamped { at: now, event: Event::PopupShown { latency } });
                }
            }
            let now = batch.last().unwrap().at;
            // Of a day that is long over the rows are gone again, and the sums of its minutes and hours.
            if day < 325 {
                database.attempt(|connection| write_days(connection, &batch)).unwrap();
            } else {
                database.attempt(|connection| write(connection, &batch, 0, now)).unwrap();
                database.attempt(|connection| forget(connection, now, &Retention::default())).unwrap();
            }
        }
        let all = "SELECT sum(count) FROM tally WHERE grain = 86400 AND series LIKE 'answered.%'";
        assert_eq!(number(&mut database, all), 365 * 300, "nothing of it was forgotten");
        drop(database);
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len());
        let bytes: u64 = files.sum();
        // The gate reads this line.
        std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("\n{bytes} bytes after a year\n")).unwrap();
        assert!(bytes < 20_000_000, "{bytes} bytes");
    }

    #[test]
    fn whatever_the_age_there_is_no_more_than_fits() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = database(&folder);
        let batch: Vec<_> =
            (0..20_000).map(|second| Stamped { at: at(second), event: answered(second % 3_000) }).collect();
        database.attempt(|connection| write(connection, &batch, 0, at(20_000))).unwrap();
        let kept = Retention { bytes: 500_000, ..Retention::default() };
        database.attempt(|connection| forget(connection, at(20_000), &kept)).unwrap();
        let used = database.attempt(|connection| used(connection)).unwrap();
        assert!(used <= 500_000, "{used}");
        assert_eq!(number(&mut database, "SELECT max(at_ms) FROM answered"), 19_999_000, "the newest stay");
    }

    #[test]
    fn rows_from_before_there_were_sums_are_summed_up() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = database(&folder);
        let batch: Vec<_> = (0..300).map(|n| Stamped { at: at(n * 40), event: answered(n * n) }).collect();
        database.attempt(|connection| write(connection, &batch, 0, at(0))).unwrap();
        let latencies =
            "SELECT group_concat(grain || series || start_s || ' ' || step || ' ' || count || ' ' || total, '\n')
                         FROM tally WHERE series LIKE 'answered.%'";
        let sums = |database: &mut Database| -> String {
            database.attempt(|connection| connection.query_row(latencies, [], |row| row.get(0))).unwrap()
        };
        let right = sums(&mut database);
        database.attempt(|connection| connection.execute("DELETE FROM tally", [])).unwrap();
        database.attempt(refill).unwrap();
        assert_eq!(sums(&mut database), right);
        database.attempt(refill).unwrap();
        assert_eq!(sums(&mut database), right, "once is enough");
    }
}
