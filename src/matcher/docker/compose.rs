//! Services of a compose file.

use std::fmt::Write as _;

use super::Act;
use super::noun;
use super::read::{NEVER, Question};
use crate::normalize::concept as c;
use crate::shell::{Shell, quote};

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if !question.compose {
        return None;
    }
    question.scan.take_text(&["compose"]);
    // `the services in the compose file`: that is where they stand, and none of them.
    question.scan.take_text(&["file"]);
    let mut service = service(question).or_else(|| question.names.pop());
    // `docker compose restart web`.
    let asks = [c::RESTART, c::LOG, c::STOP, c::START, c::UP].into_iter().any(|verb| question.scan.has(verb))
        || question.scan.has_text(&["up", "scale"]);
    if service.is_none() && asks {
        service = question.take_last();
    }
    let scan = &mut question.scan;
    while scan.take_text(&["stack", "project", "services", "service", "setup"]).is_some() {}
    while scan.take_any(&[c::SERVICE]).is_some() {}
    let volumes = scan.has(c::VOLUME);
    let down = scan.has_text(&["down", "teardown", "tear"]);
    let (intent, mut command, does) = if scan.has(c::LOG) {
        while scan.take_any(&[c::LOG]).is_some() {}
        let follow = scan.take_any(&[c::FOLLOW]).is_some() || scan.take_text(&["-f"]).is_some();
        let tail = question.take_tail();
        let since = question.take_age();
        let follow = follow || tail.is_none() && question.scan.take_text(&["tail"]).is_some();
        let mut command = String::from("docker compose logs");
        if follow {
            command.push_str(" -f");
        }
        if let Some(count) = tail {
            let _ = write!(command, " --tail {count}");
        }
        if let Some(age) = &since {
            let _ = write!(command, " --since {age}");
        }
        let intent = if tail.is_some() || since.is_some() {
            "compose.logs-tail"
        } else if follow {
            "compose.logs-follow"
        } else {
            "compose.logs"
        };
        (intent, command, "Shows what services have written")
    } else if scan.has_text(&["scale", "replicas", "instances"]) {
        while scan.take_text(&["scale", "replicas", "instances", "up", "run", "start"]).is_some() {}
        while scan.take_any(&[c::START, c::RUN, c::COPY, c::UP]).is_some() {}
        let count = question.take_number()?;
        let name = service.take().or_else(|| question.take_name()).or_else(|| odd(question))?;
        let name = quote(shell, &name).into_owned();
        (
            "compose.scale",
            format!("docker compose up -d --scale {name}={count}"),
            "Runs so many containers of the service",
        )
    } else if down || scan.has(c::DELETE) && (volumes || scan.has(c::CONTAINER)) {
        while scan.take_text(&["down", "teardown", "tear", "take", "bring", "shut", "stack"]).is_some() {}
        while scan.take_any(&[c::STOP, c::DELETE, c::ALSO, c::CONTAINER, c::START]).is_some() {}
        let images = scan.take_any(&[c::IMAGE]).is_some();
        let mut command = String::from("docker compose down");
        if volumes {
            scan.take_any(&[c::VOLUME]);
            command.push_str(" -v");
        }
        if images {
            command.push_str(" --rmi all");
        }
        if scan.take_text(&["orphans", "orphan"]).is_some() {
            command.push_str(" --remove-orphans");
        }
        if service.is_some() {
            return None;
        }
        (
            if volumes { "compose.down-volumes" } else { "compose.down" },
            command,
            "Stops and deletes the containers of the compose file",
        )
    } else if scan.has(c::RESTART) {
        scan.take_any(&[c::RESTART]);
        ("compose.restart", "docker compose restart".to_owned(), "Restarts services of the compose file")
    } else if scan.has(c::STOP) && (service.is_some() || scan.has_text(&["without", "only"])) {
        scan.take_any(&[c::STOP]);
        scan.take_any(&[c::ONLY]);
        ("compose.stop", "docker compose stop".to_owned(), "Stops services of the compose file")
    } else if scan.has_text(&["up"]) && service.is_some() || scan.has(c::START) && service.is_some() {
        while scan.take_text(&["up", "bring", "only", "background", "detached"]).is_some() {}
        while scan.take_any(&[c::START, c::RUN, c::ONLY, c::UP]).is_some() {}
        (
            "compose.up-service",
            "docker compose up -d".to_owned(),
            "Starts services of the compose file in the background",
        )
    } else {
        return None;
    };
    if let Some(name) = service {
        command.push(' ');
        command.push_str(&quote(shell, &name));
    }
    question.scan.take_any(&[c::ALL]);
    question.scan.take_text(&["file"]);
    Some(Act { intent, command, does: does.to_owned() })
}

// `service web`, `the web service`, `logs of web`.
fn service(question: &mut Question<'_>) -> Option<String> {
    let scan = &question.scan;
    let noun = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_text(Some(*at), &["service"]));
    let value = noun.and_then(|noun| {
        let value = noun::beside(scan, noun, false, NEVER)?;
        Some(value)
    });
    let value = value.or_else(|| (0..scan.tokens.len()).find(|at| noun::is_name(scan, Some(*at), NEVER)))?;
    // `5 instances` and `tear down` name no service.
    if scan.is_text(Some(value), &["incl", "teardown", "tear", "orphans", "project", "stack"]) {
        return None;
    }
    question.scan.take(value);
    Some(question.scan.tokens[value].raw.clone())
}

fn odd(question: &mut Question<'_>) -> Option<String> {
    let at = (1..question.scan.tokens.len()).find(|at| noun::is_odd_name(&question.scan, Some(*at), NEVER))?;
    question.scan.take(at);
    Some(question.scan.tokens[at].raw.clone())
}
