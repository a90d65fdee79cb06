//! One command after expansion: names, aliases, functions, wrappers, shells, and at last the rules.

use std::ops::Range;
use std::rc::Rc;

use super::nested::shell_named;
use super::{Arg, DEEPEST, Evaluator, Feed, Frame, HOLE, Invocation, Scope};
use crate::safety::place::Place;
use crate::safety::{Risk, rules, touch};
use crate::shell::Shell;

/// One command as it is written, after expansion.
#[derive(Clone, Copy)]
struct Line<'a> {
    program: &'a Arg,
    rest: &'a [Arg],
    span: &'a Range<usize>,
}

impl Evaluator<'_> {
    /// Evaluates one command. Returns what it prints.
    pub(super) fn invoke(
        &mut self,
        args: Vec<Arg>,
        span: Range<usize>,
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        let mut args = args;
        // Without the call operator a string or a variable is a value in PowerShell, and not a program.
        let called = frame.shell == Shell::PowerShell
            && args.len() > 1
            && args.first().is_some_and(|arg| matches!(arg.text.as_str(), "&" | "."));
        if called {
            args.remove(0);
        }
        // `.('ri')` and `&$x`: the operator and what it calls without a blank.
        let glued = frame.shell == Shell::PowerShell
            && !called
            && args.first().is_some_and(|arg| {
                let mut chars = arg.text.chars();
                matches!(chars.next(), Some('.' | '&'))
                    && chars
                        .next()
                        .is_some_and(|c| c == HOLE || c.is_alphabetic() && arg.span.len() > arg.text.len() + 1)
            });
        if glued && let Some(first) = args.first_mut() {
            first.text.remove(0);
        }
        let called = called || glued;
        let Some((program, rest)) = args.split_first() else { return Feed::Nothing };
        if self.depth >= 2 * DEEPEST {
            self.verdict.report("text.too-deep", Risk::Dangerous, span, "nested deeper than anyone can follow");
            return Feed::Unknown;
        }
        self.depth += 1;
        let outer = self.verdict.enter(&program.text, &span);
        let value = (frame.shell == Shell::PowerShell && !called)
            .then(|| rules::windows::expression(program, rest, &span, feed, self.context, &mut self.verdict))
            .flatten();
        if let Some((_, call)) = program.text.split_once("DownloadFile(").filter(|_| value.is_some()) {
            let file = call.trim_end_matches(')').rsplit([' ', ',']).next().unwrap_or_default();
            scope.write_file(file.trim_matches(['\'', '"']), Feed::Network);
        }
        let out = value.unwrap_or_else(|| self.resolved(program, rest, &span, frame, scope, feed));
        self.verdict.leave(outer);
        self.depth -= 1;
        out
    }

    fn resolved(
        &mut self,
        program: &Arg,
        rest: &[Arg],
        span: &Range<usize>,
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        let windows = matches!(frame.shell, Shell::PowerShell | Shell::Cmd);
        if frame.shell == Shell::Cmd
            && let Some(out) = self.cmd_forms(program, rest, span, frame, scope, feed)
        {
            return out;
        }
        // A script of the old way to start and stop services.
        if let Some(service) =
            program.text.strip_prefix("/etc/init.d/").or_else(|| program.text.strip_prefix("/etc/rc.d/"))
            && !windows
            && !service.is_empty()
        {
            let named = |text: &str| Arg { text: text.to_owned(), ..program.clone() };
            let line = [&[named(service)], rest].concat();
            return self.judge("service", Line { program: &named("service"), rest: &line, span }, frame, scope, feed);
        }
        let name = base_name(&program.text, windows);
        let name = if frame.shell == Shell::Zsh { name.trim_start_matches('=').to_owned() } else { name };
        if name.contains([HOLE, '*', '?', '[']) && !matches!(name.as_str(), "[" | "[[" | "?") {
            self.unknown_program(program);
            // The likeliest meaning is judged too: `/b*n/rm` names rm, a hole names nothing.
            return Feed::Unknown;
        }
        if let Some(function) = scope.functions.iter().rev().find(|function| function.name == name).cloned() {
            return self.call(&function.name, &Rc::clone(&function.body), &function.frame, rest, scope, feed);
        }
        if let Some(at) = scope.aliases.iter().rposition(|(alias, _)| *alias == name) {
            let (_, value) = scope.aliases[at].clone();
            let mut without = scope.clone();
            without.aliases.truncate(at);
            return self.aliased(&value, program, rest, frame, &mut without, feed);
        }
        if matches!(name.as_str(), "printf" | "declare" | "typeset" | "local" | "read" | "unset" | "let" | "test" | "[")
        {
            // What printf prints is text; only `-v` names a variable.
            let names = if name != "printf" {
                rest
            } else if rest.first().is_some_and(|arg| arg.text == "-v") {
                &rest[..rest.len().min(2)]
            } else {
                &[]
            };
            self.subscripts(names, frame, scope);
        }
        if let Some(out) = self.builtin(&name, rest, span, frame, scope, feed) {
            return out;
        }
        if let Some(out) = self.wrapper(&name, rest, frame, scope, feed) {
            if matches!(name.as_str(), "sudo" | "doas" | "pkexec") {
                self.verdict.read_without_rights(span);
            }
            return out;
        }
        match shell_named(&name) {
            Some(Shell::PowerShell) => return self.powershell(rest, span, scope, feed),
            Some(Shell::Cmd) => return self.cmd(rest, span, scope, feed),
            Some(shell) => return self.shell(shell, rest, span, scope, feed),
            None => {}
        }
        if let Some(out) = self.carrier(&name, rest, frame, scope, feed) {
            return out;
        }
        if let Some(out) = self.interpreter(&name, rest, span, scope, feed) {
            return out;
        }
        self.carried(&name, rest, scope, feed);
        self.judge(&name, Line { program, rest, span }, frame, scope, feed)
    }

    fn judge(&mut self, name: &str, line: Line<'_>, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let Line { program, rest, span } = line;
        let shell = frame.shell;
        self.verdict.recognized = false;
        let written = scope.file(&program.text);
        if written != Feed::File {
            self.sink(shell, &written, span, scope);
        }
        if matches!(name, "start-process" | "saps" | "start" | "open" | "xdg-open" | "invoke-item" | "ii") {
            for file in rest.iter().filter(|file| scope.file(&file.text) == Feed::Network) {
                self.runs_unknown(&Feed::Network, &file.span);
            }
        }
        let cwd = scope.cwd().map(str::to_owned);
        let cwd = cwd.as_deref();
        let known = self.known_files(rest, cwd, scope);
        let rest = known.as_deref().unwrap_or(rest);
        let invocation = Invocation { name, args: rest, span: span.clone(), feed, cwd, shell, context: self.context };
        // What was put together stands nowhere in the line, and so cannot be replaced there.
        let slice = matches!(program.origin, super::Origin::Shift(_));
        let offered = if slice { None } else { self.verdict.replacement.take() };
        let known_program = rules::judge(&invocation, &mut self.verdict);
        if !slice {
            self.verdict.replacement = offered;
        }
        if !known_program {
            self.suspected(rest, frame, scope);
        }
        if scope.is_here() {
            touch::of(&invocation, &mut self.verdict);
        }
        rules::download::remember(&invocation, scope);
        feed.through(if shell == Shell::PowerShell { full_name(name) } else { name }, rest, cwd)
    }

    /// The arguments with what is known of the files they name: downloaded by this line, or nobody else's business.
    fn known_files(&self, args: &[Arg], cwd: Option<&str>, scope: &Scope) -> Option<Vec<Arg>> {
        let mut known: Option<Vec<Arg>> = None;
        for (at, arg) in args.iter().take(MOST_NAMED).enumerate().filter(|(_, arg)| arg.feed == Feed::Nothing) {
            let file = arg.text.rsplit_once(['@', '=']).map_or(arg.text.as_str(), |(_, file)| file);
            let feed = match scope.file(file) {
                feed @ (Feed::Network | Feed::Secret) => feed,
                _ if is_private(file, cwd, self.context) => Feed::Secret,
                _ => continue,
            };
            known.get_or_insert_with(|| args.to_vec())[at].feed = feed;
        }
        known
    }

    fn call(
        &mut self,
        name: &str,
        body: &Rc<crate::shell::syntax::Script>,
        frame: &Frame,
        rest: &[Arg],
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        let mut inside = scope.clone();
        // A function that calls itself is evaluated once.
        inside.functions.retain(|function| function.name != name);
        inside.positional = Some(rest.iter().map(|arg| arg.text.clone()).collect());
        self.script(body, frame, &mut inside, feed)
    }

    fn aliased(
        &mut self,
        value: &str,
        program: &Arg,
        rest: &[Arg],
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Feed {
        let mut line: Vec<Arg> =
            value.split_whitespace().map(|text| Arg { text: text.to_owned(), ..program.clone() }).collect();
        if value.contains([';', '|', '&', '$', '`', '\'', '"']) {
            let script =
                Arg { text: value.to_owned(), origin: super::Origin::Fixed(program.span.clone()), ..program.clone() };
            return self.script_argument(frame.shell, &script, scope, feed);
        }
        line.extend(rest.iter().cloned());
        let span = program.span.start..rest.last().map_or(program.span.end, |last| last.span.end.max(program.span.end));
        self.invoke(line, span, frame, scope, feed)
    }

    /// The subscript of a variable is evaluated wherever its name is taken, quoted or not: `printf -v 'x[$(ls)]'`.
    fn subscripts(&mut self, args: &[Arg], frame: &Frame, scope: &mut Scope) {
        for arg in args {
            let Some((_, inside)) = arg.text.split_once("[$(") else { continue };
            let Some((command, _)) = inside.rsplit_once(")]") else { continue };
            let origin = super::Origin::Fixed(arg.span.clone());
            let script = Arg { text: command.to_owned(), origin, ..arg.clone() };
            self.script_argument(frame.shell, &script, &mut scope.clone(), &Feed::Nothing);
        }
    }

    fn powershell(&mut self, args: &[Arg], span: &Range<usize>, scope: &mut Scope, feed: &Feed) -> Feed {
        let given = |arg: &Arg, least: &str, name: &str| {
            let text = arg.text.to_ascii_lowercase();
            text.strip_prefix(['-', '/']).is_some_and(|text| name.starts_with(text) && text.starts_with(least))
        };
        if let Some(at) = args.iter().position(|arg| given(arg, "e", "encodedcommand") || given(arg, "ec", "ec")) {
            let text = args.get(at + 1).map_or(span.clone(), |arg| arg.span.clone());
            self.verdict.report(
                "shell.encoded",
                Risk::Dangerous,
                text,
                "the command is encoded so that nobody can read it",
            );
            return Feed::Unknown;
        }
        let command = args.iter().position(|arg| given(arg, "c", "command"));
        let first = args.iter().position(|arg| !arg.text.starts_with(['-', '/']));
        match (command, first) {
            (Some(at), _) => self.eval(Shell::PowerShell, &args[at + 1..], scope, feed),
            (None, Some(_)) if args.iter().any(|arg| given(arg, "f", "file")) => {
                self.runs_unknown(&Feed::File, span);
                Feed::Unknown
            }
            (None, Some(at)) => self.eval(Shell::PowerShell, &args[at..], scope, feed),
            (None, None) => self.sink(Shell::PowerShell, feed, span, scope),
        }
    }

    /// What only cmd has: switches glued to the name, `call`, `start`, conditions, a batch file that starts itself.
    fn cmd_forms(
        &mut self,
        program: &Arg,
        rest: &[Arg],
        span: &Range<usize>,
        frame: &Frame,
        scope: &mut Scope,
        feed: &Feed,
    ) -> Option<Feed> {
        let lower = program.text.to_ascii_lowercase();
        if let Some((name, switches)) = lower.split_once('/')
            && matches!(
                name,
                "del"
                    | "erase"
                    | "rd"
                    | "rmdir"
                    | "format"
                    | "copy"
                    | "xcopy"
                    | "move"
                    | "attrib"
                    | "cd"
                    | "dir"
                    | "start"
                    | "call"
            )
        {
            let mut line = vec![Arg { text: name.to_owned(), ..program.clone() }];
            line.push(Arg { text: format!("/{switches}"), ..program.clone() });
            line.extend(rest.iter().cloned());
            return Some(self.invoke(line, span.clone(), frame, scope, feed));
        }
        let command = match lower.as_str() {
            "%0" | "%~0" => {
                let message = "starts itself without end, until the machine stands still";
                self.verdict.report("process.fork-bomb", Risk::Dangerous, span.clone(), message);
                return Some(Feed::Nothing);
            }
            "call" => rest,
            "exist" | "defined" | "errorlevel" => rest.get(1..)?,
            "start" => {
                let titled =
                    rest.first().is_some_and(|first| first.text.is_empty() || first.span.len() > first.text.len());
                let at = rest.iter().skip(usize::from(titled)).position(|arg| !arg.text.starts_with('/'));
                rest.get(at? + usize::from(titled)..)?
            }
            _ => return None,
        };
        let first = command.first().filter(|first| !first.text.starts_with(':'))?;
        if scope.file(&first.text) == Feed::Network {
            self.runs_unknown(&Feed::Network, &first.span);
        }
        Some(self.run_slice(command, frame, scope, feed))
    }

    fn cmd(&mut self, args: &[Arg], span: &Range<usize>, scope: &mut Scope, feed: &Feed) -> Feed {
        let at = args.iter().position(|arg| matches!(arg.text.to_ascii_lowercase().as_str(), "/c" | "/k" | "/r"));
        match at {
            Some(at) => self.eval(Shell::Cmd, &args[at + 1..], scope, feed),
            None => self.sink(Shell::Cmd, feed, span, scope),
        }
    }
}

