//! A private Wayland desktop: `sway` without a screen, keys pressed by `wtype`, pictures taken by `grim`.
//!
//! `sway` refuses to run as root. So when root runs the tests, everything on this desktop runs as nobody, programs of ours
//! included: they are copied to where that user may read them.
//!
//! Invariant: as on a [`Stage`](crate::Stage), nothing outlives it and nothing of the caller's desktop reaches it.

use std::{
    env, fs,
    io::Write,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::getuid;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    actor::{Actor, sweep},
    screen::Picture,
    stage::{FOLDERS, Ground, mark, seal},
    wait::wait_until,
};

/// A desktop drawn by `sway`.
#[derive(Debug)]
pub struct Sway {
    actors: Vec<Actor>,
    display: String,
    bus_address: String,
    folder: TempDir,
}

/// `nobody` and `nogroup`, on every Linux.
const NOBODY: u32 = 65_534;

/// One output of a laptop's shape; no second X server beside it, and no title bars that a picture would differ by.
const SETTINGS: &str = "xwayland disable\noutput HEADLESS-1 resolution 1280x800\ndefault_border none\n";

const FOREVER_MS: u32 = 24 * 3_600 * 1_000;

/// A window as `sway` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toplevel {
    /// Its title.
    pub title: String,
    /// What program it says it is of.
    pub app_id: String,
    /// Whether it has the keyboard.
    pub focused: bool,
}

impl Sway {
    /// A desktop with a D-Bus session and no window.
    pub fn open() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("caro-sway-").tempdir()?;
        for below in FOLDERS.iter().map(|(_, below)| *below).chain(["bin", "logs", "home/.config/sway"]) {
            fs::create_dir_all(folder.path().join(below))?;
        }
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700))?;
        fs::write(folder.path().join("home/.config/sway/config"), SETTINGS)?;
        let mut sway =
            Self { actors: Vec::new(), display: String::new(), bus_address: "unix:path=/nowhere".into(), folder };
        give(sway.folder.path())?;

        let mut bus = sway.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--print-address=1"])
            .arg(format!("--address=unix:path={}", sway.folder.path().join("run/bus").display()));
        let (bus, address) = Actor::start_announcing("dbus-daemon", bus, &sway.logs())?;
        sway.actors.push(bus);
        sway.bus_address = address;

        let mut compositor = sway.command("sway");
        compositor.envs([("WLR_BACKENDS", "headless"), ("WLR_LIBINPUT_NO_DEVICES", "1"), ("WLR_RENDERER", "pixman")]);
        let mut compositor = Actor::start("sway", compositor, &sway.logs())?;
        wait_until("sway", || {
            if let Some(status) = compositor.ended()? {
                bail!("sway ended ({status}): {}", compositor.log_text());
            }
            Ok(sway.socket()?.filter(|_| sway.ask("get_version").is_ok()).map(|name| sway.display = name))
        })?;
        sway.actors.push(compositor);
        // A keyboard for as long as the desktop stands, as there is on every real one: each `wtype` is a keyboard that is plugged
        // in and out again, and without another one every window would lose the focus in between.
        let mut keyboard = sway.command("wtype");
        keyboard.args(["-s", &FOREVER_MS.to_string()]);
        sway.actors.push(sway.start("keyboard", keyboard)?);
        wait_until("the keyboard", || {
            let seats = sway.ask("get_inputs")?;
            let kinds = seats.as_array().into_iter().flatten().map(|input| &input["type"]);
            Ok(kinds.into_iter().any(|kind| kind == "keyboard").then_some(()))
        })?;
        Ok(sway)
    }

    /// Puts a program where everybody on this desktop may run it.
    pub fn install(&self, program: &Path) -> Result<PathBuf> {
        let place = self.folder.path().join("bin").join(program.file_name().context("a program has a name")?);
        fs::copy(program, &place).with_context(|| format!("cannot copy {}", program.display()))?;
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755))?;
        Ok(place)
    }

    /// Adds lines to its settings and has them read, as its user would.
    pub fn configure(&self, lines: &str) -> Result<()> {
        let settings = self.folder.path().join("home/.config/sway/config");
        fs::OpenOptions::new().append(true).open(settings)?.write_all(lines.as_bytes())?;
        self.tell("reload")
    }

    /// The stage's own temporary folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of the D-Bus session.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// Every window.
    pub fn windows(&self) -> Result<Vec<Toplevel>> {
        let (mut found, mut open) = (Vec::new(), vec![self.ask("get_tree")?]);
        while let Some(mut node) = open.pop() {
            for children in ["nodes", "floating_nodes"] {
                if let Value::Array(children) = node[children].take() {
                    open.extend(children);
                }
            }
            if node["pid"].is_u64() {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let focused = node["focused"] == true;
                found.push(Toplevel { title: text(&node["name"]), app_id: text(&node["app_id"]), focused });
            }
        }
        Ok(found)
    }

    /// Waits until the window titled `title` has the keyboard.
    pub fn wait_focused(&self, title: &str) -> Result<Toplevel> {
        wait_until(&format!("window `{title}` to get the keyboard"), || {
            Ok(self.windows()?.into_iter().find(|window| window.title == title && window.focused))
        })
    }

    /// Waits until there is no window titled `title`.
    pub fn wait_gone(&self, title: &str) -> Result<()> {
        wait_until(&format!("window `{title}` to go"), || {
            Ok((!self.windows()?.iter().any(|window| window.title == title)).then_some(()))
        })
    }

    /// Presses and releases a chord such as `Ctrl+Alt+space`: modifiers, then a key by its X11 name.
    pub fn press(&self, chord: &str) -> Result<()> {
        let mut keys: Vec<&str> = chord.split('+').collect();
        let key = keys.pop().context("a chord has a key")?;
        let mut command = self.command("wtype");
        for modifier in &keys {
            command.args(["-M", &modifier.to_lowercase()]);
        }
        command.args(["-k", key]);
        for modifier in keys.iter().rev() {
            command.args(["-m", &modifier.to_lowercase()]);
        }
        run(command)
    }

    /// Types `text` into the window with the keyboard.
    pub fn type_text(&self, text: &str) -> Result<()> {
        let mut command = self.command("wtype");
        command.arg("--").arg(text);
        run(command)
    }

    /// What a paste would give now, `None` when the clipboard holds no text.
    pub fn clipboard(&self) -> Result<Option<String>> {
        let mut command = self.command("wl-paste");
        let output = command.args(["--no-newline", "--type", "text"]).output().context("cannot run wl-paste")?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// Waits until a paste would give exactly `expected`.
    pub fn wait_clipboard(&self, expected: &str) -> Result<()> {
        let mut last = None;
        let waited = wait_until("the clipboard", || {
            last = self.clipboard()?;
            Ok((last.as_deref() == Some(expected)).then_some(()))
        });
        ensure!(waited.is_ok(), "the clipboard holds {last:?}, not {expected:?}");
        Ok(())
    }

    /// A picture of the whole screen.
    pub fn capture(&self) -> Result<Picture> {
        let output = self.command("grim").args(["-t", "ppm", "-"]).output().context("cannot run grim")?;
        ensure!(output.status.success(), "grim: {}", String::from_utf8_lossy(&output.stderr));
        from_ppm(&output.stdout).context("grim wrote no picture")
    }

    /// Has `sway` do something (sway(5)).
    pub fn tell(&self, what: &str) -> Result<()> {
        let mut command = self.command("swaymsg");
        command.arg(what);
        run(command)
    }

    fn ask(&self, what: &str) -> Result<Value> {
        let output = self.command("swaymsg").args(["--raw", "--type", what]).output().context("cannot run swaymsg")?;
        ensure!(output.status.success(), "swaymsg: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// The name of the Wayland socket, once there is one.
    fn socket(&self) -> Result<Option<String>> {
        let names = fs::read_dir(self.folder.path().join("run"))?.flatten().map(|entry| entry.file_name());
        let mut names = names.filter_map(|name| name.into_string().ok());
        Ok(names.find(|name| name.starts_with("wayland-") && !name.ends_with("lock")))
    }

    fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }
}

impl Ground for Sway {
    fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        seal(&mut command, self.folder.path());
        command.envs([("XDG_SESSION_TYPE", "wayland"), ("GDK_BACKEND", "wayland"), ("XDG_CURRENT_DESKTOP", "sway")]);
        command.env("SWAYSOCK", self.folder.path().join("run/sway.sock"));
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address);
        if !self.display.is_empty() {
            command.env("WAYLAND_DISPLAY", &self.display);
        }
        if getuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn start(&self, name: &str, command: Command) -> Result<Actor> {
        Actor::start(name, command, &self.logs())
    }
}

