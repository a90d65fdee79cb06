//! What the settings window and the tray act on: settings, hotkey, numbers, history.
//!
//! Invariant: a change that fails halfway is undone. A hotkey that is taken, or settings that cannot be saved, leave
//! everything as it was.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use caro::config::{Settings, SettingsStore};
use caro::engine::Engine;
use caro::history::History;
use caro::llm::Resident;
use caro::paths::Paths;
use caro::setup::{self, Chosen};
use caro::telemetry::Recorder;
use caro::{Error, ErrorCode};
use serde_json::{Map, Value, json};
use tauri::AppHandle;
use tauri_specta::Event as _;

use crate::commands::SettingsChanged;
use crate::driver::Driver;
use crate::hotkey::{Binding, Hotkey, InvalidBinding, Taken, Wanted};
use crate::sampler::{Rate, Sampler};
use crate::session::Event;
use crate::text::{self, Texts};
use crate::view::{
    ErrorView, HistoryView, NoticeView, PerformanceView, Session, SettingsPatch, SettingsView, StatusView,
};
use crate::{present, report, tray, windows};

/// The app as its settings window sees it.
pub struct Control {
    /// The app with its windows.
    pub app: AppHandle,
    /// The session's owner.
    pub driver: Driver,
    /// Settings on disk.
    pub store: Arc<SettingsStore>,
    /// The key that opens the popup.
    pub hotkey: Arc<Hotkey>,
    /// Numbers.
    pub recorder: Recorder,
    /// What the app uses.
    pub sampler: Sampler,
    /// What was accepted, when it can be kept.
    pub history: Option<Arc<History>>,
    /// Where the files are.
    pub paths: Paths,
    /// What answers; its language models are chosen here.
    pub engine: Arc<Engine>,
    /// The language model in use.
    pub model: Mutex<Option<Arc<Resident>>>,
    /// What kind of desktop this is.
    pub session: Session,
    /// What went wrong at the start.
    pub notices: Vec<NoticeView>,
}

impl Control {
    /// The settings, whole.
    pub fn settings(&self) -> SettingsView {
        report::settings(&self.store.settings())
    }

    /// Changes settings and what follows from them.
    ///
    /// # Errors
    /// When the hotkey is none or taken, or the settings cannot be saved.
    pub fn update(&self, patch: SettingsPatch) -> Result<SettingsView, ErrorView> {
        let before = self.store.settings();
        if let Some(hotkey) = &patch.hotkey {
            self.rebind(hotkey)?;
        }
        let changed = self.store.update(&Value::Object(differences(patch))).map_err(|error| {
            // The old key was ours a moment ago; should it be gone, the status says so.
            let _ = self.rebind(&before.hotkey);
            failure(&error)
        })?;
        self.follow(&changed);
        let view = report::settings(&changed);
        // A window that is just closing hears nothing.
        let _ = SettingsChanged(view.clone()).emit(&self.app);
        Ok(view)
    }

    /// Follows what another program, or the user by hand, has written into the settings file.
    pub fn reread(&self) {
        let before = self.store.settings();
        let Some((settings, notices)) = self.store.reread() else { return };
        for notice in &notices {
            self.driver.post(Event::NoticeRaised(present::notice(notice)));
        }
        // A key that is taken is said by `follow`.
        if settings.hotkey != before.hotkey {
            drop(self.rebind(&settings.hotkey));
        }
        self.follow(&settings);
        drop(SettingsChanged(report::settings(&settings)).emit(&self.app));
    }

    /// Gives the engine the language models that the settings ask for.
    pub fn choose_models(&self, settings: &Settings) {
        let mut current = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = setup::models(settings, &self.paths, current.as_ref(), &|name| std::env::var_os(name));
        self.driver.post(Event::ModelChanged(chosen.name()));
        let Chosen { models, resident, notices } = chosen;
        *current = resident;
        self.engine.set_models(models);
        for code in [ErrorCode::ModelMissing, ErrorCode::ModelUnknown] {
            self.driver.post(Event::NoticeDismissed(code.name().to_owned()));
        }
        for notice in &notices {
            self.driver.post(Event::NoticeRaised(present::notice(notice)));
        }
    }

