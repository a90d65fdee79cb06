//! Closed choices: words that name one of a few things, whatever form they come in (`apt-get` and `ubuntu` mean apt).

use super::slot::Kind;
use crate::normalize::{Shape, Token};

type Choices = &'static [(&'static str, &'static [&'static str])];

const MANAGERS: Choices = &[
    ("apk", &["apk", "alpine"]),
    ("apt", &["apt", "apt-get", "aptitude", "debian", "ubuntu"]),
    ("brew", &["brew", "homebrew"]),
    ("bun", &["bun"]),
    ("cargo", &["cargo"]),
    ("choco", &["choco", "chocolatey"]),
    ("composer", &["composer"]),
    ("conda", &["conda", "mamba", "anaconda", "miniconda"]),
    ("dnf", &["dnf", "yum", "fedora", "rhel", "centos"]),
    ("dpkg", &["dpkg"]),
    ("flatpak", &["flatpak", "flatpaks", "flathub"]),
    ("gem", &["gem", "gems", "rubygems"]),
    ("go", &["go", "golang"]),
    ("npm", &["npm"]),
    ("pacman", &["pacman", "arch", "archlinux", "manjaro"]),
    ("pip", &["pip", "pip3", "pypi"]),
    ("pipx", &["pipx"]),
    ("pnpm", &["pnpm"]),
    ("poetry", &["poetry"]),
    ("rpm", &["rpm"]),
    ("scoop", &["scoop"]),
    ("snap", &["snap", "snaps", "snapd", "snapcraft"]),
    ("uv", &["uv"]),
    ("winget", &["winget"]),
    ("yarn", &["yarn"]),
    ("zypper", &["zypper", "opensuse", "suse", "sles"]),
];

// What packages are made of says who manages them.
const LANGUAGES: Choices = &[
    ("apt", &["deb", "debian", "ubuntu", "apt"]),
    ("brew", &["brew", "homebrew", "formula", "formulae"]),
    ("cargo", &["crate", "crates", "rust", "cargo"]),
    ("composer", &["php"]),
    ("flatpak", &["flatpak", "flatpaks"]),
    ("gem", &["gem", "gems", "ruby"]),
    ("go", &["go", "golang"]),
    ("npm", &["npm", "node", "nodejs", "node.js", "javascript", "js", "typescript"]),
    ("pip", &["pip", "pip3", "python", "python3", "pypi"]),
    ("rpm", &["rpm"]),
    ("snap", &["snap", "snaps"]),
];

const UNITS: Choices = &[
    ("brew", &["formula", "formulae"]),
    ("cargo", &["crate", "crates"]),
    ("flatpak", &["flatpak", "flatpaks"]),
    ("gem", &["gem", "gems"]),
    ("snap", &["snap", "snaps"]),
];

// Names as `kill -l` has them, and their numbers where every system agrees.
const SIGNALS: Choices = &[
    ("ALRM", &["alrm", "sigalrm"]),
    ("CONT", &["cont", "sigcont"]),
    ("HUP", &["hup", "sighup", "hangup"]),
    ("INT", &["int", "sigint", "interrupt"]),
    ("KILL", &["kill", "sigkill"]),
    ("QUIT", &["quit", "sigquit"]),
    ("STOP", &["stop", "sigstop"]),
    ("TERM", &["term", "sigterm"]),
    ("TSTP", &["tstp", "sigtstp"]),
    ("USR1", &["usr1", "sigusr1"]),
    ("USR2", &["usr2", "sigusr2"]),
    ("WINCH", &["winch", "sigwinch"]),
];
const NUMBERS: [(u64, &str); 6] = [(1, "HUP"), (2, "INT"), (3, "QUIT"), (9, "KILL"), (14, "ALRM"), (15, "TERM")];

// As `journalctl -p` has them.
const PRIORITIES: Choices = &[
    ("alert", &["alert", "alerts"]),
    ("crit", &["critical", "crit"]),
    ("debug", &["debug"]),
    ("emerg", &["emergency", "emergencies", "emerg"]),
    ("err", &["error", "errors", "err"]),
    ("info", &["info", "informational"]),
    ("notice", &["notice", "notices"]),
    ("warning", &["warning", "warnings", "warn"]),
];

/// The member of the choice a token names; `None` when it names none, or the kind is no choice.
pub(super) fn named(kind: Kind, token: &Token) -> Option<&'static str> {
    let choices = match kind {
        Kind::Manager => MANAGERS,
        Kind::Language => LANGUAGES,
        Kind::Unit => UNITS,
        Kind::Signal => SIGNALS,
        Kind::Priority => PRIORITIES,
        _ => return None,
    };
    if let (Kind::Signal, Shape::Number(number)) = (kind, token.shape) {
        return NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, name)| *name);
    }
    if !matches!(token.shape, Shape::Word | Shape::FileName) {
        return None;
    }
    // The word itself, not what a corrected spelling made of it, except where that is how it came to be known.
    let typed = token.raw.to_lowercase();
    let word = if token.corrected { token.text.as_str() } else { typed.as_str() };
    choices.iter().find(|(_, words)| words.contains(&word)).map(|(name, _)| *name)
}
