//! Linux: X11 for real, Wayland by name.

mod insert;
mod keymap;
mod kitty;
mod konsole;
mod process;
mod screen;
mod spot;
mod tmux;
mod typing;
mod wezterm;
mod x11;

use std::env;
use std::path::Path;

use gtk::{gio, glib};

use super::{Desktop, NoDisplay, TrayHost, Unsupported};
use crate::view::Session;

pub(super) fn desktop() -> Result<Box<dyn Desktop>, NoDisplay> {
    let var = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match session(var) {
        Session::X11 => Ok(Box::new(x11::X11::connect()?)),
        Session::None => Err(NoDisplay::Unnamed),
        other => Ok(Box::new(Unsupported(other))),
    }
}

/// Which server GTK will talk to, decided as GTK does it. An X server that is also there under Wayland (`XWayland`) would
/// let us grab keys, and then not deliver them while a native window has the focus.
fn session(var: impl Fn(&str) -> Option<String>) -> Session {
    let backend = var("GDK_BACKEND").unwrap_or_default();
    let x11 = var("DISPLAY").is_some();
    if var("WAYLAND_DISPLAY").is_some() && !(x11 && backend.starts_with("x11")) {
        Session::Wayland
    } else if x11 {
        Session::X11
    } else {
        Session::None
    }
}

/// Variables that WebKit's processes read when they start. What the user has set stays.
const WEB_VARIABLES: [(&str, &str); 2] = [
    // The popup paints in memory anyway; with the DMA-BUF renderer some drivers show a blank page.
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    // A page of text is interpreted as fast as it is compiled, and compiled code took about a quarter of the page's memory. No
    // memory is then both written and run, either.
    ("JSC_useJIT", "0"),
];

pub(super) fn prepare() {
    for (name, value) in WEB_VARIABLES {
        // `glib::setenv` rather than `std::env::set_var`: the latter is unsafe, and this runs before any thread exists.
        let _ = glib::setenv(name, value, false);
    }
}

pub(super) fn locales() -> Vec<String> {
    glib::language_names().iter().map(ToString::to_string).collect()
}

/// Asked before `GLib` is: without an address it would start a bus by running `dbus-launch`, and the indicator library gives up
/// the whole process when that fails.
pub(super) fn has_session_bus() -> bool {
    env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

pub(super) fn tray_host() -> TrayHost {
    if !has_session_bus() {
        return TrayHost::Impossible;
    }
    let Ok(bus) = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE) else {
        return TrayHost::Impossible;
    };
    let owned = bus.call_sync(
        Some("org.freedesktop.DBus"),
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus",
        "NameHasOwner",
        Some(&("org.kde.StatusNotifierWatcher",).into()),
        None,
        gio::DBusCallFlags::NONE,
        PATIENCE_MS,
        gio::Cancellable::NONE,
    );
    match owned.ok().and_then(|reply| reply.get::<(bool,)>()) {
        Some((true,)) => TrayHost::Present,
        _ => TrayHost::Absent,
    }
}

// The bus itself answers in under a millisecond; this is for a bus that hangs.
const PATIENCE_MS: i32 = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_the_one_gtk_takes() {
        let cases: &[(&[(&str, &str)], Session)] = &[
            (&[("DISPLAY", ":0")], Session::X11),
            (&[("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0")], Session::Wayland),
            (&[("WAYLAND_DISPLAY", "wayland-0")], Session::Wayland),
            (&[("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0"), ("GDK_BACKEND", "x11")], Session::X11),
            (&[("WAYLAND_DISPLAY", "wayland-0"), ("GDK_BACKEND", "x11")], Session::Wayland),
            (&[], Session::None),
        ];
        for (environment, expected) in cases {
            let var =
                |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(session(var), *expected, "{environment:?}");
        }
    }
}
