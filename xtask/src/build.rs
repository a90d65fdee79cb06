//! Builds what is run and tested: the web pages, the app that carries them, and the command line.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    node,
    package::{self, Consent, Need},
    program::{command, root, run, say},
};

/// How the programs are compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Optimized enough to be honest, without the minutes of link-time optimization.
    Quick,
    /// What ships.
    Release,
}

impl Profile {
    /// By the flag `--release`.
    pub(crate) fn shipping(release: bool) -> Self {
        if release { Self::Release } else { Self::Quick }
    }

    /// As cargo names the profile and its folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Release => "release",
        }
    }
}

/// Checks the machine, installs what is missing and builds everything.
pub(crate) fn from_nothing(consent: Consent, profile: Profile) -> Result<()> {
    node::check()?;
    package::ensure(Need::Build, consent)?;
    node::install()?;
    node::build()?;
    app(profile)?;
    say(&format!("Built {}", program("caro-desktop", profile).display()));
    Ok(())
}

/// Builds the app and the command line; the web pages must have been built.
pub(crate) fn app(profile: Profile) -> Result<()> {
    let profile = profile.name();
    // Apart, so that the app gets the engine without the command line's crates, as it does anywhere else.
    run(command("", &format!("cargo build --locked --profile {profile} -p caro-desktop --features custom-protocol")))?;
    run(command("", &format!("cargo build --locked --profile {profile} -p caro")))
}

/// Where a program was built.
pub(crate) fn program(name: &str, profile: Profile) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder));
    target.join(profile.name()).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
