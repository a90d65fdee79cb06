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
            "su" | "script" | "flock" | "runuser" | "sg" if option_value(args, "c", "command").is_some() => {
                let script = option_value(args, "c", "command")?;
                Some(self.script_argument(Shell::Bash, &script, scope, feed))
            }
            "su" => {
                self.bare_wrapper("sudo", args);
                if !matches!(feed, Feed::Nothing | Feed::File) {
                    return Some(self.sink(Shell::Bash, feed, &span_of(args), scope));
                }
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
            "ssh" | "autossh" | "mosh" | "parallel-ssh" | "pssh" | "pdsh" | "dsh" | "clush" | "sshpass" => {
                self.remote_shell(name, args, frame, feed)
            }
            "xargs" | "parallel" | "gxargs" => Some(self.xargs(name, args, frame, scope, feed)),
            "find" | "gfind" | "fd" | "fdfind" => {
                self.find_actions(name, args, frame, scope);
                None
            }
            "podman" | "buildah" if args.first().is_some_and(|arg| arg.text == "unshare") => {
                self.other_runner(name, args, frame, scope, feed)
            }
            "docker" | "podman" | "nerdctl" | "kubectl" | "oc" | "lxc" | "docker-compose" | "k3s" => {
                self.container(name, args, frame, feed)
            }
            "screen" if !args.iter().any(|arg| arg.text == "stuff") => {
                let command = after_operands(args, "SetpshTXx", 0);
                if command.is_empty() || args.iter().any(|arg| arg.text == "-X") {
                    return None;
                }
                let command = command.to_vec();
                Some(self.run_slice(&command, frame, scope, feed))
            }
            "tmux" | "screen" => self.multiplexer(args, scope),
            "at" if args.iter().any(|arg| matches!(arg.text.as_str(), "-d" | "-r" | "-l" | "-c" | "-V")) => None,
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
            "npx" | "bunx" | "pnpx" | "npm" | "pnpm" | "yarn" | "bun" | "uvx" | "pipx" => {
                self.package_runner(name, args, frame, scope, feed)
            }
            "env" | "gdb" | "newgrp" | "sg" | "vagrant" | "machinectl" | "systemd-nspawn" | "multipass"
            | "forfiles" | "adb" => self.other_runner(name, args, frame, scope, feed),
            _ => None,
        }
    }

    pub(super) fn run_slice(&mut self, command: &[Arg], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let Some(first) = command.first() else { return Feed::Nothing };
        let span = first.span.start..command.last().map_or(first.span.end, |last| last.span.end.max(first.span.end));
        self.invoke(command.to_vec(), span, frame, &mut scope.clone(), feed)
    }

    fn remote_shell(&mut self, name: &str, args: &[Arg], frame: &Frame, feed: &Feed) -> Option<Feed> {
        if name == "sshpass" {
            let command = after_operands(args, "pfdP", 0).to_vec();
            return Some(self.run_slice(&command, frame, &mut Scope::default(), feed));
        }
        let operands = usize::from(matches!(name, "ssh" | "autossh" | "mosh"));
        let command = after_operands(args, "bcDeEFIiJLlmOopQRSWwhHM", operands);
        // Nothing this shell knows is known over there.
        let mut remote = Scope::default();
        if command.is_empty() {
            // What is piped in is typed at the shell over there.
            if let Feed::Text(..) | Feed::Network | Feed::Unknown = feed {
                self.sink(Shell::Bash, feed, &span_of(args), &mut remote);
            }
            return None;
        }
        if *feed == Feed::Secret {
            let message = "sends private files or settings to another machine";
            self.verdict.report("exposure.secret", Risk::Dangerous, span_of(args), message);
        }
        self.eval(Shell::Bash, command, &mut remote, feed);
        self.verdict.recognized = true;
        Some(Feed::Network)
    }

    fn container(&mut self, name: &str, args: &[Arg], frame: &Frame, feed: &Feed) -> Option<Feed> {
        let verb = args.iter().position(|arg| matches!(arg.text.as_str(), "exec" | "run" | "debug"))?;
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
            None => after_options(rest, "uewlvpmhcan"),
        };
        let context = self.context;
        rules::container::run(name, &args[verb..], context, &mut self.verdict);
        let command = command.to_vec();
        // What is mounted is this machine's, whatever it is called inside.
        if let Some(command) = mounted(rest, &command) {
            return Some(self.run_slice(&command, frame, &mut Scope::default(), feed));
        }
        Some(self.elsewhere(|judge, inside| judge.run_slice(&command, frame, inside, feed)))
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
                // What is typed into a pane ends in a line break written as an escape.
                let text = arg.text.trim_end_matches("\\n").trim_end_matches("^M").to_owned();
                let typed = Arg { text, ..arg.clone() };
                self.script_argument(Shell::Bash, &typed, &mut scope.elsewhere(), &Feed::Nothing);
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
            if let [only] = args {
                self.verdict.suggest(Risk::Dangerous, only.span.clone(), || "-l".to_owned());
            }
        } else if args.iter().any(|arg| arg.text == "-l" || arg.text == "-V") {
            self.verdict.harmless();
        } else if args.iter().any(|arg| arg.text == "-e") {
            let message = "opens the user's scheduled jobs in an editor";
            self.verdict.report("persistence.schedule", Risk::Caution, span, message);
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
                    if key == "core.hookspath" && !value.is_empty() {
                        self.verdict.report(
                            "privilege.code-injection",
                            Risk::Dangerous,
                            setting.span.clone(),
                            format!("git will run whatever lies in {value}"),
                        );
                        continue;
                    }
                    let runs = key.ends_with("command")
                        || value.starts_with('!')
                        || ["hook", ".cmd", ".textconv", ".driver", ".process", ".clean", ".smudge"]
                            .iter()
                            .any(|end| key.ends_with(end))
                        || matches!(
                            key.as_str(),
                            "core.pager"
                                | "core.editor"
                                | "sequence.editor"
                                | "core.fsmonitor"
                                | "diff.external"
                                | "core.askpass"
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

/// The command with paths of this machine for those that are mounted into the container, if it names any.
fn mounted(options: &[Arg], command: &[Arg]) -> Option<Vec<Arg>> {
    let mounts: Vec<(&str, &str)> = options
        .iter()
        .enumerate()
        .filter_map(|(at, arg)| {
            let value = match arg.text.as_str() {
                "-v" | "--volume" => options.get(at + 1)?.text.as_str(),
                text => text.strip_prefix("--volume=").or_else(|| text.strip_prefix("-v"))?,
            };
            let (from, to) = value.split_once(':')?;
            let to = to.split(':').next().unwrap_or(to).trim_end_matches('/');
            (from.starts_with('/') && !value.ends_with(":ro") && to.len() > 1)
                .then_some((from.trim_end_matches('/'), to))
        })
        .collect();
    let named = command.iter().any(|arg| mounts.iter().any(|(_, to)| arg.text.contains(to)));
    let put = |arg: &Arg| {
        let text = mounts.iter().fold(arg.text.clone(), |text, (from, to)| {
            let inside = text.replace(&[to, "/"].concat(), &[from, "/"].concat());
            match inside.strip_suffix(to) {
                Some(before) => [before, if from.is_empty() { "/" } else { from }].concat(),
                None => inside,
            }
        });
        Arg { text, origin: super::Origin::Fixed(arg.span.clone()), ..arg.clone() }
    };
    named.then(|| command.iter().map(put).collect())
}

/// The value of `-c text`, `-ctext`, `--command text` or `--command=text`.
pub(super) fn option_value(args: &[Arg], short: &str, long: &str) -> Option<Arg> {
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

/// The arguments after the options of `docker run`, most of whose long options take a value, and the image.
fn after_options<'a>(args: &'a [Arg], valued: &'static str) -> &'a [Arg] {
    let switches = [
        "--rm",
        "--privileged",
        "--init",
        "--read-only",
        "--detach",
        "--interactive",
        "--tty",
        "--no-healthcheck",
        "--oom-kill-disable",
        "--publish-all",
        "--sig-proxy",
        "--quiet",
        "--no-TTY",
        "--no-deps",
        "--service-ports",
        "--build",
        "--use-aliases",
        "--stdin",
        "--leave-stdin-open",
        "--help",
        "--no-tty",
        "--tmpfs",
        "--T",
        "--replace",
    ];
    let mut at = 0;
    while let Some(arg) = args.get(at).filter(|arg| arg.is_option()) {
        let text = arg.text.as_str();
        let takes_next = if text.starts_with("--") {
            !text.contains('=') && !switches.contains(&text)
        } else {
            text.ends_with(|c: char| valued.contains(c)) && text.len() <= 4
        };
        at += 1 + usize::from(takes_next);
    }
    args.get(at + 1..).unwrap_or_default()
}

pub(super) fn span_of(args: &[Arg]) -> std::ops::Range<usize> {
    match args {
        [] => 0..0,
        [first, .., last] => first.span.start..last.span.end.max(first.span.start),
        [only] => only.span.clone(),
    }
}
