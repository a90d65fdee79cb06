//! Daily work with branches, the stash and remotes, with its details in any order.

mod settings;
mod stash;

use super::revision;
use super::scan::Scan;
use crate::matcher::{Candidate, noun};
use crate::normalize::{Class, Token, concept as c};
use crate::shell::{Shell, quote};

struct Act {
    intent: &'static str,
    command: String,
    does: String,
}

type Verb = fn(&mut Scan<'_>, Shell) -> Option<Act>;

// No names of branches, tags or remotes.
const NEVER: &[&str] = &[
    "branch",
    "branches",
    "remote",
    "local",
    "origin",
    "to",
    "it",
    "stash",
    "stashes",
    "commit",
    "commits",
    "tag",
    "tags",
    "merge",
    "rebase",
    "push",
    "pull",
    "fetch",
    "git",
    "repo",
    "change",
    "changes",
    "all",
    "current",
    "new",
    "name",
    "named",
    "called",
    "last",
    "newest",
    "onto",
    "into",
    "from",
    "with",
    "without",
    "force",
    "squash",
    "abort",
    "continue",
    "delete",
    "rename",
    "create",
    "switch",
    "checkout",
    "cherry-pick",
    "pick",
    "apply",
    "drop",
    "pop",
    "both",
    "upstream",
    "typo",
    "file",
    "files",
    "work",
    "message",
    "only",
    "everything",
    "should",
    "tip",
    "head",
    "interactive",
    "interactively",
    "list",
];

pub(super) fn compose(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let scan = Scan::new(tokens);
    if scan.has_text(&["docker", "container", "kubectl", "pod", "namespace", "image"]) {
        return None;
    }
    let verbs: [Verb; 9] = [
        stash::stash,
        pick,
        merge,
        rename,
        settings::ignore,
        settings::untrack,
        settings::identity,
        force_push,
        remotes,
    ];
    let mut best: Option<(f32, Scan<'_>, Act)> = None;
    for verb in verbs {
        let mut trial = scan.clone();
        let Some(act) = verb(&mut trial, shell) else { continue };
        rest(&mut trial);
        let rank = trial.explained - 1.5 * trial.unexplained();
        if best.as_ref().is_none_or(|(most, ..)| rank > *most) {
            best = Some((rank, trial, act));
        }
    }
    let (_, scan, act) = best?;
    Some(Candidate {
        blanks: Vec::new(),
        intent: act.intent,
        command: act.command,
        explanation: act.does,
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt + 0.02,
    })
}

// Words that say no more than that the question is about a repository.
fn rest(scan: &mut Scan<'_>) {
    while scan.take_any(&[c::REPO, c::SHOW, c::CURRENT, c::NOW, c::LOCAL, c::WHERE]).is_some() {}
    while scan.take_text(&["git", "please", "again", "branch", "here", "checked", "out"]).is_some() {}
}

fn act(intent: &'static str, command: impl Into<String>, does: impl Into<String>) -> Act {
    Act { intent, command: command.into(), does: does.into() }
}

// A branch, tag or commit: one with its noun, one behind a word that takes one, or the only one there is.
fn version(scan: &mut Scan<'_>, behind: &[&str]) -> Option<String> {
    let named = (0..scan.tokens.len()).find(|at| {
        let before = scan.before(*at);
        revision::is_noun(scan, before) && revision::name(scan, Some(*at)).is_some()
    });
    let cued = named.or_else(|| {
        (1..scan.tokens.len()).find(|at| {
            scan.is_text(scan.before(*at), behind) && revision::name(scan, Some(*at)).is_some()
                || scan.is_text(Some(*at - 1), behind) && noun::is_odd_name(scan, Some(*at), NEVER)
        })
    });
    let at = cued.or_else(|| (0..scan.tokens.len()).find(|at| free_version(scan, *at)))?;
    let name = revision::name(scan, Some(at)).unwrap_or_else(|| scan.tokens[at].raw.clone());
    scan.take(at);
    revision::take_noun(scan, at);
    Some(name)
}

fn free_version(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens[at].class == Class::Unknown && revision::name(scan, Some(at)).is_some()
}

fn pick(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let said = scan.take_text(&["cherry-pick", "cherrypick", "cherry-picking", "cherrypicking"]).is_some()
        || scan.has_text(&["cherry"]) && scan.take_text(&["pick", "picking"]).is_some();
    if !said {
        return None;
    }
    scan.take_text(&["cherry"]);
    if scan.take_text(&["abort", "cancel"]).is_some() || scan.take_any(&[c::STOP]).is_some() {
        return Some(act(
            "git.cherry-pick-abort",
            "git cherry-pick --abort",
            "Gives up the cherry-pick that is going on",
        ));
    }
    if scan.take_text(&["continue", "resume"]).is_some() {
        return Some(act("git.cherry-pick-continue", "git cherry-pick --continue", "Goes on with the cherry-pick"));
    }
    let dry = scan.has(c::NOT) && scan.take_text(&["committing"]).is_some()
        || scan.take_text(&["--no-commit", "-n"]).is_some()
        || scan.has(c::NOT)
            && (0..scan.tokens.len())
                .any(|at| scan.is_text(Some(at), &["commit"]) && scan.is_at(scan.before(at), &[c::NOT]));
    let flag = if dry { " -n" } else { "" };
    scan.take_any(&[c::NOT]);
    if let Some((first, last)) =
        revision::pair(scan).filter(|_| !scan.has_text(&["onto", "into", "to"]) || scan.has_text(&["from", "through"]))
    {
        while scan.take_text(&["commits", "commit", "range", "from", "to", "through"]).is_some() {}
        let range = quote(shell, &format!("{first}^..{last}")).into_owned();
        return Some(act(
            "git.cherry-pick-range",
            format!("git cherry-pick{flag} {range}"),
            format!("Applies the commits from {first} to {last} to the current branch"),
        ));
    }
    let last = scan.has_text(&["tip", "head", "top"]) || scan.has(c::LAST) || scan.has(c::NEWEST);
    if last {
        while scan.take_text(&["tip", "top", "head", "commit"]).is_some() {}
        scan.take_any(&[c::LAST, c::NEWEST]);
        scan.take_any(&[c::FIRST]);
    }
    let commit = version(scan, &["pick", "picking", "cherry-pick", "commit", "of", "from", "on"])?;
    while scan.take_text(&["commit", "onto", "into", "here", "apply", "this", "committing"]).is_some() {}
    scan.take_any(&[c::BRANCH]);
    if scan.has(c::FROM)
        && let Some(at) = (0..scan.tokens.len()).find(|at| free_version(scan, *at))
    {
        // The branch it comes from says nothing git needs.
        scan.take(at);
    }
    Some(act(
        "git.cherry-pick",
        format!("git cherry-pick{flag} {}", quote(shell, &commit)),
        format!("Applies the commit {commit} to the current branch"),
    ))
}

fn merge(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    scan.take_text(&["merge", "merging"])?;
    if scan.has(c::NOT) && scan.has_text(&["merged"])
        || scan.has_text(&["conflict", "conflicts", "pdf", "files", "csv", "base", "request", "pr"])
    {
        return None;
    }
    let squash = scan.take_text(&["squash", "squashed", "squashing"]).is_some();
    let only = scan.has(c::ONLY) || scan.has_text(&["ff-only"]);
    let fast = (0..scan.tokens.len()).any(|at| {
        scan.is_text(Some(at), &["fast-forward", "ff", "fastforward", "no-ff", "--no-ff", "ff-only", "fast"])
    });
    let commit = scan.has_text(&["commit"]) && scan.has_text(&["merge", "always", "with", "extra", "real"]);
    let kept = !squash && (commit || fast && !only);
    let words = [
        "fast-forward",
        "ff",
        "fastforward",
        "no-ff",
        "--no-ff",
        "ff-only",
        "fast",
        "forward",
        "commit",
        "merge",
        "always",
        "even",
        "explicit",
        "real",
        "possible",
    ];
    while (kept || only && fast) && scan.take_text(&words).is_some() {}
    if kept {
        while scan.take_any(&[c::NOT, c::CREATE, c::COMMIT]).is_some() {}
        while scan.take_text(&["keep", "no", "though", "if", "could", "keeping", "history"]).is_some() {}
    }
    if squash {
        while scan.take_text(&["one", "single", "commit", "into", "commits", "all"]).is_some() {}
        scan.take_any(&[c::ALL]);
    }
    if only && fast {
        scan.take_any(&[c::ONLY]);
        while scan.take_text(&["if", "possible", "can"]).is_some() {}
    }
    let branch = version(scan, &["merge", "in", "merging", "squash"])?;
    if scan.has(c::TO) && !scan.has(c::CURRENT) && !scan.has_text(&["this", "mine", "my", "current", "here"]) {
        // `merge a into b` is more than one command, unless b is where one is.
        return None;
    }
    while scan.take_text(&["current", "this", "mine"]).is_some() {}
    scan.take_any(&[c::BRANCH, c::CHANGE]);
    let (intent, flag) = if squash {
        ("git.merge-squash", " --squash")
    } else if kept {
        ("git.merge-no-ff", " --no-ff")
    } else if only && fast {
        ("git.merge-ff-only", " --ff-only")
    } else {
        ("git.merge", "")
    };
    Some(act(
        intent,
        format!("git merge{flag} {}", quote(shell, &branch)),
        format!("Merges {branch} into the current branch"),
    ))
}

// `rename branch a to b`, `branch a should be called b`.
fn rename(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let said = scan.take_any(&[c::RENAME]).is_some()
        || scan.has_text(&["should", "wrong", "typo", "misspelled", "mistyped"])
            && scan.has_text(&["name", "named", "called", "be"]);
    if !said || !scan.has(c::BRANCH) || scan.has(c::FILE) || scan.has(c::REMOTE) {
        return None;
    }
    let names: Vec<usize> = (0..scan.tokens.len())
        .filter(|at| {
            revision::name(scan, Some(*at)).is_some()
                && !scan.is_text(Some(*at), &["typo", "rename", "misspelled", "mistyped", "misnamed", "wrongly"])
        })
        .collect();
    let &[first, second] = names.as_slice() else { return None };
    let (old, new) = (revision::name(scan, Some(first))?, revision::name(scan, Some(second))?);
    scan.take(first);
    scan.take(second);
    while scan.take_any(&[c::BRANCH, c::RENAME, c::NAME, c::NAMED, c::CREATED]).is_some() {}
    while scan
        .take_text(&["typo", "wrong", "mistake", "instead", "spelled", "misspelled", "mistyped", "misnamed", "wrongly"])
        .is_some()
    {}
    Some(act(
        "git.branch-rename-from",
        format!("git branch -m {} {}", quote(shell, &old), quote(shell, &new)),
        format!("Renames the branch {old} to {new}"),
    ))
}

fn force_push(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    if !scan.has_text(&["push", "pushing"])
        || !scan.has_text(&["force", "forced", "forcefully", "overwrite", "lease", "--force", "force-push"])
    {
        return None;
    }
    while scan
        .take_text(&["push", "pushing", "pushed", "force", "forced", "forcefully", "overwrite", "lease", "--force"])
        .is_some()
    {}
    while scan
        .take_text(&[
            "safe",
            "safely",
            "unless",
            "somebody",
            "someone",
            "else",
            "meantime",
            "meanwhile",
            "others",
            "other",
            "has",
            "nobody",
            "checks",
            "people",
            "lost",
            "work",
        ])
        .is_some()
    {}
    while scan.take_any(&[c::NOT, c::CHANGE, c::COMMIT]).is_some() {}
    let remote = scan.take_text(&["origin"]).is_some() || scan.take_any(&[c::REMOTE]).is_some();
    let at = (0..scan.tokens.len()).find(|at| {
        revision::name(scan, Some(*at)).is_some()
            && (free_version(scan, *at) || revision::is_noun(scan, scan.before(*at)))
    });
    let mut command = String::from("git push --force-with-lease");
    if let Some(at) = at {
        let name = revision::name(scan, Some(at))?;
        scan.take(at);
        revision::take_noun(scan, at);
        command.push_str(" origin ");
        command.push_str(&quote(shell, &name));
        return Some(act(
            "git.push-force-branch",
            command,
            format!("Replaces {name} on the remote, unless somebody else pushed"),
        ));
    }
    let _ = remote;
    while scan.take_any(&[c::BRANCH, c::CURRENT]).is_some() {}
    Some(act("git.push-force", command, "Replaces the branch on the remote, unless somebody else pushed"))
}

fn remotes(scan: &mut Scan<'_>, _shell: Shell) -> Option<Act> {
    let named = scan.has_text(&["origin"]);
    if !(scan.has(c::REMOTE) || named)
        || !scan.has_text(&["url", "urls", "address", "addresses"])
        || scan.has_text(&["set", "change", "add", "update", "to", "new"])
    {
        return None;
    }
    scan.take_any(&[c::REMOTE]);
    while scan.take_text(&["url", "urls", "address", "addresses", "configured", "where", "point", "their"]).is_some() {}
    while scan.take_any(&[c::IP, c::ALL, c::WITH, c::REPO, c::DETAIL]).is_some() {}
    if let Some(name) = (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), &["origin", "upstream"])) {
        scan.take(name);
        let text = scan.tokens[name].text.clone();
        return Some(act(
            "git.remote-url",
            format!("git remote get-url {text}"),
            format!("Prints the address of the remote {text}"),
        ));
    }
    Some(act("git.remotes", "git remote -v", "Lists the remotes with their addresses"))
}
