//! The language models the settings ask for, ready to be given to the engine. The one place where settings, model files and
//! engine meet, for the command line and the desktop app alike.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::Settings;
use crate::engine::Models;
use crate::error::Error;
use crate::llm::{Backend, Embedded, Resident};
use crate::notice::Notice;
use crate::paths::Paths;
use crate::storage::private_folder;
use crate::weights::Store;

/// The models, and what is wrong with the choice of them. One that is loaded already and still wanted as it is stays loaded.
pub fn models(
    settings: &Settings,
    paths: &Paths,
    current: Option<&Arc<Resident>>,
) -> (Models, Option<Arc<Resident>>, Vec<Notice>) {
    let mut notices = Vec::new();
    let least_confidence = settings.model_confidence.share();
    let Some(file) = settings.model.as_deref().and_then(|id| file(id, paths, &mut notices)) else {
        return (Models { backends: Vec::new(), least_confidence }, None, notices);
    };
    let draft = settings.model_draft.as_deref().and_then(|id| self::file(id, paths, &mut notices));
    let choice = Embedded {
        file,
        draft,
        cache: packed(paths),
        threads: settings.model_threads.map(Into::into),
        idle: Duration::from_secs(60 * u64::from(settings.model_idle_minutes)),
    };
    let resident = match current {
        Some(current) if *current.choice() == choice => Arc::clone(current),
        _ => Arc::new(Resident::new(choice)),
    };
    let backend: Arc<dyn Backend> = Arc::<Resident>::clone(&resident);
    (Models { backends: vec![backend], least_confidence }, Some(resident), notices)
}

/// The file of a model by its name; a notice when it is not there.
fn file(id: &str, paths: &Paths, notices: &mut Vec<Notice>) -> Option<PathBuf> {
    let missing = |error: Error| {
        let notice = Notice::new(error.code(), error.to_string());
        match error.hint() {
            Some(hint) => notice.with_hint(hint),
            None => notice,
        }
    };
    match Store::new(paths.models()).find(id) {
        Ok(model) if model.is_there() => Some(model.path),
        Ok(model) => {
            notices.push(missing(crate::weights::Error::Missing { id: model.id }.into()));
            None
        }
        Err(error) => {
            notices.push(missing(error.into()));
            None
        }
    }
}

/// Without a folder for it nothing is kept, and the model is packed anew each time.
fn packed(paths: &Paths) -> Option<PathBuf> {
    let folder = paths.packed();
    private_folder(&folder).ok().map(|()| folder)
}
