//! Writes what a model would: the likeliest next token, over and over, held to the form of the answer.
//!
//! Invariant: whatever is guessed ahead, by copying from the question or by a smaller model, the text is the one that plain
//! greedy decoding writes. A guess is read together with the token before it, in one pass over the weights, and kept only as far
//! as the model itself would have written it (Leviathan et al., "Fast Inference from Transformers via Speculative Decoding",
//! 2023, for the greedy case; Saxena, "Prompt Lookup Decoding", 2023, for copying).

mod choice;
mod guess;

use std::sync::atomic::{AtomicBool, Ordering};

use crate::constraint::{Masks, State, Vocabulary};
use crate::error::Error;
use crate::forward::Rows;
use crate::transcript::Transcript;

pub use choice::Choice;
pub use guess::{Guess, Lookup, Nothing, Smaller};

/// How far to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most tokens of an answer; one that is longer is not finished, and said to be so.
    pub tokens: usize,
    /// The most tokens guessed at once.
    pub guesses: usize,
}

impl Default for Limits {
    /// A long command has 80 tokens. Reading five tokens costs less than two alone, more guesses are mostly wrong at the end.
    fn default() -> Self {
        Self { tokens: 160, guesses: 5 }
    }
}

/// What a model wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The inside of the JSON string, still escaped; valid UTF-8 by construction.
    pub json: String,
    /// Whether it came to its end within the limits.
    pub is_whole: bool,
    /// The geometric mean of the probabilities of its tokens, 0 to 1.
    pub probability: f32,
    /// How it was made.
    pub counts: Counts,
    steps: Vec<Step>,
}

/// How a text was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tokens written.
    pub tokens: usize,
    /// Passes over the weights.
    pub passes: usize,
    /// Tokens guessed.
    pub guessed: usize,
    /// Guesses that were right.
    pub right: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    // Of the text, before the token.
    length: usize,
    state: State,
    choice: Choice,
}

