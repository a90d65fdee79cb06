//! `tools.toml`, read when the first program is missing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What is known of a program.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) package: Option<String>,
    /// The same program under other names.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// A command of it, and one that does the same by another program.
    #[serde(default)]
    pub(super) instead: Vec<[String; 2]>,
    apt: Option<String>,
    dnf: Option<String>,
    pacman: Option<String>,
    zypper: Option<String>,
    apk: Option<String>,
    brew: Option<String>,
    winget: Option<String>,
    choco: Option<String>,
    scoop: Option<String>,
}

static ROWS: LazyLock<BTreeMap<String, Row>> =
    LazyLock::new(|| toml::from_str(include_str!("tools.toml")).expect("a test reads it"));

/// The row of a program.
pub(super) fn row(program: &str) -> Option<&'static Row> {
    ROWS.get(program)
}

/// Every row with its program.
#[cfg(test)]
pub(super) fn rows() -> impl Iterator<Item = (&'static String, &'static Row)> {
    ROWS.iter()
}

impl Row {
    /// What a package manager calls the package of `program`; `None` when it has none that is known.
    pub(super) fn package<'a>(&'a self, manager: &str, program: &'a str) -> Option<&'a str> {
        let (named, usual) = match manager {
            "apt" => (&self.apt, true),
            "dnf" => (&self.dnf, true),
            "pacman" => (&self.pacman, true),
            "zypper" => (&self.zypper, true),
            "apk" => (&self.apk, true),
            "brew" => (&self.brew, true),
            "winget" => (&self.winget, false),
            "choco" => (&self.choco, false),
            "scoop" => (&self.scoop, false),
            _ => (&None, false),
        };
        let name = named.as_deref().or_else(|| usual.then(|| self.package.as_deref().unwrap_or(program)))?;
        (!name.is_empty()).then_some(name)
    }
}
