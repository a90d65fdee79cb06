//! Which programs there are: folders, and a look into them for one name at a time. Nothing is listed, nothing remembered.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folders programs are looked for in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Programs {
    folders: Arc<[PathBuf]>,
}

// Where programs lie that a terminal finds and a desktop session, or a user without all rights, does not: what is there is
// never said to be missing.
const BESIDES: &[&str] = &[
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/snap/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/sbin",
    "/opt/local/bin",
    "/home/linuxbrew/.linuxbrew/bin",
    "/var/lib/flatpak/exports/bin",
    "/run/current-system/sw/bin",
    "/nix/var/nix/profiles/default/bin",
];
const BESIDES_AT_HOME: &[&str] = &[
    "bin",
    ".local/bin",
    ".cargo/bin",
    "go/bin",
    ".nix-profile/bin",
    ".bun/bin",
    ".deno/bin",
    ".asdf/shims",
    "scoop/shims",
];

impl Programs {
    /// Programs in these folders.
    pub fn of(folders: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { folders: folders.into_iter().filter(|folder| folder.is_absolute()).collect() }
    }

    /// Programs of a search path (`PATH`), and of where they are usually installed.
    pub(super) fn of_path(path: &OsStr, home: Option<&Path>) -> Self {
        let besides = BESIDES.iter().map(PathBuf::from);
        let at_home = home.into_iter().flat_map(|home| BESIDES_AT_HOME.iter().map(move |folder| home.join(folder)));
        Self::of(std::env::split_paths(path).chain(besides).chain(at_home))
    }

    /// Whether a program is there, by its name alone.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let found = |file: &Path| file.metadata().is_ok_and(|known| is_program(&known));
        self.folders.iter().any(|folder| {
            let file = folder.join(name);
            found(&file) || ENDINGS.iter().any(|ending| found(&folder.join(format!("{name}{ending}"))))
        })
    }
}

#[cfg(windows)]
const ENDINGS: &[&str] = &[".exe", ".cmd", ".bat", ".com", ".ps1"];
#[cfg(not(windows))]
const ENDINGS: &[&str] = &[];

#[cfg(unix)]
fn is_program(file: &std::fs::Metadata) -> bool {
    file.is_file() && std::os::unix::fs::PermissionsExt::mode(&file.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
fn is_program(file: &std::fs::Metadata) -> bool {
    file.is_file()
}

/// Makes a program that does nothing.
#[cfg(test)]
pub(crate) fn make(folder: &Path, name: &str) {
    std::fs::write(folder.join(name), "").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(folder.join(name), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_program_is_a_file_that_may_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("plain"), "").unwrap();
        make(path, "program");
        fs::create_dir(path.join("folder")).unwrap();
        std::os::unix::fs::symlink("program", path.join("link")).unwrap();
        std::os::unix::fs::symlink("gone", path.join("broken")).unwrap();
        let programs = Programs::of([PathBuf::from("relative"), path.join("no-such"), path.to_owned()]);
        for (name, there) in
            [("program", true), ("link", true), ("plain", false), ("folder", false), ("broken", false), ("none", false)]
        {
            assert_eq!(programs.has(name), there, "{name}");
        }
    }

    #[test]
    fn what_lies_at_home_is_there_without_a_path_to_it() {
        let home = tempfile::tempdir().unwrap();
        let bin = home.path().join(".cargo/bin");
        fs::create_dir_all(&bin).unwrap();
        make(&bin, "frobctl");
        assert!(Programs::of_path(OsStr::new(""), Some(home.path())).has("frobctl"));
        assert!(!Programs::of_path(OsStr::new(""), None).has("frobctl"));
    }
}
