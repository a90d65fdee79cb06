//! Follow-up questions: the rows of `tests/data/followup`, and what no follow-up may ever do.

use caro::context::{Context, Os};
use caro::engine::{Engine, FOLLOW_UP};
use caro::followup::follow_up;
use caro::proposal::Request;
use caro::safety::{Decision, Risk};
use caro::shell::Shell;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Rows {
    row: Vec<Before>,
}

#[derive(Deserialize)]
struct Before {
    before: String,
    /// What is said, and what comes of it; empty is nothing.
    rows: Vec<(String, String)>,
}

fn linux() -> Context {
    Context::new(Shell::Bash, Os::Linux)
}

fn request(query: &str) -> Request {
    Request { query: query.to_owned(), context: linux() }
}

#[test]
fn a_follow_up_makes_another_command_of_the_one_before() {
    let rows: Rows = toml_edit::de::from_str(include_str!("data/followup/follow.toml")).unwrap();
    for Before { before, rows } in rows.row {
        for (said, expected) in rows {
            let made = follow_up(&said, &before, Shell::Bash).map(|made| made.command).unwrap_or_default();
            assert_eq!(made, expected, "{before:?}, then {said:?}");
        }
    }
}

#[test]
fn the_engine_judges_what_comes_of_it_like_any_other() {
    let engine = Engine::new();
    let first = engine.suggest(&request("list files"));
    let earlier = &first.best().unwrap().proposal;
    let then = engine.suggest_after(&request("as root"), Some(earlier));
    let best = then.best().unwrap();
    assert_eq!(best.proposal.command, format!("sudo {}", earlier.command));
    assert_eq!(best.proposal.intent, FOLLOW_UP);
    assert_eq!(best.proposal.explanation, format!("{}, as root", earlier.explanation));
    assert_eq!(best.report, engine.check(&best.proposal.command, &linux()));
    let remove = engine.suggest(&request("remove the folder build"));
    let earlier = &remove.best().unwrap().proposal;
    let then = engine.suggest_after(&request("as root"), Some(earlier));
    assert!(then.best().unwrap().report.risk >= Risk::Dangerous, "{:?}", then.best());
    assert_ne!(then.best().unwrap().decision, Decision::Allow);
}

#[test]
fn a_question_of_its_own_stays_one() {
    let engine = Engine::new();
    let earlier = engine.suggest(&request("list files")).best().unwrap().proposal.clone();
    for question in ["find large files over 100MB", "show disk usage", "undo the last commit", "count lines in *.rs"] {
        let alone = engine.suggest(&request(question));
        let after = engine.suggest_after(&request(question), Some(&earlier));
        assert_eq!(alone.best().unwrap().proposal.command, after.best().unwrap().proposal.command, "{question}");
    }
    let nothing = engine.suggest_after(&request("as root"), None);
    assert!(nothing.suggestions.iter().all(|suggestion| suggestion.proposal.intent != FOLLOW_UP));
}

proptest! {
    #[test]
    fn no_command_is_lost_to_a_follow_up(
        command in "(ls|find|rm|cp|mv|grep|du|git|sudo)( (-[a-zA-Z]{1,3}|\\.|'[^']{0,4}'|\"[^\"]{0,4}\"|\\||>|[a-z/$*]{1,5})){0,5}",
        said in "(make it |only |as |in )?(recursive|the last 3|root|/tmp|hidden files|preview|verbose|copy|instead)( instead| too)?",
    ) {
        if let Some(made) = follow_up(&said, &command, Shell::Bash) {
            prop_assert!(caro::shell::parse(Shell::Bash, &made.command).complete, "{}", made.command);
            prop_assert_ne!(made.command, command);
        }
    }
}
