//! Takes events from anywhere without waiting; one thread writes them down.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::Connection;

use super::store::{Retention, SCHEMA, Stamped, delete_all, write};
use super::{Error, Event, Performance, statistics};
use crate::storage::open_database;

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
        let opened = open_database(path, &SCHEMA).map_err(Error::from)?;
        let (orders, inbox) = sync_channel(QUEUED);
        let lost = Arc::new(AtomicU64::new(0));
        let writer = Writer { connection: opened.connection, inbox, lost: Arc::clone(&lost) };
        thread::Builder::new().name("telemetry".to_owned()).spawn(move || writer.run()).map_err(Error::Thread)?;
        let queue = Queue { orders, enabled: AtomicBool::new(true), lost, path: path.to_owned() };
        Ok(Opened { recorder: Self { queue: Some(Arc::new(queue)) }, set_aside: opened.set_aside })
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
        let connection = open_database(&queue.path, &SCHEMA).map_err(Error::from)?.connection;
        let mut performance = statistics::read(&connection, &queue.path, since, SystemTime::now())
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
        let connection = open_database(&queue.path, &SCHEMA).map_err(Error::from)?.connection;
        Ok(delete_all(&connection, &queue.path)?)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.queue.as_ref().map(|queue| &queue.path)).finish_non_exhaustive()
    }
}

struct Writer {
    connection: Connection,
    inbox: Receiver<Order>,
    lost: Arc<AtomicU64>,
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
                match write(&mut self.connection, &batch, lost, retention) {
                    Ok(()) => retention = Retention::Skip,
                    // A full disk or a locked file: count what is lost, and try the next batch anew.
                    Err(_) => {
                        self.lost.fetch_add(lost + batch.len() as u64, Ordering::Relaxed);
                    }
                }
            }
            batch.clear();
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
