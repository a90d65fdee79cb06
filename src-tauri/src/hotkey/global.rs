//! The hotkey on macOS and Windows, by the `global-hotkey` crate, which belongs to the main thread and its event loop.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use global_hotkey::hotkey::HotKey;
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};

use super::binding::Binding;
use super::{Grabber, OnKey};

thread_local! {
    static KEYBOARD: OnceCell<GlobalHotKeyManager> = const { OnceCell::new() };
}

/// Stands for the one in the main thread; from any other thread every key counts as taken.
pub(super) struct Keyboard {
    held: Arc<Mutex<Vec<Binding>>>,
}

impl Keyboard {
    pub(super) fn new(on_key: OnKey) -> Option<Self> {
        let keyboard = GlobalHotKeyManager::new().ok()?;
        let held = Arc::new(Mutex::new(Vec::new()));
        let pressed = Arc::clone(&held);
        GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
            let now = Instant::now();
            let held: Vec<Binding> = pressed.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let binding = held.into_iter().find(|binding| known(*binding).is_some_and(|key| key.id() == event.id));
            if let (HotKeyState::Pressed, Some(binding)) = (event.state, binding) {
                on_key(binding, now);
            }
        }));
        KEYBOARD.with(|cell| cell.set(keyboard)).ok()?;
        Some(Self { held })
    }
}

impl Grabber for Keyboard {
    fn grab(&self, binding: Binding) -> bool {
        let Some(hotkey) = known(binding) else { return false };
        let taken = KEYBOARD.with(|cell| cell.get().is_some_and(|keyboard| keyboard.register(hotkey).is_ok()));
        if taken {
            self.held.lock().unwrap_or_else(PoisonError::into_inner).push(binding);
        }
        taken
    }

    fn release(&self, binding: Binding) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).retain(|held| *held != binding);
        if let Some(hotkey) = known(binding) {
            // One that is not registered needs no giving back.
            KEYBOARD.with(|cell| cell.get().map(|keyboard| keyboard.unregister(hotkey)));
        }
    }
}

fn known(binding: Binding) -> Option<HotKey> {
    binding.to_string().parse().ok()
}
