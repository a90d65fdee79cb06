//! One JSON line, of bounded length, on a stream.

use std::io::{self, BufRead as _, BufReader, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

// The longest honest line is the longest path Linux has, with each character of it escaped.
const LONGEST: u64 = 16 * 1024;

/// Reads one line.
pub(super) fn read<T: DeserializeOwned>(stream: impl Read) -> io::Result<T> {
    let mut line = Vec::new();
    BufReader::new(stream.take(LONGEST)).read_until(b'\n', &mut line)?;
    if line.last() != Some(&b'\n') {
        let (kind, reason) = match line.len() as u64 {
            LONGEST => (io::ErrorKind::InvalidData, "the line is too long"),
            _ => (io::ErrorKind::UnexpectedEof, "the line has no end"),
        };
        return Err(io::Error::new(kind, reason));
    }
    serde_json::from_slice(&line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Writes one line.
pub(super) fn write(mut stream: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    stream.flush()
}
