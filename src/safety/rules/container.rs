//! Containers and clusters.

use super::{Arg, Invocation, Place, Risk, Rule, Verdict, rule};
use crate::context::Context;
use crate::safety::evaluate::Feed;

pub(super) const RULES: &[Rule] = &[
    rule("container.delete", "containers, images, volumes or what runs in a cluster deleted"),
    rule("container.escape", "a container with the rights of the machine"),
    rule("container.change", "containers or a cluster changed"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "docker" | "dockerd" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" | "buildah" | "crictl"
        | "ctr" => {
            docker(invocation, verdict);
        }
        "kubectl" | "oc" | "k" | "helm" | "kustomize" | "minikube" | "kind" | "k3d" | "k3s-uninstall.sh"
        | "kubeadm" | "argocd" | "flux" | "istioctl" | "velero" => kubernetes(invocation, verdict),
        _ => {}
    }
}

/// `docker run …` and `exec`: what the container may do; the command inside is judged by itself.
pub(crate) fn run(name: &str, args: &[Arg], context: &Context, verdict: &mut Verdict) {
    let Some((verb, rest)) = args.split_first() else { return };
    let span = verb.span.start..rest.last().map_or(verb.span.end, |last| last.span.end.max(verb.span.end));
    let options = rest.iter().position(|arg| arg.text == "--").map_or(rest, |at| &rest[..at]);
    let escapes = options.iter().enumerate().any(|(at, arg)| {
        let next = options.get(at + 1).map_or("", |next| next.text.as_str());
        let (option, value) = match arg.text.split_once('=') {
            Some(parts) => parts,
            None => {
                match arg.text.strip_prefix("-v").filter(|glued| !glued.is_empty() && !arg.text.starts_with("--")) {
                    Some(glued) => ("-v", glued),
                    None => (arg.text.as_str(), next),
                }
            }
        };
        escapes(option, value, context)
    });
    if escapes {
        return verdict.report(
            "container.escape",
            Risk::Dangerous,
            span,
            "gives the container the rights of the machine",
        );
    }
    if matches!(name, "kubectl" | "oc") && verb.text == "debug" && rest.iter().any(|arg| arg.text.starts_with("node/"))
    {
        return verdict.report("container.escape", Risk::Dangerous, span, "opens a shell on a machine of the cluster");
    }
    verdict.report("container.change", Risk::Caution, span, "runs something in a container");
}

/// Whether an option of a container breaks the wall around it.
fn escapes(option: &str, value: &str, context: &Context) -> bool {
    match option {
        "--privileged" => value != "false",
        "--pid" | "--userns" | "--uts" | "--ipc" => value == "host",
        "--cap-add" => matches!(
            value.trim_start_matches("CAP_"),
            "ALL"
                | "SYS_ADMIN"
                | "SYS_MODULE"
                | "SYS_PTRACE"
                | "SYS_RAWIO"
                | "DAC_READ_SEARCH"
                | "DAC_OVERRIDE"
                | "BPF"
        ),
        "--security-opt" => value.contains("unconfined") || value.contains("disable"),
        "--device" => {
            Place::of(value.split(':').next().unwrap_or(value), None, context) == Place::Disk || value == "/dev/mem"
        }
        "--overrides" => ["privileged\":true", "privileged\": true", "hostPID", "hostPath", "hostNetwork"]
            .iter()
            .any(|word| value.contains(word)),
        "-v" | "--volume" | "--mount" => {
            let source = value
                .split(',')
                .find_map(|part| part.strip_prefix("source=").or_else(|| part.strip_prefix("src=")))
                .unwrap_or_else(|| value.split(':').next().unwrap_or_default());
            let place = Place::of(source, None, context);
            // A file of the system that is only read is what time zones and certificates are mounted for.
            let read_only = value.ends_with(":ro") || value.contains(",ro") || value.contains("readonly");
            source.starts_with(['/', '~'])
                && (place.is_catastrophic() && !matches!(source, "/mnt" | "/media" | "/srv" | "/opt")
                    || matches!(place, Place::Secret | Place::Vital | Place::Disk) && !read_only
                    || place == Place::Secret
                    || source.ends_with("docker.sock")
                    || source.ends_with("containerd.sock"))
        }
        _ => false,
    }
}

