//! Where a command is meant to run. [`Context::detect`] is the only reader of the environment in the engine.

pub(crate) mod programs;

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::shell::Shell;

pub use programs::Programs;

/// Operating system of the machine a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Os {
    /// Linux with GNU tools.
    Linux,
    /// macOS with its BSD tools.
    MacOs,
    /// Windows.
    Windows,
}

impl Os {
    /// Every system.
    pub const ALL: [Self; 3] = [Self::Linux, Self::MacOs, Self::Windows];

    /// The name used in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::MacOs => "macos",
            Self::Windows => "windows",
        }
    }

    /// The shell a new user of the system finds.
    pub const fn usual_shell(self) -> Shell {
        match self {
            Self::Linux => Shell::Bash,
            Self::MacOs => Shell::Zsh,
            Self::Windows => Shell::PowerShell,
        }
    }

    /// The system this program was built for.
    #[must_use]
    pub const fn current() -> Self {
        if cfg!(target_os = "windows") {
            Self::Windows
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            Self::Linux
        }
    }
}

/// What a proposer and the judge may know about the place a command will run in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Context {
    /// Syntax the command has to be written in.
    pub shell: Shell,
    /// Which flavour of tools is there.
    pub os: Os,
    /// Working directory of the terminal, when known.
    pub cwd: Option<PathBuf>,
    /// The user's home folder, when known.
    pub home: Option<PathBuf>,
    /// True when the command would run as root or an administrator. Raises risk, never lowers it.
    pub elevated: bool,
    /// True when the terminal is one of another machine, reached through SSH. Raises risk, never lowers it.
    pub remote: bool,
    /// True when commands are for this machine and this user, so that their files may be looked at.
    pub local: bool,
    /// The repository around the working folder, when looked for.
    pub repository: Option<Repository>,
    /// The cluster `kubectl` talks to, when looked for: the name of the current context.
    pub cluster: Option<String>,
    /// The programs there are, when commands are for this machine.
    pub programs: Option<Programs>,
}

/// A git repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// The folder that has `.git` in it.
    pub root: PathBuf,
    /// The branch that is checked out; none when it is no branch, or was not looked for.
    pub branch: Option<String>,
}

impl Context {
    /// A context with nothing known but shell and system; what tests and `batch` start from.
    #[must_use]
    pub const fn new(shell: Shell, os: Os) -> Self {
        Self {
            shell,
            os,
            cwd: None,
            home: None,
            elevated: false,
            remote: false,
            local: false,
            repository: None,
            cluster: None,
            programs: None,
        }
    }

    /// Reads the environment of this process: `SHELL`, `PATH`, the working directory, the home folder, the user.
    #[must_use]
    pub fn detect() -> Self {
        let os = Os::current();
        let shell = match os {
            Os::Windows => os.usual_shell(),
            Os::Linux | Os::MacOs => std::env::var("SHELL")
                .ok()
                .and_then(|path| Shell::from_program(path.rsplit('/').next().unwrap_or_default()))
                .unwrap_or(os.usual_shell()),
        };
        let home = etcetera::home_dir().ok();
        let path = std::env::var_os("PATH");
        Self {
            shell,
            os,
            cwd: std::env::current_dir().ok(),
            programs: path.map(|path| Programs::of_path(&path, home.as_deref())),
            home,
            elevated: is_root(),
            remote: ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some()),
            local: true,
            ..Self::new(shell, os)
        }
    }

    /// Whether a command for this machine would not find a program; false when nobody knows.
    #[must_use]
    pub fn lacks(&self, program: &str) -> bool {
        self.programs.as_ref().is_some_and(|programs| !programs.has(program))
    }

    /// The same context with what only some commands are about, for `command`: the repository around the working folder,
    /// its branch, the current cluster. Reads a few small files, and none for a context that is not of this machine.
    #[must_use]
    pub fn around(&self, command: &str) -> Self {
        let mut context = self.clone();
        if self.local {
            let mentions =
                |names: &[&str]| command.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| names.contains(&word));
            context.repository = self.cwd.as_deref().and_then(|cwd| repository(cwd, mentions(&["git", "gh", "hub"])));
            if mentions(&["kubectl", "helm", "oc", "kustomize", "flux", "argocd"]) {
                context.cluster = kube_configs(self.home.as_deref()).iter().find_map(|file| current_cluster(file));
            }
        }
        context
    }
}

