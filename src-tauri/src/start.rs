//! From nothing to a tray icon, in the order that matters: be the only one, take the hotkey, then build windows.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use caro::cheatsheet::Folder;
use caro::config::{Settings, SettingsStore};
use caro::context::Context;
use caro::engine::Engine;
use caro::history::{self, History};
use caro::paths::Paths;
use caro::policy::PolicyStore;
use caro::resident::client;
use caro::resident::server::Server;
use caro::resident::{self, Message, Places, Reply};
use caro::telemetry::{self, Recorder};
use caro::weights::Store;
use caro::{Error, ErrorCode, Notice};
use tauri::{App, AppHandle, Manager, RunEvent};
use tauri_plugin_autostart::MacosLauncher;

use crate::arguments::First;
use crate::control::Control;
use crate::driver::{Driver, Inbox, Means};
use crate::hotkey::{Action, Binding, Hotkeys, Wanted};
use crate::library::Library;
use crate::log::{self, Log};
use crate::platform::{self, Desktop, NoDisplay};
use crate::sampler::{ModelBytes, Rate, Sampler};
use crate::session::{Cause, Event, Session};
use crate::text::{self, Texts};
use crate::thinker::Thinker;
use crate::view::{NoticeView, Page};
use crate::{commands, past, present, report, tray, windows};

/// Why the app did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// One of Caro's own files or its socket.
    #[error(transparent)]
    Caro(#[from] Error),
    /// Nothing to show anything on.
    #[error(transparent)]
    NoDisplay(#[from] NoDisplay),
    /// Windows and web views.
    #[error("cannot start the windows: {0}")]
    Windows(#[from] tauri::Error),
}

/// Starts the app and stays until it ends; or shows the one that runs already and returns at once.
///
/// # Errors
/// When there is no home folder, no display, or no web view.
pub fn start(first: First) -> Result<(), StartError> {
    let begun = Instant::now();
    platform::prepare();
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    let mut notices = Vec::new();
    let server = match Server::bind(&paths) {
        Ok(server) => Some(server),
        Err(Error::Resident(resident::Error::AlreadyRunning)) => {
            client::send(&paths, wish(first))?;
            return Ok(());
        }
        Err(error) => {
            notices.push(said(&error));
            None
        }
    };
    let desktop: Arc<dyn Desktop> = Arc::from(platform::desktop()?);
    let (store, read) = SettingsStore::open(&paths);
    notices.extend(read.iter().map(present::notice));
    let settings = store.settings();
    let (driver, inbox) = Driver::new();
    let places = Arc::new(Places::default());
    if let Some(server) = server {
        listen(server, driver.clone(), Arc::clone(&places))?;
    }
    let hotkeys = Arc::new(take_hotkeys(desktop.as_ref(), &settings, &driver));
    let taken = begun.elapsed();
    let recorder = open_telemetry(&paths, &settings, &mut notices);
    let history = open_history(&paths, &mut notices);
    let parts = Parts {
        first,
        paths,
        desktop,
        store: Arc::new(store),
        driver,
        inbox,
        places,
        hotkeys,
        recorder,
        history,
        notices,
    };
    run(parts, begun, taken)
}

/// What a second start asks of the first: there is a user who wants to see something.
fn wish(first: First) -> Message {
    match first {
        First::Tray | First::Popup => Message::Show,
        First::Settings(page) => Message::Settings { page: page.into() },
    }
}

/// What is there before the windows are.
struct Parts {
    first: First,
    paths: Paths,
    desktop: Arc<dyn Desktop>,
    store: Arc<SettingsStore>,
    driver: Driver,
    inbox: Inbox,
    places: Arc<Places>,
    hotkeys: Arc<Hotkeys>,
    recorder: Recorder,
    history: Option<Arc<History>>,
    notices: Vec<NoticeView>,
}

/// `taken` is how long it took, from `begun`, to have the hotkey.
fn run(parts: Parts, begun: Instant, taken: Duration) -> Result<(), StartError> {
    let contract = commands::contract();
    let recorder = parts.recorder.clone();
    let log_file = parts.paths.log();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_autostart::init(MacosLauncher::LaunchAgent, Some(vec!["--hidden"])))
        .invoke_handler(contract.invoke_handler())
        .build(tauri::generate_context!())?;
    contract.mount_events(&app);
    // Not in Tauri's own setup hook, which answers an error with a panic.
    set_up(&app, parts)?;
    recorder.record(telemetry::Event::Started { hotkey: taken, ready: begun.elapsed() });
    app.run(move |_, event| match event {
        // Closing the last window is not the end of an app that lives in the tray; only Quit has a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => {
            recorder.flush();
            Log::new(log_file.clone()).note(SystemTime::now(), log::Entry::Ended);
        }
        _ => {}
    });
    Ok(())
}

