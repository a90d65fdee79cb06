//! What `caro init` brings, in real shells in tmux: the key that turns the typed line into a command (what stands at the prompt, and
//! that nothing ran), and the folder of the shell that the app is told.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    os::unix::net::UnixListener,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Arc, Mutex},
    thread,
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
    fn start(shell: &str, rc: (&str, &str)) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), shell, rc)
    }

    fn start_in(home: tempfile::TempDir, shell: &str, (rc, text): (&str, &str)) -> Self {
        let caro = program(Program::Cli).unwrap();
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

/// Plays the part of the app: what shells said, one line each.
fn listen(socket: &Path) -> Arc<Mutex<Vec<serde_json::Value>>> {
    fs::create_dir_all(socket.parent().unwrap()).unwrap();
    let listener = UnixListener::bind(socket).unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let said = Arc::clone(&heard);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            said.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            stream.write_all(b"{\"reply\":\"done\"}\n").unwrap();
        }
    });
    heard
}

fn the_folder_is_told(shell: &str, rc: (&str, &str)) {
    let home = tempfile::tempdir().unwrap();
    let heard = listen(&home.path().join(".local/share/caro/caro.sock"));
    let pane = Pane::start_in(home, shell, rc);
    let pid: u64 =
        String::from_utf8(pane.tmux(&["display-message", "-p", "#{pane_pid}"]).stdout).unwrap().trim().parse().unwrap();
    let tty = String::from_utf8(pane.tmux(&["display-message", "-p", "#{pane_tty}"]).stdout).unwrap();
    let wait = |folder: &Path| {
        let folder = folder.canonicalize().unwrap();
        let mut last = None;
        let waited = wait_until("the folder", || {
            last = heard.lock().unwrap().last().cloned();
            Ok(last.as_ref().filter(|last| last["folder"] == folder.to_str().unwrap()).cloned())
        });
        waited.unwrap_or_else(|_| panic!("{} instead of {}", last.unwrap_or_default(), folder.display()))
    };
    let said = wait(pane.home.path());
    assert_eq!(
        (&said["message"], said["pid"].as_u64(), said["tty"].as_str()),
        (&"here".into(), Some(pid), Some(tty.trim()))
    );
    for folder in ["a folder", "\u{e9} \"b\""] {
        fs::create_dir_all(pane.home.path().join(folder)).unwrap();
        pane.type_text(&format!("cd ~/'{folder}'"));
        pane.key("Enter");
        wait(&pane.home.path().join(folder));
    }
    // What changes no folder says nothing, and no job is heard of at the prompt.
    let before = heard.lock().unwrap().len();
    pane.type_text("clear; false");
    pane.key("Enter");
    pane.wait("an empty screen", |screen| screen.trim() == "ready>", "clear");
    pane.type_text("cd ~");
    pane.key("Enter");
    wait(pane.home.path());
    assert_eq!(heard.lock().unwrap().len(), before + 1, "{:?}", heard.lock().unwrap());
}

#[test]
fn the_app_is_told_the_folder_by_bash() {
    the_folder_is_told("bash -i", (".bashrc", "PS1='ready> '\neval \"$(caro init bash)\"\n"));
}

#[test]
fn the_app_is_told_the_folder_by_zsh() {
    the_folder_is_told("zsh -i", (".zshrc", "PROMPT='ready> '\neval \"$(caro init zsh)\"\n"));
}

#[test]
fn the_app_is_told_the_folder_by_fish() {
    let rc = "set -g fish_greeting\nfunction fish_prompt; echo -n 'ready> '; end\ncaro init fish | source\n";
    the_folder_is_told("fish -i", (".config/fish/config.fish", rc));
}
