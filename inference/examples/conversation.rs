//! Writes conversations by chat templates, for `compare/template.py`: `conversation TEMPLATE...`.
//!
//! For each template one line: a JSON text, or null where it refuses the conversation.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is what it is for")]

use std::error::Error;
use std::fs;

use caro_inference::Template;
use caro_inference::template::{Message, Piece, Role};

fn main() -> Result<(), Box<dyn Error>> {
    let messages = [
        Message { role: Role::System, content: "Answer with one bash command as JSON." },
        Message { role: Role::User, content: "list files" },
        Message { role: Role::Assistant, content: "{\"command\": \"ls\"}" },
        Message { role: Role::User, content: "show disk usage" },
    ];
    for path in std::env::args().skip(1) {
        let template = Template::new(&fs::read_to_string(&path)?, "<s>".to_owned(), "</s>".to_owned());
        let text = template
            .and_then(|template| template.prompt(&messages))
            .map(|pieces| pieces.into_iter().map(|(Piece::Markup(text) | Piece::Text(text))| text).collect::<String>());
        if let Err(error) = &text {
            eprintln!("{path}: {error}");
        }
        println!("{}", serde_json::to_string(&text.ok())?);
    }
    Ok(())
}
