//! The words of a follow-up, read into a [`Wish`].

/// What is to be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// Folders below as well.
    Recursive,
    /// Only the folder itself.
    Flat,
    /// Only the first lines of what it prints.
    First(u32),
    /// Only the last ones.
    Last(u32),
    /// With the rights of root.
    AsRoot,
    /// With the rights of another user.
    AsUser(String),
    /// Without them.
    AsMe,
    /// In another place.
    In(String),
    /// Copied, not moved.
    Copy,
    /// Moved, not copied.
    Move,
    /// Into the trash, not deleted.
    Trash,
    /// Looked at, not done.
    Preview,
    /// How many lines it prints.
    Count,
    /// Hidden files as well.
    Hidden,
    /// Upper and lower case are the same.
    AnyCase,
    /// Sizes people can read.
    Readable,
    /// The largest first.
    BySize,
    /// The newest first.
    ByTime,
    /// The other way round.
    Reversed,
    /// It says what it does.
    Verbose,
    /// It asks before each file.
    Asking,
    /// Only files that end like this.
    Ending(String),
    /// Only files.
    Files,
    /// Only folders.
    Folders,
    /// What it prints goes into a file.
    Save(String),
    /// What it prints goes to the end of a file.
    Append(String),
}

/// A wish, and whether its words point back to something.
pub(super) struct Read {
    pub(super) wish: Wish,
    pub(super) points_back: bool,
}

// Words that carry nothing here. The first group points back, which no question of its own does.
const POINTING: &[&str] = &[
    "it", "them", "that", "those", "these", "this", "also", "now", "but", "and", "then", "instead", "too", "again",
    "same",
];
const EMPTY: &[&str] = &[
    "the", "a", "an", "please", "make", "do", "be", "run", "ok", "okay", "show", "me", "results", "result", "output",
    "can", "you", "with",
];

