//! PowerShell cmdlets.

use super::super::delete::{Whole, removal, shown};
use super::super::{Arg, Invocation, Place, Range, Risk, Verdict};
use crate::safety::evaluate::Feed;
use crate::safety::options::Parameters;

/// Cmdlets that do the same whatever their arguments.
const FIXED: &[(&[&str], &str, Risk, &str)] = &[
    (&["format-volume", "clear-disk"], "windows.format", Risk::Blocked, "erases a disk or a volume"),
    (
        &[
            "initialize-disk",
            "remove-partition",
            "set-partition",
            "new-partition",
            "reset-physicaldisk",
            "clear-volume",
            "resize-partition",
        ],
        "windows.format",
        Risk::Dangerous,
        "changes a disk under what is on it",
    ),
    (
        &["stop-computer", "restart-computer"],
        "process.power",
        Risk::Dangerous,
        "switches the machine off or restarts it",
    ),
    (&["set-executionpolicy"], "windows.protection", Risk::Dangerous, "lets scripts run that nobody has signed"),
    (
        &[
            "set-mppreference",
            "add-mppreference",
            "remove-mppreference",
            "disable-windowsoptionalfeature",
            "set-netfirewallprofile",
            "disable-netfirewallrule",
            "remove-netfirewallrule",
            "new-netfirewallrule",
            "uninstall-windowsfeature",
            "disable-bitlocker",
            "stop-vm",
        ],
        "windows.protection",
        Risk::Dangerous,
        "switches a protection off or weakens it",
    ),
    (&["remove-itemproperty"], "windows.registry", Risk::Dangerous, "deletes values of the registry"),
    (&["set-itemproperty", "new-itemproperty"], "windows.registry", Risk::Caution, "changes values of the registry"),
    (
        &[
            "clear-content",
            "clear-eventlog",
            "remove-eventlog",
            "limit-eventlog",
            "clear-recyclebin",
            "clear-item",
            "clear-history",
            "clear-itemproperty",
        ],
        "windows.cleared",
        Risk::Dangerous,
        "throws the content away",
    ),
    (
        &[
            "remove-localuser",
            "new-localuser",
            "add-localgroupmember",
            "set-localuser",
            "disable-localuser",
            "enable-localuser",
            "remove-localgroup",
            "remove-aduser",
            "remove-adgroup",
            "add-adgroupmember",
            "set-adaccountpassword",
            "remove-adobject",
            "remove-adcomputer",
            "disable-adaccount",
        ],
        "windows.account",
        Risk::Dangerous,
        "changes who may use this machine, and as what",
    ),
    (
        &[
            "register-scheduledtask",
            "new-service",
            "new-scheduledtask",
            "set-service",
            "remove-service",
            "unregister-scheduledtask",
            "register-wmievent",
            "set-wmiinstance",
        ],
        "persistence.schedule",
        Risk::Dangerous,
        "changes what runs by itself",
    ),
    (
        &["enable-psremoting", "winrm"],
        "exposure.listener",
        Risk::Dangerous,
        "lets other machines give orders to this one",
    ),
    (
        &["disable-computerrestore", "remove-computerrestorepoint"],
        "windows.backup",
        Risk::Dangerous,
        "gives up the way back",
    ),
    (
        &["remove-appxpackage", "uninstall-package", "uninstall-module"],
        "package.remove",
        Risk::Caution,
        "removes a program",
    ),
    (
        &[
            "remove-variable",
            "remove-module",
            "remove-psdrive",
            "remove-job",
            "remove-alias",
            "remove-pssession",
            "remove-psbreakpoint",
        ],
        "windows.change",
        Risk::Caution,
        "forgets something of this session",
    ),
];

fn canonical(name: &str) -> &str {
    match name {
        "rm" | "ri" | "del" | "rd" | "erase" | "rmdir" => "remove-item",
        "rp" => "remove-itemproperty",
        "clc" => "clear-content",
        "spps" | "kill" => "stop-process",
        "spsv" => "stop-service",
        "mi" | "move" | "mv" => "move-item",
        "sc" => "set-content",
        "saps" | "start" => "start-process",
        "rni" | "ren" => "rename-item",
        "cpi" | "copy" | "cp" => "copy-item",
        "ni" | "mkdir" | "md" => "new-item",
        "icm" => "invoke-command",
        other => other,
    }
}

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let parameters = Parameters::parse(invocation.args);
    let name = canonical(invocation.name);
    let whole = invocation.whole();
    if parameters.has("wh|atif") || parameters.has("?") || name.starts_with("get-") && name != "get-credential" {
        return verdict.harmless();
    }
    if let Some((_, rule, risk, message)) = FIXED.iter().find(|(names, ..)| names.contains(&name)) {
        return verdict.report(rule, *risk, whole, *message);
    }
    let fetched = invocation.args.iter().any(|arg| arg.feed == Feed::Network);
    match name {
        "invoke-webrequest" | "iwr" | "irm" | "invoke-restmethod" | "curl" | "wget" | "start-bitstransfer" => {
            let saves = parameters.has("outf|ile") || parameters.has("d|estination");
            if saves {
                verdict.report("download.file", Risk::Caution, whole, "saves a file from the network");
            } else {
                verdict.harmless();
            }
        }
        "remove-item" => remove_item(invocation, &parameters, verdict),
        "stop-process" => stop_process(invocation, &parameters, verdict),
        "invoke-wmimethod" | "invoke-cimmethod" | "add-type" | "invoke-command" | "import-module" if fetched => {
            verdict.report("remote.run", Risk::Dangerous, whole, "runs what a server sends, unread");
        }
        "set-item" if invocation.args.iter().any(|arg| arg.text.to_ascii_lowercase().contains("trustedhosts")) => {
            verdict.report("exposure.listener", Risk::Dangerous, whole, "lets other machines give orders to this one");
        }
        _ if name.starts_with("remove-") => {
            verdict.report("windows.pipeline", Risk::Dangerous, whole, "removes something for good");
        }
        _ => changes(invocation, name, whole, verdict),
    }
}

