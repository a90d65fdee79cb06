//! `docker run` with its flags: ports, folders, variables, name, network, limits, and what runs inside.

use super::Act;
use super::noun;
use super::read::{NEVER, Question, is_image};
use crate::normalize::{Shape, concept as c};
use crate::shell::{Shell, quote, quote_path};

#[derive(Default)]
struct Run {
    background: bool,
    gone: bool,
    interactive: bool,
    flags: Vec<String>,
}

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.compose {
        return None;
    }
    let gone = question
        .scan
        .take_text(&["throwaway", "temporary", "disposable", "one-off", "ephemeral", "temp", "oneoff"])
        .is_some();
    let verb = question.scan.has(c::RUN) || question.scan.has(c::START) || question.scan.has(c::CREATE) || gone;
    if !verb && !question.scan.has_text(&["interactive"]) || question.scan.has_text(&["exec", "stopped", "existing"]) {
        return None;
    }
    if question.scan.has(c::DELETE)
        && !question.scan.has_text(&["after", "afterwards", "exit", "exits", "done", "ends", "stops"])
        && !question.scan.has_text(&["--rm"])
    {
        return None;
    }
    let mut run = Run { gone, ..Run::default() };
    words(question, &mut run);
    let inside = (0..question.scan.tokens.len()).any(|at| {
        question.scan.is_text(Some(at), &["container"])
            && question.scan.is_at(question.scan.before(at), &[c::IN, c::ON])
    });
    let fresh = gone || run.interactive || run.background || question.scan.has(c::RUN) || question.scan.has(c::NEW);
    let image_said = question.scan.has(c::IMAGE) || question.scan.tokens.iter().any(is_image);
    let makes_image = question.scan.has(c::CREATE) && question.scan.has(c::IMAGE) && !question.names.is_empty();
    // `start web` wakes a container there is; `run ls in container web` needs it to be awake.
    if inside && !question.scan.has(c::NEW) && !gone || !fresh && !image_said || makes_image {
        return None;
    }
    values(question, &mut run, shell);
    let background = run.background;
    let mut program = program(question, &mut run);
    // Nothing else is done with a throwaway container than looking around in it.
    if gone && program.is_none() && !background && !run.has("-p ") && !run.has("-e ") && !run.interactive {
        run.interactive = true;
        program = Some("sh".to_owned());
    }
    let image = image(question, gone || run.interactive)?;
    while question.scan.take_any(&[c::RUN, c::START, c::CREATE, c::NEW, c::USE, c::IMAGE, c::CONTAINER]).is_some() {}
    while question
        .scan
        .take_text(&["mounted", "mapped", "published", "exposed", "mount", "map", "publish", "expose"])
        .is_some()
    {}
    let mut command = String::from("docker run");
    if background || run.has("-p ") && !run.interactive && program.is_none() && !run.gone {
        command.push_str(" -d");
    }
    if run.gone {
        command.push_str(" --rm");
    }
    if run.interactive {
        command.push_str(" -it");
    }
    for flag in &run.flags {
        command.push(' ');
        command.push_str(flag);
    }
    command.push(' ');
    command.push_str(&quote(shell, &image));
    if let Some(program) = &program {
        command.push(' ');
        command.push_str(program);
    }
    let intent = match (run.interactive, run.has("-v "), run.has("-p "), run.has("-e "), background) {
        (_, true, ..) => "docker.run-mount",
        (true, ..) => "docker.run-shell",
        (_, _, true, ..) => "docker.run-port",
        (_, _, _, true, _) => "docker.run-env",
        (.., true) => "docker.run-detached",
        _ => "docker.run",
    };
    Some(Act { intent, command, does: format!("Starts a container of {image}") })
}

impl Run {
    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known.starts_with(flag))
    }
}

// What is told by single words.
fn words(question: &mut Question<'_>, run: &mut Run) {
    let scan = &mut question.scan;
    let removed = (scan.has(c::DELETE)
        && scan.has_text(&["after", "afterwards", "exit", "exits", "done", "ends", "stops"]))
        || scan.take_text(&["--rm"]).is_some();
    if removed {
        run.gone = true;
        scan.take_any(&[c::DELETE]);
        scan.take_any(&[c::AFTER, c::END, c::STOP]);
        while scan.take_text(&["afterwards", "exit", "exits", "done", "ends", "itself", "stops"]).is_some() {}
    }
    while scan.take_text(&["background", "detached", "daemon", "-d", "detach"]).is_some() {
        run.background = true;
    }
    while scan.take_text(&["interactive", "interactively", "-it"]).is_some() {
        run.interactive = true;
    }
}

