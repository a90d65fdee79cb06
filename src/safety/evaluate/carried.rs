//! Commands hidden in the arguments of programs that are about something else: `tar --to-command`, `rsync -e`, `vim -c '!…'`,
//! `PAGER=…`. [`table`] has a row for each.

use super::{Arg, Evaluator, Feed, Frame, Origin, Scope};
use crate::safety::rules::code::{self, Language};
use crate::shell::{Shell, parse};

mod build;
mod table;

use table::{Form, HOOKS, OPTIONS};

/// Programs whose name says that what follows it is meant to do harm, wherever in the line of an unknown program it stands.
const TELLING: &[&str] = &[
    "rm",
    "shred",
    "dd",
    "wipefs",
    "blkdiscard",
    "chmod",
    "chown",
    "find",
    "kill",
    "pkill",
    "killall",
    "reboot",
    "shutdown",
    "poweroff",
    "halt",
    "mkfs",
];

impl Evaluator<'_> {
    /// Judges what the arguments of `name` make it run.
    pub(super) fn carried(&mut self, name: &str, args: &[Arg], scope: &mut Scope, feed: &Feed) {
        for row in OPTIONS.iter().filter(|row| row.programs.contains(&name)) {
            for value in values(row.short, row.long, args) {
                self.form(row.form, &value, scope);
            }
        }
        self.build_file(name, args, scope, feed);
        match name {
            "vim" | "vi" | "nvim" | "view" | "gvim" | "ex" | "less" | "more" => {
                for arg in args.iter().filter(|arg| arg.text.starts_with('+')) {
                    self.form(Form::Escape, &slice(arg, 1), scope);
                }
            }
            "ssh" | "scp" | "sftp" | "autossh" | "mosh" => self.ssh_settings(args, scope),
            "hyperfine" => {
                for arg in args.iter().filter(|arg| !arg.is_option()) {
                    drop(self.script_argument(Shell::Bash, arg, &mut scope.clone(), &Feed::Nothing));
                }
            }
            "git" => self.git_addresses(args, scope),
            "awk" | "gawk" | "mawk" | "nawk" => {
                for arg in
                    args.iter().filter(|arg| code::executes(Language::Other, &arg.text) || arg.text.contains(['|']))
                {
                    self.embedded(Language::Other, &["system ", &arg.text].concat(), &arg.span, scope);
                }
            }
            "sed" | "gsed" => {
                for arg in args {
                    if let Some(script) = sed_command(&arg.text) {
                        self.form(Form::Script, &Arg { text: script, ..slice(arg, 0) }, scope);
                    }
                }
            }
            "deno" if args.first().is_some_and(|arg| arg.text == "eval") => {
                if let Some(code) = args[1..].iter().find(|arg| !arg.is_option()) {
                    self.javascript(code, scope);
                }
            }
            "bun" => {
                for code in values("ep", &["eval", "print"], args) {
                    self.javascript(&code, scope);
                }
            }
            "xdotool" | "ydotool" | "wtype" => {
                for arg in args.iter().filter(|arg| !arg.is_option() && arg.text.contains(' ')) {
                    self.form(Form::Script, arg, scope);
                }
            }
            "make" | "gmake" => {
                for arg in args {
                    if let Some(shell) = arg.text.strip_prefix("SHELL=") {
                        self.form(Form::Script, &Arg { text: shell.to_owned(), ..slice(arg, 0) }, scope);
                    }
                }
            }
            "sqlite3" | "sqlite" | "psql" | "mysql" | "mariadb" => {
                for arg in args.iter().filter(|arg| arg.text.contains([' ', '!'])) {
                    self.form(Form::Escape, arg, scope);
                }
            }
            _ => {}
        }
        if matches!(
            name,
            "ed" | "ex"
                | "vi"
                | "vim"
                | "ftp"
                | "sftp"
                | "psql"
                | "mysql"
                | "sqlite3"
                | "gdb"
                | "crash"
                | "bc"
                | "mail"
                | "jshell"
        ) && let Feed::Text(text, origin) = feed
        {
            let span = origin.span(&(0..text.len()));
            for line in
                text.lines().filter(|line| line.contains('!') || line.contains("shell") || line.contains("system"))
            {
                let arg = Arg {
                    text: line.to_owned(),
                    span: span.clone(),
                    origin: Origin::Fixed(span.clone()),
                    feed: Feed::Nothing,
                    pattern: None,
                };
                self.form(Form::Escape, &arg, scope);
            }
        }
    }

    fn javascript(&mut self, code: &Arg, scope: &mut Scope) {
        code::judge(Language::Node, &[], &code.text, code.span.clone(), &mut self.verdict);
        self.embedded(Language::Node, &code.text, &code.span, scope);
    }

    fn form(&mut self, form: Form, value: &Arg, scope: &mut Scope) {
        let mut inner = scope.clone();
        match form {
            Form::Script => drop(self.script_argument(Shell::Bash, value, &mut inner, &Feed::Nothing)),
            Form::Exec => {
                if let Some(script) = value.text.strip_prefix("exec=") {
                    let script = Arg { text: script.to_owned(), ..slice(value, 0) };
                    drop(self.script_argument(Shell::Bash, &script, &mut inner, &Feed::Nothing));
                }
            }
            Form::Escape => {
                if let Some(script) = escape(&value.text) {
                    let script = Arg { text: script.to_owned(), ..slice(value, 0) };
                    drop(self.script_argument(Shell::Bash, &script, &mut inner, &Feed::Nothing));
                } else if code::executes(Language::Other, &value.text) {
                    self.embedded(Language::Other, &value.text, &value.span, scope);
                }
            }
            Form::Code => {
                code::judge(Language::Other, &[], &value.text, value.span.clone(), &mut self.verdict);
                self.embedded(Language::Other, &value.text, &value.span, scope);
            }
        }
    }

    /// `ssh -o ProxyCommand=…`: run here, before anything is connected.
    fn ssh_settings(&mut self, args: &[Arg], scope: &mut Scope) {
        for value in values("o", &[], args) {
            let Some((key, command)) = value.text.split_once(['=', ' ']) else { continue };
            let key = key.trim().to_ascii_lowercase();
            if matches!(key.as_str(), "proxycommand" | "localcommand" | "knownhostscommand" | "remotecommand") {
                let script = Arg { text: command.trim().to_owned(), ..slice(&value, 0) };
                self.form(Form::Script, &script, scope);
            }
        }
    }

    /// `ext::sh -c …`: an address that is a command; blanks in it are written `% `.
    fn git_addresses(&mut self, args: &[Arg], scope: &mut Scope) {
        let verb = args.iter().find(|arg| !arg.is_option()).map_or("", |arg| arg.text.as_str());
        for value in match verb {
            "difftool" | "mergetool" => values("x", &[], args),
            "grep" => values("O", &[], args),
            "clone" => values("u", &[], args),
            _ => Vec::new(),
        } {
            self.form(Form::Script, &value, scope);
        }
        for (at, arg) in args.iter().enumerate() {
            let Some(start) = arg.text.strip_prefix("ext::") else { continue };
            // Unquoted, the rest of the command is arguments of its own.
            let text =
                args[at + 1..].iter().fold(start.to_owned(), |all, more| all + " " + &more.text).replace('%', "");
            self.form(Form::Script, &Arg { text: text.clone(), ..slice(arg, 0) }, scope);
            if let Some((_, script)) = text.split_once("-c ") {
                self.form(Form::Script, &Arg { text: script.to_owned(), ..slice(arg, 0) }, scope);
            }
        }
    }

    /// A variable whose value a program will run: `PAGER`, `GIT_SSH_COMMAND`.
    pub(super) fn hooked(&mut self, name: &str, value: &Arg, scope: &mut Scope) -> bool {
        let hooks = HOOKS.contains(&name) && !value.text.is_empty();
        if hooks {
            let script = Arg { text: value.text.trim_start_matches(['|', '!']).to_owned(), ..slice(value, 0) };
            let recognized = self.verdict.recognized;
            let before = self.verdict.findings.len();
            drop(self.script_argument(Shell::Bash, &script, &mut scope.clone(), &Feed::Nothing));
            // Naming one's editor or pager changes nothing.
            let grave = |finding: &crate::safety::Finding| finding.risk >= crate::safety::Risk::Dangerous;
            let mut at = 0;
            self.verdict.findings.retain(|finding| {
                at += 1;
                at <= before || grave(finding)
            });
            self.verdict.recognized = recognized;
        }
        hooks
    }

    /// An unknown program may well run what is given to it: `cgexec -g x rm -rf /`, `runit --command 'rm -rf /'`.
    pub(super) fn suspected(&mut self, args: &[Arg], frame: &Frame, scope: &mut Scope) {
        for (at, arg) in args.iter().enumerate().take(32) {
            let name = arg.text.rsplit('/').next().unwrap_or_default();
            let shell = matches!(name, "sh" | "bash" | "zsh" | "dash" | "ksh")
                && args.get(at + 1).is_some_and(|next| next.text == "-c");
            if (TELLING.contains(&name) || name.starts_with("mkfs.") || shell) && at + 1 < args.len() {
                drop(self.run_slice(&args[at..], frame, scope, &Feed::Nothing));
                return;
            }
            let (option, glued) = arg.text.split_once('=').unwrap_or((arg.text.as_str(), ""));
            if !matches!(
                option,
                "-c" | "-e"
                    | "-x"
                    | "--command"
                    | "--cmd"
                    | "--exec"
                    | "--execute"
                    | "--run"
                    | "--shell"
                    | "--script"
                    | "--eval"
            ) {
                continue;
            }
            let script = if glued.is_empty() {
                args.get(at + 1).cloned()
            } else {
                Some(Arg { text: glued.to_owned(), ..slice(arg, 0) })
            };
            // What is no command line is code of the program's own.
            let is_script = |script: &Arg| script.text.contains(' ') && parse(Shell::Bash, &script.text).complete;
            if let Some(script) = script.filter(is_script) {
                drop(self.script_argument(Shell::Bash, &script, &mut scope.clone(), &Feed::Nothing));
            }
        }
    }
}

