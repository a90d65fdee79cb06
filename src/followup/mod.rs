//! Follow-up questions: what "make it recursive" or "only the last 5" makes of the command before.
//!
//! Invariants: a follow-up is understood to its last word or not at all; a command is changed only where a table knows that
//! the change means what was asked for. In doubt there is none, and the question is one like any other. Nothing here judges:
//! what comes out is a command line like any other to `safety`.

mod change;
mod line;
mod wish;

use crate::shell::{Shell, parse};

use line::Line;

// Nobody refines a script.
const LONGEST: usize = 2_000;

/// A command made of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followup {
    /// The new command.
    pub command: String,
    /// What is different; follows the old explanation after a comma.
    pub how: String,
    /// Whether the words cannot be a question of their own: `it`, `instead`, `only`.
    pub points_back: bool,
}

/// What `text` makes of `command`; `None` when it is no follow-up, or not one to this command.
#[must_use]
pub fn follow_up(text: &str, command: &str, shell: Shell) -> Option<Followup> {
    if command.len() > LONGEST || text.len() > LONGEST {
        return None;
    }
    let read = wish::read(text)?;
    let line = Line::of(command, shell)?;
    let (command, how) = change::apply(&read.wish, &line)?;
    // A change that breaks a line or does nothing is none.
    let sound = parse(shell, &command).complete && command != line.text;
    sound.then_some(Followup { command, how, points_back: read.points_back })
}
