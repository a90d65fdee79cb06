//! The performance page: the numbers of what was just done, nothing of what was asked, and gone when deleted.

use std::{fs, io::Write as _, process::Stdio};

use caro_stage::{Setup, Start, app, app::Program, wait_until};
use serde_json::Value;

use crate::desk::Desk;

/// Opens the settings window by the popup's key, turns to the page of the numbers, and reads that window from here on.
fn open(desk: &Desk) {
    desk.app.page().switch_to("popup").unwrap();
    desk.app.summon(&desk.stage).unwrap();
    desk.press("Ctrl+,");
    desk.stage.screen().wait_shown(app::SETTINGS).unwrap();
    desk.app.page().switch_to("settings").unwrap();
    desk.app.page().click("[data-page=performance]").unwrap();
    desk.app.page().wait_element("#tiers, [data-page=performance][aria-current=page]").unwrap();
}

/// How many answers the row of the rules counts.
fn count(desk: &Desk) -> Option<u64> {
    desk.app.page().attribute("#tiers [data-tier=rules]", "data-count").unwrap()?.parse().ok()
}

fn wait_count(desk: &Desk, what: &str, is_right: impl Fn(Option<u64>) -> bool) {
    wait_until(what, || Ok(is_right(count(desk)).then_some(()))).unwrap();
}

#[test]
fn the_page_shows_what_was_just_done_and_deletes_it() {
    let desk = Desk::new();
    desk.assert_works();
    for _ in 0..9 {
        assert!(app::caro(&desk.stage, &["list files"]).unwrap().status.success());
    }
    open(&desk);
    // Nine by the command line and one by the popup.
    wait_count(&desk, "ten answers", |count| count == Some(10));
    let page = desk.app.page();
    for value in ["data-p50", "data-p99"] {
        let micros: f64 = page.attribute("#tiers [data-tier=rules]", value).unwrap().unwrap().parse().unwrap();
        assert!(micros > 0.0 && micros < 1_000_000.0, "{value} is {micros}");
    }
    page.click("#delete-telemetry").unwrap();
    page.click("#delete-telemetry-confirm").unwrap();
    wait_count(&desk, "nothing", |count| count.is_none_or(|count| count == 0));
}

/// The numbers that `caro stats` prints, as a script reads them.
fn statistics(desk: &Desk, arguments: &[&str]) -> Value {
    let output = app::caro(&desk.stage, &[&["stats"], arguments].concat()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_numbers_of_the_page_are_those_of_the_database() {
    let desk = Desk::new();
    desk.assert_works();
    let questions = ["list files", "disk usage of this folder", "plant a tree in the garden"];
    let lines: Vec<String> = questions.iter().map(|query| format!("{{\"query\":\"{query}\"}}\n")).collect();
    let mut batch = desk.stage.command(app::program(Program::Cli).unwrap());
    let mut batch = batch.arg("batch").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    batch.stdin.take().unwrap().write_all(lines.concat().repeat(20).as_bytes()).unwrap();
    assert!(batch.wait().unwrap().success());
    open(&desk);
    // One of the popup, and those of the batch that no cache answered.
    wait_count(&desk, "three answers by rule", |count| count == Some(3));
    let page = desk.app.page();
    let seen = statistics(&desk, &["--json", "--period", "day"]);
    for tier in seen["tiers"].as_array().unwrap() {
        let row = format!("#tiers [data-tier={}]", tier["name"].as_str().unwrap());
        for (attribute, key) in [("data-count", "count"), ("data-p50", "p50"), ("data-p99", "p99")] {
            let shown = page.attribute(&row, attribute).unwrap().unwrap_or_else(|| panic!("no {row}"));
            assert_eq!(shown, tier[key].to_string(), "{row} {attribute}");
        }
    }
    assert_eq!(seen["tiers"].as_array().unwrap().iter().map(|tier| tier["count"].as_u64().unwrap()).sum::<u64>(), 61);
    for stage in seen["stages"].as_array().unwrap() {
        let row = format!("#stages [data-stage={}]", stage["name"].as_str().unwrap());
        assert_eq!(page.attribute(&row, "data-count").unwrap(), Some(stage["count"].to_string()), "{row}");
    }
    page.wait_element("#start").unwrap();
    assert!(seen["started"]["hotkey_us"].as_u64().unwrap() > 0);
    assert_eq!(seen["display"]["count"], 1, "the popup said when it had drawn the answer");

    page.click("#export-json").unwrap();
    let written = wait_until("the file", || Ok(page.text("#exported")?.filter(|text| text.contains(".json")))).unwrap();
    let file = written.trim().strip_prefix("Written to ").unwrap();
    let exported: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    assert_eq!(exported["answered"].as_array().map(Vec::len), Some(61));
}

#[test]
fn telemetry_holds_nothing_of_what_was_asked() {
    let desk = Desk::new();
    desk.app.summon(&desk.stage).unwrap();
    let question = r#"find files containing "zanzibar" in /tmp/kilimanjaro"#;
    desk.app.ask(&desk.stage, question).unwrap().unwrap();
    desk.press("Enter");
    desk.wait_hidden();
    assert!(app::caro(&desk.stage, &[question]).unwrap().status.success());
    open(&desk);
    wait_count(&desk, "two answers", |count| count == Some(2));
    let mut seen = 0;
    for entry in fs::read_dir(desk.data()).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("telemetry") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        seen += bytes.len();
        for word in ["zanzibar", "kilimanjaro", "grep"] {
            assert!(
                !bytes.windows(word.len()).any(|window| window == word.as_bytes()),
                "{word} is in {}",
                path.display()
            );
        }
    }
    assert!(seen > 0, "there is a database");
}

#[test]
fn switched_off_it_records_nothing() {
    let desk = Desk::prepared(Setup::default(), &Start::default(), |stage| {
        let folder = crate::desk::config(stage);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("settings.toml"), "version = 1\ntelemetry = false\n").unwrap();
    });
    desk.assert_works();
    assert!(app::caro(&desk.stage, &["list files"]).unwrap().status.success());
    open(&desk);
    desk.app.page().wait_element("main").unwrap();
    let rows = desk.app.page().script("return document.querySelectorAll('#tiers [data-count]').length", &[]).unwrap();
    assert_eq!(rows, Value::from(0));
}

#[test]
fn the_settings_window_closes_without_ending_the_app() {
    let desk = Desk::new();
    open(&desk);
    desk.stage.screen().wait_active(app::SETTINGS).unwrap();
    desk.press("Alt+F4");
    desk.stage.screen().wait_hidden(app::SETTINGS).unwrap();
    desk.app.page().switch_to("popup").unwrap();
    desk.assert_works();
}
