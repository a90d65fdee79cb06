//! What a path means to the person at the machine: [`Place::of`] tells the root folder from a build folder.
//!
//! Paths are compared as text after `.` and `..` are resolved; the home folder is written `~`. Nothing is looked up on disk, so
//! a link is judged by its name. What is not known makes a place [`Place::Unknown`], which rules treat as the worse case.

use crate::context::Context;

mod known;

use known::{DISK_PREFIXES, PERSONAL, SECRET, STARTUP, SYSTEM, VITAL};

/// Stands in a text for what nobody can know before it runs.
pub(crate) const HOLE: char = '\u{e000}';

/// Kinds of places, told apart by what losing them costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The root folder, a drive, or everything in it.
    Root,
    /// A home folder or everything in it.
    Home,
    /// A folder the system cannot run without, or everything in it.
    System,
    /// A file the system cannot run without.
    Vital,
    /// Anything else below a system folder.
    SystemFile,
    /// A whole disk or partition.
    Disk,
    /// `/dev/null`, the terminal and their like.
    Sink,
    /// Keys, tokens and passwords.
    Secret,
    /// What runs by itself at log-in or start-up.
    Startup,
    /// Where the log files are.
    Log,
    /// The working folder or everything in it, and which one that is is not known.
    Here,
    /// A folder above the working folder.
    Above,
    /// Below a folder for temporary files.
    Temporary,
    /// A well-known folder of documents at home.
    Personal,
    /// Not known before it runs.
    Unknown,
    /// Everything else.
    Ordinary,
}

impl Place {
    /// What `path` is, seen from the folder `cwd`.
    pub(crate) fn of(path: &str, cwd: Option<&str>, context: &Context) -> Self {
        if path.is_empty() {
            return Self::Ordinary;
        }
        Self::of_resolved(&resolve(path, cwd, context))
    }

    fn of_resolved(path: &str) -> Self {
        let (folder, everything) = strip_everything(path);
        if let Some(place) = Self::whole(folder) {
            return place;
        }
        if let Some(place) = Self::unknown(folder) {
            return place;
        }
        if folder.contains(['*', '?', '[']) {
            let hit = |place: &&str| glob_matches(folder, place);
            if VITAL.iter().any(&hit) {
                return Self::Vital;
            }
            if SYSTEM.iter().any(&hit) || (folder.starts_with("/home/") && folder.matches('/').count() == 2) {
                return Self::System;
            }
        }
        if !everything && VITAL.contains(&folder) {
            return Self::Vital;
        }
        Self::below(folder)
    }

    /// Whole folders whose loss is the end of the system or of a home.
    fn whole(folder: &str) -> Option<Self> {
        let bytes = folder.as_bytes();
        let drive = matches!(bytes, [letter, b':'] | [letter, b':', b'/'] if letter.is_ascii_alphabetic());
        let registry = folder.len() >= 5
            && folder.as_bytes()[4] == b':'
            && ["hklm", "hkcu", "hkcr"].iter().any(|hive| folder[..4].eq_ignore_ascii_case(hive));
        match folder {
            "/" => Some(Self::Root),
            _ if drive => Some(Self::Root),
            "~" => Some(Self::Home),
            _ if SYSTEM.contains(&folder) => Some(Self::System),
            _ if registry => Some(if folder.len() < 16 { Self::System } else { Self::SystemFile }),
            "." => Some(Self::Here),
            ".." => Some(Self::Above),
            _ => {
                let owner =
                    ["/home/", "/Users/", "c:/users/", "/export/home/"].iter().find_map(|p| folder.strip_prefix(p));
                (owner.is_some_and(|owner| !owner.is_empty() && !owner.contains(['/', HOLE, '*']))
                    || folder.starts_with('~') && !folder.contains('/'))
                .then_some(Self::Home)
            }
        }
    }

    fn unknown(folder: &str) -> Option<Self> {
        if folder.starts_with("../") {
            return folder.split('/').all(|part| part == "..").then_some(Self::Above);
        }
        let hole = folder.find(HOLE)?;
        let before = &folder[..hole];
        // `"$DIR/"build` is a build folder wherever it is, but `$DIR` alone, or `/$DIR`, may be anything.
        let known_tail =
            folder[hole..].split('/').skip(1).any(|part| !part.is_empty() && !part.contains([HOLE, '*', '?']));
        let depth = before.matches('/').count();
        if SYSTEM.iter().any(|place| before.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))) && depth >= 2
        {
            return None;
        }
        (!known_tail && (before.is_empty() || depth <= 1 && before.starts_with(['/', '~', '.'])))
            .then_some(Self::Unknown)
    }

    fn below(path: &str) -> Self {
        if let Some(device) = path.strip_prefix("/dev/") {
            let sink = [
                "null", "stdout", "stderr", "stdin", "tty", "fd/", "full", "zero", "random", "urandom", "pts/", "shm/",
                "tcp/", "udp/", "console", "ptmx",
            ];
            return if sink.iter().any(|name| device.starts_with(name)) {
                Self::Sink
            } else if DISK_PREFIXES.iter().any(|name| device.starts_with(name)) {
                Self::Disk
            } else {
                Self::SystemFile
            };
        }
        if path.starts_with("//./physicaldrive") || path.starts_with("//./c:") {
            return Self::Disk;
        }
        if path == "nul" || path == "con" || path == "$null" {
            return Self::Sink;
        }
        let within = |places: &[&str]| {
            places
                .iter()
                .any(|place| path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        if within(STARTUP) {
            return Self::Startup;
        }
        if within(SECRET) || is_key_file(path) {
            return Self::Secret;
        }
        if within(&["/var/log", "/private/var/log"]) {
            return Self::Log;
        }
        if within(&["/tmp", "/var/tmp", "/dev/shm", "/private/tmp", "/var/cache", "c:/windows/temp", "c:/temp"]) {
            return Self::Temporary;
        }
        if PERSONAL.contains(&path) {
            return Self::Personal;
        }
        let shared = [
            "/home",
            "/mnt",
            "/media",
            "/opt",
            "/srv",
            "/run",
            "/Users",
            "/Volumes",
            "/var/www",
            "/usr/local/src",
            "c:/users",
            "/var/lib/docker",
            "/cygdrive/c",
            "/mnt/c",
            "/mnt/d",
        ];
        if within(&shared) {
            return Self::Ordinary;
        }
        if within(SYSTEM) { Self::SystemFile } else { Self::Ordinary }
    }

    /// The place whose whole loss is a catastrophe.
    pub(crate) const fn is_catastrophic(self) -> bool {
        matches!(self, Self::Root | Self::Home | Self::System)
    }
}

/// Private keys and credentials by the names everybody gives them.
fn is_key_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(
        name,
        ".env"
            | "id_rsa"
            | "id_ed25519"
            | "id_ecdsa"
            | "id_dsa"
            | "credentials"
            | ".netrc"
            | "kubeconfig"
            | "secrets.yml"
            | "secrets.yaml"
            | "credentials.json"
    ) || name.starts_with(".env.") && !name.ends_with("example")
        || [".pem", ".key", ".p12", ".pfx", ".kdbx", ".keystore"].iter().any(|end| name.ends_with(end))
}

