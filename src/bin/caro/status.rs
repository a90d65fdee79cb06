//! What the exit status means. The numbers are the command-line contract's.

use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Answer = 0,
    NoAnswer = 1,
    Usage = 2,
    Blocked = 3,
    Failure = 4,
}

impl Status {
    /// Every status with its meaning, for the help and the man page.
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Answer, "an answer"),
        (Self::NoAnswer, "no confident answer, or one with blanks to fill in, shown on stderr only"),
        (Self::Usage, "bad usage"),
        (Self::Blocked, "the command is blocked: it would be catastrophic, so it is shown on stderr only"),
        (Self::Failure, "a file, a pipe or the desktop app failed"),
    ];
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// What ends a run early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Caro(#[from] caro::Error),
    #[error("cannot read the input: {0}")]
    Input(#[source] io::Error),
    #[error("cannot take turns with llama.cpp: {0}")]
    Peer(#[source] io::Error),
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}
