//! What becomes of deployments: scaling, versions, images.

use super::act::{Line, first, words};
use super::kind::{DAEMONSET, DEPLOYMENT, STATEFULSET};
use super::read::Question;
use super::{Act, kind};
use crate::normalize::{Shape, concept as c};
use crate::shell::Shell;

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind.is_some_and(|kind| ![DEPLOYMENT, STATEFULSET, DAEMONSET].contains(&kind) && !kind.telling) {
        return None;
    }
    first(question, shell, &[autoscale, scale, image, environment, versions])
}

// A name without its kind is a deployment's.
fn named(question: &mut Question<'_>) -> Option<()> {
    if question.names.is_empty() {
        let name = question.take_name().or_else(|| question.take_odd_name())?;
        question.names.push(name);
    }
    question.kind.get_or_insert(DEPLOYMENT);
    Some(())
}

fn scale(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.scan.take_text(&["scale", "scaling", "resize"]).is_none()
        && !question.scan.has_text(&["replicas", "replica"])
    {
        return None;
    }
    if question.scan.has(c::IMAGE) || question.scan.has(c::NEW) || question.scan.has(c::COUNT) {
        return None;
    }
    let zero = question.scan.has_text(&["zero"]);
    let count = question.take_number().or_else(|| zero.then_some(0))?;
    question.scan.take_text(&["zero"]);
    while question
        .scan
        .take_text(&["replicas", "replica", "instances", "copies", "up", "down", "set", "pods"])
        .is_some()
    {}
    while question.scan.take_any(&[c::COPY, c::USE, c::SMALLER, c::UP]).is_some() {}
    named(question)?;
    question.told |= question.kind == Some(DEPLOYMENT);
    let line = Line::new("scale", shell).slashed(question)?.space(question).raw(&format!("--replicas={count}"));
    Some(line.act("kubernetes.scale", format!("Sets the number of pods of the {} to {count}", words(question))))
}

fn autoscale(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    question.scan.take_text(&["autoscale", "autoscaling", "autoscaler", "auto-scale"])?;
    named(question)?;
    let least = question.take_number()?;
    let most = question.take_number()?;
    while question
        .scan
        .take_text(&["min", "max", "minimum", "maximum", "replicas", "pods", "percent", "%", "cpu", "at"])
        .is_some()
    {}
    question.scan.take_any(&[c::MINUTE]);
    let cpu = (0..question.scan.tokens.len())
        .find(|at| question.scan.is_free(*at) && question.scan.tokens[*at].raw.ends_with('%'));
    let mut line =
        Line::new("autoscale", shell).things(question).space(question).raw(&format!("--min={least} --max={most}"));
    if let Some(at) = cpu {
        question.scan.take(at);
        question.scan.take_any(&[c::CPU]);
        line = line.raw(&format!("--cpu-percent={}", question.scan.tokens[at].raw.trim_end_matches('%')));
    }
    Some(line.act(
        "kubernetes.autoscale",
        format!("Lets the {} grow and shrink between {least} and {most} pods", words(question)),
    ))
}

// `set the image of deployment web to nginx:1.25`.
fn image(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.scan.has(c::CREATE) && !question.scan.has_text(&["set", "change", "update"])
        || question.scan.has(c::NEW)
    {
        return None;
    }
    if !question.scan.has(c::IMAGE) && !question.scan.has_text(&["update", "upgrade", "bump", "deploy"]) {
        return None;
    }
    let at = (0..question.scan.tokens.len()).find(|at| {
        let raw = &question.scan.tokens[*at].raw;
        question.scan.is_free(*at)
            && raw.contains(':')
            && !raw.contains("://")
            && raw.split(':').all(|part| !part.is_empty())
            && raw.chars().any(char::is_alphabetic)
    })?;
    question.scan.take_any(&[c::IMAGE])?;
    let verbs =
        ["set", "change", "update", "upgrade", "use", "bump", "put", "make", "replace", "roll", "switch", "out"];
    question.scan.take(at);
    let mut asked = question.scan.has(c::CHANGE) || question.scan.has(c::UPDATE) || question.scan.has(c::REPLACE);
    while question.scan.take_text(&verbs).is_some() {
        asked = true;
    }
    if !asked {
        return None;
    }
    while question.scan.take_any(&[c::USE, c::REPLACE, c::CHANGE, c::UPDATE, c::NEW, c::VERSION, c::MOVE]).is_some() {}
    let image = question.scan.tokens[at].raw.clone();
    named(question)?;
    let container = question.container.clone().unwrap_or_else(|| question.names[0].clone());
    if question.container.is_none() {
        // The container of a deployment is mostly, not always, called like it.
        question.scan.doubt += 0.05;
    }
    let pair = format!("{container}={image}");
    let line = Line::new("set image", shell).slashed(question)?.value(&pair).space(question);
    Some(
        line.act(
            "kubernetes.set-image",
            format!("Lets the container {container} of the {} run {image}", words(question)),
        ),
    )
}

