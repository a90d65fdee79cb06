//! Finds what must not be kept: tokens, passwords, keys. Pure: text in, text out.
//!
//! Invariant: what is taken out leaves a blank, so that a line with one is never taken for whole. In doubt more is taken out
//! than needed: a person can type a password again, and nobody can take one back out of a stolen file.

mod named;
mod shape;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use crate::shell::{Shell, blank, quote};

/// What the blank is called.
pub const SECRET: &str = "secret";

/// A question without its secrets.
pub fn of_question(question: &str) -> Cow<'_, str> {
    let mut spans = found(question);
    named::spoken(question, &mut spans);
    without(question, spans, |_| blank(SECRET))
}

/// A command without its secrets. Each blank is quoted, or stands in the quotes the secret stood in: run as it is, the line
/// redirects nothing.
pub fn of_command(command: &str, shell: Shell) -> Cow<'_, str> {
    let mut spans = found(command);
    named::options(command, &mut spans);
    without(command, spans, |start| {
        if is_quoted(command, start) { blank(SECRET) } else { quote(shell, &blank(SECRET)).into_owned() }
    })
}

fn found(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    shape::private_keys(text, &mut spans);
    shape::prefixed(text, &mut spans);
    shape::random(text, &mut spans);
    named::of_addresses(text, &mut spans);
    named::headers(text, &mut spans);
    named::values(text, &mut spans);
    spans
}

/// The text with a blank for each span; spans that meet are one.
fn without(text: &str, mut spans: Vec<Range<usize>>, blank: impl Fn(usize) -> String) -> Cow<'_, str> {
    // What a blank says already was taken out before.
    spans.retain(|span| !span.is_empty() && !text[span.clone()].contains(&*crate::shell::blank(SECRET)));
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|span| span.start);
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if span.start >= at {
            kept.push_str(&text[at..span.start]);
            kept.push_str(&blank(span.start));
        }
        at = at.max(span.end);
    }
    kept.push_str(&text[at..]);
    Cow::Owned(kept)
}

/// Whether a place in a command is between quotes, the way most shells see it.
fn is_quoted(command: &str, at: usize) -> bool {
    let mut open = None;
    let mut escaped = false;
    for c in command[..at].chars() {
        match (open, c) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (None, '\'' | '"') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// The run of characters from `start` on that satisfy `belongs`.
fn run(text: &str, start: usize, belongs: impl Fn(char) -> bool) -> Range<usize> {
    let length = text[start..].find(|c| !belongs(c)).unwrap_or(text.len() - start);
    start..start + length
}
