//! The hotkeys on an X server: passive grabs on the root window, and a thread that sleeps until a key comes.
//!
//! Own code, since `global-hotkey` looks every 50 ms: 20 wake-ups a second, and 36 ms to the popup instead of 6. The
//! connection is shared: a thread that waits for an event does not keep others from sending requests on it, so a new
//! binding needs no way to wake it.
//!
//! A passive grab cannot pass a key on to the window it was meant for. So the grabs are let go while a window has the focus
//! to which they are left, and the window manager's word about the focus is listened for: nothing looks again and again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use x11rb::connection::Connection;
use x11rb::cookie::VoidCookie;
use x11rb::errors::ReplyError;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt as _, EventMask, GrabMode, KeyPressEvent, ModMask, Window,
};
use x11rb::rust_connection::RustConnection;

use super::binding::{Binding, Modifier};
use super::yielding::{Front, Size};
use super::{Grabber, OnKey, Yielding};

// A grab is for one exact set of modifiers, and the locks count as modifiers. Mod2 is Num Lock wherever there is one.
const CAPS_LOCK: u16 = 1 << 1;
const NUM_LOCK: u16 = 1 << 4;
const LOCKS: [u16; 4] = [0, CAPS_LOCK, NUM_LOCK, CAPS_LOCK | NUM_LOCK];
// Between two presses of a held key the server waits 660 ms at most by default. A longer pause is a new press, even if the
// release got lost.
const REPEATS_WITHIN_MS: u32 = 1_000;

x11rb::atom_manager! {
    /// The names this file speaks.
    Atoms: AtomsCookie {
        WM_CLASS,
        _NET_ACTIVE_WINDOW,
        _NET_WM_STATE,
        _NET_WM_STATE_FULLSCREEN,
    }
}

/// Every modifier a binding can have; the locks and the buttons of the mouse are in the state of a key press as well.
const MODIFIERS: u16 = 1 | 1 << 2 | 1 << 3 | 1 << 6;

/// The keys as callers see them. The thread that listens has the other handle of the same board.
pub(super) struct Keyboard(Arc<Board>);

struct Board {
    connection: RustConnection,
    root: Window,
    atoms: Atoms,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    keys: Vec<(Binding, u8)>,
    yielding: Yielding,
    hold: Hold,
}

/// Whether the keys are grabbed, or left to the window with the focus.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Hold {
    #[default]
    Firm,
    Left,
}

impl Keyboard {
    /// A connection and a thread of its own; `None` when the server does not give one.
    pub(super) fn connect(on_key: OnKey) -> Option<Self> {
        let (connection, screen) = x11rb::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let atoms = Atoms::new(&connection).ok()?.reply().ok()?;
        let board = Arc::new(Board { connection, root, atoms, held: Mutex::default() });
        let listener = Arc::clone(&board);
        thread::Builder::new().name("hotkey".to_owned()).spawn(move || listener.listen(&on_key)).ok()?;
        Some(Self(board))
    }
}

impl Grabber for Keyboard {
    fn grab(&self, binding: Binding) -> bool {
        let board = &self.0;
        let grabbed = board.keycode(binding.key().keysym).and_then(|keycode| match keycode {
            Some(keycode) => Ok(board.try_grab(binding, keycode)?.then_some(keycode)),
            None => Ok(None),
        });
        let Ok(Some(keycode)) = grabbed else { return false };
        let mut held = board.held();
        held.keys.push((binding, keycode));
        if held.hold == Hold::Left {
            // It was only tried.
            let _ = board.try_release(binding, keycode);
        }
        true
    }

    fn release(&self, binding: Binding) {
        let mut held = self.0.held();
        for (_, keycode) in held.keys.extract_if(.., |(known, _)| *known == binding) {
            // A connection that is gone has given every grab back already.
            let _ = self.0.try_release(binding, keycode);
        }
    }

    fn yield_to(&self, yielding: Yielding) {
        let board = &self.0;
        board.held().yielding = yielding;
        let watched = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let told = board.connection.change_window_attributes(board.root, &watched).map(VoidCookie::check);
        // Without it the keys stay ours in every window, as where there is no window manager.
        if let Ok(Ok(())) = told {
            board.follow_focus();
        }
    }
}

