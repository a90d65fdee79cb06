//! The stash: what is put aside, looked at, brought back, thrown away.

use super::{Act, act};
use crate::matcher::render;
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};
use crate::shell::{Shell, quote};

// `stash@{2}`, `stash 2`, `the second stash`: counted from 0, the newest.
fn stash_index(scan: &mut Scan<'_>) -> Option<u64> {
    for at in 0..scan.tokens.len() {
        let raw = &scan.tokens[at].raw;
        if let Some(number) = raw.strip_prefix("stash@{").and_then(|rest| rest.strip_suffix('}')) {
            let number = number.parse().ok()?;
            scan.take(at);
            // `the second stash (stash@{1})` says it twice.
            scan.take_text(&["second", "3", "4", "first"]);
            if scan.take_text(&["secnd", "2nd"]).is_none() {
                let spoilt = (0..at).find(|word| scan.is_free(*word) && scan.tokens[*word].raw.starts_with("sec"));
                if let Some(spoilt) = spoilt {
                    scan.take(spoilt);
                }
            }
            return Some(number);
        }
    }
    for (word, number) in [("second", 1), ("3", 2), ("4", 3), ("2nd", 1), ("3rd", 2), ("1st", 0)] {
        if scan.take_text(&[word]).is_some() {
            return Some(number);
        }
    }
    let at = (0..scan.tokens.len()).find(|at| {
        matches!(scan.tokens[*at].shape, Shape::Number(_))
            && scan.is_text(scan.before(*at), &["stash", "number", "no", "index"])
    })?;
    let Shape::Number(number) = scan.tokens[at].shape else { return None };
    scan.take(at);
    scan.take_text(&["number", "no", "index"]);
    Some(number)
}

pub(super) fn stash(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    if !scan.has_text(&["stash", "stashes", "stashed", "unstash", "shelve"])
        && !scan.tokens.iter().any(|t| t.raw.starts_with("stash@{"))
    {
        return None;
    }
    let index = stash_index(scan);
    while scan.take_text(&["stash", "stashes", "stashed", "shelve"]).is_some() {}
    let which = index.map(|number| format!(" {}", quote(shell, &format!("stash@{{{number}}}")))).unwrap_or_default();
    let newest = index.is_none() && scan.take_any(&[c::LAST, c::NEWEST]).is_some();
    let drops = scan.has(c::DELETE) || scan.has_text(&["forget"]);
    let pops = scan.has_text(&["pop", "unstash"]);
    let applies = scan.has_text(&["apply"]);
    let looks = scan.has(c::DIFFERENCE)
        || scan.has_text(&["patch", "contents", "inside", "contain"])
        || index.is_some() && scan.has(c::SHOW)
        || newest && scan.has(c::SHOW);
    while scan.take_text(&["my", "any", "anymore", "longer", "more", "dont", "don't", "need", "doesnt"]).is_some() {}
    if applies && drops {
        while scan.take_any(&[c::DELETE]).is_some() {}
        while scan.take_text(&["apply", "it", "afterwards"]).is_some() {}
        scan.take_any(&[c::CHANGE]);
        return Some(act(
            "git.stash-pop",
            format!("git stash pop{which}"),
            "Brings back changes put aside, and forgets them there",
        ));
    }
    if drops {
        scan.take_any(&[c::DELETE]);
        scan.take_text(&["forget"]);
        scan.take_any(&[c::NOT]);
        if scan.take_any(&[c::ALL]).is_some() {
            return Some(act("git.stash-clear", "git stash clear", "Throws away everything that was put aside"));
        }
        return Some(act("git.stash-drop", format!("git stash drop{which}"), "Throws away changes put aside"));
    }
    if pops {
        while scan.take_text(&["pop", "unstash"]).is_some() {}
        scan.take_any(&[c::CHANGE]);
        return Some(act(
            "git.stash-pop",
            format!("git stash pop{which}"),
            "Brings back changes put aside, and forgets them there",
        ));
    }
    if applies {
        scan.take_text(&["apply"]);
        while scan.take_text(&["but", "keep", "keeping", "it"]).is_some() {}
        scan.take_any(&[c::CHANGE]);
        return Some(act(
            "git.stash-apply",
            format!("git stash apply{which}"),
            "Brings back changes put aside and keeps them aside too",
        ));
    }
    if looks {
        let names = scan.has(c::FILE);
        while scan.take_any(&[c::DIFFERENCE, c::CHANGE, c::CONTAIN, c::CONTENTS, c::FILE, c::NAME, c::DETAIL]).is_some()
        {
        }
        while scan.take_text(&["patch", "inside", "as", "full"]).is_some() {}
        let flag = if names { " --name-only" } else { " -p" };
        return Some(act("git.stash-show", format!("git stash show{flag}{which}"), "Shows changes put aside"));
    }
    put(scan, shell)
}

// What is put aside, and how.
fn put(scan: &mut Scan<'_>, shell: Shell) -> Option<Act> {
    let untracked = scan.has_text(&["untracked"]) || scan.has(c::NEW) && scan.has(c::FILE);
    let path = (0..scan.tokens.len())
        .find(|at| scan.is_free(*at) && matches!(scan.tokens[*at].shape, Shape::FileName | Shape::Path));
    let quoted = (0..scan.tokens.len()).find(|at| scan.is_free(*at) && scan.tokens[*at].shape == Shape::Quoted);
    if scan.has(c::COUNT)
        || scan.has_text(&["branch", "list"])
        || scan.tokens.first().is_some_and(|first| first.is(c::SHOW))
    {
        return None;
    }
    let keeps = scan.has_text(&["keep", "keeping"]) && scan.has(c::STAGE);
    let partly = !keeps && scan.take_text(&["staged"]).is_some();
    scan.take_any(&[c::MOVE]);
    while scan.take_any(&[c::CHANGE, c::ALSO, c::FILE, c::ALL, c::NEW]).is_some() {}
    while scan
        .take_text(&[
            "untracked",
            "work",
            "stuff",
            "everything",
            "uncommitted",
            "unfinished",
            "edits",
            "modifications",
            "ones",
            "away",
        ])
        .is_some()
    {}
    scan.take_any(&[c::THING]);
    if untracked && path.is_none() && quoted.is_none() {
        return Some(act("git.stash-untracked", "git stash -u", "Puts the changes aside, new files too"));
    }
    if partly && path.is_none() && quoted.is_none() {
        scan.take_any(&[c::ONLY]);
        return Some(act("git.stash-staged", "git stash push --staged", "Puts aside only what is staged"));
    }
    if keeps {
        while scan.take_text(&["keep", "keeping", "but"]).is_some() {}
        scan.take_any(&[c::STAGE]);
        return Some(act(
            "git.stash-keep-index",
            "git stash push --keep-index",
            "Puts the changes aside that are not staged",
        ));
    }
    let mut command = String::from("git stash push");
    if let Some(at) = quoted {
        scan.take(at);
        while scan.take_any(&[c::NAMED, c::NAME, c::AS]).is_some() {}
        scan.take_text(&["message", "note"]);
        command.push_str(if untracked { " -u -m " } else { " -m " });
        command.push_str(&quote(shell, &scan.tokens[at].raw));
        if path.is_none() {
            return Some(act("git.stash-message", command, "Puts the changes aside under a name"));
        }
    }
    let at = path?;
    scan.take(at);
    scan.take_any(&[c::ONLY]);
    command.push(' ');
    command.push_str(&render::path_argument(&scan.tokens[at].raw, shell));
    Some(act("git.stash-file", command, format!("Puts the changes to {} aside", scan.tokens[at].raw)))
}
