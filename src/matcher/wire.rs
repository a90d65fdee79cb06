//! Recognizes values of networks, disks and command lines: addresses, headers, rates, ports, devices, assignments.

use super::filename::{has_extension, is_packed};
use super::schedule;
use super::slot::{Found, Kind, Trust};
use super::value::Value;
use crate::normalize::{Class, Shape, Token, concept as c};

// Programs whose names Caro knows as words of questions, too.
const PROGRAMS: [&str; 44] = [
    "cargo",
    "cat",
    "curl",
    "date",
    "df",
    "docker",
    "du",
    "echo",
    "ffmpeg",
    "find",
    "free",
    "git",
    "grep",
    "hostname",
    "htop",
    "kubectl",
    "ls",
    "make",
    "mkdir",
    "netstat",
    "node",
    "npm",
    "nslookup",
    "perl",
    "ping",
    "pip",
    "ps",
    "pwd",
    "python",
    "python3",
    "rsync",
    "ruby",
    "sar",
    "sensors",
    "ss",
    "systemctl",
    "tail",
    "tar",
    "top",
    "uname",
    "uptime",
    "w",
    "wget",
    "who",
];

// Names of headers that are one plain word.
const HEADERS: [&str; 8] = ["accept", "authorization", "cookie", "etag", "host", "origin", "range", "referer"];

fn typed(text: String, length: usize) -> Found {
    Found { value: Value::Text(text), length, trust: Trust::Typed }
}

/// Whether a token is a value of a kind that is told by its looks alone; `None` for other kinds.
pub(super) fn looks_like(kind: Kind, token: &Token) -> Option<bool> {
    use Shape::{FileName, Glob, Host, Ip, Login, Mode, Path, Url, Word};
    let raw = token.raw.as_str();
    Some(match kind {
        Kind::Cidr => token.shape == Ip && raw.contains('/'),
        Kind::RemotePath => matches!(token.shape, Login | Path | Word | FileName | Host | Ip) && is_remote(raw),
        Kind::RemoteFile => {
            matches!(token.shape, Login | Path | Word | FileName | Host | Ip) && is_remote(raw) && has_extension(raw)
        }
        Kind::HostPort => {
            matches!(token.shape, Word | Ip | Host | FileName) && raw.contains(':') && is_web_address(raw)
        }
        Kind::Interface => token.shape == Word && is_interface(raw),
        Kind::Device => matches!(token.shape, Word | Path) && device(raw).is_some(),
        Kind::Assignment => {
            matches!(token.shape, Word | FileName | Path | Host | Mode | Ip | Login | Url | Glob) && is_assignment(raw)
        }
        _ => return None,
    })
}

/// `X-Token: abc`, between quotes or as the words that are left when the colon is taken for punctuation.
pub(super) fn header(tokens: &[Token], at: usize) -> Option<Found> {
    let token = &tokens[at];
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if let Some((name, value)) = token.raw.split_once(':') {
        let whole = is_name(name) && !value.is_empty() && !value.starts_with("//") && !is_web_address(&token.raw);
        return whole.then(|| typed(format!("{name}: {}", value.trim_start()), 1));
    }
    let known = HEADERS.contains(&token.raw.to_ascii_lowercase().as_str());
    if !is_name(&token.raw) || !(known || token.raw.contains('-')) {
        return None;
    }
    let value = tokens.get(at + 1).filter(|value| value.class != Class::Cue)?;
    let scheme = ["bearer", "basic", "token", "digest"].contains(&value.raw.to_ascii_lowercase().as_str());
    match tokens.get(at + 2).filter(|_| scheme) {
        Some(secret) => Some(typed(format!("{}: {} {}", token.raw, value.raw, secret.raw), 3)),
        None => Some(typed(format!("{}: {}", token.raw, value.raw), 2)),
    }
}

/// A JSON object or list.
pub(super) fn body(token: &Token) -> Option<Found> {
    let text = token.raw.trim();
    let is_json = text.starts_with('{') && text.ends_with('}') || text.starts_with('[') && text.ends_with(']');
    is_json.then(|| typed(text.to_owned(), 1))
}

/// Bytes in a second: `300k`, `2 MB/s`.
pub(super) fn rate(tokens: &[Token], at: usize) -> Option<Found> {
    let rate = |bytes, length| Some(Found { value: Value::Size(bytes), length, trust: Trust::Typed });
    let per_second = |text: &str| {
        let (amount, unit) = text.split_once('/').unwrap_or((text, "s"));
        let bytes = bytes(amount)?;
        matches!(unit, "s" | "sec" | "second").then_some(bytes)
    };
    if let Shape::Size(bytes) = tokens[at].shape {
        return rate(bytes, 1);
    }
    let raw = tokens[at].raw.to_ascii_lowercase();
    if let Shape::Number(number) = tokens[at].shape {
        // `200 kb/s` is two words.
        let unit = tokens.get(at + 1)?.raw.to_ascii_lowercase();
        return rate(per_second(&format!("{number}{unit}")).filter(|_| unit.contains('/'))?, 2);
    }
    rate(per_second(&raw).filter(|_| raw.contains('/'))?, 1)
}

