//! Follows a script through variables, substitutions, wrappers and nested shells to the commands that would really run.
//!
//! Invariant: nothing is ever executed or looked up; what cannot be known is a [`HOLE`], and a hole where a program should be
//! is a finding. Work is bounded by [`FUEL`] and [`DEEPEST`] whatever the text.

use std::ops::Range;
use std::rc::Rc;

use super::place::HOLE;
use super::verdict::Verdict;
use super::{Risk, rules, touch};
use crate::context::Context;
use crate::shell::syntax::{Command, Compound, CompoundKind, Pipeline, Redirect, RedirectKind, Script, Simple, Word};
use crate::shell::{Shell, parse};

mod assign;
mod builtin;
mod carried;
mod carrier;
mod each;
mod expand;
mod feed;
mod invoke;
mod loops;
mod nested;
mod runner;
mod scope;
mod wrapper;

pub(crate) use feed::{Feed, endless};
use scope::Function;
pub(crate) use scope::Scope;

/// Commands evaluated at most; a line that needs more is not one a person has read.
const FUEL: u32 = 2000;
/// Bytes parsed at most, nested scripts included: each level of `eval` is the rest of the line once more.
const MOST_PARSED: usize = 96 * 1024;
/// A text costs as much time as this many bytes of one, however short it is.
const LEAST_PARSED: usize = 128;
/// Nested scripts and wrappers at most.
const DEEPEST: u32 = 16;

/// How positions in a script relate to the text the user sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The script is a slice of it that starts at this byte.
    Shift(usize),
    /// The script was put together; all of it stems from this stretch.
    Fixed(Range<usize>),
}

impl Origin {
    pub(crate) fn span(&self, local: &Range<usize>) -> Range<usize> {
        match self {
            Self::Shift(by) => local.start + by..local.end + by,
            Self::Fixed(span) => span.clone(),
        }
    }

    /// The origin of a script inside a word at `local`: at `offset` in its source, or put together from it.
    fn inside(&self, local: &Range<usize>, offset: Option<usize>) -> Self {
        match (self, offset) {
            (Self::Shift(by), Some(offset)) => Self::Shift(by + local.start + offset),
            _ => Self::Fixed(self.span(local)),
        }
    }
}

/// The script at hand: whose syntax it has and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) shell: Shell,
    pub(crate) origin: Origin,
}

/// One argument after expansion.
#[derive(Debug, Clone)]
pub(crate) struct Arg {
    /// The text, with [`HOLE`] for what is not known.
    pub(crate) text: String,
    /// Where it comes from, in the judged text.
    pub(crate) span: Range<usize>,
    /// How positions inside `text` relate to the judged text.
    pub(crate) origin: Origin,
    /// What a substitution in it delivers, when that matters: `<(curl …)`, `"$(curl …)"`.
    pub(crate) feed: Feed,
    /// The text as a pattern when the shell expands wildcards in it; those that were quoted are escaped with `\\`.
    pub(crate) pattern: Option<String>,
}

impl Arg {
    /// Whether part of the text cannot be known.
    pub(crate) fn is_unknown(&self) -> bool {
        self.text.contains(HOLE)
    }

    /// Whether it is an option and not just a dash.
    pub(crate) fn is_option(&self) -> bool {
        self.text.len() > 1 && self.text.starts_with('-')
    }
}

/// One command that would run, wrappers taken off.
pub(crate) struct Invocation<'a> {
    /// Name of the program without its folder; in lower case for Windows shells.
    pub(crate) name: &'a str,
    pub(crate) args: &'a [Arg],
    /// The stretch of the judged text that is this command.
    pub(crate) span: Range<usize>,
    /// What it reads.
    pub(crate) feed: &'a Feed,
    pub(crate) cwd: Option<&'a str>,
    pub(crate) shell: Shell,
    pub(crate) context: &'a Context,
}

/// Walks a script and lets the rules judge each command of it.
pub(crate) struct Evaluator<'c> {
    pub(crate) context: &'c Context,
    pub(crate) verdict: Verdict,
    fuel: u32,
    depth: u32,
    parsed: usize,
}

impl<'c> Evaluator<'c> {
    pub(crate) const fn new(context: &'c Context) -> Self {
        Self { context, verdict: Verdict::new(), fuel: FUEL, depth: 0, parsed: 0 }
    }

