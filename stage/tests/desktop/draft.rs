//! What is made of a command in the popup before it is taken: fields, an edit, the safer one, a follow-up.

use caro_stage::wait_until;

use crate::desk::Desk;

impl Desk {
    /// Waits until the chosen command is this one, judged.
    fn wait_command(&self, expected: &str) {
        wait_until(&format!("the command `{expected}`"), || {
            Ok(self.app.selected()?.filter(|command| command == expected))
        })
        .unwrap_or_else(|error| panic!("{error}; it is {:?}", self.app.selected()));
    }

    fn wait_focus(&self, what: &str) {
        let script =
            "const at = document.activeElement; return at.dataset.field === arguments[0] || at.id === arguments[0]";
        self.app.page().wait_script(what, script, &[what]).unwrap();
    }

    fn wait_risk(&self, risk: &str) {
        wait_until(&format!("the risk {risk}"), || Ok((self.risk() == risk).then_some(()))).unwrap();
    }
}

#[test]
fn a_command_with_blanks_is_filled_in_with_tab_and_quoted_by_the_app() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    assert_eq!(desk.ask("rename a file"), "mv '<source>' '<target>'");
    desk.press("Enter");
    desk.wait_focus("source");
    desk.stage.screen().type_text("my notes; rm x").unwrap();
    desk.wait_command("mv 'my notes; rm x' '<target>'");
    desk.press("Enter");
    desk.wait_focus("target");
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"), "it is not whole yet");
    desk.stage.screen().type_text("$HOME").unwrap();
    desk.wait_command("mv 'my notes; rm x' '$HOME'");
    desk.press("Shift+Tab");
    desk.wait_focus("source");
    desk.press("Enter");
    desk.stage.wait_clipboard("mv 'my notes; rm x' '$HOME'").unwrap();
    desk.wait_hidden();
}

#[test]
fn a_command_is_edited_in_place_and_judged_at_every_key() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    desk.ask("list files");
    desk.press("Ctrl+E");
    desk.wait_focus("edit");
    desk.press("Ctrl+A");
    desk.stage.screen().type_text("rm -rf /").unwrap();
    desk.wait_command("rm -rf /");
    assert_eq!(desk.risk(), "blocked");
    desk.press("Enter");
    desk.press("Ctrl+Enter");
    desk.wait_receipt("refused");
    desk.press("Ctrl+A");
    desk.stage.screen().type_text("ls -l /tmp").unwrap();
    desk.wait_command("ls -l /tmp");
    assert_eq!(desk.risk(), "safe");
    desk.press("Enter");
    desk.stage.wait_clipboard("ls -l /tmp").unwrap();
    desk.wait_hidden();
}

#[test]
fn the_safer_command_is_one_key_away_and_the_first_one_another() {
    let desk = Desk::new();
    let first = desk.ask("remove the folder build");
    assert_eq!(desk.risk(), "dangerous");
    desk.press("Ctrl+S");
    desk.wait_command("gio trash build");
    desk.press("Escape");
    desk.wait_command(&first);
    desk.wait_risk("dangerous");
    assert!(desk.popup_is_up());
}

#[test]
fn a_follow_up_is_about_the_command_before() {
    let desk = Desk::new();
    let first = desk.ask("list files");
    desk.press("Escape");
    desk.wait_field("");
    let second = desk.app.ask(&desk.stage, "as root").unwrap();
    assert_eq!(second, Some(format!("sudo {first}")));
    desk.app.page().wait_element(".follows").unwrap();
    desk.press("Enter");
    desk.stage.wait_clipboard(&format!("sudo {first}")).unwrap();
}

#[test]
fn the_explanation_opens_and_names_every_part() {
    let desk = Desk::new();
    desk.ask("find large files over 100MB");
    desk.press("Ctrl+I");
    desk.app.page().wait_element("#parts").unwrap();
    let parts = desk.app.page().texts("#parts dt").unwrap();
    assert!(parts.contains(&"find".to_owned()) && parts.iter().any(|part| part.contains("-size")), "{parts:?}");
}

#[test]
fn up_brings_back_what_was_asked_even_after_a_new_start_of_the_popup() {
    let desk = Desk::new();
    let command = desk.ask("list files");
    desk.press("Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    desk.wait_hidden();
    desk.app.summon(&desk.stage).unwrap();
    desk.wait_field("");
    desk.press("Up");
    desk.wait_field("list files");
    desk.wait_command(&command);
}

#[test]
fn a_popup_opens_where_it_was_dragged_to() {
    let desk = Desk::new();
    let place = |desk: &Desk| {
        let popup = desk.app.summon(&desk.stage).unwrap();
        desk.stage.screen().place(popup.id).unwrap()
    };
    let (x, y) = place(&desk);
    // The mark, left of the field.
    let (grip, screen) = ((x + 36, y + 32), desk.stage.screen());
    let popup = screen.visible(caro_stage::app::POPUP).unwrap().unwrap();
    screen.hold_button(grip).unwrap();
    // The page asks the app, and the app the window manager: from then on the window follows, so a hand that waits for it.
    let mut aside = 0;
    wait_until("the popup to follow the pointer", || {
        aside = 4 - aside;
        screen.point((grip.0 + aside, grip.1))?;
        Ok((screen.place(popup.id)? != (x, y)).then_some(()))
    })
    .unwrap();
    screen.point((grip.0 - 200, grip.1 + 100)).unwrap();
    wait_until("the popup to be there", || Ok((screen.place(popup.id)?.0 < x - 150).then_some(()))).unwrap();
    screen.release_button().unwrap();
    screen.wait_for_window_manager().unwrap();
    desk.press("Escape");
    desk.wait_hidden();
    let (left, top) = place(&desk);
    // A percent of the room is 5 pixels here, and the hand waited within 4.
    assert!((left - (x - 200)).abs() <= 12 && (top - (y + 100)).abs() <= 12, "{left} {top}, from {x} {y}");
}

#[test]
fn a_pinned_popup_stays_when_another_window_comes_and_after_a_copy() {
    let desk = Desk::new();
    let command = desk.ask("list files");
    desk.press("Ctrl+P");
    desk.app.page().wait_element("[aria-pressed=true][aria-label='Keep open']").unwrap();
    desk.press("Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    desk.wait_receipt("copied");
    assert!(desk.popup_is_up());
    // The terminal has the focus for longer than the grace time, as its own prompt shows.
    let terminal = desk.terminal(caro_stage::terminal::Inside::Shell);
    desk.stage.screen().type_text("echo").unwrap();
    terminal.wait_prompt(&desk.stage, "echo").unwrap();
    assert!(desk.popup_is_up());
}
