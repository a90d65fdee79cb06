//! Performs what the session asks for. One thread owns the state; everybody else posts letters to it.
//!
//! Invariant: nothing here waits for a person or for another program, but for showing the popup, which takes as long as the
//! window system does. Deliveries have threads of their own and report back.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use caro::ErrorCode;
use caro::cheatsheet::Folder;
use caro::config::SettingsStore;
use caro::context::Context;
use caro::engine::Engine;
use caro::history::{Happening, History};
use caro::notice::Notice;
use caro::proposal::{Proposal, Request};
use caro::radius::{self, sentences};
use caro::safety::Touch;
use caro::setup;
use caro::suggestion::Suggestion;
use caro::telemetry::{self, Recorder, Source};
use serde_json::json;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_specta::Event as _;
use tokio::sync::oneshot;

use crate::commands::{PopupShown, SessionChanged};
use crate::control::Control;
use crate::delivery::Dispatch;
use crate::platform::{Clipboard, ClipboardError, Desktop, Target};
use crate::session::{Cause, Effect, Event, Revival, Session};
use crate::thinker::Thinker;
use crate::view::{DeliveryChannel, ErrorView, How, Outcome, ReceiptView, SessionView};
use crate::windows::Place;
use crate::{present, tray, windows};

// Long enough that a person typing does not stop for it, short enough that they see the same answer in the numbers.
const SETTLED_AFTER: Duration = Duration::from_millis(400);
// The focus leaves for a moment when a window manager puts windows in order.
const GRACE: Duration = Duration::from_millis(150);
// A frame takes a few milliseconds, a busy machine some more.
const PAINTED_WITHIN: Duration = Duration::from_millis(500);
// As many as a person goes back through one by one.
const RECALLED: u32 = 50;
// Somebody who leans on a key for longer has forgotten it.
const RELEASED_WITHIN: Duration = Duration::from_secs(30);

/// The address of the thread that owns the session.
#[derive(Debug, Clone)]
pub struct Driver {
    mailbox: Sender<Letter>,
}

#[derive(Debug)]
struct Letter {
    event: Event,
    posted: Instant,
    reply: Option<oneshot::Sender<SessionView>>,
}

/// Where the letters arrive, until there is an app to act in.
#[derive(Debug)]
pub struct Inbox(Receiver<Letter>);

/// Everything effects are performed with.
pub struct Means {
    /// The app with its windows.
    pub app: AppHandle,
    /// The desktop around them.
    pub desktop: Arc<dyn Desktop>,
    /// What answers and judges.
    pub engine: Arc<Engine>,
    /// Where its language models run.
    pub thinker: Thinker,
    /// Settings, as they are at the time they are needed.
    pub settings: Arc<SettingsStore>,
    /// The user's own intents.
    pub intents: Folder,
    /// Counts.
    pub recorder: Recorder,
    /// What was accepted, when it can be kept.
    pub history: Option<Arc<History>>,
    /// Where the web views may keep what they need.
    pub storage: PathBuf,
}

impl Driver {
    /// A mailbox. Letters wait until [`Inbox::serve`].
    pub fn new() -> (Self, Inbox) {
        let (mailbox, inbox) = mpsc::channel();
        (Self { mailbox }, Inbox(inbox))
    }

    /// Reports an event.
    pub fn post(&self, event: Event) {
        self.post_at(event, Instant::now());
    }

    /// Reports an event that began at a known time.
    pub fn post_at(&self, event: Event, posted: Instant) {
        // The thread is gone only when the app ends.
        let _ = self.mailbox.send(Letter { event, posted, reply: None });
    }

    /// Reports an event and waits for the session after it.
    ///
    /// # Errors
    /// When the app is ending.
    pub async fn ask(&self, event: Event) -> Result<SessionView, ErrorView> {
        let (reply, answer) = oneshot::channel();
        let ending = || ErrorView { code: "app-ending".to_owned(), message: "Caro is ending".to_owned(), hint: None };
        self.mailbox.send(Letter { event, posted: Instant::now(), reply: Some(reply) }).map_err(|_| ending())?;
        answer.await.map_err(|_| ending())
    }
}

impl Inbox {
    /// Starts the thread that owns the session.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn serve(self, driver: Driver, session: Session, means: Means) -> std::io::Result<()> {
        let owner = Owner {
            session,
            means,
            driver,
            context: Context { cwd: None, ..Context::detect() },
            target: None,
            popup: Popup::Away,
            moved: Moved::Not,
            timers: Vec::new(),
            told: None,
            policy_notices: Vec::new(),
        };
        thread::Builder::new().name("driver".to_owned()).spawn(move || owner.run(&self.0)).map(drop)
    }
}

