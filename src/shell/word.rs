//! Reads the source of one POSIX-like word into [`Piece`]s: what is literal, what is quoted, what is expanded.
//!
//! Own code rather than `brush_parser::word`: it has byte offsets, which spans in nested strings need, it never fails, and it
//! is linear whatever the nesting. Unknown forms come out as a variable nobody has set, which the judge treats as unknown.

use super::balance::{Inside, Rules, closing};

/// A part of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Unquoted text; `*`, `?`, `[`, `{` and `,` in it are live.
    Text(&'a str),
    /// Quoted or escaped text.
    Quoted(String),
    /// `~` or `~user` at the start of a word; the user's name.
    Tilde(&'a str),
    /// `$NAME`, `${NAME…}`.
    Variable {
        /// The name (`HOME`, `1`, `@`).
        name: &'a str,
        /// What follows the name inside the braces (`:-/`, `[@]`, `,,`).
        operation: &'a str,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `$(…)`, backticks.
    Command {
        /// The script.
        source: String,
        /// Its offset in the word, when `source` is a slice of it.
        offset: Option<usize>,
        /// Whether it stands in double quotes.
        quoted: bool,
    },
    /// `<(…)` or `>(…)`.
    Process {
        /// The script.
        source: &'a str,
        /// Its offset in the word.
        offset: usize,
    },
    /// `$((…))`; the expression.
    Arithmetic(&'a str),
}

/// The pieces of a word of bash or zsh.
#[must_use]
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    read(source, Rules::Posix)
}

/// The pieces of a word of fish.
#[must_use]
pub fn fish_pieces(source: &str) -> Vec<Piece<'_>> {
    read(source, Rules::Fish)
}

/// The pieces of a text in which quotes mean nothing but expansions do: a here-document.
#[must_use]
pub fn document_pieces(source: &str) -> Vec<Piece<'_>> {
    let mut reader = Reader { source, at: 0, rules: Rules::Posix, pieces: Vec::new() };
    reader.double(source.len(), b'\0');
    reader.pieces
}

