//! Package managers of systems and languages.

use super::{Invocation, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Feed;

pub(super) const RULES: &[Rule] = &[
    rule("package.install", "packages installed or upgraded"),
    rule("package.remove", "packages removed"),
    rule("package.remove-vital", "packages removed that the system cannot run without, or all at once"),
    rule("package.from-address", "a package from an address and not from a registry"),
    rule("package.untrusted", "packages nobody has signed or checked"),
    rule("package.publish", "a package published or taken back"),
];

const MANAGERS: &[&str] = &[
    "nala",
    "wajig",
    "apt-fast",
    "dnf5",
    "tdnf",
    "pamac",
    "aura",
    "trizen",
    "urpmi",
    "urpme",
    "pkgin",
    "cave",
    "slackpkg",
    "apt",
    "apt-get",
    "aptitude",
    "dpkg",
    "yum",
    "dnf",
    "rpm",
    "zypper",
    "pacman",
    "yay",
    "paru",
    "apk",
    "brew",
    "port",
    "snap",
    "flatpak",
    "emerge",
    "nix-env",
    "nix",
    "xbps-install",
    "xbps-remove",
    "pkg",
    "opkg",
    "eopkg",
    "pip",
    "pip3",
    "pipx",
    "npm",
    "pnpm",
    "yarn",
    "bun",
    "gem",
    "cargo",
    "go",
    "composer",
    "conda",
    "mamba",
    "micromamba",
    "choco",
    "winget",
    "scoop",
    "poetry",
    "uv",
    "cpan",
    "cpanm",
    "luarocks",
    "dotnet",
    "easy_install",
    "microdnf",
    "guix",
    "nix-channel",
    "nix-collect-garbage",
    "rustup",
    "deno",
    "helm-repo",
    "add-apt-repository",
    "apt-key",
    "apt-mark",
    "apt-cache",
    "apt-add-repository",
    "npx",
    "bunx",
    "pnpx",
    "uvx",
    "code",
    "mvn",
    "gradle",
    "make",
    "cmake",
    "ninja",
    "meson",
    "tsc",
    "just",
];

const VITAL: &[&str] = &[
    "systemd",
    "glibc",
    "libc6",
    "libc",
    "bash",
    "coreutils",
    "sudo",
    "apt",
    "dpkg",
    "rpm",
    "pacman",
    "python3",
    "linux",
    "snapd",
    "core",
    "linux-image",
    "kernel",
    "grub",
    "init",
    "util-linux",
    "base",
    "filesystem",
    "openssh-server",
    "network-manager",
    "dbus",
    "perl-base",
    "musl",
    "busybox",
    "xorg",
    "login",
    "passwd",
    "e2fsprogs",
    "initramfs-tools",
    "dash",
    "yum",
    "dnf",
    "gnome-shell",
    "ubuntu-desktop",
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    if !MANAGERS.contains(&name) {
        return;
    }
    if is_rehearsal(invocation) {
        return verdict.harmless();
    }
    // `uv pip install`, `poetry self add`: the verb comes one later.
    let action = match invocation.word(0) {
        "pip" | "tool" | "self" | "python" if matches!(name, "uv" | "poetry") => invocation.word(1),
        "group" | "groups" | "module" if matches!(name, "dnf" | "dnf5" | "yum") => invocation.word(1),
        action => action,
    };
    let whole = invocation.whole();
    if name == "apt-key" && matches!(action, "add" | "adv") && (*invocation.feed == Feed::Network || action == "adv") {
        return verdict.report(
            "package.untrusted",
            Risk::Dangerous,
            whole,
            "trusts whoever holds this key from now on",
        );
    }
    if let Some(target) = task(invocation) {
        let message = format!("runs the task {}, whose name says what it does", super::shown(&target.text));
        return verdict.report("program.destroys", Risk::Dangerous, target.span.clone(), message);
    }
    if insecure(invocation) {
        return verdict.report("package.untrusted", Risk::Dangerous, whole, "installs what nobody has checked");
    }
    let environment = matches!(name, "conda" | "mamba" | "micromamba")
        && (action == "env" && matches!(invocation.word(1), "remove" | "update")
            || action == "remove" && invocation.has(&["--all"]));
    if environment {
        return verdict.report(
            "package.remove",
            Risk::Dangerous,
            whole,
            "removes an environment with everything in it",
        );
    }
    if removes(invocation, action) {
        return removal(invocation, verdict);
    }
    if action == "owner" && invocation.has(&["ls", "list", "-l", "--list"]) {
        return verdict.harmless();
    }
    if matches!(action, "publish" | "unpublish" | "deprecate" | "yank" | "push" | "owner" | "deploy")
        && !matches!(name, "brew" | "pkg")
    {
        return verdict.report(
            "package.publish",
            Risk::Dangerous,
            whole,
            "publishes a package or takes one back, for everyone",
        );
    }
    if installs(invocation, action) {
        let foreign = invocation
            .args
            .iter()
            .skip(usize::from(!matches!(name, "npx" | "bunx" | "pnpx" | "uvx" | "cpanm" | "cpan" | "easy_install")))
            .find(|arg| {
                is_address(&arg.text) && !(name == "dotnet" && invocation.has(&["-s", "--source"]))
                    || arg.feed == Feed::Network
                    || matches!(name, "npm" | "npx" | "pnpm" | "yarn" | "bun") && is_shorthand(&arg.text)
            })
            .or_else(|| invocation.args.iter().find(|arg| arg.text == "--git"));
        if let Some(address) = foreign {
            return verdict.report(
                "package.from-address",
                Risk::Dangerous,
                address.span.clone(),
                "installs code straight from an address, which can run at once",
            );
        }
        return verdict.report("package.install", Risk::Caution, whole, "installs or upgrades packages");
    }
    if action == "config" && matches!(invocation.word(1), "set" | "delete" | "unset" | "edit" | "add" | "--add") {
        let insecure = invocation.args.iter().any(|arg| arg.text.starts_with("http:") || arg.text.contains("=http:"))
            || invocation.has(&["strict-ssl"]) && invocation.has(&["false"]);
        let (rule, risk) =
            if insecure { ("package.untrusted", Risk::Dangerous) } else { ("package.install", Risk::Caution) };
        return verdict.report(rule, risk, whole, "changes where packages come from, or how they are installed");
    }
    if reads(invocation, action) {
        return verdict.harmless();
    }
    verdict.report("package.install", Risk::Caution, whole, "runs a package manager or a build");
}

/// The task of a project that says of itself that it destroys something: `make destroy`, `npm run db:drop`.
fn task<'a>(invocation: &Invocation<'a>) -> Option<&'a super::Arg> {
    let at = match invocation.name {
        "make" | "just" | "task" | "rake" => 0,
        "npm" | "pnpm" | "yarn" | "bun" if matches!(invocation.word(0), "run" | "run-script") => 1,
        _ => return None,
    };
    let grave = |arg: &super::Arg| {
        let mut words = arg.text.split([':', '-', '_', '.']);
        !arg.is_option()
            && !arg.text.contains('=')
            && words.any(|word| matches!(word, "destroy" | "drop" | "nuke" | "wipe" | "purge" | "teardown" | "erase"))
    };
    invocation.args.iter().filter(|arg| !arg.is_option()).skip(at).find(|arg| grave(arg))
}

