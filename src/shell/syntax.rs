//! The tree every shell's parser produces: [`Script`] of pipelines of commands. What a judge and a highlighter need, no more.
//!
//! Invariant: spans are byte ranges of the parsed text. Words keep their source; `word` and `powershell` read it further.

use std::ops::Range;

/// Commands in the order they are written. `a && b`, `a || b` and `a; b` are the same here: any of them may run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
}

/// Commands joined by `|`; most have one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pipeline {
    /// The stages, first to last.
    pub commands: Vec<Command>,
    /// Whether it ends in `&`.
    pub background: bool,
}

/// One stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Words, assignments and redirections.
    Simple(Simple),
    /// A definition; nothing runs yet.
    Function {
        /// Its name.
        name: String,
        /// What a call runs.
        body: Script,
        /// Where the definition stands.
        span: Range<usize>,
    },
    /// A group, a loop, a condition.
    Compound(Compound),
}

/// A plain command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simple {
    /// `NAME=value` before the first word.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// Redirections, in order.
    pub redirects: Vec<Redirect>,
    /// From its first to its last character.
    pub span: Range<usize>,
}

/// What kind of compound command it is, as far as it matters to what runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompoundKind {
    /// `{ }`, `if`, `while`, `case`: the bodies run in this shell.
    Group,
    /// `while true`, `until false`, `for (( ; ; ))`: the bodies run again and again, and nothing but they end it.
    Endless,
    /// `( )`: folder and variables are its own.
    Subshell,
    /// `for NAME in …`: the body runs once for each of the words.
    For(String),
}

/// A compound command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound {
    /// Its kind.
    pub kind: CompoundKind,
    /// Values of a `for`, subject and patterns of a `case`, operands of `[[ ]]`.
    pub words: Vec<Word>,
    /// The scripts inside, in order.
    pub bodies: Vec<Script>,
    /// Redirections of the whole.
    pub redirects: Vec<Redirect>,
}

/// `NAME=value` or `NAME=(values)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// One word, or the elements of an array.
    pub value: Vec<Word>,
    /// Whether it is an array.
    pub array: bool,
    /// Whether it appends (`+=`).
    pub append: bool,
}

/// One word as it stands in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The source, quotes and all.
    pub source: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// What a redirection does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectKind {
    /// `<`: reads a file.
    Read,
    /// `>`, `>|`, `&>`: empties the file and writes it.
    Write,
    /// `>>`: adds to the file.
    Append,
    /// `<>`.
    ReadWrite,
    /// `2>&1` and the like: no file is touched.
    Duplicate,
    /// `<<END`: the target is the text; variables in it expand.
    HereDocument,
    /// `<<'END'`: the target is the text, as it stands.
    QuotedHereDocument,
    /// `<<<`.
    HereString,
}

/// One redirection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// What it does.
    pub kind: RedirectKind,
    /// The file, or the text of a here-document.
    pub target: Word,
}

/// What a parser made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The commands; with [`Parsed::complete`] false, those a token scan could make out.
    pub script: Script,
    /// False when the text is not valid: unterminated, unbalanced, too long or too deeply nested.
    pub complete: bool,
}
