//! Tells the parts of a command line apart for colouring: [`highlight`]. Works on half-typed lines as well.
//!
//! Invariant: the spans are in order, do not overlap, and lie on character boundaries; what is between them is blank.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Shell;
use super::blank::is_blank;
use super::lexeme::{Lexeme, LexemeKind, lex};

/// What a part of a command line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// The program that runs.
    Program,
    /// An option: `-l`, `--all`, `/s`.
    Flag,
    /// Any other argument.
    Argument,
    /// A quoted argument, or the lines of a here-document.
    Quoted,
    /// What joins commands, and the words of loops and conditions.
    Operator,
    /// `>`, `2>&1` and the like.
    Redirection,
    /// A word that begins with a variable or a substitution, or sets one.
    Variable,
    /// `<name>`: to be filled in.
    Placeholder,
    /// A comment.
    Comment,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Half-open byte range in the line.
    pub span: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}

/// The parts of `command`, in order.
pub fn highlight(shell: Shell, command: &str) -> Vec<Token> {
    let lexemes = lex(shell, command).lexemes;
    let mut tokens = Vec::with_capacity(lexemes.len());
    let mut expects_program = true;
    let mut rest = lexemes.as_slice();
    while let [lexeme, tail @ ..] = rest {
        rest = tail;
        if let Some(end) = placeholder(command, lexeme, tail) {
            tokens.push(Token { span: lexeme.span.start..end, kind: TokenKind::Placeholder });
            expects_program = false;
            rest = &tail[2..];
            continue;
        }
        let kind = match lexeme.kind {
            LexemeKind::Word => word(shell, &command[lexeme.span.clone()], &mut expects_program),
            LexemeKind::Sequence | LexemeKind::Pipe | LexemeKind::Background | LexemeKind::Open | LexemeKind::Close => {
                expects_program = true;
                TokenKind::Operator
            }
            LexemeKind::Redirect => {
                tokens.push(Token { span: lexeme.span.clone(), kind: TokenKind::Redirection });
                // The file it names is no program, even where one is awaited.
                if let [target, after @ ..] = rest
                    && target.kind == LexemeKind::Word
                {
                    let kind = argument(shell, &command[target.span.clone()]);
                    tokens.push(Token { span: target.span.clone(), kind });
                    rest = after;
                }
                continue;
            }
            LexemeKind::Duplicate => TokenKind::Redirection,
            LexemeKind::Comment => TokenKind::Comment,
            LexemeKind::Document => TokenKind::Quoted,
        };
        if !lexeme.span.is_empty() {
            tokens.push(Token { span: lexeme.span.clone(), kind });
        }
    }
    tokens
}

fn word(shell: Shell, text: &str, expects_program: &mut bool) -> TokenKind {
    if !*expects_program {
        return argument(shell, text);
    }
    if is_assignment(shell, text) {
        return TokenKind::Variable;
    }
    match text {
        "if" | "then" | "else" | "elif" | "fi" | "while" | "until" | "do" | "done" | "esac" | "{" | "}" | "!"
        | "[[" => TokenKind::Operator,
        "for" | "case" | "select" | "in" => {
            *expects_program = false;
            TokenKind::Operator
        }
        // These run what follows, which is the program that matters.
        "sudo" | "doas" | "env" | "nohup" | "time" | "nice" | "exec" | "command" | "xargs" => TokenKind::Program,
        _ if text.starts_with('-') => TokenKind::Flag,
        _ => {
            *expects_program = false;
            if text.starts_with('$') { TokenKind::Variable } else { TokenKind::Program }
        }
    }
}

