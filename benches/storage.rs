//! SQLite, as the history uses it. Budget: 1 ms to read the recent questions, 5 ms to keep one.
//!
//! Why that much: the tray's menu is drawn from the one, and the other happens between an answer and the next key. The history is
//! full, 10,000 entries, because it is at its slowest then.

use std::hint::black_box;

use caro::history::{Happening, History, Retention};
use caro::shell::Shell;
use criterion::Criterion;

/// Full with the settings as they come.
const KEPT: u32 = 10_000;

fn keep(history: &History, number: u32) -> Result<(), caro::Error> {
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
}

/// A full history in `folder`.
pub(crate) fn full(folder: &tempfile::TempDir) -> History {
    let history = History::open(&folder.path().join("history.sqlite3")).expect("a fresh folder").history;
    for number in 0..KEPT {
        keep(&history, number).expect("there is room");
    }
    history
}

pub(crate) fn all(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let history = full(&folder);
    criterion.bench_function("sqlite/read", |bench| bench.iter(|| history.recent(black_box(50))));
    let mut number = KEPT;
    criterion.bench_function("sqlite/write", |bench| {
        bench.iter(|| {
            number += 1;
            keep(&history, number)
        });
    });
}
