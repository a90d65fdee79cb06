//! Logs of pods, and commands in them.

use super::Act;
use super::act::{Line, words};
use super::kind::{self, POD};
use super::read::{Question, Space};
use crate::matcher::stretch;
use crate::matcher::value::Value;
use crate::normalize::{Class, Shape, Unit, concept as c};
use crate::shell::Shell;

/// What pods have written.
pub(super) fn logs(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let said = question.kind == Some(POD) && scan.has(c::LINE)
        || scan.has(c::LOG)
        || scan.has_text(&["stdout", "tail", "logged"]);
    if !said || scan.has_text(&["file"]) {
        return None;
    }
    while scan.take_any(&[c::LOG]).is_some() {}
    while scan
        .take_text(&["stdout", "logged", "why", "crash", "label", "labelled", "labeled", "labels", "selector"])
        .is_some()
    {}
    if question.names.is_empty() && question.label.is_none() {
        let name = question.take_name()?;
        question.told &= question.kind.is_some()
            || question.space != Space::Default
            || question.scan.has_text(&["kubectl", "k8s", "kubernetes"]);
        question.names.push(name);
        question.kind.get_or_insert(POD);
    }
    let scan = &mut question.scan;
    let follow = scan.take_any(&[c::FOLLOW]).is_some()
        || scan.take_text(&["-f", "tail", "tailing", "following", "streaming"]).is_some();
    let previous = scan.take_text(&["previous", "crashed", "before", "-p", "--previous", "last", "terminated", "dead"]);
    let previous = previous.filter(|at| {
        // `the last 20 lines` and `the last hour` are not about an earlier run.
        let next = scan.tokens.get(at + 1);
        !next.is_some_and(|next| {
            matches!(next.shape, Shape::Number(_) | Shape::Age(..)) || Unit::from_word(&next.text).is_some()
        })
    });
    if previous.is_some() {
        let words =
            ["run", "instance", "previous", "crashed", "crash", "earlier", "restart", "container", "before", "its"];
        while scan.take_text(&words).is_some() {}
        while scan.take_any(&[c::RUN, c::BEFORE, c::RESTART]).is_some() {}
    }
    let mut tail = None;
    if scan.has(c::LINE)
        && let Some(at) = (0..scan.tokens.len()).find(|at| matches!(scan.tokens[*at].shape, Shape::Number(_)))
        && let Shape::Number(count) = scan.tokens[at].shape
    {
        scan.take(at);
        scan.take_any(&[c::LINE]);
        scan.take_any(&[c::LAST, c::NEWEST, c::END]);
        tail = Some(count);
    }
    let since = since(question);
    let scan = &mut question.scan;
    let stamps = scan.take_text(&["timestamps", "timestamp"]).is_some();
    let every = scan.has(c::ALL) && question.container.is_none() && scan.take_text(&["containers"]).is_some();
    scan.take_any(&[c::CONTAINER]);
    scan.take_text(&["live", "output"]);
    if question.names.is_empty() {
        question.scan.take_any(&[c::ALL]);
    }
    let mut line = Line::new("logs", shell);
    if !question.names.is_empty() {
        line = if question.kind == Some(POD) { line.value(&question.names[0]) } else { line.slashed(question)? };
    }
    line = line.label(question).space(question).container(question);
    if every {
        line = line.raw("--all-containers");
    }
    if previous.is_some() {
        line = line.raw("--previous");
    }
    if follow {
        line = line.raw("-f");
    }
    if let Some(count) = tail {
        line = line.raw(&format!("--tail={count}"));
    }
    if let Some(since) = &since {
        line = line.raw(&format!("--since={since}"));
    }
    if stamps {
        line = line.raw("--timestamps");
    }
    let intent = match (previous.is_some(), follow, tail, &since) {
        (true, ..) => "kubernetes.logs-previous",
        (_, true, ..) => "kubernetes.logs-follow",
        (.., Some(_), _) => "kubernetes.logs-tail",
        (.., Some(_)) => "kubernetes.logs-since",
        _ if question.names.is_empty() => "kubernetes.logs-label",
        _ => "kubernetes.logs",
    };
    let run = if previous.is_some() { ", before it was restarted" } else { "" };
    Some(line.act(intent, format!("Shows what the {} has written{run}", words(question))))
}

