//! Loops in shells without a grammar here, where the scan leaves `for NAME in LIST` as a command of its own.

use super::{Evaluator, Frame, HOLE, Scope};
use crate::safety::place::Place;
use crate::shell::syntax::{Command, Pipeline, Simple};
use crate::shell::{Shell, constant};

/// What the head of a loop says about its list.
pub(super) enum Head {
    /// It stood there.
    Whole,
    /// It stands in brackets, as the next command.
    ListFollows(String),
}

fn simple(pipeline: &Pipeline) -> Option<&Simple> {
    match pipeline.commands.as_slice() {
        [Command::Simple(simple)] => Some(simple),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// Reads `for NAME in LIST` and its like; `None` for every other command.
    pub(super) fn loop_head(&mut self, pipeline: &Pipeline, frame: &Frame, scope: &mut Scope) -> Option<Head> {
        if !matches!(frame.shell, Shell::Fish | Shell::Zsh | Shell::Cmd) {
            return None;
        }
        let simple = simple(pipeline)?;
        let words: Vec<&str> = simple.words.iter().map(|word| word.source.as_str()).collect();
        let (first, rest) = words.split_first()?;
        let loops =
            matches!(*first, "for" | "foreach") || frame.shell == Shell::Cmd && first.eq_ignore_ascii_case("for");
        if !loops {
            return None;
        }
        if frame.shell == Shell::Cmd {
            let name = rest.iter().find(|word| word.starts_with('%'))?.trim_start_matches('%');
            // `/r FOLDER` runs through a folder.
            let at = rest.iter().position(|word| word.eq_ignore_ascii_case("/r"));
            let folder = at.and_then(|at| rest.get(at + 1)).filter(|word| !word.starts_with('%'));
            let name = folder.map_or_else(|| name.to_owned(), |folder| format!("{name}|{folder}"));
            return Some(Head::ListFollows(name));
        }
        let (name, list) = rest.split_first()?;
        if list.first() != Some(&"in") {
            return Some(Head::ListFollows((*name).to_owned()));
        }
        let values =
            simple.words[3..].iter().flat_map(|word| self.expand(word, frame, scope)).map(|arg| arg.text).collect();
        scope.set_list(name, values);
        Some(Head::Whole)
    }

    /// The list of a loop, in brackets.
    pub(super) fn loop_list(&mut self, name: &str, list: Option<&Pipeline>, frame: &Frame, scope: &mut Scope) {
        let Some(simple) = list.and_then(simple) else {
            return scope.set(name, HOLE.to_string());
        };
        let (name, folder) = name.split_once('|').map_or((name, None), |(name, folder)| (name, Some(folder)));
        let whole =
            simple.words.first().is_some_and(|word| word.source.starts_with('\'') || word.source.starts_with('`'));
        let mut values: Vec<String> =
            simple.words.iter().flat_map(|word| self.expand(word, frame, scope)).map(|arg| arg.text).collect();
        if frame.shell != Shell::Cmd {
            return scope.set_list(name, values);
        }
        if whole {
            // What a command prints: not known before it runs.
            let script = values.join(" ");
            self.text(script.trim_matches(['\'', '`']), frame, scope, &super::Feed::Nothing);
            return scope.set(&format!("%{name}"), HOLE.to_string());
        }
        if let Some(folder) = folder {
            values = values.iter().map(|value| format!("{}\\{value}", folder.trim_end_matches('\\'))).collect();
        }
        // The worst of the list stands for all.
        let worst = values.iter().find(|value| Place::of(value, scope.cwd(), self.context).is_catastrophic());
        let value = worst.or(values.first()).cloned().unwrap_or_else(|| HOLE.to_string());
        scope.set(&format!("%{name}"), value);
    }

    /// The value of an expression of PowerShell that is a string and not a command.
    pub(super) fn constant(source: &str, scope: &Scope) -> Option<String> {
        let source = source.trim();
        let may_be = source.starts_with(['\'', '"', '(', '@', '['])
            || source.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("-join"))
            || source.starts_with('$') && source.contains('+');
        if !may_be {
            return None;
        }
        let known = |name: &str| {
            scope.get(&name.to_ascii_lowercase()).map(<[String]>::concat).filter(|value| !value.contains(HOLE))
        };
        constant(source, &known)
    }
}
