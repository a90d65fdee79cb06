//! Latencies and rates of the engine, the counting and the databases.

use std::cell::RefCell;
use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::history::{Happening, History, Retention};
use caro::proposal::Request;
use caro::safety::analyze;
use caro::shell::Shell;
use caro::telemetry::{Event, Recorder, Source};
use caro::timing::Spent;

use crate::question::rows;
use crate::{Measured, say};

/// What a list of the queue takes without a loss.
const BURST: u64 = 10_000;
const THREADS: u64 = 4;

pub(crate) fn measure(quick: bool) {
    let runs = if quick { 3 } else { 10 };
    answers(runs);
    judgements(runs);
    record(runs);
    throughput(runs);
    persist(runs);
    open(runs);
    history(runs);
}

/// The percentile by nearest rank.
fn percentile(mut times: Vec<Duration>, percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent).div_ceil(100).max(1) - 1]
}

/// The best of several runs, in parts of a second.
fn best(runs: usize, a_second: f64, mut run: impl FnMut() -> Duration) -> f64 {
    (0..runs).map(|_| run()).min().unwrap_or_default().as_secs_f64() * a_second
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// The fastest of each thing's runs, and of all things the percentile: which question is slow is a fact about the question, when
/// it was interrupted is not.
fn steady<T>(runs: usize, things: &[T], mut before: impl FnMut(), work: impl Fn(&T) -> Duration) -> f64 {
    let mut fastest = vec![Duration::MAX; things.len()];
    for _ in 0..runs {
        before();
        for (fastest, thing) in fastest.iter_mut().zip(things) {
            *fastest = work(thing).min(*fastest);
        }
    }
    percentile(fastest, 99).as_secs_f64() * 1e6
}

fn answers(runs: usize) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let requests: Vec<_> = rows().into_iter().map(|query| Request { query, context: context.clone() }).collect();
    let note = format!("the repository's {} questions, the fastest of {runs} runs of each", requests.len());
    let engine = RefCell::new(Engine::new());
    // A fresh one for each run: the cache would answer all but the first.
    let fresh = || drop(engine.replace(Engine::new()));
    let ask = |request: &Request| timed(|| engine.borrow().suggest(request));
    say(&Measured::new("answer.static", steady(runs, &requests, fresh, ask), note));
    // As many as the cache keeps.
    let few = &requests[..400];
    few.iter().map(ask).for_each(drop);
    let note = format!("{} questions, the fastest of {runs} runs of each", few.len());
    say(&Measured::new("answer.cached", steady(runs, few, || (), ask), note));
}

fn judgements(runs: usize) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let engine = Engine::new();
    let questions = rows();
    let asked = questions.iter().step_by(10).map(|query| Request { query: query.clone(), context: context.clone() });
    let commands: Vec<String> = asked
        .filter_map(|request| engine.suggest(&request).suggestions.into_iter().next())
        .map(|suggestion| suggestion.proposal.command)
        .collect();
    let judged = steady(runs, &commands, || (), |line| timed(|| analyze(line, &context)));
    let note = format!("{} commands, the fastest of {runs} runs of each", commands.len());
    say(&Measured::new("answer.judged", judged, note));
}

fn event(micros: u64) -> Event {
    Event::Answered {
        source: Source::Batch,
        tier: "rules",
        intent: Some("files.find-large"),
        risk: Some("safe"),
        latency: Duration::from_micros(micros % 4_000),
        spent: Spent { matching: Duration::from_micros(micros % 3_000), ..Spent::default() },
    }
}

fn recorder(folder: &tempfile::TempDir) -> Recorder {
    Recorder::open(&folder.path().join("telemetry.sqlite3")).expect("a fresh folder").recorder
}

/// Events of the last hour, and those lost.
fn counted(recorder: &Recorder) -> (u64, u64) {
    let seen = recorder.performance(hours_ago(1)).expect("the database reads");
    (seen.tiers.iter().map(|tier| tier.count).sum(), seen.dropped)
}

fn hours_ago(hours: u64) -> SystemTime {
    SystemTime::now() - Duration::from_hours(hours)
}

