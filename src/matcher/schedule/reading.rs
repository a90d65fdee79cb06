//! Collects the parts of a schedule in any order, then writes them as the fields of a crontab.

use super::calendar::{month, weekday, weekday_number};
use super::time::{Part, Time, hour};
use super::{LONGEST, is_joiner};
use crate::normalize::{Shape, Token, Unit, concept as c};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Every {
    Minutes(u32),
    Hours(u32),
    Days(u32),
    Weeks(u32),
    Months(u32),
    Years(u32),
}

impl Every {
    fn unit(count: u32, unit: Unit) -> Option<Self> {
        Some(match unit {
            Unit::Second => return None,
            Unit::Minute => Self::Minutes(count),
            Unit::Hour => Self::Hours(count),
            Unit::Day => Self::Days(count),
            Unit::Week => Self::Weeks(count),
            Unit::Month => Self::Months(count),
            Unit::Year => Self::Years(count),
        })
    }

    // `3 times a day`.
    fn times(count: u32, unit: Unit) -> Option<Self> {
        let divide = |whole: u32| (count > 0 && whole.is_multiple_of(count)).then(|| whole / count);
        match unit {
            _ if count == 1 => Self::unit(1, unit),
            Unit::Hour => divide(60).map(Self::Minutes),
            Unit::Day => divide(24).map(Self::Hours),
            _ => None,
        }
    }
}

#[derive(Default)]
pub(super) struct Reading {
    every: Option<Every>,
    recurs: bool,
    weekdays: Vec<String>,
    days: Vec<u8>,
    months: Vec<u8>,
    times: Vec<Time>,
    minute: Option<u8>,
    hours: Option<(u8, u8)>,
    part: Option<Part>,
    boot: bool,
}

impl Reading {
    // The fields of the schedule that starts here and how many tokens it takes.
    pub(super) fn of(tokens: &[Token], at: usize) -> Option<(String, usize)> {
        let mut reading = Self::default();
        let mut next = at;
        let mut end = at;
        while next < tokens.len() && next - at < LONGEST {
            match reading.atom(tokens, next) {
                Atom::Taken(length) => {
                    next += length;
                    end = next;
                }
                Atom::Impossible => return None,
                Atom::Other if next > at && is_joiner(&tokens[next]) => next += 1,
                Atom::Other => break,
            }
        }
        (end > at).then(|| reading.fields()).flatten().map(|fields| (fields, end - at))
    }

    fn atom(&mut self, tokens: &[Token], at: usize) -> Atom {
        let token = &tokens[at];
        let text = token.text.to_ascii_lowercase();
        let behind_every = at > 0 && is_every(&tokens[at - 1]);
        if is_every(token) {
            self.recurs = true;
            return self.every(tokens, at);
        }
        let adverb = match text.as_str() {
            "hourly" => Some(Every::Hours(1)),
            "daily" => Some(Every::Days(1)),
            "nightly" => {
                self.part = Some(Part::Night);
                Some(Every::Days(1))
            }
            "weekly" => Some(Every::Weeks(1)),
            "monthly" => Some(Every::Months(1)),
            "yearly" | "annually" => Some(Every::Years(1)),
            _ => None,
        };
        if let Some(adverb) = adverb {
            return self.set(adverb, 1);
        }
        if let Some(atom) = self.times_a_day(tokens, at, &text) {
            return atom;
        }
        if let Some((days, length)) = weekday(tokens, at) {
            if at > 0 && (tokens[at - 1].is(c::FIRST) || tokens[at - 1].is(c::LAST)) {
                return Atom::Impossible;
            }
            self.recurs |= length > 1 || days.len() > 1 || text.ends_with('s') && days != "3";
            self.weekdays.push(days);
            return Atom::Taken(length);
        }
        if let Some(month) = month(&text).filter(|_| behind_every || at > 0 && is_joiner(&tokens[at - 1])) {
            self.months.push(month);
            return Atom::Taken(1);
        }
        if matches!(text.as_str(), "boot" | "reboot" | "startup") {
            self.boot = true;
            return Atom::Taken(1);
        }
        if let Some(part) = Part::read(token) {
            self.part = Some(part);
            return Atom::Taken(1);
        }
        if let Some(atom) = self.range_of_hours(tokens, at) {
            return atom;
        }
        if let Some(atom) = self.minute_past(tokens, at) {
            return atom;
        }
        if let Some((time, length)) = Time::read(tokens, at) {
            self.times.push(time);
            return Atom::Taken(length);
        }
        self.day_of_month(tokens, at, &text)
    }

    fn set(&mut self, every: Every, length: usize) -> Atom {
        if self.every.is_some_and(|known| known != every) {
            return Atom::Impossible;
        }
        self.every = Some(every);
        Atom::Taken(length)
    }

