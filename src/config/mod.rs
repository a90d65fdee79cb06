//! Settings: what they are, their defaults, and the user's differences on disk.
//!
//! Invariant: `defaults.toml` is the one place a default is written, and a file that cannot be used never costs the user
//! anything: it is kept under another name, and the defaults are in force.

mod document;
mod store;

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Os;
use crate::shell::Shell;

pub use store::SettingsStore;

const DEFAULTS: &str = include_str!("defaults.toml");

/// Everything a user can choose. The field names are the file's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the settings window")]
pub struct Settings {
    /// Opens and closes the popup, written like `Ctrl+Alt+Space`.
    pub hotkey: String,
    /// Opens the popup with the text of the clipboard; `None` is no key.
    pub hotkey_clipboard: Option<String>,
    /// Does again what was done last; `None` is no key.
    pub hotkey_repeat: Option<String>,
    /// Leaves the hotkeys alone without forgetting them.
    pub hotkey_paused: bool,
    /// Applications the hotkeys are left to, by their window class.
    pub hotkey_ignored: Vec<String>,
    /// Takes the hotkeys over a window that fills the screen as well.
    pub hotkey_full_screen: bool,
    /// Colours of the popup and the settings window.
    pub theme: Theme,
    /// The language of the windows and the tray menu; `None` is the system's.
    pub language: Option<Language>,
    /// Closes the popup when it loses the focus.
    pub hide_on_blur: bool,
    /// Where the popup opens from left to right, in percent of the room there is.
    pub popup_across: Percent,
    /// Where it opens from top to bottom.
    pub popup_down: Percent,
    /// Minutes the last question comes back with the popup.
    pub keep_question_minutes: u32,
    /// The shell commands are written for; `None` is found out.
    pub shell: Option<Shell>,
    /// Keeps durations and counts on this machine.
    pub telemetry: bool,
    /// Keeps what was asked and accepted on this machine, and offers it again.
    pub history: bool,
    /// How much of it, favourites aside.
    pub history_entries: NonZeroU32,
    /// For how many days; `None` is for ever.
    pub history_days: Option<NonZeroU32>,
    /// Keeps nothing for the time being, whatever else is set.
    pub private: bool,
    /// The language model for what the rules do not know, by its name; `None` uses none.
    pub model: Option<String>,
    /// A smaller model that guesses ahead for it.
    pub model_draft: Option<String>,
    /// Threads it computes with; `None` is as many as cores.
    pub model_threads: Option<NonZeroUsize>,
    /// The server with a language model, up to the version of its protocol.
    pub remote_url: Option<String>,
    /// The model, as that server calls it.
    pub remote_model: Option<String>,
    /// Which of the two is asked first.
    pub model_first: ModelFirst,
    /// Percent of confidence below which its answers are none.
    pub model_confidence: Percent,
    /// Minutes after which it gives its memory back when it was not used.
    pub model_idle_minutes: u32,
}

/// Which language model is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelFirst {
    /// The one on this machine.
    Embedded,
    /// The one on a server.
    Remote,
}

/// A share of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct Percent(u8);

impl Percent {
    /// From 0 to 100.
    pub fn number(self) -> u8 {
        self.0
    }

    /// As a share of one.
    pub fn share(self) -> f32 {
        f32::from(self.0) / 100.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = &'static str;

    fn try_from(percent: u8) -> Result<Self, &'static str> {
        if percent <= 100 { Ok(Self(percent)) } else { Err("a number from 0 to 100 is needed") }
    }
}

/// Colours of the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Whatever the desktop prefers.
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
    /// The strongest contrast.
    Contrast,
}

/// A language the windows are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Chinese, simplified.
    Zh,
    /// Japanese.
    Ja,
}

/// Why settings could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such setting.
    #[error("there is no setting called {name:?}")]
    UnknownSetting {
        /// As it was written.
        name: String,
    },
    /// The setting cannot have this value.
    #[error("{name} cannot be {value}: {reason}")]
    InvalidSetting {
        /// The setting.
        name: String,
        /// What was asked for, as JSON.
        value: String,
        /// What it can be.
        reason: String,
    },
    /// The file is there and cannot be read.
    #[error("cannot read the settings {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// The file cannot be written; the old one is untouched.
    #[error("cannot save the settings {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

impl Settings {
    /// The settings of a user who changed nothing.
    ///
    /// # Panics
    /// Never: a test reads the embedded defaults of every system.
    pub fn defaults(os: Os) -> Self {
        let mut table: Map<String, Value> =
            toml_edit::de::from_str(DEFAULTS).expect("a test reads the embedded defaults");
        table.remove(document::VERSION_KEY);
        if let Some(Value::Object(mut systems)) = table.remove("on")
            && let Value::String(name) = json(&os)
            && let Some(Value::Object(habits)) = systems.remove(&name)
        {
            table.extend(habits);
        }
        serde_json::from_value(Value::Object(table)).expect("a test reads the embedded defaults")
    }

    /// The same settings with one of them changed; `null` is the default of a setting that can be unset.
    ///
    /// # Errors
    /// When there is no such setting or it cannot have this value.
    pub fn with(&self, name: &str, value: &Value) -> Result<Self, Error> {
        let Value::Object(mut table) = json(self) else { unreachable!("a struct is an object") };
        match table.get_mut(name) {
            None => return Err(Error::UnknownSetting { name: name.to_owned() }),
            Some(current) => *current = value.clone(),
        }
        serde_json::from_value(Value::Object(table)).map_err(|error| Error::InvalidSetting {
            name: name.to_owned(),
            value: value.to_string(),
            reason: error.to_string(),
        })
    }
}

/// What `defaults.toml` says about a setting, in the order of that file: its name and the comment above it.
pub fn comments() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    // What stands below the first table is a system's habit, not a setting.
    for line in DEFAULTS.lines().take_while(|line| !line.starts_with('[')) {
        let words = line.trim_start_matches('#').trim();
        let key = words.split_once(" = ").map(|(key, _)| key).filter(|key| !key.contains(' '));
        match key {
            Some(name) if name != document::VERSION_KEY => found.push((name, std::mem::take(&mut comment).join(" "))),
            Some(_) => comment.clear(),
            None if words.is_empty() => comment.clear(),
            None => comment.push(words),
        }
    }
    found
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("plain data with text keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_defaults_are_whole_on_every_system() {
        for os in [Os::Linux, Os::MacOs, Os::Windows] {
            let Settings { hotkey, telemetry, history, hide_on_blur, .. } = Settings::defaults(os);
            assert_eq!(hotkey, if os == Os::MacOs { "Cmd+Shift+Space" } else { "Ctrl+Alt+Space" });
            assert!(telemetry && history && hide_on_blur);
        }
    }

    #[test]
    fn every_setting_is_explained() {
        let Value::Object(settings) = json(&Settings::defaults(Os::Linux)) else { unreachable!() };
        let comments = comments();
        assert_eq!(comments.len(), settings.len());
        for (name, comment) in comments {
            assert!(settings.contains_key(name), "{name}");
            assert!(comment.ends_with('.') && !comment.contains('#'), "{name}: {comment}");
        }
    }

    #[test]
    fn the_embedded_defaults_name_every_setting() {
        let Value::Object(settings) = json(&Settings::defaults(Os::Linux)) else { unreachable!() };
        for name in settings.keys() {
            assert!(DEFAULTS.contains(&format!("{name} = ")), "{name} is not in defaults.toml");
        }
    }
}
