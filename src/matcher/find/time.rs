//! Times: `older than 3 days`, `modified in the last week`, `between 3 and 10 days ago`, `since 2024-01-15`, `newer than a.txt`.

use super::query::{Clock, Query, Test, Than, When};
use super::size::comparison;
use crate::matcher::scan::Scan;
use crate::matcher::stretch;
use crate::matcher::value::Value;
use crate::normalize::{Shape, Unit, concept as c};

/// `newer than notes.txt`, `modified after notes.txt`, `older than the file notes.txt`.
pub(super) fn than_file(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        let token = &scan.tokens[at];
        let older = token.is(c::OLDER) || token.is(c::BEFORE);
        let recently = scan.text(at).starts_with("more recent");
        if !older && !recently && !token.is(c::NEWER) && !token.is(c::AFTER) {
            continue;
        }
        let Some(mut value) = scan.after(at) else { continue };
        let mut words = vec![at];
        while ["file", "reference", "timestamp", "time", "modification", "of", "than", "in", "last", "creation"]
            .contains(&scan.text(value))
        {
            words.push(value);
            let Some(next) = scan.after(value) else { break };
            value = next;
        }
        let named = words.iter().any(|word| scan.text(*word) == "file");
        let shape = scan.tokens[value].shape;
        if matches!(shape, Shape::FileName | Shape::Path | Shape::Quoted | Shape::Host)
            || super::words::is_variable(&scan.tokens[value].raw)
            || named && shape == Shape::Word && scan.tokens[value].concept.is_none()
        {
            let not = scan.take_negation(at) != older;
            let raw = scan.tokens[value].raw.clone();
            let clock = clock(scan, at);
            query.add(Test::NewerThan(clock, raw), not, (at, value));
            scan.take_each(words.into_iter().chain([value]));
            // `newer than the file X was`
            scan.take_all_text(&["modified"]);
        }
    }
}

/// Reads every age and date of the question.
pub(super) fn times(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) {
            continue;
        }
        date(scan, query, at);
        if !scan.is_free(at) {
            continue;
        }
        if let Some(found) = stretch::age(scan.tokens, at)
            && let Value::Age(count, unit) = found.value
        {
            age(scan, query, at, at + found.length - 1, count, unit);
        }
    }
    unitless(scan, query);
    if query.any(|test| matches!(test, Test::Time(..))) {
        // `in the last 3 days from now`, `new files of today`
        scan.take_all_text(&["old", "time", "timestamp", "date", "range", "timeframe", "period", "new"]);
        scan.take_any(&[c::AGO]);
    }
}

// `at least 30 days but not more than 40`: the second number has the unit of the first.
fn unitless(scan: &mut Scan<'_>, query: &mut Query) {
    let known = query.clauses.iter().find_map(|clause| match &clause.any[..] {
        [Test::Time(clock, When::Age(_, _, unit))] => Some((*clock, *unit, clause.span.1)),
        _ => None,
    });
    let Some((clock, unit, from)) = known else { return };
    let Some(at) =
        (from + 1..scan.tokens.len()).take(7).find(|at| scan.is_free(*at) && scan.number(Some(*at)).is_some())
    else {
        return;
    };
    let count = scan.number(Some(at)).and_then(|count| u32::try_from(count).ok());
    if let (Some(found), Some(count)) = (comparison(scan, at, at), count) {
        let count = if found.inclusive && found.than == Than::Less { count.saturating_add(1) } else { count };
        scan.take_any(&[c::OLDER]);
        query.add(Test::Time(clock, When::Age(found.than, count, unit)), false, (at, at));
        scan.take_each(found.words.into_iter().chain([at]));
        scan.take_all_text(&["but"]);
    }
}

