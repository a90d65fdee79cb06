//! The keys that work from anywhere: one opens the popup, and others may do more.
//!
//! Invariant: a hotkey that cannot be had stops nothing. It is said, with others that are free, and the app goes on.

mod binding;
#[cfg(any(target_os = "macos", target_os = "windows"))]
mod global;
#[cfg(test)]
mod tests;
#[cfg(target_os = "linux")]
mod x11;
mod yielding;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

pub use binding::{Binding, InvalidBinding};
pub use yielding::{FullScreen, Yielding};

use crate::view::{HotkeyState, HotkeyView, Session};

/// What is offered when the wanted key is taken, the most familiar first.
const ALTERNATIVES: [&str; 8] = [
    "Ctrl+Alt+Space",
    "Ctrl+Shift+Space",
    "Super+Space",
    "Alt+Space",
    "Ctrl+Alt+C",
    "Ctrl+Alt+K",
    "Super+C",
    "Ctrl+Shift+F12",
];
const OFFERED: usize = 3;

/// What a hotkey does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Opens the popup, or closes it.
    Open,
    /// Opens it with the text of the clipboard as the question.
    OpenClipboard,
    /// Does again what was done with the command accepted last.
    Repeat,
}

impl Action {
    /// Every action, in the order of the settings.
    pub const ALL: [Self; 3] = [Self::Open, Self::OpenClipboard, Self::Repeat];
}

/// Called for every press, with the time of it.
pub type OnPress = Box<dyn Fn(Action, Instant) + Send + Sync>;

/// A key cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} has {binding}", match by { Holder::Program => "another program", Holder::Caro => "Caro itself" })]
pub struct Taken {
    /// The key that was wanted.
    pub binding: Binding,
    /// Who has it.
    pub by: Holder,
    /// Keys that can be had.
    pub free: Vec<String>,
}

/// Who has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Another program.
    Program,
    /// Caro, for something else.
    Caro,
}

/// Called for every press of a key that was taken.
type OnKey = Box<dyn Fn(Binding, Instant) + Send + Sync>;

/// What a desktop does for a hotkey. Called on the main thread only: Windows and macOS tie a hotkey to its thread.
trait Grabber: Send + Sync {
    /// Takes the key; `false` when another program has it.
    fn grab(&self, binding: Binding) -> bool;
    /// Gives it back.
    fn release(&self, binding: Binding);
    /// Leaves the keys to some windows, where the desktop lets us.
    fn yield_to(&self, _yielding: Yielding) {}
}

/// The hotkeys and whether they are ours right now.
pub struct Hotkeys {
    grabber: Option<Box<dyn Grabber>>,
    slots: Arc<Mutex<Slots>>,
}

#[derive(Debug, Clone, Copy)]
struct Slots {
    keys: [Slot; Action::ALL.len()],
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    binding: Option<Binding>,
    grip: Grip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grip {
    Held,
    Refused,
    Loose,
}

/// Whether the user left the keys to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// They shall do what they are for.
    Live,
    /// They shall do nothing.
    Paused,
}

impl Hotkeys {
    /// Takes the keys that can be had, one for each of [`Action::ALL`]. What became of them is in [`Hotkeys::view`].
    pub fn start(session: Session, keys: [Option<Binding>; 3], wanted: Wanted, on_press: OnPress) -> Self {
        let empty = Slots { keys: keys.map(|binding| Slot { binding, grip: Grip::Loose }), wanted: Wanted::Paused };
        let slots = Arc::new(Mutex::new(empty));
        let known = Arc::clone(&slots);
        let on_key = Box::new(move |binding, at| {
            let action = lock(&known).action(binding);
            if let Some(action) = action {
                on_press(action, at);
            }
        });
        let hotkeys = Self { grabber: grabber(session, on_key), slots };
        hotkeys.set(wanted);
        hotkeys
    }

