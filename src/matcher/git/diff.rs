//! What differs: between which versions, in which file, shown how.

use super::revision;
use super::scan::Scan;
use crate::matcher::{Candidate, render};
use crate::normalize::{Class, Shape, Token, concept as c};
use crate::shell::{Shell, quote};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Lines,
    Names,
    Status,
    Stat,
    Words,
}

struct Query {
    look: Look,
    first: Option<String>,
    second: Option<String>,
    // Only what the second changed since both were one.
    since_fork: bool,
    path: Option<String>,
}

pub(super) fn compose(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let differs = scan.has(c::DIFFERENCE) || scan.has_text(&["different", "diffstat"]);
    let changed = scan.has(c::MODIFIED)
        || scan.has(c::CHANGE)
        || scan.has(c::BETWEEN) && scan.has_text(&["added", "deleted", "removed"]);
    if !(differs || changed)
        || scan.has_text(&["commits", "log", "history", "container", "image", "docker", "pod", "upstream"])
    {
        return None;
    }
    let evidence = is_about_versions(&scan);
    let path = path(&mut scan);
    let fork = fork(&mut scan);
    let (first, second) = versions(&mut scan, fork, differs)?;
    let mine = |name: &Option<String>| name.as_deref().is_none_or(looks_like_version);
    let told = evidence || mine(&first) && mine(&second);
    if !told {
        return None;
    }
    let look = look(&mut scan, path.is_some());
    while scan.take_any(&[c::DIFFERENCE, c::MODIFIED, c::CHANGE, c::REPO, c::SHOW, c::BRANCH]).is_some() {}
    while scan.take_text(&["git", "code", "compared", "relative", "different", "happened", "my", "local"]).is_some() {}
    scan.take_any(&[c::CURRENT]);
    scan.take_any(&[c::ALL]);
    scan.take_text(&["against"]);
    let query = Query { look, first, second, since_fork: fork, path };
    Some(Candidate {
        blanks: Vec::new(),
        intent: query.intent(),
        command: query.command(shell),
        explanation: query.sentence(),
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt + 0.02,
    })
}

// Two names alone may be files, folders or databases.
fn is_about_versions(scan: &Scan<'_>) -> bool {
    scan.has_text(&["git", "repo", "repository", "head", "merged", "upstream"])
        || (0..scan.tokens.len()).any(|at| revision::is_noun(scan, Some(at)))
}

fn looks_like_version(name: &str) -> bool {
    const USUAL: [&str; 9] = ["release", "main", "master", "develop", "dev", "HEAD", "head", "staging", "production"];
    let tail = name.strip_prefix(['v', 'V']).unwrap_or(name);
    let hex = name.len() >= 7 && name.bytes().all(|b| b.is_ascii_hexdigit());
    USUAL.contains(&name) || name.starts_with("HEAD") || name.starts_with("origin/") || hex || {
        tail.starts_with(|c: char| c.is_ascii_digit()) && (tail.contains('.') || tail.len() < name.len())
    }
}

fn path(scan: &mut Scan<'_>) -> Option<String> {
    let at = (0..scan.tokens.len()).find(|at| {
        let token = &scan.tokens[*at];
        let noun = scan.is_at(scan.before(*at), &[c::FILE, c::FOLDER]);
        let file = matches!(token.shape, Shape::FileName | Shape::Path | Shape::Host)
            && (revision::is_file(&token.raw) || token.raw.ends_with('/') || noun);
        file && !revision::is_noun(scan, scan.before(*at)) && !token.raw.contains("..")
    })?;
    for noun in [scan.before(at), scan.after(at)].into_iter().flatten() {
        if scan.is_at(Some(noun), &[c::FILE, c::FOLDER]) {
            scan.take(noun);
        }
    }
    scan.take(at);
    Some(scan.tokens[at].raw.clone())
}

// `since it left main`, `introduced by x`.
fn fork(scan: &mut Scan<'_>) -> bool {
    let words = ["branched", "forked", "diverged", "split", "merge-base", "introduces", "brings", "introduced"];
    let left = scan.has_text(&["left"]) && scan.has(c::AFTER);
    if !left && scan.take_text(&words).is_none() {
        return false;
    }
    if left {
        scan.take_text(&["left"]);
    }
    scan.take_any(&[c::AFTER]);
    scan.take_text(&["off"]);
    scan.take_text(&["away"]);
    true
}

