//! Clauses (`the group may write`, `remove execute from others`) and the symbolic mode that says them.

use super::word::{self, ALL, EXECUTE, GROUP, OTHERS, OWNER, READ, WRITE, Word};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Give,
    Take,
    /// These rights and no others.
    Set,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clause {
    /// Nobody in particular is 0.
    who: u8,
    what: u8,
    change: Change,
    /// These people and nobody else.
    only: bool,
}

/// The clauses of a question and the tokens they are made of.
pub(super) struct Reading {
    clauses: Vec<Clause>,
    pub(super) words: Vec<usize>,
    /// Somebody is given a right: `make it executable for me only`, not `only i may execute it`.
    given: bool,
}

// People or rights that stand together.
#[derive(Debug, Clone, Copy)]
enum Part {
    Who { bits: u8, only: bool },
    What { bits: u8, exactly: bool },
}

const ASKING: [&str; 12] = ["are", "can", "do", "does", "find", "how", "is", "list", "show", "what", "which", "who"];

/// Reads the clauses; `None` when there is none, or when they do not fit together.
pub(super) fn read(scan: &Scan<'_>) -> Option<Reading> {
    // `which files may the group read` asks; `the user maria` is one of many, whom a mode does not know.
    if scan.is_text(Some(0), &ASKING) || (0..scan.tokens.len()).any(|at| is_somebody(scan, at)) {
        return None;
    }
    let words: Vec<(usize, Word)> = (0..scan.tokens.len())
        .filter(|at| scan.is_free(*at))
        .filter_map(|at| Some((at, word::of(scan, at)?)))
        .collect();
    let mut parts: Vec<(Part, Option<Change>)> = Vec::new();
    let mut change: Option<Change> = None;
    let mut nobody = false;
    let mut but = false;
    let mut access = false;
    let mut full = false;
    for (place, (_, word)) in words.iter().enumerate() {
        match word {
            Word::Give if change.is_none() => change = Some(Change::Give),
            Word::Take => change = Some(Change::Take),
            Word::Give | Word::Only => {}
            Word::Nobody => nobody = true,
            Word::But => but = true,
            Word::Access => access = true,
            Word::Full => full = true,
            Word::Who(bits) => {
                let only = nobody && but || place > 0 && words[place - 1].1 == Word::Only;
                match parts.last_mut() {
                    Some((Part::Who { bits: known, only: first }, None)) if change.is_none() => {
                        *known |= bits;
                        *first |= only;
                    }
                    _ => parts.push((Part::Who { bits: *bits, only }, change.take())),
                }
            }
            Word::What(bits) | Word::Exactly(bits) => {
                let after_only = place > 0 && words[place - 1].1 == Word::Only;
                let before_only = words.get(place + 1).is_some_and(|next| next.1 == Word::Only)
                    && !matches!(words.get(place + 2), Some((_, Word::Who(_))));
                let exactly = matches!(word, Word::Exactly(_)) || after_only || before_only;
                match parts.last_mut() {
                    Some((Part::What { bits: known, exactly: first }, None | Some(_))) if change.is_none() => {
                        *known |= bits;
                        *first |= exactly;
                    }
                    _ => parts.push((Part::What { bits: *bits, exactly }, change.take())),
                }
            }
        }
    }
    if full || access && !parts.iter().any(|(part, _)| matches!(part, Part::What { .. })) {
        // `no access for others` takes everything; `access for the group` does not say which.
        let takes = change == Some(Change::Take) || parts.iter().any(|(_, change)| *change == Some(Change::Take));
        let shut = nobody || parts.iter().any(|(part, _)| matches!(part, Part::Who { only: true, .. }));
        if parts.iter().any(|(part, _)| matches!(part, Part::What { .. })) || !(full || takes || shut) {
            return None;
        }
        parts.push((Part::What { bits: READ | WRITE | EXECUTE, exactly: false }, None));
    }
    let mut clauses = clauses(&parts)?;
    if nobody && !but {
        let [clause] = &mut clauses[..] else { return None };
        if clause.who != 0 {
            return None;
        }
        (clause.who, clause.change) = (ALL, Change::Take);
    }
    // `not for others` with no verb of its own at the end.
    if let (Some(Change::Take), [clause]) = (change, &mut clauses[..]) {
        clause.change = Change::Take;
    }
    // A right alone, with nobody who has it and nothing that is done with it, may be anything: `run notes.sh`.
    let said = clauses.iter().any(|clause| clause.who != 0) || words.iter().any(|(at, _)| is_adjective(scan, *at));
    if clauses.is_empty() || !said {
        return None;
    }
    let given = !nobody && !scan.has_text(&["may", "can", "should", "must", "allowed", "able", "able to"]);
    Some(Reading { clauses, words: words.into_iter().map(|(at, _)| at).collect(), given })
}

fn is_somebody(scan: &Scan<'_>, at: usize) -> bool {
    let name = scan.after(at).map(|next| &scan.tokens[next]);
    scan.is_text(Some(at), &["user", "group"])
        && name.is_some_and(|name| name.class == Class::Unknown && name.shape == Shape::Word)
}

