//! Several questions in one: `make folder x and go there`, `back up a.txt, then delete it`.
//!
//! Each must be a question of its own that is answered with confidence; half an answer is none.

use super::SURE;
use crate::normalize::{Class, Shape, Token, concept as c};
use crate::proposal::Proposal;
use crate::shell::Shell;

// A sentence with more of them is a list, or a page.
const MOST_JOINTS: usize = 4;

/// Joins the commands of all parts. `answer` answers one part alone.
pub(super) fn answer(
    tokens: &[Token],
    shell: Shell,
    parts: usize,
    answer: &dyn Fn(&[Token]) -> Option<Proposal>,
) -> Option<Proposal> {
    if parts < 2 {
        return None;
    }
    let joints = (1..tokens.len().saturating_sub(1)).filter(|at| is_joint(tokens, *at)).take(MOST_JOINTS);
    joints.filter_map(|at| resolved(&tokens[..at], after_joint(&tokens[at..])).map(|rest| (at, rest))).find_map(
        |(at, rest)| {
            let begins = rest.iter().find(|token| token.class > Class::Cue)?;
            // What is done comes first in a request; `a.txt and b.txt` is no second one. Asked before anything is answered, which costs.
            if begins.concept.is_none() || begins.corrected || matches!(begins.class, Class::Light) {
                return None;
            }
            let first = answer(&tokens[..at]).filter(|first| first.confidence >= SURE)?;
            let second = answer(&rest)
                .filter(|second| second.confidence >= SURE)
                .or_else(|| self::answer(&rest, shell, parts - 1, answer))?;
            Some(joined(first, &second, shell))
        },
    )
}

fn is_joint(tokens: &[Token], at: usize) -> bool {
    tokens[at].pause || is_word(&tokens[at])
}

fn is_word(token: &Token) -> bool {
    matches!(token.text.as_str(), "and" | "then" | "afterwards" | "after that")
}

fn after_joint(tokens: &[Token]) -> &[Token] {
    let words = tokens.iter().take_while(|token| is_word(token)).count();
    &tokens[words..]
}

// `it` and `there` are the one thing the part before names; which one of several, nobody knows.
fn resolved(before: &[Token], part: &[Token]) -> Option<Vec<Token>> {
    if part.iter().any(|token| matches!(token.text.as_str(), "them" | "they" | "those" | "these")) {
        return None;
    }
    let mut named = before.iter().filter(|token| {
        token.concept.is_none()
            && matches!(token.shape, Shape::Word | Shape::FileName | Shape::Path | Shape::Quoted | Shape::Host)
    });
    let thing = named.next().filter(|_| named.next().is_none());
    let mut resolved: Vec<Token> = Vec::with_capacity(part.len() + 1);
    for token in part {
        let there = token.text == "there";
        if token.class != Class::Stop || !there && token.text != "it" {
            resolved.push(token.clone());
            continue;
        }
        let thing = thing?;
        if there && resolved.last().is_some_and(|last| last.class != Class::Cue) {
            resolved.push(Token { text: "to".to_owned(), concept: Some(c::TO), class: Class::Cue, ..token.clone() });
        }
        resolved.push(thing.clone());
    }
    if let Some(first) = resolved.first_mut() {
        first.pause = false;
    }
    Some(resolved)
}

fn joined(first: Proposal, second: &Proposal, shell: Shell) -> Proposal {
    // Windows PowerShell 5 has no `&&`.
    let (joint, sure) = if shell == Shell::PowerShell { ("; ", 0.97) } else { (" && ", 0.98) };
    let then = |text: &str| {
        let mut letters = text.chars();
        letters.next().map(|letter| letter.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    Proposal {
        command: format!("{}{joint}{}", first.command, second.command),
        explanation: format!("{}, then {}", first.explanation, then(&second.explanation)),
        confidence: first.confidence.min(second.confidence) * sure,
        ..first
    }
}
