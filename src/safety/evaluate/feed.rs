//! What flows through a pipe: [`Feed`], and what each program makes of it.

use super::{Arg, Origin};
use crate::safety::place::HOLE;
use crate::shell::word::unescape;

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
        let out = match name {
            "echo" | "write-output" | "write-host" => text_of(echo(args), args),
            "printf" => text_of(printf(args), args),
            "pwd" | "get-location" => cwd.map_or(Self::Unknown, |cwd| Self::Text(cwd.to_owned(), Origin::Fixed(0..0))),
            "true" | "false" | "cd" | ":" | "rm" | "mkdir" | "touch" | "mv" | "cp" | "chmod" | "sleep" | "test"
            | "[" => Self::Nothing,
            "curl" | "wget" | "fetch" | "http" | "https" | "aria2c" | "lynx" | "w3m" | "links" | "nc" | "ncat"
            | "netcat" | "telnet" | "socat" | "ftp" | "ssh" | "scp" | "rsh" | "iwr" | "irm" | "invoke-webrequest"
            | "invoke-restmethod" | "certutil" | "bitsadmin" | "start-bitstransfer" | "nslookup" | "dig" | "host"
            | "openssl" | "gsutil" | "aws" | "wget2" | "xh" | "curlie" | "busybox-wget" | "kubectl-cp" | "finger"
            | "tftp" => {
                let local = matches!(name, "openssl") && !texts().any(|text| text == "s_client");
                if local { Self::Unknown } else { Self::Network }
            }
            "ssh-agent"
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
            "base64" | "base32" | "xxd" | "rev" | "tac" | "tr" => self.decoded(name, args),
            "cat" | "tee" | "less" | "head" | "tail"
                if !args.iter().any(|arg| !arg.is_option() && arg.feed == Self::Nothing && name != "tee") =>
            {
                if tainted { Self::Network } else { self.clone() }
            }
            "cat" | "head" | "tail" | "less" | "type" | "get-content" | "gc" => Self::File,
            _ if *self == Self::Network => Self::Network,
            _ => Self::Unknown,
        };
        if tainted { Self::Network } else { out }
    }

    fn decoded(&self, name: &str, args: &[Arg]) -> Self {
        let Self::Text(text, origin) = self else {
            return if *self == Self::Network { Self::Network } else { Self::Unknown };
        };
        let decodes =
            args.iter().any(|arg| matches!(arg.text.as_str(), "-d" | "-D" | "--decode" | "-r" | "-rp" | "-di"));
        let out = match name {
            "base64" if decodes => base64(text),
            "xxd" if decodes => hex(text),
            "rev" => {
                Some(text.lines().map(|line| line.chars().rev().collect::<String>()).collect::<Vec<_>>().join("\n"))
            }
            _ => None,
        };
        out.map_or(Self::Unknown, |out| Self::Text(out, origin.clone()))
    }
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

fn base64(text: &str) -> Option<String> {
    let mut bits = 0_u32;
    let mut held = 0;
    let mut out = Vec::with_capacity(text.len());
    for b in text.bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b' ' => continue,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    String::from_utf8(out).ok()
}

fn hex(text: &str) -> Option<String> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes =
        digits.chunks_exact(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1])).collect::<Result<_, _>>().ok()?;
    String::from_utf8(bytes).ok()
}
