//! Takes events from anywhere without waiting; one thread writes them down.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::store::{Retention, SCHEMA, Stamped, delete_rows, write};
use super::{Error, Event, Performance, statistics};
use crate::storage::Database;

// Twice the longest batch anybody measures with, so that a disk flush in the middle of it loses nothing: 150 kB.
const QUEUED: usize = 2048;
const PER_TRANSACTION: usize = 512;

// Long enough that a burst of typing is one transaction, short enough that the performance page is up to date.
const GATHER: Duration = Duration::from_millis(20);

// A writer stuck on a full or dead disk must not hold up the end of a command.
const FLUSH_LIMIT: Duration = Duration::from_secs(1);

/// The handle everybody records with. Cheap to clone; a disabled one forgets everything.
#[derive(Clone)]
pub struct Recorder {
    queue: Option<Arc<Queue>>,
}

/// A recorder and what was wrong with the old database.
#[derive(Debug)]
pub struct Opened {
    /// Ready to record.
    pub recorder: Recorder,
    /// Where a corrupt or newer database is now.
    pub set_aside: Option<PathBuf>,
}

struct Queue {
    orders: SyncSender<Order>,
    enabled: AtomicBool,
    lost: Arc<AtomicU64>,
    rescued: Arc<Mutex<Option<PathBuf>>>,
    path: PathBuf,
}

enum Order {
    Write(Stamped),
    Flush(SyncSender<()>),
}

impl Recorder {
    /// Opens the database at `path`, making it when it is not there, and starts the writer.
    ///
    /// # Errors
    /// When the database cannot be opened; the caller goes on with [`Recorder::disabled`].
    pub fn open(path: &Path) -> Result<Opened, crate::Error> {
        let mut database = Database::open(path, &SCHEMA).map_err(Error::from)?;
        let set_aside = database.take_set_aside();
        let (orders, inbox) = sync_channel(QUEUED);
        let lost = Arc::new(AtomicU64::new(0));
        let rescued = Arc::new(Mutex::new(None));
        let writer = Writer { database, inbox, lost: Arc::clone(&lost), rescued: Arc::clone(&rescued) };
        thread::Builder::new().name("telemetry".to_owned()).spawn(move || writer.run()).map_err(Error::Thread)?;
        let queue = Queue { orders, enabled: AtomicBool::new(true), lost, rescued, path: path.to_owned() };
        Ok(Opened { recorder: Self { queue: Some(Arc::new(queue)) }, set_aside })
    }

    /// A recorder that forgets everything and has no file.
    pub const fn disabled() -> Self {
        Self { queue: None }
    }

    /// Hands an event over and returns. When the queue is full the event is lost and counted.
    pub fn record(&self, event: Event) {
        let Some(queue) = &self.queue else { return };
        if !queue.enabled.load(Ordering::Relaxed) {
            return;
        }
        let stamped = Stamped { at: SystemTime::now(), event };
        if queue.orders.try_send(Order::Write(stamped)).is_err() {
            queue.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The off switch. What was recorded before stays until [`Recorder::delete_all`].
    pub fn set_enabled(&self, enabled: bool) {
        if let Some(queue) = &self.queue {
            queue.enabled.store(enabled, Ordering::Relaxed);
        }
    }

    /// Waits until everything recorded before is written or lost, a second at most.
    pub fn flush(&self) {
        let Some(queue) = &self.queue else { return };
        let (done, written) = sync_channel(1);
        let deadline = Instant::now() + FLUSH_LIMIT;
        let mut order = Order::Flush(done);
        while let Err(std::sync::mpsc::TrySendError::Full(back)) = queue.orders.try_send(order) {
            if Instant::now() >= deadline {
                return;
            }
            order = back;
            thread::yield_now();
        }
        let _ = written.recv_timeout(deadline.saturating_duration_since(Instant::now()));
    }

    /// What the database says about the time from `since` to now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn performance(&self, since: SystemTime) -> Result<Performance, crate::Error> {
        let Some(queue) = &self.queue else { return Ok(Performance::default()) };
        self.flush();
        let mut database = Database::open(&queue.path, &SCHEMA).map_err(Error::from)?;
        let now = SystemTime::now();
        let mut performance = database
            .attempt(|connection| statistics::read(connection, &queue.path, since, now))
            .map_err(|source| Error::Query { attempt: "read what was recorded", source })?;
        performance.dropped += queue.lost.load(Ordering::Relaxed);
        Ok(performance)
    }

    /// Deletes everything ever recorded, files set aside included. Recording goes on unless it is switched off.
    ///
    /// # Errors
    /// When the database cannot be written or another process is in the middle of a transaction.
    pub fn delete_all(&self) -> Result<(), crate::Error> {
        let Some(queue) = &self.queue else { return Ok(()) };
        self.flush();
        queue.lost.store(0, Ordering::Relaxed);
        let mut database = Database::open(&queue.path, &SCHEMA).map_err(Error::from)?;
        database.attempt(delete_rows).map_err(|source| Error::Query { attempt: "delete what was recorded", source })?;
        Ok(database.erase_deleted().map_err(Error::from)?)
    }

    /// Where a database went that turned out corrupt while it was in use, once.
    pub fn take_set_aside(&self) -> Option<PathBuf> {
        self.queue.as_ref().and_then(|queue| queue.rescued.lock().unwrap_or_else(PoisonError::into_inner).take())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.queue.as_ref().map(|queue| &queue.path)).finish_non_exhaustive()
    }
}

