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
        if let Some((length, concept)) = longest(PHRASES, tokens, at, |token| stem(&token.text)) {
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

/// Sees the name in an `a` that no noun follows: `copy a to b`.
pub(super) fn name_letters(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        // `folders a b c`
        let letter = tokens
            .get(at + 1)
            .is_some_and(|next| next.raw.len() == 1 && next.raw.bytes().all(|b| b.is_ascii_lowercase()));
        let ends = letter
            || tokens.get(at + 1).is_some_and(|next| {
                matches!(
                    next.text.as_str(),
                    "and" | "or" | "to" | "with" | "into" | "from" | "against" | "vs" | "versus"
                )
            });
        if tokens[at].raw == "a" && tokens[at].class == Class::Stop && ends {
            tokens[at].class = Class::Unknown;
            tokens[at].concept = None;
        }
    }
}

/// Drops the number of things that are named right after it: `the two folders a and b`.
pub(super) fn drop_pairs(tokens: &mut Vec<Token>) {
    let mut at = 0;
    while at + 4 < tokens.len() {
        // `the first two files a and b`
        let ranked = at.checked_sub(1).and_then(|before| tokens[before].concept).is_some_and(|concept| {
            use lexicon::concept as c;
            [c::FIRST, c::LAST, c::LARGEST, c::SMALLEST, c::NEWEST, c::OLDEST].contains(&concept)
        });
        let pair = tokens[at].shape == Shape::Number(2) && !ranked;
        let noun = tokens[at + 1].concept.is_some() && tokens[at + 1].raw.ends_with('s');
        let joined = matches!(tokens[at + 3].text.as_str(), "and" | "with" | "to" | "against" | "versus" | "vs");
        let named =
            |token: &Token| token.class == Class::Unknown || token.shape == Shape::FileName || token.raw.len() == 1;
        if pair && noun && joined && named(&tokens[at + 2]) && named(&tokens[at + 4]) {
            tokens.remove(at);
        }
        at += 1;
    }
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
