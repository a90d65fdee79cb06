//! A query in words.

use std::fmt::Write as _;

use super::{Column, Fold, Header, Outcome, Pick, Position, Query, Take, Test};

/// What a query does, one sentence.
pub(super) fn sentence(query: &Query) -> String {
    let lines = lines(query);
    let picked = match &query.pick {
        Pick::Whole => lines.clone(),
        Pick::Columns(columns) => format!("{} of {lines}", names(columns)),
        Pick::Swapped(one, other) => format!("{lines} with columns {one} and {other} in each other's place"),
        Pick::Without(columns) => format!("{lines} without {}", names(columns)),
        Pick::Pieces(what, _) => format!("the {what} in {lines}"),
    };
    let mut text = match &query.outcome {
        Outcome::Rows => format!("Shows {picked}"),
        Outcome::Unique => format!("Shows {picked}, each different one once"),
        Outcome::Duplicates => format!("Shows what is more than once in {picked}"),
        Outcome::Tally => format!("Counts how often each different one is in {picked}, the most frequent first"),
        Outcome::CountUnique => format!("Counts the different ones in {picked}"),
        Outcome::Fold(Fold::Count, ..) => format!("Counts {lines}"),
        Outcome::Fold(fold, a, b) => {
            format!("Prints the {} of {} in {lines}", fold_name(*fold), product(a.as_ref(), b.as_ref()))
        }
        Outcome::Grouped(fold, a, b, by) => {
            format!(
                "Prints the {} of {} for each {} in {lines}",
                fold_name(*fold),
                product(a.as_ref(), b.as_ref()),
                name(by)
            )
        }
    };
    if let Some(order) = &query.order {
        let by = order.by.as_ref().map_or("the whole line".to_owned(), name);
        let _ = write!(text, ", in the order of {by}");
        if order.descending {
            text.push_str(", the largest first");
        }
    }
    match query.take {
        Some(Take::First(count)) => drop(write!(text, ", the first {count}")),
        Some(Take::Last(count)) => drop(write!(text, ", the last {count}")),
        None => {}
    }
    match query.header {
        Header::None => {}
        Header::Keep => text.push_str("; the header stays"),
        Header::Drop => text.push_str("; without the header"),
    }
    text
}

fn lines(query: &Query) -> String {
    let what = if query.format.is_json() { "records" } else { "lines" };
    let mut text = format!("the {what} of {}", query.file);
    let link = if query.any { " or" } else { " and" };
    for (at, pattern) in query.patterns.iter().enumerate() {
        let verb = match (pattern.position, pattern.negated) {
            (Position::Start, false) => "start with",
            (Position::Start, true) => "do not start with",
            (Position::End, false) => "end with",
            (Position::End, true) => "do not end with",
            (Position::Regex, false) => "match",
            (Position::Regex, true) => "do not match",
            (_, false) => "have",
            (_, true) => "do not have",
        };
        let _ = write!(text, "{} {verb} '{}'", if at == 0 { " that" } else { link }, pattern.text);
    }
    for (at, condition) in query.conditions.iter().enumerate() {
        let (verb, value) = match &condition.test {
            Test::Is(value) => ("is", value.as_str()),
            Test::IsNot(value) => ("is not", value.as_str()),
            Test::Has(value) => ("has", value.as_str()),
            Test::More(value) => ("is more than", value.as_str()),
            Test::Less(value) => ("is less than", value.as_str()),
            Test::AtLeast(value) => ("is at least", value.as_str()),
            Test::AtMost(value) => ("is at most", value.as_str()),
            Test::True => ("is", "set"),
            Test::Any(value) => ("something is", value.as_str()),
            Test::False => ("is", "not set"),
        };
        let link = if at == 0 { "where" } else { "and" };
        let subject =
            if matches!(condition.test, Test::Any(_)) { String::new() } else { name(&condition.column) + " " };
        let _ = write!(text, " {link} {subject}{verb} {value}");
    }
    text
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn name(column: &Column) -> String {
    match column {
        Column::At(number) => format!("column {number}"),
        Column::Last => "the last column".to_owned(),
        Column::Named(name) => name.clone(),
    }
}

fn product(a: Option<&Column>, b: Option<&Column>) -> String {
    [a, b].into_iter().flatten().map(name).collect::<Vec<_>>().join(" times ")
}

const fn fold_name(fold: Fold) -> &'static str {
    match fold {
        Fold::Count => "number",
        Fold::Sum => "sum",
        Fold::Average => "average",
        Fold::Maximum => "maximum",
        Fold::Minimum => "minimum",
        Fold::Median => "median",
    }
}
