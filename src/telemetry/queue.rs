//! Where events wait for the writer: a few bounded lists, each behind its own lock.
//!
//! A thread keeps to one list, so that two threads which record at the same time hardly ever meet; what is left of the price of
//! an event is the clock, a lock nobody holds and 120 bytes of memory. A ring without locks was no faster here and had to order
//! its slots across threads, which nobody needs: every event carries its time.

use std::cell::Cell;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::store::Stamped;

const LISTS: usize = 8;

/// The most that waits in one list. More than the longest batch anybody measures with, so that a disk flush in the middle of it
/// loses nothing; two megabytes, and only while they are needed.
pub(super) const PER_LIST: usize = 16_384;

// A list that is half full is written down without waiting for the end of the burst.
const FULL: usize = PER_LIST / 2;

// Long enough that a burst of typing is one transaction, short enough that the performance page is up to date.
const GATHER: Duration = Duration::from_millis(20);

/// The lists, and how recorders and the writer wake each other.
#[derive(Debug, Default)]
pub(super) struct Queue {
    lists: [List; LISTS],
    /// The writer knows that there is something. Most events find it set and do nothing more.
    roused: AtomicBool,
    lost: AtomicU64,
    state: Mutex<State>,
    work: Condvar,
    written: Condvar,
}

// On cache lines of its own: two threads on two lists would otherwise slow each other down.
#[derive(Debug, Default)]
#[repr(align(128))]
struct List(Mutex<Vec<Stamped>>);

#[derive(Debug, Default)]
struct State {
    work: Work,
    /// Flushes asked for, and those that were served.
    asked: u64,
    served: u64,
    closed: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Work {
    #[default]
    None,
    Some,
    Urgent,
}

/// What the writer is to do.
#[derive(Debug)]
pub(super) struct Round {
    pub(super) events: Vec<Stamped>,
    pub(super) lost: u64,
    /// Nobody records any more.
    pub(super) is_last: bool,
    flush: u64,
}

impl Queue {
    /// Puts an event into the list of this thread; one that finds it full is counted as lost.
    pub(super) fn push(&self, stamped: Stamped) {
        let length = {
            let mut list = self.lists[list_of_thread()].lock();
            if list.len() >= PER_LIST {
                self.lost.fetch_add(1, Ordering::Relaxed);
                return;
            }
            list.push(stamped);
            list.len()
        };
        // The writer clears the mark before it empties the lists: whoever still sees it has put its event there in time.
        if !self.roused.load(Ordering::Acquire) && !self.roused.swap(true, Ordering::AcqRel) {
            self.rouse(Work::Some);
        }
        if length == FULL {
            self.rouse(Work::Urgent);
        }
    }

    fn rouse(&self, work: Work) {
        let mut state = self.lock();
        if state.work != Work::Urgent {
            state.work = work;
        }
        self.work.notify_one();
    }

    /// Waits until everything pushed before is written or lost.
    pub(super) fn flush(&self, limit: Duration) {
        let mut state = self.lock();
        state.asked += 1;
        let ours = state.asked;
        self.work.notify_one();
        let waited = self.written.wait_timeout_while(state, limit, |state| state.served < ours);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Nobody records any more; what is there is still written.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_one();
    }

    /// Sleeps until there is something to do, and gives a burst the time to end.
    pub(super) fn take(&self) -> Round {
        let mut state = self.lock();
        while state.is_idle() {
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let deadline = Instant::now() + GATHER;
        while state.may_wait() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.work = Work::None;
        let (flush, is_last) = (state.asked, state.closed);
        self.roused.store(false, Ordering::Release);
        drop(state);
        let mut events = Vec::new();
        for list in &self.lists {
            let mut taken = mem::take(&mut *list.lock());
            if events.is_empty() {
                events = taken;
            } else {
                events.append(&mut taken);
            }
        }
        Round { events, lost: self.lost.swap(0, Ordering::Relaxed), is_last, flush }
    }

    /// The round is over: whoever waited for it goes on.
    pub(super) fn done(&self, round: &Round) {
        self.lock().served = round.flush;
        self.written.notify_all();
    }

    /// Events that were not written, to be counted with the next ones.
    pub(super) fn lose(&self, events: u64) {
        self.lost.fetch_add(events, Ordering::Relaxed);
    }

    /// Events lost since that was last written down.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Forgets what was lost.
    pub(super) fn forgive(&self) {
        self.lost.store(0, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.work == Work::None && self.asked == self.served && !self.closed
    }

    fn may_wait(&self) -> bool {
        self.work != Work::Urgent && self.asked == self.served && !self.closed
    }
}

impl List {
    fn lock(&self) -> MutexGuard<'_, Vec<Stamped>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One for each thread, in turn, the first time it records.
fn list_of_thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static LIST: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    LIST.with(|list| {
        if list.get() == usize::MAX {
            list.set(NEXT.fetch_add(1, Ordering::Relaxed) % LISTS);
        }
        list.get()
    })
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;
    use crate::telemetry::Event;

    fn stamped(micros: u64) -> Stamped {
        Stamped { at: SystemTime::now(), event: Event::PopupShown { latency: Duration::from_micros(micros) } }
    }

    #[test]
    fn every_event_of_many_threads_is_taken_or_counted_as_lost() {
        let queue = Queue::default();
        let each = PER_LIST as u64;
        let taken = thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut taken = 0;
                loop {
                    let round = queue.take();
                    taken += round.events.len() as u64 + round.lost;
                    queue.done(&round);
                    if round.is_last {
                        return taken;
                    }
                }
            });
            let recorders: Vec<_> = (0..LISTS + 2)
                .map(|_| scope.spawn(|| (0..each).for_each(|micros| queue.push(stamped(micros)))))
                .collect();
            for recorder in recorders {
                recorder.join().unwrap();
            }
            queue.flush(Duration::from_secs(10));
            queue.close();
            writer.join().unwrap()
        });
        assert_eq!(taken, each * (LISTS as u64 + 2));
    }

    #[test]
    fn a_list_that_is_full_loses_and_counts() {
        let queue = Queue::default();
        for micros in 0..PER_LIST as u64 + 3 {
            queue.push(Stamped { at: UNIX_EPOCH, ..stamped(micros) });
        }
        let round = queue.take();
        assert_eq!((round.events.len(), round.lost), (PER_LIST, 3));
    }
}
