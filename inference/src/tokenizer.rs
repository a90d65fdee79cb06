//! Text to the numbers a model reads, and back.
//!
//! Invariant: a control token (the end of a turn, the start of another) only ever comes from text that is encoded with
//! [`Special::Parse`], which is for text that was not typed by anyone. What somebody typed is encoded with [`Special::Text`],
//! in which `<|im_end|>` is eight letters and signs like any others: the control tokens are not even in the vocabulary that
//! the merges work on.

mod bytes;
mod sentence;
mod vocabulary;

use std::fmt;

use crate::constraint;
use crate::error::Error;
use crate::gguf::File;
use crate::template::Piece;
use bytes::Bytes;
use sentence::Sentence;
use vocabulary::Vocabulary;

/// What the name of a control token in a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// The control token.
    Parse,
    /// Itself, letter by letter.
    Text,
}

/// A vocabulary and the rules by which text is cut into it.
pub struct Tokenizer {
    vocabulary: Vocabulary,
    model: Model,
}

/// How text between special tokens is cut.
enum Model {
    /// `gpt2`: words by a regular expression, then merges of their bytes.
    Bytes(Box<Bytes>),
    /// `llama`: merges of the whole text by the scores of what comes out.
    Sentence(Sentence),
}

/// A part of a text: a token that stands for itself, or text still to be cut.
enum Fragment {
    Token(u32),
    Text(String),
}

impl Tokenizer {
    /// Reads `tokenizer.ggml.*` of the file.
    ///
    /// # Errors
    /// When the file has no tokenizer, one of a kind that is not built in, or one that contradicts itself.
    pub fn from_gguf(file: &File) -> Result<Self, Error> {
        let vocabulary = Vocabulary::read(file)?;
        let model = match file.text("tokenizer.ggml.model")? {
            Some("gpt2") => Model::Bytes(Box::new(Bytes::read(file, &vocabulary)?)),
            Some("llama") => Model::Sentence(Sentence::read(file, &vocabulary)?),
            Some(other) => return Err(file.unsupported(&format!("the tokenizer {other}"))),
            None => return Err(file.malformed("it has no tokenizer")),
        };
        Ok(Self { vocabulary, model })
    }

    /// The tokens of a text, without those that the model wants at the start and end of a prompt.
    pub fn encode(&self, text: &str, special: Special) -> Vec<u32> {
        self.cut(self.split(text, special))
    }

    /// The tokens of a whole prompt. Where markup and typed text meet they are cut as one text, as they were in training.
    pub fn prompt(&self, pieces: &[Piece]) -> Vec<u32> {
        let fragments = pieces.iter().flat_map(|piece| match piece {
            Piece::Markup(text) => self.split(text, Special::Parse),
            Piece::Text(text) => self.split(text, Special::Text),
        });
        let mut tokens = self.cut(fragments);
        if let Some(bos) = self.vocabulary.bos.filter(|bos| self.vocabulary.adds_bos && tokens.first() != Some(bos)) {
            tokens.insert(0, bos);
        }
        if let Some(eos) = self.vocabulary.eos.filter(|_| self.vocabulary.adds_eos) {
            tokens.push(eos);
        }
        tokens
    }

    /// The text of tokens; control tokens have none. Bytes that are no UTF-8 become U+FFFD.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens
            .iter()
            .filter(|&&token| !self.is_control(token))
            .flat_map(|&token| self.bytes(token))
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// What a token stands for, which need not be whole characters. That of a control token is its name, that of a number
    /// that is no token is nothing.
    pub fn bytes(&self, token: u32) -> &[u8] {
        self.vocabulary.bytes(token)
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.vocabulary.len()
    }

    /// Whether there are none; a file without any is refused.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it is a token that marks something rather than stands for text.
    pub fn is_control(&self, token: u32) -> bool {
        self.vocabulary.is_control(token)
    }

    /// The token at the start of a text, if the model knows one.
    pub fn bos(&self) -> Option<u32> {
        self.vocabulary.bos
    }

    /// The token at the end of a text, if the model knows one.
    pub fn eos(&self) -> Option<u32> {
        self.vocabulary.eos
    }

    /// All tokens with which a model ends its answer: the end of the text, of the turn, of the message.
    pub fn stops(&self) -> &[u32] {
        &self.vocabulary.stops
    }

    /// The token of that name, as the file writes it.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.vocabulary.find(name)
    }

    /// Cuts special tokens out of a text: the user-defined ones always, the control tokens only where they are to be parsed.
    ///
    /// The longest name is looked for first in the whole text, then the next, as llama.cpp does it.
    fn split(&self, text: &str, special: Special) -> Vec<Fragment> {
        let mut fragments = vec![Fragment::Text(text.to_owned())];
        for &token in &self.vocabulary.specials {
            if special == Special::Text && self.is_control(token) {
                continue;
            }
            let Ok(name) = str::from_utf8(self.bytes(token)) else { continue };
            if !text.contains(name) {
                continue;
            }
            fragments = fragments
                .into_iter()
                .flat_map(|fragment| match fragment {
                    Fragment::Token(_) => vec![fragment],
                    Fragment::Text(text) => around(&text, name, token),
                })
                .collect();
        }
        fragments
    }

    /// Cuts the text in fragments, neighbors as one.
    fn cut(&self, fragments: impl IntoIterator<Item = Fragment>) -> Vec<u32> {
        let mut tokens = Vec::new();
        let mut text = String::new();
        let mut after_token = true;
        for fragment in fragments {
            match fragment {
                Fragment::Text(more) => text.push_str(&more),
                Fragment::Token(token) => {
                    self.cut_text(&text, after_token, &mut tokens);
                    text.clear();
                    tokens.push(token);
                    after_token = true;
                }
            }
        }
        self.cut_text(&text, after_token, &mut tokens);
        tokens
    }

    fn cut_text(&self, text: &str, after_token: bool, tokens: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        match &self.model {
            Model::Bytes(bytes) => bytes.encode(text, tokens),
            Model::Sentence(sentence) => sentence.encode(&self.vocabulary, text, after_token, tokens),
        }
    }
}

impl constraint::Vocabulary for Tokenizer {
    fn len(&self) -> usize {
        self.vocabulary.len()
    }

    fn text(&self, token: u32) -> Option<&[u8]> {
        (!self.is_control(token)).then(|| self.bytes(token))
    }
}

impl fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokenizer").field("tokens", &self.len()).finish_non_exhaustive()
    }
}

/// The text around every place where `name` stands in it.
fn around(text: &str, name: &str, token: u32) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    for (index, part) in text.split(name).enumerate() {
        if index > 0 {
            fragments.push(Fragment::Token(token));
        }
        if !part.is_empty() {
            fragments.push(Fragment::Text(part.to_owned()));
        }
    }
    fragments
}
