//! Reads the source of one word of PowerShell or cmd into [`Piece`]s.
//!
//! A script block comes out as [`Piece::Process`]: a script that the command it is given to may run.

use super::word::Piece;

/// The pieces of a word of PowerShell.
#[must_use]
pub fn powershell_pieces(source: &str) -> Vec<Piece<'_>> {
    let mut reader = Reader { source, at: 0, pieces: Vec::with_capacity(4) };
    reader.read();
    reader.pieces
}

/// The pieces of a word of cmd: carets escape, quotes are dropped, `%NAME%` expands.
#[must_use]
pub fn cmd_pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::with_capacity(2);
    let mut literal = String::new();
    let mut quoted = false;
    let mut chars = source.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '^' if !quoted => literal.extend(chars.next().map(|(_, escaped)| escaped)),
            '"' => quoted = !quoted,
            '%' | '!' => {
                let rest = &source[at + 1..];
                let length =
                    rest.find(c).filter(|length| *length > 0 && !rest[..*length].contains([' ', '\\', '/', '&']));
                if let Some(length) = length {
                    let (name, operation) = rest[..length].split_at(rest[..length].find(':').unwrap_or(length));
                    if !literal.is_empty() {
                        pieces.push(Piece::Quoted(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Variable { name, operation, quoted: true });
                    chars = source[at + length + 2..].char_indices();
                    return cmd_rest(pieces, chars.as_str());
                }
                literal.push(c);
            }
            _ => literal.push(c),
        }
    }
    pieces.push(Piece::Quoted(literal));
    pieces
}

/// Continues after a variable. A quote that was open stays without effect on anything but carets.
fn cmd_rest<'a>(mut pieces: Vec<Piece<'a>>, rest: &'a str) -> Vec<Piece<'a>> {
    if !rest.is_empty() {
        pieces.extend(cmd_pieces(rest));
    }
    pieces
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    pieces: Vec<Piece<'a>>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    fn literal(&mut self, out: &mut String) {
        if !out.is_empty() {
            self.pieces.push(Piece::Quoted(std::mem::take(out)));
        }
    }

    fn read(&mut self) {
        let mut out = String::new();
        while self.at < self.source.len() {
            match self.peek(0) {
                b'`' => {
                    self.at += 1;
                    self.escaped(&mut out);
                }
                b'\'' => self.single(&mut out),
                b'"' => {
                    self.literal(&mut out);
                    self.double();
                }
                b'$' | b'@' if self.peek(1) == b'(' => self.script(&mut out, 2, b'(', b')'),
                b'(' => self.script(&mut out, 1, b'(', b')'),
                b'{' => self.script(&mut out, 1, b'{', b'}'),
                b'$' => {
                    self.literal(&mut out);
                    self.variable(&mut out);
                }
                _ => self.char(&mut out),
            }
        }
        if !out.is_empty() || self.pieces.is_empty() {
            self.pieces.push(Piece::Quoted(out));
        }
    }

    fn char(&mut self, out: &mut String) {
        if let Some(c) = self.source[self.at..].chars().next() {
            out.push(c);
            self.at += c.len_utf8();
        }
    }

    fn escaped(&mut self, out: &mut String) {
        match self.peek(0) {
            b'n' => out.push('\n'),
            b't' => out.push('\t'),
            b'0' => out.push('\0'),
            // `r stands for a return, but inside a bare name the back-tick is only there to hide it: R`emove-Item.
            _ => return self.char(out),
        }
        self.at += 1;
    }

    fn single(&mut self, out: &mut String) {
        self.at += 1;
        while self.at < self.source.len() {
            if self.peek(0) == b'\'' {
                self.at += 1;
                if self.peek(0) != b'\'' {
                    return;
                }
            }
            self.char(out);
        }
    }

    fn double(&mut self) {
        let mut out = String::new();
        self.at += 1;
        while self.at < self.source.len() {
            match self.peek(0) {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'`' => {
                    self.at += 1;
                    self.escaped(&mut out);
                }
                b'$' if self.peek(1) == b'(' => self.script(&mut out, 2, b'(', b')'),
                b'$' => {
                    self.literal(&mut out);
                    self.variable(&mut out);
                }
                _ => self.char(&mut out),
            }
        }
        self.pieces.push(Piece::Quoted(out));
    }

    fn variable(&mut self, out: &mut String) {
        let rest = &self.source[self.at + 1..];
        let braced = rest.starts_with('{');
        let name = &rest[usize::from(braced)..];
        let length = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(name.len());
        let length = if name[..length].ends_with(':') && !braced { length - 1 } else { length };
        if length == 0 {
            return self.char(out);
        }
        self.pieces.push(Piece::Variable { name: &name[..length], operation: "", quoted: true });
        let closed = braced && name[length..].starts_with('}');
        self.at += 1 + usize::from(braced) + length + usize::from(closed);
    }

    fn script(&mut self, out: &mut String, skip: usize, open: u8, close: u8) {
        // A bracket right after a name makes a call of it: $_.Delete().
        let call =
            skip == 1 && open == b'(' && self.at > 0 && self.source.as_bytes()[self.at - 1].is_ascii_alphanumeric();
        if call {
            out.push('(');
        }
        self.literal(out);
        let start = self.at + skip;
        let end = closing(self.source.as_bytes(), start, open, close);
        let source = &self.source[start..end];
        self.pieces.push(if open == b'{' {
            Piece::Process { source, offset: start }
        } else {
            Piece::Command { source: source.to_owned(), offset: Some(start), quoted: true }
        });
        self.at = (end + 1).min(self.source.len());
        if call {
            out.push(')');
        }
    }
}

/// The place of the bracket that closes the one before `start`; quotes and back-ticks are stepped over.
fn closing(bytes: &[u8], start: usize, open: u8, close: u8) -> usize {
    let mut depth = 1_usize;
    let mut quote = 0_u8;
    let mut at = start;
    while let Some(&c) = bytes.get(at) {
        match c {
            b'`' if quote != b'\'' => at += 1,
            b'\'' | b'"' if quote == 0 => quote = c,
            _ if quote != 0 && c == quote => {
                quote = 0;
            }
            _ if c == open => depth += 1,
            _ if c == close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
        at += 1;
    }
    bytes.len()
}
