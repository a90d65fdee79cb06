//! Writes a query for `Get-ChildItem` and its pipeline.

use std::fmt::Write as _;

use super::query::{Action, Chosen, Clause, Clock, Exclusion, Key, Name, Query, Target, Test, Than, When};
use super::words::is_variable;
use crate::normalize::{Unit, size_text};
use crate::shell::{Shell, quote, quote_path};

/// The command line of a query; `None` when PowerShell has no short way to say it.
pub(super) fn command(query: &Query, shell: Shell) -> Option<String> {
    let places = if query.places.is_empty() {
        ".".to_owned()
    } else {
        query.places.iter().map(|place| quote_path(shell, place)).collect::<Vec<_>>().join(", ")
    };
    let mut line = format!("Get-ChildItem -Path {places}");
    if query.at_least.is_some() || query.walk.one_filesystem || query.walk.follow {
        return None;
    }
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
        _ => return None,
    });
    let hidden = |test: &Test| matches!(test, Test::Name(name) if name.glob.starts_with('.') && name.glob != ".*");
    if query.any(hidden) {
        line.push_str(" -Force");
    }
    let mut tests = Vec::new();
    let mut filtered = false;
    for clause in &query.clauses {
        // What is hidden has an attribute here, not a dot.
        if let ([Test::Name(name)], false) = (&clause.any[..], clause.not)
            && name.glob == ".*"
        {
            line.push_str(" -Hidden");
            continue;
        }
        if !filtered && !clause.not && clause.any.iter().all(|test| matches!(test, Test::Name(_))) {
            filtered = filter(&mut line, clause, query, shell);
            if filtered {
                continue;
            }
        }
        tests.push(condition(clause, query, shell)?);
    }
    for place in &query.excluded {
        let name = match place {
            Exclusion::Named(name) => name.clone(),
            Exclusion::Path(path) => path.trim_start_matches("./").replace('/', "\\"),
        };
        tests.push(format!("$_.FullName -notlike {}", quote(shell, &format!("*\\{name}\\*"))));
    }
    if !tests.is_empty() {
        let _ = write!(line, " | Where-Object {{ {} }}", tests.join(" -and "));
    }
    let line = action(line, query, shell)?;
    if query.counted {
        return Some(format!("({line} | Measure-Object).Count"));
    }
    Some(match query.limit {
        Some(limit) => format!("{line} | Select-Object -First {limit}"),
        None => line,
    })
}

fn filter(line: &mut String, clause: &Clause, query: &Query, shell: Shell) -> bool {
    let globs: Vec<&Name> =
        clause.any.iter().filter_map(|test| if let Test::Name(name) = test { Some(name) } else { None }).collect();
    match &globs[..] {
        [one] => {
            let _ = write!(line, " -Filter {}", quote(shell, &one.glob));
        }
        // `-Include` sees nothing without `-Recurse`.
        _ if query.depth == Some(1) => return false,
        several => {
            let globs: Vec<_> = several.iter().map(|name| quote(shell, &name.glob)).collect();
            let _ = write!(line, " -Include {}", globs.join(", "));
        }
    }
    true
}

fn condition(clause: &Clause, query: &Query, shell: Shell) -> Option<String> {
    if clause.not
        && let [Test::Name(name)] = &clause.any[..]
    {
        return Some(format!("$_.Name -notlike {}", quote(shell, &name.glob)));
    }
    let any: Vec<String> = clause.any.iter().map(|one| test(one, query, shell)).collect::<Option<_>>()?;
    let text = match &any[..] {
        [one] => one.clone(),
        several => format!("({})", several.join(" -or ")),
    };
    Some(match (clause.not, text.strip_prefix("-not ")) {
        (true, Some(plain)) => plain.to_owned(),
        (true, None) if text.starts_with('(') => format!("-not {text}"),
        (true, None) => format!("-not ({text})"),
        _ => text,
    })
}

