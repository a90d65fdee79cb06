//! The two windows: the popup, built hidden at the start and never closed; settings, made on demand and destroyed.

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use raw_window_handle::HasWindowHandle;
use tauri::webview::{Color, NewWindowResponse};
use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent, Wry,
};

use crate::driver::Driver;
use crate::platform::{self, WindowId};
use crate::session::{Event, Revival};
use crate::text::Texts;
use crate::view::{Language, Page};

const POPUP: &str = "popup";
const SETTINGS: &str = "settings";
// Logical pixels. The popup's height is fixed, so that nothing jumps while typing.
const POPUP_SIZE: (f64, f64) = (720.0, 420.0);
const SETTINGS_SIZE: (f64, f64) = (920.0, 640.0);
// Before the page paints, neither white nor black flashes up.
const BEFORE_PAINT: Color = Color(24, 26, 31, 255);

/// Where the popup is on its monitor: shares of the room beside and below it, so that it is the same place on a larger one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// 0 is at the left edge, 1 at the right one.
    pub across: f64,
    /// 0 is at the top, 1 at the bottom.
    pub down: f64,
}

/// Builds the popup, hidden. Call once, on the main thread.
///
/// # Errors
/// When the web view cannot be made.
pub fn build_popup(app: &AppHandle, driver: Driver, storage: &Path) -> tauri::Result<WebviewWindow> {
    let window = secluded(app, POPUP, "popup.html", storage)
        .title("Caro popup")
        .inner_size(POPUP_SIZE.0, POPUP_SIZE.1)
        .resizable(false)
        .maximizable(false)
        .minimizable(false)
        .decorations(false)
        .always_on_top(true)
        .skip_taskbar(true)
        .visible(false)
        .background_color(BEFORE_PAINT)
        .build()?;
    window.with_webview(platform::webview::tune)?;
    window.on_window_event(move |event| match event {
        WindowEvent::Focused(true) => driver.post(Event::FocusGained),
        WindowEvent::Focused(false) => driver.post(Event::FocusLost),
        // Alt+F4: the window stays for the next time.
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            driver.post(Event::Dismissed);
        }
        _ => {}
    });
    Ok(window)
}

/// Puts the popup on the monitor with the pointer and shows it; returns when that was asked of the window system.
pub fn show_popup(app: &AppHandle, place: Place) -> Option<WindowId> {
    on_main_thread(app, move |app| {
        let window = app.get_webview_window(POPUP)?;
        if let Some(position) = spot(app, &window, place) {
            let _ = window.set_position(position);
        }
        let _ = window.show();
        let _ = window.set_focus();
        window.window_handle().ok().and_then(|handle| WindowId::of(handle.as_raw()))
    })
    .flatten()
}

/// Lets the pointer, which is pressed on it, take the popup along.
pub fn drag_popup(app: &AppHandle) {
    on_main_thread(app, |app| app.get_webview_window(POPUP).map(|window| window.start_dragging()));
}

/// Where the popup is.
pub fn popup_place(app: &AppHandle) -> Option<Place> {
    on_main_thread(app, |app| {
        let window = app.get_webview_window(POPUP)?;
        let (at, monitor) = (window.outer_position().ok()?, window.current_monitor().ok().flatten()?);
        Some(place_of(at, *monitor.position(), *monitor.size(), size_on(&monitor)))
    })
    .flatten()
}

/// Brings the popup's page back when it does not draw. The window stays where it is, and keeps the keyboard.
pub fn revive_popup(app: &AppHandle, revival: Revival) {
    on_main_thread(app, move |app| {
        let window = app.get_webview_window(POPUP)?;
        match revival {
            Revival::Remap => window.with_webview(platform::webview::remap).ok(),
            Revival::Reload => window.reload().ok(),
        }
    });
}

/// Takes the popup from the screen; returns when that was asked of the window system.
pub fn hide_popup(app: &AppHandle) {
    on_main_thread(app, |app| app.get_webview_window(POPUP).map(|window| window.hide()));
}

/// Opens the settings window on a page, or brings the open one to the front.
pub fn open_settings(app: &AppHandle, page: Page, language: Language, storage: PathBuf) {
    on_main_thread(app, move |app| {
        if let Some(window) = app.get_webview_window(SETTINGS) {
            if let Ok(mut url) = window.url() {
                url.set_fragment(Some(page.name()));
                let _ = window.navigate(url);
            }
            let _ = window.unminimize();
            let _ = window.show();
            let _ = window.set_focus();
            return;
        }
        let built = secluded(app, SETTINGS, &format!("settings.html#{}", page.name()), &storage)
            .title(Texts::of(language).get("settings.title"))
            .inner_size(SETTINGS_SIZE.0, SETTINGS_SIZE.1)
            .min_inner_size(640.0, 480.0)
            .center()
            .background_color(BEFORE_PAINT)
            .build();
        if let Ok(window) = built {
            let _ = window.with_webview(platform::webview::tune);
            let _ = window.set_focus();
        }
    });
}

/// Puts the titles into another language.
pub fn speak(app: &AppHandle, texts: &Texts) {
    if let Some(window) = app.get_webview_window(SETTINGS) {
        let _ = window.set_title(texts.get("settings.title"));
    }
}

/// A window that goes nowhere: not by a link, not by a script, not into another window.
fn secluded<'a>(
    app: &'a AppHandle,
    label: &str,
    page: &str,
    storage: &Path,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(page.into()))
        .data_directory(storage.to_owned())
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .disable_drag_drop_handler()
}

