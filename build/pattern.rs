//! Phrasings: `copy [file] {source} to|into {target}`.
//!
//! Words mean concepts; `a|b` is a choice; `[…]` may be missing; `{slot}` takes a value, its kind is the slot's name unless
//! `{slot:kind}` says otherwise; `{slot=a|b}` is there when the question has one of these words; `!word` is required although
//! it is a word that says little.

use super::words::{Class, Words};

/// Mirrors `matcher::knowledge::Element`.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Word {
        any: Vec<u16>,
        required: bool,
    },
    /// Any of these prepositions.
    Cue(Vec<u16>),
    Slot {
        slot: usize,
        kind: &'static str,
        /// The words it stands for, when its kind is [`WORDS`].
        words: Vec<u16>,
        required: bool,
    },
}

pub(crate) struct Pattern {
    pub(crate) elements: Vec<Element>,
    /// The phrasing with a value in every slot and without what may be missing.
    pub(crate) example: String,
}

pub(crate) struct SlotSpec {
    pub(crate) name: String,
    pub(crate) kind: &'static Kind,
}

/// Kinds whose values may be several words, by their names in Rust without what is between brackets.
const SPANNING: &[&str] = &[
    "Age",
    "Argv",
    "Bits",
    "Clock",
    "CommandLine",
    "Date",
    "Endings",
    "Expression",
    "Header",
    "Hex",
    "Measure",
    "Packages",
    "Paths",
    "Pids",
    "Ports",
    "Rate",
    "Rest",
    "Schedule",
    "Time",
    "Weekday",
    "Zone",
];

/// Whether a value of a kind may be several words.
pub(crate) fn spans(rust: &str) -> bool {
    SPANNING.contains(&rust.split('(').next().unwrap_or(rust))
}

/// A kind of value: its name in Rust and a value for examples.
pub(crate) struct Kind {
    pub(crate) names: &'static [&'static str],
    pub(crate) rust: &'static str,
    pub(crate) sample: &'static str,
}

