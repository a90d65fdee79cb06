//! IPC: one function a command, none longer than ten lines, and the list of them that the bindings are generated from.

pub mod history;
pub mod library;
pub mod popup;
pub mod settings;

use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, Event, collect_commands, collect_events};

use crate::view::{SettingsView, WorkView};

/// The popup shows something the page did not ask for: shown, hidden, a late receipt.
// The page asks what: an event is a script to the web view, and one that is the same each time is compiled once.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[tauri_specta(event_name = "session_changed")]
pub struct SessionChanged;

/// The popup is on the screen and has the keyboard.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[tauri_specta(event_name = "popup_shown")]
pub struct PopupShown;

/// A setting was changed, from whichever window.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[tauri_specta(event_name = "settings_changed")]
pub struct SettingsChanged(pub SettingsView);

/// A model came, went, failed or is worked on: the list is to be read anew.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[tauri_specta(event_name = "models_changed")]
pub struct ModelsChanged;

/// The work on a model goes on.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[tauri_specta(event_name = "model_progressed")]
pub struct ModelProgressed(pub WorkView);

/// Every command and event there is.
pub fn contract() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            popup::change_query,
            popup::select_suggestion,
            popup::accept_suggestion,
            popup::fill_blank,
            popup::begin_edit,
            popup::edit_command,
            popup::take_safer,
            popup::toggle_explanation,
            popup::recall_question,
            popup::toggle_pin,
            popup::drag_popup,
            popup::ask_model,
            popup::escape,
            popup::get_session,
            popup::report_painted,
            popup::report_displayed,
            popup::dismiss_notice,
            popup::open_settings,
            settings::get_settings,
            settings::update_settings,
            settings::get_status,
            settings::get_performance,
            settings::export_telemetry,
            settings::delete_telemetry,
            history::find_history,
            history::set_private,
            history::pin_history,
            history::rename_history,
            history::delete_history_entry,
            history::delete_history,
            history::export_history,
            library::get_models,
            library::pull_model,
            library::pause_model,
            library::cancel_model,
            library::verify_model,
            library::remove_model,
            library::use_model,
            library::preview_remote,
            library::get_policy,
            library::copy_diagnostics,
            library::set_start_at_login,
        ])
        .events(collect_events![SessionChanged, PopupShown, SettingsChanged, ModelsChanged, ModelProgressed])
        .error_handling(ErrorHandlingMode::Throw)
        // Counts, bytes and seconds: all far below 2^53.
        .dangerously_cast_bigints_to_number()
        .disable_serde_phases()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    use super::contract;

    /// `UPDATE=1 cargo test -p caro-desktop bindings` rewrites the file.
    #[test]
    fn bindings_are_fresh() {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/lib/ipc/bindings.ts");
        let made = std::env::temp_dir().join(format!("caro-bindings-{}.ts", std::process::id()));
        let header = "// Generated from src-tauri/src/commands; `UPDATE=1 cargo test -p caro-desktop bindings` writes it anew.\n";
        contract().export(Typescript::default().header(header), &made).expect("every type can be exported");
        let made_text = std::fs::read_to_string(&made).expect("it was just written");
        std::fs::remove_file(&made).expect("it was just written");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(kept.parent().expect("it has a folder")).expect("the folder can be made");
            std::fs::write(&kept, &made_text).expect("the bindings can be written");
        }
        let kept_text = std::fs::read_to_string(&kept).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept_text == made_text, "bindings.ts is stale: run `UPDATE=1 cargo test -p caro-desktop bindings`");
    }
}
