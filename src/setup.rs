//! What the settings ask for, ready to be given to the engine: the language models, and what it remembers. The one place where
//! settings, model files, servers, history and engine meet, for the command line and the desktop app alike.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{ModelFirst, Settings};
use crate::engine::Models;
use crate::error::Error;
use crate::history::{Memory, Retention};
use crate::llm::{Backend, Embedded, Resident, Server};
use crate::net::{Patience, Proxy, Secret};
use crate::notice::Notice;
use crate::paths::Paths;
use crate::remote::Remote;
use crate::storage::private_folder;
use crate::weights::{self, Store};

/// The variable that holds the key of a server.
pub const KEY: &str = "CARO_REMOTE_KEY";

// Somebody waits for it with the popup open.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What the settings come to.
#[derive(Debug, Default)]
pub struct Chosen {
    /// For the engine.
    pub models: Models,
    /// The one on this machine.
    pub resident: Option<Arc<Resident>>,
    /// What is wrong with the choice.
    pub notices: Vec<Notice>,
}

impl Chosen {
    /// The models by the names the user knows them by, in the order they are asked: whoever asks knows where a question may go.
    pub fn name(&self) -> Option<String> {
        let names: Vec<String> = self.models.backends.iter().map(|backend| backend.name()).collect();
        (!names.is_empty()).then(|| names.join(", then "))
    }
}

/// The models. One that is loaded already and still wanted as it is stays loaded. `variable` reads one variable of the environment.
pub fn models(
    settings: &Settings,
    paths: &Paths,
    current: Option<&Arc<Resident>>,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Chosen {
    let mut notices = Vec::new();
    let resident = resident(settings, paths, current, &mut notices);
    let mut backends: Vec<Arc<dyn Backend>> = Vec::new();
    backends.extend(resident.iter().map(|resident| Arc::clone(resident) as Arc<dyn Backend>));
    if let Some(server) = server(settings, variable) {
        let at = if settings.model_first == ModelFirst::Remote { 0 } else { backends.len() };
        backends.insert(at, Arc::new(server));
    }
    Chosen { models: Models { backends, least_confidence: settings.model_confidence.share() }, resident, notices }
}

/// What was accepted before, when it is to be offered again.
pub fn memory(settings: &Settings, paths: &Paths) -> Option<Memory> {
    settings.history.then(|| Memory::of(paths.history()))
}

/// How much of the history is kept; `None` while nothing is.
pub fn retention(settings: &Settings) -> Option<Retention> {
    let Settings { history, private, history_entries, history_days, .. } = settings;
    (*history && !private).then(|| Retention { entries: history_entries.get(), days: history_days.map(Into::into) })
}

/// The model on a server, when one is chosen.
pub fn server(settings: &Settings, variable: &dyn Fn(&str) -> Option<OsString>) -> Option<Server> {
    let (base, model) = settings.remote_url.clone().zip(settings.remote_model.clone())?;
    let key = variable(KEY).and_then(|key| Secret::new(key.to_str()?));
    let (proxy, patience) = (Proxy::of(variable), Patience::default());
    Some(Server::new(Remote { base, model, key, proxy, patience, within: ANSWER_WITHIN }))
}

fn resident(
    settings: &Settings,
    paths: &Paths,
    current: Option<&Arc<Resident>>,
    notices: &mut Vec<Notice>,
) -> Option<Arc<Resident>> {
    let file = file(settings.model.as_deref()?, paths, notices)?;
    let draft = settings.model_draft.as_deref().and_then(|id| self::file(id, paths, notices));
    let choice = Embedded {
        file,
        draft,
        cache: packed(paths),
        threads: settings.model_threads.map(Into::into),
        idle: Duration::from_secs(60 * u64::from(settings.model_idle_minutes)),
    };
    let same = current.filter(|current| *current.choice() == choice).map(Arc::clone);
    Some(same.unwrap_or_else(|| Arc::new(Resident::new(choice))))
}

/// The file of a model by its name; a notice when it is not there.
fn file(id: &str, paths: &Paths, notices: &mut Vec<Notice>) -> Option<PathBuf> {
    let found = Store::new(paths.models()).find(id).and_then(|model| {
        if model.is_there() { Ok(model.path) } else { Err(weights::Error::Missing { id: model.id }) }
    });
    found
        .map_err(|error| {
            let error = Error::from(error);
            notices.push(Notice::new(error.code(), error.to_string()));
        })
        .ok()
}

/// Without a folder for it nothing is kept, and the model is packed anew each time.
fn packed(paths: &Paths) -> Option<PathBuf> {
    let folder = paths.packed();
    private_folder(&folder).ok().map(|()| folder)
}
