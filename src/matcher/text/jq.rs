//! Writes a query about records as a filter of jq.

use super::{Column, Condition, Fold, Format, Order, Outcome, Pick, Query, Take, Test};
use crate::matcher::render::path_argument;
use crate::matcher::value::{jq_path, json_string};
use crate::shell::{Shell, quote};

/// The command line of a query; `None` when there is no short way to say it.
pub(super) fn command(query: &Query, shell: Shell) -> Option<String> {
    if query.header != super::Header::None || query.columns().any(|column| !matches!(column, Column::Named(_))) {
        return None;
    }
    let file = path_argument(&query.file, shell);
    let line = |flags: &str, filter: &str| format!("jq{flags} {} {file}", quote(shell, filter));
    let lines = query.format == Format::JsonLines;
    let slurp = if lines { " -s" } else { "" };
    let select = select(&query.conditions)?;
    let bare = select.trim_start_matches(" | ");
    // The list may be the file, or lie under some key in it.
    let members = match (lines, select.is_empty()) {
        (true, true) => ".".to_owned(),
        (true, false) => bare.to_owned(),
        (false, _) => format!("arrays // .[] | arrays[]{select}"),
    };
    let root = if lines { "" } else { "arrays // .[] | arrays" };
    let list = match (root, select.is_empty()) {
        ("", true) => ".".to_owned(),
        ("", false) => format!("map({bare})"),
        (root, true) => root.to_owned(),
        (root, false) => format!("{root} | map({bare})"),
    };
    let operand = |a: &Option<Column>, b: &Option<Column>| {
        let a = path(a.as_ref()?)?;
        Some(match b {
            Some(b) => format!("({a} * {})", path(b)?),
            None => a,
        })
    };
    Some(match &query.outcome {
        Outcome::Fold(Fold::Count, ..) => {
            line(slurp, if list == "." { "length".to_owned() } else { format!("{list} | length") }.as_str())
        }
        Outcome::Fold(fold, a, b) => {
            let value = operand(a, b)?;
            let inner =
                if select.is_empty() { value } else { format!("{} | {value}", select.trim_start_matches(" | ")) };
            let root = if root.is_empty() { String::new() } else { format!("{root} | ") };
            line(slurp, &format!("{root}map({inner}) | {}", folded(*fold)?))
        }
        Outcome::Grouped(fold, a, b, by) => {
            let by = path(by)?;
            let each = folded_each(*fold, &operand(a, b)?)?;
            let pipe = if list == "." { String::new() } else { format!("{list} | ") };
            line(
                &format!("{slurp}{}", if lines { "r" } else { " -r" }),
                &format!("{pipe}group_by({by})[] | \"\\(.[0]{by}) \\({each})\""),
            )
        }
        Outcome::Rows => return rows(query, &list, &members, slurp, &line),
        Outcome::Unique | Outcome::Duplicates | Outcome::Tally | Outcome::CountUnique => {
            let Pick::Columns(columns) = &query.pick else { return None };
            let values = line(" -r", &join(&members, &fields(columns, true)?));
            let take = match query.take {
                Some(Take::First(count)) => format!(" | head -n {count}"),
                Some(Take::Last(count)) => format!(" | tail -n {count}"),
                None => String::new(),
            };
            let rest = match query.outcome {
                Outcome::Unique => "sort -u",
                Outcome::Duplicates => "sort | uniq -d",
                Outcome::CountUnique => "sort -u | wc -l",
                _ => "sort | uniq -c | sort -rn",
            };
            format!("{values} | {rest}{take}")
        }
    })
}

