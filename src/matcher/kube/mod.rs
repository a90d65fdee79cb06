//! Questions about a cluster that compose freely: what to do with which objects, in which namespace, shown how.
//!
//! A question is read for its nouns first (kind, names, namespace, label, container), then for its verb, which writes the
//! command. Whatever is left over counts against the answer. Services, nodes and jobs are also other things: without a word
//! only a cluster has, they are not asked about here.

mod act;
mod create;
mod kind;
mod list;
mod log;
mod make;
mod name;
mod read;
mod rollout;
mod see;

use super::Candidate;
use crate::normalize::Token;
use crate::shell::Shell;

/// What a verb made of a question.
struct Act {
    intent: &'static str,
    command: String,
    does: String,
}

/// The intents composed here.
pub(super) const INTENTS: [&str; 64] = [
    "kubernetes.get",
    "kubernetes.get-output",
    "kubernetes.get-wide",
    "kubernetes.get-names",
    "kubernetes.get-sorted",
    "kubernetes.get-labels",
    "kubernetes.watch",
    "kubernetes.count",
    "kubernetes.get-status",
    "kubernetes.get-on-node",
    "kubernetes.describe",
    "kubernetes.delete",
    "kubernetes.delete-file",
    "kubernetes.delete-label",
    "kubernetes.logs",
    "kubernetes.logs-follow",
    "kubernetes.logs-previous",
    "kubernetes.logs-since",
    "kubernetes.logs-tail",
    "kubernetes.logs-label",
    "kubernetes.exec-shell",
    "kubernetes.exec",
    "kubernetes.apply",
    "kubernetes.apply-kustomize",
    "kubernetes.dry-run",
    "kubernetes.diff",
    "kubernetes.scale",
    "kubernetes.rollout-status",
    "kubernetes.rollout-undo",
    "kubernetes.rollout-history",
    "kubernetes.rollout-restart",
    "kubernetes.rollout-pause",
    "kubernetes.rollout-resume",
    "kubernetes.set-image",
    "kubernetes.set-env",
    "kubernetes.port-forward",
    "kubernetes.contexts",
    "kubernetes.current-context",
    "kubernetes.use-context",
    "kubernetes.set-namespace",
    "kubernetes.drain",
    "kubernetes.cordon",
    "kubernetes.uncordon",
    "kubernetes.taint",
    "kubernetes.label",
    "kubernetes.annotate",
    "kubernetes.events",
    "kubernetes.top-pods",
    "kubernetes.top-nodes",
    "kubernetes.secret-value",
    "kubernetes.create-namespace",
    "kubernetes.create-deployment",
    "kubernetes.create-job",
    "kubernetes.create-cronjob",
    "kubernetes.create-configmap",
    "kubernetes.create-secret",
    "kubernetes.copy",
    "kubernetes.edit",
    "kubernetes.expose",
    "kubernetes.autoscale",
    "kubernetes.wait",
    "kubernetes.run",
    "kubernetes.get-all",
    "kubernetes.current-namespace",
];

/// The answer to a question about a cluster; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut question = read::read(tokens);
    let act = act::act(&mut question, shell)?;
    if !question.told {
        return None;
    }
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
