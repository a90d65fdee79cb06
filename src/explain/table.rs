//! The tables of `explain/*.toml`, read on first use.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

const SOURCES: &[&str] = &[
    include_str!("../../explain/files.toml"),
    include_str!("../../explain/text.toml"),
    include_str!("../../explain/system.toml"),
    include_str!("../../explain/network.toml"),
    include_str!("../../explain/develop.toml"),
    include_str!("../../explain/windows.toml"),
];

/// What is known of a program, or of one of its subcommands (`git commit`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tool {
    pub(super) does: String,
    /// What its first operand is, when it differs from the others.
    #[serde(default)]
    pub(super) first: String,
    /// What its operands are.
    #[serde(default)]
    pub(super) rest: String,
    /// Whether flags may come as a first word without a dash: `tar xzf`, `ps aux`.
    #[serde(default)]
    pub(super) bundled: bool,
    /// `"-x --extract"` to what it does; a trailing `=` says it takes a value, which stands for `{}`.
    #[serde(default)]
    flags: HashMap<String, String>,
    /// Words with a meaning of their own.
    #[serde(default)]
    words: HashMap<String, String>,
    #[serde(skip)]
    by_name: HashMap<String, Flag>,
}

/// One option.
#[derive(Debug, Clone)]
pub(super) struct Flag {
    pub(super) does: String,
    pub(super) takes_value: bool,
}

impl Flag {
    pub(super) fn meaning(&self, value: &str) -> String {
        self.does.replace("{}", value)
    }
}

impl Tool {
    pub(super) fn flag(&self, name: &str) -> Option<&Flag> {
        self.by_name.get(name).or_else(|| {
            self.by_name.get(&name.to_ascii_lowercase()).filter(|_| name.len() > 2 && !name.starts_with("--"))
        })
    }

    pub(super) fn word(&self, word: &str) -> Option<&str> {
        self.words.get(word).map(String::as_str)
    }
}

/// Looks a program up.
pub(super) fn tool(name: &str) -> Option<&'static Tool> {
    static TOOLS: OnceLock<HashMap<String, Tool>> = OnceLock::new();
    let tools = TOOLS.get_or_init(|| SOURCES.iter().flat_map(|source| read(source)).collect());
    tools.get(name).or_else(|| tools.get(&name.to_ascii_lowercase()))
}

fn read(source: &str) -> HashMap<String, Tool> {
    let mut tools: HashMap<String, Tool> =
        toml_edit::de::from_str(source).expect("the tables are part of the program and a test reads them all");
    for tool in tools.values_mut() {
        for (names, does) in std::mem::take(&mut tool.flags) {
            let takes_value = names.ends_with('=');
            for name in names.trim_end_matches('=').split_whitespace() {
                tool.by_name.insert(name.to_owned(), Flag { does: does.clone(), takes_value });
            }
        }
    }
    tools
}
