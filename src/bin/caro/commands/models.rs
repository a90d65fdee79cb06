//! Language models on this machine.

mod bench;
mod list;
mod meter;

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use caro::Error;
use caro::config::SettingsStore;
use caro::llm::{Ask, Backend as _};
use caro::net::Patience;
use caro::paths::Paths;
use caro::setup;
use caro::weights::{self, Catalog, Hub, Installed, Pull, Removed, Store};
use serde_json::json;

use crate::args::{ModelsAction, Options};
use crate::render::Console;
use crate::render::text::{amount, printable};
use crate::session::Session;
use crate::status::{Failure, Status};
use meter::Meter;

/// The name that stands for no model.
const NONE: &str = "none";

/// Ctrl-C ends the process; what has come of a download is on disk by then.
static GO_ON: AtomicBool = AtomicBool::new(false);

/// What every action needs.
struct Surroundings {
    store: Store,
    hub: Hub,
    settings: SettingsStore,
    packed: PathBuf,
}

pub(crate) fn run(action: Option<ModelsAction>, options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let paths = Paths::of_user().ok_or(Error::NoHome)?;
    let (settings, notices) = SettingsStore::open(&paths);
    for notice in &notices {
        console.notice(notice);
    }
    let hub = Hub::of(&|name| env::var_os(name));
    let here = Surroundings { store: Store::new(paths.models()), hub, settings, packed: paths.packed() };
    match action.unwrap_or(ModelsAction::List) {
        ModelsAction::List => list::run(&here, options, console)?,
        ModelsAction::Pull { id } => pull(&here, id.as_deref(), console)?,
        ModelsAction::Use { id } => choose(&here, &id, console)?,
        ModelsAction::Remove { id } => remove(&here, &id, console)?,
        ModelsAction::Verify { id } => return verify(&here, id.as_deref(), console),
        ModelsAction::Add { path } => add(&here, &path, console)?,
        ModelsAction::Preview { question } => preview(&here, &question, options, console)?,
        ModelsAction::Bench { models, against, threads, rounds, python } => {
            let against = against.map(|_| python.as_os_str());
            let wanted = bench::Wanted { models: &models, against, threads: &threads, rounds: rounds.get() };
            bench::run(&here, &wanted, options, console)?;
        }
    }
    console.out.flush()?;
    Ok(Status::Answer)
}

fn pull(here: &Surroundings, id: Option<&str>, console: &mut Console) -> Result<(), Failure> {
    let catalog = Catalog::embedded();
    let entry = match id {
        Some(id) => catalog.entry(id).map_err(Error::from)?,
        None => catalog.recommended(),
    };
    writeln!(console.err, "{}: {}, {}: {}", entry.id, amount(entry.size), entry.license, entry.good_for)?;
    let pull = Pull { entry, hub: &here.hub, patience: Patience::default(), cancel: &GO_ON };
    let mut meter = Meter::new(&mut console.err);
    let pulled = here.store.pull(&pull, &mut |step| meter.step(&step));
    meter.end();
    finish(here, &pulled.map_err(Error::from)?, console)
}

fn add(here: &Surroundings, path: &Path, console: &mut Console) -> Result<(), Failure> {
    let size = path.metadata().map_or(0, |file| file.len());
    let mut meter = Meter::new(&mut console.err);
    let added = here.store.add(path, &GO_ON, &mut |done| meter.read(done, size));
    meter.end();
    let added = added.map_err(Error::from)?;
    writeln!(console.err, "{}: used where it lies, not copied", added.id)?;
    finish(here, &added, console)
}

/// The file on stdout, and what comes next on stderr.
fn finish(here: &Surroundings, model: &Installed, console: &mut Console) -> Result<(), Failure> {
    writeln!(console.out, "{}", model.path.display())?;
    console.out.flush()?;
    if here.settings.settings().model.as_ref() != Some(&model.id) {
        writeln!(console.err, "to use it: caro models use {}", model.id)?;
    }
    Ok(())
}

fn choose(here: &Surroundings, id: &str, console: &mut Console) -> Result<(), Failure> {
    if id == NONE {
        here.settings.update(&json!({ "model": null }))?;
        writeln!(console.err, "no model is in use: the rules answer alone")?;
        return Ok(());
    }
    let model = here.store.find_or_take(id, &here.hub, &GO_ON).map_err(Error::from)?;
    if !model.is_there() {
        return Err(Error::from(weights::Error::Missing { id: id.to_owned() }).into());
    }
    here.settings.update(&json!({ "model": id }))?;
    writeln!(console.err, "{id} is in use")?;
    Ok(())
}

fn preview(here: &Surroundings, question: &str, options: &Options, console: &mut Console) -> Result<(), Failure> {
    let settings = here.settings.settings();
    let Some(server) = setup::server(&settings, &|name| env::var_os(name)) else {
        writeln!(console.err, "no server is in use: nothing is ever sent")?;
        return Ok(());
    };
    let context = Session::of_user().context(options);
    let body = server.preview(&Ask { question, context: &context, shots: &[] });
    writeln!(
        console.err,
        "to {}, besides the key, with up to two known questions like it:",
        printable(&server.name())
    )?;
    console.json(&body)?;
    Ok(())
}

fn remove(here: &Surroundings, id: &str, console: &mut Console) -> Result<(), Failure> {
    match here.store.remove(id).map_err(Error::from)? {
        Removed::Deleted(path) => writeln!(console.err, "deleted {}", printable(&path.display().to_string()))?,
        Removed::Forgotten(path) => {
            writeln!(console.err, "forgotten; {} is left where it is", printable(&path.display().to_string()))?;
        }
    }
    if here.settings.settings().model.as_deref() == Some(id) {
        choose(here, NONE, console)?;
    }
    Ok(())
}

fn verify(here: &Surroundings, id: Option<&str>, console: &mut Console) -> Result<Status, Failure> {
    let ids: Vec<String> = match id {
        Some(id) => vec![id.to_owned()],
        None => here.store.installed().into_iter().map(|model| model.id).collect(),
    };
    let mut status = Status::Answer;
    for id in &ids {
        let size = here.store.find(id).map_or(0, |model| model.size);
        let mut meter = Meter::new(&mut console.err);
        let verified = here.store.verify(id, &GO_ON, &mut |done| meter.read(done, size));
        meter.end();
        match verified {
            Ok(model) => writeln!(console.out, "{id}: intact, SHA-256 {}", model.sha256)?,
            // The others are looked at all the same.
            Err(error) => status = console.report(&Failure::Caro(error.into())),
        }
    }
    if ids.is_empty() {
        writeln!(console.err, "there is no model on this machine")?;
    }
    console.out.flush()?;
    Ok(status)
}
