//! Rows of `tests/data/secret.toml`, and what holds for any text.

use proptest::prelude::*;
use serde::Deserialize;

use super::{of_command, of_question};
use crate::shell::Shell;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    hit: Vec<Hit>,
    innocent: Innocents,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hit {
    /// A command with one secret or more.
    command: Option<String>,
    question: Option<String>,
    /// What is kept of it.
    kept: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Innocents {
    commands: Vec<String>,
    questions: Vec<String>,
}

#[test]
fn every_row_holds() {
    let rows: Rows = toml::from_str(include_str!("../../../tests/data/secret.toml")).expect("the rows are TOML");
    let mut wrong = Vec::new();
    let mut expect = |text: &str, kept: &str, wanted: &str| {
        if kept != wanted {
            wrong.push(format!("{text}\n    gives {kept}\n    not   {wanted}"));
        }
    };
    assert!(rows.hit.len() > 40 && rows.innocent.commands.len() > 40);
    for Hit { command, question, kept } in &rows.hit {
        if let Some(command) = command {
            expect(command, &of_command(command, Shell::Bash), kept);
        }
        if let Some(question) = question {
            expect(question, &of_question(question), kept);
        }
    }
    for command in &rows.innocent.commands {
        expect(command, &of_command(command, Shell::Bash), command);
    }
    for question in &rows.innocent.questions {
        expect(question, &of_question(question), question);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn any_text_is_read_and_reading_again_changes_nothing(text in "\\PC{0,80}|[-a-zA-Z0-9 =:'\"@/._$<>|;]{0,120}") {
        for shell in [Shell::Bash, Shell::PowerShell, Shell::Cmd] {
            let once = of_command(&text, shell).into_owned();
            prop_assert_eq!(&*of_command(&once, shell), &*once);
        }
        let once = of_question(&text).into_owned();
        prop_assert_eq!(&*of_question(&once), &*once);
    }

    #[test]
    fn a_token_is_found_wherever_it_stands(
        before in "([a-z]{1,8} ){0,4}['\"]?", prefix in "ghp_|sk-|glpat-|npm_|hf_|github_pat_", token in "[a-zA-Z0-9]{30}1",
        after in "['\"]?( [a-z]{1,8}){0,4}",
    ) {
        let secret = format!("{prefix}{token}");
        let text = format!("{before}{secret}{after}");
        prop_assert!(!of_command(&text, Shell::Bash).contains(&token), "{text}");
        prop_assert!(!of_question(&text).contains(&token), "{text}");
    }

    #[test]
    fn a_named_password_is_never_kept(password in "[a-zA-Z0-9!%#+]{3,12}[A-Z][0-9]", name in "--password|--token|--api-key") {
        for text in [format!("x {name} {password}"), format!("x {name}={password} y"), format!("x {name} '{password}' y")] {
            let kept = of_command(&text, Shell::Bash).into_owned();
            prop_assert!(!kept.contains(&password), "{text} {kept}");
        }
        let address = format!("curl https://me:{password}@example.com/x");
        prop_assert!(password.contains('#') || !of_command(&address, Shell::Bash).contains(&password), "{address}");
    }

    #[test]
    fn plain_words_are_left_alone(text in "([a-z]{1,12} ){0,12}") {
        prop_assert_eq!(&*of_command(&text, Shell::Bash), &*text);
        prop_assert_eq!(&*of_question(&text), &*text);
    }
}
