//! Files that belong to this user alone: private folders, atomic replacement, setting aside, SQLite with migrations.
//!
//! Invariant: nothing a user may have written is deleted or overwritten half-way; a file Caro cannot read is renamed and
//! the new name handed back, so that the caller can say it. What is in the files is their owners' business.

mod database;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

pub use database::{Database, DatabaseError, Schema};

/// Why a file was set aside. Part of the new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// It does not read as what it should be.
    Corrupt,
    /// A newer Caro wrote it.
    Newer,
}

impl Defect {
    const fn name(self) -> &'static str {
        match self {
            Self::Corrupt => "corrupt",
            Self::Newer => "newer",
        }
    }
}

/// Makes one of Caro's folders (and those above it), and lets only this user enter it.
///
/// # Errors
/// When it cannot be made, or something else has its name.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        if fs::metadata(folder)?.mode() & 0o077 != 0 {
            // Somebody else's folder (a shared mount) may refuse; the files in it are private all the same.
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
        }
    }
    Ok(())
}

/// Opens a file for writing, made with mode 0600 when it is not there. Its content is left alone.
///
/// # Errors
/// As for any file.
pub fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Takes a file or socket from everybody but this user. Does nothing where the file system has no modes.
///
/// # Errors
/// As for any change of permissions.
pub fn make_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let _ = path;
    Ok(())
}

/// Replaces a file in one step: whoever reads it sees the old content or the new, also after a power cut.
///
/// # Errors
/// When the folder cannot be written or is full; the old file is then untouched.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = with_suffix(path, &format!("new-{}", std::process::id()));
    let written = write_synced(&fresh, content).and_then(|()| fs::rename(&fresh, path));
    if written.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    written
}

fn write_synced(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = private_file(path)?;
    // A leftover of a process with the same id that was killed here may be longer.
    file.set_len(0)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Renames a file Caro cannot use to `<name>.<defect>-<seconds>` in the same folder and returns the new name.
///
/// # Errors
/// When the folder cannot be written.
pub fn set_aside(path: &Path, defect: Defect, now: SystemTime) -> io::Result<PathBuf> {
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
    let wanted = with_suffix(path, &format!("{}-{seconds}", defect.name()));
    let mut aside = wanted.clone();
    let mut attempt = 1;
    while aside.exists() {
        attempt += 1;
        aside = with_suffix(&wanted, &attempt.to_string());
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// The files [`set_aside`] made of `path`, oldest name first. Empty when the folder cannot be read.
pub fn files_set_aside(path: &Path) -> Vec<PathBuf> {
    let Some(folder) = path.parent() else { return Vec::new() };
    let Some(name) = path.file_name() else { return Vec::new() };
    let prefixes = [Defect::Corrupt, Defect::Newer].map(|defect| format!("{}.{}-", name.display(), defect.name()));
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            prefixes.iter().any(|prefix| name.to_string_lossy().starts_with(prefix))
        })
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// `path` with `.suffix` after its whole name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacing_leaves_the_new_content_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        replace(&file, b"a long first content").unwrap();
        replace(&file, b"short").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"short");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_failed_replacement_keeps_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("settings.toml");
        fs::create_dir(&taken).unwrap();
        fs::write(taken.join("inside"), "x").unwrap();
        assert!(replace(&taken, b"content").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_files_set_aside_in_one_second_are_both_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("history.sqlite3");
        let now = UNIX_EPOCH + std::time::Duration::from_secs(7);
        for content in ["one", "two"] {
            fs::write(&file, content).unwrap();
            set_aside(&file, Defect::Corrupt, now).unwrap();
        }
        let kept: Vec<_> = files_set_aside(&file).iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        assert_eq!(kept, ["one", "two"]);
        assert!(!file.exists());
    }
}
