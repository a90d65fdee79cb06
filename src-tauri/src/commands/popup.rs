//! What the popup page may ask for. Each command posts one event to the driver and answers with the session after it.
//!
//! The one error of all of them: the app is ending, and nobody answers any more.

#![expect(clippy::missing_errors_doc, reason = "said once, above")]

use std::time::Duration;

use tauri::State;

use crate::driver::Driver;
use crate::session::Event;
use crate::view::{ErrorView, How, Page, SessionView, Step};

/// The question changed. A revision not above the last one is late and changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn change_query(driver: State<'_, Driver>, query: String, revision: u32) -> Result<SessionView, ErrorView> {
    driver.ask(Event::QueryChanged { query, revision }).await
}

/// Another suggestion is selected.
#[tauri::command]
#[specta::specta]
pub async fn select_suggestion(driver: State<'_, Driver>, index: u32) -> Result<SessionView, ErrorView> {
    driver.ask(Event::Selected(index as usize)).await
}

/// The selected suggestion is accepted, or confirmed.
#[tauri::command]
#[specta::specta]
pub async fn accept_suggestion(driver: State<'_, Driver>, how: How) -> Result<SessionView, ErrorView> {
    driver.ask(Event::Accepted(how)).await
}

/// A blank of the chosen command gets a value, as it was typed. A revision not above the last one is late and changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn fill_blank(
    driver: State<'_, Driver>,
    name: String,
    value: String,
    revision: u32,
) -> Result<SessionView, ErrorView> {
    driver.ask(Event::BlankFilled { name, value, revision }).await
}

/// The chosen command is to be changed.
#[tauri::command]
#[specta::specta]
pub async fn begin_edit(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::EditBegun).await
}

/// The chosen command was changed. A revision not above the last one is late and changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn edit_command(driver: State<'_, Driver>, command: String, revision: u32) -> Result<SessionView, ErrorView> {
    driver.ask(Event::CommandEdited { command, revision }).await
}

/// The safer command is to take the place of the chosen one.
#[tauri::command]
#[specta::specta]
pub async fn take_safer(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::SaferWanted).await
}

/// The chosen command is to be explained word by word, or no longer.
#[tauri::command]
#[specta::specta]
pub async fn toggle_explanation(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::ExplanationToggled).await
}

/// An earlier question is wanted, or a later one.
#[tauri::command]
#[specta::specta]
pub async fn recall_question(driver: State<'_, Driver>, step: Step) -> Result<SessionView, ErrorView> {
    driver.ask(Event::RecallWanted(step)).await
}

/// The popup is to stay on the screen, or no longer.
#[tauri::command]
#[specta::specta]
pub async fn toggle_pin(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::PinToggled).await
}

/// The pointer is pressed on the popup, and takes it along.
#[tauri::command]
#[specta::specta]
pub async fn drag_popup(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::DragBegun).await
}

/// The language models are to be asked about the question.
#[tauri::command]
#[specta::specta]
pub async fn ask_model(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::ThoughtWanted).await
}

/// Escape was pressed.
#[tauri::command]
#[specta::specta]
pub async fn escape(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::Escaped).await
}

/// The session as it is.
#[tauri::command]
#[specta::specta]
pub async fn get_session(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::Looked).await
}

/// The page has drawn since it was shown.
#[tauri::command]
#[specta::specta]
pub async fn report_painted(driver: State<'_, Driver>) -> Result<SessionView, ErrorView> {
    driver.ask(Event::Painted).await
}

/// The page has drawn the answer to a question, so long after the key that asked it.
#[tauri::command]
#[specta::specta]
pub async fn report_displayed(driver: State<'_, Driver>, revision: u32, micros: u32) -> Result<SessionView, ErrorView> {
    let latency = Duration::from_micros(u64::from(micros));
    driver.ask(Event::Displayed { revision, latency }).await
}

/// A notice was read.
#[tauri::command]
#[specta::specta]
pub async fn dismiss_notice(driver: State<'_, Driver>, code: String) -> Result<SessionView, ErrorView> {
    driver.ask(Event::NoticeDismissed(code)).await
}

/// Opens the settings window.
#[tauri::command]
#[specta::specta]
pub async fn open_settings(driver: State<'_, Driver>, page: Page) -> Result<SessionView, ErrorView> {
    driver.ask(Event::SettingsWanted(page)).await
}