impl Drop for Sway {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let picture = env::temp_dir().join("caro-sway-failure.png");
            let _ = self.capture().and_then(|screen| screen.save(&picture));
        }
        sweep(&mark(self.folder.path()));
        self.actors.clear();
    }
}

/// Makes everything below `path` belong to who runs this desktop.
fn give(path: &Path) -> Result<()> {
    if !getuid().is_root() {
        return Ok(());
    }
    std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path())?;
        }
    }
    Ok(())
}

fn run(mut command: Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output();
    let name = command.get_program().to_string_lossy().into_owned();
    let output = output.with_context(|| format!("cannot run {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Netpbm's binary color format: `P6`, width, height and 255 as text with white space between them, then three bytes a pixel.
fn from_ppm(bytes: &[u8]) -> Option<Picture> {
    let mut fields = bytes.splitn(4, u8::is_ascii_whitespace).take(3);
    let mut text = || std::str::from_utf8(fields.next()?).ok();
    let (kind, width, height) = (text()?, text()?.parse().ok()?, text()?.parse().ok()?);
    let pixels = bytes.get(bytes.len().checked_sub(width as usize * height as usize * 3)?..)?.to_vec();
    (kind == "P6").then_some(Picture { width, height, pixels })
}

#[cfg(test)]
mod tests {
    use super::from_ppm;

    #[test]
    fn a_picture_is_read_with_its_size() {
        let picture = from_ppm(b"P6\n2 1\n255\n\x01\x02\x03\x20\x0a\x06").unwrap();
        assert_eq!((picture.width, picture.height), (2, 1));
        assert_eq!(picture.pixels, [1, 2, 3, 32, 10, 6]);
        assert!(from_ppm(b"P5\n1 1\n255\n\x01\x02\x03").is_none());
        assert!(from_ppm(b"P6\n9 9\n255\n").is_none());
    }
}
