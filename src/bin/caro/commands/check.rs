//! Judging commands that came from elsewhere.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::time::Instant;

use anstream::AutoStream;
use caro::context::Context;
use caro::radius;
use caro::safety::{Risk, trace};
use serde_json::Value;

use super::batch::context;
use crate::args::Options;
use crate::line::{Fields, LineError, Lines};
use crate::render::drawing::draw;
use crate::render::json::CheckLine;
use crate::render::{Console, text};
use crate::session::Session;
use crate::status::{Failure, Status};

/// How much is said about a judged command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// The level, the reasons, what is safer.
    Told,
    /// A drawing of what would run, with the reasons in it.
    Drawn,
}

impl Detail {
    pub(crate) const fn wanted(explain: bool) -> Self {
        if explain { Self::Drawn } else { Self::Told }
    }
}

pub(crate) fn run(
    command: &OsStr,
    detail: Detail,
    options: &Options,
    console: &mut Console,
) -> Result<Status, Failure> {
    let mut session = Session::of_user();
    let engine = session.engine();
    for notice in &session.notices {
        console.notice(notice);
    }
    let command = command.to_string_lossy();
    let context = session.context(options);
    let start = Instant::now();
    let report = engine.check(&command, &context);
    let latency = start.elapsed();
    let extents = || radius::of(&report.touches, &context);
    let steps = || trace(&command, &context);
    match (options.json, detail) {
        (true, Detail::Told) => {
            console.json(&CheckLine::new(&Value::Null, &report, latency).with_touches(&extents()))?;
        }
        (true, Detail::Drawn) => {
            let steps = steps();
            let line = CheckLine::new(&Value::Null, &report, latency).with_touches(&extents());
            console.json(&line.with_steps(&steps))?;
        }
        (false, Detail::Told) => text::judgement(console, &report)?,
        (false, Detail::Drawn) => {
            let mut drawing = AutoStream::new(Vec::new(), AutoStream::choice(&io::stdout()));
            draw(&mut drawing, &command, &report, &steps())?;
            console.out.write_all(&drawing.into_inner())?;
        }
    }
    console.out.flush()?;
    if !options.json {
        text::touches(console, &extents())?;
    }
    Ok(if report.risk == Risk::Blocked { Status::Blocked } else { Status::Answer })
}

pub(crate) fn run_batch(options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let mut session = Session::of_user();
    let engine = session.engine();
    for notice in &session.notices {
        console.notice(notice);
    }
    let usual = session.context(options);
    let mut lines = Lines::new(io::stdin().lock());
    while let Some(line) = lines.next().map_err(Failure::Input)? {
        match line.and_then(|mut fields| Ok((question(&mut fields, &usual)?, fields.id))) {
            Ok(((command, context), id)) => {
                let start = Instant::now();
                let report = engine.check(&command, &context);
                console.json(&CheckLine::new(&id, &report, start.elapsed()))?;
            }
            Err(error) => console.json(&error)?,
        }
        if !lines.has_next_ready() {
            console.out.flush()?;
        }
    }
    console.out.flush()?;
    Ok(Status::Answer)
}

fn question(fields: &mut Fields, usual: &Context) -> Result<(String, Context), LineError> {
    Ok((fields.required("command")?, context(fields, usual)?))
}
