//! Writes the tests of a query for `find`.

use super::query::{Clause, Clock, Mode, Name, Query, Test, Than, When};
use super::unix::{Flavor, quote_glob, value};
use crate::matcher::value::{Form, Value};
use crate::normalize::Unit;
use crate::shell::{Shell, quote, quote_path};

/// One clause; `None` when this flavor has no such test.
pub(super) fn clause(clause: &Clause, flavor: Flavor, shell: Shell) -> Option<String> {
    let tests: Vec<String> = clause.any.iter().map(|one| test(one, flavor, shell)).collect::<Option<_>>()?;
    // What is a pair of tests by itself needs brackets, or each its own `!`.
    let text = match &tests[..] {
        [one] => one.clone(),
        several => format!("\\( {} \\)", several.join(" -o ")),
    };
    Some(match (clause.not, text.strip_prefix("! ")) {
        (true, Some(plain)) if !plain.contains(" ! ") => plain.to_owned(),
        (true, _) => format!("! {text}"),
        _ => text,
    })
}

/// True when days are counted from midnight.
pub(super) fn from_day_start(query: &Query, flavor: Flavor) -> bool {
    flavor == Flavor::Gnu && query.any(|test| matches!(test, Test::Time(_, When::Today | When::Yesterday)))
}

const fn sign(than: Than) -> &'static str {
    match than {
        Than::More => "+",
        Than::Less => "-",
        Than::Exactly => "",
    }
}

fn test(test: &Test, flavor: Flavor, shell: Shell) -> Option<String> {
    let named = |flag: &str, name: &Name| {
        let any_case = if name.ignore_case { "i" } else { "" };
        format!("-{any_case}{flag} {}", quote_glob(&name.glob, shell))
    };
    let plain = |text: &str| value(text, shell, |text, shell| quote(shell, text).into_owned());
    let gnu = flavor == Flavor::Gnu;
    Some(match test {
        Test::Name(name) => named("name", name),
        Test::Path(name) => named("path", name),
        Test::Regex(name) => named("regex", name),
        Test::LinkTo(name) => named("lname", name),
        Test::Size(than, bytes) => size(*than, *bytes),
        Test::Time(clock, when) => time(*clock, when, flavor, shell),
        Test::NewerThan(clock, file) => {
            let flag = match clock {
                Clock::Modified => "newer",
                Clock::Accessed => "anewer",
                Clock::Changed | Clock::Created => "cnewer",
            };
            format!("-{flag} {}", value(file, shell, |file, shell| quote_path(shell, file).into_owned()))
        }
        Test::User(user) => format!("-user {}", plain(user)),
        Test::Group(group) => format!("-group {}", plain(group)),
        Test::UserId(than, id) => format!("-uid {}{id}", sign(*than)),
        Test::NoUser => "-nouser".to_owned(),
        Test::NoGroup => "-nogroup".to_owned(),
        Test::Mode(Mode::Exactly(mode)) => format!("-perm {}", plain(mode)),
        Test::Mode(Mode::All(mode)) => format!("-perm -{mode}"),
        Test::Mode(Mode::Any(mode)) => format!("-perm {}{mode}", if gnu { "/" } else { "+" }),
        Test::Empty => "-empty".to_owned(),
        Test::Executable => if gnu { "-executable" } else { "-perm +111" }.to_owned(),
        Test::Readable => if gnu { "-readable" } else { "-perm +444" }.to_owned(),
        Test::Writable => if gnu { "-writable" } else { "-perm +222" }.to_owned(),
        Test::Links(than, count) => format!("-links {}{count}", sign(*than)),
        Test::Inode(number) => format!("-inum {number}"),
        Test::SameFile(file) => format!("-samefile {}", quote_path(shell, file)),
        Test::Broken => if gnu { "-xtype l" } else { return Some(String::new()) }.to_owned(),
    })
}

// `-size -100M` counts in whole megabytes rounded up, so it misses what is between 99 and 100; bytes say what is meant.
fn size(than: Than, bytes: u64) -> String {
    match than {
        Than::More => format!("-size +{}", Value::Size(bytes).form(Form::FindSize)),
        Than::Less => format!("-size -{bytes}c"),
        Than::Exactly => format!("-size {}", Value::Size(bytes).form(Form::FindSize)),
    }
}

fn time(clock: Clock, when: &When, flavor: Flavor, shell: Shell) -> String {
    let letter = match clock {
        Clock::Modified => 'm',
        Clock::Accessed => 'a',
        // BSD keeps the time of birth; GNU find can only compare it with a file or a date.
        Clock::Created if flavor == Flavor::Bsd => 'B',
        Clock::Changed | Clock::Created => 'c',
    };
    match when {
        When::Today if flavor == Flavor::Gnu => format!("-{letter}time 0"),
        When::Yesterday if flavor == Flavor::Gnu => format!("-{letter}time 1"),
        When::Today => format!("-newer{letter}t 'today 00:00'"),
        When::Yesterday => format!("-newer{letter}t 'yesterday 00:00' ! -newer{letter}t 'today 00:00'"),
        When::Since(moment) => format!("-newer{letter}t {}", quote(shell, moment)),
        When::Before(moment) => format!("! -newer{letter}t {}", quote(shell, moment)),
        When::Age(than, count, unit) => {
            let sign = sign(*than);
            let age = Value::Age(*count, *unit);
            // `the last 24 hours` is a day, as find counts days.
            if *unit < Unit::Day && u64::from(*count) * unit.seconds() % Unit::Day.seconds() != 0 {
                format!("-{letter}min {sign}{}", age.form(Form::Minutes))
            } else {
                format!("-{letter}time {sign}{}", age.form(Form::Days))
            }
        }
    }
}
