//! Takes events from anywhere without waiting; one thread writes them down.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use super::export::{Format, export};
use super::queue::{Queue, Round};
use super::store::{SCHEMA, Stamped, delete_rows, write};
use super::tidy::{Retention, forget, refill};
use super::{Error, Event, Performance, statistics};
use crate::storage::Database;

// A writer stuck on a full or dead disk must not hold up the end of a command.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

// What is too old is forgotten at the first event and then this often: an app in the tray may run for weeks.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// The handle everybody records with. Cheap to clone; a disabled one forgets everything.
#[derive(Clone)]
pub struct Recorder {
    handle: Option<Arc<Handle>>,
}

/// A recorder and what was wrong with the old database.
#[derive(Debug)]
pub struct Opened {
    /// Ready to record.
    pub recorder: Recorder,
    /// Where a corrupt or newer database is now.
    pub set_aside: Option<PathBuf>,
}

struct Handle {
    queue: Arc<Queue>,
    enabled: AtomicBool,
    rescued: Arc<Mutex<Option<PathBuf>>>,
    path: PathBuf,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl Recorder {
    /// Opens the database at `path`, making it when it is not there, and starts the writer.
    ///
    /// # Errors
    /// When the database cannot be opened; the caller goes on with [`Recorder::disabled`].
    pub fn open(path: &Path) -> Result<Opened, crate::Error> {
        let mut database = Database::open(path, &SCHEMA).map_err(Error::from)?;
        let set_aside = database.take_set_aside();
        let queue = Arc::new(Queue::default());
        let rescued = Arc::new(Mutex::new(None));
        let writer = Writer { database, queue: Arc::clone(&queue), rescued: Arc::clone(&rescued), forgotten: None };
        thread::Builder::new().name("telemetry".to_owned()).spawn(move || writer.run()).map_err(Error::Thread)?;
        let handle = Handle { queue, enabled: AtomicBool::new(true), rescued, path: path.to_owned() };
        Ok(Opened { recorder: Self { handle: Some(Arc::new(handle)) }, set_aside })
    }

    /// A recorder that forgets everything and has no file.
    pub const fn disabled() -> Self {
        Self { handle: None }
    }

    /// Hands an event over and returns. When the queue is full the event is lost and counted.
    pub fn record(&self, event: Event) {
        let Some(handle) = &self.handle else { return };
        if handle.enabled.load(Ordering::Relaxed) {
            handle.queue.push(Stamped { at: SystemTime::now(), event });
        }
    }

    /// The off switch. What was recorded before stays until [`Recorder::delete_all`].
    pub fn set_enabled(&self, enabled: bool) {
        if let Some(handle) = &self.handle {
            handle.enabled.store(enabled, Ordering::Relaxed);
        }
    }

    /// Waits until everything recorded before is written or lost, a second at most.
    pub fn flush(&self) {
        if let Some(handle) = &self.handle {
            handle.queue.flush(FLUSH_LIMIT);
        }
    }

    /// What the database says about the time from `since` to now. The window begins with a whole minute, hour or day, whichever
    /// suits its length.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn performance(&self, since: SystemTime) -> Result<Performance, crate::Error> {
        let Some(handle) = &self.handle else { return Ok(Performance::default()) };
        self.flush();
        let mut database = Database::open(&handle.path, &SCHEMA).map_err(Error::from)?;
        let now = SystemTime::now();
        let mut performance = database
            .attempt(|connection| statistics::read(connection, &handle.path, since, now))
            .map_err(|source| Error::Query { attempt: "read what was recorded", source })?;
        performance.dropped += handle.queue.lost();
        Ok(performance)
    }

    /// Writes everything that is kept, row by row.
    ///
    /// # Errors
    /// When the database cannot be read or `out` not be written.
    pub fn export(&self, format: Format, out: &mut dyn io::Write) -> Result<(), crate::Error> {
        let Some(handle) = &self.handle else { return Ok(()) };
        self.flush();
        let mut database = Database::open(&handle.path, &SCHEMA).map_err(Error::from)?;
        // Read whole before it is written: a file that turns out corrupt half-way is read a second time.
        let text = database
            .attempt(|connection| export(connection, format))
            .map_err(|source| Error::Query { attempt: "read what was recorded", source })?;
        Ok(out.write_all(text.as_bytes()).map_err(Error::Output)?)
    }

