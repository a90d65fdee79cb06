//! The desktop program: read the command line, start, say what went wrong.

// Without this, Windows opens a console beside the tray icon.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::Write;
use std::process::ExitCode;

use caro_desktop::arguments::{self, Arguments};
use caro_desktop::start;

fn main() -> ExitCode {
    let parsed = arguments::parse(std::env::args().skip(1));
    let (text, code) = match parsed {
        Ok(Arguments::Start(first)) => match start::start(first) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => (format!("caro-desktop: {error}\n"), 4),
        },
        Ok(Arguments::Usage) => {
            // A closed pipe is no reason to fail.
            let _ = std::io::stdout().write_all(arguments::USAGE.as_bytes());
            return ExitCode::SUCCESS;
        }
        Ok(Arguments::Version) => {
            let _ = writeln!(std::io::stdout(), "caro-desktop {}", env!("CARGO_PKG_VERSION"));
            return ExitCode::SUCCESS;
        }
        Err(error) => (format!("caro-desktop: {error}\n\n{}", arguments::USAGE), 2),
    };
    let _ = std::io::stderr().write_all(text.as_bytes());
    ExitCode::from(code)
}