fn age(scan: &mut Scan<'_>, query: &mut Query, at: usize, last: usize, count: u32, unit: Unit) {
    let (mut first, mut low) = (at, None);
    // `between 3 and 10 days`, `from 2 to 5 weeks`
    if let Some(joint) = Scan::previous(at).filter(|joint| matches!(scan.text(*joint), "and" | "to" | "-"))
        && let Some(number) = Scan::previous(joint)
        && let Some(start) = Scan::previous(number).filter(|start| matches!(scan.text(*start), "between" | "from"))
    {
        low = match scan.tokens[number].shape {
            Shape::Number(count) => u32::try_from(count).ok().map(|count| (count, unit)),
            Shape::Age(count, unit) => Some((count, unit)),
            _ => None,
        };
        if low.is_some() {
            first = start;
        }
    } else if let Some(start) = Scan::previous(at).filter(|start| scan.text(*start) == "between")
        && let Some(second) = last_of_range(scan, last)
        && let Shape::Age(..) = scan.tokens[second].shape
    {
        // The second end of the range reads both.
        let _ = start;
        return;
    }
    let mut words: Vec<usize> = (first..=last).collect();
    let behind = scan.after(last).filter(|after| {
        scan.is_at(Some(*after), &[c::AGO]) || ["old", "back", "before", "earlier"].contains(&scan.text(*after))
    });
    words.extend(behind);
    let clock_word = first;
    if let Some((low, low_unit)) = low {
        let clock = clock(scan, clock_word);
        let (near, far) = if u64::from(low) * low_unit.seconds() < u64::from(count) * unit.seconds() {
            ((low, low_unit), (count, unit))
        } else {
            ((count, unit), (low, low_unit))
        };
        query.add(Test::Time(clock, When::Age(Than::More, near.0, near.1)), false, (first, last));
        query.add(Test::Time(clock, When::Age(Than::Less, far.0, far.1)), false, (first, last));
        scan.take_each(words);
        return;
    }
    // `two months (60 days)`: the same again.
    let again = query.clauses.iter().any(|clause| {
        clause.span.1 + 1 == at
            && matches!(&clause.any[..], [Test::Time(_, When::Age(_, known, of))] if u64::from(*known) * of.seconds() == u64::from(count) * unit.seconds())
    });
    if again {
        scan.take_each(words);
        return;
    }
    let Some((when, more)) = when(scan, at, last, count, unit, behind.is_some()) else { return };
    words.extend(more);
    let not = scan.negation(at).or_else(|| negated_verb(scan, at));
    // `not touched in over a year` says once that it is long ago.
    let long = |when: &When| matches!(when, When::Age(Than::More, ..));
    if let (Some(no), true) = (not, long(&when))
        && (no..at).any(|word| {
            scan.is_at(Some(word), &[c::IN, c::FOR]) && scan.text(word) != "under" && scan.text(word) != "below"
        })
    {
        let clock = clock(scan, clock_word);
        query.add(Test::Time(clock, when), false, (first, last));
        scan.take_each(words.into_iter().chain([no]));
        return;
    }
    let when = match (not, when) {
        (Some(not), When::Age(than, count, unit)) if than != Than::Exactly => {
            words.push(not);
            When::Age(than.flipped(), count, unit)
        }
        (_, when) => when,
    };
    let clock = clock(scan, clock_word);
    query.add(Test::Time(clock, when), false, (first, last));
    scan.take_each(words);
}

fn last_of_range(scan: &Scan<'_>, last: usize) -> Option<usize> {
    let joint = scan.next(last).filter(|joint| scan.text(*joint) == "and")?;
    scan.next(joint)
}

// `not modified in the last month`, `haven't been touched for a year`
fn negated_verb(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let verb = (0..at).rev().take(6).find(|word| scan.is_at(Some(*word), &[c::MODIFIED, c::ACCESSED, c::CREATED]))?;
    scan.negation(verb)
}

