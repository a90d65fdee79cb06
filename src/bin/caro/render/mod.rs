//! Where output goes: the answer to stdout, everything else to stderr.

pub(crate) mod drawing;
pub(crate) mod json;
pub(crate) mod text;

use std::io::{self, BufWriter, StderrLock, StdoutLock, Write};

use anstream::AutoStream;
use caro::notice::Notice;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::status::{Failure, Status};

/// The two streams of the process.
#[derive(Debug)]
pub(crate) struct Console {
    /// The answer, byte for byte.
    pub(crate) out: BufWriter<StdoutLock<'static>>,
    /// What is said about it; coloured when a person looks at it and did not set `NO_COLOR`.
    pub(crate) err: AutoStream<StderrLock<'static>>,
}

impl Console {
    pub(crate) fn of_process() -> Self {
        Self { out: BufWriter::with_capacity(1 << 16, io::stdout().lock()), err: AutoStream::auto(io::stderr().lock()) }
    }

    /// Writes one JSON line to stdout.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// Says something that stopped nothing.
    pub(crate) fn notice(&mut self, notice: &Notice) {
        let style = AnsiColor::Yellow.on_default();
        self.say("note", style, &notice.message, notice.hint.as_deref());
    }

    /// Says what ended the run.
    pub(crate) fn report(&mut self, failure: &Failure) -> Status {
        // Whoever reads us may stop when they have seen enough; that is no failure.
        if let Failure::Output(error) = failure
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return Status::Answer;
        }
        let hint = match failure {
            Failure::Caro(error) => error.hint(),
            Failure::Input(_) | Failure::Peer(_) | Failure::Output(_) => None,
        };
        let style = AnsiColor::Red.on_default().bold();
        self.say("error", style, &failure.to_string(), hint);
        Status::Failure
    }

    fn say(&mut self, word: &str, style: Style, message: &str, hint: Option<&str>) {
        // There is nowhere left to say that stderr is closed.
        let _ = writeln!(self.err, "{style}{word}{style:#}: {}", text::printable(message));
        if let Some(hint) = hint {
            let _ = writeln!(self.err, "      {}", text::printable(hint));
        }
    }
}

/// Shows the help that was asked for, or what is wrong with the command line.
pub(crate) fn usage(usage: &clap::Error) -> Status {
    // A closed stream leaves nobody to tell.
    let _ = usage.print();
    if usage.use_stderr() { Status::Usage } else { Status::Answer }
}