    /// Changes a key, or takes it away. One that is taken changes nothing: the old one stays live.
    ///
    /// # Errors
    /// When another program has it, or Caro itself for something else.
    pub fn rebind(&self, action: Action, binding: Option<Binding>) -> Result<(), Taken> {
        let mut slots = self.slots();
        let Slots { keys, wanted: now } = *slots;
        let Slot { binding: before, grip } = keys[action as usize];
        if let Some(wanted) = binding
            && slots.action(wanted).is_some_and(|other| other != action)
        {
            return Err(Taken { binding: wanted, by: Holder::Caro, free: self.free(&slots) });
        }
        let slot = &mut slots.keys[action as usize];
        let Some(grabber) = &self.grabber else {
            slot.binding = binding;
            return Ok(());
        };
        if binding == before && grip == Grip::Held {
            return Ok(());
        }
        if let Some(wanted) = binding
            && !grabber.grab(wanted)
        {
            return Err(Taken { binding: wanted, by: Holder::Program, free: self.free(&slots) });
        }
        if let (Some(before), Grip::Held) = (before, grip) {
            grabber.release(before);
        }
        slot.binding = binding;
        slot.grip = match (binding, now) {
            (Some(_), Wanted::Live) => Grip::Held,
            (Some(tried), Wanted::Paused) => {
                // It was only tried, so that the end of a pause brings no surprise.
                grabber.release(tried);
                Grip::Loose
            }
            (None, _) => Grip::Loose,
        };
        Ok(())
    }

    /// Takes the keys or gives them back.
    pub fn set(&self, wanted: Wanted) {
        let mut slots = self.slots();
        slots.wanted = wanted;
        let Some(grabber) = &self.grabber else { return };
        for Slot { binding, grip } in &mut slots.keys {
            let Some(binding) = *binding else { continue };
            match (wanted, *grip) {
                (Wanted::Live, Grip::Held) => {}
                (Wanted::Live, Grip::Loose | Grip::Refused) => {
                    *grip = if grabber.grab(binding) { Grip::Held } else { Grip::Refused };
                }
                (Wanted::Paused, before) => {
                    if before == Grip::Held {
                        grabber.release(binding);
                    }
                    *grip = Grip::Loose;
                }
            }
        }
    }

    /// Leaves the keys to some windows, where the desktop lets us.
    pub fn yield_to(&self, yielding: Yielding) {
        if let Some(grabber) = &self.grabber {
            grabber.yield_to(yielding);
        }
    }

    /// A hotkey as it is right now.
    pub fn view(&self, action: Action) -> HotkeyView {
        let slots = *self.slots();
        let Slot { binding, grip } = slots.keys[action as usize];
        let (state, free) = match (&self.grabber, binding, grip) {
            (None, _, _) => (HotkeyState::Unsupported, Vec::new()),
            (_, None, _) => (HotkeyState::Unset, Vec::new()),
            (_, _, Grip::Held) => (HotkeyState::Live, Vec::new()),
            (_, _, Grip::Loose) => (HotkeyState::Paused, Vec::new()),
            (_, _, Grip::Refused) => (HotkeyState::Taken, self.free(&slots)),
        };
        HotkeyView { binding: binding.map(|binding| binding.to_string()).unwrap_or_default(), state, free }
    }

    /// Keys that can be had, found out by taking them for a moment: nothing else tells.
    fn free(&self, slots: &Slots) -> Vec<String> {
        let Some(grabber) = &self.grabber else { return Vec::new() };
        let can_be_had = |candidate: &Binding| {
            let free = grabber.grab(*candidate);
            if free {
                grabber.release(*candidate);
            }
            free
        };
        let candidates = ALTERNATIVES.iter().filter_map(|text| text.parse::<Binding>().ok());
        let free = candidates.filter(|candidate| slots.action(*candidate).is_none()).filter(can_be_had);
        free.take(OFFERED).map(|candidate| candidate.to_string()).collect()
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        lock(&self.slots)
    }
}

/// The slots are plain values; a panic elsewhere leaves them whole.
fn lock(slots: &Mutex<Slots>) -> MutexGuard<'_, Slots> {
    slots.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slots {
    fn action(&self, binding: Binding) -> Option<Action> {
        Action::ALL.into_iter().find(|action| self.keys[*action as usize].binding == Some(binding))
    }
}

impl fmt::Debug for Hotkeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hotkeys").field("slots", &self.slots).finish_non_exhaustive()
    }
}

/// By the session type, never by trial: on Wayland a grab succeeds and then no key ever comes.
fn grabber(session: Session, on_key: OnKey) -> Option<Box<dyn Grabber>> {
    match session {
        #[cfg(target_os = "linux")]
        Session::X11 => Some(Box::new(x11::Keyboard::connect(on_key)?)),
        #[cfg(any(target_os = "macos", target_os = "windows"))]
        Session::Windows | Session::MacOs => Some(Box::new(global::Keyboard::new(on_key)?)),
        _ => None,
    }
}