// Phrases as they are left when those are gone, longest meaning first where one holds another.
const PHRASES: &[(&str, Wish)] = &[
    ("recursive", Wish::Recursive),
    ("recursively", Wish::Recursive),
    ("in subfolders", Wish::Recursive),
    ("in all subfolders", Wish::Recursive),
    ("include subfolders", Wish::Recursive),
    ("including subfolders", Wish::Recursive),
    ("include subdirectories", Wish::Recursive),
    ("including subdirectories", Wish::Recursive),
    ("in subdirectories", Wish::Recursive),
    ("subfolders", Wish::Recursive),
    ("not recursive", Wish::Flat),
    ("not recursively", Wish::Flat),
    ("non-recursive", Wish::Flat),
    ("without subfolders", Wish::Flat),
    ("without subdirectories", Wish::Flat),
    ("only folder", Wish::Flat),
    ("only in folder", Wish::Flat),
    ("as root", Wish::AsRoot),
    ("as admin", Wish::AsRoot),
    ("as administrator", Wish::AsRoot),
    ("sudo", Wish::AsRoot),
    ("use sudo", Wish::AsRoot),
    ("as superuser", Wish::AsRoot),
    ("without sudo", Wish::AsMe),
    ("no sudo", Wish::AsMe),
    ("not as root", Wish::AsMe),
    ("without root", Wish::AsMe),
    ("copy", Wish::Copy),
    ("copy instead of moving", Wish::Copy),
    ("copy rather than move", Wish::Copy),
    ("copy not move", Wish::Copy),
    ("move", Wish::Move),
    ("move instead of copying", Wish::Move),
    ("move rather than copy", Wish::Move),
    ("trash", Wish::Trash),
    ("to trash", Wish::Trash),
    ("move to trash", Wish::Trash),
    ("use trash", Wish::Trash),
    ("trash instead of deleting", Wish::Trash),
    ("move to trash instead of deleting", Wish::Trash),
    ("preview", Wish::Preview),
    ("dry run", Wish::Preview),
    ("as dry run", Wish::Preview),
    ("without deleting", Wish::Preview),
    ("don't delete", Wish::Preview),
    ("do not delete", Wish::Preview),
    ("not delete", Wish::Preview),
    ("just list", Wish::Preview),
    ("only list", Wish::Preview),
    ("count", Wish::Count),
    ("just count", Wish::Count),
    ("only count", Wish::Count),
    ("how many", Wish::Count),
    ("how many are there", Wish::Count),
    ("include hidden files", Wish::Hidden),
    ("including hidden files", Wish::Hidden),
    ("include hidden ones", Wish::Hidden),
    ("including hidden ones", Wish::Hidden),
    ("hidden files", Wish::Hidden),
    ("hidden ones", Wish::Hidden),
    ("ignore case", Wish::AnyCase),
    ("ignoring case", Wish::AnyCase),
    ("case insensitive", Wish::AnyCase),
    ("case-insensitive", Wish::AnyCase),
    ("case insensitively", Wish::AnyCase),
    ("regardless of case", Wish::AnyCase),
    ("human readable", Wish::Readable),
    ("human-readable", Wish::Readable),
    ("human readable sizes", Wish::Readable),
    ("in human readable sizes", Wish::Readable),
    ("readable sizes", Wish::Readable),
    ("sort by size", Wish::BySize),
    ("sorted by size", Wish::BySize),
    ("by size", Wish::BySize),
    ("largest first", Wish::BySize),
    ("biggest first", Wish::BySize),
    ("sort by date", Wish::ByTime),
    ("sort by time", Wish::ByTime),
    ("sorted by date", Wish::ByTime),
    ("sorted by time", Wish::ByTime),
    ("by date", Wish::ByTime),
    ("by time", Wish::ByTime),
    ("newest first", Wish::ByTime),
    ("latest first", Wish::ByTime),
    ("most recent first", Wish::ByTime),
    ("reverse", Wish::Reversed),
    ("reversed", Wish::Reversed),
    ("reverse order", Wish::Reversed),
    ("in reverse order", Wish::Reversed),
    ("other way round", Wish::Reversed),
    ("verbose", Wish::Verbose),
    ("verbosely", Wish::Verbose),
    ("more verbose", Wish::Verbose),
    ("ask first", Wish::Asking),
    ("ask before each", Wish::Asking),
    ("ask before each one", Wish::Asking),
    ("asking first", Wish::Asking),
    ("interactive", Wish::Asking),
    ("interactively", Wish::Asking),
    ("only files", Wish::Files),
    ("just files", Wish::Files),
    ("files only", Wish::Files),
    ("only folders", Wish::Folders),
    ("just folders", Wish::Folders),
    ("folders only", Wish::Folders),
    ("only directories", Wish::Folders),
    ("just directories", Wish::Folders),
    ("directories only", Wish::Folders),
];

/// Reads a follow-up; `None` when any of it is not understood.
pub(super) fn read(text: &str) -> Option<Read> {
    let all: Vec<&str> = text.split_whitespace().map(|word| word.trim_end_matches([',', '.', '!', '?', ';'])).collect();
    let lower = |word: &str| word.to_lowercase();
    // `root` and `instead` may be a part of a longer phrase that a table has, so that one is tried before words are taken out.
    let points_back =
        all.iter().any(|word| POINTING.contains(&&*lower(word)) || ["only", "just"].contains(&&*lower(word)));
    let said: Vec<&str> = all.into_iter().filter(|word| !word.is_empty()).collect();
    for dropped in [&[][..], &["instead"], &["instead", "moving", "copying", "deleting", "of"]] {
        let kept: Vec<&str> = said
            .iter()
            .copied()
            .filter(|word| {
                let word = lower(word);
                let empty = EMPTY.contains(&&*word) || POINTING.contains(&&*word) && word != "instead";
                !empty && !dropped.contains(&&*word)
            })
            .collect();
        let phrase = kept.join(" ").to_lowercase();
        if let Some((_, wish)) = PHRASES.iter().find(|(known, _)| *known == phrase) {
            // `copy` and `move` alone are the beginning of a question.
            let lone = kept.len() == said.len() && kept.len() == 1;
            let points_back = points_back || phrase.starts_with("as ");
            return (!lone || points_back || !matches!(wish, Wish::Copy | Wish::Move | Wish::Trash | Wish::Count))
                .then(|| Read { wish: wish.clone(), points_back });
        }
        if let Some(wish) = with_value(&kept) {
            let limits = matches!(wish, Wish::First(_) | Wish::Last(_) | Wish::AsUser(_) | Wish::Ending(_));
            return Some(Read { wish, points_back: points_back || limits });
        }
    }
    None
}

