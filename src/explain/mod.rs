//! Says what each part of a command line does: [`explain`]. The words come from the tables in `explain/*.toml`.
//!
//! Invariant: every part is a stretch of the line, in order, and a part no table knows is said to be unknown. Nothing here
//! judges: what could go wrong is `safety`'s business.

use crate::context::Context;
use crate::shell::{Shell, Token, TokenKind, highlight};

mod table;

use table::{Flag, Tool, tool};

/// One part of a command and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The part as it stands in the command.
    pub text: String,
    /// What it does; lower case, no final stop.
    pub meaning: String,
    /// How deep it belongs: a program is above its arguments, a nested command below the argument that holds it.
    pub depth: u8,
}

/// Nested commands explained at most; deeper ones are one part each.
const DEEPEST: u8 = 6;

/// Explains `command`, part by part.
pub fn explain(command: &str, context: &Context) -> Vec<Part> {
    let mut parts = Vec::new();
    line(command, context.shell, 0, &mut parts);
    parts
}

fn line(command: &str, shell: Shell, depth: u8, parts: &mut Vec<Part>) {
    let tokens = highlight(shell, command);
    let mut speaker = Speaker { command, shell, depth, tool: None, operands: 0, dashed: false, parts };
    let mut rest = tokens.as_slice();
    while let [token, tail @ ..] = rest {
        let used = speaker.token(token, tail);
        rest = tail.get(used..).unwrap_or_default();
    }
}

/// Whether flags that are run together begin with a dash; `tar xzf` leaves it out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dash {
    Given,
    Left,
}

struct Speaker<'a, 'p> {
    command: &'a str,
    shell: Shell,
    depth: u8,
    tool: Option<(String, &'static Tool)>,
    /// Operands of the command at hand so far.
    operands: usize,
    /// An option with a dash was there: what follows is no bundle of letters.
    dashed: bool,
    parts: &'p mut Vec<Part>,
}

impl Speaker<'_, '_> {
    fn say(&mut self, text: &str, meaning: impl Into<String>, below: u8) {
        self.parts.push(Part { text: text.to_owned(), meaning: meaning.into(), depth: self.depth + below });
    }

    /// Explains one token; returns how many of those after it went into the same part.
    fn token(&mut self, token: &Token, tail: &[Token]) -> usize {
        let command = self.command;
        let text = &command[token.span.clone()];
        match token.kind {
            TokenKind::Program => self.program(text),
            TokenKind::Flag => return self.flag(token, tail),
            TokenKind::Argument | TokenKind::Quoted | TokenKind::Variable | TokenKind::Placeholder => {
                return self.operand(text, token.kind, tail);
            }
            TokenKind::Operator => {
                self.tool = None;
                self.say(text, operator(text), 0);
            }
            TokenKind::Redirection => {
                let target = tail.first().filter(|_| !text.contains("&1") && !text.contains("&2"));
                let whole = target.map_or(text, |target| &command[token.span.start..target.span.end]);
                let name = target.map_or("", |target| &command[target.span.clone()]);
                self.say(whole, redirection(text, name), 1);
                return usize::from(target.is_some());
            }
            TokenKind::Comment => self.say(text, "a comment, which does nothing", 0),
        }
        0
    }

    fn program(&mut self, text: &str) {
        let name = text.rsplit(['/', '\\']).next().unwrap_or(text).trim_matches(['\'', '"']);
        self.operands = 0;
        self.dashed = false;
        self.tool = tool(name).map(|known| (name.to_owned(), known));
        let meaning = self
            .tool
            .as_ref()
            .map_or_else(|| "a program that is not known here".to_owned(), |(_, known)| known.does.clone());
        self.say(text, meaning, 0);
    }

    fn flag(&mut self, token: &Token, tail: &[Token]) -> usize {
        let text = &self.command[token.span.clone()];
        self.dashed = true;
        let Some((_, known)) = self.tool.clone() else {
            self.say(text, "an option that is not known here", 1);
            return 0;
        };
        let (name, glued) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        if let Some(flag) = known.flag(name) {
            return self.known_flag(token, flag, glued, tail);
        }
        if text.starts_with("--") || matches!(self.shell, Shell::PowerShell | Shell::Cmd) {
            self.say(text, "an option that is not known here", 1);
            return 0;
        }
        self.bundle(&text[1..], Dash::Given, known, tail)
    }

    fn known_flag(&mut self, token: &Token, flag: &Flag, glued: Option<&str>, tail: &[Token]) -> usize {
        let text = &self.command[token.span.clone()];
        if !flag.takes_value {
            self.say(text, flag.does.clone(), 1);
            return 0;
        }
        if let Some(value) = glued {
            self.say(text, flag.meaning(value), 1);
            return 0;
        }
        let Some(value) =
            tail.first().filter(|next| !matches!(next.kind, TokenKind::Operator | TokenKind::Redirection))
        else {
            self.say(text, flag.does.clone(), 1);
            return 0;
        };
        let whole = &self.command[token.span.start..value.span.end];
        self.say(whole, flag.meaning(&self.command[value.span.clone()]), 1);
        1
    }

