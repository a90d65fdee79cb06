//! The key that turns the typed line into a command, in real shells in tmux: what stands at the prompt, and that nothing ran.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use caro_stage::app::{Program, program};
use caro_stage::wait_until;

/// A shell in a tmux of its own, with a home of its own.
struct Pane {
    socket: PathBuf,
    home: tempfile::TempDir,
    path: String,
}

impl Pane {
    /// `rc` is the shell's start file below its home, and what stands in it.
    fn start(shell: &str, (rc, text): (&str, &str)) -> Self {
        let caro = program(Program::Cli).unwrap();
        let home = tempfile::tempdir().unwrap();
        let path = format!("{}:/usr/bin:/bin", caro.parent().unwrap().display());
        let file = home.path().join(rc);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
        let pane = Self { socket: home.path().join("tmux"), home, path };
        // Wide enough that nothing these tests look for is wrapped.
        pane.tmux(&["-f", "/dev/null", "new-session", "-d", "-x", "200", "-y", "50", shell]);
        pane.tmux(&["set-option", "-s", "escape-time", "0"]);
        pane.wait("the prompt", |screen| screen.trim() == "ready>", shell);
        pane
    }

    fn tmux(&self, arguments: &[&str]) -> Output {
        let mut tmux = Command::new("tmux");
        tmux.env_clear().env("PATH", &self.path).env("HOME", self.home.path()).env("TERM", "xterm-256color");
        tmux.env("LC_ALL", "C.UTF-8");
        tmux.current_dir(self.home.path());
        let output = tmux.arg("-u").arg("-S").arg(&self.socket).args(arguments).output().unwrap();
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    fn type_text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    fn key(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn screen(&self) -> String {
        String::from_utf8(self.tmux(&["capture-pane", "-p"]).stdout).unwrap()
    }

    fn wait(&self, what: &str, done: impl Fn(&str) -> bool, doing: &str) {
        let mut last = String::new();
        let waited = wait_until(what, || {
            last = self.screen();
            Ok(done(&last).then_some(()))
        });
        assert!(waited.is_ok(), "{what} after {doing:?}:\n{last}");
    }

    /// The line at the last prompt.
    fn prompt(&self) -> Option<String> {
        let screen = self.screen();
        let line = screen.lines().rev().find_map(|line| line.strip_prefix("ready> "))?;
        Some(line.trim_end().to_owned())
    }

    fn wait_prompt(&self, expected: &str, doing: &str) {
        let mut last = None;
        let waited = wait_until("the prompt", || {
            last = self.prompt();
            Ok((last.as_deref() == Some(expected)).then_some(()))
        });
        assert!(waited.is_ok(), "{doing}: {last:?} instead of {expected:?} in\n{}", self.screen());
    }
}

impl Drop for Pane {
    fn drop(&mut self) {
        // The shell goes with its server.
        let _ = Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output();
    }
}

fn the_key_works(shell: &str, rc: (&str, &str)) {
    let pane = Pane::start(shell, rc);
    pane.type_text("make a folder called \"é b\"");
    pane.key("M-j");
    pane.wait_prompt("mkdir -p 'é b'", "a question");
    // It is said what it is, the cursor stands at the end, and nothing has run.
    pane.wait("the risk", |screen| screen.contains("caution"), "a question");
    pane.type_text(" x");
    pane.wait_prompt("mkdir -p 'é b' x", "typing on");
    assert!(!pane.home.path().join("é b").exists());
    // The answer is a line like any other: Enter is the user's.
    pane.key("Enter");
    wait_until("the folder", || Ok(pane.home.path().join("é b").is_dir().then_some(()))).unwrap();
    // What nobody knows, and what must not be run, leave the line as it was.
    for question in ["frobnicate the quux", "delete everything on this machine"] {
        pane.type_text(question);
        pane.key("M-j");
        pane.wait(
            "what is said about it",
            |screen| screen.contains("confident") || screen.contains("blocked"),
            question,
        );
        pane.wait_prompt(question, question);
        pane.key("C-u");
        pane.type_text("clear");
        pane.key("Enter");
        pane.wait("an empty screen", |screen| screen.trim() == "ready>", "clear");
    }
    // Nothing to ask, nothing to do.
    pane.key("M-j");
    pane.type_text("zq");
    pane.wait_prompt("zq", "an empty line");
}

#[test]
fn in_bash() {
    the_key_works("bash -i", (".bashrc", "PS1='ready> '\neval \"$(caro init bash)\"\n"));
}

#[test]
fn in_zsh() {
    the_key_works("zsh -i", (".zshrc", "PROMPT='ready> '\neval \"$(caro init zsh)\"\n"));
}

#[test]
fn in_fish() {
    let rc = "set -g fish_greeting\nfunction fish_prompt; echo -n 'ready> '; end\ncaro init fish | source\n";
    the_key_works("fish -i", (".config/fish/config.fish", rc));
}
