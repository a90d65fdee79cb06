//! Files that are damaged, newer or cannot be written: said, kept aside, and no reason to stop.

use std::{
    fs,
    path::{Path, PathBuf},
};

use caro_stage::{Setup, Start};

use crate::desk::{Desk, config, data};

/// The files beside `file` that carry its name and more, without the log, the index and the lock of a database in use.
fn kept_aside(file: &Path) -> Vec<PathBuf> {
    let name = file.file_stem().unwrap().to_string_lossy().into_owned();
    let mut found: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| {
        let other = path.file_name().unwrap().to_string_lossy();
        path != file && other.starts_with(&name) && !["-wal", "-shm", ".lock"].iter().any(|end| other.ends_with(end))
    });
    found
}

/// Starts the app over a `file` holding `content`; it says `code`, keeps the bytes and works.
fn assert_kept_and_said(folder: fn(&caro_stage::Stage) -> PathBuf, file: &str, content: &[u8], code: &str) {
    let desk = Desk::prepared(Setup::default(), &Start::default(), |stage| {
        fs::create_dir_all(folder(stage)).unwrap();
        fs::write(folder(stage).join(file), content).unwrap();
    });
    desk.wait_notice(code);
    let kept = kept_aside(&folder(&desk.stage).join(file));
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(fs::read(&kept[0]).unwrap(), content);
    desk.assert_works();
}

#[test]
fn damaged_settings_are_kept_aside_and_said() {
    assert_kept_and_said(config, "settings.toml", b"hotkey = \xff\x00 [", "settings-damaged");
}

#[test]
fn newer_settings_are_kept_aside_and_said() {
    assert_kept_and_said(config, "settings.toml", b"version = 999\nhotkey = 7\n", "settings-newer");
}

#[test]
fn a_damaged_telemetry_database_is_kept_aside_and_said() {
    assert_kept_and_said(data, "telemetry.sqlite3", &[b'x'; 4096], "telemetry-set-aside");
}

#[test]
fn a_damaged_history_database_is_kept_aside_and_said() {
    assert_kept_and_said(data, "history.sqlite3", &[b'x'; 4096], "history-set-aside");
}

#[test]
fn a_data_folder_nobody_may_write_to_is_said() {
    // Root may write everywhere but here: the kernel makes no folder in sysfs for anyone.
    let desk =
        Desk::with(Setup::default(), &Start { environment: &[("XDG_DATA_HOME", "/sys/kernel")], ..Start::default() });
    desk.wait_notice("telemetry-unavailable");
    desk.wait_notice("history-unavailable");
    desk.assert_works();
}
