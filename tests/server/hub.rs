//! A hub with one model file, and a script of what happens to those who ask for it.
#![allow(dead_code, reason = "each test binary that includes it uses a part")]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use sha2::{Digest as _, Sha256};

use super::server::{Asked, Server, head, stall};

/// What happens to one request for the file.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// It gets what it asked for.
    Give,
    /// It gets this many bytes, and the connection ends.
    Cut(usize),
    /// It gets this many bytes, and then nothing.
    Stall(usize),
    /// It gets everything from the start, whatever it asked for.
    Whole,
    /// It gets another status, with a header.
    Say(u16, &'static str, String),
    /// It is told of this many bytes.
    Announce(usize),
    /// It gets some bytes more than there are.
    More,
    /// It gets other bytes of the same length.
    Swap,
}

/// What the hub says of its file.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) content: Vec<u8>,
    /// What it says the SHA-256 is.
    pub(crate) sha256: String,
    /// What it says the size is.
    pub(crate) size: u64,
}

impl Shelf {
    pub(crate) fn of(content: Vec<u8>) -> Self {
        Self { sha256: sha256(&content), size: content.len() as u64, content }
    }
}

pub(crate) fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The smallest file that says what it is, and noise behind it.
pub(crate) fn gguf(architecture: &str, length: usize) -> Vec<u8> {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let mut file = [
        &b"GGUF"[..],
        &3_u32.to_le_bytes(),
        &0_u64.to_le_bytes(),
        &1_u64.to_le_bytes(),
        &text("general.architecture"),
        &8_u32.to_le_bytes(),
        &text(architecture),
    ]
    .concat();
    let mut noise = 1_u32;
    while file.len() < length {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        file.push(noise.to_be_bytes()[0]);
    }
    file
}

/// A hub that gives its file itself. Requests after the end of the script get what they ask for.
pub(crate) fn hub(shelf: Shelf, script: impl IntoIterator<Item = Act>) -> Server {
    let script = Mutex::new(script.into_iter().collect::<VecDeque<_>>());
    let shelf = Arc::new(shelf);
    Server::start(move |asked, stream| {
        if asked.method == "HEAD" {
            let size = shelf.size.to_string();
            // As the hub does: its own answer names the hash, and sends on.
            let headers = [
                ("x-linked-etag", format!("\"{}\"", shelf.sha256)),
                ("x-linked-size", size),
                ("location", "https://elsewhere.invalid/blob".to_owned()),
                ("content-length", "7".to_owned()),
            ];
            head(stream, 302, &headers);
        } else {
            let act = script.lock().expect("no test panics with it").pop_front().unwrap_or(Act::Give);
            give(&shelf.content, &act, asked, stream);
        }
    })
}

/// Answers one request for the file.
pub(crate) fn give(content: &[u8], act: &Act, asked: &Asked, stream: &mut TcpStream) {
    let wanted = asked.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let from: usize = if matches!(act, Act::Whole) { 0 } else { wanted.unwrap_or(0) };
    let rest = &content[from.min(content.len())..];
    let length = match act {
        Act::Announce(length) => *length,
        Act::More => content.len() + 10 - from,
        _ => rest.len(),
    };
    if let Act::Say(status, name, value) = act {
        return head(stream, *status, &[(name, value.clone()), ("content-length", "0".to_owned())]);
    }
    let length = ("content-length", length.to_string());
    if from > 0 {
        let range = format!("bytes {from}-{}/{}", content.len() - 1, content.len());
        head(stream, 206, &[length, ("content-range", range)]);
    } else if matches!(act, Act::More) {
        // Without a length there is nothing that says when to stop.
        head(stream, 200, &[]);
    } else {
        head(stream, 200, &[length]);
    }
    let _ = match act {
        Act::Cut(count) => stream.write_all(&rest[..*count]),
        Act::Stall(count) => stream.write_all(&rest[..*count]).map(|()| stall(stream)),
        Act::More => stream.write_all(&[rest, b"0123456789"].concat()),
        Act::Swap => stream.write_all(&rest.iter().map(|byte| byte ^ 1).collect::<Vec<_>>()),
        _ => stream.write_all(rest),
    };
}
