//! A `sway` with Caro on it, for one test at a time.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use caro_stage::{
    App, Ground as _, Start, Sway,
    app::{self, Program, program},
};

static TURN: Mutex<()> = Mutex::new(());

/// The key, as `wtype` reads it.
const HOTKEY: &str = "Ctrl+Alt+space";

/// The desktop is dropped after the app, and the turn is given up last.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) sway: Sway,
    pub(crate) cli: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// Sway, with the lines that `caro toggle --lines` has for it in its settings, and Caro.
    pub(crate) fn new() -> Self {
        Self::prepared(|_| ())
    }

    /// `prepare` comes when the desktop stands and the app does not run yet.
    pub(crate) fn prepared(prepare: impl FnOnce(&Sway)) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let sway = Sway::open().unwrap();
        let cli = sway.install(&program(Program::Cli).unwrap()).unwrap();
        let desktop = sway.install(&program(Program::Desktop).unwrap()).unwrap();
        let lines = sway.command(&cli).args(["toggle", "--lines"]).output().unwrap();
        assert!(lines.status.success(), "{lines:?}");
        sway.configure(&String::from_utf8_lossy(&lines.stdout)).unwrap();
        prepare(&sway);
        let app = App::launch_as(&sway, &Start { program: Some(desktop), ..Start::default() }).unwrap();
        Self { app, sway, cli, _turn: turn }
    }

    /// Opens the popup by the key bound in sway.
    pub(crate) fn summon(&self) {
        self.sway.press(HOTKEY).unwrap();
        self.sway.wait_focused(app::POPUP).unwrap();
    }

    /// Opens the popup, types `query` and gives the command shown for it.
    pub(crate) fn ask(&self, query: &str) -> String {
        self.summon();
        self.sway.type_text(query).unwrap();
        self.app.wait_answer(query).unwrap().unwrap_or_else(|| panic!("no answer to {query:?}"))
    }

    /// Waits for a receipt of `outcome` and gives its text.
    pub(crate) fn wait_receipt(&self, outcome: &str) -> String {
        let selector = format!("#receipt[data-outcome={outcome}]");
        self.app.page().wait_element(&selector).unwrap();
        self.app.page().text(&selector).unwrap().unwrap_or_default()
    }
}
