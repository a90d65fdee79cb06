//! Containers, clusters, clouds and infrastructure as code.

use super::{Arg, Invocation, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("container.delete", "containers, images, volumes or what runs in a cluster deleted"),
    rule("container.escape", "a container with the rights of the machine"),
    rule("container.change", "containers or a cluster changed"),
    rule("cloud.delete", "machines, storage or accounts in a cloud deleted"),
    rule("cloud.apply", "infrastructure changed without anyone looking"),
    rule("cloud.change", "something in a cloud changed"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" | "buildah" | "crictl" | "ctr" => {
            docker(invocation, verdict);
        }
        "kubectl" | "oc" | "k" | "helm" | "kustomize" | "minikube" | "kind" | "k3d" | "k3s-uninstall.sh"
        | "kubeadm" | "argocd" | "flux" | "istioctl" | "velero" => kubernetes(invocation, verdict),
        "aws" | "gcloud" | "az" | "gsutil" | "s3cmd" | "doctl" | "hcloud" | "heroku" | "fly" | "flyctl" | "vercel"
        | "netlify" | "oci" | "ibmcloud" | "linode-cli" | "mc" | "eksctl" | "firebase" | "wrangler" | "railway"
        | "supabase" | "bq" | "vault" | "consul" | "nomad" | "rabbitmqctl" | "kafka-topics" | "kafka-topics.sh" => {
            cloud(invocation, verdict);
        }
        "terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk" | "sam" | "serverless" | "sls" | "ansible-playbook"
        | "ansible" | "vagrant" | "virsh" | "vboxmanage" | "VBoxManage" | "qm" | "pct" | "packer" | "multipass"
        | "lxc" | "lxd" | "prlctl" | "incus" => {
            infrastructure(invocation, verdict);
        }
        _ => {}
    }
}

fn words<'a>(invocation: &Invocation<'a>) -> Vec<&'a str> {
    invocation.args.iter().map(|arg| arg.text.as_str()).filter(|text| !text.starts_with('-')).take(5).collect()
}

/// `docker run …` and `exec`: what the container may do; the command inside is judged by itself.
pub(crate) fn run(name: &str, args: &[Arg], verdict: &mut Verdict) {
    let Some((verb, rest)) = args.split_first() else { return };
    let span = verb.span.start..rest.last().map_or(verb.span.end, |last| last.span.end.max(verb.span.end));
    let escapes = rest.iter().enumerate().any(|(at, arg)| {
        let text = arg.text.as_str();
        let mount = match text {
            "-v" | "--volume" | "--mount" => rest.get(at + 1).map_or("", |next| next.text.as_str()),
            _ => text
                .strip_prefix("-v")
                .or_else(|| text.strip_prefix("--volume="))
                .or_else(|| text.strip_prefix("--mount="))
                .unwrap_or_default(),
        };
        let source = mount
            .split(',')
            .find_map(|part| part.strip_prefix("source=").or_else(|| part.strip_prefix("src=")))
            .unwrap_or_else(|| mount.split(':').next().unwrap_or_default());
        text == "--privileged"
            || text == "--privileged=true"
            || matches!(text, "--pid=host" | "--cap-add=ALL" | "--cap-add=SYS_ADMIN")
            || matches!(
                source,
                "/" | "/etc" | "/root" | "/var/run/docker.sock" | "/run/docker.sock" | "/dev" | "/proc" | "/home" | "~"
            )
    });
    if escapes && !matches!(name, "kubectl" | "oc") {
        return verdict.report(
            "container.escape",
            Risk::Dangerous,
            span,
            "gives the container the rights of the machine",
        );
    }
    verdict.report("container.change", Risk::Caution, span, "runs something in a container");
}

