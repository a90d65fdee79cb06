//! What is done with containers that have a name, and what one wants to know about them.

use std::fmt::Write as _;

use super::read::{NEVER, Question};
use super::{Act, first};
use crate::matcher::noun;
use crate::normalize::{Class, Shape, concept as c, is_of_phrasings};
use crate::shell::{Shell, quote};

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.compose {
        return None;
    }
    first(question, shell, &[logs, fields, exec, verbs])
}

/// A name without its noun, when docker is named: `docker stop web`.
pub(super) fn named(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if !question.names.is_empty() || question.container || question.compose || !question.told {
        return None;
    }
    // What has a noun of its own is no container.
    if [c::VOLUME, c::NETWORK, c::IMAGE, c::SERVICE, c::FILE].into_iter().any(|noun| question.scan.has(noun)) {
        return None;
    }
    let name = question.take_name().or_else(|| question.take_last())?;
    question.names.push(name);
    first(question, shell, &[logs, exec, verbs])
}

fn list(question: &Question<'_>, shell: Shell) -> String {
    question.names.iter().map(|name| quote(shell, name).into_owned()).collect::<Vec<_>>().join(" ")
}

fn says(question: &Question<'_>) -> String {
    question.names.join(", ")
}

fn logs(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let said = scan.has(c::LOG)
        || scan.has_text(&["output", "printed", "stdout", "tail", "logged"])
        || question.container && scan.has(c::LINE);
    if !said
        || scan.has_text(&["path", "driver", "location", "where", "where is", "where does"])
        || question.names.len() != 1 && !logs_of_somebody(question)
    {
        return None;
    }
    let scan = &mut question.scan;
    while scan.take_any(&[c::LOG]).is_some() {}
    let follow = scan.take_any(&[c::FOLLOW]).is_some() || scan.take_text(&["-f", "following", "streaming"]).is_some();
    while scan.take_text(&["output", "printed", "stdout", "logged", "following", "live"]).is_some() {}
    while scan.take_any(&[c::FOLLOW]).is_some() {}
    let tail = question.take_tail();
    let until = question.scan.has(c::BEFORE);
    let since = question.take_age();
    let scan = &mut question.scan;
    scan.take_any(&[c::BEFORE]);
    let follow = follow || tail.is_none() && since.is_none() && scan.take_text(&["tail"]).is_some();
    scan.take_text(&["tail"]);
    let stamps = scan.take_text(&["timestamps", "timestamp"]).is_some()
        || scan.has(c::WITH) && scan.take_any(&[c::TIME]).is_some();
    let mut command = String::from("docker logs");
    if follow {
        command.push_str(" -f");
    }
    if stamps {
        command.push_str(" -t");
    }
    if let Some(count) = tail {
        let _ = write!(command, " --tail {count}");
    }
    if let Some(age) = &since {
        let _ = write!(command, " --{} {age}", if until { "until" } else { "since" });
    }
    command.push(' ');
    command.push_str(&list(question, shell));
    let intent = match (follow, tail, since) {
        (true, ..) => "docker.logs-follow",
        (_, Some(_), _) => "docker.logs-tail",
        (.., Some(_)) => "docker.logs-since",
        _ => "docker.logs",
    };
    Some(Act { intent, command, does: format!("Shows what the container {} has written", says(question)) })
}

// `logs of web`: what is no service of the system is a container.
fn logs_of_somebody(question: &mut Question<'_>) -> bool {
    let scan = &question.scan;
    let Some(log) = scan.position(c::LOG) else { return false };
    let of = scan.after(log).filter(|of| scan.is_at(Some(*of), &[c::OF, c::FROM]));
    let name = match of {
        Some(of) => scan.after(of),
        None => log.checked_sub(1),
    };
    let other = scan.tokens.iter().any(|token| {
        [c::SERVICE, c::JOURNAL, c::POD, c::DEPLOYMENT, c::COMMIT, c::FILE, c::ERRORS]
            .iter()
            .any(|known| token.is(*known))
            || matches!(token.text.as_str(), "unit" | "systemd" | "kernel" | "boot" | "git" | "branch")
    });
    let fits = |name: usize| {
        let rare = scan.tokens[name].concept.is_some_and(is_of_phrasings);
        noun::is_name(scan, Some(name), NEVER) || rare && noun::is_odd_name(scan, Some(name), NEVER)
    };
    let Some(name) = name.filter(|name| !other && fits(*name)) else { return false };
    let raw = scan.tokens[name].raw.clone();
    if is_daemon(&raw) || raw.contains('.') {
        return false;
    }
    question.scan.take(name);
    question.names = vec![raw];
    question.told = true;
    true
}

