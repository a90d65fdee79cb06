//! What was asked and accepted, on this machine only: one database for the popup and the command line.
//!
//! Invariants: no secret is written down ([`secret`]); nothing is kept longer, nor more of it, than its user wants, favourites
//! aside. What it is for (the tray's recent commands, what is offered again) is the caller's business.

mod memory;
mod schema;
mod search;
pub mod secret;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use crate::normalize::normalize;
use crate::shell::Shell;
use crate::storage::{Database, DatabaseError};

pub use memory::Memory;

use schema::SCHEMA;
use search::Search;

/// The outcome of an answer that was shown, and nothing more is known: it teaches nothing.
pub const SHOWN: &str = "shown";

const SECONDS_OF_A_DAY: i64 = 86_400;

const COLUMNS: &str = "id, unix_s, query, command, risk, outcome, pinned, name";

/// A question and what became of its answer, as it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happening<'a> {
    /// What was typed.
    pub query: &'a str,
    /// The command, as it was accepted.
    pub command: &'a str,
    /// The shell it was written for.
    pub shell: Shell,
    /// The system it was written for, by name.
    pub os: &'a str,
    /// Its risk, by name.
    pub risk: &'a str,
    /// `copied`, `inserted`, `refused`, `failed` or [`SHOWN`].
    pub outcome: &'a str,
    /// When, seconds since 1970.
    pub unix_s: i64,
}

/// One question and what became of its answer, as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// What was typed.
    pub query: String,
    /// The command that was accepted.
    pub command: String,
    /// Its risk, by name.
    pub risk: String,
    /// What became of it.
    pub outcome: String,
    /// When it was last, seconds since 1970.
    pub unix_s: i64,
    /// A favourite: stands first and is kept.
    pub pinned: bool,
    /// What its user calls it.
    pub name: Option<String>,
}

impl Entry {
    /// Whether a secret was taken out of the command, so that it is not whole.
    pub fn is_incomplete(&self) -> bool {
        self.command.contains(&crate::shell::blank(secret::SECRET))
    }
}

