//! Konsole, told what to write over D-Bus: `org.kde.konsole.Session.sendText`.
//!
//! Newer ones refuse that unless "Enable the security sensitive parts of the `DBus` API" is on; then it is typed into as any
//! other terminal.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;

use gtk::{gio, glib};

use super::process::{self, Table};

// It answers in a millisecond; this is for one that hangs.
const PATIENCE_MS: i32 = 1_000;

/// The tab in front.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tab {
    service: String,
    path: String,
    /// The shell in it.
    pub(super) root: u32,
}

/// The tab in front of the program `root`, when it has one window only: its D-Bus names have nothing to do with the window
/// system's numbers.
pub(super) fn tab(table: &Table, root: u32) -> Option<Tab> {
    let children = || table.0.iter().filter(|process| process.parent == root);
    let told = |name: &'static str| children().filter_map(move |child| process::variable(child.id, name));
    let services: BTreeSet<OsString> = told("KONSOLE_DBUS_SERVICE").collect();
    let windows: BTreeSet<OsString> = told("KONSOLE_DBUS_WINDOW").collect();
    let ([service], [window]) =
        (&services.into_iter().collect::<Vec<_>>()[..], &windows.into_iter().collect::<Vec<_>>()[..])
    else {
        return None;
    };
    let (service, window) = (service.to_str()?.to_owned(), window.to_str()?);
    let number = call(&service, window, "org.kde.konsole.Window", "currentSession", None).ok()?.get::<(i32,)>()?.0;
    let path = format!("/Sessions/{number}");
    let shell = call(&service, &path, "org.kde.konsole.Session", "processId", None).ok()?.get::<(i32,)>()?.0;
    Some(Tab { service, path, root: u32::try_from(shell).ok()? })
}

/// Sends `line` to the tab.
pub(super) fn send(tab: &Tab, line: &str) -> io::Result<()> {
    let text = glib::Variant::from((line,));
    call(&tab.service, &tab.path, "org.kde.konsole.Session", "sendText", Some(&text)).map(drop)
}

fn call(
    service: &str,
    path: &str,
    interface: &str,
    method: &str,
    arguments: Option<&glib::Variant>,
) -> io::Result<glib::Variant> {
    let failed = |error: glib::Error| {
        let late = error.matches(gio::IOErrorEnum::TimedOut);
        let kind = if late { io::ErrorKind::TimedOut } else { io::ErrorKind::Other };
        io::Error::new(kind, error.message().to_owned())
    };
    if !super::has_session_bus() || !glib::Variant::is_object_path(path) {
        return Err(io::Error::other("there is no D-Bus session"));
    }
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE).map_err(failed)?;
    let none = gio::Cancellable::NONE;
    let flags = gio::DBusCallFlags::NO_AUTO_START;
    bus.call_sync(Some(service), path, interface, method, arguments, None, flags, PATIENCE_MS, none).map_err(failed)
}
