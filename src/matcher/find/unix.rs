//! Writes a query for `find`, with the flags GNU and BSD have in common, or each its own.

use super::query::{Action, Exclusion, Query, Target, Test};
use super::words::is_variable;
use super::{unix_action, unix_test};
use crate::matcher::render::path_argument;
use crate::shell::{Shell, quote, quote_path};

/// Whose `find` and `stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavor {
    Gnu,
    Bsd,
}

/// The command line of a query; `None` when this flavor has no way to say it.
pub(super) fn command(query: &Query, flavor: Flavor, shell: Shell) -> Option<String> {
    if let Some(line) = unix_action::plain_grep(query, shell) {
        return Some(line);
    }
    let mut line = String::from("find");
    let broken = query.any(|test| *test == Test::Broken);
    if query.walk.follow || broken && flavor == Flavor::Bsd {
        line.push_str(" -L");
    }
    for place in places(query, shell) {
        push(&mut line, &place);
    }
    // Options come first: find warns about them behind tests.
    if let Some(depth) = query.at_least.or(not_itself(query)) {
        push(&mut line, &format!("-mindepth {depth}"));
    }
    if let Some(depth) = query.depth {
        push(&mut line, &format!("-maxdepth {depth}"));
    }
    if query.walk.one_filesystem {
        line.push_str(" -xdev");
    }
    if unix_test::from_day_start(query, flavor) {
        line.push_str(" -daystart");
    }
    let pruned = !query.excluded.is_empty() && !matches!(query.action, Action::Delete);
    if pruned {
        push(&mut line, &prune(query, shell));
    }
    push(&mut line, target(query, broken, flavor));
    for clause in &query.clauses {
        push(&mut line, &unix_test::clause(clause, flavor, shell)?);
    }
    if !pruned {
        for place in &query.excluded {
            push(&mut line, &format!("! -path {}", quote_glob(&below(query, place), shell)));
        }
    }
    unix_action::action(&mut line, query, pruned, flavor, shell)?;
    Some(line)
}

pub(super) fn push(line: &mut String, part: &str) {
    if !part.is_empty() {
        line.push(' ');
        line.push_str(part);
    }
}

/// The folders to look in, each as one word.
pub(super) fn places(query: &Query, shell: Shell) -> Vec<String> {
    if query.places.is_empty() {
        return vec![".".to_owned()];
    }
    query.places.iter().map(|place| value(place, shell, path_argument)).collect()
}

/// A value; a variable of the shell stays one.
pub(super) fn value(text: &str, shell: Shell, writer: impl Fn(&str, Shell) -> String) -> String {
    if is_variable(text) && shell != Shell::PowerShell { format!("\"{text}\"") } else { writer(text, shell) }
}

/// A pattern for `find`, never for the shell.
pub(super) fn quote_glob(glob: &str, shell: Shell) -> String {
    value(glob, shell, |glob, shell| quote(shell, glob).into_owned())
}

fn base(query: &Query) -> &str {
    query.places.first().map_or(".", |place| place.trim_end_matches('/'))
}

fn below(query: &Query, place: &Exclusion) -> String {
    match place {
        Exclusion::Named(name) => format!("*/{name}/*"),
        Exclusion::Path(path) => format!("{}/*", rooted(query, path)),
    }
}

// `find . -path` compares with what find prints, which starts with the place.
fn rooted(query: &Query, path: &str) -> String {
    if path.starts_with(['/', '~', '.', '$']) || path.starts_with(base(query)) {
        path.to_owned()
    } else {
        format!("{}/{path}", base(query))
    }
}

fn prune(query: &Query, shell: Shell) -> String {
    let test = |place: &Exclusion| match place {
        Exclusion::Named(name) => format!("-name {}", quote_glob(name, shell)),
        Exclusion::Path(path) => {
            format!("-path {}", value(&rooted(query, path), shell, |path, shell| quote_path(shell, path).into_owned()))
        }
    };
    let tests: Vec<String> = query.excluded.iter().map(test).collect();
    match &tests[..] {
        [one] => format!("{one} -prune -o"),
        several => format!("\\( {} \\) -prune -o", several.join(" -o ")),
    }
}

// A folder is not in itself: it is not counted, and never deleted with what is in it.
fn not_itself(query: &Query) -> Option<u64> {
    let risky = matches!(query.action, Action::Delete | Action::DeleteAsking | Action::MoveTo(_) | Action::Count);
    let named = query.any(Test::is_name);
    let whole = query.target == Target::Folder
        || query.target == Target::Any
            && matches!(query.action, Action::Delete | Action::DeleteAsking | Action::MoveTo(_) | Action::Count);
    let level = query.depth == Some(1) && query.target == Target::Folder && !named;
    (whole && risky && !named || level).then_some(1)
}

fn target(query: &Query, broken: bool, flavor: Flavor) -> &'static str {
    match query.target {
        Target::File if is_told(query) => "",
        Target::File => "-type f",
        Target::Folder => "-type d",
        // `-xtype l` says it all; with `-L`, what still is a link leads nowhere.
        Target::Link if broken && flavor == Flavor::Gnu => "",
        Target::Link => "-type l",
        Target::Socket => "-type s",
        Target::Pipe => "-type p",
        Target::BlockDevice => "-type b",
        Target::CharacterDevice => "-type c",
        Target::Any => "",
    }
}

// A test that no folder passes, or one whose folders do no harm in a list, says what `-type f` would say.
fn is_told(query: &Query) -> bool {
    if query.strict || query.acts() || !query.excluded.is_empty() && !query.any(Test::is_name) {
        return false;
    }
    query.clauses.iter().any(|clause| {
        !clause.not
            && clause.any.iter().all(|test| match test {
                Test::Name(name) => has_extension(&name.glob) || !name.glob.contains(['*', '?', '[']),
                Test::Size(super::query::Than::More | super::query::Than::Exactly, bytes) => *bytes >= 1 << 16,
                Test::User(_)
                | Test::Group(_)
                | Test::NoUser
                | Test::NoGroup
                | Test::UserId(..)
                | Test::Inode(_)
                | Test::SameFile(_) => true,
                Test::Mode(super::query::Mode::All(bits) | super::query::Mode::Any(bits)) => {
                    bits.len() == 4 && bits.starts_with(['2', '4', '6'])
                }
                _ => false,
            })
    })
}

fn has_extension(glob: &str) -> bool {
    glob.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && !ending.is_empty()
            && ending.len() <= 5
            && ending.chars().all(|c| c.is_ascii_alphanumeric() || "[]".contains(c))
    })
}
