//! What becomes of the lines: which columns of them, sums, counts, what is only there once.

use super::column::{self, Mention};
use super::{Column, Compare, Fold, Format, Outcome, Pick, Query, order};
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

/// Sums, counts, frequencies, and what is only there once.
pub(super) fn outcome(scan: &mut Scan<'_>, query: &mut Query) {
    // `the different cities with counts`
    let counted = (1..scan.tokens.len()).find(|at| {
        scan.is_at(Some(*at), &[c::COUNT])
            && scan.is_at(scan.before(*at), &[c::WITH])
            && scan.after(*at).is_none_or(|next| scan.is_at(Some(next), &[c::IN, c::OF]))
    });
    if let Some(counted) = counted
        && scan.take_any(&[c::UNIQUE, c::DIFFERENT]).is_some()
    {
        scan.take(counted);
        query.outcome = Outcome::Tally;
        return;
    }
    let group = group(scan, query);
    let fold = fold(scan);
    if let Some((fold, at)) = fold {
        let (a, b) = operands(scan, query, at);
        if a.is_some() || fold == Fold::Count {
            scan.take(at);
            query.outcome = match group {
                Some(by) => Outcome::Grouped(fold, a, b, by),
                None => Outcome::Fold(fold, a, b),
            };
            // A count for each value is a frequency.
            if let Outcome::Grouped(Fold::Count, _, _, by) = &query.outcome {
                query.pick = Pick::Columns(vec![by.clone()]);
                query.outcome = Outcome::Tally;
            } else if query.outcome == Outcome::Fold(Fold::Count, None, None) {
                count(scan, query);
            }
            return;
        }
        if let Some(by) = group {
            query.outcome = Outcome::Grouped(fold, None, None, by);
            return;
        }
    }
    if let Some(often) = scan.take_text(&["often"]) {
        scan.take(often.saturating_sub(1));
        scan.take_any(&[c::ALL]);
        scan.take_any(&[c::DIFFERENT, c::UNIQUE]);
        scan.take_any(&[c::VALUE]);
        scan.take_text(&["occur", "occurs", "appear", "appears", "come", "comes", "happen", "happens"]);
        query.outcome = Outcome::Tally;
    } else if let Some(at) = scan.take_any(&[c::FREQUENT, c::FREQUENCY]) {
        if let Some(most) = at.checked_sub(1).filter(|most| scan.tokens[*most].text == "most") {
            scan.take(most);
        }
        query.outcome = Outcome::Tally;
    } else if unique(scan, query) || scan.take_any(&[c::UNIQUE, c::DIFFERENT]).is_some() {
        query.outcome = Outcome::Unique;
    } else if query.pick != Pick::Whole && scan.take_word(c::DUPLICATE).is_some() {
        query.outcome = Outcome::Duplicates;
    }
    if query.outcome != Outcome::Rows {
        scan.take_word(c::VALUE);
    }
}

// `sort and remove duplicates`
fn unique(scan: &mut Scan<'_>, query: &Query) -> bool {
    let plain = query
        .order
        .as_ref()
        .is_some_and(|order| order.by.is_none() && !order.descending && order.compare == Compare::Text);
    let Some((delete, double)) = scan.position(c::DELETE).zip(scan.position(c::DUPLICATE)).filter(|_| plain) else {
        return false;
    };
    scan.take_all([delete, double]);
    true
}

// `how many different lines`, `count lines`
fn count(scan: &mut Scan<'_>, query: &mut Query) {
    if scan.take_any(&[c::UNIQUE, c::DIFFERENT]).is_some() {
        query.outcome = Outcome::CountUnique;
    }
    scan.take_any(&[c::VALUE]);
}

fn fold(scan: &Scan<'_>) -> Option<(Fold, usize)> {
    [
        (c::SUM, Fold::Sum),
        (c::AVERAGE, Fold::Average),
        (c::MEDIAN, Fold::Median),
        (c::MAXIMUM, Fold::Maximum),
        (c::LARGEST, Fold::Maximum),
        (c::MINIMUM, Fold::Minimum),
        (c::SMALLEST, Fold::Minimum),
        (c::COUNT, Fold::Count),
        (c::TOGETHER, Fold::Sum),
    ]
    .into_iter()
    .find_map(|(word, fold)| scan.position(word).map(|at| (fold, at)))
    .or_else(|| {
        let total = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.tokens[*at].text == "total of")?;
        Some((Fold::Sum, total))
    })
}

