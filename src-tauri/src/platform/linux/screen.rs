//! A terminal that shows GNU screen: the text is stuffed into the window in front.
//!
//! `stuff` takes its argument apart (`^M` would run the line, `$HOME` would be filled in), so all three signs it knows are
//! escaped; a test sends them all through a real one.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::{self, Process, Table};
use crate::platform::program;

const NAME: &str = "screen";
// screen keeps a command in 768 bytes; escaping at most doubles this.
const PIECE: usize = 256;

/// The window a client shows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    session: u32,
    number: String,
    sockets: Option<OsString>,
    /// The first process in it.
    pub(super) root: Option<u32>,
}

/// The window that the client shows which has the keyboard of a terminal device.
pub(super) fn window(front: &[&Process]) -> Option<Window> {
    let client = front.iter().find(|process| process.name == NAME)?;
    let terminal = fs::read_link(format!("/proc/{}/fd/0", client.id)).ok()?;
    let table = Table::read();
    // The server holds the terminal of each client it draws on; it has none of its own.
    let servers = table.0.iter().filter(|process| process.name == NAME && process.terminal == 0);
    let session = servers.map(|process| process.id).find(|server| holds(*server, &terminal))?;
    let sockets = process::variable(client.id, "SCREENDIR");
    let mut window = Window { session, number: String::new(), sockets, root: None };
    let answer = ask(&window, &["-Q", "number"]).ok()?;
    // `0 (bash)`
    answer.split_ascii_whitespace().next()?.clone_into(&mut window.number);
    let children = table.0.iter().filter(|process| process.parent == session);
    let shown = |id: &u32| process::variable(*id, "WINDOW").is_some_and(|number| number == window.number.as_str());
    window.root = children.map(|process| process.id).find(shown);
    Some(window)
}

/// Puts `line` into the window.
pub(super) fn stuff(window: &Window, line: &str) -> io::Result<()> {
    let stuff = |piece: &str| ask(window, &["-p", &window.number, "-X", "stuff", &escaped(piece)]);
    let pieces = pieces(line);
    stuff(pieces[0])?;
    for piece in &pieces[1..] {
        // Some of the line is there already, which is as bad as not knowing.
        stuff(piece).map_err(|error| io::Error::new(io::ErrorKind::TimedOut, error))?;
    }
    Ok(())
}

fn ask(window: &Window, arguments: &[&str]) -> io::Result<String> {
    let mut command = Command::new(NAME);
    if let Some(folder) = &window.sockets {
        command.env("SCREENDIR", folder);
    }
    let session = window.session.to_string();
    let mut words = vec![OsStr::new("-S"), OsStr::new(&session)];
    words.extend(arguments.iter().map(OsStr::new));
    program::run_with(command, &words, b"")
}

fn holds(process: u32, terminal: &Path) -> bool {
    let open = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    open.filter_map(|entry| fs::read_link(entry.path()).ok()).any(|file: PathBuf| file == terminal)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '^' | '$') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn pieces(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while text.len() > PIECE {
        let (piece, rest) = text.split_at(text.floor_char_boundary(PIECE));
        pieces.push(piece);
        text = rest;
    }
    pieces.push(text);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_that_screen_obeys_is_escaped() {
        assert_eq!(escaped(r"echo ^M $HOME \015 é"), r"echo \^M \$HOME \\015 é");
    }

    #[test]
    fn a_long_line_goes_in_pieces_that_are_text() {
        let line = "é x".repeat(200);
        let pieces = pieces(&line);
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(pieces.concat(), line);
        assert_eq!(super::pieces(""), [""]);
    }
}