// What an age says, and the words around it that say so.
fn when(scan: &Scan<'_>, at: usize, last: usize, count: u32, unit: Unit, ago: bool) -> Option<(When, Vec<usize>)> {
    let day = scan.text(at);
    let mut words = Vec::new();
    let before = scan.before_cues(at);
    let said = if scan.is_at(before, &[c::BEFORE]) {
        Some(Than::More)
    } else if scan.is_at(before, &[c::AFTER]) {
        Some(Than::Less)
    } else {
        None
    };
    if let Some(than) = said {
        words.extend(before);
        return Some((
            match (day, than) {
                ("today", Than::More) => When::Before("today 00:00".to_owned()),
                ("yesterday", Than::More) => When::Before("yesterday 00:00".to_owned()),
                ("yesterday", _) => When::Since("yesterday 00:00".to_owned()),
                _ => When::Age(than, count, unit),
            },
            words,
        ));
    }
    if day == "today" {
        return Some((When::Today, words));
    }
    if day == "yesterday" {
        return Some((When::Yesterday, words));
    }
    let within = scan.says(Scan::previous(at), &["within", "inside"]) || scan.is_at(Scan::previous(at), &[c::LAST]);
    if let Some(found) = comparison(scan, at, last) {
        words.extend(found.words);
        let count = match (found.than, found.inclusive) {
            (Than::More, true) => count.saturating_sub(1),
            (Than::Less, true) => count.saturating_add(1),
            _ => count,
        };
        return Some((When::Age(found.than, count, unit), words));
    }
    let recent = scan.tokens[at].is(c::LAST) || within || scan.text(at) == "this";
    if recent {
        return Some((When::Age(Than::Less, count, unit), words));
    }
    if ago {
        return Some((When::Age(Than::Exactly, count, unit), words));
    }
    // `modified in 3 days`, `changed for 2 weeks`
    let cued = scan.is_at(Scan::previous(at), &[c::IN, c::FOR, c::AT]) || scan.text(at.saturating_sub(1)) == "the";
    cued.then_some((When::Age(Than::Less, count, unit), words))
}

// Dates, weekdays, months and years.
fn date(scan: &mut Scan<'_>, query: &mut Query, at: usize) {
    let Some((start, end, last)) = calendar(scan, at) else { return };
    let before = scan.before_cues(at).filter(|before| scan.is_free(*before));
    let cue = Scan::previous(at).map_or("", |before| scan.text(before)).to_owned();
    let clock_at = before.unwrap_or(at);
    // `between 2024-01-01 and 2024-02-01`
    if cue == "between" || cue == "from" {
        let second = scan
            .next(last)
            .filter(|joint| matches!(scan.text(*joint), "and" | "to" | "until" | "till"))
            .and_then(|joint| scan.next(joint))
            .and_then(|second| calendar(scan, second));
        if let Some((until, _, to)) = second {
            let clock = clock(scan, at);
            query.add(Test::Time(clock, When::Since(start)), false, (at, to));
            query.add(Test::Time(clock, When::Before(until)), false, (at, to));
            scan.take_span(at - 1, to);
            return;
        }
    }
    let older = scan.is_at(before, &[c::BEFORE, c::OLDER]) || cue == "until";
    let newer = scan.is_at(before, &[c::AFTER, c::NEWER]) || cue == "since" || cue == "from";
    let whens = match (older, newer, end) {
        (true, ..) => vec![When::Before(start)],
        (_, true, _) => vec![When::Since(start)],
        (.., Some(end))
            if cue == "on"
                || cue == "in"
                || cue == "of"
                || cue == "during"
                || cue == "at"
                || query.action == super::query::Action::List =>
        {
            vec![When::Since(start), When::Before(end)]
        }
        _ => return,
    };
    let clock = clock(scan, clock_at);
    for when in whens {
        query.add(Test::Time(clock, when), false, (at, last));
    }
    if older || newer {
        scan.take_each(before);
    }
    scan.take_span(at, last);
}

