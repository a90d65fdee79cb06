//! The machine's own settings: services, users, firewall, network, clock, logs, kernel.

use super::{Invocation, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("machine.service", "a service started, stopped or changed"),
    rule("machine.service-vital", "a service others depend on stopped or switched off"),
    rule("machine.user", "an account, a password or a group changed"),
    rule("machine.firewall", "the firewall opened, emptied or switched off"),
    rule("machine.network", "a network interface or route changed"),
    rule("machine.clock", "the clock set"),
    rule("machine.log", "logs or history thrown away"),
    rule("machine.kernel", "the kernel, its modules or its settings changed"),
    rule("machine.setting", "a setting of the system changed"),
    rule("machine.backup", "backups or snapshots deleted"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "systemctl" | "service" | "rc-service" | "initctl" | "launchctl" | "sv" | "update-rc.d" | "chkconfig"
        | "rc-update" | "rcctl" | "svcadm" => service(invocation, verdict),
        "useradd" | "userdel" | "usermod" | "groupadd" | "groupdel" | "groupmod" | "adduser" | "deluser"
        | "addgroup" | "delgroup" | "passwd" | "chpasswd" | "gpasswd" | "chage" | "vipw" | "visudo" | "chsh"
        | "newusers" | "dscl" | "sysadminctl" | "faillock" | "pam-auth-update" => {
            user(invocation, verdict);
        }
        "iptables-restore" | "ip6tables-restore" | "nft-restore" => verdict.report(
            "machine.firewall",
            Risk::Dangerous,
            invocation.whole(),
            "replaces every rule of the firewall",
        ),
        "iptables" | "ip6tables" | "ebtables" | "nft" | "ufw" | "firewall-cmd" | "pfctl" | "ipfw" | "ipset"
        | "socketfilterfw" => firewall(invocation, verdict),
        "ip" | "ifconfig" | "route" | "nmcli" | "ifdown" | "ifup" | "iw" | "rfkill" | "brctl" | "networksetup"
        | "wg-quick" | "tc" | "resolvectl" | "hostnamectl" | "iwconfig" | "ethtool" => network(invocation, verdict),
        "date" => {
            let options = invocation.options("dfrs", &["--date", "--file", "--reference", "--set"]);
            let sets = (options.long("set") || invocation.args.iter().any(|arg| arg.text.starts_with("-s")))
                || !invocation.has(&["-r", "-d", "-f", "-j"])
                    && invocation
                        .operand(0)
                        .is_some_and(|arg| arg.text.len() >= 8 && arg.text.bytes().all(|b| b.is_ascii_digit()));
            clock(sets, invocation, verdict);
        }
        "hwclock" => {
            clock(invocation.has(&["-w", "--systohc", "-s", "--hctosys", "--set", "--adjust"]), invocation, verdict);
        }
        "timedatectl" if invocation.word(0) == "set-timezone" => {
            verdict.report("machine.clock", Risk::Caution, invocation.whole(), "sets what clock time is shown");
        }
        "timedatectl" => {
            clock(matches!(invocation.word(0), "set-time" | "set-ntp" | "set-local-rtc"), invocation, verdict);
        }
        "ntpdate" | "chronyc" => clock(
            !invocation.has(&["-q", "tracking", "sources", "sourcestats", "activity", "clients"]),
            invocation,
            verdict,
        ),
        "journalctl" => {
            let throws = invocation
                .args
                .iter()
                .any(|arg| arg.text.starts_with("--vacuum") || arg.text == "--rotate" || arg.text == "--flush");
            log(throws, invocation, verdict);
        }
        "loginctl" => session(invocation, verdict),
        "history" => log(
            invocation
                .args
                .iter()
                .any(|arg| arg.is_option() && !arg.text.starts_with("--") && arg.text.contains(['c', 'd', 'p']))
                || invocation.has(&["--delete", "--clear"])
                || matches!(invocation.word(0), "clear" | "delete"),
            invocation,
            verdict,
        ),
        "logrotate" => log(invocation.has(&["-f", "--force"]), invocation, verdict),
        "dmesg" => log(invocation.has(&["-C", "--clear", "-c", "--read-clear"]), invocation, verdict),
        "fc" => log(invocation.has(&["-p", "-P"]), invocation, verdict),
        "log" => log(invocation.word(0) == "erase", invocation, verdict),
        "auditctl" => log(invocation.has(&["-D", "-e"]), invocation, verdict),
        "sysctl" | "modprobe" | "rmmod" | "insmod" | "depmod" | "bpftool" | "kmod" => kernel(invocation, verdict),
        "defaults"
        | "gsettings"
        | "dconf"
        | "localectl"
        | "update-alternatives"
        | "dpkg-reconfigure"
        | "nvram"
        | "pmset"
        | "systemsetup"
        | "scutil"
        | "locale-gen"
        | "authconfig"
        | "update-ca-certificates"
        | "security" => setting(invocation, verdict),
        "fdesetup"
        | "profiles"
        | "tccutil"
        | "kextload"
        | "kextunload"
        | "bless"
        | "pkgutil"
        | "xattr"
        | "mdutil"
        | "atsutil"
        | "dseditgroup"
        | "systemextensionsctl"
        | "firmwarepasswd"
        | "sfltool" => protection(invocation, verdict),
        "tmutil" | "snapper" | "timeshift" | "restic" | "borg" | "duplicity" => {
            backup(invocation, verdict);
        }
        _ => {}
    }
}