// `from the last 10 minutes`, as Go writes a duration.
fn since(question: &mut Question<'_>) -> Option<String> {
    let scan = &mut question.scan;
    for at in 0..scan.tokens.len() {
        let Some(found) = stretch::age(scan.tokens, at) else { continue };
        let Value::Age(count, unit) = found.value else { continue };
        (at..at + found.length).for_each(|word| scan.take(word));
        scan.take_any(&[c::AFTER, c::NEWER]);
        scan.take_any(&[c::AGO]);
        return Some(match unit {
            Unit::Second => format!("{count}s"),
            Unit::Minute => format!("{count}m"),
            _ => format!("{}h", u64::from(count) * unit.seconds() / 3_600),
        });
    }
    None
}

/// A shell or a command in a pod.
pub(super) fn exec(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind.is_some_and(|kind| ![POD, kind::DEPLOYMENT, kind::STATEFULSET].contains(&kind)) {
        return None;
    }
    let scan = &mut question.scan;
    let bash = scan.has_text(&["bash"]);
    let enters = scan.has_text(&["enter"])
        || scan.has_text(&["go", "get", "ssh", "log", "jump", "exec"]) && scan.has_text(&["into", "inside"]);
    if scan.take_text(&["shell", "bash", "sh", "terminal", "prompt"]).is_some() || enters {
        let words = [
            "open",
            "shell",
            "bash",
            "sh",
            "terminal",
            "interactive",
            "exec",
            "enter",
            "go",
            "ssh",
            "session",
            "attach",
        ];
        while scan.take_text(&words).is_some() {}
        while scan.take_any(&[c::START, c::RUN, c::CONNECT, c::OPEN]).is_some() {}
        if question.names.is_empty() {
            let name = question.take_name()?;
            question.names.push(name);
        }
        let line = target(Line::new("exec -it", shell), question)?.space(question).container(question);
        let line = line.raw("--").raw(if bash { "bash" } else { "sh" });
        return Some(line.act("kubernetes.exec-shell", format!("Opens a shell in the {}", words_of(question))));
    }
    if question.names.is_empty() {
        return None;
    }
    // `environment variables of pod x`.
    let environment = scan.has(c::ENVIRONMENT) && scan.take_any(&[c::ENVIRONMENT]).is_some();
    let command = if environment {
        while scan.take_any(&[c::VARIABLE, c::CONFIG, c::RUN, c::COMMAND]).is_some() {}
        scan.take_text(&["exec"]);
        "env".to_owned()
    } else {
        let verb = scan.take_text(&["exec", "run", "execute", "running"])?;
        scan.take_any(&[c::COMMAND]);
        let at = scan.after(verb)?;
        let at = if scan.is_at(Some(at), &[c::COMMAND]) { scan.after(at)? } else { at };
        let quoted = scan.tokens[at].shape == Shape::Quoted;
        if !scan.is_free(at) || kind::at(scan, at).is_some() || scan.tokens[at].class <= Class::Cue {
            return None;
        }
        let mut words = vec![scan.tokens[at].raw.clone()];
        scan.take(at);
        let mut next = at + 1;
        while !quoted
            && scan.is_free(next)
            && scan.tokens[next].concept != Some(c::IN)
            && !scan.is_text(Some(next), &["in", "inside", "on", "within"])
        {
            words.push(scan.tokens[next].raw.clone());
            scan.take(next);
            next += 1;
        }
        let plain = |c: char| c.is_alphanumeric() || " -_./=:,@%+".contains(c);
        let command = words.join(" ");
        if !command.chars().all(plain) {
            return None;
        }
        command
    };
    let line = target(Line::new("exec", shell), question)?.space(question).container(question).raw("--").raw(&command);
    Some(line.act("kubernetes.exec", format!("Runs {command} in the {}", words_of(question))))
}

fn target(line: Line, question: &Question<'_>) -> Option<Line> {
    if question.kind.is_none_or(|kind| kind == POD) {
        return Some(line.value(question.names.first()?));
    }
    line.slashed(question)
}

fn words_of(question: &Question<'_>) -> String {
    words(question)
}