pub(crate) const KINDS: &[Kind] = &[
    Kind { names: &["file"], rust: "File", sample: "notes.txt" },
    Kind { names: &["anyfile"], rust: "AnyFile", sample: "notes.txt" },
    Kind { names: &["folder"], rust: "Folder", sample: "src/lib" },
    Kind { names: &["quoted"], rust: "Quoted", sample: "\"some text\"" },
    Kind { names: &["csv"], rust: "Csv", sample: "table.csv" },
    Kind { names: &["json"], rust: "Json", sample: "table.json" },
    Kind { names: &["yaml"], rust: "Yaml", sample: "table.yaml" },
    Kind { names: &["xml"], rust: "Xml", sample: "table.xml" },
    Kind { names: &["zip"], rust: "Zip", sample: "pack.zip" },
    Kind { names: &["tar"], rust: "Tar", sample: "pack.tar.gz" },
    Kind { names: &["plaintar"], rust: "PlainTar", sample: "pack.tar" },
    Kind { names: &["gz"], rust: "Gz", sample: "notes.log.gz" },
    Kind { names: &["paths", "files", "folders"], rust: "Paths", sample: "notes.txt" },
    Kind {
        names: &["path", "dir", "source", "target", "output", "input", "link", "exclude"],
        rust: "Path",
        sample: "notes.txt",
    },
    Kind { names: &["archive"], rust: "Archive", sample: "notes.txt" },
    Kind { names: &["ext"], rust: "Extension", sample: ".txt" },
    Kind { names: &["size"], rust: "Size", sample: "100MB" },
    Kind { names: &["age"], rust: "Age", sample: "3 days" },
    Kind { names: &["count", "line", "column", "index", "from", "to", "angle"], rust: "Count", sample: "5" },
    Kind { names: &["port"], rust: "Port", sample: "8080" },
    Kind { names: &["host"], rust: "Host", sample: "example.com" },
    Kind { names: &["login"], rust: "Login", sample: "robin@example.com" },
    Kind { names: &["user", "group"], rust: "Name", sample: "robin" },
    Kind { names: &["text", "pattern", "old", "new", "message"], rust: "Text", sample: "\"some text\"" },
    Kind { names: &["rest"], rust: "Rest", sample: "\"some words\"" },
    Kind { names: &["key"], rust: "Key", sample: "foo" },
    Kind { names: &["pid"], rust: "Pid", sample: "4242" },
    Kind { names: &["url", "repo"], rust: "Url", sample: "https://example.com/a" },
    Kind {
        names: &[
            "name",
            "branch",
            "package",
            "service",
            "container",
            "image",
            "tag",
            "process",
            "remote",
            "commit",
            "variable",
            "command",
        ],
        rust: "Name",
        sample: "foo",
    },
    Kind { names: &["mode"], rust: "Mode", sample: "644" },
    Kind { names: &["date"], rust: "Date", sample: "2026-01-15" },
    Kind { names: &["number"], rust: "Number", sample: "42" },
    Kind { names: &["time"], rust: "Time", sample: "14:30" },
    Kind { names: &["weekday"], rust: "Weekday", sample: "friday" },
    Kind { names: &["zone"], rust: "Zone", sample: "Oslo" },
    Kind { names: &["hex"], rust: "Hex", sample: "ff3a" },
    Kind { names: &["bits"], rust: "Bits", sample: "1010" },
    Kind { names: &["expression"], rust: "Expression", sample: "17 * 23" },
    Kind { names: &["packages"], rust: "Packages", sample: "htop" },
    Kind { names: &["manager"], rust: "Manager", sample: "apt" },
    Kind { names: &["tool"], rust: "Manager", sample: "npm" },
    Kind { names: &["language"], rust: "Language", sample: "python" },
    Kind { names: &["ecosystem"], rust: "Language", sample: "ruby" },
    Kind { names: &["unit"], rust: "Unit", sample: "snap" },
    Kind { names: &["listing"], rust: "Listing", sample: "packages.txt" },
    Kind { names: &["version"], rust: "Version", sample: "1.2.3" },
    Kind { names: &["installer"], rust: "Installer", sample: "./tool.deb" },
    Kind { names: &["signal"], rust: "Signal", sample: "sigusr1" },
    Kind { names: &["priority"], rust: "Priority", sample: "warnings" },
    Kind { names: &["pids"], rust: "Pids", sample: "4242" },
    Kind { names: &["ip"], rust: "Ip", sample: "192.0.2.1" },
    Kind { names: &["picture"], rust: "Ending(Ending::Picture)", sample: "photo.png" },
    Kind { names: &["video"], rust: "Ending(Ending::Video)", sample: "clip.mp4" },
    Kind { names: &["audio"], rust: "Ending(Ending::Audio)", sample: "song.mp3" },
    Kind { names: &["recording"], rust: "Ending(Ending::Recording)", sample: "clip.mp4" },
    Kind { names: &["pdf"], rust: "Ending(Ending::Pdf)", sample: "paper.pdf" },
    Kind { names: &["office"], rust: "Ending(Ending::Office)", sample: "letter.docx" },
    Kind { names: &["database", "db"], rust: "Ending(Ending::Database)", sample: "shop.db" },
    Kind { names: &["sql"], rust: "Ending(Ending::Sql)", sample: "query.sql" },
    Kind { names: &["sevenzip"], rust: "Ending(Ending::SevenZip)", sample: "pack.7z" },
    Kind { names: &["rar"], rust: "Ending(Ending::Rar)", sample: "pack.rar" },
    Kind { names: &["bzip"], rust: "Ending(Ending::Bzip)", sample: "notes.log.bz2" },
    Kind { names: &["xz"], rust: "Ending(Ending::Xz)", sample: "notes.log.xz" },
    Kind { names: &["zstd"], rust: "Ending(Ending::Zstd)", sample: "notes.log.zst" },
    Kind { names: &["pictureformat"], rust: "Format(Ending::Picture)", sample: "png" },
    Kind { names: &["videoformat"], rust: "Format(Ending::Video)", sample: "mp4" },
    Kind { names: &["audioformat"], rust: "Format(Ending::Audio)", sample: "mp3" },
    Kind { names: &["dimension"], rust: "Measure(Measure::Dimension)", sample: "800x600" },
    Kind { names: &["percent"], rust: "Measure(Measure::Percent)", sample: "50%" },
    Kind { names: &["moment"], rust: "Measure(Measure::Moment)", sample: "00:01:30" },
    Kind { names: &["pages"], rust: "Measure(Measure::Pages)", sample: "2-5" },
    Kind { names: &["bitrate"], rust: "Measure(Measure::Bitrate)", sample: "192k" },
    Kind { names: &["markup"], rust: "Ending(Ending::Markup)", sample: "notes.md" },
    Kind { names: &["published"], rust: "Ending(Ending::Published)", sample: "book.epub" },
    Kind { names: &["publishedformat"], rust: "Format(Ending::Published)", sample: "docx" },
    Kind { names: &["officeformat"], rust: "Format(Ending::Office)", sample: "docx" },
    Kind { names: &["recordingformat"], rust: "Format(Ending::Recording)", sample: "wav" },
    Kind { names: &["pdffiles"], rust: "Endings(Ending::Pdf)", sample: "a.pdf b.pdf" },
    Kind { names: &["subtitle"], rust: "Ending(Ending::Subtitle)", sample: "clip.srt" },
    Kind { names: &["identifier", "table"], rust: "Identifier", sample: "people" },
    Kind { names: &["query"], rust: "Quoted", sample: "\"some text\"" },
    Kind { names: &["diskimage"], rust: "Ending(Ending::DiskImage)", sample: "tools.dmg" },
    Kind { names: &["yml"], rust: "Ending(Ending::Yaml)", sample: "site.yml" },
    Kind { names: &["interval"], rust: "Measure(Measure::Seconds)", sample: "10 seconds" },
    Kind { names: &["lines"], rust: "Measure(Measure::Lines)", sample: "720p" },
    Kind { names: &["factor"], rust: "Measure(Measure::Factor)", sample: "2x" },
    Kind { names: &["cidr"], rust: "Cidr", sample: "192.0.2.0/24" },
    Kind { names: &["remotepath"], rust: "RemotePath", sample: "robin@example.com:/srv/site" },
    Kind { names: &["remotefile"], rust: "RemoteFile", sample: "robin@example.com:/srv/notes.txt" },
    Kind { names: &["hostport"], rust: "HostPort", sample: "db.example.com:5432" },
    Kind { names: &["cert"], rust: "Certificate", sample: "server.crt" },
    Kind { names: &["header"], rust: "Header", sample: "\"X-Token: abc\"" },
    Kind { names: &["body"], rust: "Body", sample: "'{\"a\":1}'" },
    Kind { names: &["rate"], rust: "Rate", sample: "300k" },
    Kind { names: &["portlist"], rust: "Ports", sample: "20-25" },
    Kind { names: &["nic"], rust: "Interface", sample: "eth0" },
    Kind { names: &["device"], rust: "Device", sample: "/dev/sdb1" },
    Kind { names: &["assignment"], rust: "Assignment", sample: "REGION=north" },
    Kind { names: &["schedule"], rust: "Schedule", sample: "every monday at 7:15" },
    Kind { names: &["clock"], rust: "Clock", sample: "17:30" },
    Kind { names: &["commandline"], rust: "CommandLine", sample: "\"make all\"" },
    Kind { names: &["argv"], rust: "Argv", sample: "\"make all\"" },
    WORDS,
];