fn bytes(amount: &str) -> Option<u64> {
    let end = amount.find(|c: char| !c.is_ascii_digit())?;
    let factor = match &amount[end..] {
        "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    amount[..end].parse::<u64>().ok()?.checked_mul(factor)
}

/// `20-25`, `80,443`, `22, 80 and 443`, `22`.
pub(super) fn ports(tokens: &[Token], at: usize) -> Option<Found> {
    let is_port = |text: &str| text.parse::<u16>().is_ok_and(|port| port > 0);
    let is_list = |raw: &str| {
        let mut parts = raw.split([',', '-']);
        raw.contains([',', '-']) && parts.all(is_port)
    };
    if is_list(&tokens[at].raw) {
        return Some(typed(tokens[at].raw.clone(), 1));
    }
    if !matches!(tokens[at].shape, Shape::Number(_)) || !is_port(&tokens[at].raw) {
        return None;
    }
    let mut list = tokens[at].raw.clone();
    let mut end = at + 1;
    let mut next = end;
    while let Some(token) = tokens.get(next) {
        if token.text == "and" {
            next += 1;
            continue;
        }
        if !matches!(token.shape, Shape::Number(_)) || !is_port(&token.raw) {
            break;
        }
        list = format!("{list},{}", token.raw);
        next += 1;
        end = next;
    }
    Some(typed(list, end - at))
}

/// `robin@host:/srv`, `host:notes.txt`; no drive, no address of the web.
pub(super) fn is_remote(raw: &str) -> bool {
    let Some((machine, place)) = raw.split_once(':') else { return false };
    let name = machine.split_once('@').map_or(machine, |(_, name)| name);
    let is_port = !place.is_empty() && place.bytes().all(|b| b.is_ascii_digit());
    name.len() > 1
        && !machine.contains(['/', '\\'])
        && name.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
        && !place.starts_with("//")
        && !place.starts_with(':')
        && !is_port
}

/// `localhost:3000/x`, `10.0.0.5:8080`, `example.com/a`: what a browser would take without a scheme.
pub(super) fn is_web_address(raw: &str) -> bool {
    let authority = raw.split('/').next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let has_port = port.is_some_and(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if port.is_some() && !has_port {
        return false;
    }
    let is_ip = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    let is_mask = is_ip && !has_port && raw.split_once('/').is_some_and(|(_, mask)| mask.parse::<u8>().is_ok());
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_name = host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c));
    let named = has_port || ["com", "org", "net", "io", "dev", "example", "test"].contains(&ending);
    host == "localhost" || is_ip && !is_mask || is_name && named
}

/// How sure it is that a token without a scheme is an address of the web.
pub(super) fn bare_address(token: &Token) -> Option<Trust> {
    if is_web_address(&token.raw) {
        return Some(Trust::Typed);
    }
    (token.shape == Shape::Path && !is_remote(&token.raw)).then_some(Trust::Bare)
}

/// `eth0`, `wlp2s0`, `en1`.
pub(super) fn is_interface(raw: &str) -> bool {
    const STEMS: [&str; 14] =
        ["eth", "wlan", "wlp", "enp", "ens", "eno", "en", "em", "tun", "tap", "wg", "br", "docker", "veth"];
    if raw == "lo" {
        return true;
    }
    STEMS.iter().any(|stem| {
        raw.strip_prefix(stem).is_some_and(|rest| {
            rest.starts_with(|c: char| c.is_ascii_digit())
                && rest.len() <= 8
                && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, 's' | 'f' | 'p' | 'n' | 'd'))
        })
    })
}

/// The path of a disk or partition: `/dev/sda1`, also when only `sda1` was said.
pub(super) fn device(raw: &str) -> Option<String> {
    if raw.strip_prefix("/dev/").is_some_and(|name| !name.is_empty()) {
        return Some(raw.to_owned());
    }
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let lettered = |stem: &str| {
        raw.strip_prefix(stem).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next().is_some_and(|c| c.is_ascii_lowercase()) && digits(rest.as_str())
        })
    };
    let nvme = raw.strip_prefix("nvme").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.contains('n')
            && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, 'n' | 'p'))
    });
    let known = lettered("sd") && raw.len() <= 5 || lettered("vd") && raw.len() <= 5 || lettered("xvd") || nvme;
    known.then(|| format!("/dev/{raw}"))
}

/// `NAME=value`.
pub(super) fn is_assignment(raw: &str) -> bool {
    let Some((name, value)) = raw.split_once('=') else { return false };
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !value.starts_with('=')
}

