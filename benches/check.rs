//! How long a judgement takes. Budget: 20 µs for a usual command, 150 µs for an elaborate one, and linear in length.
//!
//! Why that much: the popup judges up to five suggestions on every keystroke, and the whole answer has a millisecond; a batch
//! judges thousands. The lines of 1, 10 and 64 kB are no commands anyone types; they show that nothing is quadratic.

use std::hint::black_box;

use caro::context::{Context, Os};
use caro::safety::analyze;
use caro::shell::Shell;
use criterion::{BenchmarkId, Criterion, Throughput};

const USUAL: &[(&str, &str)] = &[
    ("plain", "ls -la"),
    ("search", "find . -type f -name '*.log' -size +100M"),
    ("pipe", "du -ah . | sort -rh | head -n 20"),
    ("delete", "sudo rm -rf ./node_modules"),
    ("nested", "bash -c 'for f in *.txt; do echo \"$(wc -l < \"$f\")\"; done' | sort -n > counts.txt"),
];

pub(crate) fn usual(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let mut group = criterion.benchmark_group("analyze");
    for (name, command) in USUAL {
        group.bench_function(*name, |bencher| bencher.iter(|| analyze(black_box(command), &context)));
    }
    let windows = Context::new(Shell::PowerShell, Os::Windows);
    let command = "Get-ChildItem -Recurse -Filter *.log | Where-Object { $_.Length -gt 100MB } | Remove-Item";
    group.bench_function("powershell", |bencher| bencher.iter(|| analyze(black_box(command), &windows)));
    group.finish();
}

pub(crate) fn length(criterion: &mut Criterion) {
    let context = Context::new(Shell::Bash, Os::Linux);
    let mut group = criterion.benchmark_group("length");
    group.sample_size(20);
    for kilobytes in [1_usize, 10, 64] {
        let line = "echo one 'two three' \"$HOME\" | sort; ".repeat(kilobytes * 1024 / 37);
        group.throughput(Throughput::Bytes(line.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(format!("{kilobytes} kB")), &line, |bencher, line| {
            bencher.iter(|| analyze(black_box(line), &context));
        });
    }
    group.finish();
}
