//! Key presses over XTEST: what the X server gets is what a keyboard would send, so grabs, focus and auto-repeat are real.

use std::collections::HashMap;

use anyhow::{Context, Result};
use x11rb::{
    connection::Connection,
    protocol::{
        xproto::{self, ConnectionExt as _, GrabMode, ModMask},
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
};

use crate::screen::Screen;

/// Which key and level gives a symbol.
#[derive(Debug)]
pub struct Keymap {
    keys: HashMap<u32, (u8, Level)>,
    spare: Vec<u8>,
    levels: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Plain,
    Shifted,
}

/// Keys that have a name and no character. Values from the X11 protocol's `keysymdef.h`.
const NAMED: [(&str, u32); 20] = [
    ("ctrl", 0xffe3),
    ("alt", 0xffe9),
    ("shift", 0xffe1),
    ("super", 0xffeb),
    ("enter", 0xff0d),
    ("escape", 0xff1b),
    ("tab", 0xff09),
    ("space", 0x20),
    ("backspace", 0xff08),
    ("delete", 0xffff),
    ("up", 0xff52),
    ("down", 0xff54),
    ("left", 0xff51),
    ("right", 0xff53),
    ("home", 0xff50),
    ("end", 0xff57),
    ("f4", 0xffc1),
    ("f12", 0xffc9),
    ("caps_lock", 0xffe5),
    ("num_lock", 0xff7f),
];

impl Keymap {
    pub(crate) fn read(connection: &RustConnection) -> Result<Self> {
        let (first, last) = (connection.setup().min_keycode, connection.setup().max_keycode);
        let reply = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let levels = reply.keysyms_per_keycode;
        let mut keymap = Self { keys: HashMap::new(), spare: Vec::new(), levels };
        for (keycode, symbols) in (first..=last).zip(reply.keysyms.chunks_exact(levels.into())) {
            if symbols.iter().all(|symbol| *symbol == 0) {
                keymap.spare.push(keycode);
            }
            for (symbol, level) in
                symbols.iter().zip([Level::Plain, Level::Shifted]).filter(|(symbol, _)| **symbol != 0)
            {
                keymap.keys.entry(*symbol).or_insert((keycode, level));
            }
        }
        Ok(keymap)
    }

    /// The key for `symbol`; a spare key is bound to it when the layout has none, and stays bound: the keyboard is the stage's own.
    fn key(&mut self, connection: &RustConnection, symbol: u32) -> Result<(u8, Level)> {
        if let Some(key) = self.keys.get(&symbol) {
            return Ok(*key);
        }
        let keycode = self.spare.pop().context("no spare key is left for another character")?;
        let symbols = vec![symbol; self.levels.into()];
        connection.change_keyboard_mapping(1, keycode, self.levels, &symbols)?.check()?;
        self.keys.insert(symbol, (keycode, Level::Plain));
        Ok((keycode, Level::Plain))
    }
}

impl Screen {
    /// Presses and releases a chord such as `Ctrl+Alt+Space`; names are matched without case.
    pub fn press(&self, chord: &str) -> Result<()> {
        let keys = chord.split('+').map(|name| self.named(name)).collect::<Result<Vec<_>>>()?;
        for key in &keys {
            self.send(xproto::KEY_PRESS_EVENT, *key)?;
        }
        for key in keys.iter().rev() {
            self.send(xproto::KEY_RELEASE_EVENT, *key)?;
        }
        self.sync()
    }

    /// Holds a chord down until `while_held` is done; the X server repeats the last key as for a real keyboard.
    pub fn hold<T>(&self, chord: &str, while_held: impl FnOnce() -> Result<T>) -> Result<T> {
        let keys = chord.split('+').map(|name| self.named(name)).collect::<Result<Vec<_>>>()?;
        for key in &keys {
            self.send(xproto::KEY_PRESS_EVENT, *key)?;
        }
        self.sync()?;
        let result = while_held();
        for key in keys.iter().rev() {
            self.send(xproto::KEY_RELEASE_EVENT, *key)?;
        }
        self.sync()?;
        result
    }

    /// Types `text`, whatever the layout holds.
    pub fn type_text(&self, text: &str) -> Result<()> {
        let shift = self.named("shift")?;
        if self.bind_missing(text)? {
            // Every program reads the new layout anew, and a window manager grabs all its keys again for each change: it is
            // asked for something after all of them, so that what follows does not meet it busy with keys no user ever binds.
            self.wait_for_window_manager()?;
        }
        for character in text.chars() {
            let (key, level) = self.keymap.borrow_mut().key(&self.connection, symbol(character))?;
            if level == Level::Shifted {
                self.send(xproto::KEY_PRESS_EVENT, shift)?;
            }
            self.send(xproto::KEY_PRESS_EVENT, key)?;
            self.send(xproto::KEY_RELEASE_EVENT, key)?;
            if level == Level::Shifted {
                self.send(xproto::KEY_RELEASE_EVENT, shift)?;
            }
        }
        self.sync()
    }

    /// Binds keys to the characters of `text` that have none; whether there were any.
    fn bind_missing(&self, text: &str) -> Result<bool> {
        let mut keymap = self.keymap.borrow_mut();
        let before = keymap.spare.len();
        for character in text.chars() {
            keymap.key(&self.connection, symbol(character))?;
        }
        Ok(keymap.spare.len() != before)
    }

    pub(crate) fn grab(&self, chord: &str) -> Result<()> {
        let mut names = chord.split('+').rev();
        let key = self.named(names.next().context("a chord has a key")?)?;
        let mut modifiers = ModMask::default();
        for name in names {
            modifiers |= match name.to_lowercase().as_str() {
                "ctrl" => ModMask::CONTROL,
                "alt" => ModMask::M1,
                "shift" => ModMask::SHIFT,
                _ => ModMask::M4,
            };
        }
        let grab = self.connection.grab_key(true, self.root, modifiers, key, GrabMode::ASYNC, GrabMode::ASYNC)?;
        grab.check().with_context(|| format!("{chord} is taken"))
    }

    /// Whether a program has `chord` for its hotkey. Nobody else meets the key taken by this look: the server serves only us
    /// meanwhile.
    pub fn is_taken(&self, chord: &str) -> Result<bool> {
        self.connection.grab_server()?;
        let free = self.grab(chord).is_ok();
        if free {
            self.connection.ungrab_key(0, self.root, ModMask::ANY)?;
        }
        self.connection.ungrab_server()?;
        self.sync()?;
        Ok(!free)
    }

    fn named(&self, name: &str) -> Result<u8> {
        let lower = name.to_lowercase();
        let known = NAMED.iter().find(|(known, _)| *known == lower).map(|(_, symbol)| *symbol);
        let value = match known {
            Some(symbol) => symbol,
            None => lower.chars().next().map(symbol).context("a key has a name")?,
        };
        Ok(self.keymap.borrow_mut().key(&self.connection, value)?.0)
    }

    fn send(&self, kind: u8, keycode: u8) -> Result<()> {
        self.connection.xtest_fake_input(kind, keycode, x11rb::CURRENT_TIME, self.root, 0, 0, 0)?;
        Ok(())
    }

    /// Returns when the X server has seen all that was sent.
    pub(crate) fn sync(&self) -> Result<()> {
        self.connection.get_input_focus()?.reply()?;
        Ok(())
    }
}

/// The keysym of a character: Latin-1 has its own code points, all others are marked (X11 protocol, appendix A).
fn symbol(character: char) -> u32 {
    let point = u32::from(character);
    match point {
        0x20..=0x7e | 0xa0..=0xff => point,
        _ => 0x0100_0000 | point,
    }
}
