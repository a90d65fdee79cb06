//! Node and the web pages it builds.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::program::{command, output, root, run};

/// What Vite asks for: 20.19 and later of 20, 22.12 and later of 22, everything later.
fn is_new_enough(major: u32, minor: u32) -> bool {
    match major {
        20 => minor >= 19,
        22 => minor >= 12,
        _ => major > 22,
    }
}

/// Fails with a hint when Node is missing or too old.
pub(crate) fn check() -> Result<()> {
    const HINT: &str = "install Node 20.19 or newer, with npm: https://nodejs.org/en/download, or your version manager (`nvm install 22`)";
    let Some(version) = output(command("", "node --version")) else { bail!("Node is not installed; {HINT}") };
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        bail!("`node --version` says {version:?}; {HINT}")
    };
    if !is_new_enough(major, minor) {
        bail!("Node is {version}; {HINT}");
    }
    output(command("", "npm --version")).with_context(|| format!("npm is not installed; {HINT}")).map(drop)
}

/// Installs the npm packages of the lock file, unless they are the ones installed last time.
pub(crate) fn install() -> Result<()> {
    let lock = fs::read(root().join("ui/package-lock.json")).context("cannot read ui/package-lock.json")?;
    // npm empties the folder first, so the copy is there only after an installation that came to its end.
    let installed = root().join("ui/node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    run(command("ui", "npm ci --no-audit --no-fund"))?;
    fs::write(&installed, lock).with_context(|| format!("cannot write {}", installed.display()))
}

/// Builds the web pages into `ui/dist`, which the app carries.
pub(crate) fn build() -> Result<()> {
    run(command("ui", "npm run --silent build"))
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn node_versions() {
        for (major, minor, expected) in [
            (18, 20, false),
            (20, 18, false),
            (20, 19, true),
            (21, 7, false),
            (22, 11, false),
            (22, 12, true),
            (24, 0, true),
        ] {
            assert_eq!(is_new_enough(major, minor), expected, "{major}.{minor}");
        }
    }
}
