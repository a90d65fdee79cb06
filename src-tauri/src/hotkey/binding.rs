//! A hotkey as text: `Ctrl+Alt+Space`.

use std::fmt;
use std::str::FromStr;

use crate::platform::Key;

/// Modifiers and a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    modifiers: u8,
    key: Key,
}

/// A modifier key, in the order they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// Ctrl.
    Control = 1,
    /// Alt, Option on macOS.
    Alt = 2,
    /// Shift.
    Shift = 4,
    /// Super, Cmd on macOS, the Windows key.
    Super = 8,
}

const MODIFIERS: [(Modifier, &[&str]); 4] = [
    (Modifier::Control, &["Ctrl", "Control"]),
    (Modifier::Alt, &["Alt", "Option"]),
    (Modifier::Shift, &["Shift"]),
    (Modifier::Super, if cfg!(target_os = "macos") { &["Cmd", "Super"] } else { &["Super", "Cmd", "Win"] }),
];

/// The text names no hotkey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBinding {
    /// A part is neither a modifier nor a key.
    #[error("there is no key called {0:?}")]
    UnknownKey(String),
    /// Two keys, or none, or one modifier twice.
    #[error("{0:?} is not one key with its modifiers")]
    Shape(String),
    /// The key alone is needed for typing.
    #[error("{0:?} is needed for typing; add Ctrl, Alt or Super")]
    TypesText(String),
}

impl Binding {
    /// The key without its modifiers.
    pub const fn key(self) -> Key {
        self.key
    }

    /// Whether a modifier has to be down.
    pub const fn has(self, modifier: Modifier) -> bool {
        self.modifiers & modifier as u8 != 0
    }
}

impl FromStr for Binding {
    type Err = InvalidBinding;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = || InvalidBinding::Shape(text.to_owned());
        let mut modifiers = 0;
        let mut key = None;
        for part in text.split('+').map(str::trim) {
            let modifier = MODIFIERS.iter().find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(part)));
            match modifier {
                Some((modifier, _)) if key.is_none() && modifiers & *modifier as u8 == 0 => {
                    modifiers |= *modifier as u8;
                }
                Some(_) => return Err(shape()),
                None if key.is_some() || part.is_empty() => return Err(shape()),
                None => key = Some(Key::named(part).ok_or_else(|| InvalidBinding::UnknownKey(part.to_owned()))?),
            }
        }
        let binding = Self { modifiers, key: key.ok_or_else(shape)? };
        let types_text = modifiers & !(Modifier::Shift as u8) == 0 && !binding.key.is_function();
        if types_text { Err(InvalidBinding::TypesText(binding.to_string())) } else { Ok(binding) }
    }
}

impl fmt::Display for Binding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, names) in MODIFIERS {
            if self.has(modifier) {
                write!(formatter, "{}+", names[0])?;
            }
        }
        formatter.write_str(self.key.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_is_written_in_one_way() {
        for (text, written) in [
            ("Ctrl+Alt+Space", "Ctrl+Alt+Space"),
            ("alt + control + space", "Ctrl+Alt+Space"),
            ("shift+F5", "Shift+F5"),
            ("f12", "F12"),
            ("Ctrl+Shift+k", "Ctrl+Shift+K"),
        ] {
            assert_eq!(text.parse::<Binding>().map(|binding| binding.to_string()), Ok(written.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_hotkey_says_why() {
        for (text, reason) in [
            ("", "\"\" is not one key with its modifiers"),
            ("Ctrl+Alt", "\"Ctrl+Alt\" is not one key with its modifiers"),
            ("Ctrl+A+B", "\"Ctrl+A+B\" is not one key with its modifiers"),
            ("Ctrl+Ctrl+A", "\"Ctrl+Ctrl+A\" is not one key with its modifiers"),
            ("A+Ctrl", "\"A+Ctrl\" is not one key with its modifiers"),
            ("Ctrl+Hyper", "there is no key called \"Hyper\""),
            ("A", "\"A\" is needed for typing; add Ctrl, Alt or Super"),
            ("Shift+Space", "\"Shift+Space\" is needed for typing; add Ctrl, Alt or Super"),
        ] {
            let error = text.parse::<Binding>().expect_err(text);
            assert_eq!(error.to_string(), reason, "{text}");
        }
    }
}
