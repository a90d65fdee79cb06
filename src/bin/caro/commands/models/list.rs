//! What can be had and what is here, one line a model.

use std::io::Write as _;
use std::path::Path;

use caro::weights::{Catalog, Entry, Installed, Origin, Speed, Template};
use serde::Serialize;

use super::Surroundings;
use crate::args::Options;
use crate::render::Console;
use crate::render::text::{amount, printable};
use crate::status::Failure;

#[derive(Debug, Serialize)]
struct Listing<'a> {
    folder: &'a Path,
    in_use: Option<&'a str>,
    models: Vec<ModelLine<'a>>,
}

#[derive(Debug, Serialize)]
struct ModelLine<'a> {
    id: &'a str,
    state: State,
    in_use: bool,
    recommended: bool,
    size: u64,
    path: Option<&'a Path>,
    architecture: Option<&'a str>,
    repository: Option<&'a str>,
    license: Option<&'a str>,
    template: Option<Template>,
    context: Option<u32>,
    good_for: Option<&'a str>,
    speed: Option<Speed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It can be pulled.
    Available,
    /// The hub's own tools have downloaded it: pulling it costs nothing.
    Cached,
    /// It can be used.
    Installed,
    /// It was here, and its file is gone or has another length.
    Missing,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Available => "",
            Self::Cached => "cached",
            Self::Installed => "here",
            Self::Missing => "missing",
        }
    }
}

pub(super) fn run(here: &Surroundings, options: &Options, console: &mut Console) -> Result<(), Failure> {
    let settings = here.settings.settings();
    let in_use = settings.model.as_deref();
    let installed = here.store.installed();
    let entries = Catalog::embedded().entries();
    let known = entries.iter().map(|entry| {
        let model = installed.iter().find(|model| model.id == entry.id);
        line(here, in_use, Some(entry), model)
    });
    let own = installed.iter().filter(|model| entries.iter().all(|entry| entry.id != model.id));
    let models: Vec<_> = known.chain(own.map(|model| line(here, in_use, None, Some(model)))).collect();
    if options.json {
        console.json(&Listing { folder: here.store.folder(), in_use, models })?;
        return Ok(());
    }
    for model in &models {
        let mark = if model.in_use { '*' } else { ' ' };
        let about = match (model.good_for, model.path) {
            (Some(good_for), _) if model.recommended => format!("{good_for} (recommended)"),
            (Some(good_for), _) => good_for.to_owned(),
            (None, path) => path.map(|path| printable(&path.display().to_string()).into_owned()).unwrap_or_default(),
        };
        let speed = model.speed.map(|speed| format!("{:.0} tokens/s", speed.decode_tok_s)).unwrap_or_default();
        writeln!(
            console.out,
            "{mark} {:<20} {:>7}  {:<10}  {:<7}  {speed:<12}  {about}",
            model.id,
            amount(model.size),
            model.license.unwrap_or("-"),
            model.state.word(),
        )?;
    }
    console.out.flush()?;
    match in_use {
        Some(id) if !models.iter().any(|model| model.in_use && model.state == State::Installed) => {
            writeln!(console.err, "{} is to be used and is not here: caro models pull {id}", printable(id))?;
        }
        Some(_) => {}
        None => writeln!(console.err, "no model is in use: caro models pull, then caro models use NAME")?,
    }
    Ok(())
}

fn line<'a>(
    here: &Surroundings,
    in_use: Option<&str>,
    entry: Option<&'a Entry>,
    model: Option<&'a Installed>,
) -> ModelLine<'a> {
    let id = entry.map(|entry| entry.id.as_str()).or(model.map(|model| model.id.as_str())).unwrap_or_default();
    let state = match (model, entry) {
        (Some(model), _) if model.is_there() => State::Installed,
        (Some(model), _) if model.origin == Origin::Added => State::Missing,
        (_, Some(entry)) if here.hub.cached(entry).is_some() => State::Cached,
        (Some(_), _) => State::Missing,
        (None, _) => State::Available,
    };
    ModelLine {
        id,
        state,
        in_use: in_use == Some(id),
        recommended: entry.is_some_and(|entry| entry.recommended),
        size: model.map(|model| model.size).or(entry.map(|entry| entry.size)).unwrap_or(0),
        path: model.map(|model| model.path.as_path()),
        architecture: model.map(|model| model.architecture.as_str()),
        repository: entry.map(|entry| entry.repository.as_str()),
        license: entry.map(|entry| entry.license.as_str()),
        template: entry.map(|entry| entry.template),
        context: entry.map(|entry| entry.context),
        good_for: entry.map(|entry| entry.good_for.as_str()),
        speed: here.store.speed(id),
    }
}
