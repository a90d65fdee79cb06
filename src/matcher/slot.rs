//! Recognizes values: by what they look like and by the words beside them.

use super::choice;
use super::ending::Ending;
use super::filename::{extension, has_extension, is_only_ending, is_packed, names_no_file, names_nobody};
use super::find;
use super::measure::Measure;
use super::moment;
use super::naming::may_be_key;
use super::sql;
use super::stretch::{age, paths, rest, several};
use super::table::Concepts;
use super::value::Value;
use super::{schedule, wire};
use crate::normalize::{Class, Shape, Token, concept as c};

/// What kind of value a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file or folder.
    Path,
    /// A file: no phrase that names a folder.
    File,
    /// A file, archives and pictures too.
    AnyFile,
    /// A folder: no name with an extension, unless nothing else fits.
    Folder,
    /// One or more files or folders.
    Paths,
    /// An archive, whatever its name ends in: a file, but no phrase that names a folder.
    Archive,
    /// A file that ends in `.zip`.
    Zip,
    /// A file that ends in `.tar`, `.tar.gz` and the like.
    Tar,
    /// A file that ends in `.tar`: one that can grow.
    PlainTar,
    /// A compressed file that is no archive.
    Gz,
    /// A file that ends in `.csv`.
    Csv,
    /// A file that ends in `.json`.
    Json,
    /// A file that ends in `.yaml` or `.yml`.
    Yaml,
    /// A file that ends in `.xml` and the like.
    Xml,
    /// A file extension; the value has no dot.
    Extension,
    /// An amount of bytes.
    Size,
    /// A stretch of time.
    Age,
    /// A whole number.
    Count,
    /// A TCP or UDP port.
    Port,
    /// A machine on the network.
    Host,
    /// A machine, perhaps with a user.
    Login,
    /// A name of something: one word.
    Name,
    /// A key of a record, a setting, an element: any word, known or not, that has no part in the grammar.
    Key,
    /// Any text: one word or a quoted string.
    Text,
    /// A quoted string.
    Quoted,
    /// A quoted string or all words up to the end.
    Rest,
    /// A process id.
    Pid,
    /// A web address.
    Url,
    /// A file mode.
    Mode,
    /// A calendar day.
    Date,
    /// A number.
    Number,
    /// An IPv4 address.
    Ip,
    /// A time of day.
    Time,
    /// A day of the week.
    Weekday,
    /// A time zone.
    Zone,
    /// A number to base 16.
    Hex,
    /// A number to base 2.
    Bits,
    /// Something to calculate.
    Expression,
    /// One or more names of packages.
    Packages,
    /// A program that manages packages; the value is its usual name.
    Manager,
    /// A word that says what kind of packages they are; the value is the manager of those.
    Language,
    /// What a package of some manager is called, `gem`; the value is the manager.
    Unit,
    /// A version, `1.2.3`.
    Version,
    /// A file that is a package.
    Installer,
    /// A file that lists packages.
    Listing,
    /// A signal; the value is its name without `SIG`.
    Signal,
    /// How bad an entry of a log is.
    Priority,
    /// One or more process ids.
    Pids,
    /// A name in a database: a table, a column.
    Identifier,
    /// A file of some format.
    Ending(Ending),
    /// Two or more files of some format.
    Endings(Ending),
    /// The name of a format, as an extension without its dot.
    Format(Ending),
    /// A measure of a picture, a film or a document.
    Measure(Measure),
    /// A range of addresses, `10.0.0.0/24`.
    Cidr,
    /// A file or folder of another machine, `robin@host:/srv`.
    RemotePath,
    /// A file of another machine: its name has an extension.
    RemoteFile,
    /// A machine with a port, `db:5432`.
    HostPort,
    /// A file that ends in `.crt`, `.pem` and the like.
    Certificate,
    /// A header of a request, `X-Token: abc`.
    Header,
    /// A JSON text.
    Body,
    /// Bytes in a second.
    Rate,
    /// Several ports: `20-25`, `80,443`.
    Ports,
    /// A network interface, `eth0`.
    Interface,
    /// A disk or partition.
    Device,
    /// `NAME=value`.
    Assignment,
    /// When something happens again and again, as a line of a crontab has it.
    Schedule,
    /// A time to come, as `at` reads it.
    Clock,
    /// A program with its arguments.
    CommandLine,
    /// A program with arguments that mean nothing to a shell.
    Argv,
    /// One of these words.
    Words(Concepts),
}

/// How sure it is that a token is a value of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trust {
    /// A known word that only its place makes a value.
    Placed,
    /// An unknown word: a value if something beside it says so.
    Bare,
    /// It looks like one.
    Typed,
}

/// A value found in a question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) value: Value,
    /// How many tokens it takes.
    pub(super) length: usize,
    pub(super) trust: Trust,
}