struct Owner {
    session: Session,
    means: Means,
    driver: Driver,
    /// What was said about the user's policy.
    policy_notices: Vec<Notice>,
    /// The app's working directory means nothing to the user's terminal, so there is none in it.
    context: Context,
    target: Option<Target>,
    popup: Popup,
    moved: Moved,
    timers: Vec<(Instant, Event)>,
    /// What the page shows, or will when it has looked.
    told: Option<SessionView>,
}

/// Where the popup is, as far as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Popup {
    OnScreen,
    Away,
}

/// Whether the popup was dragged since it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moved {
    Not,
    ByHand,
}

impl Owner {
    fn run(mut self, inbox: &Receiver<Letter>) {
        loop {
            match self.next(inbox) {
                Ok(letter) => self.serve(letter),
                Err(RecvTimeoutError::Timeout) => {
                    for event in self.due() {
                        self.serve(Letter { event, posted: Instant::now(), reply: None });
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Sleeps until a letter comes or a timer is due; without timers there is no waking up.
    fn next(&self, inbox: &Receiver<Letter>) -> Result<Letter, RecvTimeoutError> {
        match self.timers.iter().map(|(due, _)| *due).min() {
            Some(due) => inbox.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    fn due(&mut self) -> Vec<Event> {
        let now = Instant::now();
        self.timers.extract_if(.., |(due, _)| *due <= now).map(|(_, event)| event).collect()
    }

    fn serve(&mut self, letter: Letter) {
        self.act(letter.event, letter.posted);
        let view = present::session(&self.session, &self.context());
        match letter.reply {
            // Nobody waits any more when the page was loaded anew.
            Some(reply) => drop(reply.send(view.clone())),
            // Most of what happens around a window changes nothing in it.
            None if self.told.as_ref() == Some(&view) => {}
            None => drop(SessionChanged.emit(&self.means.app)),
        }
        self.told = Some(view);
    }

    fn act(&mut self, event: Event, posted: Instant) {
        for effect in self.session.handle(event) {
            self.perform(effect, posted);
        }
    }

    fn perform(&mut self, effect: Effect, posted: Instant) {
        match effect {
            Effect::Show(cause) => self.show(cause, posted),
            Effect::Locate { showing } => self.locate(showing),
            Effect::WorkIn { target, cwd } => {
                self.context.cwd = cwd;
                if let Some(known) = &mut self.target {
                    known.name = target;
                }
            }
            Effect::AwaitPaint => self.wake(PAINTED_WITHIN, Event::PaintOverdue),
            Effect::Revive(revival) => self.revive(revival),
            Effect::Hide => self.hide(),
            Effect::Drag => self.drag(),
            Effect::Ask { revision, query, earlier } => self.ask(revision, query, earlier.as_deref(), posted),
            Effect::Recollect => self.recollect(posted),
            Effect::AwaitForgetting(after) => self.wake(after, Event::Forgotten),
            Effect::ReadClipboard => {
                let text = AppClipboard(self.means.app.clone()).read();
                self.act(Event::ClipboardRead(text), posted);
            }
            Effect::Aim => self.target = self.means.desktop.focused(),
            Effect::RecallLast => self.recall_last(posted),
            Effect::Prepare { query } => {
                let request = Request { query, context: self.context() };
                self.means.thinker.prepare(request);
            }
            Effect::Think { revision, query } => {
                let request = Request { query, context: self.context() };
                self.means.thinker.think(revision, request);
            }
            Effect::StopThinking => self.means.thinker.stop(),
            Effect::AwaitSettled { revision } => self.wake(SETTLED_AFTER, Event::Settled { revision }),
            Effect::Judge { revision, of, asked, change } => {
                let context = self.context();
                let command = change.applied(&of, context.shell);
                let suggestion = self.means.engine.revise(&of, command, asked.as_ref(), &context);
                self.act(Event::Judged { revision, suggestion }, posted);
            }
            Effect::Measure { revision, touches } => self.measure(revision, touches),
            Effect::AwaitGrace => self.wake(GRACE, Event::GraceOver),
            Effect::AwaitRelease => self.await_release(),
            Effect::Deliver { how, suggestion } => self.deliver(how, *suggestion),
            Effect::CountAnswer { tier, intent, risk, latency, spent, displayed } => {
                if let Some(latency) = displayed {
                    self.means.recorder.record(telemetry::Event::Displayed { latency });
                }
                let source = Source::Popup;
                self.means.recorder.record(telemetry::Event::Answered { source, tier, intent, risk, latency, spent });
            }
            Effect::CountAcceptance { tier, intent, risk, receipt } => {
                let (outcome, channel) = (receipt.outcome.name(), receipt.channel.map(DeliveryChannel::name));
                self.means.recorder.record(telemetry::Event::Accepted { tier, intent, risk, outcome, channel });
            }
            Effect::Remember { query, command, risk, outcome } => self.remember(&query, &command, risk, outcome),
            Effect::OpenSettings(page) => {
                let language = self.session.preferences().language;
                windows::open_settings(&self.means.app, page, language, self.means.storage.clone());
            }
        }
    }

    fn show(&mut self, cause: Cause, pressed: Instant) {
        let focused = self.means.desktop.focused();
        // The popup itself has the focus when it is on the screen already: the target stays what it was.
        if focused.is_some() || self.popup == Popup::Away {
            self.target = focused;
        }
        self.popup = Popup::OnScreen;
        let settings = self.means.settings.settings();
        let place = Place { across: settings.popup_across.share().into(), down: settings.popup_down.share().into() };
        let window = windows::show_popup(&self.means.app, place);
        let raised = self.means.desktop.raise(window);
        if cause == Cause::Hotkey {
            let latency = raised.mapped.saturating_duration_since(pressed);
            self.means.recorder.record(telemetry::Event::PopupShown { latency });
        }
        let target = self.target.as_ref().map(|target| target.name.clone());
        self.act(Event::Shown { target }, pressed);
        // On the screen already: a folder nobody touched costs a look, a new file less than a person needs for the first key.
        self.read_intents(pressed);
        self.read_settings();
        // What the focus did while the window was put in order is over.
        self.timers.retain(|(_, event)| *event != Event::GraceOver);
        drop(PopupShown.emit(&self.means.app));
    }

    fn revive(&self, revival: Revival) {
        windows::revive_popup(&self.means.app, revival);
        // It may have missed this as well.
        drop(PopupShown.emit(&self.means.app));
    }

    /// Beside everything else: a new hotkey waits for the thread of the windows.
    fn read_settings(&self) {
        let app = self.means.app.clone();
        let read = move || {
            if let Some(control) = app.try_state::<Control>() {
                control.reread();
            }
        };
        drop(thread::Builder::new().name("settings".to_owned()).spawn(read));
    }

    fn read_intents(&mut self, posted: Instant) {
        let Some((own, notices)) = self.means.intents.load() else { return };
        self.means.engine.set_own(own);
        for code in [ErrorCode::IntentsUnreadable, ErrorCode::IntentsMistaken] {
            self.act(Event::NoticeDismissed(code.name().to_owned()), posted);
        }
        for notice in &notices {
            self.act(Event::NoticeRaised(present::notice(notice)), posted);
        }
    }

    fn drag(&mut self) {
        self.moved = Moved::ByHand;
        windows::drag_popup(&self.means.app);
    }

    /// Keeps where the popup was dragged to. One that stayed where it was put is not asked: a window manager may have ideas of
    /// its own, and they are not the user's.
    fn keep_place(&mut self) {
        if std::mem::replace(&mut self.moved, Moved::Not) == Moved::Not {
            return;
        }
        let Some(place) = windows::popup_place(&self.means.app) else { return };
        let patch = json!({ "popup_across": percent(place.across), "popup_down": percent(place.down) });
        // A file that cannot be written costs the place, and is said when settings are changed.
        drop(self.means.settings.update(&patch));
    }

    fn hide(&mut self) {
        self.keep_place();
        self.popup = Popup::Away;
        windows::hide_popup(&self.means.app);
    }

    /// Shows the popup at least: a key that does nothing looks broken.
    fn recall_last(&mut self, posted: Instant) {
        let last = self.means.history.as_ref().and_then(|history| history.recent(1).ok()?.pop());
        let event = last.map_or(Event::Summoned(Cause::Request), |entry| Event::Recalled { query: entry.query });
        self.act(event, posted);
    }

    fn ask(&mut self, revision: u32, query: String, earlier: Option<&Proposal>, posted: Instant) {
        // What was read ahead was another question.
        self.means.thinker.stop();
        let context = self.context();
        let begun = Instant::now();
        let answer = self.means.engine.suggest_after(&Request { query, context }, earlier);
        self.act(Event::Answered { revision, answer, latency: begun.elapsed() }, posted);
        self.say_policy(posted);
    }

    /// What the history has; without one, what was asked since the start has to do.
    fn recollect(&mut self, posted: Instant) {
        let entries = self.means.history.as_ref().and_then(|history| history.recent(RECALLED).ok()).unwrap_or_default();
        let questions = entries.into_iter().map(|entry| entry.query).collect();
        self.act(Event::Recollected(questions), posted);
    }

    /// The policy is read anew when its file changes, so it may have become wrong, or right, since the last question.
    fn say_policy(&mut self, posted: Instant) {
        let notices = self.means.engine.policy().notices();
        if notices == self.policy_notices {
            return;
        }
        for known in std::mem::replace(&mut self.policy_notices, notices) {
            self.act(Event::NoticeDismissed(known.code.name().to_owned()), posted);
        }
        for notice in self.policy_notices.clone() {
            self.act(Event::NoticeRaised(present::notice(&notice)), posted);
        }
    }

    /// Counts files beside everything else: a file system may be slow.
    fn measure(&self, revision: u32, touches: Vec<Vec<Touch>>) {
        let (context, driver) = (self.context(), self.driver.clone());
        let measure = move || {
            let sentences = touches.iter().map(|touches| sentences(&radius::of(touches, &context))).collect();
            driver.post(Event::Measured { revision, sentences });
        };
        // Without a thread there is no count, and the answer stands as it is.
        drop(thread::Builder::new().name("measure".to_owned()).spawn(measure));
    }

    /// Beside everything else: terminals and multiplexers are asked, which takes them some milliseconds.
    fn locate(&mut self, showing: u32) {
        self.context.cwd = None;
        let Some(target) = self.target.clone() else { return };
        let (desktop, driver, home) = (Arc::clone(&self.means.desktop), self.driver.clone(), self.context.home.clone());
        let locate = move || {
            let place = desktop.locate(&target);
            let label = place.label(home.as_deref());
            if label != target.name || place.cwd.is_some() {
                driver.post(Event::Located { showing, target: label, cwd: place.cwd });
            }
        };
        // Without a thread the folder stays unknown, as it is in most windows.
        drop(thread::Builder::new().name("locate".to_owned()).spawn(locate));
    }

    /// Where a command would run, as far as it is known; the shell may be chosen in the settings.
    fn context(&self) -> Context {
        let chosen = self.means.settings.settings().shell;
        Context { shell: chosen.unwrap_or(self.context.shell), ..self.context.clone() }
    }

    fn wake(&mut self, after: Duration, event: Event) {
        // A newer wait of the same kind replaces the older one: typing must not pile them up.
        self.timers.retain(|(_, waiting)| std::mem::discriminant(waiting) != std::mem::discriminant(&event));
        self.timers.push((Instant::now() + after, event));
    }

    fn await_release(&self) {
        let (desktop, driver) = (Arc::clone(&self.means.desktop), self.driver.clone());
        let wait = move || {
            desktop.wait_released(RELEASED_WITHIN);
            driver.post(Event::Released);
        };
        if thread::Builder::new().name("release".to_owned()).spawn(wait).is_err() {
            self.driver.post(Event::Released);
        }
    }

    fn deliver(&mut self, how: How, suggestion: Suggestion) {
        let (app, desktop, target) = (self.means.app.clone(), Arc::clone(&self.means.desktop), self.target.clone());
        self.keep_place();
        let driver = self.driver.clone();
        // A window has to make room for what is typed into another one, not for a copy.
        let stays = how == How::Copy && self.session.is_pinned();
        let deliver = move || {
            let clipboard = AppClipboard(app.clone());
            let hide = || {
                if !stays {
                    windows::hide_popup(&app);
                }
            };
            let dispatch =
                Dispatch { desktop: desktop.as_ref(), clipboard: &clipboard, hide: &hide, target: target.as_ref() };
            driver.post(Event::Delivered(dispatch.deliver(how, &suggestion)));
        };
        if let Err(error) = thread::Builder::new().name("delivery".to_owned()).spawn(deliver) {
            let reason = Some(error.to_string());
            let receipt = ReceiptView { outcome: Outcome::Failed, channel: None, target: None, reason };
            self.driver.post(Event::Delivered(receipt));
        }
    }

    fn remember(&self, query: &str, command: &str, risk: &str, outcome: Outcome) {
        let Some(retention) = setup::retention(&self.means.settings.settings()) else { return };
        let Some(history) = &self.means.history else { return };
        let Context { shell, os, .. } = self.context();
        let (os, outcome, unix_s) = (os.name(), outcome.name(), present::unix_seconds(SystemTime::now()));
        let happening = Happening { query, command, shell, os, risk, outcome, unix_s };
        // A full disk costs the history an entry, never the user an answer; `caro doctor` says it.
        if history.record(&happening, retention).is_ok() {
            tray::show_recent(&self.means.app, history);
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is from 0 to 1")]
fn percent(share: f64) -> u8 {
    (share * 100.0).round() as u8
}

/// The desktop's clipboard, which keeps its text as long as the app lives.
pub struct AppClipboard(pub AppHandle);

impl Clipboard for AppClipboard {
    fn read(&self) -> Option<String> {
        self.0.clipboard().read_text().ok()
    }

    fn write(&self, text: &str) -> Result<(), ClipboardError> {
        self.0.clipboard().write_text(text).map_err(|error| ClipboardError(error.to_string()))
    }
}
