//! The tray icon and its menu. On Linux the menu is all there is: no desktop there reports clicks on the icon.
//!
//! Invariant: no tray is a notice, never the end of the app.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use caro::ErrorCode;
use caro::history::{Entry, History};
use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::control::Control;
use crate::driver::Driver;
use crate::platform::{TrayHost, tray_host};
use crate::session::{Cause, Event};
use crate::text::Texts;
use crate::view::{ErrorView, NoticeView, Page, SettingsPatch};

const SHOWN: u32 = 8;
const LABEL_CHARACTERS: usize = 60;
const RECENT: &str = "recent-";
const LIVE_ICON: Image<'_> = tauri::include_image!("../icons/tray-dark.png");
const PAUSED_ICON: Image<'_> = tauri::include_image!("../icons/tray-dark-paused.png");

/// The parts of the menu that change.
pub struct Tray {
    icon: TrayIcon,
    recent: Submenu<Wry>,
    pause: CheckMenuItem<Wry>,
    /// Those that only open something, each with the key of its text.
    others: [(MenuItem<Wry>, &'static str); 4],
    entries: Mutex<Vec<Entry>>,
}

/// Whether the hotkey is left to other programs, as the menu shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It opens the popup.
    Live,
    /// It does nothing.
    Paused,
}

/// Makes the icon; what the user should know when nobody will see it. Call on the main thread.
pub fn start(app: &AppHandle, history: Option<&History>, shown: Shown, texts: &Texts) -> Option<NoticeView> {
    let host = tray_host();
    if host == TrayHost::Impossible {
        return Some(unavailable("there is no session bus to announce a tray icon on"));
    }
    // The indicator library is loaded at run time, and its binding panics where it is not installed.
    let built = catch_unwind(AssertUnwindSafe(|| build(app, shown, texts)));
    match built {
        Ok(Ok(tray)) => {
            app.manage(tray);
            if let Some(history) = history {
                show_recent(app, history);
            }
            (host == TrayHost::Absent).then(|| unavailable("nothing on this desktop shows tray icons"))
        }
        Ok(Err(error)) => Some(unavailable(&format!("the tray icon cannot be made: {error}"))),
        Err(_) => Some(unavailable("the library for tray icons is not installed")),
    }
}

/// Whether an icon was made.
pub fn exists(app: &AppHandle) -> bool {
    app.try_state::<Tray>().is_some()
}

/// Fills the submenu with what was accepted last.
pub fn show_recent(app: &AppHandle, history: &History) {
    let Some(tray) = app.try_state::<Tray>() else { return };
    let Ok(entries) = history.recent(SHOWN) else { return };
    if let Ok(items) = tray.recent.items() {
        for item in items {
            let _ = tray.recent.remove(&item);
        }
    }
    for (index, entry) in entries.iter().enumerate() {
        let id = format!("{RECENT}{index}");
        if let Ok(item) = MenuItem::with_id(app, id, label(&entry.query), true, None::<&str>) {
            let _ = tray.recent.append(&item);
        }
    }
    let _ = tray.recent.set_enabled(!entries.is_empty());
    *tray.entries.lock().unwrap_or_else(PoisonError::into_inner) = entries;
}

/// Shows whether the hotkey is left to other programs.
pub fn show_hotkey(app: &AppHandle, shown: Shown) {
    let Some(tray) = app.try_state::<Tray>() else { return };
    let _ = tray.pause.set_checked(shown == Shown::Paused);
    let _ = tray.icon.set_icon(Some(icon(shown)));
}

/// Puts the menu into another language.
pub fn speak(app: &AppHandle, texts: &Texts) {
    let Some(tray) = app.try_state::<Tray>() else { return };
    for (item, key) in &tray.others {
        let _ = item.set_text(texts.get(key));
    }
    let _ = tray.recent.set_text(texts.get("tray.recent"));
    let _ = tray.pause.set_text(texts.get("tray.pause"));
}

fn unavailable(message: &str) -> NoticeView {
    let code = ErrorCode::TrayUnavailable;
    NoticeView { code: code.name().to_owned(), message: message.to_owned(), hint: code.hint().map(str::to_owned) }
}

const fn icon(shown: Shown) -> Image<'static> {
    match shown {
        Shown::Live => LIVE_ICON,
        Shown::Paused => PAUSED_ICON,
    }
}