impl Kind {
    /// The value of this kind that starts at a token.
    pub(super) fn recognize(self, tokens: &[Token], at: usize) -> Option<Found> {
        let token = &tokens[at];
        match self {
            Self::Age => return age(tokens, at),
            Self::Extension if let Some(extension) = find::extension_of_family(tokens, at) => {
                return Some(Found { value: Value::Text(extension), length: 1, trust: Trust::Typed });
            }
            Self::Identifier => {
                let trust = sql::identifier(token)?;
                return Some(Found { value: Value::Text(token.raw.clone()), length: 1, trust });
            }
            Self::Measure(measure) => return measure.recognize(tokens, at),
            Self::Ending(ending) => {
                let value = Value::Path(token.raw.clone());
                return ending.is_file(token).then_some(Found { value, length: 1, trust: Trust::Typed });
            }
            Self::Endings(ending) => {
                let found = paths(tokens, at, Trust::Typed);
                let fits =
                    tokens[at..at + found.length].iter().all(|token| token.text == "and" || ending.is_file(token));
                return (fits && matches!(found.value, Value::Paths(_))).then_some(found);
            }
            Self::Format(format) => {
                let value = Value::Text(format.format(token)?);
                return Some(Found { value, length: 1, trust: Trust::Typed });
            }
            Self::Schedule => return schedule::schedule(tokens, at),
            Self::Clock => return schedule::clock(tokens, at),
            Self::CommandLine => return wire::command_line(tokens, at),
            Self::Argv => {
                return wire::command_line(tokens, at).filter(|found| matches!(found.value, Value::Words(_)));
            }
            Self::Header => return wire::header(tokens, at),
            Self::Body => return wire::body(token),
            Self::Rate => return wire::rate(tokens, at),
            Self::Ports => return wire::ports(tokens, at),
            Self::Words(words) => {
                let known = token.concept.filter(|concept| words.contains(*concept))?;
                return Some(Found { value: Value::Text(known.0.to_string()), length: 1, trust: Trust::Typed });
            }
            _ => {}
        }
        let moment = match self {
            Self::Date => Some(moment::date(tokens, at)),
            Self::Time => Some(moment::time(tokens, at)),
            Self::Weekday => Some(moment::weekday(tokens, at)),
            Self::Zone => Some(moment::zone(tokens, at)),
            Self::Hex => Some(moment::hex(tokens, at)),
            Self::Bits => Some(moment::bits(tokens, at)),
            Self::Expression => Some(moment::expression(tokens, at)),
            _ => None,
        };
        if let Some(moment) = moment {
            return moment.map(|(value, length)| Found { value, length, trust: Trust::Typed });
        }
        if self == Self::Rest && token.shape != Shape::Quoted {
            return rest(tokens, at);
        }
        if let Some(choice) = choice::named(self, token) {
            return Some(Found { value: Value::Text(choice.to_owned()), length: 1, trust: Trust::Typed });
        }
        if self.is_path() && matches!(token.shape, Shape::Number(_)) && !may_be_numbered(tokens, at) {
            return None;
        }
        let trust = self.trust(token)?;
        if trust < Trust::Typed && self.is_never(token) || is_only_ending(token) {
            return None;
        }
        if token.class == Class::Common && trust == Trust::Placed && at > 0 && tokens[at - 1].class == Class::Stop {
            return None;
        }
        let value = match (self, token.shape) {
            (Self::Size, Shape::Size(bytes)) => Value::Size(bytes),
            (Self::Device, _) => Value::Path(wire::device(&token.raw)?),
            (Self::Extension, _) => Value::Text(extension(&token.raw)?.to_owned()),
            (Self::Count | Self::Port | Self::Pid, Shape::Number(number)) => Value::Text(number.to_string()),
            (
                Self::Path
                | Self::File
                | Self::AnyFile
                | Self::Folder
                | Self::Archive
                | Self::Zip
                | Self::Tar
                | Self::PlainTar
                | Self::Gz
                | Self::Csv
                | Self::Json
                | Self::Installer
                | Self::Listing
                | Self::Yaml
                | Self::Xml
                | Self::Certificate,
                _,
            ) => Value::Path(token.raw.clone()),
            (Self::Paths, _) => return Some(paths(tokens, at, trust)),
            (Self::Packages | Self::Pids, _) => return several(self, tokens, at, trust),
            // A name that starts with a dash would be read as a flag.
            _ if token.raw.starts_with('-') => return None,
            _ => Value::Text(token.raw.clone()),
        };
        Some(Found { value, length: 1, trust })
    }

    // `delete everything` names no file, nor does `into a tar.gz`; in `give the group write access` and `errors in the journal
    // since monday` nobody is called so.
    fn is_never(self, token: &Token) -> bool {
        (self.is_path() || self == Self::Packages) && names_no_file(token) || self == Self::Name && names_nobody(token)
    }

