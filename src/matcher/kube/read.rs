//! The nouns of a question: which objects, in which namespace, with which labels.

use super::kind::{self, Kind};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Space {
    Default,
    Named(String),
    All,
}

/// A question, its nouns taken.
#[derive(Clone)]
pub(super) struct Question<'t> {
    pub(super) scan: Scan<'t>,
    pub(super) kind: Option<Kind>,
    pub(super) many: bool,
    pub(super) names: Vec<String>,
    pub(super) space: Space,
    pub(super) label: Option<String>,
    pub(super) container: Option<String>,
    /// Something says that a cluster is meant.
    pub(super) told: bool,
}

const TELLING: [&str; 14] = [
    "kubectl",
    "k8s",
    "kubernetes",
    "cluster",
    "kube",
    "rollout",
    "cordon",
    "uncordon",
    "manifest",
    "manifests",
    "kustomize",
    "kustomization",
    "replicas",
    "kubeconfig",
];

pub(super) fn read(tokens: &[Token]) -> Question<'_> {
    let scan = Scan::new(tokens);
    let told = scan.has_text(&TELLING);
    let mut question = Question {
        scan,
        kind: None,
        many: false,
        names: Vec::new(),
        space: Space::Default,
        label: None,
        container: None,
        told,
    };
    for at in 0..tokens.len() {
        let folder = question.scan.is_at(question.scan.after(at), &[c::FOLDER]);
        if question.scan.is_text(Some(at), &["kubectl", "k8s", "kubernetes", "kube"]) && !folder {
            question.scan.take(at);
        }
    }
    question.label();
    question.space();
    question.container();
    question.thing();
    question.place();
    question
}

