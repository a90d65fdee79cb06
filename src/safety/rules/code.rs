//! One-liners of interpreters: `python -c`, `perl -e`, `awk '…'`. Read for the calls that matter, not understood.

use std::ops::Range;

use super::{Arg, Invocation, Place, Risk, Rule, Verdict, rule};
use crate::context::Context;

mod literal;
mod words;

pub(crate) use literal::{commands, paths, printed};
use words::{CONNECTS, DELETES, EXECUTES, PRIVATE, SENDS, WRITES};

pub(super) const RULES: &[Rule] = &[
    rule("code.unread", "code in another language, which was only skimmed"),
    rule("code.deletes", "code that deletes or overwrites files"),
    rule("code.executes", "code that runs other programs or text as code"),
    rule("code.connects", "code that opens a connection and runs something"),
    rule("code.listens", "code that opens a port for others"),
];

/// A language with a one-liner option.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Python,
    Perl,
    Ruby,
    Node,
    Php,
    Other,
}

impl Language {
    /// The language of an interpreter.
    pub(crate) fn of(program: &str) -> Option<Self> {
        let stem = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        match stem {
            "python" | "pypy" | "ipython" | "py" => Some(Self::Python),
            "perl" => Some(Self::Perl),
            "ruby" | "irb" | "jruby" => Some(Self::Ruby),
            "node" | "nodejs" => Some(Self::Node),
            "php" => Some(Self::Php),
            "lua" | "luajit" | "Rscript" | "osascript" | "tclsh" | "wish" | "expect" | "guile" | "elixir" | "julia"
            | "groovy" | "scala" => Some(Self::Other),
            _ => None,
        }
    }

    /// The code, when `option` is the one that brings it.
    pub(crate) fn code_option<'a>(self, option: &'a Arg, rest: &mut std::slice::Iter<'a, Arg>) -> Option<Arg> {
        let text = option.text.as_str();
        let (flags, long): (&[char], &[&str]) = match self {
            Self::Python => (&['c'], &[]),
            Self::Perl => (&['e', 'E'], &[]),
            Self::Ruby => (&['e'], &[]),
            Self::Node => (&['e', 'p'], &["--eval", "--print"]),
            Self::Php => (&['r'], &["--run"]),
            Self::Other => (&['e', 'c'], &["--eval", "--execute"]),
        };
        if let Some(name) = long.iter().find(|name| text.starts_with(**name)) {
            let glued = text[name.len()..].strip_prefix('=');
            return glued
                .map_or_else(|| rest.next().cloned(), |code| Some(Arg { text: code.to_owned(), ..option.clone() }));
        }
        let bundle = text.strip_prefix('-').filter(|bundle| !bundle.starts_with('-'))?;
        let at = bundle.find(flags)?;
        // Only switches may stand before the one that takes the code: -we, -lane, -pe.
        if !bundle[..at].chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
            || at > 6
            || bundle.starts_with(['M', 'I', 'r']) && self != Self::Php
        {
            return None;
        }
        let glued = &bundle[at + 1..];
        if glued.is_empty() { rest.next().cloned() } else { Some(Arg { text: glued.to_owned(), ..option.clone() }) }
    }
}

/// Whether the files named after the code are changed in place: `perl -pi -e`.
pub(crate) fn in_place(language: Language, args: &[Arg]) -> bool {
    matches!(language, Language::Perl | Language::Ruby)
        && args.iter().any(|arg| {
            arg.text.starts_with("-i")
                || arg.is_option()
                    && !arg.text.starts_with("--")
                    && arg.text.len() < 6
                    && arg.text.contains('i')
                    && !arg.text.starts_with("-M")
                    && !arg.text.starts_with("-I")
        })
}

