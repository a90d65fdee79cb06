//! A terminal that shows a tmux client: the text goes through tmux, byte for byte, past every keyboard layout.
//!
//! `tmux` is the only program Caro ever runs, always with arguments of our own; the text goes through standard input.
//! `send-keys -l` is not used: it eats a trailing `;`.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::process::Table;
use super::x11::wait;
use crate::platform::Obstacle;

// tmux answers in 5 ms; a server that hangs must not take the popup with it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
const CLIENT: &str = "tmux: client";

/// The pane a client shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pane {
    socket: PathBuf,
    id: String,
}

/// The pane on the screen of the terminal whose process is `root`, when it is plain which one that is: a terminal with
/// several tabs or windows in one process has several terminal devices, and nothing says which of them is in front.
pub(super) fn pane(table: &Table, root: u32) -> Option<Pane> {
    let inside = table.descendants(root);
    let devices: BTreeSet<i32> = inside.iter().map(|process| process.terminal).filter(|device| *device != 0).collect();
    let client = inside.iter().find(|process| process.name == CLIENT)?;
    if devices.len() != 1 || !devices.contains(&client.terminal) {
        return None;
    }
    let socket = socket(client.id)?;
    let clients = run(&socket, &["list-clients", "-F", "#{client_pid} #{pane_id}"], b"").ok()?;
    let id = clients.lines().find_map(|line| line.strip_prefix(&format!("{} ", client.id)))?.to_owned();
    Some(Pane { socket, id })
}

/// Puts `line` into the pane as one paste. A program that asked for bracketed pastes gets one.
pub(super) fn paste(pane: &Pane, line: &str) -> Result<(), Obstacle> {
    let failed = |error: io::Error| Obstacle::Tmux(error.to_string());
    run(&pane.socket, &["load-buffer", "-b", "caro", "-"], line.as_bytes()).map_err(failed)?;
    run(&pane.socket, &["paste-buffer", "-p", "-d", "-b", "caro", "-t", &pane.id], b"").map_err(failed)?;
    Ok(())
}

/// The socket a running client talks to, from its own arguments and environment (tmux(1), `-L` and `-S`).
fn socket(client: u32) -> Option<PathBuf> {
    let folder = PathBuf::from(format!("/proc/{client}"));
    let owner = fs::metadata(&folder).ok()?.uid();
    let arguments = zero_terminated(&fs::read(folder.join("cmdline")).ok()?);
    let environment = zero_terminated(&fs::read(folder.join("environ")).ok()?);
    Some(named_socket(&arguments, &environment, owner))
}

fn named_socket(arguments: &[OsString], environment: &[OsString], owner: u32) -> PathBuf {
    let variable = |name: &str| environment.iter().find_map(|pair| pair.as_bytes().strip_prefix(name.as_bytes()));
    let options = &arguments[1.min(arguments.len())..];
    if let Some(path) = option(options, "-S") {
        return path.into();
    }
    let inherited = variable("TMUX=").and_then(|value| value.split(|byte| *byte == b',').next());
    if let (None, Some(path)) = (option(options, "-L"), inherited.filter(|path| !path.is_empty())) {
        return OsStr::from_bytes(path).into();
    }
    let folder = variable("TMUX_TMPDIR=").filter(|folder| !folder.is_empty()).unwrap_or(b"/tmp");
    let name = option(options, "-L").unwrap_or_else(|| "default".into());
    Path::new(OsStr::from_bytes(folder)).join(format!("tmux-{owner}")).join(name)
}

/// The value of an option written `-L name` or `-Lname`, among those before the first command.
fn option(arguments: &[OsString], name: &str) -> Option<OsString> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let bytes = argument.as_bytes();
        if !bytes.starts_with(b"-") {
            return None;
        }
        let takes_value = ["-c", "-f", "-L", "-S", "-T"].iter().any(|option| bytes == option.as_bytes());
        let value = if takes_value { rest.next() } else { None };
        if bytes == name.as_bytes() {
            return value.cloned();
        }
        if let Some(joined) = bytes.strip_prefix(name.as_bytes()) {
            return Some(OsStr::from_bytes(joined).to_owned());
        }
    }
    None
}

fn zero_terminated(bytes: &[u8]) -> Vec<OsString> {
    bytes
        .split(|byte| *byte == 0)
        .filter(|part| !part.is_empty())
        .map(|part| OsStr::from_bytes(part).to_owned())
        .collect()
}

/// Runs tmux on a socket; what it printed.
fn run(socket: &Path, arguments: &[&str], input: &[u8]) -> io::Result<String> {
    let mut child = Command::new("tmux")
        .arg("-S")
        .arg(socket)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let mut status = None;
    let ended = wait(ANSWERS_WITHIN, || {
        status = child.try_wait().ok().flatten();
        status.is_some()
    });
    if !ended {
        child.kill()?;
    }
    let output = child.wait_with_output()?;
    match status {
        Some(status) if status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Some(status) => Err(io::Error::other(format!("tmux {} ended with {status}", arguments[0]))),
        None => Err(io::Error::new(io::ErrorKind::TimedOut, "tmux did not answer")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &[&str]) -> Vec<OsString> {
        text.iter().map(OsString::from).collect()
    }

    #[test]
    fn the_socket_is_the_one_the_client_was_started_with() {
        for (arguments, environment, expected) in [
            (&["tmux"][..], &[][..], "/tmp/tmux-1000/default"),
            (&["tmux", "attach"], &["HOME=/root"], "/tmp/tmux-1000/default"),
            (&["tmux", "-L", "work", "attach"], &[], "/tmp/tmux-1000/work"),
            (&["tmux", "-Lwork"], &[], "/tmp/tmux-1000/work"),
            (&["tmux", "-f", "/dev/null", "-S", "/run/s"], &[], "/run/s"),
            (&["tmux", "new", "-L", "not-an-option-of-tmux"], &[], "/tmp/tmux-1000/default"),
            (&["tmux"], &["TMUX_TMPDIR=/run/user/1000"], "/run/user/1000/tmux-1000/default"),
            (&["tmux", "attach"], &["TMUX=/run/outer,12,0"], "/run/outer"),
            (&["tmux", "-L", "in", "attach"], &["TMUX=/run/outer,12,0"], "/tmp/tmux-1000/in"),
        ] {
            let socket = named_socket(&words(arguments), &words(environment), 1000);
            assert_eq!(socket, Path::new(expected), "{arguments:?} {environment:?}");
        }
    }
}
