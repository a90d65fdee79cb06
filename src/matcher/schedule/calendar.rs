//! Days of the week and months, as a crontab has them.

use crate::normalize::{Token, concept as c};

pub(super) fn weekday_number(word: &str) -> Option<u8> {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let word = word.to_ascii_lowercase();
    let singular = word.strip_suffix('s').filter(|_| word.ends_with("days")).unwrap_or(&word);
    DAYS.iter()
        .position(|day| *day == singular || singular.len() >= 3 && singular.len() <= 5 && day.starts_with(singular))
        .and_then(|day| u8::try_from(day).ok())
}

// The days of the week that start here, as a crontab has them: `1`, `1-5`, `6,0`.
pub(super) fn weekday(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let text = tokens[at].text.to_ascii_lowercase();
    match text.as_str() {
        "weekday" | "weekdays" | "workday" | "workdays" => return Some(("1-5".to_owned(), 1)),
        "weekend" | "weekends" => return Some(("6,0".to_owned(), 1)),
        "working" | "business" | "work" | "week"
            if tokens.get(at + 1).is_some_and(|next| matches!(next.text.as_str(), "day" | "days")) =>
        {
            return Some(("1-5".to_owned(), 2));
        }
        _ => {}
    }
    if let Some((first, last)) = text.split_once('-')
        && let (Some(first), Some(last)) = (weekday_number(first), weekday_number(last))
    {
        return Some((range(first, last)?, 1));
    }
    let first = weekday_number(&text)?;
    let joins = |token: &Token| token.is(c::TO) || token.is(c::BY) || token.is(c::BEFORE);
    if tokens.get(at + 1).is_some_and(joins)
        && let Some(last) = tokens.get(at + 2).and_then(|token| weekday_number(&token.text))
    {
        return Some((range(first, last)?, 3));
    }
    Some((first.to_string(), 1))
}

// Sunday ends a week here: `fri-sun` is 5-7.
fn range(first: u8, last: u8) -> Option<String> {
    let last = if last == 0 { 7 } else { last };
    (first < last).then(|| format!("{first}-{last}"))
}

pub(super) fn month(word: &str) -> Option<u8> {
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
    MONTHS.iter().position(|month| *month == word).and_then(|month| u8::try_from(month + 1).ok())
}
