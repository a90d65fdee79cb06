//! Assignments: `NAME=value`, `NAME=(…)`, PowerShell's `$name = …`.

use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::Risk;
use crate::shell::syntax::{Assignment, Simple};

impl Evaluator<'_> {
    /// Evaluates assignments; `lasting` ones are seen by the commands that follow.
    pub(super) fn assignments(&mut self, assignments: &[Assignment], lasting: bool, frame: &Frame, scope: &mut Scope) {
        for assignment in assignments {
            let values: Vec<Arg> =
                assignment.value.iter().flat_map(|word| self.expand_assigned(word, frame, scope)).collect();
            for value in &values {
                self.hook(&assignment.name, value, scope);
            }
            if !lasting {
                continue;
            }
            let from = values.iter().map(|value| value.feed.clone()).fold(Feed::Nothing, Feed::then);
            if matches!(from, Feed::Network | Feed::Secret) {
                scope.write_file(&format!("${}", assignment.name.to_ascii_lowercase()), from);
            }
            let mut texts: Vec<String> = values.into_iter().map(|value| value.text).collect();
            if assignment.append {
                let before = scope.get(&assignment.name).unwrap_or_default().to_vec();
                texts =
                    if assignment.array { [before, texts].concat() } else { vec![before.concat() + &texts.concat()] };
            }
            if assignment.array {
                scope.set_list(&assignment.name, texts);
            } else {
                scope.set(&assignment.name, texts.into_iter().next().unwrap_or_default());
            }
        }
    }

    /// Variables whose value is run or loaded by itself.
    pub(super) fn hook(&mut self, name: &str, value: &Arg, scope: &mut Scope) {
        if self.hooked(name, value, scope) {
            return;
        }
        match name {
            "PROMPT_COMMAND" | "PS4" | "PS1" | "PS0" if !value.text.is_empty() => {
                let runs = name == "PROMPT_COMMAND" || value.text.contains("$(");
                if runs {
                    let frame = Frame { shell: self.context.shell, origin: value.origin.clone() };
                    self.text(&value.text, &frame, &mut scope.clone(), &Feed::Nothing);
                }
            }
            "HISTFILE" | "HISTSIZE" | "HISTFILESIZE" | "SAVEHIST"
                if matches!(value.text.as_str(), "" | "0" | "/dev/null") =>
            {
                self.verdict.report(
                    "machine.log",
                    Risk::Dangerous,
                    value.span.clone(),
                    "keeps no record of what is typed",
                );
            }
            "HISTIGNORE" if value.text == "*" => {
                self.verdict.report(
                    "machine.log",
                    Risk::Dangerous,
                    value.span.clone(),
                    "keeps no record of what is typed",
                );
            }
            "LD_PRELOAD"
            | "LD_LIBRARY_PATH"
            | "LD_AUDIT"
            | "DYLD_INSERT_LIBRARIES"
            | "BASH_ENV"
            | "ENV"
            | "PYTHONSTARTUP"
            | "PERL5OPT"
            | "NODE_OPTIONS"
            | "RUBYOPT"
                if value.text.contains(['/', ' ', super::HOLE]) =>
            {
                self.verdict.report(
                    "privilege.code-injection",
                    Risk::Dangerous,
                    value.span.clone(),
                    format!("{name} makes other programs run {}", value.text),
                );
            }
            _ => {}
        }
    }

    /// `$name = value` of PowerShell: the right side is a script whose output is the value.
    pub(super) fn powershell_assignment(&mut self, simple: &Simple, frame: &Frame, scope: &mut Scope) -> Option<Feed> {
        let first = simple.words.first()?;
        let target = first.source.strip_prefix('$')?;
        let name_end = target.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':'))).unwrap_or(target.len());
        let (name, rest) = target.split_at(name_end);
        let (from, rest) = match (rest, simple.words.get(1).map(|word| word.source.as_str())) {
            ("", Some("=")) => (2, ""),
            ("", Some(second)) if second.starts_with('=') => return None,
            (rest, _) if rest.starts_with('=') && !rest.starts_with("==") => (1, &rest[1..]),
            _ => return None,
        };
        let name = name.to_ascii_lowercase();
        let mut source = rest.to_owned();
        for word in &simple.words[from..] {
            source.push(' ');
            source.push_str(&word.source);
        }
        let start = first.span.end - rest.len();
        let local =
            if from == 2 { simple.words.get(2).map_or(start, |word| word.span.start) } else { start }..simple.span.end;
        let whole = Frame { shell: frame.shell, origin: super::Origin::Fixed(frame.origin.span(&local)) };
        let out = self.text(source.trim(), &whole, scope, &Feed::Nothing);
        match &out {
            Feed::Text(text, _) => scope.set(&name, text.trim_end_matches('\n').to_owned()),
            _ => scope.set(&name, super::HOLE.to_string()),
        }
        scope.write_file(&format!("${name}"), out);
        Some(Feed::Nothing)
    }
}
