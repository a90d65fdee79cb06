//! Completions and the man page, from the one table.

use std::io::Write as _;

use clap_complete::Shell;

use crate::args::definition;
use crate::render::Console;
use crate::status::{Failure, Status};

pub(crate) fn completions(dialect: Shell, console: &mut Console) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(dialect, &mut definition(), "caro", &mut script);
    print(&script, console)
}

pub(crate) fn man(console: &mut Console) -> Result<Status, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(definition()).render(&mut page)?;
    print(&page, console)
}

// Made in memory first: `generate` panics when a pipe is closed on it.
fn print(text: &[u8], console: &mut Console) -> Result<Status, Failure> {
    console.out.write_all(text)?;
    console.out.flush()?;
    Ok(Status::Answer)
}
