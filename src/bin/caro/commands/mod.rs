//! What each command does.

mod ask;
mod batch;
mod check;
mod config;
mod doctor;
mod explain;
mod here;
mod history;
mod import;
mod init;
mod models;
mod paper;
mod policy;
mod stats;
mod toggle;

use crate::args::{Args, Command};
use crate::render::Console;
use crate::status::{Failure, Status};

/// Runs what was typed.
pub(crate) fn run(args: Args, console: &mut Console) -> Result<Status, Failure> {
    let Args { command, question, options } = args;
    match command {
        None => ask::run(&question, &options, console),
        Some(Command::Batch) => batch::run(&options, console),
        Some(Command::Check { command: Some(command), explain, .. }) => {
            check::run(&command, check::Detail::wanted(explain), &options, console)
        }
        Some(Command::Check { command: None, .. }) => check::run_batch(&options, console),
        Some(Command::Policy { action }) => policy::run(action, &options, console),
        Some(Command::Explain { command }) => explain::run(&command, &options, console),
        Some(Command::Import { sheet, path }) => import::run(sheet, &path, console),
        Some(Command::Models { action }) => models::run(action, &options, console),
        Some(Command::Config { action }) => config::run(action, &options, console),
        Some(Command::History { limit, action }) => history::run(action, limit, &options, console),
        Some(Command::Stats { period, export }) => stats::run(period, export, &options, console),
        Some(Command::Doctor) => doctor::run(&options, console),
        Some(Command::Toggle { lines: None }) => toggle::run(),
        Some(Command::Toggle { lines: Some(desktop) }) => toggle::lines(&desktop, console),
        Some(Command::Here { pid, tty }) => here::run(pid, tty),
        Some(Command::Init { interactive }) => init::run(interactive, console),
        Some(Command::Completions { dialect }) => paper::completions(dialect, console),
        Some(Command::Man) => paper::man(console),
    }
}
