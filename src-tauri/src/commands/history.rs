//! What both pages may ask about the history. The popup may look and switch private mode; changing entries is for the settings.

#![expect(clippy::missing_errors_doc, reason = "an error is one of `caro::ErrorCode`, with what to do about it")]
#![expect(clippy::needless_pass_by_value, reason = "the shape of a Tauri command")]

use tauri::State;

use crate::control::Control;
use crate::view::{ErrorView, HistoryView, SettingsPatch};

/// The entries with words that begin like those of `text`, the favourites first, then the newest.
#[tauri::command(async)]
#[specta::specta]
pub fn find_history(control: State<'_, Control>, text: String, limit: u32) -> Result<Vec<HistoryView>, ErrorView> {
    control.history(&text, limit)
}

/// Switches private mode: while it is on, nothing is kept.
#[tauri::command(async)]
#[specta::specta]
pub fn set_private(control: State<'_, Control>, on: bool) -> Result<(), ErrorView> {
    control.update(SettingsPatch { private: Some(on), ..SettingsPatch::default() }).map(drop)
}

/// Makes an entry a favourite, or one like any other.
#[tauri::command(async)]
#[specta::specta]
pub fn pin_history(control: State<'_, Control>, id: i64, pinned: bool) -> Result<(), ErrorView> {
    control.pin(id, pinned)
}

/// Calls an entry something; an empty name takes the name from it.
#[tauri::command(async)]
#[specta::specta]
pub fn rename_history(control: State<'_, Control>, id: i64, name: String) -> Result<(), ErrorView> {
    control.rename(id, &name)
}

/// Deletes an entry. What it taught is forgotten at once.
#[tauri::command(async)]
#[specta::specta]
pub fn delete_history_entry(control: State<'_, Control>, id: i64) -> Result<(), ErrorView> {
    control.delete_entry(id)
}

/// Deletes every entry.
#[tauri::command(async)]
#[specta::specta]
pub fn delete_history(control: State<'_, Control>) -> Result<(), ErrorView> {
    control.delete_history()
}

/// Writes every entry into a file; where it is.
#[tauri::command(async)]
#[specta::specta]
pub fn export_history(control: State<'_, Control>) -> Result<String, ErrorView> {
    control.export_history().map(|file| file.display().to_string())
}
