//! The command line of the desktop program: three flags, too few for a parser crate.

use crate::view::Page;

/// What `--help` prints.
pub const USAGE: &str = "\
Caro in the tray. The hotkey opens the popup; `caro toggle` does too.

Usage: caro-desktop [--hidden | --show | --settings [PAGE]]

  --hidden      start in the tray (the default)
  --show        show the popup at once
  --settings    open the settings window at once: general, shortcut, models, safety, privacy, performance, about or welcome
  --version     print the version
  --help        print this

When Caro runs already, it shows its popup, and this program ends.
";

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments {
    /// Start the app.
    Start(First),
    /// Print [`USAGE`].
    Usage,
    /// Print the version.
    Version,
}

/// What is to be seen first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// The tray icon.
    Tray,
    /// The popup.
    Popup,
    /// The settings window.
    Settings(Page),
}

/// An argument nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown argument {0:?}")]
pub struct UnknownArgument(String);

/// Reads the arguments without the program's name. The last one that says what is first wins.
///
/// # Errors
/// When there is one nobody knows.
pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Arguments, UnknownArgument> {
    let mut first = First::Tray;
    let mut page_may_follow = false;
    for argument in arguments {
        let page = Page::ALL.into_iter().find(|page| page.name() == argument);
        match (argument.as_str(), page) {
            ("--hidden", _) => first = First::Tray,
            ("--show", _) => first = First::Popup,
            ("--settings", _) => first = First::Settings(Page::General),
            ("--help" | "-h", _) => return Ok(Arguments::Usage),
            ("--version" | "-V", _) => return Ok(Arguments::Version),
            (_, Some(page)) if page_may_follow => first = First::Settings(page),
            _ => return Err(UnknownArgument(argument)),
        }
        page_may_follow = argument == "--settings";
    }
    Ok(Arguments::Start(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_understood() {
        for (line, expected) in [
            ("", Ok(Arguments::Start(First::Tray))),
            ("--hidden", Ok(Arguments::Start(First::Tray))),
            ("--show", Ok(Arguments::Start(First::Popup))),
            ("--settings", Ok(Arguments::Start(First::Settings(Page::General)))),
            ("--settings performance", Ok(Arguments::Start(First::Settings(Page::Performance)))),
            ("--settings --show", Ok(Arguments::Start(First::Popup))),
            ("--help", Ok(Arguments::Usage)),
            ("--version", Ok(Arguments::Version)),
            ("performance", Err(UnknownArgument("performance".to_owned()))),
            ("--settings colors", Err(UnknownArgument("colors".to_owned()))),
        ] {
            assert_eq!(parse(line.split_whitespace().map(str::to_owned)), expected, "{line}");
        }
    }
}
