//! Events in SQLite: the tables, writing a batch, forgetting.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::Event;
use crate::storage::Schema;

/// The tables. Times are milliseconds since 1970, durations microseconds.
pub(super) static SCHEMA: Schema = Schema {
    application_id: 0x4361_7254, // "CarT"
    migrations: &["
        CREATE TABLE answered (
            at_ms INTEGER NOT NULL, source TEXT NOT NULL, tier TEXT NOT NULL, intent TEXT, risk TEXT,
            latency_us INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX answered_at ON answered (at_ms);
        CREATE TABLE accepted (
            at_ms INTEGER NOT NULL, tier TEXT NOT NULL, intent TEXT, risk TEXT NOT NULL, outcome TEXT NOT NULL, channel TEXT
        ) STRICT;
        CREATE INDEX accepted_at ON accepted (at_ms);
        CREATE TABLE popup_shown (at_ms INTEGER NOT NULL, latency_us INTEGER NOT NULL) STRICT;
        CREATE INDEX popup_shown_at ON popup_shown (at_ms);
        CREATE TABLE sampled (at_ms INTEGER NOT NULL, resident_bytes INTEGER NOT NULL, cpu_percent REAL NOT NULL) STRICT;
        CREATE INDEX sampled_at ON sampled (at_ms);
        CREATE TABLE dropped (at_ms INTEGER NOT NULL, count INTEGER NOT NULL) STRICT;
        CREATE INDEX dropped_at ON dropped (at_ms);
    "],
};

const DAY: Duration = Duration::from_hours(24);

/// How long rows of a table are kept. Samples come six times a minute, the rest as fast as a person types.
const KEPT: [(&str, Duration); 5] = [
    ("answered", DAY.saturating_mul(90)),
    ("accepted", DAY.saturating_mul(90)),
    ("popup_shown", DAY.saturating_mul(90)),
    ("dropped", DAY.saturating_mul(90)),
    ("sampled", DAY.saturating_mul(7)),
];

/// An event and when it happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamped {
    pub(super) at: SystemTime,
    pub(super) event: Event,
}

/// Whether a batch also forgets what is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retention {
    /// Delete rows past their time.
    Apply,
    /// Only write.
    Skip,
}

/// Writes a batch and the number of events lost before it, all or nothing.
pub(super) fn write(
    connection: &mut Connection,
    batch: &[Stamped],
    lost: u64,
    retention: Retention,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for stamped in batch {
        insert(&transaction, stamped)?;
    }
    let now = batch.last().map_or_else(SystemTime::now, |last| last.at);
    if lost > 0 {
        transaction.execute("INSERT INTO dropped VALUES (?1, ?2)", params![millis(now), sql_integer(lost)])?;
    }
    if retention == Retention::Apply {
        for (table, kept) in KEPT {
            let oldest = millis(now.checked_sub(kept).unwrap_or(UNIX_EPOCH));
            transaction.execute(&format!("DELETE FROM {table} WHERE at_ms < ?1"), [oldest])?;
        }
    }
    transaction.commit()
}

fn insert(transaction: &Transaction, Stamped { at, event }: &Stamped) -> rusqlite::Result<usize> {
    let at = millis(*at);
    match *event {
        Event::Answered { source, tier, intent, risk, latency } => transaction
            .prepare_cached("INSERT INTO answered VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![at, source.name(), tier, intent, risk, micros(latency)]),
        Event::Accepted { tier, intent, risk, outcome, channel } => transaction
            .prepare_cached("INSERT INTO accepted VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![at, tier, intent, risk, outcome, channel]),
        Event::PopupShown { latency } => {
            transaction.prepare_cached("INSERT INTO popup_shown VALUES (?1, ?2)")?.execute(params![at, micros(latency)])
        }
        Event::Sampled { resident_bytes, cpu_percent } => transaction
            .prepare_cached("INSERT INTO sampled VALUES (?1, ?2, ?3)")?
            .execute(params![at, sql_integer(resident_bytes), cpu_percent]),
    }
}

/// Deletes every row.
pub(super) fn delete_rows(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (table, _) in KEPT {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    transaction.commit()
}

/// Milliseconds since 1970, 0 before.
pub(super) fn millis(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn sql_integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
