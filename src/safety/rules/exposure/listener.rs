//! Programs that wait for others: terminals shared over the web, servers without a lock, debuggers on every address.

use super::super::{Invocation, Place, Risk, Verdict};

/// They share a terminal, a screen or the whole machine, whatever their arguments.
const ALWAYS: &[&str] = &[
    "ttyd",
    "gotty",
    "wetty",
    "shellinaboxd",
    "tmate",
    "upterm",
    "sshx",
    "telnetd",
    "in.telnetd",
    "utelnetd",
    "x11vnc",
    "smbd",
    "tftpd",
    "in.tftpd",
    "sshd",
    "dropbear",
    "gost",
    "pwncat",
    "pwncat-cs",
    "rcat",
    "ligolo",
    "localtunnel",
    "teleconsole",
    "inetd",
    "rshd",
    "rlogind",
    "vncserver",
    "x0vncserver",
    "wayvnc",
    "krfb",
    "rustdesk",
    "playit",
    "pagekite",
    "sish",
    "zrok",
    "microsocks",
    "danted",
    "3proxy",
    "proxy.py",
    "mitmweb",
    "revsh",
    "weevely",
];

/// They show the files of a folder.
const FILES: &[&str] = &[
    "http-server",
    "httpd",
    "darkhttpd",
    "live-server",
    "webfsd",
    "thttpd",
    "mini_httpd",
    "serve",
    "miniserve",
    "simple-http-server",
    "filebrowser",
    "dufs",
    "updog",
    "pyftpdlib",
];

/// They are safe at home only: the words that take the lock off.
const OPENED: &[(&[&str], &[&str])] = &[
    (&["redis-server", "valkey-server"], &["0.0.0.0", "no", "*"]),
    (&["mongod", "mongos"], &["0.0.0.0", "--bind_ip_all", "--noauth"]),
    (
        &["jupyter", "jupyter-lab", "jupyter-notebook"],
        &[
            "0.0.0.0",
            "*",
            "--ServerApp.token",
            "--NotebookApp.token",
            "--NotebookApp.password",
            "--ServerApp.password",
            "--IdentityProvider.token",
        ],
    ),
    (&["Xvnc", "Xtigervnc"], &["None"]),
    (&["vsftpd", "proftpd"], &["anonymous_enable=YES"]),
    (&["exportfs"], &["no_root_squash", "*:/"]),
    (&["adb"], &["tcpip"]),
    (&["code", "code-insiders", "cursor"], &["tunnel", "serve-web"]),
    (&["upnpc"], &["-a", "-r"]),
    (&["elasticsearch"], &["network.host"]),
    (&["memcached"], &["0.0.0.0"]),
    (&["etcd"], &["0.0.0.0"]),
    (&["cassandra", "influxd", "rethinkdb"], &["all", "0.0.0.0"]),
    (&["postgres", "mysqld", "mariadbd"], &["--skip-grant-tables"]),
    (&["dlv", "lldb-server", "gdbserver"], &["0.0.0.0"]),
];

pub(super) fn listener(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    if invocation.has(&["--help", "-h", "--version", "-V", "version", "-t", "-T"]) && !invocation.has(&["--port"]) {
        return;
    }
    let report = |verdict: &mut Verdict, message: &str| {
        verdict.report("exposure.listener", Risk::Dangerous, invocation.whole(), message);
    };
    if ALWAYS.contains(&name) {
        return report(verdict, "lets others use or watch this machine");
    }
    if FILES.contains(&name) {
        let private = |arg: &super::super::Arg| {
            let place = invocation.place(&arg.text);
            !arg.is_option() && (place.is_catastrophic() || matches!(place, Place::Secret | Place::SystemFile))
        };
        let risk = if invocation.args.iter().any(private) { Risk::Dangerous } else { Risk::Caution };
        let message = "shows the files of a folder to everyone on the network";
        return verdict.report("exposure.listener", risk, invocation.whole(), message);
    }
    let opened = OPENED.iter().filter(|(programs, _)| programs.contains(&name)).any(|(_, words)| {
        invocation.args.iter().any(|arg| {
            let text = arg.text.as_str();
            words.iter().any(|word| {
                text == *word
                    || text.split(['=', ':', ',']).any(|part| part == *word)
                    || word.contains(['.', '_']) && text.contains(word)
            })
        })
    });
    if opened {
        report(verdict, "opens a port for everyone, with nothing that asks who they are");
    }
}
