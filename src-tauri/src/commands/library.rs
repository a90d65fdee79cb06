//! What the pages about models and safety may ask for.

#![expect(clippy::missing_errors_doc, reason = "one of `caro::ErrorCode`, with what to do about it")]
#![expect(clippy::needless_pass_by_value, reason = "the shape of a Tauri command")]

use tauri::State;

use crate::control::Control;
use crate::library::Then;
use crate::view::{ErrorView, ModelsView, PolicyView, SettingsPatch};

/// The models, and what is being done to them.
#[tauri::command(async)]
#[specta::specta]
pub fn get_models(control: State<'_, Control>) -> ModelsView {
    control.models()
}

/// Fetches a model, going on where an earlier try ended.
#[tauri::command(async)]
#[specta::specta]
pub fn pull_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.library.pull(&id)
}

/// Stops what is done to a model; what has come is kept.
#[tauri::command(async)]
#[specta::specta]
pub fn pause_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.library.stop(&id, Then::Keep)
}

/// Stops fetching a model; what has come is deleted.
#[tauri::command(async)]
#[specta::specta]
pub fn cancel_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.library.stop(&id, Then::Delete)
}

/// Compares a model's file with what it was when it came.
#[tauri::command(async)]
#[specta::specta]
pub fn verify_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.library.verify(&id)
}

/// Deletes a model, or forgets one of the user's own.
#[tauri::command(async)]
#[specta::specta]
pub fn remove_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.remove_model(&id)
}

/// Lets a model answer what the rules do not know.
#[tauri::command(async)]
#[specta::specta]
pub fn use_model(control: State<'_, Control>, id: String) -> Result<(), ErrorView> {
    control.library.take(&id)?;
    control.update(SettingsPatch { model: Some(Some(id)), ..SettingsPatch::default() }).map(drop)
}

/// What would be sent to the server for a question; nothing when none is set.
#[tauri::command(async)]
#[specta::specta]
pub fn preview_remote(control: State<'_, Control>, question: String) -> Option<String> {
    control.preview(&question)
}

/// The user's policy, as it is in force.
#[tauri::command(async)]
#[specta::specta]
pub fn get_policy(control: State<'_, Control>) -> PolicyView {
    control.policy()
}

/// What can be pasted into a report.
#[tauri::command(async)]
#[specta::specta]
pub fn copy_diagnostics(control: State<'_, Control>) -> Result<String, ErrorView> {
    control.copy_diagnostics()
}

/// Starts Caro when the user logs in, or no longer.
#[tauri::command(async)]
#[specta::specta]
pub fn set_start_at_login(control: State<'_, Control>, wanted: bool) -> Result<(), ErrorView> {
    control.start_at_login(wanted)
}
