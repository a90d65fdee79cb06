//! Reads a question into a statement.

use super::name;
use super::{Statement, Verb, condition};
use crate::matcher::ending::Ending;
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, Token, concept as c};

/// A question read, and how well.
pub(super) struct Reading {
    pub(super) statement: Statement,
    pub(super) database: String,
    pub(super) explained: f32,
    pub(super) unexplained: f32,
    pub(super) doubt: f32,
}

/// Reads the tokens; `None` when they are no question about the rows of a table.
pub(super) fn read(tokens: &[Token]) -> Option<Reading> {
    // What a table is made of is no column of it.
    const MADE_OF: [&str; 7] = ["schema", "structure", "definition", "ddl", "size", "dump", "indexes"];
    let mut files = (0..tokens.len()).filter(|at| Ending::Database.is_file(&tokens[*at]));
    let database = files.next()?;
    if files.next().is_some() {
        return None;
    }
    let mut scan = Scan::new(tokens);
    if scan.has_text(&MADE_OF) {
        return None;
    }
    scan.take(database);
    let mut before = scan.before(database);
    while scan.is_text(before, &["database", "db", "sqlite", "sqlite3"]) || scan.is_at(before, &[c::FILE]) {
        scan.take(before?);
        before = scan.before(before?);
    }
    let table_at = table(&scan, database)?;
    scan.take(table_at);
    let table = tokens[table_at].raw.clone();
    for beside in [scan.before(table_at), scan.after(table_at)].into_iter().flatten() {
        if scan.is_text(Some(beside), &["table"]) {
            scan.take(beside);
        }
    }
    let condition = condition::condition(&mut scan).ok()?;
    let changed = update(&mut scan, table_at);
    let order = order(&mut scan);
    let (verb, limit) = match changed {
        Some(verb) => (verb, None),
        None => verb(&mut scan, table_at, condition.is_some(), order.is_some())?,
    };
    while scan.take_any(&[c::SHOW, c::FIND, c::ALL, c::LINE, c::CONTENTS, c::EXIST]).is_some() {}
    for at in 0..tokens.len() {
        if scan.is_text(Some(at), &["record", "records", "entry", "entries", "select", "query", "data"]) {
            scan.take(at);
        }
    }
    let statement = Statement { verb, table, condition, order, limit };
    Some(Reading {
        statement,
        database: tokens[database].raw.clone(),
        unexplained: scan.unexplained(),
        explained: scan.explained,
        doubt: scan.doubt,
    })
}

// The table: beside the word for it, or what stands before `in shop.db`.
fn table(scan: &Scan<'_>, database: usize) -> Option<usize> {
    let named = |at: Option<usize>| at.filter(|at| *at != database && name::identifier(&scan.tokens[*at]).is_some());
    if let Some(noun) = (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), &["table"])) {
        // `the customers table`, `table customers`
        let before = scan.before(noun).filter(|at| *at + 1 == noun);
        return named(before).or_else(|| named(scan.after(noun)));
    }
    // `customers with age over 30 in shop.db`
    if let Some(opener) = condition::opener(scan).filter(|opener| *opener < database) {
        return named(scan.before(opener));
    }
    let mut before = scan.before(database)?;
    if !scan.is_at(Some(before), &[c::IN, c::OF, c::FROM, c::TO]) {
        return None;
    }
    while scan.is_at(Some(before), &[c::IN, c::OF, c::FROM, c::TO]) {
        before = scan.before(before)?;
    }
    // `orders per customer in shop.db`
    let per = scan.before(before).filter(|per| is_per(scan, *per));
    if let Some(per) = per.filter(|_| scan.has(c::COUNT)) {
        return named(scan.before(per));
    }
    named(Some(before))
}

// A word as it was typed, whatever spelling would make of it.
fn says(scan: &Scan<'_>, at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| scan.tokens[at].raw.eq_ignore_ascii_case(word))
}

fn is_per(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_text(Some(at), &["per", "for each", "by each"]) || scan.is_at(Some(at), &[c::BY])
}

// `set price to 10`, `increase every price by 10 percent`
fn update(scan: &mut Scan<'_>, table: usize) -> Option<Verb> {
    let words = ["set", "increase", "raise", "decrease", "reduce", "lower", "cut", "double", "halve", "update"];
    let at = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_text(Some(*at), &words))?;
    let says = scan.tokens[at].text.clone();
    let subject = (at + 1..scan.tokens.len())
        .find(|next| *next != table && scan.is_free(*next) && name::column(&scan.tokens[*next]).is_some())
        .filter(|next| !scan.is_at(Some(*next), &[c::ALL]))?;
    let column = name::column(&scan.tokens[subject])?;
    let value = if matches!(says.as_str(), "double" | "halve") {
        format!("{column} {}", if says == "double" { "* 2" } else { "/ 2" })
    } else if matches!(says.as_str(), "set" | "update") {
        let to = (subject..scan.tokens.len())
            .find(|to| scan.is_at(Some(*to), &[c::TO]) || scan.is_text(Some(*to), &["="]))?;
        let value = condition::literal(scan.tokens.get(to + 1)?)?;
        scan.take(to);
        scan.take(to + 1);
        value
    } else {
        let by = (subject..scan.tokens.len()).find(|by| scan.is_at(Some(*by), &[c::BY]))?;
        let grows = matches!(says.as_str(), "increase" | "raise");
        scan.take(by);
        scan.take(by + 1);
        change(scan, by + 1, &column, grows)?
    };
    scan.take(at);
    scan.take(subject);
    Some(Verb::Update(column, value))
}

