//! Permissions, owners and groups that are given: `set permission 644 on`, `make … executable`, `chown … to alice`.

use super::query::{Action, Query};
use super::words::is_variable;
use crate::matcher::permission;
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

const CHANGING: [&str; 16] = [
    "allow", "deny", "execute", "forbid", "give", "grant", "let", "make", "may", "must", "only", "remove", "revoke",
    "should", "take", "nobody",
];

/// `set permission 644 on`, `make … executable`, `change the owner of … to`: before filters read the same words.
pub(super) fn rights(scan: &mut Scan<'_>, query: &mut Query) {
    // `files the group can write` are looked for, `let the group write` changes them.
    let changes = !scan.has(c::FIND) && !scan.has(c::SHOW) && !scan.has(c::COUNT) && scan.has_text(&CHANGING);
    if changes && let Some(mode) = permission::mode(scan) {
        query.action = Action::Chmod(mode);
        return;
    }
    chmod(scan, query);
    if query.action == Action::List {
        chown(scan, query);
    }
}

fn is_mode(scan: &Scan<'_>, at: usize) -> bool {
    let token = &scan.tokens[at];
    scan.is_free(at)
        && (token.shape == Shape::Mode
            || is_symbolic(&token.raw)
            || matches!(token.raw.len(), 3 | 4) && token.raw.bytes().all(|b| (b'0'..=b'7').contains(&b))
            || is_variable(&token.raw))
}

// `u=rwx,go=rx`
fn is_symbolic(raw: &str) -> bool {
    raw.contains(['=', '+'])
        && raw.split(',').all(|part| {
            part.split_once(['+', '-', '=']).is_some_and(|(who, what)| {
                who.chars().all(|c| "ugoa".contains(c)) && what.chars().all(|c| "rwxXst".contains(c))
            })
        })
}

fn chmod(scan: &mut Scan<'_>, query: &mut Query) {
    if should(scan, query) {
        return;
    }
    let verb = (0..scan.tokens.len()).find(|at| {
        scan.is_free(*at)
            && (matches!(
                scan.text(*at),
                "chmod"
                    | "set"
                    | "give"
                    | "grant"
                    | "assign"
                    | "modify"
                    | "alter"
                    | "apply"
                    | "changing"
                    | "setting"
                    | "setup"
                    | "add"
                    | "remove"
                    | "revoke"
            ) || scan.is_at(Some(*at), &[c::CHANGE, c::CREATE])
                || scan.text(*at).starts_with("change"))
    });
    let Some(verb) = verb else { return };
    special(scan, query, verb);
    if query.action != Action::List {
        return;
    }
    let noun = (0..scan.tokens.len())
        .find(|at| scan.is_free(*at) && (scan.tokens[*at].is(c::PERMISSION) || scan.text(*at) == "chmod"));
    // `set … whose permission is 551` asks for files, it sets nothing.
    let told = noun.is_some_and(|noun| {
        (verb.min(noun)..noun)
            .any(|at| matches!(scan.text(at), "whose" | "which" | "that" | "having" | "with" | "have" | "has"))
            && !(noun..scan.tokens.len())
                .any(|at| scan.is_at(Some(at), &[c::TO]) && scan.next(at).is_some_and(|next| is_mode(scan, next)))
    });
    // `whose permissions are set to 644`
    let stated = noun.is_some_and(|noun| verb > noun && scan.says(Scan::previous(noun), &["whose", "their", "having"]));
    if told || stated {
        return;
    }
    if let Some(noun) = noun {
        let to = (verb..scan.tokens.len())
            .find(|at| scan.is_at(Some(*at), &[c::TO]) && scan.next(*at).is_some_and(|next| is_mode(scan, next)));
        let mode = to.map(|to| to + 1).or_else(|| {
            // `with permission 777 to 644`: the one behind `to` is set.
            let modes: Vec<usize> = (verb.min(noun)..scan.tokens.len()).filter(|at| is_mode(scan, *at)).collect();
            modes.into_iter().min_by_key(|at| at.abs_diff(noun))
        });
        if let Some(mode) = mode {
            query.action = Action::Chmod(scan.tokens[mode].raw.clone());
            for word in [Some(verb), Some(noun), Some(mode), to].into_iter().flatten() {
                scan.take(word);
            }
            scan.take_all_text(&["it", "numeric", "octal"]);
            return;
        }
        if let Some((words, letters)) = granted(scan, verb, noun) {
            query.action = Action::Chmod(letters);
            scan.take_each(words);
        }
        return;
    }
    if scan.tokens[verb].is(c::CREATE) && scan.has(c::EXECUTABLE) {
        scan.take(verb);
        scan.take_any(&[c::EXECUTABLE]);
        query.action = Action::Chmod("+x".to_owned());
    } else if scan.tokens[verb].is(c::CREATE) && scan.find_text(&["read-only", "readonly"]).is_some() {
        scan.take(verb);
        scan.take_all_text(&["read-only", "readonly"]);
        query.action = Action::Chmod("a-w".to_owned());
    }
}