/// The path with the home folder as `~`, `.` and `..` resolved, and drives in lower case with `/`.
pub(crate) fn resolve(path: &str, cwd: Option<&str>, context: &Context) -> String {
    let mut path = path.trim_end_matches('\n').to_owned();
    let drive =
        matches!(path.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) || path.starts_with("\\\\");
    if drive
        || (path.contains('\\') && !path.contains('/'))
        || path.get(..4).is_some_and(|hive| hive.eq_ignore_ascii_case("hklm"))
    {
        path = path.replace('\\', "/");
        if drive {
            path = path.to_ascii_lowercase();
        }
    }
    for name in ["//?/", "//localhost/"] {
        if let Some(rest) = path.strip_prefix(name) {
            path = rest.to_owned();
        }
    }
    if let Some(home) = context.home.as_ref().and_then(|home| home.to_str()).filter(|home| home.len() > 1)
        && let Some(rest) = path.strip_prefix(home)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        path = format!("~{rest}");
    }
    if path == "/root" && context.elevated {
        path.replace_range(.., "~");
    }
    let absolute = path.starts_with('/')
        || path.starts_with('~')
        || path.as_bytes().get(1) == Some(&b':')
        || path.starts_with(HOLE);
    if !absolute && let Some(cwd) = cwd {
        path = format!("{}/{path}", cwd.trim_end_matches('/'));
    }
    // Names on Windows know no case, and neither does what a folder of it is joined with.
    if path.as_bytes().get(1) == Some(&b':') {
        path.make_ascii_lowercase();
    }
    normalize(&path)
}

fn normalize(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last().copied() {
                None if rooted => {}
                None | Some("..") => parts.push(".."),
                Some("~") => {
                    parts.clear();
                    return normalize(&format!(
                        "/home/{}",
                        path.split_once("..").map_or("", |(_, rest)| rest.trim_start_matches('/'))
                    ));
                }
                // The folder above one nobody knows is not known either.
                Some(last) if last.contains(HOLE) => parts.push(".."),
                Some(last) if last.as_bytes().get(1) == Some(&b':') => {}
                Some(_) => drop(parts.pop()),
            },
            other => parts.push(other),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        // A file called `~`.
        (false, false) if joined.starts_with('~') && path.starts_with("./") => format!("./{joined}"),
        (true, _) if path.starts_with("//./") => format!("//./{joined}"),
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Splits off a last part that means everything in the folder: `*`, `.*`, `*.*`, `**`, `.[!.]*`.
fn strip_everything(path: &str) -> (&str, bool) {
    let mut folder = path;
    let mut everything = false;
    loop {
        let (parent, last) = folder.rsplit_once('/').unwrap_or((".", folder));
        let all = last.contains('*') && last.chars().all(|c| matches!(c, '*' | '.' | '?' | '[' | ']' | '!' | '^'));
        if !all {
            return (folder, everything);
        }
        everything = true;
        folder = if parent.is_empty() { "/" } else { parent };
        if folder == "/" || folder == "." {
            return (folder, true);
        }
    }
}

/// Shell pattern against a text: `*`, `?`, `[…]`.
pub(crate) fn glob_matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                back = Some((p + 1, t));
                p += 1;
                continue;
            }
            Some('?') if text[t] != '/' => Some(p + 1),
            Some('[') => class_matches(&pattern, p, text[t]),
            Some(c) if *c == text[t] => Some(p + 1),
            _ => None,
        };
        match (step, back) {
            (Some(next), _) => {
                p = next;
                t += 1;
            }
            (None, Some((after, from))) if text[from] != '/' => {
                back = Some((after, from + 1));
                p = after;
                t = from + 1;
            }
            _ => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

fn class_matches(pattern: &[char], open: usize, c: char) -> Option<usize> {
    let close = pattern[open + 1..].iter().skip(1).position(|c| *c == ']')? + open + 2;
    let (negated, set) = match &pattern[open + 1..close] {
        ['!' | '^', set @ ..] => (true, set),
        set => (false, set),
    };
    let mut found = set.contains(&c);
    for range in set.windows(3) {
        found |= range[1] == '-' && (range[0]..=range[2]).contains(&c);
    }
    (found != negated).then_some(close + 1)
}
