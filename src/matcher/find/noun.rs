//! Which kind of file is meant.

use super::query::{Action, Query, Target, Test};
use crate::matcher::scan::Scan;
use crate::normalize::{Class, concept as c};

// `what changed in the last hour`, `what has been modified today`
fn asks_what(scan: &mut Scan<'_>) -> bool {
    let opens = scan.tokens.first().is_some_and(|token| matches!(token.text.as_str(), "what" | "what changed"));
    let elsewhere = [c::COMMIT, c::BRANCH, c::REPO, c::STAGE].iter().any(|concept| scan.has(*concept));
    let changed = scan.is_text(Some(0), &["what changed"]) || scan.has(c::MODIFIED) || scan.has(c::ACCESSED);
    if opens && changed && !elsewhere {
        scan.take(0);
    }
    opens && changed && !elsewhere
}

/// The kind of file that is meant, by its noun. True when there is one.
pub(super) fn noun(scan: &mut Scan<'_>, query: &mut Query, named: bool) -> bool {
    let mut file = false;
    let mut strict = false;
    while let Some(at) = scan.position(c::FILE) {
        file = true;
        let text = scan.text(at);
        strict |=
            text.contains("regular") || text.contains("normal") || text.contains("ordinary") || text.contains("plain");
        scan.take(at);
    }
    for word in ["regular", "normal", "ordinary"] {
        strict |= file && scan.take_text(&[word]).is_some();
    }
    // `a file in every folder`: both are only meant when they are named together.
    let beside = |scan: &Scan<'_>, at: usize| {
        [
            Scan::previous(at),
            scan.next(at),
            Scan::previous(at).and_then(Scan::previous),
            scan.next(at).and_then(|next| scan.next(next)),
        ]
        .into_iter()
        .flatten()
        .any(|near| scan.tokens[near].is(c::FILE))
    };
    // `count files in folder`: the one there is.
    let here = (1..scan.tokens.len()).find(|at| {
        file && scan.is_free(*at)
            && scan.tokens[*at].is(c::FOLDER)
            && !scan.tokens[*at].raw.ends_with('s')
            && scan.is_in(*at)
            && scan.next(*at).is_none_or(|next| scan.tokens[next].class <= Class::Cue)
    });
    if let Some(at) = here.filter(|_| query.places.is_empty()) {
        scan.take(at);
    }
    let together = (0..scan.tokens.len())
        .find(|at| scan.is_free(*at) && scan.tokens[*at].is(c::FOLDER))
        .filter(|at| !file || beside(scan, *at));
    let folder = together.is_some();
    if let Some(at) = together {
        scan.take(at);
        while let Some(more) = scan.position(c::FOLDER).filter(|more| beside(scan, *more) || !file) {
            scan.take(more);
        }
    }
    let special = [
        (&["socket", "sockets"][..], Target::Socket),
        (&["fifo", "fifos", "pipe", "pipes"], Target::Pipe),
        (&["block"], Target::BlockDevice),
        (&["character"], Target::CharacterDevice),
    ]
    .into_iter()
    .filter(|(words, _)| words.len() > 1 || scan.find_text(&["special", "device", "devices"]).is_some())
    .collect::<Vec<_>>()
    .into_iter()
    .find_map(|(words, target)| scan.take_text(words).map(|_| target));
    if special.is_some() {
        scan.take_all_text(&["special", "device", "devices", "named"]);
    }
    let link = special.is_none()
        && !folder
        && scan.position(c::LINK).is_some()
        && !query.any(|test| matches!(test, Test::Links(..) | Test::SameFile(_)));
    if link {
        scan.take_word(c::LINK);
        scan.take_all_text(&["symbolic", "soft"]);
    }
    let whatever = scan.tokens.iter().any(|token| {
        matches!(token.text.as_str(), "everything" | "whatever" | "anything" | "things" | "items" | "stuff")
    });
    let denied = query.clauses.iter().any(|clause| clause.not);
    // What lies in a folder may be just what should stay, and its time says nothing of the files in it.
    let timed = query.any(|test| matches!(test, Test::Time(..)));
    let careful = denied || timed && (query.acts() || scan.has(c::DELETE));
    let anything = !file && !folder && whatever;
    query.strict = strict;
    query.target = match (file, folder, link) {
        _ if query.any(|test| *test == Test::Broken) => Target::Link,
        _ if special.is_some() => special.unwrap_or(Target::Any),
        (false, _, true) | (true, false, true) => Target::Link,
        (true, true, _) => Target::Any,
        (false, true, _) => Target::Folder,
        (true, false, _) => Target::File,
        _ if anything && !careful => Target::Any,
        _ if named || query.is_filtered() || query.action != Action::List => Target::File,
        _ => Target::Any,
    };
    if query.any(|test| matches!(test, Test::Mode(_))) && scan.take_word(c::PACKAGE).is_some() {
        file = true;
    }
    let asked = timed && asks_what(scan);
    let named_files = scan.tokens.iter().any(|token| token.text.ends_with(" file") || token.text.ends_with(" files"));
    file || folder
        || link
        || query.chosen.is_some() && whatever
        || query.is_filtered()
            && scan.tokens.iter().any(|token| matches!(token.text.as_str(), "everything" | "whatever" | "anything"))
        || special.is_some()
        || asked
        || named_files
        || query.any(|test| matches!(test, Test::SameFile(_) | Test::Inode(_) | Test::Broken))
}