/// Whether it only says what it would do. One letter means that to some managers only: to conda `-n` names an environment.
fn is_rehearsal(invocation: &Invocation<'_>) -> bool {
    let letter = match invocation.name {
        "apt" | "apt-get" | "aptitude" | "apk" => "-s",
        "brew" | "just" | "ninja" | "make" | "xbps-install" | "xbps-remove" | "pkg" => "-n",
        _ => "--dry-run",
    };
    let asks = matches!(invocation.args, [only] if matches!(only.text.as_str(), "-V" | "help" | "-h"));
    asks || invocation.word(0) == "help"
        || invocation.has(&[
            letter,
            "--help",
            "--version",
            "--dry-run",
            "--simulate",
            "--just-print",
            "--dryrun",
            "--noaction",
            "--no-act",
            "--download-only",
        ])
}

fn is_address(text: &str) -> bool {
    text.contains("://") && !text.starts_with('-') && !text.contains("pypi.org/simple")
        || text.starts_with("git@")
        || text.starts_with("github:")
        || text.starts_with("git+")
}

/// `owner/repository`, which JavaScript's package managers fetch from GitHub.
fn is_shorthand(text: &str) -> bool {
    text.split_once('/').is_some_and(|(owner, name)| {
        !owner.is_empty()
            && !name.is_empty()
            && !name.contains('/')
            && owner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    })
}

