//! The model files of this user: a record for each, and the files Caro downloaded itself.
//!
//! A record is one small JSON file beside the model file, so that two processes that add two models do not get in each other's way.

use std::fs;
use std::io;
use std::path::{self, Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

use super::catalog::{Catalog, Entry, near};
use super::digest::sha256_of;
use super::error::Error;
use super::header::architecture;
use super::hub::{Cached, Hub};
use crate::storage::{private_folder, replace};

const RECORD: &str = "json";
const SPEED: &str = "speed";

/// The folder of model files. Nothing is created before something is put in it.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A model on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    /// The name it has here.
    #[serde(skip)]
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What it was when it came.
    pub sha256: String,
    /// How it came.
    pub origin: Origin,
    /// `llama`, `qwen2` or `qwen3`.
    pub architecture: String,
}

/// How a model came here. It decides what removing one means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Caro downloaded it, and may delete it.
    Downloaded,
    /// The hub's own tools downloaded it.
    Cached,
    /// The user pointed at it.
    Added,
}

/// What a removal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// The file is gone.
    Deleted(PathBuf),
    /// The file was not Caro's, and is where it was.
    Forgotten(PathBuf),
}

/// How fast a model was on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    /// Tokens read in a second.
    pub prefill_tok_s: f64,
    /// Tokens written in a second.
    pub decode_tok_s: f64,
}

impl Installed {
    /// Whether the file is still there, in its full length.
    pub fn is_there(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|file| file.is_file() && file.len() == self.size)
    }
}

