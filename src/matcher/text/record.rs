//! Records and their fields, named as people name them: `the emails of the active users`.

use super::column;
use super::{Column, Condition, Format, Outcome, Pattern, Pick, Position, Query, Test};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

/// `the name of every user`, `only the login`: fields of records that are named without saying that they are fields.
pub(super) fn fields(scan: &mut Scan<'_>, query: &mut Query) {
    if query.pick != Pick::Whole || !query.format.is_json() && query.outcome == Outcome::Rows {
        return;
    }
    if !matches!(
        query.outcome,
        Outcome::Rows | Outcome::Unique | Outcome::Tally | Outcome::Duplicates | Outcome::CountUnique
    ) {
        return;
    }
    let free: Vec<usize> = (0..scan.tokens.len())
        .filter(|at| {
            let token = &scan.tokens[*at];
            scan.is_free(*at)
                && token.class > Class::Weak
                && !token.is(c::ALL)
                && !token.is(c::ONLY)
                && !token.is(c::LINE)
        })
        .collect();
    let Some(first) = free.first() else { return };
    let Some(found) = column::from(scan, query.format, Some(*first)) else { return };
    let mut columns = vec![found.column.clone()];
    let mut last = found.last;
    let mut mentions = vec![found];
    while scan.tokens.get(last + 1).is_some_and(|link| link.text == "and")
        && let Some(next) = column::from(scan, query.format, Some(last + 2))
    {
        last = next.last;
        columns.push(next.column.clone());
        mentions.push(next);
    }
    // Only where the sentence goes on to the records, or ends.
    let next = scan.after(last);
    let goes_on = next.is_some_and(|next| scan.tokens[next].class == Class::Cue || scan.tokens[next].is(c::WHERE));
    let ends = next.is_none_or(|next| !scan.is_free(next));
    let told =
        scan.has(c::ONLY) || !query.conditions.is_empty() || query.order.is_some() || query.outcome != Outcome::Rows;
    if !(goes_on || ends && told) {
        return;
    }
    // `the version in package.json` is a key of one object, `the versions` are fields of records.
    let plural = mentions.iter().any(|mention| scan.tokens[mention.last].raw.ends_with('s'));
    let of = scan.is_at(next, &[c::OF, c::FOR])
        && scan.after(last).is_some_and(|of| {
            scan.after(of).is_some_and(|noun| scan.is_free(noun) && scan.tokens[noun].shape == Shape::Word)
        });
    if !(plural
        || of
        || query.records
        || scan.has(c::ALL)
        || !query.conditions.is_empty()
        || query.outcome != Outcome::Rows)
    {
        return;
    }
    for mention in &mentions {
        mention.take(scan);
    }
    query.pick = Pick::Columns(columns);
    // `of the people`, `of each user`: what the records are has no name in the file.
    let mut noun = next.filter(|of| scan.is_at(Some(*of), &[c::OF, c::FOR, c::FROM])).and_then(|of| scan.after(of));
    while scan.is_at(noun, &[c::ALL, c::DIFFERENT]) {
        noun = noun.and_then(|noun| scan.after(noun));
    }
    if let Some(noun) = noun.filter(|noun| scan.is_free(*noun) && scan.tokens[*noun].shape == Shape::Word) {
        scan.take(noun);
        scan.doubt += 0.05;
    }
}

/// What the records are: `users` of `users.json`, or a word for any record.
pub(super) fn records(scan: &mut Scan<'_>, query: &mut Query) {
    const ANY: [&str; 26] = [
        "record",
        "records",
        "entry",
        "entries",
        "object",
        "objects",
        "element",
        "elements",
        "people",
        "persons",
        "users",
        "items",
        "events",
        "products",
        "orders",
        "customers",
        "employees",
        "members",
        "persons",
        "persons",
        "everybody",
        "everyone",
        "hosts",
        "servers",
        "jobs",
        "requests",
    ];
    if query.format == Format::Plain {
        return;
    }
    let base = query.file.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default().to_lowercase();
    for at in 0..scan.tokens.len() {
        let token = &scan.tokens[at];
        let text = token.raw.to_lowercase();
        let same = base.len() > 2 && text.trim_end_matches('s') == base.trim_end_matches('s');
        let before = scan.before(at);
        let is_column = scan.is_at(before, &[c::BY, c::GROUP_BY, c::COLUMN, c::SORT])
            || scan.is_at(scan.after(at), &[c::COLUMN])
            || before.is_some_and(|before| matches!(scan.tokens[before].text.as_str(), "each" | "every" | "sum"));
        if scan.is_free(at) && token.shape == Shape::Word && !is_column && (same || ANY.contains(&text.as_str())) {
            scan.take(at);
            query.records = true;
            kind(scan, query, at);
        }
    }
}

// `click events`: a word that some field has.
fn kind(scan: &mut Scan<'_>, query: &mut Query, noun: usize) {
    let Some(before) = noun.checked_sub(1).filter(|before| scan.is_free(*before)) else { return };
    let token = &scan.tokens[before];
    let is_text = token.shape == Shape::Quoted
        || token.shape == Shape::Word && (token.class == Class::Unknown || token.corrected);
    if !is_text || column::ordinal(scan, before).is_some() {
        return;
    }
    let text = token.raw.clone();
    scan.take(before);
    scan.doubt += 0.05;
    if query.format.is_json() {
        query.conditions.push(Condition { column: Column::Last, test: Test::Any(text) });
    } else {
        query.patterns.push(Pattern { text, position: Position::Anywhere, negated: false });
    }
}
