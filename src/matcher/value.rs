//! Values of slots and the forms a command wants them in.

use crate::normalize::Unit;

/// What a question gave for a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// As it was typed.
    Text(String),
    /// A file or folder, as it was typed; a pattern stays one.
    Path(String),
    /// Several files or folders.
    Paths(Vec<String>),
    /// Several words, each a value of its own.
    Texts(Vec<String>),
    /// A program and its arguments, none of which means anything to a shell.
    Words(Vec<String>),
    /// Bytes.
    Size(u64),
    /// So many units of time.
    Age(u32, Unit),
}

/// How a template wants a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is; sizes as `100M`, ages as `3 days`.
    Plain,
    /// Bytes, a plain number.
    Bytes,
    /// As `find -size` reads it: `100M`, `1500c`.
    FindSize,
    /// Seconds.
    Seconds,
    /// Whole minutes.
    Minutes,
    /// Whole days, rounded up.
    Days,
    /// `3 days ago`.
    Ago,
    /// As `timeout` reads it: `90s`, `2h`, `3d`.
    Short,
    /// As `date -v` of BSD reads it: `3d`.
    Bsd,
    /// A literal text as a basic regular expression of sed, delimiter `/`.
    SedPattern,
    /// A literal text as a replacement of sed, delimiter `/`.
    SedReplacement,
    /// The last part of a path.
    BaseName,
    /// The number after this one.
    Next,
    /// A path without the extension of its last part.
    Stem,
    /// Inside a string of `AppleScript`.
    Script,
    /// `1280x720` as `1280:720`.
    Colon,
    /// The extension of a path, with its dot.
    Ending,
    /// What stays out of an archive, as `tar --exclude` reads it.
    Member,
    /// What stays out of an archive, as `zip -x` reads it.
    ZipMember,
    /// What stays in an archive, as `unzip -x` reads it.
    Inside,
    /// As JSON: a number or a constant as it is, anything else as a string.
    Json,
    /// A path into JSON as jq has it: `.server.port`.
    JqPath,
    /// One of what the word names: `title` for `titles`.
    Singular,
    /// A folder with a slash at its end: what is in it.
    Slash,
    /// An amount of bytes as programs for downloads write it: `300k`.
    Rate,
    /// The name in `NAME=value`.
    Variable,
    /// The value in `NAME=value`.
    Setting,
    /// The name in `Name: value`.
    Field,
    /// The value in `Name: value`.
    Content,
    /// A command line inside a crontab, where `%` ends the command.
    Cron,
}

impl Value {
    /// The text of the value in one form, not yet quoted.
    pub(super) fn form(&self, form: Form) -> String {
        match self {
            Self::Text(text) | Self::Path(text) => text_form(text, form),
            Self::Texts(several) => several.join(" "),
            Self::Paths(words) | Self::Words(words) => text_form(&words.join(" "), form),
            Self::Size(bytes) => match form {
                Form::Bytes => bytes.to_string(),
                Form::FindSize => size(*bytes, "c"),
                Form::Rate => size(*bytes, "").replace('K', "k"),
                _ => size(*bytes, ""),
            },
            Self::Age(count, unit) => age_form(*count, *unit, form),
        }
    }
}

fn text_form(text: &str, form: Form) -> String {
    match form {
        Form::SedPattern => escape(text, r"\/.*[]^$"),
        Form::SedReplacement => escape(text, r"\/&"),
        Form::BaseName => text.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(text).to_owned(),
        Form::Stem => stem(text).to_owned(),
        Form::Script => text.replace('\\', r"\\").replace('"', "\\\""),
        Form::Colon => text.replace('x', ":"),
        Form::Ending => text[stem(text).len()..].to_owned(),
        Form::Member => member(text),
        Form::ZipMember => zip_member(text),
        Form::Inside => zip_member(text).trim_start_matches("*/").to_owned(),
        Form::Next => {
            text.parse::<u64>().map_or_else(|_| text.to_owned(), |number| number.saturating_add(1).to_string())
        }
        Form::Json if matches!(text, "true" | "false" | "null") || text.parse::<f64>().is_ok() => text.to_owned(),
        Form::Json => json_string(text),
        Form::JqPath => jq_path(text),
        Form::Singular => one(text),
        Form::Slash => format!("{}/", text.trim_end_matches('/')),
        Form::Variable => text.split('=').next().unwrap_or(text).to_owned(),
        Form::Setting => text.split_once('=').map_or(text, |(_, value)| value).to_owned(),
        Form::Field => text.split(':').next().unwrap_or(text).to_owned(),
        Form::Content => text.split_once(':').map_or(text, |(_, value)| value.trim_start()).to_owned(),
        Form::Cron => text.replace('%', r"\%"),
        _ => text.to_owned(),
    }
}