    pub(super) fn trust(self, token: &Token) -> Option<Trust> {
        use Shape::{
            Age, Date, Decimal, Extension, FileName, Glob, Host, Ip, Login, Mode, Number, Path, Place, Quoted, Size,
            Symbol, Url, Word,
        };
        if let Some(looks) = wire::looks_like(self, token) {
            return looks.then_some(Trust::Typed);
        }
        let typed = Some(Trust::Typed);
        let bare = Some(Trust::Bare);
        let word = self.trust_in_word(token);
        match (self, token.shape) {
            (Self::Key, Word) => bare.filter(|_| may_be_key(token)),
            (Self::Key, FileName | Host) => bare.filter(|_| !token.raw.contains('/')),
            (
                Self::Text,
                Number(_) | Decimal | FileName | Host | Ip | Login | Url | Path | Extension | Date | Size(_) | Age(..)
                | Mode | Glob | Symbol,
            )
            | (Self::Name | Self::Packages, FileName | Host | Number(_) | Decimal | Path | Login | Date)
            | (
                Self::Path | Self::Paths | Self::File | Self::AnyFile | Self::Archive,
                Host | Number(_) | Date | Decimal,
            )
            | (Self::Folder, Number(_) | Date)
            | (Self::Host | Self::Login, FileName)
            | (Self::Url, Login | Quoted) => bare,
            (Self::Folder, FileName) => bare.filter(|_| !find::is_text_file(&token.raw)),
            (Self::Url, Path | Word | Ip) => wire::bare_address(token),
            (
                Self::Path
                | Self::Paths
                | Self::File
                | Self::AnyFile
                | Self::Folder
                | Self::Archive
                | Self::Name
                | Self::Packages
                | Self::Text
                | Self::Host
                | Self::Login
                | Self::Extension,
                Word,
            ) => word,
            (Self::File, Path | FileName | Quoted | Glob | Extension) => typed.filter(|_| !is_packed(&token.raw)),
            (Self::Path | Self::Paths, Path | FileName | Quoted | Place | Glob | Extension)
            | (Self::AnyFile, Path | FileName | Quoted | Glob | Extension)
            | (Self::Folder, Path | Quoted | Place | Glob)
            | (Self::Archive, Path | FileName | Quoted | Glob)
            | (Self::Extension, Extension | Glob)
            | (Self::Size, Size(_))
            | (Self::Number, Number(_) | Decimal)
            | (Self::Count, Number(_))
            | (Self::Host | Self::Login, Host)
            | (Self::Url, Url | Host)
            | (Self::Name | Self::Key | Self::Packages | Self::Text | Self::Rest | Self::Quoted, Quoted)
            | (Self::Mode, Mode) => typed,
            (
                Self::Zip
                | Self::Tar
                | Self::PlainTar
                | Self::Gz
                | Self::Csv
                | Self::Json
                | Self::Installer
                | Self::Listing
                | Self::Yaml
                | Self::Xml
                | Self::Certificate,
                Path | FileName | Quoted | Glob,
            ) => typed.filter(|_| self.has_ending(&token.raw)),
            (Self::Listing, Word) => {
                typed.filter(|_| ["brewfile", "gemfile"].contains(&token.raw.to_lowercase().as_str()))
            }
            (Self::Host | Self::Login | Self::Ip, Ip) => typed.filter(|_| !token.raw.contains(['/', ':'])),
            (Self::Host | Self::Login, Quoted) => typed.filter(|_| !token.raw.contains(['/', ' ', ':'])),
            // A name on the web is a machine, too.
            (Self::Host, Url) => typed.filter(|_| token.raw.starts_with("www.") && !token.raw.contains('/')),
            (Self::Login, Login) => typed.filter(|_| !token.raw.contains(':')),
            (Self::Port, Number(port)) => typed.filter(|_| (1..=65_535).contains(&port)),
            (Self::Version, Number(_) | Decimal | FileName | Ip | Word) => typed.filter(|_| is_version(&token.raw)),
            (Self::Pid | Self::Pids, Number(pid)) => typed.filter(|_| (1..=4_194_304).contains(&pid)),
            (Self::Mode, Number(_)) => {
                let octal = matches!(token.raw.len(), 3 | 4) && token.raw.bytes().all(|b| (b'0'..=b'7').contains(&b));
                typed.filter(|_| octal)
            }
            _ => None,
        }
    }