/// A slot that is given when the question has one of some words.
pub(crate) const WORDS: Kind = Kind { names: &["words"], rust: "Words", sample: "" };

pub(crate) fn kind(name: &str) -> Option<&'static Kind> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    KINDS.iter().find(|kind| kind.names.contains(&base))
}

/// Reads one phrasing; new slots are added to `slots`.
pub(crate) fn read(say: &str, slots: &mut Vec<SlotSpec>, lexicon: &mut dyn Words) -> Result<Pattern, String> {
    let spaced = say.replace('[', " [ ").replace(']', " ] ");
    let mut elements = Vec::new();
    let mut example: Vec<String> = Vec::new();
    let mut optional = false;
    let parts: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    while at < parts.len() {
        let part = parts[at];
        at += 1;
        match part {
            "[" if !optional => optional = true,
            "]" if optional => optional = false,
            "[" | "]" => return Err(format!("unbalanced `{part}` in `{say}`")),
            _ if part.starts_with('{') => {
                if let Some((name, words)) = part.trim_matches(['{', '}']).split_once('=') {
                    if !optional {
                        return Err(format!("`{part}` must be optional: what a question always has needs no slot"));
                    }
                    let words = words.split('|').map(|word| lexicon.literal(word)).collect();
                    let (slot, kind) = self::slot(&format!("{{{name}:words}}"), slots)?;
                    elements.push(Element::Slot { slot, kind: kind.rust, words, required: false });
                    continue;
                }
                let (slot, kind) = slot(part, slots)?;
                if !optional {
                    example.push(kind.sample.to_owned());
                }
                let words = Vec::new();
                elements.push(Element::Slot { slot, kind: kind.rust, words, required: !optional });
            }
            _ => {
                let run: Vec<&str> =
                    parts[at - 1..].iter().copied().take_while(|p| !p.contains(['{', '|', '[', ']', '!'])).collect();
                let (length, concepts) = match lexicon.phrase(&run) {
                    Some((length, concept)) => (length, vec![concept]),
                    None => (1, part.trim_start_matches('!').split('|').map(|word| lexicon.literal(word)).collect()),
                };
                if !optional {
                    let words = parts[at - 1..at - 1 + length].join(" ");
                    example.push(words.trim_start_matches('!').split('|').next().unwrap_or_default().to_owned());
                }
                at += length - 1;
                elements.extend(word(concepts, optional, part.starts_with('!'), lexicon));
            }
        }
    }
    if optional {
        return Err(format!("unbalanced `[` in `{say}`"));
    }
    if !elements.iter().any(|element| matches!(element, Element::Word { required: true, .. })) {
        return Err(format!("`{say}` has no word that tells it from others; mark one with `!`"));
    }
    Ok(Pattern { elements, example: example.join(" ") })
}

