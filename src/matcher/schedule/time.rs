//! Times of the day, and times to come ([`clock`]).

use super::super::slot::{Found, Trust};
use super::super::value::Value;
use super::is_joiner;
use crate::normalize::{Shape, Token, concept as c};

/// The time that starts at a token: `17:30 tomorrow`, `now + 10 minutes`.
pub(in crate::matcher) fn clock(tokens: &[Token], at: usize) -> Option<Found> {
    let mut time = None;
    let mut day = None;
    let mut next = at;
    let mut end = at;
    if let Shape::Age(count, unit) = tokens[at].shape {
        let announced = at > 0 && (tokens[at - 1].is(c::IN) || tokens[at - 1].is(c::AFTER));
        let from_now = tokens.get(at + 1).is_some_and(|token| token.is(c::FROM))
            && tokens.get(at + 2).is_some_and(|token| token.text == "now");
        let plural = if count == 1 { "" } else { "s" };
        let text = format!("now + {count} {}{plural}", unit.name());
        let length = if from_now { 3 } else { 1 };
        return (announced || from_now).then_some(Found { value: words(&text), length, trust: Trust::Typed });
    }
    while let Some(token) = tokens.get(next) {
        if let Some((found, length)) = Time::read(tokens, next).filter(|_| time.is_none()) {
            time = Some(found);
            next += length;
        } else if let Some(named) = day_name(token).filter(|_| day.is_none()) {
            day = Some(named);
            next += 1;
        } else if end > at && is_joiner(token) || next > at && Part::read(token).is_some() {
            if let Some((part, found)) = Part::read(token).zip(time.as_mut()) {
                found.part = Some(part);
                end = next + 1;
            }
            next += 1;
            continue;
        } else {
            break;
        }
        end = next;
    }
    let mut time = time?;
    if day == Some("tonight") {
        time.part = Some(Part::Night);
    }
    let (hour, minute) = time.resolve()?;
    let day = day.filter(|day| *day != "today" && *day != "tonight").map_or_else(String::new, |day| format!(" {day}"));
    let text = format!("{hour:02}:{minute:02}{day}");
    Some(Found { value: words(&text), length: end - at, trust: Trust::Typed })
}

// `at` reads its time from several arguments.
fn words(text: &str) -> Value {
    Value::Words(text.split(' ').map(str::to_owned).collect())
}

fn day_name(token: &Token) -> Option<&'static str> {
    const DAYS: [&str; 10] =
        ["today", "tonight", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    DAYS.into_iter().find(|day| token.text.eq_ignore_ascii_case(day))
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Morning,
    Afternoon,
    Evening,
    Night,
}

impl Part {
    pub(super) fn read(token: &Token) -> Option<Self> {
        Some(match token.text.to_ascii_lowercase().as_str() {
            "morning" | "mornings" => Self::Morning,
            "afternoon" | "afternoons" => Self::Afternoon,
            "evening" | "evenings" => Self::Evening,
            "night" | "nights" | "nightly" => Self::Night,
            _ => return None,
        })
    }
}

#[derive(Clone, Copy)]
pub(super) struct Time {
    hour: u8,
    minute: u8,
    pub(super) part: Option<Part>,
    // `am` or `pm` was said.
    is_pm: Option<bool>,
}

