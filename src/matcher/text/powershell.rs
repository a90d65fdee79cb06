//! Writes a query as a pipeline of cmdlets: a table is read with its names, other files line by line.

use std::fmt::Write as _;

use super::{Column, Compare, Condition, Fold, Format, Header, Outcome, Pattern, Pick, Position, Query, Take, Test};
use crate::shell::{Shell, quote, quote_path};

/// The command line of a query; `None` when PowerShell has no short way to say it.
pub(super) fn command(query: &Query, shell: Shell) -> Option<String> {
    let named = query.columns().all(|column| matches!(column, Column::Named(_)));
    let table = query.has_names();
    if !named || query.header == Header::Drop || table && !query.patterns.is_empty() {
        return None;
    }
    let file = quote_path(shell, &query.file);
    let mut line = match query.format {
        Format::Json => format!("Get-Content -Raw {file} | ConvertFrom-Json"),
        Format::JsonLines => format!("Get-Content {file} | ConvertFrom-Json"),
        Format::Separated(',') if table => format!("Import-Csv {file}"),
        Format::Separated('\t') if table => format!("Import-Csv {file} -Delimiter \"`t\""),
        Format::Separated(separator) if table => format!("Import-Csv {file} -Delimiter '{separator}'"),
        _ if query.header == Header::None => lines(query, &file, shell)?,
        _ => return None,
    };
    for condition in &query.conditions {
        let _ = write!(line, " | Where-Object {}", test(condition, shell)?);
    }
    let picked = match &query.pick {
        Pick::Columns(columns) => Some(columns.iter().map(|column| name(column, shell)).collect::<Option<Vec<_>>>()?),
        Pick::Whole => None,
        _ => return None,
    };
    finish(query, line, picked.as_deref(), shell)
}

fn lines(query: &Query, file: &str, shell: Shell) -> Option<String> {
    match &query.patterns[..] {
        [] => Some(format!("Get-Content {file}")),
        [one] => Some(format!("{} {file} | ForEach-Object Line", search(one, query.ignore_case, shell))),
        several if query.any && several.iter().all(|pattern| pattern.position == Position::Anywhere) => {
            let all: Vec<_> = several.iter().map(|pattern| quote(shell, &pattern.text)).collect();
            let case = if query.ignore_case { "" } else { " -CaseSensitive" };
            Some(format!("Select-String{case} -SimpleMatch -Pattern {} {file} | ForEach-Object Line", all.join(", ")))
        }
        several if !query.any => {
            let mut line = format!("Get-Content {file}");
            for pattern in several {
                let _ = write!(line, " | {}", search(pattern, query.ignore_case, shell));
            }
            Some(format!("{line} | ForEach-Object Line"))
        }
        _ => None,
    }
}

fn search(pattern: &Pattern, ignore_case: bool, shell: Shell) -> String {
    let mut line = "Select-String".to_owned();
    if !ignore_case {
        line.push_str(" -CaseSensitive");
    }
    if pattern.negated {
        line.push_str(" -NotMatch");
    }
    let escaped = || {
        pattern.text.chars().fold(String::new(), |mut text, character| {
            if r"\.*+?()[]{}|^$#".contains(character) {
                text.push('\\');
            }
            text.push(character);
            text
        })
    };
    let text = match pattern.position {
        Position::Anywhere => {
            line.push_str(" -SimpleMatch");
            pattern.text.clone()
        }
        Position::Start => format!("^{}", escaped()),
        Position::End => format!("{}$", escaped()),
        Position::Word => format!("\\b{}\\b", escaped()),
        Position::Regex => pattern.text.clone(),
    };
    let _ = write!(line, " -Pattern {}", quote(shell, &text));
    line
}

fn name(column: &Column, shell: Shell) -> Option<String> {
    let Column::Named(name) = column else { return None };
    Some(quote(shell, name).into_owned())
}

