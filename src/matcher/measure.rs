//! Measures of pictures, films and documents: `800x600`, `50%`, `1:30`, `pages 2 to 5`.

use super::slot::{Found, Trust};
use super::value::Value;
use crate::normalize::{Shape, Token, Unit, concept as c};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Width and height, `800x600`; also `800 by 600`.
    Dimension,
    /// `50%`; the value has no sign.
    Percent,
    /// A place in a recording or a stretch of it, as ffmpeg reads it: `00:01:30`, `10`.
    Moment,
    /// Pages, `2-5`.
    Pages,
    /// Bits in a second, `192k`.
    Bitrate,
    /// How many times, `2`: `double`, `twice`, `1.5x`.
    Factor,
    /// So many seconds, `10`: `10 seconds`, `2 minutes`.
    Seconds,
    /// Lines of a film, `720p`; the value is the number.
    Lines,
}

impl Measure {
    /// The measure that starts at a token.
    pub(super) fn recognize(self, tokens: &[Token], at: usize) -> Option<Found> {
        let (text, length) = match self {
            Self::Dimension => dimension(tokens, at),
            Self::Percent => percent(tokens, at),
            Self::Moment => moment(&tokens[at]).map(|text| (text, 1)),
            Self::Pages => pages(tokens, at),
            Self::Bitrate => bitrate(tokens, at),
            Self::Factor => factor(tokens, at),
            Self::Seconds => match tokens[at].shape {
                Shape::Age(count, unit) => Some(((u64::from(count) * unit.seconds()).to_string(), 1)),
                _ => None,
            },
            Self::Lines => lines(&tokens[at]).map(|text| (text, 1)),
        }?;
        Some(Found { value: Value::Text(text), length, trust: Trust::Typed })
    }
}

fn number(token: Option<&Token>) -> Option<u64> {
    match token?.shape {
        Shape::Number(number) => Some(number),
        _ => None,
    }
}

fn figures(text: &str) -> bool {
    !text.is_empty() && text.len() < 7 && text.bytes().all(|b| b.is_ascii_digit())
}

fn dimension(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let raw = tokens[at].raw.to_ascii_lowercase().replace('×', "x");
    if let Some((width, height)) = raw.split_once('x') {
        return (figures(width) && figures(height)).then(|| (format!("{width}x{height}"), 1));
    }
    let width = number(tokens.get(at))?;
    let between = tokens.get(at + 1)?;
    let height = number(tokens.get(at + 2))?;
    (between.is(c::BY) || between.raw.eq_ignore_ascii_case("x") || between.raw == "×")
        .then(|| (format!("{width}x{height}"), 3))
}

fn percent(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    if let Some(amount) = tokens[at].raw.strip_suffix('%') {
        return figures(amount).then(|| (amount.to_owned(), 1));
    }
    let amount = number(tokens.get(at))?;
    let sign = tokens.get(at + 1)?;
    matches!(sign.text.as_str(), "percent" | "percents" | "%" | "pct").then(|| (amount.to_string(), 2))
}

fn moment(token: &Token) -> Option<String> {
    match token.shape {
        Shape::Number(seconds) if seconds < 100_000 => return Some(seconds.to_string()),
        Shape::Decimal => return Some(token.raw.clone()),
        Shape::Age(count, unit @ (Unit::Second | Unit::Minute | Unit::Hour)) => {
            let seconds = u64::from(count) * unit.seconds();
            return Some(if unit == Unit::Second {
                seconds.to_string()
            } else {
                format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
            });
        }
        _ => {}
    }
    let whole = token.raw.split('.').next().unwrap_or_default();
    let parts: Vec<&str> = whole.split(':').collect();
    let clock = matches!(parts.len(), 2 | 3) && parts.iter().all(|part| figures(part) && part.len() <= 2);
    clock.then(|| token.raw.clone())
}

fn pages(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let raw = tokens[at].raw.replace(['–', '—'], "-");
    if raw.contains(['-', ',']) && raw.split(['-', ',']).all(figures) {
        return Some((raw, 1));
    }
    let first = number(tokens.get(at))?;
    let mut next = at + 1;
    if tokens.get(next).is_some_and(|between| between.is(c::TO) || matches!(between.text.as_str(), "through" | "-")) {
        next += 1;
        if tokens.get(next).is_some_and(|noun| noun.text == "page") {
            next += 1;
        }
        let last = number(tokens.get(next))?;
        return (first <= last).then(|| (format!("{first}-{last}"), next + 1 - at));
    }
    let mut list = vec![first.to_string()];
    let mut end = next;
    while let Some(token) = tokens.get(next) {
        if token.text == "and" || token.text == "," {
            next += 1;
        } else if let Some(page) = number(Some(token)) {
            list.push(page.to_string());
            next += 1;
            end = next;
        } else {
            break;
        }
    }
    Some((list.join(","), end - at))
}

fn bitrate(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let raw = tokens[at].raw.to_ascii_lowercase();
    for ending in ["kbps", "kbit/s", "kb/s", "kbit", "k"] {
        if let Some(amount) = raw.strip_suffix(ending) {
            return figures(amount).then(|| (format!("{amount}k"), 1));
        }
    }
    let amount = number(tokens.get(at))?;
    let unit = tokens.get(at + 1)?.text.as_str();
    matches!(unit, "kbps" | "kbit" | "kbits" | "kbit/s").then(|| (format!("{amount}k"), 2))
}

fn lines(token: &Token) -> Option<String> {
    let raw = token.raw.to_ascii_lowercase();
    if raw == "4k" {
        return Some("2160".to_owned());
    }
    raw.strip_suffix('p').filter(|lines| figures(lines)).map(str::to_owned)
}

fn factor(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    let token = &tokens[at];
    match token.text.as_str() {
        "double" | "doubled" | "twice" => return Some(("2".to_owned(), 1)),
        "triple" | "thrice" => return Some(("3".to_owned(), 1)),
        "half" => return Some(("0.5".to_owned(), 1)),
        _ => {}
    }
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(|factor| factor > 0.0 && factor < 100.0);
    if let Some(amount) = token.raw.to_ascii_lowercase().strip_suffix('x') {
        return is_number(amount).then(|| (amount.to_owned(), 1));
    }
    let behind = tokens.get(at + 1).map(|next| next.text.as_str());
    let is_factor = matches!(token.shape, Shape::Number(_) | Shape::Decimal) && is_number(&token.raw);
    match behind {
        Some("times" | "x") if is_factor => Some((token.raw.clone(), 2)),
        _ if token.shape == Shape::Decimal && is_factor => Some((token.raw.clone(), 1)),
        _ => None,
    }
}