impl Time {
    pub(super) fn read(tokens: &[Token], at: usize) -> Option<(Self, usize)> {
        let token = &tokens[at];
        let plain = |hour, minute| Self { hour, minute, part: None, is_pm: None };
        match token.text.to_ascii_lowercase().as_str() {
            "noon" | "midday" => return Some((plain(12, 0), 1)),
            "midnight" => return Some((plain(0, 0), 1)),
            "half" | "quarter" => return Self::past(tokens, at),
            _ => {}
        }
        let raw = token.raw.to_ascii_lowercase();
        let (figures, mut is_pm) = match raw.strip_suffix("am").or_else(|| raw.strip_suffix("a.m")) {
            Some(figures) => (figures, Some(false)),
            None => match raw.strip_suffix("pm").or_else(|| raw.strip_suffix("p.m")) {
                Some(figures) => (figures, Some(true)),
                None => (raw.as_str(), None),
            },
        };
        let mut length = 1;
        if is_pm.is_none()
            && let Some(next) = tokens.get(at + 1)
        {
            match next.raw.to_ascii_lowercase().trim_end_matches('.') {
                "am" | "a.m" => is_pm = Some(false),
                "pm" | "p.m" => is_pm = Some(true),
                "oclock" | "o'clock" | "o’clock" => length = 2,
                _ => {}
            }
            length = if is_pm.is_some() { 2 } else { length };
        }
        let (hour, minute) = match figures.split_once(':') {
            Some((hour, minute)) if minute.len() == 2 => (hour.parse().ok()?, minute.parse().ok()?),
            Some(_) => return None,
            // A bare number is a time only behind `at`.
            None if is_pm.is_none() && length == 1 && !is_announced(tokens, at) => return None,
            None if figures.len() == 4 && is_pm.is_none() => (figures[..2].parse().ok()?, figures[2..].parse().ok()?),
            None => (figures.parse().ok()?, 0),
        };
        let most = if is_pm.is_some() { 12 } else { 24 };
        (hour <= most && minute < 60 && !(hour == 24 && minute > 0))
            .then_some((Self { hour, minute, part: None, is_pm }, length))
    }

    // `half past 8`, `quarter to nine`.
    fn past(tokens: &[Token], at: usize) -> Option<(Self, usize)> {
        let minutes = if tokens[at].text == "half" { 30 } else { 15 };
        let Shape::Number(hour) = tokens.get(at + 2)?.shape else { return None };
        let hour = u8::try_from(hour).ok().filter(|hour| (1..=23).contains(hour))?;
        let (hour, minute) = match tokens.get(at + 1)?.text.as_str() {
            "past" => (hour, minutes),
            "to" if minutes == 15 => (hour - 1, 45),
            _ => return None,
        };
        Some((Self { hour, minute, part: None, is_pm: None }, 3))
    }

    /// `at 8` of an evening, unless a part of the day was said for it.
    pub(super) fn in_part(self, part: Option<Part>) -> Self {
        Self { part: self.part.or(part), ..self }
    }

    pub(super) fn resolve(self) -> Option<(u8, u8)> {
        let hour = match (self.is_pm, self.part, self.hour) {
            (Some(false), _, 12) | (None, Some(Part::Night), 12) | (_, _, 24) => 0,
            (Some(true), _, hour @ 1..=11)
            | (None, Some(Part::Evening | Part::Afternoon), hour @ 1..=11)
            | (None, Some(Part::Night), hour @ 6..=11) => hour + 12,
            (Some(_), _, 0 | 13..) => return None,
            (_, _, hour) => hour,
        };
        Some((hour, self.minute))
    }
}

// Behind `at`, or in a list of times that has one.
fn is_announced(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return false };
    if before.text == "and" && at > 1 {
        return matches!(tokens[at - 2].shape, Shape::Number(_)) && is_announced(tokens, at - 2);
    }
    before.is(c::AT) || before.text == "around"
}

// An hour of the day, with or without `am`.
pub(super) fn hour(tokens: &[Token], at: usize) -> Option<(u8, usize)> {
    let token = tokens.get(at)?;
    if let Shape::Number(hour) = token.shape
        && !tokens.get(at + 1).is_some_and(|next| matches!(next.text.as_str(), "am" | "pm"))
    {
        return u8::try_from(hour).ok().filter(|hour| *hour < 24).map(|hour| (hour, 1));
    }
    let (time, length) = Time::read(tokens, at)?;
    let (hour, minute) = time.resolve()?;
    (minute == 0).then_some((hour, length))
}
