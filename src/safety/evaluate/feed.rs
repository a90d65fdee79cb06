//! What flows through a pipe: [`Feed`], and what each program makes of it.

use super::{Arg, Origin};
use crate::safety::place::HOLE;
use crate::shell::word::unescape;

mod decode;

/// What a command can read, or what it prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Feed {
    /// Nothing, or the terminal.
    #[default]
    Nothing,
    /// Exactly this text.
    Text(String, Origin),
    /// A file of this machine.
    File,
    /// Set-up code of a well-known program (`ssh-agent`, `direnv hook`), meant to be evaluated.
    Trusted,
    /// Not known.
    Unknown,
    /// Bytes without end: `yes`, `/dev/zero`.
    Endless,
    /// Keys, passwords, private files or settings, however they were filtered on the way.
    Secret,
    /// Bytes from the network, however they were filtered on the way.
    Network,
}

// A line of ten commands of 64 kB each is no line a person writes.
const LONGEST: usize = 128 * 1024;

impl Feed {
    /// The output of one command after that of another.
    pub(crate) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Network, _) | (_, Self::Network) => Self::Network,
            (Self::Secret, _) | (_, Self::Secret) => Self::Secret,
            (Self::Endless, _) | (_, Self::Endless) => Self::Endless,
            (Self::Nothing, other) | (other, Self::Nothing) => other,
            (Self::Text(mut all, from), Self::Text(more, _)) if all.len() + more.len() < LONGEST => {
                all.push_str(&more);
                Self::Text(all, from)
            }
            (Self::Trusted, Self::Trusted) => Self::Trusted,
            (Self::File, Self::File) => Self::File,
            _ => Self::Unknown,
        }
    }

    /// The text, if all of it is known.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match self {
            Self::Text(text, _) => Some(text),
            Self::Nothing => Some(""),
            _ => None,
        }
    }

    /// What `name` prints when it reads `self`.
    pub(super) fn through(&self, name: &str, args: &[Arg], cwd: Option<&str>) -> Self {
        let texts = || args.iter().map(|arg| arg.text.as_str());
        let tainted = args.iter().any(|arg| arg.feed == Self::Network);
        let private = args.iter().any(|arg| arg.feed == Self::Secret);
        let out = match name {
            _ if self.goes_on(name, args) => Self::Endless,
            "echo" | "print" | "write-output" | "write-host" => text_of(echo(args), args),
            "printf" => text_of(printf(args), args),
            "pwd" | "get-location" => cwd.map_or(Self::Unknown, |cwd| Self::Text(cwd.to_owned(), Origin::Fixed(0..0))),
            "get-childitem" | "get-item" => listed(args),
            "true" | "false" | "cd" | ":" | "rm" | "mkdir" | "touch" | "mv" | "cp" | "chmod" | "sleep" | "test"
            | "[" => Self::Nothing,
            "curl" | "wget" | "fetch" | "http" | "https" | "aria2c" | "lynx" | "w3m" | "links" | "nc" | "ncat"
            | "netcat" | "telnet" | "socat" | "ftp" | "ssh" | "scp" | "rsh" | "iwr" | "irm" | "invoke-webrequest"
            | "invoke-restmethod" | "certutil" | "bitsadmin" | "start-bitstransfer" | "nslookup" | "dig" | "host"
            | "gsutil" | "aws" | "wget2" | "xh" | "curlie" | "busybox-wget" | "kubectl-cp" | "finger" | "tftp" => {
                Self::Network
            }
            // What the first ones print tells nobody anything.
            "date"
            | "uname"
            | "arch"
            | "nproc"
            | "seq"
            | "lsb_release"
            | "ssh-agent"
            | "direnv"
            | "brew"
            | "starship"
            | "zoxide"
            | "pyenv"
            | "rbenv"
            | "nodenv"
            | "goenv"
            | "dircolors"
            | "opam"
            | "fnm"
            | "mise"
            | "asdf"
            | "atuin"
            | "fzf"
            | "keychain"
            | "thefuck"
            | "rustup"
            | "conda"
            | "register-python-argcomplete"
            | "resize"
            | "lesspipe"
            | "docker-machine"
            | "minikube"
            | "luarocks"
            | "gpg-agent"
            | "navi"
            | "mcfly" => Self::Trusted,
            "kubectl" | "helm" | "gh" | "caro" if texts().any(|text| text == "completion" || text == "init") => {
                Self::Trusted
            }
            "openssl" if texts().any(|text| text == "s_client") => Self::Network,
            "base64" | "base32" | "xxd" | "rev" | "tac" | "tr" | "sed" | "openssl" | "gbase64" => {
                if *self == Self::Nothing {
                    // `base64 -d <(echo …)`: what is read is named, not piped.
                    let read = args.iter().map(|arg| arg.feed.clone()).fold(Self::Nothing, Self::then);
                    if read == Self::Nothing { Self::Unknown } else { read.decoded(name, args) }
                } else {
                    self.decoded(name, args)
                }
            }
            "dirname" | "basename" | "realpath" | "readlink" | "ls" | "find" => paths(name, args),
            "awk" | "gawk" | "mawk" => printed_by_awk(args),
            "head" | "less" if *self == Self::Endless => Self::Unknown,
            "cat" | "tee" | "less" | "head" | "tail"
                if !args.iter().any(|arg| {
                    let count = arg.text.trim_start_matches('+').bytes().all(|b| b.is_ascii_digit());
                    !arg.is_option() && !count && arg.feed == Self::Nothing && name != "tee"
                }) =>
            {
                match (tainted, private) {
                    (true, _) => Self::Network,
                    (_, true) => Self::Secret,
                    _ => self.clone(),
                }
            }
            "cat" | "head" | "tail" | "less" | "type" | "get-content" | "gc" => Self::File,
            "env" | "printenv" | "history" | "export" if args.iter().all(Arg::is_option) => Self::Secret,
            "security" | "pass" | "secret-tool" => Self::Secret,
            "gpg" if texts().any(|text| text.starts_with("--export-secret")) => Self::Secret,
            _ if matches!(self, Self::Network | Self::Secret) => self.clone(),
            _ => Self::Unknown,
        };
        match out {
            _ if tainted => Self::Network,
            Self::Unknown | Self::File | Self::Text(..) if private => Self::Secret,
            out => out,
        }
    }

    /// Whether what `name` prints has no end.
    fn goes_on(&self, name: &str, args: &[Arg]) -> bool {
        let limited = || {
            args.iter()
                .any(|arg| ["-l", "-n", "-N", "-c", "--length", "--bytes"].iter().any(|o| arg.text.starts_with(o)))
        };
        match name {
            "yes" => true,
            "cat" | "pv" | "xxd" | "base64" | "hexdump" | "od" | "tr" | "sed" | "gzip" | "rev" | "nl" | "tee" => {
                (*self == Self::Endless || args.iter().any(|arg| endless(&arg.text))) && (name == "tr" || !limited())
            }
            _ => false,
        }
    }

    fn decoded(&self, name: &str, args: &[Arg]) -> Self {
        let Self::Text(text, origin) = self else {
            return if matches!(self, Self::Network | Self::Secret) { self.clone() } else { Self::Unknown };
        };
        let decodes = args.iter().any(|arg| {
            matches!(
                arg.text.as_str(),
                "-D" | "--decode" | "-rp" | "-di" | "-d" | "-r" | "--decode=true" | "-dw0" | "-pr"
            )
        });
        let encoding =
            name == "openssl" && args.iter().any(|arg| matches!(arg.text.as_str(), "base64" | "-base64" | "-a"));
        let out = match name {
            "base64" | "gbase64" if decodes => decode::base64(text),
            "openssl" if encoding && decodes => decode::base64(text),
            "base32" if decodes => decode::base32(text),
            "tr" => decode::translate(text, args),
            "sed" => decode::substitute(text, args),
            "xxd" if decodes => decode::hex(text),
            "rev" => {
                Some(text.lines().map(|line| line.chars().rev().collect::<String>()).collect::<Vec<_>>().join("\n"))
            }
            _ => None,
        };
        out.map_or(Self::Unknown, |out| Self::Text(out, origin.clone()))
    }
}

