//! What the settings page may ask for. An error is one of `caro::ErrorCode`, with what to do about it.

#![expect(clippy::missing_errors_doc, reason = "said once, above")]
#![expect(clippy::needless_pass_by_value, reason = "the shape of a Tauri command")]

use tauri::State;

use crate::control::Control;
use crate::view::{ErrorView, ExportFormat, HistoryView, PerformanceView, SettingsPatch, SettingsView, StatusView};

/// The settings, whole.
#[tauri::command(async)]
#[specta::specta]
pub fn get_settings(control: State<'_, Control>) -> SettingsView {
    control.settings()
}

/// Changes settings and what follows from them. A hotkey that is taken changes nothing.
#[tauri::command(async)]
#[specta::specta]
pub fn update_settings(control: State<'_, Control>, patch: SettingsPatch) -> Result<SettingsView, ErrorView> {
    control.update(patch)
}

/// The state of the program.
#[tauri::command(async)]
#[specta::specta]
pub fn get_status(control: State<'_, Control>) -> StatusView {
    control.status()
}

/// Numbers of the last hours.
#[tauri::command(async)]
#[specta::specta]
pub fn get_performance(control: State<'_, Control>, hours: u32) -> Result<PerformanceView, ErrorView> {
    control.performance(hours)
}

/// Writes every number kept into a file, and says where that is.
#[tauri::command(async)]
#[specta::specta]
pub fn export_telemetry(control: State<'_, Control>, format: ExportFormat) -> Result<String, ErrorView> {
    control.export_telemetry(format)
}

/// Deletes every number kept.
#[tauri::command(async)]
#[specta::specta]
pub fn delete_telemetry(control: State<'_, Control>) -> Result<(), ErrorView> {
    control.delete_telemetry()
}

/// The commands accepted last, newest first.
#[tauri::command(async)]
#[specta::specta]
pub fn get_history(control: State<'_, Control>, limit: u32) -> Result<Vec<HistoryView>, ErrorView> {
    control.history(limit)
}

/// Deletes every command kept.
#[tauri::command(async)]
#[specta::specta]
pub fn delete_history(control: State<'_, Control>) -> Result<(), ErrorView> {
    control.delete_history()
}
