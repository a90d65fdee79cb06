//! What a question asks for, judged by its words, whether or not there is a command for it.
//!
//! Invariant: a question is only found dangerous when each of its words is known here. `delete everything on the disk` is,
//! `delete everything on the disk image list` is about something else, and a false alarm teaches people to press on.

use super::rules::{Rule, rule};
use super::{Finding, Report, Risk};

const RULES: &[Rule] = &[
    rule("question.destroy", "a wish to delete everything on a disk, a system or a server"),
    rule("question.crash", "a wish to make a machine unusable"),
    rule("question.open", "a wish to let everybody do everything"),
    rule("question.steal", "a wish to take what belongs to others"),
    rule("question.malware", "a wish for a program that harms its user"),
    rule("question.cover-up", "a wish to leave no traces"),
];

/// Every rule about questions.
pub fn question_rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter()
}

/// What words mean here. One word may have several meanings, so each is a bit.
type Meaning = u32;

const WIPES: Meaning = 1;
const REMOVES: Meaning = 1 << 1;
const ALL: Meaning = 1 << 2;
const SYSTEM: Meaning = 1 << 3;
const CRASHES: Meaning = 1 << 4;
const BOMB: Meaning = 1 << 5;
const FORK: Meaning = 1 << 6;
const PEOPLE: Meaning = 1 << 7;
const RIGHTS: Meaning = 1 << 8;
const STEALS: Meaning = 1 << 9;
const SECRET: Meaning = 1 << 10;
const MAKES: Meaning = 1 << 11;
const MALWARE: Meaning = 1 << 12;
const HIDES: Meaning = 1 << 13;
const TRACES: Meaning = 1 << 14;
const REVERSE: Meaning = 1 << 15;
const SHELL: Meaning = 1 << 16;
/// Says nothing about what is asked for.
const FILLER: Meaning = 1 << 17;

const WORDS: &[(Meaning, &[&str])] = &[
    (WIPES, &["wipe", "erase", "format", "nuke", "destroy", "obliterate", "annihilate", "zero", "shred", "reformat"]),
    (REMOVES, &["delete", "remove", "rm", "clear", "trash", "drop", "overwrite", "purge", "wipe", "erase", "destroy"]),
    (
        ALL,
        &["everything", "all", "whole", "entire", "every", "complete", "completely", "entirely", "totally", "anything"],
    ),
    (
        SYSTEM,
        &[
            "disk",
            "disks",
            "drive",
            "drives",
            "harddisk",
            "harddrive",
            "hdd",
            "ssd",
            "computer",
            "computers",
            "pc",
            "laptop",
            "machine",
            "machines",
            "server",
            "servers",
            "system",
            "os",
            "filesystem",
            "root",
            "/",
            "/*",
            "database",
            "databases",
            "cluster",
            "backups",
            "phone",
            "network",
        ],
    ),
    (
        CRASHES,
        &[
            "crash",
            "freeze",
            "hang",
            "brick",
            "break",
            "cripple",
            "ruin",
            "sabotage",
            "overload",
            "unusable",
            "unbootable",
            "ddos",
        ],
    ),
    (BOMB, &["bomb", "forkbomb"]),
    (FORK, &["fork", "forkbomb"]),
    (
        PEOPLE,
        &[
            "everyone",
            "everybody",
            "anyone",
            "anybody",
            "world",
            "777",
            "someone",
            "somebody",
            "victim",
            "target",
            "others",
            "else",
            "users",
            "user",
            "people",
        ],
    ),
    (
        RIGHTS,
        &[
            "access",
            "permission",
            "permissions",
            "rights",
            "write",
            "writable",
            "writeable",
            "admin",
            "administrator",
            "root",
            "777",
            "chmod",
            "control",
        ],
    ),
    (STEALS, &["steal", "exfiltrate", "hack", "hijack", "spy"]),
    (
        SECRET,
        &[
            "password",
            "passwords",
            "credentials",
            "keys",
            "key",
            "tokens",
            "token",
            "cookies",
            "secrets",
            "wallet",
            "wallets",
            "account",
            "accounts",
        ],
    ),
    (
        MAKES,
        &[
            "make", "create", "write", "build", "install", "run", "start", "deploy", "plant", "open", "spawn",
            "launch", "generate", "give", "send",
        ],
    ),
    (MALWARE, &["ransomware", "keylogger", "virus", "malware", "backdoor", "rootkit", "trojan", "botnet", "spyware"]),
    (HIDES, &["hide", "cover", "erase", "wipe", "delete", "remove", "clear", "destroy"]),
    (TRACES, &["tracks", "traces", "evidence", "footprints"]),
    (REVERSE, &["reverse"]),
    (SHELL, &["shell"]),
    (
        FILLER,
        &[
            "hard",
            "file",
            "files",
            "folder",
            "folders",
            "directory",
            "directories",
            "data",
            "content",
            "contents",
            "stuff",
            "permanently",
            "forever",
            "now",
            "immediately",
            "fully",
            "recursively",
            "force",
            "forcefully",
            "without",
            "asking",
            "confirmation",
            "confirm",
            "main",
            "give",
            "grant",
            "let",
            "allow",
            "set",
            "full",
            "operating",
            "up",
            "off",
            "away",
            "please",
            "from",
            "of",
            "on",
            "in",
            "to",
            "my",
            "the",
            "a",
            "an",
            "this",
            "for",
            "and",
            "it",
            "that",
            "with",
            "by",
            "off",
            "out",
            "company",
            "private",
            "ssh",
            "someone's",
            "everyone's",
            "linux",
            "local",
            "remote",
            "production",
            "prod",
            "live",
            "customer",
            "customers",
        ],
    ),
];

