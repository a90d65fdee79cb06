//! Questions about the rows of a SQLite database: which columns, of which table, under which condition.
//!
//! A question is read into a statement; what the reading leaves over counts against the answer. Only plain names become part
//! of a statement as they are; every other value is a literal with its quotes doubled.

mod condition;
mod name;
mod read;

use super::Candidate;
use super::knowledge::Dialect;
use super::render;
use super::value::Value;
use crate::normalize::Token;
use crate::shell::{Shell, quote};

pub(super) use name::identifier;

/// What is done with the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verb {
    /// These columns; none: all of them.
    Select(Vec<String>),
    Distinct(String),
    Count,
    /// `count(*)` for each value of a column.
    CountBy(String),
    /// A function of a column: `sum`, `avg`, `max`, `min`.
    Aggregate(&'static str, String),
    /// Column and what it becomes.
    Update(String, String),
    Delete,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    verb: Verb,
    table: String,
    condition: Option<String>,
    /// Column, and whether the largest comes first.
    order: Option<(String, bool)>,
    limit: Option<u64>,
}

/// The intents composed here.
pub(super) const INTENTS: [&str; 6] = [
    "sqlite.select",
    "sqlite.count-rows",
    "sqlite.group",
    "sqlite.aggregate",
    "sqlite.update-rows",
    "sqlite.delete-rows",
];

impl Statement {
    fn intent(&self) -> &'static str {
        INTENTS[match self.verb {
            Verb::Select(_) | Verb::Distinct(_) => 0,
            Verb::Count => 1,
            Verb::CountBy(_) => 2,
            Verb::Aggregate(..) => 3,
            Verb::Update(..) => 4,
            Verb::Delete => 5,
        }]
    }

    fn sql(&self) -> String {
        let table = &self.table;
        let mut sql = match &self.verb {
            Verb::Select(columns) if columns.is_empty() => format!("SELECT * FROM {table}"),
            Verb::Select(columns) => format!("SELECT {} FROM {table}", columns.join(", ")),
            Verb::Distinct(column) => format!("SELECT DISTINCT {column} FROM {table}"),
            Verb::Count => format!("SELECT count(*) FROM {table}"),
            Verb::CountBy(column) => format!("SELECT {column}, count(*) FROM {table}"),
            Verb::Aggregate(function, column) => format!("SELECT {function}({column}) FROM {table}"),
            Verb::Update(column, value) => format!("UPDATE {table} SET {column} = {value}"),
            Verb::Delete => format!("DELETE FROM {table}"),
        };
        if let Some(condition) = &self.condition {
            sql.push_str(" WHERE ");
            sql.push_str(condition);
        }
        if let Verb::CountBy(column) = &self.verb {
            sql.push_str(" GROUP BY ");
            sql.push_str(column);
        }
        if let Some((column, descending)) = &self.order {
            sql.push_str(" ORDER BY ");
            sql.push_str(column);
            sql.push_str(if *descending { " DESC" } else { "" });
        }
        if let Some(limit) = self.limit {
            sql.push_str(" LIMIT ");
            sql.push_str(&limit.to_string());
        }
        sql
    }

    fn says(&self, database: &str) -> String {
        let of = format!("of {} in {database}", self.table);
        let which = if self.condition.is_some() { " for which the condition holds" } else { "" };
        match &self.verb {
            Verb::Select(columns) if columns.is_empty() => format!("Shows the rows {of}{which}"),
            Verb::Select(columns) => format!("Shows {} {of}{which}", columns.join(", ")),
            Verb::Distinct(column) => format!("Shows each {column} {of} once"),
            Verb::Count => format!("Counts the rows {of}{which}"),
            Verb::CountBy(column) => format!("Counts the rows {of} for each {column}"),
            Verb::Aggregate(function, column) => format!("Shows {function}({column}) {of}{which}"),
            Verb::Update(column, _) => format!("Changes {column} {of}{which}"),
            Verb::Delete => format!("Deletes the rows {of}{which}"),
        }
    }
}

/// The answer to a question about the rows of a table; `None` when it is none.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    if dialect == Dialect::Cmd {
        return None;
    }
    let reading = read::read(tokens)?;
    let database = render::argument(&Value::Path(reading.database.clone()), shell);
    Some(Candidate {
        blanks: Vec::new(),
        intent: reading.statement.intent(),
        command: format!("sqlite3 {database} {}", quote(shell, &reading.statement.sql())),
        explanation: reading.statement.says(&reading.database),
        explained: reading.explained,
        unexplained: reading.unexplained,
        doubt: reading.doubt,
    })
}
