//! Images: fetched, sent, named.

use super::read::{Question, is_image};
use super::{Act, first};
use crate::normalize::concept as c;
use crate::shell::{Shell, quote};

pub(super) fn act(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    if question.compose || question.container {
        return None;
    }
    first(question, shell, &[tag, pull, push])
}

// `tag a:1 as b:2 [and push it]`.
fn tag(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let said = question.scan.take_text(&["tag", "retag", "alias"]);
    let pushes = question.scan.take_text(&["push", "upload", "publish"]).is_some();
    said?;
    let images: Vec<usize> = (0..question.scan.tokens.len())
        .filter(|at| question.scan.is_free(*at) && is_image(&question.scan.tokens[*at]))
        .collect();
    let told = question.told || !images.is_empty();
    let source = question.take_first_image()?;
    let target = question.take_first_image()?;
    question.told = told && (source.contains([':', '/']) || target.contains([':', '/']) || question.told);
    question.scan.take_any(&[c::IMAGE]);
    let (from, to) = (quote(shell, &source), quote(shell, &target));
    if pushes {
        question.scan.take_text(&["registry"]);
        return Some(Act {
            intent: "docker.tag-push",
            command: format!("docker tag {from} {to} && docker push {to}"),
            does: format!("Gives the image {source} the name {target} too, and uploads it"),
        });
    }
    Some(Act {
        intent: "docker.tag",
        command: format!("docker tag {from} {to}"),
        does: format!("Gives the image {source} the name {target} too"),
    })
}

fn pull(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    let pulls = scan.take_text(&["pull"]).is_some();
    if !pulls && (scan.take_any(&[c::DOWNLOAD]).is_none() && scan.take_text(&["fetch", "get"]).is_none()) {
        return None;
    }
    if scan.has_text(&["git", "branch", "remote", "origin", "rebase", "request", "commits"]) {
        return None;
    }
    let named = scan.has(c::IMAGE) || question.told || scan.has_text(&["registry", "hub"]);
    let image = question.take_image()?;
    // `pull postgres 15` is no branch: it has a tag.
    question.told |= pulls && image.contains(':') || named && (pulls || image.contains(':'));
    while question.scan.take_text(&["registry", "hub", "image"]).is_some() {}
    question.scan.take_any(&[c::NEWEST]);
    Some(Act {
        intent: "docker.pull",
        command: format!("docker pull {}", quote(shell, &image)),
        does: format!("Downloads the image {image}"),
    })
}

fn push(question: &mut Question<'_>, shell: Shell) -> Option<Act> {
    let scan = &mut question.scan;
    scan.take_text(&["push", "upload", "publish"])?;
    if scan.has_text(&["git", "branch", "remote", "origin", "tags", "commits", "commit"]) {
        return None;
    }
    let named = scan.has(c::IMAGE) || question.told || scan.has_text(&["registry", "hub"]);
    let image = question.take_image()?;
    question.told |= image.contains(':') || named && image.contains('/');
    while question.scan.take_text(&["registry", "hub", "image"]).is_some() {}
    Some(Act {
        intent: "docker.push",
        command: format!("docker push {}", quote(shell, &image)),
        does: format!("Uploads the image {image}"),
    })
}
