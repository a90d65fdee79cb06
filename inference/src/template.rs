//! A conversation written down the way a model was trained on.
//!
//! Invariant: what the template writes and what somebody said never mix. The template, which comes with the model file, is
//! given marks in place of the contents, and the contents are put back as pieces of their own, so no text can open or close a
//! turn. That also keeps a template from acting on what was said.

use std::io;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value, context};

use crate::error::Error;
use crate::gguf::File;

/// ChatML, for files that bring no template of their own.
const CHATML: &str = concat!(
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}",
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
);

/// Steps a template may take, and bytes it may write around the contents. The longest ones of models in use take some
/// thousands of each.
const FUEL: u64 = 1_000_000;
const LIMIT: usize = 1 << 20;

/// What stands around the number of a message in place of its content: noncharacters, which no template writes by itself; one
/// that did would only repeat a content.
const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';
/// What stands around those: a blank, which is gone afterwards if the template has trimmed the content.
const BLANK: char = '\u{2003}';

/// Part of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// What the template writes; the names of control tokens in it are control tokens.
    Markup(String),
    /// What somebody said, to be read letter by letter.
    Text(String),
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Who sets the task.
    System,
    /// Who asks.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// As templates, and servers, call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// A message of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: &'a str,
}

/// How a model wants a conversation written.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

/// What a template has written, up to [`LIMIT`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LIMIT {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Template {
    /// Reads `tokenizer.chat_template` of the file; ChatML if it has none.
    ///
    /// # Errors
    /// When the template is none.
    pub fn from_gguf(file: &File) -> Result<Self, Error> {
        let token = |key: &str| -> Result<String, Error> {
            let Some(id) = file.number(key)? else { return Ok(String::new()) };
            let tokens = file.value("tokenizer.ggml.tokens").and_then(|value| value.to_vec().ok());
            let name = tokens.and_then(|tokens| tokens.get(id)).and_then(|name| name.to_string().ok());
            name.cloned().ok_or_else(|| file.malformed(&format!("{key} is no token")))
        };
        let source = file.text("tokenizer.chat_template")?.unwrap_or(CHATML);
        Self::new(source, token("tokenizer.ggml.bos_token_id")?, token("tokenizer.ggml.eos_token_id")?)
    }

    /// A template and the names of the tokens at the start and end of a text.
    ///
    /// # Errors
    /// When the template is none.
    pub fn new(source: &str, bos: String, eos: String) -> Result<Self, Error> {
        let mut environment = Environment::new();
        // As the library does that these templates are written for.
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_fuel(Some(FUEL));
        environment.add_function("raise_exception", |message: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
        });
        // There is no strftime_now: the same conversation is the same prompt on every day, and templates do without it.
        environment.add_template_owned("chat", source.to_owned())?;
        Ok(Self { environment, bos, eos })
    }

    /// The prompt that makes the model say what comes next.
    ///
    /// # Errors
    /// When the template refuses the messages, leaves one of them out, or does not come to an end.
    pub fn prompt(&self, messages: &[Message]) -> Result<Vec<Piece>, Error> {
        let marked: Vec<Value> = (0..)
            .zip(messages)
            .map(|(index, message): (usize, _)| {
                context! { role => message.role.name(), content => format!("{BLANK}{OPEN}{index}{CLOSE}{BLANK}") }
            })
            .collect();
        let context = context! {
            messages => marked,
            add_generation_prompt => true,
            bos_token => self.bos.as_str(),
            eos_token => self.eos.as_str(),
        };
        let mut rendered = Bounded(Vec::new());
        self.environment.get_template("chat")?.render_captured_to(context, &mut rendered)?;
        let rendered = String::from_utf8(rendered.0).map_err(|_| refused("it writes no text".to_owned()))?;
        fill(&rendered, messages)
    }
}

/// Puts the contents in place of their marks.
fn fill(rendered: &str, messages: &[Message]) -> Result<Vec<Piece>, Error> {
    let mut pieces = Vec::new();
    let mut missing: Vec<usize> = (0..messages.len()).collect();
    let mut rest = rendered;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((number, after)) = after.split_once(CLOSE) else { break };
        let index: usize = number.parse().map_err(|_| refused("it takes a content apart".to_owned()))?;
        let message = messages.get(index).ok_or_else(|| refused("it names a message that is none".to_owned()))?;
        missing.retain(|&other| other != index);
        let (markup, content) = match before.strip_suffix(BLANK) {
            Some(markup) => (markup, message.content),
            None => (before, message.content.trim_start()),
        };
        let (after, content) = match after.strip_prefix(BLANK) {
            Some(after) => (after, content),
            None => (after, content.trim_end()),
        };
        push(&mut pieces, Piece::Markup(markup.to_owned()));
        push(&mut pieces, Piece::Text(content.to_owned()));
        rest = after;
    }
    if rest.contains([OPEN, CLOSE]) {
        return Err(refused("it takes a content apart".to_owned()));
    }
    push(&mut pieces, Piece::Markup(rest.to_owned()));
    if missing.is_empty() { Ok(pieces) } else { Err(refused("it leaves out a message".to_owned())) }
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    let (Piece::Markup(text) | Piece::Text(text)) = &piece;
    if !text.is_empty() {
        pieces.push(piece);
    }
}

fn refused(what: String) -> Error {
    Error::Template(minijinja::Error::new(ErrorKind::InvalidOperation, what))
}
