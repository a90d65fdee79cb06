//! What the name of a file says, and what only looks like one.

use super::ending;
use crate::normalize::{Shape, Token};

// Files that are known without an extension.
const PLAIN_FILES: [&str; 24] = [
    ".bash_history",
    ".bashrc",
    ".env",
    ".gitignore",
    ".profile",
    ".vimrc",
    ".zshrc",
    "authorized_keys",
    "changelog",
    "crontab",
    "dockerfile",
    "fstab",
    "group",
    "hostname",
    "hosts",
    "id_rsa",
    "known_hosts",
    "license",
    "makefile",
    "passwd",
    "readme",
    "shadow",
    "sudoers",
    "syslog",
];

pub(super) fn has_extension(path: &str) -> bool {
    path.rsplit(['/', ':']).next().is_some_and(|name| {
        name.trim_start_matches('.').contains('.') || PLAIN_FILES.contains(&name.to_ascii_lowercase().as_str())
    })
}

// Lines and words of a compressed or binary file are not what `head` or `grep` would show.
pub(super) fn is_packed(name: &str) -> bool {
    const ARCHIVES: [&str; 9] = ["gz", "bz2", "xz", "zst", "zip", "tar", "tgz", "7z", "rar"];
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        let ending = ending.to_ascii_lowercase();
        ARCHIVES.contains(&ending.as_str()) || ending::is_binary(&ending)
    })
}

// Words that say how much or what of, never the name of a file unless quoted.
pub(super) fn names_no_file(token: &Token) -> bool {
    const WORDS: [&str; 15] = [
        "all",
        "anything",
        "clipboard",
        "container",
        "deployment",
        "each",
        "every",
        "everything",
        "job",
        "jobs",
        "namespace",
        "nothing",
        "pod",
        "space",
        "usage",
    ];
    WORDS.contains(&token.raw.to_ascii_lowercase().as_str())
}

/// A word that is no name of a user, a service, a container: people say it of all of them, or of something else.
pub(super) fn names_nobody(token: &Token) -> bool {
    const WORDS: [&str; 19] = [
        "anybody",
        "anyone",
        "command",
        "commands",
        "error",
        "errors",
        "everybody",
        "everyone",
        "group",
        "groups",
        "her",
        "him",
        "history",
        "others",
        "shell",
        "them",
        "user",
        "users",
        "warnings",
    ];
    WORDS.contains(&token.raw.to_ascii_lowercase().as_str())
}

// A format, said like a file name.
pub(super) fn is_only_ending(token: &Token) -> bool {
    const ENDINGS: [&str; 4] = ["tar.bz2", "tar.gz", "tar.xz", "tar.zst"];
    token.shape != Shape::Quoted && ENDINGS.contains(&token.raw.to_ascii_lowercase().as_str())
}

pub(super) fn extension(raw: &str) -> Option<&str> {
    let name = raw.trim_start_matches('*').trim_start_matches('.');
    (!name.is_empty() && name.len() <= 12 && name.chars().all(|c| c.is_alphanumeric() || c == '.')).then_some(name)
}
