//! Blanks: what a question did not give and a person has to fill in, `'<host>'`; and filling them in.
//!
//! A blank is a quoted word, so that a line run as it is finds no such thing instead of redirecting from one and into another:
//! `scp <file> host` would empty `host`.
//!
//! Invariant: a value becomes one argument, or a part of the one its blank was part of, whatever it is. One that cannot leaves
//! the blank where it was, with the reason.

use std::ops::Range;

use super::lexeme::lex;
use super::{Shell, is_representable, quote, quote_path};

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

/// A place in a command that a value belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The blank's name; the same one may stand in several places.
    pub name: String,
    /// Where it stands: the blank, or what was put in its place, quotes included.
    pub span: Range<usize>,
}

/// A command with values in place of its blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The command.
    pub command: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Names of blanks whose value cannot stand there, with the reason.
    pub refused: Vec<(String, Unfit)>,
}

/// Why a value cannot stand where a blank does. The message is for who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A program would read it as one of its options, whatever quotes are around it.
    #[error("it begins like an option")]
    Option,
    /// There is no way to write it in this shell.
    #[error("it cannot be written in this shell")]
    Unwritable,
    /// The blank is a part of a longer text, in which some signs have a meaning of their own.
    #[error("only letters, digits, spaces and . _ - : , @ fit into this text")]
    Embedded,
}

// Blanks whose value is a path, by the names that intents and cheat sheets give them.
const PATHS: [&str; 14] = [
    "file",
    "files",
    "path",
    "paths",
    "folder",
    "folders",
    "directory",
    "directories",
    "dir",
    "source",
    "destination",
    "archive",
    "output",
    "input",
];

/// `command` with what is known of `blanks` filled in; an empty value is none.
#[must_use]
pub fn fill(shell: Shell, command: &str, blanks: &[String], values: &[(String, String)]) -> Filled {
    let mut filled = Filled { command: String::with_capacity(command.len()), fields: Vec::new(), refused: Vec::new() };
    let mut end = 0;
    for (name, place) in places(command, blanks) {
        filled.command.push_str(&command[end..place.span.start]);
        let start = filled.command.len();
        let value = values.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value);
        match value.map(|value| written(shell, name, value, place.kind)) {
            Some(Ok(text)) => filled.command.push_str(&text),
            Some(Err(unfit)) => {
                filled.refused.push((name.clone(), unfit));
                filled.command.push_str(&command[place.span.clone()]);
            }
            None => filled.command.push_str(&command[place.span.clone()]),
        }
        filled.fields.push(Field { name: name.clone(), span: start..filled.command.len() });
        end = place.span.end;
    }
    filled.command.push_str(&command[end..]);
    filled
}

/// Those of `blanks` that `command` still has.
#[must_use]
pub fn blanks_left(command: &str, blanks: &[String]) -> Vec<String> {
    blanks.iter().filter(|name| command.contains(&blank(name))).cloned().collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All of a word.
    Word,
    /// Some of a word, in quotes of its own: `'<user>'@'<host>'`.
    Part,
    /// Some of a quoted text: `'*<name>*'`.
    Inside,
}

struct Place {
    span: Range<usize>,
    kind: Kind,
}

/// Where the blanks stand, in order.
fn places<'n>(command: &str, blanks: &'n [String]) -> Vec<(&'n String, Place)> {
    let mut places: Vec<(&String, Place)> = blanks
        .iter()
        .flat_map(|name| {
            let text = blank(name);
            let found: Vec<usize> = command.match_indices(&text).map(|(at, _)| at).collect();
            found.into_iter().map(move |at| (name, at..at + text.len()))
        })
        .map(|(name, span)| (name, place(command, span)))
        .collect();
    places.sort_by_key(|(_, place)| place.span.start);
    places
}