fn is_own_page(url: &Url) -> bool {
    // The scheme the pages are served by: `tauri://localhost`, on Windows `http://tauri.localhost`.
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost") || is_development_page(url)
}

/// The development server, which a released program does not know.
fn is_development_page(url: &Url) -> bool {
    cfg!(not(feature = "custom-protocol")) && url.host_str() == Some("localhost")
}

/// Computed by us: `center()` is wrong before the first map.
fn spot(app: &AppHandle, window: &WebviewWindow, place: Place) -> Option<PhysicalPosition<i32>> {
    let pointer = app.cursor_position().ok();
    let under_pointer = pointer.and_then(|at| app.monitor_from_point(at.x, at.y).ok().flatten());
    let monitor = under_pointer.or_else(|| window.primary_monitor().ok().flatten())?;
    Some(position(*monitor.position(), *monitor.size(), size_on(&monitor), place))
}

fn size_on(monitor: &Monitor) -> (f64, f64) {
    let scale = monitor.scale_factor();
    (POPUP_SIZE.0 * scale, POPUP_SIZE.1 * scale)
}

/// The room that a monitor leaves beside the popup and below it.
fn room(screen: PhysicalSize<u32>, (width, height): (f64, f64)) -> (f64, f64) {
    ((f64::from(screen.width) - width).max(0.0), (f64::from(screen.height) - height).max(0.0))
}

#[expect(clippy::cast_possible_truncation, reason = "pixels of a screen fit by far")]
fn position(
    origin: PhysicalPosition<i32>,
    screen: PhysicalSize<u32>,
    size: (f64, f64),
    place: Place,
) -> PhysicalPosition<i32> {
    let (beside, below) = room(screen, size);
    let (x, y) = (beside * place.across.clamp(0.0, 1.0), below * place.down.clamp(0.0, 1.0));
    PhysicalPosition::new(origin.x + x as i32, origin.y + y as i32)
}

fn place_of(
    at: PhysicalPosition<i32>,
    origin: PhysicalPosition<i32>,
    screen: PhysicalSize<u32>,
    size: (f64, f64),
) -> Place {
    let (beside, below) = room(screen, size);
    // Where there is no room, every place is the same one.
    let share = |way: i32, room: f64| if room > 0.0 { (f64::from(way) / room).clamp(0.0, 1.0) } else { 0.5 };
    Place { across: share(at.x - origin.x, beside), down: share(at.y - origin.y, below) }
}

/// Runs something where windows may be touched, and waits for it; at once when this is the main thread. `None` when the app
/// is ending. The main thread never waits for another one, so this comes to an end.
pub fn on_main_thread<T: Send + 'static>(
    app: &AppHandle,
    work: impl FnOnce(&AppHandle) -> T + Send + 'static,
) -> Option<T> {
    let (done, result) = mpsc::sync_channel(1);
    let inside = app.clone();
    app.run_on_main_thread(move || {
        let _ = done.send(work(&inside));
    })
    .ok()?;
    result.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_popup_is_where_it_was_left_and_never_off_the_screen() {
        let size = (720.0, 420.0);
        let usual = Place { across: 0.5, down: 0.36 };
        let corner = Place { across: 1.0, down: 1.0 };
        let astray = Place { across: -3.0, down: 7.5 };
        for (origin, screen, place, expected) in [
            ((0, 0), (1920, 1080), usual, (600, 237)),
            ((1920, 0), (1920, 1080), usual, (2520, 237)),
            ((0, -1024), (1280, 1024), usual, (280, -807)),
            ((0, 0), (640, 400), usual, (0, 0)),
            ((0, 0), (800, 480), usual, (40, 21)),
            ((1920, 0), (1920, 1080), corner, (3120, 660)),
            ((0, 0), (800, 480), corner, (80, 60)),
            ((0, 0), (640, 400), corner, (0, 0)),
            ((0, 0), (1920, 1080), astray, (0, 660)),
        ] {
            let (origin, screen) = (PhysicalPosition::new(origin.0, origin.1), PhysicalSize::new(screen.0, screen.1));
            let at = position(origin, screen, size, place);
            assert_eq!((at.x, at.y), expected, "{origin:?} {screen:?} {place:?}");
        }
    }

    #[test]
    fn a_place_is_the_same_share_of_the_room_wherever_it_was_taken() {
        let size = (720.0, 420.0);
        let (origin, screen) = (PhysicalPosition::new(1920, -100), PhysicalSize::new(1920, 1080));
        for (at, expected) in [((2520, 65), (0.5, 0.25)), ((1900, 2000), (0.0, 1.0))] {
            let place = place_of(PhysicalPosition::new(at.0, at.1), origin, screen, size);
            assert_eq!((place.across, place.down), expected);
        }
        let cramped = place_of(PhysicalPosition::new(0, 0), origin, PhysicalSize::new(640, 400), size);
        assert_eq!((cramped.across, cramped.down), (0.5, 0.5));
    }

    #[test]
    fn pages_lead_nowhere() {
        for (url, own) in [
            ("tauri://localhost/popup.html", true),
            ("tauri://localhost/settings.html#about", true),
            ("http://tauri.localhost/popup.html", true),
            ("https://example.org/", false),
            ("https://tauri.localhost.example.org/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
        ] {
            assert_eq!(is_own_page(&url.parse().unwrap()), own, "{url}");
        }
    }
}