    fn every(&mut self, tokens: &[Token], at: usize) -> Atom {
        let Some(next) = tokens.get(at + 1) else { return Atom::Impossible };
        let unit_at = |at: usize| tokens.get(at).and_then(|token| Unit::from_word(&token.text.to_ascii_lowercase()));
        let text = next.text.to_ascii_lowercase();
        let every = match (next.shape, text.as_str()) {
            (Shape::Age(count, unit), _) => Every::unit(count, unit).map(|every| (every, 2)),
            (Shape::Number(count), _) => {
                let count = u32::try_from(count).unwrap_or(0);
                let ordinal = next.raw.ends_with(|c: char| c.is_ascii_alphabetic());
                unit_at(at + 2).filter(|_| ordinal).and_then(|unit| Every::unit(count, unit)).map(|every| (every, 3))
            }
            (_, "other") => unit_at(at + 2).and_then(|unit| Every::unit(2, unit)).map(|every| (every, 3)),
            (_, "half" | "quarter") => {
                let minutes = if text == "half" { 30 } else { 15 };
                let hour = match tokens.get(at + 2).map(|token| token.shape) {
                    Some(Shape::Age(1, Unit::Hour)) => true,
                    _ => unit_at(at + 2) == Some(Unit::Hour),
                };
                hour.then_some((Every::Minutes(minutes), 3))
            }
            (_, "night" | "morning" | "evening" | "afternoon") => Some((Every::Days(1), 1)),
            _ => unit_at(at + 1).and_then(|unit| Every::unit(1, unit)).map(|every| (every, 2)),
        };
        match every {
            Some((every, length)) => self.set(every, length),
            // `every monday`, `every 1st of the month`: the next atom says it.
            None => Atom::Taken(1),
        }
    }

    fn times_a_day(&mut self, tokens: &[Token], at: usize, text: &str) -> Option<Atom> {
        let (count, length) = match (text, tokens[at].shape) {
            ("once", _) => (1, 1),
            ("twice", _) => (2, 1),
            (_, Shape::Number(count)) if tokens.get(at + 1)?.text == "times" => (u32::try_from(count).ok()?, 2),
            _ => return None,
        };
        let (unit, used) = match tokens.get(at + length)?.shape {
            Shape::Age(1, unit) => (unit, 1),
            _ if is_every(&tokens[at + length]) || tokens[at + length].text == "per" => {
                (Unit::from_word(&tokens.get(at + length + 1)?.text)?, 2)
            }
            _ => return Some(Atom::Impossible),
        };
        Some(Every::times(count, unit).map_or(Atom::Impossible, |every| self.set(every, length + used)))
    }

    // `between 9 and 17`, `from 8am to 6pm`.
    fn range_of_hours(&mut self, tokens: &[Token], at: usize) -> Option<Atom> {
        let before = at.checked_sub(1).map(|before| &tokens[before])?;
        if !before.is(c::BETWEEN) && !before.is(c::FROM) {
            return None;
        }
        let (first, used) = hour(tokens, at)?;
        let middle = tokens.get(at + used)?;
        if middle.text != "and" && !middle.is(c::TO) && !middle.is(c::BEFORE) {
            return None;
        }
        let (last, more) = hour(tokens, at + used + 1)?;
        // `from 9 to 5` leaves open which five.
        if last <= first {
            return Some(Atom::Impossible);
        }
        self.hours = Some((first, last));
        Some(Atom::Taken(used + 1 + more))
    }

    // `at 15 past`, `10 minutes past every hour`, `at minute 20`.
    fn minute_past(&mut self, tokens: &[Token], at: usize) -> Option<Atom> {
        let token = &tokens[at];
        let is_past = tokens.get(at + 1).is_some_and(|next| next.text == "past");
        let (minute, length) = match token.shape {
            Shape::Age(count, Unit::Minute) if is_past => (count, 2),
            Shape::Number(count) if is_past => (u32::try_from(count).ok()?, 2),
            _ if token.text == "minute" => match tokens.get(at + 1)?.shape {
                Shape::Number(count) => (u32::try_from(count).ok()?, 2),
                _ => return None,
            },
            _ => return None,
        };
        self.minute = Some(u8::try_from(minute).ok().filter(|minute| *minute < 60)?);
        Some(Atom::Taken(length))
    }

    fn day_of_month(&mut self, tokens: &[Token], at: usize, text: &str) -> Atom {
        let token = &tokens[at];
        if token.is(c::LAST) && tokens.get(at + 1).is_some_and(|next| next.text == "day") {
            return Atom::Impossible;
        }
        if text == "month" && at > 0 && self.days.len() + self.weekdays.len() > 0 {
            return self.set(Every::Months(1), 1);
        }
        if text == "day" && !self.days.is_empty() {
            return Atom::Taken(1);
        }
        let (day, length) = match token.shape {
            Shape::Number(day) if token.raw.ends_with(|c: char| c.is_ascii_alphabetic()) => (day, 1),
            Shape::Word if text == "first" => (1, 1),
            Shape::Word if text == "day" => match tokens.get(at + 1).map(|next| next.shape) {
                Some(Shape::Number(day)) => (day, 2),
                _ => return Atom::Other,
            },
            _ => return Atom::Other,
        };
        // `the first monday of the month` has no line in a crontab.
        let is_of_weekday = tokens.get(at + length).is_some_and(|next| weekday_number(&next.text).is_some());
        match u8::try_from(day) {
            Ok(day @ 1..=31) if !is_of_weekday => {
                self.days.push(day);
                Atom::Taken(length)
            }
            _ => Atom::Impossible,
        }
    }

