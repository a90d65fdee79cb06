//! A user with nothing but a home folder, and the program run as that user.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

use caro::paths::Paths;

/// A home folder that is gone after the test.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The folders the program uses in this home.
    pub(crate) fn paths(&self) -> Paths {
        let inside = |name: &str| self.folder.path().join(name).join("caro");
        Paths { config: inside("config"), data: inside("data"), cache: inside("cache"), runtime: inside("run") }
    }

    /// The program, not yet started.
    pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caro"));
        self.dress(&mut command);
        command.args(args);
        command
    }

    /// Makes any program one of this user's.
    pub(crate) fn dress(&self, command: &mut Command) {
        let home = self.folder.path();
        command.env_clear().current_dir(home).env("HOME", home);
        for (name, folder) in
            [("CONFIG_HOME", "config"), ("DATA_HOME", "data"), ("CACHE_HOME", "cache"), ("RUNTIME_DIR", "run")]
        {
            command.env(format!("XDG_{name}"), home.join(folder));
        }
        for kept in ["PATH", "SystemRoot"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
    }

    /// Runs the program to its end.
    pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(&self, args: &[S], stdin: &[u8]) -> Output {
        finish(&mut self.command(args), stdin)
    }

    /// The files of a folder by name.
    pub(crate) fn files(folder: &std::path::Path) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        files.sort();
        files
    }
}

impl Output {
    /// The error code of every line of stdout, empty for an answer.
    pub(crate) fn codes(&self) -> Vec<String> {
        let code = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            line["error"]["code"].as_str().unwrap_or_default().to_owned()
        };
        self.stdout.lines().map(code).collect()
    }
}

/// Runs a command to its end, feeding it as fast as it reads.
pub(crate) fn finish(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    let output = thread::scope(|scope| {
        // A program that ends without reading closes the pipe; that is its right.
        scope.spawn(move || input.write_all(stdin));
        child.wait_with_output().expect("the program ends")
    });
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Output { status: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}
