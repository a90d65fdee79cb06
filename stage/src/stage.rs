//! Puts the desktop up, and takes it down with everything that ran on it.
//!
//! Invariant: every process of a stage carries `CARO_STAGE=<its folder>` in its environment and is dead when the stage is dropped.
//! The choice of what stands on the stage is [`Setup`]; what is done on it is the business of the other modules.

use std::{
    env, fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{actor::Actor, actor::kill_named, actor::sweep, screen::Screen, wait::wait_until};

/// Whether there is a D-Bus session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Bus {
    /// One of its own.
    #[default]
    Private,
    /// None, and an address at which nobody listens, so that nothing finds or starts one.
    None,
}

/// Whether somebody shows tray icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tray {
    /// `xfce4-panel` with its tray, a `StatusNotifier` host.
    Panel,
    /// Nobody.
    #[default]
    None,
}

/// What stands on a stage.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setup {
    /// The D-Bus session.
    pub bus: Bus,
    /// The tray.
    pub tray: Tray,
}

/// A private virtual desktop.
#[derive(Debug)]
pub struct Stage {
    // Dropped in this order: who draws, then who serves, then the folder they write to.
    actors: Vec<Actor>,
    screen: Screen,
    display: String,
    bus_address: String,
    folder: TempDir,
}

/// A desktop that programs run on, whatever draws it.
pub trait Ground {
    /// A command that will run on this desktop and sees nothing of the caller's.
    fn command(&self, program: impl AsRef<Path>) -> Command;

    /// Starts `command` under `name`; the caller holds the actor and so decides how long it runs.
    fn start(&self, name: &str, command: Command) -> Result<Actor>;
}

impl Ground for Stage {
    fn command(&self, program: impl AsRef<Path>) -> Command {
        Self::command(self, program)
    }

    fn start(&self, name: &str, command: Command) -> Result<Actor> {
        Self::start(self, name, command)
    }
}

/// Folders of the stage's user, below its temporary folder. The runtime folder's path is kept short: a socket's has 108 bytes.
pub(crate) const FOLDERS: [(&str, &str); 6] = [
    ("HOME", "home"),
    ("XDG_CONFIG_HOME", "home/.config"),
    ("XDG_DATA_HOME", "home/.local/share"),
    ("XDG_STATE_HOME", "home/.local/state"),
    ("XDG_CACHE_HOME", "home/.cache"),
    ("XDG_RUNTIME_DIR", "run"),
];

/// What of the caller's environment reaches the stage: where programs are found, and how much they say when they fail.
const PASSED: [&str; 4] = ["PATH", "RUST_BACKTRACE", "RUST_LOG", "LD_LIBRARY_PATH"];

impl Stage {
    /// A desktop with a window manager and a D-Bus session, and no tray.
    pub fn open() -> Result<Self> {
        Self::with(Setup::default())
    }

