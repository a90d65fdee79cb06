//! bash, zsh and fish.

use super::{Lexed, LexemeKind, Sink};
use crate::shell::balance::{Rules, word};

pub(super) fn lex(text: &str, rules: Rules) -> Lexed {
    let bytes = text.as_bytes();
    let mut sink = Sink::default();
    let mut documents: Vec<(String, bool)> = Vec::new();
    let mut awaits_delimiter = None;
    let mut at = 0;
    while let Some(&c) = bytes.get(at) {
        let rest = &bytes[at..];
        match c {
            b' ' | b'\t' | b'\r' => at += 1,
            b'\\' if rest.get(1) == Some(&b'\n') => at += 2,
            b'\n' => {
                sink.push(LexemeKind::Sequence, at..at + 1);
                at += 1;
                for (delimiter, strip) in documents.drain(..) {
                    at = document(text, at, &delimiter, strip, &mut sink);
                }
            }
            b'#' => {
                let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
                sink.push(LexemeKind::Comment, at..end);
                at = end;
            }
            b';' => at = push(&mut sink, LexemeKind::Sequence, at, if rest.starts_with(b";;") { 2 } else { 1 }),
            b'&' if rest.starts_with(b"&&") => at = push(&mut sink, LexemeKind::Sequence, at, 2),
            b'&' if rest.starts_with(b"&>>") => at = push(&mut sink, LexemeKind::Redirect, at, 3),
            b'&' if rest.starts_with(b"&>") => at = push(&mut sink, LexemeKind::Redirect, at, 2),
            b'&' => at = push(&mut sink, LexemeKind::Background, at, 1),
            b'|' if rest.starts_with(b"||") => at = push(&mut sink, LexemeKind::Sequence, at, 2),
            b'|' => at = push(&mut sink, LexemeKind::Pipe, at, if rest.starts_with(b"|&") { 2 } else { 1 }),
            b'(' if rules == Rules::Posix => at = push(&mut sink, LexemeKind::Open, at, 1),
            b')' => at = push(&mut sink, LexemeKind::Close, at, 1),
            b'<' | b'>' if rest.get(1) != Some(&b'(') || rules == Rules::Fish => {
                at = redirect(bytes, at, at, &mut sink);
                awaits_delimiter = delimiter_follows(text, &sink);
            }
            b'0'..=b'9' => match digits_before_redirect(rest) {
                Some(digits) => {
                    at = redirect(bytes, at, at + digits, &mut sink);
                    awaits_delimiter = delimiter_follows(text, &sink);
                }
                None => at = take_word(text, at, rules, &mut sink, &mut documents, &mut awaits_delimiter),
            },
            _ => at = take_word(text, at, rules, &mut sink, &mut documents, &mut awaits_delimiter),
        }
    }
    sink.incomplete |= !documents.is_empty();
    sink.finish()
}

fn push(sink: &mut Sink, kind: LexemeKind, at: usize, length: usize) -> usize {
    sink.push(kind, at..at + length);
    at + length
}

fn take_word(
    text: &str,
    at: usize,
    rules: Rules,
    sink: &mut Sink,
    documents: &mut Vec<(String, bool)>,
    awaits_delimiter: &mut Option<bool>,
) -> usize {
    let end = word(text.as_bytes(), at, rules);
    sink.incomplete |= !end.closed;
    // A stray bracket that no word can hold still has to move on.
    let stop = end.at.max(at + text[at..].chars().next().map_or(1, char::len_utf8));
    if let Some(strip) = awaits_delimiter.take() {
        documents.push((text[at..stop].replace(['\'', '"', '\\'], ""), strip));
    }
    sink.push(LexemeKind::Word, at..stop);
    stop
}

fn digits_before_redirect(rest: &[u8]) -> Option<usize> {
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let next = (rest.get(digits), rest.get(digits + 1));
    (matches!(next.0, Some(b'<' | b'>')) && next.1 != Some(&b'(')).then_some(digits)
}

fn redirect(bytes: &[u8], start: usize, operator: usize, sink: &mut Sink) -> usize {
    let rest = &bytes[operator..];
    let length = [&b"<<<"[..], b"<<-", b"<<", b"<>", b">>", b">|", b">?"]
        .iter()
        .find(|op| rest.starts_with(op))
        .map_or(1, |op| op.len());
    let after = operator + length;
    if length == 1 && bytes.get(after) == Some(&b'&') {
        let digits = bytes[after + 1..].iter().take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        if digits > 0 {
            sink.push(LexemeKind::Duplicate, start..after + 1 + digits);
            return after + 1 + digits;
        }
        sink.push(LexemeKind::Redirect, start..after + 1);
        return after + 1;
    }
    sink.push(LexemeKind::Redirect, start..after);
    after
}

/// Whether the operator just read opens a here-document, and if so whether its tabs are stripped.
fn delimiter_follows(text: &str, sink: &Sink) -> Option<bool> {
    let operator = text[sink.lexemes.last()?.span.clone()].trim_start_matches(|c: char| c.is_ascii_digit());
    match operator {
        "<<" => Some(false),
        "<<-" => Some(true),
        _ => None,
    }
}

fn document(text: &str, start: usize, delimiter: &str, strip: bool, sink: &mut Sink) -> usize {
    let mut at = start;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        if (if strip { line.trim_start_matches('\t') } else { line }) == delimiter {
            sink.push(LexemeKind::Document, start..at);
            return end;
        }
        at = end + 1;
    }
    sink.incomplete = true;
    sink.push(LexemeKind::Document, start..text.len());
    text.len()
}