/// Files that never come to an end.
pub(crate) fn endless(path: &str) -> bool {
    matches!(path, "/dev/zero" | "/dev/urandom" | "/dev/random" | "/dev/full")
}

fn text_of(text: String, args: &[Arg]) -> Feed {
    if text.contains(HOLE) {
        return Feed::Unknown;
    }
    let origin = match args {
        [only] => only.origin.clone(),
        [first, .., last] => Origin::Fixed(first.span.start..last.span.end.max(first.span.start)),
        [] => Origin::Fixed(0..0),
    };
    Feed::Text(text, origin)
}

fn echo(args: &[Arg]) -> String {
    let flags = args
        .iter()
        .take_while(|arg| arg.is_option() && arg.text[1..].chars().all(|c| matches!(c, 'n' | 'e' | 'E')))
        .count();
    let escapes = args[..flags].iter().any(|arg| arg.text.contains('e'));
    let mut out = String::new();
    for (at, arg) in args[flags..].iter().enumerate() {
        if at > 0 {
            out.push(' ');
        }
        out.push_str(&arg.text);
    }
    if escapes { unescape(&out) } else { out }
}

fn printf(args: &[Arg]) -> String {
    let Some((format, values)) = args.split_first() else { return String::new() };
    if format.text == "-v" {
        return String::new();
    }
    let mut values = values.iter().map(|value| value.text.as_str());
    let format = unescape(&format.text);
    let mut out = String::new();
    loop {
        let mut chars = format.chars();
        let mut consumed = false;
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('%') => out.push('%'),
                Some('s') => {
                    consumed = true;
                    out.push_str(values.next().unwrap_or_default());
                }
                Some('b') => {
                    consumed = true;
                    out.push_str(&unescape(values.next().unwrap_or_default()));
                }
                // Widths, numbers, %q, %c: known well enough to know that it is not known.
                _ => {
                    consumed = true;
                    let _ = values.next();
                    out.push(HOLE);
                }
            }
        }
        if !consumed || values.len() == 0 || out.len() > LONGEST {
            return out;
        }
    }
}

