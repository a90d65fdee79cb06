//! The command line from nothing to its answer, and to nothing but its version. Budget: 10 ms.
//!
//! Why that much: `caro init` binds it to a key, and a key at a prompt has to feel like the shell's own. A home of its own, so that
//! nobody's history or settings are read.

use std::process::{Command, Stdio};

use criterion::Criterion;

pub(crate) fn all(criterion: &mut Criterion) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let mut group = criterion.benchmark_group("start");
    group.sample_size(30);
    for (name, arguments) in [("answer", &["list", "files"][..]), ("version", &["--version"])] {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mut caro = Command::new(env!("CARGO_BIN_EXE_caro"));
                caro.args(arguments).env_clear().env("HOME", home.path());
                let status = caro.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
                assert!(status.expect("it was built").success());
            });
        });
    }
    group.finish();
}
