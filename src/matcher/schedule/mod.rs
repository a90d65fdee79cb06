//! Reads when something is to happen: again and again, as a line of a crontab ([`schedule`]), or once ([`clock`]).
//!
//! What a crontab cannot say (`every 45 minutes`, `the last day of the month`, `every other week`) is no schedule: a line that
//! runs at other times than asked would look right.

mod calendar;
mod reading;
mod time;

use reading::Reading;
pub(super) use time::clock;

use super::slot::{Found, Trust};
use super::value::Value;
use crate::normalize::{Class, Token};

// A schedule is one stretch of the question; none is longer.
const LONGEST: usize = 16;

/// The schedule that starts at a token, as the five fields of a crontab or `@reboot`.
pub(super) fn schedule(tokens: &[Token], at: usize) -> Option<Found> {
    let (fields, length) = Reading::of(tokens, at)?;
    // `every monday at 8` starts with `every`, not with `monday`.
    let covers = |before: usize| Reading::of(tokens, before).is_some_and(|(_, length)| before + length > at);
    if (at.saturating_sub(LONGEST)..at).any(covers) {
        return None;
    }
    Some(Found { value: Value::Text(fields), length, trust: Trust::Typed })
}

// Words between the parts of a time that say nothing themselves.
fn is_joiner(token: &Token) -> bool {
    matches!(token.class, Class::Stop | Class::Cue)
}

#[cfg(test)]
mod tests {
    use super::{clock, schedule};
    use crate::matcher::value::Form;
    use crate::normalize::normalize;

    // The first reading of a text, whole: `None` also when words are left over.
    fn whole(text: &str, read: fn(&[crate::normalize::Token], usize) -> Option<super::Found>) -> Option<String> {
        let tokens = normalize(text).tokens;
        let found = (0..tokens.len()).find_map(|at| read(&tokens, at).map(|found| (at, found)));
        let start = tokens.iter().position(|token| !super::is_joiner(token))?;
        found
            .filter(|(at, found)| *at == start && at + found.length == tokens.len())
            .map(|(_, found)| found.value.form(Form::Plain))
    }

    #[test]
    fn schedules_are_lines_of_a_crontab() {
        for (text, fields) in [
            ("every minute", "* * * * *"),
            ("every 5 minutes", "*/5 * * * *"),
            ("each half hour", "*/30 * * * *"),
            ("every half an hour", "*/30 * * * *"),
            ("every hour", "0 * * * *"),
            ("hourly", "0 * * * *"),
            ("every 2 hours", "0 */2 * * *"),
            ("10 minutes past every hour", "10 * * * *"),
            ("daily", "0 0 * * *"),
            ("every day at 2:30", "30 2 * * *"),
            ("at 2:30 every day", "30 2 * * *"),
            ("daily at 14:05", "5 14 * * *"),
            ("every night at 3", "0 3 * * *"),
            ("every night at 11", "0 23 * * *"),
            ("each evening at 8", "0 20 * * *"),
            ("every day at 5pm", "0 17 * * *"),
            ("every day at 12 am", "0 0 * * *"),
            ("every morning at half past 6", "30 6 * * *"),
            ("at midnight every day", "0 0 * * *"),
            ("at noon on sundays", "0 12 * * 0"),
            ("every monday at 8:30", "30 8 * * 1"),
            ("on weekdays at 9", "0 9 * * 1-5"),
            ("every working day at 18:15", "15 18 * * 1-5"),
            ("mon-fri at 7am", "0 7 * * 1-5"),
            ("monday to friday at 7", "0 7 * * 1-5"),
            ("every tuesday and thursday at 16:00", "0 16 * * 2,4"),
            ("weekends at 10:00", "0 10 * * 6,0"),
            ("weekly", "0 0 * * 0"),
            ("weekly on friday at 22:00", "0 22 * * 5"),
            ("monthly", "0 0 1 * *"),
            ("on the first of every month at 4am", "0 4 1 * *"),
            ("on the 15th of each month at 6:00", "0 6 15 * *"),
            ("every month on day 3 at 1:00", "0 1 3 * *"),
            ("every 3 months", "0 0 1 */3 *"),
            ("every january 1st at noon", "0 12 1 1 *"),
            ("twice a day", "0 */12 * * *"),
            ("4 times an hour", "*/15 * * * *"),
            ("every other day at 1:00", "0 1 */2 * *"),
            ("every day at 8 and 20", "0 8,20 * * *"),
            ("every 10 minutes on weekdays", "*/10 * * * 1-5"),
            ("every 15 minutes between 9 and 17", "*/15 9-17 * * *"),
            ("every hour from 8am to 6pm on weekdays", "0 8-18 * * 1-5"),
            ("at boot", "@reboot"),
        ] {
            assert_eq!(whole(text, schedule).as_deref(), Some(fields), "{text}");
        }
    }

    #[test]
    fn what_a_crontab_cannot_say_is_none() {
        for text in [
            "every 45 minutes",
            "every 7 hours",
            "every other week",
            "the last day of the month",
            "the first monday of every month",
            "every day at 25:00",
            "every morning",
            "every 10 seconds",
            "every hour from 9 to 5",
            "at 8:30",
            "every",
            "5 times a day",
        ] {
            assert_eq!(whole(text, schedule), None, "{text}");
        }
    }

    #[test]
    fn times_to_come_are_read_as_at_does() {
        for (text, time) in [
            ("at 17:30", Some("17:30")),
            ("at 5pm", Some("17:00")),
            ("tomorrow at 9", Some("09:00 tomorrow")),
            ("at 9 tomorrow", Some("09:00 tomorrow")),
            ("tonight at 11", Some("23:00")),
            ("at noon", Some("12:00")),
            ("at 8 in the evening", Some("20:00")),
            ("in 10 minutes", Some("now + 10 minutes")),
            ("1 hour from now", Some("now + 1 hour")),
            ("friday at 6:15", Some("06:15 friday")),
            ("10 minutes", None),
            ("at some time", None),
        ] {
            assert_eq!(whole(text, clock).as_deref(), time, "{text}");
        }
    }
}