const VITAL_SERVICES: &[&str] = &[
    "ssh",
    "sshd",
    "network",
    "networking",
    "NetworkManager",
    "systemd-networkd",
    "systemd-resolved",
    "firewalld",
    "iptables",
    "ufw",
    "nftables",
    "dbus",
    "systemd-logind",
    "gdm",
    "gdm3",
    "sddm",
    "lightdm",
    "display-manager",
    "auditd",
    "rsyslog",
    "apparmor",
    "fail2ban",
    "cron",
    "crond",
    "clamav-daemon",
    "falcon-sensor",
    "systemd-journald",
    "polkit",
    "docker.socket",
    "selinux",
];

fn service(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words: Vec<&str> =
        invocation.args.iter().map(|arg| arg.text.as_str()).filter(|text| !text.starts_with('-')).collect();
    // What launchd loads from these folders runs by itself from then on, and so does a unit from a folder of one's own.
    let starts = words.first().is_some_and(|action| matches!(*action, "load" | "bootstrap" | "enable" | "submit"));
    let foreign = words
        .iter()
        .skip(1)
        .any(|word| word.contains('/') && !word.starts_with("system/") && !word.starts_with("gui/"));
    if starts && foreign
        || invocation.name == "launchctl"
            && words.first().is_some_and(|action| matches!(*action, "submit" | "remove" | "disable"))
    {
        return verdict.report(
            "machine.service-vital",
            Risk::Dangerous,
            invocation.whole(),
            "changes what runs by itself",
        );
    }
    let (action, units) = match invocation.name {
        "service" | "rc-service" => (words.get(1).copied().unwrap_or("status"), words.get(..1).unwrap_or_default()),
        "update-rc.d" | "chkconfig" => (words.get(1).copied().unwrap_or("list"), words.get(..1).unwrap_or_default()),
        _ => (words.first().copied().unwrap_or("list-units"), words.get(1..).unwrap_or_default()),
    };
    match action {
        "status" | "show" | "cat" | "is-active" | "is-enabled" | "is-failed" | "list" | "print" | "help" | "blame"
        | "get-default" | "dump" | "version" | "--status-all" => verdict.harmless(),
        _ if action.starts_with("list") || action.starts_with("print") => verdict.harmless(),
        "poweroff" | "reboot" | "halt" | "kexec" | "suspend" | "hibernate" | "emergency" | "rescue" | "isolate"
        | "soft-reboot" | "exit" | "hybrid-sleep" | "default" => {
            verdict.report(
                "process.power",
                Risk::Dangerous,
                invocation.whole(),
                "switches the machine off, or everything but the least",
            );
        }
        "onestop" | "forcestop" | "faststop" | "stop" | "disable" | "mask" | "kill" | "bootout" | "unload"
        | "remove" | "off" | "del" | "down" => {
            let vital = units.iter().any(|unit| {
                let unit = unit.trim_end_matches(".service");
                VITAL_SERVICES.contains(&unit)
                    || unit.contains('*')
                    || unit.contains("/System/Library")
                    || unit.ends_with(".target")
                    || unit == "system"
            });
            let (rule, risk) =
                if vital { ("machine.service-vital", Risk::Dangerous) } else { ("machine.service", Risk::Caution) };
            verdict.report(rule, risk, invocation.whole(), format!("stops {}", units.first().unwrap_or(&"a service")));
        }
        "set-default" | "edit" | "revert" | "set-environment" | "import-environment" | "link" | "set-property"
        | "switch-root" | "preset-all" => {
            verdict.report("machine.service", Risk::Dangerous, invocation.whole(), "changes what the machine starts");
        }
        _ => verdict.report("machine.service", Risk::Caution, invocation.whole(), format!("{action}s a service")),
    }
}

