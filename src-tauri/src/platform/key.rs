//! Keys by name, with the number the X server knows them by.

/// A key that can stand at the end of a hotkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// As it is written in the settings.
    pub name: &'static str,
    /// X11 keysym of the unshifted key (`X11/keysymdef.h`).
    pub keysym: u32,
}

impl Key {
    /// The key of this name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|&(name, keysym)| Self { name, keysym })
    }

    /// True for keys nobody types text with; they need no modifier.
    pub fn is_function(self) -> bool {
        (0xffbe..=0xffd5).contains(&self.keysym)
    }
}

const KEYS: &[(&str, u32)] = &[
    ("Space", 0x20),
    ("A", 0x61),
    ("B", 0x62),
    ("C", 0x63),
    ("D", 0x64),
    ("E", 0x65),
    ("F", 0x66),
    ("G", 0x67),
    ("H", 0x68),
    ("I", 0x69),
    ("J", 0x6a),
    ("K", 0x6b),
    ("L", 0x6c),
    ("M", 0x6d),
    ("N", 0x6e),
    ("O", 0x6f),
    ("P", 0x70),
    ("Q", 0x71),
    ("R", 0x72),
    ("S", 0x73),
    ("T", 0x74),
    ("U", 0x75),
    ("V", 0x76),
    ("W", 0x77),
    ("X", 0x78),
    ("Y", 0x79),
    ("Z", 0x7a),
    ("0", 0x30),
    ("1", 0x31),
    ("2", 0x32),
    ("3", 0x33),
    ("4", 0x34),
    ("5", 0x35),
    ("6", 0x36),
    ("7", 0x37),
    ("8", 0x38),
    ("9", 0x39),
    ("F1", 0xffbe),
    ("F2", 0xffbf),
    ("F3", 0xffc0),
    ("F4", 0xffc1),
    ("F5", 0xffc2),
    ("F6", 0xffc3),
    ("F7", 0xffc4),
    ("F8", 0xffc5),
    ("F9", 0xffc6),
    ("F10", 0xffc7),
    ("F11", 0xffc8),
    ("F12", 0xffc9),
    ("Enter", 0xff0d),
    ("Tab", 0xff09),
    ("Insert", 0xff63),
    ("Home", 0xff50),
    ("End", 0xff57),
    ("PageUp", 0xff55),
    ("PageDown", 0xff56),
    ("Comma", 0x2c),
    ("Period", 0x2e),
    ("Slash", 0x2f),
    ("Semicolon", 0x3b),
    ("Minus", 0x2d),
    ("Equal", 0x3d),
    ("Backquote", 0x60),
];
