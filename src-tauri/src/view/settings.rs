//! What the settings window shows: settings, status, history.

use serde::{Deserialize, Deserializer, Serialize};
use specta::Type;

use crate::view::{DeliveryChannel, Language, NoticeView, Risk, Theme};

/// A shell Caro writes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    /// GNU Bash.
    Bash,
    /// Z shell.
    Zsh,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
    /// The Windows command prompt.
    Cmd,
}

/// The settings, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch on the page, not a state")]
pub struct SettingsView {
    /// Like `Ctrl+Alt+Space`.
    pub hotkey: String,
    /// Opens the popup with the text of the clipboard; `null` is no key.
    pub hotkey_clipboard: Option<String>,
    /// Does again what was done last; `null` is no key.
    pub hotkey_repeat: Option<String>,
    /// The hotkeys are left to other programs.
    pub hotkey_paused: bool,
    /// Applications the hotkeys are left to, by their window class.
    pub hotkey_ignored: Vec<String>,
    /// The hotkeys work over a window that fills the screen as well.
    pub hotkey_full_screen: bool,
    /// Colors.
    pub theme: Theme,
    /// Of the windows; `null` is the system's.
    pub language: Option<Language>,
    /// The popup hides when it loses the focus.
    pub hide_on_blur: bool,
    /// Shell to write for; `null` is the user's own.
    pub shell: Option<Shell>,
    /// Numbers are kept on this machine.
    pub telemetry: bool,
    /// Accepted commands are kept on this machine.
    pub history: bool,
    /// How many of them, favourites aside.
    pub history_entries: u32,
    /// For how many days; `null` is for ever.
    pub history_days: Option<u32>,
    /// Nothing is kept for the time being.
    pub private: bool,
    /// The language model in use; `null` is none.
    pub model: Option<String>,
    /// Minutes after which it gives its memory back.
    pub model_idle_minutes: u32,
    /// Percent of confidence below which its answers are not shown.
    pub model_confidence: u8,
    /// Which model is asked first.
    pub model_first: ModelFirst,
    /// The server with a model; `null` is none, and nothing is sent.
    pub remote_url: Option<String>,
    /// The model, as that server calls it.
    pub remote_model: Option<String>,
}

/// Which language model is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ModelFirst {
    /// The one on this machine.
    Embedded,
    /// The one on a server.
    Remote,
}

/// Settings to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingsPatch {
    /// Like `Ctrl+Alt+Space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey: Option<String>,
    /// Opens the popup with the text of the clipboard; `null` is no key.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<String>)]
    pub hotkey_clipboard: Option<Option<String>>,
    /// Does again what was done last; `null` is no key.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<String>)]
    pub hotkey_repeat: Option<Option<String>>,
    /// The hotkeys are left to other programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey_paused: Option<bool>,
    /// Applications the hotkeys are left to, by their window class.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey_ignored: Option<Vec<String>>,
    /// The hotkeys work over a window that fills the screen as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey_full_screen: Option<bool>,
    /// Colors.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub theme: Option<Theme>,
    /// Of the windows; `null` is the system's, which is not the same as leaving it out.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<Language>)]
    pub language: Option<Option<Language>>,
    /// The popup hides when it loses the focus.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hide_on_blur: Option<bool>,
    /// Shell to write for; `null` is the user's own, which is not the same as leaving it out.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<Shell>)]
    pub shell: Option<Option<Shell>>,
    /// Numbers are kept on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub telemetry: Option<bool>,
    /// Accepted commands are kept on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub history: Option<bool>,
    /// How many of them, favourites aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub history_entries: Option<u32>,
    /// For how many days; `null` is for ever.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<u32>)]
    pub history_days: Option<Option<u32>>,
    /// Nothing is kept for the time being.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub private: Option<bool>,
    /// The language model in use; `null` is none, which is not the same as leaving it out.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<String>)]
    pub model: Option<Option<String>>,
    /// Minutes after which it gives its memory back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub model_idle_minutes: Option<u32>,
    /// Percent of confidence below which its answers are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub model_confidence: Option<u8>,
    /// Which model is asked first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub model_first: Option<ModelFirst>,
    /// The server with a model; `null` is none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<String>)]
    pub remote_url: Option<Option<String>>,
    /// The model, as that server calls it; `null` is none.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[specta(optional, type = Option<String>)]
    pub remote_model: Option<Option<String>>,
}

/// `null` that was written down, told apart from a field that was not.
#[expect(clippy::option_option, reason = "the three cases are the point")]
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What kind of desktop this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Session {
    /// An X server.
    X11,
    /// A Wayland compositor.
    Wayland,
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// No display.
    None,
}

/// Whether pressing the hotkey does anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum HotkeyState {
    /// It opens the popup.
    Live,
    /// Another program has it.
    Taken,
    /// The user left it to other programs.
    Paused,
    /// There is no key for this.
    Unset,
    /// This desktop gives no global hotkeys to programs.
    Unsupported,
}

/// The hotkey as it is right now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HotkeyView {
    /// Like `Ctrl+Alt+Space`; empty where there is none.
    pub binding: String,
    /// Whether pressing it does anything.
    pub state: HotkeyState,
    /// Others that are free, when it is taken.
    pub free: Vec<String>,
}

/// A terminal that a command can be put into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TerminalView {
    /// What people call it.
    pub name: String,
    /// The way it takes first.
    pub channel: DeliveryChannel,
}

/// The state of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// Of the program.
    pub version: String,
    /// Name of the operating system.
    pub os: String,
    /// Of the windows, found out where none is chosen.
    pub language: Language,
    /// What kind of desktop this is.
    pub session: Session,
    /// The hotkey as it is right now.
    pub hotkey: HotkeyView,
    /// The one that takes the clipboard's text as the question.
    pub hotkey_clipboard: HotkeyView,
    /// The one that does the last again.
    pub hotkey_repeat: HotkeyView,
    /// Caro starts when the user logs in; `null` where that cannot be arranged.
    pub starts_at_login: Option<bool>,
    /// A tray icon can be seen.
    pub tray_available: bool,
    /// What the user should know.
    pub notices: Vec<NoticeView>,
    /// The terminals of this system that a command can be put into.
    pub terminals: Vec<TerminalView>,
    /// Where history and numbers are kept.
    pub data_folder: String,
    /// Where settings are kept.
    pub config_folder: String,
}

/// One entry of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// Its number.
    pub id: i64,
    /// What was asked.
    pub query: String,
    /// What was accepted.
    pub command: String,
    /// Its risk.
    pub risk: Risk,
    /// What became of it.
    pub outcome: String,
    /// When it was last, seconds since 1970.
    pub unix_s: i64,
    /// A favourite.
    pub pinned: bool,
    /// What the user calls it.
    pub name: Option<String>,
    /// A secret was taken out of the command.
    pub incomplete: bool,
}
