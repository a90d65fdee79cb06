//! SQLite, as the history uses it. Budget: 1 ms to read the recent questions, 5 ms to keep one.
//!
//! Why that much: the tray's menu is drawn from the one, and the other happens between an answer and the next key. The history is
//! full, 10,000 entries, because it is at its slowest then.

use std::hint::black_box;

use caro::history::{Entry, History, KEPT};
use criterion::Criterion;

fn entry(number: u32) -> Entry {
    Entry {
        query: format!("find files larger than {number} MB"),
        command: format!("find . -type f -size +{number}M"),
        risk: "safe".to_owned(),
        outcome: "copied".to_owned(),
        unix_s: i64::from(number),
    }
}

/// A full history in `folder`.
pub(crate) fn full(folder: &tempfile::TempDir) -> History {
    let history = History::open(&folder.path().join("history.sqlite3")).expect("a fresh folder").history;
    for number in 0..KEPT {
        history.record(&entry(number)).expect("there is room");
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
            history.record(&entry(number))
        });
    });
}
