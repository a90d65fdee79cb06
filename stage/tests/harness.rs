//! The virtual desktop itself: that it does what a desktop does, before anything is said about the app on it.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs, panic,
    path::{Path, PathBuf},
};

use caro_stage::{Setup, Stage, Terminal, Tray, terminal::Inside, wait_until};

const METACHARACTERS: &str =
    r#"printf '%s' "a b" $HOME `x` \ ; & | < > ( ) { } [ ] * ? ! ~ # = % ^ , . / : @ + - _ é 日本 €"#;

#[test]
fn keys_reach_the_prompt_byte_for_byte() {
    let stage = Stage::open().unwrap();
    let terminal = Terminal::open(&stage, "reader", Inside::Shell).unwrap();
    stage.screen().type_text(METACHARACTERS).unwrap();
    terminal.wait_prompt(&stage, METACHARACTERS).unwrap();
    assert_eq!(terminal.executed().unwrap(), Vec::<String>::new());
    stage.screen().press("Ctrl+U").unwrap();
    stage.screen().type_text("echo ran").unwrap();
    stage.screen().press("Enter").unwrap();
    wait_until("the line to run", || Ok((terminal.executed()? == ["echo ran"]).then_some(()))).unwrap();
}

#[test]
fn keys_reach_the_prompt_inside_tmux() {
    let stage = Stage::open().unwrap();
    let terminal = Terminal::open(&stage, "reader", Inside::Tmux).unwrap();
    stage.screen().type_text(METACHARACTERS).unwrap();
    terminal.wait_prompt(&stage, METACHARACTERS).unwrap();
}

#[test]
fn the_clipboard_is_the_stage_s_own() {
    let (one, other) = (Stage::open().unwrap(), Stage::open().unwrap());
    one.set_clipboard("first\n日本").unwrap();
    assert_eq!(one.clipboard().unwrap().as_deref(), Some("first\n日本"));
    assert_eq!(other.clipboard().unwrap(), None);
}

#[test]
fn windows_are_found_and_pictured() {
    let stage = Stage::open().unwrap();
    assert!(stage.screen().visible("pictured").unwrap().is_none());
    let terminal = Terminal::open(&stage, "pictured", Inside::Shell).unwrap();
    let window = stage.screen().wait_active("pictured").unwrap();
    let picture = wait_until("the terminal to be drawn", || {
        let picture = stage.screen().capture(Some(window.id))?;
        Ok((!picture.is_blank()).then_some(picture))
    })
    .unwrap();
    let file = stage.home("HOME").unwrap().join("picture.png");
    picture.save(&file).unwrap();
    assert!(fs::read(file).unwrap().starts_with(b"\x89PNG"));
    drop(terminal);
    stage.screen().wait_hidden("pictured").unwrap();
}

#[test]
fn a_hotkey_can_be_taken_by_another_program() {
    let stage = Stage::open().unwrap();
    let taken = caro_stage::Screen::take_hotkey(stage.display(), "Ctrl+Alt+Space").unwrap();
    assert!(caro_stage::Screen::take_hotkey(stage.display(), "Ctrl+Alt+Space").is_err());
    drop(taken);
    wait_until("the hotkey to be free", || Ok(caro_stage::Screen::take_hotkey(stage.display(), "Ctrl+Alt+Space").ok()))
        .unwrap();
}

#[test]
fn the_panel_is_a_tray() {
    Stage::with(Setup { tray: Tray::Panel, ..Setup::default() }).unwrap();
}

#[test]
fn nothing_outlives_a_stage_even_when_the_test_panics() {
    let outcome = panic::catch_unwind(|| {
        let stage = Stage::with(Setup { tray: Tray::Panel, ..Setup::default() }).unwrap();
        let _terminal = Terminal::open(&stage, "doomed", Inside::Tmux).unwrap();
        let folder = stage.folder().to_owned();
        let names = processes_of(&folder);
        for name in ["Xvfb", "dbus-daemon", "openbox", "xfce4-panel", "xfconfd", "xterm", "tmux: server", "bash"] {
            assert!(names.iter().any(|known| known == name), "{name} is not among {names:?}");
        }
        panic::resume_unwind(Box::new(folder));
    });
    let folder = *outcome.unwrap_err().downcast::<PathBuf>().unwrap();
    // A killed process keeps its entry for a moment; as a zombie it has no environment.
    wait_until("the processes to end", || Ok(processes_of(&folder).is_empty().then_some(()))).unwrap();
    assert!(!folder.exists());
}

/// The names of the processes that carry the mark of the stage in `folder`.
fn processes_of(folder: &Path) -> Vec<String> {
    let mark = format!("CARO_STAGE={}\0", folder.display());
    let of_stage = |process: &PathBuf| {
        fs::read(process.join("environ")).is_ok_and(|environment| String::from_utf8_lossy(&environment).contains(&mark))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path()).filter(of_stage);
    processes
        .filter_map(|process| fs::read_to_string(process.join("comm")).ok())
        .map(|name| name.trim().to_owned())
        .collect()
}