// `photo.jpg` is `photo`, `.profile` and `a.b/photo` are themselves.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rfind('.') {
        Some(dot) if dot > 0 => &path[..path.len() - name.len() + dot],
        _ => path,
    }
}

// `.log` says which files, `.git` is the name of one.
fn member(text: &str) -> String {
    const NAMES: [&str; 9] = [".git", ".svn", ".hg", ".env", ".venv", ".idea", ".cache", ".next", ".tox"];
    let text = text.trim_start_matches("./").trim_end_matches('/');
    let is_ending = text.starts_with('.') && !text.contains('/') && text.len() < 6 && !NAMES.contains(&text);
    if is_ending { format!("*{text}") } else { text.to_owned() }
}

// zip compares the whole name of a member, in which `*` matches folders too.
fn zip_member(text: &str) -> String {
    let member = member(text);
    let has_extension = member.rsplit('/').next().is_some_and(|name| name.get(1..).is_some_and(|n| n.contains('.')));
    match (member.contains('*'), member.contains('/'), has_extension) {
        (true, ..) | (false, true, true) => member,
        (false, true, false) => format!("{member}/*"),
        (false, false, true) => format!("*{member}"),
        (false, false, false) => format!("*/{member}/*"),
    }
}

/// A text as JSON has it.
pub(super) fn json_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A path into JSON, with or without a dot in front, as jq has it.
pub(super) fn jq_path(text: &str) -> String {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with(|c: char| c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let inside = text.strip_prefix('.').unwrap_or(text);
    if inside.split('.').all(plain) { format!(".{inside}") } else { format!(".[{}]", json_string(text)) }
}

fn age_form(count: u32, unit: Unit, form: Form) -> String {
    let seconds = u64::from(count) * unit.seconds();
    match form {
        Form::Seconds => seconds.to_string(),
        Form::Minutes => seconds.div_ceil(60).to_string(),
        Form::Days => seconds.div_ceil(86_400).to_string(),
        Form::Short => match unit {
            Unit::Second => format!("{count}s"),
            Unit::Minute => format!("{count}m"),
            Unit::Hour => format!("{count}h"),
            _ => format!("{}d", seconds / Unit::Day.seconds()),
        },
        Form::Bsd => {
            let letter = match unit {
                Unit::Second => 'S',
                Unit::Minute => 'M',
                Unit::Hour => 'H',
                Unit::Day => 'd',
                Unit::Week => 'w',
                Unit::Month => 'm',
                Unit::Year => 'y',
            };
            format!("{count}{letter}")
        }
        _ => {
            let plural = if count == 1 { "" } else { "s" };
            let ago = if form == Form::Ago { " ago" } else { "" };
            format!("{count} {}{plural}{ago}", unit.name())
        }
    }
}

fn escape(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if special.contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn size(bytes: u64, unit_of_bytes: &str) -> String {
    let mut amount = bytes;
    let mut unit = unit_of_bytes;
    for larger in ["k", "M", "G", "T"] {
        // `find` has no unit above G.
        if amount == 0 || !amount.is_multiple_of(1024) || (larger == "T" && unit_of_bytes == "c") {
            break;
        }
        amount /= 1024;
        unit = larger;
    }
    // `split`, `truncate` and `fallocate` write kilo in capitals; `find` in small.
    let unit = if unit == "k" && unit_of_bytes.is_empty() { "K" } else { unit };
    format!("{amount}{unit}")
}

/// The name of the field that holds one: `the prices` are the values of `price`. A list, or an amount, is called by its
/// plural in a file too.
pub(super) fn singular(name: &str) -> String {
    const PLURAL: [&str; 34] = [
        "tags",
        "skills",
        "roles",
        "categories",
        "members",
        "items",
        "hobbies",
        "languages",
        "permissions",
        "groups",
        "topics",
        "keywords",
        "labels",
        "interests",
        "children",
        "authors",
        "friends",
        "points",
        "sales",
        "units",
        "views",
        "likes",
        "hits",
        "bytes",
        "seconds",
        "minutes",
        "hours",
        "days",
        "errors",
        "requests",
        "goals",
        "replicas",
        "visits",
        "clicks",
    ];
    let lower = name.to_lowercase();
    if PLURAL.contains(&lower.as_str()) || lower.len() < 4 {
        return name.to_owned();
    }
    one(name)
}

fn one(name: &str) -> String {
    let lower = name.to_lowercase();
    if ["ss", "us", "is"].iter().any(|ending| lower.ends_with(ending)) {
        return name.to_owned();
    }
    if let Some(base) = name.strip_suffix("ies") {
        return format!("{base}y");
    }
    for ending in ["ches", "shes", "xes", "sses"] {
        if lower.ends_with(ending) {
            return name[..name.len() - 2].to_owned();
        }
    }
    name.strip_suffix('s').unwrap_or(name).to_owned()
}
