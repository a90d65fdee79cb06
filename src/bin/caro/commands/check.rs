//! Judging commands that came from elsewhere.

use std::ffi::OsStr;
use std::io::{self, Write as _};
use std::time::Instant;

use caro::context::Context;
use caro::safety::{Risk, analyze};
use serde_json::Value;

use super::batch::context;
use crate::args::Options;
use crate::line::{Fields, LineError, Lines};
use crate::render::json::CheckLine;
use crate::render::{Console, text};
use crate::session::Session;
use crate::status::{Failure, Status};

pub(crate) fn run(command: &OsStr, options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let session = Session::of_user();
    for notice in &session.notices {
        console.notice(notice);
    }
    let command = command.to_string_lossy();
    let context = session.context(options);
    let start = Instant::now();
    let report = analyze(&command, &context);
    let latency = start.elapsed();
    if options.json {
        console.json(&CheckLine::new(&Value::Null, &report, latency))?;
        console.out.flush()?;
    } else {
        text::judgement(console, &report)?;
    }
    Ok(if report.risk == Risk::Blocked { Status::Blocked } else { Status::Answer })
}

pub(crate) fn run_batch(options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let session = Session::of_user();
    for notice in &session.notices {
        console.notice(notice);
    }
    let usual = session.context(options);
    let mut lines = Lines::new(io::stdin().lock());
    while let Some(line) = lines.next().map_err(Failure::Input)? {
        match line.and_then(|mut fields| Ok((question(&mut fields, &usual)?, fields.id))) {
            Ok(((command, context), id)) => {
                let start = Instant::now();
                let report = analyze(&command, &context);
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
