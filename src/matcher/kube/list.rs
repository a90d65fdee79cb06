//! Lists: which objects, in which state, shown how.

use super::Act;
use super::act::{Line, first, words};
use super::kind::{EVENT, NODE, POD, SECRET};
use super::read::{Question, Space};
use crate::normalize::concept as c;
use crate::shell::Shell;

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind == Some(EVENT) {
        return Some(events(question, shell));
    }
    first(question, shell, &[top, secret, count])
}

fn events(question: &mut Question<'_>, shell: Shell) -> Act {
    let scan = &mut question.scan;
    let words =
        ["sorted", "sort", "by", "time", "date", "timestamp", "chronological", "ordered", "order", "newest", "age"];
    let mut sorted = scan.take_any(&[c::SORT]).is_some();
    while scan.take_any(&[c::TIME, c::DATE, c::NEWEST, c::CREATED, c::RECENT, c::OLDEST, c::FIRST, c::LAST]).is_some() {
        sorted = true;
    }
    while scan.take_text(&words).is_some() {
        sorted = true;
    }
    let warnings = scan.take_text(&["warning", "warnings"]).is_some();
    let follow = scan.take_any(&[c::FOLLOW]).is_some();
    let mut line = Line::new("get events", shell).space(question);
    if warnings {
        line = line.raw("--field-selector type=Warning");
    }
    if let Some(name) = question.take_name() {
        question.scan.take_text(&["pod"]);
        line = line.value("--field-selector").value(&format!("involvedObject.name={name}"));
    }
    if follow {
        line = line.raw("-w");
    } else if sorted {
        line = line.raw("--sort-by=.metadata.creationTimestamp");
    }
    question.told |= question.space != Space::Default;
    line.act("kubernetes.events", "Lists what happened in the cluster lately")
}

// Memory and CPU.
fn top(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let kind = question.kind.filter(|kind| [POD, NODE].contains(kind))?;
    let scan = &mut question.scan;
    let memory = scan.has(c::MEMORY);
    let cpu = scan.has(c::CPU);
    let said = scan.take_text(&["top"]).is_some()
        || (scan.has(c::USAGE) || scan.has(c::USE)) && scan.has_text(&["resource", "resources"])
        || memory && cpu
        || (memory || cpu) && (scan.has(c::LARGEST) || scan.has_text(&["most", "use", "using", "uses"]))
        || (memory || cpu) && !scan.has_text(&["limit", "limits", "request", "requests"]);
    if !said {
        return None;
    }
    let ordered = scan.take_any(&[c::SORT, c::LARGEST]).is_some() | scan.take_text(&["most"]).is_some();
    while scan.take_any(&[c::MEMORY, c::CPU, c::USAGE, c::USE, c::COUNT, c::SIZE]).is_some() {}
    while scan.take_text(&["resource", "resources", "much", "consumption", "load", "consume"]).is_some() {}
    let (what, intent) =
        if kind == POD { ("top pods", "kubernetes.top-pods") } else { ("top nodes", "kubernetes.top-nodes") };
    let mut line = Line::new(what, shell).space(question).label(question);
    for name in &question.names {
        line = Line::new(if kind == POD { "top pod" } else { "top node" }, shell).value(name).space(question);
    }
    if question.scan.take_text(&["containers"]).is_some() {
        line = line.raw("--containers");
    }
    if ordered && memory != cpu {
        line = line.raw(if memory { "--sort-by=memory" } else { "--sort-by=cpu" });
    }
    Some(line.act(intent, format!("Shows the memory and processor use of the {}", words(question))))
}

// `the value of key x in secret y`.
fn secret(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind != Some(SECRET) || question.names.is_empty() {
        return None;
    }
    let decodes = question.scan.take_any(&[c::DECODE]).is_some()
        | question.scan.take_text(&["decoded", "plain", "clear"]).is_some();
    let keyed = question.scan.take_text(&["key", "field", "entry"]).or_else(|| question.scan.take_text(&["value"]));
    if !decodes && keyed.is_none() {
        return None;
    }
    question.scan.take_any(&[c::VALUE]);
    question.scan.take_text(&["key", "base64"]);
    let key = question.take_name().or_else(|| {
        let at = keyed.and_then(|key| question.scan.after(key)).filter(|at| question.scan.is_free(*at))?;
        question.scan.take(at);
        Some(question.scan.tokens[at].raw.clone())
    })?;
    if !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) {
        return None;
    }
    question.told = true;
    let path = format!("{{.data.{}}}", key.replace('.', "\\."));
    let line = Line::new("get", shell).things(question).space(question).raw("-o");
    let line = line.raw(&format!("jsonpath='{path}'")).raw("| base64 -d");
    let name = &question.names[0];
    Some(line.act("kubernetes.secret-value", format!("Prints {key} of the secret {name}, decoded")))
}

fn count(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let kind = question.kind?;
    if !question.scan.has(c::COUNT) || !matches!(shell, Shell::Bash | Shell::Zsh | Shell::Fish) {
        return None;
    }
    question.scan.take_any(&[c::COUNT]);
    let state = super::see::state(question);
    let line = Line::new("get", shell).raw(kind.many).space(question).label(question).raw(&state);
    let line = line.raw("--no-headers | wc -l");
    Some(line.act("kubernetes.count", format!("Counts the {}", words(question))))
}