// `should not be executable for anybody`
fn should(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let Some(at) = (0..scan.tokens.len()).find(|at| matches!(scan.text(*at), "should" | "must" | "shall")) else {
        return false;
    };
    let found = (at + 1..scan.tokens.len()).take(4).find_map(|word| {
        let bit = match scan.text(word) {
            "executable" => 'x',
            "readable" => 'r',
            "writable" | "writeable" => 'w',
            _ => return None,
        };
        Some((word, bit))
    });
    let Some((word, bit)) = found else { return false };
    let not = (at..word).find(|not| scan.is_no(*not));
    let mut hands = String::new();
    for hand in word + 1..scan.tokens.len().min(word + 7) {
        hands.push_str(match scan.text(hand) {
            "owner" | "user" | "me" => "u",
            "group" => "g",
            "others" | "other" => "o",
            "everyone" | "everybody" | "anybody" | "anyone" | "all" => "a",
            "by" | "for" | "and" | "or" | "the" | "its" => "",
            _ => break,
        });
        scan.take(hand);
    }
    if hands.is_empty() || hands.contains('a') {
        "a".clone_into(&mut hands);
    }
    scan.take_each([word].into_iter().chain(not));
    query.action = Action::Chmod(format!("{hands}{}{bit}", if not.is_some() { '-' } else { '+' }));
    true
}

// `set the setgid bit of …`
fn special(scan: &mut Scan<'_>, query: &mut Query, verb: usize) {
    if scan.text(verb) != "set" && scan.text(verb) != "add" {
        return;
    }
    let bit = |text: &str| {
        Some(match text.to_ascii_lowercase().as_str() {
            "suid" | "setuid" => "u+s",
            "sgid" | "setgid" => "g+s",
            "sticky" => "+t",
            _ => return None,
        })
    };
    let Some((at, mode)) =
        (verb + 1..scan.tokens.len()).take(3).find_map(|at| bit(scan.text(at)).map(|mode| (at, mode)))
    else {
        return;
    };
    scan.take_span(verb, at);
    scan.take_all_text(&["bit", "bits"]);
    query.action = Action::Chmod(mode.to_owned());
}

// `give the group write permission`, `remove execute permission for others`
fn granted(scan: &Scan<'_>, verb: usize, noun: usize) -> Option<(Vec<usize>, String)> {
    let takes = matches!(scan.text(verb), "remove" | "revoke");
    if !takes && !matches!(scan.text(verb), "give" | "grant" | "add" | "set") {
        return None;
    }
    let mut words = vec![verb, noun];
    let (mut who, mut what) = (String::new(), String::new());
    for at in verb + 1..scan.tokens.len().min(noun + 8) {
        let letter = match scan.text(at) {
            "read" => Some('r'),
            "write" => Some('w'),
            "execute" | "executable" | "execution" => Some('x'),
            _ => None,
        };
        let hand = match scan.text(at) {
            "owner" | "user" => Some('u'),
            "group" => Some('g'),
            "others" | "other" => Some('o'),
            "everyone" | "everybody" | "anyone" => Some('a'),
            _ => None,
        };
        if let Some(letter) = letter {
            what.push(letter);
            words.push(at);
        } else if let Some(hand) = hand {
            who.push(hand);
            words.push(at);
        }
    }
    (!what.is_empty()).then(|| (words, format!("{who}{}{what}", if takes { '-' } else { '+' })))
}

// `change the owner of … to alice`, `chown … to alice:staff`
fn chown(scan: &mut Scan<'_>, query: &mut Query) {
    let changes = (0..scan.tokens.len()).find(|at| {
        scan.is_free(*at)
            && (scan.is_at(Some(*at), &[c::CHANGE])
                || matches!(scan.text(*at), "chown" | "chgrp" | "set" | "give" | "hand")
                || scan.text(*at).starts_with("change"))
    });
    let Some(verb) = changes else { return };
    let tool = matches!(scan.text(verb), "chown" | "chgrp");
    let noun = (verb + 1..scan.tokens.len()).take(4).find(|at| !tool && scan.is_at(Some(*at), &[c::OWNER, c::GROUP]));
    let given = noun.is_none() && matches!(scan.text(verb), "give" | "hand");
    if noun.is_none() && !tool && !given {
        return;
    }
    let Some(to) = (verb + 1..scan.tokens.len()).rev().find(|at| scan.is_free(*at) && scan.is_at(Some(*at), &[c::TO]))
    else {
        return;
    };
    let mut value = scan.after(to);
    let mut to_group = false;
    let mut to_user = false;
    while value.is_some_and(|word| scan.is_at(Some(word), &[c::USER, c::GROUP, c::OWNER])) {
        to_group |= scan.is_at(value, &[c::GROUP]);
        to_user |= scan.is_at(value, &[c::USER, c::OWNER]);
        value = value.and_then(|word| scan.after(word));
    }
    let Some(value) = value.filter(|word| matches!(scan.tokens[*word].shape, Shape::Word | Shape::Quoted)) else {
        return;
    };
    // `give x to the group web`
    if given && !to_group && !to_user {
        return;
    }
    let who = scan.tokens[value].raw.clone();
    let group =
        scan.text(verb) == "chgrp" || given && to_group || noun.is_some_and(|noun| scan.tokens[noun].is(c::GROUP));
    let both = noun.is_some_and(|noun| scan.is_at(scan.after(noun), &[c::GROUP, c::OWNER]) && !tool);
    if both {
        if let Some(second) = noun.and_then(|noun| scan.after(noun)) {
            scan.take(second);
        }
        query.action = Action::Chown(if who.contains(':') { who } else { format!("{who}:{who}") });
    } else {
        query.action = if group { Action::Chgrp(who) } else { Action::Chown(who) };
    }
    scan.take(verb);
    scan.take_all_text(&["over"]);
    scan.take_each(noun);
    scan.take_span(to, value);
}
