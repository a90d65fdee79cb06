//! Permissions and other qualities of a file: `mode 644`, `world writable`, `setuid`, empty, executable, hidden.

use super::query::{Mode, Name, Query, Test};
use super::words::EVERYONE;
use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

/// Reads what the mode of a file must be.
pub(super) fn modes(scan: &mut Scan<'_>, query: &mut Query) {
    special_bits(scan, query);
    numbers(scan, query);
    while named_bits(scan, query) {}
}

// setuid, setgid, sticky
fn special_bits(scan: &mut Scan<'_>, query: &mut Query) {
    let mut found: Vec<(usize, u32)> = Vec::new();
    for at in 0..scan.tokens.len() {
        let bit = match scan.tokens[at].raw.to_ascii_lowercase().as_str() {
            "suid" | "setuid" | "set-uid" | "s-bit" => 4000,
            "sgid" | "setgid" | "set-gid" => 2000,
            "sticky" => 1000,
            _ => continue,
        };
        if scan.is_free(at) {
            found.push((at, bit));
        }
    }
    for (words, bit) in [(["set", "user", "id"], 4000), (["set", "group", "id"], 2000)] {
        if let Some((from, to)) = scan.find_run(&[&[words[0]], &[words[1]], &[words[2]]]) {
            scan.take_span(from, to);
            found.push((to, bit));
        }
    }
    let (Some((first, _)), Some((last, _))) = (found.first().copied(), found.last().copied()) else { return };
    let not = scan.take_negation(first);
    let either = (first..last).any(|at| scan.text(at) == "or");
    let sum: u32 = found.iter().map(|(_, bit)| bit).sum();
    let mode = if either { Mode::Any(sum.to_string()) } else { Mode::All(sum.to_string()) };
    query.add(Test::Mode(mode), not, (first, last));
    for (at, _) in found {
        scan.take(at);
    }
    scan.take_all_text(&["bit", "bits", "set", "enabled", "flag", "flags"]);
    scan.take_any(&[c::PERMISSION]);
}

fn is_octal(raw: &str) -> bool {
    matches!(raw.len(), 3 | 4) && raw.bytes().all(|b| (b'0'..=b'7').contains(&b))
}

// `permission 644`, `755 permissions`, `mode u=rw`, `rwxr-xr-x`
fn numbers(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        let raw = scan.tokens[at].raw.clone();
        if !scan.is_free(at) {
            continue;
        }
        let mode = if is_octal(&raw) {
            raw
        } else if scan.tokens[at].shape == Shape::Mode && !raw.starts_with(['+', '-']) {
            if raw.contains('=') { raw } else { format!("-{raw}") }
        } else if let Some(octal) = letters(&raw) {
            octal
        } else {
            continue;
        };
        let mut beside = [scan.before_cues(at), scan.after(at)]
            .into_iter()
            .flatten()
            .chain(scan.before_cues(at).and_then(|before| scan.before_cues(before)));
        let Some(noun) = beside.find(|noun| scan.tokens[*noun].is(c::PERMISSION) || scan.text(*noun) == "chmod") else {
            continue;
        };
        let not = scan.take_negation(noun.min(at)) || scan.take_negation(noun.max(at));
        let mode = mode.strip_prefix('-').map_or_else(|| Mode::Exactly(mode.clone()), |all| Mode::All(all.to_owned()));
        query.add(Test::Mode(mode), not, (noun.min(at), noun.max(at)));
        scan.take(noun);
        scan.take(at);
        scan.take_all_text(&["set", "bits"]);
    }
}

// `rwxr-xr-x` in figures.
fn letters(raw: &str) -> Option<String> {
    let letters = raw.as_bytes();
    if letters.len() != 9 {
        return None;
    }
    let mut octal = String::new();
    for three in letters.chunks(3) {
        let mut digit = 0;
        for ((letter, meant), bit) in three.iter().zip(b"rwx").zip([4, 2, 1]) {
            if letter == meant {
                digit += bit;
            } else if *letter != b'-' {
                return None;
            }
        }
        octal.push_str(&digit.to_string());
    }
    Some(octal)
}

fn bit_of(word: &str) -> Option<u32> {
    let word = word
        .split_once('-')
        .filter(|(hand, _)| matches!(*hand, "world" | "group" | "user" | "owner"))
        .map_or(word, |(_, bit)| bit);
    Some(match word {
        "read" | "readable" => 4,
        "write" | "writable" | "writeable" | "write-able" => 2,
        "execute" | "executable" | "exec" | "executed" | "executables" => 1,
        _ => return None,
    })
}

fn who(scan: &Scan<'_>, at: usize) -> Option<(u32, bool)> {
    let text = scan.text(at);
    Some(match text {
        "owner" | "owners" | "user" => (100, false),
        "group" | "groups" => (10, false),
        "others" | "other" | "world" => (1, false),
        _ if EVERYONE.contains(&text) || matches!(text, "users" | "everything") => (111, true),
        _ => return None,
    })
}

