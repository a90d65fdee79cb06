//! Names of tables and columns.

use super::slot::Trust;
use crate::normalize::{Class, Token};

// Words of SQL, and words about tables: no names without quotes.
const RESERVED: [&str; 24] = [
    "all",
    "and",
    "as",
    "by",
    "column",
    "columns",
    "csv",
    "database",
    "databases",
    "every",
    "file",
    "from",
    "in",
    "json",
    "not",
    "of",
    "or",
    "row",
    "rows",
    "sql",
    "table",
    "tables",
    "the",
    "where",
];

/// How sure it is that a token names a table or a column. Plain letters only: the name becomes part of a query.
pub(super) fn identifier(token: &Token) -> Option<Trust> {
    let word = token.raw.as_str();
    let plain = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.len() < 64
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reserved = RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word));
    if !plain || reserved || matches!(token.class, Class::Stop | Class::Cue | Class::Weak) {
        return None;
    }
    Some(Trust::Bare)
}
