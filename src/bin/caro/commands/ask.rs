//! One question.

use std::ffi::OsString;
use std::io::Write as _;
use std::time::Instant;

use caro::proposal::Request;
use caro::radius;
use caro::safety::Risk;
use caro::telemetry::Source;
use serde_json::Value;

use crate::args::Options;
use crate::render::json::AnswerLine;
use crate::render::{Console, text};
use crate::session::{Session, answered, finish, remember};
use crate::status::{Failure, Status};
use crate::thinking;

pub(crate) fn run(question: &[OsString], options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let mut session = Session::of_user();
    let engine = session.engine();
    for notice in &session.notices {
        console.notice(notice);
    }
    // Words that are no text are asked with the replacement character in them; the engine then says it does not know.
    let query = question.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let request = Request { query, context: session.context(options) };
    let start = Instant::now();
    let answer = thinking::answer_after(&engine, &request, options.after.as_deref(), console);
    let latency = start.elapsed();
    if options.json {
        let extents = answer.best().map(|best| radius::of(&best.report.touches, &request.context)).unwrap_or_default();
        console.json(&AnswerLine::new(&Value::Null, &request.query, &answer, latency).with_touches(&extents))?;
        console.out.flush()?;
    } else {
        text::answer(console, &answer)?;
        // Counted when the command is out: it may take a moment.
        if let Some(best) = answer.best() {
            text::touches(console, &radius::of(&best.report.touches, &request.context))?;
        }
    }
    // A script that asks wants JSON, and asks a thousand times.
    if !options.json {
        remember(&session, &request, &answer);
    }
    let (recorder, notice) = session.recorder();
    if let Some(notice) = notice {
        console.notice(&notice);
    }
    recorder.record(answered(&answer, Source::Cli, latency));
    if let Some(notice) = finish(&recorder) {
        console.notice(&notice);
    }
    Ok(match answer.best() {
        None => Status::NoAnswer,
        Some(best) if best.report.risk == Risk::Blocked => Status::Blocked,
        Some(best) if !best.proposal.blanks.is_empty() => Status::NoAnswer,
        Some(_) => Status::Answer,
    })
}