// A file nobody runs, by its ending.
fn is_data(name: &str) -> bool {
    const ENDINGS: [&str; 17] = [
        "cfg", "conf", "css", "csv", "db", "html", "ini", "json", "log", "md", "sql", "toml", "tsv", "txt", "xml",
        "yaml", "yml",
    ];
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    is_packed(name) || ENDINGS.contains(&ending)
}

/// A program with its arguments: a quoted string, or the words up to one that belongs to the sentence again.
pub(super) fn command_line(tokens: &[Token], at: usize) -> Option<Found> {
    let first = &tokens[at];
    if first.shape == Shape::Quoted {
        return Some(Found { value: argv(&started(first)), length: 1, trust: Trust::Typed });
    }
    let is_file = matches!(first.shape, Shape::Path | Shape::FileName) && !is_data(&first.raw);
    // `git pull` goes on with words Caro knows; `run cache in a container` does not.
    let is_program = PROGRAMS.contains(&first.raw.to_ascii_lowercase().as_str());
    let is_word = first.shape == Shape::Word && (is_program || first.class == Class::Unknown);
    if !is_file && !is_word || starts_time(tokens, at) {
        return None;
    }
    let mut end = at + 1;
    while let Some(token) = tokens.get(end) {
        let is_argument = match token.shape {
            Shape::Word => {
                token.class == Class::Unknown || is_program && token.class >= Class::Light && !token.is(c::ALL)
            }
            Shape::Place | Shape::Age(..) => false,
            Shape::Number(_) => tokens.get(end + 1).is_none_or(|next| next.text != "times"),
            _ => true,
        };
        if !is_argument || starts_time(tokens, end) {
            break;
        }
        end += 1;
    }
    let rest = tokens[at + 1..end]
        .iter()
        .map(|token| if token.shape == Shape::Quoted { token.text.clone() } else { token.raw.clone() });
    let words: Vec<String> = std::iter::once(started(first)).chain(rest).collect();
    let trust = if is_file { Trust::Typed } else { Trust::Bare };
    Some(Found { value: argv(&words.join(" ")), length: end - at, trust })
}

// A script by its name alone is no program: the shell would look for it elsewhere.
fn started(first: &Token) -> String {
    let script = if first.shape == Shape::FileName { first.raw.rsplit('.').next() } else { None };
    let interpreter = match script {
        Some("py") => "python3 ",
        Some("sh") => "bash ",
        Some("js") => "node ",
        Some("rb") => "ruby ",
        Some("pl") => "perl ",
        _ => "",
    };
    format!("{interpreter}{}", first.raw)
}

// Words, when a shell would read the text as just these; else the text, which is for a shell to read.
fn argv(text: &str) -> Value {
    let plain = |c: char| c.is_alphanumeric() || "_-./:,+=@%~ ".contains(c);
    let first = text.split(' ').next().unwrap_or_default();
    if !text.chars().all(plain) || is_assignment(first) || first.starts_with('-') {
        return Value::Text(text.to_owned());
    }
    Value::Words(text.split_whitespace().map(str::to_owned).collect())
}

fn starts_time(tokens: &[Token], at: usize) -> bool {
    schedule::schedule(tokens, at).is_some() || schedule::clock(tokens, at).is_some()
}

#[cfg(test)]
mod tests {
    use super::{device, is_assignment, is_interface, is_remote, is_web_address};

    #[test]
    fn values_are_told_by_their_looks() {
        for raw in ["robin@web1:/var/www", "web1:notes.txt", "10.0.0.5:/srv", "nas:", "me@nas:~/pics"] {
            assert!(is_remote(raw), "{raw}");
        }
        for raw in ["C:/Users", "https://a.example", "localhost:8080", "notes.txt", "./a:b", "::1", "std::fs"] {
            assert!(!is_remote(raw), "{raw}");
        }
        for raw in ["localhost", "localhost:3000/x", "10.0.0.5:8080", "example.com/a.txt", "api.test", "web1:81"] {
            assert!(is_web_address(raw), "{raw}");
        }
        for raw in ["src/lib", "10.0.0.0/24", "notes.txt", "web1:x", "-a.com"] {
            assert!(!is_web_address(raw), "{raw}");
        }
        for raw in ["eth0", "wlp2s0", "en0", "lo", "enp0s31f6", "docker0", "wlan1"] {
            assert!(is_interface(raw), "{raw}");
        }
        for raw in ["end", "brave", "en", "eth", "wlanx", "entry1"] {
            assert!(!is_interface(raw), "{raw}");
        }
        assert_eq!(device("sdb1").as_deref(), Some("/dev/sdb1"));
        assert_eq!(device("nvme0n1p2").as_deref(), Some("/dev/nvme0n1p2"));
        assert_eq!(device("/dev/disk2").as_deref(), Some("/dev/disk2"));
        assert_eq!(device("sdk"), Some("/dev/sdk".to_owned()));
        assert_eq!(device("sdcard"), None);
        assert!(is_assignment("LANG=C") && is_assignment("_x=") && !is_assignment("1=2") && !is_assignment("a==b"));
    }
}