/// What every step of an answer needs.
pub struct Writer<'a> {
    /// What tokens are made of.
    pub vocabulary: &'a dyn Vocabulary,
    /// Which of them may come.
    pub masks: &'a Masks,
    /// How far to go.
    pub limits: Limits,
    /// Set by whoever no longer wants the answer.
    pub cancel: &'a AtomicBool,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Writer<'_> {
    /// Reads `prompt` and writes what follows. `on_text` is told the text so far whenever it has grown, `progress` how much of
    /// the prompt is read.
    ///
    /// # Errors
    /// When it is cancelled, within a token; or when prompt and answer do not fit into the context.
    pub fn write(
        &self,
        transcript: &mut Transcript,
        prompt: &[u32],
        guess: &mut dyn Guess,
        on_text: &mut dyn FnMut(&str),
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Text, Error> {
        let mask = self.masks.of(State::Inside, self.vocabulary);
        let logits = transcript.logits(prompt, self.cancel, progress)?;
        let Some(first) = Choice::of(logits, mask) else { return Ok(Text::new(Vec::new(), Vec::new(), false)) };
        self.go_on(
            transcript,
            Draft { bytes: Vec::new(), state: State::Inside, steps: Vec::new() },
            first,
            guess,
            on_text,
        )
    }

    /// Other texts the model might have written: where it was least sure, its second choice, and greedily on from there. The
    /// likeliest first, at most `count`. The transcript is the one `text` was written to, which ends behind its prompt.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn others(
        &self,
        transcript: &mut Transcript,
        prompt: &[u32],
        text: &Text,
        count: usize,
        guess: &mut dyn Guess,
    ) -> Result<Vec<Text>, Error> {
        let mut forks: Vec<usize> =
            (0..text.steps.len()).filter(|&at| text.steps[at].choice.second.is_some()).collect();
        let doubt = |at: &usize| text.steps[*at].choice.second.map_or(0.0, |(_, probability)| probability);
        forks.sort_by(|a, b| doubt(b).total_cmp(&doubt(a)));
        let mut others: Vec<Text> = Vec::new();
        for at in forks.into_iter().take(count) {
            let Step { length, state, choice } = text.steps[at];
            let Some((token, probability)) = choice.second else { continue };
            let written: Vec<u32> =
                prompt.iter().copied().chain(text.steps[..at].iter().map(|step| step.choice.token)).collect();
            transcript.fit(&written, self.cancel, &mut |_, _| ())?;
            let draft =
                Draft { bytes: text.json.as_bytes()[..length].to_vec(), state, steps: text.steps[..at].to_vec() };
            let other =
                self.go_on(transcript, draft, Choice { token, probability, second: None }, guess, &mut |_| ())?;
            if other.is_whole && other.json != text.json && others.iter().all(|known| known.json != other.json) {
                others.push(other);
            }
        }
        others.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        Ok(others)
    }

    fn go_on(
        &self,
        transcript: &mut Transcript,
        mut draft: Draft,
        first: Choice,
        guess: &mut dyn Guess,
        on_text: &mut dyn FnMut(&str),
    ) -> Result<Text, Error> {
        let mut counts = Counts::default();
        let mut next = first;
        // The choice is made, and its token not yet read.
        while draft.take(next, self.vocabulary) {
            on_text(draft.text());
            if draft.steps.len() >= self.limits.tokens {
                break;
            }
            if self.cancel.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            let room = self.limits.guesses.min(self.limits.tokens - draft.steps.len());
            let room = room.min(transcript.model().context().saturating_sub(transcript.tokens().len() + 1));
            let guesses = guess.guess(transcript.tokens(), next.token, draft.written(), draft.state, room)?;
            let start = transcript.tokens().len();
            let read: Vec<u32> = [next.token].into_iter().chain(guesses.iter().copied().take(room)).collect();
            let rows = if read.len() == 1 { Rows::Last } else { Rows::All };
            let logits = transcript.read(&read, rows)?;
            counts.passes += 1;
            counts.guessed += read.len() - 1;
            let width = logits.len() / read.len();
            let mut kept = 1;
            let mut choice = Choice::of(&logits[..width], self.masks.of(draft.state, self.vocabulary));
            while kept < read.len()
                && let Some(right) = choice.filter(|choice| choice.token == read[kept])
                && draft.take(right, self.vocabulary)
            {
                let row = &logits[kept * width..][..width];
                choice = Choice::of(row, self.masks.of(draft.state, self.vocabulary));
                kept += 1;
            }
            counts.right += kept - 1;
            transcript.rewind(start + kept);
            if draft.state.is_end() {
                break;
            }
            let Some(choice) = choice else { break };
            next = choice;
        }
        on_text(draft.text());
        let is_whole = draft.state.is_end();
        counts.tokens = draft.steps.len();
        Ok(Text { counts, ..Text::new(draft.bytes, draft.steps, is_whole) })
    }
}

struct Draft {
    bytes: Vec<u8>,
    state: State,
    steps: Vec<Step>,
}

impl Draft {
    /// Puts a token behind it; `false` when that ends it.
    fn take(&mut self, choice: Choice, vocabulary: &dyn Vocabulary) -> bool {
        let bytes = vocabulary.text(choice.token).unwrap_or_default();
        self.steps.push(Step { length: self.bytes.len(), state: self.state, choice });
        for &byte in bytes {
            match self.state.step(byte) {
                Some(state) if state.is_end() => {
                    self.state = state;
                    return false;
                }
                Some(state) => {
                    self.state = state;
                    self.bytes.push(byte);
                }
                // The mask lets no such token through.
                None => return false,
            }
        }
        true
    }

    /// What is written, up to the last whole character.
    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes)
            .unwrap_or_else(|error| std::str::from_utf8(&self.bytes[..error.valid_up_to()]).expect("valid up to there"))
    }

    fn written(&self) -> &[u8] {
        &self.bytes
    }
}

impl Text {
    fn new(bytes: Vec<u8>, steps: Vec<Step>, is_whole: bool) -> Self {
        let sum: f32 = steps.iter().map(|step| step.choice.probability.max(f32::MIN_POSITIVE).ln()).sum();
        #[expect(clippy::cast_precision_loss, reason = "some hundred tokens")]
        let probability = if steps.is_empty() { 0.0 } else { (sum / steps.len() as f32).exp() };
        // A text that was stopped may end inside a character.
        let json = String::from_utf8(bytes).unwrap_or_else(|error| {
            let whole = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(whole);
            String::from_utf8(bytes).expect("valid up to there")
        });
        Self { json, is_whole, probability, counts: Counts::default(), steps }
    }

    /// What the string says.
    pub fn unescaped(&self) -> String {
        serde_json::from_str(&format!("\"{}\"", self.json)).unwrap_or_default()
    }
}