fn place(command: &str, span: Range<usize>) -> Place {
    let bytes = command.as_bytes();
    let before = span.start.checked_sub(1).map(|at| bytes[at]);
    if !matches!(before, Some(b'\'' | b'"')) || bytes.get(span.end).copied() != before {
        return Place { span, kind: Kind::Inside };
    }
    let span = span.start - 1..span.end + 1;
    let apart = |byte: Option<u8>| byte.is_none_or(|byte| byte == b' ');
    let whole = apart(span.start.checked_sub(1).map(|at| bytes[at])) && apart(bytes.get(span.end).copied());
    Place { span, kind: if whole { Kind::Word } else { Kind::Part } }
}

fn written(shell: Shell, name: &str, value: &str, kind: Kind) -> Result<String, Unfit> {
    if !is_representable(shell, value) {
        return Err(Unfit::Unwritable);
    }
    if kind == Kind::Inside {
        let plain = |c: char| c.is_alphanumeric() || " ._-:,@".contains(c);
        return if value.chars().all(plain) { Ok(value.to_owned()) } else { Err(Unfit::Embedded) };
    }
    if kind == Kind::Part {
        return Ok(part(shell, value));
    }
    let several = name.ends_with('s') && !name.ends_with("ss");
    let texts: Vec<&str> = if several { value.split_whitespace().collect() } else { vec![value] };
    let words: Result<Vec<String>, Unfit> = texts.into_iter().map(|text| word(shell, name, text)).collect();
    let line = words?.join(if shell == Shell::PowerShell { ", " } else { " " });
    // What the blank was is what the value has to be: arguments, and nothing that ends them.
    let words = |text: &str| lex(shell, text).complete.then(|| lex(shell, text).lexemes.len());
    let count = |text: &str| words(&format!("x {text} x"));
    if several || count(&line) == count("y") { Ok(line) } else { Err(Unfit::Unwritable) }
}

fn word(shell: Shell, name: &str, text: &str) -> Result<String, Unfit> {
    let is_path = PATHS.contains(&name);
    if text.starts_with('-') && !is_path {
        return Err(Unfit::Option);
    }
    // Who types a tilde means the home folder.
    let word = if is_path || text.starts_with("~/") { quote_path(shell, text) } else { quote(shell, text) };
    Ok(word.into_owned())
}

