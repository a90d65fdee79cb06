//! What git looks at, and who commits.

use super::{Act, act};
use crate::matcher::render;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, concept as c};
use crate::shell::{Shell, quote};

// `git should ignore *.tmp`, `add build/ to .gitignore`.
pub(super) fn ignore(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let file = scan.tokens.iter().position(|token| matches!(token.raw.as_str(), ".gitignore" | "gitignore"));
    let says = scan.has_text(&["ignore", "ignoring", "ignored"]) && scan.has_text(&["git", "repo"]);
    if !(says || file.is_some()) || scan.has(c::DELETE) {
        return None;
    }
    let adds = scan.take_text(&["add", "append", "put", "include", "write", "ignore", "ignoring"]).is_some();
    if !adds
        || scan.has(c::SHOW)
        || scan.has(c::CHECK)
        || scan.tokens.iter().any(|token| matches!(token.text.as_str(), "why" | "which" | "what" | "whitespace"))
    {
        return None;
    }
    if let Some(file) = file {
        scan.take(file);
    }
    let at = (0..scan.tokens.len()).find(|at| {
        let token = &scan.tokens[*at];
        let shaped =
            matches!(token.shape, Shape::Glob | Shape::FileName | Shape::Path | Shape::Extension | Shape::Quoted);
        let noun = scan.is_at(scan.before(*at), &[c::FOLDER, c::FILE])
            || scan.is_at(scan.after(*at), &[c::FOLDER])
            || file.is_some()
            || says;
        scan.is_free(*at) && (shaped || noun && token.class == Class::Unknown && token.shape == Shape::Word)
    })?;
    let raw = scan.tokens[at].raw.clone();
    scan.take(at);
    let folder = scan.take_any(&[c::FOLDER]).is_some();
    let endings = scan.tokens[at].shape == Shape::Extension && scan.take_any(&[c::FILE]).is_some();
    let pattern = if endings {
        format!("*{raw}")
    } else if folder && !raw.ends_with('/') {
        format!("{raw}/")
    } else {
        raw
    };
    while scan.take_any(&[c::FILE, c::ALL, c::NOT, c::FOLDER]).is_some() {}
    while scan.take_text(&["ignore", "on", "future", "tell", "let", "make", "ignored", "list", "always"]).is_some() {}
    let quoted = quote(shell, &pattern);
    let command = if shell == Shell::PowerShell {
        format!("Add-Content .gitignore {quoted}")
    } else {
        format!("echo {quoted} >> .gitignore")
    };
    Some(act("git.ignore", command, format!("Makes git ignore {pattern}")))
}

pub(super) fn untrack(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let stops =
        (scan.has(c::STOP) || scan.has(c::NOT)) && scan.has_text(&["track", "tracking", "tracked", "versioning"]);
    let removes = scan.has(c::DELETE)
        && scan.has_text(&["keep", "keeping", "leave", "leaving", "stays", "untouched", "stay"])
        && (scan.has(c::REPO) || scan.has_text(&["git", "index", "tracking", "version"]));
    if !(stops || removes || scan.has_text(&["untrack"])) {
        return None;
    }
    let paths: Vec<usize> = (0..scan.tokens.len())
        .filter(|at| matches!(scan.tokens[*at].shape, Shape::FileName | Shape::Path | Shape::Glob))
        .collect();
    let &[at] = paths.as_slice() else { return None };
    let raw = scan.tokens[at].raw.clone();
    scan.take(at);
    let folder = scan.has(c::FOLDER) || raw.ends_with('/');
    while scan
        .take_any(&[
            c::STOP,
            c::DELETE,
            c::NOT,
            c::TRACKED,
            c::FILE,
            c::FOLDER,
            c::DISK,
            c::LOCAL,
            c::REPO,
            c::STAGE,
            c::COPY,
        ])
        .is_some()
    {}
    while scan
        .take_text(&[
            "track",
            "tracking",
            "tracked",
            "untrack",
            "keep",
            "keeping",
            "leave",
            "leaving",
            "stays",
            "stay",
            "untouched",
            "index",
            "longer",
            "locally",
            "versioning",
            "it",
            "working",
        ])
        .is_some()
    {}
    scan.take_any(&[c::TREE, c::COMPUTER, c::FREE]);
    let flag = if folder { "-r --cached" } else { "--cached" };
    Some(act(
        "git.untrack",
        format!("git rm {flag} {}", render::path_argument(&raw, shell)),
        format!("Makes git forget {raw}; the file stays"),
    ))
}

// `use a@b.example as my mail in this repo`.
pub(super) fn identity(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let mail = scan.has_text(&["email", "mail", "e-mail", "address", "emailaddress"]);
    let local = scan.has(c::REPO) || scan.has(c::LOCAL) || scan.has_text(&["project", "here"]);
    let git = scan.has_text(&["git", "commits", "commit", "committer", "author"]) || local && scan.has(c::REPO);
    let global = scan.has_text(&["global", "globally", "everywhere"]) || scan.has(c::ALL) && scan.has(c::REPO);
    if !git || !mail {
        return None;
    }
    let at = (0..scan.tokens.len()).find(|at| scan.tokens[*at].shape == Shape::Login)?;
    let verb = scan.take_any(&[c::USE, c::CHANGE, c::CONFIG]).is_some()
        | scan.take_text(&["set", "make", "configure", "be", "should"]).is_some();
    if !verb && !scan.has_text(&["user"]) {
        return None;
    }
    scan.take(at);
    while scan
        .take_text(&[
            "email",
            "mail",
            "e-mail",
            "address",
            "emailaddress",
            "global",
            "globally",
            "everywhere",
            "project",
            "set",
            "user",
            "commits",
            "commit",
            "author",
            "config",
        ])
        .is_some()
    {}
    while scan.take_any(&[c::ONLY, c::REPO, c::LOCAL, c::IP, c::USER, c::USE, c::CONFIG, c::FOR]).is_some() {}
    let flag = if local && !global { "" } else { " --global" };
    if global {
        scan.take_any(&[c::ALL]);
    }
    let value = quote(shell, &scan.tokens[at].raw).into_owned();
    let intent = if flag.is_empty() { "git.config-email-local" } else { "git.config-email" };
    Some(act(
        intent,
        format!("git config{flag} user.email {value}"),
        "Sets the e-mail address git writes into your commits",
    ))
}
