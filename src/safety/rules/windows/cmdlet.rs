//! PowerShell cmdlets.

use super::super::delete::{Whole, removal, shown};
use super::super::{Arg, Invocation, Place, Range, Risk, Verdict};
use crate::safety::evaluate::{Feed, Origin};
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
            "set-disk",
            "remove-physicaldisk",
            "remove-virtualdisk",
            "remove-storagepool",
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
            "disable-netadapter",
            "set-processmitigation",
            "remove-bitlockerkeyprotector",
            "set-smbserverconfiguration",
            "remove-netipaddress",
            "remove-netroute",
            "remove-windowsfeature",
            "disable-psremoting",
            "disable-uevappxpackage",
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
    (
        &[
            "clear-content",
            "set-psreadlineoption",
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
            "register-scheduledjob",
            "new-service",
            "set-scheduledtask",
            "disable-scheduledtask",
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
        &[
            "enable-psremoting",
            "winrm",
            "new-smbshare",
            "grant-smbshareaccess",
            "enable-netfirewallrule",
            "new-pssessionconfigurationfile",
        ],
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
            "remove-typedata",
            "remove-formatdata",
            "remove-event",
            "remove-history",
            "remove-pssnapin",
            "remove-readlinekeyhandler",
            "remove-psreadlinekeyhandler",
            "clear-variable",
            "clear-dnsclientcache",
            "disable-psbreakpoint",
            "disable-runspacedebug",
            "disable-psreadlinekeyhandler",
            "unregister-event",
            "reset-progress",
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
        "sp" => "set-itemproperty",
        "ac" => "add-content",
        "cli" => "clear-item",
        "iwmi" => "invoke-wmimethod",
        "icim" => "invoke-cimmethod",
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
    // Without a name it takes whatever the pipe brings.
    if matches!(name, "remove-appxpackage" | "uninstall-package" | "uninstall-module")
        && (parameters.values.is_empty() && *invocation.feed != Feed::Nothing || invocation.has(&["*"]))
    {
        return verdict.report("windows.pipeline", Risk::Dangerous, whole, "removes every program the pipe brings");
    }
    if let Some((_, rule, risk, message)) = FIXED.iter().find(|(names, ..)| names.contains(&name)) {
        return verdict.report(rule, *risk, whole, *message);
    }
    let fetched = invocation.args.iter().any(|arg| arg.feed == Feed::Network);
    match name {
        "invoke-webrequest" | "iwr" | "irm" | "invoke-restmethod" | "curl" | "wget" | "start-bitstransfer" => {
            request(invocation, &parameters, verdict);
        }
        "set-date" | "set-timezone" => {
            let risk = if name == "set-date" { Risk::Dangerous } else { Risk::Caution };
            verdict.report(
                "machine.clock",
                risk,
                whole,
                "sets the clock, which certificates, builds and logs depend on",
            );
        }
        "set-itemproperty" | "new-itemproperty" => property(invocation, verdict),
        "set-acl" => {
            let grave = invocation.args.iter().any(|arg| invocation.place(&arg.text).is_catastrophic());
            let risk = if grave { Risk::Dangerous } else { Risk::Caution };
            verdict.report("permission.change", risk, whole, "changes who may use a file");
        }
        "stop-service" | "suspend-service" => stop_service(invocation, &parameters, verdict),
        "new-object"
            if invocation.args.iter().any(|arg| {
                let text = arg.text.to_ascii_lowercase();
                text.contains("tcpclient") || text.contains("tcplistener") || text.contains("udpclient")
            }) =>
        {
            verdict.report(
                "exposure.socket",
                Risk::Dangerous,
                whole,
                "opens a connection of its own to another machine",
            );
        }
        "remove-item" => remove_item(invocation, &parameters, verdict),
        "stop-process" => stop_process(invocation, &parameters, verdict),
        "invoke-wmimethod" | "invoke-cimmethod" | "add-type" => {
            verdict.report(
                "shell.unknown-code",
                Risk::Dangerous,
                whole,
                "starts a program, or compiles and loads code",
            );
        }
        "invoke-command" | "import-module" if fetched => {
            verdict.report("remote.run", Risk::Dangerous, whole, "runs what a server sends, unread");
        }
        "set-item" if invocation.args.iter().any(|arg| arg.text.to_ascii_lowercase().contains("trustedhosts")) => {
            verdict.report("exposure.listener", Risk::Dangerous, whole, "lets other machines give orders to this one");
        }
        _ if by_verb(invocation, name, verdict) => {}
        _ => changes(invocation, name, whole, verdict),
    }
}

/// What the verb of a cmdlet says, for those nobody has a rule of their own for; says whether that is anything grave.
fn by_verb(invocation: &Invocation<'_>, name: &str, verdict: &mut Verdict) -> bool {
    let whole = invocation.whole();
    match name {
        "set-aduser" | "set-adcomputer" | "set-mailbox" if *invocation.feed != Feed::Nothing => {
            verdict.report("windows.account", Risk::Dangerous, whole, "changes every account the pipe brings");
        }
        "expand-archive"
            if invocation
                .args
                .iter()
                .any(|arg| matches!(invocation.place(&arg.text), Place::Root | Place::System | Place::SystemFile)) =>
        {
            verdict.report("overwrite.system-file", Risk::Dangerous, whole, "unpacks over what belongs to the system");
        }
        "out-minidump" | "get-passhashes" | "invoke-mimikatz" | "get-gpppassword" => {
            verdict.report("secret.shown", Risk::Dangerous, whole, "writes passwords out of the memory of Windows");
        }
        "export-pfxcertificate" => {
            verdict.report("secret.shown", Risk::Dangerous, whole, "writes private keys out");
        }
        "set-netfirewallrule" | "import-certificate"
            if invocation.args.iter().any(|arg| {
                let text = arg.text.to_ascii_lowercase();
                text == "false" || text.ends_with("\\root") || text == "any"
            }) =>
        {
            verdict.report("windows.protection", Risk::Dangerous, whole, "switches a protection off or weakens it");
        }
        _ if name.starts_with("uninstall-adds") => {
            verdict.report("windows.account", Risk::Dangerous, whole, "takes a directory of accounts down");
        }
        "send-mailmessage" => {
            let private = invocation.args.iter().any(|arg| invocation.place(&arg.text) == Place::Secret);
            let (rule, risk) =
                if private { ("exposure.secret", Risk::Dangerous) } else { ("exposure.upload", Risk::Caution) };
            verdict.report(rule, risk, whole, "sends a mail");
        }
        "suspend-bitlocker" => {
            verdict.report("windows.protection", Risk::Dangerous, whole, "switches a protection off or weakens it");
        }
        _ if name.starts_with("disable-") => {
            verdict.report("windows.protection", Risk::Dangerous, whole, "switches something off that others may need");
        }
        _ if ["clear-", "reset-", "restore-", "revoke-", "unregister-", "uninstall-windows"]
            .iter()
            .any(|verb| name.starts_with(verb))
            && name != "clear-host" =>
        {
            verdict.report("windows.cleared", Risk::Dangerous, whole, "throws something away, or sets it back");
        }
        _ if name.starts_with("remove-") => {
            verdict.report("windows.pipeline", Risk::Dangerous, whole, "removes something for good");
        }
        _ => return false,
    }
    true
}

/// What goes out to a server, and what comes back.
fn request(invocation: &Invocation<'_>, parameters: &Parameters<'_>, verdict: &mut Verdict) {
    let whole = invocation.whole();
    let words: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    let private = *invocation.feed == Feed::Secret
        || invocation.args.iter().any(|arg| {
            arg.feed == Feed::Secret
                || arg.feed == Feed::File && (parameters.has("b|ody") || parameters.has("inf|ile"))
                || !arg.is_option() && matches!(invocation.place(&arg.text), Place::Secret | Place::Vital)
        });
    if private {
        return verdict.report("exposure.secret", Risk::Dangerous, whole, "sends private files to a server");
    }
    if words.windows(2).any(|two| two[0].starts_with("-m") && two[1] == "delete") {
        return verdict.report("download.post", Risk::Dangerous, whole, "asks a server to delete something");
    }
    if words.windows(2).any(|two| two[0].starts_with("-m") && matches!(two[1].as_str(), "post" | "put" | "patch")) {
        return verdict.report("download.post", Risk::Caution, whole, "sends something to a server");
    }
    let saves = parameters.has("outf|ile") || parameters.has("d|estination");
    if saves {
        verdict.report("download.file", Risk::Caution, whole, "saves a file from the network");
    } else {
        verdict.harmless();
    }
}

/// Values of the registry, some of which say what Windows runs or guards by itself.
fn property(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let whole = invocation.whole();
    let grave =
        ["\\run", "winlogon", "policies", "image file execution", "terminal server", "\\lsa", "defender", "services\\"];
    let hit = invocation.args.iter().any(|arg| {
        let text = arg.text.to_ascii_lowercase().replace('/', "\\");
        grave.iter().any(|key| text.contains(key)) || matches!(text.as_str(), "enablelua" | "fdenytsconnections")
    });
    if hit {
        return verdict.report(
            "persistence.schedule",
            Risk::Dangerous,
            whole,
            "changes what Windows runs or guards by itself",
        );
    }
    verdict.report("windows.registry", Risk::Caution, whole, "changes values of the registry");
}

fn stop_service(invocation: &Invocation<'_>, parameters: &Parameters<'_>, verdict: &mut Verdict) {
    let whole = invocation.whole();
    let vital = [
        "windefend",
        "eventlog",
        "mpssvc",
        "wscsvc",
        "bits",
        "vss",
        "wuauserv",
        "sense",
        "lanmanserver",
        "dnscache",
        "rpcss",
        "*",
    ];
    let many = parameters.values.is_empty() && *invocation.feed != Feed::Nothing;
    let hit = many || parameters.values.iter().any(|value| vital.contains(&value.text.to_ascii_lowercase().as_str()));
    let (rule, risk) =
        if hit { ("machine.service-vital", Risk::Dangerous) } else { ("machine.service", Risk::Caution) };
    verdict.report(rule, risk, whole, "stops a service");
}

fn stop_process(invocation: &Invocation<'_>, parameters: &Parameters<'_>, verdict: &mut Verdict) {
    let piped = parameters.values.is_empty() && *invocation.feed != Feed::Nothing;
    let vital =
        ["*", "lsass", "csrss", "winlogon", "explorer", "svchost", "services", "smss", "wininit", "system", "4", "0"];
    if parameters.values.iter().any(|value| vital.contains(&value.text.to_ascii_lowercase().trim_end_matches(".exe")))
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
        let many = *invocation.feed != Feed::Nothing && name == "set-content";
        let empties =
            name == "set-content" && invocation.args.iter().any(|arg| arg.text.is_empty() || arg.text == "$null");
        let looped = name == "set-content"
            && invocation.args.first().is_some_and(|arg| arg.text == "$_" || arg.is_unknown() && empties);
        if many && invocation.args.iter().any(|arg| arg.text.eq_ignore_ascii_case("-value")) || empties || looped {
            return verdict.report("windows.cleared", Risk::Dangerous, whole, "throws the content of files away");
        }
        for value in invocation.args.iter().filter(|arg| !arg.is_option()) {
            let place = invocation.place(&value.text);
            let lower = value.text.to_ascii_lowercase();
            if lower.contains("\\startup") || lower.starts_with("$profile") {
                let message = format!("changes {}, which runs by itself", shown(&value.text));
                return verdict.report("overwrite.startup-file", Risk::Dangerous, value.span.clone(), message);
            }
            if matches!(place, Place::Vital | Place::SystemFile | Place::Startup)
                || place.is_catastrophic() && matches!(name, "move-item" | "rename-item")
                || place == Place::System && name == "copy-item"
            {
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
        .filter(|value| !(value.text.starts_with('/') && value.text.len() == 2))
        .filter(|value| !value.text.starts_with('-'))
        .collect();
    if targets.is_empty()
        && let Feed::Text(path, _) = invocation.feed
        && !path.contains('\n')
    {
        // What was listed: everything in a folder, with what lies below it when asked to.
        let whole = Arg {
            text: path.clone(),
            span: invocation.whole(),
            origin: Origin::Fixed(invocation.whole()),
            feed: Feed::Nothing,
            pattern: None,
        };
        if invocation.place(path).is_catastrophic() {
            return removal(invocation, &whole, Whole::Folder, verdict);
        }
    }
    if let Some(splat) = invocation.args.iter().find(|arg| arg.text.starts_with('@')) {
        let message = "deletes what a table of parameters names, which is only known when it runs";
        return verdict.report("delete.unknown", Risk::Dangerous, splat.span.clone(), message);
    }
    if targets.is_empty() && !matches!(invocation.feed, Feed::Nothing) {
        return verdict.report(
            "windows.pipeline",
            Risk::Dangerous,
            invocation.whole(),
            "deletes everything the pipeline brings",
        );
    }
    for target in targets {
        let hive = target.text.to_ascii_lowercase();
        let registry = hive.starts_with("hkl") || hive.starts_with("hkc") || hive.starts_with("registry::");
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
