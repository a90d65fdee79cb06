//! The history as the windows and the tray act on it, and what private mode means.
//!
//! Invariant: each change is seen at once by whoever shows the history: the tray's menu, the settings window, the engine.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::SystemTime;

use caro::config::Settings;
use caro::history::History;
use caro::setup;
use caro::storage::{private_folder, replace};
use caro::{Error, ErrorCode};
use serde_json::json;
use tauri::Manager as _;

use crate::control::{Control, failure};
use crate::sampler::Rate;
use crate::view::{ErrorView, HistoryView};
use crate::{present, report, tray};

/// Whether numbers are kept.
pub const fn measures(settings: &Settings) -> bool {
    settings.telemetry && !settings.private
}

impl Control {
    /// The entries with words that begin like those of `text`, the favourites first, then the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, text: &str, limit: u32) -> Result<Vec<HistoryView>, ErrorView> {
        let Some(history) = &self.history else { return Ok(Vec::new()) };
        let entries = history.find(text, limit).map_err(|error| failure(&error))?;
        Ok(entries.into_iter().filter_map(report::entry).collect())
    }

    /// Makes an entry a favourite, or one like any other.
    ///
    /// # Errors
    /// When there is no such entry or the database cannot be written.
    pub fn pin(&self, id: i64, pinned: bool) -> Result<(), ErrorView> {
        self.change_history(|history| if pinned { history.pin(id) } else { history.unpin(id) })
    }

    /// Calls an entry something.
    ///
    /// # Errors
    /// As for [`Control::pin`].
    pub fn rename(&self, id: i64, name: &str) -> Result<(), ErrorView> {
        self.change_history(|history| history.rename(id, name))
    }

    /// Deletes an entry.
    ///
    /// # Errors
    /// As for [`Control::pin`].
    pub fn delete_entry(&self, id: i64) -> Result<(), ErrorView> {
        self.change_history(|history| history.delete(id))
    }

    /// Deletes every entry.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_history(&self) -> Result<(), ErrorView> {
        self.change_history(History::delete_all)
    }

    /// Writes every entry as a JSON line into the user's folder of downloads, else into Caro's own; the file.
    ///
    /// # Errors
    /// When the database cannot be read or the file not be written.
    pub fn export_history(&self) -> Result<PathBuf, ErrorView> {
        let mut lines = String::new();
        for entry in self.history("", u32::MAX)? {
            let _ = writeln!(lines, "{}", json!(entry));
        }
        let folder = self.app.path().download_dir().unwrap_or_else(|_| self.paths.data.clone());
        let file = folder.join(format!("caro-history-{}.jsonl", present::unix_seconds(SystemTime::now())));
        let written = private_folder_of(&folder).and_then(|()| replace(&file, lines.as_bytes()));
        written.map_err(|error| ErrorView {
            code: ErrorCode::Io.name().to_owned(),
            message: format!("cannot write {}: {error}", file.display()),
            hint: None,
        })?;
        Ok(file)
    }

    /// What is remembered and how much of it is kept follows the settings.
    pub fn follow_history(&self, settings: &Settings) {
        self.engine.set_memory(setup::memory(settings, &self.paths));
        let (Some(history), Some(retention)) = (&self.history, setup::retention(settings)) else { return };
        // What could not be let go of goes with the next entry.
        if history.prune(retention, present::unix_seconds(SystemTime::now())).is_ok() {
            tray::show_recent(&self.app, history);
        }
    }

    /// Numbers are kept, or not.
    pub fn follow_privacy(&self, settings: &Settings) {
        self.recorder.set_enabled(measures(settings));
        self.sampler.set(if measures(settings) { Rate::Steady } else { Rate::Never });
        self.follow_history(settings);
    }

    fn change_history(&self, change: impl Fn(&History) -> Result<(), Error>) -> Result<(), ErrorView> {
        let Some(history) = &self.history else { return Ok(()) };
        change(history).map_err(|error| failure(&error))?;
        tray::show_recent(&self.app, history);
        Ok(())
    }
}

/// A folder that is there already keeps its rights: others may have to enter it.
fn private_folder_of(folder: &std::path::Path) -> std::io::Result<()> {
    if folder.is_dir() { Ok(()) } else { private_folder(folder) }
}
