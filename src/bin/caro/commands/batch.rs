//! JSON lines in, JSON lines out, in order, in one process with one cache.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use caro::ErrorCode;
use caro::context::Context;
use caro::proposal::Request;
use caro::telemetry::Source;

use crate::args::{Options, os_named, shell_named};
use crate::line::{Fields, LineError, Lines};
use crate::render::Console;
use crate::render::json::AnswerLine;
use crate::session::{Session, answered, finish};
use crate::status::{Failure, Status};
use crate::thinking;

pub(crate) fn run(options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let mut session = Session::of_user();
    let engine = session.engine();
    let (recorder, notice) = session.recorder();
    for notice in session.notices.iter().chain(&notice) {
        console.notice(notice);
    }
    let usual = session.context(options);
    let mut lines = Lines::new(io::stdin().lock());
    while let Some(line) = lines.next().map_err(Failure::Input)? {
        match line.and_then(|mut fields| Ok((request(&mut fields, &usual)?, fields.optional("after")?, fields.id))) {
            Ok((request, after, id)) => {
                let start = Instant::now();
                let answer = thinking::answer_after(&engine, &request, after.as_deref(), console);
                let latency = start.elapsed();
                console.json(&AnswerLine::new(&id, &request.query, &answer, latency))?;
                recorder.record(answered(&answer, Source::Batch, latency));
            }
            Err(error) => console.json(&error)?,
        }
        // Whoever writes one line and waits gets its answer; whoever pours a file in pays for few writes.
        if !lines.has_next_ready() {
            console.out.flush()?;
        }
    }
    console.out.flush()?;
    if let Some(notice) = finish(&recorder) {
        console.notice(&notice);
    }
    Ok(Status::Answer)
}

fn request(fields: &mut Fields, usual: &Context) -> Result<Request, LineError> {
    let query = fields.required("query")?;
    let mut context = context(fields, usual)?;
    context.cwd = fields.optional("cwd")?.map(PathBuf::from);
    Ok(Request { query, context })
}

/// The shell and system of a line. Nothing of this process's surroundings: the line may be about another machine.
pub(super) fn context(fields: &mut Fields, usual: &Context) -> Result<Context, LineError> {
    let os = fields.choice("os", ErrorCode::UnknownOs, os_named)?;
    let shell = fields.choice("shell", ErrorCode::UnknownShell, shell_named)?;
    let shell_of_os = os.filter(|os| *os != usual.os).map(caro::context::Os::usual_shell);
    Ok(Context::new(shell.or(shell_of_os).unwrap_or(usual.shell), os.unwrap_or(usual.os)))
}
