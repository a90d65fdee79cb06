//! Typing by the XTEST extension: every program takes it for the keyboard.
//!
//! Own code, since the crates tried lost characters: a program that gets a key looks up what it means *then*, so a borrowed
//! key has to stay bound until the last program has looked.

use std::thread;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, KeyButMask};
use x11rb::protocol::xtest::ConnectionExt as _;

use super::keymap::{Keymap, Level, Passage};
use super::x11::X11;
use crate::platform::Obstacle;

// Measured: 100 ms after the last key xterm had looked up every one of them, on a busy machine as well.
const LOOKED_UP_WITHIN: Duration = Duration::from_millis(100);
// How many keys may go astray when another window takes the focus in the middle.
const KEYS_BETWEEN_CHECKS: usize = 8;
const SHIFT: u32 = 0xffe1;
const CAPS_LOCK: u32 = 0xffe5;
const NO_SYMBOL: u32 = 0;

/// A keyboard of our own.
pub(super) struct Typist<'a> {
    x11: &'a X11,
    keymap: Keymap,
    shift: u8,
    caps_lock: Option<u8>,
}

impl<'a> Typist<'a> {
    /// Reads the keyboard mapping in force.
    pub(super) fn new(x11: &'a X11) -> Result<Self, Obstacle> {
        let refused = |error: ReplyError| Obstacle::Display(error.to_string());
        let read = || -> Result<(Keymap, KeyButMask), ReplyError> {
            x11.connection.xtest_get_version(2, 2)?.reply()?;
            let (first, last) = (x11.connection.setup().min_keycode, x11.connection.setup().max_keycode);
            let mapping = x11.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
            let state = x11.connection.query_pointer(x11.root)?.reply()?.mask;
            // XKB protocol, "Interpreting the state field": bits 13 and 14 are the layout in force.
            let group = usize::from((u16::from(state) >> 13) & 0b11);
            Ok((Keymap::new(first, mapping.keysyms_per_keycode, mapping.keysyms, group), state))
        };
        let (keymap, state) = read().map_err(refused)?;
        let shift = keymap.key(SHIFT).ok_or_else(|| Obstacle::Display("the keyboard has no Shift key".to_owned()))?;
        let locked = u16::from(state) & u16::from(KeyButMask::LOCK) != 0;
        let caps_lock = locked.then(|| keymap.key(CAPS_LOCK)).flatten();
        Ok(Self { x11, keymap, shift, caps_lock })
    }

    /// Types `text` as long as `in_focus` holds.
    pub(super) fn write(&self, text: &str, in_focus: impl Fn() -> bool) -> Result<(), Obstacle> {
        let passages = self.keymap.passages(text)?;
        let refused = |error: ReplyError| Obstacle::Display(error.to_string());
        self.toggle_caps_lock().map_err(refused)?;
        let mut written = Ok(true);
        for passage in &passages {
            written = self.write_passage(passage, &in_focus);
            if !matches!(written, Ok(true)) {
                break;
            }
        }
        self.toggle_caps_lock().map_err(refused)?;
        if written.map_err(refused)? { Ok(()) } else { Err(Obstacle::Interrupted(String::new())) }
    }

    /// Presses keys in order and lets them go in reverse.
    pub(super) fn press(&self, keysyms: &[u32]) -> Result<(), Obstacle> {
        let keycodes: Option<Vec<u8>> = keysyms.iter().map(|keysym| self.keymap.key(*keysym)).collect();
        let keycodes = keycodes.ok_or_else(|| Obstacle::Display("the keyboard has no such key".to_owned()))?;
        let press = || -> Result<(), ReplyError> {
            for keycode in &keycodes {
                self.fake(KEY_PRESS_EVENT, *keycode)?;
            }
            for keycode in keycodes.iter().rev() {
                self.fake(KEY_RELEASE_EVENT, *keycode)?;
            }
            self.sync()
        };
        press().map_err(|error| Obstacle::Display(error.to_string()))
    }

    fn write_passage(&self, passage: &Passage, in_focus: &impl Fn() -> bool) -> Result<bool, ReplyError> {
        for (keycode, keysym) in &passage.bindings {
            // Both levels, so that a Shift the user still holds changes nothing.
            self.x11.connection.change_keyboard_mapping(1, *keycode, 2, &[*keysym, *keysym])?;
        }
        self.sync()?;
        let typed = self.type_strokes(passage, in_focus);
        if !passage.bindings.is_empty() {
            thread::sleep(LOOKED_UP_WITHIN);
            for (keycode, _) in &passage.bindings {
                self.x11.connection.change_keyboard_mapping(1, *keycode, 2, &[NO_SYMBOL, NO_SYMBOL])?;
            }
            self.sync()?;
        }
        typed
    }

    fn type_strokes(&self, passage: &Passage, in_focus: &impl Fn() -> bool) -> Result<bool, ReplyError> {
        for strokes in passage.strokes.chunks(KEYS_BETWEEN_CHECKS) {
            if !in_focus() {
                return Ok(false);
            }
            for stroke in strokes {
                if stroke.level == Level::Shifted {
                    self.fake(KEY_PRESS_EVENT, self.shift)?;
                }
                self.fake(KEY_PRESS_EVENT, stroke.keycode)?;
                self.fake(KEY_RELEASE_EVENT, stroke.keycode)?;
                if stroke.level == Level::Shifted {
                    self.fake(KEY_RELEASE_EVENT, self.shift)?;
                }
            }
            self.sync()?;
        }
        Ok(true)
    }

    /// Takes Caps Lock off before typing, and puts it on again after: both are one press of it.
    fn toggle_caps_lock(&self) -> Result<(), ReplyError> {
        if let Some(keycode) = self.caps_lock {
            self.fake(KEY_PRESS_EVENT, keycode)?;
            self.fake(KEY_RELEASE_EVENT, keycode)?;
            self.sync()?;
        }
        Ok(())
    }

    fn fake(&self, kind: u8, keycode: u8) -> Result<(), ReplyError> {
        let now = x11rb::CURRENT_TIME;
        self.x11.connection.xtest_fake_input(kind, keycode, now, self.x11.root, 0, 0, 0)?;
        Ok(())
    }

    /// Any request with an answer: when it is there, the server has done everything before it.
    fn sync(&self) -> Result<(), ReplyError> {
        self.x11.connection.get_input_focus()?.reply()?;
        Ok(())
    }
}
