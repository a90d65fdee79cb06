//! The language models on this machine and those to be had, as the settings window works on them: a thread for each download.
//!
//! Invariant: what has come of a download stays on disk until the user gives it up, whatever ends it: a pause, the app, the machine.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use caro::net::Patience;
use caro::weights::{self, Catalog, Entry, Hub, Installed, Origin, Pull, Step, Store};
use caro::{Error, ErrorCode};
use tauri::{AppHandle, Manager};
use tauri_specta::Event as _;

use crate::commands::{ModelProgressed, ModelsChanged};
use crate::control::{Control, failure};
use crate::log;
use crate::view::{ErrorView, ModelState, ModelView, SettingsPatch, WorkStage, WorkView};

/// Often enough to see that it moves.
const RENEWED: Duration = Duration::from_millis(150);

/// The models, and what is being done to them.
#[derive(Debug)]
pub struct Library {
    app: AppHandle,
    store: Store,
    shelf: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    work: HashMap<String, Work>,
    failed: HashMap<String, ErrorView>,
    verified: HashSet<String>,
}

#[derive(Debug)]
struct Work {
    cancel: Arc<AtomicBool>,
    view: WorkView,
    then: Then,
}

/// What becomes of the part that has come when a download is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is kept, and a later download goes on.
    Keep,
    /// It is deleted.
    Delete,
}

impl Library {
    /// The models in `store`.
    pub fn new(app: AppHandle, store: Store) -> Self {
        Self { app, store, shelf: Mutex::default() }
    }

    /// Where the files are.
    pub fn folder(&self) -> String {
        self.store.folder().display().to_string()
    }

    /// Those of the catalog, then the user's own.
    pub fn models(&self, in_use: Option<&str>) -> Vec<ModelView> {
        let installed = self.store.installed();
        let entries = Catalog::embedded().entries();
        let known = entries.iter().map(|entry| (Some(entry), installed.iter().find(|model| model.id == entry.id)));
        let own = installed.iter().filter(|model| entries.iter().all(|entry| entry.id != model.id));
        let hub = hub();
        known
            .chain(own.map(|model| (None, Some(model))))
            .map(|(entry, model)| self.view(&hub, entry, model, in_use))
            .collect()
    }

    /// Fetches a model on a thread of its own, going on where an earlier try ended.
    ///
    /// # Errors
    /// When there is no such model.
    pub fn pull(&self, id: &str) -> Result<(), ErrorView> {
        let entry = Catalog::embedded().entry(id).map_err(|error| failure(&Error::from(error)))?;
        let Some(cancel) = self.begin(id, entry.size) else { return Ok(()) };
        self.note(log::Entry::PullStarted);
        let app = self.app.clone();
        self.spawn(id, move || {
            let library = &app.state::<Control>().library;
            let pull = Pull { entry, hub: &hub(), patience: Patience::default(), cancel: &cancel };
            let mut shown = None;
            let pulled = library.store.pull(&pull, &mut |step| library.step(&entry.id, &step, &mut shown));
            library.end(&entry.id, pulled.map(drop));
        })
    }

    /// Compares a model's file with what it was when it came, on a thread of its own.
    ///
    /// # Errors
    /// When it is not here.
    pub fn verify(&self, id: &str) -> Result<(), ErrorView> {
        let model = self.store.find(id).map_err(|error| failure(&Error::from(error)))?;
        let Some(cancel) = self.begin(id, model.size) else { return Ok(()) };
        let app = self.app.clone();
        self.spawn(id, move || {
            let library = &app.state::<Control>().library;
            let (size, mut shown) = (model.size, None);
            let verified = library.store.verify(&model.id, &cancel, &mut |done| {
                library.progress(&model.id, WorkStage::Checking, done, size, &mut shown);
            });
            if verified.is_ok() {
                library.shelf().verified.insert(model.id.clone());
            }
            library.end(&model.id, verified.map(drop));
        })
    }

    /// Stops what is being done to a model.
    ///
    /// # Errors
    /// When what has come cannot be deleted.
    pub fn stop(&self, id: &str, then: Then) -> Result<(), ErrorView> {
        let mut held = self.shelf();
        if let Some(work) = held.work.get_mut(id) {
            work.then = then;
            work.cancel.store(true, Ordering::Relaxed);
            return Ok(());
        }
        held.failed.remove(id);
        drop(held);
        if then == Then::Delete {
            self.store.give_up(id).map_err(|error| failure(&Error::from(error)))?;
        }
        self.changed();
        Ok(())
    }

    /// Deletes a model that Caro fetched, and forgets one of the user's own.
    ///
    /// # Errors
    /// When there is none, or its file cannot be deleted.
    pub fn remove(&self, id: &str) -> Result<(), ErrorView> {
        self.store.remove(id).map_err(|error| failure(&Error::from(error)))?;
        let mut held = self.shelf();
        held.verified.remove(id);
        held.failed.remove(id);
        drop(held);
        self.changed();
        Ok(())
    }

    /// Takes a model that is here or that the hub's own tools have fetched.
    ///
    /// # Errors
    /// When it is not here.
    pub fn take(&self, id: &str) -> Result<(), ErrorView> {
        let model = self.store.find_or_take(id, &hub(), &AtomicBool::new(false));
        let model = model.map_err(|error| failure(&Error::from(error)))?;
        if model.is_there() {
            return Ok(());
        }
        Err(failure(&Error::from(weights::Error::Missing { id: id.to_owned() })))
    }

