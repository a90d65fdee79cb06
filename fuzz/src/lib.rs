//! What must hold for any bytes: the targets of `cargo fuzz run`, and of the loop in `tests/fuzz.rs` that needs no nightly.

use std::sync::LazyLock;

use caro::context::{Context, Os};
use caro::matcher::{phrasings, propose};
use caro::normalize::normalize;
use caro::safety::{Risk, analyze as judge};
use caro::shell::{Shell, is_representable, parse, quote as quoted};

const SHELLS: [Shell; 5] = Shell::ALL;

fn context(shell: Shell) -> Context {
    let os = if matches!(shell, Shell::PowerShell | Shell::Cmd) { Os::Windows } else { Os::Linux };
    Context::new(shell, os)
}

fn risk(shell: Shell, line: &str) -> Risk {
    judge(line, &context(shell)).risk
}

/// Every text gets an answer, in every shell, whose positions lie in the text and whose alternative is judged lower.
pub fn analyze(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for shell in SHELLS {
        let report = judge(&text, &context(shell));
        for finding in &report.findings {
            assert!(text.get(finding.span.clone()).is_some(), "{shell:?} {text:?} {finding:?}");
            assert!(!finding.message.is_empty() && finding.risk <= report.risk, "{shell:?} {text:?} {finding:?}");
        }
        if let Some(safer) = &report.safer {
            assert!(risk(shell, safer) < report.risk, "{shell:?} {text:?} is not safer as {safer:?}");
        }
    }
}

/// A quoted text is one word that stands for the text: it is printed, and nothing in it is run.
pub fn quote(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for shell in SHELLS {
        if !is_representable(shell, &text) || text.chars().any(|c| c.is_control() || !c.is_ascii()) {
            continue;
        }
        let line = ["echo ", &quoted(shell, &text)].concat();
        let parsed = parse(shell, &line);
        assert!(parsed.complete, "{shell:?} {line:?} is not complete");
        assert_eq!(parsed.script.pipelines.len(), 1, "{shell:?} {line:?}");
        assert!(risk(shell, &line) <= Risk::Caution, "{shell:?} {line:?} is found to be dangerous");
    }
}

/// Words that mean something, so that random bytes make commands.
const WORDS: &[&str] = &[
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
    "xargs",
    "find",
    "-exec",
    "+",
    "python3",
    "perl",
    "-e",
    "tar",
    "--to-command=sh",
    "ssh",
    "host",
    "docker",
    "run",
    "-v",
    "/:/h",
    "kubectl",
    "delete",
    "psql",
    "'drop table t'",
    "$'\\x72m'",
    "<(",
    "if",
    "then",
    "fi",
    "while",
    "f()",
    "${x:-/}",
    "$((",
    "))",
    "<<E",
    "E",
    ">>",
    "2>&1",
    "&",
    "kill",
    "-9",
    "-1",
    "chmod",
    "777",
    "-R",
    "mkfs.ext4",
    "/dev/sda1",
];

/// A line of `WORDS` picked by the bytes.
pub fn line(data: &[u8]) -> String {
    data.iter().take(24).map(|byte| WORDS[usize::from(*byte) % WORDS.len()]).collect::<Vec<_>>().join(" ")
}

