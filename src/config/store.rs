//! The settings in force and the file behind them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::Value;

use super::document::{Document, Reading};
use super::{Error, Settings, json};
use crate::context::Os;
use crate::error::ErrorCode;
use crate::notice::Notice;
use crate::paths::Paths;
use crate::storage::{Defect, private_folder, replace, set_aside};

/// The settings in force. Shared by reference between threads.
#[derive(Debug)]
pub struct SettingsStore {
    path: PathBuf,
    defaults: Settings,
    settings: Mutex<Settings>,
    /// What the file looked like when it was last read or written.
    seen: Mutex<Option<(SystemTime, u64)>>,
}

impl SettingsStore {
    /// Reads the user's file, which need not be there. Whatever is wrong with it comes back as notices, and the rest of it
    /// is in force.
    pub fn open(paths: &Paths) -> (Self, Vec<Notice>) {
        let path = paths.settings();
        let defaults = Settings::defaults(Os::current());
        let (document, mut notices) = load(&path);
        let settings = apply(&defaults, &document, &mut notices);
        let seen = Mutex::new(look(&path));
        (Self { path, defaults, settings: Mutex::new(settings), seen }, notices)
    }

    /// The settings, when somebody else has changed the file since: another program, or the user by hand.
    pub fn reread(&self) -> Option<(Settings, Vec<Notice>)> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = look(&self.path);
        if *seen == now {
            return None;
        }
        *seen = now;
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let (document, mut notices) = load(&self.path);
        let read = apply(&self.defaults, &document, &mut notices);
        if read == *settings && notices.is_empty() {
            return None;
        }
        settings.clone_from(&read);
        Some((read, notices))
    }

    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings named in `patch`, a JSON object of keys and values, and saves them. All or nothing.
    ///
    /// # Errors
    /// When a key or a value is none of ours, or the file cannot be written; the settings in force are then unchanged.
    pub fn update(&self, patch: &Value) -> Result<Settings, crate::Error> {
        let Value::Object(patch) = patch else {
            let reason = "settings are changed by an object".to_owned();
            return Err(Error::InvalidSetting { name: "settings".to_owned(), value: patch.to_string(), reason }.into());
        };
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        // The user may have edited the file since: what Caro does not change is taken from there.
        let (mut document, mut ignored) = load(&self.path);
        let mut changed = apply(&self.defaults, &document, &mut ignored);
        let defaults = json(&self.defaults);
        for (key, value) in patch {
            changed = changed.with(key, value)?;
            if defaults.get(key) == Some(value) {
                document.reset(key, value);
            } else {
                document.set(key, value);
            }
        }
        save(&self.path, &document).map_err(|source| Error::Unwritable { path: self.path.clone(), source })?;
        settings.clone_from(&changed);
        drop(settings);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = look(&self.path);
        Ok(changed)
    }
}

/// When the file was changed and how long it is; `None` when it is not there.
fn look(path: &Path) -> Option<(SystemTime, u64)> {
    let file = fs::metadata(path).ok()?;
    Some((file.modified().ok()?, file.len()))
}

fn save(path: &Path, document: &Document) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    replace(path, document.text().as_bytes())
}

fn load(path: &Path) -> (Document, Vec<Notice>) {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Document::default(), Vec::new()),
        Err(source) => {
            let error = crate::Error::from(Error::Unreadable { path: path.to_owned(), source });
            return (Document::default(), vec![Notice::new(error.code(), error.to_string())]);
        }
    };
    let notice = match Document::read(&bytes) {
        Reading::Usable(document) => return (document, Vec::new()),
        Reading::Damaged(why) => kept(
            path,
            Defect::Corrupt,
            ErrorCode::SettingsDamaged,
            &format!("the settings do not read as TOML ({why})"),
        ),
        Reading::Newer => {
            kept(path, Defect::Newer, ErrorCode::SettingsNewer, "the settings were written by a newer Caro")
        }
    };
    (Document::default(), vec![notice])
}

fn kept(path: &Path, defect: Defect, code: ErrorCode, what: &str) -> Notice {
    let message = match set_aside(path, defect, SystemTime::now()) {
        Ok(aside) => format!("{what}; they are kept as {}, the defaults are in force", aside.display()),
        Err(error) => format!("{what} and cannot be renamed ({error}); the defaults are in force"),
    };
    Notice::new(code, message)
}

