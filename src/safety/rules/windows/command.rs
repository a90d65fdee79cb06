//! Commands of cmd.exe and the programs Windows brings along.

use super::super::delete::{Whole, removal, shown};
use super::super::{Arg, Invocation, Place, Risk, Verdict};

fn switches(invocation: &Invocation<'_>) -> String {
    invocation.args.iter().filter(|arg| arg.text.starts_with('/')).map(|arg| arg.text.to_ascii_lowercase()).collect()
}

/// `/s`, and several of them run together: `/s/q`.
fn is_switch(text: &str) -> bool {
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(|one| one.len() == 1 || one.contains(':')))
}

pub(super) fn builtin(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let switches = switches(invocation);
    let targets: Vec<&Arg> = invocation.args.iter().filter(|arg| !is_switch(&arg.text)).collect();
    if switches.contains("/?") {
        return verdict.harmless();
    }
    match invocation.name {
        "date" | "time" if targets.iter().any(|arg| arg.text.starts_with(|c: char| c.is_ascii_digit())) => {
            let message = "sets the clock, which certificates, builds and logs depend on";
            verdict.report("machine.clock", Risk::Dangerous, invocation.whole(), message);
        }
        "del" | "erase" | "rd" | "rmdir" => {
            let whole = if switches.contains("/s") { Whole::Folder } else { Whole::Files };
            for target in targets {
                // cmd glues switches to names: `del/s/q C:\`.
                removal(invocation, target, whole, verdict);
            }
            verdict.harmless();
        }
        "move" | "ren" | "rename" | "copy" | "xcopy" | "replace" => {
            for target in &targets {
                let place = invocation.place(&target.text);
                if target.text.to_ascii_lowercase().contains("\\startup") {
                    let message = format!("changes {}, which runs by itself", shown(&target.text));
                    return verdict.report("overwrite.startup-file", Risk::Dangerous, target.span.clone(), message);
                }
                if matches!(place, Place::Vital | Place::SystemFile)
                    || place == Place::System && target.text.to_ascii_lowercase().contains("system32")
                    || place.is_catastrophic() && invocation.name != "xcopy" && invocation.name != "copy"
                {
                    verdict.report(
                        "overwrite.system-file",
                        Risk::Dangerous,
                        target.span.clone(),
                        format!("changes {}, which belongs to the system", shown(&target.text)),
                    );
                }
            }
            verdict.report("windows.change", Risk::Caution, invocation.whole(), "copies, moves or renames files");
        }
        "assoc" | "ftype" if invocation.args.iter().any(|arg| arg.text.contains('=')) => {
            verdict.report(
                "machine.setting",
                Risk::Dangerous,
                invocation.whole(),
                "changes what opens files of a kind",
            );
        }
        "type" | "dir" | "findstr" | "where" | "tree" | "ver" | "vol" | "more" | "fc" | "title" | "cls" | "echo"
        | "systeminfo" | "tasklist" | "ipconfig" | "whoami" | "hostname" | "assoc" | "color" | "pause" | "help"
        | "path" | "prompt" | "driverquery" | "ping" | "tracert" | "nslookup" | "netstat" | "arp" | "getmac"
        | "sort" | "find" | "exit" | "goto" | "for" | "comp" | "timeout" | "rem" | "set" | "setlocal" | "endlocal"
        | "query" | "quser" | "gpresult" | "date" | "time" => {
            if invocation.name == "ipconfig" && switches.contains("/release") {
                return verdict.report(
                    "machine.network",
                    Risk::Dangerous,
                    invocation.whole(),
                    "gives the network address back",
                );
            }
            verdict.harmless();
        }
        "mkdir" | "md" | "mklink" | "attrib" | "setx" | "compact" | "expand" | "start" | "call" | "pushd" | "subst" => {
            verdict.report("windows.change", Risk::Caution, invocation.whole(), "changes files or settings");
        }
        _ => {}
    }
}

/// What a call amounts to; `None` when it only reads.
type Outcome = Option<(&'static str, Risk, &'static str)>;

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    if words.iter().any(|word| word == "/?") {
        return verdict.harmless();
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(outcome) = disks(invocation.name, &words)
        .or_else(|| rights(invocation, &words))
        .or_else(|| programs(invocation.name, &words))
    else {
        return;
    };
    match outcome {
        Some((rule, risk, message)) => verdict.report(rule, risk, invocation.whole(), message),
        None => verdict.harmless(),
    }
}

