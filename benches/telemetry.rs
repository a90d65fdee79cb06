//! What counting costs. Budget: 300 ns an event, 3 million events a second from four threads, 10,000 of them on disk in 50 ms.
//!
//! Why that much: an event must cost the answer it is about nothing, and the end of a command waits for the disk.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use caro::telemetry::{Event, Recorder, Source};
use caro::timing::Spent;
use criterion::{Criterion, Throughput};

const THREADS: u64 = 4;

/// What a list of the queue takes without a loss.
const BURST: u64 = 10_000;

pub(crate) fn event(micros: u64) -> Event {
    Event::Answered {
        source: Source::Batch,
        tier: "rules",
        intent: Some("files.find-large"),
        risk: Some("safe"),
        latency: Duration::from_micros(micros),
        spent: Spent { matching: Duration::from_micros(micros), ..Spent::default() },
    }
}

fn recorder(folder: &tempfile::TempDir) -> Recorder {
    Recorder::open(&folder.path().join("telemetry.sqlite3")).expect("a fresh folder").recorder
}

pub(crate) fn record(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    criterion.bench_function("telemetry/record", |bench| {
        bench.iter_custom(|times| {
            let mut taken = Duration::ZERO;
            let mut left = times;
            // In bursts that fit, so that none of them is the cheap loss of an event.
            while left > 0 {
                let burst = left.min(BURST);
                let start = Instant::now();
                for micros in 0..burst {
                    recorder.record(black_box(event(micros)));
                }
                taken += start.elapsed();
                recorder.flush();
                left -= burst;
            }
            taken
        });
    });
}

pub(crate) fn threads(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    let mut group = criterion.benchmark_group("telemetry");
    group.throughput(Throughput::Elements(THREADS * BURST)).sample_size(10);
    group.bench_function("four threads", |bench| {
        bench.iter_custom(|times| (0..times).map(|_| burst(&recorder)).sum());
    });
    group.finish();
}

fn burst(recorder: &Recorder) -> Duration {
    let together = Barrier::new(5);
    let taken = thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                together.wait();
                (0..BURST).for_each(|micros| recorder.record(event(micros)));
                together.wait();
            });
        }
        together.wait();
        let start = Instant::now();
        together.wait();
        start.elapsed()
    });
    recorder.flush();
    taken
}

pub(crate) fn persist(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let recorder = recorder(&folder);
    let mut group = criterion.benchmark_group("telemetry");
    group.throughput(Throughput::Elements(BURST)).sample_size(10);
    group.bench_function("10,000 events on disk", |bench| {
        bench.iter(|| {
            (0..BURST).for_each(|micros| recorder.record(event(micros)));
            recorder.flush();
        });
    });
    group.finish();
}
