//! Programs that run a command once for each thing they read or find: `xargs`, `parallel`, `find -exec`, `fd -x`.

use super::carrier::span_of;
use super::wrapper::after_operands;
use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::place::Place;
use crate::safety::rules;
use crate::safety::touch::Test;
use crate::shell::Shell;

impl Evaluator<'_> {
    /// Where the search before the pipe started, when it finds all of a place nobody can do without.
    fn found_everything(&self) -> Option<String> {
        let found = self.verdict.found.as_ref()?;
        let kinds = found.tests.iter().all(|(test, _)| matches!(test, Test::Type(_)));
        let start = found.starts.iter().find(|(_, path)| Place::of(path, None, self.context).is_catastrophic());
        start.filter(|_| kinds).map(|(_, path)| path.clone())
    }

    pub(super) fn xargs(&mut self, name: &str, args: &[Arg], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let command = after_operands(args, "aEeILlnPsdjS", 0);
        let end = command.iter().position(|arg| arg.text.starts_with(":::")).unwrap_or(command.len());
        let hole = |like: &Arg| Arg { text: super::HOLE.to_string(), feed: Feed::Nothing, ..like.clone() };
        let listed: Vec<Arg> = command.get(end + 1..).unwrap_or_default().to_vec();
        let Some((program, given)) = command[..end].split_first() else {
            for script in &listed {
                self.script_argument(Shell::Bash, script, &mut scope.clone(), &Feed::Nothing);
            }
            if name == "parallel" {
                return if listed.is_empty() {
                    self.sink(Shell::Bash, feed, &span_of(args), scope)
                } else {
                    Feed::Unknown
                };
            }
            self.verdict.harmless();
            return feed.clone();
        };
        let marker = marker(args).filter(|marker| command.iter().any(|arg| arg.text.contains(marker.as_str())));
        let input: Vec<Arg> = match feed {
            _ if !listed.is_empty() => listed,
            // With a marker a line is one argument, and a shell takes one as its script.
            Feed::Text(text, _) if marker.is_some() || args.iter().any(|arg| arg.text == "-0") => {
                let parts = text.split(['\n', '\0']).filter(|part| !part.is_empty()).take(16);
                parts.map(|text| Arg { text: text.to_owned(), ..hole(program) }).collect()
            }
            Feed::Text(text, _) => {
                text.split_whitespace().take(16).map(|text| Arg { text: text.to_owned(), ..hole(program) }).collect()
            }
            // A search without a condition from a place like `/` names all of it.
            _ if self.found_everything().is_some() => {
                let start = self.found_everything().unwrap_or_default();
                vec![Arg { text: format!("{}/*", start.trim_end_matches('/')), ..hole(program) }]
            }
            Feed::Secret => vec![Arg { feed: Feed::Secret, ..hole(program) }],
            _ => vec![hole(program)],
        };
        let span =
            program.span.start..given.last().map_or(program.span.end, |last| last.span.end.max(program.span.end));
        let stdin_taken = if super::nested::shell_named(&program.text).is_some() && given.is_empty() {
            feed.clone()
        } else {
            Feed::Nothing
        };
        if let Some(marker) = marker {
            // A script that is one word and holds blanks is a script.
            for value in input.iter().take(4) {
                let put = |arg: &Arg| Arg {
                    text: arg.text.replace(marker.as_str(), &value.text),
                    feed: if arg.text.contains(marker.as_str()) { value.feed.clone() } else { arg.feed.clone() },
                    origin: super::Origin::Fixed(arg.span.clone()),
                    ..arg.clone()
                };
                let line: Vec<Arg> = command[..end].iter().map(put).collect();
                if let [script] = line.as_slice()
                    && script.text.contains(' ')
                {
                    self.script_argument(Shell::Bash, script, &mut scope.clone(), &Feed::Nothing);
                } else {
                    self.invoke(line, span.clone(), frame, &mut scope.clone(), &stdin_taken);
                }
            }
            return Feed::Unknown;
        }
        let mut line = vec![program.clone()];
        line.extend(given.iter().cloned());
        // Each of the files is named, however deep it lies: that is what a recursive removal comes to.
        if matches!(program.text.as_str(), "rm" | "unlink") && self.found_everything().is_some() {
            line.push(Arg { text: "-r".to_owned(), ..hole(program) });
        }
        line.extend(input);
        let offered = self.verdict.replacement.take();
        let out = self.invoke(line, span, frame, &mut scope.clone(), &stdin_taken);
        self.verdict.replacement = offered;
        out
    }

    pub(super) fn find_actions(&mut self, name: &str, args: &[Arg], frame: &Frame, scope: &mut Scope) {
        // fd takes the pattern first, and names the hits by itself when the command does not.
        let fd = matches!(name, "fd" | "fdfind");
        let starts: Vec<&Arg> = if fd {
            args.iter()
                .take_while(|arg| !ACTIONS.contains(&arg.text.as_str()))
                .filter(|arg| !arg.is_option())
                .skip(1)
                .collect()
        } else {
            args.iter().take_while(|arg| !arg.text.starts_with(['-', '(', '!'])).collect()
        };
        let pattern = args.iter().find(|arg| !arg.is_option()).map_or("", |arg| arg.text.as_str());
        let narrowed = if fd {
            !matches!(pattern, "." | "" | ".*")
                || args.iter().any(|arg| matches!(arg.text.as_str(), "-e" | "--extension"))
        } else {
            rules::delete::narrowed(args)
        };
        let start = starts.first().map_or(".", |arg| arg.text.as_str());
        let hit = if narrowed { format!("{}/{}", start.trim_end_matches('/'), super::HOLE) } else { start.to_owned() };
        let private = args.windows(2).any(|pair| {
            matches!(pair[0].text.as_str(), "-name" | "-iname" | "-path")
                && super::invoke::is_private(&pair[1].text, None, self.context)
        });
        let feed = if private { Feed::Secret } else { Feed::Nothing };
        let mut at = 0;
        while at < args.len() {
            let action = args[at].text.as_str();
            at += 1;
            if !ACTIONS.contains(&action) {
                continue;
            }
            let end = args[at..]
                .iter()
                .position(|arg| matches!(arg.text.as_str(), ";" | "+"))
                .map_or(args.len(), |length| at + length);
            // `-exec rm {} +` on everything below a folder is as good as `rm -r` of it; a condition makes it some files in there.
            let mut line: Vec<Arg> =
                args[at..end].iter().map(|arg| Arg { text: arg.text.replace("{}", &hit), ..arg.clone() }).collect();
            for (arg, source) in line.iter_mut().zip(&args[at..end]).filter(|_| private) {
                if source.text.contains("{}") {
                    arg.feed = feed.clone();
                }
            }
            if fd
                && !args[at..end].iter().any(|arg| arg.text.contains('{'))
                && let Some(last) = line.last().cloned()
            {
                line.push(Arg { text: hit.clone(), ..last });
            }
            // Every file below a folder is as good as the folder.
            if !narrowed && let Some(program) = line.first().filter(|program| program.text.ends_with("rm")).cloned() {
                line.insert(1, Arg { text: "-r".to_owned(), ..program });
            }
            let offered = self.verdict.replacement.take();
            self.run_slice(&line, frame, &mut scope.elsewhere(), &Feed::Nothing);
            self.verdict.replacement = offered;
            at = end;
        }
    }
}

const ACTIONS: &[&str] = &["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch"];

/// What `xargs` replaces in its command: `{}` of `parallel`, `-i` and `-I{}`, or whatever else `-I` says.
fn marker(args: &[Arg]) -> Option<String> {
    let given = args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.text.as_str();
        let glued = text.strip_prefix("-I").or_else(|| text.strip_prefix("--replace="))?;
        if glued.is_empty() { args.get(at + 1).map(|next| next.text.clone()) } else { Some(glued.to_owned()) }
    });
    given.or_else(|| args.iter().any(|arg| arg.text.contains("{}")).then(|| "{}".to_owned()))
}