/// `loginctl`: sessions of people who may be working.
fn session(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let action = invocation.word(0);
    if action.starts_with("terminate") || action.starts_with("kill") {
        verdict.report("process.kill-many", Risk::Dangerous, invocation.whole(), "ends everything a user runs");
    } else if matches!(action, "reboot" | "poweroff" | "halt" | "suspend" | "hibernate" | "hybrid-sleep") {
        verdict.report("process.power", Risk::Dangerous, invocation.whole(), "switches the machine off or restarts it");
    } else if action.starts_with("enable") || action.starts_with("disable") || action.starts_with("lock") {
        verdict.report("machine.service", Risk::Caution, invocation.whole(), "changes sessions");
    } else {
        verdict.harmless();
    }
}

fn user(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let reads = match invocation.name {
        "passwd" => invocation.has(&["-S", "--status", "--help"]),
        "chage" => invocation.has(&["-l", "--list"]),
        "chsh" => invocation.has(&["-l", "--list-shells"]),
        "visudo" => invocation.has(&["-c", "--check"]),
        "dscl" => invocation.args.iter().any(|arg| {
            matches!(arg.text.trim_start_matches('-'), "list" | "read" | "ls" | "cat" | "search" | "readall")
        }),
        "faillock" => !invocation.has(&["--reset"]),
        _ => invocation.has(&["--help"]),
    };
    if reads {
        return verdict.harmless();
    }
    if is_ordinary_account(invocation) {
        return verdict.report("machine.user", Risk::Caution, invocation.whole(), "adds an account or a group");
    }
    let own = match invocation.name {
        "passwd" => invocation.args.is_empty(),
        "chsh" => invocation.args.len() < 3 && (invocation.args.is_empty() || invocation.has(&["-s", "--shell"])),
        _ => false,
    };
    let risk = if own { Risk::Caution } else { Risk::Dangerous };
    verdict.report("machine.user", risk, invocation.whole(), "changes who may use this machine, and as what");
}

/// A new account or group, or another group for one, that brings no rights over the machine.
fn is_ordinary_account(invocation: &Invocation<'_>) -> bool {
    const MIGHTY: &[&str] =
        &["sudo", "wheel", "admin", "root", "docker", "adm", "disk", "shadow", "lxd", "libvirt", "kvm", "sudoers", "0"];
    let groups = || {
        let named = invocation.args.iter().flat_map(|arg| arg.text.split([',', '=']));
        named.filter(|name| MIGHTY.contains(name)).count() > 0
    };
    let adds = match invocation.name {
        "groupadd" | "addgroup" | "useradd" | "adduser" => {
            !invocation.has(&["-o", "--non-unique", "-u", "--uid", "-p"])
        }
        "usermod" => {
            invocation.has(&["-aG", "-a", "--append", "-c", "--comment"])
                && !invocation.has(&["-L", "-s", "-p", "-u", "-o", "-e", "-l", "-d", "-m", "-r"])
        }
        _ => false,
    };
    let bundled = invocation.args.iter().any(|arg| {
        arg.is_option() && !arg.text.starts_with("--") && arg.text.contains(['o', 'u']) && !arg.text.starts_with("-c")
    });
    adds && !groups() && !bundled && !invocation.args.iter().any(super::Arg::is_unknown)
}

