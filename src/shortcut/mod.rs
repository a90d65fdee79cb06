//! What to copy into a desktop's own settings so that a key of it runs `caro toggle`: for desktops that give programs no global
//! hotkey, and for people who keep all their keys in one place.
//!
//! Invariant: one row a desktop, and a key is written as that desktop reads it. Nothing here changes anything on the machine.

mod notation;

use notation::Notation;

/// A desktop that binds keys itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desktop {
    /// How it is asked for on the command line.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Where the lines go.
    pub place: &'static str,
    /// What `XDG_CURRENT_DESKTOP` says there; any of its words, compared without case.
    current: &'static [&'static str],
    notation: Notation,
    template: &'static str,
}

/// Every desktop there are lines for.
pub const DESKTOPS: [Desktop; 5] = [
    Desktop {
        id: "gnome",
        name: "GNOME",
        place: "a terminal, once",
        current: &["gnome", "ubuntu", "unity"],
        notation: Notation::Gtk,
        template: include_str!("gnome.txt"),
    },
    Desktop {
        id: "kde",
        name: "KDE Plasma",
        place: "a terminal, once; the key works from the next login on",
        current: &["kde"],
        notation: Notation::Qt,
        template: include_str!("kde.txt"),
    },
    Desktop {
        id: "sway",
        name: "sway",
        place: "~/.config/sway/config, then `swaymsg reload`",
        current: &["sway"],
        notation: Notation::I3,
        template: include_str!("sway.txt"),
    },
    Desktop {
        id: "hyprland",
        name: "Hyprland",
        place: "~/.config/hypr/hyprland.conf, which is read as soon as it is saved",
        current: &["hyprland"],
        notation: Notation::Hyprland,
        template: include_str!("hyprland.txt"),
    },
    Desktop {
        id: "i3",
        name: "i3",
        place: "~/.config/i3/config, then `i3-msg reload`",
        current: &["i3"],
        notation: Notation::I3,
        template: include_str!("i3.txt"),
    },
];

impl Desktop {
    /// The desktop of this id.
    pub fn named(id: &str) -> Option<&'static Self> {
        DESKTOPS.iter().find(|desktop| desktop.id.eq_ignore_ascii_case(id))
    }

    /// The desktop that `XDG_CURRENT_DESKTOP` speaks of, a list of words with colons between them.
    pub fn current(variable: &str) -> Option<&'static Self> {
        let mut words = variable.split(':');
        words.find_map(|word| {
            DESKTOPS.iter().find(|desktop| desktop.current.iter().any(|known| known.eq_ignore_ascii_case(word)))
        })
    }

    /// The lines, for a key as it is written in the settings (`Ctrl+Alt+Space`) and for the program to be run.
    pub fn lines(&self, key: &str, program: &str) -> String {
        // A path with a space in it would need quotes that each of these files writes differently; the name finds it as well.
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
        let program = if program.chars().all(plain) && !program.is_empty() { program } else { "caro" };
        self.template.replace("{key}", &self.notation.write(key)).replace("{program}", program)
    }
}

#[cfg(test)]
mod tests {
    use super::{DESKTOPS, Desktop};

    #[test]
    fn every_desktop_runs_the_program_by_the_key() {
        for desktop in &DESKTOPS {
            let lines = desktop.lines("Ctrl+Alt+Space", "/usr/bin/caro");
            assert!(lines.contains("/usr/bin/caro toggle"), "{lines}");
            assert!(lines.to_lowercase().contains("space"), "{lines}");
            assert!(!lines.contains(['{', '}']), "{lines}");
            assert!(lines.ends_with('\n') && !lines.ends_with("\n\n"), "{lines:?}");
            assert_eq!(Desktop::named(desktop.id), Some(desktop));
        }
    }

    #[test]
    fn a_desktop_is_known_by_what_the_session_says() {
        for (variable, id) in [
            ("GNOME", Some("gnome")),
            ("ubuntu:GNOME", Some("gnome")),
            ("KDE", Some("kde")),
            ("sway", Some("sway")),
            ("sway:wlroots", Some("sway")),
            ("Hyprland", Some("hyprland")),
            ("i3", Some("i3")),
            ("XFCE", None),
            ("", None),
        ] {
            assert_eq!(Desktop::current(variable).map(|desktop| desktop.id), id, "{variable:?}");
        }
    }

    #[test]
    fn a_path_that_would_need_quotes_is_left_to_the_search_path() {
        let sway = Desktop::named("sway").unwrap();
        assert!(sway.lines("Alt+Space", "/home/a b/caro").contains("exec caro toggle"));
        assert!(sway.lines("Alt+Space", "").contains("exec caro toggle"));
        assert!(sway.lines("Alt+Space", "/opt/caro; rm x").contains("exec caro toggle"));
    }
}
