//! Several questions in one: `make folder x and go there`, `back up a.txt, then delete it`.
//!
//! Each must be a question of its own that is answered with confidence; half an answer is none. What a part leaves to the
//! part before it (`it`, `them`, `the archive`) is put in first; [`reference`](super::reference) knows how.

use super::SURE;
use super::reference;
use crate::normalize::{Class, Concept, Token, concept as c, concept_of};
use crate::proposal::Proposal;
use crate::shell::Shell;

// A sentence with more of them is a list, or a page.
const MOST_JOINTS: usize = 4;

/// Joins the commands of all parts. `answer` answers one part alone; `sure` is how sure each must be.
pub(super) fn answer(
    tokens: &[Token],
    shell: Shell,
    parts: usize,
    sure: f32,
    answer: &dyn Fn(&[Token]) -> Option<Proposal>,
) -> Option<Proposal> {
    if parts < 2 {
        return None;
    }
    let joints = (1..tokens.len().saturating_sub(1)).filter(|at| is_joint(tokens, *at)).take(MOST_JOINTS);
    joints.into_iter().find_map(|at| {
        let part = after_joint(&tokens[at..]);
        let begins = part.iter().find(|token| token.class > Class::Cue)?;
        // What is done comes first in a request; `a.txt and b.txt` is no second one. Asked before anything is answered, which costs.
        if begins.corrected || !is_request(begins) {
            return None;
        }
        if sure < SURE && !is_verb(begins) {
            return None;
        }
        let before = &tokens[..at];
        let mut first = None;
        reference::readings(before, part).into_iter().find_map(|rest| {
            let first = first.get_or_insert_with(|| answer(before).filter(|first| first.confidence >= sure)).clone()?;
            let second = answer(&rest)
                .filter(|second| second.confidence >= sure)
                .or_else(|| self::answer(&rest, shell, parts - 1, sure, answer))?;
            Some(joined(first, &second, shell))
        })
    })
}

// What can come first in a request. `and folders` goes on with what was listed, `, sorting by size` says how.
fn is_request(token: &Token) -> bool {
    const THINGS: [Concept; 7] = [c::FILE, c::FOLDER, c::LINK, c::LINE, c::WORD, c::COLUMN, c::NAME];
    token.class != Class::Light
        && token.concept.is_some_and(|concept| !THINGS.contains(&concept) && !is_participle(&token.raw, concept))
}

// `removing`: the form of a verb that names what goes on beside something else. `ping` is a verb that ends so.
fn is_participle(raw: &str, concept: Concept) -> bool {
    let first = raw.split(' ').next().unwrap_or_default().to_ascii_lowercase();
    let Some(stem) = first.strip_suffix("ing").map(str::to_owned) else { return false };
    let doubled = stem.get(..stem.len().saturating_sub(1)).unwrap_or_default().to_owned();
    [format!("{stem}e"), stem, doubled].iter().any(|verb| concept_of(verb) == Some(concept))
}

fn is_joint(tokens: &[Token], at: usize) -> bool {
    tokens[at].pause || is_word(&tokens[at])
}

// What surely says that something is done: `biggest first` does not.
fn is_verb(token: &Token) -> bool {
    const VERBS: [Concept; 24] = [
        c::APPEND,
        c::ARCHIVE,
        c::COMPRESS,
        c::CONVERT,
        c::COPY,
        c::COUNT,
        c::CREATE,
        c::DELETE,
        c::DOWNLOAD,
        c::EDIT,
        c::EXTRACT,
        c::INSTALL,
        c::MOVE,
        c::OPEN,
        c::RENAME,
        c::REPLACE,
        c::RESTART,
        c::RUN,
        c::SHOW,
        c::SORT,
        c::START,
        c::STOP,
        c::UPLOAD,
        c::CHECKOUT,
    ];
    VERBS.iter().any(|verb| token.is(*verb))
        || matches!(
            token.text.as_str(),
            "cd" | "change"
                | "disable"
                | "enable"
                | "go"
                | "list"
                | "mkdir"
                | "pull"
                | "push"
                | "set"
                | "tar"
                | "turn"
                | "zip"
        )
}

/// True for words that only say that something follows.
pub(super) fn is_word(token: &Token) -> bool {
    matches!(token.text.as_str(), "and" | "then" | "afterwards" | "after that")
}

fn after_joint(tokens: &[Token]) -> &[Token] {
    let words = tokens.iter().take_while(|token| is_word(token)).count();
    &tokens[words..]
}

fn joined(first: Proposal, second: &Proposal, shell: Shell) -> Proposal {
    // Windows PowerShell 5 has no `&&`.
    let (joint, kept) = if shell == Shell::PowerShell { ("; ", 0.97) } else { (" && ", 0.98) };
    let then = |text: &str| {
        let mut letters = text.chars();
        letters.next().map(|letter| letter.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    Proposal {
        command: format!("{}{joint}{}", first.command, second.command),
        explanation: format!("{}, then {}", first.explanation, then(&second.explanation)),
        confidence: first.confidence.min(second.confidence) * kept,
        ..first
    }
}
