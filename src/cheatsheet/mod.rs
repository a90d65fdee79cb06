//! The folder of a user's own intents, and other people's cheat sheets turned into such files.
//!
//! Invariant: nothing in the folder is ever changed but by an import, which writes a file of its own. A file that cannot be used
//! costs its own intents only, and is said.

mod draft;
mod navi;
mod tldr;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::ErrorCode;
use crate::matcher::Own;
use crate::notice::Notice;
use crate::storage;

use navi::from_navi;
use tldr::from_tldr;

// A cheat sheet of a megabyte is a mistake, and reading it would be felt at the first key.
const LARGEST_FILE: u64 = 1024 * 1024;
const MOST_FILES: usize = 200;

/// Why a cheat sheet could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing to import there.
    #[error("{path} has no cheat sheet in it")]
    Nothing {
        /// What was looked at.
        path: PathBuf,
    },
    /// It could not be read, or the result not written.
    #[error("cannot use {path}: {source}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Where cheat sheets come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// `.cheat` files of navi.
    Navi,
    /// Pages of tldr, as its clients cache them.
    Tldr,
}

impl Sheet {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Navi, Self::Tldr];

    /// The name used on the command line and in the name of the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Navi => "navi",
            Self::Tldr => "tldr",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Navi => "cheat",
            Self::Tldr => "md",
        }
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Commands in it.
    pub intents: usize,
    /// Commands that say nothing a question could be matched with, or that no question could fill in.
    pub left_out: usize,
}

/// The folder, and what it looked like when it was read last.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    seen: Option<Vec<(PathBuf, SystemTime, u64)>>,
}

impl Folder {
    /// The folder at `path`, which need not be there.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path, seen: None }
    }

    /// The intents in it, when they are others than at the last call, and what is wrong with some.
    pub fn load(&mut self) -> Option<(Own, Vec<Notice>)> {
        let found = toml_files(&self.path);
        if self.seen.as_ref() == Some(&found) || self.seen.is_none() && found.is_empty() {
            return None;
        }
        let mut notices = Vec::new();
        let mut texts = Vec::new();
        for (path, _, length) in &found {
            let read = if *length > LARGEST_FILE {
                Err(io::Error::other(format!("it is larger than {LARGEST_FILE} bytes")))
            } else {
                fs::read_to_string(path)
            };
            match read {
                Ok(text) => texts.push((path.display().to_string(), text)),
                Err(error) => {
                    let message = format!("cannot read {}: {error}", path.display());
                    notices.push(Notice::new(ErrorCode::IntentsUnreadable, message));
                }
            }
        }
        let (own, mistakes) = Own::compile(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        notices.extend(mistakes.into_iter().map(|mistake| Notice::new(ErrorCode::IntentsMistaken, mistake)));
        self.seen = Some(found);
        Some((own, notices))
    }
}

fn toml_files(folder: &Path) -> Vec<(PathBuf, SystemTime, u64)> {
    let mut files: Vec<_> = files_with("toml", folder)
        .into_iter()
        .filter_map(|path| {
            let data = fs::metadata(&path).ok()?;
            Some((path, data.modified().unwrap_or(SystemTime::UNIX_EPOCH), data.len()))
        })
        .collect();
    files.truncate(MOST_FILES);
    files
}

// The files of a folder with this extension, in the order of their names; links are followed, folders are not.
fn files_with(extension: &str, folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|known| known == extension) && path.is_file())
        .collect();
    files.sort();
    files
}

/// Turns the cheat sheets at `from` (a file, or a folder with everything below it) into one file of intents in `folder`.
///
/// # Errors
/// When there is none at `from`, or something cannot be read or written.
pub fn import(sheet: Sheet, from: &Path, folder: &Path) -> Result<Imported, Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::File { path, source }
    };
    let mut sheets = Vec::new();
    collect(sheet.extension(), from, 0, &mut sheets).map_err(failed(from))?;
    sheets.sort();
    let mut drafts = Vec::new();
    for path in &sheets {
        // A page that is no text is no page.
        let Ok(text) = fs::read_to_string(path) else { continue };
        drafts.extend(match sheet {
            Sheet::Navi => from_navi(&text),
            Sheet::Tldr => from_tldr(&text, path.components().any(|part| part.as_os_str() == "windows")),
        });
    }
    let all = drafts.len();
    let (texts, intents) = draft::files(sheet.name(), &from.display().to_string(), &drafts);
    if intents == 0 {
        return Err(Error::Nothing { path: from.to_owned() });
    }
    storage::private_folder(folder).map_err(failed(folder))?;
    let mut files = Vec::new();
    for (number, text) in (1..).zip(&texts) {
        let suffix = if number == 1 { String::new() } else { format!("-{number}") };
        let file = folder.join(format!("{}-{}{suffix}.toml", sheet.name(), name_of(from)));
        storage::replace(&file, text.as_bytes()).map_err(failed(&file))?;
        files.push(file);
    }
    Ok(Imported { files, intents, left_out: all - intents })
}

fn collect(extension: &str, path: &Path, depth: u32, found: &mut Vec<PathBuf>) -> io::Result<()> {
    const DEEPEST: u32 = 6;
    const MOST: usize = 20_000;
    if fs::metadata(path)?.is_file() {
        found.push(path.to_owned());
        return Ok(());
    }
    found.extend(files_with(extension, path));
    for entry in fs::read_dir(path)?.filter_map(Result::ok) {
        // Links may lead in circles.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth < DEEPEST && found.len() < MOST {
            collect(extension, &entry.path(), depth + 1, found)?;
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "all".to_owned() } else { name.to_owned() }
}
