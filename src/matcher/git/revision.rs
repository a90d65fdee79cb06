//! Names of versions: branches, tags, commits, and what is told from a file by how it looks or by its noun.

use super::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};

const NOUNS: [&str; 11] =
    ["branch", "branches", "tag", "tags", "commit", "version", "versions", "revision", "revisions", "ref", "rev"];

// Words that say something about a question of history, so that only a noun makes a version of them.
const NEVER: [&str; 36] = [
    "not", "but", "all", "every", "any", "each", "current", "last", "first", "new", "only", "file", "files", "line",
    "lines", "change", "changes", "git", "repo", "head~", "author", "date", "message", "names", "them", "one",
    "history", "log", "graph", "upstream", "message", "made", "since", "compare", "diff", "head of",
];

/// True for the noun of a version.
pub(super) fn is_noun(scan: &Scan<'_>, at: Option<usize>) -> bool {
    let numbered = || {
        let next = at.and_then(|at| scan.tokens.get(at + 1));
        next.is_some_and(|next| matches!(next.shape, Shape::Decimal | Shape::Number(_) | Shape::FileName | Shape::Ip))
    };
    scan.is_text(at, &NOUNS) || scan.is_text(at, &["release", "releases"]) && numbered()
}

/// The version named by the token there; `None` when it cannot be one.
pub(super) fn name(scan: &Scan<'_>, at: Option<usize>) -> Option<String> {
    let at = at?;
    let token = &scan.tokens[at];
    if !scan.is_free(at) || token.raw.starts_with('-') || token.class <= Class::Cue {
        return None;
    }
    let behind = is_noun(scan, scan.before(at));
    let ahead = at > 0
        && scan.tokens[at - 1].class <= Class::Cue
        && is_noun(scan, Some(at + 1).filter(|next| *next < scan.tokens.len()));
    let named = behind || ahead;
    // `commit history` is no commit.
    let known_named = named && !scan.is_text(scan.before(at).filter(|_| behind), &["commit"]);
    match token.shape {
        Shape::Quoted => named.then(|| token.raw.clone()),
        Shape::Path if token.raw.starts_with(['/', '~', '.']) || token.raw.ends_with('/') => None,
        Shape::Word | Shape::FileName | Shape::Path | Shape::Decimal | Shape::Host | Shape::Login | Shape::Ip => {
            let known = token.concept.is_some() && !token.corrected;
            if is_noun(scan, Some(at))
                || NEVER.contains(&token.text.as_str())
                || known && !known_named && !is_usual(&token.raw)
            {
                return None;
            }
            let text = if token.raw == "head" { "HEAD" } else { token.raw.as_str() };
            // `main.rs` is a file, `v1.2` and `feature/x` are not.
            (named || !is_file(&token.raw)).then(|| text.to_owned())
        }
        Shape::Number(_) => (token.raw.len() >= 7 || named).then(|| token.raw.clone()),
        _ => None,
    }
}

// Names of branches that are words of their own.
fn is_usual(raw: &str) -> bool {
    matches!(
        raw.to_ascii_lowercase().as_str(),
        "main" | "master" | "head" | "develop" | "dev" | "release" | "test" | "staging" | "production"
    )
}

/// True for a name with an extension that starts with a letter.
pub(super) fn is_file(raw: &str) -> bool {
    let name = raw.rsplit('/').next().unwrap_or(raw);
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let numbered = stem.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit());
    if stem.is_empty() {
        return name.len() > 2;
    }
    !numbered && extension.starts_with(|c: char| c.is_ascii_alphabetic()) && extension.len() <= 8
}

/// `branch`, `the tag`: the nouns between two tokens are explained by the version beside them.
pub(super) fn take_noun(scan: &mut Scan<'_>, at: usize) {
    for beside in [scan.before(at), scan.after(at)].into_iter().flatten() {
        if is_noun(scan, Some(beside)) {
            scan.take(beside);
            break;
        }
    }
}

/// Two versions side by side: `git diff v1 v2`.
pub(super) fn adjacent(scan: &mut Scan<'_>) -> Option<(String, String)> {
    for at in 1..scan.tokens.len() {
        if let (Some(first), Some(second)) = (name(scan, Some(at - 1)), name(scan, Some(at))) {
            scan.take(at - 1);
            scan.take(at);
            return Some((first, second));
        }
    }
    None
}

/// The token that names a version behind this one: nouns and articles between them are passed over.
pub(super) fn next(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut next = scan.after(at)?;
    while is_noun(scan, Some(next)) || scan.is_at(Some(next), &[c::REMOTE, c::LOCAL]) {
        next = scan.after(next)?;
    }
    Some(next)
}

/// `between a and b`, `from a to b`, `a..b`, `a and b`: two versions, marked.
pub(super) fn pair(scan: &mut Scan<'_>) -> Option<(String, String)> {
    for at in 0..scan.tokens.len() {
        if let Some((left, right)) = scan.tokens[at].raw.split_once("..")
            && !left.is_empty()
            && !right.trim_start_matches('.').is_empty()
            && !left.contains('/')
        {
            let both = (left.to_owned(), right.trim_start_matches('.').to_owned());
            scan.take(at);
            return Some(both);
        }
    }
    for at in 0..scan.tokens.len() {
        let joins = scan.is_text(Some(at), &["and", "to", "with", "vs", "versus", "against", "from", "or", "through"]);
        if !joins || at == 0 {
            continue;
        }
        let Some(mut left) = scan.before(at) else { continue };
        while is_noun(scan, Some(left)) && name(scan, Some(left)).is_none() {
            let Some(before) = scan.before(left) else { break };
            left = before;
        }
        let Some(right) = next(scan, at) else { continue };
        if let (Some(first), Some(second)) = (name(scan, Some(left)), name(scan, Some(right))) {
            scan.take(left);
            scan.take(right);
            scan.take(at);
            take_noun(scan, left);
            take_noun(scan, right);
            while scan.take_text(&["between"]).is_some() {}
            return Some((first, second));
        }
    }
    None
}