    /// Deletes everything ever recorded, files set aside included. Recording goes on unless it is switched off.
    ///
    /// # Errors
    /// When the database cannot be written or another process is in the middle of a transaction.
    pub fn delete_all(&self) -> Result<(), crate::Error> {
        let Some(handle) = &self.handle else { return Ok(()) };
        self.flush();
        handle.queue.forgive();
        let mut database = Database::open(&handle.path, &SCHEMA).map_err(Error::from)?;
        database.attempt(delete_rows).map_err(|source| Error::Query { attempt: "delete what was recorded", source })?;
        Ok(database.erase_deleted().map_err(Error::from)?)
    }

    /// Where a database went that turned out corrupt while it was in use, once.
    pub fn take_set_aside(&self) -> Option<PathBuf> {
        self.handle.as_ref().and_then(|handle| handle.rescued.lock().unwrap_or_else(PoisonError::into_inner).take())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("path", &self.handle.as_ref().map(|handle| &handle.path))
            .finish_non_exhaustive()
    }
}

struct Writer {
    database: Database,
    queue: Arc<Queue>,
    rescued: Arc<Mutex<Option<PathBuf>>>,
    forgotten: Option<SystemTime>,
}

impl Writer {
    /// Runs until the last recorder is gone and everything is written.
    fn run(mut self) {
        // Numbers of a Caro that had no sums yet; when it fails they are only missing on the page.
        drop(self.database.attempt(refill));
        loop {
            let mut round = self.queue.take();
            self.write(&round);
            // Before anybody who waits goes on: after a flush nothing is held for what was recorded.
            round.events = Vec::new();
            if let Some(aside) = self.database.take_set_aside() {
                *self.rescued.lock().unwrap_or_else(PoisonError::into_inner) = Some(aside);
            }
            self.queue.done(&round);
            if round.is_last {
                return;
            }
        }
    }

    fn write(&mut self, Round { events, lost, .. }: &Round) {
        let Some(now) = events.iter().map(|stamped| stamped.at).max().or((*lost > 0).then(SystemTime::now)) else {
            return;
        };
        // A full disk or a locked file: count what is lost, and try the next batch anew.
        if self.database.attempt(|connection| write(connection, events, *lost, now)).is_err() {
            self.queue.lose(lost + events.len() as u64);
            return;
        }
        // Apart, so that forgetting never costs an event; what was not forgotten now is the next time.
        if self.forgotten.is_none_or(|last| now.duration_since(last).is_ok_and(|since| since >= FORGET_EVERY)) {
            let forget = |connection: &mut rusqlite::Connection| forget(connection, now, &Retention::default());
            drop(self.database.attempt(forget));
            self.forgotten = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::telemetry::Source;
    use crate::telemetry::queue::PER_LIST;
    use crate::timing::Spent;

    fn answered(tier: &'static str, risk: Option<&'static str>, micros: u64) -> Event {
        let latency = Duration::from_micros(micros);
        let spent = Spent { judge: latency, ..Spent::default() };
        Event::Answered { source: Source::Batch, tier, intent: Some("files.list"), risk, latency, spent }
    }

    fn open(folder: &tempfile::TempDir) -> Recorder {
        Recorder::open(&folder.path().join("telemetry.sqlite3")).unwrap().recorder
    }

    fn counts(seen: &Performance) -> Vec<(&str, u64)> {
        seen.tiers.iter().map(|tier| (tier.name.as_str(), tier.count)).collect()
    }

    #[test]
    fn the_performance_is_that_of_the_recorded_events() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&folder);
        for micros in 1..=200 {
            recorder.record(answered("rules", Some("safe"), micros));
        }
        recorder.record(answered("none", None, 7));
        recorder.record(Event::PopupShown { latency: Duration::from_millis(6) });
        let sampled = Event::Sampled { resident_bytes: 40_000_000, webview_bytes: 3, model_bytes: 2, cpu_percent: 0.5 };
        recorder.record(sampled);
        let (tier, risk, outcome) = ("rules", "safe", "copied");
        recorder.record(Event::Accepted { tier, intent: None, risk, outcome, channel: Some("clipboard") });
        let seen = recorder.performance(UNIX_EPOCH).unwrap();
        assert_eq!(counts(&seen), [("none", 1), ("rules", 200)]);
        // To the width of a step, which is 3 %.
        for (got, exact) in [(seen.tiers[1].p50, 100_u64), (seen.tiers[1].p90, 180), (seen.tiers[1].p99, 198)] {
            assert!(got >= exact && (got - exact) * 100 <= exact * 3, "{got} is not {exact}");
        }
        assert_eq!(seen.tiers[0].p99, 7, "small ones are exact");
        assert_eq!(seen.popup.as_ref().map(|popup| popup.count), Some(1));
        assert_eq!(seen.stages.last().map(|stage| (stage.name.as_str(), stage.count)), Some(("judge", 201)));
        assert_eq!(seen.timeline.iter().map(|bucket| (bucket.answered, bucket.abstained)).next(), Some((200, 1)));
        assert_eq!(seen.resources.iter().map(|sample| sample.resident_bytes).collect::<Vec<_>>(), [40_000_000]);
        assert_eq!(seen.dropped, 0);
        assert!(seen.database_bytes > 0);
    }

