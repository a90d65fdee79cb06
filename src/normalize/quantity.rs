//! Numbers, sizes and stretches of time, in figures or in words, in one token or in several.

use super::lexicon::Class;
use super::token::{Shape, Token};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// 1 s.
    Second,
    /// 60 s.
    Minute,
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// A calendar month; 30 days where a tool counts days.
    Month,
    /// A calendar year; 365 days where a tool counts days.
    Year,
}

impl Unit {
    /// Its English name, singular.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Its length in seconds; a month is 30 days, a year 365.
    pub const fn seconds(self) -> u64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
            Self::Week => 604_800,
            Self::Month => 2_592_000,
            Self::Year => 31_536_000,
        }
    }

    // Half of it in a smaller unit.
    const fn half(self) -> Option<(u32, Self)> {
        Some(match self {
            Self::Second => return None,
            Self::Minute => (30, Self::Second),
            Self::Hour => (30, Self::Minute),
            Self::Day => (12, Self::Hour),
            Self::Week => (84, Self::Hour),
            Self::Month => (15, Self::Day),
            Self::Year => (6, Self::Month),
        })
    }

    /// The unit a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "second" | "seconds" | "sec" | "secs" | "s" => Self::Second,
            "minute" | "minutes" | "min" | "mins" => Self::Minute,
            "hour" | "hours" | "hr" | "hrs" | "h" => Self::Hour,
            "day" | "days" | "d" => Self::Day,
            "week" | "weeks" | "wk" | "wks" | "w" => Self::Week,
            "month" | "months" => Self::Month,
            "year" | "years" | "yr" | "yrs" | "y" => Self::Year,
            _ => return None,
        })
    }
}

// `find`, `du`, `truncate` and PowerShell all count in powers of 1024.
fn bytes_of_unit(word: &str) -> Option<u64> {
    Some(match word {
        "b" | "byte" | "bytes" => 1,
        "k" | "kb" | "kib" | "kilobyte" | "kilobytes" | "kbyte" | "kbytes" | "kibibytes" => 1 << 10,
        "m" | "mb" | "mib" | "megabyte" | "megabytes" | "meg" | "megs" | "mbyte" | "mbytes" | "mebibytes" => 1 << 20,
        "g" | "gb" | "gib" | "gigabyte" | "gigabytes" | "gig" | "gigs" | "gbyte" | "gbytes" | "gibibytes" => 1 << 30,
        "t" | "tb" | "tib" | "terabyte" | "terabytes" | "tebibytes" => 1 << 40,
        _ => return None,
    })
}

/// The shape of a token that starts with a digit; `None` when it is no quantity.
pub(super) fn shape(word: &str) -> Option<Shape> {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if is_date(word) {
        return Some(Shape::Date);
    }
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(word.len());
    let (figures, unit) = word.split_at(end);
    let unit = unit.to_ascii_lowercase();
    if unit.is_empty() {
        if let Some(number) = whole(figures) {
            return Some(Shape::Number(number));
        }
        return figures.parse::<f64>().is_ok().then_some(Shape::Decimal);
    }
    if matches!(unit.as_str(), "st" | "nd" | "rd" | "th") {
        return whole(figures).map(Shape::Number);
    }
    if let Some(factor) = bytes_of_unit(&unit) {
        return scale(figures, factor).map(Shape::Size);
    }
    let unit = Unit::from_word(&unit)?;
    Some(Shape::Age(u32::try_from(whole(figures)?).ok()?, unit))
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    matches!(parts[..], [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}

fn whole(figures: &str) -> Option<u64> {
    if let Some((head, tail)) = figures.split_once(',') {
        // Groups of thousands: anything else with a comma is a list.
        let groups = tail.split(',').all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
        if !groups || head.is_empty() || head.len() > 3 {
            return None;
        }
    }
    let digits: String = figures.chars().filter(|&c| c != ',').collect();
    (digits.len() <= 18).then(|| digits.parse().ok())?
}

fn scale(figures: &str, factor: u64) -> Option<u64> {
    if let Some(number) = whole(figures) {
        return number.checked_mul(factor);
    }
    let (units, fraction) = figures.split_once('.')?;
    let fraction =
        fraction.get(..fraction.len().min(6)).filter(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()))?;
    let parts = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    let whole_units = units.parse::<u64>().ok()?.checked_mul(factor)?;
    whole_units.checked_add(fraction.parse::<u64>().ok()?.checked_mul(factor)? / parts)
}

/// Joins numbers written in words, and numbers with the unit after them.
pub(super) fn join(tokens: &mut Vec<Token>) {
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let (number, used) = number_at(tokens, at);
        let unit_word = tokens.get(at + used).filter(|t| t.shape == Shape::Word).map(|t| t.raw.to_lowercase());
        let quantity = number.and_then(|n| unit_word.as_deref().and_then(|word| with_unit(n, word, &tokens[at])));
        if let Some(place) = ordinal(&tokens[at]).filter(|_| tokens.get(at + 1).is_some_and(|t| t.shape == Shape::Word))
        {
            joined.push(merged(&tokens[at..=at], Shape::Number(place), place.to_string()));
            at += 1;
        } else if let Some((shape, text, used)) = halves(tokens, at) {
            joined.push(merged(&tokens[at..at + used], shape, text));
            at += used;
        } else if let Some((shape, text)) = quantity {
            joined.push(merged(&tokens[at..=at + used], shape, text));
            at += used + 1;
        } else if let Some(n) = number.filter(|_| used > 1 || (used == 1 && !is_article(&tokens[at]))) {
            joined.push(if used == 1 && matches!(tokens[at].shape, Shape::Number(_) | Shape::Decimal) {
                tokens[at].clone()
            } else {
                let (shape, text) = (Shape::Number(n.whole), n.whole.to_string());
                merged(&tokens[at..at + used], shape, text)
            });
            at += used;
        } else {
            joined.push(tokens[at].clone());
            at += 1;
        }
    }
    *tokens = joined;
}

