//! Opens a SQLite file of ours: private, write-ahead logged, brought to the newest version, never lost.
//!
//! Invariant: a file that is corrupt, foreign or of a newer Caro is renamed together with its log before a fresh one is
//! made, and all processes agree on who does it. Which tables there are is the caller's business.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::{Defect, files_set_aside, private_file, private_folder, set_aside, with_suffix};

// Longer than any transaction of ours takes on a slow disk, short enough for a command line that waits for it.
const BUSY_TIMEOUT: Duration = Duration::from_millis(500);

// Long enough for a few others to do the same before us.
const LOCK_LIMIT: Duration = Duration::from_secs(2);

// A short-lived process pays for folding the log into the file, a disk flush, about every fiftieth time.
const LONGEST_LOG: u64 = 400 * 1024;

/// What SQLite appends to the name of a database for its write-ahead log.
const LOG: &str = "-wal";

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

/// An open database that heals itself.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: PathBuf,
    schema: &'static Schema,
    set_aside: Option<PathBuf>,
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

impl Database {
    /// Opens the database at `path`, making it and its folder when they are not there.
    ///
    /// # Errors
    /// When the folder cannot be written, the disk is full, or another process keeps the file locked.
    pub fn open(path: &Path, schema: &'static Schema) -> Result<Self, DatabaseError> {
        let file = |source| DatabaseError::File { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            private_folder(folder).map_err(file)?;
        }
        // Whoever looks while another sets the file aside would hold on to a file that is going, or not wholly there yet.
        let _lock = locked(&with_suffix(path, "lock")).map_err(file)?;
        private_file(path).map_err(file)?;
        let (connection, set_aside) = usable(path, schema, look)?;
        Ok(Self { connection, path: path.to_owned(), schema, set_aside })
    }

    /// Does some work. When it finds the file corrupt, that is set aside and the work done once more, on a fresh one.
    ///
    /// # Errors
    /// What the work says, in the end.
    pub fn attempt<T>(&mut self, work: impl Fn(&mut Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let outcome = work(&mut self.connection);
        match outcome {
            Err(error) if is_corrupt(&error) => {
                // Some systems rename no open file.
                self.connection = Connection::open_in_memory()?;
                let (connection, set_aside) = put_right(&self.path, self.schema, examine).map_err(|_| error)?;
                self.connection = connection;
                self.set_aside = set_aside.or(self.set_aside.take());
                work(&mut self.connection)
            }
            outcome => {
                self.fold_log();
                outcome
            }
        }
    }

    /// Folds a long log into the file and empties it. When somebody is reading it just then, the next to come does it.
    fn fold_log(&self) {
        if fs::metadata(part(&self.path, LOG)).is_ok_and(|log| log.len() > LONGEST_LOG) {
            let _ = self.connection.busy_timeout(Duration::ZERO);
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = self.connection.busy_timeout(BUSY_TIMEOUT);
        }
    }

    /// Where the file went that was set aside since this was last asked.
    pub const fn take_set_aside(&mut self) -> Option<PathBuf> {
        self.set_aside.take()
    }

    /// Removes what was deleted from the file and its log.
    ///
    /// # Errors
    /// When another process is in the middle of a transaction.
    pub fn compact(&mut self) -> Result<(), DatabaseError> {
        self.attempt(|connection| {
            connection.execute_batch("VACUUM")?;
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        })
        .map_err(|source| DatabaseError::Sqlite { path: self.path.clone(), source })
    }

    /// Removes what was deleted from the disk: as [`Database::compact`], and files set aside earlier.
    ///
    /// # Errors
    /// When another process is in the middle of a transaction, or the folder cannot be written.
    pub fn erase_deleted(&mut self) -> Result<(), DatabaseError> {
        self.compact()?;
        for path in files_set_aside(&self.path) {
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(DatabaseError::File { path, source });
                }
                _ => {}
            }
        }
        self.set_aside = None;
        Ok(())
    }
}

type Verdict = fn(&Path, &Schema) -> rusqlite::Result<Condition>;