fn docker(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = words(invocation);
    let says = |wanted: &[&str]| words.iter().take(3).any(|word| wanted.contains(word));
    let forced =
        invocation.has(&["-f", "--force", "-a", "--all", "-af", "-fa", "--volumes", "-v", "-rf", "-fv", "-vf"]);
    match words.as_slice() {
        []
        | [
            "ps" | "images" | "inspect" | "logs" | "top" | "stats" | "port" | "diff" | "version" | "info" | "search"
            | "history" | "events" | "help" | "scout" | "config",
            ..,
        ]
        | [
            "image" | "container" | "volume" | "network" | "system" | "compose" | "node" | "service" | "stack"
            | "context" | "buildx" | "secret",
            "ls" | "list" | "inspect" | "df" | "ps" | "logs" | "images" | "config" | "history" | "info" | "show"
            | "top",
            ..,
        ] => return verdict.harmless(),
        _ => {}
    }
    let whole = invocation.whole();
    if says(&["prune"])
        || says(&["volume", "secret", "stack", "swarm", "config", "node"]) && says(&["rm", "remove", "leave"])
    {
        return verdict.report(
            "container.delete",
            Risk::Dangerous,
            whole,
            "deletes containers, images or volumes nothing uses at the moment",
        );
    }
    if says(&["down"]) && invocation.has(&["-v", "--volumes", "--rmi"])
        || says(&["rm", "rmi", "remove", "kill"])
            && (forced || invocation.args.iter().any(super::super::evaluate::Arg::is_unknown))
    {
        return verdict.report(
            "container.delete",
            Risk::Dangerous,
            whole,
            "deletes containers, images or volumes, running or not",
        );
    }
    verdict.report("container.change", Risk::Caution, whole, "changes containers or images");
}

fn kubernetes(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = words(invocation);
    let verb = words.first().copied().unwrap_or_default();
    let whole = invocation.whole();
    let dry = invocation.args.iter().any(|arg| arg.text.starts_with("--dry-run") && arg.text != "--dry-run=none");
    match verb {
        _ if dry || invocation.has(&["--help", "-h"]) => verdict.harmless(),
        "get" | "describe" | "logs" | "top" | "explain" | "version" | "cluster-info" | "api-resources"
        | "api-versions" | "auth" | "diff" | "events" | "list" | "ls" | "status" | "history" | "search" | "show"
        | "template" | "lint" | "build" | "help" | "completion" | "wait" | "" | "env" | "verify" => verdict.harmless(),
        "config"
            if matches!(
                words.get(1),
                Some(&("view" | "get-contexts" | "current-context" | "get-clusters" | "get-users"))
            ) =>
        {
            verdict.harmless();
        }
        "rollout" if matches!(words.get(1), Some(&("status" | "history"))) => verdict.harmless(),
        "delete" | "drain" | "uninstall" | "del" | "destroy" | "reset" | "replace" | "rollback"
        | "k3s-uninstall.sh" => {
            verdict.report("container.delete", Risk::Dangerous, whole, "deletes or moves what runs in the cluster");
            if invocation.name == "kubectl"
                && verb == "delete"
                && let Some(last) = invocation.args.last()
            {
                verdict.suggest(Risk::Dangerous, last.span.end..last.span.end, || " --dry-run=server".to_owned());
            }
        }
        "scale" if invocation.args.iter().any(|arg| arg.text == "--replicas=0" || arg.text == "0") => {
            verdict.report("container.delete", Risk::Dangerous, whole, "stops everything of that kind in the cluster");
        }
        "apply" | "create" if invocation.args.iter().any(|arg| arg.text.contains("://")) => {
            verdict.report(
                "remote.run",
                Risk::Dangerous,
                whole,
                "installs into the cluster what a server sends, unread",
            );
        }
        "app" | "backup" if words.contains(&"delete") => {
            verdict.report("container.delete", Risk::Dangerous, whole, "deletes what runs in the cluster");
        }
        _ => verdict.report("container.change", Risk::Caution, whole, "changes the cluster"),
    }
}