fn stop_process(invocation: &Invocation<'_>, parameters: &Parameters<'_>, verdict: &mut Verdict) {
    let piped = parameters.values.is_empty() && *invocation.feed != Feed::Nothing;
    if parameters.values.iter().any(|value| value.text == "*")
        || piped && !parameters.has("i|d") && !parameters.has("n|ame")
    {
        return verdict.report("process.kill-many", Risk::Dangerous, invocation.whole(), "ends many processes at once");
    }
    verdict.report("process.kill", Risk::Caution, invocation.whole(), "ends processes");
}

fn changes(invocation: &Invocation<'_>, name: &str, whole: Range<usize>, verdict: &mut Verdict) {
    if name == "start-process" {
        return start_process(invocation, verdict);
    }
    if matches!(
        name,
        "move-item"
            | "set-content"
            | "out-file"
            | "copy-item"
            | "rename-item"
            | "add-content"
            | "tee-object"
            | "export-csv"
    ) {
        for value in invocation.args.iter().filter(|arg| !arg.is_option()) {
            let place = invocation.place(&value.text);
            if matches!(place, Place::Vital | Place::SystemFile) || place.is_catastrophic() && name == "move-item" {
                verdict.report(
                    "overwrite.system-file",
                    Risk::Dangerous,
                    value.span.clone(),
                    format!("changes {}, which belongs to the system", shown(&value.text)),
                );
            }
        }
        return verdict.report("windows.change", Risk::Caution, whole, "writes or moves files");
    }
    let verb = name.split('-').next().unwrap_or_default();
    match verb {
        "where" | "select" | "sort" | "group" | "measure" | "format" | "out" | "convertto" | "convertfrom"
        | "compare" | "test" | "resolve" | "write" | "show" | "find" | "trace" | "split" | "join" | "wait"
        | "foreach" | "tee" | "read" | "search" | "confirm" | "receive"
            if name.contains('-') =>
        {
            verdict.harmless();
        }
        "new" | "set" | "add" | "enable" | "disable" | "start" | "restart" | "stop" | "install" | "update" | "copy"
        | "rename" | "expand" | "compress" | "import" | "export" | "invoke" | "register" | "save" | "suspend"
        | "resume" | "enter" | "mount" | "dismount" | "clear" | "unblock" | "unlock" | "push" | "pop" | "use"
        | "connect" | "disconnect" | "optimize" | "repair" | "undo"
            if name.contains('-') =>
        {
            verdict.report("windows.change", Risk::Caution, whole, "changes something");
        }
        _ => {}
    }
}

fn remove_item(invocation: &Invocation<'_>, parameters: &Parameters<'_>, verdict: &mut Verdict) {
    // `rm -rf` of POSIX fingers is taken for what it means.
    let recursive = parameters.has("r|ecurse")
        || invocation.has(&["-rf", "-fr", "-Rf"])
        || invocation.args.iter().any(|arg| arg.text.eq_ignore_ascii_case("/s"));
    let targets: Vec<&Arg> = parameters
        .values
        .iter()
        .copied()
        .filter(|value| !value.text.starts_with('/') || value.text.len() > 2)
        .filter(|value| !value.text.starts_with('-'))
        .collect();
    if targets.is_empty() && !matches!(invocation.feed, Feed::Nothing) {
        return verdict.report(
            "windows.pipeline",
            Risk::Dangerous,
            invocation.whole(),
            "deletes everything the pipeline brings",
        );
    }
    for target in targets {
        let registry = target
            .text
            .get(..3)
            .is_some_and(|hive| hive.eq_ignore_ascii_case("hkl") || hive.eq_ignore_ascii_case("hkc"));
        if registry {
            verdict.report("windows.registry", Risk::Dangerous, target.span.clone(), "deletes keys of the registry");
            continue;
        }
        // A star at the end of a folder takes the folders in it along when asked to.
        let whole = if recursive { Whole::Folder } else { Whole::Files };
        removal(invocation, target, whole, verdict);
    }
    if recursive && !invocation.span.is_empty() {
        verdict.suggest(Risk::Dangerous, invocation.span.end..invocation.span.end, || " -WhatIf".to_owned());
    }
}

fn start_process(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let text = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect::<Vec<_>>().join(" ");
    let shells = ["cmd", "powershell", "pwsh", "wscript", "mshta", "rundll32", "regsvr32"]
        .iter()
        .any(|shell| text.contains(shell));
    if shells && (text.contains("/c") || text.contains("-c") || text.contains("-enc") || text.contains("http")) {
        return verdict.report(
            "shell.unknown-code",
            Risk::Dangerous,
            invocation.whole(),
            "starts another shell with a command in it",
        );
    }
    verdict.report("windows.change", Risk::Caution, invocation.whole(), "starts a program");
}
