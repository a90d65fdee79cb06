//! Processes, power, and what multiplies without end.

use super::{Invocation, Range, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Origin;
use crate::shell::Shell;
use crate::shell::syntax::{Command, Redirect, RedirectKind, Script, Simple};

pub(super) const RULES: &[Rule] = &[
    rule("process.fork-bomb", "a function that starts itself more than once: the machine stands still"),
    rule("process.kill", "one process, or those of one name, told to end"),
    rule("process.kill-many", "many processes ended at once"),
    rule("process.power", "the machine switched off or restarted"),
];

/// Judges the definition of a function.
pub(crate) fn fork_bomb(name: &str, body: &Script, span: Range<usize>, verdict: &mut Verdict) {
    let mut calls = Calls { name, count: 0, multiplied: false };
    calls.script(body, 0);
    if calls.count > 1 && calls.multiplied {
        verdict.report(
            "process.fork-bomb",
            Risk::Blocked,
            span,
            format!("{name} starts itself twice each time, until the machine stands still"),
        );
    }
}

/// Programs that let time pass, or wait for something to happen.
const WAITS: &[&str] = &[
    "sleep",
    "wait",
    "read",
    "inotifywait",
    "select",
    "usleep",
    "sleepenh",
    "break",
    "exit",
    "return",
    "fg",
    "timeout",
    "nc",
    "ncat",
    "socat",
    "tail",
    "watch",
    "flock",
];

/// Programs that are done at once, so that a loop of nothing else goes round as fast as it can.
const QUICK: &[&str] = &["echo", "printf", "cat", "date", "head", "dd", "cp", "seq", "base64"];

/// Judges a loop nothing ends: one that starts something in the background each time, or adds to a file as fast as it can.
pub(crate) fn endless(bodies: &[Script], origin: &Origin, verdict: &mut Verdict) {
    let mut round = Round::default();
    for body in bodies {
        round.script(body, 0);
    }
    if round.waits {
        return;
    }
    if let Some(span) = round.started {
        let message = "starts one more process each time, without end, until the machine stands still";
        verdict.report("process.fork-bomb", Risk::Dangerous, origin.span(&span), message);
    } else if let Some(span) = round.added.filter(|_| !round.slow) {
        let message = "adds to a file without end, until the disk is full";
        verdict.report("overwrite.endless", Risk::Dangerous, origin.span(&span), message);
    }
}

/// The same for shells whose loops are only scanned: `while ($true) { Start-Process x }`, `while true; x &; end`.
pub(crate) fn endless_text(shell: Shell, text: &str, span: Range<usize>, verdict: &mut Verdict) {
    let (heads, starts, waits): (&[&str], &[&str], &[&str]) = match shell {
        Shell::PowerShell => (
            &["while($true)", "while(1)", "for(;;)", "while(!$false)"],
            &["start-process", "start-job", "start-threadjob", "saps", "{start", ";start", "invoke-item"],
            &["sleep", "wait-", "read-host", "pause", "break"],
        ),
        Shell::Fish => (&["whiletrue;", "while:;"], &["&;", "&\n"], &["sleep", "wait", "read", "break"]),
        Shell::Cmd => (&["for/l%iin(0,0,1)", "for/l%xin(0,0,1)", "for/l%%iin(0,0,1)"], &["dostart"], &["timeout"]),
        _ => return,
    };
    if text.len() > 4096 || !text.contains(['{', '&', '%']) {
        return;
    }
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '\t')).map(|c| c.to_ascii_lowercase()).collect();
    let says = |words: &[&str]| words.iter().any(|word| bare.contains(word));
    if says(heads) && says(starts) && !says(waits) {
        let message = "starts one more process each time, without end, until the machine stands still";
        verdict.report("process.fork-bomb", Risk::Dangerous, span, message);
    }
}

/// What one round of a loop does.
#[derive(Default)]
struct Round {
    waits: bool,
    slow: bool,
    started: Option<Range<usize>>,
    added: Option<Range<usize>>,
}

impl Round {
    fn script(&mut self, script: &Script, depth: usize) {
        if depth > 24 {
            return;
        }
        for pipeline in &script.pipelines {
            for command in &pipeline.commands {
                match command {
                    Command::Simple(simple) => self.simple(simple, pipeline.background),
                    Command::Compound(compound) => {
                        compound.bodies.iter().for_each(|body| self.script(body, depth + 1));
                    }
                    Command::Function { .. } => {}
                }
            }
        }
    }

    fn simple(&mut self, simple: &Simple, background: bool) {
        let name = simple.words.first().map_or("", |word| word.source.as_str());
        if background {
            self.started.get_or_insert_with(|| simple.span.clone());
            return;
        }
        self.waits |= WAITS.contains(&name);
        self.slow |= !QUICK.contains(&name) && !matches!(name, ":" | "true" | "false" | "[" | "");
        let adds =
            |redirect: &Redirect| redirect.kind == RedirectKind::Append && !redirect.target.source.starts_with("/dev/");
        if simple.redirects.iter().any(adds) {
            self.added.get_or_insert_with(|| simple.span.clone());
        }
    }
}

struct Calls<'a> {
    name: &'a str,
    count: usize,
    multiplied: bool,
}