/// What an interactive program would hand to a shell: `!cmd`, `:r !cmd`, `\! cmd`, `.shell cmd`, `system cmd`.
fn escape(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches(':').trim_start();
    let bang = text.find('!').filter(|at| {
        text[..*at].chars().all(|c| matches!(c, '%' | '.' | ',' | '$' | '\\' | ' ' | 'r' | 'w') || c.is_ascii_digit())
            || matches!(text[..*at].trim(), "silent" | "read" | "write")
    });
    bang.map(|at| &text[at + 1..])
        .or_else(|| {
            [".shell ", ".system ", "system ", "shell ", "\\! "].iter().find_map(|word| text.strip_prefix(word))
        })
        .map(str::trim)
        .filter(|script| !script.is_empty())
}

/// What `e command` and `s/…/command/e` of sed run.
fn sed_command(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '$' | ',' | ' '));
    if let Some(command) = text.strip_prefix("e ") {
        return Some(command.to_owned());
    }
    let (body, flags) = text.strip_prefix("s/")?.rsplit_once('/')?;
    if flags.len() > 4 || !flags.contains('e') {
        return None;
    }
    body.split_once('/').map(|(_, command)| command.replace("\\/", "/"))
}

/// The argument from a byte on; what remains is no slice of the source that spans could point into.
fn slice(arg: &Arg, from: usize) -> Arg {
    Arg { text: arg.text[from..].to_owned(), origin: Origin::Fixed(arg.span.clone()), ..arg.clone() }
}

/// The values of some options, glued or in the next argument.
fn values(short: &str, long: &[&str], args: &[Arg]) -> Vec<Arg> {
    let mut found = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        let next = || args.get(at + 1).cloned();
        if let Some(name) = arg.text.strip_prefix("--") {
            let (name, glued) = name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            if long.contains(&name) {
                found.extend(glued.map_or_else(next, |value| Some(Arg { text: value.to_owned(), ..slice(arg, 0) })));
            }
        } else if let Some(name) = arg.text.strip_prefix('-').filter(|name| long.contains(name)) {
            debug_assert!(!name.is_empty());
            found.extend(next());
        } else if arg.is_option()
            && let Some(flag) = arg.text.find(|c| short.contains(c)).filter(|flag| *flag > 0)
        {
            let glued = &arg.text[flag + 1..];
            found.extend(if glued.is_empty() { next() } else { Some(slice(arg, flag + 1)) });
        }
    }
    found
}
