//! The lines that give a shell a key for Caro.

use std::io::Write as _;

use crate::args::Interactive;
use crate::render::Console;
use crate::status::{Failure, Status};

pub(crate) fn run(shell: Interactive, console: &mut Console) -> Result<Status, Failure> {
    let script = match shell {
        Interactive::Bash => include_str!("../integration/caro.bash"),
        Interactive::Zsh => include_str!("../integration/caro.zsh"),
        Interactive::Fish => include_str!("../integration/caro.fish"),
        Interactive::Powershell => include_str!("../integration/caro.ps1"),
    };
    console.out.write_all(script.as_bytes())?;
    console.out.flush()?;
    Ok(Status::Answer)
}
