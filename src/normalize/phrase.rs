//! Phrases: several words that mean one thing (`how many`, `this folder`), and those that mean nothing (`can you please`).

use super::lexicon::{self, Class, FILLERS, OPENINGS, PHRASES, Phrase};
use super::stem::stem;
use super::token::{Shape, Token};

/// Drops politeness and ways to start a question, until there is none left.
pub(super) fn drop_fillers(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        let opening = if at == 0 { longest(OPENINGS, tokens, at, said) } else { None };
        match longest(FILLERS, tokens, at, said).max(opening) {
            Some((length, _)) if length < tokens.len() => {
                let paused = tokens.drain(at..at + length).any(|token| token.pause);
                if let Some(next) = tokens.get_mut(at) {
                    next.pause |= paused;
                }
                // What is left may complete a phrase that started earlier.
                at = at.saturating_sub(8);
            }
            _ => at += 1,
        }
    }
}

fn said(token: &Token) -> &str {
    &token.text
}

/// Joins the words of every known phrase into one token, the longest first.
pub(super) fn join(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at < tokens.len() {
        if let Some((length, concept)) = longest(PHRASES, tokens, at, |token| stem(&token.text))
            && !is_shouted(tokens, at, concept)
        {
            let part =
                |field: fn(&Token) -> &str| tokens[at..at + length].iter().map(field).collect::<Vec<_>>().join(" ");
            let mut token = Token::new(&part(|t| &t.raw), Shape::Word);
            token.text = part(|t| &t.text);
            token.concept = Some(concept);
            token.class = lexicon::class(concept);
            token.pause = tokens[at].pause;
            place(&mut token);
            tokens.splice(at..at + length, [token]);
        } else if tokens[at].concept.is_some() {
            place(&mut tokens[at]);
        }
        at += 1;
    }
}

// `between BEGIN and END in a.log`: a mark in a text, not how something ends.
fn is_shouted(tokens: &[Token], at: usize, concept: lexicon::Concept) -> bool {
    let shouted = |token: &Token| token.raw.len() > 1 && token.raw.chars().all(|letter| letter.is_ascii_uppercase());
    (concept == lexicon::concept::END || concept == lexicon::concept::BEGIN)
        && shouted(&tokens[at])
        && !shouted(&tokens[at + 1])
}

fn place(token: &mut Token) {
    if let Some(folder) = token.concept.and_then(lexicon::is_place) {
        token.shape = Shape::Place;
        folder.clone_into(&mut token.raw);
        token.class = Class::Light;
    }
}

// The longest phrase of two words or more (or a filler of one) that starts here.
fn longest(
    table: &'static [Phrase],
    tokens: &[Token],
    at: usize,
    key: fn(&Token) -> &str,
) -> Option<(usize, lexicon::Concept)> {
    if tokens[at].shape != Shape::Word && !matches!(tokens[at].shape, Shape::Number(0)) {
        return None;
    }
    lexicon::phrases(table, key(&tokens[at]))
        .iter()
        .filter(|phrase| {
            let window = tokens.get(at..at + phrase.words.len());
            window.is_some_and(|window| {
                window
                    .iter()
                    .zip(phrase.words)
                    .skip(1)
                    .all(|(token, word)| token.shape == Shape::Word && key(token) == *word)
            })
        })
        .map(|phrase| (phrase.words.len(), phrase.concept))
        .max_by_key(|(length, _)| *length)
}
