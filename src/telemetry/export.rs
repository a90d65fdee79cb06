//! Everything that is kept, for whoever wants to look at it with other means.
//!
//! The tables are asked for their columns, so that no column can be forgotten here.

use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use super::store::TABLES;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object: a list of rows for each table.
    Json,
    /// One table of all, with the name of the row's own table in front; a column that it lacks is empty.
    Csv,
}

struct Table {
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// All rows as text.
pub(super) fn export(connection: &Connection, format: Format) -> rusqlite::Result<String> {
    let tables: rusqlite::Result<Vec<Table>> =
        TABLES.into_iter().chain(["tally"]).map(|name| table(connection, name)).collect();
    let tables = tables?;
    Ok(match format {
        Format::Json => json(tables),
        Format::Csv => csv(&tables),
    })
}

fn table(connection: &Connection, name: &'static str) -> rusqlite::Result<Table> {
    let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    let rows = statement.query_map([], |row| (0..width).map(|column| Ok(value(row.get_ref(column)?))).collect())?;
    Ok(Table { name, columns, rows: rows.collect::<rusqlite::Result<_>>()? })
}

fn value(value: ValueRef) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) | ValueRef::Blob(text) => String::from_utf8_lossy(text).into(),
    }
}

fn json(tables: Vec<Table>) -> String {
    let rows = |Table { columns, rows, .. }: Table| {
        let named = |row: Vec<Value>| Value::Object(columns.iter().cloned().zip(row).collect());
        Value::Array(rows.into_iter().map(named).collect())
    };
    let all: Map<String, Value> = tables.into_iter().map(|table| (table.name.to_owned(), rows(table))).collect();
    format!("{:#}\n", Value::Object(all))
}

fn csv(tables: &[Table]) -> String {
    let mut columns: Vec<&String> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.columns) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let mut text = String::from("table");
    for column in &columns {
        let _ = write!(text, ",{column}");
    }
    text.push('\n');
    for Table { name, columns: own, rows } in tables {
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| own.iter().position(|mine| mine == *column)).collect();
        for row in rows {
            text.push_str(name);
            for place in &places {
                text.push(',');
                // Our own words and numbers: nothing in them wants quotes.
                match place.and_then(|place| row.get(place)) {
                    None | Some(Value::Null) => {}
                    Some(Value::String(word)) => text.push_str(word),
                    Some(number) => {
                        let _ = write!(text, "{number}");
                    }
                }
            }
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::storage::Database;
    use crate::telemetry::Event;
    use crate::telemetry::store::{SCHEMA, Stamped, write};

    fn exported(format: Format) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&folder.path().join("telemetry.sqlite3"), &SCHEMA).unwrap();
        let at = UNIX_EPOCH + Duration::from_mins(2);
        let (hotkey, ready) = (Duration::from_micros(5), Duration::from_micros(9));
        let batch = [
            Stamped { at, event: Event::PopupShown { latency: Duration::from_micros(7) } },
            Stamped { at, event: Event::Started { hotkey, ready } },
        ];
        database.attempt(|connection| write(connection, &batch, 0, at)).unwrap();
        database.attempt(|connection| export(connection, format)).unwrap()
    }

    #[test]
    fn every_row_is_in_both_forms() {
        let json: Value = serde_json::from_str(&exported(Format::Json)).unwrap();
        assert_eq!(json["started"][0]["ready_us"], 9);
        assert_eq!(json["tally"].as_array().map(Vec::len), Some(3));
        let csv = exported(Format::Csv);
        let mut lines = csv.lines();
        let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
        let ready = columns.iter().position(|column| *column == "ready_us").unwrap();
        let row = lines.find(|line| line.starts_with("started,120000,")).unwrap();
        assert_eq!(row.split(',').nth(ready), Some("9"));
        assert!(csv.lines().all(|line| line.split(',').count() == columns.len()), "{csv}");
    }
}
