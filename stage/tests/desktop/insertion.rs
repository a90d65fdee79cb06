//! Typing into the terminal that had the focus: byte for byte, without running it; and what is never typed.

use caro_stage::terminal::Inside;

use crate::desk::{Desk, SAFE};

/// Questions whose commands hold what shells, tmux, keyboards and terminals treat specially.
const HARD: [&str; 6] = [
    SAFE,
    r#"find files containing "a b; c | d & e > f < g""#,
    r#"find files containing "$HOME `date` $(id) !! \ ~ # %""#,
    r#"find files containing "é ß € 日本語 🦀 ←""#,
    r#"find files containing "it's {x,y} [z] * ? ^ = + - _ , . / : @""#,
    "count lines in *.rs",
];

#[test]
fn the_command_reaches_the_prompt_of_an_xterm_byte_for_byte() {
    each_hard_command_reaches_the_prompt(Inside::Shell, "xterm");
}

#[test]
fn the_command_reaches_the_prompt_of_a_tmux_pane_byte_for_byte() {
    each_hard_command_reaches_the_prompt(Inside::Tmux, "tmux");
}

#[test]
fn the_command_reaches_the_prompt_of_a_window_of_screen_byte_for_byte() {
    each_hard_command_reaches_the_prompt(Inside::Screen, "screen");
}

#[test]
fn the_command_reaches_the_prompt_of_kitty_byte_for_byte() {
    each_hard_command_reaches_the_prompt(Inside::Kitty, "kitty");
}

fn each_hard_command_reaches_the_prompt(inside: Inside, name: &str) {
    let desk = Desk::new();
    let terminal = desk.terminal(inside);
    let folder = desk.stage.home("HOME").unwrap().join("src");
    std::fs::create_dir_all(&folder).unwrap();
    terminal.enter(&desk.stage, &folder).unwrap();
    desk.stage.set_clipboard("before").unwrap();
    for question in HARD {
        let command = desk.ask(question);
        desk.wait_target(&format!("{name}: ~/src"));
        desk.press("Ctrl+Enter");
        desk.wait_hidden();
        terminal
            .wait_prompt(&desk.stage, &command)
            .unwrap_or_else(|error| panic!("{question:?} by {name}: {error}; {:?}", desk.app.page().text("#receipt")));
        desk.press("Ctrl+U");
        terminal.wait_prompt(&desk.stage, "").unwrap();
    }
    assert_eq!(terminal.executed().unwrap(), Vec::<String>::new());
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"), "the clipboard is not needed for this");
    let receipt = desk.wait_receipt("inserted");
    assert!(receipt.contains(&format!("{name}: ~/src")), "{receipt:?} names the place");
}

#[test]
fn what_stood_at_the_prompt_stays() {
    let desk = Desk::new();
    let terminal = desk.terminal(Inside::Shell);
    desk.stage.screen().type_text("echo ").unwrap();
    terminal.wait_prompt(&desk.stage, "echo ").unwrap();
    let command = desk.ask(SAFE);
    desk.press("Ctrl+Enter");
    terminal.wait_prompt(&desk.stage, &format!("echo {command}")).unwrap();
}

#[test]
fn a_window_that_is_no_terminal_gets_a_copy_and_the_reason() {
    let desk = Desk::new();
    // The same program under a class that no terminal has.
    let mut command = desk.stage.command("xterm");
    command.args(["-class", "Chat", "-name", "chat", "-T", "chat", "-e", "cat"]);
    let _chat = desk.stage.start("chat", command).unwrap();
    desk.stage.screen().wait_active("chat").unwrap();
    let command = desk.ask(SAFE);
    desk.press("Ctrl+Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    let receipt = desk.wait_receipt("copied");
    assert!(receipt.to_lowercase().contains("terminal"), "{receipt:?} says why it was copied");
}

#[test]
fn a_dangerous_command_needs_a_second_press() {
    let desk = Desk::new();
    let terminal = desk.terminal(Inside::Shell);
    desk.stage.set_clipboard("before").unwrap();
    let command = desk.ask(DANGEROUS);
    assert_eq!(desk.risk(), "dangerous", "{command}");
    desk.press("Enter");
    wait_confirming(&desk);
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"));
    desk.press("Enter");
    desk.stage.wait_clipboard(&command).unwrap();
    desk.wait_hidden();

    desk.ask(DANGEROUS);
    desk.press("Ctrl+Enter");
    wait_confirming(&desk);
    assert!(desk.popup_is_up(), "nothing was typed yet");
    desk.press("Ctrl+Enter");
    desk.wait_hidden();
    terminal.wait_prompt(&desk.stage, &command).unwrap();
    assert_eq!(terminal.executed().unwrap(), Vec::<String>::new());
}

#[test]
fn a_held_key_does_not_confirm() {
    let desk = Desk::new();
    desk.stage.set_clipboard("before").unwrap();
    desk.ask(DANGEROUS);
    desk.stage
        .screen()
        .hold("Enter", || {
            wait_confirming(&desk);
            // Long enough for a dozen repeats: the X server starts after 660 ms and sends 25 a second.
            let start = std::time::Instant::now();
            caro_stage::wait_until("the key to repeat", || Ok((start.elapsed().as_millis() > 1200).then_some(())))
        })
        .unwrap();
    assert!(desk.popup_is_up());
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"));
}

#[test]
fn a_blocked_command_is_neither_copied_nor_typed() {
    let desk = Desk::new();
    let terminal = desk.terminal(Inside::Shell);
    desk.stage.set_clipboard("before").unwrap();
    let command = desk.ask(BLOCKED);
    assert_eq!(desk.risk(), "blocked", "{command}");
    for chord in ["Enter", "Enter", "Ctrl+Enter", "Ctrl+Enter"] {
        desk.press(chord);
        assert!(!desk.wait_receipt("refused").is_empty());
    }
    assert!(desk.popup_is_up());
    desk.press("Escape");
    desk.press("Escape");
    desk.wait_hidden();
    assert_eq!(desk.stage.clipboard().unwrap().as_deref(), Some("before"));
    assert_eq!(terminal.prompt(&desk.stage).unwrap(), "");
}

const DANGEROUS: &str = "discard all my uncommitted changes";
const BLOCKED: &str = "delete everything in /";

fn wait_confirming(desk: &Desk) {
    desk.app.page().wait_element("#suggestions [aria-selected=true] .confirming").unwrap();
}
