//! Which texts a recursive parser may be given.
//!
//! Measured on `brush-parser` 0.4: unclosed `(` double the time each (14 take 1 ms), closed nesting is linear in time but
//! recursive, 64 kB of `ls;` take 96 ms, and a here-document whose end is marked by nothing (`<<''`) fills the memory. A command line beyond these bounds is not one a person can review.

use super::Shell;
use super::lexeme::{LexemeKind, lex};

/// Longest text parsed, in bytes.
const LONGEST: usize = 64 * 1024;
/// Deepest nesting of brackets, loops and conditions together, and the most words and operators. The second keeps the slowest
/// text at some 10 ms.
const DEEPEST: usize = 24;
const MOST_LEXEMES: usize = 4000;
/// Substitutions, quoted or not. The tokenizer descends into them; a hundred levels fit a thread's stack with room to spare.
const MOST_SUBSTITUTIONS: usize = 100;
/// With no more brackets and keywords than this in all, no arrangement of them is slow or deep.
const ALWAYS_FINE: usize = 10;

/// Whether `text` is short and shallow enough. Linear, whatever the text.
pub(super) fn admits(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    if text.matches("$(").count()
        + text.matches("${").count()
        + text.matches("<(").count()
        + text.matches('`').count() / 2
        > MOST_SUBSTITUTIONS
    {
        return false;
    }
    if !here_documents_are_named(text) || has_no_descriptor(text) {
        return false;
    }
    let openers = text.bytes().filter(|b| matches!(b, b'(' | b'{')).count()
        + ["if", "for", "while", "until", "case", "select"]
            .iter()
            .map(|word| text.matches(word).count())
            .sum::<usize>();
    if openers <= ALWAYS_FINE && text.len() <= MOST_LEXEMES {
        return true;
    }
    let lexed = lex(Shell::Bash, text);
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    // Only where a command can begin is a word one of the language.
    let mut begins = true;
    for lexeme in &lexed.lexemes {
        match (lexeme.kind, &text[lexeme.span.clone()]) {
            (LexemeKind::Open, _) => depth += 1,
            (LexemeKind::Close, _) => depth = depth.saturating_sub(1),
            (LexemeKind::Word, "{" | "if" | "for" | "while" | "until" | "case" | "select") if begins => depth += 1,
            (LexemeKind::Word, "}" | "fi" | "done" | "esac") if begins => depth = depth.saturating_sub(1),
            _ => {}
        }
        let goes_on = |word: &str| {
            ["{", "if", "while", "until", "then", "do", "else", "elif", "!", "time", "coproc", "function"]
                .contains(&word)
        };
        begins = lexeme.kind != LexemeKind::Word || begins && goes_on(&text[lexeme.span.clone()]);
        deepest = deepest.max(depth);
    }
    // A pattern of `case` closes a bracket that was never opened, so the rest may be off by one each; nothing may be left open.
    lexed.complete && deepest <= DEEPEST && depth <= ALWAYS_FINE && lexed.lexemes.len() <= MOST_LEXEMES
}

/// Whether a redirection has a number before it that no file descriptor has: `brush-parser` panics where it does not fit 32 bits.
fn has_no_descriptor(text: &str) -> bool {
    let is_long = |before: &str| before.bytes().rev().take_while(u8::is_ascii_digit).count() > 9;
    // Hardly a text has such a number at all, and between quotes it is none.
    text.match_indices(['<', '>']).any(|(at, _)| is_long(&text[..at]))
        && lex(Shell::Bash, text).lexemes.iter().any(|lexeme| {
            let sign = text[lexeme.span.clone()].find(['<', '>']).unwrap_or_default() + lexeme.span.start;
            matches!(lexeme.kind, LexemeKind::Redirect | LexemeKind::Duplicate) && is_long(&text[..sign])
        })
}

/// Whether every `<<` that may open a here-document is followed by a name. Elsewhere than in quotes that costs nothing to ask.
fn here_documents_are_named(text: &str) -> bool {
    if !text.contains("<<") {
        return true;
    }
    let lexed = lex(Shell::Bash, text);
    lexed.lexemes.iter().all(|lexeme| {
        let source = &text[lexeme.span.clone()];
        let unquoted = without_single_quotes(source);
        let source = if lexeme.kind == LexemeKind::Word { unquoted.as_str() } else { source };
        let nested = || ["$(", "`", "<(", ">("].iter().any(|opening| source.contains(opening));
        match lexeme.kind {
            LexemeKind::Redirect => {
                !source.contains("<<") || source.contains("<<<") || is_name(&text[lexeme.span.end..])
            }
            // A substitution is tokenized along with the word that holds it.
            LexemeKind::Word | LexemeKind::Document if nested() => source.match_indices("<<").all(|(at, _)| {
                let after = &source[at + 2..];
                after.starts_with('<') || source[..at].ends_with('<') || is_name(after.trim_start_matches('-'))
            }),
            _ => true,
        }
    })
}

/// A word without what stands between single quotes, where nothing is tokenized.
fn without_single_quotes(word: &str) -> String {
    let mut rest = word.chars();
    let mut double = false;
    let mut kept = String::with_capacity(word.len());
    while let Some(c) = rest.next() {
        match c {
            '\\' => kept.extend([c].into_iter().chain(rest.next())),
            '\'' if !double => drop(rest.by_ref().find(|c| *c == '\'')),
            // Between double quotes this opens nothing.
            '(' if double && kept.ends_with(['<', '>']) => {}
            _ => {
                double ^= c == '"';
                kept.push(c);
            }
        }
    }
    kept
}

fn is_name(after: &str) -> bool {
    after.trim_start_matches([' ', '\t', '\'', '"', '\\']).starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && !after.trim_start_matches([' ', '\t']).starts_with("''")
        && !after.trim_start_matches([' ', '\t']).starts_with("\"\"")
}
