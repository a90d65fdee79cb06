//! Which windows the hotkeys are left to: those of listed applications, and those that fill the screen.

use crate::platform::Terminal;

/// To whom the hotkeys are left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Yielding {
    /// Applications, by either half of `WM_CLASS`, compared without case.
    pub applications: Vec<String>,
    /// What is done over a window that fills the screen.
    pub full_screen: FullScreen,
}

/// What is done over a window that fills the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FullScreen {
    /// The keys are its own: a game, a film, another machine's desktop. Not a terminal, which is where a command is wanted.
    #[default]
    Yields,
    /// As over any window.
    Ignored,
}

/// The window with the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Front {
    /// The two halves of `WM_CLASS`.
    pub(super) instance: String,
    pub(super) class: String,
    pub(super) size: Size,
}

/// How much of the screen a window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Full,
    Part,
}

impl Yielding {
    /// Whether the keys are the window's.
    pub(super) fn to(&self, front: &Front) -> bool {
        let Front { instance, class, size } = front;
        let listed = self.applications.iter().any(|known| {
            let known = known.trim();
            !known.is_empty() && (known.eq_ignore_ascii_case(instance) || known.eq_ignore_ascii_case(class))
        });
        let full = *size == Size::Full && self.full_screen == FullScreen::Yields;
        listed || (full && Terminal::of_class(instance, class).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_are_left_to_listed_windows_and_to_full_ones_but_terminals() {
        let yielding = |applications: &[&str], full_screen| Yielding {
            applications: applications.iter().map(|&name| name.to_owned()).collect(),
            full_screen,
        };
        let front =
            |instance: &str, class: &str, size| Front { instance: instance.to_owned(), class: class.to_owned(), size };
        for (applications, full_screen, window, yields) in [
            (&["firefox"][..], FullScreen::Yields, front("Navigator", "Firefox", Size::Part), true),
            (&["navigator "], FullScreen::Yields, front("Navigator", "Firefox", Size::Part), true),
            (&["fire"], FullScreen::Yields, front("Navigator", "Firefox", Size::Part), false),
            (&[""], FullScreen::Yields, front("", "", Size::Part), false),
            (&[], FullScreen::Yields, front("mpv", "mpv", Size::Full), true),
            (&[], FullScreen::Ignored, front("mpv", "mpv", Size::Full), false),
            (&[], FullScreen::Yields, front("xterm", "XTerm", Size::Full), false),
            (&["xterm"], FullScreen::Ignored, front("xterm", "XTerm", Size::Part), true),
        ] {
            let rules = yielding(applications, full_screen);
            assert_eq!(rules.to(&window), yields, "{rules:?} {window:?}");
        }
    }
}
