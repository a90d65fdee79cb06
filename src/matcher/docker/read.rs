//! The nouns of a question about containers.

use super::noun;
use super::scan::Scan;
use super::value::Value;
use crate::matcher::stretch;
use crate::normalize::{Class, Shape, Token, Unit, concept as c};

/// A question, its nouns taken.
#[derive(Clone)]
pub(super) struct Question<'t> {
    pub(super) scan: Scan<'t>,
    /// Names of containers.
    pub(super) names: Vec<String>,
    /// The question speaks of containers.
    pub(super) container: bool,
    pub(super) compose: bool,
    /// Something says that docker is meant.
    pub(super) told: bool,
}

/// Words that are no names of containers, images or services.
pub(super) const NEVER: &[&str] = &[
    "pause",
    "unpause",
    "resume",
    "freeze",
    "scale",
    "replicas",
    "instances",
    "lines",
    "log",
    "logs",
    "all",
    "in",
    "with",
    "running",
    "run",
    "stopped",
    "exited",
    "paused",
    "dead",
    "detail",
    "details",
    "new",
    "last",
    "previous",
    "first",
    "image",
    "images",
    "container",
    "containers",
    "port",
    "ports",
    "to",
    "from",
    "for",
    "not",
    "name",
    "names",
    "ip",
    "ips",
    "env",
    "environment",
    "memory",
    "cpu",
    "restart",
    "every",
    "each",
    "current",
    "named",
    "called",
    "count",
    "list",
    "only",
    "shell",
    "bash",
    "sh",
    "follow",
    "live",
    "again",
    "docker",
    "compose",
    "service",
    "services",
    "network",
    "networks",
    "volume",
    "volumes",
    "stats",
    "usage",
    "status",
    "state",
    "health",
    "start",
    "stop",
    "kill",
    "remove",
    "delete",
    "rename",
    "inspect",
    "exec",
    "attach",
    "command",
    "mounts",
    "mount",
    "mounted",
    "background",
    "detached",
    "interactive",
    "interactively",
    "throwaway",
    "temporary",
    "disposable",
    "registry",
    "hub",
    "tag",
    "tagged",
    "pull",
    "push",
    "build",
    "rebuild",
    "prune",
    "unused",
    "dangling",
    "old",
    "force",
    "down",
    "up",
    "unhealthy",
    "healthy",
    "created",
    "process",
    "processes",
    "variables",
    "vars",
    "variable",
    "crashed",
];

pub(super) fn read(tokens: &[Token]) -> Question<'_> {
    let scan = Scan::new(tokens);
    let compose = scan.has_text(&["compose", "docker-compose"]);
    let told = compose || scan.has_text(&["docker", "container", "containers", "dockerfile", "dockerhub", "podman"]);
    let told = told && !scan.has_text(&["pod", "pods", "deployment", "kubectl", "k8s", "kubernetes", "namespace"]);
    let mut question = Question { scan, names: Vec::new(), container: false, compose, told };
    while question.scan.take_text(&["docker", "docker-compose"]).is_some() {}
    question.containers();
    question
}

