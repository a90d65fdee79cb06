//! The hotkey on an X server: a passive grab on the root window, and a thread that sleeps until the key comes.
//!
//! Own code, since `global-hotkey` looks every 50 ms: 20 wake-ups a second, and 36 ms to the popup instead of 6. The
//! connection is shared: a thread that waits for an event does not keep others from sending requests on it, so a new
//! binding needs no way to wake it.

use std::sync::Arc;
use std::thread;
use std::time::Instant;

use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, KeyPressEvent, ModMask, Window};
use x11rb::rust_connection::RustConnection;

use super::binding::{Binding, Modifier};
use super::{Grabber, OnPress};

// A grab is for one exact set of modifiers, and the locks count as modifiers. Mod2 is Num Lock wherever there is one.
const CAPS_LOCK: u16 = 1 << 1;
const NUM_LOCK: u16 = 1 << 4;
const LOCKS: [u16; 4] = [0, CAPS_LOCK, NUM_LOCK, CAPS_LOCK | NUM_LOCK];
// Between two presses of a held key the server waits 660 ms at most by default. A longer pause is a new press, even if the
// release got lost.
const REPEATS_WITHIN_MS: u32 = 1_000;

pub(super) struct Keyboard {
    connection: Arc<RustConnection>,
    root: Window,
}

impl Keyboard {
    /// A connection and a thread of its own; `None` when the server does not give one.
    pub(super) fn connect(on_press: OnPress) -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let connection = Arc::new(connection);
        let root = connection.setup().roots.get(screen)?.root;
        let events = Arc::clone(&connection);
        thread::Builder::new().name("hotkey".to_owned()).spawn(move || listen(&events, &on_press)).ok()?;
        Some(Self { connection, root })
    }

    fn keycode(&self, keysym: u32) -> Result<Option<u8>, ReplyError> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let rows = mapping.keysyms.chunks_exact(usize::from(mapping.keysyms_per_keycode).max(1));
        Ok((first..=last).zip(rows).find(|(_, row)| row.first() == Some(&keysym)).map(|(keycode, _)| keycode))
    }

    fn try_grab(&self, binding: Binding) -> Result<bool, ReplyError> {
        let Some(keycode) = self.keycode(binding.key().keysym)? else { return Ok(false) };
        for locks in LOCKS {
            let modifiers = ModMask::from(mask(binding) | locks);
            let asynchronous = GrabMode::ASYNC;
            let grab = self.connection.grab_key(false, self.root, modifiers, keycode, asynchronous, asynchronous)?;
            // Refused for one set of locks is refused: a hotkey that depends on Num Lock is worse than none.
            if grab.check().is_err() {
                self.try_release(binding)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives back what is ours of it; what another program has stays theirs.
    fn try_release(&self, binding: Binding) -> Result<(), ReplyError> {
        let Some(keycode) = self.keycode(binding.key().keysym)? else { return Ok(()) };
        for locks in LOCKS {
            self.connection.ungrab_key(keycode, self.root, ModMask::from(mask(binding) | locks))?;
        }
        self.connection.flush()?;
        Ok(())
    }
}

impl Grabber for Keyboard {
    fn grab(&self, binding: Binding) -> bool {
        self.try_grab(binding).unwrap_or(false)
    }

    fn release(&self, binding: Binding) {
        // A connection that is gone has given every grab back already.
        let _ = self.try_release(binding);
    }
}

/// Mod1 is Alt and Mod4 is Super in every keyboard configuration of this century.
fn mask(binding: Binding) -> u16 {
    [(Modifier::Shift, 1), (Modifier::Control, 1 << 2), (Modifier::Alt, 1 << 3), (Modifier::Super, 1 << 6)]
        .into_iter()
        .filter(|(modifier, _)| binding.has(*modifier))
        .fold(0, |mask, (_, bit)| mask | bit)
}

/// Ends with the connection.
fn listen(connection: &RustConnection, on_press: &OnPress) {
    let mut repeat = Repeat::default();
    while let Ok(event) = connection.wait_for_event() {
        let now = Instant::now();
        match event {
            Event::KeyPress(press) if repeat.is_new(&press) => on_press(now),
            Event::KeyRelease(release) if !is_down(connection, release.detail) => repeat = Repeat::default(),
            _ => {}
        }
    }
}

/// A held key sends releases and presses of its own; only the server knows that it is still down.
fn is_down(connection: &RustConnection, keycode: u8) -> bool {
    let keymap = connection.query_keymap().ok().and_then(|cookie| cookie.reply().ok());
    keymap.is_some_and(|keymap| keymap.keys[usize::from(keycode / 8)] & (1 << (keycode % 8)) != 0)
}

/// Tells the press of a key from its auto-repeat.
#[derive(Debug, Default)]
struct Repeat {
    last: Option<(u8, u32)>,
}

impl Repeat {
    fn is_new(&mut self, press: &KeyPressEvent) -> bool {
        let repeated = self.last.is_some_and(|(keycode, time)| {
            keycode == press.detail && press.time.wrapping_sub(time) < REPEATS_WITHIN_MS
        });
        self.last = Some((press.detail, press.time));
        !repeated
    }
}
