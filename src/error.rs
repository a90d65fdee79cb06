//! Everything that can go wrong, in one closed list of codes.
//!
//! Invariant: a code's name never changes once it shipped; scripts and the UI act on it. What is not here: no match,
//! declined and blocked are answers, not errors.

use serde::Serialize;

use crate::cheatsheet;
use crate::config;
use crate::history;
use crate::llm;
use crate::net::Fault;
use crate::remote;
use crate::resident;
use crate::telemetry;
use crate::weights;

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
    /// A model file.
    #[error(transparent)]
    Weights(#[from] weights::Error),
    /// A model on another machine.
    #[error(transparent)]
    Remote(#[from] remote::Error),
    /// A language model.
    #[error(transparent)]
    Model(#[from] llm::Error),
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
            Self::History(history::Error::Unknown { .. }) => ErrorCode::HistoryMissing,
            Self::History(_) => ErrorCode::HistoryUnavailable,
            Self::Resident(resident::Error::NotRunning) => ErrorCode::AppNotRunning,
            Self::Resident(resident::Error::AlreadyRunning) => ErrorCode::AppAlreadyRunning,
            Self::Resident(resident::Error::Unresponsive) => ErrorCode::AppUnresponsive,
            Self::Resident(resident::Error::Garbled { .. }) => ErrorCode::AppGarbled,
            Self::Resident(resident::Error::Declined { .. }) => ErrorCode::AppDeclined,
            Self::Resident(resident::Error::Socket { .. }) => ErrorCode::SocketUnavailable,
            Self::Cheatsheet(cheatsheet::Error::Nothing { .. }) => ErrorCode::SheetEmpty,
            Self::Cheatsheet(cheatsheet::Error::File { .. }) => ErrorCode::SheetUnusable,
            Self::Weights(error) => of_weights(error),
            Self::Remote(remote::Error::Net(fault)) => of_net(fault),
            Self::Remote(remote::Error::Refused { .. }) => ErrorCode::ServerRefused,
            Self::Remote(remote::Error::Endless { .. }) => ErrorCode::ServerEndless,
            Self::Model(llm::Error::Cancelled) => ErrorCode::Cancelled,
            Self::Model(_) => ErrorCode::ModelFailed,
            Self::NoHome => ErrorCode::NoHomeFolder,
        }
    }

    /// What the user can do about it, when there is something.
    pub const fn hint(&self) -> Option<&'static str> {
        self.code().hint()
    }
}

const fn of_weights(error: &weights::Error) -> ErrorCode {
    match error {
        weights::Error::Unknown { .. } => ErrorCode::ModelUnknown,
        weights::Error::Missing { .. } => ErrorCode::ModelMissing,
        weights::Error::Hub(Fault::Denied { .. }) => ErrorCode::HubDenied,
        weights::Error::Hub(fault) => of_net(fault),
        weights::Error::Substituted { .. } => ErrorCode::ModelSubstituted,
        weights::Error::Damaged { .. } => ErrorCode::ModelDamaged,
        weights::Error::Spoiled { .. } => ErrorCode::ModelSpoiled,
        weights::Error::DiskFull { .. } => ErrorCode::DiskFull,
        weights::Error::Taken { .. } => ErrorCode::ModelTaken,
        weights::Error::Unsupported { .. } => ErrorCode::ModelUnsupported,
        weights::Error::Unusable { .. } => ErrorCode::ModelUnusable,
        weights::Error::File { .. } => ErrorCode::ModelFiles,
    }
}

