//! Fills a template. The only place where a value becomes part of a command, always through [`quote`].

use std::borrow::Cow;

use super::template::{Part, Parts, Segment, Template};
use super::value::{Form, Value};
use crate::shell::{Shell, quote, quote_path};

/// Values by slot; what the question gave, then the defaults.
pub(super) struct Values<'v> {
    pub(super) given: &'v [Option<Value>],
    pub(super) defaults: &'v [Option<Value>],
}

impl Values<'_> {
    fn get(&self, slot: u8) -> Option<&Value> {
        let slot = usize::from(slot);
        self.given.get(slot).and_then(Option::as_ref).or_else(|| self.defaults.get(slot).and_then(Option::as_ref))
    }

    fn is_given(&self, slot: u8) -> bool {
        self.given.get(usize::from(slot)).is_some_and(Option::is_some)
    }
}

/// The command line; `None` when a value it needs is missing.
pub(super) fn command(template: Template, values: &Values<'_>, shell: Shell) -> Option<String> {
    let mut line = String::new();
    fill(template, values, &mut |parts, quoted, line| word(parts, quoted, values, shell, line), &mut line)?;
    Some(line)
}

/// A sentence for a person: values as they were typed.
pub(super) fn sentence(template: Template, values: &Values<'_>) -> Option<String> {
    let mut line = String::new();
    let plain = &mut |parts: Parts, quoted: bool, line: &mut String| {
        let text = text(parts, values)?;
        let mark = if quoted { "'" } else { "" };
        line.push_str(mark);
        line.push_str(&text);
        line.push_str(mark);
        Some(())
    };
    fill(template, values, plain, &mut line)?;
    Some(line)
}

type Writer<'w> = dyn FnMut(Parts, bool, &mut String) -> Option<()> + 'w;

fn fill(template: Template, values: &Values<'_>, writer: &mut Writer<'_>, line: &mut String) -> Option<()> {
    for segment in template.segments() {
        match segment {
            Segment::Literal(text) => line.push_str(text),
            Segment::Word { parts, quoted } => writer(parts, quoted, line)?,
            Segment::When { slot, present, body } => {
                if values.is_given(slot) == present {
                    fill(body, values, writer, line)?;
                }
            }
        }
    }
    Some(())
}

fn text(parts: Parts, values: &Values<'_>) -> Option<String> {
    let mut text = String::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Slot { slot, form } => {
                let value = values.get(slot)?.form(form);
                // `src/` becomes `src.zip`.
                let gets_ending = matches!(parts.get(at + 1), Some(Part::Literal(ending)) if ending.starts_with('.'));
                text.push_str(if gets_ending { value.trim_end_matches('/') } else { &value });
            }
        }
    }
    Some(text)
}

fn word(parts: Parts, quoted: bool, values: &Values<'_>, shell: Shell, line: &mut String) -> Option<()> {
    // `{packages}@latest` is a word for each package.
    if parts.len() > 1
        && let Some((slot, several)) = parts.iter().find_map(|part| match part {
            Part::Slot { slot, .. } => match values.get(slot)? {
                Value::Texts(several) => Some((slot, several)),
                _ => None,
            },
            Part::Literal(_) => None,
        })
    {
        let mut given = values.given.to_vec();
        for (at, text) in several.iter().enumerate() {
            given[usize::from(slot)] = Some(Value::Text(text.clone()));
            line.push_str(if at > 0 { " " } else { "" });
            word(parts, quoted, &Values { given: &given, defaults: values.defaults }, shell, line)?;
        }
        return Some(());
    }
    if parts.len() == 1
        && let Some(Part::Slot { slot, form: Form::Plain }) = parts.get(0)
        && !quoted
    {
        line.push_str(&argument(values.get(slot)?, shell));
        return Some(());
    }
    if quoted || matches!(shell, Shell::PowerShell | Shell::Cmd) {
        // PowerShell ends a word at a closing quote, so what belongs together is quoted together.
        let text = text(parts, values)?;
        // `~/notes.bak` made from a path still starts in the home folder.
        let word = if starts_with_path(parts, values) { quote_path(shell, &text) } else { quote(shell, &text) };
        // The template has quotes here, perhaps because PowerShell reads an expression, where a bare word is no text.
        if quoted && shell == Shell::PowerShell && word == text {
            line.push('\'');
            line.push_str(&word);
            line.push('\'');
        } else {
            line.push_str(&word);
        }
        return Some(());
    }
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Literal(literal) => line.push_str(literal),
            Part::Slot { slot, form } => {
                let value = values.get(slot)?;
                let text = value.form(form);
                // A shell expands a tilde at the start of a value, too: `PATH=~/bin:~/tools`.
                let opens = at == 0
                    || matches!(parts.get(at - 1), Some(Part::Literal(before)) if before.ends_with('=') || before == "PATH:");
                let is_path = opens && matches!(value, Value::Path(_));
                // A tilde inside a word (`-o~/docs`) is none to a shell.
                let at_home = matches!(value, Value::Path(_)).then(|| text.strip_prefix("~/")).flatten();
                let in_option = matches!(parts.get(0), Some(Part::Literal(option)) if option.starts_with('-'));
                if let Some(below) = at_home.filter(|_| in_option) {
                    line.push_str("\"$HOME\"/");
                    line.push_str(&quote(shell, below));
                    continue;
                }
                line.push_str(&if is_path { quote_path(shell, &text) } else { quote(shell, &text) });
            }
        }
    }
    Some(())
}

fn starts_with_path(parts: Parts, values: &Values<'_>) -> bool {
    matches!(parts.get(0), Some(Part::Slot { slot, .. }) if matches!(values.get(slot), Some(Value::Path(_))))
}

/// A value as arguments of a command: one word, or one for each path of a list.
pub(super) fn argument(value: &Value, shell: Shell) -> String {
    match value {
        Value::Path(path) => path_argument(path, shell),
        Value::Paths(paths) => {
            let separator = if shell == Shell::PowerShell { ", " } else { " " };
            paths.iter().map(|path| path_argument(path, shell)).collect::<Vec<_>>().join(separator)
        }
        Value::Texts(several) => several.iter().map(|text| quote(shell, text)).collect::<Vec<_>>().join(" "),
        Value::Words(words) => words.iter().map(|word| word_argument(word, shell)).collect::<Vec<_>>().join(" "),
        _ => quote(shell, &value.form(Form::Plain)).into_owned(),
    }
}

// `~/bin/tool` is a path, `--all` is no file.
fn word_argument(word: &str, shell: Shell) -> Cow<'_, str> {
    if word.starts_with('~') { quote_path(shell, word) } else { quote(shell, word) }
}

/// A path as one word. A pattern of plain characters is left for the shell to expand; cmdlets expand theirs in quotes too.
pub(super) fn path_argument(path: &str, shell: Shell) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./*?[]-".contains(c);
    let posix = matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish);
    if posix && path.contains(['*', '[']) && !path.starts_with('-') && path.trim_start_matches("~/").chars().all(plain)
    {
        return path.to_owned();
    }
    quote_path(shell, path).into_owned()
}
