//! What is made, changed and taken away: objects, nodes, labels, files, ports.

use super::act::{Line, first, words};
use super::kind::{DEPLOYMENT, NAMESPACE, NODE, POD, SERVICE};
use super::read::{Question, Space};
use super::{Act, create, log, rollout};
use crate::normalize::{Shape, concept as c};
use crate::shell::{Shell, quote_path};

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    first(
        question,
        shell,
        &[node, create::run, context, mark, files, copy, delete, create::create, expose, edit, wait, log::exec],
    )
}

/// Ports of an object on this machine.
pub(super) fn forward(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let said = scan.take_text(&["port-forward", "port-forwarding", "forward", "forwarding", "tunnel", "portforward"]);
    if said.is_none() || question.kind.is_none_or(|kind| ![POD, SERVICE, DEPLOYMENT].contains(&kind)) {
        return None;
    }
    let ports = if let Some((at, ports)) = rollout::ports(question) {
        question.scan.take(at);
        ports
    } else {
        let first = question.take_number()?;
        match question.take_number() {
            // `port 80 of the pod to local port 8080`: the local one is named first in the command.
            Some(second) => {
                let local = question.scan.position(c::LOCAL);
                let last = (0..question.scan.tokens.len())
                    .rev()
                    .find(|at| matches!(question.scan.tokens[*at].shape, Shape::Number(_)));
                let near = local.zip(last).is_some_and(|(local, last)| local + 3 > last && local < last);
                if near && first != second { format!("{second}:{first}") } else { format!("{first}:{second}") }
            }
            None => first.to_string(),
        }
    };
    let scan = &mut question.scan;
    while scan.take_any(&[c::PORT, c::LOCAL, c::COMPUTER, c::HOST]).is_some() {}
    while scan.take_text(&["localhost", "its", "remote"]).is_some() {}
    if question.names.is_empty() {
        let name = question.take_name()?;
        question.names.push(name);
    }
    question.told = true;
    let line = if question.kind == Some(POD) {
        Line::new("port-forward", shell).value(&question.names[0])
    } else {
        Line::new("port-forward", shell).slashed(question)?
    };
    let line = line.raw(&ports).space(question);
    Some(line.act(
        "kubernetes.port-forward",
        format!("Makes a port of the {} a port of this machine: {ports}", words(question)),
    ))
}

fn node(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let verbs = [
        ("drain", "kubernetes.drain", "Moves the pods away from"),
        ("uncordon", "kubernetes.uncordon", "Lets new pods run on"),
        ("cordon", "kubernetes.cordon", "Lets no new pods run on"),
    ];
    let said = verbs.iter().find(|(verb, ..)| question.scan.take_text(&[verb]).is_some()).copied();
    let phrase = question.kind.is_none_or(|kind| kind == NODE)
        && (question.scan.has_text(&["unschedulable", "schedulable"])
            && question.scan.take_text(&["mark", "make", "set"]).is_some());
    let (verb, intent, does) = match said {
        Some(said) => said,
        None if question.scan.take_text(&["evict"]).is_some() => {
            while question.scan.take_text(&["all", "pods", "every", "pod", "everything"]).is_some() {}
            question.kind = Some(NODE);
            verbs[0]
        }
        None if phrase && question.scan.take_text(&["unschedulable"]).is_some() => verbs[2],
        None if phrase && question.scan.take_text(&["schedulable"]).is_some() => verbs[1],
        None => return taint(question, shell),
    };
    if question.names.is_empty() {
        let name = question.take_name()?;
        question.names.push(name);
    }
    if question.kind.is_some_and(|kind| kind != NODE) && !question.scan.has_text(&["daemonsets", "daemonset"]) {
        return None;
    }
    question.told = true;
    question.scan.take_any(&[c::NOT]);
    let mut line = Line::new(verb, shell).value(&question.names[0]);
    let scan = &mut question.scan;
    while scan.take_text(&["node", "maintenance", "again", "unschedulable", "it", "so"]).is_some() {}
    if verb == "drain" {
        // Nearly every cluster has daemon sets, without which the flag changes nothing.
        line = line.raw("--ignore-daemonsets");
        while scan.take_text(&["ignore", "ignoring", "daemonsets", "daemonset", "daemon", "sets"]).is_some() {}
        if scan.take_text(&["emptydir", "empty-dir", "local"]).is_some() {
            while scan.take_text(&["data", "volumes", "delete", "and", "emptydir"]).is_some() {}
            scan.take_any(&[c::DELETE]);
            line = line.raw("--delete-emptydir-data");
        }
        if scan.take_text(&["force", "forcefully"]).is_some() {
            line = line.raw("--force");
        }
    }
    Some(line.act(intent, format!("{does} the node {}", question.names[0])))
}

