//! What the settings window and the tray act on: settings, hotkey, numbers. The history has a file of its own, `past`.
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
use caro::storage;
use caro::telemetry::{self, Format, Recorder};
use caro::{Error, ErrorCode};
use serde_json::{Map, Value, json};
use tauri::{AppHandle, Manager as _};
use tauri_specta::Event as _;

use crate::commands::SettingsChanged;
use crate::driver::Driver;
use crate::hotkey::{Action, Binding, Hotkeys, InvalidBinding, Taken, Wanted};
use crate::library::Library;
use crate::log::{self, Log};
use crate::sampler::Sampler;
use crate::session::Event;
use crate::text::{self, Texts};
use crate::view::{
    ErrorView, ExportFormat, NoticeView, PerformanceView, Session, SettingsPatch, SettingsView, StatusView,
};
use crate::{autostart, present, report, tray, windows};

/// The app as its settings window sees it.
pub struct Control {
    /// The app with its windows.
    pub app: AppHandle,
    /// The session's owner.
    pub driver: Driver,
    /// Settings on disk.
    pub store: Arc<SettingsStore>,
    /// The keys that work from anywhere.
    pub hotkeys: Arc<Hotkeys>,
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
    /// The models on this machine and those to be had.
    pub library: Library,
    /// Who is asked what the rules do not know, by the names the user knows.
    pub asked: Mutex<Option<String>>,
    /// What happened.
    pub log: Log,
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
        let changed = self.change(patch);
        let entry = match &changed {
            Ok(_) => log::Entry::SettingsChanged,
            Err(error) => log::Entry::Failed(&error.code),
        };
        self.log.note(SystemTime::now(), entry);
        changed
    }

    fn change(&self, patch: SettingsPatch) -> Result<SettingsView, ErrorView> {
        let before = self.store.settings();
        for (action, key) in wanted_keys(&patch) {
            if let Err(error) = self.rebind(action, key.as_deref()) {
                self.rebind_all(&before);
                return Err(error);
            }
        }
        let changed = self.store.update(&Value::Object(differences(patch))).map_err(|error| {
            // The old keys were ours a moment ago; should one be gone, the status says so.
            self.rebind_all(&before);
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
        if keys(&settings) != keys(&before) {
            self.rebind_all(&settings);
        }
        self.follow(&settings);
        drop(SettingsChanged(report::settings(&settings)).emit(&self.app));
    }

    /// Gives the engine the language models that the settings ask for.
    pub fn choose_models(&self, settings: &Settings) {
        let mut current = self.model.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = setup::models(settings, &self.paths, current.as_ref(), &|name| std::env::var_os(name));
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&chosen.name());
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

    /// Who is asked what the rules do not know.
    pub fn asked(&self) -> Option<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Memory of the language model in use, 0 when none is loaded.
    pub fn model_bytes(&self) -> u64 {
        // Asked apart from the lock: nobody waits for a model to say this.
        let model = self.model.lock().unwrap_or_else(PoisonError::into_inner).clone();
        model.map_or(0, |model| model.bytes())
    }

    /// The state of the program.
    pub fn status(&self) -> StatusView {
        let hotkeys = Arc::clone(&self.hotkeys);
        let looked = move || (Action::ALL.map(|action| hotkeys.view(action)), report::hotkeys_notice(&hotkeys));
        let look = looked.clone();
        let ([hotkey, hotkey_clipboard, hotkey_repeat], notice) =
            windows::on_main_thread(&self.app, move |_| look()).unwrap_or_else(looked);
        let mut notices = self.notices.clone();
        notices.extend(notice);
        StatusView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            os: std::env::consts::OS.to_owned(),
            language: text::language(self.store.settings().language),
            session: self.session,
            hotkey,
            hotkey_clipboard,
            hotkey_repeat,
            starts_at_login: autostart::is_on(&self.app),
            tray_available: tray::exists(&self.app)
                && !notices.iter().any(|notice| notice.code == ErrorCode::TrayUnavailable.name()),
            notices,
            terminals: report::terminals(self.session),
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

    /// Writes every number kept into the user's folder for downloads, or beside the database where there is none.
    ///
    /// # Errors
    /// When the database cannot be read or the file not be written.
    pub fn export_telemetry(&self, format: ExportFormat) -> Result<String, ErrorView> {
        let (format, ending) = match format {
            ExportFormat::Json => (Format::Json, "json"),
            ExportFormat::Csv => (Format::Csv, "csv"),
        };
        let mut text = Vec::new();
        self.recorder.export(format, &mut text).map_err(|error| failure(&error))?;
        let folder = self.app.path().download_dir().ok().filter(|folder| folder.is_dir());
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let name = format!("caro-performance-{}.{ending}", since_1970.as_secs());
        let file = folder.unwrap_or_else(|| self.paths.data.clone()).join(name);
        let written = storage::replace(&file, &text);
        written.map_err(|error| failure(&telemetry::Error::Output(error).into()))?;
        Ok(file.display().to_string())
    }

    /// Deletes every number kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn delete_telemetry(&self) -> Result<(), ErrorView> {
        self.recorder.delete_all().map_err(|error| failure(&error))
    }

    fn rebind(&self, action: Action, text: Option<&str>) -> Result<(), ErrorView> {
        let binding: Option<Binding> = text.map(str::parse).transpose().map_err(|error: InvalidBinding| ErrorView {
            code: ErrorCode::HotkeyInvalid.name().to_owned(),
            message: error.to_string(),
            hint: ErrorCode::HotkeyInvalid.hint().map(str::to_owned),
        })?;
        let hotkeys = Arc::clone(&self.hotkeys);
        let bound = windows::on_main_thread(&self.app, move |_| hotkeys.rebind(action, binding));
        bound.unwrap_or(Ok(())).map_err(|taken: Taken| ErrorView {
            code: ErrorCode::HotkeyTaken.name().to_owned(),
            message: taken.to_string(),
            hint: report::free_keys(&taken.free),
        })
    }

    fn rebind_all(&self, settings: &Settings) {
        for (action, key) in keys(settings) {
            drop(self.rebind(action, key));
        }
    }

    fn follow(&self, settings: &Settings) {
        let (wanted, shown) = if settings.hotkey_paused {
            (Wanted::Paused, tray::Shown::Paused)
        } else {
            (Wanted::Live, tray::Shown::Live)
        };
        let hotkeys = Arc::clone(&self.hotkeys);
        let yielding = report::yielding(settings);
        let texts = Texts::of(text::language(settings.language));
        let private = settings.private;
        let notice = windows::on_main_thread(&self.app, move |app| {
            hotkeys.set(wanted);
            hotkeys.yield_to(yielding);
            tray::show_hotkey(app, shown);
            tray::show_private(app, private);
            tray::speak(app, &texts);
            windows::speak(app, &texts);
            report::hotkeys_notice(&hotkeys)
        });
        // What was said about the old key is over; what there is to say about the new one comes in its place.
        for code in [ErrorCode::HotkeyTaken, ErrorCode::HotkeyUnsupported] {
            self.driver.post(Event::NoticeDismissed(code.name().to_owned()));
        }
        if let Some(notice) = notice.flatten() {
            self.driver.post(Event::NoticeRaised(notice));
        }
        self.choose_models(settings);
        self.follow_privacy(settings);
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

/// The keys the settings name.
fn keys(settings: &Settings) -> [(Action, Option<&str>); 3] {
    [
        (Action::Open, Some(&settings.hotkey)),
        (Action::OpenClipboard, settings.hotkey_clipboard.as_deref()),
        (Action::Repeat, settings.hotkey_repeat.as_deref()),
    ]
}

/// The keys a patch changes.
fn wanted_keys(patch: &SettingsPatch) -> Vec<(Action, Option<String>)> {
    let changed = [
        (Action::Open, patch.hotkey.clone().map(Some)),
        (Action::OpenClipboard, patch.hotkey_clipboard.clone()),
        (Action::Repeat, patch.hotkey_repeat.clone()),
    ];
    changed.into_iter().filter_map(|(action, key)| Some((action, key?))).collect()
}

/// A hotkey in the one way it is written.
fn written(text: &str) -> Value {
    text.parse::<Binding>().map_or(Value::Null, |binding| json!(binding.to_string()))
}

/// The patch with the names of the settings file.
fn differences(patch: SettingsPatch) -> Map<String, Value> {
    let SettingsPatch {
        hotkey,
        hotkey_clipboard,
        hotkey_repeat,
        hotkey_paused,
        hotkey_ignored,
        hotkey_full_screen,
        theme,
        language,
        hide_on_blur,
        shell,
        telemetry,
        history,
        ..
    } = patch.clone();
    let SettingsPatch { history_entries, history_days, private, .. } = patch.clone();
    let SettingsPatch { model, model_idle_minutes, model_confidence, model_first, remote_url, remote_model, .. } =
        patch;
    let extra = |key: Option<Option<String>>| key.map(|key| key.map_or(Value::Null, |text| written(&text)));
    let fields = [
        ("hotkey", hotkey.map(|text| written(&text))),
        ("hotkey_clipboard", extra(hotkey_clipboard)),
        ("hotkey_repeat", extra(hotkey_repeat)),
        ("hotkey_ignored", hotkey_ignored.map(|names| json!(names))),
        ("hotkey_full_screen", hotkey_full_screen.map(Value::from)),
        ("hotkey_paused", hotkey_paused.map(Value::from)),
        ("theme", theme.map(|theme| json!(theme))),
        ("language", language.map(|language| json!(language))),
        ("hide_on_blur", hide_on_blur.map(Value::from)),
        ("shell", shell.map(|shell| json!(shell))),
        ("telemetry", telemetry.map(Value::from)),
        ("history", history.map(Value::from)),
        ("history_entries", history_entries.map(Value::from)),
        ("history_days", history_days.map(|days| json!(days))),
        ("private", private.map(Value::from)),
        ("model", model.map(|model| json!(model))),
        ("model_idle_minutes", model_idle_minutes.map(Value::from)),
        ("model_confidence", model_confidence.map(Value::from)),
        ("model_first", model_first.map(|first| json!(first))),
        ("remote_url", remote_url.map(|url| json!(url))),
        ("remote_model", remote_model.map(|model| json!(model))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Language, ModelFirst, Shell, Theme};

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
            "hotkey": "alt+f2", "hotkeyClipboard": "ctrl+alt+v", "hotkeyRepeat": "f9", "hotkeyPaused": true,
            "hotkeyIgnored": ["mpv"], "hotkeyFullScreen": true, "theme": "dark", "language": "fr", "hideOnBlur": false,
            "shell": "fish", "telemetry": false, "history": false, "model": "tiny", "modelIdleMinutes": 3,
            "modelConfidence": 55, "modelFirst": "remote", "remoteUrl": "http://localhost:1/v1", "remoteModel": "big",
            "historyEntries": 50, "historyDays": 30, "private": true,
        }));
        let view = report::settings(&settings.unwrap());
        let expected = SettingsView {
            hotkey: "Alt+F2".to_owned(),
            hotkey_clipboard: Some("Ctrl+Alt+V".to_owned()),
            hotkey_repeat: Some("F9".to_owned()),
            hotkey_paused: true,
            hotkey_ignored: vec!["mpv".to_owned()],
            hotkey_full_screen: true,
            theme: Theme::Dark,
            language: Some(Language::Fr),
            hide_on_blur: false,
            shell: Some(Shell::Fish),
            telemetry: false,
            history: false,
            history_entries: 50,
            history_days: Some(30),
            private: true,
            model: Some("tiny".to_owned()),
            model_idle_minutes: 3,
            model_confidence: 55,
            model_first: ModelFirst::Remote,
            remote_url: Some("http://localhost:1/v1".to_owned()),
            remote_model: Some("big".to_owned()),
        };
        assert_eq!(view, expected);
    }

    #[test]
    fn what_a_patch_leaves_out_stays_and_null_unsets_the_shell() {
        assert_eq!(differences(serde_json::from_value(json!({})).unwrap()), Map::new());
        let unset = json!({"shell": null, "history_days": null});
        let patch = json!({"shell": null, "historyDays": null});
        assert_eq!(Value::Object(differences(serde_json::from_value(patch).unwrap())), unset);
    }
}
