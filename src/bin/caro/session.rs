//! What a run knows about its user: folders, settings, where commands are meant to run. And where it leaves its traces.

use std::borrow::Cow;
use std::env;
use std::path::Path;
use std::time::{Duration, SystemTime};

use caro::ErrorCode;
use caro::cheatsheet::Folder;
use caro::config::{Settings, SettingsStore};
use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::notice::Notice;
use caro::paths::Paths;
use caro::policy::PolicyStore;
use caro::proposal::Tier;
use caro::setup;
use caro::shell::Shell;
use caro::suggestion::Answer;
use caro::telemetry::{Event, Recorder, Source};

use crate::args::Options;

/// The surroundings of one run.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) paths: Option<Paths>,
    pub(crate) settings: Settings,
    pub(crate) notices: Vec<Notice>,
}

impl Session {
    /// Reads the settings. A user without a home folder has the defaults.
    pub(crate) fn of_user() -> Self {
        let paths = Paths::of_user();
        let (settings, notices) = match &paths {
            Some(paths) => {
                let (store, notices) = SettingsStore::open(paths);
                (store.settings(), notices)
            }
            None => (Settings::defaults(Os::current()), Vec::new()),
        };
        Self { paths, settings, notices }
    }

    /// Where a command is meant to run: what was asked for, else the settings, else what is found.
    pub(crate) fn context(&self, options: &Options) -> Context {
        let os = options.os.unwrap_or(Os::current());
        let mut context = if os == Os::current() { Context::detect() } else { Context::new(os.usual_shell(), os) };
        if let Some(shell) = options.shell.or_else(|| self.shell_of(os)) {
            context.shell = shell;
        }
        context
    }

    /// The engine, with the user's own intents and judging as the user wants; what is wrong with either is said with the rest.
    pub(crate) fn engine(&mut self) -> Engine {
        let Some(paths) = &self.paths else { return Engine::new() };
        let policy = PolicyStore::of(paths, Context::detect().home);
        policy.current(SystemTime::now());
        self.notices.extend(policy.notices());
        let engine = Engine::with_policy(policy);
        if let Some((own, notices)) = Folder::new(paths.intents()).load() {
            engine.set_own(own);
            self.notices.extend(notices);
        }
        let chosen = setup::models(&self.settings, paths, None, &|name| env::var_os(name));
        self.notices.extend(chosen.notices);
        engine.set_models(chosen.models);
        engine
    }

    // The user's choice of a shell is about this machine; it says nothing about another system.
    fn shell_of(&self, os: Os) -> Option<Shell> {
        self.settings.shell.filter(|_| os == Os::current())
    }

    /// The recorder, opened. It costs some milliseconds, so a single question opens it after the answer is out. When
    /// it cannot be opened nothing is said: `caro doctor` is the place for that.
    pub(crate) fn recorder(&self) -> (Recorder, Option<Notice>) {
        let Some(paths) = self.paths.as_ref().filter(|_| self.settings.telemetry) else {
            return (Recorder::disabled(), None);
        };
        match Recorder::open(&paths.telemetry()) {
            Ok(opened) => (opened.recorder, opened.set_aside.as_deref().map(set_aside)),
            Err(_) => (Recorder::disabled(), None),
        }
    }
}

/// Waits until everything is written down; says when the database turned out corrupt meanwhile.
pub(crate) fn finish(recorder: &Recorder) -> Option<Notice> {
    recorder.flush();
    recorder.take_set_aside().as_deref().map(set_aside)
}

fn set_aside(database: &Path) -> Notice {
    let message = format!("the performance database was unusable and is kept as {}", database.display());
    Notice::new(ErrorCode::TelemetrySetAside, message)
}

/// What telemetry may know of an answer.
pub(crate) fn answered(answer: &Answer, source: Source, latency: Duration) -> Event {
    let best = answer.best();
    let tier = if best.is_some() { answer.tier } else { Tier::None };
    Event::Answered {
        source,
        tier: tier.name(),
        intent: best.and_then(|best| match best.proposal.intent {
            Cow::Borrowed(intent) => Some(intent),
            Cow::Owned(_) => None,
        }),
        risk: best.map(|best| best.report.risk.name()),
        latency,
        spent: answer.spent,
    }
}
