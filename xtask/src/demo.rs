//! `cargo xtask demo`: the job of the app, done for real on a virtual desktop, with pictures.

use anyhow::Result;

use crate::{
    build::{self, Profile},
    node,
    package::{self, Consent, Need},
};

/// Builds what is needed and shows it.
pub(crate) fn run() -> Result<()> {
    node::check()?;
    package::ensure(Need::Test, Consent::given(false))?;
    build::from_nothing(Consent::given(false), Profile::Quick)?;
    show(Profile::Quick)
}

/// Presses the real hotkey, asks a question, accepts the answer and says what was copied.
#[cfg(target_os = "linux")]
pub(crate) fn show(profile: Profile) -> Result<()> {
    use anyhow::Context;
    use caro_stage::{App, Bus, Setup, Stage, Start, Terminal, Tray, app, terminal::Inside, wait_until};

    use crate::program::{root, say};

    const QUESTION: &str = "find large files over 100MB";

    let pictures = root().join("target/demo");
    let stage = Stage::with(Setup { bus: Bus::Private, tray: Tray::Panel })?;
    say(&format!("A virtual display stands at {} (Xvfb, openbox, xfce4-panel).", stage.display()));
    let _terminal = Terminal::open(&stage, "terminal", Inside::Shell)?;
    let caro =
        App::launch_as(&stage, &Start { program: Some(build::program("caro-desktop", profile)), ..Start::default() })?;
    say(&format!("Caro is in the tray. Pressing {} …", app::HOTKEY));
    caro.summon(&stage)?;
    stage.photograph(None, &pictures.join("1-popup.png"))?;
    say(&format!("The popup has the keyboard. Typing `{QUESTION}` …"));
    let command = caro.ask(&stage, QUESTION)?.context("there is no answer")?;
    stage.photograph(None, &pictures.join("2-answer.png"))?;
    say("Pressing Enter …");
    stage.screen().press("Enter")?;
    stage.screen().wait_hidden(app::POPUP)?;
    let copied = wait_until("the copy", || stage.clipboard())?;
    stage.photograph(None, &pictures.join("3-copied.png"))?;
    anyhow::ensure!(copied == command, "the popup showed {command:?} and the clipboard holds {copied:?}");
    say(&format!("\nCopied: {copied}\n\nPictures:"));
    for name in ["1-popup.png", "2-answer.png", "3-copied.png"] {
        say(&format!("  {}", pictures.join(name).display()));
    }
    Ok(())
}

/// There is a display wherever these systems run.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(_profile: Profile) -> Result<()> {
    anyhow::bail!("the virtual desktop is X11 and needs Linux; `cargo xtask run` starts Caro on this one")
}
