//! macOS: who has the focus, iTerm2 told what to write by `AppleScript`, and typing by `CGEvent` for every other terminal.
//!
//! Terminal.app has a command for scripts too, but it ends the line, which would run it.

mod typing;

use std::ffi::OsStr;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use objc2_app_kit::{NSApplicationActivationOptions, NSRunningApplication, NSWorkspace};

use super::{Clipboard, Desktop, Focus, Keys, Native, Obstacle, Raised, Target, Terminal, WindowId, program};
use crate::view::{DeliveryChannel, Session};

const ASK_AGAIN: Duration = Duration::from_millis(2);
const ACTIVE_WITHIN: Duration = Duration::from_millis(750);
/// The text is an argument of the script, not a part of it.
const WRITE_TO_ITERM: [&str; 3] = [
    "on run arguments",
    "tell application \"iTerm2\" to tell current session of current window to write text (item 1 of arguments) newline NO",
    "end run",
];

/// The one desktop there is. A window goes by its program: macOS gives the focus to programs.
#[derive(Debug)]
pub(super) struct MacOs;

impl Desktop for MacOs {
    fn session(&self) -> Session {
        Session::MacOs
    }

    fn focused(&self) -> Option<Target> {
        let program = NSWorkspace::sharedWorkspace().frontmostApplication()?;
        let process = u32::try_from(program.processIdentifier()).ok()?;
        if process == std::process::id() {
            return None;
        }
        let bundle = program.bundleIdentifier().map(|bundle| bundle.to_string()).unwrap_or_default();
        let terminal = Terminal::of_class(&bundle, &bundle);
        let title = || program.localizedName().map(|name| name.to_string());
        let name = terminal.map(|terminal| terminal.name.to_owned()).or_else(title).unwrap_or(bundle);
        Some(Target { window: WindowId(process.into()), name, terminal, process: Some(process) })
    }

    fn raise(&self, _window: Option<WindowId>) -> Raised {
        Raised { mapped: Instant::now(), focus: Focus::Untold }
    }

    fn wait_released(&self, patience: Duration) -> Keys {
        if wait(patience, || !typing::any_key_down()) { Keys::Released } else { Keys::Held }
    }

    fn insert(
        &self,
        target: Option<&Target>,
        line: &str,
        _clipboard: &dyn Clipboard,
    ) -> Result<DeliveryChannel, Obstacle> {
        let target = target.ok_or(Obstacle::NoTarget)?;
        let terminal = target.terminal.ok_or_else(|| Obstacle::NotATerminal(target.name.clone()))?;
        let process = target.process.ok_or(Obstacle::NoTarget)?;
        if activate(process) != Focus::Here {
            return Err(Obstacle::NotActive(target.name.clone()));
        }
        if terminal.native == Native::ITerm {
            match write_to_iterm(line) {
                Ok(()) => return Ok(DeliveryChannel::ITerm),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return Err(Obstacle::Unanswered(target.name.clone()));
                }
                // It may not be scripted by us; the keyboard is left.
                Err(_) => {}
            }
        }
        if !typing::is_allowed() {
            return Err(Obstacle::NotAllowed);
        }
        typing::write(line, || front() == Some(process)).map_err(|obstacle| match obstacle {
            Obstacle::Interrupted(_) => Obstacle::Interrupted(target.name.clone()),
            other => other,
        })?;
        Ok(DeliveryChannel::CgEvent)
    }
}

fn write_to_iterm(line: &str) -> io::Result<()> {
    let mut words: Vec<&OsStr> = WRITE_TO_ITERM.iter().flat_map(|part| ["-e", part]).map(OsStr::new).collect();
    // What follows is no option, whatever it begins with.
    words.extend([OsStr::new("--"), OsStr::new(line)]);
    program::run("osascript", &words, b"").map(drop)
}

fn front() -> Option<u32> {
    let program = NSWorkspace::sharedWorkspace().frontmostApplication()?;
    u32::try_from(program.processIdentifier()).ok()
}

fn activate(process: u32) -> Focus {
    let program = i32::try_from(process).ok().and_then(NSRunningApplication::runningApplicationWithProcessIdentifier);
    let Some(program) = program else { return Focus::Elsewhere };
    program.activateWithOptions(NSApplicationActivationOptions::empty());
    if wait(ACTIVE_WITHIN, || front() == Some(process)) { Focus::Here } else { Focus::Elsewhere }
}

fn wait(patience: Duration, mut reached: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + patience;
    loop {
        if reached() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(ASK_AGAIN);
    }
}