/// Words of `docker` that only look.
const LOOKS: &[&str] = &[
    "ps",
    "images",
    "inspect",
    "logs",
    "top",
    "stats",
    "port",
    "diff",
    "version",
    "info",
    "search",
    "history",
    "events",
    "help",
    "scout",
    "ls",
    "list",
    "df",
    "config",
    "show",
    "wait",
    "--version",
];
const THINGS: &[&str] = &[
    "image",
    "container",
    "volume",
    "network",
    "system",
    "compose",
    "node",
    "service",
    "stack",
    "context",
    "buildx",
    "secret",
    "plugin",
    "swarm",
    "pod",
    "manifest",
    "trust",
    "config",
    "machine",
    "builder",
    "checkpoint",
];

fn docker(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = subject(
        invocation.args,
        &[
            "-H",
            "--host",
            "--context",
            "-c",
            "--config",
            "-f",
            "--file",
            "-p",
            "--project-name",
            "--profile",
            "--env-file",
            "--project-directory",
        ],
    );
    let (thing, action) = match words.as_slice() {
        [thing, action, ..] if THINGS.contains(thing) => (*thing, *action),
        [action, ..] if invocation.name.ends_with("compose") => ("compose", *action),
        [action, ..] => ("", *action),
        [] => ("", "help"),
    };
    let has = |short: &str, long: &str| {
        invocation.args.iter().any(|arg| {
            arg.text == long
                || arg.is_option() && !arg.text.starts_with("--") && arg.text.contains(|c| short.contains(c))
        })
    };
    let whole = invocation.whole();
    if invocation.has(&["--help", "-h", "--dry-run"])
        || invocation.name != "dockerd" && LOOKS.contains(&action) && !(thing.is_empty() && action == "config")
    {
        return verdict.harmless();
    }
    let unknown = invocation.args.iter().any(|arg| arg.is_unknown() || arg.text.contains('*'));
    let removes = matches!(action, "rm" | "rmi" | "remove" | "rmp" | "kill" | "delete" | "purge");
    let deletes = matches!(action, "prune" | "reset" | "leave")
        || removes && !matches!(thing, "" | "container" | "image" | "compose" | "network" | "buildx" | "pod")
        || removes && (has("fav", "--force") || has("", "--all") || has("", "--volumes") || unknown)
        || matches!(action, "down" | "stop")
            && (has("", "--volumes") || has("", "--rmi") || action == "down" && has("v", "--volumes"));
    let daemon = matches!(action, "daemon") || invocation.name == "dockerd";
    if deletes {
        return verdict.report(
            "container.delete",
            Risk::Dangerous,
            whole,
            "deletes containers, images or volumes, with what is in them",
        );
    }
    if daemon {
        return verdict.report(
            "exposure.listener",
            Risk::Dangerous,
            whole,
            "lets others give orders to the container service",
        );
    }
    let fetched = matches!(invocation.feed, Feed::Network) && matches!(action, "load" | "import");
    let into_system = action == "cp"
        && invocation.args.last().is_some_and(|to| {
            to.text
                .split_once(':')
                .is_some_and(|(_, path)| matches!(invocation.place(path), Place::Vital | Place::Secret))
        });
    let risk = if fetched || into_system { Risk::Dangerous } else { Risk::Caution };
    verdict.report("container.change", risk, whole, "changes containers or images");
}

/// The words that are no option, nor the value of one of `valued`.
fn subject<'a>(args: &'a [Arg], valued: &[&str]) -> Vec<&'a str> {
    let mut words = Vec::new();
    let mut args = args.iter().map(|arg| arg.text.as_str());
    while let Some(text) = args.next() {
        if valued.contains(&text) {
            args.next();
        } else if !text.starts_with('-') && words.len() < 6 {
            words.push(text);
        }
    }
    words
}