fn says(words: &[&str], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(word))
}

/// Drives, what they start from, and the ways back.
fn disks(name: &str, words: &[&str]) -> Option<Outcome> {
    let first = words.first().copied().unwrap_or_default();
    Some(Some(match name {
        "format" => {
            let system = first.starts_with("c:");
            (
                "windows.format",
                if system { Risk::Blocked } else { Risk::Dangerous },
                "formats a drive: everything on it is lost",
            )
        }
        "diskpart" => ("windows.format", Risk::Dangerous, "changes disks and partitions"),
        "cipher" if words.iter().any(|word| word.starts_with("/w")) => {
            ("windows.format", Risk::Dangerous, "overwrites free space for good")
        }
        "vssadmin" | "wbadmin" | "wmic" => {
            if says(words, &["shadowstorage", "disable"]) || words.iter().any(|word| word.contains("delete")) {
                ("windows.backup", Risk::Dangerous, "deletes backups or shadow copies")
            } else if says(words, &["call"]) {
                ("shell.unknown-code", Risk::Dangerous, "starts or changes something through WMI")
            } else {
                return Some(None);
            }
        }
        "bcdedit" | "bootrec" | "bootsect" | "bcdboot" | "reagentc" => {
            if words.is_empty() || says(words, &["/enum", "/info"]) {
                return Some(None);
            }
            ("windows.boot", Risk::Dangerous, "changes what Windows starts from")
        }
        "fsutil" | "manage-bde" | "dism" | "secedit" | "auditpol" | "powercfg" | "sfc" | "chkdsk" => {
            let verbs = [
                "delete",
                "off",
                "disable",
                "usn",
                "set",
                "/f",
                "/r",
                "/clear",
                "remove",
                "setzerodata",
                "/disable-feature",
                "/cleanup-image",
            ];
            let changes = words.iter().any(|word| verbs.iter().any(|verb| word.contains(verb)));
            let looks = says(words, &["query"])
                || words.iter().any(|word| word.starts_with("/get-") || word.starts_with("/check"));
            if !changes || looks {
                return Some(None);
            }
            ("machine.setting", Risk::Dangerous, "changes the system underneath")
        }
        "pnputil" if says(words, &["/delete-driver", "-d", "/remove-device"]) => {
            ("machine.setting", Risk::Dangerous, "takes a driver away")
        }
        "wsl" if says(words, &["--unregister", "--import-in-place"]) => {
            ("disk.volume", Risk::Dangerous, "deletes a Linux system with everything in it")
        }
        "robocopy" if says(words, &["/l"]) => return Some(None),
        "robocopy" if says(words, &["/mir", "/purge", "/move", "/mov"]) => {
            ("delete.mirror", Risk::Dangerous, "deletes at one end what the other has not")
        }
        "robocopy" => ("windows.change", Risk::Caution, "copies files"),
        _ => return None,
    }))
}

/// Services that guard the machine or its ways back.
const GUARDS: &[&str] = &[
    "windefend",
    "mpssvc",
    "eventlog",
    "wscsvc",
    "vss",
    "wuauserv",
    "sense",
    "securityhealthservice",
    "bits",
    "wbengine",
    "lanmanserver",
    "dnscache",
    "rpcss",
    "mbamservice",
];