// `half a gigabyte`, `one and a half hours`, `a couple of days`, and how many tokens they take.
fn halves(tokens: &[Token], at: usize) -> Option<(Shape, String, usize)> {
    let says = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.contains(&token.text.as_str()));
    let unit = |at: usize| tokens.get(at).filter(|t| t.shape == Shape::Word).map(|t| t.raw.to_lowercase());
    let couple = at + usize::from(says(at, &["a"]));
    if says(couple, &["couple"]) {
        let end = couple + 1 + usize::from(says(couple + 1, &["of"]));
        let (shape, text) = with_unit(Amount { whole: 2, millionths: 0 }, &unit(end)?, &tokens[couple])?;
        return Some((shape, text, end + 1 - at));
    }
    let (whole, half) = match number_at(tokens, at) {
        _ if says(at, &["half"]) => (0, at),
        (Some(Amount { whole, millionths: 0 }), used) if says(at + used, &["and"]) && says(at + used + 1, &["a"]) => {
            (whole, at + used + 2)
        }
        _ => return None,
    };
    if !says(half, &["half"]) {
        return None;
    }
    let end = half + 1 + usize::from(says(half + 1, &["a", "an"]));
    let word = unit(end).filter(|word| word.len() > 1)?;
    let halves = whole.checked_mul(2)?.checked_add(1)?;
    let (shape, text) = if let Some(factor) = bytes_of_unit(&word).filter(|factor| *factor > 1) {
        let bytes = (factor / 2).checked_mul(halves)?;
        (Shape::Size(bytes), size_text(bytes))
    } else {
        let (each, unit) = Unit::from_word(&word)?.half()?;
        let count = u32::try_from(halves).ok()?.checked_mul(each)?;
        (Shape::Age(count, unit), format!("{count} {}s", unit.name()))
    };
    Some((shape, text, end + 1 - at))
}

// `first` and `last` say more than a number, `second` may be a unit.
fn ordinal(token: &Token) -> Option<u64> {
    const WORDS: [&str; 8] = ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let place = WORDS.iter().position(|word| token.text == *word).filter(|_| token.shape == Shape::Word)?;
    Some(place as u64 + 3)
}

#[derive(Clone, Copy)]
struct Amount {
    whole: u64,
    // Digits behind the point, as millionths.
    millionths: u64,
}

fn is_article(token: &Token) -> bool {
    matches!(token.text.as_str(), "a" | "an" | "one")
}

