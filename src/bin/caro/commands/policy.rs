//! The user's policy: what is in force, whether the file is well, where it is.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use caro::context::Context;
use caro::policy::{Day, Reading, read, text_of};
use caro::safety::Allowance;
use caro::{Error, ErrorCode, Notice};
use serde::Serialize;

use crate::args::{Options, PolicyAction};
use crate::render::Console;
use crate::render::text::printable;
use crate::session::Session;
use crate::status::{Failure, Status};

#[derive(Debug, Serialize)]
struct PolicyLine<'a> {
    path: &'a Path,
    levels: Vec<LevelLine>,
    allow: Vec<AllowLine<'a>>,
    problems: Vec<ProblemLine<'a>>,
}

#[derive(Debug, Serialize)]
struct LevelLine {
    rule: &'static str,
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct AllowLine<'a> {
    rule: &'static str,
    command: &'a str,
    folder: Option<&'a PathBuf>,
    until: &'a str,
    reason: &'a str,
    expired: bool,
}

#[derive(Debug, Serialize)]
struct ProblemLine<'a> {
    code: ErrorCode,
    line: usize,
    column: usize,
    message: &'a str,
}

pub(crate) fn run(action: PolicyAction, options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let file = Session::of_user().paths.ok_or(Failure::Caro(Error::NoHome))?.policy();
    if action == PolicyAction::Path && !options.json {
        writeln!(console.out, "{}", file.display())?;
        console.out.flush()?;
        return Ok(Status::Answer);
    }
    let text = match text_of(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let message = format!("cannot read the policy {}: {error}", file.display());
            console.notice(&Notice::new(ErrorCode::PolicyUnreadable, message));
            return Ok(Status::Failure);
        }
    };
    let reading = read(&text, Context::detect().home.as_deref(), Day::of(SystemTime::now()));
    if options.json {
        console.json(&line(&file, &reading))?;
    } else {
        for problem in &reading.problems {
            console.notice(&problem.notice(&file));
        }
        if action == PolicyAction::Check {
            let (levels, allowances) = (reading.policy.levels.len(), reading.policy.allowances.len());
            writeln!(console.out, "{levels} levels, {allowances} allowances, {} problems", reading.problems.len())?;
        } else {
            list(&reading, console)?;
        }
    }
    console.out.flush()?;
    // A wrong entry is no failure of a list, but it is what a check is for.
    let ill = action == PolicyAction::Check && !reading.problems.is_empty();
    Ok(if ill { Status::Failure } else { Status::Answer })
}

fn list(reading: &Reading, console: &mut Console) -> io::Result<()> {
    if reading.policy.is_empty() && reading.expired.is_empty() {
        return writeln!(console.out, "the usual levels");
    }
    for (rule, risk) in &reading.policy.levels {
        writeln!(console.out, "{rule}: {}", risk.name())?;
    }
    let live = reading.policy.allowances.iter().map(|allowance| (allowance, "until"));
    for (allowance, until) in live.chain(reading.expired.iter().map(|allowance| (allowance, "expired"))) {
        let Allowance { rule, command, folder, until: day, reason } = allowance;
        let folder = folder.as_ref().map(|folder| format!(" in {}", folder.display())).unwrap_or_default();
        let (command, reason) = (printable(command), printable(reason));
        writeln!(console.out, "{rule} allowed for {command}{folder}, {until} {day}: {reason}")?;
    }
    Ok(())
}

fn line<'a>(path: &'a Path, reading: &'a Reading) -> PolicyLine<'a> {
    let allow = |allowance: &'a Allowance, expired| {
        let Allowance { rule, command, folder, until, reason } = allowance;
        AllowLine { rule, command, folder: folder.as_ref(), until, reason, expired }
    };
    PolicyLine {
        path,
        levels: reading.policy.levels.iter().map(|(rule, risk)| LevelLine { rule, level: risk.name() }).collect(),
        allow: reading
            .policy
            .allowances
            .iter()
            .map(|allowance| allow(allowance, false))
            .chain(reading.expired.iter().map(|allowance| allow(allowance, true)))
            .collect(),
        problems: reading
            .problems
            .iter()
            .map(|problem| ProblemLine {
                code: problem.code,
                line: problem.line,
                column: problem.column,
                message: &problem.message,
            })
            .collect(),
    }
}
