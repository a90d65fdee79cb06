//! Clouds, and infrastructure as code.

use super::{Invocation, Place, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("cloud.delete", "machines, storage or accounts in a cloud deleted"),
    rule("cloud.apply", "infrastructure changed without anyone looking"),
    rule("cloud.change", "something in a cloud changed"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "aws" | "gcloud" | "az" | "gsutil" | "s3cmd" | "doctl" | "hcloud" | "heroku" | "fly" | "flyctl" | "vercel"
        | "netlify" | "oci" | "ibmcloud" | "linode-cli" | "mc" | "eksctl" | "firebase" | "wrangler" | "railway"
        | "supabase" | "bq" | "vault" | "consul" | "nomad" | "rabbitmqctl" | "kafka-topics" | "kafka-topics.sh" => {
            cloud(invocation, verdict);
        }
        "terraform" | "tofu" | "terragrunt" | "pulumi" | "cdk" | "sam" | "serverless" | "sls" | "ansible-playbook"
        | "ansible-pull" | "ansible" | "vagrant" | "virsh" | "vboxmanage" | "VBoxManage" | "qm" | "pct" | "packer"
        | "multipass" | "lxc" | "lxd" | "prlctl" | "incus" => {
            infrastructure(invocation, verdict);
        }
        _ => {}
    }
}

fn words<'a>(invocation: &Invocation<'a>) -> Vec<&'a str> {
    invocation.args.iter().map(|arg| arg.text.as_str()).filter(|text| !text.starts_with('-')).take(5).collect()
}

/// Words that end something in a cloud for good. Of `az` and `gcloud` they stand alone, of `aws` they begin a verb.
fn deletes(word: &str) -> bool {
    let verb = word.rsplit(':').next().unwrap_or(word);
    [
        "delete",
        "terminate",
        "remove",
        "purge",
        "destroy",
        "batch-delete",
        "deregister",
        "drop-",
        "force-delete",
        "bulk-delete",
    ]
    .iter()
    .any(|start| verb.starts_with(start))
        || matches!(
            verb,
            "rm" | "rb"
                | "del"
                | "drop"
                | "reset"
                | "schedule-key-deletion"
                | "empty-trash"
                | "force-unlock"
                | "rollback"
                | "disable"
                | "revoke"
                | "wipe"
                | "leave-organization"
                | "stop-logging"
                | "stop-configuration-recorder"
                | "stop-instances"
                | "stop-db-instance"
                | "change-resource-record-sets"
                | "disassociate"
                | "detach"
                | "undelete"
                | "deallocate"
                | "-purge"
        )
        || word.contains("deletebucket")
}

/// Words that open something to everybody, or give rights or keys away.
fn opens(words: &[String]) -> bool {
    let open = |word: &String| {
        [
            "allusers",
            "administratoraccess",
            "poweruseraccess",
            "roles/owner",
            "roles/editor",
            "iamfullaccess",
            "blockpublicacls=false",
            "blockpublicpolicy=false",
            "\"principal\":\"*\"",
            "\"principal\": \"*\"",
            "\"action\":\"*\"",
            "\"action\": \"*\"",
            "allauthenticated",
        ]
        .iter()
        .any(|part| word.contains(part))
            || matches!(
                word.as_str(),
                "0.0.0.0/0"
                    | "::/0"
                    | "public-read"
                    | "public-read-write"
                    | "authenticated-read"
                    | "--allow-unauthenticated"
                    | "--public"
                    | "--publicly-accessible"
                    | "create-access-key"
                    | "create-login-profile"
                    | "--public-access=blob"
            )
            || word.ends_with("0.0.0.0/0")
            || word.ends_with("cidr=0.0.0.0/0")
    };
    let pair = |first: &str, seconds: &[&str]| {
        words.windows(2).any(|two| two[0] == first && seconds.contains(&two[1].as_str()))
    };
    words.iter().any(open)
        || pair("--role", &["owner", "contributor", "user access administrator"])
        || pair("--public-access", &["blob", "container"])
        || pair("--source-address-prefixes", &["*", "any", "internet"])
        || pair("--end-ip-address", &["255.255.255.255"])
        || pair("--group-names", &["all"])
        || pair("keys", &["create"])
        || pair("--group-name", &["admins", "admin", "administrators"])
        || pair("--num-nodes", &["0"])
        || pair("--min-size", &["0"]) && pair("--max-size", &["0"])
}