fn with_value(words: &[&str]) -> Option<Wish> {
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let lines = |rest: &[&str]| matches!(rest, [] | ["lines" | "line" | "ones" | "entries" | "of"]);
    Some(match lower.as_slice() {
        ["only" | "just", "last", count, rest @ ..] | ["last", count, rest @ ..] if lines(rest) => {
            Wish::Last(number(count)?)
        }
        ["only" | "just", "first" | "top", count, rest @ ..] | ["first" | "top", count, rest @ ..] if lines(rest) => {
            Wish::First(number(count)?)
        }
        ["only" | "just", count, rest @ ..] | ["limit", "to", count, rest @ ..]
            if lines(rest) && number(count).is_some() =>
        {
            Wish::First(number(count)?)
        }
        ["as", "user", _] | ["as", _] => Wish::AsUser(user(words.last()?)?),
        ["in" | "for" | "on" | "under" | "below" | "use", _] => Wish::In(place(words.last()?)?),
        ["in", "my", "home"] | ["in", "my", "home", "folder"] => Wish::In("~".to_owned()),
        ["only" | "just", ending, "files" | "ones"] | ["only" | "just", ending] => Wish::Ending(self::ending(ending)?),
        ["save" | "write" | "put", "to" | "in" | "into", _]
        | ["save" | "write" | "put", "to" | "in" | "into", "file", _] => Wish::Save(file(words.last()?)?),
        ["append" | "add", "to", _] | ["append" | "add", "to", "file", _] => Wish::Append(file(words.last()?)?),
        _ => return None,
    })
}

fn number(word: &str) -> Option<u32> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let spelled = (1..).zip(WORDS).find(|(_, known)| *known == word).map(|(number, _)| number);
    spelled.or_else(|| word.parse().ok()).filter(|number| (1..=1_000_000).contains(number))
}

fn user(word: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    let named = word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && word.chars().all(plain);
    named.then(|| word.to_owned())
}

/// Only what can be nothing but a path: `in python instead` is another matter.
fn place(word: &str) -> Option<String> {
    let word = unquoted(word);
    let is_path = word.starts_with(['/', '~', '.']) || word.len() > 1 && word.contains('/');
    match word {
        "home" => Some("~".to_owned()),
        "here" => Some(".".to_owned()),
        _ => is_path.then(|| word.to_owned()),
    }
}

fn file(word: &str) -> Option<String> {
    let word = unquoted(word);
    let is_file = word.contains(['.', '/']) && !word.ends_with('/');
    is_file.then(|| word.to_owned())
}

fn unquoted(word: &str) -> &str {
    let inside = |quote: char| word.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(word)
}

// Kinds of files by the ending they are called after.
const ENDINGS: [&str; 40] = [
    "pdf", "txt", "log", "md", "csv", "json", "xml", "yaml", "yml", "toml", "html", "css", "js", "ts", "py", "rs",
    "go", "c", "h", "cpp", "java", "rb", "php", "sh", "sql", "jpg", "jpeg", "png", "gif", "svg", "mp3", "mp4", "mkv",
    "zip", "gz", "tar", "docx", "xlsx", "bak", "tmp",
];

fn ending(word: &str) -> Option<String> {
    let bare = word.trim_start_matches("*.").trim_start_matches('.');
    let dotted = bare.len() < word.len();
    let plain = !bare.is_empty() && bare.len() <= 8 && bare.chars().all(|c| c.is_ascii_alphanumeric());
    (plain && (dotted || ENDINGS.contains(&bare))).then(|| bare.to_owned())
}
