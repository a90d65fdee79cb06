//! What was asked and accepted: looking, keeping, forgetting.

use std::io::{self, Write as _};
use std::time::SystemTime;

use caro::Error;
use caro::history::{Entry, History};
use caro::notice::Notice;
use caro::paths::Paths;
use serde::Serialize;

use crate::args::{HistoryAction, Options};
use crate::render::Console;
use crate::render::text::printable;
use crate::status::{Failure, Status};

/// One entry, as scripts see it.
#[derive(Debug, Serialize)]
struct EntryLine<'a> {
    id: i64,
    query: &'a str,
    command: &'a str,
    risk: &'a str,
    outcome: &'a str,
    unix_s: i64,
    pinned: bool,
    name: Option<&'a str>,
    incomplete: bool,
}

pub(crate) fn run(
    action: Option<HistoryAction>,
    limit: u32,
    options: &Options,
    console: &mut Console,
) -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    let opened = History::open(&paths.history())?;
    if let Some(file) = opened.set_aside {
        let message = format!("the history was unusable and is kept as {}", file.display());
        console.notice(&Notice::new(caro::ErrorCode::HistorySetAside, message));
    }
    let history = opened.history;
    match action {
        None => list(&history.find("", limit)?, options, console)?,
        Some(HistoryAction::Search { text }) => {
            let found = history.find(&text.join(" "), limit)?;
            list(&found, options, console)?;
            if found.is_empty() {
                return Ok(Status::NoAnswer);
            }
        }
        Some(HistoryAction::Export) => json(&history.find("", u32::MAX)?, console)?,
        Some(HistoryAction::Pin { id }) => history.pin(id)?,
        Some(HistoryAction::Unpin { id }) => history.unpin(id)?,
        Some(HistoryAction::Rename { id, name }) => history.rename(id, &name)?,
        Some(HistoryAction::Delete { ids }) => ids.into_iter().try_for_each(|id| history.delete(id))?,
        Some(HistoryAction::Clear { yes: true }) => history.delete_all()?,
        Some(HistoryAction::Clear { yes: false }) => {
            let (entries, pinned) = history.count()?;
            let them = "would be deleted; `caro history clear --yes` does it";
            writeln!(console.err, "{entries} entries, {pinned} of them favourites, {them}")?;
            return Ok(Status::Usage);
        }
    }
    console.out.flush()?;
    Ok(Status::Answer)
}

fn list(entries: &[Entry], options: &Options, console: &mut Console) -> io::Result<()> {
    if options.json {
        return json(entries, console);
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    for Entry { id, query, command, risk, outcome, unix_s, pinned, name } in entries {
        let mark = if *pinned { "*" } else { " " };
        let name = name.as_ref().map(|name| format!("{}: ", printable(name))).unwrap_or_default();
        writeln!(console.out, "{id:>6} {mark} {name}{}", printable(command))?;
        writeln!(console.out, "         {}  ({risk}, {outcome}, {})", printable(query), ago(now - unix_s))?;
    }
    Ok(())
}

fn json(entries: &[Entry], console: &mut Console) -> io::Result<()> {
    for entry in entries {
        let Entry { id, query, command, risk, outcome, unix_s, pinned, name } = entry;
        let incomplete = entry.is_incomplete();
        let (id, unix_s, pinned, name) = (*id, *unix_s, *pinned, name.as_deref());
        console.json(&EntryLine { id, query, command, risk, outcome, unix_s, pinned, name, incomplete })?;
    }
    Ok(())
}

/// How long ago, the way people say it.
fn ago(seconds: i64) -> String {
    let (length, unit) = match seconds {
        ..60 => return "just now".to_owned(),
        60..3_600 => (60, "minute"),
        3_600..86_400 => (3_600, "hour"),
        _ => (86_400, "day"),
    };
    let count = seconds / length;
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn a_time_is_said_the_way_people_do() {
        for (seconds, said) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (7_300, "2 hours ago"),
            (86_400, "1 day ago"),
            (864_000, "10 days ago"),
        ] {
            assert_eq!(ago(seconds), said);
        }
    }
}
