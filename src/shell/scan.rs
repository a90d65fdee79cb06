//! [`Lexeme`]s to a [`Script`] without a grammar: what separates commands, and which words each has.
//!
//! Brackets only separate, so a loop is the sequence of its commands; keywords (`do`, `then`, `{`) are stepped over.

use super::Shell;
use super::lexeme::{Lexeme, LexemeKind, lex};
use super::syntax::{Assignment, Command, Parsed, Pipeline, Redirect, RedirectKind, Script, Simple, Word};

/// Pipelines made out at most: twice of what is ever judged.
const MOST_PIPELINES: usize = 4_000;

/// Reads `text` by the token rules of `shell`. What is longer than [`MOST_PIPELINES`] is not complete.
pub(super) fn scan(shell: Shell, text: &str) -> Parsed {
    let lexed = lex(shell, text);
    let mut reader = Reader { shell, text, script: Script::default(), pipeline: Pipeline::default(), simple: None };
    let mut depth = 0_i64;
    let mut balanced = true;
    let mut lexemes = lexed.lexemes.iter().peekable();
    while let Some(lexeme) = lexemes.next() {
        if reader.script.pipelines.len() == MOST_PIPELINES {
            balanced = false;
            break;
        }
        match lexeme.kind {
            LexemeKind::Word => reader.word(lexeme),
            LexemeKind::Sequence => reader.end_pipeline(false),
            LexemeKind::Background => reader.end_pipeline(true),
            LexemeKind::Pipe => {
                balanced &= reader.simple.is_some() || !reader.pipeline.commands.is_empty();
                reader.end_command();
            }
            LexemeKind::Open | LexemeKind::Close => {
                depth += if lexeme.kind == LexemeKind::Open { 1 } else { -1 };
                balanced &= depth >= 0;
                reader.end_pipeline(false);
            }
            LexemeKind::Redirect => {
                let target = lexemes.next_if(|next| next.kind == LexemeKind::Word);
                reader.redirect(lexeme, target);
            }
            LexemeKind::Duplicate | LexemeKind::Comment => {}
            LexemeKind::Document => reader.document(lexeme),
        }
    }
    reader.end_pipeline(false);
    Parsed { script: reader.script, complete: lexed.complete && balanced && depth == 0 }
}

struct Reader<'a> {
    shell: Shell,
    text: &'a str,
    script: Script,
    pipeline: Pipeline,
    simple: Option<Simple>,
}

impl Reader<'_> {
    fn simple(&mut self, at: &Lexeme) -> &mut Simple {
        let start = at.span.start;
        let simple = self.simple.get_or_insert_with(|| Simple { span: start..start, ..Simple::default() });
        simple.span.end = at.span.end;
        simple
    }

    fn word(&mut self, lexeme: &Lexeme) {
        let source = &self.text[lexeme.span.clone()];
        let first = self.simple.as_ref().is_none_or(|simple| simple.words.is_empty());
        if first && is_keyword(self.shell, source) {
            return;
        }
        // zsh lets a block follow a condition or a list without a word in between.
        if self.shell == Shell::Zsh && matches!(source, "{" | "}" | "always") {
            return self.end_pipeline(false);
        }
        let word = Word { source: source.to_owned(), span: lexeme.span.clone() };
        let assignment = first.then(|| assignment(self.shell, &word)).flatten();
        let simple = self.simple(lexeme);
        match assignment {
            Some(assignment) => simple.assignments.push(assignment),
            None => simple.words.push(word),
        }
    }

    fn redirect(&mut self, operator: &Lexeme, target: Option<&Lexeme>) {
        let sign = self.text[operator.span.clone()].trim_start_matches(|c: char| c.is_ascii_digit() || c == '*');
        let kind = match sign {
            "<" | "<&" => RedirectKind::Read,
            ">>" | "&>>" => RedirectKind::Append,
            "<>" => RedirectKind::ReadWrite,
            "<<" | "<<-" => RedirectKind::HereDocument,
            "<<<" => RedirectKind::HereString,
            _ => RedirectKind::Write,
        };
        let at = target.unwrap_or(operator);
        let source = target.map_or("", |target| &self.text[target.span.clone()]);
        let kind = if kind == RedirectKind::HereDocument && source.contains(['\'', '"', '\\']) {
            RedirectKind::QuotedHereDocument
        } else {
            kind
        };
        let word = Word { source: source.to_owned(), span: at.span.clone() };
        self.simple(operator).redirects.push(Redirect { kind, target: word });
        self.simple(at);
    }

    fn document(&mut self, lexeme: &Lexeme) {
        // The lines come after the command they feed, which has ended by then: look for the first redirection still without.
        let text = self.text[lexeme.span.clone()].to_owned();
        let pipelines = self.script.pipelines.iter_mut();
        let redirects = pipelines.flat_map(|pipeline| &mut pipeline.commands).flat_map(|command| match command {
            Command::Simple(simple) => simple.redirects.as_mut_slice(),
            _ => &mut [],
        });
        let unfed = |redirect: &&mut Redirect| {
            matches!(redirect.kind, RedirectKind::HereDocument | RedirectKind::QuotedHereDocument)
                && redirect.target.span.start < lexeme.span.start
                && !redirect.target.source.contains('\n')
        };
        if let Some(redirect) = redirects.filter(unfed).last() {
            redirect.target = Word { source: text, span: lexeme.span.clone() };
        }
    }

    fn end_command(&mut self) {
        if let Some(simple) = self.simple.take() {
            self.pipeline.commands.push(Command::Simple(simple));
        }
    }

    fn end_pipeline(&mut self, background: bool) {
        self.end_command();
        if !self.pipeline.commands.is_empty() {
            self.pipeline.background = background;
            self.script.pipelines.push(std::mem::take(&mut self.pipeline));
        }
    }
}

fn is_keyword(shell: Shell, source: &str) -> bool {
    match shell {
        Shell::Bash | Shell::Zsh => matches!(
            source,
            "if" | "then"
                | "else"
                | "elif"
                | "fi"
                | "while"
                | "until"
                | "do"
                | "done"
                | "esac"
                | "{"
                | "}"
                | "!"
                | "time"
        ),
        Shell::Fish => {
            matches!(source, "if" | "else" | "while" | "begin" | "end" | "and" | "or" | "not" | "!" | "time")
        }
        Shell::PowerShell => ["if", "else", "elseif", "while", "do", "try", "catch", "finally", "return", "function"]
            .iter()
            .any(|word| source.eq_ignore_ascii_case(word)),
        Shell::Cmd => ["if", "else", "not", "do"].iter().any(|word| source.eq_ignore_ascii_case(word)),
    }
}

fn assignment(shell: Shell, word: &Word) -> Option<Assignment> {
    if !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) {
        return None;
    }
    let (name, value) = word.source.split_once('=')?;
    let (name, append) = name.strip_suffix('+').map_or((name, false), |name| (name, true));
    let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = Word { source: value.to_owned(), span: word.span.end - value.len()..word.span.end };
    named.then(|| Assignment { name: name.to_owned(), value: vec![value], array: false, append })
}
