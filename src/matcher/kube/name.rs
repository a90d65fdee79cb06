//! Names of objects: what can be one, and what only says how something is.

use super::kind;
use super::read::Question;
use crate::normalize::{Class, Shape, concept as c};

// Words that say in which state something is, or how it is shown.
const NOT_NAMES: [&str; 38] = [
    "rules",
    "rule",
    "resource",
    "resources",
    "objects",
    "everything",
    "labelled",
    "labeled",
    "label",
    "labels",
    "warning",
    "warnings",
    "crashed",
    "crashing",
    "paused",
    "cluster",
    "wide",
    "logged",
    "down",
    "up",
    "again",
    "live",
    "continuously",
    "default",
    "schedulable",
    "unschedulable",
    "failed",
    "failing",
    "pending",
    "stuck",
    "evicted",
    "ready",
    "restarts",
    "replicas",
    "decoded",
    "container",
    "containers",
    "sorted",
];

impl Question<'_> {
    /// True when the token can be somebody's name for something.
    pub(super) fn is_name(&self, at: Option<usize>) -> bool {
        let Some(at) = at.filter(|at| self.scan.is_free(*at)) else { return false };
        let token = &self.scan.tokens[at];
        let shaped = matches!(token.shape, Shape::Word | Shape::FileName | Shape::Quoted | Shape::Host | Shape::Ip);
        let manifest = [".yaml", ".yml", ".json"].iter().any(|ending| token.raw.ends_with(ending));
        let valid = !manifest && token.raw.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
        shaped
            && valid
            && !token.raw.starts_with('-')
            && kind::at(&self.scan, at).is_none()
            && !NOT_NAMES.contains(&token.text.as_str())
            && !super::act::is_verb(&self.scan, at)
            && (token.class == Class::Unknown || token.corrected)
    }

    // A word with another meaning is a name right beside its noun: `container app`, `namespace web`.
    pub(super) fn is_odd_name(&self, at: Option<usize>) -> bool {
        const NEVER: [&str; 62] = [
            "log",
            "logs",
            "all",
            "in",
            "with",
            "yaml",
            "json",
            "running",
            "failed",
            "pending",
            "status",
            "detail",
            "details",
            "new",
            "last",
            "previous",
            "first",
            "node",
            "label",
            "labels",
            "image",
            "images",
            "container",
            "event",
            "events",
            "sorted",
            "sort",
            "by",
            "wide",
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
            "usage",
            "memory",
            "cpu",
            "age",
            "version",
            "restart",
            "every",
            "each",
            "current",
            "named",
            "called",
            "count",
            "list",
            "there",
            "only",
            "shell",
            "bash",
            "following",
            "follow",
            "live",
            "continuously",
            "again",
            "scale",
        ];
        let Some(at) = at.filter(|at| self.scan.is_free(*at)) else { return false };
        let token = &self.scan.tokens[at];
        self.is_name(Some(at))
            || token.shape == Shape::Word
                && matches!(token.class, Class::Content | Class::Light | Class::Common)
                && !token.text.contains(' ')
                && !NEVER.contains(&token.text.as_str())
                && !NOT_NAMES.contains(&token.text.as_str())
                && kind::at(&self.scan, at).is_none()
                && !super::act::is_verb(&self.scan, at)
    }

    // `pod web-0 container app`: the name stands behind its own noun.
    pub(super) fn is_taken_name(&self, at: usize) -> bool {
        self.scan.before(at).is_some_and(|noun| {
            (noun.saturating_sub(2)..=noun).any(|start| {
                kind::at(&self.scan, start)
                    .is_some_and(|said| said.kind != kind::NAMESPACE && start + said.length == noun + 1)
            })
        })
    }

    /// A free token that can be a name, marked.
    pub(super) fn take_name(&mut self) -> Option<String> {
        let at = (0..self.scan.tokens.len()).find(|at| self.is_name(Some(*at)))?;
        self.scan.take(at);
        Some(self.scan.tokens[at].raw.clone())
    }

    /// Any free word that can be a name, the last first, marked.
    pub(super) fn take_odd_name(&mut self) -> Option<String> {
        let at = (1..self.scan.tokens.len()).rev().find(|at| self.is_odd_name(Some(*at)))?;
        self.scan.take(at);
        self.scan.doubt += 0.05;
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

    /// A free path or file name, marked.
    pub(super) fn take_path(&mut self) -> Option<String> {
        let at = (0..self.scan.tokens.len()).find(|at| {
            let token = &self.scan.tokens[*at];
            let beside = [self.scan.before(*at), self.scan.after(*at)];
            let noun = beside.iter().any(|noun| self.scan.is_at(*noun, &[c::FOLDER, c::FILE]));
            self.scan.is_free(*at)
                && (matches!(token.shape, Shape::Path | Shape::FileName | Shape::Place | Shape::Url)
                    || noun && self.is_odd_name(Some(*at)) && !token.is(c::FILE) && !token.is(c::FOLDER))
        })?;
        self.scan.take(at);
        while self.scan.take_any(&[c::FILE, c::FOLDER, c::YAML]).is_some() {}
        Some(self.scan.tokens[at].raw.clone())
    }
}