/// More commands, a wrapper and quotes around what is literal never lower the risk.
pub fn monotone(data: &[u8]) {
    let line = line(data);
    let alone = risk(Shell::Bash, &line);
    // An open quote swallows what follows, and a text that is not complete is dangerous for that.
    // A script that starts with a dash is an option of the shell.
    if parse(Shell::Bash, &line).complete && !line.starts_with('-') {
        for more in [format!("{line}\nls"), format!("ls\n{line}"), format!("sh -c {}", quoted(Shell::Bash, &line))] {
            assert!(risk(Shell::Bash, &more) >= alone, "{more:?} is below {line:?}, which is {alone:?}");
        }
    }
    let plain =
        |word: &&str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-/._+".contains(c));
    let words: Vec<&str> = line.split(' ').filter(plain).collect();
    let Some(first) = words.first().filter(|first| !first.starts_with('-') && first.chars().any(char::is_alphanumeric))
    else {
        return;
    };
    if matches!(*first, "for" | "in" | "do" | "done" | "if" | "then" | "fi" | "while") {
        return;
    }
    let simple = words.join(" ");
    let alone = risk(Shell::Bash, &simple);
    for wrapper in ["sudo", "env", "nice", "nohup", "timeout 5", "command", "setsid", "time"] {
        let wrapped = format!("{wrapper} {simple}");
        assert!(risk(Shell::Bash, &wrapped) >= alone, "{wrapped:?} is below {alone:?}");
    }
    let literal = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
    assert_eq!(risk(Shell::Bash, &literal), alone, "{literal:?} is not what {simple:?} is");
}

/// Questions Caro knows, to be bent.
static QUESTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| phrasings().map(|(_, example)| example).collect());

/// What people paste, and what they should not.
const STRANGE: &[&str] = &[
    "and then",
    ",",
    "into out.txt",
    "with sudo",
    "every 5 minutes",
    "'it''s'",
    "\"two\nlines\"",
    "\"a\u{1b}[201~b\"",
    "$(halt)",
    "`halt`",
    "\";halt;\"",
    "'|halt'",
    "&&halt",
    "a;halt",
    "--help",
    "-rf",
    "*",
    "~/My Files",
    "C:\\Temp",
    "%PATH%",
    "{a,b}",
    "é\u{200b}\u{202e}",
    "1e99",
    "99999999999999999999GB",
    "0",
    "last friday",
    "of",
    "not",
    "[",
    "((",
    "…",
];

/// A known question with words left out, moved and put in, or a chain of two: as the bytes say.
pub fn question(data: &[u8]) -> String {
    let mut words: Vec<&str> = Vec::new();
    for piece in data.chunks(3).take(12) {
        let [first, rest @ ..] = piece else { continue };
        let number = rest.iter().fold(0, |number, byte| number * 256 + usize::from(*byte));
        match first % 8 {
            _ if words.is_empty() => words.extend(QUESTIONS[number % QUESTIONS.len()].split(' ')),
            0 => words.extend(QUESTIONS[number % QUESTIONS.len()].split(' ')),
            1 => drop(words.remove(number % words.len())),
            2 => {
                let word = words.remove(number % words.len());
                words.insert(number / 7 % (words.len() + 1), word);
            }
            _ => words.insert(number / STRANGE.len() % (words.len() + 1), STRANGE[number % STRANGE.len()]),
        }
    }
    words.join(" ")
}

/// Any question gets commands that are one line, whole, and name every value they lack; the values are words of theirs.
pub fn answer(data: &[u8]) {
    let text = question(data);
    for shell in SHELLS {
        for proposal in propose(&normalize(&text), &context(shell)).proposals {
            let command = &proposal.command;
            assert!(!command.trim().is_empty() && !proposal.explanation.is_empty(), "{shell:?} {text:?} {proposal:?}");
            assert!(!command.chars().any(char::is_control), "{shell:?} {text:?} {command:?} has control characters");
            assert!((0.0..=1.0).contains(&proposal.confidence), "{shell:?} {text:?} {proposal:?}");
            assert!(parse(shell, command).complete, "{shell:?} {text:?} {command:?} is not complete");
            for blank in &proposal.blanks {
                assert!(command.contains(&format!("<{blank}>")), "{shell:?} {text:?} {proposal:?} lacks no {blank}");
            }
        }
    }
}

/// Putting a text in order twice changes nothing more, be it any bytes or a question that was bent.
pub fn order(data: &[u8]) {
    for text in [String::from_utf8_lossy(data).into_owned(), question(data)] {
        let once = normalize(&text);
        assert_eq!(normalize(&once.text).text, once.text, "{text:?}");
        for token in &once.tokens {
            assert!(once.text.get(token.span.clone()).is_some(), "{text:?} {token:?}");
        }
    }
}
