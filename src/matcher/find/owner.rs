//! Owners and groups, links, inodes: who and what a file belongs to.

use super::query::{Name, Query, Test, Than};
use super::size::comparison;
use super::words::is_variable;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};

/// `owned by alice`, `of the group staff`, `without an owner`.
pub(super) fn owners(scan: &mut Scan<'_>, query: &mut Query) {
    nobody(scan, query);
    ids(scan, query);
    while owner(scan, query) {}
    while group(scan, query) {}
}

// `with no owner`, `without a valid group`, `orphaned`
fn nobody(scan: &mut Scan<'_>, query: &mut Query) {
    for (concept, test) in [(c::OWNER, Test::NoUser), (c::USER, Test::NoUser), (c::GROUP, Test::NoGroup)] {
        let Some(at) = scan.position(concept) else { continue };
        let mut before = Scan::previous(at);
        let mut words = vec![at];
        while before.is_some_and(|word| {
            ["valid", "existing", "known", "a", "an", "any", "owner", "or", "to", "by"].contains(&scan.text(word))
                || scan.is_at(Some(word), &[c::EXIST, c::OWNER])
        }) {
            words.extend(before);
            before = before.and_then(Scan::previous);
        }
        let Some(not) = before.filter(|not| {
            scan.is_free(*not)
                && (scan.is_no(*not) || ["unknown", "nonexistent", "missing", "nobody"].contains(&scan.text(*not)))
        }) else {
            continue;
        };
        // `not owned by root` has an owner.
        let named = scan.tokens.get(at + 1).is_some_and(|next| is_me(&next.text))
            || scan.after(at).is_some_and(|after| {
                scan.text(at).ends_with("by") || scan.text(at).ends_with("to") || scan.is_at(Some(after), &[c::BY])
            });
        if named {
            continue;
        }
        words.push(not);
        query.add(test, false, (not, at));
        scan.take_each(words);
    }
    if let Some(at) = scan.find_text(&["orphaned", "ownerless"]) {
        scan.take(at);
        query.add(Test::NoUser, false, (at, at));
    }
}

// `uid 1000`, `user id greater than 500`
fn ids(scan: &mut Scan<'_>, query: &mut Query) {
    let start = scan.find_text(&["uid"]).map(|at| (at, at)).or_else(|| scan.find_run(&[&["user"], &["id", "ids"]]));
    let Some((from, to)) = start else { return };
    let Some(number) = (to + 1..scan.tokens.len()).take(4).find(|at| scan.number(Some(*at)).is_some()) else { return };
    let than = comparison(scan, number, number).map_or(Than::Exactly, |found| {
        scan.take_each(found.words);
        found.than
    });
    query.add(Test::UserId(than, scan.number(Some(number)).unwrap_or(0)), false, (from, number));
    scan.take_span(from, number);
}

fn is_account(token: &Token) -> bool {
    let word = token.shape == Shape::Word
        && !token.text.contains(' ')
        && (token.concept.is_none() || token.corrected || token.class == Class::Content || token.class == Class::Light)
        && ![c::FILE, c::FOLDER, c::GROUP, c::USER, c::OWNER, c::PERMISSION, c::NOT]
            .iter()
            .any(|concept| token.is(*concept));
    word || matches!(token.shape, Shape::Quoted | Shape::Number(_)) || is_variable(&token.raw)
}

fn is_me(word: &str) -> bool {
    matches!(word, "me" | "myself")
}

// The name behind a word for an owner, and whether it is a group's.
fn account(scan: &Scan<'_>, at: usize) -> Option<(usize, bool)> {
    let mut group = false;
    let mut value = scan.after(at)?;
    while scan.tokens[value].class == Class::Cue
        || scan.is_at(Some(value), &[c::USER, c::GROUP, c::NAMED, c::NAME])
        || ["id", "set"].contains(&scan.text(value))
    {
        group |= scan.tokens[value].is(c::GROUP);
        value = scan.after(value)?;
    }
    let named = scan.is_free(value) && !scan.tokens[value].is(c::ALL) && is_account(&scan.tokens[value]);
    named.then_some((value, group))
}

fn owner(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let anchors: Vec<usize> =
        (0..scan.tokens.len()).filter(|at| scan.is_free(*at) && scan.tokens[*at].is(c::OWNER)).collect();
    for at in anchors {
        // `bits for the owner` are permissions, `change the owner` is an action.
        if scan.is_at(scan.before(at), &[c::BY, c::FOR, c::CHANGE, c::TO]) && scan.text(at) == "owner" {
            continue;
        }
        // `owned by me`, `that belong to me`
        if let Some(me) = (at + 1..scan.tokens.len()).take(2).find(|me| is_me(scan.text(*me))) {
            let not = scan.take_negation(at);
            query.add(Test::User("$USER".to_owned()), not, (at, me));
            scan.take_span(at, me);
            return true;
        }
        if let Some((value, group)) = account(scan, at) {
            add(scan, query, at, value, group);
            return true;
        }
    }
    let Some(at) = scan.position(c::USER) else { return false };
    // `for user bob`, `of the user bob`
    let cued = scan.is_at(scan.before(at), &[c::OF, c::FOR, c::BY, c::WITH, c::OWNER, c::FROM])
        || scan.tokens.get(at + 1).is_some_and(|next| next.shape == Shape::Quoted);
    if let Some((value, group)) = account(scan, at).filter(|_| cued) {
        add(scan, query, at, value, group);
        return true;
    }
    false
}