impl Question<'_> {
    fn label(&mut self) {
        let found = (0..self.scan.tokens.len()).find(|at| {
            let raw = &self.scan.tokens[*at].raw;
            raw.contains('=') && !raw.starts_with(['-', '=']) && self.scan.tokens[*at].shape != Shape::Url
        });
        if let Some(at) = found {
            self.scan.take(at);
            self.label = Some(self.scan.tokens[at].raw.clone());
        }
    }

    fn space(&mut self) {
        if let Some(at) = self.scan.tokens.iter().position(|token| token.raw == "-A" || token.raw == "--all-namespaces")
        {
            self.scan.take(at);
            self.space = Space::All;
            self.told = true;
            return;
        }
        for at in 0..self.scan.tokens.len() {
            if !self.scan.is_text(Some(at), &["namespace", "namespaces", "ns", "-n", "--namespace"]) {
                continue;
            }
            let mut before = at.checked_sub(1);
            // `make x the default namespace`.
            if self.scan.is_text(before, &["default"]) {
                before = before.and_then(|default| self.scan.before(default));
            }
            if self.scan.is_text(before, &["all", "every", "any", "each"]) {
                // `list all namespaces` asks for the namespaces.
                let cued = self
                    .scan
                    .is_at(before.and_then(|all| self.scan.before(all)), &[c::IN, c::OF, c::FROM, c::ON, c::FOR]);
                let other = (0..self.scan.tokens.len())
                    .any(|other| kind::at(&self.scan, other).is_some_and(|said| said.kind != kind::NAMESPACE))
                    || self.scan.has(c::LOG);
                if cued || other {
                    self.scan.take(at);
                    self.scan.take(at - 1);
                    self.space = Space::All;
                    self.told = true;
                }
                return;
            }
            let creates = (self.scan.has(c::CREATE) || self.scan.has(c::DELETE) || self.scan.has(c::NEW))
                && !self.scan.has_text(&["default"]);
            let alone = !(0..self.scan.tokens.len())
                .any(|other| kind::at(&self.scan, other).is_some_and(|said| said.kind != kind::NAMESPACE));
            if self.scan.is_text(Some(at), &["namespaces"]) || creates && alone {
                continue;
            }
            let mut after = Some(at + 1).filter(|next| *next < self.scan.tokens.len());
            while self.scan.is_at(after, &[c::NAMED, c::NAME, c::TO]) {
                after = after.and_then(|next| self.scan.after(next));
            }
            let before =
                before.filter(|before| !self.is_taken_name(*before) && !self.scan.tokens[at].raw.starts_with('-'));
            let value = if self.is_name(after) {
                after
            } else if self.is_name(before) || self.is_odd_name(before) && !self.is_odd_name(after) {
                before
            } else {
                after.filter(|after| self.is_odd_name(Some(*after)))
            };
            let Some(value) = value else { continue };
            self.scan.take(at);
            self.scan.take(value);
            self.space = Space::Named(self.scan.tokens[value].raw.clone());
            self.told = true;
            return;
        }
    }

    fn container(&mut self) {
        for at in 0..self.scan.tokens.len() {
            if !self.scan.is_text(Some(at), &["container", "-c", "sidecar"]) {
                continue;
            }
            let after = Some(at + 1).filter(|next| *next < self.scan.tokens.len());
            let before = at.checked_sub(1).filter(|before| !self.is_taken_name(*before));
            let value = if self.is_name(after) {
                after
            } else if self.is_name(before) {
                before
            } else if self.is_odd_name(after) {
                after
            } else {
                before.filter(|before| self.is_odd_name(Some(*before)))
            };
            let Some(value) = value else { continue };
            self.scan.take(at);
            self.scan.take(value);
            self.container = Some(self.scan.tokens[value].raw.clone());
            return;
        }
    }

    // `deployment/web`, `pod web-1`, `the web pod`, `pods a and b`.
    fn thing(&mut self) {
        for at in 0..self.scan.tokens.len() {
            let raw = &self.scan.tokens[at].raw;
            if let Some((kind, name)) = raw.split_once('/')
                && let Some(kind) = kind::of(kind)
                && !name.is_empty()
                && !name.contains('/')
            {
                self.names.push(name.to_owned());
                self.kind = Some(kind);
                self.told |= kind.telling;
                self.scan.take(at);
                return;
            }
        }
        let mut best: Option<(u32, usize, kind::Said)> = None;
        for at in 0..self.scan.tokens.len() {
            if !self.scan.is_free(at) {
                continue;
            }
            let Some(said) = kind::at(&self.scan, at) else { continue };
            // `node` is also a program, `nodes` hardly ever.
            self.told |= said.kind.telling || said.kind == kind::NODE && said.many;
            let named = self.is_name(Some(at + said.length)) || self.is_name(at.checked_sub(1));
            // Nodes and services are beside the point of `pods on node x`.
            let score = 2 * u32::from(said.kind.telling) + u32::from(named && said.kind != kind::NODE);
            if best.as_ref().is_none_or(|(most, ..)| score > *most) {
                best = Some((score, at, said));
            }
        }
        let Some((_, at, said)) = best else { return };
        (at..at + said.length).for_each(|word| self.scan.take(word));
        self.kind = Some(said.kind);
        self.many = said.many;
        self.name_beside(at, at + said.length);
    }

    fn name_beside(&mut self, start: usize, end: usize) {
        let mut after = Some(end).filter(|next| *next < self.scan.tokens.len());
        while self.scan.is_at(after, &[c::NAMED, c::NAME]) {
            after = after.and_then(|next| self.scan.after(next));
        }
        let before = start.checked_sub(1);
        let value = if self.is_name(after) {
            after
        } else if self.is_name(before) {
            before
        } else if self.many {
            None
        } else if before.is_some_and(|before| {
            // `the web deployment`.
            before > 0 && self.scan.tokens[before - 1].class == Class::Stop && self.is_odd_name(Some(before))
        }) {
            before
        } else if self.is_odd_name(after) {
            after
        } else {
            before.filter(|before| self.is_odd_name(Some(*before)))
        };
        let Some(value) = value else { return };
        self.scan.take(value);
        self.names.push(self.scan.tokens[value].raw.clone());
        let mut last = value;
        while let Some(and) = self.scan.tokens.get(last + 1) {
            let next = if and.text == "and" { last + 2 } else { last + 1 };
            if value < end || !self.is_name(Some(next).filter(|next| *next < self.scan.tokens.len())) {
                break;
            }
            self.scan.take(next);
            self.names.push(self.scan.tokens[next].raw.clone());
            last = next;
        }
    }

    // `pods in shop`: a name after `in` is a namespace when nothing else is.
    fn place(&mut self) {
        if self.space != Space::Default || !self.kind.is_some_and(|kind| kind.inside && kind.telling) {
            return;
        }
        let at = (1..self.scan.tokens.len()).find(|at| {
            self.scan.is_at(Some(*at - 1), &[c::IN])
                && self.is_name(Some(*at))
                && self.scan.tokens[*at].shape == Shape::Word
        });
        if let Some(at) = at {
            self.scan.take(at);
            self.scan.doubt += 0.04;
            self.space = Space::Named(self.scan.tokens[at].raw.clone());
        }
    }
}