fn record(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    // Looking at the clock twice takes as long as recording; what that alone takes is not the event's.
    let clock = best(runs, 1.0, || percentile((0..BURST).map(|_| timed(|| ())).collect(), 50));
    let p99 = best(runs, 1.0, || {
        let times = (0..BURST).map(|micros| timed(|| recorder.record(event(micros)))).collect();
        recorder.flush();
        percentile(times, 99)
    });
    let lost = counted(&recorder).1;
    let note = format!("{BURST} events in a row, {lost} lost, best of {runs} runs");
    say(&Measured::new("telemetry.record", (p99 - clock).max(0.0) * 1e9, note));
}

fn throughput(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    #[expect(clippy::cast_precision_loss, reason = "some million")]
    let rate = |each: u64, taken: f64| (THREADS * each) as f64 / taken;
    let short = rate(BURST, best(runs, 1.0, || together(&recorder, BURST)));
    let (_, lost) = counted(&recorder);
    assert_eq!(lost, 0, "a burst that fits loses nothing");
    let before = counted(&recorder);
    let long = rate(100 * BURST, best(3, 1.0, || together(&recorder, 100 * BURST)));
    let (written, lost) = counted(&recorder);
    assert_eq!(written + lost - before.0, 3 * THREADS * 100 * BURST, "an event was lost silently");
    let share = lost * 100 / (3 * THREADS * 100 * BURST);
    let note =
        format!("{short:.0} in bursts without a loss, {long:.0} for a second, of which {share} % were counted as lost");
    say(&Measured::new("telemetry.throughput", short.min(long), note));
}

/// From the first thread that begins to the last one that ends: by their own clocks, since who waits for them is woken late.
fn together(recorder: &Recorder, each: u64) -> Duration {
    let barrier = Barrier::new(4);
    let times: Vec<(Instant, Instant)> = thread::scope(|scope| {
        let work = || {
            barrier.wait();
            let begun = Instant::now();
            (0..each).for_each(|micros| recorder.record(event(micros)));
            (begun, Instant::now())
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("recording does not panic")).collect()
    });
    recorder.flush();
    let begun = times.iter().map(|(begun, _)| *begun).min();
    let ended = times.iter().map(|(_, ended)| *ended).max();
    ended.zip(begun).map(|(ended, begun)| ended - begun).unwrap_or_default()
}

fn persist(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    let taken = best(runs, 1e3, || {
        timed(|| {
            (0..BURST).for_each(|micros| recorder.record(event(micros)));
            recorder.flush();
        })
    });
    let (written, lost) = counted(&recorder);
    assert_eq!((written, lost), (runs as u64 * BURST, 0), "all of them are there");
    say(&Measured::new("telemetry.persist", taken, format!("all of them written, best of {runs} runs")));
}

fn open(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    for _ in 0..10 {
        (0..BURST).for_each(|micros| recorder.record(event(micros)));
        recorder.flush();
    }
    let ranges = [1, 24, 720].map(|hours| best(runs, 1e3, || timed(|| recorder.performance(hours_ago(hours)))));
    let slowest = ranges.into_iter().fold(0.0, f64::max);
    say(&Measured::new("telemetry.open", slowest, "the slowest of hour, day and month"));
}

/// Full with the settings as they come.
const KEPT: u32 = 10_000;

fn history(runs: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = History::open(&folder.path().join("history.sqlite3")).expect("a fresh folder").history;
    let keep = |number: u32| {
        let happening = Happening {
            query: &format!("find files larger than {number} MB"),
            command: &format!("find . -type f -size +{number}M"),
            shell: Shell::Bash,
            os: "linux",
            risk: "safe",
            outcome: "copied",
            unix_s: i64::from(number),
        };
        history.record(&happening, Retention { entries: KEPT, days: None })
    };
    (0..KEPT).for_each(|number| keep(number).expect("there is room"));
    let read = best(runs, 1e3, || percentile((0..200).map(|_| timed(|| history.recent(50))).collect(), 99));
    say(&Measured::new("sqlite.read", read, format!("50 of {KEPT} entries, best of {runs} runs")));
    let write = best(runs, 1e3, || percentile((0..300).map(|number| timed(|| keep(number))).collect(), 99));
    say(&Measured::new("sqlite.write", write, format!("best of {runs} runs")));
}
