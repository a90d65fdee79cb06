//! Blanks: what a question did not give and a person has to fill in, `'<host>'`.
//!
//! A blank is a quoted word, so that a line run as it is finds no such thing instead of redirecting from one and into another:
//! `scp <file> host` would empty `host`.

/// The text of a blank, to be quoted like any other value.
pub fn blank(name: &str) -> String {
    format!("<{name}>")
}

/// True for a word that is a blank, its quotes included.
pub fn is_blank(word: &str) -> bool {
    let inside = |quote: char| word.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let name = inside('\'').or_else(|| inside('"')).and_then(|text| text.strip_prefix('<')?.strip_suffix('>'));
    name.is_some_and(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{Shell, quote};

    #[test]
    fn a_blank_is_one_in_every_shell() {
        for shell in Shell::ALL {
            assert!(is_blank(&quote(shell, &blank("host"))), "{shell:?}");
        }
        for word in ["<host>", "'host'", "'<>'", "'<A>'", "'<a b>'", "'<b>x'", "'", "''", "\"<x>'"] {
            assert!(!is_blank(word), "{word}");
        }
    }
}
