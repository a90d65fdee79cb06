//! New objects.

use super::Act;
use super::act::{Line, words};
use super::kind::{CONFIGMAP, CRONJOB, DEPLOYMENT, JOB, NAMESPACE, POD, SECRET};
use super::read::Question;
use crate::normalize::{Shape, concept as c};
use crate::shell::Shell;

pub(super) fn create(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let kind = question.kind?;
    let made = question.scan.take_any(&[c::CREATE]).is_some() | question.scan.take_any(&[c::NEW]).is_some();
    if !made && question.scan.take_text(&["add"]).is_none() {
        return None;
    }
    if question.names.is_empty() {
        let name = question.take_name()?;
        question.names.push(name);
    }
    question.scan.take_any(&[c::NAMED, c::NEW]);
    let name = question.names[0].clone();
    let dry = question.scan.has_text(&["dry-run", "without"])
        || question.scan.has(c::YAML) && question.scan.has_text(&["only", "dry", "not"]);
    let line = match kind {
        NAMESPACE => Line::new("create namespace", shell).value(&name),
        DEPLOYMENT | JOB | CRONJOB => {
            let noun = kind.one;
            let image = image(question)?;
            let mut line = Line::new("create", shell).raw(noun).value(&name).value(&format!("--image={image}"));
            if kind == CRONJOB {
                let schedule = schedule(question)?;
                line = line.value(&format!("--schedule={schedule}"));
            }
            if let Some(count) =
                question.scan.has_text(&["replicas", "replica"]).then(|| question.take_number()).flatten()
            {
                question.scan.take_text(&["replicas", "replica"]);
                line = line.raw(&format!("--replicas={count}"));
            }
            line
        }
        CONFIGMAP | SECRET => {
            let noun = if kind == SECRET { "secret generic" } else { "configmap" };
            let line = Line::new("create", shell).raw(noun).value(&name);
            question.scan.take_text(&["generic"]);
            if let Some(pair) = &question.label {
                question.told = true;
                line.value(&format!("--from-literal={pair}"))
            } else {
                let path = question.take_path()?;
                let env = question.scan.take_any(&[c::ENVIRONMENT]).is_some();
                line.value(&format!("{}={path}", if env { "--from-env-file" } else { "--from-file" }))
            }
        }
        _ => return None,
    };
    let mut line = line.space(question);
    if dry {
        while question.scan.take_text(&["dry-run", "dry", "run", "without", "only", "yaml", "creating"]).is_some() {}
        while question.scan.take_any(&[c::YAML, c::NOT, c::ONLY, c::RUN, c::SHOW, c::CREATE]).is_some() {}
        line = line.raw("--dry-run=client -o yaml");
        return Some(line.act(
            "kubernetes.dry-run",
            format!("Prints the description of the {} without making it", words(question)),
        ));
    }
    let intent = match kind {
        NAMESPACE => "kubernetes.create-namespace",
        DEPLOYMENT => "kubernetes.create-deployment",
        JOB => "kubernetes.create-job",
        CRONJOB => "kubernetes.create-cronjob",
        CONFIGMAP => "kubernetes.create-configmap",
        _ => "kubernetes.create-secret",
    };
    Some(line.act(intent, format!("Makes the {}", words(question))))
}

// A pod that is gone when its shell ends, or one that stays.
pub(super) fn run(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.kind != Some(POD) || question.many {
        return None;
    }
    let scan = &mut question.scan;
    let verb = scan.take_any(&[c::RUN, c::START, c::CREATE]).is_some() | scan.take_any(&[c::NEW]).is_some();
    if !verb || scan.has(c::COMMAND) {
        return None;
    }
    let gone = scan.take_any(&[c::TMP]).is_some()
        || scan.take_text(&["throwaway", "one-off", "debug", "disposable", "interactive"]).is_some();
    let shell_said = scan.take_text(&["shell", "sh", "bash"]).is_some();
    let image = image(question).or_else(|| (gone && shell_said).then(|| question.names.pop()).flatten())?;
    question.scan.take_any(&[c::CONTAINER]);
    let base = image.rsplit('/').next().unwrap_or(&image).split(':').next().unwrap_or(&image).to_owned();
    let name = question.names.first().cloned().unwrap_or(base);
    let mut line = Line::new("run", shell).value(&name).value(&format!("--image={image}")).space(question);
    if gone || shell_said {
        line = line.raw("--rm -it -- sh");
    }
    Some(line.act("kubernetes.run", format!("Starts the pod {name} from {image}")))
}

fn image(question: &mut Question<'_>) -> Option<String> {
    let scan = &mut question.scan;
    let at =
        (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.tokens[*at].raw.contains(':')).or_else(|| {
            let noun = scan.position(c::IMAGE)?;
            scan.after(noun).filter(|at| scan.is_free(*at))
        })?;
    scan.take(at);
    scan.take_any(&[c::IMAGE]);
    scan.take_any(&[c::RUN, c::USE]);
    Some(scan.tokens[at].raw.clone())
}

fn schedule(question: &mut Question<'_>) -> Option<String> {
    let scan = &mut question.scan;
    let at = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.tokens[*at].shape == Shape::Quoted)?;
    scan.take(at);
    scan.take_text(&["schedule", "scheduled"]);
    Some(scan.tokens[at].raw.clone())
}