const fn of_net(fault: &Fault) -> ErrorCode {
    match fault {
        Fault::Offline { .. } => ErrorCode::ServerUnreachable,
        Fault::Untrusted { .. } => ErrorCode::ServerUntrusted,
        Fault::Silent { .. } => ErrorCode::ServerSilent,
        Fault::Denied { .. } => ErrorCode::ServerDenied,
        Fault::Absent { .. } => ErrorCode::ServerLacks,
        Fault::Busy { .. } => ErrorCode::ServerBusy,
        Fault::Failed { .. } => ErrorCode::ServerFailed,
        Fault::Garbled { .. } => ErrorCode::ServerGarbled,
        Fault::Cut { .. } => ErrorCode::ServerCut,
        Fault::Cancelled => ErrorCode::Cancelled,
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
    UnknownSetting => "unknown-setting", Some("`caro config list` shows every setting");
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
    /// An entry of the history that is not there.
    HistoryMissing => "history-missing", Some("`caro history` shows the numbers of all entries");
    /// A language model could not answer.
    ModelFailed => "model-failed", Some("`caro models verify` checks its file; `caro models list` shows the others");
    /// A model nobody knows.
    ModelUnknown => "model-unknown", Some("`caro models list` shows the names; `caro models add PATH` adds a file of your own");
    /// A model that is not on this machine.
    ModelMissing => "model-missing", Some("get it with `caro models pull NAME`");
    /// The hub offers another file than the catalog knows.
    ModelSubstituted => "model-substituted", Some("nothing was downloaded; a newer Caro may know the new file");
    /// A model file is not what it was.
    ModelDamaged => "model-damaged", Some("`caro models remove NAME`, then get or add it again");
    /// What was downloaded is not what the hub announced.
    ModelSpoiled => "model-spoiled", Some("pull it again; when it happens twice, look at HF_ENDPOINT and the proxy");
    /// No room on the disk.
    DiskFull => "disk-full", Some("make room and pull again; what has come is kept");
    /// Another process pulls the same model.
    ModelTaken => "model-taken", Some("wait for it; when it was stopped, a new pull goes on where it ended");
    /// A model of an architecture that cannot be run.
    ModelUnsupported => "model-unsupported", Some("models of the architectures llama, qwen2 and qwen3 can be run");
    /// A file that is no model.
    ModelUnusable => "model-unusable", Some("a model is one whole file in the GGUF format");
    /// A model's file cannot be read or written.
    ModelFiles => "model-files", Some("look at the path, its permissions and the free space");
    /// The hub wants to know who asks.
    HubDenied => "hub-denied", Some("accept the terms on the model's page, and set HF_TOKEN to a token that may read it");
    /// A server could not be reached.
    ServerUnreachable => "server-unreachable", Some("look at the connection, and at HTTPS_PROXY when there is a proxy");
    /// A server's certificate is vouched for by nobody this system trusts.
    ServerUntrusted => "server-untrusted", Some("where a company has an authority of its own, add it to this system's certificates");
    /// A server said nothing any more.
    ServerSilent => "server-silent", Some("try again; a download goes on where it ended");
    /// A server wants a key, or another one.
    ServerDenied => "server-denied", Some("look at the key for this server; a key is sent over https only, or to this machine");
    /// A server does not have what was asked for.
    ServerLacks => "server-lacks", Some("look at the address and the name");
    /// A server has had too many requests.
    ServerBusy => "server-busy", Some("try again later");
    /// A server failed.
    ServerFailed => "server-failed", Some("try again later; a download goes on where it ended");
    /// A server said what makes no sense.
    ServerGarbled => "server-garbled", Some("look at the address, and at what stands between you and the server");
    /// A server understood and would not.
    ServerRefused => "server-refused", Some("look at the name of the model and at the account with that server");
    /// A server does not stop answering.
    ServerEndless => "server-endless", Some("look at the address: a server of chat completions ends its answers");
    /// A connection ended too early.
    ServerCut => "server-cut", Some("try again; a download goes on where it ended");
    /// Somebody asked to stop.
    Cancelled => "cancelled", None;
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
    /// What starts at login cannot be changed.
    AutostartUnavailable => "autostart-unavailable", Some("add caro-desktop to what starts at login in the settings of your desktop");
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
