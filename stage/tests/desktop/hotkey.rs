//! The hotkey: opens, gives the keyboard, and goes on without it when another program has it.

use caro_stage::{Screen, Setup, Start, app};

use crate::desk::Desk;

#[test]
fn the_hotkey_opens_the_popup_with_the_keyboard() {
    let desk = Desk::new();
    assert!(!desk.popup_is_up(), "the app starts hidden");
    desk.app.summon(&desk.stage).unwrap();
    desk.stage.screen().type_text("abc").unwrap();
    desk.wait_field("abc");
}

#[test]
fn the_hotkey_pressed_again_hides_the_popup() {
    let desk = Desk::new();
    for _ in 0..3 {
        desk.app.summon(&desk.stage).unwrap();
        desk.press(app::HOTKEY);
        desk.wait_hidden();
    }
}

#[test]
fn the_hotkey_works_with_the_locks_on() {
    let desk = Desk::new();
    for lock in ["Caps_Lock", "Num_Lock"] {
        desk.press(lock);
        desk.app.summon(&desk.stage).unwrap();
        desk.press("Escape");
        desk.wait_hidden();
        desk.press(lock);
    }
}

#[test]
fn a_taken_hotkey_is_said_with_free_ones_and_the_app_goes_on() {
    let mut other = None;
    let desk = Desk::prepared(Setup::default(), &Start::default(), |stage| {
        other = Some(Screen::take_hotkey(stage.display(), app::HOTKEY).unwrap());
    });
    let notice = desk.wait_notice("hotkey-taken");
    assert!(notice.contains(app::HOTKEY), "{notice}");
    // Another way in still works, and one of the free ones offered is free.
    assert!(app::caro(&desk.stage, &["toggle"]).unwrap().status.success());
    desk.stage.screen().wait_active(app::POPUP).unwrap();
    let offered =
        notice.split([' ', ',', '.']).find(|word| word.contains('+') && *word != app::HOTKEY).unwrap_or_default();
    assert!(Screen::take_hotkey(desk.stage.display(), offered).is_ok(), "{offered:?} in {notice:?} is not free");
}
