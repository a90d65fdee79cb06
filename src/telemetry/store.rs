//! Events in SQLite: the tables, writing a batch, deleting.
//!
//! Every event is a row, and counted in sums by the minute, the hour and the day at the same time. Whoever looks at a month
//! reads sums; the rows are there to be exported, and to make the sums anew.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::Event;
use super::tally::Tally;
use crate::storage::Schema;
use crate::timing::{Spent, Written};

/// The tables. Times are milliseconds since 1970, durations microseconds.
pub(super) static SCHEMA: Schema = Schema {
    application_id: 0x4361_7254, // "CarT"
    migrations: &[
        "
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
        ",
        "
        ALTER TABLE answered ADD COLUMN normalize_us INTEGER;
        ALTER TABLE answered ADD COLUMN match_us INTEGER;
        ALTER TABLE answered ADD COLUMN judge_us INTEGER;
        ALTER TABLE answered ADD COLUMN prompt_us INTEGER;
        ALTER TABLE answered ADD COLUMN prefill_us INTEGER;
        ALTER TABLE answered ADD COLUMN decode_us INTEGER;
        ALTER TABLE answered ADD COLUMN known_tokens INTEGER;
        ALTER TABLE answered ADD COLUMN read_tokens INTEGER;
        ALTER TABLE answered ADD COLUMN written_tokens INTEGER;
        ALTER TABLE sampled ADD COLUMN webview_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE sampled ADD COLUMN model_bytes INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE displayed (at_ms INTEGER NOT NULL, latency_us INTEGER NOT NULL) STRICT;
        CREATE INDEX displayed_at ON displayed (at_ms);
        CREATE TABLE started (at_ms INTEGER NOT NULL, hotkey_us INTEGER NOT NULL, ready_us INTEGER NOT NULL) STRICT;
        CREATE INDEX started_at ON started (at_ms);
        CREATE TABLE tally (
            grain INTEGER NOT NULL, start_s INTEGER NOT NULL, series TEXT NOT NULL, step INTEGER NOT NULL,
            count INTEGER NOT NULL, total INTEGER NOT NULL,
            PRIMARY KEY (grain, start_s, series, step)
        ) STRICT, WITHOUT ROWID;
        ",
    ],
};

/// Every table of events. What is summed up of them is in `tally`.
pub(super) const TABLES: [&str; 7] =
    ["answered", "accepted", "popup_shown", "displayed", "started", "sampled", "dropped"];

/// An event and when it happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stamped {
    pub(super) at: SystemTime,
    pub(super) event: Event,
}

/// Writes a batch and the number of events lost before it, all or nothing.
pub(super) fn write(
    connection: &mut Connection,
    batch: &[Stamped],
    lost: u64,
    now: SystemTime,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut tally = Tally::default();
    for stamped in batch {
        insert(&transaction, stamped)?;
        tally.count(stamped);
    }
    tally.add_to(&transaction)?;
    if lost > 0 {
        transaction.execute("INSERT INTO dropped VALUES (?1, ?2)", params![millis(now), sql_integer(lost)])?;
    }
    transaction.commit()
}

fn insert(transaction: &Transaction, Stamped { at, event }: &Stamped) -> rusqlite::Result<usize> {
    let at = millis(*at);
    match *event {
        Event::Answered { source, tier, intent, risk, latency, spent } => {
            let Spent { normalize, matching, judge, model } = spent;
            let of_model = |part: fn(&Written) -> Duration| model.as_ref().map(part).map(micros);
            let tokens = |part: fn(&Written) -> u32| model.as_ref().map(part);
            transaction
                .prepare_cached(
                    "INSERT INTO answered VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                )?
                .execute(params![
                    at,
                    source.name(),
                    tier,
                    intent,
                    risk,
                    micros(latency),
                    micros(normalize),
                    micros(matching),
                    micros(judge),
                    of_model(|model| model.prompt),
                    of_model(|model| model.prefill),
                    of_model(|model| model.decode),
                    tokens(|model| model.known_tokens),
                    tokens(|model| model.read_tokens),
                    tokens(|model| model.written_tokens),
                ])
        }
        Event::Accepted { tier, intent, risk, outcome, channel } => transaction
            .prepare_cached("INSERT INTO accepted VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
            .execute(params![at, tier, intent, risk, outcome, channel]),
        Event::PopupShown { latency } => {
            transaction.prepare_cached("INSERT INTO popup_shown VALUES (?1, ?2)")?.execute(params![at, micros(latency)])
        }
        Event::Displayed { latency } => {
            transaction.prepare_cached("INSERT INTO displayed VALUES (?1, ?2)")?.execute(params![at, micros(latency)])
        }
        Event::Started { hotkey, ready } => transaction
            .prepare_cached("INSERT INTO started VALUES (?1, ?2, ?3)")?
            .execute(params![at, micros(hotkey), micros(ready)]),
        Event::Sampled { resident_bytes, webview_bytes, model_bytes, cpu_percent } => {
            transaction.prepare_cached("INSERT INTO sampled VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
                at,
                sql_integer(resident_bytes),
                cpu_percent,
                sql_integer(webview_bytes),
                sql_integer(model_bytes)
            ])
        }
    }
}

/// Deletes every row.
pub(super) fn delete_rows(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for table in TABLES.into_iter().chain(["tally"]) {
        transaction.execute(&format!("DELETE FROM {table}"), [])?;
    }
    transaction.commit()
}

/// Milliseconds since 1970, 0 before.
pub(super) fn millis(at: SystemTime) -> i64 {
    at.duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn sql_integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
