//! The hotkey: opens, gives the keyboard, and goes on without it when another program has it.

use std::fs;

use caro_stage::{Screen, Setup, Stage, Start, app, terminal::Inside, wait_until};

use crate::desk::{self, Desk, SAFE};

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

#[test]
fn a_second_hotkey_asks_what_is_on_the_clipboard() {
    let desk = with_settings("hotkey_clipboard = 'Ctrl+Alt+V'", |_| ());
    desk.stage.set_clipboard(&format!("\n {SAFE} \nand more")).unwrap();
    desk.press("Ctrl+Alt+v");
    desk.stage.screen().wait_active(app::POPUP).unwrap();
    desk.wait_field(SAFE);
    desk.app.page().wait_element("#suggestions [role=option]").unwrap();
}

#[test]
fn a_third_hotkey_inserts_the_last_command_again() {
    let desk = with_settings("hotkey_repeat = 'Ctrl+Alt+R'", |_| ());
    let terminal = desk.terminal(Inside::Shell);
    let command = desk.ask(SAFE);
    desk.press("Ctrl+Enter");
    terminal.wait_prompt(&desk.stage, &command).unwrap();
    desk.press("Ctrl+U");
    terminal.wait_prompt(&desk.stage, "").unwrap();
    desk.press("Ctrl+Alt+r");
    terminal.wait_prompt(&desk.stage, &command).unwrap();
    assert!(!desk.popup_is_up());
    assert_eq!(terminal.executed().unwrap(), Vec::<String>::new());
}

#[test]
fn a_second_hotkey_that_is_taken_is_said() {
    let mut other = None;
    let desk = with_settings("hotkey_repeat = 'Ctrl+Alt+R'", |stage| {
        other = Some(Screen::take_hotkey(stage.display(), "Ctrl+Alt+r").unwrap());
    });
    let notice = desk.wait_notice("hotkey-taken");
    assert!(notice.contains("Ctrl+Alt+R"), "{notice}");
    // The first one is none of the other program's business.
    desk.app.summon(&desk.stage).unwrap();
}

#[test]
fn the_key_goes_to_a_listed_application() {
    let desk = with_settings("hotkey_ignored = ['player']", |_| ());
    let player = Player::open(&desk.stage, &[]);
    player.wait_key(&desk);
    drop(player);
    desk.terminal(Inside::Shell);
    desk.app.summon(&desk.stage).unwrap();
}

#[test]
fn the_key_goes_to_a_window_that_fills_the_screen() {
    let desk = Desk::new();
    let player = Player::open(&desk.stage, &["-fullscreen"]);
    player.wait_key(&desk);
    drop(player);
    desk.terminal(Inside::Shell);
    desk.app.summon(&desk.stage).unwrap();
}

fn with_settings(line: &str, prepare: impl FnOnce(&Stage)) -> Desk {
    Desk::prepared(Setup::default(), &Start::default(), |stage| {
        let folder = desk::config(stage);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("settings.toml"), line).unwrap();
        prepare(stage);
    })
}

/// A window of no known terminal that writes down the keys it gets.
struct Player {
    keys: std::path::PathBuf,
    _actor: caro_stage::Actor,
}

impl Player {
    fn open(stage: &Stage, options: &[&str]) -> Self {
        let keys = stage.folder().join("keys");
        let mut command = stage.command("xterm");
        command.args(["-class", "Player", "-name", "player", "-T", "player"]).args(options);
        command.args(["-e", "sh", "-c", "stty raw -echo; exec cat > \"$0\""]).arg(&keys);
        let actor = stage.start("player", command).unwrap();
        stage.screen().wait_active("player").unwrap();
        wait_until("the window's program", || Ok(keys.exists().then_some(()))).unwrap();
        Self { keys, _actor: actor }
    }

    /// Presses the hotkey until the window got it: Caro hears of the focus a moment after the window has it.
    fn wait_key(&self, desk: &Desk) {
        wait_until("the window to get the key", || {
            desk.stage.screen().press(app::HOTKEY)?;
            if fs::metadata(&self.keys)?.len() > 0 {
                return Ok(Some(()));
            }
            if desk.popup_is_up() {
                desk.press("Escape");
                desk.wait_hidden();
            }
            Ok(None)
        })
        .unwrap();
        assert!(!desk.popup_is_up());
    }
}