// The number that starts here and how many tokens it takes; `a` counts as one only for `with_unit`.
fn number_at(tokens: &[Token], at: usize) -> (Option<Amount>, usize) {
    let plain = |whole| Some(Amount { whole, millionths: 0 });
    match tokens[at].shape {
        Shape::Decimal => {
            let (units, fraction) = tokens[at].raw.split_once('.').unwrap_or_default();
            let millionths = format!("{fraction:0<6}").get(..6).and_then(|f| f.parse().ok());
            match (units.parse().ok(), millionths) {
                (Some(whole), Some(millionths)) => (Some(Amount { whole, millionths }), 1),
                _ => (None, 0),
            }
        }
        Shape::Number(first) => {
            let mut used = 1;
            let mut value = first;
            while let Some(scale) =
                tokens.get(at + used).filter(|t| t.shape == Shape::Word).and_then(|t| scale_word(&t.text))
            {
                let Some(scaled) = value.checked_mul(scale).filter(|v| *v < 1_000_000_000_000) else { break };
                value = scaled;
                used += 1;
            }
            (plain(value), used)
        }
        Shape::Word => {
            let (value, used) = words_at(tokens, at);
            (value.and_then(plain), used)
        }
        _ => (None, 0),
    }
}

fn words_at(tokens: &[Token], at: usize) -> (Option<u64>, usize) {
    let mut total: u64 = 0;
    let mut used = 0;
    while let Some(token) = tokens.get(at + used).filter(|t| t.shape == Shape::Word) {
        let word = token.text.to_lowercase();
        if let Some(scale) = scale_word(&word).filter(|_| used > 0) {
            let Some(scaled) = total.checked_mul(scale).filter(|v| *v < 1_000_000_000_000) else { break };
            total = scaled;
        } else if let Some(n) = small_word(&word) {
            // `twenty five`, `hundred five`, but not `two three`.
            let fits = used == 0
                || (n < 10 && total.is_multiple_of(10) && total % 100 != 10)
                || (n < 100 && total.is_multiple_of(100));
            if !fits || (used > 0 && is_article(token)) {
                break;
            }
            total += n;
        } else {
            break;
        }
        used += 1;
    }
    (if used > 0 { Some(total) } else { None }, used)
}

fn small_word(word: &str) -> Option<u64> {
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    if let Some(n) = WORDS.iter().position(|known| *known == word) {
        return (n > 0).then_some(n as u64);
    }
    TENS.iter().position(|known| *known == word).map(|n| (n as u64 + 2) * 10)
}

fn scale_word(word: &str) -> Option<u64> {
    match word {
        "dozen" => Some(12),
        "hundred" => Some(100),
        "thousand" => Some(1_000),
        "million" => Some(1_000_000),
        _ => None,
    }
}

fn with_unit(number: Amount, word: &str, first: &Token) -> Option<(Shape, String)> {
    if let Some(factor) = bytes_of_unit(word).filter(|_| word.len() > 1 || !is_article(first)) {
        let bytes =
            number.whole.checked_mul(factor)?.checked_add(number.millionths.checked_mul(factor)? / 1_000_000)?;
        return Some((Shape::Size(bytes), size_text(bytes)));
    }
    // `a second` is mostly the one after the first.
    let unit =
        Unit::from_word(word).filter(|unit| number.millionths == 0 && !(is_article(first) && *unit == Unit::Second))?;
    if word.len() == 1 && is_article(first) {
        return None;
    }
    let count = u32::try_from(number.whole).ok()?;
    let plural = if count == 1 { "" } else { "s" };
    Some((Shape::Age(count, unit), format!("{count} {}{plural}", unit.name())))
}

/// An amount of bytes in the largest unit that says it exactly: `100MB`.
pub fn size_text(bytes: u64) -> String {
    let mut amount = bytes;
    let mut unit = "B";
    for larger in ["KB", "MB", "GB", "TB"] {
        if amount == 0 || !amount.is_multiple_of(1024) {
            break;
        }
        amount /= 1024;
        unit = larger;
    }
    format!("{amount}{unit}")
}

fn merged(parts: &[Token], shape: Shape, text: String) -> Token {
    let raw: Vec<&str> = parts.iter().map(|part| part.raw.as_str()).collect();
    let mut token = Token::new(&raw.join(" "), shape);
    token.pause = parts.first().is_some_and(|first| first.pause);
    token.text = text;
    token.class = Class::Unknown;
    token
}

/// True for a word that is part of a quantity: it is no typo of anything.
pub(super) fn is_word(word: &str) -> bool {
    small_word(word).is_some()
        || scale_word(word).is_some()
        || bytes_of_unit(word).is_some()
        || Unit::from_word(word).is_some()
}
