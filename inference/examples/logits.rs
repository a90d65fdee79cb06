//! Writes the logits of token ids, for comparison with other programs: `logits MODEL [THREADS [ISA [CACHE]]] < IDS`.
//!
//! Each line of the input is a prompt, ids with spaces between them. For each, the logits of its last token go to the standard
//! output as little-endian floats.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;

use caro_inference::cpu::{Isa, LoadOptions, Session, Weights};
use caro_inference::gguf::File;
use caro_inference::{Forward, Rows};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("which model?")?);
    let threads = arguments.next().map(|threads| threads.parse()).transpose()?;
    let isa = match arguments.next().as_deref() {
        None | Some("best") => None,
        Some(name) => {
            Some(Isa::ALL.into_iter().find(|isa| format!("{isa:?}").eq_ignore_ascii_case(name)).ok_or("no such isa")?)
        }
    };
    let cache = arguments.next().map(PathBuf::from);
    let file = File::open(&path)?;
    let weights =
        Weights::load(&file, &LoadOptions { threads, isa, cache: cache.as_deref(), ..LoadOptions::default() })?;
    let context = weights.geometry().context;
    let mut session = Session::new(weights, context.min(4096));
    for line in stdin().lock().lines() {
        let tokens = line?.split_whitespace().map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        session.rewind(0);
        let logits = session.read(&tokens, Rows::Last)?;
        let bytes: Vec<u8> = logits.iter().flat_map(|logit| logit.to_le_bytes()).collect();
        stdout().write_all(&bytes)?;
    }
    Ok(())
}
