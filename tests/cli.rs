//! The command line: the real program, over rows of `data/cli` and over what a row cannot say.
//!
//! Hermetic: a home folder of its own, no environment of the caller's, no network.

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/home.rs"]
mod home;
#[path = "server/hub.rs"]
mod hub;
#[path = "cli/intents.rs"]
mod intents;
#[path = "cli/models.rs"]
mod models;
#[path = "cli/pipes.rs"]
mod pipes;
#[path = "cli/programs.rs"]
mod programs;
#[path = "server/mod.rs"]
mod server;
#[path = "cli/stats.rs"]
mod stats;
#[path = "cli/thinking.rs"]
mod thinking;

use home::Home;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    case: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    args: Vec<String>,
    stdin: Option<String>,
    #[serde(default)]
    status: i32,
    #[serde(default)]
    any_status: bool,
    stdout: Option<String>,
    #[serde(default)]
    stdout_has: Vec<String>,
    #[serde(default)]
    stdout_lacks: Vec<String>,
    stderr: Option<String>,
    #[serde(default)]
    stderr_has: Vec<String>,
    #[serde(default)]
    stderr_lacks: Vec<String>,
    /// The error code of each line, empty for an answer.
    codes: Option<Vec<String>>,
}

#[test]
fn every_row_holds() {
    let rows: Rows = toml::from_str(include_str!("data/cli/cases.toml")).expect("the rows are TOML");
    let wrong: Vec<String> = rows.case.iter().flat_map(complaints).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What is wrong with the outcome of a row.
fn complaints(case: &Case) -> Vec<String> {
    let output = Home::new().run(&case.args, case.stdin.as_deref().unwrap_or_default().as_bytes());
    let mut wrong = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            wrong.push(format!(
                "{}: {:?}: {what}\n    stdout: {}\n    stderr: {}",
                case.name, case.args, output.stdout, output.stderr
            ));
        }
    };
    expect(case.any_status || output.status == case.status, format!("status {}, not {}", output.status, case.status));
    for (name, text, exact, has, lacks) in [
        ("stdout", &output.stdout, &case.stdout, &case.stdout_has, &case.stdout_lacks),
        ("stderr", &output.stderr, &case.stderr, &case.stderr_has, &case.stderr_lacks),
    ] {
        if let Some(exact) = exact {
            expect(text == exact, format!("{name} is not {exact:?}"));
        }
        for part in has {
            expect(text.contains(part), format!("{name} lacks {part:?}"));
        }
        for part in lacks {
            expect(!text.contains(part), format!("{name} has {part:?}"));
        }
    }
    if let Some(codes) = &case.codes {
        expect(&output.codes() == codes, format!("codes {:?}, not {codes:?}", output.codes()));
    }
    wrong
}
