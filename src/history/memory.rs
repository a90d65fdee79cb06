//! What this user accepted for a question, looked up while it is typed.
//!
//! Invariant: reads the database itself at every look, through a connection that can only read, so what was forgotten in any
//! process is forgotten here, and nobody who writes is waited for. Failing to look is knowing nothing.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};

use super::schema::SCHEMA;
use super::secret;
use crate::normalize::{Class, Utterance, normalize};
use crate::shell::Shell;

// More than three ways of doing the same are no help.
const OFFERED: usize = 3;
const LOOKED_AT: u32 = 12;

// A reader waits for nobody in the log's mode, but while a log is folded into its file by the last to leave.
const PATIENCE: Duration = Duration::from_millis(5);

/// The history, for looking only.
#[derive(Debug)]
pub struct Memory {
    path: PathBuf,
    connection: Mutex<Option<Connection>>,
}

impl Memory {
    /// What the database at `path` remembers. It is opened at the first look, and need not be there.
    #[must_use]
    pub const fn of(path: PathBuf) -> Self {
        Self { path, connection: Mutex::new(None) }
    }

    /// The commands that were accepted for this question or one like it, the favourites first, then the latest. Those refused
    /// since are not among them.
    pub fn accepted(&self, question: &str, utterance: &Utterance, shell: Shell, os: &str) -> Vec<String> {
        // What was kept was kept without its secrets.
        let likeness = match secret::of_question(question) {
            Cow::Borrowed(_) => utterance.likeness(),
            Cow::Owned(kept) => normalize(&kept).likeness(),
        };
        let kept = likeness.and_then(|likeness| self.look(&likeness, shell, os)).unwrap_or_default();
        let mut commands: Vec<String> = Vec::new();
        for (command, query) in kept {
            if !commands.contains(&command) && is_for(&command, &normalize(&query), utterance) {
                commands.push(command);
            }
        }
        commands.truncate(OFFERED);
        commands
    }

    fn look(&self, likeness: &str, shell: Shell, os: &str) -> Option<Vec<(String, String)>> {
        let mut open = match self.connection.try_lock() {
            Ok(open) => open,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody else is looking: they ask another question.
            Err(TryLockError::WouldBlock) => return None,
        };
        if open.is_none() {
            *open = self.open();
        }
        let kept = accepted(open.as_ref()?, likeness, shell, os);
        if kept.is_err() {
            *open = None;
        }
        kept.ok()
    }

    fn open(&self) -> Option<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).ok()?;
        connection.busy_timeout(PATIENCE).ok()?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).ok()?;
        // Whoever writes next brings it to this version.
        (usize::try_from(version) == Ok(SCHEMA.migrations.len())).then_some(connection)
    }
}

/// Whether a command that was accepted for one question answers another: each word it took from the first is in the second.
/// `rm -r build` is for the folder `build`, and for no folder `builds`.
fn is_for(command: &str, first: &Utterance, second: &Utterance) -> bool {
    let is_in_command = |raw: &str| command.split(|c: char| !c.is_alphanumeric()).any(|part| part == raw);
    first
        .tokens
        .iter()
        .filter(|token| !matches!(token.class, Class::Stop | Class::Cue | Class::Weak) && is_in_command(&token.raw))
        .all(|token| second.tokens.iter().any(|other| other.raw == token.raw))
}

fn accepted(
    connection: &Connection,
    likeness: &str,
    shell: Shell,
    os: &str,
) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare_cached(
        "SELECT command, query FROM entry AS kept
         WHERE likeness = ?1 AND shell = ?2 AND os = ?3 AND outcome IN ('copied', 'inserted') AND NOT EXISTS (
             SELECT 1 FROM entry WHERE likeness = ?1 AND command = kept.command AND outcome = 'refused'
                 AND unix_s >= kept.unix_s)
         ORDER BY pinned DESC, unix_s DESC, id DESC LIMIT ?4",
    )?;
    let kept =
        statement.query_map(params![likeness, shell.name(), os, LOOKED_AT], |row| Ok((row.get(0)?, row.get(1)?)))?;
    kept.collect()
}