    /// A desktop as `setup` says.
    pub fn with(setup: Setup) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("caro-stage-").tempdir()?;
        for (_, below) in FOLDERS {
            fs::create_dir_all(folder.path().join(below))?;
        }
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700))?;
        // The stage's user has seen Caro before, which would otherwise greet them in every test.
        let caro = folder.path().join("home/.local/share/caro");
        fs::create_dir_all(&caro)?;
        fs::write(caro.join("welcomed"), "")?;
        let logs = folder.path().join("logs");
        fs::create_dir_all(&logs)?;

        let mut server = Command::new("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-dpi", "96", "-nolisten", "tcp", "-noreset"]);
        seal(&mut server, folder.path());
        let (server, number) = Actor::start_announcing("Xvfb", server, &logs)?;
        let display = format!(":{number}");
        let screen = Screen::connect(&display)?;

        let mut stage =
            Self { actors: vec![server], screen, display, bus_address: "unix:path=/nowhere".into(), folder };
        if setup.bus == Bus::Private {
            let mut bus = stage.command("dbus-daemon");
            // In the stage's folder rather than in /tmp, so that the socket goes with it.
            let socket = stage.home("XDG_RUNTIME_DIR")?.join("bus");
            bus.args(["--session", "--nofork", "--print-address=1"])
                .arg(format!("--address=unix:path={}", socket.display()));
            let (bus, address) = Actor::start_announcing("dbus-daemon", bus, &logs)?;
            stage.actors.push(bus);
            stage.bus_address = address;
        }
        stage.play("openbox", stage.command("openbox"))?;
        wait_until("the window manager", || stage.screen.window_manager())?;
        if setup.tray == Tray::Panel {
            stage.open_panel()?;
        }
        Ok(stage)
    }

    fn open_panel(&mut self) -> Result<()> {
        let settings = self.home("XDG_CONFIG_HOME")?.join("xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("xfce4-panel.xml"), PANEL)?;
        self.play("xfce4-panel", self.command("xfce4-panel"))?;
        wait_until("the panel's tray", || {
            let mut ask = self.command("dbus-send");
            ask.args(["--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner"]);
            ask.arg("string:org.kde.StatusNotifierWatcher");
            let reply = ask.stderr(Stdio::null()).output()?;
            Ok(String::from_utf8_lossy(&reply.stdout).contains("boolean true").then_some(()))
        })
    }

    /// The screen: windows, focus, pictures, keys.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The X display, as in `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The address of the D-Bus session; nobody listens there when the stage has none.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// The stage's own temporary folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A folder of the stage's user, by its variable: `HOME` or one of the XDG folders.
    pub fn home(&self, variable: &str) -> Result<PathBuf> {
        let found = FOLDERS.iter().find(|(name, _)| *name == variable);
        Ok(self.folder.path().join(found.with_context(|| format!("{variable} names no folder"))?.1))
    }

    /// A command that will run on this stage and sees nothing of the caller's desktop.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        seal(&mut command, self.folder.path());
        command.env("DISPLAY", &self.display).env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        command
    }

    /// Starts `command` under `name`; the caller holds the actor and so decides how long it runs.
    pub fn start(&self, name: &str, command: Command) -> Result<Actor> {
        Actor::start(name, command, &self.logs())
    }

    /// Starts `command` under `name` for as long as the stage stands.
    pub fn play(&mut self, name: &str, command: Command) -> Result<()> {
        let actor = self.start(name, command)?;
        self.actors.push(actor);
        Ok(())
    }

    /// Kills every program of that name on the stage, whoever started it; how many there were.
    pub fn kill(&self, name: &str) -> usize {
        kill_named(&mark(self.folder.path()), name)
    }

    /// The folder of the logs, one file a program.
    pub fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// Saves a picture of `window`, or of the whole screen, as PNG to `file`, once nothing moves in it any more; makes the folder.
    pub fn photograph(&self, window: Option<u32>, file: &Path) -> Result<()> {
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut last = self.screen.capture(window)?;
        let mut since = Instant::now();
        let still = wait_until("the picture to stand still", || {
            let next = self.screen.capture(window)?;
            if next != last {
                (last, since) = (next, Instant::now());
            }
            // Longer than any transition of the pages, shorter than the blinking of a cursor.
            Ok((since.elapsed() > Duration::from_millis(400)).then(|| last.clone()))
        })?;
        still.save(file)
    }

    /// What the tests leave behind when they fail: the last words of every program, and a picture.
    fn report(&self) -> Result<()> {
        let picture = env::temp_dir().join(format!("caro-stage-failure{}.png", self.display.replace(':', "-")));
        let mut out = io::stderr().lock();
        if self.screen.capture(None).and_then(|screen| screen.save(&picture)).is_ok() {
            writeln!(out, "--- the stage when it failed: {}", picture.display())?;
        }
        for entry in fs::read_dir(self.logs())? {
            let path = entry?.path();
            let text = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
            if text.trim().is_empty() {
                continue;
            }
            writeln!(out, "--- {}", path.file_name().context("a log is a file")?.to_string_lossy())?;
            let lines: Vec<_> = text.lines().collect();
            for line in &lines[lines.len().saturating_sub(30)..] {
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if thread::panicking() {
            let _ = self.report();
        }
        // The X server is the first actor: it goes last, so that nobody fills the log with a lost display.
        while self.actors.len() > 1 {
            self.actors.pop();
        }
        sweep(&mark(self.folder.path()));
        self.actors.clear();
    }
}

pub(crate) fn mark(folder: &Path) -> String {
    format!("CARO_STAGE={}", folder.display())
}

/// Replaces the caller's environment by that of the stage's user.
pub(crate) fn seal(command: &mut Command, folder: &Path) {
    command.env_clear().envs(PASSED.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    command.envs(FOLDERS.iter().map(|(name, below)| (name, folder.join(below))));
    // One locale everywhere, UTF-8 so that terminals take every character. No accessibility bus: it is started on demand and slow.
    command.envs([("LC_ALL", "C.UTF-8"), ("LANG", "C.UTF-8"), ("NO_AT_BRIDGE", "1"), ("GTK_A11Y", "none")]);
    command.envs([("XDG_SESSION_TYPE", "x11"), ("GDK_BACKEND", "x11"), ("USER", "stage"), ("SHELL", "/bin/bash")]);
    command.env("TMUX_TMPDIR", folder.join("run")).env("CARO_STAGE", folder).current_dir(folder.join("home"));
}

/// One panel at the top with a tray. `xfce4-panel` asks how to start when it finds no settings.
const PANEL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="28"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"#;