fn taint(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    question.scan.take_text(&["taint", "tainted"])?;
    let pair = question.label.clone()?;
    if question.names.is_empty() {
        let name = question.take_name()?;
        question.names.push(name);
    }
    question.told = true;
    question.scan.take_text(&["add", "put"]);
    let line = Line::new("taint nodes", shell).value(&question.names[0]).value(&pair);
    Some(
        line.act(
            "kubernetes.taint",
            format!("Keeps pods that do not tolerate {pair} off the node {}", question.names[0]),
        ),
    )
}

fn context(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let said = scan.take_text(&["context", "contexts"]);
    if let Some(at) = said {
        let many = scan.tokens[at].text == "contexts";
        if many || scan.has(c::ALL) {
            question.told |= !scan.has_text(&["docker"]);
            return Some(
                Line::new("config get-contexts", shell).act("kubernetes.contexts", "Lists the clusters kubectl knows"),
            );
        }
        let verb = scan.take_text(&["switch", "change", "use", "select", "set", "activate", "go", "move"]).is_some()
            || scan.take_any(&[c::CHECKOUT, c::USE]).is_some();
        if verb && let Some(name) = question.take_name() {
            question.told |= !question.scan.has_text(&["docker"]);
            let line = Line::new("config use-context", shell).value(&name);
            return Some(line.act("kubernetes.use-context", format!("Makes {name} the cluster kubectl talks to")));
        }
        let scan = &mut question.scan;
        while scan.take_any(&[c::CURRENT, c::NAME, c::USE]).is_some() {}
        scan.take_text(&["active"]);
        return Some(
            Line::new("config current-context", shell)
                .act("kubernetes.current-context", "Prints which cluster kubectl talks to"),
        );
    }
    // `make shop the default namespace`.
    let Space::Named(name) = question.space.clone() else { return None };
    let default = scan.take_text(&["default"]).is_some();
    let verb = scan.take_text(&["switch", "change", "use", "set", "make", "go"]).is_some()
        || scan.take_any(&[c::CHECKOUT, c::CREATE, c::USE]).is_some();
    if !verb
        || !(default || question.kind.is_none())
        || scan.has(c::NEW)
        || question.kind.is_some_and(|kind| kind != NAMESPACE)
    {
        return None;
    }
    while scan.take_text(&["permanently", "default", "context"]).is_some() {}
    let line = Line::new("config set-context --current", shell).value(&format!("--namespace={name}"));
    Some(line.act("kubernetes.set-namespace", format!("Makes {name} the namespace of every command that names none")))
}

// `label pod web tier=front`.
fn mark(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let (verb, intent) = if question.scan.has_text(&["annotate", "annotation"]) {
        ("annotate", "kubernetes.annotate")
    } else if question.scan.has_text(&["label"]) && !question.scan.has_text(&["labels", "labelled", "labeled", "pods"])
    {
        ("label", "kubernetes.label")
    } else {
        return None;
    };
    let leads = question.scan.is_text(Some(0), &["label", "annotate"])
        || question.scan.has_text(&["add", "put", "set", "give", "attach"]);
    if !leads || question.names.is_empty() {
        return None;
    }
    question.scan.take_text(&["annotate", "annotation", "label"]);
    while question.scan.take_text(&["add", "put", "set", "give", "attach"]).is_some() {}
    let pair = question.label.clone()?;
    let line = Line::new(verb, shell).things(question).value(&pair).space(question);
    Some(line.act(intent, format!("Gives the {} the mark {pair}", words(question))))
}