// `sum of price`, `average age`, `total qty times price`
fn operands(scan: &mut Scan<'_>, query: &Query, at: usize) -> (Option<Column>, Option<Column>) {
    // `total size of a file` asks for its bytes.
    if scan.tokens[at].is(c::COUNT) || scan.tokens[at].is(c::TOGETHER) && scan.has(c::SIZE) {
        return (None, None);
    }
    let mut from = scan.after(at);
    while scan.is_at(from, &[c::OF, c::IN, c::ALL, c::VALUE]) || scan.is_text(from, &["numbers", "figures"]) {
        from = from.and_then(|at| scan.after(at));
    }
    let Some(first) = column::from(scan, query.format, from) else { return (None, None) };
    scan.take_all(at..=first.last);
    // `total revenue (qty times price)`: what it is called, and what it is.
    let is_times = |scan: &Scan<'_>, at: Option<usize>| {
        scan.is_at(at, &[c::TIMES]) || at.is_some_and(|at| matches!(scan.tokens[at].text.as_str(), "*" | "x"))
    };
    let defined = scan.after(first.last).filter(|next| is_times(scan, scan.after(*next)));
    let first = match defined.and_then(|next| column::from(scan, query.format, Some(next))) {
        Some(better) => {
            better.take(scan);
            better
        }
        None => first,
    };
    let times = scan.after(first.last).filter(|times| is_times(scan, Some(*times)));
    let Some(times) = times else { return (Some(first.column), None) };
    let Some(second) = column::from(scan, query.format, scan.after(times)) else { return (Some(first.column), None) };
    scan.take(times);
    second.take(scan);
    (Some(first.column), Some(second.column))
}

// `per city`, `for each city`, `by type`
fn group(scan: &mut Scan<'_>, query: &Query) -> Option<Column> {
    let at = (0..scan.tokens.len()).find(|at| {
        let each = || scan.after(*at).is_some_and(|each| matches!(scan.tokens[each].text.as_str(), "each" | "every"));
        scan.is_free(*at)
            && (scan.tokens[*at].is(c::GROUP_BY)
                || order::is_counted(scan, *at)
                || scan.tokens[*at].is(c::BY)
                || scan.tokens[*at].is(c::FOR) && each())
    })?;
    let mut from = scan.after(at);
    while scan.is_at(from, &[c::ALL, c::VALUE, c::OF, c::DIFFERENT]) {
        scan.take_all(from);
        from = from.and_then(|word| scan.after(word));
    }
    let found = column::from(scan, query.format, from)?;
    scan.take(at);
    found.take(scan);
    Some(found.column)
}

/// `swap columns 1 and 2`, `exchange the first two columns`.
pub(super) fn swap(scan: &mut Scan<'_>, query: &mut Query) -> Option<()> {
    let verb = (0..scan.tokens.len()).find(|at| {
        let word = scan.tokens[*at].text.as_str();
        scan.is_free(*at) && matches!(word, "swap" | "exchange" | "switch" | "interchange" | "swapped" | "switched")
    })?;
    let column = scan.position(c::COLUMN)?;
    let numbers: Vec<u64> = (0..scan.tokens.len())
        .filter(|at| scan.is_free(*at))
        .filter_map(|at| match column::ordinal(scan, at) {
            Some(Column::At(number)) => Some(number),
            _ => None,
        })
        .collect();
    // `the first two columns`
    let (one, other) = match numbers[..] {
        [2] if scan.is_at(scan.before(column).and_then(|two| scan.before(two)), &[c::FIRST]) => (1, 2),
        [1, 2] if scan.is_at(scan.before(column).and_then(|two| scan.before(two)), &[c::FIRST]) => (1, 2),
        [one, other] if one != other => (one, other),
        _ => return None,
    };
    scan.take(verb);
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) && (scan.tokens[at].is(c::COLUMN) || column::ordinal(scan, at).is_some()) {
            scan.take(at);
        }
    }
    query.pick = Pick::Swapped(one, other);
    Some(())
}