fn environment(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let pair = question.label.clone()?;
    if !question.scan.has(c::ENVIRONMENT) || pair.chars().next().is_none_or(|first| !first.is_ascii_uppercase()) {
        return None;
    }
    question.scan.take_any(&[c::ENVIRONMENT]);
    question.scan.take_any(&[c::VARIABLE]);
    while question.scan.take_text(&["set", "add", "put", "change"]).is_some() {}
    named(question)?;
    let line = Line::new("set env", shell).slashed(question)?.value(&pair).space(question);
    Some(line.act("kubernetes.set-env", format!("Sets {pair} in the {}", words(question))))
}

fn versions(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let rollout = scan.take_text(&["rollout", "rollouts", "rolling"]).is_some();
    let undo = scan.take_any(&[c::UNDO]).is_some()
        || scan.has_text(&["back"])
            && scan.take_text(&["roll", "go", "switch", "return", "take", "bring", "put"]).is_some();
    if undo {
        while scan
            .take_text(&["back", "previous", "last", "version", "revision", "rollout", "release", "deploy"])
            .is_some()
        {}
        while scan.take_any(&[c::LAST, c::VERSION, c::CHANGE]).is_some() {}
        named(question)?;
        let revision = question.take_number();
        let mut line = Line::new("rollout undo", shell).slashed(question)?.space(question);
        if let Some(revision) = revision {
            line = line.raw(&format!("--to-revision={revision}"));
        }
        return Some(
            line.act("kubernetes.rollout-undo", format!("Takes the {} back to its previous version", words(question))),
        );
    }
    if scan.take_any(&[c::RESTART]).is_some() {
        if question.kind == Some(kind::POD) || question.kind.is_none() && !rollout && !question.told {
            return None;
        }
        while question.scan.take_text(&["all", "graceful", "gracefully", "pods", "pod"]).is_some() {}
        if question.names.is_empty() && question.many {
            let line = Line::new("rollout restart", shell).things(question).space(question);
            return Some(line.act("kubernetes.rollout-restart", format!("Restarts all {}", words(question))));
        }
        named(question)?;
        let line = Line::new("rollout restart", shell).slashed(question)?.space(question);
        return Some(
            line.act("kubernetes.rollout-restart", format!("Replaces the pods of the {} one by one", words(question))),
        );
    }
    let history = scan.take_text(&["history", "revisions"]).is_some();
    let state = scan.has_text(&["status", "progress", "finished", "done", "complete", "succeeded"]);
    let (intent, verb, does) = if history {
        ("kubernetes.rollout-history", "rollout history", "Lists the versions of the")
    } else if scan.take_text(&["pause"]).is_some() {
        ("kubernetes.rollout-pause", "rollout pause", "Holds the rollout of the")
    } else if scan.take_text(&["resume", "unpause", "continue"]).is_some() {
        ("kubernetes.rollout-resume", "rollout resume", "Goes on with the rollout of the")
    } else if rollout && (state || scan.has(c::FOLLOW)) {
        scan.take_text(&["status", "progress", "finished", "done", "complete", "succeeded"]);
        scan.take_any(&[c::FOLLOW, c::CHECK]);
        ("kubernetes.rollout-status", "rollout status", "Follows the rollout of the")
    } else {
        return None;
    };
    named(question)?;
    if !rollout && !question.kind.is_some_and(|kind| [DEPLOYMENT, STATEFULSET, DAEMONSET].contains(&kind)) {
        return None;
    }
    while question.scan.take_text(&["rollout", "version", "versions", "paused"]).is_some() {}
    let line = Line::new(verb, shell).slashed(question)?.space(question);
    Some(line.act(intent, format!("{does} {}", words(question))))
}

/// True for a token with a port, or two: `8080:80`.
pub(super) fn ports(question: &Question<'_>) -> Option<(usize, String)> {
    (0..question.scan.tokens.len()).find_map(|at| {
        let token = &question.scan.tokens[at];
        let (left, right) = token.raw.split_once(':')?;
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        (token.shape != Shape::Url && number(left) && number(right)).then(|| (at, token.raw.clone()))
    })
}
