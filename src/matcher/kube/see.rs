//! Looking at objects: lists, one in detail, one as it is written.

use super::Act;
use super::act::{Line, words};
use super::kind::{NAMESPACE, NODE, POD};
use super::read::{Question, Space};
use crate::normalize::concept as c;
use crate::shell::Shell;

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind.is_none() {
        return everything(question, shell);
    }
    let kind = question.kind?;
    if kind == NAMESPACE
        && question.names.is_empty()
        && (question.scan.has_text(&["am"]) || question.scan.has(c::CURRENT))
    {
        question.scan.take_any(&[c::CURRENT]);
        question.scan.take_any(&[c::NAME]);
        let line = Line::new("config view --minify -o", shell).raw("jsonpath='{..namespace}'");
        return Some(line.act("kubernetes.current-namespace", "Prints the namespace of commands that name none"));
    }
    if kind == NAMESPACE
        && question.names.is_empty()
        && let Space::Named(name) = question.space.clone()
    {
        question.names.push(name);
        question.space = Space::Default;
    }
    let scan = &mut question.scan;
    let described = scan.take_text(&["describe", "description"]).is_some()
        || !question.names.is_empty() && scan.take_any(&[c::DETAIL]).is_some();
    if described {
        while scan.take_any(&[c::DETAIL]).is_some() {}
        // Nobody but kubectl describes things.
        question.told = true;
        let line = Line::new("describe", shell).things(question).space(question).label(question);
        return Some(line.act("kubernetes.describe", format!("Shows the {} in detail", words(question))));
    }
    let watch = scan.take_any(&[c::FOLLOW]).is_some() | scan.take_any(&[c::FOLLOW]).is_some()
        || scan.take_text(&["-w", "--watch", "watching"]).is_some();
    let node = (kind == POD).then(|| on_node(question)).flatten();
    let state = state(question);
    let output = output(question);
    let sort = sort(question);
    if !question.names.is_empty() {
        while question.scan.take_any(&[c::CHECK, c::RUN]).is_some() {}
        while question.scan.take_text(&["status", "state", "up", "healthy", "ready", "alive"]).is_some() {}
    }
    question.told |= kind == super::kind::SECRET && output.is_some();
    let mut line = Line::new("get", shell).things(question).space(question).label(question).raw(&state);
    if question.label.is_some() {
        while question
            .scan
            .take_text(&["label", "labels", "labelled", "labeled", "selector", "have", "tagged"])
            .is_some()
        {}
    }
    if let Some(node) = &node {
        line = line.raw("--field-selector").value(&format!("spec.nodeName={node}"));
    }
    let intent = match (&output, sort) {
        _ if watch => "kubernetes.watch",
        (_, Some(_)) => "kubernetes.get-sorted",
        (Some("-o wide"), _) => "kubernetes.get-wide",
        (Some("-o name"), _) => "kubernetes.get-names",
        (Some("--show-labels"), _) => "kubernetes.get-labels",
        (Some(_), _) => "kubernetes.get-output",
        _ if node.is_some() => "kubernetes.get-on-node",
        _ if !state.is_empty() => "kubernetes.get-status",
        _ => "kubernetes.get",
    };
    line = line.raw(output.unwrap_or_default()).raw(sort.unwrap_or_default());
    if watch {
        line = line.raw("-w");
    }
    // `pods` alone may be anything; a list is asked for in some way.
    Some(line.act(intent, format!("Lists the {}", words(question))))
}

// `everything in namespace shop`.
fn everything(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let all =
        scan.has_text(&["everything", "resources", "objects", "workloads"]) || scan.has(c::ALL) && scan.has(c::SHOW);
    if !all || question.space == Space::Default || scan.has(c::DELETE) {
        return None;
    }
    while scan.take_text(&["everything", "resources", "objects", "workloads", "all"]).is_some() {}
    scan.take_any(&[c::RUN]);
    let line = Line::new("get all", shell).space(question).label(question);
    Some(line.act("kubernetes.get-all", format!("Lists the {}", words(question))))
}

const STATES: [(&str, &str); 8] = [
    ("running", "Running"),
    ("run", "Running"),
    ("pending", "Pending"),
    ("failed", "Failed"),
    ("failing", "Failed"),
    ("succeeded", "Succeeded"),
    ("completed", "Succeeded"),
    ("waiting", "Pending"),
];