/// The cmdlet behind an alias, as far as it matters to what is printed.
fn full_name(name: &str) -> &str {
    match name {
        "ls" | "dir" | "gci" => "get-childitem",
        "cat" | "gc" | "type" => "get-content",
        "echo" | "write" => "write-output",
        other => other,
    }
}

/// Arguments looked at for files known by name; more are a list nobody typed.
const MOST_NAMED: usize = 256;

/// A file that holds keys, passwords or what was typed. Public keys and settings beside them are not meant.
pub(super) fn is_private(file: &str, cwd: Option<&str>, context: &crate::context::Context) -> bool {
    let suspicious = file.contains(['.', '/', '~', '_']) && !file.starts_with('-');
    suspicious
        && (Place::of(file, cwd, context) == Place::Secret || file == "/etc/shadow" || file.ends_with("/etc/passwd"))
        && ![".pub", "/config", "/known_hosts", "/authorized_keys"].iter().any(|end| file.ends_with(end))
}

/// The program's name without its folder, and for Windows without its extension and in lower case.
fn base_name(program: &str, windows: bool) -> String {
    if !windows {
        let base = program.rsplit('/').next().unwrap_or(program);
        return base.strip_suffix(".exe").unwrap_or(base).to_owned();
    }
    let base = program.rsplit(['/', '\\']).next().unwrap_or(program).to_ascii_lowercase();
    [".exe", ".com", ".cmd", ".bat"].iter().find_map(|end| base.strip_suffix(end)).unwrap_or(&base).to_owned()
}
