//! Reading and writing tokens with a language model. Budget: by the model; the whole answer is in `targets.toml`.
//!
//! The tiny model of the tests is always there and shows what everything around the multiplications costs. The geometries that
//! people use are measured when their files are: `cargo xtask models` writes them into `target/models`, with random numbers, which
//! are as fast as trained ones. `CARO_BENCH_MODELS` names other files, separated as in `PATH`.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use caro_inference::bench::Trial;
use caro_inference::cpu::{LoadOptions, Session, Weights};
use caro_inference::gguf::File;
use criterion::{Criterion, Throughput};

const KNOWN: usize = 100;
const READ: usize = 64;

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("inference/tests/data/tiny.gguf")];
    if let Some(named) = env::var_os("CARO_BENCH_MODELS") {
        files.extend(env::split_paths(&named));
    } else {
        let made = std::fs::read_dir(root.join("target/models")).into_iter().flatten().flatten();
        files.extend(made.map(|file| file.path()).filter(|file| file.extension() == Some(OsStr::new("gguf"))));
    }
    files.sort();
    files
}

pub(crate) fn all(criterion: &mut Criterion) {
    for file in files() {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let content = File::open(&file).expect("a model file");
        let weights = Weights::load(&content, &LoadOptions::default()).expect("a model the processor can compute");
        let mut trial = Trial::new(Session::new(weights, 256));
        let mut group = criterion.benchmark_group("model");
        group.sample_size(10).measurement_time(Duration::from_secs(2));
        group.throughput(Throughput::Elements(READ as u64));
        group.bench_function(format!("prefill/{name}"), |bench| {
            bench.iter_custom(|times| (0..times).map(|_| trial.prefill(KNOWN, READ).expect("there is room")).sum());
        });
        group.throughput(Throughput::Elements(1));
        group.bench_function(format!("decode/{name}"), |bench| {
            bench.iter_custom(|times| (0..times).map(|_| trial.decode(KNOWN, 1).expect("there is room")).sum());
        });
        group.finish();
    }
}
