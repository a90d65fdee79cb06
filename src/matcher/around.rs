//! What may stand around any question: `… into a file out.txt`, `… with sudo`, `… every 5 seconds`.
//!
//! Only tried when the whole question is no question Caro knows: `copy a.txt into b.txt` is one.

use crate::context::Os;
use crate::normalize::{Class, Concept, Shape, Token, concept as c};
use crate::shell::{Shell, quote, quote_path};

/// What to do with the command of the question inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Around {
    AsRoot,
    Into(String),
    AppendTo(String),
    Clipboard,
    Background,
    Pager,
    First(u64),
    Every(u64),
}

/// Takes one of them off; the rest of the question stays.
pub(super) fn peel(tokens: &[Token]) -> Option<(Around, Vec<Token>)> {
    let found = as_root(tokens).or_else(|| into_file(tokens)).or_else(|| tail(tokens)).or_else(|| every(tokens));
    let (around, rest) = match found {
        Some((around, start, end)) => (around, [&tokens[..start], &tokens[end..]].concat()),
        None => written(tokens)?,
    };
    let says_something = rest.iter().any(|token| token.class > Class::Cue);
    says_something.then_some((around, rest))
}

impl Around {
    /// The command with this around it; `None` where the shell has no plain way, or the command is none for it.
    pub(super) fn apply(&self, command: &str, shell: Shell, os: Os) -> Option<String> {
        let posix = matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish);
        match self {
            Self::AsRoot if command.starts_with("sudo ") => Some(command.to_owned()),
            Self::AsRoot => (posix && is_single(command) && !is_builtin(command)).then(|| format!("sudo {command}")),
            Self::Into(file) => is_silent(command).then(|| format!("{command} > {}", quote_path(shell, file))),
            Self::AppendTo(file) => is_silent(command).then(|| format!("{command} >> {}", quote_path(shell, file))),
            Self::Clipboard => {
                let to = match (shell, os) {
                    (Shell::PowerShell, _) => "Set-Clipboard",
                    (Shell::Cmd, _) => "clip",
                    (_, Os::MacOs) => "pbcopy",
                    _ => "xclip -selection clipboard",
                };
                is_silent(command).then(|| format!("{command} | {to}"))
            }
            Self::Background => (posix && is_single(command)).then(|| format!("{command} &")),
            Self::Pager => {
                let pager = if posix { "less" } else { "more" };
                is_silent(command).then(|| format!("{command} | {pager}"))
            }
            Self::First(count) => match shell {
                Shell::Cmd => None,
                Shell::PowerShell => Some(format!("{command} | Select-Object -First {count}")),
                _ => is_silent(command).then(|| format!("{command} | head -n {count}")),
            },
            Self::Every(seconds) => posix.then(|| {
                let watched = if is_single(command) { command.into() } else { quote(shell, command) };
                format!("watch -n {seconds} {watched}")
            }),
        }
    }

    /// How the explanation goes on.
    pub(super) fn says(&self) -> String {
        match self {
            Self::AsRoot => ", with all rights".to_owned(),
            Self::Into(file) => format!(", and writes that into {file}"),
            Self::AppendTo(file) => format!(", and adds that to the end of {file}"),
            Self::Clipboard => ", and copies that to the clipboard".to_owned(),
            Self::Background => ", in the background".to_owned(),
            Self::Pager => ", page by page".to_owned(),
            Self::First(count) => format!(", only the first {count}"),
            Self::Every(1) => ", again every second".to_owned(),
            Self::Every(seconds) => format!(", again every {seconds} seconds"),
        }
    }
}

type Found = (Around, usize, usize);

// One plain command: nothing of it would be left out by a word before it.
fn is_single(command: &str) -> bool {
    !command.contains(['|', '&', ';', '<', '>', '$', '`', '(', '{'])
}

// It prints to the screen and nowhere else.
fn is_silent(command: &str) -> bool {
    const MUTE: [&str; 12] =
        ["cd", "chmod", "chown", "chgrp", "cp", "kill", "ln", "mkdir", "mv", "pkill", "rm", "touch"];
    let program = command.trim_start_matches("sudo ").split(' ').next().unwrap_or_default();
    // What prints nothing leaves nothing to write into a file.
    !command.contains(['>', '&', ';']) && !MUTE.contains(&program)
}

fn is_builtin(command: &str) -> bool {
    ["cd ", "export ", "alias ", "source ", "history", "unset ", "umask", "jobs", "fg", "bg"]
        .iter()
        .any(|builtin| command.starts_with(builtin))
}

fn is_root(token: &Token) -> bool {
    matches!(token.text.as_str(), "root" | "superuser" | "administrator" | "sudo")
}

// `with sudo`, `as root`, `using root rights`.
fn as_root(tokens: &[Token]) -> Option<Found> {
    let at = tokens.iter().position(is_root)?;
    let start = at.checked_sub(1).filter(|before| {
        let before = &tokens[*before];
        before.is(c::WITH) || before.is(c::AS) || before.is(c::USE) || before.is(c::BY)
    })?;
    let rights = tokens.get(at + 1).is_some_and(|next| next.is(c::PERMISSION) || next.text == "privileges");
    Some((Around::AsRoot, start, at + 1 + usize::from(rights)))
}

fn is_file(token: &Token) -> bool {
    matches!(token.shape, Shape::FileName | Shape::Path | Shape::Quoted)
}