fn read(source: &str, rules: Rules) -> Vec<Piece<'_>> {
    let mut reader = Reader { source, at: 0, rules, pieces: Vec::with_capacity(4) };
    reader.unquoted();
    reader.pieces
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    rules: Rules,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Reader<'a> {
    fn peek(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or_default()
    }

    fn text(&mut self, from: usize) {
        if from < self.at {
            self.pieces.push(Piece::Text(&self.source[from..self.at]));
        }
    }

    fn unquoted(&mut self) {
        if self.peek(0) == b'~' {
            self.tilde(0);
        }
        let mut from = self.at;
        while self.at < self.source.len() {
            match self.peek(0) {
                b'\\' => {
                    self.text(from);
                    self.at += 1;
                    self.escaped();
                    from = self.at;
                }
                b'\'' => {
                    self.text(from);
                    self.at += 1;
                    self.single();
                    from = self.at;
                }
                b'"' => {
                    self.text(from);
                    self.at += 1;
                    self.double(self.source.len(), b'"');
                    from = self.at;
                }
                b'$' if self.peek(1) == b'\'' && self.rules == Rules::Posix => {
                    self.text(from);
                    self.at += 2;
                    self.ansi_c();
                    from = self.at;
                }
                b'$' if self.peek(1) == b'"' && self.rules == Rules::Posix => {
                    self.text(from);
                    self.at += 2;
                    self.double(self.source.len(), b'"');
                    from = self.at;
                }
                b'$' | b'`' => {
                    self.text(from);
                    let before = self.at;
                    self.expansion(false);
                    from = if self.at == before {
                        self.at += 1;
                        before
                    } else {
                        self.at
                    };
                }
                b'(' if self.rules == Rules::Fish => {
                    self.text(from);
                    self.at += 1;
                    self.substitution(false);
                    from = self.at;
                }
                b'<' | b'>' if self.peek(1) == b'(' => {
                    self.text(from);
                    let start = self.at + 2;
                    let end = closing(self.source.as_bytes(), start, Inside::Paren, self.rules);
                    let close = if end.closed { end.at - 1 } else { end.at };
                    self.pieces.push(Piece::Process { source: &self.source[start..close], offset: start });
                    self.at = end.at;
                    from = self.at;
                }
                b'=' if self.peek(1) == b'~' && from == 0 => {
                    self.at += 1;
                    self.text(from);
                    self.tilde(self.at);
                    from = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.text(from);
    }

    fn tilde(&mut self, start: usize) {
        let user = &self.source[start + 1..];
        let length = user
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '.')))
            .unwrap_or(user.len());
        let rest = &user[length..];
        if rest.is_empty() || rest.starts_with('/') || rest.starts_with(':') {
            self.pieces.push(Piece::Tilde(&user[..length]));
            self.at = start + 1 + length;
        }
    }

    fn escaped(&mut self) {
        let rest = &self.source[self.at..];
        let Some(c) = rest.chars().next() else { return };
        self.at += c.len_utf8();
        // A backslash before a newline continues the line.
        if c != '\n' {
            self.pieces.push(Piece::Quoted(c.to_string()));
        }
    }

    fn single(&mut self) {
        let rest = &self.source[self.at..];
        if self.rules == Rules::Posix {
            let end = rest.find('\'').unwrap_or(rest.len());
            self.pieces.push(Piece::Quoted(rest[..end].to_owned()));
            self.at = (self.at + end + 1).min(self.source.len());
            return;
        }
        let mut out = String::new();
        let mut chars = rest.char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '\'' => {
                    self.at += i + 1;
                    self.pieces.push(Piece::Quoted(out));
                    return;
                }
                '\\' => match chars.next() {
                    Some((_, escaped @ ('\'' | '\\'))) => out.push(escaped),
                    Some((_, other)) => out.extend(['\\', other]),
                    None => {}
                },
                _ => out.push(c),
            }
        }
        self.at = self.source.len();
        self.pieces.push(Piece::Quoted(out));
    }

    fn double(&mut self, limit: usize, close: u8) {
        let mut out = String::new();
        // An empty string is a word too.
        let mut wrote = close == b'\0';
        while self.at < limit {
            let c = self.peek(0);
            if c == close && close != b'\0' {
                self.at += 1;
                break;
            }
            match c {
                b'\\' => {
                    self.at += 1;
                    match self.peek(0) {
                        b'\n' => self.at += 1,
                        next @ (b'$' | b'`' | b'"' | b'\\') => {
                            out.push(char::from(next));
                            self.at += 1;
                        }
                        _ => out.push('\\'),
                    }
                }
                b'$' | b'`' => {
                    let before = (self.at, self.pieces.len());
                    if !out.is_empty() {
                        self.pieces.push(Piece::Quoted(std::mem::take(&mut out)));
                    }
                    self.expansion(true);
                    wrote = true;
                    if self.at == before.0 {
                        out.push(char::from(c));
                        self.at += 1;
                    }
                }
                _ => {
                    let Some(c) = self.source[self.at..].chars().next() else { break };
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        if !out.is_empty() || !wrote {
            self.pieces.push(Piece::Quoted(out));
        }
    }

    fn ansi_c(&mut self) {
        let rest = &self.source[self.at..];
        let mut end = rest.len();
        let mut skip = false;
        for (i, b) in rest.bytes().enumerate() {
            if !skip && b == b'\'' {
                end = i;
                break;
            }
            skip = !skip && b == b'\\';
        }
        self.pieces.push(Piece::Quoted(unescape(&rest[..end])));
        self.at = (self.at + end + 1).min(self.source.len());
    }

    /// Reads `$…` or a backtick; leaves `at` alone when it is just a character.
    fn expansion(&mut self, quoted: bool) {
        if self.peek(0) == b'`' {
            let start = self.at + 1;
            let end = closing(self.source.as_bytes(), start, Inside::Backtick, self.rules);
            let close = if end.closed { end.at - 1 } else { end.at };
            let inside = &self.source[start..close];
            // Inside backticks a backslash escapes these three, so the script is not a slice any more.
            let (source, offset) = if inside.contains('\\') {
                (inside.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\"), None)
            } else {
                (inside.to_owned(), Some(start))
            };
            self.pieces.push(Piece::Command { source, offset, quoted });
            self.at = end.at;
            return;
        }
        match self.peek(1) {
            b'(' if self.peek(2) == b'(' => self.arithmetic(quoted),
            b'(' => {
                self.at += 2;
                self.substitution(quoted);
            }
            b'{' => {
                let start = self.at + 2;
                let end = closing(self.source.as_bytes(), start, Inside::Brace, self.rules);
                let close = if end.closed { end.at - 1 } else { end.at };
                self.braced(&self.source[start..close], quoted);
                self.at = end.at;
            }
            b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!' | b'0'..=b'9' => {
                let start = self.at + 1;
                self.at += 2;
                self.pieces.push(Piece::Variable { name: &self.source[start..self.at], operation: "", quoted });
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                let start = self.at + 1;
                let rest = &self.source[start..];
                let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                self.at = start + length;
                self.pieces.push(Piece::Variable { name: &rest[..length], operation: "", quoted });
            }
            _ => {}
        }
    }

    fn arithmetic(&mut self, quoted: bool) {
        let start = self.at + 2;
        let end = closing(self.source.as_bytes(), start, Inside::Paren, self.rules);
        let inside = &self.source[start + 1..end.at.max(start + 1)];
        if let Some(expression) = inside.strip_suffix("))") {
            self.pieces.push(Piece::Arithmetic(expression));
            self.at = end.at;
        } else {
            // `$((a) | b)`: a subshell first thing in a substitution.
            self.at += 2;
            self.substitution(quoted);
        }
    }

    fn substitution(&mut self, quoted: bool) {
        let start = self.at;
        let end = closing(self.source.as_bytes(), start, Inside::Paren, self.rules);
        let close = if end.closed { end.at - 1 } else { end.at };
        self.pieces.push(Piece::Command { source: self.source[start..close].to_owned(), offset: Some(start), quoted });
        self.at = end.at;
    }

    fn braced(&mut self, inside: &'a str, quoted: bool) {
        let prefix = usize::from(inside.len() > 1 && inside.starts_with(['!', '#']));
        let name_part = &inside[prefix..];
        let length = if name_part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            name_part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name_part.len())
        } else if name_part.starts_with(|c: char| c.is_ascii_digit()) {
            name_part.find(|c: char| !c.is_ascii_digit()).unwrap_or(name_part.len())
        } else {
            name_part.chars().next().map_or(0, char::len_utf8)
        };
        let (name, operation) = name_part.split_at(length);
        // `${#x}` and `${!x}` read something else than x.
        let operation = if prefix == 1 { inside } else { operation };
        self.pieces.push(Piece::Variable { name, operation, quoted });
    }
}

