//! kitty, told what to write by its remote control (<https://sw.kovidgoyal.net/kitty/remote-control/>), where the user turned
//! that on: `allow_remote_control` and `listen_on` in `kitty.conf`.

use std::ffi::{OsStr, OsString};
use std::io;

use serde::Deserialize;

use super::process::{self, Table};
use crate::platform::program;

/// The part of a kitty window that has the keyboard; kitty calls it a window, in a tab, in a window of the system.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pane {
    address: OsString,
    id: u64,
    /// The first process in it.
    pub(super) root: u32,
}

#[derive(Deserialize)]
struct SystemWindow {
    platform_window_id: Option<u64>,
    tabs: Vec<Tab>,
}

#[derive(Deserialize)]
struct Tab {
    #[serde(default)]
    is_active: bool,
    active_window_history: Vec<u64>,
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Window {
    id: u64,
    pid: u32,
    #[serde(default)]
    is_active: bool,
}

/// The pane in front of the system's window `window`, when kitty answers.
pub(super) fn pane(table: &Table, root: u32, window: u64) -> Option<Pane> {
    // It tells its address to what it starts.
    let mut children = table.0.iter().filter(|process| process.parent == root);
    let address = children.find_map(|child| process::variable(child.id, "KITTY_LISTEN_ON"))?;
    let listed = ask(&address, &["ls"], b"").ok()?;
    let (id, root) = front(&listed, window)?;
    Some(Pane { address, id, root })
}

/// Sends `line` to the pane. By the standard input, since an argument is read as a Python string.
pub(super) fn send(pane: &Pane, line: &str) -> io::Result<()> {
    let chosen = format!("id:{}", pane.id);
    ask(&pane.address, &["send-text", "--match", &chosen, "--stdin"], line.as_bytes()).map(drop)
}

fn front(listed: &str, window: u64) -> Option<(u64, u32)> {
    let windows: Vec<SystemWindow> = serde_json::from_str(listed).ok()?;
    let system = windows.iter().find(|known| known.platform_window_id == Some(window))?;
    let tab = match &system.tabs[..] {
        [only] => only,
        several => several.iter().find(|tab| tab.is_active)?,
    };
    // Older ones keep the order in which their windows were chosen, and say no more.
    let last = tab.active_window_history.last().copied();
    let marked = || tab.windows.iter().find(|known| known.is_active);
    let chosen = tab.windows.iter().find(|known| Some(known.id) == last);
    marked().or(chosen).map(|known| (known.id, known.pid))
}

fn ask(address: &OsStr, arguments: &[&str], input: &[u8]) -> io::Result<String> {
    let mut words = vec![OsStr::new("@"), OsStr::new("--to"), address];
    words.extend(arguments.iter().map(OsStr::new));
    // `kitten` is a program of its own, and starts in a tenth of the time; kitty has had it since 0.28.
    match program::run("kitten", &words, input) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => program::run("kitty", &words, input),
        answered => answered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pane_in_front_is_found_by_the_number_of_its_window() {
        let listed = r#"[
            {"id": 1, "platform_window_id": 7, "tabs": [
                {"id": 1, "active_window_history": [1], "windows": [{"id": 1, "pid": 100}]}]},
            {"id": 2, "platform_window_id": 8, "tabs": [
                {"id": 2, "is_active": false, "active_window_history": [2], "windows": [{"id": 2, "pid": 200}]},
                {"id": 3, "is_active": true, "active_window_history": [4, 3], "windows": [
                    {"id": 3, "pid": 300, "cwd": "/"}, {"id": 4, "pid": 400}]}]},
            {"id": 3, "platform_window_id": null, "tabs": []}]"#;
        assert_eq!(front(listed, 7), Some((1, 100)));
        assert_eq!(front(listed, 8), Some((3, 300)));
        assert_eq!(front(listed, 9), None);
        assert_eq!(front("no list", 7), None);
        let marked = listed.replace(r#""id": 4, "pid": 400"#, r#""id": 4, "pid": 400, "is_active": true"#);
        assert_eq!(front(&marked, 8), Some((4, 400)));
    }
}