// `and save the result to out.txt`, `into a file named out.txt`, `and append it to log.txt`: the end of the question.
fn into_file(tokens: &[Token]) -> Option<Found> {
    let end = tokens.len();
    let (cue, noun) = cue_of_file(tokens)?;
    let name = tokens[end - 1].raw.clone();
    let mut result = cue;
    while result > 0 && (is_result(&tokens[result - 1]) || tokens[result - 1].class == Class::Stop) {
        result -= 1;
    }
    let verb = result.checked_sub(1).filter(|at| is_writing(&tokens[*at]));
    // `and output to`: here it is the verb.
    let verb = verb.or_else(|| (result..cue).find(|at| tokens[*at].text == "output"));
    match verb {
        Some(verb) => {
            let around = if tokens[verb].is(c::APPEND) { Around::AppendTo(name) } else { Around::Into(name) };
            Some((around, joints(tokens, verb), end))
        }
        None if noun => Some((Around::Into(name), cue, end)),
        None => None,
    }
}

// Where `to [a file named] out.txt` starts at the end of a question, and whether it says that this is a file.
fn cue_of_file(tokens: &[Token]) -> Option<(usize, bool)> {
    let mut at = tokens.len().checked_sub(1).filter(|last| is_file(&tokens[*last]))?;
    let mut noun = false;
    while at > 0 && (is_joint(&tokens[at - 1]) || tokens[at - 1].is(c::FILE) || tokens[at - 1].is(c::PLAINTEXT)) {
        at -= 1;
        noun |= !is_joint(&tokens[at]);
    }
    let cue = at.checked_sub(1).map(|cue| &tokens[cue])?;
    [c::TO, c::IN, c::AS].iter().any(|known| cue.is(*known)).then_some((at - 1, noun))
}

// `append the git log to log.txt`: the verb stands first.
fn written(tokens: &[Token]) -> Option<(Around, Vec<Token>)> {
    let (cue, _) = cue_of_file(tokens)?;
    let first = |token: &Token| token.is(c::SAVE) || token.is(c::APPEND) || token.text == "redirect";
    let verb = tokens.iter().position(|token| token.class > Class::Cue).filter(|at| first(&tokens[*at]))?;
    let name = tokens[tokens.len() - 1].raw.clone();
    let around = if tokens[verb].is(c::APPEND) { Around::AppendTo(name) } else { Around::Into(name) };
    Some((around, tokens.get(verb + 1..cue)?.to_vec()))
}

fn is_writing(token: &Token) -> bool {
    token.is(c::SAVE)
        || token.is(c::APPEND)
        || matches!(
            token.text.as_str(),
            "write" | "put" | "redirect" | "send" | "dump" | "output" | "export" | "pipe" | "keep" | "record"
        )
}

fn is_result(token: &Token) -> bool {
    matches!(
        token.text.as_str(),
        "result" | "results" | "output" | "list" | "it" | "them" | "this" | "that" | "everything"
    )
}

// Words that only join: they go with what they introduce.
fn is_joint(token: &Token) -> bool {
    token.class == Class::Stop || token.is(c::NAMED) || token.is(c::NEW)
}

// `in the background`, `page by page`, `to the clipboard`, `only the first 5`: the end of the question.
fn tail(tokens: &[Token]) -> Option<Found> {
    let end = tokens.len();
    let text = |back: usize| end.checked_sub(back).map_or("", |at| tokens[at].text.as_str());
    let from = |back: usize| joints(tokens, end - back);
    if text(1) == "background" {
        return Some((Around::Background, from(1 + usize::from(end > 1 && tokens[end - 2].class <= Class::Cue)), end));
    }
    if text(1) == "clipboard" {
        let mut start = end - 1;
        while start > 0 {
            let token = &tokens[start - 1];
            let copies = token.is(c::COPY) || is_writing(token) || is_result(token);
            if !copies && token.class > Class::Cue {
                break;
            }
            start -= 1;
        }
        return Some((Around::Clipboard, start, end));
    }
    if ["less", "pager", "more"].contains(&text(1)) && end > 1 && tokens[end - 2].class == Class::Cue {
        return Some((Around::Pager, from(2), end));
    }
    if text(1) == text(3) && text(1) == "page" {
        return Some((Around::Pager, from(3), end));
    }
    let Shape::Number(count) = tokens.last()?.shape else { return None };
    let first = end.checked_sub(2).filter(|at| tokens[*at].is(c::FIRST))?;
    let only = first.checked_sub(1).filter(|at| tokens[*at].is(c::ONLY) || tokens[*at].class == Class::Stop);
    let start = only.unwrap_or(first);
    let start = if start > 0 && tokens[start - 1].is(c::ONLY) { start - 1 } else { start };
    (start < first && tokens[start..first].iter().any(|token| token.is(c::ONLY)))
        .then(|| (Around::First(count), joints(tokens, start), end))
}

// Where the words start that only join what follows.
fn joints(tokens: &[Token], from: usize) -> usize {
    let mut start = from;
    while start > 0 && tokens[start - 1].class <= Class::Cue && !is_place_word(tokens[start - 1].concept) {
        start -= 1;
    }
    start
}

fn is_place_word(concept: Option<Concept>) -> bool {
    concept.is_some_and(|concept| crate::normalize::is_place(concept).is_some())
}

// `every 5 seconds`, `each minute`.
fn every(tokens: &[Token]) -> Option<Found> {
    let last = tokens.len().checked_sub(1)?;
    let every = |token: &Token| matches!(token.text.as_str(), "every" | "each");
    if let Shape::Age(count, unit) = tokens[last].shape
        && last > 0
        && every(&tokens[last - 1])
    {
        let seconds = u64::from(count) * unit.seconds();
        return (seconds <= 3_600).then_some((Around::Every(seconds), last - 1, last + 1));
    }
    let unit = match tokens[last].text.as_str() {
        "second" => 1,
        "minute" => 60,
        _ => return None,
    };
    (last > 0 && every(&tokens[last - 1])).then_some((Around::Every(unit), last - 1, last + 1))
}