/// Judges a question by those of its words that mean something, in lower case. Where they stand is the caller's to know.
#[must_use]
pub fn judge_question(words: &[&str]) -> Option<Finding> {
    // Longer ones ask for more than one thing, and a single word for nothing.
    if words.is_empty() || words.len() > 16 {
        return None;
    }
    let meanings: Vec<Meaning> = words.iter().map(|word| meaning(word)).collect();
    if meanings.contains(&0) {
        return None;
    }
    let has = |wanted: Meaning| meanings.iter().any(|meaning| meaning & wanted != 0);
    let asks = [
        (
            "question.destroy",
            has(SYSTEM) && (has(WIPES) || has(REMOVES) && has(ALL)),
            "asks to destroy all that is on a disk, a system or a server",
        ),
        ("question.crash", has(CRASHES) && has(SYSTEM) || has(BOMB) && has(FORK), "asks to make a machine unusable"),
        ("question.open", has(PEOPLE) && has(RIGHTS) && has(ALL), "asks to let everybody do everything"),
        (
            "question.steal",
            has(STEALS) && (has(SECRET) || has(PEOPLE) || has(SYSTEM)),
            "asks to take what belongs to others",
        ),
        (
            "question.malware",
            has(MAKES) && (has(MALWARE) || has(REVERSE) && has(SHELL)),
            "asks for a program that harms its user",
        ),
        ("question.cover-up", has(HIDES) && has(TRACES), "asks to leave no traces"),
    ];
    let (rule, _, message) = asks.into_iter().find(|(_, asked, _)| *asked)?;
    Some(Finding { rule, risk: Risk::Dangerous, message: message.to_owned(), span: 0..0 })
}

fn meaning(word: &str) -> Meaning {
    WORDS.iter().filter(|(_, words)| words.contains(&word)).fold(0, |all, (meaning, _)| all | meaning)
}

impl Report {
    /// The same report with what was asked for on it: the whole command answers the question.
    #[must_use]
    pub fn asked_by(mut self, question: Option<&Finding>, command: &str) -> Self {
        if let Some(question) = question {
            self.findings.push(Finding { span: 0..command.len(), ..question.clone() });
            self.sort();
        }
        self
    }
}
