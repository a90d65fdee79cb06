//! What was asked and accepted, on this machine only.
//!
//! Invariant: nothing is kept that the user did not accept or have refused, and at most [`KEPT`] of it. What it is for
//! (the tray's recent commands, favourites) is the caller's business.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, params};

use crate::storage::{DatabaseError, Schema, files_set_aside, open_database};

/// How many entries are kept; the oldest go first.
pub const KEPT: u32 = 10_000;

const SCHEMA: Schema = Schema {
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
    connection: Mutex<Connection>,
    path: PathBuf,
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
    /// The database cannot be opened.
    #[error("history: {0}")]
    Open(#[from] DatabaseError),
    /// The database cannot be read or written.
    #[error("history: cannot {attempt}: {source}")]
    Query {
        /// What was attempted.
        attempt: &'static str,
        /// SQLite's words.
        source: rusqlite::Error,
    },
    /// A file set aside earlier cannot be deleted.
    #[error("history: cannot delete {}: {source}", path.display())]
    Delete {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

impl History {
    /// Opens the database at `path`, making it when it is not there.
    ///
    /// # Errors
    /// When the database cannot be opened; the caller goes on without a history.
    pub fn open(path: &Path) -> Result<Opened, crate::Error> {
        let opened = open_database(path, &SCHEMA).map_err(Error::from)?;
        let history = Self { connection: Mutex::new(opened.connection), path: path.to_owned() };
        Ok(Opened { history, set_aside: opened.set_aside })
    }

    /// Keeps one entry.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record(&self, entry: &Entry) -> Result<(), crate::Error> {
        let attempt = |source| Error::Query { attempt: "keep an entry", source };
        let connection = self.connection();
        let Entry { query, command, risk, outcome, unix_s } = entry;
        connection
            .execute(
                "INSERT INTO entry (unix_s, query, command, risk, outcome) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![unix_s, query, command, risk, outcome],
            )
            .map_err(attempt)?;
        // The key only grows, so this is one seek, not a count.
        connection
            .execute("DELETE FROM entry WHERE id <= (SELECT max(id) FROM entry) - ?1", [KEPT])
            .map_err(attempt)?;
        Ok(())
    }

    /// The newest entries, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn recent(&self, limit: u32) -> Result<Vec<Entry>, crate::Error> {
        let connection = self.connection();
        let read = || {
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
            entries.collect::<rusqlite::Result<Vec<_>>>()
        };
        Ok(read().map_err(|source| Error::Query { attempt: "read the entries", source })?)
    }

    /// Deletes everything, from the disk too, files set aside included.
    ///
    /// # Errors
    /// When the database cannot be written or another process is in the middle of a transaction.
    pub fn delete_all(&self) -> Result<(), crate::Error> {
        let attempt = |source| Error::Query { attempt: "delete the entries", source };
        let connection = self.connection();
        connection.execute("DELETE FROM entry", []).map_err(attempt)?;
        connection.execute_batch("VACUUM").map_err(attempt)?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(attempt)?;
        for path in files_set_aside(&self.path) {
            fs::remove_file(&path).map_err(|source| Error::Delete { path, source })?;
        }
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // Every statement is a transaction of its own, so a panic in between leaves a usable connection.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
