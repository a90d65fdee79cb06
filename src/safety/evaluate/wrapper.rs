//! Programs that run another one given as their arguments. [`table`] says which of theirs come first.

use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::Risk;
use crate::shell::Shell;

mod table;

use table::{WRAPPERS, Wrapper};

/// The options of systemd-run without a value.
const SWITCHES: &[&str] = &[
    "--scope",
    "--user",
    "--system",
    "--pty",
    "--pipe",
    "--wait",
    "--quiet",
    "--collect",
    "--no-block",
    "--remain-after-exit",
    "--send-sighup",
    "--no-ask-password",
    "--shell",
    "--same-dir",
    "--ignore-failure",
    "--expand-environment",
    "--pty-late",
];

/// The arguments of the command inside, if there is one.
fn inner<'a>(wrapper: &Wrapper, args: &'a [Arg]) -> &'a [Arg] {
    let mut at = 0;
    let mut operands = wrapper.operands;
    while let Some(arg) = args.get(at) {
        let text = arg.text.as_str();
        let bare = text.trim_start_matches('-');
        if text == "--" {
            at += 1;
            // What follows are operands and the command.
            at += operands;
            break;
        }
        if text.starts_with("--") {
            // Every option of systemd-run that is no switch takes a value, and there are dozens.
            let switch = SWITCHES.contains(&text);
            let valued = wrapper.long_valued.contains(&text);
            at += 1 + usize::from(valued || wrapper.name == "systemd-run" && !switch && !text.contains('='));
        } else if arg.is_option() || text == "-" {
            // The last flag of a bundle may want the next argument.
            let wants_next = bare
                .char_indices()
                .find(|(_, flag)| wrapper.valued.contains(*flag))
                .is_some_and(|(i, flag)| i + flag.len_utf8() == bare.len());
            at += 1 + usize::from(wants_next);
        } else if is_assignment(text) && operands == 0 {
            at += 1;
        } else if operands > 0 {
            operands -= 1;
            at += 1;
        } else {
            break;
        }
    }
    args.get(at..).unwrap_or_default()
}

fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