fn set_up(app: &App, parts: Parts) -> Result<(), StartError> {
    let Parts { first, paths, desktop, store, driver, inbox, places, hotkeys, recorder, history, mut notices } = parts;
    let app = app.handle();
    let settings = store.settings();
    app.manage(driver.clone());
    // Whoever knows the shell in front asks it for the folder.
    app.manage(places);
    let storage = web_storage(&paths);
    windows::build_popup(app, driver.clone(), &storage)?;

    let shown = if settings.hotkey_paused { tray::Shown::Paused } else { tray::Shown::Live };
    let texts = Texts::of(text::language(settings.language));
    notices.extend(tray::start(app, history.as_deref(), shown, &texts));
    tray::show_private(app, settings.private);
    let rate = if past::measures(&settings) { Rate::Steady } else { Rate::Never };
    let sampler = Sampler::start(recorder.clone(), rate, model_bytes(app.clone())).map_err(tauri::Error::from)?;
    let kind = desktop.session();
    let policy = PolicyStore::of(&paths, Context::detect().home);
    let engine = Arc::new(Engine::with_policy(policy));
    let means = Means {
        app: app.clone(),
        desktop,
        thinker: Thinker::start(Arc::clone(&engine), driver.clone()).map_err(tauri::Error::from)?,
        engine: Arc::clone(&engine),
        settings: Arc::clone(&store),
        intents: Folder::new(paths.intents()),
        recorder: recorder.clone(),
        history: history.clone(),
        storage,
    };
    inbox.serve(driver.clone(), Session::new(report::preferences(&settings)), means).map_err(tauri::Error::from)?;
    let raised = notices.iter().cloned().chain(report::hotkeys_notice(&hotkeys));
    raised.for_each(|notice| driver.post(Event::NoticeRaised(notice)));
    let log = Log::new(paths.log());
    log.note(SystemTime::now(), log::Entry::Started);
    for notice in &notices {
        log.note(SystemTime::now(), log::Entry::Notice(&notice.code));
    }
    let first = if first == First::Tray && is_new_here(&paths) { First::Settings(Page::Welcome) } else { first };
    let control = Control {
        app: app.clone(),
        engine,
        model: Mutex::default(),
        library: Library::new(app.clone(), Store::new(paths.models())),
        asked: Mutex::default(),
        log,
        driver: driver.clone(),
        store,
        hotkeys,
        recorder,
        sampler,
        history,
        paths,
        session: kind,
        notices,
    };
    control.choose_models(&settings);
    control.follow_history(&settings);
    app.manage(control);
    match first {
        First::Tray => {}
        First::Popup => driver.post(Event::Summoned(Cause::Request)),
        First::Settings(page) => driver.post(Event::SettingsWanted(page)),
    }
    Ok(())
}

/// Whether this user sees Caro for the first time; true once. Somebody with settings of their own has seen it before.
fn is_new_here(paths: &Paths) -> bool {
    let mark = paths.welcomed();
    if mark.exists() || paths.settings().exists() {
        return false;
    }
    let marked = std::fs::create_dir_all(&paths.data).and_then(|()| std::fs::write(&mark, ""));
    // Where nothing can be kept, the same window would greet them at every start.
    marked.is_ok()
}

/// What the language model in use takes, asked by the sampler when there is somebody to ask.
fn model_bytes(app: AppHandle) -> ModelBytes {
    Box::new(move || app.try_state::<Control>().map_or(0, |control| control.model_bytes()))
}

