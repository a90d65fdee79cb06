//! In what order, how many of them, and what becomes of the first line.

use super::column;
use super::{Column, Compare, Header, Numbers, Order, Query, Take};
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

/// `keep the header`, `skip the header`, `with the header on top`.
pub(super) fn header(scan: &mut Scan<'_>, query: &mut Query) {
    const STAYS: [&str; 10] =
        ["keep", "keeping", "kept", "preserve", "preserving", "stay", "stays", "leave", "must", "remain"];
    // `keep the first line on top`
    let stays = scan.has_text(&STAYS);
    let first = (0..scan.tokens.len())
        .find(|at| stays && scan.is_at(Some(*at), &[c::FIRST]) && scan.is_at(scan.after(*at), &[c::LINE]));
    if let Some(first) = first.filter(|_| scan.position(c::HEADER).is_none() && scan.has(c::SORT)) {
        let line = scan.after(first);
        scan.take(first);
        scan.take_all(line);
        query.header = Header::Keep;
        while scan.take_text(&STAYS).is_some() {}
        scan.take_text(&["place", "top"]);
        return;
    }
    let Some(at) = scan.position(c::HEADER) else { return };
    let drop =
        scan.before(at).filter(|before| scan.is_at(Some(*before), &[c::NOT, c::DELETE]) && scan.is_free(*before));
    scan.take(at);
    if let Some(word) = scan.after(at).filter(|word| scan.is_at(Some(*word), &[c::LINE])) {
        scan.take(word);
    }
    if let Some(drop) = drop {
        scan.take(drop);
        query.header = Header::Drop;
        return;
    }
    query.header = Header::Keep;
    while scan.take_text(&STAYS).is_some() {}
    // `on top`, `at the top`, `in the first line`, `in place`
    if let Some(top) = (at..scan.tokens.len()).find(|top| scan.is_free(*top) && scan.tokens[*top].is(c::FIRST)) {
        scan.take(top);
        if let Some(line) = scan.after(top).filter(|line| scan.is_at(Some(*line), &[c::LINE])) {
            scan.take(line);
        }
    }
}

/// `number the lines`, `with line numbers`: only beside something else, which has intents of its own.
pub(super) fn numbered(scan: &mut Scan<'_>, query: &mut Query) {
    let found = (0..scan.tokens.len()).find_map(|at| {
        let text = scan.tokens[at].text.as_str();
        if matches!(text, "number" | "numbering") && scan.is_at(scan.after(at), &[c::LINE]) {
            return Some((at, scan.after(at)?));
        }
        if text == "numbers" && scan.is_at(scan.before(at), &[c::LINE]) && scan.has(c::WITH) {
            return Some((scan.before(at)?, at));
        }
        (text == "numbered").then_some((at, at))
    });
    let Some((first, last)) = found.filter(|_| scan.has(c::SORT) || scan.has(c::UNIQUE) || scan.has(c::DUPLICATE))
    else {
        return;
    };
    scan.take_all(first..=last);
    query.numbers = Numbers::Shown;
}

