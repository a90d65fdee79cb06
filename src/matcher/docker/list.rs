//! Which containers there are.

use std::fmt::Write as _;

use super::Act;
use super::read::Question;
use crate::normalize::{Shape, concept as c};
use crate::shell::{Shell, quote};

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.compose || !question.container && !question.scan.has_text(&["ps"]) {
        return None;
    }
    // Verbs have their own commands; this one only looks.
    let does = [c::STOP, c::START, c::DELETE, c::CREATE, c::RESTART, c::KILL, c::COPY, c::COUNT, c::LOG, c::RENAME];
    let stopped = question.scan.has_text(&["stopped", "exited", "started"]);
    if does.iter().any(|verb| question.scan.has(*verb)) && !stopped
        || question.scan.has_text(&["remove", "delete", "prune"])
    {
        return None;
    }
    question.scan.take_text(&["ps"]);
    let mut filters: Vec<String> = Vec::new();
    let scan = &mut question.scan;
    for (words, filter) in [
        (&["exited", "stopped", "dead", "finished"][..], "status=exited"),
        (&["paused"], "status=paused"),
        (&["restarting"], "status=restarting"),
        (&["unhealthy"], "health=unhealthy"),
        (&["healthy"], "health=healthy"),
    ] {
        if scan.take_text(words).is_some() {
            if scan.has(c::ALL) && scan.has(c::ALSO) {
                return None;
            }
            filters.push(filter.to_owned());
        }
    }
    let exited = filters.iter().any(|filter| filter == "status=exited");
    let running = scan.take_any(&[c::RUN]).is_some();
    let all = scan.take_any(&[c::ALL]).is_some() && !running || exited;
    if let Some(at) = scan.position(c::IMAGE) {
        scan.take(at);
        while scan.take_any(&[c::USE, c::FROM, c::OF]).is_some() {}
        scan.take_text(&["based", "uses", "made"]);
        let image = question.take_image().or_else(|| question.names.pop())?;
        filters.push(format!("ancestor={image}"));
    } else if question.scan.has(c::NAME) && (question.scan.has(c::CONTAIN) || question.scan.has(c::WITH)) {
        question.scan.take_any(&[c::NAME]);
        question.scan.take_any(&[c::CONTAIN]);
        let name = question.take_name().or_else(|| question.names.pop())?;
        filters.push(format!("name={name}"));
    } else if let Some(at) = (0..question.scan.tokens.len())
        .find(|at| question.scan.tokens[*at].raw.contains('=') && question.scan.has_text(&["label", "labels"]))
    {
        question.scan.take(at);
        question.scan.take_text(&["label", "labels"]);
        filters.push(format!("label={}", question.scan.tokens[at].raw));
    }
    if !question.names.is_empty() {
        return None;
    }
    let scan = &mut question.scan;
    let last = (0..scan.tokens.len()).find(|at| {
        matches!(scan.tokens[*at].shape, Shape::Number(_)) && scan.is_at(scan.before(*at), &[c::LAST, c::NEWEST])
    });
    let mut command = String::from("docker ps");
    if all && last.is_none() {
        command.push_str(" -a");
    }
    if let Some(at) = last {
        scan.take(at);
        scan.take_any(&[c::LAST, c::NEWEST]);
        scan.take_any(&[c::CREATED]);
        let _ = write!(command, " -n {}", scan.tokens[at].raw);
    }
    let ids = scan.take_text(&["id", "ids"]).is_some();
    if ids {
        scan.take_any(&[c::ONLY]);
        command.push_str(" -q");
    } else if scan.take_any(&[c::SIZE]).is_some() {
        command.push_str(" -s");
    }
    for filter in &filters {
        command.push_str(" --filter ");
        let (key, value) = filter.split_once('=')?;
        let value: Vec<_> = value.split('=').map(|part| quote(shell, part)).collect();
        let _ = write!(command, "{key}={}", value.join("="));
    }
    let names = scan.has(c::NAME);
    let images = scan.has(c::PORT);
    if names {
        scan.take_any(&[c::NAME]);
        scan.take_any(&[c::ONLY]);
        command.push_str(if shell == Shell::Cmd { " --format \"{{.Names}}\"" } else { " --format '{{.Names}}'" });
    } else if images {
        return None;
    }
    scan.take_text(&["list"]);
    let intent = match () {
        () if names => "docker.ps-names",
        () if ids && !all && filters.is_empty() => "docker.ps-ids",
        () if exited && filters.len() == 1 => "docker.ps-stopped",
        () if !filters.is_empty() || last.is_some() || ids => "docker.ps-filter",
        () if all => "docker.ps-all",
        () => "docker.ps",
    };
    Some(Act { intent, command, does: "Lists containers".to_owned() })
}