fn files(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &question.scan;
    let kustomize = scan.has_text(&["kustomize", "kustomization"]);
    let applies = scan.has_text(&["apply", "applying"]);
    let dry = scan.has_text(&["dry-run", "dry", "without"]) && (applies || scan.has(c::CREATE));
    let deletes = scan.has(c::DELETE);
    let compares = scan.has(c::DIFFERENCE) || scan.has_text(&["would"]) && scan.has(c::CHANGE);
    let creates = scan.has(c::CREATE) && question.told || scan.has_text(&["deploy"]);
    if !(applies || deletes || compares || creates) || question.names.len() + usize::from(question.label.is_some()) > 0
    {
        return None;
    }
    let path = question.take_path()?;
    let yaml = path.rsplit('.').next().is_some_and(|ending| matches!(ending, "yaml" | "yml"));
    let objects = question.scan.has_text(&["resources", "objects"]);
    question.told |=
        applies && (yaml || path.contains("k8s") || path.contains("kube") || question.scan.has_text(&["-f"]));
    question.told |= yaml && objects;
    let scan = &mut question.scan;
    let words = [
        "apply",
        "applying",
        "manifest",
        "manifests",
        "kustomize",
        "kustomization",
        "deploy",
        "resources",
        "everything",
        "would",
        "-f",
    ];
    while scan.take_text(&words).is_some() {}
    while scan.take_text(&["defined", "objects", "config", "configuration", "overlay", "stuff"]).is_some() {}
    while scan
        .take_any(&[c::DIFFERENCE, c::CREATE, c::DELETE, c::YAML, c::FILE, c::FOLDER, c::ALL, c::CONFIG, c::CHANGE])
        .is_some()
    {}
    if question.kind.is_some() && question.many {
        question.kind = None;
    }
    let (verb, intent, does) = if compares {
        ("diff", "kubernetes.diff", "Shows what applying would change:")
    } else if deletes {
        ("delete", "kubernetes.delete-file", "Deletes the objects described in")
    } else if kustomize {
        ("apply", "kubernetes.apply-kustomize", "Makes the cluster as the kustomization says:")
    } else if dry {
        ("apply", "kubernetes.dry-run", "Checks, without changing anything, what applying would do:")
    } else {
        ("apply", "kubernetes.apply", "Makes the cluster as the file says:")
    };
    let flag = if kustomize { "-k" } else { "-f" };
    let quoted = if path.starts_with("http") { path.clone() } else { quote_path(shell, &path).into_owned() };
    let mut line = Line::new(verb, shell).raw(flag).raw(&quoted).space(question);
    if scan_take_recursive(question) {
        line = line.raw("-R");
    }
    if dry && intent == "kubernetes.dry-run" {
        while question.scan.take_text(&["dry-run", "dry", "run", "without", "changing", "anything", "as"]).is_some() {}
        question.scan.take_any(&[c::NOT, c::RUN]);
        line = line.raw("--dry-run=client");
    }
    Some(line.act(intent, format!("{does} {path}")))
}

fn scan_take_recursive(question: &mut Question<'_>) -> bool {
    question.scan.take_any(&[c::RECURSIVE]).is_some()
}

fn copy(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind != Some(POD) || question.names.is_empty() {
        return None;
    }
    let scan = &mut question.scan;
    if scan.take_any(&[c::COPY, c::DOWNLOAD, c::UPLOAD]).is_none() || scan.has(c::AT) && scan.has(c::FROM) {
        return None;
    }
    let out = scan.has(c::FROM) || scan.has_text(&["from", "out"]);
    let first = question.take_path()?;
    let second = question.take_path();
    question.scan.take_text(&["out"]);
    let pod = match &question.space {
        Space::Named(space) => format!("{space}/{}", question.names[0]),
        _ => question.names[0].clone(),
    };
    let (from, to) = if out {
        let base = first.trim_end_matches('/').rsplit('/').next().unwrap_or(&first).to_owned();
        (format!("{pod}:{first}"), second.unwrap_or(base))
    } else {
        (first.clone(), format!("{pod}:{}", second?))
    };
    let line = Line::new("cp", shell).value(&from).value(&to).container(question);
    Some(line.act("kubernetes.copy", format!("Copies {from} to {to}")))
}