/// Makes a file usable. One process at a time, and each looks again: the one before may have done it.
fn put_right(path: &Path, schema: &Schema, verdict: Verdict) -> Result<(Connection, Option<PathBuf>), DatabaseError> {
    let file = |source| DatabaseError::File { path: path.to_owned(), source };
    let _lock = locked(&with_suffix(path, "lock")).map_err(file)?;
    usable(path, schema, verdict)
}

/// The file as it is, migrated, or a fresh one. Call with the lock held.
fn usable(path: &Path, schema: &Schema, verdict: Verdict) -> Result<(Connection, Option<PathBuf>), DatabaseError> {
    let file = |source| DatabaseError::File { path: path.to_owned(), source };
    let sqlite = |source| DatabaseError::Sqlite { path: path.to_owned(), source };
    match verdict(path, schema).map_err(sqlite)? {
        Condition::Current(connection) => Ok((connection, None)),
        Condition::Older(connection) => Ok((migrated(connection, schema).map_err(sqlite)?, None)),
        Condition::Unusable(defect) => {
            let aside = set_database_aside(path, defect).map_err(file)?;
            private_file(path).map_err(file)?;
            let fresh = connect(path).and_then(|fresh| migrated(fresh, schema)).map_err(sqlite)?;
            Ok((fresh, Some(aside)))
        }
    }
}

