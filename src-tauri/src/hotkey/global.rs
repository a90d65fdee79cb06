//! The hotkey on macOS and Windows, by the `global-hotkey` crate, which belongs to the main thread and its event loop.

use std::cell::OnceCell;
use std::time::Instant;

use global_hotkey::hotkey::HotKey;
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};

use super::binding::Binding;
use super::{Grabber, OnPress};

thread_local! {
    static KEYBOARD: OnceCell<GlobalHotKeyManager> = const { OnceCell::new() };
}

/// Stands for the one in the main thread; from any other thread every key counts as taken.
pub(super) struct Keyboard;

impl Keyboard {
    pub(super) fn new(on_press: OnPress) -> Option<Self> {
        let keyboard = GlobalHotKeyManager::new().ok()?;
        GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
            if event.state == HotKeyState::Pressed {
                on_press(Instant::now());
            }
        }));
        KEYBOARD.with(|cell| cell.set(keyboard)).ok()?;
        Some(Self)
    }
}

impl Grabber for Keyboard {
    fn grab(&self, binding: Binding) -> bool {
        let Some(hotkey) = known(binding) else { return false };
        KEYBOARD.with(|cell| cell.get().is_some_and(|keyboard| keyboard.register(hotkey).is_ok()))
    }

    fn release(&self, binding: Binding) {
        if let Some(hotkey) = known(binding) {
            // One that is not registered needs no giving back.
            KEYBOARD.with(|cell| cell.get().map(|keyboard| keyboard.unregister(hotkey)));
        }
    }
}

fn known(binding: Binding) -> Option<HotKey> {
    binding.to_string().parse().ok()
}
