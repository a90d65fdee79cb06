//! Looks after Caro itself. Each row is one question with an answer, a state and what to do.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::history::History;
use caro::paths::Paths;
use caro::policy::PolicyStore;
use caro::proposal::Request;
use caro::resident::{Message, Reply, client};
use caro::safety::{Risk, analyze};
use caro::telemetry::Recorder;
use caro::weights::Store;
use caro::{Error, ErrorCode, Notice};
use caro_inference::Device;
use caro_inference::cpu::{Isa, default_threads};
use clap::builder::styling::AnsiColor;
use serde::Serialize;

use crate::args::Options;
use crate::render::Console;
use crate::render::text::{amount, printable};
use crate::session::Session;
use crate::status::{Failure, Status};

/// Programs Caro uses when they are there, and what for.
const OPTIONAL_TOOLS: [(&str, &str); 2] =
    [("caro-desktop", "the popup and the hotkey"), ("tmux", "typing answers into tmux panes")];

#[derive(Debug, Serialize)]
struct Health {
    version: &'static str,
    checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    detail: String,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Good,
    /// Worth knowing; answers are not affected.
    Note,
    /// Caro cannot do its work.
    Bad,
}

impl Check {
    fn new(name: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self { name, state, detail: detail.into(), hint: None }
    }

    fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    fn failed(name: &'static str, error: &Error) -> Self {
        let hint = error.hint().map(str::to_owned);
        Self { name, state: State::Note, detail: error.to_string(), hint }
    }
}

pub(crate) fn run(options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let session = Session::of_user();
    let context = session.context(options);
    let mut checks = vec![engine(&context), judge(), place(&context), desktop_session()];
    checks.extend(settings(&session));
    match &session.paths {
        Some(paths) => {
            let folders =
                [("settings folder", &paths.config), ("data folder", &paths.data), ("runtime folder", &paths.runtime)];
            checks.extend(folders.map(|(name, folder)| writable(name, folder)));
            checks.extend(policy(paths, &context));
            checks.push(telemetry(&paths.telemetry(), &session));
            checks.push(history(&paths.history()));
            checks.push(model(paths, &session));
            checks.push(processor());
            checks.push(app(paths));
        }
        None => checks.push(Check::failed("folders", &Error::NoHome)),
    }
    checks.extend(OPTIONAL_TOOLS.map(|(name, purpose)| tool(name, purpose)));
    let health = Health { version: env!("CARGO_PKG_VERSION"), checks };
    if options.json {
        console.json(&health)?;
    } else {
        show(&health, console)?;
    }
    console.out.flush()?;
    let ill = health.checks.iter().any(|check| check.state == State::Bad);
    Ok(if ill { Status::Failure } else { Status::Answer })
}

fn show(health: &Health, console: &mut Console) -> io::Result<()> {
    let mut out = anstream::AutoStream::auto(io::stdout());
    console.out.flush()?;
    writeln!(out, "caro {}", health.version)?;
    for Check { name, state, detail, hint } in &health.checks {
        let (mark, style) = match state {
            State::Good => ("ok  ", AnsiColor::Green.on_default()),
            State::Note => ("note", AnsiColor::Yellow.on_default()),
            State::Bad => ("bad ", AnsiColor::Red.on_default().bold()),
        };
        writeln!(out, "  {style}{mark}{style:#}  {name:<16} {}", printable(detail))?;
        if let Some(hint) = hint {
            writeln!(out, "        {:<16} {}", "", printable(hint))?;
        }
    }
    out.flush()
}

fn engine(context: &Context) -> Check {
    let request = Request { query: "list files".to_owned(), context: context.clone() };
    let engine = Engine::new();
    let start = Instant::now();
    let answer = engine.suggest(&request);
    let micros = start.elapsed().as_micros();
    match answer.best() {
        Some(best) => Check::new("engine", State::Good, format!("{} ({micros} µs)", best.proposal.command)),
        None => Check::new("engine", State::Bad, "does not know how to list files"),
    }
}

fn judge() -> Check {
    let risk = analyze("rm -rf /", &Context::new(Os::Linux.usual_shell(), Os::Linux)).risk;
    let state = if risk == Risk::Blocked { State::Good } else { State::Bad };
    Check::new("judge", state, format!("rm -rf / is {}", risk.name()))
}

fn place(context: &Context) -> Check {
    let cwd = context.cwd.as_ref().map_or_else(|| "an unknown folder".to_owned(), |cwd| cwd.display().to_string());
    Check::new("commands for", State::Good, format!("{} on {}, in {cwd}", context.shell.name(), context.os.name()))
}

fn desktop_session() -> Check {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match Os::current() {
        Os::Linux if set("WAYLAND_DISPLAY") => Check::new("desktop session", State::Note, "Wayland")
            .with_hint(ErrorCode::HotkeyUnsupported.hint().unwrap_or_default()),
        Os::Linux if set("DISPLAY") => Check::new("desktop session", State::Good, "X11"),
        Os::Linux => {
            Check::new("desktop session", State::Note, "none: no display").with_hint("the command line needs none")
        }
        os @ (Os::MacOs | Os::Windows) => Check::new("desktop session", State::Good, os.name()),
    }
}

fn settings(session: &Session) -> Vec<Check> {
    if session.notices.is_empty() {
        let file = session.paths.as_ref().map(Paths::settings);
        let detail = match file {
            Some(file) if file.exists() => file.display().to_string(),
            Some(file) => format!("the defaults ({} is not there)", file.display()),
            None => "the defaults".to_owned(),
        };
        return vec![Check::new("settings", State::Good, detail)];
    }
    let row = |notice: &caro::Notice| Check {
        name: "settings",
        state: State::Note,
        detail: notice.message.clone(),
        hint: notice.hint.clone(),
    };
    session.notices.iter().map(row).collect()
}

