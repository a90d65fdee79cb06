//! Which files a command would touch: plain data for whoever may look at them, told from the arguments alone.
//!
//! Nothing here raises or lowers a risk, and nothing is looked up: a path is what the shell would hand to the program, made
//! absolute where the folder is known. What is not known is [`Reach::Unknown`], so that a count can say that it is not all.

use std::ops::Range;

use super::evaluate::{Arg, Invocation};
use super::options::{Options, Parameters};
use super::place::HOLE;
use super::verdict::Verdict;
use crate::shell::Shell;

mod search;

pub use search::{Search, Test};

// As many as anybody reads; a line of ten thousand removals is counted as far as this goes.
const MOST_TOUCHES: usize = 64;

/// What a command does to files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Removes them for good.
    Delete,
    /// Empties them or writes over them.
    Overwrite,
    /// Moves or renames them.
    Move,
    /// Changes their permissions or their owner.
    Permissions,
}

/// Which files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// One path, as the program gets it; `~` at its start is the home folder.
    Path(String),
    /// Whatever the shell's pattern stands for; literal wildcards are escaped with `\`.
    Pattern {
        /// The pattern, with `~` for the home folder.
        text: String,
        /// Whether `**` goes through folders.
        deep: bool,
    },
    /// Files that are in the way of what is copied or moved to `destination`.
    Landing {
        /// A file, or a folder the sources go into.
        destination: String,
        /// Names of what arrives.
        names: Vec<String>,
    },
    /// What `find` finds.
    Found(Box<Search>),
    /// Only known when it runs.
    Unknown,
}

/// One thing a command would touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// What happens to it.
    pub effect: Effect,
    /// Which files.
    pub reach: Reach,
    /// Whether folders go with everything in them; without it folders are left alone.
    pub recursive: bool,
    /// Where it stands, in the judged text.
    pub span: Range<usize>,
}

/// A redirection that empties `target`.
pub(crate) fn written(target: &Arg, cwd: Option<&str>, verdict: &mut Verdict) {
    // A redirection takes the one file of that name, wildcards or not.
    note(Effect::Overwrite, path(&target.text, cwd), false, target, verdict);
}

/// What one command touches.
pub(crate) fn of(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let (found, before) = (verdict.found.take(), verdict.touches.len());
    told(invocation, verdict);
    // `find … | xargs rm`: what xargs puts in stands where the program does, for want of a place of its own.
    let Some(found) = found else { return };
    let taken = |touch: &&mut Touch| touch.reach == Reach::Unknown && touch.span.start == invocation.span.start;
    for touch in verdict.touches[before..].iter_mut().filter(taken) {
        touch.reach = Reach::Found(found.clone());
    }
}

/// What its arguments say.
fn told(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.shell == Shell::Cmd {
        return;
    }
    if invocation.shell == Shell::PowerShell {
        return cmdlet(invocation, verdict);
    }
    match invocation.name {
        "rm" | "grm" | "unlink" | "zf_rm" | "srm" => {
            let options = parsed(invocation, "", &[]);
            let recursive = options.any("rR", "r|ecursive");
            each(Effect::Delete, recursive, &options, invocation, verdict);
        }
        "shred" => {
            let options = parsed(invocation, "ns", &["--iterations", "--size", "--random-source"]);
            each(Effect::Overwrite, false, &options, invocation, verdict);
        }
        "truncate" => {
            let options = parsed(invocation, "sr", &["--size", "--reference"]);
            let grows = options.value('s', "s|ize").is_some_and(|size| size.starts_with(['+', '>']));
            if !grows {
                each(Effect::Overwrite, false, &options, invocation, verdict);
            }
        }
        "tee" | "sponge" => {
            let options = parsed(invocation, "", &[]);
            if !options.any("a", "append") {
                each(Effect::Overwrite, false, &options, invocation, verdict);
            }
        }
        "chmod" | "chown" | "chgrp" | "gchmod" | "gchown" => permissions(invocation, verdict),
        "mv" | "gmv" | "cp" | "gcp" | "install" => transfer(invocation, verdict),
        "dd" => {
            for arg in invocation.args {
                if let Some(file) = arg.text.strip_prefix("of=") {
                    note(Effect::Overwrite, path(file, invocation.cwd), false, arg, verdict);
                }
            }
        }
        "find" | "gfind" => search::of(invocation, verdict),
        _ => {}
    }
}

fn parsed<'a>(invocation: &Invocation<'a>, valued: &str, long_valued: &[&str]) -> Options<'a> {
    let mut options = Options::parse(invocation.args, valued, long_valued);
    if options.asks_for_help() {
        options.operands.clear();
    }
    options
}

fn each(effect: Effect, recursive: bool, options: &Options<'_>, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    for target in options.operands.iter().take(MOST_TOUCHES) {
        note(effect, reach(target, invocation), recursive, target, verdict);
    }
}

fn note(effect: Effect, reach: Reach, recursive: bool, at: &Arg, verdict: &mut Verdict) {
    // Devices are no files that are lost, and `/dev/null` is in every second line.
    let device = matches!(&reach, Reach::Path(path) if path.starts_with("/dev/"));
    if !device && verdict.touches.len() < MOST_TOUCHES {
        verdict.touches.push(Touch { effect, reach, recursive, span: at.span.clone() });
    }
}