    #[test]
    fn recording_never_waits_for_the_disk_and_losses_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&folder);
        recorder.flush();
        let blocker = rusqlite::Connection::open(folder.path().join("telemetry.sqlite3")).unwrap();
        blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let total = 4 * PER_LIST;
        for _ in 0..total {
            recorder.record(answered("rules", Some("safe"), 1));
        }
        blocker.execute_batch("ROLLBACK").unwrap();
        let seen = recorder.performance(UNIX_EPOCH).unwrap();
        let written: u64 = seen.tiers.iter().map(|tier| tier.count).sum();
        assert!(seen.dropped > 0 && written > 0, "{written} written, {} lost", seen.dropped);
        assert_eq!(written + seen.dropped, total as u64);
    }

    #[test]
    fn a_full_database_loses_events_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("telemetry.sqlite3");
        let mut full = Database::open(&path, &SCHEMA).unwrap();
        let event = answered("rules", Some("safe"), 1);
        let batch = vec![Stamped { at: UNIX_EPOCH, event }; 10_000];
        full.attempt(|connection| connection.pragma_update(None, "max_page_count", 20)).unwrap();
        let refused = full.attempt(|connection| write(connection, &batch, 0, UNIX_EPOCH)).unwrap_err();
        assert_eq!(refused.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
        assert_eq!(full.take_set_aside(), None);
        assert_eq!(open(&folder).performance(UNIX_EPOCH).unwrap().tiers, [], "all or nothing");
    }

    #[test]
    fn what_is_switched_off_or_deleted_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&folder);
        recorder.set_enabled(false);
        recorder.record(answered("rules", Some("safe"), 1));
        assert_eq!(recorder.performance(UNIX_EPOCH).unwrap().tiers, []);
        recorder.set_enabled(true);
        recorder.record(answered("rules", Some("safe"), 1));
        assert_eq!(recorder.performance(UNIX_EPOCH).unwrap().tiers.len(), 1);
        recorder.delete_all().unwrap();
        let seen = recorder.performance(UNIX_EPOCH).unwrap();
        assert_eq!((seen.tiers, seen.timeline), (Vec::new(), Vec::new()));
        for entry in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let bytes = std::fs::read(entry.path()).unwrap();
            assert!(!bytes.windows(10).any(|window| window == b"files.list"), "{:?}", entry.path());
        }
        recorder.record(answered("rules", Some("safe"), 1));
        assert_eq!(recorder.performance(UNIX_EPOCH).unwrap().tiers.len(), 1, "recording goes on");
    }

    #[test]
    fn the_last_handle_takes_the_writer_with_it_when_all_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&folder);
        let queue = Arc::downgrade(&recorder.handle.as_ref().unwrap().queue);
        recorder.record(answered("rules", Some("safe"), 1));
        drop(recorder);
        while queue.strong_count() > 0 {
            thread::yield_now();
        }
        assert_eq!(counts(&open(&folder).performance(UNIX_EPOCH).unwrap()), [("rules", 1)]);
    }

    #[test]
    fn a_disabled_recorder_has_no_file_and_no_complaint() {
        let recorder = Recorder::disabled();
        recorder.record(answered("rules", None, 1));
        recorder.flush();
        assert_eq!(recorder.performance(UNIX_EPOCH).unwrap(), Performance::default());
        recorder.delete_all().unwrap();
    }
}
