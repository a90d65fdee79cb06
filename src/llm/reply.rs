//! From what a model wrote to a command that can be one here: [`draft`].
//!
//! Strict on purpose. What has to be guessed out of a reply may be half of a command, and a wrong command is worse than none.

use serde::Deserialize;

use super::{Draft, dialect};
use crate::context::Context;
use crate::shell::syntax::Script;
use crate::shell::{Shell, TokenKind, highlight, is_blank, parse, quote};

/// Why a reply is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not one JSON object with one text called `command`.
    #[error("the reply is not in the agreed form")]
    Form,
    /// There is no command in it: the model does not know.
    #[error("the reply holds no command")]
    Empty,
    /// More than one line, or characters that are none.
    #[error("the command is not one line of text")]
    Lines,
    /// The shell could not read it.
    #[error("the command is not complete")]
    Syntax,
    /// It is for another system or shell.
    #[error("the command is for another system")]
    Dialect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    command: String,
}

// The longest command Caro itself writes is a third of it.
const LONGEST_COMMAND: usize = 1_000;

/// The command in a reply, with the confidence it comes with.
///
/// # Errors
/// When there is none, or none that can be one in this context.
pub fn draft(reply: &str, confidence: f32, context: &Context) -> Result<Draft, Refusal> {
    let (command, blanks) = blanks(&command(reply)?, context.shell);
    usable(&command, context)?;
    Ok(Draft { command, confidence, blanks })
}

/// The command in a reply, which is one JSON object with one text called `command`, in a fence of its own at most.
pub(super) fn command(reply: &str) -> Result<String, Refusal> {
    let object = unfenced(reply.trim());
    // A derived reader would take a list of one text as well.
    if !object.starts_with('{') {
        return Err(Refusal::Form);
    }
    let Reply { command } = serde_json::from_str(object).map_err(|_| Refusal::Form)?;
    let command = command.trim().to_owned();
    if command.is_empty() { Err(Refusal::Empty) } else { Ok(command) }
}

/// Models on servers put code into a fence, whatever they are told.
fn unfenced(reply: &str) -> &str {
    let inside = |open: &str| reply.strip_prefix(open)?.strip_suffix("```").map(str::trim);
    inside("```json").or_else(|| inside("```")).unwrap_or(reply)
}

/// Models write `<host>` for what they do not know; as it stands a shell would read a file and write another. Quoted it is a
/// blank like any other.
fn blanks(command: &str, shell: Shell) -> (String, Vec<String>) {
    let mut quoted = String::with_capacity(command.len() + 4);
    let mut names: Vec<String> = Vec::new();
    let mut end = 0;
    for token in highlight(shell, command).into_iter().filter(|token| token.kind == TokenKind::Placeholder) {
        let text = &command[token.span.clone()];
        quoted.push_str(&command[end..token.span.start]);
        if is_blank(text) {
            quoted.push_str(text);
        } else {
            quoted.push_str(&quote(shell, text));
        }
        let name = text.trim_matches(['\'', '"', '<', '>']);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
        end = token.span.end;
    }
    quoted.push_str(&command[end..]);
    (quoted, names)
}

/// Whether a command can be one where it is meant to run.
pub(super) fn usable(command: &str, context: &Context) -> Result<(), Refusal> {
    if command.len() > LONGEST_COMMAND || command.chars().any(is_no_text) {
        return Err(Refusal::Lines);
    }
    let parsed = parse(context.shell, command);
    if !parsed.complete || parsed.script == Script::default() {
        return Err(Refusal::Syntax);
    }
    if dialect::is_foreign(command, context) { Err(Refusal::Dialect) } else { Ok(()) }
}

/// Control characters end lines; those that turn the direction of writing, or are not seen, make a line look like another.
fn is_no_text(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Os;

    #[test]
    fn what_is_left_to_fill_in_is_a_blank() {
        let linux = Context::new(Shell::Bash, Os::Linux);
        let drafted = draft(r#"{"command": "scp <file> '<host>': && ping <host>"}"#, 0.5, &linux).expect("a command");
        assert_eq!(drafted.command, "scp '<file>' '<host>': && ping '<host>'");
        assert_eq!(drafted.blanks, ["file", "host"]);
        let whole = draft(r#"{"command": "sort < in > out"}"#, 0.5, &linux).expect("a command");
        assert_eq!((whole.command.as_str(), whole.blanks.len()), ("sort < in > out", 0));
    }

    #[test]
    fn one_object_with_one_command_is_read() {
        for (reply, expected) in [
            (r#"{"command": "ls -la"}"#, "ls -la"),
            ("\n {\"command\":\" df -h \"}\n", "df -h"),
            ("```json\n{\"command\": \"echo \\\"a\\\"\"}\n```", "echo \"a\""),
        ] {
            assert_eq!(command(reply).as_deref(), Ok(expected), "{reply}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (reply, refusal) in [
            ("ls", Refusal::Form),
            ("", Refusal::Form),
            ("Sure! {\"command\": \"ls\"}", Refusal::Form),
            ("{\"command\": \"ls\"} {\"command\": \"rm x\"}", Refusal::Form),
            ("{\"command\": \"ls\", \"command\": \"rm x\"}", Refusal::Form),
            ("{\"command\": \"ls\", \"explanation\": \"x\"}", Refusal::Form),
            ("{\"command\": [\"ls\"]}", Refusal::Form),
            ("[\"ls\"]", Refusal::Form),
            ("{\"command\": \"ls", Refusal::Form),
            ("{\"command\": null}", Refusal::Form),
            ("{\"command\": \"  \"}", Refusal::Empty),
        ] {
            assert_eq!(command(reply), Err(refusal), "{reply}");
        }
    }

    #[test]
    fn a_command_is_one_whole_line_for_its_place() {
        let (linux, macos) = (Context::new(Shell::Bash, Os::Linux), Context::new(Shell::Zsh, Os::MacOs));
        let windows = Context::new(Shell::PowerShell, Os::Windows);
        for (text, context, expected) in [
            ("find . -name '*.rs'", &linux, Ok(())),
            ("sed -i '' 's/a/b/' f", &macos, Ok(())),
            ("Get-ChildItem -Recurse", &windows, Ok(())),
            ("ls\nrm x", &linux, Err(Refusal::Lines)),
            ("echo \u{202e}txt", &linux, Err(Refusal::Lines)),
            ("echo 'a", &linux, Err(Refusal::Syntax)),
            ("ls | ", &linux, Err(Refusal::Syntax)),
            ("# nothing", &linux, Err(Refusal::Syntax)),
            ("Get-ChildItem", &linux, Err(Refusal::Dialect)),
            ("ls | grep x", &windows, Err(Refusal::Dialect)),
            ("date -d yesterday", &macos, Err(Refusal::Dialect)),
        ] {
            assert_eq!(usable(text, context), expected, "{text}");
        }
        assert_eq!(usable(&format!("echo {}", "x".repeat(LONGEST_COMMAND)), &linux), Err(Refusal::Lines));
    }
}
