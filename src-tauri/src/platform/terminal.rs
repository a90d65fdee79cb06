//! The terminals Caro knows, one row each.
//!
//! A window that is in no row gets a copy and the reason: typing a command into a chat would send it to people.

/// What is peculiar about a terminal.
#[derive(Debug, PartialEq, Eq)]
pub struct Terminal {
    /// `WM_CLASS` of its windows, instance or class, compared without case.
    pub class: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// The key that pastes the clipboard, as the terminal ships.
    pub paste: Option<PasteKey>,
}

/// A key that pastes the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasteKey {
    /// Ctrl+Shift+V.
    CtrlShiftV,
    /// Ctrl+Alt+V.
    CtrlAltV,
}

const fn row(class: &'static str, name: &'static str, paste: PasteKey) -> Terminal {
    Terminal { class, name, paste: Some(paste) }
}

use PasteKey::{CtrlAltV, CtrlShiftV};

const TERMINALS: &[Terminal] = &[
    // Shift+Insert in xterm pastes the primary selection; no key of its own pastes the clipboard.
    Terminal { class: "xterm", name: "xterm", paste: None },
    Terminal { class: "uxterm", name: "xterm", paste: None },
    row("urxvt", "rxvt-unicode", CtrlAltV),
    row("st-256color", "st", CtrlShiftV),
    row("gnome-terminal", "GNOME Terminal", CtrlShiftV),
    row("gnome-terminal-server", "GNOME Terminal", CtrlShiftV),
    row("org.gnome.console", "GNOME Console", CtrlShiftV),
    row("kgx", "GNOME Console", CtrlShiftV),
    row("org.gnome.ptyxis", "Ptyxis", CtrlShiftV),
    row("konsole", "Konsole", CtrlShiftV),
    row("yakuake", "Yakuake", CtrlShiftV),
    row("xfce4-terminal", "Xfce Terminal", CtrlShiftV),
    row("mate-terminal", "MATE Terminal", CtrlShiftV),
    row("lxterminal", "LXTerminal", CtrlShiftV),
    row("qterminal", "QTerminal", CtrlShiftV),
    row("deepin-terminal", "Deepin Terminal", CtrlShiftV),
    row("io.elementary.terminal", "elementary Terminal", CtrlShiftV),
    row("terminator", "Terminator", CtrlShiftV),
    row("tilix", "Tilix", CtrlShiftV),
    row("guake", "Guake", CtrlShiftV),
    row("tilda", "Tilda", CtrlShiftV),
    row("sakura", "Sakura", CtrlShiftV),
    row("terminology", "Terminology", CtrlShiftV),
    row("cool-retro-term", "cool-retro-term", CtrlShiftV),
    row("alacritty", "Alacritty", CtrlShiftV),
    row("kitty", "kitty", CtrlShiftV),
    row("org.wezfurlong.wezterm", "WezTerm", CtrlShiftV),
    row("com.mitchellh.ghostty", "Ghostty", CtrlShiftV),
    row("rio", "Rio", CtrlShiftV),
    row("contour", "Contour", CtrlShiftV),
];

impl Terminal {
    /// The row for a window with these two halves of `WM_CLASS`.
    pub fn of_class(instance: &str, class: &str) -> Option<&'static Self> {
        // The class first: people rename the instance (`xterm -name logs`), hardly ever the class.
        [class, instance].into_iter().find_map(|half| TERMINALS.iter().find(|row| row.class.eq_ignore_ascii_case(half)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_known_by_either_half_of_its_class() {
        for (instance, class, name) in [
            ("xterm", "XTerm", Some("xterm")),
            ("logs", "XTerm", Some("xterm")),
            ("kitty", "kitty", Some("kitty")),
            ("Alacritty", "Alacritty", Some("Alacritty")),
            ("gnome-terminal-server", "Gnome-terminal", Some("GNOME Terminal")),
            ("xfce4-terminal", "Xfce4-terminal", Some("Xfce Terminal")),
            ("Navigator", "firefox", None),
            ("", "", None),
        ] {
            assert_eq!(Terminal::of_class(instance, class).map(|row| row.name), name, "{instance}/{class}");
        }
    }

    #[test]
    fn a_class_has_one_row() {
        for (index, row) in TERMINALS.iter().enumerate() {
            assert!(TERMINALS[index + 1..].iter().all(|other| other.class != row.class), "{}", row.class);
        }
    }
}
