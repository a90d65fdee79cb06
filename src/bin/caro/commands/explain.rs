//! What each part of a command does.

use std::ffi::OsStr;
use std::io::Write as _;

use caro::explain::explain;
use serde::Serialize;

use crate::args::Options;
use crate::render::Console;
use crate::render::text::printable;
use crate::session::Session;
use crate::status::{Failure, Status};

#[derive(Debug, Serialize)]
struct Explanation<'a> {
    command: &'a str,
    parts: Vec<Part<'a>>,
}

#[derive(Debug, Serialize)]
struct Part<'a> {
    text: &'a str,
    meaning: &'a str,
    depth: u8,
}

pub(crate) fn run(command: &OsStr, options: &Options, console: &mut Console) -> Result<Status, Failure> {
    let session = Session::of_user();
    for notice in &session.notices {
        console.notice(notice);
    }
    let command = command.to_string_lossy();
    let parts = explain(&command, &session.context(options));
    if options.json {
        let parts = parts.iter().map(|part| Part { text: &part.text, meaning: &part.meaning, depth: part.depth });
        console.json(&Explanation { command: &command, parts: parts.collect() })?;
    } else {
        // As wide as the widest part, so that the meanings stand in a column; a long one does not push them out.
        let indent = |depth: u8| usize::from(depth) * 2;
        let width = |part: &caro::explain::Part| indent(part.depth) + printable(&part.text).chars().count();
        let column = parts.iter().map(width).filter(|width| *width <= 40).max().unwrap_or(0);
        for part in &parts {
            let text = format!("{:indent$}{}", "", printable(&part.text), indent = indent(part.depth));
            writeln!(console.out, "{text:<column$}  {}", printable(&part.meaning))?;
        }
    }
    console.out.flush()?;
    Ok(if parts.is_empty() { Status::NoAnswer } else { Status::Answer })
}
