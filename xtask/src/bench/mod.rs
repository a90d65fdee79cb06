//! `cargo xtask bench`: what the app costs, measured from outside.

mod desktop;
mod figures;
mod table;

use anyhow::Result;
use clap::Subcommand;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// The app in the tray: from key press to window to pixel, memory, wake-ups; beside rofi behind sxhkd, in turns
    Desktop {
        /// One JSON object on the standard output; everything else is said on the standard error
        #[arg(long)]
        json: bool,
        /// Rounds of opening, asking and closing over which memory may not grow, after the measured ones
        #[arg(long, default_value_t = 1_000)]
        rounds: u32,
        /// How often the app is started
        #[arg(long, default_value_t = 100)]
        starts: usize,
        /// How often the hotkey is pressed for the times, in turns with the peer
        #[arg(long, default_value_t = 100)]
        presses: usize,
        /// Measure what ships instead of what the desktop tests run
        #[arg(long)]
        release: bool,
        /// Measure a program built before, and build none
        #[arg(long)]
        program: Option<std::path::PathBuf>,
    },
}

/// Measures.
#[cfg(target_os = "linux")]
pub(crate) fn run(bench: Bench) -> Result<()> {
    let Bench::Desktop { json, rounds, starts, presses, release, program } = bench;
    desktop::run(&desktop::Wanted {
        form: if json { desktop::Form::Json } else { desktop::Form::Table },
        rounds,
        starts,
        presses,
        profile: crate::build::Profile::shipping(release),
        program,
    })
}

/// The display measured on is an X server's.
#[cfg(not(target_os = "linux"))]
pub(crate) fn run(_: Bench) -> Result<()> {
    anyhow::bail!("the app is measured on a virtual X11 desktop, on Linux")
}