fn rows(query: &Query, list: &str, stream: &str, slurp: &str, line: &dyn Fn(&str, &str) -> String) -> Option<String> {
    let fields = match &query.pick {
        Pick::Whole => None,
        Pick::Columns(columns) => Some(fields(columns, false)?),
        _ => return None,
    };
    let raw = if fields.is_some() { "r" } else { "" };
    let flags = |slurp: &str| match (slurp.is_empty(), raw.is_empty()) {
        (true, true) => String::new(),
        (true, false) => " -r".to_owned(),
        (false, _) => format!("{slurp}{raw}"),
    };
    if query.order.is_none() && query.take.is_none() {
        let filter = match &fields {
            Some(fields) => join(stream, fields),
            None => stream.to_owned(),
        };
        return Some(line(&flags(""), &filter));
    }
    let mut stages: Vec<String> = Vec::new();
    if list != "." {
        stages.push(list.to_owned());
    }
    if let Some(Order { by, descending, .. }) = &query.order {
        stages.push(by.as_ref().map_or(Some("sort".to_owned()), |by| Some(format!("sort_by({})", path(by)?)))?);
        if *descending {
            stages.push("reverse".to_owned());
        }
    }
    let end = match query.take {
        Some(Take::First(1)) => ".[0]".to_owned(),
        Some(Take::Last(1)) => ".[-1]".to_owned(),
        Some(Take::First(count)) => format!(".[:{count}]"),
        Some(Take::Last(count)) => format!(".[-{count}:]"),
        None => String::new(),
    };
    let single = end.ends_with("[0]") || end.ends_with("[-1]");
    if !end.is_empty() {
        stages.push(end);
    }
    if let Some(fields) = fields {
        let each = if single { "." } else { ".[]" };
        stages.push(join(each, &fields));
    }
    Some(line(&flags(slurp), &stages.join(" | ")))
}

// `.[]` and `.name` are one path; what is no path follows behind a pipe.
fn join(stream: &str, fields: &str) -> String {
    match (stream, fields.starts_with('.')) {
        (".", _) => fields.to_owned(),
        (stream, true) if stream.ends_with("[]") => format!("{stream}{fields}"),
        _ => format!("{stream} | {fields}"),
    }
}

fn fields(columns: &[Column], flat: bool) -> Option<String> {
    match columns {
        [Column::Named(name)] if flat && is_plural(name) => {
            // A field with the name of several things is a list, or one of them.
            Some(format!("{} | .[]? // .", path(&columns[0])?))
        }
        [one] => path(one),
        several => {
            let all: Option<Vec<String>> = several.iter().map(path).collect();
            Some(format!("[{}] | @tsv", all?.join(", ")))
        }
    }
}

fn is_plural(name: &str) -> bool {
    name.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| name.ends_with(ending))
}

fn path(column: &Column) -> Option<String> {
    let Column::Named(name) = column else { return None };
    Some(jq_path(name))
}

fn select(conditions: &[Condition]) -> Option<String> {
    if conditions.is_empty() {
        return Some(String::new());
    }
    let tests: Option<Vec<String>> = conditions.iter().map(test).collect();
    Some(format!(" | select({})", tests?.join(" and ")))
}

fn test(condition: &Condition) -> Option<String> {
    if let Test::Any(text) = &condition.test {
        return Some(format!("any(. == {})", json_string(text)));
    }
    let path = path(&condition.column)?;
    let value = |text: &str| match text {
        "true" | "false" | "null" => text.to_owned(),
        _ if text.parse::<f64>().is_ok() => text.to_owned(),
        _ => json_string(text),
    };
    Some(match &condition.test {
        Test::Is(text) => format!("{path} == {}", value(text)),
        Test::IsNot(text) => format!("{path} != {}", value(text)),
        Test::More(number) => format!("{path} > {number}"),
        Test::Less(number) => format!("{path} < {number}"),
        Test::AtLeast(number) => format!("{path} >= {number}"),
        Test::AtMost(number) => format!("{path} <= {number}"),
        // `index` finds a member of a list and a part of a text alike.
        Test::Has(text) => format!("{path} | index({})", json_string(text)),
        Test::True => path,
        Test::False => format!("{path} | not"),
        Test::Any(_) => return None,
    })
}

const fn folded(fold: Fold) -> Option<&'static str> {
    Some(match fold {
        Fold::Sum => "add",
        Fold::Average => "add / length",
        Fold::Maximum => "max",
        Fold::Minimum => "min",
        Fold::Count => "length",
        Fold::Median => return None,
    })
}

fn folded_each(fold: Fold, value: &str) -> Option<String> {
    Some(format!("map({value}) | {}", folded(fold)?))
}
