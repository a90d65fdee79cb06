//! Threads that share the pieces of a computation, and park between computations.
//!
//! The caller works too, and it waits for pieces, not for threads: a thread that the system has not woken yet, or has taken the
//! processor from, is only waited for if it holds a piece.

#![expect(unsafe_code, reason = "threads borrow the closure of a caller that waits until they are done with it")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::{hint, ptr, thread};

/// Rounds of waiting before a thread parks: some 50 microseconds, more than the pauses inside of a computation.
const PATIENCE: u32 = 2_000;
/// Bits of a piece's number in [`Shared::state`]; above it come the number of pieces and that of the job.
const PIECE: u32 = 20;
const MASK: u64 = (1 << PIECE) - 1;

/// The threads. They end when it is dropped.
#[derive(Debug)]
pub(super) struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    /// Held by the one whose job the threads do; another caller does its own alone.
    busy: Mutex<()>,
}

#[derive(Debug)]
struct Shared {
    /// The job's number, how many pieces it has, and which is the next: one word, so that who takes a piece knows that it
    /// belongs to the job that is there.
    state: AtomicU64,
    /// Pieces that are done.
    done: AtomicUsize,
    /// The closure, and how to call it. Written only while no piece can be taken.
    closure: AtomicPtr<()>,
    call: AtomicPtr<()>,
    /// Whether a piece panicked.
    failed: AtomicBool,
    closing: AtomicBool,
    parked: AtomicUsize,
    gate: Mutex<()>,
    wake: Condvar,
}

type Call = unsafe fn(*mut (), usize, usize);

impl Pool {
    /// As many threads as given, the caller's among them.
    pub(super) fn new(threads: usize) -> Self {
        let shared = Arc::new(Shared {
            state: AtomicU64::new(0),
            done: AtomicUsize::new(0),
            closure: AtomicPtr::new(ptr::null_mut()),
            call: AtomicPtr::new(ptr::null_mut()),
            failed: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            parked: AtomicUsize::new(0),
            gate: Mutex::new(()),
            wake: Condvar::new(),
        });
        // A thread that cannot be started is one less.
        let threads = (1..threads.max(1))
            .filter_map(|worker| {
                let shared = Arc::clone(&shared);
                thread::Builder::new().name(format!("caro-infer-{worker}")).spawn(move || shared.work(worker)).ok()
            })
            .collect();
        Self { shared, threads, busy: Mutex::new(()) }
    }

    /// How many threads there are, the caller's among them.
    pub(super) fn threads(&self) -> usize {
        self.threads.len() + 1
    }

    /// Calls `f` for each piece from 0, with the number of the thread that does it. Returns when all are done.
    pub(super) fn run<F: Fn(usize, usize) + Sync>(&self, pieces: usize, f: &F) {
        let alone = || (0..pieces).for_each(|piece| f(piece, 0));
        if self.threads.is_empty() || pieces < 2 || pieces as u64 >= MASK - self.threads() as u64 {
            return alone();
        }
        let Ok(_busy) = self.busy.try_lock() else { return alone() };
        let shared = &*self.shared;
        shared.done.store(0, Ordering::Relaxed);
        shared.closure.store(ptr::from_ref(f).cast_mut().cast(), Ordering::Relaxed);
        shared.call.store(call::<F> as Call as *mut (), Ordering::Relaxed);
        let job = (shared.state.load(Ordering::Relaxed) >> (2 * PIECE)).wrapping_add(1);
        shared.state.store(job << (2 * PIECE) | (pieces as u64) << PIECE, Ordering::SeqCst);
        if shared.parked.load(Ordering::SeqCst) > 0 {
            let _gate = shared.gate.lock().unwrap_or_else(PoisonError::into_inner);
            shared.wake.notify_all();
        }
        while shared.take(0) {}
        let mut waited = 0_u32;
        while shared.done.load(Ordering::Acquire) < pieces {
            hint::spin_loop();
            waited += 1;
            if waited > PATIENCE {
                thread::yield_now();
            }
        }
        assert!(!shared.failed.swap(false, Ordering::Relaxed), "a thread of the computation panicked");
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        {
            let _gate = self.shared.gate.lock().unwrap_or_else(PoisonError::into_inner);
            self.shared.wake.notify_all();
        }
        for thread in self.threads.drain(..) {
            // It catches what its pieces throw, so there is nothing to be told.
            let _ = thread.join();
        }
    }
}