struct Writer {
    database: Database,
    inbox: Receiver<Order>,
    lost: Arc<AtomicU64>,
    rescued: Arc<Mutex<Option<PathBuf>>>,
}

impl Writer {
    /// Runs until the last recorder is gone and everything is written.
    fn run(mut self) {
        let mut batch = Vec::with_capacity(PER_TRANSACTION);
        let mut retention = Retention::Apply;
        while let Ok(first) = self.inbox.recv() {
            let waiting = self.gather(first, &mut batch);
            let lost = self.lost.swap(0, Ordering::Relaxed);
            if !batch.is_empty() || lost > 0 {
                match self.database.attempt(|connection| write(connection, &batch, lost, retention)) {
                    Ok(()) => retention = Retention::Skip,
                    // A full disk or a locked file: count what is lost, and try the next batch anew.
                    Err(_) => {
                        self.lost.fetch_add(lost + batch.len() as u64, Ordering::Relaxed);
                    }
                }
            }
            batch.clear();
            if let Some(aside) = self.database.take_set_aside() {
                *self.rescued.lock().unwrap_or_else(PoisonError::into_inner) = Some(aside);
            }
            if let Some(waiting) = waiting {
                let _ = waiting.send(());
            }
        }
    }

    /// Fills the batch until it is long enough, nothing came for a moment, or somebody waits for it.
    fn gather(&self, first: Order, batch: &mut Vec<Stamped>) -> Option<SyncSender<()>> {
        let deadline = Instant::now() + GATHER;
        let mut next = Ok(first);
        loop {
            match next {
                Ok(Order::Write(stamped)) => batch.push(stamped),
                Ok(Order::Flush(waiting)) => return Some(waiting),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
            if batch.len() >= PER_TRANSACTION {
                return None;
            }
            next = self.inbox.recv_timeout(deadline.saturating_duration_since(Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::telemetry::Source;

    fn answered(tier: &'static str, risk: Option<&'static str>, micros: u64) -> Event {
        let latency = Duration::from_micros(micros);
        Event::Answered { source: Source::Batch, tier, intent: Some("files.list"), risk, latency }
    }

    fn open(folder: &tempfile::TempDir) -> Recorder {
        Recorder::open(&folder.path().join("telemetry.sqlite3")).unwrap().recorder
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
        recorder.record(Event::Sampled { resident_bytes: 40_000_000, cpu_percent: 0.5 });
        let (tier, risk, outcome) = ("rules", "safe", "copied");
        recorder.record(Event::Accepted { tier, intent: None, risk, outcome, channel: Some("clipboard") });
        let seen = recorder.performance(UNIX_EPOCH).unwrap();
        let row = |tier: &str, count, p50_us, p90_us, p99_us| crate::telemetry::TierLatency {
            tier: tier.to_owned(),
            count,
            p50_us,
            p90_us,
            p99_us,
        };
        assert_eq!(seen.tiers, [row("none", 1, 7, 7, 7), row("rules", 200, 100, 180, 198)]);
        assert_eq!(seen.popup, Some(row("popup", 1, 6000, 6000, 6000)));
        assert_eq!(seen.timeline.iter().map(|bucket| (bucket.answered, bucket.abstained)).next(), Some((200, 1)));
        assert_eq!(seen.resources.iter().map(|sample| sample.resident_bytes).collect::<Vec<_>>(), [40_000_000]);
        assert_eq!(seen.dropped, 0);
        assert!(seen.database_bytes > 0);
    }

    #[test]
    fn recording_never_waits_for_the_disk_and_losses_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = open(&folder);
        let blocker = rusqlite::Connection::open(folder.path().join("telemetry.sqlite3")).unwrap();
        blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let total = 4 * QUEUED;
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
        let refused = full.attempt(|connection| write(connection, &batch, 0, Retention::Skip)).unwrap_err();
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
    fn a_disabled_recorder_has_no_file_and_no_complaint() {
        let recorder = Recorder::disabled();
        recorder.record(answered("rules", None, 1));
        recorder.flush();
        assert_eq!(recorder.performance(UNIX_EPOCH).unwrap(), Performance::default());
        recorder.delete_all().unwrap();
    }
}
