//! `docs/rules.md`, made from the rules and their rows: what each finds, how grave that is, where it is found and where not.
//!
//! The file is committed, and stale when it is not what is made here; `cargo xtask docs` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use caro::safety::{Risk, Rule, analyze, question_rules, rules};
use caro::shell::Shell;

use crate::question;
use crate::rows::{Hit, Innocent, Rows, Surroundings, all_rows};

const HEAD: &str = "# Rules

What Caro's judge looks for. Made from the rules and their tests by `cargo xtask docs`; do not edit.

A rule's level depends on what it finds: removing a build folder and removing `/` are the same program. The level of a command is
the highest of all that was found in it, and *safe* when nothing was. The examples are tested: each rule has more of them, in
`tests/data/check` and `tests/data/question.toml`. Your own [policy](../README.md#your-own-policy) can change levels within bounds.
";

#[test]
fn the_list_of_rules_is_fresh() {
    let made = document();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &made).expect("docs is a folder of the repository");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let first = made.lines().zip(kept.lines()).find(|(made, kept)| made != kept);
    assert!(made == kept, "docs/rules.md is stale: run `cargo xtask docs`; first difference: {first:?}");
}

fn document() -> String {
    let mut out = HEAD.to_owned();
    let all = all_rows();
    let mut subjects: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in rules() {
        subjects.entry(subject(rule)).or_default().push(rule);
    }
    for (subject, rules) in &subjects {
        section(&mut out, subject);
        for rule in rules {
            let of_rule = all.get(rule.id).unwrap_or_else(|| panic!("{} has no rows", rule.id));
            line(&mut out, rule, &levels(rule, of_rule), &example(of_rule));
        }
    }
    section(&mut out, "question");
    let questions = question::rows();
    for rule in question_rules() {
        let of_rule = questions.get(rule.id).unwrap_or_else(|| panic!("{} has no rows", rule.id));
        let levels =
            of_rule.hits.iter().filter_map(|hit| question::answered(hit).asked).map(|asked| asked.risk).collect();
        let example =
            Example { hit: quoted(&of_rule.hits[0]), innocent: quoted(&of_rule.innocents[0]), safer: String::new() };
        line(&mut out, rule, &levels, &example);
    }
    out
}

fn subject(rule: &Rule) -> &str {
    rule.id.split('.').next().unwrap_or_default()
}

fn section(out: &mut String, subject: &str) {
    let _ = write!(
        out,
        "\n## {subject}\n\n| rule | finds | level | found in | not in | safer |\n|---|---|---|---|---|---|\n"
    );
}

struct Example {
    hit: String,
    innocent: String,
    safer: String,
}

fn line(out: &mut String, rule: &Rule, levels: &BTreeSet<Risk>, example: &Example) {
    let levels: Vec<&str> = levels.iter().map(|risk| risk.name()).collect();
    let Example { hit, innocent, safer } = example;
    let _ = writeln!(out, "| `{}` | {} | {} | {hit} | {innocent} | {safer} |", rule.id, rule.finds, levels.join(", "));
}

/// The levels the rule has in its rows.
fn levels(rule: &Rule, rows: &Rows) -> BTreeSet<Risk> {
    rows.hits
        .iter()
        .flat_map(|hit| analyze(&hit.text(), &hit.place.context(hit.shell)).findings)
        .filter(|finding| finding.rule == rule.id)
        .map(|finding| finding.risk)
        .collect()
}

/// A hit that can be read at a glance, with something safer if any has, and an innocent.
fn example(rows: &Rows) -> Example {
    let readable = |hit: &&Hit| hit.padding == 0 && hit.command.len() <= 60 && !hit.command.contains('\n');
    let hits: Vec<&Hit> = rows.hits.iter().filter(readable).collect();
    let hit = hits.iter().find(|hit| hit.safer.is_some()).or(hits.first()).copied().unwrap_or(&rows.hits[0]);
    let program = |command: &str| command.split_whitespace().next().unwrap_or_default().to_owned();
    let alike = |row: &&Innocent| program(&row.command) == program(&hit.command);
    let lower = |row: &&Innocent| row.risk < hit.risk;
    let innocents = || rows.innocents.iter();
    let innocent = innocents().find(|row| alike(row) && lower(row)).or_else(|| innocents().find(lower));
    let innocent = innocent.unwrap_or(&rows.innocents[0]);
    Example {
        hit: code(&hit.text(), hit.shell, &hit.place),
        innocent: code(&innocent.command, innocent.shell, &innocent.place),
        safer: hit.safer.as_ref().map(|safer| code(safer, Shell::Bash, &Surroundings::default())).unwrap_or_default(),
    }
}

fn code(command: &str, shell: Shell, place: &Surroundings) -> String {
    let mut text = quoted(command);
    let shell = match shell {
        Shell::Bash => None,
        other => Some(other.name().to_owned()),
    };
    let notes: Vec<String> = shell.into_iter().chain(place.notes()).collect();
    if !notes.is_empty() {
        let _ = write!(text, " ({})", notes.join(", "));
    }
    text
}

/// A code span in a cell of a table: what cannot be seen is written out, and what would end it is wrapped.
fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).flat_map(visible).collect();
    let shown = if text.chars().count() > 60 { shown + "…" } else { shown }.replace('|', "\\|");
    if shown.contains('`') { format!("`` {shown} ``") } else { format!("`{shown}`") }
}

fn visible(c: char) -> Vec<char> {
    let plain = c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    if plain { vec![c] } else { c.escape_unicode().collect() }
}