fn cloud(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let lower: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    if lower.iter().any(|word| matches!(word.as_str(), "--dry-run" | "--dryrun" | "help" | "--help" | "-h")) {
        return verdict.harmless();
    }
    let verbs: Vec<&str> = lower.iter().map(String::as_str).filter(|word| !word.starts_with('-')).take(5).collect();
    let deletes =
        verbs.iter().any(|word| {
            word.starts_with("delete")
                || word.starts_with("terminate")
                || word.starts_with("remove")
                || word.starts_with("purge")
                || word.starts_with("destroy")
                || matches!(
                    *word,
                    "rm" | "rb"
                        | "del"
                        | "apps:destroy"
                        | "pg:reset"
                        | "schedule-key-deletion"
                        | "deregister-image"
                        | "empty-trash"
                        | "force-unlock"
                        | "deletebucket"
                        | "rollback"
                        | "reset"
                        | "disable"
                        | "revoke"
                        | "stop_app"
                        | "wipe"
                )
        }) || lower.iter().any(|word| matches!(word.as_str(), "--delete" | "--force-destroy" | "--remove-source"));
    let opens = lower.iter().any(|word| {
        matches!(
            word.as_str(),
            "0.0.0.0/0" | "public-read" | "public-read-write" | "allusers" | "--allow-unauthenticated" | "--public"
        )
    }) || lower.iter().any(|word| word.contains("allusers") || word.contains("administratoraccess"));
    if opens {
        return verdict.report(
            "exposure.listener",
            Risk::Dangerous,
            invocation.whole(),
            "opens something in the cloud to everybody",
        );
    }
    if deletes {
        return verdict.report(
            "cloud.delete",
            Risk::Dangerous,
            invocation.whole(),
            "deletes something in the cloud, for good",
        );
    }
    let secrets = verbs
        .iter()
        .any(|word| matches!(*word, "get-secret-value" | "access" | "print-access-token" | "get-session-token"))
        && verbs.contains(&"secrets");
    let reads = verbs.iter().any(|word| {
        word.starts_with("describe")
            || word.starts_with("list")
            || word.starts_with("get")
            || matches!(
                *word,
                "ls" | "show"
                    | "status"
                    | "info"
                    | "version"
                    | "whoami"
                    | "logs"
                    | "cat"
                    | "du"
                    | "stat"
                    | "ps"
                    | "tail"
                    | "head"
                    | "config"
                    | "read"
            )
    });
    if reads && !secrets {
        verdict.harmless();
    } else {
        verdict.report("cloud.change", Risk::Caution, invocation.whole(), "changes something in the cloud");
    }
}

fn infrastructure(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = words(invocation);
    let whole = invocation.whole();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if invocation.has(&[
        "--check",
        "--dry-run",
        "--list-tasks",
        "--list-hosts",
        "--syntax-check",
        "--help",
        "-C",
        "-h",
        "--version",
    ]) {
        return verdict.harmless();
    }
    match invocation.name {
        "terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk" | "sam" | "serverless" | "sls" => {
            let automatic = invocation.args.iter().any(|arg| {
                matches!(
                    arg.text.as_str(),
                    "-auto-approve"
                        | "--auto-approve"
                        | "--yes"
                        | "-y"
                        | "--force"
                        | "-force"
                        | "-f"
                        | "--require-approval=never"
                )
            });
            if says(&["destroy", "remove", "delete", "down"])
                || says(&["state"]) && says(&["rm", "push"])
                || says(&["workspace", "stack"]) && says(&["delete", "rm"])
                || says(&["taint", "force-unlock"])
                || invocation.has(&["-destroy"])
            {
                verdict.report("cloud.delete", Risk::Dangerous, whole, "takes infrastructure down");
            } else if automatic && says(&["apply", "up", "deploy", "run-all"]) {
                verdict.report("cloud.apply", Risk::Dangerous, whole, "changes infrastructure without asking");
            } else if says(&[
                "plan",
                "show",
                "validate",
                "output",
                "version",
                "providers",
                "graph",
                "list",
                "preview",
                "diff",
                "synth",
                "state",
                "fmt",
                "console",
                "logs",
                "info",
            ]) {
                verdict.harmless();
            } else {
                verdict.report("cloud.change", Risk::Caution, whole, "changes infrastructure");
            }
        }
        "ansible" => {
            let module = invocation
                .args
                .windows(2)
                .find(|pair| pair[0].text == "-m")
                .map_or("command", |pair| pair[1].text.as_str());
            if invocation.args.iter().any(|arg| arg.text.contains("state=absent")) {
                verdict.report("cloud.delete", Risk::Dangerous, whole, "removes something from every machine named");
            } else if matches!(module, "ping" | "setup" | "debug") {
                verdict.harmless();
            } else {
                verdict.report("cloud.change", Risk::Caution, whole, "runs something on every machine named");
            }
        }
        _ if says(&[
            "destroy",
            "undefine",
            "delete",
            "unregistervm",
            "vol-delete",
            "pool-delete",
            "snapshot-delete",
            "purge",
            "rollback",
            "closemedium",
        ]) =>
        {
            verdict.report("cloud.delete", Risk::Dangerous, whole, "deletes or switches off machines");
        }
        _ if says(&["list", "status", "info", "dominfo", "show", "global-status", "config", "validate"])
            || words.is_empty() =>
        {
            verdict.harmless();
        }
        _ => verdict.report("cloud.change", Risk::Caution, whole, "changes machines"),
    }
}
