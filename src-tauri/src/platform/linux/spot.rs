//! Where in a terminal's window the user is: in which tab or pane, behind which multiplexer, in which folder.
//!
//! Asked of the processes (`/proc`) and of the terminals and multiplexers themselves. Nothing here guesses: where it is not
//! plain, the keyboard still reaches what is in front.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::process::{self, Table};
use super::{kitty, konsole, screen, tmux, wezterm};
use crate::platform::{Native, Target};
use crate::view::DeliveryChannel;

/// What shows a prompt of another machine or container: the folder here is not the one over there.
const ELSEWHERE: [&str; 9] =
    ["ssh", "mosh-client", "telnet", "docker", "podman", "kubectl", "machinectl", "lxc", "distrobox"];

/// Where the user is.
#[derive(Debug)]
pub(super) struct Spot {
    /// What can be told to write there.
    pub(super) holder: Holder,
    /// The folder of what runs there.
    pub(super) cwd: Option<PathBuf>,
}

/// What holds the prompt.
#[derive(Debug)]
pub(super) enum Holder {
    Tmux(tmux::Pane),
    Screen(screen::Window),
    Kitty(kitty::Pane),
    WezTerm(wezterm::Pane),
    Konsole(konsole::Tab),
    /// Whatever is in front of the keyboard.
    Keyboard,
}

impl Spot {
    /// The spot in the window of `target`.
    pub(super) fn of(target: &Target) -> Self {
        let (Some(terminal), Some(root)) = (target.terminal, target.process) else { return Self::unknown() };
        let table = Table::below(root);
        let holder = match terminal.native {
            Native::Kitty => kitty::pane(&table, root, target.window.0).map(Holder::Kitty),
            Native::WezTerm => wezterm::pane(&table, root).map(Holder::WezTerm),
            Native::Konsole => konsole::tab(&table, root).map(Holder::Konsole),
            Native::None | Native::ITerm => None,
        };
        let holder = holder.unwrap_or(Holder::Keyboard);
        let device = match &holder {
            Holder::Kitty(kitty::Pane { root, .. }) | Holder::Konsole(konsole::Tab { root, .. }) => {
                table.get(*root).map(|process| process.terminal)
            }
            Holder::WezTerm(pane) => pane.device.as_deref().and_then(number),
            _ => table.device(root),
        };
        let Some(device) = device.filter(|device| *device != 0) else { return Self { holder, cwd: None } };
        let front = table.foreground(device);
        if let Some(pane) = tmux::pane(&front) {
            let cwd = pane.root.and_then(folder);
            return Self { holder: Holder::Tmux(pane), cwd };
        }
        if let Some(window) = screen::window(&front) {
            let cwd = window.root.and_then(folder);
            return Self { holder: Holder::Screen(window), cwd };
        }
        Self { holder, cwd: folder_on(&table, device) }
    }

    const fn unknown() -> Self {
        Self { holder: Holder::Keyboard, cwd: None }
    }
}

impl Holder {
    /// What people call it, when it is not the window itself.
    pub(super) const fn name(&self) -> Option<&'static str> {
        match self {
            Self::Tmux(_) => Some("tmux"),
            Self::Screen(_) => Some("screen"),
            Self::Kitty(_) | Self::WezTerm(_) | Self::Konsole(_) | Self::Keyboard => None,
        }
    }

    /// Has it write `line` at its prompt; `None` when only a keyboard can. After an error nothing was written, except
    /// [`io::ErrorKind::TimedOut`], which leaves that open.
    pub(super) fn send(&self, line: &str) -> Option<io::Result<DeliveryChannel>> {
        let (sent, channel) = match self {
            Self::Tmux(pane) => (tmux::paste(pane, line), DeliveryChannel::Tmux),
            Self::Screen(window) => (screen::stuff(window, line), DeliveryChannel::Screen),
            Self::Kitty(pane) => (kitty::send(pane, line), DeliveryChannel::Kitty),
            Self::WezTerm(pane) => (wezterm::send(pane, line), DeliveryChannel::WezTerm),
            Self::Konsole(tab) => (konsole::send(tab, line), DeliveryChannel::Konsole),
            Self::Keyboard => return None,
        };
        Some(sent.map(|()| channel))
    }
}

/// The folder in the terminal that `root` was started in.
fn folder(root: u32) -> Option<PathBuf> {
    let table = Table::below(root);
    folder_on(&table, table.get(root)?.terminal)
}

/// The folder of what has the keyboard of a terminal device; a command that is just ending has none any more, so the shell's
/// will do.
fn folder_on(table: &Table, device: i32) -> Option<PathBuf> {
    let front = table.foreground(device);
    if front.iter().any(|process| ELSEWHERE.contains(&process.name.as_str())) {
        return None;
    }
    let shell = || table.shell(device).and_then(|shell| process::cwd(shell.id));
    front.iter().find_map(|process| process::cwd(process.id)).or_else(shell)
}

/// The number `/proc` knows a terminal device by: minor and major as stat(5) packs them, which is how the kernel gives them to
/// us as well, as long as both are small.
fn number(device: &str) -> Option<i32> {
    let device = fs::metadata(device).ok()?.rdev();
    i32::try_from(device).ok()
}