// `world writable`, `readable by all`, `write permission for the group`, `that others can read`
fn named_bits(scan: &mut Scan<'_>, query: &mut Query) -> bool {
    let Some(at) = (0..scan.tokens.len())
        .find(|at| scan.is_free(*at) && bit_of(scan.text(*at)).is_some() && is_mode_word(scan, *at))
    else {
        return false;
    };
    let mut words = vec![at];
    let mut bits = bit_of(scan.text(at)).unwrap_or(0);
    let mut end = at;
    // `read and write`
    while let Some(joint) = scan.next(end).filter(|joint| matches!(scan.text(*joint), "and" | "or" | "/"))
        && let Some(bit) = scan.next(joint).and_then(|next| bit_of(scan.text(next)))
    {
        bits |= bit;
        end = joint + 1;
        words.push(end);
    }
    let mut hands = 0;
    let mut all = false;
    let mut any = false;
    for (hand, bits) in [("world-", 1), ("group-", 10), ("user-", 100), ("owner-", 100)] {
        hands |= if scan.text(at).starts_with(hand) { bits } else { 0 };
    }
    // Before: `world writable`, `others can write`, `group-writable`.
    let mut before = Scan::previous(at);
    while before.is_some_and(|word| matches!(scan.text(word), "can" | "may" | "have" | "has" | "is" | "are")) {
        before = before.and_then(Scan::previous);
    }
    if let Some(word) = before.filter(|word| scan.is_free(*word))
        && let Some((hand, every)) = who(scan, word)
            .filter(|_| scan.text(word) != "all" && scan.text(word) != "user" || scan.text(at).ends_with("able"))
        && !scan.is_at(Some(word), &[c::ALL])
    {
        hands |= hand;
        all |= every;
        words.push(word);
    }
    // Behind: `by all`, `permission for the group and others`, `bit set for user`.
    let mut behind = scan.next(end);
    let mut cued = false;
    while let Some(word) = behind {
        let text = scan.text(word);
        if scan.is_at(Some(word), &[c::BY, c::FOR, c::TO, c::OF]) {
            cued = true;
            words.push(word);
        } else if scan.is_at(Some(word), &[c::PERMISSION])
            || ["bit", "bits", "set", "enabled", "access", "only", "permission", "permissions"].contains(&text)
        {
            words.push(word);
        } else if let Some((hand, every)) = who(scan, word).filter(|_| cued) {
            hands |= hand;
            all |= every;
            words.push(word);
        } else if text == "or" && hands != 0 {
            any = scan.next(word).is_some_and(|next| who(scan, next).is_some());
            if !any {
                break;
            }
        } else if !matches!(text, "the" | "their" | "its" | "and" | "a" | "file" | "file's") || text == "file" && !cued
        {
            break;
        }
        behind = scan.next(word);
    }
    let able = scan.text(at).ends_with("able");
    let named =
        able || words.iter().any(|word| {
            scan.is_at(Some(*word), &[c::PERMISSION]) || ["bit", "bits", "access"].contains(&scan.text(*word))
        }) || hands != 0;
    if !named || (at == 0 && !able) {
        // Taken as looked at: it says something else.
        return false;
    }
    let not = scan.take_negation(words.iter().copied().min().unwrap_or(at)) || scan.take_negation(at);
    let test = match (hands, bits) {
        (0, 4) => Test::Readable,
        (0, 2) => Test::Writable,
        (0, 1) => Test::Executable,
        (0, bits) => Test::Mode(Mode::All(format!("{:03}", bits * 100))),
        _ => {
            let hands = if all { 111 } else { hands };
            let octal = format!("{:03}", hands * bits);
            // `lacking x for user, group or others` lacks one of them.
            Test::Mode(if any && !not { Mode::Any(octal) } else { Mode::All(octal) })
        }
    };
    query.add(test, not, (at, end));
    scan.take_each(words);
    true
}

// `read` and `write` are also what is done; they are bits beside a permission or a hand.
fn is_mode_word(scan: &Scan<'_>, at: usize) -> bool {
    scan.text(at).contains("able") && !(scan.has(c::CREATE) && scan.has(c::EXECUTABLE))
        || (at + 1..scan.tokens.len())
            .take(4)
            .any(|next| scan.tokens[next].is(c::PERMISSION) || ["bit", "bits"].contains(&scan.text(next)))
        || scan.says(Scan::previous(at), &["can", "may"])
}

/// Empty, hidden, executable.
pub(super) fn qualities(scan: &mut Scan<'_>, query: &mut Query) {
    if let Some(at) =
        scan.find_text(&["read-only", "readonly"]).map(|at| (at, at)).or_else(|| scan.find_run(&[&["read"], &["only"]]))
        && !scan.has(c::CREATE)
    {
        scan.take_span(at.0, at.1);
        query.add(Test::Mode(Mode::Any("222".to_owned())), true, at);
    }
    if let Some(at) = scan.find_text(&["non-empty", "nonempty"]) {
        scan.take(at);
        query.add(Test::Empty, true, (at, at));
    } else if let Some(at) = scan.take_word(c::EMPTY) {
        let not = scan.take_negation(at);
        query.add(Test::Empty, not, (at, at));
        scan.take_any(&[c::SIZE]);
    }
    if !scan.has(c::CREATE)
        && let Some(at) = scan.take_word(c::EXECUTABLE)
    {
        let not = scan.take_negation(at);
        query.add(Test::Executable, not, (at, at));
    }
    if let Some(at) = scan.take_word(c::HIDDEN) {
        let not = scan.take_negation(at);
        let hidden = Name { glob: ".*".to_owned(), ignore_case: false };
        if not {
            // What lies in a hidden folder is hidden too.
            query.add(Test::Path(Name { glob: "*/.*".to_owned(), ignore_case: false }), true, (at, at));
        } else {
            query.add(Test::Name(hidden), false, (at, at));
        }
    }
}
