//! One key, written as different desktops read it.

/// How a desktop writes a key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// `<Control><Alt>space`: modifiers in brackets, the key by its X11 name.
    Gtk,
    /// `Ctrl+Alt+Space`, Super being `Meta`.
    Qt,
    /// `Ctrl+Mod1+space`: X11's names for both.
    I3,
    /// `CTRL ALT, space`: modifiers, a comma, the key by its X11 name.
    Hyprland,
}

/// A modifier as the settings write it, then as GTK, Qt, i3 and Hyprland do.
const MODIFIERS: [[&str; 5]; 4] = [
    ["Ctrl", "<Control>", "Ctrl", "Ctrl", "CTRL"],
    ["Alt", "<Alt>", "Alt", "Mod1", "ALT"],
    ["Shift", "<Shift>", "Shift", "Shift", "SHIFT"],
    ["Super", "<Super>", "Meta", "Mod4", "SUPER"],
];

/// A key as the settings write it, then by its X11 name (`xkbcommon-keysyms.h`) and as Qt writes it (`QKeySequence`). What is in
/// no row has one name everywhere, in small letters for X11.
const KEYS: [[&str; 3]; 13] = [
    ["Space", "space", "Space"],
    ["Enter", "Return", "Return"],
    ["Tab", "Tab", "Tab"],
    ["Insert", "Insert", "Ins"],
    ["Home", "Home", "Home"],
    ["End", "End", "End"],
    ["PageUp", "Prior", "PgUp"],
    ["PageDown", "Next", "PgDown"],
    ["Comma", "comma", ","],
    ["Period", "period", "."],
    ["Slash", "slash", "/"],
    ["Semicolon", "semicolon", ";"],
    ["Minus", "minus", "-"],
];

impl Notation {
    /// Writes a key of the settings. A part nobody knows stays as it is, for its user to see.
    pub(super) fn write(self, key: &str) -> String {
        let mut parts: Vec<&str> = key.split('+').map(str::trim).collect();
        let last = self.key(parts.pop().unwrap_or_default());
        let modifiers: Vec<String> = parts.into_iter().map(|part| self.modifier(part)).collect();
        match self {
            Self::Gtk => format!("{}{last}", modifiers.concat()),
            Self::Hyprland => format!("{}, {last}", modifiers.join(" ")),
            Self::Qt | Self::I3 => modifiers.into_iter().chain([last]).collect::<Vec<_>>().join("+"),
        }
    }

    fn modifier(self, name: &str) -> String {
        let column = match self {
            Self::Gtk => 1,
            Self::Qt => 2,
            Self::I3 => 3,
            Self::Hyprland => 4,
        };
        MODIFIERS.iter().find(|row| row[0].eq_ignore_ascii_case(name)).map_or(name, |row| row[column]).to_owned()
    }

    fn key(self, name: &str) -> String {
        let row = KEYS.iter().find(|row| row[0].eq_ignore_ascii_case(name));
        match (self, row) {
            (Self::Qt, Some(row)) => row[2].to_owned(),
            (Self::Qt, None) => name.to_owned(),
            (_, Some(row)) => row[1].to_owned(),
            // Letters: a capital one would ask for Shift.
            (_, None) if name.len() == 1 => name.to_lowercase(),
            (_, None) => name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Notation;

    #[test]
    fn a_key_is_written_as_the_desktop_reads_it() {
        for (key, gtk, qt, i3, hyprland) in [
            ("Ctrl+Alt+Space", "<Control><Alt>space", "Ctrl+Alt+Space", "Ctrl+Mod1+space", "CTRL ALT, space"),
            ("Super+C", "<Super>c", "Meta+C", "Mod4+c", "SUPER, c"),
            ("Ctrl+Shift+F12", "<Control><Shift>F12", "Ctrl+Shift+F12", "Ctrl+Shift+F12", "CTRL SHIFT, F12"),
            ("Alt+PageUp", "<Alt>Prior", "Alt+PgUp", "Mod1+Prior", "ALT, Prior"),
            ("F9", "F9", "F9", "F9", ", F9"),
        ] {
            assert_eq!(Notation::Gtk.write(key), gtk);
            assert_eq!(Notation::Qt.write(key), qt);
            assert_eq!(Notation::I3.write(key), i3);
            assert_eq!(Notation::Hyprland.write(key), hyprland);
        }
    }
}
