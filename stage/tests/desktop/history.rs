//! What was accepted comes back marked as the user's own, from either program, until it is forgotten; the page of the history does
//! what it shows.

use std::fs;

use caro_stage::{app, wait_until};

use crate::desk::Desk;

const QUESTION: &str = "list files by size";

fn entries(desk: &Desk) -> Vec<String> {
    desk.app.page().texts("#history-entries code").unwrap()
}

fn wait_entries(desk: &Desk, what: &str, expected: &[&str]) {
    let mut last = Vec::new();
    let waited = wait_until(what, || {
        last = entries(desk);
        Ok((last == expected).then_some(()))
    });
    assert!(waited.is_ok(), "{what}: {last:?} instead of {expected:?}");
}

fn caro(desk: &Desk, arguments: &[&str]) -> String {
    String::from_utf8(app::caro(&desk.stage, arguments).unwrap().stdout).unwrap()
}

/// The popup with the answer to the question, and whether it is marked as the user's.
fn ask(desk: &Desk) -> (String, bool) {
    desk.app.page().switch_to("popup").unwrap();
    let command = desk.ask(QUESTION);
    (command, desk.app.page().attribute("#origin [data-yours]", "class").unwrap().is_some())
}

#[test]
fn what_was_accepted_is_offered_again_until_it_is_forgotten_on_the_page() {
    let desk = Desk::new();
    let (command, yours) = ask(&desk);
    assert!(!yours);
    // Another of the answers is taken, and comes first from then on.
    desk.press("Down");
    let other = wait_until("another answer", || Ok(desk.app.selected()?.filter(|other| *other != command))).unwrap();
    desk.press("Enter");
    desk.stage.wait_clipboard(&other).unwrap();
    desk.wait_hidden();
    assert_eq!(ask(&desk), (other.clone(), true));
    // The command line knows it, too, for the same shell; what it answers is kept in the same place.
    let told: serde_json::Value = serde_json::from_str(&caro(&desk, &["--json", QUESTION])).unwrap();
    assert_eq!((told["command"].as_str(), told["yours"].as_bool()), (Some(&*other), Some(true)));
    caro(&desk, &["list files"]);
    desk.press("Escape");
    desk.press("Ctrl+,");
    desk.stage.screen().wait_shown(app::SETTINGS).unwrap();
    let page = desk.app.page();
    page.switch_to("settings").unwrap();
    page.click("[data-page=privacy]").unwrap();
    wait_entries(&desk, "what both programs kept", &["ls", &other]);
    page.click("#history-entries li:last-child [data-do=pin]").unwrap();
    wait_entries(&desk, "the favorite first", &[&other, "ls"]);
    let exported = desk.stage.home("HOME").unwrap();
    page.click("#export-history").unwrap();
    page.wait_element(".exported").unwrap();
    let file = page.text(".exported").unwrap().unwrap();
    let file = file.split_once("to ").unwrap().1.trim().to_owned();
    assert!(file.starts_with(exported.to_str().unwrap()), "{file} in {exported:?}");
    assert_eq!(fs::read_to_string(file).unwrap().lines().count(), 2);
    page.click("#history-entries li:first-child [data-do=delete]").unwrap();
    wait_entries(&desk, "what is left", &["ls"]);
    page.click("#delete-history").unwrap();
    page.click("#delete-history-confirm").unwrap();
    wait_entries(&desk, "nothing", &[]);
    assert_eq!(ask(&desk), (command, false));
    assert_eq!(caro(&desk, &["history", "--json"]), "");
}

#[test]
fn private_mode_keeps_nothing() {
    let desk = Desk::new();
    desk.app.summon(&desk.stage).unwrap();
    desk.press("Ctrl+Shift+P");
    desk.app.page().wait_element("#private").unwrap();
    desk.press("Escape");
    desk.wait_hidden();
    desk.assert_works();
    assert_eq!(caro(&desk, &["history", "--json"]), "");
    assert_eq!(caro(&desk, &["config", "get", "private"]).trim(), "true");
}