/// `sorted by column 2 numerically`, `the 5 largest by price`, `with the highest score`.
pub(super) fn order(scan: &mut Scan<'_>, query: &mut Query) {
    const ASCENDING: [&str; 5] = ["ascending", "increasing", "rising", "upwards", "ascendingly"];
    const DESCENDING: [&str; 4] = ["decreasing", "falling", "desc", "downwards"];
    // `count orders by status` orders nothing.
    let sort = scan.position(c::SORT).filter(|at| !is_counted(scan, *at));
    let Some(sort) = sort else {
        superlative(scan, query);
        return;
    };
    scan.take(sort);
    let numeric = scan.take_word(c::NUMERIC).is_some();
    let by = by(scan, query, sort);
    let up = scan.take_text(&ASCENDING).is_some();
    let mut descending = scan.take_word(c::REVERSE).is_some() || scan.take_text(&DESCENDING).is_some();
    let mut numbers = numeric;
    if let Some((first, last, down, of_numbers)) = span(scan) {
        scan.take_all(first..=last);
        descending = down;
        numbers |= of_numbers;
    } else if !up && !descending {
        // `largest first`, `lowest first`
        for (words, down) in [
            ([c::LARGEST, c::MAXIMUM, c::LARGE, c::OLDEST], true),
            ([c::SMALLEST, c::MINIMUM, c::SMALL, c::NEWEST], false),
        ] {
            if let Some(at) = scan.position_any(&words).filter(|at| scan.is_at(scan.after(*at), &[c::FIRST])) {
                let first = scan.after(at);
                scan.take_all([Some(at), first].into_iter().flatten());
                descending = down;
                numbers = true;
            }
        }
    }
    scan.take_text(&["alphabetically", "alphabetical"]);
    let compare = if versions(scan) {
        Compare::Versions
    } else if numbers || by.as_ref().is_some_and(is_number) {
        Compare::Numbers
    } else if query.patterns.is_empty() && scan.take_word(c::CASE_INSENSITIVE).is_some() {
        Compare::IgnoringCase
    } else {
        Compare::Text
    };
    query.order = Some(Order { by, compare, descending });
}

// `as version numbers`, `by version`
fn versions(scan: &mut Scan<'_>) -> bool {
    let found = scan.take_text(&["version", "versions", "version number", "version numbers"]);
    if let Some(at) = found {
        let beside = [scan.before(at), scan.after(at)].into_iter().flatten();
        let words: Vec<usize> =
            beside.filter(|word| scan.is_at(Some(*word), &[c::AS, c::BY, c::NUMBER, c::SORT])).collect();
        scan.take_all(words);
        scan.take_text(&["numbers", "order"]);
    }
    found.is_some()
}

// `from big to small`, `z to a`: where it starts and ends, whether it goes down, and whether it is about numbers.
fn span(scan: &Scan<'_>) -> Option<(usize, usize, bool, bool)> {
    const HIGH: [&str; 11] =
        ["big", "biggest", "large", "largest", "high", "highest", "greatest", "great", "most", "top", "long"];
    const LOW: [&str; 9] = ["small", "smallest", "low", "lowest", "least", "little", "bottom", "fewest", "short"];
    (1..scan.tokens.len().saturating_sub(1)).find_map(|to| {
        if scan.tokens[to].text != "to" || !scan.is_free(to) {
            return None;
        }
        let word = |at: usize| scan.tokens[at].raw.to_ascii_lowercase();
        let (from, until) = (word(to - 1), word(to + 1));
        let is = |words: &[&str], word: &str| words.contains(&word);
        let (down, numbers) = match (from.as_str(), until.as_str()) {
            ("z", "a") => (true, false),
            ("a", "z") => (false, false),
            (from, until) if is(&HIGH, from) && is(&LOW, until) => (true, true),
            (from, until) if is(&LOW, from) && is(&HIGH, until) => (false, true),
            _ => return None,
        };
        let cue = (to - 1).checked_sub(1).filter(|cue| scan.is_at(Some(*cue), &[c::FROM]));
        Some((cue.unwrap_or(to - 1), to + 1, down, numbers))
    })
}

/// `count orders by status`: the noun, taken for a verb.
pub(super) fn is_counted(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens[at].text.ends_with("s by") && scan.is_at(scan.before(at), &[c::COUNT])
}

// A column whose name says that it holds numbers.
fn is_number(column: &Column) -> bool {
    const NUMBERS: [&str; 36] = [
        "age",
        "amount",
        "area",
        "balance",
        "bytes",
        "cost",
        "count",
        "duration",
        "height",
        "hits",
        "id",
        "latency",
        "length",
        "mark",
        "ms",
        "number",
        "points",
        "population",
        "price",
        "priority",
        "qty",
        "quantity",
        "rank",
        "rating",
        "revenue",
        "salary",
        "sales",
        "score",
        "seconds",
        "size",
        "stock",
        "total",
        "units",
        "views",
        "weight",
        "year",
    ];
    matches!(column, Column::Named(name) if NUMBERS.contains(&name.to_ascii_lowercase().as_str()))
}

