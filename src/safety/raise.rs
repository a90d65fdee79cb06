//! What the surroundings add to a judgment: all rights, another machine, a production system, a folder that is everything.
//!
//! Invariant: findings are added and none is changed, so a context can only raise a risk. What is catastrophic is so
//! anywhere; here no finding is more than [`Risk::Dangerous`].

use std::ops::Range;

use super::rules::{Rule, rule};
use super::{Finding, Report, Risk};
use crate::context::Context;

pub(super) const RULES: &[Rule] = &[
    rule("context.root", "a change made as root, where nothing stops a slip"),
    rule("context.remote", "a change of a machine reached through SSH, which may lock its user out"),
    rule("context.production", "a change of a cluster or a branch that is called production"),
    rule("context.folder", "a change of everything in the home folder or in the root of a repository"),
];

/// One circumstance: which findings it makes worse, and what to say about it.
struct Circumstance {
    rule: &'static str,
    /// Rules, or subjects with their dot, whose findings are worse because of it.
    worse: &'static [&'static str],
    /// Findings above this level need no more said about them.
    up_to: Risk,
    message: String,
}

/// Adds what the context makes of the findings.
pub(super) fn by_context(command: &str, context: &Context, report: &mut Report) {
    let mut added = Vec::new();
    let mut circumstances = standing(context);
    for finding in &report.findings {
        let text = command.get(finding.span.clone()).unwrap_or_default();
        // What goes to the trash can be had back, whoever sent it there.
        if finding.risk < Risk::Caution || text.starts_with("gio trash") || text.starts_with("trash") {
            continue;
        }
        let special = [production(finding, text, context), folder(finding, text, context)];
        let of_finding = circumstances.extract_if(.., |circumstance| circumstance.applies_to(finding));
        for circumstance in of_finding.chain(special.into_iter().flatten()) {
            if !added.iter().any(|known: &Finding| known.rule == circumstance.rule) {
                added.push(circumstance.finding(finding.span.clone()));
            }
        }
    }
    report.findings.append(&mut added);
    report.sort();
}

impl Circumstance {
    fn applies_to(&self, finding: &Finding) -> bool {
        let rule = finding.rule;
        finding.risk <= self.up_to
            && self.worse.iter().any(|worse| rule == *worse || worse.ends_with('.') && rule.starts_with(worse))
    }

    fn finding(self, span: Range<usize>) -> Finding {
        Finding { rule: self.rule, risk: Risk::Dangerous, message: self.message, span }
    }
}

/// What holds whatever the command is about.
fn standing(context: &Context) -> Vec<Circumstance> {
    let mut circumstances = Vec::new();
    if context.elevated {
        circumstances.push(Circumstance {
            rule: "context.root",
            worse: &["delete.", "permission.", "process.", "machine.", "disk.", "overwrite.emptied"],
            up_to: Risk::Caution,
            message: "you are root: nothing stops a slip".to_owned(),
        });
    }
    if context.remote {
        circumstances.push(Circumstance {
            rule: "context.remote",
            worse: &["machine.", "process.", "disk.mount"],
            up_to: Risk::Blocked,
            message: "this machine is reached through SSH: you may lock yourself out".to_owned(),
        });
    }
    circumstances
}

/// A cluster or a branch whose name says that people depend on it.
fn production(finding: &Finding, text: &str, context: &Context) -> Option<Circumstance> {
    let message = if finding.rule.starts_with("git.") {
        let branch = context.repository.as_ref()?.branch.as_deref().filter(|branch| is_production(branch, true))?;
        format!("the branch is {branch}")
    } else if finding.rule.starts_with("container.") {
        let mut words = text.split_whitespace();
        let kubernetes = ["kubectl", "helm", "oc", "k", "kustomize", "flux", "argocd"];
        words.clone().find(|word| kubernetes.contains(&word.rsplit('/').next().unwrap_or_default()))?;
        let named = words.find_map(|word| match word.split_once('=') {
            Some(("--context" | "--kube-context", name)) => Some(name),
            _ => None,
        });
        let next =
            || text.split_whitespace().skip_while(|word| !matches!(*word, "--context" | "--kube-context")).nth(1);
        let cluster = named.or_else(next).or(context.cluster.as_deref()).filter(|name| is_production(name, false))?;
        format!("the cluster is {cluster}")
    } else {
        return None;
    };
    Some(Circumstance { rule: "context.production", worse: &[], up_to: Risk::Blocked, message })
}

/// Whether a name has production in it, and is not told apart from it (`pre-prod`, `nonprod`).
fn is_production(name: &str, branch: bool) -> bool {
    let name = name.to_ascii_lowercase();
    let mut before = "";
    name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        let denied = matches!(before, "non" | "no" | "not" | "pre" | "like");
        before = word;
        let production = word.starts_with("prod") && (!word.starts_with("product") || word.starts_with("production"));
        !denied && (production || matches!(word, "prd" | "live") || branch && matches!(word, "release" | "releases"))
    })
}

/// `*` or `.` in a folder that holds all a person has, or all a project is.
fn folder(finding: &Finding, text: &str, context: &Context) -> Option<Circumstance> {
    let files = ["delete.", "permission."].iter().any(|subject| finding.rule.starts_with(subject))
        || matches!(finding.rule, "overwrite.in-place" | "overwrite.emptied" | "context.root");
    let cwd = context.cwd.as_ref()?;
    let home = context.home.as_ref() == Some(cwd);
    let repository = context.repository.as_ref().is_some_and(|repository| repository.root == *cwd);
    let whole = text.split_whitespace().any(|word| {
        matches!(word, "." | "./" | "*" | "./*" | "**" | "$PWD" | "\"$PWD\"")
            || repository && matches!(word, ".git" | "./.git" | ".git/")
    });
    if !files || !whole || !home && !repository {
        return None;
    }
    let place = if home { "your home folder" } else { "the root of a repository" };
    Some(Circumstance {
        rule: "context.folder",
        worse: &[],
        up_to: Risk::Blocked,
        message: format!("you are in {place}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_goes_by_whole_words() {
        for (name, cluster, branch) in [
            ("prod", true, true),
            ("eu-prod-1", true, true),
            ("production", true, true),
            ("arn:aws:eks:eu-west-1:123:cluster/PROD2", true, true),
            ("gke_acme_europe_live", true, true),
            ("release/1.2", false, true),
            ("main", false, false),
            ("staging", false, false),
            ("non-prod", false, false),
            ("nonprod", false, false),
            ("pre-production", false, false),
            ("product-catalog-dev", false, false),
            ("deliver", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_production(name, false), is_production(name, true)), (cluster, branch), "{name:?}");
        }
    }
}