/// PowerShell ends a word at a closing quote, so there the quotes of the blank stay, and its value needs them.
fn part(shell: Shell, value: &str) -> String {
    let quoted = quote(shell, value);
    if shell == Shell::PowerShell && quoted == value { format!("'{value}'") } else { quoted.into_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shell::parse;
    use crate::shell::syntax;
    use crate::shell::word::{Piece, pieces, unescape};

    #[test]
    fn a_blank_is_one_in_every_shell() {
        for shell in Shell::ALL {
            assert!(is_blank(&quote(shell, &blank("host"))), "{shell:?}");
        }
        for word in ["<host>", "'host'", "'<>'", "'<A>'", "'<a b>'", "'<b>x'", "'", "''", "\"<x>'"] {
            assert!(!is_blank(word), "{word}");
        }
    }

    fn filled(shell: Shell, command: &str, values: &[(&str, &str)]) -> Filled {
        let blanks: Vec<String> = values.iter().map(|(name, _)| (*name).to_owned()).collect();
        let values: Vec<_> = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fill(shell, command, &blanks, &values)
    }

    #[test]
    fn a_value_takes_the_place_of_its_blank() {
        type Row<'a> = (Shell, &'a str, &'a [(&'a str, &'a str)], &'a str);
        let rows: &[Row<'_>] = &[
            (Shell::Bash, "ping '<host>'", &[("host", "example.org")], "ping example.org"),
            (Shell::Bash, "ping '<host>'", &[("host", "a b")], "ping 'a b'"),
            (Shell::Bash, "ping '<host>'", &[("host", "x; rm -rf /")], "ping 'x; rm -rf /'"),
            (Shell::Bash, "ping '<host>'", &[("host", "$(id)")], "ping '$(id)'"),
            (Shell::Bash, "ping '<host>'", &[("host", "")], "ping '<host>'"),
            (Shell::Bash, "mv '<source>' '<target>'", &[("source", "~/a b"), ("target", "")], "mv ~/'a b' '<target>'"),
            (Shell::Bash, "mv '<source>' x", &[("source", "-f")], "mv ./-f x"),
            (Shell::Bash, "ssh '<user>'@'<host>'", &[("user", "ada"), ("host", "b c")], "ssh ada@'b c'"),
            (Shell::Bash, "find . -name '*<name>*'", &[("name", "my notes")], "find . -name '*my notes*'"),
            (Shell::Bash, "npm i '<packages>'", &[("packages", "left right")], "npm i left right"),
            (Shell::Bash, "echo '<x>' '<x>'", &[("x", "1")], "echo 1 1"),
            (Shell::PowerShell, "Test-Connection '<host>'", &[("host", "it's")], "Test-Connection 'it''s'"),
            (Shell::Cmd, "ping \"<host>\"", &[("host", "a&b")], "ping \"a&b\""),
        ];
        for (shell, command, values, expected) in rows {
            let filled = filled(*shell, command, values);
            assert_eq!(filled.command, *expected, "{command}");
            assert_eq!(filled.refused, [], "{command}");
        }
    }

    #[test]
    fn what_would_be_read_as_something_else_leaves_the_blank() {
        let rows: &[(Shell, &str, &str, &str, Unfit)] = &[
            (Shell::Bash, "ssh '<host>'", "host", "-oProxyCommand=id", Unfit::Option),
            (Shell::Bash, "sed 's/<old>/x/' f", "old", "a/e id;", Unfit::Embedded),
            (Shell::Bash, "find . -name '*<name>'", "name", "' -delete '", Unfit::Embedded),
            (Shell::Cmd, "ping \"<host>\"", "host", "a\nb", Unfit::Unwritable),
            (Shell::Bash, "ping '<host>'", "host", "a\0b", Unfit::Unwritable),
        ];
        for (shell, command, name, value, unfit) in rows {
            let filled = filled(*shell, command, &[(name, value)]);
            assert_eq!(filled.command, *command);
            assert_eq!(filled.refused, [((*name).to_owned(), *unfit)], "{command} {value}");
            assert_eq!(blanks_left(&filled.command, &[(*name).to_owned()]), [(*name).to_owned()]);
        }
    }

    #[test]
    fn fields_are_where_the_values_went() {
        let filled = filled(Shell::Bash, "mv '<source>' '<target>'", &[("source", "a b"), ("target", "")]);
        let shown: Vec<_> =
            filled.fields.iter().map(|field| (&*field.name, &filled.command[field.span.clone()])).collect();
        assert_eq!(shown, [("source", "'a b'"), ("target", "'<target>'")]);
    }

    fn plain(piece: &Piece<'_>) -> String {
        match piece {
            Piece::Text(text) => unescape(text),
            Piece::Quoted(text) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_one_argument(value in "[ -~é\\t\\n]{1,24}") {
            let filled = filled(Shell::Bash, "ping -c 3 '<host>' -q", &[("host", &value)]);
            let parsed = parse(Shell::Bash, &filled.command);
            prop_assert!(parsed.complete, "{}", filled.command);
            prop_assert_eq!(parsed.script.pipelines.len(), 1);
            let [syntax::Command::Simple(ping)] = &parsed.script.pipelines[0].commands[..] else { panic!("{}", filled.command) };
            prop_assert_eq!(ping.words.len(), 5, "{}", filled.command);
            if filled.refused.is_empty() && !value.starts_with('~') {
                let text: String = pieces(&ping.words[3].source).iter().map(plain).collect();
                prop_assert_eq!(text, value);
            }
        }
    }
}