fn word(concepts: Vec<u16>, optional: bool, forced: bool, lexicon: &dyn Words) -> Option<Element> {
    // `is {host} up|alive`: a choice with a word that says nothing would always be met.
    let mut concepts = concepts;
    if concepts.iter().any(|concept| lexicon.class(*concept) != Class::Stop) {
        concepts.retain(|concept| lexicon.class(*concept) != Class::Stop);
    }
    let class = concepts.iter().map(|concept| lexicon.class(*concept)).max_by_key(|class| *class as u8)?;
    match class {
        Class::Stop => None,
        Class::Cue if !forced => Some(Element::Cue(concepts)),
        Class::Cue | Class::Weak => Some(Element::Word { any: concepts, required: forced }),
        Class::Light | Class::Content => Some(Element::Word { any: concepts, required: !optional }),
    }
}

// The kind of a slot is that of its first mention; a later `{slot:kind}` narrows it for one phrasing.
fn slot(part: &str, slots: &mut Vec<SlotSpec>) -> Result<(usize, &'static Kind), String> {
    let inner =
        part.strip_prefix('{').and_then(|p| p.strip_suffix('}')).ok_or_else(|| format!("`{part}` is no slot"))?;
    let (name, kind_name) = inner.split_once(':').map_or((inner, None), |(name, kind)| (name, Some(kind)));
    if let Some(at) = slots.iter().position(|slot| slot.name == name) {
        let kind = kind_name.map_or(Some(slots[at].kind), kind);
        return kind.map(|kind| (at, kind)).ok_or_else(|| format!("`{inner}` has no known kind"));
    }
    let kind = kind(kind_name.unwrap_or(name)).ok_or_else(|| format!("`{inner}` has no known kind"))?;
    slots.push(SlotSpec { name: name.to_owned(), kind });
    Ok((slots.len() - 1, kind))
}
