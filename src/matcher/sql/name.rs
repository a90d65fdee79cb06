//! Names of tables and columns.

use crate::matcher::slot::Trust;
use crate::normalize::{Class, Shape, Token};

// Words of SQL, and words about tables: no names without quotes.
const RESERVED: [&str; 32] = [
    "all",
    "and",
    "as",
    "asc",
    "by",
    "column",
    "columns",
    "csv",
    "database",
    "databases",
    "db",
    "desc",
    "entries",
    "every",
    "field",
    "file",
    "from",
    "in",
    "into",
    "json",
    "not",
    "of",
    "or",
    "record",
    "records",
    "row",
    "rows",
    "sql",
    "sqlite",
    "table",
    "tables",
    "where",
];

/// How sure it is that a token names a table or a column. Plain letters only: the name becomes part of a statement.
pub(crate) fn identifier(token: &Token) -> Option<Trust> {
    let word = token.raw.as_str();
    let plain = matches!(token.shape, Shape::Word | Shape::Quoted)
        && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.len() < 64
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reserved = RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word));
    if !plain || reserved || matches!(token.class, Class::Stop | Class::Cue | Class::Weak) {
        return None;
    }
    Some(Trust::Bare)
}

/// A column, in the singular: `the prices of` a table are its column `price`.
pub(super) fn column(token: &Token) -> Option<String> {
    identifier(token)?;
    let word = token.raw.as_str();
    let plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    let singular = match word.strip_suffix("ies") {
        Some(stem) if word.len() > 4 => format!("{stem}y"),
        _ if plural => word[..word.len() - 1].to_owned(),
        _ => word.to_owned(),
    };
    Some(singular)
}
