//! Writes a query for `find`, with the flags GNU and BSD have in common, or each its own.

use super::{Action, Clock, Key, Name, Order, Query, Target, Than, When};
use crate::matcher::render::path_argument;
use crate::matcher::value::{Form, Value};
use crate::normalize::Unit;
use crate::shell::{Shell, quote, quote_path};

/// Whose `find` and `stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavor {
    Gnu,
    Bsd,
}

/// The command line of a query.
pub(super) fn command(query: &Query, flavor: Flavor, shell: Shell) -> String {
    if let Some(line) = plain_grep(query, shell) {
        return line;
    }
    let mut line = format!("find {}", path_argument(&query.place, shell));
    // Options come first: find warns about them behind tests.
    if query.target == Target::Folder {
        line.push_str(" -mindepth 1");
    }
    if let Some(depth) = query.depth {
        push(&mut line, &format!("-maxdepth {depth}"));
    }
    if times_from_day_start(query, flavor) {
        line.push_str(" -daystart");
    }
    push(
        &mut line,
        match query.target {
            Target::File => "-type f",
            Target::Folder => "-type d",
            Target::Link => "-type l",
            Target::Any => "",
        },
    );
    names(&mut line, query, shell);
    for (than, bytes) in &query.sizes {
        push(&mut line, &size(*than, *bytes));
    }
    for (clock, when) in &query.times {
        push(&mut line, &time(*clock, *when, flavor));
    }
    rest(&mut line, query, flavor, shell);
    action(&mut line, query, flavor, shell);
    line
}

fn push(line: &mut String, part: &str) {
    if !part.is_empty() {
        line.push(' ');
        line.push_str(part);
    }
}

fn names(line: &mut String, query: &Query, shell: Shell) {
    let test = |name: &Name| {
        let flag = if name.ignore_case { "-iname" } else { "-name" };
        format!("{flag} {}", quote(shell, &name.glob))
    };
    let any: Vec<String> = query.names.iter().map(test).collect();
    match &any[..] {
        [] => {}
        [one] => push(line, one),
        several => push(line, &format!("\\( {} \\)", several.join(" -o "))),
    }
    for name in &query.not_names {
        push(line, &format!("! {}", test(name)));
    }
}

// `-size -100M` counts in whole megabytes rounded up, so it misses what is between 99 and 100; bytes say what is meant.
fn size(than: Than, bytes: u64) -> String {
    match than {
        Than::More => format!("-size +{}", Value::Size(bytes).form(Form::FindSize)),
        Than::Less => format!("-size -{bytes}c"),
    }
}

fn times_from_day_start(query: &Query, flavor: Flavor) -> bool {
    flavor == Flavor::Gnu && query.times.iter().any(|(_, when)| matches!(when, When::Today | When::Yesterday))
}

fn time(clock: Clock, when: When, flavor: Flavor) -> String {
    let letter = match clock {
        Clock::Modified => 'm',
        Clock::Accessed => 'a',
        // BSD keeps the time of birth; GNU find can only compare it with a file or a date.
        Clock::Created if flavor == Flavor::Bsd => 'B',
        Clock::Created => 'c',
    };
    match (when, flavor) {
        (When::Today, Flavor::Gnu) => format!("-{letter}time 0"),
        (When::Yesterday, Flavor::Gnu) => format!("-{letter}time 1"),
        (When::Today, Flavor::Bsd) => format!("-newer{letter}t 'today 00:00'"),
        (When::Yesterday, Flavor::Bsd) => format!("-newer{letter}t 'yesterday 00:00' ! -newer{letter}t 'today 00:00'"),
        (When::Age(than, count, unit), _) => {
            let sign = if than == Than::More { '+' } else { '-' };
            let value = Value::Age(count, unit);
            if unit < Unit::Day {
                format!("-{letter}min {sign}{}", value.form(Form::Minutes))
            } else {
                format!("-{letter}time {sign}{}", value.form(Form::Days))
            }
        }
    }
}

fn rest(line: &mut String, query: &Query, flavor: Flavor, shell: Shell) {
    if let Some(file) = &query.newer_than {
        push(line, &format!("-newer {}", quote_path(shell, file)));
    }
    if query.empty {
        line.push_str(" -empty");
    }
    if query.executable {
        line.push_str(if flavor == Flavor::Gnu { " -executable" } else { " -perm +111" });
    }
    if let Some(owner) = &query.owner {
        push(line, &format!("-user {}", quote(shell, owner)));
    }
    if let Some(mode) = &query.mode {
        push(line, &format!("-perm {mode}"));
    }
}

