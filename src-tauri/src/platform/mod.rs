//! The desktop around the popup: who has the focus, which keys are down, how text gets into a terminal.
//!
//! One folder a platform behind [`Desktop`]; a desktop without an implementation is [`Unsupported`], which says so in a
//! typed [`Obstacle`] instead of pretending. No Tauri types in here, but for the handle in `webview`.

mod key;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(unix)]
mod program;
mod terminal;
mod unsupported;
pub mod webview;
#[cfg(target_os = "windows")]
mod windows;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use raw_window_handle::RawWindowHandle;

pub use key::Key;
pub use terminal::{Native, PasteKey, Terminal};
pub use unsupported::Unsupported;

use crate::view::{DeliveryChannel, Session};

/// A window of the desktop, by its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowId(pub u64);

impl WindowId {
    /// The number behind a handle, on desktops that number their windows.
    #[allow(clippy::useless_conversion, reason = "the number has 32 bits on Windows")]
    pub fn of(handle: RawWindowHandle) -> Option<Self> {
        match handle {
            RawWindowHandle::Xlib(handle) => Some(Self(handle.window.into())),
            RawWindowHandle::Xcb(handle) => Some(Self(handle.window.get().into())),
            RawWindowHandle::Win32(handle) => u64::try_from(handle.hwnd.get()).ok().map(Self),
            _ => None,
        }
    }
}

/// The window that had the focus before the popup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its number.
    pub window: WindowId,
    /// What to call it.
    pub name: String,
    /// The row of the terminal table, when it is a known terminal.
    pub terminal: Option<&'static Terminal>,
    /// The process that made it.
    pub process: Option<u32>,
}

/// Where the user is in the window that had the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What holds the prompt: the terminal, or the multiplexer in it.
    pub name: String,
    /// The folder there.
    pub cwd: Option<PathBuf>,
}

impl Place {
    /// For a person: `tmux: ~/src`.
    pub fn label(&self, home: Option<&Path>) -> String {
        let Some(cwd) = &self.cwd else { return self.name.clone() };
        let folder = match home.and_then(|home| cwd.strip_prefix(home).ok()) {
            Some(below) if below.as_os_str().is_empty() => "~".to_owned(),
            Some(below) => format!("~/{}", below.display()),
            None => cwd.display().to_string(),
        };
        // A folder may be called anything; a line break or a change of direction would dress up what follows.
        let folder: String = folder.chars().map(|c| if is_plain(c) { c } else { '\u{fffd}' }).collect();
        format!("{}: {folder}", self.name)
    }
}

fn is_plain(character: char) -> bool {
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    !character.is_control() && !turns
}

/// What became of showing a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised {
    /// When it was on the screen.
    pub mapped: Instant,
    /// Whether it has the keyboard.
    pub focus: Focus,
}

/// Whether a window has the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// It has.
    Here,
    /// Another one has.
    Elsewhere,
    /// This desktop does not tell.
    Untold,
}

/// Whether any key is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// None.
    Released,
    /// Some, until the patience was over.
    Held,
    /// This desktop does not tell.
    Untold,
}

/// The clipboard, as far as an insertion needs it.
pub trait Clipboard {
    /// Its text; `None` when it holds none.
    fn read(&self) -> Option<String>;
    /// Replaces what it holds.
    ///
    /// # Errors
    /// When the desktop does not let us.
    fn write(&self, text: &str) -> Result<(), ClipboardError>;
}

/// The clipboard did not take the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the clipboard cannot be used: {0}")]
pub struct ClipboardError(pub String);

/// Why a command was not inserted. The message is the receipt's reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// No window had the focus.
    #[error("no window had the focus before the popup")]
    NoTarget,
    /// The window is in no row of the terminal table.
    #[error("{0} is not a terminal Caro knows")]
    NotATerminal(String),
    /// Nobody wrote it for this desktop yet.
    #[error("inserting is not supported on {0} yet")]
    Unsupported(&'static str),
    /// The window was closed, or another one keeps the focus.
    #[error("{0} did not get the focus back")]
    NotActive(String),
    /// Another window took the focus in the middle; what was typed so far stays where it is.
    #[error("{0} lost the focus while Caro was typing")]
    Interrupted(String),
    /// A key is held down; typing under it would become shortcuts.
    #[error("a key was held down")]
    KeysHeld,
    /// The keyboard cannot produce a character and has no room for it.
    #[error("this keyboard has no room for {0:?}")]
    NoKeyFor(char),
    /// The display server refused.
    #[error("the display server refused: {0}")]
    Display(String),
    /// It has more rights than we have, and Windows drops what we type without a word.
    #[error("{0} runs as administrator, and Windows lets no other program type into it")]
    Elevated(String),
    /// macOS asks the user before a program may type.
    #[error("macOS does not let Caro type yet: allow it in System Settings, Privacy & Security, Accessibility")]
    NotAllowed,
    /// The terminal was told, and did not answer; the text may still come.
    #[error("{0} did not say whether it took the text")]
    Unanswered(String),
}