/// Columns that nothing else of the question uses: those to show, or to leave out.
pub(super) fn pick(scan: &mut Scan<'_>, query: &mut Query) {
    let mut columns: Vec<Column> = Vec::new();
    let mut without = false;
    let mut at = 0;
    while at < scan.tokens.len() {
        let Some(found) = column::from(scan, query.format, Some(at)).filter(|found| found.explicit) else {
            at += 1;
            continue;
        };
        if let Some(not) =
            scan.before(found.first).filter(|not| scan.is_at(Some(*not), &[c::NOT, c::DELETE]) && scan.is_free(*not))
        {
            scan.take(not);
            without = true;
        }
        at = found.last + 1;
        found.take(scan);
        let is_list = scan.tokens[found.first].is(c::COLUMN);
        // `the name and email columns`
        let listed = found.first.checked_sub(2).filter(|_| scan.tokens[found.first - 1].text == "and");
        if let Some(earlier) = column::from(scan, query.format, listed)
            && matches!(found.column, Column::Named(_)) == matches!(earlier.column, Column::Named(_))
        {
            scan.take(earlier.first);
            columns.push(earlier.column);
        }
        columns.push(found.column);
        if is_list {
            at = list(scan, query, at, &mut columns);
        }
    }
    // `all columns except the first`
    if columns.is_empty()
        && let Some(not) = scan.position(c::NOT)
        && let Some(place) = scan.after(not)
        && let Some(column) = column::ordinal(scan, place).filter(|_| scan.is_at(scan.before(not), &[c::COLUMN]))
    {
        scan.take_all([not, place]);
        while scan.take_any(&[c::COLUMN, c::ALL]).is_some() {}
        columns.push(column);
        without = true;
    }
    if columns.is_empty() {
        return;
    }
    query.pick = if without { Pick::Without(columns) } else { Pick::Columns(columns) };
}

/// `the ip addresses`, `all emails`: pieces of the lines that are told by what they look like.
pub(super) fn pieces(scan: &mut Scan<'_>, query: &mut Query) {
    if query.format != Format::Plain || query.pick != Pick::Whole {
        return;
    }
    let found = (0..scan.tokens.len()).filter(|at| scan.is_free(*at)).find_map(|at| {
        let token = &scan.tokens[at];
        Some(match token.text.as_str() {
            "email" | "emails" | "mails" | "e-mails" => {
                (at, "e-mail addresses", r"[[:alnum:]._%+-]+@[[:alnum:].-]+\.[[:alpha:]]{2,}")
            }
            "url" | "urls" => (at, "web addresses", "https?://[^[:space:]\"<>)]+"),
            _ if token.is(c::IP) => (at, "IP addresses", r"[0-9]{1,3}(\.[0-9]{1,3}){3}"),
            _ => return None,
        })
    });
    let Some((at, what, regex)) = found else { return };
    scan.take(at);
    scan.take_any(&[c::IP, c::EXTRACT]);
    scan.take_text(&["addresses", "extract", "pull"]);
    query.pick = Pick::Pieces(what, regex);
}

// `columns 1, 3 and 5`, `columns 2 to 4`
fn list(scan: &mut Scan<'_>, query: &Query, mut at: usize, columns: &mut Vec<Column>) -> usize {
    loop {
        let Some(token) = scan.tokens.get(at) else { return at };
        let link = matches!(token.text.as_str(), "and" | "&");
        let range = scan.is_at(Some(at), &[c::TO]) || matches!(token.text.as_str(), "through" | "-");
        let value = if link || range { at + 1 } else { at };
        let Some(token) = scan.tokens.get(value).filter(|_| scan.is_free(value)) else { return at };
        match (token.shape, columns.last()) {
            (Shape::Number(end), Some(Column::At(start))) if range && end > *start && end - start < 50 => {
                columns.extend((*start + 1..=end).map(Column::At));
            }
            (Shape::Number(number), Some(Column::At(_))) if !range && number > 0 => columns.push(Column::At(number)),
            (Shape::Word, Some(Column::Named(_))) if link => {
                let Some(Mention { column, .. }) = column::from(scan, query.format, Some(value)) else { return at };
                columns.push(column);
            }
            _ => return at,
        }
        scan.take_all(at..=value);
        at = value + 1;
    }
}
