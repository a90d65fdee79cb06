//! The rows of `tests/data/check`: what each rule must find, and what it must leave alone.

use std::collections::BTreeMap;

use caro::context::{Context, Os, Repository};
use caro::safety::Risk;
use caro::shell::Shell;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rows {
    pub(crate) hits: Vec<Hit>,
    pub(crate) innocents: Vec<Innocent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hit {
    pub(crate) command: String,
    #[serde(default = "bash")]
    pub(crate) shell: Shell,
    pub(crate) risk: Risk,
    pub(crate) rules: Vec<String>,
    /// The safer command that must be offered.
    pub(crate) safer: Option<String>,
    /// Where it is typed.
    #[serde(default)]
    pub(crate) place: Surroundings,
    /// How often the last character is repeated, for lines too long for a row.
    #[serde(default)]
    pub(crate) padding: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Innocent {
    pub(crate) command: String,
    #[serde(default = "bash")]
    pub(crate) shell: Shell,
    pub(crate) risk: Risk,
    #[serde(default)]
    pub(crate) place: Surroundings,
}

/// What a row says about where its command is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Surroundings {
    pub(crate) root: bool,
    pub(crate) ssh: bool,
    pub(crate) cluster: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) cwd: Option<String>,
    pub(crate) repository: Option<String>,
}

impl Hit {
    /// The command at its full length.
    pub(crate) fn text(&self) -> String {
        let padding = self.command.chars().last().into_iter().cycle().take(self.padding);
        self.command.chars().chain(padding).collect()
    }
}

impl Surroundings {
    /// What a reader must know of the place.
    pub(crate) fn notes(&self) -> Vec<String> {
        let named = |what: &str, name: &Option<String>| name.as_ref().map(|name| format!("{what} {name}"));
        let root = self.root.then(|| "as root".to_owned());
        let remote = self.ssh.then(|| "through SSH".to_owned());
        let at_root = self.repository.is_some() && self.repository == self.cwd;
        let folder = if at_root { Some("in the root of a repository".to_owned()) } else { named("in", &self.cwd) };
        [root, remote, named("cluster", &self.cluster), named("branch", &self.branch), folder]
            .into_iter()
            .flatten()
            .collect()
    }

    /// A context like that; nothing else is known of it.
    pub(crate) fn context(&self, shell: Shell) -> Context {
        let os = if matches!(shell, Shell::PowerShell | Shell::Cmd) { Os::Windows } else { Os::Linux };
        let known = self.repository.is_some() || self.branch.is_some();
        let root = self.repository.as_ref().map(Into::into).unwrap_or_default();
        let repository = known.then(|| Repository { root, branch: self.branch.clone() });
        Context {
            elevated: self.root,
            remote: self.ssh,
            cluster: self.cluster.clone(),
            cwd: self.cwd.as_ref().map(Into::into),
            home: self.cwd.as_ref().map(|_| "/home/ann".into()),
            repository,
            ..Context::new(shell, os)
        }
    }
}

const fn bash() -> Shell {
    Shell::Bash
}

/// Every row, by rule.
pub(crate) fn all_rows() -> BTreeMap<String, Rows> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/check");
    let mut rows = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the rows are part of the repository") {
        let path = entry.expect("a folder that can be listed").path();
        let text = std::fs::read_to_string(&path).expect("rows are text");
        let read: BTreeMap<String, Rows> =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        rows.extend(read);
    }
    rows
}
