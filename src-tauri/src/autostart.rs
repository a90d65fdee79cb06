//! Starting with the user's session. The system's own list of what starts is the one place that knows: no setting repeats it.

use caro::ErrorCode;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt as _;

use crate::view::ErrorView;

/// Whether Caro is on the list; `None` where there is no such list.
pub fn is_on(app: &AppHandle) -> Option<bool> {
    app.autolaunch().is_enabled().ok()
}

/// Puts Caro on the list, or takes it off.
///
/// # Errors
/// When the list cannot be written.
pub fn set(app: &AppHandle, wanted: Wanted) -> Result<(), ErrorView> {
    let list = app.autolaunch();
    let done = match wanted {
        Wanted::On => list.enable(),
        // Taking off what is not there is an error of the list's, and none of the user's.
        Wanted::Off if !list.is_enabled().unwrap_or(false) => Ok(()),
        Wanted::Off => list.disable(),
    };
    let code = ErrorCode::AutostartUnavailable;
    done.map_err(|error| ErrorView {
        code: code.name().to_owned(),
        message: format!("cannot change what starts at login: {error}"),
        hint: code.hint().map(str::to_owned),
    })
}

/// Whether Caro is to start at login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It is.
    On,
    /// It is not.
    Off,
}
