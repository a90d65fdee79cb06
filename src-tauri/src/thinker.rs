//! The thread that language models run on: one, because a model does one thing at a time.
//!
//! Invariant: whatever is newest is what it works on. A task that comes stops the one before it, within a token.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use caro::engine::{Engine, Thought};
use caro::llm::Progress;
use caro::notice::Notice;
use caro::proposal::Request;
use caro::{ErrorCode, llm};

use crate::driver::Driver;
use crate::present;
use crate::session::Event;
use crate::view::{Stage, ThinkingView};

// A screen shows a frame every 16 ms; a page that is told more often only draws later.
const TOLD_EVERY: Duration = Duration::from_millis(30);

// A model that rests gives back up to a gigabyte; a minute more or less of it is all the same.
const LOOKED_EVERY: Duration = Duration::from_secs(30);

/// The address of the thread.
#[derive(Debug)]
pub struct Thinker {
    jobs: Sender<Job>,
    cancel: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Task {
    /// Read a question that is still being typed.
    Prepare,
    /// Answer it.
    Think { revision: u32 },
}

#[derive(Debug)]
struct Job {
    task: Task,
    request: Request,
    cancel: Arc<AtomicBool>,
}

impl Thinker {
    /// Starts the thread.
    ///
    /// # Errors
    /// When there is none to be had.
    pub fn start(engine: Arc<Engine>, driver: Driver) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::channel();
        thread::Builder::new().name("think".to_owned()).spawn(move || work(&inbox, &engine, &driver))?;
        Ok(Self { jobs, cancel: Arc::default() })
    }

    /// Has a question read that may be the models'.
    pub fn prepare(&mut self, request: Request) {
        self.give(Task::Prepare, request);
    }

    /// Has a question answered; the driver is told.
    pub fn think(&mut self, revision: u32, request: Request) {
        self.give(Task::Think { revision }, request);
    }

    /// Whatever it is at is no longer wanted.
    pub fn stop(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    fn give(&mut self, task: Task, request: Request) {
        self.stop();
        self.cancel = Arc::default();
        // The thread ends with the app.
        let _ = self.jobs.send(Job { task, request, cancel: Arc::clone(&self.cancel) });
    }
}

fn work(inbox: &Receiver<Job>, engine: &Engine, driver: &Driver) {
    let mut resting = true;
    loop {
        let job = if resting {
            inbox.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            inbox.recv_timeout(LOOKED_EVERY)
        };
        match job {
            // Nobody waits for what was stopped before it began.
            Ok(job) if job.cancel.load(Ordering::Relaxed) => {}
            Ok(job) => {
                // A model that panics costs its answer and no other: the thread goes on, and the popup hears an end.
                let done = catch_unwind(AssertUnwindSafe(|| perform(&job, engine, driver)));
                if let (Err(_), Task::Think { revision }) = (done, &job.task) {
                    let answer = engine.suggest(&job.request);
                    driver.post(Event::Thought { revision: *revision, answer, latency: Duration::ZERO });
                }
                resting = false;
            }
            Err(RecvTimeoutError::Timeout) => {
                // Each is told, also behind one that is not at rest yet.
                let still: Vec<bool> = engine.models().backends.iter().map(|backend| backend.rest()).collect();
                resting = still.into_iter().all(|rests| rests);
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn perform(job: &Job, engine: &Engine, driver: &Driver) {
    let Task::Think { revision } = job.task else { return engine.prepare(&job.request, &job.cancel) };
    let begun = Instant::now();
    let mut told: Option<Instant> = None;
    let mut watch = |progress: Progress<'_>| {
        if told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            told = Some(Instant::now());
            driver.post(Event::Thinking { revision, progress: seen(progress) });
        }
    };
    // Whoever stopped it knows.
    let Ok(Thought { answer, failures, .. }) = engine.think(&job.request, &mut watch, &job.cancel) else { return };
    for (name, error) in failures {
        driver.post(Event::NoticeRaised(present::notice(&failed(&name, &error))));
    }
    driver.post(Event::Thought { revision, answer, latency: begun.elapsed() });
}

fn failed(name: &str, error: &llm::Error) -> Notice {
    let code = ErrorCode::ModelFailed;
    Notice::new(code, format!("{name} could not answer: {error}")).with_hint(code.hint().unwrap_or_default())
}

fn seen(progress: Progress<'_>) -> ThinkingView {
    let (stage, permille, command) = match progress {
        Progress::Loading { permille } => (Stage::Loading, permille, ""),
        Progress::Reading { permille } => (Stage::Reading, permille, ""),
        Progress::Writing(text) => (Stage::Writing, 1_000, text),
    };
    ThinkingView { stage, permille, command: command.to_owned() }
}
