//! A terminal that shows a tmux client: the text goes through tmux, byte for byte, past every keyboard layout.
//!
//! The text goes through standard input. `send-keys -l` is not used: it eats a trailing `;`.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::process::Process;
use crate::platform::program;

const CLIENT: &str = "tmux: client";

/// The pane a client shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pane {
    socket: PathBuf,
    id: String,
    /// The first process in it.
    pub(super) root: Option<u32>,
}

/// The pane that the client shows which has the keyboard of a terminal device.
pub(super) fn pane(front: &[&Process]) -> Option<Pane> {
    let client = front.iter().find(|process| process.name == CLIENT)?;
    let socket = socket(client.id)?;
    let listed = run(&socket, &["list-clients", "-F", "#{client_pid} #{pane_id} #{pane_pid}"], b"");
    let listed = listed.ok()?;
    let rest = listed.lines().find_map(|line| line.strip_prefix(&format!("{} ", client.id)))?;
    let (id, root) = rest.split_once(' ')?;
    Some(Pane { socket, id: id.to_owned(), root: root.parse().ok() })
}

/// Puts `line` into the pane as one paste. A program that asked for bracketed pastes gets one.
pub(super) fn paste(pane: &Pane, line: &str) -> io::Result<()> {
    run(&pane.socket, &["load-buffer", "-b", "caro", "-"], line.as_bytes())?;
    run(&pane.socket, &["paste-buffer", "-p", "-d", "-b", "caro", "-t", &pane.id], b"")?;
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
    let mut words = vec![OsStr::new("-S"), socket.as_os_str()];
    words.extend(arguments.iter().map(OsStr::new));
    program::run("tmux", &words, input)
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
