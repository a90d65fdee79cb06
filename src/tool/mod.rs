//! What a command needs that is not installed here: which programs, the command that installs each, and the same command by
//! programs that are there.
//!
//! Invariant: nothing is said to be missing that may be there. Built-ins, functions, paths, and what would run in a container or
//! on another machine are never looked for; nor is anything for a context that is not of this machine.

mod package;
mod shell;
mod table;

use crate::context::Context;
use crate::safety::{Step, trace};
use crate::shell::{Shell, highlight};

use table::{Row, row};

/// A program that a command needs and this machine lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its name.
    pub program: String,
    /// The command that installs it, where a package with it is known.
    pub install: Option<String>,
}

impl Missing {
    /// The sentence a person reads.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { program, install } = self;
        match install {
            Some(install) => format!("needs {program}, which is not installed: {install}"),
            None => format!("needs {program}, which is not installed"),
        }
    }
}

/// The programs a command needs and the machine of `context` lacks, each once.
#[must_use]
pub fn missing(command: &str, context: &Context) -> Vec<Missing> {
    if context.programs.is_none() {
        return Vec::new();
    }
    let mut missing: Vec<Missing> = Vec::new();
    for Lack { program, .. } in lacks(command, context) {
        if missing.iter().all(|known| known.program != program) {
            let install = package::install(&program, context);
            missing.push(Missing { program, install });
        }
    }
    missing
}

/// The same command by programs that are all there; `None` when it needs none of that, or none is known.
#[must_use]
pub fn instead(command: &str, context: &Context) -> Option<String> {
    let lacks = lacks(command, context);
    let mut line = command.to_owned();
    // From the end, so that the spans of those before stay true.
    let mut ordered: Vec<&Lack> = lacks.iter().collect();
    ordered.sort_by_key(|lack| std::cmp::Reverse(lack.step.span.start));
    for Lack { program, step } in ordered {
        let written = command.get(step.span.clone())?;
        let others = replacements(program, written, row(program)?, context.shell);
        let other = others.into_iter().find(|other| self::lacks(other, context).is_empty())?;
        line.replace_range(step.span.clone(), &other);
    }
    (line != command).then_some(line)
}

struct Lack {
    program: String,
    step: Step,
}

fn lacks(command: &str, context: &Context) -> Vec<Lack> {
    let steps = trace(command, context);
    let here = |step: &&Step| !is_elsewhere(step, &steps) && !is_function(step, &steps);
    let named = steps.iter().filter(here).filter(|step| shell::is_program(&step.program, context.shell));
    let gone = named.filter(|step| context.lacks(&step.program));
    gone.map(|step| Lack { program: step.program.clone(), step: step.clone() }).collect()
}

// Programs that run what they are given where other programs are.
const ELSEWHERE: &[&str] = &[
    "adb",
    "arch-chroot",
    "az",
    "bundle",
    "bunx",
    "chroot",
    "conda",
    "distrobox",
    "docker",
    "flatpak",
    "gcloud",
    "incus",
    "kubectl",
    "limactl",
    "lxc",
    "machinectl",
    "mamba",
    "mosh",
    "multipass",
    "nerdctl",
    "nix",
    "nix-shell",
    "npm",
    "npx",
    "nsenter",
    "oc",
    "pipenv",
    "pipx",
    "pnpm",
    "podman",
    "poetry",
    "ssh",
    "systemd-nspawn",
    "toolbox",
    "uv",
    "uvx",
    "vagrant",
    "wsl",
    "yarn",
];

fn is_elsewhere(step: &Step, steps: &[Step]) -> bool {
    let mut outer = step.inside;
    // Each is inside of another one, but a loop of them would be no reason to hang.
    for _ in 0..steps.len() {
        let Some(around) = outer.and_then(|at| steps.get(at)) else { return false };
        if ELSEWHERE.contains(&around.program.as_str()) {
            return true;
        }
        outer = around.inside;
    }
    false
}

// What a function does stands where the function is written, not where it is called.
fn is_function(step: &Step, steps: &[Step]) -> bool {
    steps.iter().any(|other| {
        let of_this = other.inside.and_then(|at| steps.get(at)).is_some_and(|outer| std::ptr::eq(outer, step));
        of_this && (other.span.end <= step.span.start || step.span.end <= other.span.start)
    })
}

// What a program was written with, by others: the same under another name, then what does the same.
fn replacements(program: &str, written: &str, row: &Row, shell: Shell) -> Vec<String> {
    let renamed = row.also.iter().filter_map(|name| Some(format!("{name}{}", written.strip_prefix(program)?)));
    let words = words(written, shell);
    renamed.chain(row.instead.iter().filter_map(|[from, to]| filled(from, to, &words))).collect()
}

/// The words of a simple command as they are written, quotes and all.
fn words(written: &str, shell: Shell) -> Vec<&str> {
    let mut spans: Vec<std::ops::Range<usize>> = Vec::new();
    for token in highlight(shell, written) {
        match spans.last_mut() {
            Some(last) if last.end == token.span.start => last.end = token.span.end,
            _ => spans.push(token.span),
        }
    }
    spans.into_iter().filter_map(|span| written.get(span)).collect()
}

// `to` with the words that stand in the places of `from`; `None` when the words are not those of `from`.
fn filled(from: &str, to: &str, words: &[&str]) -> Option<String> {
    let mut given: Vec<(&str, String)> = Vec::new();
    let mut rest = words;
    for wanted in from.split(' ') {
        if wanted == "{*}" {
            given.push((wanted, rest.join(" ")));
            rest = &[];
            continue;
        }
        let (word, after) = rest.split_first()?;
        if wanted.starts_with('{') {
            if word.starts_with(['-', '+']) {
                return None;
            }
            given.push((wanted, (*word).to_owned()));
        } else if wanted != *word {
            return None;
        }
        rest = after;
    }
    rest.is_empty().then(|| {
        let filled = given.iter().fold(to.to_owned(), |line, (place, word)| line.replace(place, word));
        filled.trim_end().to_owned()
    })
}

#[cfg(test)]
mod tests;