fn build(app: &AppHandle, shown: Shown, texts: &Texts) -> tauri::Result<Tray> {
    let item = |id: &str, key: &'static str| {
        MenuItem::with_id(app, id, texts.get(key), true, None::<&str>).map(|item| (item, key))
    };
    let recent = Submenu::with_id(app, "recent", texts.get("tray.recent"), false)?;
    let paused = shown == Shown::Paused;
    let pause = CheckMenuItem::with_id(app, "pause", texts.get("tray.pause"), true, paused, None::<&str>)?;
    let others = [
        item("open", "tray.open")?,
        item("settings", "tray.settings")?,
        item("performance", "tray.performance")?,
        item("quit", "tray.quit")?,
    ];
    let [(open, _), (settings, _), (performance, _), (quit, _)] = &others;
    let line = PredefinedMenuItem::separator(app)?;
    let items: [&dyn IsMenuItem<Wry>; 7] = [open, &recent, settings, performance, &pause, &line, quit];
    let icon = TrayIconBuilder::with_id("caro")
        .icon(icon(shown))
        .tooltip("Caro")
        .menu(&Menu::with_items(app, &items)?)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, &event))
        .on_tray_icon_event(|icon, event| {
            let left = MouseButton::Left;
            if matches!(event, TrayIconEvent::Click { button, button_state: MouseButtonState::Up, .. } if button == left)
            {
                icon.app_handle().state::<Driver>().post(Event::Toggled(Cause::Request));
            }
        })
        .build(app)?;
    Ok(Tray { icon, recent, pause, others, entries: Mutex::default() })
}

fn chosen(app: &AppHandle, event: &MenuEvent) {
    let driver = app.state::<Driver>();
    match event.id().as_ref() {
        "open" => driver.post(Event::Summoned(Cause::Request)),
        "settings" => driver.post(Event::SettingsWanted(Page::General)),
        "performance" => driver.post(Event::SettingsWanted(Page::Performance)),
        "pause" => toggle_pause(app),
        "quit" => app.exit(0),
        id => {
            let Some(index) = id.strip_prefix(RECENT).and_then(|index| index.parse::<usize>().ok()) else { return };
            let Some(tray) = app.try_state::<Tray>() else { return };
            let entry = tray.entries.lock().unwrap_or_else(PoisonError::into_inner).get(index).cloned();
            // Asked again rather than copied: the popup shows what it is and what it can do, judged anew.
            if let Some(Entry { query, .. }) = entry {
                driver.post(Event::Recalled { query });
            }
        }
    }
}

/// The menu has changed its own check mark already; what counts is the setting.
fn toggle_pause(app: &AppHandle) {
    let control = app.state::<Control>();
    let paused = !control.settings().hotkey_paused;
    if let Err(error) = control.update(SettingsPatch { hotkey_paused: Some(paused), ..SettingsPatch::default() }) {
        let ErrorView { code, message, hint } = error;
        app.state::<Driver>().post(Event::NoticeRaised(NoticeView { code, message, hint }));
    }
}

/// A question may be longer than a menu is wide, and a single `&` marks the key to press.
fn label(query: &str) -> String {
    let mut label: String = query.chars().take(LABEL_CHARACTERS).collect();
    if label.len() < query.len() {
        label.push('…');
    }
    label.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_and_without_shortcuts() {
        assert_eq!(label("files of me & you"), "files of me && you");
        assert_eq!(label(&"é".repeat(61)).chars().count(), 61);
        assert_eq!(label("ls"), "ls");
    }
}