/// Judges a text in `language`.
pub(crate) fn judge(language: Language, args: &[Arg], code: &str, span: Range<usize>, verdict: &mut Verdict) {
    if printed(code).is_some() {
        return verdict.report("code.unread", Risk::Caution, span, "prints a text");
    }
    let says = |words: &[&str]| words.iter().any(|word| code.contains(word));
    if in_place(language, args) {
        verdict.report("overwrite.in-place", Risk::Caution, span.clone(), "changes files in place");
    }
    let executes = executes(language, code);
    let connects = says(CONNECTS);
    if connects && says(PRIVATE) && says(SENDS) {
        verdict.report("code.connects", Risk::Dangerous, span, "sends private files or settings to another machine");
    } else if connects && executes {
        verdict.report("code.connects", Risk::Dangerous, span, "connects to another machine and runs something");
    } else if says(DELETES) || language == Language::Other && contains_call(code, "rm") {
        verdict.report("code.deletes", Risk::Dangerous, span, "deletes or moves files");
    } else if executes {
        verdict.report("code.executes", Risk::Dangerous, span, "runs other programs, or text as code");
    } else if language == Language::Other && (code.contains("shut down") || code.contains("to restart")) {
        verdict.report("process.power", Risk::Dangerous, span, "switches the machine off or restarts it");
    } else if writes(code) {
        verdict.report("code.deletes", Risk::Dangerous, span, "writes files, over those that are there");
    } else {
        verdict.report("code.unread", Risk::Caution, span, "runs code in another language, which was only skimmed");
    }
}

/// Whether it runs other programs, or text as code.
pub(crate) fn executes(language: Language, code: &str) -> bool {
    // In Perl and Ruby a back-tick runs a program; in JavaScript it is a string.
    EXECUTES.iter().any(|word| match *word {
        "`" => matches!(language, Language::Perl | Language::Ruby | Language::Php) && code.contains('`'),
        "qx" => language == Language::Perl && code.contains("qx"),
        "%x" => language == Language::Ruby && code.contains("%x"),
        "system " | "exec " | "eval " | "fork" | "spawn " => {
            matches!(language, Language::Perl | Language::Ruby | Language::Other)
                && contains_call(code, word.trim_end())
        }
        other => code.contains(other),
    })
}