/// A lock the system releases with the process that held it. Waited for, but not for a process that hangs.
fn locked(path: &Path) -> io::Result<File> {
    let lock = private_file(path)?;
    let deadline = Instant::now() + LOCK_LIMIT;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return Err(io::ErrorKind::TimedOut.into()),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// What [`look`] says of the first page, and what a walk through all of them says.
fn examine(path: &Path, schema: &Schema) -> rusqlite::Result<Condition> {
    let condition = look(path, schema)?;
    let (Condition::Current(connection) | Condition::Older(connection)) = &condition else { return Ok(condition) };
    let verdict = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(condition),
        Ok(_) => Ok(Condition::Unusable(Defect::Corrupt)),
        Err(error) if is_corrupt(&error) => Ok(Condition::Unusable(Defect::Corrupt)),
        Err(error) => Err(error),
    }
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
    // SQLite's own way leaves the log as long as it is and begins it anew at the next write of the same process. Where each
    // process writes once, that never comes: the log grew for ever, and each run folded all of it in. See `fold_log`.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
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
    for suffix in [LOG, "-shm"] {
        match fs::rename(part(path, suffix), part(&aside, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

/// One of the files SQLite keeps beside a database.
fn part(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn is_corrupt(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    static ONE: Schema = Schema { application_id: 7, migrations: &["CREATE TABLE word (text TEXT) STRICT;"] };
    static TWO: Schema = Schema {
        application_id: 7,
        migrations: &["CREATE TABLE word (text TEXT) STRICT;", "ALTER TABLE word ADD COLUMN length INTEGER;"],
    };
    static FOREIGN: Schema = Schema { application_id: 8, migrations: &["CREATE TABLE word (text TEXT) STRICT;"] };

    fn add(database: &mut Database, word: &str) {
        database.attempt(|connection| connection.execute("INSERT INTO word (text) VALUES (?1)", [word])).unwrap();
    }

    fn words(database: &mut Database) -> Vec<String> {
        let read = |connection: &mut Connection| {
            let mut statement = connection.prepare("SELECT text FROM word ORDER BY rowid")?;
            let words = statement.query_map([], |row| row.get(0))?;
            words.collect()
        };
        database.attempt(read).unwrap()
    }

    #[test]
    fn what_was_written_is_there_again_and_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("words.sqlite3");
        add(&mut Database::open(&path, &ONE).unwrap(), "kept");
        let mut migrated = Database::open(&path, &TWO).unwrap();
        assert_eq!(words(&mut migrated), ["kept"]);
        assert_eq!(migrated.take_set_aside(), None);
        migrated.attempt(|connection| connection.execute("UPDATE word SET length = 4", [])).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("caro");
        fs::create_dir(&inner).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        let mut database = Database::open(&inner.join("words.sqlite3"), &ONE).unwrap();
        add(&mut database, "mine");
        assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        for entry in fs::read_dir(&inner).unwrap().map(Result::unwrap) {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
        }
    }

    type Make = fn(&Path);

    #[test]
    fn a_file_of_no_use_is_kept_under_another_name() {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, Make); 4] = [
            ("corrupt", |path| fs::write(path, "this is no database at all".repeat(100)).unwrap()),
            ("corrupt", |path| fs::write(path, b"SQLite format 3\0 and then not").unwrap()),
            ("corrupt", |path| add(&mut Database::open(path, &FOREIGN).unwrap(), "foreign")),
            ("newer", |path| add(&mut Database::open(path, &TWO).unwrap(), "newer")),
        ];
        for (number, (defect, make)) in files.into_iter().enumerate() {
            let path = folder.path().join(format!("{number}.sqlite3"));
            make(&path);
            let before = fs::read(&path).unwrap();
            let mut database = Database::open(&path, &ONE).unwrap();
            let aside = database.take_set_aside().unwrap_or_else(|| panic!("{number} was taken for ours"));
            assert!(aside.to_string_lossy().contains(&format!(".{defect}-")), "{aside:?}");
            assert_eq!(fs::read(&aside).unwrap(), before, "{number}");
            add(&mut database, "fresh");
            assert_eq!(words(&mut Database::open(&path, &ONE).unwrap()), ["fresh"]);
        }
    }

    #[test]
    fn a_file_that_breaks_in_use_is_set_aside_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.sqlite3");
        let mut database = Database::open(&path, &ONE).unwrap();
        for _ in 0..200 {
            add(&mut database, &"long ".repeat(50));
        }
        database.attempt(|connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))).unwrap();
        drop(database);
        let mut bytes = fs::read(&path).unwrap();
        bytes[4096..].fill(0xff);
        fs::write(&path, bytes).unwrap();
        let mut database = Database::open(&path, &ONE).unwrap();
        assert_eq!(database.take_set_aside(), None, "the first page is whole");
        add(&mut database, "fresh");
        assert!(database.take_set_aside().is_some_and(|aside| aside.exists()));
        assert_eq!(words(&mut database), ["fresh"]);
    }

    #[test]
    fn many_open_a_broken_file_at_once_and_one_sets_it_aside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.sqlite3");
        fs::write(&path, "no database".repeat(1000)).unwrap();
        let start = Barrier::new(8);
        let open = || {
            start.wait();
            let mut database = Database::open(&path, &ONE).unwrap();
            add(&mut database, "one each");
            usize::from(database.take_set_aside().is_some())
        };
        let aside: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(aside, 1);
        assert_eq!(words(&mut Database::open(&path, &ONE).unwrap()).len(), 8);
    }

    #[test]
    fn the_log_stays_short_when_every_writer_writes_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.sqlite3");
        for _ in 0..600 {
            add(&mut Database::open(&path, &ONE).unwrap(), "once");
        }
        let log = fs::metadata(part(&path, LOG)).map_or(0, |log| log.len());
        assert!(log <= LONGEST_LOG, "{log} bytes of log");
        assert_eq!(words(&mut Database::open(&path, &ONE).unwrap()).len(), 600);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Database::open(&file.join("words.sqlite3"), &ONE), Err(DatabaseError::File { .. })));
    }

    #[test]
    fn erased_words_are_nowhere_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.sqlite3");
        fs::write(&path, "no database, but a secret").unwrap();
        let mut database = Database::open(&path, &ONE).unwrap();
        add(&mut database, "a secret");
        database.attempt(|connection| connection.execute("DELETE FROM word", [])).unwrap();
        database.erase_deleted().unwrap();
        for entry in fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let bytes = fs::read(entry.path()).unwrap();
            assert!(!bytes.windows(6).any(|window| window == b"secret"), "{:?}", entry.path());
        }
    }
}