/// What Caro needs of a desktop. Chosen at run time: the same program runs on X11 and on Wayland.
pub trait Desktop: Send + Sync {
    /// Which kind it is.
    fn session(&self) -> Session;

    /// The window that has the focus, unless it is one of ours.
    fn focused(&self) -> Option<Target>;

    /// Where in the window the user is. Asks other programs, so not for the way to the screen.
    fn locate(&self, target: &Target) -> Place {
        Place { name: target.name.clone(), cwd: None }
    }

    /// Waits until our window is on the screen, and makes sure that it has the keyboard.
    fn raise(&self, window: Option<WindowId>) -> Raised;

    /// Waits until no key is down.
    fn wait_released(&self, patience: Duration) -> Keys;

    /// Gives the focus back to `target` and puts `line` at its prompt, never with a line end.
    ///
    /// # Errors
    /// The [`Obstacle`] that was met; nothing was inserted then, except after [`Obstacle::Interrupted`].
    fn insert(
        &self,
        target: Option<&Target>,
        line: &str,
        clipboard: &dyn Clipboard,
    ) -> Result<DeliveryChannel, Obstacle>;
}

/// There is no display to show anything on.
#[derive(Debug, thiserror::Error)]
pub enum NoDisplay {
    /// Neither an X server nor a Wayland compositor is named in the environment.
    #[error("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")]
    Unnamed,
    /// The X server does not answer.
    #[error("the X server {name} does not answer: {reason}")]
    Unreachable {
        /// What `DISPLAY` says.
        name: String,
        /// The system's words.
        reason: String,
    },
}

/// The desktop this program runs on.
///
/// # Errors
/// When there is none.
#[cfg(target_os = "linux")]
pub fn desktop() -> Result<Box<dyn Desktop>, NoDisplay> {
    linux::desktop()
}

/// The desktop this program runs on.
///
/// # Errors
/// Never: these systems always have one.
#[cfg(not(target_os = "linux"))]
pub fn desktop() -> Result<Box<dyn Desktop>, NoDisplay> {
    #[cfg(target_os = "macos")]
    return Ok(Box::new(macos::MacOs));
    #[cfg(target_os = "windows")]
    return Ok(Box::new(windows::Windows));
    #[cfg(not(any(target_os = "macos", target_os = "windows")))]
    Ok(Box::new(Unsupported(Session::None)))
}

/// Whether something shows tray icons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayHost {
    /// Yes.
    Present,
    /// Not yet; an icon made now appears when one starts.
    Absent,
    /// There is no way an icon could ever be announced, and trying takes the program down.
    Impossible,
}

/// Looks for something that shows tray icons. Call on the main thread, after GTK was started.
#[cfg(target_os = "linux")]
pub fn tray_host() -> TrayHost {
    linux::tray_host()
}

/// Whether there is a D-Bus session to talk to.
#[cfg(target_os = "linux")]
pub fn has_session_bus() -> bool {
    linux::has_session_bus()
}

/// Windows and macOS always show tray icons.
#[cfg(not(target_os = "linux"))]
pub const fn tray_host() -> TrayHost {
    TrayHost::Present
}

/// The languages of the user, the most wanted first, as the system writes them: `de_DE.UTF-8`, `fr-CA`.
pub fn locales() -> Vec<String> {
    #[cfg(target_os = "linux")]
    return linux::locales();
    #[cfg(not(target_os = "linux"))]
    return sys_locale::get_locales().collect();
}

/// Sets what has to be set before the first window: see the platform's reasons.
#[cfg(target_os = "linux")]
pub fn prepare() {
    linux::prepare();
}

/// Nothing has to be set here.
#[cfg(not(target_os = "linux"))]
pub const fn prepare() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_named_as_people_write_it() {
        for (cwd, label) in [
            (None, "tmux"),
            (Some("/home/u"), "tmux: ~"),
            (Some("/home/u/src/caro"), "tmux: ~/src/caro"),
            (Some("/home/user2"), "tmux: /home/user2"),
            (Some("/"), "tmux: /"),
            (Some("/a\nb\u{202e}c"), "tmux: /a\u{fffd}b\u{fffd}c"),
        ] {
            let place = Place { name: "tmux".to_owned(), cwd: cwd.map(PathBuf::from) };
            assert_eq!(place.label(Some(Path::new("/home/u"))), label);
        }
    }
}