fn cloud(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let lower: Vec<String> = invocation.args.iter().map(|arg| arg.text.to_ascii_lowercase()).collect();
    if lower.iter().any(|word| matches!(word.as_str(), "--dry-run" | "--dryrun" | "help" | "--help" | "-h")) {
        return verdict.harmless();
    }
    let whole = invocation.whole();
    let verbs: Vec<&str> = lower.iter().map(String::as_str).filter(|word| !word.starts_with('-')).take(5).collect();
    let gone = lower.iter().any(|word| {
        matches!(
            word.as_str(),
            "--delete" | "--force-destroy" | "--remove-source" | "-purge" | "--delete-removed" | "--remove"
        )
    }) || invocation.name == "gsutil"
        && verbs.contains(&"rsync")
        && invocation.args.iter().any(|arg| arg.text.starts_with("-d"));
    let copied = verbs
        .iter()
        .any(|word| matches!(*word, "cp" | "mv" | "sync" | "put" | "rsync" | "upload" | "put-object" | "upload-batch"));
    let secret = invocation.args.iter().find(|arg| {
        !arg.text.contains("://")
            && matches!(invocation.place(&arg.text), Place::Secret | Place::Vital | Place::Home | Place::Root)
    });
    if let Some(arg) = secret.filter(|_| copied) {
        let message = format!("sends {} to a cloud", super::shown(&arg.text));
        return verdict.report("exposure.secret", Risk::Dangerous, arg.span.clone(), message);
    }
    if opens(&lower) {
        return verdict.report("exposure.listener", Risk::Dangerous, whole, "opens something in the cloud to others");
    }
    if verbs.iter().any(|word| deletes(word)) || gone {
        return verdict.report("cloud.delete", Risk::Dangerous, whole, "deletes something in the cloud, for good");
    }
    let secrets = verbs.contains(&"secrets")
        && verbs
            .iter()
            .any(|word| matches!(*word, "get-secret-value" | "access" | "print-access-token" | "get-session-token"));
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
    let sets = verbs.iter().any(|word| matches!(*word, "set" | "unset" | "set-value"));
    let reads = reads || super::verb::told(invocation) == Some(super::verb::Verb::Reads);
    if reads && !secrets && !sets {
        if verbs.iter().any(|word| matches!(*word, "cat" | "cp")) && lower.iter().any(|word| word.contains("://")) {
            verdict.recognized = true;
        }
        verdict.harmless();
    } else {
        verdict.report("cloud.change", Risk::Caution, whole, "changes something in the cloud");
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
            declared(invocation, verdict);
        }
        "ansible-pull" | "ansible-playbook" | "ansible-galaxy"
            if invocation.args.iter().any(|arg| arg.text.contains("://") || arg.text.starts_with("git@")) =>
        {
            verdict.report("remote.run", Risk::Dangerous, whole, "runs on machines what a server sends, unread");
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

/// Infrastructure written down: terraform and its like.
fn declared(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let words = words(invocation);
    let whole = invocation.whole();
    let says = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let automatic = invocation.args.iter().any(|arg| {
        matches!(
            arg.text.as_str(),
            "-auto-approve"
                | "--auto-approve"
                | "--auto-approve=true"
                | "-auto-approve=true"
                | "--terragrunt-non-interactive"
                | "--yes"
                | "-y"
                | "--force"
                | "-force"
                | "-f"
                | "--require-approval=never"
                | "never"
                | "--no-confirm-changeset"
        )
    });
    let plans = says(&["plan", "preview", "plan-all"]);
    if says(&["destroy", "remove", "delete", "down", "destroy-all"])
        || says(&["state"]) && says(&["rm", "push"])
        || says(&["workspace", "stack"]) && says(&["delete", "rm"])
        || says(&["taint", "force-unlock"])
        || invocation.has(&["-destroy", "--destroy"]) && !plans
    {
        verdict.report("cloud.delete", Risk::Dangerous, whole, "takes infrastructure down");
    } else if automatic && says(&["apply", "up", "deploy", "run-all", "apply-all"]) {
        verdict.report("cloud.apply", Risk::Dangerous, whole, "changes infrastructure without asking");
    } else if says(&["state"]) && says(&["mv", "replace-provider", "pull"]) {
        verdict.report("cloud.change", Risk::Caution, whole, "changes what is known of the infrastructure");
    } else if plans
        || says(&["fmt"]) && invocation.has(&["-check", "--check"])
        || says(&[
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
            "console",
            "logs",
            "info",
        ])
    {
        verdict.harmless();
    } else {
        verdict.report("cloud.change", Risk::Caution, whole, "changes infrastructure");
    }
}
