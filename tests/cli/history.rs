//! What is kept of a run, what is not, and what the user can do about it.

use caro::history::{Happening, History, Retention};
use caro::shell::Shell;

use crate::home::{Home, Output};

const QUESTION: &str = "show disk usage";

fn accept(home: &Home, query: &str, command: &str) {
    let history = History::open(&home.paths().history()).expect("a history").history;
    let (shell, os) = (Shell::Bash, caro::context::Os::current().name());
    let happening = Happening { query, command, shell, os, risk: "safe", outcome: "copied", unix_s: 1 };
    history.record(&happening, Retention { entries: 100, days: None }).expect("a disk");
}

fn history(home: &Home, args: &[&str]) -> Output {
    home.run(&[&["history"], args].concat(), b"")
}

/// The entries as JSON, in their order.
fn entries(home: &Home, args: &[&str]) -> Vec<serde_json::Value> {
    let output = history(home, &[args, &["--json"]].concat());
    output.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn ids(home: &Home) -> Vec<String> {
    entries(home, &[]).iter().map(|entry| entry["id"].to_string()).collect()
}

#[test]
fn a_question_is_kept_and_a_run_of_many_is_not() {
    let home = Home::new();
    assert_eq!(home.run(&["--shell", "bash", QUESTION], b"").status, 0);
    home.run(&["--shell", "bash", QUESTION], b"");
    home.run(&["--json", "list files"], b"");
    home.run(&["batch"], b"{\"id\":1,\"query\":\"list files\"}\n");
    home.run(&["frobnicate the quux"], b"");
    let kept = entries(&home, &[]);
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((&kept[0]["query"], &kept[0]["outcome"]), (&QUESTION.into(), &"shown".into()));
    // Being shown teaches nothing.
    assert!(!home.run(&["--shell", "bash", "--json", QUESTION], b"").stdout.contains("yours"));
}

#[test]
fn nothing_is_kept_in_private_or_without_a_history() {
    for setting in [["history", "false"], ["private", "true"]] {
        let home = Home::new();
        home.run(&["config", "set", setting[0], setting[1]], b"");
        home.run(&[QUESTION], b"");
        assert_eq!(entries(&home, &[]).len(), 0, "{setting:?}");
        assert!(!home.paths().telemetry().exists() || setting[0] == "history", "{setting:?}");
    }
}

#[test]
fn what_was_accepted_is_offered_until_it_is_deleted() {
    let home = Home::new();
    let ask = |format: &[&str]| home.run(&[format, &["--shell", "bash", "please show the disk usage"]].concat(), b"");
    let before = ask(&[]);
    assert_ne!(before.stdout, "dust\n");
    accept(&home, QUESTION, "dust");
    let after = ask(&[]);
    assert_eq!(after.stdout, "dust\n");
    assert!(after.stderr.contains("yours"), "{}", after.stderr);
    let line: serde_json::Value = serde_json::from_str(&ask(&["--json"]).stdout).expect("a JSON object");
    assert_eq!((&line["command"], &line["tier"], &line["yours"]), (&"dust".into(), &"cache".into(), &true.into()));
    // It is for the shell it was accepted in.
    assert_ne!(home.run(&["--shell", "fish", QUESTION], b"").stdout, "dust\n");
    home.run(&["config", "set", "history", "false"], b"");
    assert_eq!(ask(&[]).stdout, before.stdout);
    home.run(&["config", "unset", "history"], b"");
    // As it was accepted, and as it was shown.
    for entry in entries(&home, &["search", "dust"]) {
        assert_eq!(history(&home, &["delete", &entry["id"].to_string()]).status, 0);
    }
    assert_eq!(ask(&[]).stdout, before.stdout);
}

#[test]
fn a_secret_is_kept_nowhere_and_what_lacks_it_is_not_whole() {
    let home = Home::new();
    accept(&home, "log in to the shop database", "mysql -u root -phunter2 shop");
    let answer = home.run(&["--shell", "bash", "log in to the shop database"], b"");
    assert_eq!((answer.status, answer.stdout.as_str()), (1, ""), "{}", answer.stderr);
    assert!(answer.stderr.contains("mysql -u root -p'<secret>' shop") && answer.stderr.contains("fill in: <secret>"));
    let kept = entries(&home, &["search", "mysql"]);
    assert_eq!(
        (&kept[0]["command"], &kept[0]["incomplete"]),
        (&"mysql -u root -p'<secret>' shop".into(), &true.into())
    );
}

#[test]
fn entries_are_found_pinned_named_and_deleted() {
    let home = Home::new();
    for (query, command) in [("list containers", "docker ps"), ("list images", "docker images"), (QUESTION, "du -sh")] {
        accept(&home, query, command);
    }
    assert_eq!(ids(&home), ["3", "2", "1"]);
    assert_eq!(history(&home, &["--limit", "1"]).stdout.lines().count(), 2);
    assert_eq!(history(&home, &["pin", "1"]).status, 0);
    assert_eq!(history(&home, &["rename", "2", "all pictures"]).status, 0);
    assert_eq!(ids(&home), ["2", "1", "3"]);
    assert_eq!(entries(&home, &["search", "pict"])[0]["name"], "all pictures");
    assert_eq!(entries(&home, &["search", "docker", "im"]).len(), 1);
    let shown = history(&home, &["search", "docker"]);
    assert!(shown.stdout.contains("2 * all pictures: docker images"), "{}", shown.stdout);
    let hostile = history(&home, &["search", "\" OR NEAR( *"]);
    assert_eq!((hostile.status, hostile.stderr.as_str()), (1, ""));
    history(&home, &["unpin", "1"]);
    assert_eq!(ids(&home), ["2", "3", "1"]);
    assert_eq!(history(&home, &["delete", "1", "2"]).status, 0);
    let missing = history(&home, &["pin", "2"]);
    assert!(missing.status == 4 && missing.stderr.contains("no entry 2"), "{}", missing.stderr);
    assert_eq!(history(&home, &["export"]).stdout.lines().count(), 1);
    let asked = history(&home, &["clear"]);
    assert!(asked.status == 2 && asked.stderr.contains("1 entries, 0 of them favourites"), "{}", asked.stderr);
    assert_eq!((history(&home, &["clear", "--yes"]).status, ids(&home).len()), (0, 0));
}

#[test]
fn only_so_much_is_kept() {
    let home = Home::new();
    home.run(&["config", "set", "history_entries", "2"], b"");
    for question in ["list files", QUESTION, "show the current date"] {
        assert_eq!(home.run(&[question], b"").status, 0, "{question}");
    }
    assert_eq!(entries(&home, &[]).len(), 2);
    accept(&home, "list images", "docker images");
    home.run(&["config", "set", "history_days", "30"], b"");
    home.run(&["list files"], b"");
    // What was accepted in 1970 is older than that.
    assert!(!history(&home, &[]).stdout.contains("docker"));
    assert_eq!(home.run(&["config", "set", "history_entries", "0"], b"").status, 4);
}