/// Calls the closure of type `F` behind the pointer.
///
/// # Safety
/// There is one.
unsafe fn call<F: Fn(usize, usize)>(closure: *mut (), piece: usize, worker: usize) {
    // SAFETY: the caller's promise.
    let f = unsafe { &*closure.cast::<F>() };
    f(piece, worker);
}

impl Shared {
    fn pieces_left(&self) -> bool {
        let state = self.state.load(Ordering::SeqCst);
        state & MASK < state >> PIECE & MASK
    }

    /// Does the next piece; whether there was one.
    fn take(&self, worker: usize) -> bool {
        // Looked at before, so that the number of pieces is never passed by more than the number of threads.
        if !self.pieces_left() {
            return false;
        }
        let state = self.state.fetch_add(1, Ordering::AcqRel);
        let piece = state & MASK;
        if piece >= state >> PIECE & MASK {
            return false;
        }
        let (closure, call) = (self.closure.load(Ordering::Relaxed), self.call.load(Ordering::Relaxed));
        let piece = usize::try_from(piece).unwrap_or(usize::MAX);
        let work = || {
            // SAFETY: `call` was made from a `Call`. The piece is one of the job's, whose caller waits in `run` until it is
            // counted as done, so the closure lives, and both pointers are those of this job.
            unsafe { std::mem::transmute::<*mut (), Call>(call)(closure, piece, worker) }
        };
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        self.done.fetch_add(1, Ordering::Release);
        true
    }

    fn work(&self, worker: usize) {
        let mut waited = 0;
        while !self.closing.load(Ordering::Relaxed) {
            if self.take(worker) {
                waited = 0;
                continue;
            }
            hint::spin_loop();
            waited += 1;
            if waited < PATIENCE {
                continue;
            }
            waited = 0;
            let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
            self.parked.fetch_add(1, Ordering::SeqCst);
            // Whoever posts a job after this look sees that a thread is parked.
            let gate = self
                .wake
                .wait_while(gate, |()| !self.pieces_left() && !self.closing.load(Ordering::SeqCst))
                .unwrap_or_else(PoisonError::into_inner);
            self.parked.fetch_sub(1, Ordering::SeqCst);
            drop(gate);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Pool;

    #[test]
    fn every_piece_is_done_once() {
        for threads in [1, 2, 5] {
            let pool = Pool::new(threads);
            assert_eq!(pool.threads(), threads);
            for pieces in [0, 1, 2, 7, 1000] {
                let done: Vec<AtomicUsize> = (0..pieces).map(|_| AtomicUsize::new(0)).collect();
                pool.run(pieces, &|piece, worker| {
                    assert!(worker < threads);
                    done[piece].fetch_add(1, Ordering::Relaxed);
                });
                assert!(
                    done.iter().all(|done| done.load(Ordering::Relaxed) == 1),
                    "{threads} threads, {pieces} pieces"
                );
            }
        }
    }

    #[test]
    fn callers_at_the_same_time_do_not_disturb_each_other() {
        let pool = Pool::new(3);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let sum = AtomicUsize::new(0);
                        pool.run(50, &|piece, _| {
                            sum.fetch_add(piece, Ordering::Relaxed);
                        });
                        assert_eq!(sum.into_inner(), 49 * 50 / 2);
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_pool_goes_on() {
        let pool = Pool::new(2);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.run(8, &|piece, _| assert!(piece != 5, "piece five"));
        }));
        assert!(caught.is_err());
        let sum = AtomicUsize::new(0);
        pool.run(8, &|piece, _| {
            sum.fetch_add(piece, Ordering::Relaxed);
        });
        assert_eq!(sum.into_inner(), 28);
    }
}
