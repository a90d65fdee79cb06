//! Caro on a stage: where the built programs lie, and the app with its popup under the eyes of a [`Browser`].

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result, bail};

use crate::{
    browser::Browser,
    screen::Window,
    stage::{Ground, Stage},
};

/// The hotkey on Linux and Windows when nothing else is set.
pub const HOTKEY: &str = "Ctrl+Alt+Space";

/// The popup's window title.
pub const POPUP: &str = "Caro popup";

/// The settings window's title.
pub const SETTINGS: &str = "Caro Settings";

/// How the app is started.
#[derive(Debug, Clone, Default)]
pub struct Start<'a> {
    /// The program instead of [`Program::Desktop`].
    pub program: Option<PathBuf>,
    /// Command-line arguments.
    pub arguments: &'a [&'a str],
    /// Variables on top of the stage's.
    pub environment: &'a [(&'a str, &'a str)],
}

/// The running app.
#[derive(Debug)]
pub struct App {
    browser: Browser,
}

impl App {
    /// Starts the app in the tray and waits until its popup's page has loaded.
    pub fn launch(stage: &Stage) -> Result<Self> {
        Self::launch_as(stage, &Start::default())
    }

    /// [`App::launch`], started otherwise than by a plain double click.
    pub fn launch_as(stage: &impl Ground, start: &Start<'_>) -> Result<Self> {
        let program = start.program.clone().map_or_else(|| program(Program::Desktop), Ok)?;
        let browser = Browser::launch(stage, &program, start.arguments, start.environment)?;
        let app = Self { browser };
        app.browser.switch_to("popup")?;
        app.browser.wait_element("#query")?;
        Ok(app)
    }

    /// The page of the popup, or of the window last switched to.
    pub fn page(&self) -> &Browser {
        &self.browser
    }

    /// Presses the hotkey and waits until the popup has the keyboard.
    pub fn summon(&self, stage: &Stage) -> Result<Window> {
        stage.screen().press(HOTKEY)?;
        stage.screen().wait_active(POPUP)
    }

    /// Types `query` into the popup, which must have the keyboard, and waits for the answer to exactly it; gives the command shown first.
    pub fn ask(&self, stage: &Stage, query: &str) -> Result<Option<String>> {
        stage.screen().type_text(query)?;
        self.wait_answer(query)
    }

    /// Waits for the answer to exactly `query`, typed by whatever means; gives the command shown first.
    pub fn wait_answer(&self, query: &str) -> Result<Option<String>> {
        // The page says which question its answer belongs to: the one on show may be to the text of a moment ago.
        self.browser.wait_script(
            &format!("the answer to `{query}`"),
            "const page = document.querySelector('main');
             return page.dataset.query === arguments[0] && page.dataset.content !== 'examples'",
            &[query],
        )?;
        self.selected()
    }

    /// The command of the selected suggestion.
    pub fn selected(&self) -> Result<Option<String>> {
        self.browser.attribute("#suggestions [role=option][aria-selected=true]", "data-command")
    }

    /// The texts of the notices on show.
    pub fn notices(&self) -> Result<Vec<String>> {
        self.browser.texts("#notices > *")
    }
}

/// A program of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The app in the tray, `CARO_DESKTOP` or `target/quick/caro-desktop`.
    Desktop,
    /// The command line, `CARO_CLI` or `target/quick/caro`.
    Cli,
}

/// Where `program` was built.
pub fn program(program: Program) -> Result<PathBuf> {
    let (variable, name, build) = match program {
        Program::Desktop => ("CARO_DESKTOP", "caro-desktop", "cargo xtask build"),
        Program::Cli => ("CARO_CLI", "caro", "cargo build --profile quick"),
    };
    let path = env::var_os(variable).map_or_else(|| root().join("target/quick").join(name), PathBuf::from);
    if !path.is_file() {
        bail!("there is no {}: build it with `{build}`, or name it in {variable}", path.display());
    }
    Ok(path)
}

/// Runs `caro` on `stage` to its end.
pub fn caro(stage: &Stage, arguments: &[&str]) -> Result<Output> {
    let mut command: Command = stage.command(program(Program::Cli)?);
    command.args(arguments).output().context("cannot run caro")
}

/// The folder of the workspace, which this package is a member of.
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}