/// The text an ANSI-C string (`$'…'`, `printf`, `echo -e`) stands for.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let [code, tail @ ..] = rest else { break };
        rest = tail;
        match code {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'e' | b'E' => out.push(27),
            b'f' => out.push(12),
            b'v' => out.push(11),
            b'x' => push_number(&mut out, &mut rest, 16, 2),
            b'u' => push_number(&mut out, &mut rest, 16, 4),
            b'U' => push_number(&mut out, &mut rest, 16, 8),
            b'0'..=b'7' => {
                // `echo -e` writes `\0nnn`, everything else `\nnn`.
                let most = if *code == b'0' { 3 } else { 2 };
                let mut value = u32::from(code - b'0');
                for _ in 0..most {
                    let [digit @ b'0'..=b'7', tail @ ..] = rest else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    rest = tail;
                }
                out.push(u8::try_from(value & 0xff).unwrap_or(b'?'));
            }
            b'\\' | b'\'' | b'"' | b'?' => out.push(*code),
            other => out.extend([b'\\', *other]),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn push_number(out: &mut Vec<u8>, rest: &mut &[u8], radix: u32, most: usize) {
    let mut value = 0_u32;
    let mut taken = 0;
    while let Some(digit) = rest.get(taken).and_then(|b| char::from(*b).to_digit(radix)).filter(|_| taken < most) {
        value = value.wrapping_mul(radix).wrapping_add(digit);
        taken += 1;
    }
    *rest = &rest[taken..];
    match (most, u8::try_from(value)) {
        (2 | 3, Ok(byte)) => out.push(byte),
        _ => out.extend(char::from_u32(value).unwrap_or('\u{fffd}').to_string().bytes()),
    }
}