fn kubernetes(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = subject(
        invocation.args,
        &[
            "-n",
            "--namespace",
            "--context",
            "--cluster",
            "--kubeconfig",
            "--user",
            "-s",
            "--server",
            "--as",
            "-l",
            "-o",
            "-c",
            "-p",
            "--kube-context",
        ],
    );
    let verb = words.first().copied().unwrap_or_default();
    let action = words.get(1).copied().unwrap_or_default();
    let whole = invocation.whole();
    let dry = invocation.args.iter().any(|arg| arg.text.starts_with("--dry-run") && arg.text != "--dry-run=none");
    let says = |text: &str| invocation.args.iter().any(|arg| arg.text.contains(text));
    let fetched = invocation.args.iter().any(|arg| {
        arg.feed == Feed::Network
            || !arg.text.starts_with('-') && (arg.text.contains("://") || arg.text.starts_with("github.com/"))
    }) || *invocation.feed == Feed::Network
        && invocation.args.iter().any(|arg| matches!(arg.text.as_str(), "-" | "-f-"));
    match verb {
        _ if dry || invocation.has(&["--help", "-h"]) => verdict.harmless(),
        "get" | "describe" | "logs" | "top" | "explain" | "version" | "cluster-info" | "api-resources"
        | "api-versions" | "auth" | "diff" | "events" | "list" | "ls" | "status" | "history" | "search" | "show"
        | "template" | "lint" | "build" | "help" | "completion" | "wait" | "" | "env" | "verify" => verdict.harmless(),
        "config" if matches!(action, "view" | "get-contexts" | "current-context" | "get-clusters" | "get-users") => {
            verdict.harmless();
        }
        "rollout" if matches!(action, "status" | "history") => verdict.harmless(),
        "delete" | "drain" | "uninstall" | "del" | "destroy" | "reset" | "replace" | "rollback" | "evict"
        | "k3s-uninstall.sh" => {
            verdict.report("container.delete", Risk::Dangerous, whole, "deletes or moves what runs in the cluster");
            if invocation.name == "kubectl"
                && verb == "delete"
                && let Some(last) = invocation.args.last()
            {
                verdict.suggest(Risk::Dangerous, last.span.end..last.span.end, || " --dry-run=server".to_owned());
            }
        }
        _ if matches!(action, "delete" | "uninstall" | "purge" | "rm")
            && !matches!(verb, "create" | "apply" | "run" | "exec") =>
        {
            verdict.report("container.delete", Risk::Dangerous, whole, "deletes what runs in the cluster");
        }
        "taint" | "rollout" if says("NoExecute") || action == "undo" => {
            verdict.report("container.delete", Risk::Dangerous, whole, "takes what runs in the cluster away or back");
        }
        "patch" if says("replicas\":0") || says("replicas\": 0") => {
            verdict.report("container.delete", Risk::Dangerous, whole, "stops everything of that kind in the cluster");
        }
        "patch" | "edit" if says("finalizers") => {
            verdict.report("container.delete", Risk::Dangerous, whole, "lets a half-deleted thing vanish uncleaned");
        }
        "scale" if invocation.args.iter().any(|arg| arg.text == "--replicas=0" || arg.text == "0") => {
            verdict.report("container.delete", Risk::Dangerous, whole, "stops everything of that kind in the cluster");
        }
        "apply" | "create" | "install" | "upgrade" if fetched => {
            verdict.report(
                "remote.run",
                Risk::Dangerous,
                whole,
                "installs into the cluster what a server sends, unread",
            );
        }
        "create" | "adm" | "apply" if says("cluster-admin") || says("clusterrolebinding") => {
            verdict.report("container.escape", Risk::Dangerous, whole, "gives away all rights over the cluster");
        }
        _ if !matches!(invocation.name, "kubectl" | "oc" | "k")
            && super::verb::told(invocation) == Some(super::verb::Verb::Reads) =>
        {
            verdict.harmless();
        }
        "proxy" | "port-forward" | "expose"
            if says("0.0.0.0") || says("LoadBalancer") || says("NodePort") || says("--accept-hosts") =>
        {
            verdict.report("exposure.listener", Risk::Dangerous, whole, "opens something in the cluster to others");
        }
        "repo" if action == "add" => {
            verdict.report("container.change", Risk::Caution, whole, "changes where charts come from");
        }
        _ => verdict.report("container.change", Risk::Caution, whole, "changes the cluster"),
    }
}