fn apply(defaults: &Settings, document: &Document, notices: &mut Vec<Notice>) -> Settings {
    let mut settings = defaults.clone();
    for (key, value) in document.entries() {
        let applied = value
            .map_err(|reason| Error::InvalidSetting { name: key.to_owned(), value: "that".to_owned(), reason })
            .and_then(|value| settings.with(key, &value));
        match applied {
            Ok(with) => settings = with,
            Err(error) => {
                let error = crate::Error::from(error);
                notices.push(Notice::new(error.code(), format!("a setting was ignored: {error}")));
            }
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Theme;

    struct Home(tempfile::TempDir);

    impl Home {
        fn with(text: &str) -> Self {
            let home = Self(tempfile::tempdir().unwrap());
            fs::create_dir_all(&home.paths().config).unwrap();
            fs::write(home.paths().settings(), text).unwrap();
            home
        }

        fn paths(&self) -> Paths {
            let folder = |name| self.0.path().join(name);
            Paths { config: folder("config"), data: folder("data"), cache: folder("cache"), runtime: folder("run") }
        }

        fn text(&self) -> String {
            fs::read_to_string(self.paths().settings()).unwrap()
        }

        fn kept(&self) -> Vec<PathBuf> {
            crate::storage::files_set_aside(&self.paths().settings())
        }
    }

    #[test]
    fn only_differences_are_stored_and_comments_stay() {
        let home = Home::with("# mine\ntheme = \"dark\" # at night\n");
        let (store, notices) = SettingsStore::open(&home.paths());
        assert_eq!(notices, []);
        assert_eq!(store.settings().theme, Theme::Dark);
        store.update(&json!({"telemetry": false, "shell": "fish"})).unwrap();
        store.update(&json!({"telemetry": true})).unwrap();
        let text = home.text();
        assert!(text.contains("# mine") && text.contains("# at night") && text.contains("shell = \"fish\""), "{text}");
        assert!(!text.contains("telemetry"), "{text}");
        let (again, _) = SettingsStore::open(&home.paths());
        assert_eq!(again.settings(), store.settings());
    }

    #[test]
    fn resetting_a_commented_setting_keeps_the_comment() {
        let home = Home::with("# because of my eyes\ntheme = \"contrast\"\n");
        let (store, _) = SettingsStore::open(&home.paths());
        store.update(&json!({"theme": "system"})).unwrap();
        assert!(home.text().contains("# because of my eyes\ntheme = \"system\""), "{}", home.text());
    }

    #[test]
    fn an_unset_shell_is_found_out_again() {
        let home = Home::with("shell = \"zsh\"\n");
        let (store, _) = SettingsStore::open(&home.paths());
        assert_eq!(store.update(&json!({"shell": null})).unwrap().shell, None);
        assert!(!home.text().contains("shell"), "{}", home.text());
    }

    #[test]
    fn a_bad_line_costs_only_itself() {
        let home = Home::with("theme = \"purple\"\ncolour = 3\nhide_on_blur = false\n[hotkey]\nkey = 1979-05-27\n");
        let (store, notices) = SettingsStore::open(&home.paths());
        let codes: Vec<_> = notices.iter().map(|notice| notice.code).collect();
        assert_eq!(codes, [ErrorCode::InvalidSetting, ErrorCode::UnknownSetting, ErrorCode::InvalidSetting]);
        assert!(!store.settings().hide_on_blur);
        assert_eq!(store.settings().theme, Theme::System);
        assert_eq!(home.kept(), [] as [PathBuf; 0]);
    }

    #[test]
    fn an_unusable_file_is_kept_and_said() {
        for (content, code) in [
            (&b"theme = "[..], ErrorCode::SettingsDamaged),
            (b"\xff\xfe\0\0", ErrorCode::SettingsDamaged),
            (b"version = 2\ntheme = \"dark\"\n", ErrorCode::SettingsNewer),
        ] {
            let home = Home::with("");
            fs::write(home.paths().settings(), content).unwrap();
            let (store, notices) = SettingsStore::open(&home.paths());
            assert_eq!(notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), [code]);
            assert_eq!(store.settings(), Settings::defaults(Os::current()));
            let [kept] = &home.kept()[..] else { panic!("{:?}", home.kept()) };
            assert_eq!(fs::read(kept).unwrap(), content);
            assert!(notices[0].message.contains(&kept.display().to_string()), "{notices:?}");
            store.update(&json!({"theme": "light"})).unwrap();
            assert_eq!(SettingsStore::open(&home.paths()).0.settings().theme, Theme::Light);
        }
    }

    #[test]
    fn a_refused_change_changes_nothing() {
        let home = Home::with("theme = \"dark\"\n");
        let (store, _) = SettingsStore::open(&home.paths());
        for (patch, code) in [
            (json!({"telemetry": false, "theme": 7}), ErrorCode::InvalidSetting),
            (json!({"telemetry": false, "colour": "red"}), ErrorCode::UnknownSetting),
        ] {
            assert_eq!(store.update(&patch).unwrap_err().code(), code);
        }
        assert!(store.settings().telemetry);
        assert_eq!(home.text(), "theme = \"dark\"\n");
    }

    #[test]
    fn settings_that_cannot_be_saved_are_not_in_force() {
        let home = Home(tempfile::tempdir().unwrap());
        // A file in place of the folder fails for every user, root included.
        fs::write(&home.paths().config, "").unwrap();
        let (store, notices) = SettingsStore::open(&home.paths());
        assert!(notices.iter().all(|notice| notice.code == ErrorCode::SettingsUnreadable), "{notices:?}");
        let error = store.update(&json!({"telemetry": false})).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SettingsUnwritable);
        assert!(store.settings().telemetry);
    }

    #[test]
    fn what_another_program_writes_is_read_and_what_was_written_here_is_not_read_again() {
        let home = Home::with("");
        let (store, _) = SettingsStore::open(&home.paths());
        assert_eq!(store.reread(), None);
        let (other, _) = SettingsStore::open(&home.paths());
        other.update(&json!({ "theme": "dark", "model": "a" })).unwrap();
        let (read, notices) = store.reread().expect("the file has changed");
        assert_eq!((read.theme, read.model.as_deref(), notices.len()), (Theme::Dark, Some("a"), 0));
        assert_eq!(store.settings(), read);
        assert_eq!(store.reread(), None);
        store.update(&json!({ "theme": "light" })).unwrap();
        assert_eq!(store.reread(), None);
        fs::write(home.paths().settings(), "theme = 'no such'").unwrap();
        let (read, notices) = store.reread().expect("the file has changed");
        assert_eq!((read.theme, notices.len()), (Theme::System, 1));
    }
}
