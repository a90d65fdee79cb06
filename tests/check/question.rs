//! What a question asks for, judged by its words: rows of `tests/data/question.toml`, through the engine.

use std::collections::BTreeMap;

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::proposal::Request;
use caro::safety::{Risk, question_rules};
use caro::shell::Shell;
use caro::suggestion::Answer;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    pub(crate) hits: Vec<String>,
    pub(crate) innocents: Vec<String>,
}

pub(crate) fn rows() -> BTreeMap<String, Rows> {
    toml::from_str(include_str!("../data/question.toml")).expect("the rows are TOML")
}

pub(crate) fn answered(query: &str) -> Answer {
    Engine::new().suggest(&Request { query: query.to_owned(), context: Context::new(Shell::Bash, Os::Linux) })
}

#[test]
fn every_row_holds() {
    let mut wrong = Vec::new();
    for (rule, rows) in rows() {
        for hit in &rows.hits {
            let found = answered(hit).asked.map(|asked| asked.rule);
            if found != Some(rule.as_str()) {
                wrong.push(format!("{hit:?} is {found:?}, not {rule}"));
            }
        }
        for innocent in &rows.innocents {
            if let Some(asked) = answered(innocent).asked {
                wrong.push(format!("{innocent:?} is {}", asked.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_rows() {
    let rows = rows();
    for rule in question_rules() {
        let of_rule = rows.get(rule.id).unwrap_or_else(|| panic!("{} has no rows", rule.id));
        assert!(of_rule.hits.len() >= 2 && of_rule.innocents.len() >= 2, "{} has too few rows", rule.id);
    }
    assert_eq!(rows.len(), question_rules().count(), "rows of a rule that is not there");
}

#[test]
fn a_command_for_a_dangerous_question_is_no_less_dangerous() {
    for hit in rows().values().flat_map(|rows| &rows.hits) {
        for suggestion in answered(hit).suggestions {
            let report = suggestion.report;
            assert!(report.risk >= Risk::Dangerous, "{hit:?}: {:?} {report:?}", suggestion.proposal.command);
            for finding in &report.findings {
                assert!(finding.span.end <= suggestion.proposal.command.len(), "{hit:?}: {finding:?}");
            }
        }
    }
}

#[test]
fn no_question_of_our_own_is_taken_for_a_dangerous_one() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/suggest");
    let mut wrong = Vec::new();
    for file in std::fs::read_dir(folder).expect("the rows are part of the repository") {
        let text = std::fs::read_to_string(file.expect("a folder that can be listed").path()).expect("rows are text");
        let table: toml::Table = toml::from_str(&text).expect("rows are TOML");
        for question in texts(&toml::Value::Table(table)) {
            if let Some(asked) = answered(&question).asked {
                wrong.push(format!("{question:?} is {}", asked.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Every text in a value: questions, and commands, which are no question either.
fn texts(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
        toml::Value::Table(table) => table.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
