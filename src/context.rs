//! Where a command is meant to run. [`Context::detect`] is the only reader of the environment in the engine.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::shell::Shell;

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
}

impl Context {
    /// A context with nothing known but shell and system; what tests and `batch` start from.
    #[must_use]
    pub const fn new(shell: Shell, os: Os) -> Self {
        Self { shell, os, cwd: None, home: None, elevated: false }
    }

    /// Reads the environment of this process: `SHELL`, the working directory, the home folder, the user.
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
        Self {
            shell,
            os,
            cwd: std::env::current_dir().ok(),
            home: etcetera::home_dir().ok(),
            elevated: std::env::var("USER").is_ok_and(|user| user == "root"),
        }
    }
}
