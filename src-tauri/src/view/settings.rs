//! What the settings window shows: settings, status, performance, history.

use serde::{Deserialize, Deserializer, Serialize};
use specta::Type;

use crate::view::{Language, NoticeView, Risk, Theme, Tier};

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
    /// The hotkey is left to other programs.
    pub hotkey_paused: bool,
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
}

/// Settings to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingsPatch {
    /// Like `Ctrl+Alt+Space`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey: Option<String>,
    /// The hotkey is left to other programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[specta(optional)]
    pub hotkey_paused: Option<bool>,
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
    /// This desktop gives no global hotkeys to programs.
    Unsupported,
}

/// The hotkey as it is right now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HotkeyView {
    /// Like `Ctrl+Alt+Space`.
    pub binding: String,
    /// Whether pressing it does anything.
    pub state: HotkeyState,
    /// Others that are free, when it is taken.
    pub free: Vec<String>,
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
    /// A tray icon can be seen.
    pub tray_available: bool,
    /// What the user should know.
    pub notices: Vec<NoticeView>,
    /// Where history and numbers are kept.
    pub data_folder: String,
    /// Where settings are kept.
    pub config_folder: String,
}

/// Latency of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TierView {
    /// Which one.
    pub tier: Tier,
    /// Answers counted.
    pub count: u64,
    /// Median.
    pub p50_us: u64,
    /// Nine of ten are faster.
    pub p90_us: u64,
    /// All but one of a hundred are faster.
    pub p99_us: u64,
    /// What `p99_us` should stay under.
    pub target_p99_us: u64,
}

/// Latency of the popup, hotkey to window on the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LatencyView {
    /// Openings counted.
    pub count: u64,
    /// Median.
    pub p50_us: u64,
    /// Nine of ten are faster.
    pub p90_us: u64,
    /// All but one of a hundred are faster.
    pub p99_us: u64,
    /// What `p99_us` should stay under.
    pub target_p99_us: u64,
}

/// Answers in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BucketView {
    /// Seconds since 1970.
    pub start_unix_s: u64,
    /// Questions with a command.
    pub answered: u64,
    /// Questions without.
    pub abstained: u64,
}

/// What the program used at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Seconds since 1970.
    pub unix_s: u64,
    /// Memory of all its processes.
    pub resident_bytes: u64,
    /// Of one core.
    // As with a suggestion's confidence: never NaN.
    #[specta(type = u32)]
    pub cpu_percent: f32,
}

/// The performance page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceView {
    /// How far back it looks.
    pub hours: u32,
    /// One row a tier that answered.
    pub tiers: Vec<TierView>,
    /// Absent until the hotkey was pressed.
    pub popup: Option<LatencyView>,
    /// Oldest first.
    pub timeline: Vec<BucketView>,
    /// Oldest first.
    pub resources: Vec<SampleView>,
    /// What `resident_bytes` should stay under.
    pub resident_target_bytes: u64,
    /// Events that were lost because the writer was behind.
    pub dropped: u64,
    /// Size of the database.
    pub database_bytes: u64,
    /// Numbers are being kept.
    pub enabled: bool,
}

/// One accepted command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// What was asked.
    pub query: String,
    /// What was accepted.
    pub command: String,
    /// Its risk.
    pub risk: Risk,
    /// What became of it.
    pub outcome: String,
    /// Seconds since 1970.
    pub unix_s: i64,
}