fn change(scan: &mut Scan<'_>, at: usize, column: &str, grows: bool) -> Option<String> {
    let raw = scan.tokens.get(at)?.raw.clone();
    let percent = raw.strip_suffix('%').map(str::to_owned).or_else(|| {
        let sign = scan.is_text(Some(at + 1), &["percent", "%", "pct"]);
        if sign {
            scan.take(at + 1);
        }
        sign.then(|| raw.clone())
    });
    let Some(percent) = percent else {
        raw.parse::<f64>().ok()?;
        return Some(format!("{column} {} {raw}", if grows { '+' } else { '-' }));
    };
    let share: i64 = percent.parse().ok()?;
    let whole = if grows { 100 + share } else { 100 - share };
    let factor = format!("{}.{:02}", whole / 100, whole % 100);
    Some(format!("{column} * {}", factor.trim_end_matches('0').trim_end_matches('.')))
}

// `sorted by price descending`, `by date, newest first`
fn order(scan: &mut Scan<'_>) -> Option<(String, bool)> {
    let at = (0..scan.tokens.len())
        .find(|at| scan.is_free(*at) && scan.is_at(Some(*at), &[c::SORT]) && scan.tokens[*at].raw != "orders")?;
    let mut next = scan.after(at)?;
    if scan.is_at(Some(next), &[c::BY]) {
        next = scan.after(next)?;
    }
    let column = name::column(&scan.tokens[next])?;
    scan.take(at);
    scan.take(next);
    let reverse = scan.take_any(&[c::REVERSE, c::LARGEST, c::NEWEST]).is_some()
        || (0..scan.tokens.len()).any(|at| scan.is_text(Some(at), &["desc"]) && take(scan, at));
    if reverse {
        scan.take_any(&[c::FIRST]);
    } else {
        let ascending = (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), &["ascending", "asc"]));
        if let Some(at) = ascending {
            scan.take(at);
        }
        if scan.take_any(&[c::SMALLEST, c::OLDEST]).is_some() {
            scan.take_any(&[c::FIRST]);
        }
    }
    Some((column, reverse))
}

fn take(scan: &mut Scan<'_>, at: usize) -> bool {
    scan.take(at);
    true
}

fn verb(scan: &mut Scan<'_>, table: usize, conditioned: bool, ordered: bool) -> Option<(Verb, Option<u64>)> {
    if scan.take_word(c::DELETE).is_some() {
        // Every row of a table is deleted only when the question says so.
        let every = scan.has(c::ALL) && scan.has(c::LINE);
        return (conditioned || every).then_some((Verb::Delete, None));
    }
    if scan.take_word(c::COUNT).is_some() {
        let per = (0..scan.tokens.len())
            .find(|at| scan.is_free(*at) && (scan.is_text(Some(*at), &["per"]) || scan.is_at(Some(*at), &[c::BY])));
        if let Some(column) = per.and_then(|per| scan.after(per)) {
            let name = name::column(&scan.tokens[column])?;
            per.into_iter().chain([column]).for_each(|at| scan.take(at));
            return Some((Verb::CountBy(name), None));
        }
        return Some((Verb::Count, None));
    }
    if let Some(aggregate) = aggregate(scan, table) {
        return Some((aggregate, None));
    }
    if scan.take_word(c::UNIQUE).is_some() {
        let column = columns(scan, table).into_iter().next()?;
        return Some((Verb::Distinct(column), None));
    }
    let mut limit = None;
    if let Some(first) = scan.position(c::FIRST) {
        let count =
            [scan.after(first), scan.before(first)].into_iter().flatten().find_map(|at| match scan.tokens[at].shape {
                Shape::Number(count) if scan.is_free(at) => Some((at, count)),
                _ => None,
            });
        let (at, count) = count?;
        scan.take(at);
        scan.take(first);
        limit = Some(count);
    }
    let asked =
        scan.has(c::SHOW) || scan.has(c::FIND) || scan.has(c::ALL) || scan.has(c::LINE) || scan.has(c::CONTENTS);
    let columns = columns(scan, table);
    let clear = conditioned || ordered || limit.is_some() || asked || !columns.is_empty();
    clear.then_some((Verb::Select(columns), limit))
}

fn aggregate(scan: &mut Scan<'_>, table: usize) -> Option<Verb> {
    const FUNCTIONS: [(&str, &[&str]); 4] = [
        ("sum", &["sum", "total"]),
        ("avg", &["average", "avg", "mean"]),
        ("max", &["maximum", "max", "highest", "largest", "biggest"]),
        ("min", &["minimum", "min", "lowest", "smallest"]),
    ];
    for (function, words) in FUNCTIONS {
        let Some(at) = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && says(scan, *at, words)) else {
            continue;
        };
        let mut next = scan.after(at)?;
        if scan.is_at(Some(next), &[c::OF]) {
            next = scan.after(next)?;
        }
        if next == table {
            return None;
        }
        let column = name::column(&scan.tokens[next])?;
        scan.take(at);
        scan.take(next);
        return Some(Verb::Aggregate(function, column));
    }
    None
}

// `name and price of …`: the names before the table.
fn columns(scan: &mut Scan<'_>, table: usize) -> Vec<String> {
    let mut columns = Vec::new();
    let joined = (0..table).rev().find(|at| scan.is_at(Some(*at), &[c::OF, c::FROM, c::IN]));
    let Some(joined) = joined else { return columns };
    for at in 0..joined {
        let token = &scan.tokens[at];
        if !scan.is_free(at) || scan.is_at(Some(at), &[c::ALL, c::LINE, c::CONTENTS]) {
            continue;
        }
        if let Some(column) = name::column(token)
            && !["select", "query", "data", "export", "read"].contains(&token.text.as_str())
        {
            columns.push(column);
            scan.take(at);
        }
    }
    columns
}