fn group(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let Some(at) = scan.position(c::GROUP) else { return false };
    if scan.is_at(scan.before(at), &[c::BY, c::FOR, c::TO]) && scan.position(c::OWNER).is_none() {
        return false;
    }
    if let Some((value, _)) = account(scan, at) {
        add(scan, query, at, value, true);
        return true;
    }
    false
}

fn add(scan: &mut Scan<'_>, query: &mut Query, at: usize, value: usize, group: bool) {
    let not = scan.take_negation(at);
    if let Some(by) = Scan::previous(at).filter(|by| scan.is_at(Some(*by), &[c::BY])) {
        scan.take(by);
    }
    let raw = scan.tokens[value].raw.clone();
    query.add(if group { Test::Group(raw) } else { Test::User(raw) }, not, (at, value));
    scan.take_span(at, value);
    if scan.is_at(scan.next(value), &[c::USER, c::GROUP]) {
        scan.take(value + 1);
    }
}

/// Hard links, inodes, where a link leads.
pub(super) fn links(scan: &mut Scan<'_>, query: &mut Query) {
    if let Some(at) = scan.find_text(&["inode", "inum"]) {
        let number = (at + 1..scan.tokens.len()).take(3).find(|number| scan.number(Some(*number)).is_some());
        if let Some(number) = number {
            query.add(Test::Inode(scan.number(Some(number)).unwrap_or(0)), false, (at, number));
            scan.take_span(at, number);
            scan.take_any(&[c::SAME]);
            scan.take_any(&[c::NUMBER]);
        } else if let Some(file) = reference(scan, at) {
            query.add(Test::SameFile(scan.tokens[file].raw.clone()), false, (at, file));
            scan.take_span(at, file);
            scan.take_any(&[c::SAME]);
        }
    }
    let Some(at) = scan.position(c::LINK) else { return };
    let hard = Scan::previous(at).filter(|hard| ["hard", "hardlink"].contains(&scan.text(*hard)));
    let broken = scan.find_text(&["broken", "dead", "invalid", "orphan"]).or_else(|| scan.position(c::DANGLING));
    if let Some(broken) = broken {
        query.add(Test::Broken, false, (broken, at));
        scan.take(broken);
        scan.take(at);
        return;
    }
    if let Some(hard) = hard {
        if let Some(number) = Scan::previous(hard).filter(|number| scan.number(Some(*number)).is_some()) {
            let than = comparison(scan, number, number).map(|found| {
                scan.take_each(found.words.iter().copied());
                (found.than, found.inclusive)
            });
            let count = scan.number(Some(number)).unwrap_or(0);
            let (than, count) = match than {
                Some((Than::More, true)) => (Than::More, count.saturating_sub(1)),
                Some((Than::Less, true)) => (Than::Less, count + 1),
                Some((than, _)) => (than, count),
                None => (Than::Exactly, count),
            };
            query.add(Test::Links(than, count), false, (number, at));
            scan.take_span(number, at);
        } else if let Some(file) = reference(scan, at) {
            query.add(Test::SameFile(scan.tokens[file].raw.clone()), false, (hard, file));
            scan.take_span(hard, file);
        }
        return;
    }
    // `links to a.txt`, `symlinks pointing into /usr`
    let mut to = scan.next(at);
    while scan.says(
        to,
        &[
            "pointing", "point", "points", "that", "which", "lead", "leading", "leads", "linking", "whose", "target",
            "is",
        ],
    ) {
        to = to.and_then(|to| scan.next(to));
    }
    let says_to = scan.is_at(to, &[c::TO]) || scan.says(Scan::previous(to.unwrap_or(0)), &["target", "is"]);
    if let Some(target) =
        to.and_then(|to| if scan.is_at(Some(to), &[c::TO]) { scan.after(to) } else { Some(to) }).filter(|_| says_to)
        && matches!(
            scan.tokens[target].shape,
            Shape::Path | Shape::FileName | Shape::Quoted | Shape::Glob | Shape::Place
        )
    {
        let raw = scan.tokens[target].raw.clone();
        let glob = if raw.contains('*') { raw } else { format!("*{}*", super::name::escape(&raw)) };
        query.add(Test::LinkTo(Name { glob, ignore_case: query.ignore_case }), false, (at, target));
        scan.take_span(at + 1, target);
    }
}

// `as a.txt`, `to the file a.txt`
fn reference(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let mut value = scan.after(at)?;
    while scan.tokens[value].class <= Class::Cue || scan.is_at(Some(value), &[c::FILE, c::NUMBER, c::SAME]) {
        value = scan.after(value)?;
    }
    matches!(scan.tokens[value].shape, Shape::FileName | Shape::Path | Shape::Quoted).then_some(value)
}