fn firewall(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words: Vec<&str> = invocation.args.iter().map(|arg| arg.text.as_str()).collect();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let reads = match invocation.name {
        "iptables" | "ip6tables" | "ebtables" => !words.iter().any(|word| {
            matches!(
                *word,
                "-A" | "-I"
                    | "-D"
                    | "-F"
                    | "-X"
                    | "-P"
                    | "-R"
                    | "-N"
                    | "-Z"
                    | "-E"
                    | "--append"
                    | "--insert"
                    | "--delete"
                    | "--flush"
                    | "--policy"
                    | "--delete-chain"
                    | "--replace"
                    | "--new-chain"
            )
        }),
        "nft" => says(&["list", "monitor", "describe"]) || words.is_empty(),
        "ufw" => {
            says(&["status", "version", "show"]) || says(&["app"]) && says(&["list", "info"]) || says(&["--dry-run"])
        }
        "firewall-cmd" => words.iter().all(|word| {
            word.starts_with("--list")
                || word.starts_with("--get")
                || word.starts_with("--query")
                || word.starts_with("--state")
                || word.starts_with("--zone")
                || word.starts_with("--info")
                || *word == "--permanent"
        }),
        "pfctl" => words.iter().all(|word| {
            word.starts_with("-s")
                || matches!(*word, "-v" | "-vv" | "rules" | "info" | "states" | "nat" | "all" | "-n" | "-nf")
        }),
        "ipset" => says(&["list", "save"]),
        _ => says(&["--getglobalstate", "list", "show"]),
    };
    if reads {
        return verdict.harmless();
    }
    let opens_up = says(&[
        "-F",
        "--flush",
        "-X",
        "-P",
        "flush",
        "disable",
        "reset",
        "-d",
        "--panic-on",
        "--panic-off",
        "destroy",
        "--setglobalstate",
        "delete",
    ]) || says(&["0.0.0.0/0", "any"])
        || says(&["ACCEPT"]) && !says(&["--dport", "--sport", "-s"]);
    // A protocol that sends passwords in the clear is no better than an open door.
    let opens_up = opens_up || says(&["incoming", "default", "telnet", "23", "23/tcp"]) && says(&["allow"]);
    let risk = if opens_up || invocation.name != "ufw" { Risk::Dangerous } else { Risk::Caution };
    verdict.report("machine.firewall", risk, invocation.whole(), "changes which connections the machine lets in");
}

fn network(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words: Vec<&str> =
        invocation.args.iter().map(|arg| arg.text.as_str()).filter(|text| !text.starts_with('-')).collect();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let cuts = says(&["down", "del", "delete", "flush", "off", "block", "netns"]) && !says(&["show", "list"])
        || matches!(invocation.name, "ifdown")
        || invocation.has(&["-setairportpower"]) && says(&["off"])
        || invocation.args.iter().any(|arg| {
            matches!(
                arg.text.as_str(),
                "-setdnsservers" | "-setwebproxy" | "-setsocksfirewallproxy" | "-setautoproxyurl"
            )
        });
    let changes = says(&[
        "add",
        "set",
        "up",
        "change",
        "replace",
        "modify",
        "connect",
        "disconnect",
        "addr-add",
        "set-hostname",
        "unblock",
        "dns",
        "reload",
        "edit",
        "gw",
        "netmask",
    ]) || matches!(invocation.name, "ifup" | "wg-quick" | "ethtool")
        && invocation.args.iter().any(|arg| matches!(arg.text.as_str(), "-s" | "-K" | "up"))
        || invocation.args.iter().any(|arg| arg.text.starts_with("-set"));
    if cuts {
        verdict.report(
            "machine.network",
            Risk::Dangerous,
            invocation.whole(),
            "cuts a network connection, perhaps the one in use",
        );
    } else if changes {
        verdict.report("machine.network", Risk::Caution, invocation.whole(), "changes the network");
    } else {
        verdict.harmless();
    }
}

fn clock(sets: bool, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if sets {
        verdict.report(
            "machine.clock",
            Risk::Dangerous,
            invocation.whole(),
            "sets the clock, which certificates, builds and logs depend on",
        );
    } else {
        verdict.harmless();
    }
}

fn log(throws: bool, invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if throws {
        verdict.report("machine.log", Risk::Dangerous, invocation.whole(), "throws records away");
    } else {
        verdict.harmless();
    }
}

fn kernel(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let reads = match invocation.name {
        "sysctl" => !invocation.args.iter().any(|arg| {
            matches!(arg.text.as_str(), "-w" | "-p" | "--write" | "--load" | "--system") || arg.text.contains('=')
        }),
        "modprobe" => invocation.has(&["-n", "--dry-run", "--show-depends", "-c", "--showconfig", "-D"]),
        "kmod" | "bpftool" => {
            !matches!(invocation.word(0), "load" | "insert" | "remove" | "prog") || invocation.has(&["show", "list"])
        }
        _ => invocation.has(&["-n", "--dry-run"]),
    };
    if reads {
        return verdict.harmless();
    }
    verdict.report("machine.kernel", Risk::Dangerous, invocation.whole(), "changes the running kernel");
}

