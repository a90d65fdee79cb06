//! Writes the logits of token ids as candle computes them in f32: `reference MODEL < IDS`, in place of `logits` for
//! `compare/logits.py`.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};
use std::path::PathBuf;
use std::sync::Arc;

use caro_inference::candle::{Model, Session};
use caro_inference::gguf::File;
use caro_inference::{Device, Forward, Rows};

fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args().nth(1).ok_or("which model?")?);
    let model = Model::load(&File::open(&path)?, Device::best())?;
    let mut session = Session::new(Arc::new(model), 1024)?;
    for line in stdin().lock().lines() {
        let tokens = line?.split_whitespace().map(str::parse).collect::<Result<Vec<u32>, _>>()?;
        session.rewind(0);
        let logits = session.read(&tokens, Rows::Last)?;
        let bytes: Vec<u8> = logits.iter().flat_map(|logit| logit.to_le_bytes()).collect();
        stdout().write_all(&bytes)?;
    }
    Ok(())
}
