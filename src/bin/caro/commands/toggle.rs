//! Shows or hides the popup of the running app, or prints what gives a desktop a key for that.
//!
//! A key press waits for this program: it reads no settings, opens no database and compiles no intent.

use std::io::Write as _;

use caro::config::SettingsStore;
use caro::paths::Paths;
use caro::resident::{Error, Message, Reply, client};
use caro::shortcut::{DESKTOPS, Desktop};

use crate::render::Console;
use crate::status::{Failure, Status};

pub(crate) fn run() -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(caro::Error::NoHome)?;
    match client::send(&paths, Message::Toggle)? {
        Reply::Done => Ok(Status::Answer),
        Reply::Failed { message } => Err(caro::Error::from(Error::Declined { message }).into()),
        Reply::Pong { .. } => {
            let reason = "a pong to a toggle".to_owned();
            Err(caro::Error::from(Error::Garbled { reason }).into())
        }
    }
}

/// Prints the lines for one desktop, and where they go; without the name of one for the one this is, or for all.
pub(crate) fn lines(desktop: &str, console: &mut Console) -> Result<Status, Failure> {
    let session = std::env::var("XDG_CURRENT_DESKTOP").unwrap_or_default();
    let wanted = Desktop::named(desktop).or_else(|| Desktop::current(&session));
    let wanted = wanted.map_or(&DESKTOPS[..], std::slice::from_ref);
    let paths = Paths::of_user().ok_or(caro::Error::NoHome)?;
    let key = SettingsStore::open(&paths).0.settings().hotkey;
    let program = std::env::current_exe().ok();
    let program = program.as_deref().and_then(std::path::Path::to_str).unwrap_or("caro");
    for desktop in wanted {
        writeln!(console.err, "{}, for {}:", desktop.name, desktop.place)?;
        // Flushed each time, so that the two streams come out in order on one terminal.
        write!(console.out, "{}", desktop.lines(&key, program))?;
        console.out.flush()?;
    }
    Ok(Status::Answer)
}
