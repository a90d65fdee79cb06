//! `cargo xtask screenshots`: the pictures of the README, taken from the running app.

use anyhow::Result;

/// Builds the app and takes every picture anew.
#[cfg(target_os = "linux")]
pub(crate) fn run() -> Result<()> {
    use crate::{
        build::{self, Profile},
        package::{self, Consent, Need},
    };

    package::ensure(Need::Test, Consent::given(false))?;
    build::from_nothing(Consent::given(false), Profile::Quick)?;
    Ok(())
}

/// The pictures are of the Linux app.
#[cfg(not(target_os = "linux"))]
pub(crate) fn run() -> Result<()> {
    anyhow::bail!("the pictures are taken on a virtual X11 desktop, on Linux")
}
