//! `WezTerm`, told what to write by its command line (<https://wezterm.org/cli/cli/>).

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Command;

use serde::Deserialize;

use super::process::{self, Table};
use crate::platform::program;

const SOCKET: &str = "WEZTERM_UNIX_SOCKET";

/// The pane that has the keyboard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pane {
    socket: OsString,
    id: u64,
    /// The device of its terminal, like `/dev/pts/3`.
    pub(super) device: Option<String>,
}

#[derive(Deserialize)]
struct Client {
    pid: u32,
    focused_pane_id: Option<u64>,
}

#[derive(Deserialize)]
struct Listed {
    pane_id: u64,
    tty_name: Option<String>,
}

/// The pane in front of the window system's program `root`, when it answers.
pub(super) fn pane(table: &Table, root: u32) -> Option<Pane> {
    let mut inside = table.descendants(root).into_iter();
    let socket = inside.find_map(|child| process::variable(child.id, SOCKET))?;
    let clients = ask(&socket, &["list-clients", "--format", "json"], b"").ok()?;
    let id = focused(&clients, root)?;
    let panes = ask(&socket, &["list", "--format", "json"], b"").ok()?;
    Some(Pane { socket, id, device: device(&panes, id) })
}

/// Sends `line` to the pane as one paste.
pub(super) fn send(pane: &Pane, line: &str) -> io::Result<()> {
    ask(&pane.socket, &["send-text", "--pane-id", &pane.id.to_string()], line.as_bytes()).map(drop)
}

fn focused(clients: &str, root: u32) -> Option<u64> {
    let clients: Vec<Client> = serde_json::from_str(clients).ok()?;
    clients.iter().find(|client| client.pid == root)?.focused_pane_id
}

fn device(panes: &str, id: u64) -> Option<String> {
    let panes: Vec<Listed> = serde_json::from_str(panes).ok()?;
    panes.into_iter().find(|pane| pane.pane_id == id)?.tty_name
}

fn ask(socket: &OsStr, arguments: &[&str], input: &[u8]) -> io::Result<String> {
    let mut command = Command::new("wezterm");
    command.env(SOCKET, socket);
    // Without this it would start a server where none answers.
    let mut words = vec![OsStr::new("cli"), OsStr::new("--no-auto-start")];
    words.extend(arguments.iter().map(OsStr::new));
    program::run_with(command, &words, input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pane_is_the_one_its_window_has_in_front() {
        let clients = r#"[
            {"username": "u", "hostname": "h", "pid": 50, "focused_pane_id": 3, "workspace": "default"},
            {"username": "u", "hostname": "h", "pid": 60, "focused_pane_id": null}]"#;
        assert_eq!((focused(clients, 50), focused(clients, 60), focused(clients, 70)), (Some(3), None, None));
        let panes = r#"[{"window_id": 0, "tab_id": 0, "pane_id": 3, "tty_name": "/dev/pts/4", "cwd": "file://h/src"},
            {"pane_id": 5}]"#;
        assert_eq!(device(panes, 3).as_deref(), Some("/dev/pts/4"));
        assert_eq!((device(panes, 5), device("nothing", 3)), (None, None));
    }
}
