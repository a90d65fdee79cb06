//! Kinds of objects of a cluster and the words people have for them.

use crate::matcher::scan::Scan;

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// As `kubectl describe` wants it.
    pub(super) one: &'static str,
    /// As `kubectl get` is mostly written.
    pub(super) many: &'static str,
    /// Nothing else is called so: the word alone tells that a cluster is meant.
    pub(super) telling: bool,
    /// Lies in a namespace.
    pub(super) inside: bool,
}

const fn kind(one: &'static str, many: &'static str, telling: bool, inside: bool) -> Kind {
    Kind { one, many, telling, inside }
}

pub(super) const POD: Kind = kind("pod", "pods", true, true);
pub(super) const DEPLOYMENT: Kind = kind("deployment", "deployments", true, true);
pub(super) const NODE: Kind = kind("node", "nodes", false, false);
pub(super) const NAMESPACE: Kind = kind("namespace", "namespaces", true, false);
pub(super) const EVENT: Kind = kind("event", "events", false, true);
pub(super) const SECRET: Kind = kind("secret", "secrets", false, true);
pub(super) const CONFIGMAP: Kind = kind("configmap", "configmaps", true, true);
pub(super) const SERVICE: Kind = kind("service", "services", false, true);
pub(super) const JOB: Kind = kind("job", "jobs", false, true);
pub(super) const CRONJOB: Kind = kind("cronjob", "cronjobs", false, true);
pub(super) const STATEFULSET: Kind = kind("statefulset", "statefulsets", true, true);
pub(super) const DAEMONSET: Kind = kind("daemonset", "daemonsets", true, true);
const REPLICASET: Kind = kind("replicaset", "replicasets", true, true);
const INGRESS: Kind = kind("ingress", "ingresses", true, true);
const PV: Kind = kind("pv", "pv", true, false);
const PVC: Kind = kind("pvc", "pvc", true, true);
const ACCOUNT: Kind = kind("serviceaccount", "serviceaccounts", true, true);
const ROLE: Kind = kind("role", "roles", false, true);
const ROLEBINDING: Kind = kind("rolebinding", "rolebindings", true, true);
const CLUSTERROLE: Kind = kind("clusterrole", "clusterroles", true, false);
const POLICY: Kind = kind("networkpolicy", "networkpolicies", true, true);
const HPA: Kind = kind("hpa", "hpa", true, true);
const CRD: Kind = kind("crd", "crds", true, false);
const ENDPOINTS: Kind = kind("endpoints", "endpoints", false, true);
const STORAGECLASS: Kind = kind("storageclass", "storageclasses", true, false);
const QUOTA: Kind = kind("resourcequota", "resourcequotas", true, true);

// Two and three words before one.
const WORDS: &[(&str, Kind, bool)] = &[
    ("persistent volume claims", PVC, true),
    ("persistent volume claim", PVC, false),
    ("persistent volumes", PV, true),
    ("persistent volume", PV, false),
    ("config maps", CONFIGMAP, true),
    ("config map", CONFIGMAP, false),
    ("stateful sets", STATEFULSET, true),
    ("stateful set", STATEFULSET, false),
    ("daemon sets", DAEMONSET, true),
    ("daemon set", DAEMONSET, false),
    ("replica sets", REPLICASET, true),
    ("replica set", REPLICASET, false),
    ("cron jobs", CRONJOB, true),
    ("cron job", CRONJOB, false),
    ("service accounts", ACCOUNT, true),
    ("service account", ACCOUNT, false),
    ("role bindings", ROLEBINDING, true),
    ("role binding", ROLEBINDING, false),
    ("cluster roles", CLUSTERROLE, true),
    ("cluster role", CLUSTERROLE, false),
    ("network policies", POLICY, true),
    ("network policy", POLICY, false),
    ("storage classes", STORAGECLASS, true),
    ("storage class", STORAGECLASS, false),
    ("resource quotas", QUOTA, true),
    ("horizontal pod autoscalers", HPA, true),
    ("custom resource definitions", CRD, true),
    ("custom resources", CRD, true),
    ("pod", POD, false),
    ("pods", POD, true),
    ("deployment", DEPLOYMENT, false),
    ("deployments", DEPLOYMENT, true),
    ("deploy", DEPLOYMENT, false),
    ("node", NODE, false),
    ("nodes", NODE, true),
    ("namespace", NAMESPACE, false),
    ("namespaces", NAMESPACE, true),
    ("event", EVENT, true),
    ("events", EVENT, true),
    ("secret", SECRET, false),
    ("secrets", SECRET, true),
    ("configmap", CONFIGMAP, false),
    ("configmaps", CONFIGMAP, true),
    ("cm", CONFIGMAP, false),
    ("service", SERVICE, false),
    ("services", SERVICE, true),
    ("svc", SERVICE, false),
    ("job", JOB, false),
    ("jobs", JOB, true),
    ("cronjob", CRONJOB, false),
    ("cronjobs", CRONJOB, true),
    ("statefulset", STATEFULSET, false),
    ("statefulsets", STATEFULSET, true),
    ("sts", STATEFULSET, false),
    ("daemonset", DAEMONSET, false),
    ("daemonsets", DAEMONSET, true),
    ("replicaset", REPLICASET, false),
    ("replicasets", REPLICASET, true),
    ("ingress", INGRESS, false),
    ("ingresses", INGRESS, true),
    ("pv", PV, false),
    ("pvs", PV, true),
    ("pvc", PVC, false),
    ("pvcs", PVC, true),
    ("serviceaccount", ACCOUNT, false),
    ("serviceaccounts", ACCOUNT, true),
    ("role", ROLE, false),
    ("roles", ROLE, true),
    ("rolebinding", ROLEBINDING, false),
    ("rolebindings", ROLEBINDING, true),
    ("clusterrole", CLUSTERROLE, false),
    ("clusterroles", CLUSTERROLE, true),
    ("networkpolicy", POLICY, false),
    ("networkpolicies", POLICY, true),
    ("hpa", HPA, false),
    ("hpas", HPA, true),
    ("autoscalers", HPA, true),
    ("crd", CRD, true),
    ("crds", CRD, true),
    ("endpoints", ENDPOINTS, true),
    ("storageclass", STORAGECLASS, false),
    ("storageclasses", STORAGECLASS, true),
    ("resourcequota", QUOTA, false),
    ("resourcequotas", QUOTA, true),
];

/// A kind as a question says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) kind: Kind,
    /// In the plural.
    pub(super) many: bool,
    /// Tokens it takes.
    pub(super) length: usize,
}

/// The kind named by the words at a token.
pub(super) fn at(scan: &Scan<'_>, at: usize) -> Option<Said> {
    let first = scan.tokens.get(at)?.text.as_bytes().first()?.to_ascii_lowercase();
    // Nearly every token begins like none of them.
    WORDS.iter().filter(|(words, ..)| words.as_bytes()[0] == first).find_map(|(words, kind, many)| {
        let said = || words.split(' ');
        let fits = said().zip(at..).all(|(word, at)| at < scan.tokens.len() && scan.is_text(Some(at), &[word]));
        fits.then(|| Said { kind: *kind, many: *many, length: said().count() })
    })
}

/// The kind a word alone names: the first half of `deployment/web`.
pub(super) fn of(word: &str) -> Option<Kind> {
    WORDS.iter().find(|(words, ..)| word.eq_ignore_ascii_case(words)).map(|(_, kind, _)| *kind)
}
