//! What is made of several folders or files at once: folders with the same folder in each, files numbered one after the other.

use super::knowledge::Dialect;
use super::scan::Scan;
use super::{Candidate, find};
use crate::normalize::{Class, Shape, Token, concept as c};
use crate::shell::{Shell, quote_path};

/// The intents composed here.
pub(super) const INTENTS: [&str; 2] = ["files.make-folders-in-each", "files.number"];

/// The answer to such a question; `None` when it is none.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    in_each(tokens, dialect, shell).or_else(|| numbered(tokens, dialect, shell))
}

fn candidate(intent: &'static str, command: String, explanation: String, scan: &Scan<'_>) -> Candidate {
    Candidate {
        blanks: Vec::new(),
        intent,
        command,
        explanation,
        explained: scan.explained,
        unexplained: scan.unexplained(),
        doubt: scan.doubt,
    }
}

// `make folders a, b and c, each with a folder x in it`
fn in_each(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let made = scan.take_text(&["mkdir"]);
    let create = made.or_else(|| scan.take_word(c::CREATE))?;
    let folder = made.or_else(|| (create + 1..tokens.len()).find(|at| tokens[*at].is(c::FOLDER)))?;
    let each = (folder + 1..tokens.len()).find(|at| matches!(tokens[*at].text.as_str(), "each" | "every"))?;
    let with =
        scan.after(each).filter(|with| scan.is_at(Some(*with), &[c::WITH, c::CONTAIN]) || tokens[*with].text == "with");
    let outer = names(&scan, folder + 1, each);
    let inner = names(&scan, with.unwrap_or(each) + 1, tokens.len());
    if outer.len() < 2 || inner.is_empty() || inner.len() > 4 {
        return None;
    }
    scan.take_all([folder, each].into_iter().chain(with));
    scan.take_all(outer.iter().chain(&inner).copied());
    while scan.take_any(&[c::FOLDER, c::NEW, c::EMPTY]).is_some() {}
    let join = |outer: &usize, inner: &usize| {
        let path = format!("{}/{}", tokens[*outer].raw.trim_end_matches('/'), tokens[*inner].raw);
        quote_path(shell, &path).into_owned()
    };
    let paths: Vec<String> = outer.iter().flat_map(|outer| inner.iter().map(move |inner| join(outer, inner))).collect();
    let command = match dialect {
        Dialect::Gnu | Dialect::Bsd => format!("mkdir -p {}", paths.join(" ")),
        Dialect::PowerShell => format!("New-Item -ItemType Directory -Force {}", paths.join(", ")),
        Dialect::Cmd => format!("mkdir {}", paths.join(" ").replace('/', "\\")),
    };
    let explanation = format!("Makes the folders {}", paths.join(", "));
    Some(candidate(INTENTS[0], command, explanation, &scan))
}

// Words that can be names of folders, up to the first that cannot.
fn names(scan: &Scan<'_>, from: usize, to: usize) -> Vec<usize> {
    let mut names = Vec::new();
    for at in from..to {
        let token = &scan.tokens[at];
        if scan.is_at(Some(at), &[c::IN, c::NAMED]) && !names.is_empty() {
            break;
        }
        let noise =
            token.class <= Class::Cue || [c::FOLDER, c::NEW, c::EMPTY, c::NAMED].iter().any(|noun| token.is(*noun));
        // `a`, `b`: one letter is a name in a list.
        let letter = token.raw.len() == 1
            && token.class == Class::Stop
            && scan.tokens.get(at + 1).is_some_and(|next| next.pause || next.text == "and");
        if noise && !letter {
            continue;
        }
        if !matches!(
            token.shape,
            Shape::Word | Shape::Quoted | Shape::Path | Shape::FileName | Shape::Number(_) | Shape::Date
        ) || token.text.contains(' ') && token.shape != Shape::Quoted
        {
            break;
        }
        names.push(at);
    }
    names
}

// `rename the songs in disc to song1, song2 …`: a name, a number and what the name ended in.
fn numbered(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    if !matches!(dialect, Dialect::Gnu | Dialect::Bsd) || shell == Shell::Fish {
        return None;
    }
    let mut scan = Scan::new(tokens);
    let verb = tokens.iter().position(|token| token.class > Class::Cue).filter(|at| {
        tokens[*at].is(c::RENAME) || matches!(tokens[*at].text.as_str(), "number" | "enumerate" | "renumber")
    })?;
    let first = (verb..tokens.len().saturating_sub(1)).find(|at| follows(&tokens[*at].raw, &tokens[at + 1].raw))?;
    let (prefix, digits) = split(&tokens[first].raw)?;
    scan.take(verb);
    let mut last = first;
    while last + 1 < tokens.len()
        && (split(&tokens[last + 1].raw).is_some_and(|(next, _)| next == prefix)
            || tokens[last + 1].raw.starts_with("..")
            || tokens[last + 1].raw == "…")
    {
        last += 1;
    }
    let cue = first.checked_sub(1).filter(|cue| scan.is_at(Some(*cue), &[c::TO, c::AS, c::NAMED]))?;
    scan.take_all(cue..=last);
    // `and so on`, `and keep their endings`
    for (at, token) in tokens.iter().enumerate().skip(last + 1) {
        let rest = [c::EXTENSION, c::ON].iter().any(|known| token.is(*known))
            || matches!(
                token.text.as_str(),
                "keep"
                    | "keeping"
                    | "endings"
                    | "ending"
                    | "so"
                    | "etc"
                    | "retain"
                    | "preserve"
                    | "preserving"
                    | "on"
                    | "forth"
            );
        if rest {
            scan.take(at);
        }
    }
    let rest: Vec<Token> = (0..tokens.len()).filter(|at| scan.is_free(*at)).map(|at| tokens[at].clone()).collect();
    let (search, folder) = find::flat_search(&rest, dialect, shell)?;
    let number = if digits.len() > 1 { format!("$(printf %0{}d \"$n\")", digits.len()) } else { "$n".to_owned() };
    let stem =
        format!("{}{prefix}", if folder == "." { String::new() } else { format!("{}/", folder.trim_end_matches('/')) });
    if stem.contains(['"', '$', '`', '\\', '!']) || stem.starts_with('~') {
        return None;
    }
    let start: u64 = digits.parse().ok()?;
    let command = format!(
        "n={start}; {} | sort | while IFS= read -r f; do mv -n \"$f\" \"{stem}{number}.${{f##*.}}\"; n=$((n + 1)); done",
        search.command
    );
    scan.explained += search.explained;
    scan.doubt += search.doubt;
    let explanation = format!("Renames the files to {prefix}{digits} and so on, keeping what their names end in");
    let mut found = candidate(INTENTS[1], command, explanation, &scan);
    found.unexplained = search.unexplained;
    Some(found)
}

// A name and the digits at its end.
fn split(name: &str) -> Option<(&str, &str)> {
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let at = name.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let (prefix, digits) = name.split_at(at);
    (!prefix.is_empty() && !digits.is_empty()).then_some((prefix, digits))
}

// `song1` and `song2`.
fn follows(first: &str, second: &str) -> bool {
    let (Some((a, one)), Some((b, two))) = (split(first), split(second)) else { return false };
    a == b && matches!((one.parse::<u64>(), two.parse::<u64>()), (Ok(one), Ok(two)) if two == one + 1)
}
