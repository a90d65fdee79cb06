//! The key that opens the popup from anywhere.
//!
//! Invariant: a hotkey that cannot be had stops nothing. It is said, with others that are free, and the app goes on.

mod binding;
#[cfg(any(target_os = "macos", target_os = "windows"))]
mod global;
#[cfg(test)]
mod tests;
#[cfg(target_os = "linux")]
mod x11;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

pub use binding::{Binding, InvalidBinding};

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

/// Called for every press, with the time of it.
pub type OnPress = Box<dyn Fn(Instant) + Send + Sync>;

/// Another program has the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("another program has {binding}")]
pub struct Taken {
    /// The key that was wanted.
    pub binding: Binding,
    /// Keys that can be had.
    pub free: Vec<String>,
}

/// What a desktop does for a hotkey. Called on the main thread only: Windows and macOS tie a hotkey to its thread.
trait Grabber: Send + Sync {
    /// Takes the key; `false` when another program has it.
    fn grab(&self, binding: Binding) -> bool;
    /// Gives it back.
    fn release(&self, binding: Binding);
}

/// The hotkey and whether it is ours right now.
pub struct Hotkey {
    grabber: Option<Box<dyn Grabber>>,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    binding: Binding,
    grip: Grip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grip {
    Held,
    Refused,
    Paused,
}

/// Whether the user left the key to other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// It shall open the popup.
    Live,
    /// It shall do nothing.
    Paused,
}

impl Hotkey {
    /// Takes the key if it can be had. What became of it is in [`Hotkey::view`].
    pub fn start(session: Session, binding: Binding, wanted: Wanted, on_press: OnPress) -> Self {
        let state = Mutex::new(State { binding, grip: Grip::Paused });
        let hotkey = Self { grabber: grabber(session, on_press), state };
        hotkey.set(wanted);
        hotkey
    }

    /// Changes the key. One that is taken changes nothing: the old one stays live.
    ///
    /// # Errors
    /// When another program has it.
    pub fn rebind(&self, binding: Binding) -> Result<(), Taken> {
        let mut state = self.state();
        let Some(grabber) = &self.grabber else {
            state.binding = binding;
            return Ok(());
        };
        if binding == state.binding && state.grip == Grip::Held {
            return Ok(());
        }
        if !grabber.grab(binding) {
            return Err(Taken { binding, free: self.free(state.binding) });
        }
        match state.grip {
            Grip::Held => grabber.release(state.binding),
            // It was only tried, so that the end of a pause brings no surprise.
            Grip::Paused => grabber.release(binding),
            Grip::Refused => state.grip = Grip::Held,
        }
        state.binding = binding;
        Ok(())
    }

    /// Takes the key or gives it back.
    pub fn set(&self, wanted: Wanted) {
        let mut state = self.state();
        let Some(grabber) = &self.grabber else { return };
        match (wanted, state.grip) {
            (Wanted::Live, Grip::Held) => {}
            (Wanted::Live, Grip::Paused | Grip::Refused) => {
                state.grip = if grabber.grab(state.binding) { Grip::Held } else { Grip::Refused };
            }
            (Wanted::Paused, grip) => {
                if grip == Grip::Held {
                    grabber.release(state.binding);
                }
                state.grip = Grip::Paused;
            }
        }
    }

    /// The hotkey as it is right now.
    pub fn view(&self) -> HotkeyView {
        let State { binding, grip } = *self.state();
        let (state, free) = match (&self.grabber, grip) {
            (None, _) => (HotkeyState::Unsupported, Vec::new()),
            (_, Grip::Held) => (HotkeyState::Live, Vec::new()),
            (_, Grip::Paused) => (HotkeyState::Paused, Vec::new()),
            (_, Grip::Refused) => (HotkeyState::Taken, self.free(binding)),
        };
        HotkeyView { binding: binding.to_string(), state, free }
    }

    /// Keys that can be had, found out by taking them for a moment: nothing else tells.
    fn free(&self, but: Binding) -> Vec<String> {
        let Some(grabber) = &self.grabber else { return Vec::new() };
        let can_be_had = |candidate: &Binding| {
            let free = grabber.grab(*candidate);
            if free {
                grabber.release(*candidate);
            }
            free
        };
        let candidates = ALTERNATIVES.iter().filter_map(|text| text.parse::<Binding>().ok());
        let free = candidates.filter(|candidate| *candidate != but).filter(can_be_had);
        free.take(OFFERED).map(|candidate| candidate.to_string()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is a plain value; a panic elsewhere leaves it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Hotkey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hotkey").field("state", &self.state).finish_non_exhaustive()
    }
}

/// By the session type, never by trial: on Wayland a grab succeeds and then no key ever comes.
fn grabber(session: Session, on_press: OnPress) -> Option<Box<dyn Grabber>> {
    match session {
        #[cfg(target_os = "linux")]
        Session::X11 => Some(Box::new(x11::Keyboard::connect(on_press)?)),
        #[cfg(any(target_os = "macos", target_os = "windows"))]
        Session::Windows | Session::MacOs => Some(Box::new(global::Keyboard::new(on_press)?)),
        _ => None,
    }
}