/// The pages keep nothing, but WebKit wants a folder. Where the user's cannot be made, one that goes with the machine's next
/// start will do.
fn web_storage(paths: &Paths) -> PathBuf {
    let folder = paths.cache.join("webview");
    let made = std::fs::create_dir_all(&folder);
    if made.is_ok() { folder } else { std::env::temp_dir().join(format!("caro-webview-{}", std::process::id())) }
}

/// Before any window: half a millisecond, and pressing one while the windows are built is not lost.
fn take_hotkeys(desktop: &dyn Desktop, settings: &Settings, driver: &Driver) -> Hotkeys {
    let key = |text: &str| text.parse::<Binding>().ok();
    // What the file says may be no key at all. The default is one, as a test says.
    let open = key(&settings.hotkey).or_else(|| key(&Settings::defaults(caro::context::Os::current()).hotkey));
    let extra = |text: &Option<String>| text.as_deref().and_then(key).filter(|key| open != Some(*key));
    let (clipboard, repeat) = (extra(&settings.hotkey_clipboard), extra(&settings.hotkey_repeat));
    let wanted = if settings.hotkey_paused { Wanted::Paused } else { Wanted::Live };
    let driver = driver.clone();
    let on_press = Box::new(move |action, at| {
        let event = match action {
            Action::Open => Event::Toggled(Cause::Hotkey),
            Action::OpenClipboard => Event::ClipboardWanted,
            Action::Repeat => Event::RepeatWanted,
        };
        driver.post_at(event, at);
    });
    let keys = [open, clipboard, repeat.filter(|key| clipboard != Some(*key))];
    let hotkeys = Hotkeys::start(desktop.session(), keys, wanted, on_press);
    hotkeys.yield_to(report::yielding(settings));
    hotkeys
}

fn open_telemetry(paths: &Paths, settings: &Settings, notices: &mut Vec<NoticeView>) -> Recorder {
    match Recorder::open(&paths.telemetry()) {
        Ok(telemetry::Opened { recorder, set_aside }) => {
            notices.extend(set_aside.map(|file| kept(ErrorCode::TelemetrySetAside, "the numbers", &file)));
            recorder.set_enabled(past::measures(settings));
            recorder
        }
        Err(error) => {
            notices.push(said(&error));
            Recorder::disabled()
        }
    }
}

fn open_history(paths: &Paths, notices: &mut Vec<NoticeView>) -> Option<Arc<History>> {
    match History::open(&paths.history()) {
        Ok(history::Opened { history, set_aside }) => {
            notices.extend(set_aside.map(|file| kept(ErrorCode::HistorySetAside, "the history", &file)));
            Some(Arc::new(history))
        }
        Err(error) => {
            notices.push(said(&error));
            None
        }
    }
}

fn kept(code: ErrorCode, what: &str, file: &Path) -> NoticeView {
    let message = format!("{what} could not be read; the old file is kept as {}", file.display());
    let hint = code.hint().unwrap_or_default();
    present::notice(&Notice::new(code, message).with_hint(hint))
}

fn said(error: &Error) -> NoticeView {
    let hint = error.hint().map(str::to_owned);
    NoticeView { code: error.code().name().to_owned(), message: error.to_string(), hint }
}

/// Answers the command line and second starts, from the first moment on: a wish that waited for the windows would be given
/// up by who has it, and then fulfilled twice.
fn listen(server: Server, driver: Driver, places: Arc<Places>) -> Result<(), Error> {
    server.serve(move |message| {
        match message {
            Message::Toggle => driver.post(Event::Toggled(Cause::Request)),
            Message::Show => driver.post(Event::Summoned(Cause::Request)),
            Message::Settings { page } => driver.post(Event::SettingsWanted(page.into())),
            Message::Here(place) => places.keep(place),
            Message::Ping => return Reply::pong(),
        }
        Reply::Done
    })
}

#[cfg(test)]
mod tests {
    use caro::context::Os;

    use super::*;

    #[test]
    fn the_default_hotkey_is_a_key() {
        for os in [Os::Linux, Os::MacOs, Os::Windows] {
            let hotkey = Settings::defaults(os).hotkey;
            assert!(hotkey.parse::<Binding>().is_ok(), "{hotkey}");
        }
    }
}