// Services that come with a system or are installed on it rather than run in a container.
fn is_daemon(name: &str) -> bool {
    const DAEMONS: [&str; 56] = [
        "NetworkManager",
        "acpid",
        "apache",
        "apache2",
        "apparmor",
        "atd",
        "auditd",
        "avahi-daemon",
        "bind9",
        "bluetooth",
        "chrony",
        "chronyd",
        "colord",
        "containerd",
        "cron",
        "crond",
        "cups",
        "dbus",
        "dnsmasq",
        "docker",
        "dovecot",
        "exim4",
        "fail2ban",
        "firewalld",
        "gdm",
        "haproxy",
        "httpd",
        "jenkins",
        "kubelet",
        "libvirtd",
        "lightdm",
        "mariadb",
        "mongod",
        "mosquitto",
        "mysql",
        "mysqld",
        "named",
        "nfs-server",
        "nginx",
        "nmbd",
        "ntp",
        "ntpd",
        "php-fpm",
        "polkit",
        "postfix",
        "postgresql",
        "rsyslog",
        "sddm",
        "smbd",
        "snapd",
        "squid",
        "ssh",
        "sshd",
        "tor",
        "ufw",
        "wpa_supplicant",
    ];
    DAEMONS.iter().any(|daemon| daemon.eq_ignore_ascii_case(name)) || name.starts_with("systemd")
}

// One thing about a container.
fn fields(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.names.len() != 1 {
        return None;
    }
    let scan = &mut question.scan;
    let name = quote(shell, &question.names[0]).into_owned();
    let inspect = |format: &str| format!("docker inspect -f '{format}' {name}");
    let (intent, command, what) = if scan.take_any(&[c::ENVIRONMENT]).is_some() {
        while scan.take_any(&[c::VARIABLE, c::CONFIG, c::ENVIRONMENT]).is_some() {}
        while scan.take_text(&["set", "defined", "vars"]).is_some() {}
        if scan.tokens.iter().any(|token| token.raw.contains('=')) {
            return None;
        }
        ("docker.env", format!("docker exec {name} env"), "the variables of")
    } else if scan.take_any(&[c::MOUNT]).is_some() || scan.take_any(&[c::VOLUME]).is_some() {
        while scan.take_any(&[c::VOLUME, c::MOUNT, c::FOLDER, c::USE]).is_some() {}
        ("docker.mounts", inspect("{{json .Mounts}}"), "what is mounted in")
    } else if scan.take_text(&["health", "healthy", "unhealthy", "healthcheck"]).is_some() {
        scan.take_text(&["status", "state", "check"]);
        scan.take_any(&[c::CHECK]);
        ("docker.health", inspect("{{.State.Health.Status}}"), "the health of")
    } else if scan.take_text(&["exit"]).is_some() && scan.take_any(&[c::CODE]).is_some()
        || scan.has_text(&["exit"]) && scan.take_text(&["status"]).is_some()
    {
        scan.take_text(&["exit"]);
        scan.take_any(&[c::STOP, c::END]);
        ("docker.exit-code", inspect("{{.State.ExitCode}}"), "the exit code of")
    } else if scan.take_text(&["status", "state"]).is_some() {
        ("docker.state", inspect("{{.State.Status}}"), "the state of")
    } else if scan.take_any(&[c::IMAGE]).is_some() {
        if scan.has(c::CREATE) || scan.has(c::DELETE) || scan.has(c::RUN) || scan.has_text(&["commit", "save"]) {
            return None;
        }
        while scan.take_any(&[c::USE, c::USAGE, c::RUN, c::FROM]).is_some() {}
        scan.take_text(&["based", "uses", "use"]);
        ("docker.container-image", inspect("{{.Config.Image}}"), "the image of")
    } else if scan.has(c::MEMORY) || scan.has(c::CPU) || scan.has_text(&["stats"]) || scan.has(c::USAGE) {
        while scan.take_any(&[c::MEMORY, c::CPU, c::USAGE, c::USE, c::COUNT, c::FOLLOW]).is_some() {}
        while scan.take_text(&["stats", "resource", "resources", "much", "statistics"]).is_some() {}
        ("docker.stats-container", format!("docker stats {name}"), "what is used by")
    } else if scan.has(c::MODIFIED) && scan.has(c::FILE) || scan.has(c::DIFFERENCE) {
        while scan.take_any(&[c::MODIFIED, c::FILE, c::DIFFERENCE, c::CHANGE, c::IMAGE]).is_some() {}
        scan.take_text(&["filesystem"]);
        ("docker.container-diff", format!("docker diff {name}"), "which files have changed in")
    } else {
        return None;
    };
    Some(Act { intent, command, does: format!("Shows {what} the container {}", says(question)) })
}