impl Evaluator<'_> {
    /// Takes a wrapper off, if `name` is one; `None` when it is not.
    pub(super) fn wrapper(
        &mut self,
        name: &str,
        args: &[Arg],
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == name)?;
        let runs = ["run", "exec", "record", "stat", "x", "trace"];
        if matches!(
            name,
            "uv" | "poetry" | "pipenv" | "bundle" | "op" | "aws-vault" | "perf" | "rr" | "doppler" | "mise" | "direnv"
        ) && !args.first().is_some_and(|arg| runs.contains(&arg.text.as_str()))
        {
            return None;
        }
        if matches!(name, "command" | "builtin")
            && args.first().is_some_and(|arg| matches!(arg.text.as_str(), "-v" | "-V"))
        {
            self.verdict.harmless();
            return Some(Feed::Unknown);
        }
        if name.starts_with("wsl") && args.iter().any(|arg| arg.text == "--unregister") {
            return None;
        }
        if name == "entr"
            && let Some(at) = args.iter().position(|arg| arg.is_option() && arg.text.contains('s'))
        {
            let script = args.get(at + 1)?.clone();
            return Some(self.script_argument(Shell::Bash, &script, scope, feed));
        }
        if name == "env"
            && let Some(split) =
                args.iter().position(|arg| arg.text.starts_with("-S") || arg.text.starts_with("--split-string"))
        {
            let given = &args[split];
            let glued =
                given.text.trim_start_matches("--split-string").trim_start_matches("-S").trim_start_matches('=');
            let script = if glued.is_empty() {
                args.get(split + 1)?.clone()
            } else {
                Arg { text: glued.to_owned(), origin: super::Origin::Fixed(given.span.clone()), ..given.clone() }
            };
            return Some(self.script_argument(Shell::Bash, &script, scope, feed));
        }
        for assignment in args.iter().take_while(|arg| arg.is_option() || is_assignment(&arg.text)) {
            if let Some((variable, value)) = assignment.text.split_once('=').filter(|_| !assignment.is_option()) {
                self.hook(variable, &Arg { text: value.to_owned(), ..assignment.clone() }, scope);
            }
        }
        let command = inner(wrapper, args);
        if name == "ssh-agent" && command.is_empty() {
            return None;
        }
        let Some(first) = command.first() else {
            self.bare_wrapper(name, args);
            // A shell that is opened reads what is piped in.
            let opens =
                matches!(name, "sudo" | "doas" | "pkexec" | "unshare" | "chroot" | "nsenter" | "runuser" | "wsl");
            if opens && !matches!(feed, Feed::Nothing | Feed::File) {
                let span = args.first().map_or(0..0, |first| first.span.clone());
                return Some(self.sink(Shell::Bash, feed, &span, scope));
            }
            return Some(if name == "env" { Feed::Unknown } else { feed.clone() });
        };
        if name == "systemd-run"
            && args.iter().any(|arg| arg.text.starts_with("--on-") || arg.text.starts_with("--timer"))
        {
            let span = args.first().map_or(first.span.clone(), |arg| arg.span.start..first.span.end);
            self.verdict.report("persistence.schedule", Risk::Dangerous, span, "makes something run by itself later");
        }
        if matches!(name, "sudo" | "doas" | "pkexec") {
            let span = args.first().map_or(first.span.clone(), |arg| arg.span.start..first.span.end);
            self.verdict.report("privilege.elevated", Risk::Caution, span, format!("{name} runs it with all rights"));
        }
        let span = first.span.start..command.last().map_or(first.span.end, |last| last.span.end.max(first.span.end));
        let other_root = matches!(name, "chroot" | "arch-chroot" | "nsenter" | "wsl");
        let mut inner_scope = if other_root { scope.elsewhere() } else { scope.clone() };
        if let Some(folder) = folder_option(name, args) {
            inner_scope.enter(&folder, self.context);
        }
        Some(self.invoke(command.to_vec(), span, frame, if name == "exec" { scope } else { &mut inner_scope }, feed))
    }

    /// A wrapper with nothing in it: `env`, `sudo -l`, `exec >log`.
    pub(super) fn bare_wrapper(&mut self, name: &str, args: &[Arg]) {
        let opens_shell =
            matches!(name, "sudo" | "doas" | "unshare" | "chroot" | "nsenter" | "runuser" | "pkexec" | "wsl")
                && !args.iter().any(|arg| {
                    matches!(
                        arg.text.as_str(),
                        "-l" | "-V" | "-v" | "-k" | "-K" | "-h" | "--list" | "--version" | "--help" | "--status"
                    )
                });
        match args.first() {
            Some(first) if opens_shell => {
                self.verdict.report(
                    "shell.opened",
                    Risk::Caution,
                    first.span.clone(),
                    format!("{name} opens a shell with other rights"),
                );
            }
            _ => self.verdict.harmless(),
        }
    }
}

/// `env -C /`, `sudo -D /`: the command starts somewhere else.
fn folder_option(name: &str, args: &[Arg]) -> Option<String> {
    let short = match name {
        "env" => "-C",
        "sudo" => "-D",
        _ => return None,
    };
    args.iter().enumerate().find_map(|(at, arg)| {
        let text = arg.text.as_str();
        if let Some(folder) = text.strip_prefix("--chdir=") {
            return Some(folder.to_owned());
        }
        let glued = text.strip_prefix(short)?;
        if glued.is_empty() { args.get(at + 1).map(|next| next.text.clone()) } else { Some(glued.to_owned()) }
    })
}

/// The arguments after the options and `operands` of them.
pub(super) fn after_operands<'a>(args: &'a [Arg], valued: &'static str, operands: usize) -> &'a [Arg] {
    inner(
        &Wrapper {
            name: "",
            valued,
            long_valued: &[
                "--user",
                "--env",
                "--workdir",
                "--name",
                "--volume",
                "--publish",
                "--network",
                "--entrypoint",
                "--namespace",
                "--container",
                "--jobs",
                "--max-args",
                "--max-procs",
                "--interval",
                "--arg-file",
                "--delimiter",
                "--replace",
            ],
            operands,
        },
        args,
    )
}