impl Store {
    /// The store in `folder`, which need not be there.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every model that has a record, by name. A record that cannot be read counts as none: the file is left alone, and pulling or
    /// adding it again writes a new one.
    pub fn installed(&self) -> Vec<Installed> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<Installed> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == RECORD))
            .filter_map(|path| self.record(path.file_stem()?.to_str()?))
            .collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    /// The model of that name.
    ///
    /// # Errors
    /// When it is not on this machine, or there is none of that name at all.
    pub fn find(&self, id: &str) -> Result<Installed, Error> {
        if let Some(installed) = self.record(id) {
            return Ok(installed);
        }
        if Catalog::embedded().entry(id).is_ok() {
            return Err(Error::Missing { id: id.to_owned() });
        }
        let installed = self.installed();
        let known = Catalog::embedded().entries().iter().map(|entry| entry.id.as_str());
        let near = near(id, known.chain(installed.iter().map(|model| model.id.as_str())));
        Err(Error::Unknown { id: id.to_owned(), near })
    }

    /// The model of that name; one the hub's own tools have downloaded is taken over where it lies.
    ///
    /// # Errors
    /// As for [`Store::find`], and when what lies there is no model.
    pub fn find_or_take(&self, id: &str, hub: &Hub, cancel: &AtomicBool) -> Result<Installed, Error> {
        let missing = match self.find(id) {
            Err(missing @ Error::Missing { .. }) => missing,
            found => return found,
        };
        let entry = Catalog::embedded().entry(id)?;
        match hub.cached(entry) {
            Some(cached) => self.take(entry, cached, cancel),
            None => Err(missing),
        }
    }

    /// Records a file of the hub's own tools.
    pub(super) fn take(&self, entry: &Entry, cached: Cached, cancel: &AtomicBool) -> Result<Installed, Error> {
        let Cached { path, size, sha256 } = cached;
        let architecture = architecture(&path)?;
        let sha256 = match sha256 {
            Some(sha256) => sha256,
            None => sha256_of(&path, cancel, &mut |_| {})?,
        };
        if let Some(known) = entry.sha256.as_ref().filter(|known| **known != sha256) {
            return Err(Error::Damaged { path, known: known.clone(), found: sha256 });
        }
        self.keep(Installed { id: entry.id.clone(), path, size, sha256, origin: Origin::Cached, architecture })
    }

    /// Records a model file of the user's, where it lies. `progress` hears how many bytes of it have been read.
    ///
    /// # Errors
    /// When it is no model that can be run, or cannot be read.
    pub fn add(&self, file: &Path, cancel: &AtomicBool, progress: &mut dyn FnMut(u64)) -> Result<Installed, Error> {
        let path = path::absolute(file).map_err(Error::file(file))?;
        let size = fs::metadata(&path).map_err(Error::file(file))?.len();
        let architecture = architecture(&path)?;
        let sha256 = sha256_of(&path, cancel, progress)?;
        let id = self.name_for(&path);
        self.keep(Installed { id, path, size, sha256, origin: Origin::Added, architecture })
    }

    /// Forgets a model, and deletes its file when Caro downloaded it.
    ///
    /// # Errors
    /// When there is none, or its files cannot be deleted.
    pub fn remove(&self, id: &str) -> Result<Removed, Error> {
        let installed = self.find(id)?;
        let ours = installed.origin == Origin::Downloaded && installed.path == self.model_file(id);
        if ours {
            delete(&installed.path)?;
            self.delete_parts(id, None)?;
        }
        delete(&self.file(id, SPEED))?;
        delete(&self.file(id, RECORD))?;
        Ok(if ours { Removed::Deleted(installed.path) } else { Removed::Forgotten(installed.path) })
    }

    /// How much of a model has come in a download that was stopped.
    pub fn begun(&self, id: &str) -> u64 {
        self.parts(id).iter().filter_map(|part| Some(fs::metadata(part).ok()?.len())).sum()
    }

    /// Deletes what has come of a model in a download that was stopped.
    ///
    /// # Errors
    /// When it cannot be deleted.
    pub fn give_up(&self, id: &str) -> Result<(), Error> {
        self.delete_parts(id, None)
    }

    /// Reads a model's file and compares it with what it was when it came.
    ///
    /// # Errors
    /// When it is not the same, or cannot be read.
    pub fn verify(&self, id: &str, cancel: &AtomicBool, progress: &mut dyn FnMut(u64)) -> Result<Installed, Error> {
        let installed = self.find(id)?;
        let found = sha256_of(&installed.path, cancel, progress)?;
        if found == installed.sha256 {
            return Ok(installed);
        }
        Err(Error::Damaged { path: installed.path, known: installed.sha256, found })
    }

    /// How fast a model was when it was measured.
    pub fn speed(&self, id: &str) -> Option<Speed> {
        serde_json::from_slice(&fs::read(self.file(id, SPEED)).ok()?).ok()
    }

    /// Keeps how fast a model was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_speed(&self, id: &str, speed: Speed) -> Result<(), Error> {
        self.write(&self.file(id, SPEED), &speed)
    }

    pub(super) fn keep(&self, installed: Installed) -> Result<Installed, Error> {
        self.write(&self.file(&installed.id, RECORD), &installed)?;
        Ok(installed)
    }

    /// Where the file of a model Caro downloads is.
    pub(super) fn model_file(&self, id: &str) -> PathBuf {
        self.file(id, "gguf")
    }

    /// Where it is while it comes. The hash is in the name, so that no part of one file is ever continued with another.
    pub(super) fn part_file(&self, id: &str, sha256: &str) -> PathBuf {
        self.file(id, &format!("{sha256}.part"))
    }

    /// Held while a model is pulled.
    pub(super) fn lock_file(&self, id: &str) -> PathBuf {
        self.file(id, "lock")
    }

    /// Deletes what came of earlier downloads of a model, but for `kept`.
    pub(super) fn delete_parts(&self, id: &str, kept: Option<&Path>) -> Result<(), Error> {
        self.parts(id).iter().filter(|part| kept != Some(part)).try_for_each(|part| delete(part))
    }

    fn parts(&self, id: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let is_part = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            let hash = name.and_then(|name| name.strip_prefix(id)?.strip_prefix('.')?.strip_suffix(".part"));
            hash.is_some_and(|hash| hash.len() == 64)
        };
        entries.map(|entry| entry.path()).filter(is_part).collect()
    }

    fn file(&self, id: &str, suffix: &str) -> PathBuf {
        self.folder.join(format!("{id}.{suffix}"))
    }

    fn record(&self, id: &str) -> Option<Installed> {
        // What a user writes as a name must not lead out of the folder.
        if !id.chars().all(is_of_a_name) {
            return None;
        }
        let installed: Installed = serde_json::from_slice(&fs::read(self.file(id, RECORD)).ok()?).ok()?;
        Some(Installed { id: id.to_owned(), ..installed })
    }

    fn write(&self, file: &Path, value: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(value).map_err(|error| Error::file(file)(io::Error::other(error)))?;
        private_folder(&self.folder).and_then(|()| replace(file, &text)).map_err(Error::file(file))
    }

    /// The name a file of the user's gets: the file's own, as far as a name can have it. The one it has already, when it was added
    /// before; never that of another model.
    fn name_for(&self, path: &Path) -> String {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
        let clean: String = stem.chars().map(|c| if is_of_a_name(c) { c } else { '-' }).collect();
        let clean = match clean.trim_matches(['-', '.']) {
            "" | "none" => "model",
            clean => clean,
        };
        let taken =
            |id: &str| Catalog::embedded().entry(id).is_ok() || self.record(id).is_some_and(|model| model.path != path);
        let numbered = (2..).map(|number| format!("{clean}-{number}"));
        std::iter::once(clean.to_owned()).chain(numbered).find(|id| !taken(id)).expect("numbers do not end")
    }
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_')
}

fn delete(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(path)(error)),
        _ => Ok(()),
    }
}
