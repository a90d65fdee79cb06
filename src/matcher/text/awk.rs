//! Writes what looks into columns as a program for awk.

use std::fmt::Write as _;

use super::{Column, Condition, Fold, Format, Header, Outcome, Pattern, Pick, Position, Query, Test};
use crate::shell::{Shell, quote};

/// `awk -F, '…'`; `None` when awk has no short way to say it.
pub(super) fn command(query: &Query, key: Option<&Column>, shell: Shell) -> Option<String> {
    let program = program(query, key)?;
    let mut line = "awk".to_owned();
    line.push_str(&separator(query.format));
    let prints_columns = matches!(&query.pick, Pick::Columns(columns) if columns.len() > 1);
    if let Format::Separated(separator) = query.format
        && prints_columns
        && query.outcome == Outcome::Rows
    {
        let ofs =
            if separator == '\t' { "'\\t'".to_owned() } else { quote(shell, &separator.to_string()).into_owned() };
        let _ = write!(line, " -v OFS={ofs}");
    }
    let _ = write!(line, " {}", quote(shell, &program));
    Some(line)
}

/// Two columns in each other's place.
pub(super) fn swapped(format: Format, one: u64, other: u64, shell: Shell) -> String {
    let between = match format {
        Format::Separated('\t') => "BEGIN {FS = OFS = \"\\t\"} ".to_owned(),
        Format::Separated(separator) => format!("BEGIN {{FS = OFS = \"{separator}\"}} "),
        _ => String::new(),
    };
    let program = format!("{between}{{t = ${one}; ${one} = ${other}; ${other} = t; print}}");
    format!("awk {}", quote(shell, &program))
}

/// The flag that says what stands between columns.
pub(super) fn separator(format: Format) -> String {
    match format {
        Format::Separated('\t') => " -F'\\t'".to_owned(),
        Format::Separated(plain @ (',' | ':' | '-' | '/')) => format!(" -F{plain}"),
        Format::Separated(other) => format!(" -F'{other}'"),
        _ => String::new(),
    }
}

fn program(query: &Query, key: Option<&Column>) -> Option<String> {
    let mut program = String::new();
    let mut guard: Vec<String> = Vec::new();
    let keeps = query.header == Header::Keep && query.outcome == Outcome::Rows && key.is_none();
    if query.has_names() {
        let print = if keeps { " print;" } else { "" };
        let map = "for (i = 1; i <= NF; i++) c[tolower($i)] = i;";
        let _ = write!(program, "NR == 1 {{{map}{print} next}} ");
    } else if query.header == Header::Drop {
        guard.push("NR > 1".to_owned());
    }
    for condition in &query.conditions {
        guard.push(test(condition)?);
    }
    for pattern in &query.patterns {
        guard.push(regex(pattern)?);
    }
    if let Some(numbers) = numbers_only(query) {
        guard.push(numbers);
    }
    let mut guard = guard.join(if query.any && query.conditions.is_empty() { " || " } else { " && " });
    if keeps && !query.has_names() && !guard.is_empty() {
        guard = format!("NR == 1 || {guard}");
    }
    let action = action(query, key);
    match (guard.is_empty(), action.is_empty()) {
        (true, true) => return None,
        (false, true) => program.push_str(&guard),
        (true, false) => program.push_str(&action),
        (false, false) => {
            let _ = write!(program, "{guard} {action}");
        }
    }
    Some(program)
}

// The first line of a table has names where the others have numbers; without knowing its names it is told by that.
fn numbers_only(query: &Query) -> Option<String> {
    if query.has_names() || query.header == Header::Drop || !matches!(query.format, Format::Separated(_)) {
        return None;
    }
    let (Outcome::Fold(Fold::Average | Fold::Maximum | Fold::Minimum | Fold::Median, Some(column), None)
    | Outcome::Grouped(_, Some(column), None, _)) = &query.outcome
    else {
        return None;
    };
    let field = field(column);
    Some(format!("{field} == {field} + 0"))
}

