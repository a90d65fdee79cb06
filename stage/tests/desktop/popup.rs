//! The popup: what is shown, and what its keys do with it.

use caro_stage::{app, terminal::Inside, wait_until};

use crate::desk::{Desk, SAFE};

#[test]
fn typed_text_shows_the_command_of_the_command_line() {
    let desk = Desk::new();
    let command = desk.ask(SAFE);
    assert!(command.starts_with("find ") && command.contains("-size +100M"), "{command}");
    let said = app::caro(&desk.stage, &[SAFE]).unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim_end(), command);
    assert_eq!(desk.risk(), "safe");
}

#[test]
fn enter_copies_and_hides() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    let command = desk.ask(SAFE);
    desk.press("Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    desk.wait_hidden();
    assert!(!desk.wait_receipt("copied").is_empty());
}

#[test]
fn intents_of_the_user_are_read_when_the_popup_opens() {
    let desk = Desk::new();
    let folder = desk.stage.home("XDG_CONFIG_HOME").unwrap().join("caro/intents");
    let file = folder.join("work.toml");
    let row = "[[intent]]\nid = \"work.deploy\"\nsay = [\"deploy {service} to staging\"]\ndoes = \"Deploys {service}\"\nany = \"frobctl deploy {service}\"\n";
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(&file, row).unwrap();
    assert_eq!(desk.ask("deploy billing to staging"), "frobctl deploy billing");
    desk.press("Escape");
    desk.press("Escape");
    desk.wait_hidden();
    std::fs::write(&file, format!("{row}nonsense")).unwrap();
    desk.app.summon(&desk.stage).unwrap();
    assert!(desk.wait_notice("intents-mistaken").contains("work.toml:6"));
}

#[test]
fn a_page_whose_process_died_comes_back() {
    let desk = Desk::new();
    assert!(desk.stage.kill("WebKitWebProcess") > 0);
    let popup = desk.app.summon(&desk.stage).unwrap();
    // The page is gone for the driver that looks into it, so here it is seen from outside, as a user sees it.
    wait_until("the popup to draw again", || {
        Ok((!desk.stage.screen().capture(Some(popup.id))?.is_blank()).then_some(()))
    })
    .unwrap();
    let said = app::caro(&desk.stage, &[SAFE]).unwrap();
    desk.stage.screen().type_text(SAFE).unwrap();
    desk.press("Enter");
    desk.stage.wait_clipboard(String::from_utf8_lossy(&said.stdout).trim_end()).unwrap();
}

#[test]
fn escape_clears_then_hides() {
    let desk = Desk::new();
    desk.ask(SAFE);
    desk.press("Escape");
    desk.wait_field("");
    assert!(desk.popup_is_up());
    desk.press("Escape");
    desk.wait_hidden();
}

#[test]
fn the_focus_goes_back_to_the_window_that_had_it() {
    let desk = Desk::new();
    let terminal = desk.terminal(Inside::Shell);
    desk.app.summon(&desk.stage).unwrap();
    desk.press("Escape");
    desk.wait_hidden();
    desk.stage.screen().wait_active(terminal.title()).unwrap();
}

#[test]
fn arrows_choose_another_command() {
    let desk = Desk::new();
    let first = desk.ask("count lines in *.rs");
    let count =
        desk.app.page().script("return document.querySelectorAll('#suggestions [role=option]').length", &[]).unwrap();
    assert!(count.as_u64().unwrap() > 1, "one answer has alternatives");
    desk.press("Down");
    let second =
        caro_stage::wait_until("another choice", || Ok(desk.app.selected()?.filter(|chosen| *chosen != first)))
            .unwrap();
    desk.press("Enter");
    desk.stage.wait_clipboard(&second).unwrap();
}

#[test]
fn no_answer_is_said_and_enter_copies_nothing() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    desk.app.summon(&desk.stage).unwrap();
    assert_eq!(desk.app.ask(&desk.stage, "qwzx vbnm plorf").unwrap(), None);
    desk.press("Enter");
    desk.press("Escape");
    desk.press("Escape");
    desk.wait_hidden();
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"));
}
