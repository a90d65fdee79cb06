//! The tray: its menu does what the keys do, and nothing depends on it.

use std::{collections::HashMap, time::Duration};

use caro_stage::{Bus, Setup, Stage, Start, Tray, app, wait::wait_for, wait_until};
use zbus::{
    blocking::{Connection, Proxy, connection::Builder},
    zvariant::{OwnedValue, Value},
};

use crate::desk::{Desk, SAFE};

const WITH_TRAY: Setup = Setup { bus: Bus::Private, tray: Tray::Panel };

/// An entry of a menu over D-Bus: its id, its properties, its own entries.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The app's tray menu, as the panel sees it.
struct Menu {
    proxy: Proxy<'static>,
}

impl Menu {
    fn open(stage: &Stage) -> Self {
        let bus = Builder::address(stage.bus_address()).unwrap().build().unwrap();
        let item = wait_until("the tray icon", || Ok(Self::item(&bus))).unwrap();
        // An item is told as a bus name and a path in one.
        let (name, path) = item.split_at(item.find('/').unwrap());
        let icon = proxy(&bus, name, path, "org.kde.StatusNotifierItem");
        let path: zbus::zvariant::OwnedObjectPath = icon.get_property("Menu").unwrap();
        Self { proxy: proxy(&bus, name, path.as_str(), "com.canonical.dbusmenu") }
    }

    fn item(bus: &Connection) -> Option<String> {
        let watcher =
            proxy(bus, "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher");
        let items: Vec<String> = watcher.get_property("RegisteredStatusNotifierItems").ok()?;
        items.into_iter().next()
    }

    /// Every entry with its label, the ones of submenus after their own.
    fn entries(&self) -> Vec<(i32, String)> {
        let (_, root): (u32, Entry) = self.proxy.call("GetLayout", &(0, -1, Vec::<&str>::new())).unwrap();
        let mut open: Vec<OwnedValue> = root.2.into_iter().rev().collect();
        let mut entries = Vec::new();
        while let Some(entry) = open.pop() {
            let (id, properties, below) = Entry::try_from(entry).unwrap();
            let label =
                properties.get("label").and_then(|label| String::try_from(label.clone()).ok()).unwrap_or_default();
            // An underscore marks the letter to press.
            entries.push((id, label.replace('_', "")));
            open.extend(below.into_iter().rev());
        }
        entries
    }

    /// Clicks the entry whose label begins with `label`.
    fn click(&self, label: &str) {
        let entries = self.entries();
        let (id, _) = entries
            .iter()
            .find(|(_, known)| known.starts_with(label))
            .unwrap_or_else(|| panic!("{label} is not in {entries:?}"));
        self.proxy.call::<_, _, ()>("Event", &(*id, "clicked", Value::from(0), 0_u32)).unwrap();
    }
}

fn proxy(bus: &Connection, name: &str, path: &str, interface: &'static str) -> Proxy<'static> {
    Proxy::new(bus, name.to_owned(), path.to_owned(), interface).unwrap()
}

#[test]
fn the_menu_opens_the_popup_with_the_keyboard() {
    let desk = Desk::with(WITH_TRAY, &Start::default());
    let menu = Menu::open(&desk.stage);
    for _ in 0..4 {
        menu.click("Open");
        desk.stage.screen().wait_active(app::POPUP).unwrap();
        desk.stage.screen().type_text("abc").unwrap();
        desk.wait_field("abc");
        desk.press("Escape");
        desk.wait_field("");
        desk.press("Escape");
        desk.wait_hidden();
    }
}

#[test]
fn the_menu_opens_the_pages_of_the_settings() {
    let desk = Desk::with(WITH_TRAY, &Start::default());
    let menu = Menu::open(&desk.stage);
    for (entry, page) in [("Settings", "general"), ("Performance", "performance")] {
        menu.click(entry);
        desk.stage.screen().wait_shown(app::SETTINGS).unwrap();
        desk.app.page().switch_to("settings").unwrap();
        desk.app.page().wait_element(&format!("[data-page={page}][aria-current=page]")).unwrap();
    }
}

#[test]
fn the_menu_pauses_the_hotkey() {
    let desk = Desk::with(WITH_TRAY, &Start::default());
    let menu = Menu::open(&desk.stage);
    menu.click("Pause");
    let other = wait_until("the hotkey to be free", || {
        Ok(caro_stage::Screen::take_hotkey(desk.stage.display(), app::HOTKEY).ok())
    });
    drop(other.unwrap());
    menu.click("Pause");
    // Asked by pressing it: grabbing it to see whether it is taken could take it from the app.
    wait_until("the hotkey to work again", || {
        desk.press(app::HOTKEY);
        Ok(wait_for("the popup", Duration::from_secs(1), || desk.stage.screen().visible(app::POPUP)).ok())
    })
    .unwrap();
    desk.press("Escape");
    desk.wait_hidden();
    desk.assert_works();
}

#[test]
fn the_menu_asks_a_recent_question_again() {
    let desk = Desk::with(WITH_TRAY, &Start::default());
    let menu = Menu::open(&desk.stage);
    desk.assert_works();
    let is_listed = || Ok(menu.entries().iter().any(|(_, label)| label.starts_with(SAFE)).then_some(()));
    wait_until("the question in the menu", is_listed).unwrap();
    menu.click(SAFE);
    desk.stage.screen().wait_active(app::POPUP).unwrap();
    desk.wait_field(SAFE);
}

#[test]
fn quit_ends_the_app() {
    let stage = Stage::with(WITH_TRAY).unwrap();
    let mut caro = stage.start("caro", stage.command(app::program(app::Program::Desktop).unwrap())).unwrap();
    Menu::open(&stage).click("Quit");
    assert!(caro.wait().unwrap().success());
}

#[test]
fn without_a_tray_the_app_says_so_and_works() {
    let desk = Desk::with(Setup { bus: Bus::Private, tray: Tray::None }, &Start::default());
    desk.wait_notice("tray-unavailable");
    desk.assert_works();
}

#[test]
fn without_a_bus_the_app_works() {
    let desk = Desk::with(Setup { bus: Bus::None, tray: Tray::None }, &Start::default());
    desk.wait_notice("tray-unavailable");
    desk.assert_works();
}

#[test]
fn the_menu_has_every_entry_once() {
    let desk = Desk::with(WITH_TRAY, &Start::default());
    let menu = Menu::open(&desk.stage);
    let labels: Vec<_> = menu.entries().into_iter().map(|(_, label)| label).collect();
    for expected in ["Open", "Recent", "Settings", "Performance", "Pause", "Quit"] {
        assert_eq!(labels.iter().filter(|label| label.starts_with(expected)).count(), 1, "{expected} in {labels:?}");
    }
}
