//! The command-line program: parse, run, exit code.
//!
//! Invariant: stdout carries the answer and nothing else; whatever is said about it goes to stderr.

mod args;
mod commands;
mod line;
mod render;
mod session;
mod status;
mod thinking;

use std::process::ExitCode;

use args::Args;
use render::Console;

fn main() -> ExitCode {
    let mut console = Console::of_process();
    match Args::read(std::env::args_os()) {
        Ok(args) => match commands::run(args, &mut console) {
            Ok(status) => status.into(),
            Err(failure) => console.report(&failure).into(),
        },
        Err(usage) => render::usage(&usage).into(),
    }
}
