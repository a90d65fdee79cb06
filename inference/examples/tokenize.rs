//! Prints the tokens of every line of the standard input, for `compare/tokenizer.py`: `tokenize FILE.gguf [text|parse]`.
//!
//! A line is a JSON text; the answer is a JSON list of numbers.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::env;
use std::error::Error;
use std::io::{self, BufRead};
use std::path::Path;

use caro_inference::Tokenizer;
use caro_inference::gguf::File;
use caro_inference::tokenizer::Special;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().ok_or("which GGUF file?")?;
    let special = if arguments.next().as_deref() == Some("parse") { Special::Parse } else { Special::Text };
    let tokenizer = Tokenizer::from_gguf(&File::open(Path::new(&file))?)?;
    for line in io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        let tokens = tokenizer.encode(&text, special);
        println!("{}", serde_json::to_string(&tokens)?);
    }
    Ok(())
}