fn values(question: &mut Question<'_>, run: &mut Run, shell: Shell) {
    if let Some(name) = named(question) {
        run.flags.push(format!("--name {}", quote(shell, &name)));
    }
    ports(question, run);
    variables(question, run, shell);
    mounts(question, run, shell);
    if let Some(network) = question.take_named(&["network"]) {
        run.flags.push(format!("--network {}", quote(shell, &network)));
    }
    let scan = &mut question.scan;
    if scan.has(c::RESTART) {
        let policy = if scan.take_text(&["always"]).is_some() {
            Some("always")
        } else if scan.take_text(&["unless", "unless-stopped"]).is_some() {
            scan.take_any(&[c::STOP]);
            Some("unless-stopped")
        } else if scan.take_text(&["failure", "on-failure"]).is_some() {
            Some("on-failure")
        } else {
            None
        };
        if let Some(policy) = policy {
            scan.take_any(&[c::RESTART]);
            scan.take_text(&["policy"]);
            run.flags.push(format!("--restart {policy}"));
        }
    }
    if scan.has(c::MEMORY)
        && let Some(at) = (0..scan.tokens.len()).find(|at| matches!(scan.tokens[*at].shape, Shape::Size(_)))
    {
        let Shape::Size(bytes) = scan.tokens[at].shape else { return };
        scan.take(at);
        scan.take_any(&[c::MEMORY]);
        while scan.take_text(&["limit", "limited", "max", "maximum"]).is_some() {}
        scan.take_any(&[c::SMALLER, c::ONLY]);
        let megabytes = bytes >> 20;
        let amount =
            if megabytes.is_multiple_of(1024) { format!("{}g", megabytes >> 10) } else { format!("{megabytes}m") };
        run.flags.push(format!("--memory {amount}"));
    }
}

fn named(question: &mut Question<'_>) -> Option<String> {
    let call = (0..question.scan.tokens.len()).find(|at| question.scan.is_text(Some(*at), &["call"]));
    let at = question.scan.position(c::NAMED).or(call)?;
    let value = question.scan.after(at).filter(|value| noun::is_odd_name(&question.scan, Some(*value), &[]));
    if let Some(value) = value {
        question.scan.take(at);
        question.scan.take(value);
        return Some(question.scan.tokens[value].raw.clone());
    }
    // `a container named web`: already read with its noun.
    (!question.names.is_empty()).then(|| question.names.remove(0))
}

fn ports(question: &mut Question<'_>, run: &mut Run) {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let scan = &mut question.scan;
    for at in 0..scan.tokens.len() {
        if let Some((left, right)) = scan.tokens[at].raw.split_once(':')
            && scan.is_free(at)
            && number(left)
            && number(right)
        {
            run.flags.push(format!("-p {left}:{right}"));
            scan.take(at);
        }
    }
    if !run.has("-p ") && scan.has(c::PORT) {
        let numbers: Vec<usize> = (0..scan.tokens.len())
            .filter(|at| scan.is_free(*at) && matches!(scan.tokens[*at].shape, Shape::Number(1..=65_535)))
            .collect();
        match numbers[..] {
            [only] => {
                let port = scan.tokens[only].raw.clone();
                run.flags.push(format!("-p {port}:{port}"));
                scan.take(only);
                scan.doubt += 0.05;
            }
            [first, second] => {
                // `port 80 of the container on 8080 of the host`: the host's comes first in the flag.
                let host = |at: usize| {
                    scan.is_text(scan.before(at), &["host", "local"])
                        || scan.is_text(scan.after(at), &["host", "local"])
                };
                let swapped = host(second) && !host(first);
                let (outside, inside) = if swapped { (second, first) } else { (first, second) };
                run.flags.push(format!("-p {}:{}", scan.tokens[outside].raw, scan.tokens[inside].raw));
                scan.take(first);
                scan.take(second);
            }
            _ => {}
        }
    }
    if run.has("-p ") {
        while scan.take_any(&[c::PORT, c::HOST, c::LOCAL, c::COMPUTER, c::OPEN]).is_some() {}
        while scan
            .take_text(&[
                "mapped",
                "map",
                "published",
                "publish",
                "expose",
                "exposed",
                "forwarded",
                "forward",
                "mapping",
                "localhost",
                "bind",
            ])
            .is_some()
        {}
    }
}

fn variables(question: &mut Question<'_>, run: &mut Run, shell: Shell) {
    let scan = &mut question.scan;
    for at in 0..scan.tokens.len() {
        let raw = scan.tokens[at].raw.clone();
        if !scan.is_free(at) || raw.starts_with('-') || scan.tokens[at].shape == Shape::Url {
            continue;
        }
        let Some((key, value)) = raw.split_once('=') else { continue };
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        scan.take(at);
        let value = if value.is_empty() { String::new() } else { quote(shell, value).into_owned() };
        run.flags.push(format!("-e {key}={value}"));
    }
    if run.has("-e ") {
        while scan.take_any(&[c::ENVIRONMENT, c::VARIABLE]).is_some() {}
        while scan.take_text(&["set", "vars"]).is_some() {}
    }
}

