//! Questions about containers that compose freely: which containers in which state, what to do with them, how to run an image.
//!
//! Like the questions about a cluster: nouns first, then the verb that writes the command; what is left over counts against
//! the answer. An image may be a picture and a service a daemon, so something has to say that docker is meant.

mod compose;
mod container;
mod image;
mod list;
mod read;
mod run;

use super::{Candidate, noun, scan, value};
use crate::normalize::Token;
use crate::shell::Shell;
use read::Question;

/// What a verb made of a question.
struct Act {
    intent: &'static str,
    command: String,
    does: String,
}

type Verb = fn(&mut Question<'_>, Shell) -> Option<Act>;

/// The intents composed here; some have phrasings of their own besides.
pub(super) const INTENTS: [&str; 42] = [
    "docker.run",
    "docker.run-detached",
    "docker.run-port",
    "docker.run-shell",
    "docker.run-mount",
    "docker.run-env",
    "docker.start",
    "docker.stop",
    "docker.restart",
    "docker.kill",
    "docker.pause",
    "docker.unpause",
    "docker.rm",
    "docker.rm-force",
    "docker.rm-all",
    "docker.logs",
    "docker.logs-follow",
    "docker.logs-tail",
    "docker.logs-since",
    "docker.exec",
    "docker.exec-shell",
    "docker.env",
    "docker.mounts",
    "docker.state",
    "docker.health",
    "docker.exit-code",
    "docker.container-image",
    "docker.stats-container",
    "docker.container-diff",
    "docker.attach",
    "docker.ps",
    "docker.ps-all",
    "docker.ps-filter",
    "docker.ps-names",
    "docker.pull",
    "docker.push",
    "docker.tag",
    "docker.tag-push",
    "compose.up-service",
    "compose.logs-tail",
    "compose.scale",
    "compose.stop",
];

/// The answer to a question about containers; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let question = read::read(tokens);
    let verbs: [Verb; 6] = [compose::act, run::act, image::act, container::act, list::act, container::named];
    let mut best: Option<(f32, Question<'_>, Act)> = None;
    for verb in verbs {
        let mut trial = question.clone();
        let Some(act) = verb(&mut trial, shell).filter(|_| trial.told) else { continue };
        trial.rest();
        let rank = trial.scan.explained - 1.5 * trial.scan.unexplained();
        if best.as_ref().is_none_or(|(most, ..)| rank > *most) {
            best = Some((rank, trial, act));
        }
    }
    let (_, question, act) = best?;
    Some(Candidate {
        blanks: Vec::new(),
        intent: act.intent,
        command: act.command,
        explanation: act.does,
        explained: question.scan.explained,
        unexplained: question.scan.unexplained(),
        doubt: question.scan.doubt + 0.02,
    })
}

/// The first that makes a command; what the others took is given back.
fn first(question: &mut Question<'_>, shell: Shell, verbs: &[Verb]) -> Option<Act> {
    for verb in verbs {
        let mut trial = question.clone();
        if let Some(act) = verb(&mut trial, shell) {
            *question = trial;
            return Some(act);
        }
    }
    None
}