fn permissions(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = parsed(invocation, "", &["--reference", "--from"]);
    // A mode may look like an option: `chmod -x file`.
    let is_mode = |arg: &&Arg| {
        invocation.name.ends_with("chmod")
            && arg.is_option()
            && !matches!(arg.text.as_str(), "-R" | "-v" | "-c" | "-f")
            && arg.text[1..].chars().all(|c| "rwxXstugo".contains(c))
    };
    let dashed = invocation.args.iter().find(is_mode);
    let recursive = options.long("r|ecursive")
        || invocation
            .args
            .iter()
            .any(|arg| arg.is_option() && !is_mode(&arg) && !arg.text.starts_with("--") && arg.text.contains('R'));
    let skip = usize::from(dashed.is_none() && !options.long("reference"));
    for target in options.operands.iter().skip(skip).take(MOST_TOUCHES) {
        note(Effect::Permissions, reach(target, invocation), recursive, target, verdict);
    }
}

/// `mv` and `cp`: what moves, and what is in the way where it arrives.
fn transfer(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let mut options = parsed(
        invocation,
        if invocation.name == "install" { "tSmog" } else { "tS" },
        &["--target-directory", "--suffix", "--mode", "--owner", "--group"],
    );
    let folder = options.value('t', "target-directory").map(str::to_owned);
    let last = if folder.is_none() && options.operands.len() > 1 { options.operands.pop() } else { None };
    if invocation.name.ends_with("mv") && (last.is_some() || folder.is_some()) {
        each(Effect::Move, true, &options, invocation, verdict);
    }
    // With these nothing is replaced, or not without a question, or not without a copy.
    let spares = options.any("nib", "n|o-clobber") || options.long("i|nteractive") || options.long("b|ackup");
    let makes_folders = invocation.name == "install" && options.any("d", "directory");
    let destination = folder.or_else(|| last.map(|last| last.text.clone()));
    let Some((destination, at)) = destination.zip(last.or(invocation.args.first())) else { return };
    if spares || makes_folders || options.operands.is_empty() {
        return;
    }
    let known = !options.operands.iter().any(|source| source.pattern.is_some() || source.is_unknown());
    let reach = match path(&destination, invocation.cwd) {
        Reach::Path(destination) if known => Reach::Landing {
            destination,
            names: options.operands.iter().filter_map(|source| name_of(&source.text)).collect(),
        },
        _ => Reach::Unknown,
    };
    note(Effect::Overwrite, reach, false, at, verdict);
}

fn name_of(path: &str) -> Option<String> {
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    (!matches!(name, "" | "." | ".." | "~")).then(|| name.to_owned())
}

/// `Remove-Item` by its many names; PowerShell expands wildcards itself.
fn cmdlet(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if !matches!(
        invocation.name,
        "remove-item" | "ri" | "rm" | "del" | "erase" | "rd" | "rmdir" | "clear-content" | "clc"
    ) {
        return;
    }
    let parameters = Parameters::parse(invocation.args);
    if parameters.has("wh|atif") || parameters.has("wi") {
        return;
    }
    // What these leave out is not known here.
    let narrowed = ["fi|lter", "i|nclude", "e|xclude"].iter().any(|name| parameters.has(name));
    let (literal, recursive) = (parameters.has("l|iteralpath"), parameters.has("r|ecurse"));
    let effect = if invocation.name.starts_with("cl") { Effect::Overwrite } else { Effect::Delete };
    for target in parameters.values.iter().take(MOST_TOUCHES) {
        let reach = match path(&target.text, invocation.cwd) {
            _ if narrowed => Reach::Unknown,
            Reach::Path(text) if text.contains(['*', '?', '[']) && !literal => Reach::Pattern { text, deep: false },
            other => other,
        };
        note(effect, reach, recursive, target, verdict);
    }
}

/// What an argument stands for.
fn reach(target: &Arg, invocation: &Invocation<'_>) -> Reach {
    // An argument that was put together from another has that one's pattern, which is not its own.
    let pattern = target.pattern.as_deref().filter(|pattern| unescaped(pattern) == target.text);
    let Some(pattern) = pattern else { return path(&target.text, invocation.cwd) };
    let deep = matches!(invocation.shell, Shell::Zsh | Shell::Fish);
    // Qualifiers of zsh and extended patterns: better no number than a wrong one.
    let qualified = pattern.contains('(') || invocation.shell == Shell::Zsh && pattern.contains(['^', '#', '~']);
    match path(pattern, invocation.cwd.map(escaped).as_deref()) {
        Reach::Path(text) if !qualified && !text.contains('{') => Reach::Pattern { text, deep },
        _ => Reach::Unknown,
    }
}

/// A path as the program gets it, seen from `cwd`.
fn path(text: &str, cwd: Option<&str>) -> Reach {
    // `~ann` is a home nobody here can know.
    if text.is_empty()
        || text.contains(HOLE)
        || text.starts_with('~') && !matches!(text.as_bytes().get(1), None | Some(b'/'))
    {
        return Reach::Unknown;
    }
    let bytes = text.as_bytes();
    let absolute = text.starts_with(['/', '~', '\\']) || bytes.get(1) == Some(&b':');
    match cwd {
        _ if absolute => Reach::Path(text.to_owned()),
        Some(cwd) if !cwd.contains(HOLE) => Reach::Path(format!("{}/{text}", cwd.trim_end_matches('/'))),
        _ => Reach::Unknown,
    }
}

fn unescaped(pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '[' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
