//! Finds where a quoted or bracketed piece of a POSIX-like word ends, in linear time and constant stack.

/// What a scan is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    Paren,
    Brace,
    Double,
    Backtick,
}

/// Where a piece ends, and whether it was closed at all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: usize,
    pub(super) closed: bool,
}

/// Whether `fish`'s rules hold (escapes in single quotes, `(…)` as substitution).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    Posix,
    Fish,
}

const fn ends_word(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')')
}

/// The end of the word that starts at `start`.
pub(super) fn word(text: &[u8], start: usize, rules: Rules) -> End {
    scan(text, start, Vec::new(), rules)
}

/// The end of what was opened just before `start`, its closing character included.
pub(super) fn closing(text: &[u8], start: usize, inside: Inside, rules: Rules) -> End {
    scan(text, start, vec![inside], rules)
}

fn scan(text: &[u8], start: usize, mut stack: Vec<Inside>, rules: Rules) -> End {
    let whole_word = stack.is_empty();
    let mut at = start;
    while let Some(&c) = text.get(at) {
        let top = stack.last().copied();
        let next = text.get(at + 1).copied();
        let in_double = top == Some(Inside::Double);
        at += 1;
        match c {
            b'\\' => at += 1,
            b'"' if in_double => drop(stack.pop()),
            b'`' if top == Some(Inside::Backtick) => drop(stack.pop()),
            b')' if top == Some(Inside::Paren) => drop(stack.pop()),
            b'}' if top == Some(Inside::Brace) => drop(stack.pop()),
            b'$' if next == Some(b'(') => {
                stack.push(Inside::Paren);
                at += 1;
            }
            b'$' if next == Some(b'{') => {
                stack.push(Inside::Brace);
                at += 1;
            }
            b'$' if next == Some(b'\'') && !in_double && rules == Rules::Posix => {
                let end = single(text, at + 1, Escapes::Backslash);
                at = end.at;
                if !end.closed {
                    return end;
                }
            }
            b'`' if rules == Rules::Posix => stack.push(Inside::Backtick),
            b'\'' if !in_double => {
                let escapes = if rules == Rules::Fish { Escapes::Backslash } else { Escapes::None };
                let end = single(text, at, escapes);
                at = end.at;
                if !end.closed {
                    return end;
                }
            }
            b'"' => stack.push(Inside::Double),
            b'(' if top == Some(Inside::Paren) => stack.push(Inside::Paren),
            b'(' if top.is_none() && opens_within_word(text, start, at - 1, rules) => stack.push(Inside::Paren),
            b'<' | b'>' if top.is_none() && at - 1 == start && next == Some(b'(') => {
                stack.push(Inside::Paren);
                at += 1;
            }
            _ if top.is_none() && ends_word(c) => return End { at: at - 1, closed: true },
            _ => {}
        }
        if !whole_word && stack.is_empty() {
            return End { at, closed: true };
        }
    }
    End { at: at.min(text.len()), closed: whole_word && stack.is_empty() && at <= text.len() }
}

/// `a=(…)`, the extended globs `!(…)` and the glob qualifiers of zsh keep their brackets in the word.
fn opens_within_word(text: &[u8], start: usize, at: usize, rules: Rules) -> bool {
    if rules == Rules::Fish {
        return true;
    }
    at > start && matches!(text[at - 1], b'=' | b'*' | b'?' | b'@' | b'!' | b'+' | b']')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    None,
    Backslash,
}

fn single(text: &[u8], mut at: usize, escapes: Escapes) -> End {
    while let Some(&c) = text.get(at) {
        at += 1;
        match c {
            b'\'' => return End { at, closed: true },
            b'\\' if escapes == Escapes::Backslash => at += 1,
            _ => {}
        }
    }
    End { at: text.len(), closed: false }
}