fn test(test: &Test, query: &Query, shell: Shell) -> Option<String> {
    Some(match test {
        Test::Name(name) => format!("$_.Name -like {}", quote(shell, &name.glob)),
        Test::Path(name) => format!("$_.FullName -like {}", quote(shell, &name.glob.replace('/', "\\"))),
        Test::Regex(name) => format!("$_.FullName -match {}", quote(shell, &name.glob)),
        Test::Size(than, bytes) => format!("$_.Length {} {}", sign(*than), bytes_text(*bytes)),
        Test::Time(clock, when) => time(*clock, when, shell),
        Test::Empty if query.target == Target::Folder => {
            "-not (Get-ChildItem -LiteralPath $_.FullName -Force)".to_owned()
        }
        Test::Empty => "$_.Length -eq 0".to_owned(),
        Test::NewerThan(clock, file) => {
            let field = field(*clock);
            format!("$_.{field} -gt (Get-Item {}).LastWriteTime", quote_path(shell, file))
        }
        Test::User(user) if user == "$USER" => {
            "(Get-Acl -LiteralPath $_.FullName).Owner -like \"*\\$env:USERNAME\"".to_owned()
        }
        Test::User(user) if is_variable(user) => return None,
        Test::User(user) => {
            format!("(Get-Acl -LiteralPath $_.FullName).Owner -like {}", quote(shell, &format!("*\\{user}")))
        }
        _ => return None,
    })
}

const fn sign(than: Than) -> &'static str {
    match than {
        Than::More => "-gt",
        Than::Less => "-lt",
        Than::Exactly => "-eq",
    }
}

const fn field(clock: Clock) -> &'static str {
    match clock {
        Clock::Modified | Clock::Changed => "LastWriteTime",
        Clock::Accessed => "LastAccessTime",
        Clock::Created => "CreationTime",
    }
}

// PowerShell reads `100MB` as a number, and has no `B`.
fn bytes_text(bytes: u64) -> String {
    let text = size_text(bytes);
    text.strip_suffix('B')
        .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
        .map_or(text.clone(), str::to_owned)
}

fn time(clock: Clock, when: &When, shell: Shell) -> String {
    let field = field(clock);
    let moment = |text: &str| match text {
        "today 00:00" => "(Get-Date).Date".to_owned(),
        "yesterday 00:00" => "(Get-Date).Date.AddDays(-1)".to_owned(),
        day if day.starts_with("last ") => {
            let name = day.trim_start_matches("last ");
            format!("(0..6 | ForEach-Object {{ (Get-Date).Date.AddDays(-$_) }} | Where-Object DayOfWeek -eq {name})")
        }
        date => format!("[datetime]{}", quoted(date, shell)),
    };
    match when {
        When::Today => format!("$_.{field} -ge (Get-Date).Date"),
        When::Yesterday => format!("$_.{field}.Date -eq (Get-Date).Date.AddDays(-1)"),
        When::Since(text) => format!("$_.{field} -ge {}", moment(text)),
        When::Before(text) => format!("$_.{field} -lt {}", moment(text)),
        When::Age(than, count, unit) => {
            let (count, step) = match unit {
                Unit::Second => (*count, "AddSeconds"),
                Unit::Minute => (*count, "AddMinutes"),
                Unit::Hour => (*count, "AddHours"),
                Unit::Day => (*count, "AddDays"),
                Unit::Week => (count.saturating_mul(7), "AddDays"),
                Unit::Month => (*count, "AddMonths"),
                Unit::Year => (*count, "AddYears"),
            };
            match than {
                Than::More => format!("$_.{field} -lt (Get-Date).{step}(-{count})"),
                Than::Less => format!("$_.{field} -gt (Get-Date).{step}(-{count})"),
                Than::Exactly => format!("$_.{field}.Date -eq (Get-Date).{step}(-{count}).Date"),
            }
        }
    }
}

// In an expression a bare word is no text.
fn quoted(text: &str, shell: Shell) -> String {
    let word = quote(shell, text);
    if word == text { format!("'{text}'") } else { word.into_owned() }
}

