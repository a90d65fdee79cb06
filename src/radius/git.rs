//! Which files git knows: those in the index of the repository they lie in. What was changed since is lost all the same, so
//! this only ever says that something is not there.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix_index::decode::Options;
use gix_index::{File, hash};

// A path and a few words.
const LONGEST_POINTER: u64 = 8 << 10;

// A hundred thousand files take 10 MB. More is nobody's project, and reading it would take longer than a person waits.
const LONGEST_INDEX: u64 = 64 << 20;

/// The repositories files were found in.
#[derive(Default)]
pub(super) struct Repositories {
    /// By folder.
    known: HashMap<PathBuf, Option<usize>>,
    opened: Vec<Repository>,
}

struct Repository {
    root: PathBuf,
    index: Option<File>,
}

impl Repositories {
    /// Whether git knows a file; `None` when it lies in no repository, or in one that cannot be read.
    pub(super) fn knows(&mut self, file: &Path) -> Option<bool> {
        let at = self.around(file.parent()?)?;
        let Repository { root, index } = &self.opened[at];
        let inside = file.strip_prefix(root).ok()?;
        // What git keeps for itself is in no repository.
        if inside.starts_with(".git") {
            return None;
        }
        let name: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Some(index.as_ref()?.entry_by_path(name.join("/").as_bytes().into()).is_some())
    }

    // The repository a folder lies in.
    fn around(&mut self, folder: &Path) -> Option<usize> {
        if let Some(known) = self.known.get(folder) {
            return *known;
        }
        let found = match index_of(folder) {
            Some(index) => {
                self.opened.push(Repository { root: folder.to_owned(), index: read(&index) });
                Some(self.opened.len() - 1)
            }
            None => folder.parent().and_then(|above| self.around(above)),
        };
        self.known.insert(folder.to_owned(), found);
        found
    }
}

// Where the index of the repository lies whose top a folder is.
fn index_of(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    let meta = fs::symlink_metadata(&git).ok()?;
    if !meta.is_file() {
        return Some(git.join("index"));
    }
    // A linked worktree or a submodule: the file says where the rest is.
    if meta.len() > LONGEST_POINTER {
        return None;
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(folder.join(text.strip_prefix("gitdir:")?.trim()).join("index"))
}

fn read(index: &Path) -> Option<File> {
    // A pipe in its place would be waited for.
    let meta = fs::metadata(index).ok()?;
    if !meta.is_file() || meta.len() > LONGEST_INDEX {
        return None;
    }
    let limits = Options { thread_limit: Some(1), alloc_limit_bytes: Some(1 << 30), ..Options::default() };
    // With its checksum: a damaged index would make files of a repository strangers to it.
    File::at(index, hash::Kind::Sha1, false, limits).ok()
}