/// `Get-ChildItem C:\` names what lies there; `env:` is the settings of the user.
fn listed(args: &[Arg]) -> Feed {
    let path = args.iter().find(|arg| !arg.is_option());
    match path {
        Some(path) if path.text.to_ascii_lowercase().starts_with("env:") => Feed::Secret,
        Some(path)
            if !path.is_unknown() && !args.iter().any(|arg| arg.text.to_ascii_lowercase().starts_with("-fi")) =>
        {
            Feed::Text(format!("{}\\*", path.text.trim_end_matches(['\\', '*'])), path.origin.clone())
        }
        _ => Feed::Unknown,
    }
}

/// What programs that take paths apart print, when the path is known.
fn paths(name: &str, args: &[Arg]) -> Feed {
    let operands: Vec<&Arg> = args.iter().filter(|arg| !arg.is_option()).collect();
    let [only] = operands.as_slice() else { return Feed::Unknown };
    let path = only.text.as_str();
    let text = match name {
        _ if only.is_unknown() || path.contains(['*', '?']) => return Feed::Unknown,
        "dirname" => match path.trim_end_matches('/').rsplit_once('/') {
            Some(("", _)) => "/",
            Some((parent, _)) => parent,
            None => ".",
        },
        "basename" => path.trim_end_matches('/').rsplit('/').next().unwrap_or(path),
        "realpath" | "readlink" if path.starts_with('/') => path,
        "ls" if args.iter().any(|arg| arg.text.starts_with("-d")) => path,
        _ => return Feed::Unknown,
    };
    Feed::Text(text.to_owned(), only.origin.clone())
}

/// `awk 'BEGIN{print "…"}'`.
fn printed_by_awk(args: &[Arg]) -> Feed {
    let program = args.iter().find(|arg| arg.text.contains("BEGIN"));
    let text = program.and_then(|arg| {
        let inside = arg.text.trim().strip_prefix("BEGIN")?.trim().strip_prefix('{')?.strip_suffix('}')?;
        Some((crate::safety::rules::code::printed(inside)?, arg.origin.clone()))
    });
    text.map_or(Feed::Unknown, |(text, origin)| Feed::Text(text, origin))
}
