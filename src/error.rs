//! Everything that can go wrong, in one closed list of codes.
//!
//! Invariant: a code's name never changes once it shipped; scripts and the UI act on it. What is not here: no match,
//! declined and blocked are answers, not errors.

use serde::Serialize;

use crate::cheatsheet;
use crate::config;
use crate::history;
use crate::resident;
use crate::telemetry;

/// A failure of one of Caro's own files or of the talk between its two programs.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings file.
    #[error(transparent)]
    Settings(#[from] config::Error),
    /// The telemetry database.
    #[error(transparent)]
    Telemetry(#[from] telemetry::Error),
    /// The history database.
    #[error(transparent)]
    History(#[from] history::Error),
    /// The local socket.
    #[error(transparent)]
    Resident(#[from] resident::Error),
    /// A cheat sheet.
    #[error(transparent)]
    Cheatsheet(#[from] cheatsheet::Error),
    /// No home folder, so no place for files.
    #[error("cannot find the home folder of this user")]
    NoHome,
}

impl Error {
    /// What kind of failure this is.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Settings(config::Error::UnknownSetting { .. }) => ErrorCode::UnknownSetting,
            Self::Settings(config::Error::InvalidSetting { .. }) => ErrorCode::InvalidSetting,
            Self::Settings(config::Error::Unreadable { .. }) => ErrorCode::SettingsUnreadable,
            Self::Settings(config::Error::Unwritable { .. }) => ErrorCode::SettingsUnwritable,
            Self::Telemetry(_) => ErrorCode::TelemetryUnavailable,
            Self::History(_) => ErrorCode::HistoryUnavailable,
            Self::Resident(resident::Error::NotRunning) => ErrorCode::AppNotRunning,
            Self::Resident(resident::Error::AlreadyRunning) => ErrorCode::AppAlreadyRunning,
            Self::Resident(resident::Error::Unresponsive) => ErrorCode::AppUnresponsive,
            Self::Resident(resident::Error::Garbled { .. }) => ErrorCode::AppGarbled,
            Self::Resident(resident::Error::Declined { .. }) => ErrorCode::AppDeclined,
            Self::Resident(resident::Error::Socket { .. }) => ErrorCode::SocketUnavailable,
            Self::Cheatsheet(cheatsheet::Error::Nothing { .. }) => ErrorCode::SheetEmpty,
            Self::Cheatsheet(cheatsheet::Error::File { .. }) => ErrorCode::SheetUnusable,
            Self::NoHome => ErrorCode::NoHomeFolder,
        }
    }

    /// What the user can do about it, when there is something.
    pub const fn hint(&self) -> Option<&'static str> {
        self.code().hint()
    }
}

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident => $name:literal, $hint:expr;)+) => {
        /// The closed list of failures. The name is what JSON, IPC and tests see.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name used everywhere outside Rust.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What helps in most cases, one sentence; lower case, no final stop.
            pub const fn hint(self) -> Option<&'static str> {
                match self { $(Self::$variant => $hint,)+ }
            }
        }
    };
}

error_codes! {
    /// There is no home folder to keep files in.
    NoHomeFolder => "no-home-folder", Some("set HOME to a folder you can write to");
    /// The settings file could not be read; the defaults are in force.
    SettingsUnreadable => "settings-unreadable", Some("look at the permissions of the settings file");
    /// The settings could not be saved.
    SettingsUnwritable => "settings-unwritable", Some("look at the permissions and the free space of the settings folder");
    /// The settings file was no TOML and is kept under another name.
    SettingsDamaged => "settings-damaged", Some("copy what you need back from the file that was kept");
    /// A newer Caro wrote the settings file; it is kept under another name.
    SettingsNewer => "settings-newer", Some("update Caro, then rename the file back");
    /// A setting that does not exist.
    UnknownSetting => "unknown-setting", None;
    /// A setting with a value it cannot have.
    InvalidSetting => "invalid-setting", None;
    /// The policy file cannot be read; the usual levels hold.
    PolicyUnreadable => "policy-unreadable", Some("look at the permissions of the policy file");
    /// The policy file is no TOML; the usual levels hold.
    PolicyDamaged => "policy-damaged", Some("mend the line; `caro policy check` says whether it is well");
    /// An entry of the policy that means nothing; the others hold.
    PolicyEntryIgnored => "policy-entry-ignored", Some("mend the entry; `caro policy check` says whether it is well");
    /// A file of the user's own intents could not be read.
    IntentsUnreadable => "intents-unreadable", Some("look at the permissions and the size of the file");
    /// A file of the user's own intents has a mistake.
    IntentsMistaken => "intents-mistaken", Some("correct that line; the intents of the other files are in force");
    /// There was no cheat sheet to import.
    SheetEmpty => "sheet-empty", Some("name a .cheat file of navi, a page of tldr, or a folder with some");
    /// A cheat sheet could not be read, or what was made of it not written.
    SheetUnusable => "sheet-unusable", Some("look at the path and its permissions");
    /// The telemetry database cannot be used; answers are not affected.
    TelemetryUnavailable => "telemetry-unavailable", Some("look at the permissions and the free space of the data folder");
    /// The telemetry database was unusable and is kept under another name.
    TelemetrySetAside => "telemetry-set-aside", Some("a new one was started; the old file can be deleted");
    /// The history database cannot be used; answers are not affected.
    HistoryUnavailable => "history-unavailable", Some("look at the permissions and the free space of the data folder");
    /// The history database was unusable and is kept under another name.
    HistorySetAside => "history-set-aside", Some("a new one was started; the old file can be deleted");
    /// A language model could not answer.
    ModelFailed => "model-failed", Some("`caro models verify` checks its file; `caro models list` shows the others");
    /// The desktop app is not running.
    AppNotRunning => "app-not-running", Some("start it with caro-desktop");
    /// The desktop app is running already.
    AppAlreadyRunning => "app-already-running", None;
    /// The desktop app did not answer in time.
    AppUnresponsive => "app-unresponsive", Some("quit it from its tray menu and start it again");
    /// The desktop app said something this version does not understand.
    AppGarbled => "app-garbled", Some("the app and the command line may be of different versions; restart the app");
    /// The desktop app understood and could not do it.
    AppDeclined => "app-declined", None;
    /// The local socket cannot be made.
    SocketUnavailable => "socket-unavailable", Some("look at the permissions of the runtime folder");
    /// Another program holds the hotkey.
    HotkeyTaken => "hotkey-taken", Some("choose another one in the settings");
    /// A hotkey no keyboard has.
    HotkeyInvalid => "hotkey-invalid", Some("write it like Ctrl+Alt+Space");
    /// This session has no global hotkeys.
    HotkeyUnsupported => "hotkey-unsupported", Some("bind a key to `caro toggle` in the settings of your desktop");
    /// Nothing shows tray icons here.
    TrayUnavailable => "tray-unavailable", Some("the hotkey and `caro toggle` work without it");
    /// A line that is no text.
    InvalidUtf8 => "invalid-utf8", None;
    /// A line that is no JSON object.
    InvalidJson => "invalid-json", None;
    /// A line without the field it is about.
    MissingField => "missing-field", None;
    /// A field with a value it cannot have.
    InvalidField => "invalid-field", None;
    /// A shell Caro does not write for.
    UnknownShell => "unknown-shell", None;
    /// A system Caro does not know.
    UnknownOs => "unknown-os", None;
    /// A line longer than Caro reads.
    LineTooLong => "line-too-long", None;
    /// Input or output failed.
    Io => "io", None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_name() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
