//! Shell language without opinions: which shells there are, quoting, parsing, printing.

mod balance;
mod bash;
mod blank;
mod constant;
mod guard;
mod highlight;
mod lexeme;
mod parse;
pub mod powershell;
mod quote;
mod scan;
pub mod syntax;
pub mod word;

use serde::{Deserialize, Serialize};

pub use blank::{Field, Filled, Unfit, blank, blanks_left, fill, is_blank};
pub use constant::constant;
pub use highlight::{Token, TokenKind, highlight};
pub use parse::parse;
pub use quote::{is_representable, quote, quote_path};

/// A shell whose syntax Caro writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shell {
    /// GNU bash and plain POSIX `sh`.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// PowerShell 5 and later.
    PowerShell,
    /// Windows `cmd.exe`.
    Cmd,
}

impl Shell {
    /// Every shell.
    pub const ALL: [Self; 5] = [Self::Bash, Self::Zsh, Self::Fish, Self::PowerShell, Self::Cmd];

    /// The name used in JSON, in the settings and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Cmd => "cmd",
        }
    }

    /// The shell a program name stands for (`zsh`, `pwsh`, `cmd.exe`), without its folder.
    #[must_use]
    pub fn from_program(program: &str) -> Option<Self> {
        match program.trim_end_matches(".exe").to_ascii_lowercase().as_str() {
            "bash" | "sh" | "dash" | "ash" | "ksh" => Some(Self::Bash),
            "zsh" => Some(Self::Zsh),
            "fish" => Some(Self::Fish),
            "powershell" | "pwsh" => Some(Self::PowerShell),
            "cmd" => Some(Self::Cmd),
            _ => None,
        }
    }
}
