//! PowerShell: a word keeps its script blocks, sub-expressions and strings, however deep.

use super::{Lexed, LexemeKind, Sink};

pub(super) fn lex(text: &str) -> Lexed {
    let bytes = text.as_bytes();
    let mut sink = Sink::default();
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        let rest = &bytes[at..];
        let (kind, length) = match c {
            b' ' | b'\t' | b'\r' => {
                at += 1;
                continue;
            }
            b'`' if rest.get(1) == Some(&b'\n') => {
                at += 2;
                continue;
            }
            b'\n' | b';' => (LexemeKind::Sequence, 1),
            b'#' => (LexemeKind::Comment, text[at..].find('\n').unwrap_or(text.len() - at)),
            b'<' if rest.starts_with(b"<#") => {
                sink.incomplete |= !text[at..].contains("#>");
                (LexemeKind::Comment, text[at..].find("#>").map_or(text.len() - at, |end| end + 2))
            }
            b'&' if rest.starts_with(b"&&") => (LexemeKind::Sequence, 2),
            b'|' if rest.starts_with(b"||") => (LexemeKind::Sequence, 2),
            b'|' => (LexemeKind::Pipe, 1),
            // The call operator is a word; the judge skips it.
            b'&' => (LexemeKind::Word, 1),
            b')' | b'}' => {
                sink.incomplete = true;
                (LexemeKind::Close, 1)
            }
            _ => match redirect(rest) {
                Some(found) => found,
                None => (LexemeKind::Word, word(text, at, &mut sink) - at),
            },
        };
        sink.push(kind, at..at + length);
        at += length;
    }
    sink.finish()
}

fn redirect(rest: &[u8]) -> Option<(LexemeKind, usize)> {
    let stream = usize::from(matches!(rest, [b'1'..=b'6' | b'*', b'>', ..]));
    let operator = rest.get(stream..)?;
    if operator.starts_with(b">&") {
        let number = usize::from(operator.get(2).is_some_and(u8::is_ascii_digit));
        return Some((LexemeKind::Duplicate, stream + 2 + number));
    }
    if operator.starts_with(b">>") {
        return Some((LexemeKind::Redirect, stream + 2));
    }
    operator.starts_with(b">").then_some((LexemeKind::Redirect, stream + 1))
}

fn word(text: &str, start: usize, sink: &mut Sink) -> usize {
    let bytes = text.as_bytes();
    let mut stack = Vec::new();
    let mut at = start;
    while let Some(&c) = bytes.get(at) {
        match c {
            b'`' => at += 1,
            b'\'' => {
                let Some(length) = text[at + 1..].find('\'') else {
                    sink.incomplete = true;
                    return text.len();
                };
                at += length + 1;
            }
            b'"' => {
                let end = double(bytes, at + 1);
                sink.incomplete |= end.is_none();
                match end {
                    Some(end) => at = end,
                    None => return text.len(),
                }
            }
            b'(' | b'{' | b'[' => stack.push(c),
            b')' | b'}' if stack.is_empty() => return at.max(start + 1),
            b')' | b'}' | b']' => drop(stack.pop()),
            b' ' | b'\t' | b'\n' | b'\r' | b';' | b'|' | b'>' if stack.is_empty() => break,
            b'&' if stack.is_empty() && bytes.get(at + 1) == Some(&b'&') => break,
            _ => {}
        }
        at += 1;
    }
    sink.incomplete |= !stack.is_empty() || at > text.len();
    let mut end = at.min(text.len()).max(start + 1);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// The place of the closing quote of an expandable string.
fn double(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    while let Some(&c) = bytes.get(at) {
        match c {
            b'`' => at += 1,
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                depth += 1;
                at += 1;
            }
            b'(' if depth > 0 => depth += 1,
            b')' if depth > 0 => depth -= 1,
            b'"' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