fn exec(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.names.len() != 1 {
        return None;
    }
    let name = quote(shell, &question.names[0]).into_owned();
    let scan = &mut question.scan;
    let root = scan.has_text(&["root"]) && scan.take_any(&[c::AS]).is_some();
    let bash = scan.has_text(&["bash"]);
    let enters = scan.has_text(&["enter"])
        || scan.has_text(&["into", "inside"])
            && scan.has_text(&["go", "get", "ssh", "log", "jump", "exec", "hop", "step"]);
    let user = if root && scan.take_text(&["root"]).is_some() { " -u root" } else { "" };
    if scan.take_text(&["shell", "bash", "sh", "terminal", "prompt"]).is_some() || enters {
        let words = [
            "open",
            "shell",
            "bash",
            "sh",
            "terminal",
            "interactive",
            "exec",
            "enter",
            "go",
            "ssh",
            "session",
            "attach",
            "jump",
            "hop",
        ];
        while scan.take_text(&words).is_some() {}
        while scan.take_any(&[c::START, c::RUN, c::CONNECT, c::OPEN]).is_some() {}
        let program = if bash { "bash" } else { "sh" };
        return Some(Act {
            intent: "docker.exec-shell",
            command: format!("docker exec -it{user} {name} {program}"),
            does: format!("Opens a shell in the running container {}", says(question)),
        });
    }
    let verb = scan.take_text(&["exec", "run", "execute", "running"])?;
    let mut at = scan.after(verb)?;
    if scan.is_at(Some(at), &[c::COMMAND]) {
        scan.take(at);
        at = scan.after(at)?;
    }
    if !scan.is_free(at) || scan.tokens[at].class <= Class::Cue {
        return None;
    }
    let quoted = scan.tokens[at].shape == Shape::Quoted;
    let mut words = Vec::new();
    while scan.is_free(at) && !scan.is_text(Some(at), &["in", "inside", "on", "within", "as"]) {
        words.push(scan.tokens[at].raw.clone());
        scan.take(at);
        at += 1;
        if quoted {
            break;
        }
    }
    let command = words.join(" ");
    let plain = |c: char| c.is_alphanumeric() || " -_./=:,@%+".contains(c);
    if command.is_empty() || !command.chars().all(plain) {
        return None;
    }
    Some(Act {
        intent: "docker.exec",
        command: format!("docker exec{user} {name} {command}"),
        does: format!("Runs {command} in the container {}", says(question)),
    })
}

fn verbs(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.names.is_empty() || question.scan.has(c::WHEN) {
        return None;
    }
    let names = list(question, shell);
    let scan = &mut question.scan;
    let forced =
        scan.take_text(&["force", "forcefully", "forced", "forcibly", "brutally", "anyway", "immediately"]).is_some();
    let (intent, verb, does) = if scan.take_any(&[c::DELETE]).is_some() {
        let running = scan.take_text(&["even", "although"]).is_some() | scan.take_any(&[c::RUN]).is_some();
        let first = (0..scan.tokens.len()).find(|at| scan.is_at(Some(*at), &[c::STOP, c::DELETE]));
        let stops = scan.is_at(first, &[c::STOP]) && scan.take_any(&[c::STOP]).is_some();
        scan.take_any(&[c::STOP]);
        while scan.take_any(&[c::ALSO, c::RUN]).is_some() {}
        if scan.has(c::VOLUME) && scan.take_any(&[c::VOLUME]).is_some() {
            if forced || running || stops {
                ("docker.rm-force", "rm -f -v", "Deletes")
            } else {
                ("docker.rm", "rm -v", "Deletes")
            }
        } else if forced || running || stops && !scan.has_text(&["stopped"]) {
            ("docker.rm-force", "rm -f", "Deletes, running or not,")
        } else {
            ("docker.rm", "rm", "Deletes")
        }
    } else if scan.take_any(&[c::RESTART]).is_some() {
        ("docker.restart", "restart", "Restarts")
    } else if scan.take_any(&[c::KILL]).is_some() {
        ("docker.kill", "kill", "Ends at once")
    } else if scan.take_text(&["unpause", "resume"]).is_some() {
        ("docker.unpause", "unpause", "Lets go on")
    } else if scan.take_text(&["pause", "freeze", "suspend"]).is_some() {
        ("docker.pause", "pause", "Holds")
    } else if scan.take_text(&["attach"]).is_some() {
        scan.take_any(&[c::RUN]);
        ("docker.attach", "attach", "Connects you to the main program of")
    } else if scan.take_any(&[c::STOP]).is_some() {
        if forced { ("docker.kill", "kill", "Ends at once") } else { ("docker.stop", "stop", "Stops") }
    } else if scan.take_any(&[c::START]).is_some() {
        scan.take_text(&["stopped", "again", "existing"]);
        ("docker.start", "start", "Starts")
    } else {
        return None;
    };
    question.scan.take_text(&["again", "gracefully"]);
    Some(Act {
        intent,
        command: format!("docker {verb} {names}"),
        does: format!("{does} the container {}", says(question)),
    })
}
