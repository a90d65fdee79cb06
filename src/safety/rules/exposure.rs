//! Connections that let others in or secrets out: reverse shells, listeners, tunnels, uploads of keys.

use super::{Invocation, Place, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Feed;

mod listener;

use listener::listener;

pub(super) const RULES: &[Rule] = &[
    rule("exposure.reverse-shell", "a shell handed to whoever is at the other end"),
    rule("exposure.socket", "a raw connection from the shell itself"),
    rule("exposure.secret", "keys, passwords or private files sent away or shown to all"),
    rule("exposure.upload", "files sent to another machine"),
    rule("exposure.listener", "a port opened for others"),
    rule("exposure.tunnel", "a tunnel into this machine or network"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    listener(invocation, verdict);
    match invocation.name {
        "nc" | "ncat" | "netcat" | "nc.traditional" | "nc.openbsd" | "cryptcat" => netcat(invocation, verdict),
        "socat" => socat(invocation, verdict),
        "telnet" | "tftp" | "openssl" | "s_client" => piped(invocation, verdict),
        "curl" | "wget" | "http" | "https" | "httpie" | "xh" => upload(invocation, verdict),
        "scp" | "rsync" | "rclone" | "croc" | "magic-wormhole" | "wormhole" => copied(invocation, verdict),
        "ssh" | "autossh" => tunnel(invocation, verdict),
        "mail" | "mailx" | "mutt" | "neomutt" | "sendmail" | "swaks" | "msmtp" | "pastebinit" | "fpaste"
        | "wgetpaste" | "nopaste" | "ix" | "transfer" | "ftp" | "lftp" | "ncftpput" | "smbclient" | "curlftpfs"
        | "sftp" | "gh" | "glab" | "ping" => {
            handed_over(invocation, verdict);
        }
        "cp" | "mv" | "install" | "ln" => published(invocation, verdict),
        "ngrok" | "cloudflared" | "localtunnel" | "lt" | "bore" | "frpc" | "chisel" | "tailscale" | "zerotier-cli" => {
            if super::verb::told(invocation) == Some(super::verb::Verb::Reads)
                || invocation.has(&[
                    "-h",
                    "completion",
                    "status",
                    "--version",
                    "version",
                    "help",
                    "list",
                    "--help",
                    "ip",
                ])
            {
                return verdict.harmless();
            }
            verdict.report(
                "exposure.tunnel",
                Risk::Dangerous,
                invocation.whole(),
                "makes this machine reachable from outside",
            );
        }
        "mknod" | "mkfifo" => {
            verdict.report("program.changes", Risk::Caution, invocation.whole(), "makes a special file");
        }
        // A question to the name service carries whatever is put into the name.
        "dig" | "nslookup" | "host" | "drill" => {
            let carries = |arg: &&super::Arg| {
                matches!(arg.feed, Feed::File | Feed::Unknown | Feed::Secret) && arg.text.contains('.')
            };
            if let Some(arg) = invocation.args.iter().find(carries) {
                verdict.report(
                    "exposure.secret",
                    Risk::Dangerous,
                    arg.span.clone(),
                    "sends what a command prints to a name server",
                );
            }
        }
        "xhost" if invocation.args.iter().any(|arg| arg.text.starts_with('+')) => {
            verdict.report(
                "exposure.listener",
                Risk::Dangerous,
                invocation.whole(),
                "lets others draw on and read this screen",
            );
        }
        _ => {}
    }
}

fn names_shell(text: &str) -> bool {
    text.split([' ', ',', ':', '=', '"', '\'']).any(|part| {
        matches!(
            part.rsplit('/').next().unwrap_or(part),
            "sh" | "bash"
                | "zsh"
                | "dash"
                | "ksh"
                | "fish"
                | "cmd"
                | "cmd.exe"
                | "powershell"
                | "powershell.exe"
                | "pwsh"
                | "busybox"
        )
    })
}

/// Mail, paste sites and file transfer: what is private does not belong there.
fn handed_over(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let private = *invocation.feed == Feed::Secret
        || invocation.args.iter().any(|arg| arg.feed == Feed::Secret)
        || invocation.name == "ping"
            && invocation.has(&["-p"])
            && invocation.args.iter().any(|arg| arg.feed == Feed::Unknown)
        || match invocation.feed {
            Feed::Text(text, _) => text.lines().any(|line| {
                line.split_once(' ')
                    .is_some_and(|(verb, file)| matches!(verb, "put" | "mput") && secret(invocation, file.trim()))
            }),
            _ => false,
        };
    if private {
        verdict.report(
            "exposure.secret",
            Risk::Dangerous,
            invocation.whole(),
            "sends private files or settings to another machine",
        );
    } else if matches!(invocation.name, "ftp" | "lftp" | "ncftpput") {
        piped(invocation, verdict);
    }
}

/// Keys copied to where a web server shows them.
fn published(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let Some(target) = invocation.args.last() else { return };
    let shown = ["/var/www", "/srv/http", "/usr/share/nginx", "public", "htdocs", "www", "public_html", "static"];
    let public = shown.iter().any(|folder| {
        target.text.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || target.text.trim_end_matches('/').ends_with(&format!("/{folder}"))
    });
    if public && let Some(arg) = invocation.args.iter().find(|arg| arg.feed == Feed::Secret) {
        verdict.report(
            "exposure.secret",
            Risk::Dangerous,
            arg.span.clone(),
            "puts a private file where everybody reads it",
        );
    }
}

fn netcat(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("wpsiqXxTIOe", &["--exec", "--sh-exec", "--port", "--wait"]);
    if options.asks_for_help() || options.short('h') {
        return verdict.harmless();
    }
    let runs = options.any("ec", "exec") || options.long("sh-exec") || options.long("lua-exec");
    if runs && invocation.args.iter().any(|arg| names_shell(&arg.text) || arg.text.contains('/')) {
        return verdict.report(
            "exposure.reverse-shell",
            Risk::Dangerous,
            invocation.whole(),
            "hands a shell to whoever is at the other end",
        );
    }
    if *invocation.feed == Feed::Secret {
        return piped(invocation, verdict);
    }
    if options.any("l", "listen") {
        return verdict.report(
            "exposure.listener",
            Risk::Caution,
            invocation.whole(),
            "waits for a connection from anyone",
        );
    }
    if options.short('z') {
        return verdict.harmless();
    }
    piped(invocation, verdict);
}

/// Something is piped into a connection.
fn piped(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let connects = (invocation.name != "openssl") || invocation.has(&["s_client"]);
    let sends = !matches!(invocation.feed, Feed::Nothing);
    if connects && sends && !matches!(invocation.feed, Feed::Text(..)) {
        verdict.report(
            "exposure.secret",
            Risk::Dangerous,
            invocation.whole(),
            "sends what the commands before it print to another machine",
        );
    } else if connects && !matches!(invocation.name, "openssl") {
        verdict.report("exposure.upload", Risk::Caution, invocation.whole(), "opens a connection to another machine");
    } else if connects {
        verdict.harmless();
    } else if invocation.name == "openssl" {
        let writes = matches!(invocation.word(0), "genrsa" | "req" | "genpkey" | "enc" | "pkcs12" | "rsa");
        if !writes {
            verdict.harmless();
        }
    }
}

fn socat(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(&["-h", "-V", "-hh", "-?"]) {
        return verdict.harmless();
    }
    let lower: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    let runs = lower.iter().any(|arg| arg.starts_with("exec:") || arg.starts_with("system:") || arg.contains(",exec"));
    let private = *invocation.feed == Feed::Secret
        || invocation.args.iter().any(|arg| {
            arg.text.split_once(':').is_some_and(|(kind, file)| {
                matches!(kind.to_ascii_lowercase().as_str(), "file" | "open") && secret(invocation, file)
            })
        });
    if private {
        return verdict.report("exposure.secret", Risk::Dangerous, invocation.whole(), "sends private files elsewhere");
    }
    let network = lower
        .iter()
        .any(|arg| ["tcp", "udp", "openssl", "ssl", "sctp"].iter().any(|protocol| arg.starts_with(protocol)));
    if runs && network {
        return verdict.report(
            "exposure.reverse-shell",
            Risk::Dangerous,
            invocation.whole(),
            "hands a shell to whoever is at the other end",
        );
    }
    // Like `nc -l`: what comes in is shown, and goes nowhere else.
    let shown = lower.iter().any(|arg| matches!(arg.as_str(), "-" | "stdio" | "stdout"));
    let listens = lower.iter().any(|arg| arg.contains("listen"));
    let risk = if listens && !shown { Risk::Dangerous } else { Risk::Caution };
    verdict.report("exposure.listener", risk, invocation.whole(), "passes data between here and elsewhere");
}

fn upload(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let mut takes_file = false;
    for arg in invocation.args {
        let text = arg.text.as_str();
        let flag = text.starts_with("-d")
            || text.starts_with("--data")
            || text.starts_with("-F")
            || text.starts_with("--form")
            || text.starts_with("-T")
            || text.starts_with("--upload")
            || text.starts_with("--post-file")
            || text.starts_with("--body-file");
        let file = text
            .rsplit_once(['@', '<'])
            .map(|(_, file)| file)
            .or_else(|| text.split_once('=').map(|(_, file)| file))
            .unwrap_or(text);
        if (takes_file || flag) && (secret(invocation, file) || arg.feed == Feed::Secret)
            || text.contains('@') && arg.feed == Feed::Secret
        {
            verdict.report(
                "exposure.secret",
                Risk::Dangerous,
                arg.span.clone(),
                format!("sends {} to a server", super::delete::shown(file)),
            );
        }
        if (takes_file || flag)
            && (text.contains("@-") || text == "-" || text.ends_with("<-") || text.contains("@/dev/stdin"))
            && !matches!(invocation.feed, Feed::Text(..) | Feed::Nothing)
        {
            verdict.report(
                "exposure.secret",
                Risk::Dangerous,
                arg.span.clone(),
                "sends what the commands before it print to a server",
            );
        }
        if arg.feed == Feed::File
            || arg.feed == Feed::Secret && text.contains(super::super::place::HOLE)
            || arg.feed == Feed::Secret && text.starts_with("--header")
            || arg.feed == Feed::Unknown && (takes_file || flag || text.contains("://"))
        {
            verdict.report(
                "exposure.secret",
                Risk::Dangerous,
                arg.span.clone(),
                "sends what a command prints to a server",
            );
        }
        takes_file = flag && !text.contains('=') && text.len() <= 13;
    }
}

fn secret(invocation: &Invocation<'_>, file: &str) -> bool {
    file.rsplit('.').next() != Some("pub")
        && (matches!(invocation.place(file), Place::Secret | Place::Vital | Place::Home | Place::Root | Place::System)
            || file.contains(".ssh/")
            || file.contains("id_rsa"))
}

fn copied(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let operands: Vec<_> = invocation.args.iter().filter(|arg| !arg.is_option()).collect();
    let Some((last, sources)) = operands.split_last() else { return };
    let away = last.text.contains(':') && !last.text.starts_with('/') && last.text.as_bytes().get(1) != Some(&b':');
    for source in sources.iter().filter(|source| !source.text.starts_with("ssh ")) {
        if (away || !matches!(invocation.name, "scp" | "rsync"))
            && !source.text.contains(':')
            && (secret(invocation, &source.text) || source.feed == Feed::Secret)
        {
            verdict.report(
                "exposure.secret",
                Risk::Dangerous,
                source.span.clone(),
                format!("sends {} to another machine", super::delete::shown(&source.text)),
            );
        }
    }
    let there = last.text.split_once(':').map_or("", |(_, path)| path);
    if away
        && there.starts_with('/')
        && matches!(invocation.place(there), Place::Vital | Place::Startup | Place::Secret)
    {
        let message = format!("replaces {there} on another machine");
        verdict.report("overwrite.system-file", Risk::Dangerous, last.span.clone(), message);
    }
    if away {
        verdict.report("exposure.upload", Risk::Caution, invocation.whole(), "sends files to another machine");
    }
}

fn tunnel(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("bcDeEFIiJLlmOopQRSWw", &[]);
    if options.short('V') {
        return verdict.harmless();
    }
    if matches!(invocation.feed, Feed::Secret) {
        let message = "sends private files or settings to another machine";
        return verdict.report("exposure.secret", Risk::Dangerous, invocation.whole(), message);
    }
    let wide = |flag: char| {
        options.value(flag, "").is_some_and(|value| value.starts_with("0.0.0.0") || value.starts_with(['*', ':']))
    };
    let mut settings = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase());
    if options.short('R')
        || wide('L')
        || wide('D')
        || options.short('L') && options.short('g')
        || settings.any(|text| text.contains("remoteforward"))
    {
        return verdict.report(
            "exposure.tunnel",
            Risk::Dangerous,
            invocation.whole(),
            "lets the other side reach into this network",
        );
    }
    if options.short('L') || options.short('D') {
        return verdict.report(
            "exposure.tunnel",
            Risk::Caution,
            invocation.whole(),
            "opens a tunnel to the other side",
        );
    }
    verdict.report("shell.opened", Risk::Caution, invocation.whole(), "opens a shell on another machine");
}