fn test(condition: &Condition, shell: Shell) -> Option<String> {
    let name = if matches!(condition.test, Test::Any(_)) { String::new() } else { name(&condition.column, shell)? };
    // The cells of a table are texts; comparing them with a number needs one on the left.
    let number = |sign: &str, number: &str| format!("{{ [double]$_.{name} -{sign} {number} }}");
    Some(match &condition.test {
        Test::Is(text) => format!("{name} -eq {}", quote(shell, text)),
        Test::IsNot(text) => format!("{name} -ne {}", quote(shell, text)),
        Test::Has(text) => format!("{name} -contains {}", quote(shell, text)),
        Test::More(value) => number("gt", value),
        Test::Less(value) => number("lt", value),
        Test::AtLeast(value) => number("ge", value),
        Test::AtMost(value) => number("le", value),
        Test::True => name,
        Test::Any(text) => format!("{{ $_.PSObject.Properties.Value -contains {} }}", quote(shell, text)),
        Test::False => format!("{{ -not $_.{name} }}"),
    })
}

fn finish(query: &Query, mut line: String, picked: Option<&[String]>, shell: Shell) -> Option<String> {
    let take = match query.take {
        Some(Take::First(count)) => format!(" | Select-Object -First {count}"),
        Some(Take::Last(count)) => format!(" | Select-Object -Last {count}"),
        None => String::new(),
    };
    let expand = |line: &mut String| match picked {
        None => {}
        Some([one]) => {
            let _ = write!(line, " | Select-Object -ExpandProperty {one}");
        }
        Some(several) => {
            let _ = write!(line, " | Select-Object {}", several.join(", "));
        }
    };
    match &query.outcome {
        Outcome::Rows => {
            if let Some(order) = &query.order {
                // Sort-Object looks at no case anyway.
                let kind = match order.compare {
                    Compare::Text | Compare::IgnoringCase => None,
                    Compare::Numbers => Some("double"),
                    Compare::Versions => Some("version"),
                };
                let key = match (&order.by, kind) {
                    (Some(by), Some(kind)) => format!(" {{ [{kind}]$_.{} }}", name(by, shell)?),
                    (Some(by), None) => format!(" {}", name(by, shell)?),
                    (None, Some(kind)) => format!(" {{ [{kind}]$_ }}"),
                    (None, None) => String::new(),
                };
                let _ = write!(line, " | Sort-Object{key}{}", if order.descending { " -Descending" } else { "" });
            }
            line.push_str(&take);
            expand(&mut line);
        }
        Outcome::Unique => {
            expand(&mut line);
            line.push_str(" | Sort-Object -Unique");
            line.push_str(&take);
        }
        Outcome::CountUnique => {
            expand(&mut line);
            line = format!("({line} | Sort-Object -Unique).Count");
        }
        Outcome::Duplicates | Outcome::Tally => {
            let key = picked.map(|names| format!(" {}", names.join(", "))).unwrap_or_default();
            let _ = write!(line, " | Group-Object{key} -NoElement");
            line.push_str(if query.outcome == Outcome::Tally {
                " | Sort-Object Count -Descending"
            } else {
                " | Where-Object Count -gt 1"
            });
            line.push_str(&take);
        }
        Outcome::Fold(Fold::Count, ..) => line = format!("({line} | Measure-Object).Count"),
        Outcome::Fold(fold, Some(column), None) => {
            let what = measure(*fold)?;
            line = format!("({line} | Measure-Object {} -{what}).{what}", name(column, shell)?);
        }
        Outcome::Grouped(fold, Some(column), None, by) => {
            let what = measure(*fold)?;
            let column = name(column, shell)?;
            let _ = write!(
                line,
                " | Group-Object {} | ForEach-Object {{ \"$($_.Name) $(($_.Group | Measure-Object {column} -{what}).{what})\" }}",
                name(by, shell)?
            );
        }
        Outcome::Fold(..) | Outcome::Grouped(..) => return None,
    }
    Some(line)
}

const fn measure(fold: Fold) -> Option<&'static str> {
    Some(match fold {
        Fold::Sum => "Sum",
        Fold::Average => "Average",
        Fold::Maximum => "Maximum",
        Fold::Minimum => "Minimum",
        Fold::Count | Fold::Median => return None,
    })
}