fn policy(paths: &Paths, context: &Context) -> Vec<Check> {
    const NAME: &str = "policy";
    let store = PolicyStore::of(paths, context.home.clone());
    let policy = store.current(SystemTime::now());
    let notices = store.notices();
    if notices.is_empty() {
        let (levels, allowances) = (policy.levels.len(), policy.allowances.len());
        let detail = if policy.is_empty() {
            "the usual levels".to_owned()
        } else {
            format!("{levels} levels and {allowances} allowances from {}", paths.policy().display())
        };
        return vec![Check::new(NAME, State::Good, detail)];
    }
    let row = |notice: Notice| Check { name: NAME, state: State::Note, detail: notice.message, hint: notice.hint };
    notices.into_iter().map(row).collect()
}

/// Tries the nearest folder that is there: a folder that is not is made on first use.
fn writable(name: &'static str, folder: &Path) -> Check {
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(folder);
    let probe = there.join(format!(".caro-doctor-{}", std::process::id()));
    match fs::write(&probe, b"x") {
        Ok(()) => {
            let _ = fs::remove_file(&probe);
            Check::new(name, State::Good, folder.display().to_string())
        }
        Err(error) => Check::new(name, State::Note, format!("{} cannot be written: {error}", folder.display()))
            .with_hint("answers work; settings, history and the performance page do not"),
    }
}

fn telemetry(path: &Path, session: &Session) -> Check {
    const NAME: &str = "telemetry";
    if !session.settings.telemetry {
        return Check::new(NAME, State::Good, "switched off");
    }
    if !path.exists() {
        return Check::new(NAME, State::Good, "nothing recorded yet");
    }
    let opened = match Recorder::open(path) {
        Ok(opened) => opened,
        Err(error) => return Check::failed(NAME, &error),
    };
    if let Some(aside) = opened.set_aside {
        return kept(NAME, ErrorCode::TelemetrySetAside, &aside);
    }
    match opened.recorder.performance(UNIX_EPOCH) {
        Ok(seen) => {
            let answers: u64 = seen.tiers.iter().map(|tier| tier.count).sum();
            let kilobytes = seen.database_bytes.div_ceil(1024);
            Check::new(NAME, State::Good, format!("{answers} answers, {} lost, {kilobytes} kB", seen.dropped))
        }
        Err(error) => Check::failed(NAME, &error),
    }
}

fn history(path: &Path) -> Check {
    const NAME: &str = "history";
    if !path.exists() {
        return Check::new(NAME, State::Good, "nothing kept yet");
    }
    let opened = match History::open(path) {
        Ok(opened) => opened,
        Err(error) => return Check::failed(NAME, &error),
    };
    if let Some(aside) = opened.set_aside {
        return kept(NAME, ErrorCode::HistorySetAside, &aside);
    }
    match opened.history.count() {
        Ok((entries, pinned)) => {
            Check::new(NAME, State::Good, format!("{entries} entries, {pinned} of them favourites"))
        }
        Err(error) => Check::failed(NAME, &error),
    }
}

fn model(paths: &Paths, session: &Session) -> Check {
    const NAME: &str = "model";
    let Some(id) = &session.settings.model else {
        return Check::new(NAME, State::Good, "none in use: the rules answer alone")
            .with_hint("`caro models` shows what can be had");
    };
    match Store::new(paths.models()).find(id) {
        Ok(model) if model.is_there() => {
            let (size, path) = (amount(model.size), model.path.display());
            Check::new(NAME, State::Good, format!("{id}: {size}, {}, {path}", model.architecture))
        }
        Ok(model) => Check::new(NAME, State::Note, format!("{id}: {} is not what it was", model.path.display()))
            .with_hint(ErrorCode::ModelDamaged.hint().unwrap_or_default()),
        Err(error) => Check::failed(NAME, &error.into()),
    }
}

/// What a model would be computed with.
fn processor() -> Check {
    let devices: Vec<&str> = Device::available().into_iter().map(Device::name).collect();
    let detail = format!("{}, {} threads, {}", devices.join(", "), default_threads(), Isa::detect());
    Check::new("processor", State::Good, detail)
}

fn kept(name: &'static str, code: ErrorCode, aside: &Path) -> Check {
    Check::new(name, State::Note, format!("the database was unusable and is kept as {}", aside.display()))
        .with_hint(code.hint().unwrap_or_default())
}

fn app(paths: &Paths) -> Check {
    const NAME: &str = "desktop app";
    match client::send(paths, Message::Ping) {
        Ok(Reply::Pong { version, pid }) if version == env!("CARGO_PKG_VERSION") => {
            Check::new(NAME, State::Good, format!("running, process {pid}"))
        }
        Ok(Reply::Pong { version, pid }) => Check::new(NAME, State::Note, format!("version {version}, process {pid}"))
            .with_hint("restart it, so that it is of the same version"),
        Ok(other) => Check::new(NAME, State::Note, format!("answers oddly: {other:?}")),
        Err(error) if error.code() == ErrorCode::AppNotRunning => Check::new(NAME, State::Note, "not running"),
        Err(error) => Check::failed(NAME, &error),
    }
}

fn tool(name: &'static str, purpose: &str) -> Check {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let folders: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    match folders.iter().map(|folder| folder.join(&file)).find(|program| program.is_file()) {
        Some(program) => Check::new(name, State::Good, program.display().to_string()),
        None => Check::new(name, State::Note, format!("not found; it is needed for {purpose}")),
    }
}