fn versions(scan: &mut Scan<'_>, fork: bool, differs: bool) -> Option<(Option<String>, Option<String>)> {
    if fork {
        let mut named = (0..scan.tokens.len()).filter(|at| {
            let cued = scan.tokens[..*at].last().is_some_and(|before| before.class <= Class::Content);
            cued && revision::name(scan, Some(*at)).is_some()
        });
        let (first, second) = (named.next()?, named.next()?);
        let both = (revision::name(scan, Some(first))?, revision::name(scan, Some(second))?);
        for at in [first, second] {
            scan.take(at);
            revision::take_noun(scan, at);
        }
        return Some((Some(both.1), Some(both.0)));
    }
    if let Some((first, second)) = revision::pair(scan) {
        return Some((Some(first), Some(second)));
    }
    if scan.has_text(&["git"])
        && let Some((first, second)) = revision::adjacent(scan)
    {
        return Some((Some(first), Some(second)));
    }
    let cues =
        ["with", "to", "against", "from", "and", "after", "since", "than", "compared", "vs", "of", "on", "versus"];
    for at in 0..scan.tokens.len() {
        let mut before = scan.before(at);
        while before.is_some() && revision::is_noun(scan, before) {
            before = before.and_then(|noun| scan.before(noun));
        }
        let cue = scan.is_text(before, &cues)
            || scan.is_text(at.checked_sub(1), &["and", "than"])
            || scan.is_text(before.filter(|_| scan.is_text(at.checked_sub(2), &["and"])), &["and"]);
        // `what changed on branch x` has no second side.
        let weak = scan.is_text(before, &["of", "on"]);
        let sided = scan.has_text(&["with", "to", "against"]);
        if !cue || weak && !sided || !differs && !scan.is_at(before, &[c::AFTER]) {
            continue;
        }
        let Some(name) = revision::name(scan, Some(at)) else { continue };
        scan.take(at);
        revision::take_noun(scan, at);
        if let Some(before) = before {
            scan.take(before);
        }
        return Some((Some(name), None));
    }
    None
}

fn look(scan: &mut Scan<'_>, has_path: bool) -> Look {
    let files = !has_path && scan.has(c::FILE);
    if scan.take_text(&["stat", "stats", "statistics", "diffstat", "summary", "summarize", "much"]).is_some()
        || scan.has(c::COUNT) && scan.has(c::LINE)
    {
        while scan.take_any(&[c::COUNT, c::LINE, c::FILE]).is_some() {}
        return Look::Stat;
    }
    if scan.has_text(&["word", "words"]) {
        while scan.take_text(&["word", "words", "level", "wise", "by", "for"]).is_some() {}
        return Look::Words;
    }
    if files && scan.take_text(&["status", "kind", "added", "deleted"]).is_some() {
        while scan.take_any(&[c::FILE, c::NAME, c::WITH, c::DELETE]).is_some() {}
        while scan.take_text(&["added", "deleted", "status", "kind"]).is_some() {}
        return Look::Status;
    }
    if files || scan.has(c::NAME) && scan.has(c::ONLY) {
        while scan.take_any(&[c::FILE, c::NAME, c::ONLY]).is_some() {}
        scan.take_text(&["list"]);
        return Look::Names;
    }
    Look::Lines
}

impl Query {
    fn intent(&self) -> &'static str {
        match (self.look, &self.path, &self.second) {
            _ if self.since_fork => "git.diff-merge-base",
            (Look::Words, ..) => "git.diff-words",
            (Look::Status, ..) => "git.diff-status",
            (Look::Names, _, Some(_)) => "git.diff-names-between",
            (Look::Names, ..) => "git.diff-names",
            (Look::Stat, _, Some(_)) => "git.diff-stat-branches",
            (Look::Stat, ..) => "git.diff-stat-ref",
            (Look::Lines, Some(_), Some(_)) => "git.diff-file-branches",
            (Look::Lines, Some(_), None) => "git.diff-file-ref",
            (Look::Lines, None, Some(_)) => "git.diff-branches",
            (Look::Lines, None, None) if self.first.as_deref() == Some("HEAD") => "git.diff-head",
            (Look::Lines, None, None) => "git.diff-ref",
        }
    }

    fn command(&self, shell: Shell) -> String {
        let mut line = String::from("git diff");
        let flag = match self.look {
            Look::Lines => "",
            Look::Names => " --name-only",
            Look::Status => " --name-status",
            Look::Stat => " --stat",
            Look::Words => " --word-diff",
        };
        line.push_str(flag);
        let mut push = |part: &str| {
            line.push(' ');
            line.push_str(part);
        };
        match (&self.first, &self.second) {
            (Some(first), Some(second)) if self.since_fork => push(&quote(shell, &format!("{first}...{second}"))),
            (first, second) => first.iter().chain(second).for_each(|name| push(&quote(shell, name))),
        }
        if let Some(path) = &self.path {
            push("--");
            push(&render::path_argument(path, shell));
        }
        line
    }

    fn sentence(&self) -> String {
        let what = match self.look {
            Look::Lines => "Shows",
            Look::Names => "Names the files of",
            Look::Status => "Names the files, added, changed or deleted, of",
            Look::Stat => "Sums up",
            Look::Words => "Shows word by word",
        };
        let path = self.path.as_ref().map(|path| format!(" in {path}")).unwrap_or_default();
        let first = self.first.as_deref().unwrap_or_default();
        match &self.second {
            Some(second) if self.since_fork => format!("{what} what {second} changed{path} since it left {first}"),
            Some(second) => format!("{what} the differences{path} between {first} and {second}"),
            None => format!("{what} the differences{path} from {first}"),
        }
    }
}