/// `running`, `not ready`, `failed`: the state of pods, as a selector.
pub(super) fn state(question: &mut Question<'_>) -> String {
    if question.kind != Some(POD) || !question.names.is_empty() {
        return String::new();
    }
    let scan = &mut question.scan;
    let Some((at, state)) = STATES.iter().find_map(|(word, state)| scan.take_text(&[word]).map(|at| (at, *state)))
    else {
        return String::new();
    };
    let not = scan.before(at).filter(|not| scan.is_at(Some(*not), &[c::NOT]));
    if let Some(not) = not {
        scan.take(not);
    }
    // `pods running on node x` and `which pods are running` may be in any state, but the running ones are meant.
    if scan.is_text(Some(at), &["running", "run"]) && not.is_none() && scan.has_text(&["node", "nodes"]) {
        return String::new();
    }
    scan.take_text(&["state", "status", "phase"]);
    format!("--field-selector=status.phase{}{state}", if not.is_some() { "!=" } else { "=" })
}

fn on_node(question: &mut Question<'_>) -> Option<String> {
    let at = (0..question.scan.tokens.len())
        .find(|at| question.scan.is_free(*at) && question.scan.is_text(Some(*at), &["node"]))?;
    let value = [Some(at + 1).filter(|next| *next < question.scan.tokens.len()), at.checked_sub(1)]
        .into_iter()
        .find(|beside| question.is_name(*beside))??;
    question.scan.take(at);
    question.scan.take(value);
    question.scan.take_text(&["scheduled"]);
    Some(question.scan.tokens[value].raw.clone())
}

fn output(question: &mut Question<'_>) -> Option<&'static str> {
    let scan = &mut question.scan;
    if scan.take_any(&[c::YAML]).is_some() {
        scan.take_text(&["manifest", "definition", "format"]);
        return Some("-o yaml");
    }
    if scan.take_any(&[c::JSON]).is_some() {
        scan.take_text(&["manifest", "definition", "format"]);
        return Some("-o json");
    }
    if question.kind == Some(POD) && question.names.is_empty() && scan.take_any(&[c::IMAGE]).is_some() {
        while scan.take_any(&[c::USAGE, c::RUN, c::USE, c::CONTAINER]).is_some() {}
        return Some("-o jsonpath='{.items[*].spec.containers[*].image}'");
    }
    let wide = scan.take_text(&["wide"]).is_some()
        || scan.take_any(&[c::IP]).is_some()
        || question.kind == Some(POD)
            && scan.has_text(&["which", "their", "what"])
            && scan.take_text(&["node", "nodes"]).is_some()
        || question.kind == Some(NODE) && scan.take_any(&[c::DETAIL]).is_some()
        || scan.take_any(&[c::DETAIL]).is_some();
    if wide {
        while scan.take_any(&[c::IP, c::DETAIL, c::RUN]).is_some() {}
        while scan.take_text(&["node", "nodes", "wide", "format", "output", "internal", "external"]).is_some() {}
        return Some("-o wide");
    }
    if question.label.is_none() && scan.take_text(&["labels"]).is_some() {
        return Some("--show-labels");
    }
    if question.names.is_empty() && scan.has(c::NAME) && !scan.has(c::SORT) {
        scan.take_any(&[c::NAME]);
        scan.take_any(&[c::ONLY]);
        return Some("-o name");
    }
    None
}

fn sort(question: &mut Question<'_>) -> Option<&'static str> {
    let scan = &mut question.scan;
    let sorted = scan.take_any(&[c::SORT]).is_some() || scan.has(c::NEWEST) || scan.has(c::OLDEST);
    if !sorted {
        return None;
    }
    if scan.take_any(&[c::RESTART]).is_some() || scan.take_text(&["restarts"]).is_some() {
        scan.take_any(&[c::COUNT]);
        return Some("--sort-by='.status.containerStatuses[0].restartCount'");
    }
    if scan.take_any(&[c::NAME]).is_some() {
        return Some("--sort-by=.metadata.name");
    }
    let mut found = false;
    while scan.take_any(&[c::TIME, c::DATE, c::CREATED, c::NEWEST, c::OLDEST]).is_some()
        || scan.take_text(&["age", "first"]).is_some()
    {
        found = true;
    }
    found.then_some("--sort-by=.metadata.creationTimestamp")
}
