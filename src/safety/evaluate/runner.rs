//! Programs whose command stands in a place of their own: package runners, debuggers, virtual machines.

use super::carrier::{option_value, span_of};
use super::wrapper::after_operands;
use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::Risk;
use crate::shell::Shell;

impl Evaluator<'_> {
    /// Programs that fetch another one and run it, or run what is installed beside the project.
    pub(super) fn package_runner(
        &mut self,
        name: &str,
        args: &[Arg],
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        let direct = matches!(name, "npx" | "bunx" | "pnpx" | "uvx");
        let verb = args.iter().position(|arg| !arg.is_option()).unwrap_or(args.len());
        let command = if direct {
            &args[verb..]
        } else {
            let runs = args.get(verb).is_some_and(|arg| matches!(arg.text.as_str(), "exec" | "x" | "dlx"))
                || name == "pipx" && args.get(verb).is_some_and(|arg| arg.text == "run");
            if !runs {
                return None;
            }
            after_operands(&args[verb + 1..], "pc", 0)
        };
        // An address is the package manager's rule to judge.
        let first = command.first().filter(|first| !first.text.contains("://") && !first.text.contains(':'))?;
        if matches!(first.text.as_str(), "tsc" | "create-react-app" | "eslint" | "prettier") {
            return None;
        }
        drop(self.run_slice(command, frame, scope, feed));
        None
    }

    pub(super) fn other_runner(
        &mut self,
        name: &str,
        args: &[Arg],
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        let command = match name {
            "newgrp" => return Some(self.sink(Shell::Bash, feed, &span_of(args), scope)),
            "sg" => {
                let script = args.get(1)?;
                return Some(self.script_argument(Shell::Bash, &script.clone(), scope, feed));
            }
            "gdb" => &args[args.iter().position(|arg| arg.text == "--args")? + 1..],
            "vagrant" => {
                let script = option_value(args, "c", "command")?;
                return Some(
                    self.elsewhere(|judge, scope| judge.script_argument(Shell::Bash, &script, scope, &Feed::Nothing)),
                );
            }
            "podman" | "buildah" if args.first().is_some_and(|arg| arg.text == "unshare") => &args[1..],
            "adb" => {
                let at = args.iter().position(|arg| matches!(arg.text.as_str(), "shell" | "exec-out"))?;
                let script = args[at + 1..].to_vec();
                return Some(self.elsewhere(|judge, scope| judge.eval(Shell::Bash, &script, scope, &Feed::Nothing)))
                    .filter(|_| !script.is_empty());
            }
            "multipass" => &args[args.iter().position(|arg| arg.text == "--")? + 1..],
            "machinectl" if args.first().is_some_and(|arg| arg.text == "shell") => args.get(2..)?,
            "systemd-nspawn" => after_operands(args, "DMui", 0),
            "forfiles" => {
                let at = args.iter().position(|arg| arg.text.eq_ignore_ascii_case("/c"))?;
                let script = args.get(at + 1)?.clone();
                let folder = args.iter().position(|arg| arg.text.eq_ignore_ascii_case("/p"));
                let folder = folder.and_then(|at| args.get(at + 1)).map_or(".", |arg| arg.text.as_str());
                let text =
                    script.text.replace("@path", &format!("{folder}\\*")).replace("@file", &format!("{folder}\\*"));
                let script = Arg { text, origin: super::Origin::Fixed(script.span.clone()), ..script };
                return Some(self.script_argument(Shell::Cmd, &script, scope, feed));
            }
            _ => return None,
        };
        if command.is_empty() {
            return None;
        }
        if name == "gdb" {
            return Some(self.run_slice(command, frame, scope, feed));
        }
        let command = command.to_vec();
        Some(self.elsewhere(|judge, scope| judge.run_slice(&command, frame, scope, &Feed::Nothing)))
    }

    /// What runs in a container or on a machine of its own takes neither this machine nor this shell's knowledge with it.
    pub(super) fn elsewhere(&mut self, run: impl FnOnce(&mut Self, &mut Scope) -> Feed) -> Feed {
        let before = std::mem::replace(&mut self.verdict.ceiling, Risk::Dangerous);
        let out = run(self, &mut Scope::default());
        self.verdict.ceiling = before;
        self.verdict.recognized = true;
        if out == Feed::Nothing { Feed::Unknown } else { out }
    }
}