/// How much is kept. Favourites are kept anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// So many entries; the oldest go first.
    pub entries: u32,
    /// So many days; `None` is for ever.
    pub days: Option<u32>,
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
    /// There is no such entry, or no longer.
    #[error("history: there is no entry {id}")]
    Unknown {
        /// Its number.
        id: i64,
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

    /// Keeps what happened, without its secrets, and lets go of what is kept no longer. The same question with the same command
    /// is one entry, so that asking in a loop pushes nothing out.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn record(&self, happening: &Happening<'_>, retention: Retention) -> Result<(), crate::Error> {
        let Happening { query, command, shell, os, risk, outcome, unix_s } = *happening;
        let (query, command) = (secret::of_question(query), secret::of_command(command, shell));
        let likeness = normalize(&query).likeness();
        self.attempt("keep an entry", |connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let known = transaction.execute(
                "UPDATE entry SET unix_s = ?1, risk = ?5, outcome = iif(?6 = 'shown', outcome, ?6)
                 WHERE likeness = ?2 AND query = ?3 AND command = ?4 AND shell = ?7 AND os = ?8",
                params![unix_s, likeness, query, command, risk, outcome, shell.name(), os],
            )?;
            if known == 0 {
                transaction.execute(
                    "INSERT INTO entry (unix_s, likeness, query, command, risk, outcome, shell, os)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![unix_s, likeness, query, command, risk, outcome, shell.name(), os],
                )?;
            }
            let_go(&transaction, retention, unix_s)?;
            transaction.commit()
        })
    }

    /// Lets go of what is kept no longer, as of `unix_s`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn prune(&self, retention: Retention, unix_s: i64) -> Result<(), crate::Error> {
        self.attempt("let go of old entries", |connection| let_go(connection, retention, unix_s))
    }

    /// The newest entries, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn recent(&self, limit: u32) -> Result<Vec<Entry>, crate::Error> {
        self.select("ORDER BY unix_s DESC, id DESC LIMIT ?2", "", limit)
    }

    /// The entries with words that begin like those of `text` in their question, command or name; all of them when there are
    /// none in it. Favourites first, then the newest.
    ///
    /// # Errors
    /// When the database cannot be read. No text is a mistake.
    pub fn find(&self, text: &str, limit: u32) -> Result<Vec<Entry>, crate::Error> {
        const ORDER: &str = "ORDER BY pinned DESC, unix_s DESC, id DESC LIMIT ?2";
        match Search::of(text) {
            Search::All => self.select(ORDER, "", limit),
            Search::Words(words) => {
                let matching = "WHERE id IN (SELECT rowid FROM entry_text WHERE entry_text MATCH ?1)";
                self.select(&format!("{matching} {ORDER}"), &words, limit)
            }
            Search::Part(part) => {
                let matching = "WHERE instr(query || char(10) || command || char(10) || ifnull(name, ''), ?1) > 0";
                self.select(&format!("{matching} {ORDER}"), &part, limit)
            }
        }
    }

    /// How many entries there are, and how many of them are favourites.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn count(&self) -> Result<(u32, u32), crate::Error> {
        self.attempt("count the entries", |connection| {
            connection.query_row("SELECT count(*), ifnull(sum(pinned), 0) FROM entry", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
        })
    }

    /// Makes an entry a favourite.
    ///
    /// # Errors
    /// When there is no such entry or the database cannot be written.
    pub fn pin(&self, id: i64) -> Result<(), crate::Error> {
        self.change(id, "UPDATE entry SET pinned = 1 WHERE id = ?1 AND ?2 IS NULL", None)
    }

    /// Makes a favourite an entry like any other.
    ///
    /// # Errors
    /// As for [`History::pin`].
    pub fn unpin(&self, id: i64) -> Result<(), crate::Error> {
        self.change(id, "UPDATE entry SET pinned = 0 WHERE id = ?1 AND ?2 IS NULL", None)
    }

    /// Calls an entry something, which makes it a favourite; an empty name takes the name from it.
    ///
    /// # Errors
    /// As for [`History::pin`].
    pub fn rename(&self, id: i64, name: &str) -> Result<(), crate::Error> {
        let name = secret::of_question(name.trim());
        match &*name {
            "" => self.change(id, "UPDATE entry SET name = ?2 WHERE id = ?1", None),
            name => self.change(id, "UPDATE entry SET name = ?2, pinned = 1 WHERE id = ?1", Some(name)),
        }
    }

    /// Deletes an entry, from the disk too.
    ///
    /// # Errors
    /// As for [`History::pin`].
    pub fn delete(&self, id: i64) -> Result<(), crate::Error> {
        self.change(id, "DELETE FROM entry WHERE id = ?1 AND ?2 IS NULL", None)?;
        // It is deleted for everybody already; when another process is writing just now, the next deletion takes it off the disk.
        let _ = self.database().compact();
        Ok(())
    }

    /// Deletes everything, favourites too, from the disk too, files set aside included.
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

    fn change(&self, id: i64, statement: &str, name: Option<&str>) -> Result<(), crate::Error> {
        let changed = self.attempt("change an entry", |connection| connection.execute(statement, params![id, name]))?;
        if changed == 0 { Err(Error::Unknown { id }.into()) } else { Ok(()) }
    }

    fn select(&self, rest: &str, text: &str, limit: u32) -> Result<Vec<Entry>, crate::Error> {
        self.attempt("read the entries", |connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {COLUMNS}, ?1 AS wanted FROM entry {rest}"))?;
            let entries = statement.query_map(params![text, limit], entry)?;
            entries.collect()
        })
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

fn let_go(connection: &Connection, Retention { entries, days }: Retention, unix_s: i64) -> rusqlite::Result<()> {
    if let Some(days) = days {
        let oldest = unix_s - i64::from(days) * SECONDS_OF_A_DAY;
        connection.execute("DELETE FROM entry WHERE pinned = 0 AND unix_s < ?1", [oldest])?;
    }
    // The index tells the first that is one too many.
    let last: Option<(i64, i64)> = connection
        .query_row(
            "SELECT unix_s, id FROM entry WHERE pinned = 0 ORDER BY unix_s DESC, id DESC LIMIT 1 OFFSET ?1",
            [entries],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((unix_s, id)) = last {
        connection.execute("DELETE FROM entry WHERE pinned = 0 AND (unix_s, id) <= (?1, ?2)", [unix_s, id])?;
    }
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        unix_s: row.get(1)?,
        query: row.get(2)?,
        command: row.get(3)?,
        risk: row.get(4)?,
        outcome: row.get(5)?,
        pinned: row.get(6)?,
        name: row.get(7)?,
    })
}

#[cfg(test)]
mod tests;
