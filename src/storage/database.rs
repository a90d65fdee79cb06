//! Opens a SQLite file of ours: private, write-ahead logged, brought to the newest version, never lost.
//!
//! Invariant: a file that is corrupt, foreign or of a newer Caro is renamed together with its log before a fresh one is
//! made, and all processes agree on who does it. Which tables there are is the caller's business.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{Defect, private_file, private_folder, set_aside, with_suffix};

// Longer than any transaction of ours takes on a slow disk, short enough for a command line that waits for it.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);

// 400 kB of log before it is folded into the file: a short-lived process pays for a disk flush about every thirtieth time.
const PAGES_PER_CHECKPOINT: i32 = 100;

/// What a database of ours looks like.
#[derive(Debug)]
pub struct Schema {
    /// SQLite's `application_id`: tells a database of ours from anybody's.
    pub application_id: i32,
    /// One script a version; the number of scripts is the current `user_version`. Only ever appended to.
    pub migrations: &'static [&'static str],
}

impl Schema {
    fn version(&self) -> i64 {
        i64::try_from(self.migrations.len()).expect("migrations are written by hand")
    }
}

/// An open database.
#[derive(Debug)]
pub struct OpenedDatabase {
    /// The connection, at the newest version.
    pub connection: Connection,
    /// Where the unusable file that had this name is now.
    pub set_aside: Option<PathBuf>,
}

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The folder or the file cannot be made or renamed.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// What was attempted on.
        path: PathBuf,
        /// The system's words.
        source: io::Error,
    },
    /// SQLite refused.
    #[error("cannot open the database {}: {source}", path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        source: rusqlite::Error,
    },
}

/// Opens the database at `path`, making it and its folder when they are not there.
///
/// # Errors
/// When the folder cannot be written, the disk is full, or another process keeps the file locked.
pub fn open_database(path: &Path, schema: &Schema) -> Result<OpenedDatabase, DatabaseError> {
    let file = |source| DatabaseError::File { path: path.to_owned(), source };
    let sqlite = |source| DatabaseError::Sqlite { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(file)?;
    }
    private_file(path).map_err(file)?;
    if let Ok(Condition::Current(connection)) = look(path, schema) {
        return Ok(OpenedDatabase { connection, set_aside: None });
    }
    // Everything else changes the file. One process at a time, and each looks again: the one before may have done it.
    let lock_path = with_suffix(path, "lock");
    let lock = private_file(&lock_path).map_err(file)?;
    lock.lock().map_err(file)?;
    let mut aside = None;
    let connection = match look(path, schema).map_err(sqlite)? {
        Condition::Current(connection) => connection,
        Condition::Older(connection) => migrated(connection, schema).map_err(sqlite)?,
        Condition::Unusable(defect) => {
            aside = Some(set_database_aside(path, defect).map_err(file)?);
            private_file(path).map_err(file)?;
            let fresh = connect(path).map_err(sqlite)?;
            migrated(fresh, schema).map_err(sqlite)?
        }
    };
    Ok(OpenedDatabase { connection, set_aside: aside })
}

enum Condition {
    Current(Connection),
    Older(Connection),
    Unusable(Defect),
}

fn look(path: &Path, schema: &Schema) -> rusqlite::Result<Condition> {
    let examined = connect(path).and_then(|connection| {
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let owner: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let objects: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((connection, version, owner, objects))
    });
    match examined {
        Ok((connection, 0, 0, 0)) => Ok(Condition::Older(connection)),
        Ok((_, _, owner, _)) if owner != schema.application_id => Ok(Condition::Unusable(Defect::Corrupt)),
        Ok((_, version, _, _)) if version > schema.version() => Ok(Condition::Unusable(Defect::Newer)),
        Ok((connection, version, _, _)) if version == schema.version() => Ok(Condition::Current(connection)),
        Ok((connection, ..)) => Ok(Condition::Older(connection)),
        Err(error) if is_corrupt(&error) => Ok(Condition::Unusable(Defect::Corrupt)),
        Err(error) => Err(error),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // In the log's mode a commit is safe without a disk flush of its own: a power cut loses the last events, nothing else.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", PAGES_PER_CHECKPOINT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn migrated(mut connection: Connection, schema: &Schema) -> rusqlite::Result<Connection> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or_default();
    for script in schema.migrations.iter().skip(done) {
        transaction.execute_batch(script)?;
    }
    transaction.pragma_update(None, "application_id", schema.application_id)?;
    transaction.pragma_update(None, "user_version", schema.version())?;
    transaction.commit()?;
    Ok(connection)
}

fn set_database_aside(path: &Path, defect: Defect) -> io::Result<PathBuf> {
    let aside = set_aside(path, defect, SystemTime::now())?;
    for part in ["-wal", "-shm"] {
        let renamed = |base: &Path| {
            let mut name = base.as_os_str().to_owned();
            name.push(part);
            PathBuf::from(name)
        };
        match fs::rename(renamed(path), renamed(&aside)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

fn is_corrupt(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}
