//! JSON lines from stdin: bounded in length, and no line stops the ones after it.

use std::io::{self, BufRead, BufReader, Read};

use caro::ErrorCode;
use serde::Serialize;
use serde_json::{Map, Value};

// Ten times the longest question anybody pastes; a line beyond it is skipped without being kept.
const LONGEST: usize = 1 << 20;

/// A line that cannot be answered, in the words of the contract.
#[derive(Debug, Serialize)]
pub(crate) struct LineError {
    id: Value,
    error: Reason,
}

#[derive(Debug, Serialize)]
struct Reason {
    code: ErrorCode,
    message: String,
}

impl LineError {
    pub(crate) fn new(id: Value, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { id, error: Reason { code, message: message.into() } }
    }
}

/// The fields of one line. Taking a field reports a wrong one under the line's id.
#[derive(Debug)]
pub(crate) struct Fields {
    pub(crate) id: Value,
    fields: Map<String, Value>,
}

impl Fields {
    fn read(line: &[u8]) -> Result<Self, LineError> {
        let refuse = |code, message: String| LineError::new(Value::Null, code, message);
        let text = std::str::from_utf8(line).map_err(|error| {
            let place = error.valid_up_to();
            refuse(ErrorCode::InvalidUtf8, format!("the line is not UTF-8 from byte {place} on"))
        })?;
        let mut fields: Map<String, Value> = serde_json::from_str(text)
            .map_err(|error| refuse(ErrorCode::InvalidJson, format!("the line is no JSON object: {error}")))?;
        let id = fields.remove("id").unwrap_or(Value::Null);
        Ok(Self { id, fields })
    }

    /// A text the line must have.
    pub(crate) fn required(&mut self, name: &'static str) -> Result<String, LineError> {
        self.optional(name)?.ok_or_else(|| {
            LineError::new(self.id.clone(), ErrorCode::MissingField, format!("the line has no {name:?}"))
        })
    }

    /// A text the line may have; `null` is none.
    pub(crate) fn optional(&mut self, name: &'static str) -> Result<Option<String>, LineError> {
        match self.fields.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => {
                let message = format!("{name:?} is no string");
                Err(LineError::new(self.id.clone(), ErrorCode::InvalidField, message))
            }
        }
    }

    /// A word out of a list the line may have.
    pub(crate) fn choice<T>(
        &mut self,
        name: &'static str,
        unknown: ErrorCode,
        named: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, LineError> {
        let Some(word) = self.optional(name)? else { return Ok(None) };
        named(&word).map(Some).ok_or_else(|| {
            let shown: String = word.chars().take(40).collect();
            LineError::new(self.id.clone(), unknown, format!("there is no {name} called {shown:?}"))
        })
    }
}

/// Reads one line after the other.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    first: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader: BufReader::with_capacity(1 << 16, reader), line: Vec::new(), first: true }
    }

    /// The next line, `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Result<Fields, LineError>>> {
        self.line.clear();
        let limit = LONGEST as u64 + 1;
        self.reader.by_ref().take(limit).read_until(b'\n', &mut self.line)?;
        if self.line.is_empty() {
            return Ok(None);
        }
        if self.line.len() > LONGEST && self.line.last() != Some(&b'\n') {
            self.line = Vec::new();
            self.reader.skip_until(b'\n')?;
            let message = format!("the line is longer than {LONGEST} bytes");
            return Ok(Some(Err(LineError::new(Value::Null, ErrorCode::LineTooLong, message))));
        }
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        // PowerShell begins a pipe with a byte order mark.
        let line = if self.first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        self.first = false;
        Ok(Some(Fields::read(line)))
    }

    /// Whether the next line can be read without waiting for whoever writes it.
    pub(crate) fn has_next_ready(&self) -> bool {
        self.reader.buffer().contains(&b'\n')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(input: &[u8]) -> Vec<Result<Value, ErrorCode>> {
        let mut lines = Lines::new(input);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push(line.map(|fields| fields.id).map_err(|error| error.error.code));
        }
        seen
    }

    #[test]
    fn every_line_has_its_turn() {
        let long = "x".repeat(LONGEST + 1);
        let input = [
            b"\xef\xbb\xbf{\"id\":1}\r\n".as_slice(),
            b"\n",
            b"\xff\n",
            long.as_bytes(),
            b"\n",
            b"[1]\n",
            b"{\"id\":\"last\"}",
        ]
        .concat();
        assert_eq!(
            codes(&input),
            [
                Ok(Value::from(1)),
                Err(ErrorCode::InvalidJson),
                Err(ErrorCode::InvalidUtf8),
                Err(ErrorCode::LineTooLong),
                Err(ErrorCode::InvalidJson),
                Ok(Value::from("last")),
            ]
        );
    }
}
