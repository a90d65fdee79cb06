//! A command line that can be changed: one pipeline of plain commands, and edits by place.

use std::ops::Range;

use crate::shell::syntax::{Command, RedirectKind, Simple, Word};
use crate::shell::word::{Piece, pieces, unescape};
use crate::shell::{Shell, parse};

/// One pipeline.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) shell: Shell,
    pub(super) stages: Vec<Stage>,
}

/// One command of it.
pub(super) struct Stage {
    /// The words as they are meant, without quotes; `None` for one that only the shell can tell.
    pub(super) words: Vec<Option<String>>,
    /// Where each stands.
    pub(super) spans: Vec<Range<usize>>,
    /// Whether it writes into a file.
    pub(super) writes: bool,
}

impl<'a> Line<'a> {
    /// `None` for what is more than one pipeline, or a shell whose words are not read here.
    pub(super) fn of(text: &'a str, shell: Shell) -> Option<Self> {
        if !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) {
            return None;
        }
        let parsed = parse(shell, text);
        let [pipeline] = parsed.script.pipelines.as_slice() else { return None };
        if !parsed.complete || pipeline.background {
            return None;
        }
        let stages: Option<Vec<Stage>> = pipeline.commands.iter().map(Stage::of).collect();
        stages.filter(|stages| !stages.is_empty()).map(|stages| Self { text, shell, stages })
    }

    /// The only command, when there is one.
    pub(super) fn single(&self) -> Option<&Stage> {
        match self.stages.as_slice() {
            [stage] => Some(stage),
            _ => None,
        }
    }

    /// The line with texts in the place of stretches of it, which do not overlap.
    pub(super) fn edited(&self, mut edits: Vec<(Range<usize>, String)>) -> String {
        edits.sort_by_key(|(span, _)| span.start);
        let mut line = self.text.to_owned();
        for (span, text) in edits.into_iter().rev() {
            // A word that goes takes the space before it along.
            let start = if text.is_empty() && line[..span.start].ends_with(' ') { span.start - 1 } else { span.start };
            line.replace_range(start..span.end, &text);
        }
        line
    }

    /// The line with a word after another.
    pub(super) fn after(&self, place: &Range<usize>, word: &str) -> String {
        self.edited(vec![(place.end..place.end, format!(" {word}"))])
    }

    /// The line with something at its end.
    pub(super) fn then(&self, more: &str) -> String {
        format!("{} {more}", self.text.trim_end())
    }
}

impl Stage {
    fn of(command: &Command) -> Option<Self> {
        let Command::Simple(Simple { assignments, words, redirects, .. }) = command else { return None };
        if !assignments.is_empty() || words.is_empty() {
            return None;
        }
        let writes = redirects.iter().any(|redirect| {
            matches!(redirect.kind, RedirectKind::Write | RedirectKind::Append | RedirectKind::ReadWrite)
                && redirect.target.source != "/dev/null"
        });
        Some(Self {
            words: words.iter().map(meant).collect(),
            spans: words.iter().map(|word| word.span.clone()).collect(),
            writes,
        })
    }

    /// The program, behind `sudo`.
    pub(super) fn program(&self) -> Option<(usize, &str)> {
        let at = usize::from(self.word(0) == Some("sudo"));
        let name = self.word(at).filter(|name| !name.starts_with('-'))?;
        Some((at, name))
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at)?.as_deref()
    }

    /// Whether a word is an option; what is not known may be one.
    pub(super) fn is_option(&self, at: usize) -> bool {
        self.word(at).is_none_or(|word| word.len() > 1 && word.starts_with('-'))
    }

    /// Where a word stands.
    pub(super) fn find(&self, wanted: &[&str]) -> Option<usize> {
        (0..self.words.len()).find(|at| self.word(*at).is_some_and(|word| wanted.contains(&word)))
    }

    /// Whether an option of one letter is given, alone or among others: `-la`.
    pub(super) fn has_letter(&self, letter: char) -> bool {
        (1..self.words.len()).filter_map(|at| self.word(at)).any(|word| {
            word.strip_prefix('-').is_some_and(|letters| !letters.starts_with('-') && letters.contains(letter))
        })
    }
}

fn meant(word: &Word) -> Option<String> {
    pieces(&word.source)
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => Some(unescape(text)),
            Piece::Quoted(text) => Some(text.clone()),
            Piece::Tilde("") => Some("~".to_owned()),
            _ => None,
        })
        .collect()
}
