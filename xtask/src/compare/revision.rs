//! Another revision of the sources, beside this one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::workshop;
use crate::program::{command, output, run};

/// Sources that are gone when it is dropped; what was built of them stays for the next time.
pub(super) struct Revision {
    pub(super) folder: PathBuf,
}

impl Revision {
    /// Checks out a revision under a name of its own.
    pub(super) fn check_out(revision: &str, name: &str) -> Result<Self> {
        let id = output(command("", &format!("git rev-parse --verify --quiet {revision}^{{commit}}")));
        let id = id.with_context(|| format!("git knows no revision {revision}"))?;
        let folder = workshop().join(name);
        fs::create_dir_all(workshop())?;
        remove(&folder);
        let mut add = command("", "git worktree add --quiet --force --detach");
        add.arg(&folder).arg(id);
        run(add)?;
        Ok(Self { folder })
    }
}

impl Drop for Revision {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

fn remove(folder: &Path) {
    if folder.exists() {
        let mut remove = command("", "git worktree remove --force");
        remove.arg(folder);
        // What cannot be removed now is removed before the next one.
        drop(run(remove));
    }
    drop(run(command("", "git worktree prune")));
}