    fn view(&self, hub: &Hub, entry: Option<&Entry>, model: Option<&Installed>, in_use: Option<&str>) -> ModelView {
        let id = entry.map(|entry| &entry.id).or(model.map(|model| &model.id)).cloned().unwrap_or_default();
        let begun = self.store.begun(&id);
        let state = match (model, entry) {
            (Some(model), _) if model.is_there() => ModelState::Installed,
            (Some(model), _) if model.origin == Origin::Added => ModelState::Missing,
            (_, Some(entry)) if hub.cached(entry).is_some() => ModelState::Cached,
            (Some(_), _) => ModelState::Missing,
            (None, _) if begun > 0 => ModelState::Begun,
            (None, _) => ModelState::Available,
        };
        let held = self.shelf();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tokens a second are few")]
        let tokens_per_s = self.store.speed(&id).map(|speed| speed.decode_tok_s.round() as u32);
        ModelView {
            state,
            in_use: in_use == Some(&id),
            recommended: entry.is_some_and(|entry| entry.recommended),
            size: model.map(|model| model.size).or(entry.map(|entry| entry.size)).unwrap_or(0),
            begun,
            license: entry.map(|entry| entry.license.clone()),
            good_for: entry.map(|entry| entry.good_for.clone()),
            repository: entry.map(|entry| entry.repository.clone()),
            tokens_per_s,
            work: held.work.get(&id).map(|work| work.view.clone()),
            failed: held.failed.get(&id).cloned(),
            verified: held.verified.contains(&id),
            id,
        }
    }

    /// `None` when something is being done to it already.
    fn begin(&self, id: &str, size: u64) -> Option<Arc<AtomicBool>> {
        let mut held = self.shelf();
        if held.work.contains_key(id) {
            return None;
        }
        held.failed.remove(id);
        let cancel = Arc::new(AtomicBool::new(false));
        let view = WorkView { id: id.to_owned(), stage: WorkStage::Asking, done: 0, size };
        held.work.insert(id.to_owned(), Work { cancel: Arc::clone(&cancel), view, then: Then::Keep });
        drop(held);
        self.changed();
        Some(cancel)
    }

    fn spawn(&self, id: &str, work: impl FnOnce() + Send + 'static) -> Result<(), ErrorView> {
        let spawned = thread::Builder::new().name("model file".to_owned()).spawn(work);
        spawned.map(drop).map_err(|error| {
            self.shelf().work.remove(id);
            let code = ErrorCode::Io;
            ErrorView { code: code.name().to_owned(), message: format!("cannot start a thread: {error}"), hint: None }
        })
    }

    fn step(&self, id: &str, step: &Step, shown: &mut Option<Instant>) {
        match step {
            Step::Here | Step::Cached => {}
            Step::Begun { from, size } => self.progress(id, WorkStage::Coming, *from, *size, &mut None),
            Step::Came { done, size } => self.progress(id, WorkStage::Coming, *done, *size, shown),
            Step::Again { .. } => self.turn(id, WorkStage::Waiting),
            Step::Checking => self.turn(id, WorkStage::Checking),
        }
    }

    fn turn(&self, id: &str, stage: WorkStage) {
        let known = self.shelf().work.get(id).map(|work| (work.view.done, work.view.size));
        if let Some((done, size)) = known {
            self.progress(id, stage, done, size, &mut None);
        }
    }

    fn progress(&self, id: &str, stage: WorkStage, done: u64, size: u64, shown: &mut Option<Instant>) {
        let view = WorkView { id: id.to_owned(), stage, done, size };
        if let Some(work) = self.shelf().work.get_mut(id) {
            work.view = view.clone();
        }
        if shown.is_some_and(|shown| shown.elapsed() < RENEWED) {
            return;
        }
        *shown = Some(Instant::now());
        // A window that is closed hears nothing.
        drop(ModelProgressed(view).emit(&self.app));
    }

    fn end(&self, id: &str, outcome: Result<(), weights::Error>) {
        let mut held = self.shelf();
        let work = held.work.remove(id);
        let stopped = work.as_ref().is_some_and(|work| work.cancel.load(Ordering::Relaxed));
        let given_up = work.is_some_and(|work| work.then == Then::Delete);
        match outcome {
            Ok(()) => {
                drop(held);
                self.note(log::Entry::PullEnded);
                self.use_first(id);
            }
            Err(_) if stopped => {
                drop(held);
                if given_up {
                    drop(self.store.give_up(id));
                }
            }
            Err(error) => {
                let view = failure(&Error::from(error));
                self.note(log::Entry::Failed(&view.code));
                held.verified.remove(id);
                held.failed.insert(id.to_owned(), view);
                drop(held);
            }
        }
        self.changed();
    }

    /// Who fetches a first model wants it to answer; who has one chooses. One that was chosen before it was here is used now.
    fn use_first(&self, id: &str) {
        let control = self.app.state::<Control>();
        let settings = control.store.settings();
        if settings.model.as_deref() == Some(id) {
            control.choose_models(&settings);
        } else if settings.model.is_none() {
            let patch = SettingsPatch { model: Some(Some(id.to_owned())), ..SettingsPatch::default() };
            drop(control.update(patch));
        }
    }

    fn changed(&self) {
        drop(ModelsChanged.emit(&self.app));
    }

    fn note(&self, entry: log::Entry<'_>) {
        if let Some(control) = self.app.try_state::<Control>() {
            control.log.note(SystemTime::now(), entry);
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hub() -> Hub {
    Hub::of(&|name| std::env::var_os(name))
}
