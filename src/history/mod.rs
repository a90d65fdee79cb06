//! What was asked and accepted, on this machine only.
//!
//! Invariant: nothing is kept that the user did not accept or have refused, and at most [`KEPT`] of it. What it is for
//! (the tray's recent commands, favourites) is the caller's business.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior, params};

use crate::storage::{Database, DatabaseError, Schema};

/// How many entries are kept; the oldest go first.
pub const KEPT: u32 = 10_000;

static SCHEMA: Schema = Schema {
    application_id: 0x4361_7248, // "CarH"
    migrations: &["
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT, unix_s INTEGER NOT NULL, query TEXT NOT NULL, command TEXT NOT NULL,
            risk TEXT NOT NULL, outcome TEXT NOT NULL
        ) STRICT;
    "],
};

/// One question and what became of its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What was typed.
    pub query: String,
    /// The command that was accepted.
    pub command: String,
    /// Its risk, by name.
    pub risk: String,
    /// `copied`, `inserted`, `refused` or `failed`.
    pub outcome: String,
    /// When, seconds since 1970.
    pub unix_s: i64,
}

/// The open history. Shared by reference between threads.
#[derive(Debug)]
pub struct History {
    database: Mutex<Database>,
}

/// A history and what was wrong with the old database.
#[derive(Debug)]
pub struct Opened {
    /// Ready to use.
    pub history: History,
    /// Where a corrupt or newer database is now.
    pub set_aside: Option<PathBuf>,
}

/// Why the history could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be opened or cleared.
    #[error("history: {0}")]
    Database(#[from] DatabaseError),
    /// The database cannot be read or written.
    #[error("history: cannot {attempt}: {source}")]
    Query {
        /// What was attempted.
        attempt: &'static str,
        /// SQLite's words.
        source: rusqlite::Error,
    },
}

impl History {
    /// Opens the database at `path`, making it when it is not there.
    ///
    /// # Errors
    /// When the database cannot be opened; the caller goes on without a history.
    pub fn open(path: &Path) -> Result<Opened, crate::Error> {
        let mut database = Database::open(path, &SCHEMA).map_err(Error::from)?;
        let set_aside = database.take_set_aside();
        Ok(Opened { history: Self { database: Mutex::new(database) }, set_aside })
    }

    /// Keeps one entry.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record(&self, entry: &Entry) -> Result<(), crate::Error> {
        let Entry { query, command, risk, outcome, unix_s } = entry;
        self.attempt("keep an entry", |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute(
                "INSERT INTO entry (unix_s, query, command, risk, outcome) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![unix_s, query, command, risk, outcome],
            )?;
            // The key only grows, so this is one seek, not a count.
            transaction.execute("DELETE FROM entry WHERE id <= (SELECT max(id) FROM entry) - ?1", [KEPT])?;
            transaction.commit()
        })
    }

    /// The newest entries, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn recent(&self, limit: u32) -> Result<Vec<Entry>, crate::Error> {
        self.attempt("read the entries", |connection| {
            let mut statement = connection
                .prepare_cached("SELECT query, command, risk, outcome, unix_s FROM entry ORDER BY id DESC LIMIT ?1")?;
            let entries = statement.query_map([limit], |row| {
                Ok(Entry {
                    query: row.get(0)?,
                    command: row.get(1)?,
                    risk: row.get(2)?,
                    outcome: row.get(3)?,
                    unix_s: row.get(4)?,
                })
            })?;
            entries.collect()
        })
    }

    /// Deletes everything, from the disk too, files set aside included.
    ///
    /// # Errors
    /// When the database cannot be written or another process is in the middle of a transaction.
    pub fn delete_all(&self) -> Result<(), crate::Error> {
        self.attempt("delete the entries", |connection| connection.execute("DELETE FROM entry", []))?;
        Ok(self.database().erase_deleted().map_err(Error::from)?)
    }

    /// Where a database went that turned out corrupt while it was in use, once.
    pub fn take_set_aside(&self) -> Option<PathBuf> {
        self.database().take_set_aside()
    }

    fn attempt<T>(
        &self,
        attempt: &'static str,
        work: impl Fn(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, crate::Error> {
        Ok(self.database().attempt(work).map_err(|source| Error::Query { attempt, source })?)
    }

    fn database(&self) -> MutexGuard<'_, Database> {
        // A panic in the middle of a transaction rolls it back, so what is behind the lock is usable.
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: i64) -> Entry {
        let query = format!("question {number}; DROP TABLE entry");
        Entry { query, command: "ls".into(), risk: "safe".into(), outcome: "copied".into(), unix_s: number }
    }

    #[test]
    fn the_newest_come_first_and_everybody_sees_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.sqlite3");
        let [one, other] = [(); 2].map(|()| History::open(&path).unwrap().history);
        one.record(&entry(1)).unwrap();
        other.record(&entry(2)).unwrap();
        assert_eq!(one.recent(10).unwrap(), [entry(2), entry(1)]);
        assert_eq!(other.recent(1).unwrap(), [entry(2)]);
        other.delete_all().unwrap();
        assert_eq!(one.recent(10).unwrap(), []);
    }

    #[test]
    fn the_oldest_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(&folder.path().join("history.sqlite3")).unwrap().history;
        for number in 0..=i64::from(KEPT) {
            history.record(&entry(number)).unwrap();
        }
        let all = history.recent(u32::MAX).unwrap();
        assert_eq!(all.len(), KEPT as usize);
        assert_eq!(all.last(), Some(&entry(1)));
    }
}