// `./data mounted at /data`, `./data:/data`, `volume db at /var/lib`.
fn mounts(question: &mut Question<'_>, run: &mut Run, shell: Shell) {
    let scan = &mut question.scan;
    for at in 0..scan.tokens.len() {
        let raw = scan.tokens[at].raw.clone();
        if scan.is_free(at)
            && let Some((left, right)) = raw.split_once(":/")
            && !left.is_empty()
            && !left.ends_with("http")
            && !left.ends_with("https")
        {
            scan.take(at);
            run.flags.push(format!("-v {}:{}", source(left, shell), quote(shell, &format!("/{right}"))));
        }
    }
    let said = scan.has(c::MOUNT) || scan.has_text(&["mounted", "mount", "bind"]) || scan.has(c::VOLUME);
    if run.has("-v ") || !said {
        if run.has("-v ") {
            while scan.take_any(&[c::MOUNT, c::VOLUME, c::FOLDER]).is_some() {}
        }
        return;
    }
    let inside = (0..scan.tokens.len())
        .rev()
        .find(|at| scan.is_free(*at) && scan.tokens[*at].raw.starts_with('/') && scan.tokens[*at].raw.len() > 1);
    let Some(inside) = inside else { return };
    let outside = (0..scan.tokens.len())
        .find(|at| *at != inside && scan.is_free(*at) && matches!(scan.tokens[*at].shape, Shape::Path | Shape::Place));
    let outside = outside.or_else(|| {
        let noun =
            (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.is_at(Some(*at), &[c::VOLUME, c::FOLDER]))?;
        noun::beside(scan, noun, false, NEVER)
    });
    let Some(outside) = outside else { return };
    let left = source(&scan.tokens[outside].raw, shell);
    let right = quote(shell, &scan.tokens[inside].raw).into_owned();
    scan.take(outside);
    scan.take(inside);
    while scan.take_any(&[c::MOUNT, c::VOLUME, c::FOLDER]).is_some() {}
    while scan.take_text(&["mounted", "mount", "bind", "bound"]).is_some() {}
    let read_only = scan.take_text(&["read-only", "readonly"]).is_some();
    run.flags.push(format!("-v {left}:{right}{}", if read_only { ":ro" } else { "" }));
}

// Docker wants whole paths; a bare word is the name of a volume.
fn source(raw: &str, shell: Shell) -> String {
    let here = if shell == Shell::PowerShell { "${PWD}" } else { "$PWD" };
    match raw {
        "." | "./" => format!("\"{here}\""),
        _ if raw.starts_with("./") => {
            let below = &raw[1..];
            let plain = below.chars().all(|c| c.is_alphanumeric() || "/-_.".contains(c));
            if plain { format!("\"{here}{below}\"") } else { quote_path(shell, raw).into_owned() }
        }
        _ if raw.contains('/') && !raw.starts_with(['/', '~', '.']) => {
            let plain = raw.chars().all(|c| c.is_alphanumeric() || "/-_.".contains(c));
            if plain { format!("\"{here}/{raw}\"") } else { quote_path(shell, raw).into_owned() }
        }
        _ => quote_path(shell, raw).into_owned(),
    }
}

fn program(question: &mut Question<'_>, run: &mut Run) -> Option<String> {
    let scan = &mut question.scan;
    let bash = scan.has_text(&["bash"]);
    if scan.take_text(&["shell", "bash", "sh", "terminal"]).is_some() {
        while scan.take_text(&["shell", "bash", "sh", "terminal", "open"]).is_some() {}
        scan.take_any(&[c::OPEN]);
        run.interactive = true;
        // A shell is asked for to look around, not to keep.
        return Some(if bash { "bash" } else { "sh" }.to_owned());
    }
    let quoted = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.tokens[*at].shape == Shape::Quoted)?;
    let plain = scan.tokens[quoted].raw.chars().all(|c| c.is_alphanumeric() || " -_./=:,@%+".contains(c));
    if !plain {
        return None;
    }
    scan.take(quoted);
    scan.take_any(&[c::COMMAND]);
    Some(scan.tokens[quoted].raw.clone())
}

fn image(question: &mut Question<'_>, shell_said: bool) -> Option<String> {
    let scan = &question.scan;
    let tagged = (0..scan.tokens.len()).any(|at| scan.is_free(at) && is_image(&scan.tokens[at]));
    let noun = scan.has(c::IMAGE);
    if !tagged && !noun && !question.names.is_empty() {
        // `run an nginx container` has its image where a name would be; `start container web` starts what is there.
        let runs = question.scan.has(c::RUN) || question.scan.has(c::CREATE) || question.scan.has(c::NEW) || shell_said;
        if !runs {
            return None;
        }
        return question.names.pop();
    }
    let told = question.told;
    let image = question.take_image()?;
    if tagged && question.names.is_empty() {
        question.told = true;
    }
    question.told |= told || shell_said && !noun;
    Some(image)
}