/// Whether the processes of this one have all rights; a container often sets no `USER`.
fn is_root() -> bool {
    #[cfg(target_os = "linux")]
    if let Ok(process) = fs::metadata("/proc/self") {
        return std::os::unix::fs::MetadataExt::uid(&process) == 0;
    }
    std::env::var("USER").is_ok_and(|user| user == "root")
}

// A head is one line; whatever is longer is none.
const LONGEST_HEAD: u64 = 4 * 1024;
// The file of somebody with a hundred clusters, certificates included, has 500 kB.
const LONGEST_KUBE_CONFIG: u64 = 4 * 1024 * 1024;

fn repository(cwd: &Path, with_branch: bool) -> Option<Repository> {
    let root = cwd.ancestors().find(|folder| folder.join(".git").exists())?;
    let branch = with_branch.then(|| branch(&root.join(".git"))).flatten();
    Some(Repository { root: root.to_owned(), branch })
}

fn branch(git: &Path) -> Option<String> {
    // In a worktree or a submodule `.git` is a file that says where the folder is.
    let folder = if git.is_file() {
        let text = head_of(git, LONGEST_HEAD)?;
        git.parent()?.join(text.trim().strip_prefix("gitdir:")?.trim_start())
    } else {
        git.to_owned()
    };
    let head = head_of(&folder.join("HEAD"), LONGEST_HEAD)?;
    head.trim_end().strip_prefix("ref: refs/heads/").map(str::to_owned)
}

fn kube_configs(home: Option<&Path>) -> Vec<PathBuf> {
    match std::env::var_os("KUBECONFIG").filter(|list| !list.is_empty()) {
        Some(list) => std::env::split_paths(&list).collect(),
        None => home.map(|home| home.join(".kube/config")).into_iter().collect(),
    }
}

/// The key stands at the start of a line of its own in every file `kubectl` writes; no need for all of YAML.
fn current_cluster(file: &Path) -> Option<String> {
    let text = head_of(file, LONGEST_KUBE_CONFIG)?;
    let value = text.lines().find_map(|line| line.strip_prefix("current-context:"))?;
    let name = value.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// The start of a plain file; a pipe or a device under that name would make us wait.
fn head_of(path: &Path, most: u64) -> Option<String> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(cwd: &Path) -> Context {
        Context {
            cwd: Some(cwd.to_owned()),
            home: Some(cwd.to_owned()),
            local: true,
            ..Context::new(Shell::Bash, Os::Linux)
        }
    }

    #[test]
    fn the_branch_is_read_for_git_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("src/deep");
        fs::create_dir_all(&inner).unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/release/1.2\n").unwrap();
        let root = folder.path().to_owned();
        let of = |command: &str| here(&inner).around(command).repository;
        assert_eq!(of("ls"), Some(Repository { root: root.clone(), branch: None }));
        assert_eq!(of("git push"), Some(Repository { root, branch: Some("release/1.2".to_owned()) }));
        assert_eq!(Context { local: false, ..here(&inner) }.around("git push").repository, None);
        fs::write(folder.path().join(".git/HEAD"), "0123456789abcdef\n").unwrap();
        assert_eq!(of("git push").and_then(|repository| repository.branch), None);
    }

    #[test]
    fn a_worktree_has_its_head_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real/.git/worktrees/tree");
        let tree = folder.path().join("tree");
        fs::create_dir_all(&real).unwrap();
        fs::create_dir(&tree).unwrap();
        fs::write(tree.join(".git"), format!("gitdir: {}\n", real.display())).unwrap();
        fs::write(real.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        let repository = here(&tree).around("git status").repository.unwrap();
        assert_eq!((repository.root, repository.branch.as_deref()), (tree, Some("main")));
    }

    #[test]
    fn the_current_cluster_is_read_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config");
        for (text, cluster) in [
            ("apiVersion: v1\ncurrent-context: prod-eu\nclusters: []\n", Some("prod-eu")),
            ("current-context: \"staging\"\n", Some("staging")),
            ("users:\n  current-context: no\n", None),
            ("current-context: \n", None),
            ("", None),
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(current_cluster(&file).as_deref(), cluster, "{text:?}");
        }
        assert_eq!(current_cluster(folder.path()), None);
    }
}
