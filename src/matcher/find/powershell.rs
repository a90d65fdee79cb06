//! Writes a query for `Get-ChildItem` and its pipeline.

use std::fmt::Write as _;

use super::{Action, Clock, Key, Query, Target, Than, When};
use crate::normalize::{Unit, size_text};
use crate::shell::{Shell, quote, quote_path};

/// The command line of a query; `None` when PowerShell has no short way to say it.
pub(super) fn command(query: &Query, shell: Shell) -> Option<String> {
    let mut line = format!("Get-ChildItem -Path {}", quote_path(shell, &query.place));
    match query.depth {
        Some(1) => {}
        // PowerShell counts the folders below the first.
        Some(levels) => {
            let _ = write!(line, " -Recurse -Depth {}", levels.saturating_sub(1));
        }
        None => line.push_str(" -Recurse"),
    }
    line.push_str(match query.target {
        Target::File => " -File",
        Target::Folder => " -Directory",
        Target::Link => " -Attributes ReparsePoint",
        Target::Any => "",
    });
    if query.names.iter().any(|name| name.glob.starts_with('.')) {
        line.push_str(" -Force");
    }
    let mut tests = Vec::new();
    names(&mut line, &mut tests, query, shell);
    for (than, bytes) in &query.sizes {
        tests.push(format!("$_.Length {} {}", sign(*than), bytes_text(*bytes)));
    }
    for (clock, when) in &query.times {
        tests.push(time(*clock, *when));
    }
    if query.empty {
        tests.push(match query.target {
            Target::Folder => "-not (Get-ChildItem -LiteralPath $_.FullName -Force)".to_owned(),
            _ => "$_.Length -eq 0".to_owned(),
        });
    }
    if let Some(file) = &query.newer_than {
        tests.push(format!("$_.LastWriteTime -gt (Get-Item {}).LastWriteTime", quote_path(shell, file)));
    }
    if query.executable || query.mode.is_some() {
        return None;
    }
    if let Some(owner) = &query.owner {
        tests.push(format!("(Get-Acl -LiteralPath $_.FullName).Owner -like {}", quote(shell, &format!("*\\{owner}"))));
    }
    if !tests.is_empty() {
        let _ = write!(line, " | Where-Object {{ {} }}", tests.join(" -and "));
    }
    action(line, query, shell)
}

fn names(line: &mut String, tests: &mut Vec<String>, query: &Query, shell: Shell) {
    match &query.names[..] {
        [] => {}
        [one] => {
            let _ = write!(line, " -Filter {}", quote(shell, &one.glob));
        }
        several if query.depth == Some(1) => {
            // `-Include` sees nothing without `-Recurse`.
            let any: Vec<String> =
                several.iter().map(|name| format!("$_.Name -like {}", quote(shell, &name.glob))).collect();
            tests.push(format!("({})", any.join(" -or ")));
        }
        several => {
            let globs: Vec<_> = several.iter().map(|name| quote(shell, &name.glob)).collect();
            let _ = write!(line, " -Include {}", globs.join(", "));
        }
    }
    for name in &query.not_names {
        tests.push(format!("$_.Name -notlike {}", quote(shell, &name.glob)));
    }
}

const fn sign(than: Than) -> &'static str {
    match than {
        Than::More => "-gt",
        Than::Less => "-lt",
    }
}

// PowerShell reads `100MB` as a number, and has no `B`.
fn bytes_text(bytes: u64) -> String {
    let text = size_text(bytes);
    text.strip_suffix('B')
        .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(text.clone(), str::to_owned)
}

fn time(clock: Clock, when: When) -> String {
    let field = match clock {
        Clock::Modified => "LastWriteTime",
        Clock::Accessed => "LastAccessTime",
        Clock::Created => "CreationTime",
    };
    match when {
        When::Today => format!("$_.{field} -ge (Get-Date).Date"),
        When::Yesterday => format!("$_.{field}.Date -eq (Get-Date).Date.AddDays(-1)"),
        When::Age(than, count, unit) => {
            let sign = if than == Than::More { "-lt" } else { "-gt" };
            let (count, step) = match unit {
                Unit::Second => (count, "AddSeconds"),
                Unit::Minute => (count, "AddMinutes"),
                Unit::Hour => (count, "AddHours"),
                Unit::Day => (count, "AddDays"),
                Unit::Week => (count.saturating_mul(7), "AddDays"),
                Unit::Month => (count, "AddMonths"),
                Unit::Year => (count, "AddYears"),
            };
            format!("$_.{field} {sign} (Get-Date).{step}(-{count})")
        }
    }
}

fn action(line: String, query: &Query, shell: Shell) -> Option<String> {
    Some(match &query.action {
        Action::List | Action::LongList => line,
        Action::BareNames => format!("{line} -Name"),
        Action::Count => format!("({line} | Measure-Object).Count"),
        Action::CountLines => format!("({line} | Get-Content | Measure-Object -Line).Lines"),
        Action::TotalSize => format!("({line} | Measure-Object -Property Length -Sum).Sum"),
        Action::Delete => {
            let recurse = if query.target == Target::Folder { " -Recurse" } else { "" };
            format!("{line} | Remove-Item{recurse}")
        }
        Action::MoveTo(target) => format!("{line} | Move-Item -Destination {}", quote_path(shell, target)),
        Action::CopyTo(target) => format!("{line} | Copy-Item -Destination {}", quote_path(shell, target)),
        Action::ArchiveInto(target) if target.to_ascii_lowercase().ends_with(".zip") => {
            format!("{line} | Compress-Archive -DestinationPath {}", quote_path(shell, target))
        }
        Action::ArchiveInto(_) | Action::Chmod(_) => return None,
        Action::Containing(text) => {
            let case = if query.ignore_case { "" } else { " -CaseSensitive" };
            format!(
                "{line} | Select-String -SimpleMatch{case} -Pattern {} -List | Select-Object -ExpandProperty Path",
                quote(shell, text)
            )
        }
        Action::Sort(order) => {
            let key = match order.by {
                Key::Size => "Length",
                Key::Time => "LastWriteTime",
                Key::Name => "Name",
            };
            let descending = if order.descending { " -Descending" } else { "" };
            let take = order.take.map(|take| format!(" | Select-Object -First {take}")).unwrap_or_default();
            format!("{line} | Sort-Object {key}{descending}{take}")
        }
    })
}
