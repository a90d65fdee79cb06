//! Built-in commands that change what the shell knows: `cd`, `set`, `export`, `alias`, `eval`, `source`, `trap`.

use std::ops::Range;

use super::{Arg, Evaluator, Feed, Frame, HOLE, Scope};
use crate::safety::Risk;
use crate::shell::Shell;

impl Evaluator<'_> {
    /// Evaluates a built-in; `None` when `name` is none of these.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        args: &[Arg],
        at: &Range<usize>,
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        match name {
            "cd" | "chdir" | "pushd" | "set-location" | "sl" | "push-location" => self.change_folder(args, scope),
            "popd" | "pop-location" => scope.enter(&HOLE.to_string(), self.context),
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(args, scope),
            "set" if frame.shell == Shell::Cmd => self.declare(args, scope),
            "set" if frame.shell == Shell::Fish => {
                let at = args.iter().position(|arg| !arg.is_option()).unwrap_or(args.len());
                if let Some((variable, values)) = args[at..].split_first() {
                    scope.set_list(&variable.text, values.iter().map(|value| value.text.clone()).collect());
                }
            }
            "set" if args.is_empty() => {
                self.verdict.harmless();
                return Some(Feed::Secret);
            }
            "set" => self.set(args, at, scope),
            "shift" => {
                if let Some(positional) = scope.positional.as_mut().filter(|known| !known.is_empty()) {
                    positional.remove(0);
                }
            }
            "exec" if matches!(feed, Feed::Network) && args.is_empty() => self.runs_unknown(feed, at),
            "unset" if args.iter().any(|arg| matches!(arg.text.as_str(), "HISTFILE" | "HISTSIZE")) => {
                self.verdict.report("machine.log", Risk::Dangerous, at.clone(), "keeps no record of what is typed");
                return Some(Feed::Nothing);
            }
            "enable" | "hash" if args.iter().any(|arg| matches!(arg.text.as_str(), "-f" | "-p")) => {
                self.verdict.report(
                    "privilege.code-injection",
                    Risk::Dangerous,
                    at.clone(),
                    "makes a name mean another program",
                );
                return Some(Feed::Nothing);
            }
            "alias" | "set-alias" | "new-alias" | "sal" => {
                alias(args, scope);
                for value in args.iter().filter_map(|arg| Some((arg, arg.text.split_once('=')?.1))) {
                    let script = Arg {
                        text: value.1.to_owned(),
                        origin: super::Origin::Fixed(value.0.span.clone()),
                        ..value.0.clone()
                    };
                    self.script_argument(frame.shell, &script, &mut scope.clone(), &Feed::Nothing);
                }
            }
            "eval" => return Some(self.eval(frame.shell, args, scope, feed)),
            "iex" | "invoke-expression" => {
                let args: Vec<Arg> =
                    args.iter().filter(|arg| !arg.text.eq_ignore_ascii_case("-command")).cloned().collect();
                if args.is_empty() {
                    let feed = if *feed == Feed::File { &Feed::Unknown } else { feed };
                    return Some(self.sink(frame.shell, feed, at, scope));
                }
                let lower = args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect::<Vec<_>>().concat();
                if lower.contains("download") || lower.contains("webclient") {
                    self.runs_unknown(&Feed::Network, at);
                }
                return Some(self.eval(frame.shell, &args, scope, feed));
            }
            "source" if args.is_empty() || args[0].text == "-" => return Some(self.sink(frame.shell, feed, at, scope)),
            "source" | "." => {
                let file = args.first()?;
                let from = if file.feed != Feed::Nothing {
                    file.feed.clone()
                } else if matches!(file.text.as_str(), "/dev/stdin" | "/dev/fd/0") {
                    feed.clone()
                } else {
                    scope.file(&file.text)
                };
                return Some(self.sink(frame.shell, &from, at, scope));
            }
            "trap" => {
                let script = args.first().filter(|script| args.len() > 1 && !script.is_option())?;
                self.script_argument(frame.shell, script, &mut scope.clone(), &Feed::Nothing);
            }
            "read" => Self::read(args, scope, feed),
            "mapfile" | "readarray" => {
                let lines = feed.known_text().filter(|text| !text.is_empty());
                let lines =
                    lines.map_or_else(|| vec![HOLE.to_string()], |text| text.lines().map(str::to_owned).collect());
                if let Some(script) = super::carrier::option_value(args, "C", "callback") {
                    self.script_argument(frame.shell, &script, &mut scope.clone(), &Feed::Nothing);
                }
                if let Some(name) = args.iter().rfind(|arg| !arg.is_option()) {
                    scope.set_list(&name.text, lines);
                }
            }
            "printf" if args.first().is_some_and(|arg| arg.text == "-v") => {
                let out = feed.through("printf", args.get(2..).unwrap_or_default(), None);
                let value = out.known_text().map_or_else(|| HOLE.to_string(), str::to_owned);
                if let Some(name) = args.get(1) {
                    scope.set(&name.text, value);
                }
            }
            _ => return None,
        }
        self.verdict.harmless();
        Some(Feed::Nothing)
    }

    /// `set -- a b`, `set a b`, `set +o history`.
    fn set(&mut self, args: &[Arg], at: &Range<usize>, scope: &mut Scope) {
        if args.windows(2).any(|two| two[0].text == "+o" && two[1].text == "history") {
            self.verdict.report("machine.log", Risk::Dangerous, at.clone(), "keeps no record of what is typed");
        }
        let values = match args.iter().position(|arg| arg.text == "--") {
            Some(dashes) => &args[dashes + 1..],
            None if args.first().is_some_and(|arg| !arg.text.starts_with(['-', '+'])) => args,
            None => return,
        };
        scope.positional = Some(values.iter().map(|arg| arg.text.clone()).collect());
    }

    /// `read a b <<< 'x y'`: the words that are known, and holes for the rest.
    fn read(args: &[Arg], scope: &mut Scope, feed: &Feed) {
        let line = feed.known_text().and_then(|text| text.lines().next()).filter(|line| !line.is_empty());
        let names: Vec<&Arg> = args.iter().filter(|arg| !arg.is_option()).collect();
        let mut words = line.map(|line| line.splitn(names.len().max(1), char::is_whitespace));
        for name in names {
            let value =
                words.as_mut().map_or_else(|| HOLE.to_string(), |words| words.next().unwrap_or_default().to_owned());
            scope.set(&name.text, value);
        }
    }

    fn change_folder(&self, args: &[Arg], scope: &mut Scope) {
        let target = args.iter().find(|arg| !arg.is_option() && !arg.text.eq_ignore_ascii_case("/d"));
        match target {
            Some(target) => scope.enter(&target.text, self.context),
            None if args.is_empty() => scope.enter("~", self.context),
            None => scope.enter(&HOLE.to_string(), self.context),
        }
    }

    fn declare(&mut self, args: &[Arg], scope: &mut Scope) {
        for arg in args {
            if let Some((name, value)) = arg.text.split_once('=') {
                self.hook(name, &Arg { text: value.to_owned(), ..arg.clone() }, scope);
                scope.set(name, value.to_owned());
            }
        }
    }

    /// A command whose name is only known when it runs.
    pub(super) fn unknown_program(&mut self, program: &Arg) {
        let feed = if program.feed == Feed::Nothing { Feed::Unknown } else { program.feed.clone() };
        if feed == Feed::Network {
            self.runs_unknown(&feed, &program.span);
            return;
        }
        self.verdict.report(
            "shell.unknown-command",
            Risk::Dangerous,
            program.span.clone(),
            "which program this runs is only known when it runs",
        );
    }
}

fn alias(args: &[Arg], scope: &mut Scope) {
    if let [name, target, ..] = args.iter().filter(|arg| !arg.is_option()).collect::<Vec<_>>().as_slice()
        && !name.text.contains('=')
    {
        scope.aliases.push((name.text.to_ascii_lowercase(), target.text.clone()));
    }
    for arg in args {
        if let Some((name, value)) = arg.text.split_once('=') {
            scope.aliases.push((name.to_owned(), value.to_owned()));
        }
    }
}