fn delete(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if !question.scan.has(c::DELETE) && !question.scan.has(c::KILL) {
        return None;
    }
    question.kind?;
    if question.scan.take_any(&[c::DELETE]).is_none() {
        question.scan.take_any(&[c::KILL]);
    }
    let force = question.scan.take_text(&["force", "forcefully", "immediately", "forced"]).is_some();
    let all = question.scan.has(c::ALL);
    if question.kind == Some(NAMESPACE)
        && question.names.is_empty()
        && let Space::Named(name) = std::mem::replace(&mut question.space, Space::Default)
    {
        question.names.push(name);
    }
    let mut line = Line::new("delete", shell);
    let intent = if !question.names.is_empty() {
        line = line.things(question).space(question);
        "kubernetes.delete"
    } else if question.label.is_some() {
        question.scan.take_any(&[c::ALL]);
        line = line.things(question).space(question).label(question);
        "kubernetes.delete-label"
    } else if all && matches!(question.space, Space::Named(_)) {
        question.scan.take_any(&[c::ALL]);
        line = line.things(question).raw("--all").space(question);
        "kubernetes.delete"
    } else {
        return None;
    };
    question.scan.take_text(&["label", "labels", "labelled", "labeled", "selector"]);
    question.scan.take_text(&["carrying", "have"]);
    if force {
        line = line.raw("--grace-period=0 --force");
    }
    Some(line.act(intent, format!("Deletes the {}", words(question))))
}

fn expose(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    question.scan.take_text(&["expose", "exposing"])?;
    question.kind.filter(|kind| [DEPLOYMENT, POD, SERVICE].contains(kind))?;
    let port = question.take_number()?;
    let target = question.take_number();
    let scan = &mut question.scan;
    while scan.take_any(&[c::PORT, c::SERVICE]).is_some() {}
    let kind = [("loadbalancer", "LoadBalancer"), ("nodeport", "NodePort"), ("clusterip", "ClusterIP")]
        .into_iter()
        .find(|(word, _)| scan.take_text(&[word]).is_some())
        .map(|(_, kind)| kind);
    scan.take_text(&["type"]);
    if question.names.is_empty() {
        let name = question.take_name()?;
        question.names.push(name);
    }
    let mut line = Line::new("expose", shell).things(question).space(question).raw(&format!("--port={port}"));
    if let Some(target) = target {
        question.scan.take_text(&["target"]);
        line = line.raw(&format!("--target-port={target}"));
    }
    if let Some(kind) = kind {
        line = line.raw(&format!("--type={kind}"));
    }
    Some(line.act("kubernetes.expose", format!("Makes a service for the {}", words(question))))
}

fn edit(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.names.is_empty() || question.kind.is_none() {
        return None;
    }
    question.scan.take_any(&[c::EDIT])?;
    question.scan.take_text(&["editor"]);
    question.scan.take_any(&[c::YAML, c::OPEN, c::CONFIG]);
    let line = Line::new("edit", shell).things(question).space(question);
    Some(line.act("kubernetes.edit", format!("Opens the {} in your editor", words(question))))
}

fn wait(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    question.scan.take_text(&["wait"])?;
    let kind = question.kind?;
    let condition = if question.scan.take_text(&["complete", "done", "finished", "finish", "completed"]).is_some() {
        "complete"
    } else if kind == DEPLOYMENT {
        question.scan.take_any(&[c::AVAILABLE]);
        "available"
    } else {
        "ready"
    };
    question.scan.take_text(&["ready", "up"]);
    while question.scan.take_any(&[c::BEFORE, c::RUN, c::AVAILABLE, c::UP]).is_some() {}
    let mut line = Line::new(&format!("wait --for=condition={condition}"), shell);
    line = if question.names.is_empty() { line.things(question).label(question) } else { line.slashed(question)? };
    Some(line.space(question).act("kubernetes.wait", format!("Waits until the {} is {condition}", words(question))))
}
