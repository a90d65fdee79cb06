//! A stage with Caro on it, for one test at a time.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use caro_stage::{App, Setup, Stage, Start, Terminal, app, terminal::Inside, wait_until};

static TURN: Mutex<()> = Mutex::new(());

/// A question whose answer reads only, and so needs no confirmation.
pub(crate) const SAFE: &str = "find large files over 100MB";

/// The stage is dropped after the app, and the turn is given up last.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) stage: Stage,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(Setup::default(), &Start::default())
    }

    pub(crate) fn with(setup: Setup, start: &Start<'_>) -> Self {
        Self::prepared(setup, start, |_| ())
    }

    /// `prepare` comes when the desktop stands and the app does not run yet.
    pub(crate) fn prepared(setup: Setup, start: &Start<'_>, prepare: impl FnOnce(&Stage)) -> Self {
        // A failed test says so by itself; the next one has a stage of its own.
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let stage = Stage::with(setup).unwrap();
        prepare(&stage);
        let app = App::launch_as(&stage, start).unwrap();
        Self { app, stage, _turn: turn }
    }

    /// Opens a terminal, which then has the focus.
    pub(crate) fn terminal(&self, inside: Inside) -> Terminal {
        Terminal::open(&self.stage, "terminal", inside).unwrap()
    }

    /// Opens the popup by the hotkey, types `query` and gives the command shown for it.
    pub(crate) fn ask(&self, query: &str) -> String {
        self.app.summon(&self.stage).unwrap();
        self.app.ask(&self.stage, query).unwrap().unwrap_or_else(|| panic!("no answer to {query:?}"))
    }

    pub(crate) fn press(&self, chord: &str) {
        self.stage.screen().press(chord).unwrap();
    }

    pub(crate) fn wait_hidden(&self) {
        self.stage.screen().wait_hidden(app::POPUP).unwrap();
    }

    pub(crate) fn popup_is_up(&self) -> bool {
        self.stage.screen().visible(app::POPUP).unwrap().is_some()
    }

    /// Waits for a receipt of `outcome` and gives its text.
    pub(crate) fn wait_receipt(&self, outcome: &str) -> String {
        let selector = format!("#receipt[data-outcome={outcome}]");
        self.app.page().wait_element(&selector).unwrap();
        self.app.page().text(&selector).unwrap().unwrap_or_default()
    }

    /// Waits until the popup says that an insertion would go to `target`.
    pub(crate) fn wait_target(&self, target: &str) {
        let mut last = None;
        let waited = wait_until("the target", || {
            last = self.app.page().text(".target")?;
            Ok(last.as_deref().is_some_and(|text| text.ends_with(target)).then_some(()))
        });
        assert!(waited.is_ok(), "the popup says {last:?}, not {target:?}");
    }

    /// Waits for a notice with `code` and gives its text.
    pub(crate) fn wait_notice(&self, code: &str) -> String {
        let selector = format!("#notices [data-code={code}]");
        self.app.page().wait_element(&selector).unwrap();
        self.app.page().text(&selector).unwrap().unwrap_or_default()
    }

    /// Caro's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        data(&self.stage)
    }

    /// Answers one question by the hotkey, from beginning to end: what a working app can do.
    pub(crate) fn assert_works(&self) {
        let command = self.ask(SAFE);
        self.press("Enter");
        self.stage.wait_clipboard(&command).unwrap();
        self.wait_hidden();
    }

    /// The risk of the selected suggestion.
    pub(crate) fn risk(&self) -> String {
        let selected = "#suggestions [role=option][aria-selected=true]";
        self.app.page().attribute(selected, "data-risk").unwrap().unwrap_or_default()
    }

    /// The text in the field.
    pub(crate) fn field(&self) -> String {
        let value = self.app.page().script("return document.querySelector('#query').value", &[]).unwrap();
        value.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn wait_field(&self, expected: &str) {
        wait_until("the field", || Ok((self.field() == expected).then_some(()))).unwrap();
    }
}

pub(crate) fn data(stage: &Stage) -> PathBuf {
    stage.home("XDG_DATA_HOME").unwrap().join("caro")
}

pub(crate) fn config(stage: &Stage) -> PathBuf {
    stage.home("XDG_CONFIG_HOME").unwrap().join("caro")
}
