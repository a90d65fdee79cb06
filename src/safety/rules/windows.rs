//! PowerShell cmdlets and the commands of cmd.

use super::{Arg, Invocation, Place, Range, Risk, Rule, Verdict, rule};
use crate::context::Context;
use crate::safety::evaluate::Feed;
use crate::shell::Shell;

mod cmdlet;
mod command;

pub(super) const RULES: &[Rule] = &[
    rule("windows.format", "a drive formatted or its partitions changed"),
    rule("windows.registry", "keys of the registry deleted or changed"),
    rule("windows.protection", "a protection of Windows switched off"),
    rule("windows.backup", "shadow copies or backups deleted"),
    rule("windows.boot", "what Windows starts from changed"),
    rule("windows.method", "a method call that deletes or downloads"),
    rule("windows.account", "accounts or their rights changed"),
    rule("windows.pipeline", "everything a pipeline brings deleted or stopped"),
    rule("windows.change", "something changed that can be changed back"),
    rule("windows.cleared", "the content of a file or a log thrown away"),
];

/// Words that PowerShell evaluates instead of running: strings, variables, method calls. `None` for a command.
pub(crate) fn expression(
    program: &Arg,
    rest: &[Arg],
    span: &Range<usize>,
    feed: &Feed,
    context: &Context,
    verdict: &mut Verdict,
) -> Option<Feed> {
    let lower = program.text.to_ascii_lowercase();
    if matches!(lower.as_str(), "iex" | "invoke-expression") {
        return None;
    }
    let joined = rest.iter().fold(lower.clone(), |all, arg| all + " " + &arg.text.to_ascii_lowercase());
    let call = joined.contains("]::")
        || joined.contains(".delete(")
        || joined.contains(".invoke")
        || joined.contains("downloadstring")
        || joined.contains("downloadfile")
        || joined.contains("downloaddata");
    // A quoted text without the call operator is a value; these signs stand in no name of a command.
    let quoted = program.span.len() > program.text.len() && program.text.contains([',', ';', '{', '|']);
    let value = quoted
        || lower.starts_with(['$', '[', '(', '@', super::super::place::HOLE])
        || program.text.is_empty()
        || program.text.parse::<f64>().is_ok()
        || lower.starts_with('.')
            && lower.len() > 1
            && !lower.starts_with("./")
            && !lower.starts_with(".\\")
            && !lower.starts_with("..");
    if !value && !call {
        let literal =
            rest.is_empty() && program.span.len() > program.text.len() && program.text.contains([' ', ':', '\\']);
        return literal.then(|| Feed::Text(program.text.clone(), program.origin.clone()));
    }
    if joined.contains("delete(")
        || joined.contains("::remove")
        || joined.contains("formatvolume")
        || joined.contains("::writeall")
        || joined.contains(".kill(")
        || joined.contains("shutdown(")
    {
        let target =
            joined.split_once("delete(").map_or("", |(_, rest)| rest.split([',', ')']).next().unwrap_or_default());
        let grave = Place::of(target.trim().trim_matches(['\'', '"']), None, context).is_catastrophic();
        verdict.report(
            "windows.method",
            if grave { Risk::Blocked } else { Risk::Dangerous },
            span.clone(),
            "calls a method that deletes, ends or overwrites",
        );
    }
    if joined.contains("amsi") {
        verdict.report("windows.protection", Risk::Dangerous, span.clone(), "switches off what looks at scripts");
    }
    if joined.contains("::setenvironmentvariable(") || joined.contains("::move(") || joined.contains("::copy(") {
        let risk = if joined.contains("machine") { Risk::Dangerous } else { Risk::Caution };
        verdict.report("machine.setting", risk, span.clone(), "changes a setting or moves files");
    }
    if joined.contains("download") || joined.contains("webclient") || joined.contains("httpclient") {
        return Some(Feed::Network);
    }
    if program.feed == Feed::Network && joined.contains("invoke") {
        verdict.report("remote.run", Risk::Dangerous, span.clone(), "runs what a server sends, unread");
    }
    if joined.contains("scriptblock") && joined.contains("create")
        || joined.contains("frombase64string")
        || joined.contains("::start(")
        || joined.contains("assembly]::load")
        || joined.contains("invokescript(")
    {
        verdict.report(
            "shell.unknown-code",
            Risk::Dangerous,
            span.clone(),
            "runs a text that is only known when it is made",
        );
    }
    verdict.harmless();
    Some(if program.feed != Feed::Nothing {
        program.feed.clone()
    } else if lower.contains(super::super::place::HOLE) {
        feed.clone().then(Feed::Unknown)
    } else {
        Feed::Text(program.text.clone(), program.origin.clone())
    })
}

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.shell {
        Shell::PowerShell => {
            cmdlet::judge(invocation, verdict);
            command::judge(invocation, verdict);
        }
        Shell::Cmd => {
            command::builtin(invocation, verdict);
            command::judge(invocation, verdict);
        }
        _ => {}
    }
}