fn is_adjective(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_text(
        Some(at),
        &[
            "readable",
            "writable",
            "writeable",
            "executable",
            "runnable",
            "permission",
            "permissions",
            "access",
            "rights",
        ],
    )
}

// People and rights, whichever come first, in pairs; people without rights share those before them.
fn clauses(parts: &[(Part, Option<Change>)]) -> Option<Vec<Clause>> {
    let mut clauses: Vec<Clause> = Vec::new();
    let mut rest = parts;
    while let Some(((first, change), more)) = rest.split_first() {
        let second = more.first().filter(|(second, _)| {
            matches!((first, second), (Part::Who { .. }, Part::What { .. }) | (Part::What { .. }, Part::Who { .. }))
        });
        let (who, what) = match (first, second.map(|(second, _)| second)) {
            (Part::Who { bits, only }, Some(Part::What { bits: what, exactly }))
            | (Part::What { bits: what, exactly }, Some(Part::Who { bits, only })) => {
                ((*bits, *only), (*what, *exactly))
            }
            (Part::Who { bits, only }, _) => ((*bits, *only), (clauses.last()?.what, false)),
            (Part::What { bits, exactly }, _) if parts.len() == 1 => ((0, false), (*bits, *exactly)),
            (Part::What { .. }, _) => return None,
        };
        let said = change.or(second.and_then(|(_, change)| *change));
        let inherited = clauses.last().map_or(Change::Give, |before| before.change);
        let change = if what.1 { Change::Set } else { said.unwrap_or(inherited) };
        clauses.push(Clause { who: who.0, what: what.0, change, only: who.1 });
        rest = &more[usize::from(second.is_some())..];
    }
    Some(clauses)
}

impl Reading {
    /// The clauses as a symbolic mode, for folders with all they contain when `recursive`; `None` when they contradict
    /// each other.
    pub(super) fn mode(&self, recursive: bool) -> Option<String> {
        if let [clause] = self.clauses[..] {
            return if clause.only { only(clause, self.given) } else { Some(single(clause, recursive)) };
        }
        if self.clauses.iter().any(|clause| clause.only || clause.who == 0) {
            return None;
        }
        let mut seen = 0;
        let mut modes = Vec::new();
        let all_given = self.clauses.iter().all(|clause| clause.change != Change::Take);
        for clause in &self.clauses {
            // The same people twice would undo what was said first.
            if seen & clause.who != 0 {
                return None;
            }
            seen |= clause.who;
            let change = if all_given { Change::Set } else { clause.change };
            modes.push(format!("{}{}{}", people(clause.who), sign(change), rights(clause.what)));
        }
        Some(modes.join(","))
    }
}

fn single(clause: Clause, recursive: bool) -> String {
    let who = match (clause.who, clause.change) {
        // `+x` heeds the umask, as everybody expects; `a-x` must not.
        (0, Change::Give) => String::new(),
        (0, _) => "a".to_owned(),
        (who, _) => people(who),
    };
    // Reading a folder takes the right to enter it.
    let enter = recursive && clause.change == Change::Give && clause.what & READ != 0 && clause.what & EXECUTE == 0;
    format!("{who}{}{}{}", sign(clause.change), rights(clause.what), if enter { "X" } else { "" })
}

// `only the owner may read`: what the others lose, and what the owner must have.
// Who is given a right alone takes none from others.
fn only(clause: Clause, given: bool) -> Option<String> {
    if clause.change == Change::Take || clause.who == ALL || clause.who & OWNER == 0 {
        return None;
    }
    let others = people(ALL & !clause.who);
    Some(match clause.what {
        what if what & (READ | WRITE) == READ | WRITE => {
            if what & EXECUTE != 0 {
                format!("{others}-rwx")
            } else {
                format!("{}=rw,{others}=", people(clause.who))
            }
        }
        READ => format!("{others}-rwx"),
        WRITE => format!("{others}-w"),
        EXECUTE if given => format!("{}+x", people(clause.who)),
        EXECUTE => format!("{}+x,{others}-x", people(clause.who)),
        what => format!("{}+{what},{others}-{what}", people(clause.who), what = rights(what)),
    })
}

const fn sign(change: Change) -> char {
    match change {
        Change::Give => '+',
        Change::Take => '-',
        Change::Set => '=',
    }
}

fn people(who: u8) -> String {
    if who == ALL {
        return "a".to_owned();
    }
    [(OWNER, 'u'), (GROUP, 'g'), (OTHERS, 'o')]
        .into_iter()
        .filter(|(bit, _)| who & bit != 0)
        .map(|(_, letter)| letter)
        .collect()
}

fn rights(what: u8) -> String {
    [(READ, 'r'), (WRITE, 'w'), (EXECUTE, 'x')]
        .into_iter()
        .filter(|(bit, _)| what & bit != 0)
        .map(|(_, letter)| letter)
        .collect()
}
