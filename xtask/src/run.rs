//! `cargo xtask run`: from a fresh machine to Caro in the tray.

use std::env;

use anyhow::Result;

use crate::{
    build::{self, Profile},
    demo,
    package::{self, Consent, Need},
    program::{run as run_program, say},
};

/// Builds Caro and starts it; without a display, shows it on a virtual one.
pub(crate) fn run(consent: Consent, profile: Profile) -> Result<()> {
    build::from_nothing(consent, profile)?;
    if !has_display() {
        say("\nThere is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so Caro is shown on a virtual one.");
        package::ensure(Need::Test, consent)?;
        return demo::show(profile);
    }
    say("\nCaro is in the tray. Press Ctrl+Alt+Space (Cmd+Shift+Space on macOS) and type what you want to do.");
    say("It runs until Quit in its tray menu, or Ctrl+C here.\n");
    run_program(std::process::Command::new(build::program("caro-desktop", profile)))
}

fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
