//! Raw text -> [`Utterance`]: folded, spelt, split into words that say what they mean.
//!
//! Invariants: pure and total, whatever the text is; normalizing a normalized text changes nothing; values (paths, names,
//! quoted strings) keep every character and their case, so two questions with the same utterance deserve the same answer.
//! What a word is worth to an intent, and which value goes where, is the matcher's business.

mod fold;
mod lexicon;
mod phrase;
mod quantity;
mod scan;
mod stem;
mod token;
mod typo;

pub use lexicon::{Class, Concept, class, concept, concept_of, concepts, is_of_phrasings, is_place, phrase_at};
pub use quantity::{Unit, size_text};
pub use token::{Shape, Token};

// Nobody types a longer question into a popup; a pasted file is not a question. The limits also bound every later loop.
const LONGEST_QUESTION: usize = 1_000;
const MOST_TOKENS: usize = 120;

/// A question in the form the matcher reads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Utterance {
    /// The normalized sentence: fillers gone, known words spelt right, values untouched.
    pub text: String,
    /// Its words and values, in order. Empty when there was nothing to read, or far too much.
    pub tokens: Vec<Token>,
}

/// Normalizes one question.
pub fn normalize(query: &str) -> Utterance {
    let folded = fold::fold(query);
    if folded.len() > LONGEST_QUESTION {
        return unread(folded);
    }
    let mut tokens = scan::scan(&folded);
    if tokens.len() > MOST_TOKENS {
        return unread(folded);
    }
    for token in &mut tokens {
        lexicon::read(token);
    }
    phrase::drop_fillers(&mut tokens);
    quantity::join(&mut tokens);
    phrase::name_letters(&mut tokens);
    phrase::join(&mut tokens);
    phrase::drop_pairs(&mut tokens);
    if let Some(first) = tokens.first_mut() {
        first.pause = false;
    }
    let text = render(&mut tokens);
    Utterance { text, tokens }
}

// The text is kept whole, so that two long texts stay two questions.
fn unread(text: String) -> Utterance {
    Utterance { text, tokens: Vec::new() }
}

fn render(tokens: &mut [Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        if !text.is_empty() {
            text.push_str(if token.pause { ", " } else { " " });
        }
        let start = text.len();
        text.push_str(&token.text);
        token.span = start..text.len();
    }
    text
}
