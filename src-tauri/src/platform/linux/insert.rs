//! A command on its way to the prompt: the focus goes back to the terminal, then the best channel is taken.
//!
//! The order is by what can go wrong: a multiplexer or a terminal that can be told takes the bytes as they are; typing goes
//! through the keyboard layout, but reaches whatever tab has the focus; pasting depends on a key the user may have changed,
//! and borrows the clipboard.

use std::io;
use std::thread;
use std::time::Duration;

use x11rb::protocol::xproto::Window;

use super::spot::Spot;
use super::typing::Typist;
use super::x11::X11;
use crate::platform::{Clipboard, Focus, Obstacle, PasteKey, Target, Terminal};
use crate::view::DeliveryChannel;

// A terminal asks for the clipboard right after the key; slow ones were given up on after a third of this.
const PASTED_WITHIN: Duration = Duration::from_millis(300);

pub(super) fn insert(
    x11: &X11,
    target: Option<&Target>,
    line: &str,
    clipboard: &dyn Clipboard,
) -> Result<DeliveryChannel, Obstacle> {
    let target = target.ok_or(Obstacle::NoTarget)?;
    let terminal = target.terminal.ok_or_else(|| Obstacle::NotATerminal(target.name.clone()))?;
    let window = Window::try_from(target.window.0).map_err(|_| Obstacle::NotActive(target.name.clone()))?;
    if x11.activate(window) != Focus::Here {
        return Err(Obstacle::NotActive(target.name.clone()));
    }
    match Spot::of(target).holder.send(line) {
        Some(Ok(channel)) => return Ok(channel),
        Some(Err(error)) if error.kind() == io::ErrorKind::TimedOut => {
            return Err(Obstacle::Unanswered(target.name.clone()));
        }
        // One that refused has nothing of it: the keyboard is left.
        Some(Err(_)) | None => {}
    }
    let typist = Typist::new(x11)?;
    match typist.write(line, || x11.active() == Some(window)) {
        Ok(()) => Ok(DeliveryChannel::Xtest),
        Err(Obstacle::Interrupted(_)) => Err(Obstacle::Interrupted(target.name.clone())),
        Err(obstacle @ Obstacle::NoKeyFor(_)) => paste(&typist, terminal, line, clipboard).ok_or(obstacle),
        Err(obstacle) => Err(obstacle),
    }
}

/// Lends the clipboard to the terminal for a moment. `None` when the terminal has no key for that or the clipboard is not
/// to be had.
fn paste(typist: &Typist<'_>, terminal: &Terminal, line: &str, clipboard: &dyn Clipboard) -> Option<DeliveryChannel> {
    let chord = terminal.paste.map(keysyms)?;
    let kept = clipboard.read();
    clipboard.write(line).ok()?;
    typist.press(chord).ok()?;
    thread::sleep(PASTED_WITHIN);
    if let Some(kept) = kept {
        // What the user had there is worth keeping, but the command has arrived: its loss is no failure of the insertion.
        let _ = clipboard.write(&kept);
    }
    Some(DeliveryChannel::Paste)
}

const SHIFT: u32 = 0xffe1;
const CONTROL: u32 = 0xffe3;
const ALT: u32 = 0xffe9;

const fn keysyms(key: PasteKey) -> &'static [u32] {
    match key {
        PasteKey::CtrlShiftV => &[CONTROL, SHIFT, 'v' as u32],
        PasteKey::CtrlAltV => &[CONTROL, ALT, 'v' as u32],
    }
}
