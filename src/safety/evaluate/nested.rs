//! Scripts inside scripts: `sh -c`, a pipe into a shell, `eval`, `source`, interpreters.

use super::{Arg, Evaluator, Feed, Frame, Origin, Scope};
use crate::safety::rules::code::Language;
use crate::safety::verdict::PAGER;
use crate::safety::{Risk, rules};
use crate::shell::Shell;

/// What is run, for messages.
pub(super) fn shell_named(name: &str) -> Option<Shell> {
    match name {
        "zsh" | "rzsh" => Some(Shell::Zsh),
        "fish" => Some(Shell::Fish),
        "bash" | "sh" | "dash" | "ash" | "ksh" | "mksh" | "rbash" | "ksh93" | "csh" | "tcsh" | "busybox-sh" => {
            Some(Shell::Bash)
        }
        "powershell" | "pwsh" | "powershell.exe" | "pwsh.exe" => Some(Shell::PowerShell),
        "cmd" | "cmd.exe" => Some(Shell::Cmd),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// A POSIX-like shell or fish as a command.
    pub(super) fn shell(
        &mut self,
        shell: Shell,
        args: &[Arg],
        at: &std::ops::Range<usize>,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        let mut rest = args.iter();
        let mut has_command = false;
        let mut operand = None;
        while let Some(arg) = rest.next() {
            match arg.text.as_str() {
                "--rcfile" | "--init-file" | "-o" | "+o" | "-O" | "+O" => drop(rest.next()),
                "--version" | "--help" | "-n" => {
                    self.verdict.harmless();
                    return Feed::Unknown;
                }
                "-" | "--" => {
                    operand = rest.next();
                    break;
                }
                text if text.starts_with("--") => {}
                text if (arg.is_option() || text.starts_with('+') && text.len() > 1)
                    && !text.contains(char::is_whitespace) =>
                {
                    has_command |= text.contains('c') && !text.starts_with('+');
                }
                _ => {
                    operand = Some(arg);
                    break;
                }
            }
        }
        if !has_command
            && args.iter().any(|arg| arg.is_option() && !arg.text.starts_with("--") && arg.text.contains('s'))
        {
            operand = None;
        }
        match operand {
            Some(script) if has_command => {
                let mut inner = scope.clone();
                inner.positional = Some(rest.skip(1).map(|arg| arg.text.clone()).collect());
                self.script_argument(shell, script, &mut inner, feed)
            }
            Some(file) => self.script_file(shell, file, at, scope, feed),
            None if has_command && *feed == Feed::Nothing => Feed::Unknown,
            None => {
                let out = self.sink(shell, feed, at, scope);
                // Reading what is piped in comes before running it.
                if matches!(feed, Feed::Network | Feed::Unknown | Feed::Secret) {
                    self.verdict.suggest(Risk::Dangerous, at.clone(), || PAGER.to_owned());
                }
                out
            }
        }
    }

    /// The text of an argument as a script: `sh -c 'text'`, `eval text`.
    pub(super) fn script_argument(&mut self, shell: Shell, script: &Arg, scope: &mut Scope, feed: &Feed) -> Feed {
        if script.feed != Feed::Nothing {
            // What a file holds is no text anyone has read, once it is put into a command.
            let feed =
                if matches!(script.feed, Feed::File | Feed::Secret) { Feed::Unknown } else { script.feed.clone() };
            self.runs_unknown(&feed, &script.span);
            if script.is_unknown() {
                return Feed::Unknown;
            }
        }
        // In these shells a text nobody knows would pass for a value.
        if matches!(shell, Shell::PowerShell | Shell::Cmd) && script.text.trim_start().starts_with([super::HOLE, '$']) {
            self.runs_unknown(&Feed::Unknown, &script.span);
        }
        let frame = Frame { shell, origin: script.origin.clone() };
        self.text(&script.text, &frame, scope, feed)
    }

    fn script_file(
        &mut self,
        shell: Shell,
        file: &Arg,
        at: &std::ops::Range<usize>,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        if file.feed != Feed::Nothing {
            return self.sink(shell, &file.feed.clone(), at, scope);
        }
        if matches!(file.text.as_str(), "/dev/stdin" | "-" | "/dev/fd/0" | "/proc/self/fd/0") {
            return self.sink(shell, feed, at, scope);
        }
        let written = scope.file(&file.text);
        self.sink(shell, &written, at, scope)
    }

    /// A shell that reads `feed` as its script.
    pub(super) fn sink(&mut self, shell: Shell, feed: &Feed, at: &std::ops::Range<usize>, scope: &mut Scope) -> Feed {
        match feed {
            Feed::Text(text, origin) => {
                let frame = Frame { shell, origin: origin.clone() };
                self.text(text, &frame, scope, &Feed::Nothing)
            }
            Feed::Nothing => {
                self.verdict.report("shell.opened", Risk::Caution, at.clone(), "opens a shell");
                Feed::Unknown
            }
            other => {
                self.runs_unknown(other, at);
                Feed::Unknown
            }
        }
    }

    /// Something is run that cannot be read here.
    pub(super) fn runs_unknown(&mut self, feed: &Feed, at: &std::ops::Range<usize>) {
        let (rule, risk, message) = match feed {
            Feed::Network => ("remote.run", Risk::Dangerous, "runs what a server sends, unread"),
            Feed::Unknown | Feed::Secret | Feed::Endless => {
                ("shell.unknown-code", Risk::Dangerous, "runs a text that is only known when it is made")
            }
            Feed::File => ("shell.script", Risk::Caution, "runs a script, which was not looked into"),
            Feed::Trusted => ("shell.setup", Risk::Caution, "runs the set-up code a program prints"),
            Feed::Nothing | Feed::Text(..) => return,
        };
        self.verdict.report(rule, risk, at.clone(), message);
    }

    /// `eval`, `iex`: all arguments are one script.
    pub(super) fn eval(&mut self, shell: Shell, args: &[Arg], scope: &mut Scope, feed: &Feed) -> Feed {
        match args {
            [] => Feed::Nothing,
            [only] => self.script_argument(shell, only, scope, feed),
            [first, .., last] => {
                let text = args.iter().map(|arg| arg.text.as_str()).collect::<Vec<_>>().join(" ");
                let tainted = args.iter().map(|arg| arg.feed.clone()).reduce(Feed::then).unwrap_or_default();
                // Arguments that stand side by side are a slice of the text as they are.
                let span = first.span.start..last.span.end.max(first.span.start);
                let origin = match &first.origin {
                    Origin::Shift(at) if span.len() == text.len() => Origin::Shift(*at),
                    _ => Origin::Fixed(span.clone()),
                };
                let joined = Arg { text, span, origin, feed: tainted, pattern: None };
                self.script_argument(shell, &joined, scope, feed)
            }
        }
    }

    /// `python -c`, `perl -e` and the like; what it prints, or `None` when `name` is no interpreter.
    pub(super) fn interpreter(
        &mut self,
        name: &str,
        args: &[Arg],
        at: &std::ops::Range<usize>,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        let language = Language::of(name)?;
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            let text = arg.text.as_str();
            if matches!(text, "--version" | "-V" | "--help" | "-h" | "-v") && args.len() == 1 {
                self.verdict.harmless();
                return Some(Feed::Unknown);
            }
            if text == "-m" && language == Language::Python {
                rules::code::python_module(rest.as_slice(), at.clone(), scope.cwd(), self.context, &mut self.verdict);
                return Some(Feed::Unknown);
            }
            if language == Language::Php && text.starts_with("-S") {
                rules::code::php_server(text, rest.as_slice(), at.clone(), &mut self.verdict);
                return Some(Feed::Unknown);
            }
            rules::code::option(language, arg, at, &mut self.verdict);
            if let Some(code) = language.code_option(arg, &mut rest) {
                if rules::code::in_place(language, args) {
                    for file in rest.as_slice().iter().filter(|file| !file.is_option()) {
                        rules::overwrite::edited(file, scope.cwd(), self.context, &mut self.verdict);
                    }
                }
                if code.feed != Feed::Nothing {
                    self.runs_unknown(&code.feed, at);
                } else if code.text.trim() == super::HOLE.to_string() {
                    self.runs_unknown(&Feed::Unknown, at);
                }
                return Some(self.code(language, args, &code.text, &code.span, scope));
            }
            if text == "-" || (!text.starts_with('-') && arg.feed != Feed::Nothing) {
                let feed = if text == "-" { feed } else { &arg.feed };
                return Some(self.code_feed(language, args, feed, at, scope));
            }
            if !text.starts_with('-') {
                rules::code::script(text, rest.as_slice(), at, &mut self.verdict);
                let written = scope.file(text);
                return Some(self.code_feed(language, args, &written, at, scope));
            }
        }
        Some(self.code_feed(language, args, feed, at, scope))
    }

    fn code_feed(
        &mut self,
        language: Language,
        args: &[Arg],
        feed: &Feed,
        at: &std::ops::Range<usize>,
        scope: &mut Scope,
    ) -> Feed {
        match feed {
            Feed::Text(text, origin) => {
                let span = origin.span(&(0..text.len()));
                let span = if span.is_empty() { at.clone() } else { span };
                return self.code(language, args, text, &span, scope);
            }
            Feed::Nothing => self.verdict.report("shell.opened", Risk::Caution, at.clone(), "opens an interpreter"),
            other => self.runs_unknown(other, at),
        }
        Feed::Unknown
    }

    fn code(
        &mut self,
        language: Language,
        args: &[Arg],
        text: &str,
        span: &std::ops::Range<usize>,
        scope: &mut Scope,
    ) -> Feed {
        rules::code::judge(language, args, text, span.clone(), &mut self.verdict);
        self.embedded(language, text, span, scope);
        rules::code::printed(text).map_or(Feed::Unknown, |text| Feed::Text(text, Origin::Fixed(span.clone())))
    }

    /// The commands and paths in a piece of code, where they are worse than the code itself looks.
    pub(super) fn embedded(
        &mut self,
        language: Language,
        text: &str,
        span: &std::ops::Range<usize>,
        scope: &mut Scope,
    ) {
        if rules::code::printed(text).is_some() {
            return;
        }
        let before = self.verdict.findings.len();
        if rules::code::executes(language, text) {
            for command in rules::code::commands(text).into_iter().take(16) {
                let frame = Frame { shell: Shell::Bash, origin: Origin::Fixed(span.clone()) };
                drop(self.text(&command, &frame, &mut scope.clone(), &Feed::Nothing));
            }
        }
        rules::code::destroys(language, text, span, scope.cwd(), self.context, &mut self.verdict);
        // Most strings in code are no commands: only what no string says by chance counts.
        let mut at = 0;
        self.verdict.findings.retain(|finding| {
            at += 1;
            at <= before || finding.risk == Risk::Blocked
        });
        self.verdict.recognized = true;
    }
}
