//! Which verb a question has, and what all of them share.

use super::read::{Question, Space};
use super::{Act, list, log, make, rollout, see};
use crate::matcher::scan::Scan;
use crate::normalize::concept as c;
use crate::shell::{Shell, quote};

// Words that say what to do, so that they are no names.
const VERBS: [&str; 44] = [
    "get",
    "list",
    "show",
    "describe",
    "delete",
    "remove",
    "logs",
    "log",
    "exec",
    "apply",
    "scale",
    "restart",
    "rollout",
    "undo",
    "rollback",
    "roll",
    "forward",
    "port-forward",
    "drain",
    "cordon",
    "uncordon",
    "taint",
    "label",
    "annotate",
    "edit",
    "expose",
    "autoscale",
    "wait",
    "copy",
    "cp",
    "create",
    "run",
    "set",
    "watch",
    "switch",
    "use",
    "kill",
    "stop",
    "pause",
    "resume",
    "inspect",
    "back",
    "update",
    "bounce",
];

/// True when the token is a verb of these questions.
pub(super) fn is_verb(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_text(Some(at), &VERBS)
}

/// The verb that explains the question best.
pub(super) fn act<'t>(question: &mut Question<'t>, shell: Shell) -> Option<Act> {
    let verbs: [Verb; 6] = [make::forward, log::logs, rollout::act, make::act, list::act, see::act];
    let mut best: Option<(f32, Question<'t>, Act)> = None;
    for verb in verbs {
        let mut trial = question.clone();
        let Some(act) = verb(&mut trial, shell) else { continue };
        rest(&mut trial);
        let rank = trial.scan.explained - 1.5 * trial.scan.unexplained();
        if best.as_ref().is_none_or(|(most, ..)| rank > *most + 0.01) {
            best = Some((rank, trial, act));
        }
    }
    let (_, read, act) = best?;
    *question = read;
    Some(act)
}

/// Reads a verb and its details, and writes the command.
pub(super) type Verb = fn(&mut Question<'_>, Shell) -> Option<Act>;

/// The first that makes a command; what the others took is given back.
pub(super) fn first(question: &mut Question<'_>, shell: Shell, verbs: &[Verb]) -> Option<Act> {
    for verb in verbs {
        let mut trial = question.clone();
        if let Some(act) = verb(&mut trial, shell) {
            *question = trial;
            return Some(act);
        }
    }
    None
}

/// Words that say no more than the rest.
fn rest(question: &mut Question<'_>) {
    let scan = &mut question.scan;
    while scan.take_any(&[c::SHOW, c::FIND, c::EXIST, c::ALL, c::NOW, c::CURRENT]).is_some() {}
    while scan.take_text(&["cluster", "object", "objects", "resource", "resources", "there", "kind"]).is_some() {}
}

/// A command under construction.
pub(super) struct Line {
    text: String,
    shell: Shell,
}

impl Line {
    pub(super) fn new(start: &str, shell: Shell) -> Self {
        Self { text: format!("kubectl {start}"), shell }
    }

    pub(super) fn raw(mut self, part: &str) -> Self {
        if !part.is_empty() {
            self.text.push(' ');
            self.text.push_str(part);
        }
        self
    }

    pub(super) fn value(self, value: &str) -> Self {
        let word = match value.split_once('=') {
            // PowerShell ends a word at a quote.
            Some((key, value)) if !matches!(self.shell, Shell::PowerShell | Shell::Cmd) => {
                format!("{}={}", quote(self.shell, key), quote_value(self.shell, value))
            }
            _ => quote(self.shell, value).into_owned(),
        };
        self.raw(&word)
    }

    /// The kind and the names.
    pub(super) fn things(mut self, question: &Question<'_>) -> Self {
        let Some(kind) = question.kind else { return self };
        self = self.raw(if question.names.is_empty() { kind.many } else { kind.one });
        for name in &question.names {
            self = self.value(name);
        }
        self
    }

    /// `deployment/web`.
    pub(super) fn slashed(self, question: &Question<'_>) -> Option<Self> {
        let name = question.names.first()?;
        let word = format!("{}/{name}", question.kind?.one);
        Some(self.value(&word))
    }

    pub(super) fn space(self, question: &Question<'_>) -> Self {
        match &question.space {
            Space::Default => self,
            Space::All => self.raw("-A"),
            Space::Named(name) => self.raw("-n").value(name),
        }
    }

    pub(super) fn container(self, question: &Question<'_>) -> Self {
        match &question.container {
            Some(name) => self.raw("-c").value(name),
            None => self,
        }
    }

    pub(super) fn label(self, question: &Question<'_>) -> Self {
        match &question.label {
            Some(label) => self.raw("-l").value(label),
            None => self,
        }
    }

    pub(super) fn act(self, intent: &'static str, does: impl Into<String>) -> Act {
        Act { intent, command: self.text, does: does.into() }
    }
}

// An assignment inside a value needs no quotes either: `--from-literal=mode=dark`.
fn quote_value(shell: Shell, value: &str) -> String {
    value
        .split('=')
        .map(|part| if part.is_empty() { String::new() } else { quote(shell, part).into_owned() })
        .collect::<Vec<_>>()
        .join("=")
}

/// The objects of a question, in words.
pub(super) fn words(question: &Question<'_>) -> String {
    let kind = question.kind.map_or("objects", |kind| if question.names.is_empty() { kind.many } else { kind.one });
    let mut text = kind.to_owned();
    if !question.names.is_empty() {
        text.push(' ');
        text.push_str(&question.names.join(", "));
    }
    match &question.space {
        Space::Default => {}
        Space::All => text.push_str(" of all namespaces"),
        Space::Named(name) => {
            text.push_str(" of the namespace ");
            text.push_str(name);
        }
    }
    if let Some(label) = &question.label {
        text.push_str(" labelled ");
        text.push_str(label);
    }
    text
}