    fn fields(self) -> Option<String> {
        if self.boot {
            let only =
                self.every.is_none() && self.times.is_empty() && self.weekdays.is_empty() && self.days.is_empty();
            return only.then(|| "@reboot".to_owned());
        }
        let weekdays = if self.weekdays.is_empty() { "*".to_owned() } else { self.weekdays.join(",") };
        let months = list(&self.months);
        let days = list(&self.days);
        let step = |count: u32| if count == 1 { "*".to_owned() } else { format!("*/{count}") };
        let bare_hours = self.hours.map(|(first, last)| format!("{first}-{last}"));
        match self.every {
            // Both fields set would mean either day, not both.
            _ if weekdays != "*" && days != "*" => None,
            Some(Every::Minutes(count)) if count < 60 => {
                let whole = self.times.is_empty() && self.minute.is_none() && count > 0 && 60_u32.is_multiple_of(count);
                let hours = bare_hours.unwrap_or_else(|| "*".to_owned());
                whole.then(|| format!("{} {hours} {days} {months} {weekdays}", step(count)))
            }
            Some(Every::Minutes(60)) => Self { every: Some(Every::Hours(1)), ..self }.fields(),
            Some(Every::Hours(24)) => Self { every: Some(Every::Days(1)), ..self }.fields(),
            Some(Every::Hours(count)) => {
                let whole = self.times.is_empty() && count > 0 && count < 24 && 24_u32.is_multiple_of(count);
                let hours = match bare_hours {
                    Some(hours) if count == 1 => hours,
                    Some(hours) => format!("{hours}/{count}"),
                    None => step(count),
                };
                whole.then(|| format!("{} {hours} {days} {months} {weekdays}", self.minute.unwrap_or(0)))
            }
            Some(Every::Days(count)) => {
                let (minute, hour) = self.time()?;
                let days = if count == 1 { days } else { format!("*/{count}") };
                (count > 0 && count <= 15).then(|| format!("{minute} {hour} {days} {months} {weekdays}"))
            }
            Some(Every::Weeks(1)) => {
                let (minute, hour) = self.time()?;
                let weekdays = if weekdays == "*" { "0" } else { weekdays.as_str() };
                (days == "*").then(|| format!("{minute} {hour} * {months} {weekdays}"))
            }
            Some(Every::Months(count)) => {
                let (minute, hour) = self.time()?;
                let whole = count > 0 && 12_u32.is_multiple_of(count) && weekdays == "*" && months == "*";
                let days = if days == "*" { "1" } else { days.as_str() };
                whole.then(|| format!("{minute} {hour} {days} {} *", step(count)))
            }
            Some(Every::Years(1)) => {
                let (minute, hour) = self.time()?;
                let day = self.days.first().copied().unwrap_or(1);
                let month = self.months.first().copied().unwrap_or(1);
                (weekdays == "*").then(|| format!("{minute} {hour} {day} {month} *"))
            }
            None if self.recurs && (weekdays != "*" || days != "*" || months != "*") => {
                let (minute, hour) = self.time()?;
                let days = if weekdays == "*" && days == "*" { "1" } else { days.as_str() };
                Some(format!("{minute} {hour} {days} {months} {weekdays}"))
            }
            _ => None,
        }
    }

    // Minute and hour; midnight when no time is said, unless a part of the day leaves it open.
    fn time(&self) -> Option<(u8, String)> {
        if self.hours.is_some() || self.minute.is_some() {
            return None;
        }
        if self.times.is_empty() {
            return matches!(self.part, None | Some(Part::Night)).then(|| (0, "0".to_owned()));
        }
        let mut hours = Vec::new();
        let mut minutes = Vec::new();
        for time in &self.times {
            let (hour, minute) = time.in_part(self.part).resolve()?;
            hours.push(hour);
            minutes.push(minute);
        }
        minutes.iter().all(|minute| *minute == minutes[0]).then(|| (minutes[0], list(&hours)))
    }
}

enum Atom {
    Taken(usize),
    Other,
    Impossible,
}

fn is_every(token: &Token) -> bool {
    token.text == "every" || token.text == "each"
}

fn list(numbers: &[u8]) -> String {
    if numbers.is_empty() {
        return "*".to_owned();
    }
    numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",")
}