    // How sure it is that a mere word is a value.
    fn trust_in_word(self, token: &Token) -> Option<Trust> {
        match token.class {
            Class::Unknown => Some(Trust::Bare),
            _ if token.corrected => Some(Trust::Bare),
            // `the internet` is no file; `"internet"` is, and so is a word in a text.
            Class::Common
                if self == Self::Text || token.raw.starts_with(char::is_uppercase) && token.span.start > 0 =>
            {
                Some(Trust::Bare)
            }
            Class::Common => Some(Trust::Placed),
            // `all` is no text to look for.
            Class::Light if self == Self::Text && token.is(c::ALL) => None,
            // A capital inside a sentence makes a name of any word, but for `PID` and `IPs`.
            Class::Content | Class::Light | Class::Weak
                if token.span.start > 0 && token.raw.starts_with(char::is_uppercase) && !is_acronym(&token.raw) =>
            {
                Some(Trust::Bare)
            }
            Class::Content | Class::Light | Class::Weak
                if !token.text.contains(' ') && !token.is(c::UP) && !asks(token) =>
            {
                Some(Trust::Placed)
            }
            _ => None,
        }
    }

    /// True for a value that fits, but another kind would fit better: quotes for a path, `src/lib` for a file.
    pub(super) fn is_odd(self, token: &Token) -> bool {
        let has_extension = has_extension(&token.raw);
        match (self, token.shape) {
            (Self::Path | Self::Paths | Self::File | Self::AnyFile | Self::Folder, Shape::Quoted) => true,
            (Self::File | Self::AnyFile, Shape::Path | Shape::Word) => !has_extension,
            (Self::Folder, Shape::Path | Shape::FileName) | (Self::RemotePath, _) => has_extension,
            (Self::Url, shape) => shape != Shape::Url,
            _ => false,
        }
    }

    // A name of a manager behind names of packages says who installs them.
    pub(super) fn is_other(self, token: &Token) -> bool {
        self == Self::Packages && choice::named(Self::Manager, token).is_some()
    }

    fn has_ending(self, name: &str) -> bool {
        const TAR: [&str; 8] = [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst"];
        let name = name.to_ascii_lowercase();
        let is_tar = TAR.iter().any(|ending| name.ends_with(ending));
        match self {
            Self::Zip => [".zip", ".jar", ".epub"].iter().any(|ending| name.ends_with(ending)),
            Self::Tar => is_tar,
            Self::PlainTar => name.rsplit('.').next() == Some("tar"),
            Self::Gz => !is_tar && name.rsplit('.').next() == Some("gz"),
            Self::Csv => name.rsplit('.').next() == Some("csv"),
            Self::Json => matches!(name.rsplit('.').next(), Some("json" | "jsonl" | "ndjson" | "geojson")),
            Self::Yaml => matches!(name.rsplit('.').next(), Some("yaml" | "yml")),
            Self::Xml => matches!(name.rsplit('.').next(), Some("xml" | "rss" | "svg" | "xhtml" | "xsd")),
            Self::Listing => {
                const ENDINGS: [&str; 10] =
                    ["txt", "toml", "json", "yml", "yaml", "lock", "list", "config", "brewfile", "gemfile"];
                name.rsplit(['.', '/']).next().is_some_and(|ending| ENDINGS.contains(&ending))
            }
            Self::Installer => {
                const ENDINGS: [&str; 10] = [
                    ".deb",
                    ".rpm",
                    ".whl",
                    ".apk",
                    ".snap",
                    ".flatpakref",
                    ".flatpak",
                    ".gem",
                    ".pkg.tar.zst",
                    ".msix",
                ];
                ENDINGS.iter().any(|ending| name.ends_with(ending))
            }
            Self::Certificate => [".crt", ".pem", ".cer"].iter().any(|ending| name.ends_with(ending)),
            _ => false,
        }
    }
}

// `the folder 2024`, `into 2024`; `the 5 newest` are counted.
fn may_be_numbered(tokens: &[Token], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        let token = &tokens[before];
        token.class == Class::Cue
            || token.text == "and"
            || [c::FILE, c::FOLDER, c::NAMED].iter().any(|noun| token.is(*noun)) && !token.raw.ends_with('s')
            || matches!(
                token.raw.as_str(),
                "cd" | "mkdir" | "rmdir" | "rm" | "touch" | "cat" | "folders" | "directories"
            )
    }) || tokens[at].pause
}

fn is_acronym(word: &str) -> bool {
    let letters = word.strip_suffix('s').unwrap_or(word);
    // `HOME` is a variable.
    letters.len() <= 3 && letters.chars().all(char::is_uppercase)
}

fn is_version(raw: &str) -> bool {
    let figures = raw.strip_prefix(['v', 'V']).unwrap_or(raw);
    figures.starts_with(|c: char| c.is_ascii_digit())
        && figures.chars().all(|c| c.is_ascii_alphanumeric() || "._-+~:".contains(c))
}

// Verbs of asking are no names, wherever they stand.
fn asks(token: &Token) -> bool {
    matches!(token.text.as_str(), "show" | "print" | "display" | "tell" | "see")
}