fn action(line: String, query: &Query, shell: Shell) -> Option<String> {
    let line = match query.chosen {
        Some(Chosen { by, descending, count, rest }) => {
            let key = if by == Key::Size { "Length" } else { "LastWriteTime" };
            let descending = if descending { " -Descending" } else { "" };
            let which = if rest { "Skip" } else { "First" };
            format!("{line} | Sort-Object {key}{descending} | Select-Object -{which} {count}")
        }
        None => line,
    };
    Some(match &query.action {
        Action::List => line,
        Action::LongList => format!("{line} | Format-List FullName, Length, LastWriteTime, Attributes"),
        Action::BareNames if line.contains(" | ") => format!("{line} | Select-Object -ExpandProperty Name"),
        Action::BareNames => format!("{line} -Name"),
        Action::SizesAndNames => format!("{line} | Select-Object Length, FullName"),
        Action::Parents => format!("{line} | Select-Object -ExpandProperty DirectoryName -Unique"),
        Action::Count => format!("({line} | Measure-Object).Count"),
        Action::CountLines => format!("({line} | Get-Content | Measure-Object -Line).Lines"),
        Action::CountWords => format!("({line} | Get-Content | Measure-Object -Word).Words"),
        Action::LinesOfEach => {
            format!("{line} | ForEach-Object {{ \"$((Get-Content $_ | Measure-Object -Line).Lines) $($_.FullName)\" }}")
        }
        Action::TotalSize | Action::DiskUsage => format!("({line} | Measure-Object -Property Length -Sum).Sum"),
        Action::Delete | Action::DeleteAsking => {
            let recurse = if query.target == Target::File { "" } else { " -Recurse" };
            let asking = if query.action == Action::DeleteAsking { " -Confirm" } else { "" };
            format!("{line} | Remove-Item{recurse}{asking}")
        }
        Action::MoveTo(target) => format!("{line} | Move-Item -Destination {}", quote_path(shell, target)),
        Action::CopyTo(target) => format!("{line} | Copy-Item -Destination {}", quote_path(shell, target)),
        Action::ArchiveInto(target) if target.to_ascii_lowercase().ends_with(".zip") => {
            format!("{line} | Compress-Archive -DestinationPath {}", quote_path(shell, target))
        }
        Action::TouchIn(name) => {
            format!(
                "{line} | ForEach-Object {{ New-Item -ItemType File -Path $_.FullName -Name {} }}",
                quote(shell, name)
            )
        }
        Action::Touch => format!("{line} | ForEach-Object {{ $_.LastWriteTime = Get-Date }}"),
        Action::Containing(text) => {
            let case = if query.ignore_case { "" } else { " -CaseSensitive" };
            format!(
                "{line} | Select-String -SimpleMatch{case} -Pattern {} -List | Select-Object -ExpandProperty Path",
                quote(shell, text)
            )
        }
        Action::Grep { text, .. } => {
            let case = if query.ignore_case { "" } else { " -CaseSensitive" };
            format!("{line} | Select-String -SimpleMatch{case} -Pattern {}", quote(shell, text))
        }
        Action::Replace { old, new } => format!(
            "{line} | ForEach-Object {{ (Get-Content $_ -Raw).Replace({}, {}) | Set-Content $_ -NoNewline }}",
            quoted(old, shell),
            quoted(new, shell)
        ),
        Action::Print => format!("{line} | Get-Content"),
        Action::Head(count) => format!("{line} | ForEach-Object {{ Get-Content $_ -TotalCount {count} }}"),
        Action::Tail(count) => format!("{line} | ForEach-Object {{ Get-Content $_ -Tail {count} }}"),
        Action::Checksum(tool) => {
            let algorithm = match *tool {
                "md5sum" => "MD5",
                "sha1sum" => "SHA1",
                _ => "SHA256",
            };
            format!("{line} | Get-FileHash -Algorithm {algorithm}")
        }
        Action::Run(words) => {
            let words: Vec<_> = words.iter().map(|word| quote(shell, word)).collect();
            format!("{line} | ForEach-Object {{ & {} $_.FullName }}", words.join(" "))
        }
        Action::Sort(order) => {
            let key = match order.by {
                Key::Size => "Length",
                Key::Time => "LastWriteTime",
                Key::Accessed => "LastAccessTime",
                Key::Name => "Name",
            };
            let descending = if order.descending { " -Descending" } else { "" };
            let take = order.take.map(|take| format!(" | Select-Object -First {take}")).unwrap_or_default();
            format!("{line} | Sort-Object {key}{descending}{take}")
        }
        _ => return None,
    })
}
