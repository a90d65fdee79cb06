//! What the judge says about a command line: rows of `tests/data/check`, properties, and input nobody meant to send.
//!
//! A row names the command, the level, and for a hit every rule of the report. Each rule ships at least two hits and two
//! innocents: `every_rule_has_rows` fails otherwise.

#[path = "check/document.rs"]
mod document;
#[path = "check/question.rs"]
mod question;
#[path = "check/rows.rs"]
mod rows;

use std::time::{Duration, Instant};

use caro::context::{Context, Os};
use caro::safety::{Report, Risk, analyze, rules};
use caro::shell::{Shell, parse};
use proptest::prelude::*;
use rows::{Surroundings, all_rows};

fn judged(shell: Shell, command: &str) -> Report {
    analyze(command, &Surroundings::default().context(shell))
}

fn found(report: &Report) -> Vec<&'static str> {
    let mut ids = Vec::new();
    for finding in &report.findings {
        if !ids.contains(&finding.rule) {
            ids.push(finding.rule);
        }
    }
    ids
}

#[test]
fn rows() {
    let mut wrong = Vec::new();
    for (rule, rows) in all_rows() {
        for hit in &rows.hits {
            let report = analyze(&hit.text(), &hit.place.context(hit.shell));
            let ids = found(&report);
            let as_expected = report.risk == hit.risk
                && ids == hit.rules
                && report.safer == hit.safer
                && ids.contains(&rule.as_str());
            if !as_expected {
                wrong.push(format!("{:?}: {:?} {ids:?} safer {:?}", hit.command, report.risk, report.safer));
            }
        }
        for innocent in &rows.innocents {
            let report = analyze(&innocent.command, &innocent.place.context(innocent.shell));
            if report.risk != innocent.risk || found(&report).contains(&rule.as_str()) {
                wrong.push(format!("{rule} innocent {:?}: {:?} {:?}", innocent.command, report.risk, found(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows are not as written:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_rows() {
    let rows = all_rows();
    for rule in rules() {
        let of_rule = rows.get(rule.id).unwrap_or_else(|| panic!("{} has no rows", rule.id));
        assert!(of_rule.hits.len() >= 2, "{} has fewer than two hits", rule.id);
        assert!(of_rule.innocents.len() >= 2, "{} has fewer than two innocents", rule.id);
        assert!(!rule.finds.is_empty());
    }
    assert_eq!(rows.len(), rules().count(), "rows of a rule that is not there, or a rule twice");
}

/// Rules that offer nothing safer, and why. Every other rule has a row in which something safer is offered.
const NOTHING_SAFER: &[(&str, &[&str])] = &[
    (
        "raises what another rule found, which is the one to offer something",
        &["context.root", "context.remote", "context.production"],
    ),
    (
        "it can be undone, or asks for nothing but a look",
        &[
            "cloud.change",
            "container.change",
            "database.change",
            "download.file",
            "download.insecure",
            "download.post",
            "exposure.upload",
            "git.change",
            "machine.service",
            "machine.setting",
            "overwrite.file",
            "overwrite.in-place",
            "package.install",
            "package.remove",
            "permission.change",
            "privilege.elevated",
            "process.kill",
            "program.changes",
            "windows.change",
        ],
    ),
    (
        "the text is not what it seems: nothing in it can be trusted",
        &["text.control", "text.hidden", "text.lookalike", "text.too-deep", "text.too-long", "text.unparsed"],
    ),
    (
        "what would run is not known, so neither is what would be safer",
        &[
            "code.connects",
            "code.deletes",
            "code.executes",
            "code.listens",
            "code.unread",
            "delete.unknown",
            "privilege.code-injection",
            "program.unknown",
            "shell.encoded",
            "shell.opened",
            "shell.script",
            "shell.setup",
            "shell.unknown-command",
        ],
    ),
    (
        "nothing that does the same is safer: it needs another plan",
        &[
            "container.escape",
            "delete.shred",
            "delete.vital-file",
            "exposure.listener",
            "exposure.reverse-shell",
            "exposure.secret",
            "exposure.socket",
            "overwrite.disk",
            "overwrite.emptied",
            "overwrite.secret",
            "overwrite.startup-file",
            "overwrite.vital-file",
            "package.from-address",
            "permission.system-file",
            "persistence.schedule",
            "persistence.schedule-lost",
            "process.fork-bomb",
            "windows.method",
        ],
    ),
];

#[test]
fn every_rule_offers_something_safer_or_says_why_not() {
    let rows = all_rows();
    let excused: Vec<&str> = NOTHING_SAFER.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
    for rule in rules() {
        let offers = rows[rule.id].hits.iter().any(|hit| hit.safer.is_some());
        let is_excused = excused.contains(&rule.id);
        assert!(offers || is_excused, "{} offers nothing safer in any of its rows, and says not why", rule.id);
        assert!(!(offers && is_excused), "{} offers something safer and need not be excused", rule.id);
    }
    assert!(excused.iter().all(|id| rules().any(|rule| rule.id == *id)), "a rule that is not there is excused");
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    #[serde(default)]
    safe: Vec<String>,
    #[serde(default)]
    caution: Vec<String>,
    #[serde(default)]
    dangerous: Vec<String>,
    #[serde(default)]
    blocked: Vec<String>,
}

#[test]
fn levels() {
    let mut wrong = Vec::new();
    for shell in Shell::ALL {
        let path = format!("{}/tests/data/level/{}.toml", env!("CARGO_MANIFEST_DIR"), shell.name());
        let text = std::fs::read_to_string(&path).expect("each shell has its rows");
        let levels: Levels = toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for (risk, commands) in [
            (Risk::Safe, levels.safe),
            (Risk::Caution, levels.caution),
            (Risk::Dangerous, levels.dangerous),
            (Risk::Blocked, levels.blocked),
        ] {
            for command in commands {
                let report = judged(shell, &command);
                if report.risk != risk {
                    wrong.push(format!("{shell:?} {command:?}: {:?} {:?}, not {risk:?}", report.risk, found(&report)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} commands have another level:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_safer_command_is_judged_lower() {
    for rows in all_rows().values() {
        for hit in &rows.hits {
            if let Some(safer) = &hit.safer {
                assert!(judged(hit.shell, safer).risk < hit.risk, "{safer:?} is no safer than {:?}", hit.command);
            }
        }
    }
}

#[test]
fn surroundings_never_lower_the_risk() {
    let places = [
        Surroundings { root: true, ..Surroundings::default() },
        Surroundings { ssh: true, ..Surroundings::default() },
        Surroundings { cluster: Some("prod".to_owned()), ..Surroundings::default() },
        Surroundings { branch: Some("production".to_owned()), ..Surroundings::default() },
        Surroundings { cwd: Some("/home/ann".to_owned()), ..Surroundings::default() },
        Surroundings { cwd: Some("/w".to_owned()), repository: Some("/w".to_owned()), ..Surroundings::default() },
        Surroundings {
            root: true,
            ssh: true,
            cluster: Some("live".to_owned()),
            branch: Some("release".to_owned()),
            cwd: Some("/home/ann".to_owned()),
            repository: Some("/home/ann".to_owned()),
        },
    ];
    let rows = all_rows();
    let hits = rows.values().flat_map(|rows| rows.hits.iter().map(|hit| (hit.shell, &hit.command)));
    let innocents = rows.values().flat_map(|rows| rows.innocents.iter().map(|row| (row.shell, &row.command)));
    for (shell, command) in hits.chain(innocents) {
        let alone = judged(shell, command);
        for place in &places {
            let there = analyze(command, &place.context(shell));
            assert!(there.risk >= alone.risk, "{command:?} is {:?}, with {place:?} {:?}", alone.risk, there.risk);
        }
    }
}

#[test]
fn findings_point_at_what_is_at_risk() {
    let rows = [
        ("ls && rm -rf /usr", "/usr"),
        ("echo $(rm -rf /usr)", "/usr"),
        ("sudo sh -c 'cd /tmp; rm -rf /usr'", "/usr"),
        ("bash -c \"bash -c 'rm -rf /usr'\"", "/usr"),
        ("echo 'é' | tee /etc/passwd", "/etc/passwd"),
        ("cat <<END\nok\nEND\nrm -rf /usr", "/usr"),
    ];
    for (command, thing) in rows {
        let report = judged(Shell::Bash, command);
        assert_eq!(&command[report.findings[0].span.clone()], thing, "{command:?} {:?}", report.findings);
    }
}

#[test]
fn what_is_known_of_the_place_counts() {
    let mut context = Context::new(Shell::Bash, Os::Linux);
    assert_eq!(analyze("rm -rf *", &context).risk, Risk::Dangerous);
    context.cwd = Some("/".into());
    assert_eq!(analyze("rm -rf *", &context).risk, Risk::Blocked);
    context.cwd = Some("/home/ann/project".into());
    context.home = Some("/home/ann".into());
    assert_eq!(analyze("rm -rf *", &context).risk, Risk::Dangerous);
    assert_eq!(analyze("rm -rf ..", &context).risk, Risk::Blocked);
    assert_eq!(analyze("rm -rf /home/ann", &context).risk, Risk::Blocked);
    assert_eq!(analyze("rm -rf build", &context).risk, Risk::Dangerous);
}

/// Lines no person types, each of which once cost some parser dearly.
fn hostile() -> Vec<String> {
    let mut lines = vec![
        String::new(),
        " \n\t\n ".to_owned(),
        "a".repeat(100_000),
        "ls;".repeat(40_000),
        "\u{0}\u{1}\u{2}\u{ff}\u{fffe}".repeat(1000),
        "rm -rf x".repeat(1_300_000),
        "<<A ".repeat(300),
        "cat <<''".to_owned(),
        "cat << \r((x".to_owned(),
        "echo $(cat <<\"\")".to_owned(),
        "rm 99999999999>x".to_owned(),
        "iex<<2`a\u{fffd}<<".to_owned(),
        "{a,b}".repeat(300),
        "a=$a$a;".repeat(60),
        "${x:-".repeat(3000),
        "if ".repeat(3000),
        "f() ".repeat(3000),
        "case x in ".repeat(3000),
        "eval ".repeat(5000),
        "sudo ".repeat(5000),
        "a | ".repeat(15_000),
        "'\\''".repeat(5000),
    ];
    for open in ["(", "{ ", "$(", "`", "\"$(", "<(", "[", "${", "$((", "@(", "((", "'", "\"", "\\", "|", "&", "%", "^"]
    {
        lines.push(open.repeat(5000));
        lines.push(format!("echo {}", open.repeat(25)));
        lines.push(format!("rm -rf / {open}"));
    }
    lines.push(format!("{}ls{}", "(".repeat(5000), ")".repeat(5000)));
    lines.push(format!("{}ls{}", "$(".repeat(5000), ")".repeat(5000)));
    lines.push(format!("{}ls{}", "$(".repeat(100), ")".repeat(100)));
    lines.push(format!("{}x{}", "${x:-".repeat(100), "}".repeat(100)));
    lines.push(format!("{}ls{}", "( ".repeat(24), ")".repeat(24)));
    lines.push(format!("{}ls{}", "if true; then ".repeat(24), "; fi".repeat(24)));
    lines.push(format!("{}ls{}", "( '(' ".repeat(40), ") ".repeat(40)));
    lines.push("(')'".repeat(40));
    lines.push("x=aaaaaaaaaaaaaaaa;".to_owned() + &"x=$x$x$x$x;".repeat(30) + "echo $x");
    lines
}

#[test]
fn hostile_lines_are_answered_at_once() {
    // The promise is 20 ms; without optimization, and with other tests beside it, that is not what is measured here. What
    // this catches is the exponential and the quadratic, which are thousands of times slower.
    let patience = if cfg!(debug_assertions) { Duration::from_secs(3) } else { Duration::from_millis(150) };
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
        for line in hostile() {
            let started = Instant::now();
            let report = judged(shell, &line);
            let took = started.elapsed();
            let start: String = line.chars().take(40).collect();
            assert!(took < patience, "{shell:?} {start:?} ({} bytes) took {took:?}", line.len());
            assert!(
                report.findings.iter().all(|finding| line.get(finding.span.clone()).is_some()),
                "{shell:?} {start:?}"
            );
        }
    }
}

#[test]
fn what_is_not_understood_is_dangerous() {
    for line in ["rm -rf / (", "ls )", "echo \"", "$(", "for x in", "ls | | wc", "((((((((((((((((((((((((((((((((ls"] {
        assert!(judged(Shell::Bash, line).risk >= Risk::Dangerous, "{line:?}");
    }
}

/// Lines made of words that matter, so that random ones mean something.
fn any_line() -> impl Strategy<Value = String> {
    let words = [
        "ls",
        "rm",
        "-rf",
        "/",
        "~",
        "a",
        "./build",
        "sudo",
        "echo",
        "$X",
        "X=/",
        "$(",
        ")",
        "`",
        "'",
        "\"",
        "|",
        "&&",
        ";",
        ">",
        "<<<",
        "/etc/passwd",
        "sh",
        "-c",
        "curl",
        "{}",
        "dd",
        "of=/dev/sda",
        "git",
        "push",
        "--force",
        "cd",
        "eval",
        "(",
        "{",
        "}",
        "*",
        "bash",
        "for",
        "in",
        "do",
        "done",
        "\n",
        "é",
        "\\",
    ];
    prop_oneof![
        proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..14).prop_map(|words| words.join(" ")),
        any::<String>(),
    ]
}

proptest! {
    // A case that failed becomes a row, not a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_judged(text in any_line()) {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
            let report = judged(shell, &text);
            for finding in &report.findings {
                prop_assert!(text.get(finding.span.clone()).is_some(), "{:?} {:?}", shell, finding);
                prop_assert!(!finding.message.is_empty());
            }
            let _ = parse(shell, &text);
        }
    }

    #[test]
    fn bytes_of_any_kind_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        for shell in [Shell::Bash, Shell::PowerShell, Shell::Cmd] {
            judged(shell, &text);
        }
    }

    #[test]
    fn more_commands_never_lower_the_risk(text in any_line()) {
        let alone = judged(Shell::Bash, &text).risk;
        // Inside an open quote or comment the addition is no command of its own; then the text was not complete to begin with.
        let followed = judged(Shell::Bash, &format!("{text}\nls")).risk;
        prop_assert!(followed >= alone || !parse(Shell::Bash, &text).complete, "{:?} is {:?}, followed by ls {:?}", text, alone, followed);
    }

    #[test]
    fn a_wrapper_never_lowers_the_risk(words in proptest::collection::vec(proptest::sample::select(vec!["rm", "-rf", "/", "~", "a", "git", "push", "-f", "dd", "of=/dev/sda", "ls", "kill", "-9", "-1", "chmod", "-R", "777", "/etc"]), 1..6)) {
        let line = words.join(" ");
        let alone = judged(Shell::Bash, &line).risk;
        // A first word that is an option or an assignment belongs to the wrapper.
        prop_assume!(!words[0].starts_with('-') && !words[0].contains('='));
        for wrapper in ["sudo", "env", "nice", "nohup", "timeout 5", "command", "time"] {
            let wrapped = judged(Shell::Bash, &format!("{wrapper} {line}")).risk;
            prop_assert!(wrapped >= alone, "{} {:?}: {:?}, alone {:?}", wrapper, line, wrapped, alone);
        }
    }
}
