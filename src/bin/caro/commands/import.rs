//! Other people's cheat sheets.

use std::io::Write as _;
use std::path::Path;

use caro::Error;
use caro::cheatsheet::{Sheet, import};
use caro::paths::Paths;

use crate::render::Console;
use crate::status::{Failure, Status};

pub(crate) fn run(sheet: Sheet, from: &Path, console: &mut Console) -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    let imported = import(sheet, from, &paths.intents()).map_err(Error::from)?;
    for file in &imported.files {
        writeln!(console.out, "{}", file.display())?;
    }
    console.out.flush()?;
    let plural = if imported.intents == 1 { "" } else { "s" };
    writeln!(console.err, "{} command{plural} imported, {} left out", imported.intents, imported.left_out)?;
    Ok(Status::Answer)
}