fn argument(shell: Shell, text: &str) -> TokenKind {
    let switch = shell == Shell::Cmd && text.len() > 1 && text.starts_with('/') && !text[1..].contains(['/', '\\']);
    match text.as_bytes() {
        [b'-', _, ..] => TokenKind::Flag,
        _ if switch => TokenKind::Flag,
        [b'\'' | b'"', b'<', ..] if is_blank(text) => TokenKind::Placeholder,
        [b'\'' | b'"', ..] | [b'$', b'\'', ..] => TokenKind::Quoted,
        [b'$' | b'`', ..] => TokenKind::Variable,
        [b'%', .., b'%'] if shell == Shell::Cmd => TokenKind::Variable,
        _ => TokenKind::Argument,
    }
}

fn is_assignment(shell: Shell, text: &str) -> bool {
    matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish)
        && text.split_once('=').is_some_and(|(name, _)| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.trim_end_matches('+').chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

/// `<name>`, which a shell would read as two redirections; the end of it.
fn placeholder(command: &str, open: &Lexeme, tail: &[Lexeme]) -> Option<usize> {
    let [name, close, ..] = tail else { return None };
    let adjacent = open.span.end == name.span.start && name.span.end == close.span.start;
    let signs = &command[open.span.clone()] == "<" && &command[close.span.clone()] == ">";
    let named = command[name.span.clone()].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let ends = command[close.span.end..]
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || matches!(c, ':' | '/' | '@' | '.' | ','));
    (adjacent && signs && named && ends).then_some(close.span.end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(shell: Shell, command: &str) -> String {
        let names = highlight(shell, command).into_iter().map(|token| {
            let kind = serde_json::to_value(token.kind).unwrap();
            format!("{}:{}", kind.as_str().unwrap(), &command[token.span])
        });
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parts_are_told_apart() {
        let rows = [
            (
                Shell::Bash,
                "sudo find . -name '*.log' | wc -l > out.txt # count",
                "program:sudo program:find argument:. flag:-name quoted:'*.log' operator:| program:wc flag:-l redirection:> argument:out.txt comment:# count",
            ),
            (
                Shell::Bash,
                "LANG=C ls \"$HOME\" $X 2>&1 && true",
                "variable:LANG=C program:ls quoted:\"$HOME\" variable:$X redirection:2>&1 operator:&& program:true",
            ),
            (Shell::Bash, "git checkout <branch>", "program:git argument:checkout placeholder:<branch>"),
            (Shell::Bash, "ping '<host>'", "program:ping placeholder:'<host>'"),
            (Shell::Bash, "cat <in >out", "program:cat redirection:< argument:in redirection:> argument:out"),
            (
                Shell::Bash,
                "for f in *; do rm \"$f\"; done",
                "operator:for argument:f argument:in argument:* operator:; operator:do program:rm quoted:\"$f\" operator:; operator:done",
            ),
            (Shell::Bash, "echo 'half", "program:echo quoted:'half"),
            (
                Shell::PowerShell,
                "Get-Process | Sort-Object CPU -Descending",
                "program:Get-Process operator:| program:Sort-Object argument:CPU flag:-Descending",
            ),
            (Shell::Cmd, "del /s %TEMP% & dir", "program:del flag:/s variable:%TEMP% operator:& program:dir"),
            (Shell::Fish, "echo (pwd); and ls", "program:echo argument:(pwd) operator:; program:and argument:ls"),
        ];
        for (shell, command, expected) in rows {
            assert_eq!(shown(shell, command), expected, "{shell:?} {command:?}");
        }
    }

    proptest! {
        #[test]
        fn everything_but_blanks_is_covered(text in "[ \\t\\n'\"\\\\$`(){}<>|&;#a-c=\\-éß%^@]{0,40}") {
            for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
                let mut end = 0;
                for token in highlight(shell, &text) {
                    prop_assert!(token.span.start >= end && token.span.end > token.span.start, "{:?} {:?}", shell, token);
                    // cmd takes signs for blanks, and a line may go on after its continuation sign.
                    let gap = &text[end..token.span.start];
                    prop_assert!(gap.chars().all(|c| c.is_whitespace() || "=,@^\\`".contains(c)), "{:?} {:?}", shell, gap);
                    end = token.span.end;
                }
            }
        }
    }
}
