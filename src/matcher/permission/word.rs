//! What a word says about rights: whose they are, which they are, whether they are given or taken.

use crate::matcher::scan::Scan;
use crate::normalize::{Shape, concept as c};

pub(super) const OWNER: u8 = 1;
pub(super) const GROUP: u8 = 2;
pub(super) const OTHERS: u8 = 4;
pub(super) const ALL: u8 = OWNER | GROUP | OTHERS;

pub(super) const READ: u8 = 4;
pub(super) const WRITE: u8 = 2;
pub(super) const EXECUTE: u8 = 1;

/// A word of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Whose rights, as bits.
    Who(u8),
    /// Which rights, as bits.
    What(u8),
    /// `read-only`: these rights and no others.
    Exactly(u8),
    Give,
    Take,
    Only,
    /// `nobody`: all, if no `but me` follows.
    Nobody,
    /// `but`, `except`.
    But,
    /// `full`, `all rights`: every right.
    Full,
    /// `access`, `rights`: what is given or taken when no right is named.
    Access,
}

/// What the token there says; `None` for a word of something else.
pub(super) fn of(scan: &Scan<'_>, at: usize) -> Option<Word> {
    let token = &scan.tokens[at];
    if token.shape != Shape::Word && token.text != "." {
        return None;
    }
    let text = token.text.to_lowercase();
    let after = scan.after(at);
    let before = scan.before(at);
    Some(match text.as_str() {
        "owner" | "myself" => Word::Who(OWNER),
        "me" | "i" if (0..at).rev().take(3).any(|near| is_barrier(scan, near)) => Word::Who(OWNER),
        "user" if !scan.is_text(before, &["other", "all", "every", "any", "each"]) => Word::Who(OWNER),
        "group" => Word::Who(GROUP),
        "others" | "other" | "world" | "strangers" | "outsiders" => Word::Who(OTHERS),
        "rest" if scan.tokens[..at].iter().any(|token| token.text == "the") => Word::Who(OTHERS),
        "everyone" | "everybody" | "anyone" | "anybody" | "public" | "publicly" => {
            Word::Who(if scan.is_text(after, &["else"]) { OTHERS } else { ALL })
        }
        "all" if scan.is_at(after, &[c::USER]) || scan.is_text(after, &["people"]) => Word::Who(ALL),
        "else" => Word::Who(0),
        "nobody" | "noone" | "no one" => Word::Nobody,
        "but" | "except" | "other than" | "apart from" | "besides" | "except for" => Word::But,
        "read" | "readable" | "reading" | "reads" => Word::What(READ),
        "write" | "writable" | "writeable" | "writing" | "writes" | "editable" => Word::What(WRITE),
        "modify" | "edit" | "change" if !is_about_rights(scan, at) => Word::What(WRITE),
        "execute" | "executable" | "execution" | "executing" | "executed" | "run" | "runnable" => Word::What(EXECUTE),
        "read-only" | "readonly" => Word::Exactly(READ),
        "only" | "solely" | "exclusively" => Word::Only,
        "nothing" | "none" => Word::Exactly(0),
        "full" | "complete" => Word::Full,
        "all" | "any" | "every"
            if scan.is_at(after, &[c::PERMISSION]) || scan.is_text(after, &["access", "privileges"]) =>
        {
            Word::Full
        }
        "access" | "permission" | "permissions" | "rights" | "privileges" => Word::Access,
        "give" | "grant" | "allow" | "let" | "add" | "permit" | "may" | "can" | "enable" => Word::Give,
        "remove" | "revoke" | "take" | "forbid" | "deny" | "disallow" | "prevent" | "withdraw" | "strip" | "drop"
        | "delete" | "disable" | "block" | "no" | "not" | "without" | "isn't" | "never" | "no longer" | "don't"
        | "cannot" | "stop" | "aren't" | "doesn't" => Word::Take,
        _ => return letters(&text).map(Word::What),
    })
}

// `only me`, `nobody but i`.
fn is_barrier(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_text(Some(at), &["only", "but", "except", "other than", "apart from", "besides", "solely"])
}

// `change the permissions` changes no file.
fn is_about_rights(scan: &Scan<'_>, at: usize) -> bool {
    (at + 1..scan.tokens.len()).take(3).any(|near| scan.is_at(Some(near), &[c::PERMISSION, c::OWNER]))
}

// `rwx`, `rw`, `rx`; a single letter is more likely something else.
fn letters(text: &str) -> Option<u8> {
    if !(2..=3).contains(&text.len()) {
        return None;
    }
    text.chars().try_fold(0, |bits, letter| {
        let bit = match letter {
            'r' => READ,
            'w' => WRITE,
            'x' => EXECUTE,
            _ => return None,
        };
        (bits & bit == 0).then_some(bits | bit)
    })
}