fn by(scan: &mut Scan<'_>, query: &Query, sort: usize) -> Option<Column> {
    let phrase = scan.tokens[sort].text.clone();
    let from = if phrase.ends_with(" by") {
        scan.after(sort)
    } else {
        let cue = (sort + 1..scan.tokens.len())
            .find(|at| scan.is_at(Some(*at), &[c::BY, c::ON, c::AFTER]) || scan.tokens[*at].text == "using")?;
        scan.take(cue);
        scan.after(cue)
    };
    let from =
        from.map(|at| if scan.is_at(Some(at), &[c::NUMERIC, c::VALUE]) { scan.after(at).unwrap_or(at) } else { at });
    let from = from?;
    let found = column::from(scan, query.format, Some(from));
    // `by the start year (last column)`
    if !found.as_ref().is_some_and(|found| found.explicit)
        && let Some(better) = (from + 1..scan.tokens.len().min(from + 4))
            .find_map(|at| column::from(scan, query.format, Some(at)).filter(|better| better.explicit))
    {
        scan.take_all(from..better.first);
        better.take(scan);
        return Some(better.column);
    }
    let found = found?;
    found.take(scan);
    Some(found.column)
}

// `the 3 largest by price`, `the row with the highest score`, `the 5 highest prices`
fn superlative(scan: &mut Scan<'_>, query: &mut Query) {
    let found = [(c::LARGEST, true), (c::MAXIMUM, true), (c::SMALLEST, false), (c::MINIMUM, false), (c::FIRST, true)]
        .into_iter()
        .find_map(|(word, down)| scan.position(word).map(|at| (at, word, down)));
    let Some((at, word, descending)) = found else { return };
    let number =
        |at: Option<usize>| at.filter(|at| matches!(scan.tokens[*at].shape, Shape::Number(_)) && scan.is_free(*at));
    let lines = (1..scan.tokens.len()).find(|line| scan.is_at(Some(*line), &[c::LINE])).map(|line| line - 1);
    let counted = number(at.checked_sub(1)).or_else(|| number(scan.after(at))).or_else(|| number(lines));
    let by = (at..scan.tokens.len()).find(|by| scan.is_at(Some(*by), &[c::BY]));
    let mention = match by {
        Some(by) => column::from(scan, query.format, scan.after(by)),
        // `first` alone is a place; only `top 3 by price` orders.
        None if word == c::FIRST => None,
        None => column::from(scan, query.format, scan.after(at).filter(|after| Some(*after) != counted)),
    };
    let Some(mention) = mention else { return };
    let has_line = scan.has(c::LINE) || scan.tokens.iter().any(|token| matches!(token.text.as_str(), "which" | "who"));
    if by.is_none() && !has_line && counted.is_none() {
        // The highest price is a number, not a row.
        return;
    }
    let count = counted.and_then(|at| match scan.tokens[at].shape {
        Shape::Number(number) => Some(number),
        _ => None,
    });
    mention.take(scan);
    scan.take_all([Some(at), by, counted].into_iter().flatten());
    query.order = Some(Order { by: Some(mention.column), compare: Compare::Numbers, descending });
    query.take = Some(Take::First(count.unwrap_or(1)));
}

/// `the first 5`, `top 10`, `the last 3 lines`.
pub(super) fn take(scan: &mut Scan<'_>, query: &mut Query) {
    if query.take.is_some() {
        return;
    }
    for at in 0..scan.tokens.len() {
        let Shape::Number(count) = scan.tokens[at].shape else { continue };
        if !scan.is_free(at) {
            continue;
        }
        for side in [scan.before(at), scan.after(at)].into_iter().flatten() {
            let take = match scan.tokens[side].concept {
                Some(c::FIRST | c::FREQUENT) => Take::First(count),
                Some(c::LAST) => Take::Last(count),
                _ if scan.tokens[side].text == "most" => Take::First(count),
                _ => continue,
            };
            query.take = Some(take);
            scan.take(at);
            if !scan.tokens[side].is(c::FREQUENT) {
                scan.take(side);
            }
            return;
        }
    }
}
