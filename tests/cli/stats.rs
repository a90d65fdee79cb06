//! `caro stats`: the numbers of known events, beside their targets; and that the privacy page lists every column they are made of.

use std::fs;
use std::path::Path;
use std::time::Duration;

use caro::telemetry::{Event, Recorder, Source};
use caro::timing::Spent;
use serde_json::Value;

use crate::home::Home;

fn record(home: &Home) {
    let recorder = Recorder::open(&home.paths().telemetry()).expect("the database opens").recorder;
    let answered = |tier: &'static str, risk: Option<&'static str>, micros: u64| Event::Answered {
        source: Source::Popup,
        tier,
        intent: None,
        risk,
        latency: Duration::from_micros(micros),
        spent: Spent { matching: Duration::from_micros(micros), ..Spent::default() },
    };
    for micros in 1..=60 {
        recorder.record(answered("rules", Some("safe"), micros));
    }
    for _ in 0..20 {
        recorder.record(answered("cache", Some("safe"), 3));
        recorder.record(answered("rules", None, 5));
    }
    recorder.record(Event::PopupShown { latency: Duration::from_millis(50) });
    recorder.flush();
}

#[test]
fn the_numbers_are_those_of_the_events() {
    let home = Home::new();
    record(&home);
    for period in ["hour", "day", "month"] {
        let output = home.run(&["stats", "--json", "--period", period], b"");
        assert_eq!(output.status, 0, "{}", output.stderr);
        let seen: Value = serde_json::from_str(&output.stdout).expect("one JSON object");
        let count = |tier: &str| {
            seen["tiers"].as_array().unwrap().iter().find(|row| row["name"] == tier).map(|row| row["count"].clone())
        };
        assert_eq!(
            [count("rules"), count("cache"), count("none")],
            [60, 20, 20].map(|n| Some(Value::from(n))),
            "{period}"
        );
        assert_eq!((&seen["abstention_rate"], &seen["cache_rate"]), (&Value::from(0.2), &Value::from(0.2)));
        let rules = seen["tiers"].as_array().unwrap().iter().find(|row| row["name"] == "rules").unwrap();
        assert_eq!((&rules["p50"], &rules["p90"], &rules["p99"]), (&30.into(), &54.into(), &60.into()));
        let of = |id: &str| seen["figures"].as_array().unwrap().iter().find(|figure| figure["target"] == id).cloned();
        assert_eq!(of("answer.static").unwrap()["met"], true);
        let popup = of("popup.mapped").unwrap();
        assert_eq!((&popup["met"], &popup["unit"]), (&false.into(), &"ms".into()));
    }
}

#[test]
fn a_reader_sees_words_and_not_colors_alone() {
    let home = Home::new();
    record(&home);
    let shown = home.run(&["stats"], b"").stdout;
    for part in
        ["100 questions, 20 % without a command, 20 % answered before", "rules", "500 µs met", "10 ms missed", "█"]
    {
        assert!(shown.contains(part), "no {part:?} in\n{shown}");
    }
    let empty = Home::new().run(&["stats"], b"");
    assert_eq!(empty.status, 0);
    assert!(empty.stdout.contains("0 questions"), "{}", empty.stdout);
}

#[test]
fn every_row_can_be_exported() {
    let home = Home::new();
    record(&home);
    let json: Value = serde_json::from_str(&home.run(&["stats", "--export", "json"], b"").stdout).expect("JSON");
    assert_eq!(json["answered"].as_array().map(Vec::len), Some(100));
    let csv = home.run(&["stats", "--export", "csv"], b"").stdout;
    assert_eq!(csv.lines().filter(|line| line.starts_with("answered,")).count(), 100);
}

#[test]
fn the_privacy_page_lists_every_column_and_no_other() {
    let home = Home::new();
    record(&home);
    let database = rusqlite::Connection::open(home.paths().telemetry()).expect("it was just written");
    let mut statement = database
        .prepare(
            "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY 1",
        )
        .unwrap();
    let kept: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/privacy.md")).expect("the page");
    // The rows of the first table: | `answered` | `at_ms` | … |
    let named = |cell: &str| cell.trim().strip_prefix('`')?.strip_suffix('`').map(str::to_owned);
    let mut listed: Vec<String> = page
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('|').skip(1);
            Some(format!("{}.{}", named(cells.next()?)?, named(cells.next()?)?))
        })
        .collect();
    listed.sort();
    assert_eq!(listed, kept);
}
