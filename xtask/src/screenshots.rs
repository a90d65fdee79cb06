//! `cargo xtask screenshots`: the pictures of the README, taken from the running app.

use anyhow::Result;

/// Builds the app and takes every picture anew.
#[cfg(target_os = "linux")]
pub(crate) fn run() -> Result<()> {
    use crate::{
        build::{self, Profile},
        package::{self, Consent, Need},
    };

    package::ensure(Need::Test, Consent::given(false))?;
    build::from_nothing(Consent::given(false), Profile::Quick)?;
    for theme in ["light", "dark"] {
        pictures::take(theme)?;
    }
    Ok(())
}

/// The pictures are of the Linux app.
#[cfg(not(target_os = "linux"))]
pub(crate) fn run() -> Result<()> {
    anyhow::bail!("the pictures are taken on a virtual X11 desktop, on Linux")
}

#[cfg(target_os = "linux")]
mod pictures {
    use std::{fs, path::PathBuf};

    use anyhow::{Context, Result};
    use caro_stage::{App, Bus, Setup, Stage, Start, Tray, app, wait_until};

    use crate::{
        build::{self, Profile},
        program::{root, say},
    };

    /// What is asked before the picture of the performance page, so that it shows real numbers.
    const QUESTIONS: [&str; 8] = [
        "list files",
        "what is using port 8080",
        "count lines in *.rs",
        "disk usage of this folder",
        "undo the last commit",
        "make a folder called photos",
        "show the last 20 lines of /var/log/syslog",
        "plant a tree in the garden",
    ];

    const RISKY: &str = "discard all my uncommitted changes";

    pub(super) fn take(theme: &str) -> Result<()> {
        let stage = Stage::with(Setup { bus: Bus::Private, tray: Tray::Panel })?;
        let settings = stage.home("XDG_CONFIG_HOME")?.join("caro");
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("settings.toml"), format!("version = 1\ntheme = \"{theme}\"\n"))?;
        let desktop = build::program("caro-desktop", Profile::Quick);
        let app = App::launch_as(&stage, &Start { program: Some(desktop), ..Start::default() })?;

        for (name, question) in [("popup", "find large files over 100MB"), ("confirm", RISKY)] {
            let popup = app.summon(&stage)?;
            app.ask(&stage, question)?.with_context(|| format!("no answer to `{question}`"))?;
            stage.photograph(Some(popup.id), &file(name, theme))?;
            for _ in 0..2 {
                stage.screen().press("Escape")?;
            }
            stage.screen().wait_hidden(app::POPUP)?;
        }

        for question in QUESTIONS {
            app.summon(&stage)?;
            app.ask(&stage, question)?;
            for _ in 0..2 {
                stage.screen().press("Escape")?;
            }
            stage.screen().wait_hidden(app::POPUP)?;
            // An answer counts when nobody types on; asked again by the command line it counts at once.
            stage.command(build::program("caro", Profile::Quick)).arg(question).output()?;
        }

        app.summon(&stage)?;
        stage.screen().press("Ctrl+,")?;
        let window = stage.screen().wait_shown(app::SETTINGS)?;
        app.page().switch_to("settings")?;
        app.page().click("[data-page=performance]")?;
        wait_until("the numbers", || app.page().attribute("#tiers [data-tier=rules]", "data-count"))?;
        stage.photograph(Some(window.id), &file("performance", theme))?;
        app.page().click("[data-page=general]")?;
        stage.photograph(Some(window.id), &file("settings", theme))
    }

    fn file(name: &str, theme: &str) -> PathBuf {
        let file = root().join("docs/images").join(format!("{name}-{theme}.png"));
        say(&format!("  {}", file.display()));
        file
    }
}
