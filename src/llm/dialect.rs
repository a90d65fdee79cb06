//! Whether a command is for another place than the one it is asked for. Models know Linux best and say so everywhere.
//!
//! Only what surely does not work is foreign: a tool nobody knows may well be installed.

use crate::context::{Context, Os};
use crate::shell::{Shell, TokenKind, highlight};

/// Programs of Linux and macOS that Windows has not, or has under the same name with other options.
const POSIX: &[&str] = &[
    "apt",
    "apt-get",
    "awk",
    "brew",
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "crontab",
    "cut",
    "dd",
    "df",
    "diff",
    "dnf",
    "du",
    "free",
    "grep",
    "gunzip",
    "gzip",
    "head",
    "journalctl",
    "kill",
    "ln",
    "ls",
    "lsof",
    "man",
    "mkfs",
    "mv",
    "nohup",
    "pacman",
    "pgrep",
    "pkill",
    "ps",
    "rm",
    "sed",
    "ss",
    "su",
    "sudo",
    "systemctl",
    "tail",
    "tee",
    "top",
    "touch",
    "tr",
    "uname",
    "uniq",
    "wc",
    "which",
    "xargs",
    "yum",
    "zcat",
    "zypper",
];

/// What PowerShell calls by the name of a POSIX program; a call without options is the same thing there.
const POWERSHELL_ALIASES: &[&str] = &["cat", "cp", "diff", "kill", "ls", "man", "mv", "ps", "rm", "tee"];

/// Programs that only Windows has.
const WINDOWS: &[&str] = &[
    "attrib",
    "bitsadmin",
    "certutil",
    "chkdsk",
    "choco",
    "cls",
    "copy",
    "del",
    "erase",
    "findstr",
    "icacls",
    "ipconfig",
    "md",
    "powershell",
    "reg",
    "robocopy",
    "sc",
    "schtasks",
    "sfc",
    "systeminfo",
    "takeown",
    "taskkill",
    "tasklist",
    "tracert",
    "ver",
    "where",
    "winget",
    "wmic",
    "xcopy",
];

/// Programs that only Linux has.
const LINUX: &[&str] = &[
    "apk",
    "apt",
    "apt-get",
    "dnf",
    "dpkg",
    "free",
    "ip",
    "journalctl",
    "lsblk",
    "lscpu",
    "lspci",
    "lsusb",
    "pacman",
    "rpm",
    "ss",
    "systemctl",
    "useradd",
    "userdel",
    "usermod",
    "xdg-open",
    "yum",
    "zypper",
];

/// Programs that only macOS has.
const MACOS: &[&str] =
    &["defaults", "diskutil", "dscl", "launchctl", "mdfind", "networksetup", "pbcopy", "pbpaste", "pmset", "sw_vers"];

/// Options that GNU programs have and those of macOS have not.
const GNU: &[(&str, &[&str])] = &[
    ("date", &["-d", "--date"]),
    ("du", &["--max-depth"]),
    ("find", &["-printf", "-readable", "-writable", "-executable"]),
    ("grep", &["-P", "--perl-regexp"]),
    ("ls", &["--sort", "--time", "--group-directories-first"]),
    ("ps", &["--sort", "--ppid", "--forest"]),
    ("stat", &["-c", "--format", "--printf"]),
    ("xargs", &["-d", "--delimiter"]),
];

/// Whether the command surely does not work in this context.
pub(super) fn is_foreign(command: &str, context: &Context) -> bool {
    let mut program = "";
    let mut named = false;
    for token in highlight(context.shell, command) {
        let text = &command[token.span];
        match token.kind {
            TokenKind::Program => {
                program = text;
                named = true;
                if is_foreign_program(program, context) {
                    return true;
                }
            }
            TokenKind::Flag if named && is_foreign_flag(program, text, context) => return true,
            _ => {}
        }
    }
    false
}

fn is_foreign_program(program: &str, context: &Context) -> bool {
    let is = |names: &[&str]| names.contains(&program);
    match (context.shell, context.os) {
        (Shell::Bash | Shell::Zsh | Shell::Fish, os) => {
            is_cmdlet(program)
                || (is(WINDOWS) && os != Os::Windows)
                || (is(LINUX) && os != Os::Linux)
                || (is(MACOS) && os != Os::MacOs)
        }
        (Shell::PowerShell, Os::Windows) => is(MACOS) || is(LINUX) || (is(POSIX) && !is(POWERSHELL_ALIASES)),
        (Shell::PowerShell, os) => is(WINDOWS) || (is(LINUX) && os != Os::Linux) || (is(MACOS) && os != Os::MacOs),
        (Shell::Cmd, _) => is_cmdlet(program) || is(POSIX) || is(LINUX) || is(MACOS),
    }
}

fn is_foreign_flag(program: &str, flag: &str, context: &Context) -> bool {
    let name = flag.split('=').next().unwrap_or(flag);
    match (context.shell, context.os) {
        // Parameters of cmdlets have names; `ls -la` is the way of another shell.
        (Shell::PowerShell, Os::Windows) => {
            POWERSHELL_ALIASES.contains(&program)
                && name.starts_with('-')
                && !name[1..].starts_with(|c: char| c.is_uppercase())
        }
        (Shell::Bash | Shell::Zsh | Shell::Fish, Os::MacOs) => {
            GNU.iter().any(|(gnu, flags)| *gnu == program && flags.contains(&name))
        }
        _ => false,
    }
}

/// `Get-ChildItem`: a verb and a noun, both with a capital.
fn is_cmdlet(program: &str) -> bool {
    let begins_large = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase()) && part.len() > 1;
    program.split_once('-').is_some_and(|(verb, noun)| begins_large(verb) && begins_large(noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_place_has_is_foreign_and_what_this_one_has_is_not() {
        for (shell, os, command, expected) in [
            (Shell::Bash, Os::Linux, "ls -la --sort=time", false),
            (Shell::Bash, Os::Linux, "sudo apt install jq", false),
            (Shell::Bash, Os::Linux, "cd x && ipconfig /all", true),
            (Shell::Bash, Os::Linux, "diskutil list", true),
            (Shell::Fish, Os::Linux, "ls | Where-Object Name", true),
            (Shell::Bash, Os::Windows, "ipconfig", false),
            (Shell::Zsh, Os::MacOs, "ps aux --sort=-%mem", true),
            (Shell::Zsh, Os::MacOs, "brew install jq", false),
            (Shell::Zsh, Os::MacOs, "systemctl status x", true),
            (Shell::PowerShell, Os::Windows, "ls C:\\", false),
            (Shell::PowerShell, Os::Windows, "ls -la", true),
            (Shell::PowerShell, Os::Windows, "ls -Recurse", false),
            (Shell::PowerShell, Os::Windows, "Get-Process | grep x", true),
            (Shell::PowerShell, Os::Linux, "ls -la", false),
            (Shell::Cmd, Os::Windows, "dir /s", false),
            (Shell::Cmd, Os::Windows, "Get-ChildItem", true),
            (Shell::Cmd, Os::Windows, "ls", true),
        ] {
            assert_eq!(is_foreign(command, &Context::new(shell, os)), expected, "{}: {command}", shell.name());
        }
    }
}