impl Calls<'_> {
    fn script(&mut self, script: &Script, depth: usize) {
        if depth > 24 {
            return;
        }
        for pipeline in &script.pipelines {
            for command in &pipeline.commands {
                match command {
                    Command::Simple(simple) => {
                        let calls =
                            simple.words.first().is_some_and(|word| word.source == self.name || word.source == "$0");
                        self.count += usize::from(calls);
                        self.multiplied |= calls && (pipeline.background || pipeline.commands.len() > 1);
                    }
                    Command::Compound(compound) => compound.bodies.iter().for_each(|body| self.script(body, depth + 1)),
                    Command::Function { body, .. } => self.script(body, depth + 1),
                }
            }
        }
    }
}

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "kill" => kill(invocation, verdict),
        "pkill" | "skill" | "killall" | "killall5" | "xkill" | "slay" => kill_by_name(invocation, verdict),
        "fuser" => fuser(invocation, verdict),
        "rtcwake" | "ipmitool" | "racadm" | "dbus-send" | "gdbus" | "busctl" | "wmic-power" => {
            let words = ["off", "cycle", "reset", "soft", "disk", "mem", "PowerOff", "Reboot", "Suspend", "Hibernate"];
            let ends = invocation
                .args
                .iter()
                .any(|arg| words.iter().any(|word| arg.text == *word || arg.text.ends_with(&format!(".{word}"))));
            if ends && !invocation.has(&["status"]) {
                verdict.report(
                    "process.power",
                    Risk::Dangerous,
                    invocation.whole(),
                    "switches a machine off or restarts it",
                );
            }
        }
        "shutdown" | "reboot" | "poweroff" | "halt" | "telinit" | "init" | "kexec" | "pm-suspend" => {
            power(invocation, verdict);
        }
        _ => {}
    }
}

fn kill(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let signals =
        invocation.args.first().is_some_and(|arg| matches!(arg.text.as_str(), "-l" | "-L" | "--list" | "--table"));
    if signals {
        return verdict.harmless();
    }
    // `kill -9 -1`: the first number is the signal, a negative one after it a group, and -1 is everyone.
    let everyone = invocation.args.iter().skip(1).any(|arg| arg.text == "-1")
        || invocation.args.iter().any(|arg| matches!(arg.text.as_str(), "1" | "0"));
    if everyone
        && invocation.args.last().is_some_and(|arg| matches!(arg.text.as_str(), "-1" | "1" | "0"))
        && !invocation.has(&["-0"])
    {
        return verdict.report(
            "process.kill-many",
            Risk::Dangerous,
            invocation.whole(),
            "ends every process it may, this terminal included",
        );
    }
    verdict.report(
        "process.kill",
        Risk::Caution,
        invocation.whole(),
        "ends processes; what they have not saved is lost",
    );
}

fn kill_by_name(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(&["-l", "--list", "--help", "-V", "--version"])
        || invocation.args.iter().any(|arg| arg.text == "-0")
    {
        return verdict.harmless();
    }
    let options = invocation.options(
        "gGPstuUFyo",
        &["--signal", "--user", "--group", "--parent", "--session", "--terminal", "--euid", "--uid"],
    );
    let by_user_alone = invocation.name == "skill" && invocation.has(&["-u", "-t"]);
    if by_user_alone {
        return verdict.report("process.kill-many", Risk::Dangerous, invocation.whole(), "ends many processes at once");
    }
    let broad = options.operands.iter().any(|pattern| {
        let text = pattern.text.trim_matches(['^', '$']);
        pattern.is_unknown()
            || text.len() <= 1
            || matches!(
                text,
                ".*" | "*"
                    | ".+"
                    | "init"
                    | "systemd"
                    | "Xorg"
                    | "sshd"
                    | "gnome-shell"
                    | "dbus-daemon"
                    | "bash"
                    | "sh"
                    | "zsh"
                    | "loginwindow"
                    | "WindowServer"
                    | "rsyslogd"
                    | "syslogd"
                    | "auditd"
                    | "systemd-journald"
                    | "falcon-sensor"
                    | "clamd"
                    | "Xwayland"
                    | "gdm"
                    | "plasmashell"
                    | "launchd"
            )
    });
    let by_user = options.any("uU", "u|ser") || options.long("euid") || options.any("t", "terminal");
    if broad || by_user && options.operands.is_empty() || matches!(invocation.name, "killall5") {
        return verdict.report("process.kill-many", Risk::Dangerous, invocation.whole(), "ends many processes at once");
    }
    verdict.report("process.kill", Risk::Caution, invocation.whole(), "ends every process of that name");
}

fn fuser(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("nNsw", &["--namespace"]);
    if !options.any("k", "kill") {
        return verdict.harmless();
    }
    let place_wide = options.operands.iter().any(|target| invocation.place(&target.text).is_catastrophic())
        || options.any("mM", "mount");
    let risk = if place_wide { Risk::Dangerous } else { Risk::Caution };
    let rule = if place_wide { "process.kill-many" } else { "process.kill" };
    verdict.report(rule, risk, invocation.whole(), "ends whatever uses the file");
}

fn power(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(&["--help", "--version", "-c", "--show", "-h=help"]) && !invocation.has(&["now"])
        || invocation.has(&["/a", "-a"])
    {
        return verdict.harmless();
    }
    let level = invocation.word(0);
    let changes = match invocation.name {
        "init" | "telinit" => matches!(level, "0" | "1" | "6" | "s" | "S" | "single"),
        _ => true,
    };
    let risk = if changes { Risk::Dangerous } else { Risk::Caution };
    verdict.report("process.power", risk, invocation.whole(), "switches the machine off or restarts it");
    if invocation.name == "shutdown" && invocation.context.os != crate::context::Os::Windows {
        verdict.suggest(Risk::Dangerous, invocation.whole(), || "shutdown --show".to_owned());
    }
}
