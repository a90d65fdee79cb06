//! Recognizes days, times of day, time zones and what can be calculated: values that look like nothing else.

use super::value::Value;
use crate::normalize::{Shape, Token};

/// A value and how many tokens it takes.
type Read = Option<(Value, usize)>;

/// A calendar day with its year, as `2026-01-15`: `1 june 2025`, `june 1st, 2025`, `2025/06/01`.
pub(super) fn date(tokens: &[Token], at: usize) -> Read {
    let token = &tokens[at];
    let text = |text: String, length| Some((Value::Text(text), length));
    if token.shape == Shape::Date {
        return text(token.raw.clone(), 1);
    }
    let parts: Vec<&str> = token.raw.split('/').collect();
    if let [year, month, day] = parts[..]
        && year.len() == 4
        && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    {
        return text(iso(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?, 1);
    }
    let number = |at: usize| match tokens.get(at).map(|token| token.shape) {
        Some(Shape::Number(number)) => Some(number),
        _ => None,
    };
    let skip = |at: usize, word: &str| at + usize::from(tokens.get(at).is_some_and(|token| token.raw == word));
    if let Some(day) = number(at) {
        let month_at = skip(at + 1, "of");
        let month = month(tokens.get(month_at)?)?;
        return text(iso(number(month_at + 1)?, month, day)?, month_at + 2 - at);
    }
    let month = month(token)?;
    let day_at = skip(at + 1, "the");
    text(iso(number(day_at + 1)?, month, number(day_at)?)?, day_at + 2 - at)
}

fn iso(year: u64, month: u64, day: u64) -> Option<String> {
    let fits = (1000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then(|| format!("{year}-{month:02}-{day:02}"))
}

fn month(token: &Token) -> Option<u64> {
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
    let word = token.raw.trim_end_matches('.').to_lowercase();
    let place = MONTHS
        .iter()
        .position(|month| *month == word || month[..3] == word || word == "sept" && month.starts_with("sep"))?;
    Some(place as u64 + 1)
}

/// A time of day, as `15:30`: `3pm`, `15:30:10`, `noon`.
pub(super) fn time(tokens: &[Token], at: usize) -> Read {
    let raw = tokens[at].raw.to_lowercase();
    let text = |text: String, length| Some((Value::Text(text), length));
    match raw.as_str() {
        "noon" => return text("12:00".to_owned(), 1),
        "midnight" => return text("00:00".to_owned(), 1),
        _ => {}
    }
    let half = |word: &str| ["am", "pm"].into_iter().find(|half| word.eq_ignore_ascii_case(half));
    let (clock, half, length) = match ["am", "pm"].into_iter().find_map(|half| Some((raw.strip_suffix(half)?, half))) {
        Some((clock, half)) => (clock, Some(half), 1),
        None => match tokens.get(at + 1).and_then(|next| half(&next.raw)) {
            Some(half) => (raw.as_str(), Some(half), 2),
            None => (raw.as_str(), None, 1),
        },
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let digits = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = parts.iter().all(digits) && (2..=3).contains(&(parts.len() + usize::from(half.is_some())));
    let hour: u32 = parts.first().filter(|_| fits)?.parse().ok()?;
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    let rest = parts[1..].iter().fold(String::new(), |rest, part| format!("{rest}:{part:0>2}"));
    let rest = if rest.is_empty() { ":00".to_owned() } else { rest };
    if hour > 23 { None } else { text(format!("{hour:02}{rest}"), length) }
}

/// A day of the week, whole: `friday`.
pub(super) fn weekday(tokens: &[Token], at: usize) -> Read {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = tokens[at].raw.to_lowercase();
    let day =
        DAYS.into_iter().find(|day| *day == word || word.len() >= 3 && word.len() <= 5 && day.starts_with(&word))?;
    Some((Value::Text(day.to_owned()), 1))
}

/// A time zone of the tz database, by the name of a place or of the zone.
pub(super) fn zone(tokens: &[Token], at: usize) -> Read {
    const REGIONS: [&str; 9] =
        ["Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/", "Etc/"];
    let raw = &tokens[at].raw;
    if REGIONS.iter().any(|region| raw.starts_with(region)) {
        return Some((Value::Text(raw.clone()), 1));
    }
    for length in [2, 1] {
        let Some(words) = tokens.get(at..at + length) else { continue };
        let place = words.iter().map(|word| word.raw.to_lowercase()).collect::<Vec<_>>().join(" ");
        if let Ok(known) = ZONES.binary_search_by_key(&place.as_str(), |(name, _)| name) {
            return Some((Value::Text(ZONES[known].1.to_owned()), length));
        }
    }
    None
}

// Places people ask about, sorted. The tz database names a zone after its largest city, so a country has one only where it
// has one zone.
const ZONES: [(&str, &str); 76] = [
    ("amsterdam", "Europe/Amsterdam"),
    ("athens", "Europe/Athens"),
    ("auckland", "Pacific/Auckland"),
    ("bangkok", "Asia/Bangkok"),
    ("barcelona", "Europe/Madrid"),
    ("beijing", "Asia/Shanghai"),
    ("berlin", "Europe/Berlin"),
    ("boston", "America/New_York"),
    ("brussels", "Europe/Brussels"),
    ("budapest", "Europe/Budapest"),
    ("buenos aires", "America/Argentina/Buenos_Aires"),
    ("cairo", "Africa/Cairo"),
    ("california", "America/Los_Angeles"),
    ("cet", "CET"),
    ("chicago", "America/Chicago"),
    ("china", "Asia/Shanghai"),
    ("copenhagen", "Europe/Copenhagen"),
    ("delhi", "Asia/Kolkata"),
    ("denver", "America/Denver"),
    ("dubai", "Asia/Dubai"),
    ("dublin", "Europe/Dublin"),
    ("france", "Europe/Paris"),
    ("germany", "Europe/Berlin"),
    ("gmt", "GMT"),
    ("helsinki", "Europe/Helsinki"),
    ("hong kong", "Asia/Hong_Kong"),
    ("honolulu", "Pacific/Honolulu"),
    ("india", "Asia/Kolkata"),
    ("istanbul", "Europe/Istanbul"),
    ("jakarta", "Asia/Jakarta"),
    ("japan", "Asia/Tokyo"),
    ("jerusalem", "Asia/Jerusalem"),
    ("johannesburg", "Africa/Johannesburg"),
    ("karachi", "Asia/Karachi"),
    ("kathmandu", "Asia/Kathmandu"),
    ("kyiv", "Europe/Kyiv"),
    ("lagos", "Africa/Lagos"),
    ("lima", "America/Lima"),
    ("lisbon", "Europe/Lisbon"),
    ("london", "Europe/London"),
    ("los angeles", "America/Los_Angeles"),
    ("madrid", "Europe/Madrid"),
    ("manila", "Asia/Manila"),
    ("melbourne", "Australia/Melbourne"),
    ("mexico city", "America/Mexico_City"),
    ("miami", "America/New_York"),
    ("moscow", "Europe/Moscow"),
    ("mumbai", "Asia/Kolkata"),
    ("nairobi", "Africa/Nairobi"),
    ("new delhi", "Asia/Kolkata"),
    ("new york", "America/New_York"),
    ("oslo", "Europe/Oslo"),
    ("paris", "Europe/Paris"),
    ("perth", "Australia/Perth"),
    ("prague", "Europe/Prague"),
    ("rome", "Europe/Rome"),
    ("san francisco", "America/Los_Angeles"),
    ("santiago", "America/Santiago"),
    ("sao paulo", "America/Sao_Paulo"),
    ("seattle", "America/Los_Angeles"),
    ("seoul", "Asia/Seoul"),
    ("shanghai", "Asia/Shanghai"),
    ("singapore", "Asia/Singapore"),
    ("spain", "Europe/Madrid"),
    ("stockholm", "Europe/Stockholm"),
    ("sydney", "Australia/Sydney"),
    ("taipei", "Asia/Taipei"),
    ("tehran", "Asia/Tehran"),
    ("tokyo", "Asia/Tokyo"),
    ("toronto", "America/Toronto"),
    ("uk", "Europe/London"),
    ("utc", "UTC"),
    ("vancouver", "America/Vancouver"),
    ("vienna", "Europe/Vienna"),
    ("warsaw", "Europe/Warsaw"),
    ("zurich", "Europe/Zurich"),
];

/// Digits to a base above ten, without a prefix: `ff3a`, `0xff`.
pub(super) fn hex(tokens: &[Token], at: usize) -> Read {
    let raw = &tokens[at].raw;
    let digits =
        raw.strip_prefix("0x").or_else(|| raw.strip_prefix("0X")).or_else(|| raw.strip_prefix('#')).unwrap_or(raw);
    let fits = (1..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && (digits.len() < raw.len() || digits.bytes().any(|b| b.is_ascii_digit()) || digits.len().is_multiple_of(2));
    fits.then(|| (Value::Text(digits.to_owned()), 1))
}

/// Zeros and ones, without a prefix.
pub(super) fn bits(tokens: &[Token], at: usize) -> Read {
    let raw = &tokens[at].raw;
    let digits = raw.strip_prefix("0b").unwrap_or(raw);
    let fits = (1..=62).contains(&digits.len()) && digits.bytes().all(|b| matches!(b, b'0' | b'1'));
    fits.then(|| (Value::Text(digits.to_owned()), 1))
}

/// Something to calculate: numbers with operators between them.
pub(super) fn expression(tokens: &[Token], at: usize) -> Read {
    let is_part = |token: &Token| {
        let symbols = |c: char| c.is_ascii_digit() || "+-*/%^(). ".contains(c);
        token.raw.chars().all(symbols)
            || matches!(token.raw.to_lowercase().as_str(), "x" | "times" | "plus" | "minus" | "mod" | "divided" | "by")
    };
    let mut text = String::new();
    let mut end = at;
    while let Some(token) = tokens.get(end).filter(|token| is_part(token)) {
        let part = match token.raw.to_lowercase().as_str() {
            "x" | "times" => "*",
            "plus" => "+",
            "minus" => "-",
            "mod" => "%",
            "divided" => "/",
            "by" => "",
            _ => token.raw.as_str(),
        };
        if !text.is_empty() && !part.is_empty() {
            text.push(' ');
        }
        text.push_str(part);
        end += 1;
    }
    is_calculable(&text).then(|| (Value::Text(text), end - at))
}

// Numbers and operators take turns; parentheses have their partners.
fn is_calculable(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut operators = 0;
    let mut wants_number = true;
    let mut in_number = false;
    for character in text.chars() {
        match character {
            '0'..='9' | '.' => {
                if !wants_number && !in_number {
                    return false;
                }
                in_number = true;
                wants_number = false;
                continue;
            }
            '(' if wants_number => depth += 1,
            ')' if !wants_number => depth -= 1,
            '-' if wants_number => {}
            '+' | '-' | '*' | '/' | '%' | '^' if !wants_number => {
                operators += 1;
                wants_number = true;
            }
            ' ' => {}
            _ => return false,
        }
        in_number = false;
        if depth < 0 {
            return false;
        }
    }
    // A date or a range is no difference: `2026-01-15`, `3-5` without blanks.
    let range = operators > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    operators > 0 && depth == 0 && !wants_number && !range
}

#[cfg(test)]
mod tests {
    use super::{ZONES, is_calculable};

    #[test]
    fn places_are_sorted() {
        assert!(ZONES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn what_can_be_calculated_has_operators_between_numbers() {
        for text in ["17 * 23", "2+2", "(3 + 4) * 2.5", "2^10", "100 / -4"] {
            assert!(is_calculable(text), "{text}");
        }
        for text in ["17", "17 23", "2026-01-15", "3 +", "(3 + 4", "3 ) + (4", "+", ""] {
            assert!(!is_calculable(text), "{text}");
        }
    }
}
