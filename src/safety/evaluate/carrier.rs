//! Programs that hand words on: to a shell here or on another machine, to a container, to each hit of a search.

use super::wrapper::after_operands;
use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::{Risk, rules};
use crate::shell::Shell;

impl Evaluator<'_> {
    /// Programs that hand words to another shell, here or elsewhere, and those that run a command once for each hit.
    pub(super) fn carrier(
        &mut self,
        name: &str,
        args: &[Arg],
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        match name {
            "su" | "script" | "flock" | "runuser" if option_value(args, "c", "command").is_some() => {
                let script = option_value(args, "c", "command")?;
                Some(self.script_argument(Shell::Bash, &script, scope, feed))
            }
            "su" => {
                self.bare_wrapper("sudo", args);
                Some(Feed::Unknown)
            }
            "flock" => {
                let command = after_operands(args, "wEc", 1);
                Some(self.run_slice(command, frame, scope, feed))
            }
            "watch" => {
                let command = after_operands(args, "nd", 0);
                Some(self.eval(Shell::Bash, command, scope, feed))
            }
            "ssh" | "autossh" | "mosh" | "parallel-ssh" | "pssh" | "pdsh" | "dsh" | "sshpass" => {
                self.remote_shell(name, args, scope)
            }
            "xargs" | "parallel" | "gxargs" => Some(self.xargs(name, args, frame, scope, feed)),
            "find" | "gfind" | "fd" | "fdfind" => {
                self.find_actions(args, frame, scope);
                None
            }
            "docker" | "podman" | "nerdctl" | "kubectl" | "oc" | "lxc" | "docker-compose" | "k3s" => {
                self.container(name, args, frame, scope, feed)
            }
            "tmux" | "screen" => self.multiplexer(args, scope),
            "at" | "batch" => Some(self.sink(Shell::Bash, feed, &span_of(args), scope)),
            "crontab" => Some(self.crontab(args, feed, scope)),
            "salt" | "salt-ssh" => {
                let at = args.iter().position(|arg| arg.text == "cmd.run")?;
                Some(self.eval(Shell::Bash, &args[at + 1..], &mut scope.elsewhere(), &Feed::Nothing))
            }
            "ansible" => {
                let script = option_value(args, "a", "args");
                if let Some(script) = script {
                    self.script_argument(Shell::Bash, &script, &mut scope.elsewhere(), &Feed::Nothing);
                }
                None
            }
            "git" => {
                self.git_carried(args, frame, scope);
                None
            }
            _ => None,
        }
    }

    fn run_slice(&mut self, command: &[Arg], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let Some(first) = command.first() else { return Feed::Nothing };
        let span = first.span.start..command.last().map_or(first.span.end, |last| last.span.end.max(first.span.end));
        self.invoke(command.to_vec(), span, frame, &mut scope.clone(), feed)
    }

    fn remote_shell(&mut self, name: &str, args: &[Arg], scope: &mut Scope) -> Option<Feed> {
        if name == "sshpass" {
            return None;
        }
        let operands = usize::from(matches!(name, "ssh" | "autossh" | "mosh"));
        let command = after_operands(args, "bcDeEFIiJLlmOopQRSWwhH", operands);
        if command.is_empty() {
            return None;
        }
        // Nothing this shell knows is known over there.
        let mut remote = Scope::default();
        self.eval(Shell::Bash, command, &mut remote, &Feed::Nothing);
        let _ = scope;
        self.verdict.recognized = true;
        Some(Feed::Network)
    }

    fn xargs(&mut self, name: &str, args: &[Arg], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let command = after_operands(args, "aEeIiLlnPsdjS", 0);
        let end = command.iter().position(|arg| arg.text.starts_with(":::")).unwrap_or(command.len());
        let Some((program, given)) = command[..end].split_first() else {
            if name == "parallel" {
                return self.sink(Shell::Bash, feed, &span_of(args), scope);
            }
            self.verdict.harmless();
            return feed.clone();
        };
        let hole = Arg { text: super::HOLE.to_string(), feed: Feed::Nothing, ..program.clone() };
        let input = match feed {
            Feed::Text(text, _) => {
                text.split_whitespace().take(16).map(|text| Arg { text: text.to_owned(), ..hole.clone() }).collect()
            }
            _ => vec![hole.clone()],
        };
        let mut line = vec![program.clone()];
        let marker = given.iter().any(|arg| arg.text.contains("{}"));
        if marker {
            let text = input.first().map_or_else(String::new, |arg| arg.text.clone());
            line.extend(given.iter().map(|arg| Arg { text: arg.text.replace("{}", &text), ..arg.clone() }));
        } else {
            line.extend(given.iter().cloned());
            line.extend(input);
        }
        let span =
            program.span.start..given.last().map_or(program.span.end, |last| last.span.end.max(program.span.end));
        let stdin_taken = if super::nested::shell_named(&program.text).is_some() && given.is_empty() {
            feed.clone()
        } else {
            Feed::Nothing
        };
        self.invoke(line, span, frame, &mut scope.clone(), &stdin_taken)
    }

    fn find_actions(&mut self, args: &[Arg], frame: &Frame, scope: &mut Scope) {
        let starts: Vec<&Arg> = args.iter().take_while(|arg| !arg.text.starts_with(['-', '(', '!'])).collect();
        let narrowed = args.iter().any(|arg| {
            matches!(
                arg.text.as_str(),
                "-name"
                    | "-iname"
                    | "-path"
                    | "-ipath"
                    | "-regex"
                    | "-iregex"
                    | "-mtime"
                    | "-mmin"
                    | "-atime"
                    | "-ctime"
                    | "-size"
                    | "-newer"
                    | "-user"
                    | "-empty"
                    | "-perm"
                    | "-wholename"
            )
        });
        let mut at = 0;
        while at < args.len() {
            let action = args[at].text.as_str();
            at += 1;
            if !matches!(action, "-exec" | "-execdir" | "-ok" | "-okdir" | "-x" | "-X" | "--exec" | "--exec-batch") {
                continue;
            }
            let end = args[at..]
                .iter()
                .position(|arg| matches!(arg.text.as_str(), ";" | "+"))
                .map_or(args.len(), |length| at + length);
            // `-exec rm {} +` on everything below a folder is as good as `rm -r` of it; a condition makes it some files in there.
            let start = starts.first().map_or(".", |arg| arg.text.as_str());
            let hit =
                if narrowed { format!("{}/{}", start.trim_end_matches('/'), super::HOLE) } else { start.to_owned() };
            let mut line: Vec<Arg> =
                args[at..end].iter().map(|arg| Arg { text: arg.text.replace("{}", &hit), ..arg.clone() }).collect();
            // Every file below a folder is as good as the folder.
            if !narrowed && let Some(program) = line.first().filter(|program| program.text.ends_with("rm")).cloned() {
                line.insert(1, Arg { text: "-r".to_owned(), ..program });
            }
            self.run_slice(&line, frame, &mut scope.elsewhere(), &Feed::Nothing);
            at = end;
        }
    }

    fn container(&mut self, name: &str, args: &[Arg], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Option<Feed> {
        let verb = args.iter().position(|arg| matches!(arg.text.as_str(), "exec" | "run"))?;
        // Only global options may come before the verb.
        if args[..verb]
            .iter()
            .any(|arg| matches!(arg.text.as_str(), "ps" | "inspect" | "logs" | "rm" | "build" | "image"))
        {
            return None;
        }
        let rest = &args[verb + 1..];
        let command = match rest.iter().position(|arg| arg.text == "--") {
            Some(dashes) => &rest[dashes + 1..],
            None => after_operands(rest, "uewlvpmhcan", 1),
        };
        rules::container::run(name, &args[verb..], &mut self.verdict);
        let before = std::mem::replace(&mut self.verdict.ceiling, Risk::Dangerous);
        let mut inside = Scope::default();
        let out = self.run_slice(command, frame, &mut inside, feed);
        self.verdict.ceiling = before;
        let _ = scope;
        self.verdict.recognized = true;
        Some(if out == Feed::Nothing { Feed::Unknown } else { out })
    }

    fn multiplexer(&mut self, args: &[Arg], scope: &mut Scope) -> Option<Feed> {
        let verb = args.iter().position(|arg| {
            matches!(
                arg.text.as_str(),
                "send-keys"
                    | "send"
                    | "stuff"
                    | "new"
                    | "new-session"
                    | "new-window"
                    | "split-window"
                    | "respawn-pane"
                    | "run-shell"
                    | "run"
            )
        })?;
        for arg in after_operands(&args[verb + 1..], "tsncxyFe", 0) {
            if !matches!(arg.text.as_str(), "Enter" | "C-m" | "C-c" | "C-l") {
                self.script_argument(Shell::Bash, arg, &mut scope.elsewhere(), &Feed::Nothing);
            }
        }
        self.verdict.recognized = true;
        Some(Feed::Unknown)
    }

    fn crontab(&mut self, args: &[Arg], feed: &Feed, scope: &mut Scope) -> Feed {
        let span = span_of(args);
        if args.iter().any(|arg| arg.text == "-r" || arg.text == "-ir" || arg.text == "-ri") {
            self.verdict.report(
                "persistence.schedule-lost",
                Risk::Dangerous,
                span,
                "deletes every scheduled job of the user",
            );
        } else if args.iter().any(|arg| arg.text == "-l" || arg.text == "-V") {
            self.verdict.harmless();
        } else {
            if let Feed::Text(text, origin) = feed {
                for line in text.lines() {
                    let command = line.trim_start().splitn(6, char::is_whitespace).nth(5).unwrap_or(line);
                    let whole = Frame { shell: Shell::Bash, origin: origin.clone() };
                    let fixed = Frame { origin: super::Origin::Fixed(whole.origin.span(&(0..text.len()))), ..whole };
                    self.text(command, &fixed, &mut scope.elsewhere(), &Feed::Nothing);
                }
            }
            self.verdict.report(
                "persistence.schedule",
                Risk::Dangerous,
                span,
                "replaces the user's scheduled jobs, which run by themselves from then on",
            );
        }
        Feed::Unknown
    }

    /// What git runs for its user: `bisect run`, `-c core.sshCommand=…`, `submodule foreach`.
    fn git_carried(&mut self, args: &[Arg], frame: &Frame, scope: &mut Scope) {
        for (at, arg) in args.iter().enumerate() {
            let next = args.get(at + 1);
            match (arg.text.as_str(), next) {
                ("-c" | "config", Some(_)) => {
                    let mut words = args[at + 1..].iter().filter(|word| !word.text.starts_with("--"));
                    let Some(setting) = words.next() else { continue };
                    let (key, value) = match setting.text.split_once('=') {
                        Some(parts) => parts,
                        None => (setting.text.as_str(), words.next().map_or("", |value| value.text.as_str())),
                    };
                    let key = key.to_ascii_lowercase();
                    let runs = key.ends_with("command")
                        || key.starts_with("alias.") && value.starts_with('!')
                        || matches!(
                            key.as_str(),
                            "core.pager" | "core.editor" | "core.fsmonitor" | "diff.external" | "core.hookspath"
                        );
                    if runs {
                        let script = Arg {
                            text: value.trim_start_matches('!').to_owned(),
                            origin: super::Origin::Fixed(setting.span.clone()),
                            ..setting.clone()
                        };
                        self.script_argument(Shell::Bash, &script, scope, &Feed::Nothing);
                    }
                }
                ("run", Some(_)) if at > 0 && args[at - 1].text == "bisect" => {
                    drop(self.run_slice(&args[at + 1..], frame, scope, &Feed::Nothing));
                }
                ("foreach", Some(_)) => {
                    drop(self.eval(Shell::Bash, after_operands(&args[at + 1..], "", 0), scope, &Feed::Nothing));
                }
                ("--exec" | "-x", Some(script)) if args.iter().any(|arg| arg.text == "rebase") => {
                    drop(self.script_argument(Shell::Bash, &script.clone(), scope, &Feed::Nothing));
                }
                _ => {}
            }
        }
    }
}

/// The value of `-c text`, `-ctext`, `--command text` or `--command=text`.
fn option_value(args: &[Arg], short: &str, long: &str) -> Option<Arg> {
    args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.text.as_str();
        let name = text.strip_prefix("--").unwrap_or_default();
        if let Some(value) = name.strip_prefix(long).and_then(|rest| rest.strip_prefix('=')) {
            return Some(Arg { text: value.to_owned(), origin: super::Origin::Fixed(arg.span.clone()), ..arg.clone() });
        }
        let bundle = arg.is_option() && !text.starts_with("--") && text.ends_with(short);
        if name == long || bundle { args.get(at + 1).cloned() } else { None }
    })
}

fn span_of(args: &[Arg]) -> std::ops::Range<usize> {
    match args {
        [] => 0..0,
        [first, .., last] => first.span.start..last.span.end.max(first.span.start),
        [only] => only.span.clone(),
    }
}
