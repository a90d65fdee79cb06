//! What a model is told: a system message, examples, the question.
//!
//! The order is the one that lets most of it be read ahead: what is the same for every question comes first, the examples that
//! go with the question after it, the question last.

use caro_inference::template::Role;

use super::{Ask, Shot};
use crate::context::{Context, Os};
use crate::shell::Shell;

/// One turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: String,
}

// Longer questions are answered by nobody's small model, and reading them takes as long as an answer.
const LONGEST_QUESTION: usize = 600;

/// The turns for a question; `examples` is how many of the fixed ones the model needs.
pub fn messages(ask: &Ask<'_>, examples: usize) -> Vec<Message> {
    let mut turns = vec![Message { role: Role::System, text: system(ask.context) }];
    let fixed = fixed(ask.context.shell).iter().take(examples);
    for (question, command) in fixed.copied().chain(ask.shots.iter().map(Shot::as_pair)) {
        turns.push(Message { role: Role::User, text: question.to_owned() });
        turns.push(Message { role: Role::Assistant, text: json(command) });
    }
    turns.push(Message { role: Role::User, text: question(ask.question) });
    turns
}

impl Shot {
    fn as_pair(&self) -> (&str, &str) {
        (&self.question, &self.command)
    }
}

fn system(context: &Context) -> String {
    let shell = match context.shell {
        Shell::PowerShell => "PowerShell",
        shell => shell.name(),
    };
    // A shell that is at home on one system needs no word about it, and a shorter prompt is read sooner.
    let place = match (context.os, context.shell) {
        (Os::Linux, Shell::Bash | Shell::Zsh | Shell::Fish) | (Os::Windows, Shell::PowerShell | Shell::Cmd) => "",
        (Os::Linux, _) => " on Linux",
        (Os::MacOs, _) => " on macOS",
        (Os::Windows, _) => " on Windows",
    };
    format!("Answer with one {shell} command{place} as JSON.")
}

/// An answer as a model is to write it; also what `generate` holds it to.
pub(super) fn json(command: &str) -> String {
    format!("{BEFORE}{}\"}}", escaped(command))
}

/// What every answer begins with.
pub(super) const BEFORE: &str = "{\"command\": \"";

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// One line, no control characters, not too long: that is all a question can be.
fn question(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let mut line = words.join(" ");
    if line.len() > LONGEST_QUESTION {
        let end = line.floor_char_boundary(LONGEST_QUESTION);
        line.truncate(end);
    }
    line
}

/// Examples that show the form and its corners: quotes, a pipe, a name out of the question.
const fn fixed(shell: Shell) -> &'static [(&'static str, &'static str)] {
    match shell {
        Shell::Bash | Shell::Zsh | Shell::Fish => &[
            ("how much space is left on the disks", "df -h"),
            ("which lines of app.log say timeout", "grep timeout app.log"),
            ("the 5 largest files here", "du -ah . | sort -rh | head -n 5"),
            ("print the second column of data.csv", "awk -F, '{print $2}' data.csv"),
        ],
        Shell::PowerShell => &[
            ("how much space is left on the disks", "Get-Volume"),
            ("which lines of app.log say timeout", "Select-String -Path app.log -Pattern timeout"),
            (
                "the 5 largest files here",
                "Get-ChildItem -File -Recurse | Sort-Object Length -Descending | Select-Object -First 5",
            ),
            ("print the second column of data.csv", "Get-Content data.csv | ForEach-Object { $_.Split(',')[1] }"),
        ],
        Shell::Cmd => &[
            ("the files here, newest first", "dir /o-d"),
            ("which lines of app.log say timeout", "findstr timeout app.log"),
            ("end the program notepad", "taskkill /im notepad.exe"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use crate::llm::reply;

    fn turns(question: &str, shell: Shell, os: Os, examples: usize) -> Vec<Message> {
        messages(&Ask { question, context: &Context::new(shell, os), shots: &[] }, examples)
    }

    #[test]
    fn what_is_the_same_for_every_question_comes_first() {
        let (one, other) = (turns("a", Shell::Bash, Os::Linux, 9), turns("b", Shell::Bash, Os::Linux, 9));
        assert_eq!(one.split_last().expect("there are turns").1, other.split_last().expect("there are turns").1);
        assert_eq!(one[0].text, "Answer with one bash command as JSON.");
        assert_eq!(turns("a", Shell::Zsh, Os::MacOs, 0)[0].text, "Answer with one zsh command on macOS as JSON.");
    }

    #[test]
    fn every_fixed_example_would_be_taken_as_an_answer() {
        for (shell, os) in [
            (Shell::Bash, Os::Linux),
            (Shell::Bash, Os::MacOs),
            (Shell::Fish, Os::Linux),
            (Shell::PowerShell, Os::Windows),
            (Shell::Cmd, Os::Windows),
        ] {
            for (_, command) in fixed(shell) {
                let context = Context::new(shell, os);
                let read = reply::command(&json(command)).unwrap_or_else(|refusal| panic!("{command}: {refusal}"));
                assert_eq!(reply::usable(&read, &context), Ok(()), "{command}");
                assert_eq!(read, *command);
            }
        }
    }

    #[test]
    fn a_question_is_one_line_however_it_was_typed() {
        let asked = |text: &str| turns(text, Shell::Bash, Os::Linux, 0)[1].text.clone();
        assert_eq!(asked("  list\n\nfiles\u{7}\there \u{1b}[2J"), "list files here [2J");
        assert_eq!(asked(&"ä".repeat(1_000)).len(), LONGEST_QUESTION);
    }
}