fn action(line: &mut String, query: &Query, flavor: Flavor, shell: Shell) {
    let stat = |gnu: &'static str, bsd: &'static str| if flavor == Flavor::Gnu { gnu } else { bsd };
    match &query.action {
        Action::List => {}
        Action::LongList => line.push_str(" -exec ls -ldh {} +"),
        Action::BareNames => line.push_str(stat(" -printf '%f\\n'", " -exec basename {} \\;")),
        Action::Count => line.push_str(" | wc -l"),
        Action::CountLines => line.push_str(" -exec cat {} + | wc -l"),
        Action::TotalSize => {
            line.push_str(stat(" -printf '%s\\n'", " -exec stat -f %z {} +"));
            line.push_str(" | awk '{s += $1} END {print s + 0}'");
        }
        Action::Sort(order) => sort(line, *order, flavor),
        Action::Delete if query.target == Target::Folder && !query.empty => line.push_str(" -prune -exec rm -r {} +"),
        Action::Delete => line.push_str(" -delete"),
        Action::MoveTo(target) => push(line, &format!("-exec mv {{}} {} \\;", quote_path(shell, target))),
        Action::CopyTo(target) => push(line, &format!("-exec cp {{}} {} \\;", quote_path(shell, target))),
        Action::ArchiveInto(target) => archive(line, target, shell),
        Action::Chmod(mode) => push(line, &format!("-exec chmod {} {{}} +", quote(shell, mode))),
        Action::Containing(text) => {
            let ignore_case = if query.ignore_case { "i" } else { "" };
            push(line, &format!("-exec grep -l{ignore_case} -e {} {{}} +", quote(shell, text)));
        }
    }
}

fn sort(line: &mut String, order: Order, flavor: Flavor) {
    let field = match (order.by, flavor) {
        (Key::Name, _) => {
            line.push_str(" | sort");
            if order.descending {
                line.push_str(" -r");
            }
            head(line, order);
            return;
        }
        (Key::Size, Flavor::Gnu) => " -printf '%s %p\\n'",
        (Key::Time, Flavor::Gnu) => " -printf '%T@ %p\\n'",
        (Key::Size, Flavor::Bsd) => " -exec stat -f '%z %N' {} +",
        (Key::Time, Flavor::Bsd) => " -exec stat -f '%m %N' {} +",
    };
    line.push_str(field);
    line.push_str(if order.descending { " | sort -rn" } else { " | sort -n" });
    head(line, order);
    // A size is worth reading, seconds since 1970 are not.
    if order.by == Key::Time {
        line.push_str(" | cut -d' ' -f2-");
    }
}

fn head(line: &mut String, order: Order) {
    if let Some(take) = order.take {
        push(line, &format!("| head -n {take}"));
    }
}

fn archive(line: &mut String, target: &str, shell: Shell) {
    let lower = target.to_ascii_lowercase();
    let target = quote_path(shell, target);
    let ending = lower.rsplit('.').next();
    if ending == Some("zip") {
        push(line, &format!("-exec zip {target} {{}} +"));
        return;
    }
    let compression = match ending {
        Some("gz" | "tgz") => "z",
        Some("bz2") => "j",
        Some("xz") => "J",
        _ => "",
    };
    push(line, &format!("-print0 | tar -c{compression}f {target} --null -T -"));
}

// Files with a text in them need no find, unless more than their names is asked.
fn plain_grep(query: &Query, shell: Shell) -> Option<String> {
    let Action::Containing(text) = &query.action else { return None };
    let by_name = Query { names: Vec::new(), ..query.clone() };
    if by_name.is_filtered() || query.depth.is_some() || query.names.iter().any(|name| name.ignore_case) {
        return None;
    }
    let mut line = format!("grep -rl{}", if query.ignore_case { "i" } else { "" });
    for name in &query.names {
        push(&mut line, &format!("--include={}", quote(shell, &name.glob)));
    }
    push(&mut line, &format!("-e {} {}", quote(shell, text), quote_path(shell, &query.place)));
    Some(line)
}
