//! What two ways of asking the same thing have in common.
//!
//! Invariant: questions that differ in a value, in what a value is for (`to a from b`), or in a word that says what is
//! wanted never share a likeness. A word that may be a value (`the folder build`) is a word here: whoever takes over an answer
//! looks whether such a word is in it. Names of concepts stand in a likeness and not their numbers: it may be kept in a file.

use super::lexicon::{self, Class};
use super::stem::stem;
use super::{Shape, Token, Utterance};

impl Utterance {
    /// The same text for questions that ask for the same: synonyms, fillers, and the order of words that are no values make no
    /// difference. `None` when nothing in it says what is wanted.
    pub fn likeness(&self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        let mut values: Vec<String> = Vec::new();
        let mut cue = "";
        for token in &self.tokens {
            match token.class {
                Class::Stop | Class::Weak => {}
                Class::Cue => cue = token.concept.and_then(lexicon::name).unwrap_or(&token.text),
                _ if is_value(token) => values.push(format!("{}={}", std::mem::take(&mut cue), value(token))),
                _ => words.push(format!("{}:{}", std::mem::take(&mut cue), word(token))),
            }
        }
        words.sort_unstable();
        words.dedup();
        words.extend(values);
        // No control character comes through normalizing, so none of the parts can hold the separator.
        (!words.is_empty()).then(|| words.join("\n"))
    }
}

fn is_value(token: &Token) -> bool {
    token.concept.is_none() && (token.class == Class::Unknown || token.shape != Shape::Word)
}

/// An amount however it is written, any other value to the letter.
fn value(token: &Token) -> String {
    match token.shape {
        Shape::Size(bytes) => format!("{bytes} bytes"),
        Shape::Age(count, unit) => format!("{count} {unit:?}"),
        _ => token.raw.clone(),
    }
}

fn word(token: &Token) -> &str {
    token.concept.and_then(lexicon::name).unwrap_or_else(|| stem(&token.text))
}

#[cfg(test)]
mod tests {
    use crate::normalize::normalize;

    fn likeness(question: &str) -> Option<String> {
        normalize(question).likeness()
    }

    #[test]
    fn what_asks_for_the_same_is_alike() {
        for (one, other) in [
            ("find large files", "please find big files"),
            ("show disk usage", "how do I show the disk usage?"),
            ("delete the folder build", "remove folder build"),
            ("find files larger than 100MB", "list files bigger than 100 MB"),
            ("compress the folder photos", "comress the folder photos"),
        ] {
            assert_eq!(likeness(one), likeness(other), "{one} | {other}");
        }
    }

    #[test]
    fn what_asks_for_something_else_is_not() {
        for (one, other) in [
            ("find files larger than 100MB", "find files larger than 200MB"),
            ("find files larger than 100MB", "find files smaller than 100MB"),
            ("copy a.txt to b.txt", "copy b.txt to a.txt"),
            ("copy a.txt to b.txt", "copy to a.txt from b.txt"),
            ("list files with extension txt", "list files without extension txt"),
            ("find files older than 5 days", "find files newer than 5 days"),
            ("kill port 8080", "what is using port 8080"),
            ("delete empty files", "find empty files"),
        ] {
            assert_ne!(likeness(one), likeness(other), "{one} | {other}");
        }
        for nothing in ["", "  ", "the of and", "show me"] {
            assert_eq!(likeness(nothing), None, "{nothing}");
        }
    }
}
