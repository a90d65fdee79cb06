//! cmd.exe: carets escape, quotes toggle, `&` separates.

use super::{Lexed, LexemeKind, Sink};

pub(super) fn lex(text: &str) -> Lexed {
    let bytes = text.as_bytes();
    let mut sink = Sink::default();
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        let rest = &bytes[at..];
        let at_start = sink.lexemes.last().is_none_or(|last| matches!(last.kind, LexemeKind::Sequence));
        let (kind, length) = match c {
            // A leading @ only silences the echo of the line.
            b' ' | b'\t' | b'\r' | b',' | b'=' | b'@' if c != b'@' || at_start => {
                at += 1;
                continue;
            }
            b'^' if rest.get(1) == Some(&b'\n') => {
                at += 2;
                continue;
            }
            b':' if at_start => (LexemeKind::Comment, text[at..].find('\n').unwrap_or(text.len() - at)),
            b'r' | b'R' if at_start && is_remark(rest) => {
                (LexemeKind::Comment, text[at..].find('\n').unwrap_or(text.len() - at))
            }
            b'&' | b'|' if rest.get(1) == Some(&c) => (LexemeKind::Sequence, 2),
            b'&' | b'\n' => (LexemeKind::Sequence, 1),
            b'|' => (LexemeKind::Pipe, 1),
            b'(' => (LexemeKind::Open, 1),
            b')' => (LexemeKind::Close, 1),
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

fn is_remark(rest: &[u8]) -> bool {
    rest.len() >= 3 && rest[..3].eq_ignore_ascii_case(b"rem") && rest.get(3).is_none_or(u8::is_ascii_whitespace)
}

fn redirect(rest: &[u8]) -> Option<(LexemeKind, usize)> {
    let handle = usize::from(matches!(rest, [b'0'..=b'9', b'>' | b'<', ..]));
    match rest.get(handle..)? {
        [b'>', b'&', b'0'..=b'9', ..] => Some((LexemeKind::Duplicate, handle + 3)),
        [b'>', b'&', ..] => Some((LexemeKind::Duplicate, handle + 2)),
        [b'>', b'>', ..] => Some((LexemeKind::Redirect, handle + 2)),
        [b'>' | b'<', ..] => Some((LexemeKind::Redirect, handle + 1)),
        _ => None,
    }
}

fn word(text: &str, start: usize, sink: &mut Sink) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut quoted = false;
    while let Some(&c) = bytes.get(at) {
        match c {
            b'^' if !quoted => at += 1,
            // `%x:~1,2%` is one piece, whatever stands in it.
            b'%' => {
                let rest = &bytes[at + 1..bytes.len().min(at + 64)];
                let close = rest.iter().position(|c| *c == b'%').filter(|close| *close > 0);
                if let Some(close) =
                    close.filter(|close| rest[..*close].contains(&b':') && !rest[..*close].contains(&b' '))
                {
                    at += close + 1;
                }
            }
            b'"' => quoted = !quoted,
            // An open quote ends with its line.
            b'\n' => break,
            b' ' | b'\t' | b'\r' | b',' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    sink.incomplete |= quoted || at > text.len();
    let mut end = at.min(text.len()).max(start + 1);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}