fn contains_call(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Whether it writes files. `'a'` alone may be anything; beside `open` it is the way a file is opened.
fn writes(code: &str) -> bool {
    WRITES.iter().any(|word| code.contains(word) && (!word.starts_with(['\'', '"']) || code.contains("open")))
}

/// Paths nobody can do without in code that deletes or writes.
pub(crate) fn destroys(
    language: Language,
    code: &str,
    span: &Range<usize>,
    cwd: Option<&str>,
    context: &Context,
    verdict: &mut Verdict,
) {
    let says = |words: &[&str]| words.iter().any(|word| code.contains(word));
    let deletes = says(DELETES) || language == Language::Other && contains_call(code, "rm");
    let writes = writes(code);
    if !deletes && !writes {
        return;
    }
    for path in paths(code) {
        let place = Place::of(&path, cwd, context);
        if deletes && place.is_catastrophic() || matches!(place, Place::Vital | Place::Disk) && writes {
            let message = format!("deletes or overwrites {}", super::shown(&path));
            verdict.report("code.deletes", Risk::Blocked, span.clone(), message);
        }
    }
}

/// `python -m MODULE`.
pub(crate) fn python_module(
    rest: &[Arg],
    at: Range<usize>,
    cwd: Option<&str>,
    context: &Context,
    verdict: &mut Verdict,
) {
    let Some((module, args)) = rest.split_first() else { return };
    match module.text.as_str() {
        "http.server" | "SimpleHTTPServer" | "pyftpdlib" | "uploadserver" => {
            let folder = args
                .windows(2)
                .find(|pair| matches!(pair[0].text.as_str(), "-d" | "--directory"))
                .map(|pair| pair[1].text.as_str());
            serves(folder, at, cwd, context, verdict);
        }
        "json.tool" | "this" | "calendar" | "timeit" | "dis" | "tokenize" | "ast" | "platform" | "sysconfig"
        | "site" | "cProfile" | "pdb" | "unittest" | "pytest" | "doctest" | "py_compile" | "compileall" | "base64"
        | "gzip" | "mimetypes" | "webbrowser" => {
            let risk_free = matches!(
                module.text.as_str(),
                "json.tool" | "this" | "calendar" | "platform" | "sysconfig" | "dis" | "ast" | "tokenize" | "mimetypes"
            );
            if risk_free {
                verdict.harmless();
            } else {
                verdict.report("code.unread", Risk::Caution, at, "runs a module of Python");
            }
        }
        "pip" if args.iter().any(|arg| arg.text.contains("://") || arg.text.starts_with("git+")) => {
            verdict.report(
                "package.from-address",
                Risk::Dangerous,
                at,
                "installs code straight from an address, which can run at once",
            );
        }
        "pip" if args.first().is_some_and(|arg| matches!(arg.text.as_str(), "list" | "show" | "freeze" | "check")) => {
            verdict.harmless();
        }
        _ => verdict.report("code.unread", Risk::Caution, at, "runs a module of Python"),
    }
}

/// A web server that shows a folder.
pub(crate) fn serves(
    folder: Option<&str>,
    at: Range<usize>,
    cwd: Option<&str>,
    context: &Context,
    verdict: &mut Verdict,
) {
    let place = Place::of(folder.unwrap_or("."), cwd, context);
    let private = place.is_catastrophic() || matches!(place, Place::Secret | Place::SystemFile | Place::Vital);
    if private {
        return verdict.report("code.listens", Risk::Dangerous, at, "shows private files to everyone on the network");
    }
    verdict.report("code.listens", Risk::Caution, at, "shows the files of this folder to everyone on the network");
}

/// An option that brings no code but does something by itself: `node --inspect=0.0.0.0`.
pub(crate) fn option(language: Language, arg: &Arg, at: &Range<usize>, verdict: &mut Verdict) {
    if language == Language::Node && arg.text.starts_with("--inspect") && arg.text.contains("=0.0.0.0") {
        verdict.report("code.listens", Risk::Dangerous, at.clone(), "lets everyone on the network debug the program");
    }
}

/// A script by its name: `manage.py flush`, `artisan migrate:fresh`.
pub(crate) fn script(file: &str, rest: &[Arg], at: &Range<usize>, verdict: &mut Verdict) {
    let name = file.rsplit('/').next().unwrap_or(file);
    super::database::task(name, rest, at.clone(), verdict);
}

/// `php -S ADDRESS:PORT`: a web server, for everyone unless the address is this machine's own.
pub(crate) fn php_server(option: &str, rest: &[Arg], at: Range<usize>, verdict: &mut Verdict) {
    let glued = option.trim_start_matches("-S");
    let address = if glued.is_empty() { rest.first().map_or("", |arg| arg.text.as_str()) } else { glued };
    let own = ["localhost:", "127.", "[::1]:"].iter().any(|host| address.starts_with(host));
    let (risk, message) = if own {
        (Risk::Caution, "serves the files of this folder to this machine")
    } else {
        (Risk::Dangerous, "runs and shows the files of this folder to everyone on the network")
    };
    verdict.report("code.listens", risk, at, message);
}

/// awk programs, which can run others and write files.
pub(super) fn awk(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    for arg in invocation.args.iter().filter(|arg| !arg.text.starts_with('-') || arg.text.contains('{')) {
        let text = arg.text.as_str();
        // What stands between quotes is text: `print $1 "|" $2` pipes into nothing.
        let bare: String = text.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
        let runs = contains_call(text, "system") && text.contains("system(")
            || bare.contains("| getline")
            || bare.contains("|getline")
            || bare.contains("| \"")
            || bare.contains("|\"")
            || bare.contains("|&")
            || text.contains("/inet/");
        if runs {
            let sorts = text.contains("\"sort") && !text.contains("system(");
            let risk = if sorts { Risk::Caution } else { Risk::Dangerous };
            verdict.report("code.executes", risk, arg.span.clone(), "awk runs other programs");
        }
        let writes = text.match_indices('>').any(|(at, _)| {
            text[at + 1..].trim_start_matches('>').trim_start().starts_with('"') && text[..at].contains("print")
        });
        if writes {
            let file = text.rsplit('>').next().unwrap_or_default().trim().trim_matches(['"', '}', ' ']);
            let written = Arg { text: file.to_owned(), ..arg.clone() };
            super::overwrite::target(invocation.place(file), &written, verdict);
        }
    }
    verdict.harmless();
}
