//! Does what a line of the input asks for and answers with the milliseconds it took, so that another program can take turns with
//! it: `measure MODEL THREADS [ISA [CACHE]]`, then lines `know KNOWN`, `prefill KNOWN COUNT`, `decode KNOWN COUNT`, or `report`.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;

use caro_inference::bench::{Trial, bench};
use caro_inference::cpu::{Isa, LoadOptions, Session, Weights};
use caro_inference::gguf::File;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("which model?")?);
    let threads = Some(arguments.next().ok_or("how many threads?")?.parse()?);
    let isa = match arguments.next().as_deref() {
        None | Some("best") => None,
        Some(name) => {
            Some(Isa::ALL.into_iter().find(|isa| format!("{isa:?}").eq_ignore_ascii_case(name)).ok_or("no such isa")?)
        }
    };
    let cache = arguments.next().map(PathBuf::from);
    let weights = {
        let file = File::open(&path)?;
        Weights::load(&file, &LoadOptions { threads, isa, cache: cache.as_deref(), ..LoadOptions::default() })?
    };
    let mut trial = Trial::new(Session::new(weights, 512));
    writeln!(stdout(), "ready")?;
    for line in stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let took = match words[..] {
            ["know", known] => trial.prefill(known.parse()?, 0)?,
            ["prefill", known, count] => trial.prefill(known.parse()?, count.parse()?)?,
            ["decode", known, count] => trial.decode(known.parse()?, count.parse()?)?,
            ["report"] => {
                writeln!(stdout(), "{:#?}", bench(&path, threads, isa, cache.as_deref(), 5)?)?;
                continue;
            }
            _ => return Err("no such request".into()),
        };
        writeln!(stdout(), "{}", took.as_secs_f64() * 1e3)?;
    }
    Ok(())
}