/// The registry, owners, accounts.
fn rights(invocation: &Invocation<'_>, words: &[&str]) -> Option<Outcome> {
    let first = words.first().copied().unwrap_or_default();
    Some(Some(match invocation.name {
        "reg" => match first {
            "query" | "export" | "compare" => return Some(None),
            "delete" | "restore" | "load" | "import" | "unload" => {
                ("windows.registry", Risk::Dangerous, "deletes or replaces keys of the registry")
            }
            _ if words.iter().any(|word| {
                ["\\run", "policies", "winlogon", "image file execution"].iter().any(|key| word.contains(key))
            }) =>
            {
                ("persistence.schedule", Risk::Dangerous, "makes something run by itself")
            }
            _ => ("windows.registry", Risk::Caution, "changes the registry"),
        },
        "regedit" => ("windows.registry", Risk::Dangerous, "changes the registry"),
        "attrib"
            if says(words, &["/s"])
                && invocation.args.iter().any(|arg| invocation.place(&arg.text).is_catastrophic()) =>
        {
            ("permission.recursive", Risk::Dangerous, "changes the attributes of everything")
        }
        "at" if words.len() > 1 => ("persistence.schedule", Risk::Dangerous, "makes something run by itself later"),
        "takeown" | "icacls" | "cacls" => {
            let verbs = ["/grant", "/deny", "/remove", "/reset", "/setowner", "/inheritance:r", "/g", "/p", "/e"];
            if invocation.name != "takeown" && !says(words, &verbs) {
                return Some(None);
            }
            let grave = |arg: &Arg| {
                let place = invocation.place(&arg.text);
                !arg.text.starts_with('/') && (place.is_catastrophic() || place == Place::SystemFile)
            };
            let everyone = words.iter().any(|word| word.starts_with("everyone") || word.starts_with("*s-1-1-0"));
            if says(words, &["/r", "/t"]) || everyone || invocation.args.iter().any(grave) {
                ("permission.recursive", Risk::Dangerous, "changes owners or permissions throughout")
            } else {
                ("permission.change", Risk::Caution, "changes an owner or permissions")
            }
        }
        "net" | "net1" => match first {
            "user" | "localgroup" | "group" | "accounts" if words.len() > 2 => {
                ("windows.account", Risk::Dangerous, "changes who may use this machine, and as what")
            }
            "stop" if words.get(1).is_some_and(|service| GUARDS.contains(service)) => {
                ("machine.service-vital", Risk::Dangerous, "stops a service that guards the machine")
            }
            "stop" | "start" | "pause" | "continue" => ("machine.service", Risk::Caution, "starts or stops a service"),
            "share" if words.len() > 1 => ("exposure.listener", Risk::Dangerous, "shares a folder with the network"),
            "use" if words.len() > 1 => ("windows.change", Risk::Caution, "connects a network drive"),
            _ => return Some(None),
        },
        "netsh" if says(words, &["show", "dump"]) => return Some(None),
        "netsh" => ("machine.firewall", Risk::Dangerous, "changes the firewall or the network"),
        _ => return None,
    }))
}

/// Services, processes, downloads, scripts.
fn programs(name: &str, words: &[&str]) -> Option<Outcome> {
    let first = words.first().copied().unwrap_or_default();
    Some(Some(match name {
        "sc" => match first {
            "query" | "qc" | "queryex" | "getdisplayname" => return Some(None),
            "delete" | "config" | "create" | "failure" | "sdset" => {
                ("machine.service-vital", Risk::Dangerous, "changes what runs by itself")
            }
            "stop" if words.get(1).is_some_and(|service| GUARDS.contains(service)) => {
                ("machine.service-vital", Risk::Dangerous, "stops a service that guards the machine")
            }
            "stop" | "start" => ("machine.service", Risk::Caution, "starts or stops a service"),
            _ => return None,
        },
        "taskkill" => {
            let vital = ["*", "csrss.exe", "lsass.exe", "winlogon.exe", "svchost.exe", "explorer.exe", "*.exe"];
            if says(words, &vital) || words.iter().any(|word| word.contains(" gt ") || word.contains(" ne ")) {
                ("process.kill-many", Risk::Dangerous, "ends what Windows needs")
            } else {
                ("process.kill", Risk::Caution, "ends processes")
            }
        }
        "certutil" if says(words, &["-urlcache", "/urlcache", "-decode", "/decode"]) => {
            ("download.file", Risk::Caution, "saves a file from the network")
        }
        "bitsadmin" => ("download.file", Risk::Caution, "saves a file from the network"),
        "mshta" | "rundll32" | "regsvr32" | "wscript" | "cscript" | "msiexec" | "installutil" => {
            let fetched =
                |word: &&str| word.contains("://") || word.starts_with("javascript:") || word.starts_with("vbscript:");
            if words.iter().any(fetched) {
                ("remote.run", Risk::Dangerous, "runs what a server sends, unread")
            } else {
                ("shell.script", Risk::Caution, "runs a script or a library, which was not looked into")
            }
        }
        "wevtutil" if matches!(first, "cl" | "clear-log") => ("machine.log", Risk::Dangerous, "throws records away"),
        "wevtutil" | "certutil" => return Some(None),
        _ => return None,
    }))
}
