//! A model file ready to answer: its tokenizer, its way of writing a conversation, its weights, and what it has read.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::constraint::Masks;
use crate::error::Error;
use crate::forward::Forward;
use crate::generate::{Guess, Limits, Text, Writer};
use crate::gguf::File;
use crate::template::{Message, Piece, Template};
use crate::tokenizer::Tokenizer;
use crate::transcript::Transcript;

/// A model in use. It does one thing at a time.
#[derive(Debug)]
pub struct Model {
    name: String,
    shots: Option<usize>,
    tokenizer: Arc<Tokenizer>,
    template: Template,
    masks: Masks,
    transcript: Transcript,
}

/// One answer to be written.
pub struct Job<'a> {
    /// The tokens before it, by [`Model::prompt`].
    pub prompt: &'a [u32],
    /// How far to go.
    pub limits: Limits,
    /// Who guesses ahead.
    pub guess: &'a mut dyn Guess,
    /// Set by whoever no longer wants it.
    pub cancel: &'a AtomicBool,
    /// Is told how many tokens of the prompt are read, of how many.
    pub progress: &'a mut dyn FnMut(usize, usize),
    /// Is told the text so far.
    pub on_text: &'a mut dyn FnMut(&str),
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Job").field("prompt", &self.prompt.len()).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Model {
    /// A model of which `forward` computes.
    ///
    /// # Errors
    /// When the file has no tokenizer that is known, or one that does not go with the weights.
    pub fn new(file: &File, forward: Box<dyn Forward>) -> Result<Self, Error> {
        let tokenizer = Arc::new(Tokenizer::from_gguf(file)?);
        if tokenizer.len() > forward.vocabulary() {
            return Err(file.malformed("its tokenizer has more tokens than its weights"));
        }
        let template = Template::from_gguf(file)?;
        let stem = file.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = file.text("general.name")?.map_or(stem, str::to_owned);
        let shots = file.number("caro.shots")?;
        let masks = Masks::new();
        masks.prepare(&*tokenizer);
        Ok(Self { name, shots, tokenizer, template, masks, transcript: Transcript::new(forward, Vec::new()) })
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many examples it needs in a prompt, when it says so (`caro.shots` of its file): one that was trained for this form
    /// of answer needs none.
    pub fn shots(&self) -> Option<usize> {
        self.shots
    }

    /// Its tokenizer.
    pub fn tokenizer(&self) -> &Arc<Tokenizer> {
        &self.tokenizer
    }

    /// What it has read.
    pub fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// What it has read, to read other things.
    pub fn transcript_mut(&mut self) -> &mut Transcript {
        &mut self.transcript
    }

    /// The tokens of a conversation that goes on with an answer, of which `before` is written already.
    ///
    /// # Errors
    /// When its template refuses the conversation.
    pub fn prompt(&self, messages: &[Message<'_>], before: &str) -> Result<Vec<u32>, Error> {
        let mut pieces = self.template.prompt(messages)?;
        pieces.push(Piece::Text(before.to_owned()));
        Ok(self.tokenizer.prompt(&pieces))
    }

    /// Reads a prompt ahead. Says how many of its tokens were read before.
    ///
    /// # Errors
    /// When there is no room for it, or somebody asked to stop.
    pub fn read(
        &mut self,
        prompt: &[u32],
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<usize, Error> {
        self.transcript.fit(prompt, cancel, progress)
    }

    /// Writes what follows a prompt inside a JSON string.
    ///
    /// # Errors
    /// When there is no room for it, or somebody asked to stop.
    pub fn write(&mut self, job: Job<'_>) -> Result<Text, Error> {
        let Job { prompt, limits, guess, cancel, progress, on_text } = job;
        let writer = Writer { vocabulary: &*self.tokenizer, masks: &self.masks, limits, cancel };
        writer.write(&mut self.transcript, prompt, guess, on_text, progress)
    }

    /// Other texts it might have written after the same prompt, the likeliest first.
    ///
    /// # Errors
    /// As [`Model::write`].
    pub fn others(&mut self, job: Job<'_>, text: &Text, count: usize) -> Result<Vec<Text>, Error> {
        let Job { prompt, limits, guess, cancel, .. } = job;
        let writer = Writer { vocabulary: &*self.tokenizer, masks: &self.masks, limits, cancel };
        writer.others(&mut self.transcript, prompt, text, count, guess)
    }

    /// The likeliest tokens after `prompt` and `written`, as text of at most `most` tokens; for checking by a larger model.
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn sketch(&mut self, prompt: &[u32], written: &str, most: usize) -> Result<String, Error> {
        let begun: Vec<u32> =
            prompt.iter().copied().chain(self.tokenizer.encode(written, crate::tokenizer::Special::Text)).collect();
        let limits = Limits { tokens: most, guesses: 0 };
        let never = AtomicBool::new(false);
        let job = Job {
            prompt: &begun,
            limits,
            guess: &mut crate::generate::Nothing,
            cancel: &never,
            progress: &mut |_, _| (),
            on_text: &mut |_| (),
        };
        let text = self.write(job)?;
        Ok(if text.is_whole { text.json + "\"}" } else { text.json })
    }
}