    /// Evaluates a text of its own: the line itself, the argument of `sh -c`, a substitution. Returns what it prints.
    pub(crate) fn text(&mut self, source: &str, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        self.parsed += source.len().max(LEAST_PARSED);
        if self.depth >= DEEPEST || self.parsed > MOST_PARSED {
            self.too_deep(frame, source);
            return Feed::Unknown;
        }
        if frame.shell == Shell::PowerShell
            && let Some(value) = Self::constant(source, scope)
        {
            let span = frame.origin.span(&(0..source.len()));
            return Feed::Text(value, Origin::Fixed(span));
        }
        rules::process::endless_text(frame.shell, source, frame.origin.span(&(0..source.len())), &mut self.verdict);
        let parsed = parse(frame.shell, source);
        if !parsed.complete {
            let span = frame.origin.span(&(0..source.len()));
            self.verdict.report(
                "text.unparsed",
                Risk::Dangerous,
                span,
                "this is not a complete command line, so what it does is not known",
            );
        }
        self.depth += 1;
        let out = self.script(&parsed.script, frame, scope, feed);
        self.depth -= 1;
        out
    }

    fn too_deep(&mut self, frame: &Frame, source: &str) {
        let span = frame.origin.span(&(0..source.len()));
        self.verdict.report("text.too-deep", Risk::Dangerous, span, "nested deeper than anyone can follow");
    }

    fn script(&mut self, script: &Script, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let mut out = Feed::Nothing;
        let mut pipelines = script.pipelines.iter();
        while let Some(pipeline) = pipelines.next() {
            match self.loop_head(pipeline, frame, scope) {
                Some(loops::Head::Whole) => {}
                Some(loops::Head::ListFollows(name)) => self.loop_list(&name, pipelines.next(), frame, scope),
                None => out = out.then(self.pipeline(pipeline, frame, scope, feed)),
            }
        }
        out
    }

    fn pipeline(&mut self, pipeline: &Pipeline, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let mut current = feed.clone();
        self.verdict.found = None;
        if self.fuel == 0 {
            return Feed::Unknown;
        }
        for command in &pipeline.commands {
            current = self.command(command, frame, scope, &current);
        }
        current
    }

    fn command(&mut self, command: &Command, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        match command {
            Command::Simple(simple) => self.simple(simple, frame, scope, feed),
            Command::Compound(compound) => self.compound(compound, frame, scope, feed),
            Command::Function { name, body, span } => {
                let function = Function { name: name.clone(), body: Rc::new(body.clone()), frame: frame.clone() };
                rules::process::fork_bomb(name, body, frame.origin.span(span), &mut self.verdict);
                scope.functions.push(function);
                Feed::Nothing
            }
        }
    }

    fn compound(&mut self, compound: &Compound, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        let redirected = self.redirects(&compound.redirects, frame, scope);
        let feed = if redirected == Feed::Nothing { feed } else { &redirected };
        let words: Vec<Arg> = compound.words.iter().flat_map(|word| self.expand(word, frame, scope)).collect();
        match &compound.kind {
            CompoundKind::Group => self.bodies(&compound.bodies, frame, scope, feed),
            CompoundKind::Endless => {
                rules::process::endless(&compound.bodies, &frame.origin, &mut self.verdict);
                self.bodies(&compound.bodies, frame, scope, feed)
            }
            CompoundKind::Subshell => self.bodies(&compound.bodies, frame, &mut scope.clone(), feed),
            CompoundKind::For(variable) => {
                let mut out = Feed::Nothing;
                // The first few values stand for all: what is dangerous for one of a list is dangerous.
                for value in words.iter().take(8) {
                    scope.set(variable, value.text.clone());
                    out = out.then(self.bodies(&compound.bodies, frame, scope, feed));
                }
                if words.is_empty() {
                    scope.set(variable, HOLE.to_string());
                    out = self.bodies(&compound.bodies, frame, scope, feed);
                }
                out
            }
        }
    }

    fn bodies(&mut self, bodies: &[Script], frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        if self.depth >= 2 * DEEPEST {
            self.too_deep(frame, "");
            return Feed::Unknown;
        }
        self.depth += 1;
        let mut out = Feed::Nothing;
        for body in bodies {
            out = out.then(self.script(body, frame, scope, feed));
        }
        self.depth -= 1;
        out
    }

    fn simple(&mut self, simple: &Simple, frame: &Frame, scope: &mut Scope, feed: &Feed) -> Feed {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 {
            let span = frame.origin.span(&simple.span);
            self.verdict.report("text.too-long", Risk::Dangerous, span, "more commands than anyone can follow");
            return Feed::Unknown;
        }
        if frame.shell == Shell::PowerShell
            && let Some(out) = self.powershell_assignment(simple, frame, scope)
        {
            return out;
        }
        self.assignments(&simple.assignments, simple.words.is_empty(), frame, scope);
        let redirected = self.redirects(&simple.redirects, frame, scope);
        let feed = if redirected == Feed::Nothing { feed } else { &redirected };
        let args: Vec<Arg> = simple.words.iter().flat_map(|word| self.expand(word, frame, scope)).collect();
        let span = frame.origin.span(&simple.span);
        self.emptied(&args, simple, frame, scope);
        // `$(<file)`, and in zsh `< file` alone, print the file.
        let prints = args.is_empty() && simple.redirects.iter().any(|redirect| redirect.kind == RedirectKind::Read);
        let out = if prints { feed.clone() } else { self.invoke(args, span, frame, scope, feed) };
        self.remember_output(&simple.redirects, &out, frame, scope);
        out
    }

