//! Cuts a command line of any shell into [`Lexeme`]s without ever failing: for colouring while someone types, for shells
//! without a grammar here, and for what is left of a text no grammar accepts.

use std::ops::Range;

use super::Shell;

mod cmd;
mod posix;
mod powershell;

/// What a stretch of the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LexemeKind {
    /// A word, its quotes and substitutions included.
    Word,
    /// `;`, `&&`, `||`, a line break.
    Sequence,
    /// `|`, `|&`.
    Pipe,
    /// `&` of POSIX shells.
    Background,
    /// `>`, `2>>`, `<`, `&>` and so on; the target is the next word.
    Redirect,
    /// `2>&1`: complete in itself.
    Duplicate,
    /// `(` as a word of its own.
    Open,
    /// `)`.
    Close,
    /// A comment up to the end of its line.
    Comment,
    /// The lines of a here-document.
    Document,
}

/// One stretch. What lies between two of them is blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexeme {
    pub(super) kind: LexemeKind,
    pub(super) span: Range<usize>,
}

/// A whole line, cut up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lexed {
    pub(super) lexemes: Vec<Lexeme>,
    /// False when a quote or bracket is not closed.
    pub(super) complete: bool,
}

/// Cuts `text` up by the rules of `shell`.
pub(super) fn lex(shell: Shell, text: &str) -> Lexed {
    match shell {
        Shell::Bash | Shell::Zsh => posix::lex(text, super::balance::Rules::Posix),
        Shell::Fish => posix::lex(text, super::balance::Rules::Fish),
        Shell::PowerShell => powershell::lex(text),
        Shell::Cmd => cmd::lex(text),
    }
}

/// The growing list, shared by the three lexers.
#[derive(Default)]
struct Sink {
    lexemes: Vec<Lexeme>,
    incomplete: bool,
}

impl Sink {
    fn push(&mut self, kind: LexemeKind, span: Range<usize>) {
        self.lexemes.push(Lexeme { kind, span });
    }

    fn finish(self) -> Lexed {
        Lexed { lexemes: self.lexemes, complete: !self.incomplete }
    }
}