fn setting(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let action = invocation.word(0);
    let throws = matches!(
        action,
        "delete"
            | "delete-keychain"
            | "reset-recursively"
            | "dump-keychain"
            | "delete-certificate"
            | "delete-generic-password"
            | "add-trusted-cert"
    ) || invocation.name == "nvram" && (invocation.has(&["-c", "-d"]) || action.contains('='))
        || matches!(action, "authorizationdb" | "add-trusted-cert" | "unlock-keychain") && !invocation.has(&["read"])
        || invocation.has(&["-setremotelogin", "-setremoteappleevents", "-setusingnetworktime"])
        || invocation.name == "pmset" && matches!(action, "sleepnow" | "restoredefaults")
        || invocation.args.iter().any(|arg| {
            matches!(
                arg.text.as_str(),
                "LoginHook" | "LogoutHook" | "LSQuarantine" | "DisableAutoUpdate" | "AutomaticCheckEnabled"
            )
        });
    if !throws
        && (action.starts_with("list")
            || action.starts_with("find")
            || action.starts_with("show")
            || action.starts_with("get")
            || action.starts_with("dump")
            || matches!(
                action,
                "read"
                    | "status"
                    | "domains"
                    | "help"
                    | "export"
                    | "describe"
                    | "range"
                    | "query"
                    | "display"
                    | "verify-cert"
                    | ""
            )
            || invocation.has(&["-g", "-p", "--list", "--display", "--query", "--dns", "--proxy"]) && action != "write")
    {
        return verdict.harmless();
    }
    let risk = if throws { Risk::Dangerous } else { Risk::Caution };
    verdict.report("machine.setting", risk, invocation.whole(), "changes a setting");
}

/// What guards a Mac: encryption, quarantine, profiles, kernel extensions, the index.
fn protection(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let weakens = match invocation.name {
        "xattr" => {
            invocation.has(&["-c", "-cr", "-rc"])
                || invocation.args.iter().any(|arg| arg.text.contains("quarantine"))
                    && invocation.args.iter().any(|arg| arg.is_option() && arg.text.contains('d'))
        }
        "mdutil" => invocation.has(&["-E", "off", "-X"]),
        "pkgutil" => invocation.has(&["--forget"]),
        "atsutil" => invocation.has(&["-remove", "-removeUser"]),
        "profiles" => invocation.has(&["remove", "-R", "-D", "-remove"]),
        "fdesetup" => !matches!(invocation.word(0), "status" | "list" | "isactive" | "help" | "showdeferralinfo" | ""),
        "systemextensionsctl" => matches!(invocation.word(0), "reset" | "uninstall" | "developer"),
        "firmwarepasswd" => !invocation.has(&["-check", "-mode"]),
        "dseditgroup" => invocation
            .args
            .windows(2)
            .any(|two| two[0].text == "-o" && matches!(two[1].text.as_str(), "edit" | "delete" | "create")),
        "bless" => !invocation.has(&["--info", "-info"]),
        "kextload" | "kextunload" | "tccutil" | "sfltool" => true,
        _ => false,
    };
    if weakens {
        verdict.report(
            "machine.setting",
            Risk::Dangerous,
            invocation.whole(),
            "weakens a protection, or throws an index away",
        );
    }
}

fn backup(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    // Put back into a folder of its own, it lies over nothing.
    let aside = invocation.args.windows(2).find(|two| two[0].text == "--target" || two[0].text == "-t");
    if words.first().is_some_and(|word| word == "restore")
        && aside.is_some_and(|two| !invocation.place(&two[1].text).is_catastrophic())
    {
        return verdict.report("program.changes", Risk::Caution, invocation.whole(), "writes files out of a backup");
    }
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    let dry = says(&["--dry-run", "-n"]);
    if !dry
        && (says(&[
            "delete",
            "removedestination",
            "prune",
            "forget",
            "disable",
            "disablelocal",
            "remove-all-but-n-full",
            "remove-older-than",
            "resize",
            "--delete",
            "--delete-all",
            "rollback",
            "undochange",
            "--restore",
            "thinlocalsnapshots",
            "cleanup",
            "restore",
        ]) || words.iter().any(|word| word.starts_with("delete")))
    {
        verdict.report("machine.backup", Risk::Dangerous, invocation.whole(), "deletes or rolls back backups");
    } else if words.first().is_some_and(|word| {
        word.starts_with("list")
            || matches!(
                word.as_str(),
                "status"
                    | "destinationinfo"
                    | "latestbackup"
                    | "snapshots"
                    | "info"
                    | "check"
                    | "ls"
                    | "stats"
                    | "compare"
                    | "get"
                    | "diff"
                    | "isexcluded"
                    | "uniquesize"
                    | "verifychecksums"
            )
    }) || dry
    {
        verdict.harmless();
    }
}