fn insecure(invocation: &Invocation<'_>) -> bool {
    invocation.has(&[
        "--allow-unauthenticated",
        "--force-yes",
        "--nogpgcheck",
        "--no-gpg-checks",
        "--allow-untrusted",
        "--trusted-host",
        "--force-depends",
        "--force-all",
        "--no-verify",
        "--allow-downgrades",
        "--dangerous",
        "--devmode",
        "--skip-broken-signature",
    ]) || invocation.has(&["--nodeps"]) && invocation.has(&["--force"])
        || invocation.args.iter().any(|arg| {
            arg.text.starts_with("--trusted-host=")
                || arg.text.starts_with("--index-url=http:")
                || arg.text.starts_with("--extra-index-url") && invocation.name.starts_with("pip")
        })
}

fn removes(invocation: &Invocation<'_>, action: &str) -> bool {
    let first = invocation.args.first().map_or("", |arg| arg.text.as_str());
    match invocation.name {
        "pacman" | "yay" | "paru" => first.starts_with("-R") || first.starts_with("-Scc"),
        "rpm" => first.starts_with("-e") || first == "--erase",
        "dpkg" => matches!(first, "-r" | "-P" | "--remove" | "--purge"),
        "emerge" => invocation.has(&["-C", "--unmerge", "-c", "--depclean"]),
        "nix-env" => invocation.has(&["-e", "--uninstall"]),
        "cargo" => matches!(action, "uninstall" | "remove" | "clean"),
        "go" => action == "clean",
        "make" | "ninja" | "gradle" | "mvn" | "cmake" | "meson" | "just" | "tsc" | "dotnet" => false,
        "xbps-remove" | "nix-collect-garbage" => true,
        "npm" | "pnpm" | "yarn" if action == "rm" || action == "cache" && invocation.word(1) == "clean" => true,
        "npm" if action == "run" => false,
        _ => matches!(
            action,
            "remove"
                | "purge"
                | "autoremove"
                | "uninstall"
                | "erase"
                | "rm"
                | "del"
                | "delete"
                | "un"
                | "cleanup"
                | "autopurge"
                | "unlink"
                | "unregister"
        ),
    }
}

fn removal(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let vital = invocation.args.iter().any(|arg| {
        let name = arg.text.trim_end_matches(['*', '-']);
        VITAL.contains(&name)
            || name.starts_with("linux-image")
            || arg.text.trim_start_matches("./").starts_with(['*', '~', '?', '^']) && arg.text.len() < 24
            || matches!(arg.text.as_str(), ".*" | ".+" | "installed" | "@installed" | "@world")
            || arg.is_unknown()
    });
    let forced = invocation.args.iter().any(|arg| {
        matches!(
            arg.text.as_str(),
            "--nodeps"
                | "-Rdd"
                | "-Rddn"
                | "--force-remove-essential"
                | "--allow-remove-essential"
                | "-r"
                | "-Rdds"
                | "--ignore-dependencies"
                | "--force-removal-of-dependent-packages"
                | "--all"
        )
    }) && !matches!(invocation.name, "dpkg" | "conda" | "npm" | "pnpm");
    if vital || forced {
        return verdict.report(
            "package.remove-vital",
            Risk::Dangerous,
            invocation.whole(),
            "removes packages that other things cannot do without",
        );
    }
    verdict.report("package.remove", Risk::Caution, invocation.whole(), "removes packages");
}