    /// `> file`, `: > file`, `cat /dev/null > file`: the only point is to empty it.
    fn emptied(&mut self, args: &[Arg], simple: &Simple, frame: &Frame, scope: &mut Scope) {
        let words: Vec<&str> = args.iter().map(|arg| arg.text.as_str()).collect();
        let silent = matches!(
            words.as_slice(),
            [] | [":" | "true" | "" | "$null"]
                | ["type" | "copy", "nul"]
                | ["cat", "/dev/null"]
                | ["echo", "-n" | ""]
                | ["echo", "-n", ""]
                | ["printf", ""]
        );
        // `< file` alone, or with an assignment, is no emptying of what is written to elsewhere.
        if !silent
            || simple.redirects.iter().any(|redirect| redirect.kind != RedirectKind::Write)
            || !simple.assignments.is_empty()
        {
            return;
        }
        for redirect in &simple.redirects {
            for target in self.expand(&redirect.target, frame, &mut scope.clone()) {
                rules::overwrite::emptied(&target, scope.cwd(), self.context, &mut self.verdict);
            }
        }
    }

    /// Judges where a command's output goes; returns what its input comes from, when that is redirected too.
    fn redirects(&mut self, redirects: &[Redirect], frame: &Frame, scope: &mut Scope) -> Feed {
        let mut feed = Feed::Nothing;
        for redirect in redirects {
            match redirect.kind {
                RedirectKind::HereDocument | RedirectKind::QuotedHereDocument => {
                    feed = self.document(&redirect.target, redirect.kind, frame, scope);
                }
                RedirectKind::HereString => {
                    let mut args = self.expand_assigned(&redirect.target, frame, scope).into_iter();
                    feed = args.next().map_or(Feed::Nothing, |arg| match arg.feed {
                        Feed::Nothing if !arg.is_unknown() => Feed::Text(arg.text, arg.origin),
                        Feed::Nothing => Feed::Unknown,
                        known => known,
                    });
                }
                RedirectKind::Duplicate => {}
                RedirectKind::Read | RedirectKind::Write | RedirectKind::Append | RedirectKind::ReadWrite => {
                    for arg in self.expand(&redirect.target, frame, scope) {
                        let reads = redirect.kind == RedirectKind::Read;
                        if reads {
                            feed = match scope.file(&arg.text) {
                                _ if arg.text == "/dev/null" => {
                                    Feed::Text(String::new(), Origin::Fixed(arg.span.clone()))
                                }
                                _ if arg.feed != Feed::Nothing => arg.feed.clone(),
                                Feed::File if invoke::is_private(&arg.text, scope.cwd(), self.context) => Feed::Secret,
                                known => known,
                            };
                        }
                        rules::overwrite::redirect(redirect.kind, &arg, scope.cwd(), self.context, &mut self.verdict);
                        if redirect.kind == RedirectKind::Write && scope.is_here() {
                            touch::written(&arg, scope.cwd(), &mut self.verdict);
                        }
                    }
                }
            }
        }
        feed
    }

    fn document(&mut self, target: &Word, kind: RedirectKind, frame: &Frame, scope: &mut Scope) -> Feed {
        let origin = frame.origin.inside(&target.span, (target.span.len() == target.source.len()).then_some(0));
        if kind == RedirectKind::QuotedHereDocument || !target.source.contains(['$', '`']) {
            return Feed::Text(target.source.clone(), origin);
        }
        let text = self.expand_document(target, frame, scope);
        if text.contains(HOLE) {
            Feed::Text(text, origin)
        } else {
            Feed::Text(text, Origin::Fixed(frame.origin.span(&target.span)))
        }
    }

    /// `echo … > x.sh; sh x.sh`: what was written is what runs.
    fn remember_output(&mut self, redirects: &[Redirect], out: &Feed, frame: &Frame, scope: &mut Scope) {
        for redirect in redirects {
            if matches!(redirect.kind, RedirectKind::Write | RedirectKind::Append) && *out != Feed::Nothing {
                for arg in self.expand(&redirect.target, frame, &mut scope.clone()) {
                    if *out == Feed::Endless {
                        rules::overwrite::filled(&arg, scope.cwd(), self.context, &mut self.verdict);
                    }
                    scope.write_file(&arg.text, out.clone());
                }
            }
        }
    }
}
