//! Many questions in succession: what is held afterwards, and what the system says.

use std::hint::black_box;
use std::time::{Duration, Instant};

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::proposal::Request;
use caro::shell::Shell;
use caro::telemetry::{Event, Recorder, Source};
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use crate::count::held_by;
use crate::question::rows;
use crate::{Measured, say};

/// Questions of a round. More than the cache keeps, so that a round ends with the same ones in it.
const ROUND: usize = 1_000;

struct Load {
    engine: Engine,
    recorder: Recorder,
    requests: Vec<Request>,
    _folder: tempfile::TempDir,
}

impl Load {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let recorder = Recorder::open(&folder.path().join("telemetry.sqlite3")).expect("a fresh folder").recorder;
        let context = Context::new(Shell::Bash, Os::Linux);
        let requests = rows().into_iter().take(ROUND).map(|query| Request { query, context: context.clone() });
        Self { engine: Engine::new(), recorder, requests: requests.collect(), _folder: folder }
    }

    fn round(&self) {
        for request in &self.requests {
            let begun = Instant::now();
            let answer = black_box(self.engine.suggest(request));
            self.recorder.record(Event::Answered {
                source: Source::Batch,
                tier: answer.tier.name(),
                intent: None,
                risk: answer.best().map(|best| best.report.risk.name()),
                latency: begun.elapsed(),
                spent: answer.spent,
            });
        }
        self.settle();
    }

    /// Waits until the writer is through. A flush gives up after a second, and on a busy machine the disk may take longer; what
    /// still waits to be written then is held, and no leak.
    fn settle(&self) {
        for _ in 0..30 {
            let begun = Instant::now();
            self.recorder.flush();
            if begun.elapsed() < Duration::from_millis(900) {
                return;
            }
        }
    }
}

/// After two rounds everything that is made once is made; from there on nothing may be held.
pub(crate) fn growth(rounds: u32) {
    let load = Load::new();
    load.round();
    load.round();
    let held = held_by(|| (0..rounds).for_each(|_| load.round()));
    let note = format!("{} questions after 2,000", rounds as usize * load.requests.len());
    #[expect(clippy::cast_precision_loss, reason = "a leak of 2^53 bytes would be noticed")]
    say(&Measured::new("memory.growth", held as f64, note));
}

/// Works for so long, and says how much more memory the system counts an hour.
pub(crate) fn soak(seconds: u64) {
    let load = Load::new();
    let mut meter = System::new().expect("the system can be asked");
    load.round();
    load.round();
    let begun = Instant::now();
    let first = resident(&mut meter);
    let step = Duration::from_secs(seconds) / 10;
    let mut questions = 0;
    for tenth in 1..=10 {
        while begun.elapsed() < step * tenth {
            load.round();
            questions += load.requests.len();
        }
        let now = resident(&mut meter);
        let hours = begun.elapsed().as_secs_f64() / 3_600.0;
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        let growth = (now as f64 - first as f64) / 1e6 / hours;
        say(&Measured::new("memory.soak", growth, format!("{questions} questions, {} kB resident", now / 1_000)));
    }
}

fn resident(meter: &mut System) -> u64 {
    let own = Pid::from_u32(std::process::id());
    let kind = ProcessRefreshKind::nothing().with_memory().without_tasks();
    meter.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), true, kind);
    meter.process(own).map_or(0, sysinfo::Process::memory)
}

/// One question over and over, each time as if it were the first.
pub(crate) fn ask(question: &str, times: usize) {
    let request = Request { query: question.to_owned(), context: Context::detect() };
    for _ in 0..times {
        black_box(Engine::new().suggest(black_box(&request)));
    }
}