fn installs(invocation: &Invocation<'_>, action: &str) -> bool {
    let first = invocation.args.first().map_or("", |arg| arg.text.as_str());
    match invocation.name {
        "pacman" | "yay" | "paru" => {
            first.starts_with("-S") && !first.starts_with("-Ss") && !first.starts_with("-Si") || first.starts_with("-U")
        }
        "rpm" => first.starts_with("-i") || first.starts_with("-U") || first.starts_with("-F"),
        "dpkg" => matches!(first, "-i" | "--install" | "--configure"),
        "npx" | "bunx" | "pnpx" | "uvx" | "cpanm" | "cpan" | "easy_install" => true,
        "make" | "just" => action == "install",
        "code" => invocation.has(&["--install-extension"]),
        "go" => matches!(action, "get" | "install" | "run"),
        "deno" => matches!(action, "run" | "install" | "eval"),
        _ => matches!(
            action,
            "install"
                | "i"
                | "add"
                | "upgrade"
                | "update"
                | "dist-upgrade"
                | "full-upgrade"
                | "reinstall"
                | "localinstall"
                | "in"
                | "dlx"
                | "exec"
                | "ci"
                | "create"
                | "tap"
                | "require"
                | "global"
                | "sync"
                | "get"
                | "init"
                | "link"
                | "dup"
                | "refresh"
        ),
    }
}

fn reads(invocation: &Invocation<'_>, action: &str) -> bool {
    let first = invocation.args.first().map_or("", |arg| arg.text.as_str());
    match invocation.name {
        "apt-cache" => true,
        "pacman" | "yay" | "paru" => {
            first.starts_with("-Q") || first.starts_with("-Ss") || first.starts_with("-Si") || first.starts_with("-F")
        }
        "rpm" => first.starts_with("-q") || first.starts_with("-V") || first == "--query",
        "dpkg" => matches!(
            first,
            "-l" | "-L"
                | "-s"
                | "-S"
                | "--list"
                | "--listfiles"
                | "--status"
                | "--search"
                | "-c"
                | "-I"
                | "--get-selections"
                | "--print-architecture"
                | "-p"
                | "--info"
                | "--contents"
                | "--audit"
        ),
        "npm" | "yarn" | "pnpm" if action == "run" => invocation.args.len() == 1,
        "dnf" | "yum" | "zypper" if action == "history" => {
            matches!(invocation.word(1), "" | "list" | "info" | "userinstalled")
        }
        "gradle" if action == "tasks" || action == "projects" || action == "dependencies" => true,
        "conda" | "mamba" | "micromamba" if action == "env" => matches!(invocation.word(1), "" | "list" | "export"),
        "apt-mark" => action.starts_with("show"),
        "rustup" => matches!(action, "show" | "which" | "doc" | "check"),
        "go" => matches!(action, "version" | "env" | "list" | "vet" | "doc" | "help" | "test"),
        "emerge" => invocation.has(&["-s", "--search", "-p", "--pretend", "--info"]),
        _ => matches!(
            action,
            "list"
                | "ls"
                | "search"
                | "show"
                | "info"
                | "view"
                | "outdated"
                | "depends"
                | "rdepends"
                | "policy"
                | "freeze"
                | "check"
                | "download"
                | "config"
                | "why"
                | "tree"
                | "audit"
                | "doctor"
                | "home"
                | "homepage"
                | "deps"
                | "uses"
                | "leaves"
                | "metadata"
                | "verify-project"
                | "env"
                | "history"
                | "repolist"
                | "provides"
                | "whatprovides"
                | "changelog"
                | "fund"
                | "root"
                | "bin"
                | "prefix"
                | "whoami"
                | "query"
                | "se"
                | "if"
                | "lr"
                | "cat"
                | "desc"
                | "log"
                | "help"
                | "version"
                | "ping"
                | "explain"
                | "source"
                | ""
                | "inspect"
                | "docs"
                | "repo"
                | "which"
                | "locate-project"
                | "test"
                | "clippy"
                | "doc"
                | "bench"
                | "review"
        ),
    }
}