impl Board {
    fn held(&self) -> MutexGuard<'_, Held> {
        // Plain values; a panic elsewhere leaves them whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keycode(&self, keysym: u32) -> Result<Option<u8>, ReplyError> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let rows = mapping.keysyms.chunks_exact(usize::from(mapping.keysyms_per_keycode).max(1));
        Ok((first..=last).zip(rows).find(|(_, row)| row.first() == Some(&keysym)).map(|(keycode, _)| keycode))
    }

    fn try_grab(&self, binding: Binding, keycode: u8) -> Result<bool, ReplyError> {
        for locks in LOCKS {
            let modifiers = ModMask::from(mask(binding) | locks);
            let asynchronous = GrabMode::ASYNC;
            let grab = self.connection.grab_key(false, self.root, modifiers, keycode, asynchronous, asynchronous)?;
            // Refused for one set of locks is refused: a hotkey that depends on Num Lock is worse than none.
            if grab.check().is_err() {
                self.try_release(binding, keycode)?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives back what is ours of it; what another program has stays theirs.
    fn try_release(&self, binding: Binding, keycode: u8) -> Result<(), ReplyError> {
        for locks in LOCKS {
            self.connection.ungrab_key(keycode, self.root, ModMask::from(mask(binding) | locks))?;
        }
        self.connection.flush()?;
        Ok(())
    }

    /// Ends with the connection.
    fn listen(&self, on_key: &OnKey) {
        let mut repeat = Repeat::default();
        while let Ok(event) = self.connection.wait_for_event() {
            let now = Instant::now();
            match event {
                Event::KeyPress(press) if repeat.is_new(&press) => {
                    let pressed = self
                        .held()
                        .keys
                        .iter()
                        .find(|(known, keycode)| {
                            *keycode == press.detail && mask(*known) == u16::from(press.state) & MODIFIERS
                        })
                        .map(|(binding, _)| *binding);
                    if let Some(binding) = pressed {
                        on_key(binding, now);
                    }
                }
                Event::KeyRelease(release) if !is_down(&self.connection, release.detail) => repeat = Repeat::default(),
                Event::PropertyNotify(change)
                    if [self.atoms._NET_ACTIVE_WINDOW, self.atoms._NET_WM_STATE].contains(&change.atom) =>
                {
                    self.follow_focus();
                }
                _ => {}
            }
        }
    }

    /// Lets the keys go when they are left to the window with the focus, and takes them again when it is another. One that
    /// another program took meanwhile is tried again after the next such window.
    fn follow_focus(&self) {
        let front = self.front().ok().flatten();
        let mut held = self.held();
        let wanted = match front {
            Some(front) if held.yielding.to(&front) => Hold::Left,
            _ => Hold::Firm,
        };
        if wanted == held.hold {
            return;
        }
        held.hold = wanted;
        for (binding, keycode) in &held.keys {
            let _ = match wanted {
                Hold::Firm => self.try_grab(*binding, *keycode).map(drop),
                Hold::Left => self.try_release(*binding, *keycode),
            };
        }
    }

    /// The window with the focus, listened to from now on: it may fill the screen later.
    fn front(&self) -> Result<Option<Front>, ReplyError> {
        let words = |window: Window, name: u32, kind: u32| {
            self.connection.get_property(false, window, name, kind, 0, 256)?.reply()
        };
        let active = words(self.root, self.atoms._NET_ACTIVE_WINDOW, AtomEnum::WINDOW.into())?;
        let Some(window) = active.value32().and_then(|mut ids| ids.next()).filter(|id| *id != x11rb::NONE) else {
            return Ok(None);
        };
        let watched = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        self.connection.change_window_attributes(window, &watched)?;
        let class = words(window, self.atoms.WM_CLASS, AtomEnum::STRING.into())?.value;
        let mut halves = class.split(|byte| *byte == 0).map(|half| String::from_utf8_lossy(half).into_owned());
        let (instance, class) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
        let states = words(window, self.atoms._NET_WM_STATE, AtomEnum::ATOM.into())?;
        let full =
            states.value32().is_some_and(|mut all| all.any(|state| state == self.atoms._NET_WM_STATE_FULLSCREEN));
        Ok(Some(Front { instance, class, size: if full { Size::Full } else { Size::Part } }))
    }
}

/// Mod1 is Alt and Mod4 is Super in every keyboard configuration of this century.
fn mask(binding: Binding) -> u16 {
    [(Modifier::Shift, 1), (Modifier::Control, 1 << 2), (Modifier::Alt, 1 << 3), (Modifier::Super, 1 << 6)]
        .into_iter()
        .filter(|(modifier, _)| binding.has(*modifier))
        .fold(0, |mask, (_, bit)| mask | bit)
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
