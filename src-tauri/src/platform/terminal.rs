//! The terminals Caro knows, one row each.
//!
//! A window that is in no row gets a copy and the reason: typing a command into a chat would send it to people.

use crate::view::DeliveryChannel;

/// What is peculiar about a terminal.
#[derive(Debug, PartialEq, Eq)]
pub struct Terminal {
    /// What the window system calls its windows, compared without case: either half of `WM_CLASS` on X11, the bundle on macOS,
    /// the window class on Windows.
    pub class: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// How it can be told to write, without a keyboard.
    pub native: Native,
    /// The key that pastes the clipboard, as the terminal ships.
    pub paste: Option<PasteKey>,
}

/// How a terminal can be told to write, and asked where the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    /// It cannot; its folder is that of the one terminal device it has.
    None,
    /// `kitten @`, when `allow_remote_control` and `listen_on` are set.
    Kitty,
    /// `wezterm cli`.
    WezTerm,
    /// D-Bus, when it is let.
    Konsole,
    /// `AppleScript`. Terminal.app has it as well, but only with a line end after the text, which would run it.
    ITerm,
}

impl Native {
    /// The way a command takes by it.
    pub const fn channel(self) -> Option<DeliveryChannel> {
        match self {
            Self::None => None,
            Self::Kitty => Some(DeliveryChannel::Kitty),
            Self::WezTerm => Some(DeliveryChannel::WezTerm),
            Self::Konsole => Some(DeliveryChannel::Konsole),
            Self::ITerm => Some(DeliveryChannel::ITerm),
        }
    }
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
    Terminal { class, name, native: Native::None, paste: Some(paste) }
}

/// Typing reaches it always, so no key has to paste.
const fn typed(class: &'static str, name: &'static str) -> Terminal {
    Terminal { class, name, native: Native::None, paste: None }
}

const fn told(class: &'static str, name: &'static str, native: Native) -> Terminal {
    Terminal { class, name, native, paste: Some(CtrlShiftV) }
}

use PasteKey::{CtrlAltV, CtrlShiftV};

const LINUX: &[Terminal] = &[
    // Shift+Insert in xterm pastes the primary selection; no key of its own pastes the clipboard.
    typed("xterm", "xterm"),
    typed("uxterm", "xterm"),
    row("urxvt", "rxvt-unicode", CtrlAltV),
    row("st-256color", "st", CtrlShiftV),
    row("gnome-terminal", "GNOME Terminal", CtrlShiftV),
    row("gnome-terminal-server", "GNOME Terminal", CtrlShiftV),
    row("org.gnome.console", "GNOME Console", CtrlShiftV),
    row("kgx", "GNOME Console", CtrlShiftV),
    row("org.gnome.ptyxis", "Ptyxis", CtrlShiftV),
    told("konsole", "Konsole", Native::Konsole),
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
    told("kitty", "kitty", Native::Kitty),
    told("org.wezfurlong.wezterm", "WezTerm", Native::WezTerm),
    row("com.mitchellh.ghostty", "Ghostty", CtrlShiftV),
    row("rio", "Rio", CtrlShiftV),
    row("contour", "Contour", CtrlShiftV),
];

const MACOS: &[Terminal] = &[
    typed("com.apple.Terminal", "Terminal"),
    told("com.googlecode.iterm2", "iTerm2", Native::ITerm),
    typed("net.kovidgoyal.kitty", "kitty"),
    typed("com.github.wez.wezterm", "WezTerm"),
    typed("org.alacritty", "Alacritty"),
    typed("dev.warp.Warp-Stable", "Warp"),
    typed("co.zeit.hyper", "Hyper"),
];

const WINDOWS: &[Terminal] = &[
    typed("CASCADIA_HOSTING_WINDOW_CLASS", "Windows Terminal"),
    typed("ConsoleWindowClass", "the console"),
    typed("VirtualConsoleClass", "ConEmu"),
    typed("mintty", "mintty"),
];

impl Terminal {
    /// The rows of this system.
    pub const fn here() -> &'static [Self] {
        if cfg!(target_os = "macos") {
            MACOS
        } else if cfg!(target_os = "windows") {
            WINDOWS
        } else {
            LINUX
        }
    }

    /// The row for a window with these two halves of `WM_CLASS`.
    pub fn of_class(instance: &str, class: &str) -> Option<&'static Self> {
        // A program of one system has no windows on another, so it need not be known which one this is.
        let all = || [LINUX, MACOS, WINDOWS].into_iter().flatten();
        // The class first: people rename the instance (`xterm -name logs`), hardly ever the class.
        [class, instance].into_iter().find_map(|half| all().find(|row| row.class.eq_ignore_ascii_case(half)))
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
        for rows in [LINUX, MACOS, WINDOWS] {
            for (index, row) in rows.iter().enumerate() {
                let twice = rows[index + 1..].iter().any(|other| other.class.eq_ignore_ascii_case(row.class));
                assert!(!twice, "{}", row.class);
            }
        }
    }
}