// A moment of the calendar: where it starts, where it ends when it is a stretch, and its last token.
fn calendar(scan: &Scan<'_>, at: usize) -> Option<(String, Option<String>, usize)> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let token = scan.tokens.get(at)?;
    let lower = token.raw.to_lowercase();
    if token.shape == Shape::Date {
        return Some((token.raw.clone(), next_day(&token.raw), at));
    }
    if DAYS.contains(&lower.as_str()) {
        return Some((format!("last {lower}"), None, at));
    }
    let year_at = |at: usize| {
        scan.number(Some(at).filter(|at| *at < scan.tokens.len())).filter(|year| (1970..=2100).contains(year))
    };
    if let Some(month) = month(&lower) {
        let year = year_at(at + 1)?;
        let (next, following) = if month == 12 { (1, year + 1) } else { (month + 1, year) };
        return Some((format!("{year}-{month:02}-01"), Some(format!("{following}-{next:02}-01")), at + 1));
    }
    let year = year_at(at).filter(|_| token.raw.len() == 4)?;
    // A year needs a verb of time: `2023` alone may be part of a name.
    let timed = scan.has(c::MODIFIED)
        || scan.has(c::CREATED)
        || scan.has(c::ACCESSED)
        || scan.has(c::OLDER)
        || scan.has(c::NEWER);
    (timed && scan.is_at(Scan::previous(at), &[c::IN, c::BEFORE, c::AFTER, c::OLDER, c::NEWER, c::FROM]))
        .then(|| (format!("{year}-01-01"), Some(format!("{}-01-01", year + 1)), at))
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = MONTHS.iter().position(|month| *month == word || (word.len() == 3 && month.starts_with(word)))?;
    u32::try_from(at + 1).ok()
}

fn next_day(date: &str) -> Option<String> {
    let mut parts = date.split('-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let (year, month, day) = match (month, day) {
        (12, 31) => (year + 1, 1, 1),
        (_, last) if last >= length => (year, month + 1, 1),
        _ => (year, month, day + 1),
    };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

// Which clock is meant: the verb of time nearest to the amount, marked.
fn clock(scan: &mut Scan<'_>, near: usize) -> Clock {
    const VERBS: [crate::normalize::Concept; 3] = [c::MODIFIED, c::ACCESSED, c::CREATED];
    let distance = |at: &usize| at.abs_diff(near) * 2 + usize::from(*at > near);
    let verb = (0..scan.tokens.len()).filter(|at| scan.is_at(Some(*at), &VERBS)).min_by_key(distance);
    if let Some(read) = (near.saturating_sub(4)..near).find(|at| scan.is_free(*at) && scan.text(*at) == "read")
        && verb.is_none_or(|verb| verb.abs_diff(near) > near - read)
    {
        scan.take(read);
        return Clock::Accessed;
    }
    let Some(at) = verb else {
        if let Some(at) = scan.position(c::NEWEST).filter(|at| scan.tokens[*at].text.starts_with("last ")) {
            scan.take(at);
            return if scan.text(at).contains("access") { Clock::Accessed } else { Clock::Modified };
        }
        if let Some(at) = scan.position(c::CHANGE) {
            scan.take(at);
        }
        return Clock::Modified;
    };
    scan.take(at);
    // `last modified`, `status changed`
    let state = ["status", "state", "attributes", "inode", "metadata"];
    let beside =
        [Scan::previous(at), scan.next(at)].into_iter().flatten().find(|beside| state.contains(&scan.text(*beside)));
    if let Some(beside) = beside {
        scan.take(beside);
        return Clock::Changed;
    }
    if let Some(last) =
        Scan::previous(at).filter(|last| scan.tokens[*last].is(c::LAST) || scan.text(*last) == "recently")
    {
        scan.take(last);
    }
    if scan.tokens[at].is(c::ACCESSED) {
        Clock::Accessed
    } else if scan.tokens[at].is(c::CREATED) {
        Clock::Created
    } else {
        // `created or modified`: both say the same of a file that is looked for.
        Clock::Modified
    }
}
