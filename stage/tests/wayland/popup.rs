//! The popup on Wayland: opened by a key of the desktop's, typed into, its answer copied.

use caro_stage::{Ground as _, app, wait_until};

use crate::desk::Desk;

const SAFE: &str = "find large files over 100MB";

#[test]
fn no_hotkey_is_said_with_what_to_do() {
    let desk = Desk::new();
    let notice = "#notices [data-code=hotkey-unsupported]";
    desk.app.page().wait_element(notice).unwrap();
    let said = desk.app.page().text(notice).unwrap().unwrap_or_default();
    assert!(said.contains("caro toggle"), "{said}");
}

#[test]
fn the_key_bound_in_sway_opens_the_popup_and_the_answer_is_copied() {
    let desk = Desk::new();
    let command = desk.ask(SAFE);
    let said = desk.sway.command(&desk.cli).arg(SAFE).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim_end(), command);
    wait_until("the popup to be drawn", || Ok((!desk.sway.capture()?.is_blank()).then_some(()))).unwrap();
    if let Some(folder) = std::env::var_os("CARO_PICTURES") {
        desk.sway.capture().unwrap().save(&std::path::Path::new(&folder).join("wayland-popup.png")).unwrap();
    }
    desk.sway.press("Return").unwrap();
    desk.sway.wait_clipboard(&command).unwrap();
    desk.sway.wait_gone(app::POPUP).unwrap();
}

#[test]
fn the_key_pressed_again_hides_the_popup() {
    let desk = Desk::new();
    for _ in 0..3 {
        desk.summon();
        desk.sway.press("Ctrl+Alt+space").unwrap();
        desk.sway.wait_gone(app::POPUP).unwrap();
    }
}

#[test]
fn what_cannot_be_typed_into_a_window_is_copied_with_the_reason() {
    let desk = Desk::new();
    let command = desk.ask(SAFE);
    desk.sway.press("Ctrl+Return").unwrap();
    desk.sway.wait_clipboard(&command).unwrap();
    desk.sway.wait_gone(app::POPUP).unwrap();
    let receipt = desk.wait_receipt("copied");
    assert!(receipt.contains("Wayland") || receipt.contains("window"), "{receipt}");
}