impl Question<'_> {
    fn containers(&mut self) {
        let Some(at) =
            (0..self.scan.tokens.len()).find(|at| self.scan.is_text(Some(*at), &["container", "containers"]))
        else {
            return;
        };
        self.container = true;
        let many = self.scan.is_text(Some(at), &["containers"]);
        self.scan.take(at);
        let Some(value) = noun::beside(&self.scan, at, many, NEVER) else { return };
        self.scan.take(value);
        self.names.push(self.scan.tokens[value].raw.clone());
        if value > at {
            for other in noun::others(&self.scan, value, NEVER) {
                self.scan.take(other);
                self.names.push(self.scan.tokens[other].raw.clone());
            }
        }
    }

    /// Any free word that can be a name, marked.
    pub(super) fn take_name(&mut self) -> Option<String> {
        let at = (0..self.scan.tokens.len()).find(|at| noun::is_name(&self.scan, Some(*at), NEVER))?;
        self.scan.take(at);
        Some(self.scan.tokens[at].raw.clone())
    }

    /// The name beside one of these nouns, both marked.
    pub(super) fn take_named(&mut self, nouns: &[&str]) -> Option<String> {
        for at in 0..self.scan.tokens.len() {
            if !self.scan.is_free(at) || !self.scan.is_text(Some(at), nouns) {
                continue;
            }
            if let Some(value) = noun::beside(&self.scan, at, false, NEVER) {
                self.scan.take(at);
                self.scan.take(value);
                return Some(self.scan.tokens[value].raw.clone());
            }
        }
        None
    }

    /// The last word, when nothing else is a name, marked.
    pub(super) fn take_last(&mut self) -> Option<String> {
        let at = noun::last(&self.scan, NEVER)?;
        self.scan.take(at);
        self.scan.doubt += 0.05;
        Some(self.scan.tokens[at].raw.clone())
    }

    /// An image: `nginx:1.25`, `registry.example/x`, `image x`, or a word with its tag behind it, marked.
    pub(super) fn take_image(&mut self) -> Option<String> {
        let tagged = (0..self.scan.tokens.len()).find(|at| self.scan.is_free(*at) && is_image(&self.scan.tokens[*at]));
        let at = tagged.or_else(|| {
            let noun = (0..self.scan.tokens.len())
                .find(|at| self.scan.is_free(*at) && self.scan.is_text(Some(*at), &["image"]))?;
            noun::beside(&self.scan, noun, false, NEVER)
        });
        // `redis 7-alpine`: a word with a version behind it, whatever else it means.
        let versioned = |at: &usize| {
            let version = self.scan.tokens.get(at + 1).is_some_and(|next| {
                next.raw.starts_with(|c: char| c.is_ascii_digit()) && next.raw.contains(['-', '.'])
            });
            version && noun::is_odd_name(&self.scan, Some(*at), NEVER)
        };
        let at = at
            .or_else(|| (0..self.scan.tokens.len()).find(versioned))
            .or_else(|| (0..self.scan.tokens.len()).find(|at| noun::is_name(&self.scan, Some(*at), NEVER)))?;
        let mut image = self.scan.tokens[at].raw.clone();
        self.scan.take(at);
        self.scan.take_text(&["image"]);
        // `postgres 15-alpine`, `redis version 7`, `node tag 20`.
        if !image.contains(':') {
            let mut next = at + 1;
            let told = self.scan.is_text(Some(next).filter(|next| *next < self.scan.tokens.len()), &["version", "tag"]);
            if told {
                next += 1;
            }
            if let Some(token) = self.scan.tokens.get(next).filter(|_| self.scan.is_free(next)) {
                let number = token.raw.starts_with(|c: char| c.is_ascii_digit())
                    && token.raw.chars().all(|c| c.is_alphanumeric() || "-._".contains(c))
                    && !matches!(token.shape, Shape::Ip | Shape::Size(_) | Shape::Age(..));
                let word = matches!(token.raw.as_str(), "latest" | "alpine" | "slim") && !is_image(token);
                if number && !token.raw.contains(':') || word {
                    image = format!("{image}:{}", token.raw);
                    self.scan.take(next);
                    if told {
                        self.scan.take(next - 1);
                    }
                }
            }
        }
        Some(image)
    }

    /// The first word that can be an image, marked.
    pub(super) fn take_first_image(&mut self) -> Option<String> {
        let at = (0..self.scan.tokens.len()).find(|at| {
            let behind = *at > 0 && self.scan.is_text(Some(*at - 1), &["image"]);
            self.scan.is_free(*at) && is_image(&self.scan.tokens[*at])
                || noun::is_name(&self.scan, Some(*at), NEVER)
                || behind && noun::is_odd_name(&self.scan, Some(*at), NEVER)
        })?;
        self.scan.take(at);
        Some(self.scan.tokens[at].raw.clone())
    }

    /// A free number, marked.
    pub(super) fn take_number(&mut self) -> Option<u64> {
        let at = (0..self.scan.tokens.len())
            .find(|at| self.scan.is_free(*at) && matches!(self.scan.tokens[*at].shape, Shape::Number(_)))?;
        let Shape::Number(number) = self.scan.tokens[at].shape else { return None };
        self.scan.take(at);
        Some(number)
    }

    /// `the last 10 minutes`, as docker writes a duration, marked.
    pub(super) fn take_age(&mut self) -> Option<String> {
        for at in 0..self.scan.tokens.len() {
            let Some(found) = stretch::age(self.scan.tokens, at).filter(|_| self.scan.is_free(at)) else { continue };
            let Value::Age(count, unit) = found.value else { continue };
            (at..at + found.length).for_each(|word| self.scan.take(word));
            self.scan.take_any(&[c::AFTER, c::NEWER]);
            self.scan.take_any(&[c::AGO]);
            let last = self.scan.position(c::LAST).filter(|last| *last < at);
            if let Some(last) = last {
                self.scan.take(last);
            }
            return Some(match unit {
                Unit::Second => format!("{count}s"),
                Unit::Minute => format!("{count}m"),
                _ => format!("{}h", u64::from(count) * unit.seconds() / 3_600),
            });
        }
        None
    }

    /// `the last 50 lines`, marked.
    pub(super) fn take_tail(&mut self) -> Option<u64> {
        if !self.scan.has(c::LINE) && !self.scan.has_text(&["tail", "--tail", "entries"]) {
            return None;
        }
        let count = self.take_number()?;
        while self.scan.take_any(&[c::LINE, c::LAST, c::NEWEST, c::END, c::FIRST]).is_some() {}
        self.scan.take_text(&["tail"]);
        Some(count)
    }

    /// Words that say no more than the rest.
    pub(super) fn rest(&mut self) {
        while self.scan.take_any(&[c::SHOW, c::FIND, c::EXIST, c::NOW, c::CURRENT]).is_some() {}
        if self.scan.take_any(&[c::CONTAINER]).is_some() {
            self.scan.take_any(&[c::CONTAINER]);
        }
    }
}

/// True for what can only be an image with its tag, or one in a registry.
pub(super) fn is_image(token: &Token) -> bool {
    let raw = token.raw.as_str();
    let Some((name, tag)) = raw.rsplit_once(':') else {
        // `ghcr.io/a/b`, `bitnami/redis`.
        let parts: Vec<&str> = raw.split('/').collect();
        return token.shape == Shape::Path
            && parts.len() >= 2
            && parts[0].contains('.')
            && !raw.starts_with(['.', '/', '~'])
            && parts.iter().all(|part| !part.is_empty());
    };
    token.class != Class::Stop
        && !name.is_empty()
        && !tag.is_empty()
        && !raw.contains("://")
        && !name.starts_with(['/', '.', '~', '-'])
        && !tag.starts_with('/')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !raw.contains('=')
}