pub(super) fn field(column: &Column) -> String {
    match column {
        Column::At(number) => format!("${number}"),
        Column::Last => "$NF".to_owned(),
        Column::Named(name) => format!("$c[{}]", string(&name.to_lowercase())),
    }
}

fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn test(condition: &Condition) -> Option<String> {
    let field = field(&condition.column);
    let value = |text: &str| if text.parse::<f64>().is_ok() { text.to_owned() } else { string(text) };
    Some(match &condition.test {
        Test::Is(text) => format!("{field} == {}", value(text)),
        Test::IsNot(text) => format!("{field} != {}", value(text)),
        Test::More(number) => format!("{field} > {number}"),
        Test::Less(number) => format!("{field} < {number}"),
        Test::AtLeast(number) => format!("{field} >= {number}"),
        Test::AtMost(number) => format!("{field} <= {number}"),
        Test::Has(_) | Test::True | Test::False | Test::Any(_) => return None,
    })
}

fn regex(pattern: &Pattern) -> Option<String> {
    let literal = || {
        let mut text = String::new();
        for character in pattern.text.chars() {
            if r"\/.*+?()[]{}|^$".contains(character) {
                text.push('\\');
            }
            text.push(character);
        }
        text
    };
    let regex = match pattern.position {
        Position::Anywhere => literal(),
        Position::Start => format!("^{}", literal()),
        Position::End => format!("{}$", literal()),
        Position::Regex => pattern.text.replace('/', "\\/"),
        Position::Word => return None,
    };
    Some(format!("{}/{regex}/", if pattern.negated { "!" } else { "" }))
}

fn action(query: &Query, key: Option<&Column>) -> String {
    let operand = |a: &Option<Column>, b: &Option<Column>| match (a, b) {
        (Some(a), Some(b)) => format!("{} * {}", field(a), field(b)),
        (Some(a), None) => field(a),
        _ => String::new(),
    };
    match &query.outcome {
        Outcome::Fold(fold, a, b) => fold_action(*fold, &operand(a, b)),
        Outcome::Grouped(fold, a, b, by) => grouped(*fold, &operand(a, b), &field(by)),
        _ => print(query, key),
    }
}

fn fold_action(fold: Fold, value: &str) -> String {
    match fold {
        Fold::Count => "{n++} END {print n + 0}".to_owned(),
        Fold::Sum => format!("{{s += {value}}} END {{print s}}"),
        Fold::Average => format!("{{s += {value}; n++}} END {{if (n) print s / n}}"),
        Fold::Maximum => format!("{{if (!n++ || {value} > m) m = {value}}} END {{print m}}"),
        Fold::Minimum => format!("{{if (!n++ || {value} < m) m = {value}}} END {{print m}}"),
        Fold::Median => format!("{{print {value}}}"),
    }
}

fn grouped(fold: Fold, value: &str, by: &str) -> String {
    match fold {
        Fold::Count => format!("{{n[{by}]++}} END {{for (k in n) print k, n[k]}}"),
        Fold::Sum => format!("{{s[{by}] += {value}}} END {{for (k in s) print k, s[k]}}"),
        Fold::Average | Fold::Median => {
            format!("{{s[{by}] += {value}; n[{by}]++}} END {{for (k in s) print k, s[k] / n[k]}}")
        }
        Fold::Maximum | Fold::Minimum => {
            let sign = if fold == Fold::Maximum { '>' } else { '<' };
            format!(
                "{{if (!({by} in m) || {value} {sign} m[{by}]) m[{by}] = {value}}} END {{for (k in m) print k, m[k]}}"
            )
        }
    }
}

fn print(query: &Query, key: Option<&Column>) -> String {
    let what = match &query.pick {
        Pick::Columns(columns) => columns.iter().map(field).collect::<Vec<_>>().join(", "),
        _ if key.is_some() => "$0".to_owned(),
        _ => return String::new(),
    };
    match key {
        Some(key) => format!("{{print {} \"\\t\" {}}}", field(key), what.replace(", ", " FS ")),
        None => format!("{{print {what}}}"),
    }
}
