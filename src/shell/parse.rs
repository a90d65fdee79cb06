//! One entry for every shell: text to [`Parsed`].

use super::Shell;
use super::scan::scan;
use super::syntax::{Parsed, Script};

/// Longest text that is looked at, in bytes; what follows is not judged, and the result says it is not complete.
const LONGEST_SCANNED: usize = 64 * 1024;

/// Parses `text`. Total: what is not valid comes back as the commands a token scan could make out, marked as incomplete.
#[must_use]
pub fn parse(shell: Shell, text: &str) -> Parsed {
    if text.len() > LONGEST_SCANNED {
        let mut end = LONGEST_SCANNED;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        return Parsed { complete: false, ..scan(shell, &text[..end]) };
    }
    if text.trim().is_empty() {
        return Parsed { script: Script::default(), complete: true };
    }
    match shell {
        // zsh writes `>!` where others write `>|`.
        Shell::Zsh if text.contains(">!") => parse(shell, &text.replace(">>!", ">> ").replace(">!", ">|")),
        Shell::Bash | Shell::Zsh => {
            if let Some(script) = super::bash::parse(text) {
                return Parsed { script, complete: true };
            }
            let scanned = scan(shell, text);
            // zsh has forms bash has not (`*(e:…:)`, `< file`); a clean scan is good enough there.
            let complete = shell == Shell::Zsh && scanned.complete;
            Parsed { complete, ..scanned }
        }
        Shell::Fish | Shell::PowerShell | Shell::Cmd => scan(shell, text),
    }
}