    /// The state of the program.
    pub fn status(&self) -> StatusView {
        let hotkey = Arc::clone(&self.hotkey);
        let view = windows::on_main_thread(&self.app, move |_| hotkey.view()).unwrap_or_else(|| self.hotkey.view());
        let mut notices = self.notices.clone();
        notices.extend(report::hotkey_notice(&view));
        StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            os: std::env::consts::OS.to_owned(),
            language: text::language(self.store.settings().language),
            session: self.session,
            hotkey: view,
            tray_available: tray::exists(&self.app)
                && !notices.iter().any(|notice| notice.code == ErrorCode::TrayUnavailable.name()),
            notices,
            data_folder: self.paths.data.display().to_string(),
            config_folder: self.paths.config.display().to_string(),
        }
    }

    /// Numbers of the last hours.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn performance(&self, hours: u32) -> Result<PerformanceView, ErrorView> {
        self.recorder.flush();
        let since = SystemTime::now().checked_sub(Duration::from_secs(u64::from(hours) * 3_600));
        let performance =
            self.recorder.performance(since.unwrap_or(SystemTime::UNIX_EPOCH)).map_err(|error| failure(&error))?;
        Ok(report::performance(hours, performance, self.store.settings().telemetry))
    }

    /// Deletes every number kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_telemetry(&self) -> Result<(), ErrorView> {
        self.recorder.delete_all().map_err(|error| failure(&error))
    }

    /// The commands accepted last, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, limit: u32) -> Result<Vec<HistoryView>, ErrorView> {
        let Some(history) = &self.history else { return Ok(Vec::new()) };
        let entries = history.recent(limit).map_err(|error| failure(&error))?;
        Ok(entries.into_iter().filter_map(report::entry).collect())
    }

    /// Deletes every command kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_history(&self) -> Result<(), ErrorView> {
        let Some(history) = &self.history else { return Ok(()) };
        history.delete_all().map_err(|error| failure(&error))?;
        tray::show_recent(&self.app, history);
        Ok(())
    }

    fn rebind(&self, text: &str) -> Result<(), ErrorView> {
        let binding: Binding = text.parse().map_err(|error: InvalidBinding| ErrorView {
            code: ErrorCode::HotkeyInvalid.name().to_owned(),
            message: error.to_string(),
            hint: ErrorCode::HotkeyInvalid.hint().map(str::to_owned),
        })?;
        let hotkey = Arc::clone(&self.hotkey);
        let bound = windows::on_main_thread(&self.app, move |_| hotkey.rebind(binding));
        bound.unwrap_or(Ok(())).map_err(|taken: Taken| ErrorView {
            code: ErrorCode::HotkeyTaken.name().to_owned(),
            message: taken.to_string(),
            hint: report::free_keys(&taken.free),
        })
    }

    fn follow(&self, settings: &Settings) {
        let (wanted, shown) = if settings.hotkey_paused {
            (Wanted::Paused, tray::Shown::Paused)
        } else {
            (Wanted::Live, tray::Shown::Live)
        };
        let hotkey = Arc::clone(&self.hotkey);
        let texts = Texts::of(text::language(settings.language));
        let view = windows::on_main_thread(&self.app, move |app| {
            hotkey.set(wanted);
            tray::show_hotkey(app, shown);
            tray::speak(app, &texts);
            windows::speak(app, &texts);
            hotkey.view()
        });
        // What was said about the old key is over; what there is to say about the new one comes in its place.
        for code in [ErrorCode::HotkeyTaken, ErrorCode::HotkeyUnsupported] {
            self.driver.post(Event::NoticeDismissed(code.name().to_owned()));
        }
        if let Some(notice) = view.and_then(|view| report::hotkey_notice(&view)) {
            self.driver.post(Event::NoticeRaised(notice));
        }
        self.choose_models(settings);
        self.recorder.set_enabled(settings.telemetry);
        self.sampler.set(if settings.telemetry { Rate::Steady } else { Rate::Never });
        self.driver.post(Event::PreferencesChanged(report::preferences(settings)));
    }
}

/// An error of the engine's side, as it crosses the edge.
pub fn failure(error: &Error) -> ErrorView {
    ErrorView {
        code: error.code().name().to_owned(),
        message: error.to_string(),
        hint: error.hint().map(str::to_owned),
    }
}

/// The patch with the names of the settings file.
fn differences(patch: SettingsPatch) -> Map<String, Value> {
    let SettingsPatch { hotkey, hotkey_paused, theme, language, hide_on_blur, shell, telemetry, history } = patch;
    let written = hotkey.and_then(|text| text.parse::<Binding>().ok()).map(|binding| json!(binding.to_string()));
    let fields = [
        ("hotkey", written),
        ("hotkey_paused", hotkey_paused.map(Value::from)),
        ("theme", theme.map(|theme| json!(theme))),
        ("language", language.map(|language| json!(language))),
        ("hide_on_blur", hide_on_blur.map(Value::from)),
        ("shell", shell.map(|shell| json!(shell))),
        ("telemetry", telemetry.map(Value::from)),
        ("history", history.map(Value::from)),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Language, Shell, Theme};

    fn settings_after(patch: Value) -> Result<Settings, String> {
        let patch: SettingsPatch = serde_json::from_value(patch).map_err(|error| error.to_string())?;
        let mut settings = Settings::defaults(caro::context::Os::Linux);
        for (name, value) in differences(patch) {
            settings = settings.with(&name, &value).map_err(|error| error.to_string())?;
        }
        Ok(settings)
    }

    #[test]
    fn every_field_of_a_patch_reaches_its_setting() {
        let settings = settings_after(json!({
            "hotkey": "alt+f2", "hotkeyPaused": true, "theme": "dark", "language": "fr", "hideOnBlur": false,
            "shell": "fish", "telemetry": false, "history": false,
        }));
        let view = report::settings(&settings.unwrap());
        let expected = SettingsView {
            hotkey: "Alt+F2".to_owned(),
            hotkey_paused: true,
            theme: Theme::Dark,
            language: Some(Language::Fr),
            hide_on_blur: false,
            shell: Some(Shell::Fish),
            telemetry: false,
            history: false,
        };
        assert_eq!(view, expected);
    }

    #[test]
    fn what_a_patch_leaves_out_stays_and_null_unsets_the_shell() {
        assert_eq!(differences(serde_json::from_value(json!({})).unwrap()), Map::new());
        assert_eq!(
            Value::Object(differences(serde_json::from_value(json!({"shell": null})).unwrap())),
            json!({"shell": null})
        );
    }
}
