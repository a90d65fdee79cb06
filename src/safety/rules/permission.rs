//! Permissions, ownership and attributes.

use super::delete::shown;
use super::{Invocation, Options, Place, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("permission.system", "permissions of the system or a home changed throughout"),
    rule("permission.recursive", "permissions or owners of a whole folder changed"),
    rule("permission.open", "a file everybody may change"),
    rule("permission.system-file", "permissions of a file of the system changed"),
    rule("permission.setuid", "a program that runs with the rights of its owner"),
    rule("permission.change", "the permissions or the owner of a file changed"),
    rule("permission.attribute", "protective attributes or capabilities changed"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.name == "umask" && invocation.has(&["0", "00", "000", "0000", "a=rwx", "o=rwx"]) {
        let message = "lets everybody write whatever is made from now on";
        return verdict.report("permission.change", Risk::Caution, invocation.whole(), message);
    }
    match invocation.name {
        "chmod" | "chown" | "chgrp" | "gchmod" | "gchown" => change(invocation, verdict),
        "install" => {
            let options =
                invocation.options("tSmog", &["--mode", "--owner", "--group", "--target-directory", "--suffix"]);
            if options.value('m', "mode").is_some_and(sets_id) {
                verdict.report(
                    "permission.setuid",
                    Risk::Dangerous,
                    invocation.whole(),
                    "makes programs run with the rights of their owner",
                );
            }
        }
        "setfacl" => {
            let options = invocation.options("mxMX", &["--modify", "--remove", "--set"]);
            if options.long("test") {
                return verdict.harmless();
            }
            judge_targets(invocation, &options, options.any("R", "recursive"), "", verdict);
        }
        "chattr" | "chflags" => verdict.report(
            "permission.attribute",
            Risk::Dangerous,
            invocation.whole(),
            "changes attributes that protect files",
        ),
        "setcap" if invocation.has(&["-v"]) => verdict.harmless(),
        "setcap" => verdict.report(
            "permission.attribute",
            Risk::Dangerous,
            invocation.whole(),
            "gives a program rights of its own",
        ),
        "setenforce" | "aa-disable" | "aa-teardown" | "aa-complain" | "setsebool" | "csrutil" | "spctl" => {
            if invocation.has(&["status", "--status", "-a", "--list", "--assess", "-v", "--verify"])
                && !invocation.has(&["--master-disable", "--global-disable", "disable"])
            {
                return verdict.harmless();
            }
            verdict.report(
                "permission.attribute",
                Risk::Dangerous,
                invocation.whole(),
                "turns a protection of the system off",
            );
        }
        _ => {}
    }
}

fn change(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    // A mode may look like an option: `chmod -x file`.
    let is_mode = |text: &str| {
        invocation.name.ends_with("chmod")
            && text.len() > 1
            && text[1..].chars().all(|c| "rwxXstugo".contains(c))
            && !matches!(text, "-R" | "-v" | "-c" | "-f")
    };
    let options = invocation.options("", &["--reference", "--from"]);
    if options.asks_for_help() {
        return verdict.harmless();
    }
    let dashed = invocation.args.iter().find(|arg| arg.is_option() && is_mode(&arg.text));
    let reference = options.long("reference");
    let mode = dashed
        .map(|arg| arg.text.as_str())
        .or_else(|| options.operands.first().filter(|_| !reference).map(|arg| arg.text.as_str()))
        .unwrap_or_default();
    let recursive = invocation
        .args
        .iter()
        .any(|arg| arg.is_option() && !is_mode(&arg.text) && !arg.text.starts_with("--") && arg.text.contains('R'))
        || options.long("r|ecursive");
    let skip = usize::from(dashed.is_none() && !reference);
    let mut targets = options;
    targets.operands.drain(..skip.min(targets.operands.len()));
    if invocation.name.ends_with("chmod") {
        if opens_to_all(mode) && !targets.operands.is_empty() {
            verdict.report("permission.open", Risk::Dangerous, invocation.whole(), "lets everybody change the files");
            suggest_narrow(invocation, mode, verdict);
        }
        if sets_id(mode) {
            verdict.report(
                "permission.setuid",
                Risk::Dangerous,
                invocation.whole(),
                "makes programs run with the rights of their owner",
            );
        }
    }
    judge_targets(invocation, &targets, recursive, mode, verdict);
}

fn suggest_narrow(invocation: &Invocation<'_>, mode: &str, verdict: &mut Verdict) {
    let Some(arg) = invocation.args.iter().find(|arg| arg.text == mode) else { return };
    // Group and others lose the right to write: 777 becomes 755, 666 becomes 644.
    let narrow = match mode.rsplit_once(|c: char| !c.is_ascii_digit()) {
        None => {
            let keep = mode.len().saturating_sub(2);
            let digit = |c: char| c.to_digit(8).map_or(c, |bits| char::from_digit(bits & 5, 8).unwrap_or(c));
            mode.char_indices().map(|(at, c)| if at >= keep { digit(c) } else { c }).collect()
        }
        Some(_) => "u+rwX".to_owned(),
    };
    verdict.suggest(Risk::Dangerous, arg.span.clone(), || narrow);
}

fn judge_targets(
    invocation: &Invocation<'_>,
    options: &Options<'_>,
    recursive: bool,
    mode: &str,
    verdict: &mut Verdict,
) {
    let closes = closes_all(mode);
    for target in &options.operands {
        let place = invocation.place(&target.text);
        let text = shown(&target.text);
        let span = target.span.clone();
        let everything = target.text.contains('*');
        match place {
            Place::Root | Place::System | Place::Home if recursive || everything && place == Place::Root => {
                let risk = if place == Place::Home && !closes
                    || matches!(target.text.as_str(), "/opt" | "/srv" | "/mnt" | "/media")
                {
                    Risk::Dangerous
                } else {
                    Risk::Blocked
                };
                verdict.report(
                    "permission.system",
                    risk,
                    span,
                    format!("changes the permissions of everything in {text}"),
                );
            }
            Place::Root | Place::System | Place::Vital | Place::SystemFile | Place::Disk
                if closes && place == Place::Root =>
            {
                verdict.report("permission.system", Risk::Blocked, span, format!("locks everybody out of {text}"));
            }
            Place::Unknown if target.text.starts_with('/') => verdict.report(
                "permission.system-file",
                Risk::Dangerous,
                span,
                "changes the permissions of files of the system that are only known when it runs",
            ),
            Place::Secret if invocation.name.ends_with("chmod") && shows(mode) => verdict.report(
                "permission.open",
                Risk::Dangerous,
                span,
                format!("lets everybody read {text}, which holds keys or passwords"),
            ),
            Place::Home if invocation.name.ends_with("chmod") && shows(mode) => {
                verdict.report("permission.open", Risk::Dangerous, span, format!("lets everybody look into {text}"));
            }
            // What the user put there to be run is not the system's.
            Place::SystemFile
                if target.text.starts_with("/usr/local/")
                    && matches!(mode, "+x" | "a+x" | "u+x" | "ug+x" | "755" | "0755" | "+rx" | "a+rx") =>
            {
                verdict.report("permission.change", Risk::Caution, span, format!("changes the permissions of {text}"));
            }
            Place::Root | Place::System | Place::Vital | Place::SystemFile | Place::Disk | Place::Startup => {
                verdict.report(
                    "permission.system-file",
                    Risk::Dangerous,
                    span,
                    format!("changes the permissions of {text}, which belongs to the system"),
                );
            }
            _ if recursive => verdict.report(
                "permission.recursive",
                Risk::Dangerous,
                span,
                format!("changes everything in {text}, and nothing keeps what it was before"),
            ),
            _ => verdict.report(
                "permission.change",
                Risk::Caution,
                span,
                format!("changes the permissions or the owner of {text}"),
            ),
        }
    }
    verdict.harmless();
}

fn opens_to_all(mode: &str) -> bool {
    if mode.len() >= 3 && mode.len() <= 5 && mode.bytes().all(|b| b.is_ascii_digit()) {
        return matches!(mode.as_bytes().last(), Some(b'2' | b'3' | b'6' | b'7'));
    }
    mode.split(',').any(|part| {
        let who = part.split(['+', '=', '-']).next().unwrap_or_default();
        let adds = part.contains(['+', '=']);
        adds && part.contains('w') && (who.contains('a') || who.contains('o'))
    })
}

/// Whether the mode lets others than the owner and the group read.
fn shows(mode: &str) -> bool {
    if mode.len() >= 3 && mode.bytes().all(|b| b.is_ascii_digit()) {
        return mode.bytes().last().is_some_and(|b| b >= b'4');
    }
    mode.split(',').any(|part| {
        let (who, what) = part.split_once(['+', '=']).unwrap_or(("-", ""));
        what.contains('r') && (who.is_empty() || who.contains(['a', 'o']))
    })
}

fn closes_all(mode: &str) -> bool {
    !mode.is_empty() && mode.bytes().all(|b| b == b'0')
        || matches!(mode, "a-rwx" | "a-rx" | "ugo-rwx" | "-rwx" | "-x" | "a-x" | "a=")
}

fn sets_id(mode: &str) -> bool {
    let numeric = mode.len() == 4
        && mode.bytes().all(|b| b.is_ascii_digit())
        && matches!(mode.as_bytes()[0], b'2' | b'4' | b'6' | b'3' | b'5' | b'7');
    let symbolic = mode.split(',').any(|part| part.contains(['+', '=']) && part.contains('s'));
    numeric || symbolic
}