    /// Flags run together (`-xzf`), explained one by one; the last one may take the next word.
    fn bundle(&mut self, letters: &str, dash: Dash, known: &'static Tool, tail: &[Token]) -> usize {
        for (at, letter) in letters.char_indices() {
            let shown = if dash == Dash::Given { format!("-{letter}") } else { letter.to_string() };
            let Some(flag) = known.flag(&format!("-{letter}")) else {
                let number = letters[at..].chars().all(|c| c.is_ascii_digit());
                let meaning =
                    if number { "a number the program takes as an option" } else { "an option that is not known here" };
                let text = if number { format!("-{}", &letters[at..]) } else { shown };
                self.say(&text, meaning, 1);
                if number {
                    return 0;
                }
                continue;
            };
            if !flag.takes_value {
                self.say(&shown, flag.does.clone(), 1);
                continue;
            }
            let glued = &letters[at + letter.len_utf8()..];
            if dash == Dash::Given && !glued.is_empty() {
                self.say(&format!("{shown}{glued}"), flag.meaning(glued), 1);
                return 0;
            }
            // `tar xzf a.tgz`: the value is the next word, whatever letters still follow.
            let value = tail.first().map(|next| &self.command[next.span.clone()]);
            match value {
                Some(value) => {
                    self.say(&format!("{shown} {value}"), flag.meaning(value), 1);
                    for rest in glued.chars() {
                        let meaning = known
                            .flag(&format!("-{rest}"))
                            .map_or("an option that is not known here", |flag| &flag.does);
                        self.say(&rest.to_string(), meaning, 1);
                    }
                    return 1;
                }
                None => self.say(&shown, flag.does.clone(), 1),
            }
        }
        0
    }

    fn operand(&mut self, text: &str, kind: TokenKind, tail: &[Token]) -> usize {
        let Some((name, known)) = self.tool.clone() else {
            self.say(text, if kind == TokenKind::Variable { "a variable" } else { "an argument" }, 1);
            return 0;
        };
        self.operands += 1;
        if self.operands == 1 {
            // `git commit`: the word chooses what the program does and which options it knows.
            let both = format!("{name} {text}");
            if let Some(sub) = tool(&both) {
                self.say(text, sub.does.clone(), 1);
                self.tool = Some((both, sub));
                self.operands = 0;
                return 0;
            }
            let letters =
                known.bundled && !self.dashed && text.len() <= 8 && text.chars().all(|c| c.is_ascii_alphabetic());
            if letters {
                return self.bundle(text, Dash::Left, known, tail);
            }
        }
        let meaning = if kind == TokenKind::Placeholder {
            "to be filled in".to_owned()
        } else if self.operands == 1 && !known.first.is_empty() {
            known.first.clone()
        } else if !known.rest.is_empty() {
            known.rest.clone()
        } else {
            "an argument".to_owned()
        };
        let meaning = if let Some(word) = known.word(text) { word.to_owned() } else { meaning };
        self.say(text, meaning, 1);
        self.nested(text, &known.rest);
        0
    }

    /// A command inside an argument: `$(…)`, `sh -c '…'`.
    fn nested(&mut self, text: &str, role: &str) {
        let inside = text.trim_matches('"');
        let script = inside.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')')).or_else(|| {
            let quoted = text.len() > 2 && text.starts_with(['\'', '"']) && text.ends_with(['\'', '"']);
            (quoted && role == "a script").then(|| &text[1..text.len() - 1])
        });
        if let Some(script) = script.filter(|_| self.depth < DEEPEST) {
            line(script, self.shell, self.depth + 2, self.parts);
        }
    }
}

fn operator(text: &str) -> &'static str {
    match text {
        "|" => "hands what it prints to the next command",
        "|&" => "hands what it prints, errors too, to the next command",
        "&&" => "and if that worked",
        "||" => "and if that failed",
        ";" | "\n" => "and then",
        "&" => "in the background, without waiting for it",
        "(" => "begins commands that run in a shell of their own",
        ")" => "ends them",
        "{" => "begins a group of commands",
        "}" => "ends the group",
        "!" => "turns success into failure and the other way round",
        "for" => "once for each of the words",
        "in" => "the words are",
        "while" => "as long as this works",
        "until" => "until this works",
        "do" => "do this",
        "done" => "end of the loop",
        "if" => "if this works",
        "then" => "then",
        "else" => "otherwise",
        "elif" => "otherwise, if this works",
        "fi" => "end of the condition",
        _ => "part of the shell's grammar",
    }
}

fn redirection(sign: &str, target: &str) -> String {
    let errors = sign.starts_with('2');
    let what = if sign.starts_with('&') {
        "what it prints, errors too,"
    } else if errors {
        "error messages"
    } else {
        "what it prints"
    };
    if target == "/dev/null" && sign.contains('>') {
        return format!("throws {what} away");
    }
    match sign.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&') {
        ">" | ">|" => format!("writes {what} into {target}, over what is there"),
        ">>" => format!("adds {what} at the end of {target}"),
        "<" => format!("reads its input from {target}"),
        "<<" | "<<-" => format!("reads its input from the lines up to {target}"),
        "<<<" => "reads its input from this text".to_owned(),
        ">&1" => "sends error messages where the output goes".to_owned(),
        ">&2" => "sends the output where error messages go".to_owned(),
        _ => "joins or closes streams".to_owned(),
    }
}
