//! Which commits: by whom, when, of what, how many, and how they are shown.

mod filter;
mod look;
mod write;

use super::scan::Scan;
use crate::matcher::Candidate;
use crate::normalize::{Shape, Token, concept as c};
use crate::shell::Shell;

/// What a query may be besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Short,
    Graph,
    Everywhere,
    OldestFirst,
    Count,
    IgnoreCase,
}

/// Which commits, and how they are shown.
#[derive(Default)]
struct Query {
    marks: Vec<Mark>,
    author: Option<String>,
    since: Option<String>,
    until: Option<String>,
    message: Option<String>,
    text: Option<String>,
    path: Option<(String, bool)>,
    filter: Option<char>,
    range: Option<String>,
    branch: Option<String>,
    take: Option<u64>,
    stat: Option<&'static str>,
    merges: Option<&'static str>,
    format: Option<&'static str>,
}

pub(super) fn compose(tokens: &[Token], shell: Shell) -> Option<Candidate> {
    let mut scan = Scan::new(tokens);
    let about = about(&mut scan)?;
    let mut query = Query::default();
    if scan.take_word(c::CASE_INSENSITIVE).is_some() {
        query.marks.push(Mark::IgnoreCase);
    }
    // Counts for each author, and what is not on the remote, are other commands.
    if scan.has_text(&["each", "per", "every", "unpushed", "conflict", "conflicts"])
        && scan.has_text(&["author", "user", "contributor", "person", "unpushed", "conflicts"])
    {
        return None;
    }
    filter::take(&mut scan, &mut query);
    filter::times(&mut scan, &mut query);
    filter::author(&mut scan, &mut query);
    filter::message(&mut scan, &mut query);
    filter::changes(&mut scan, &mut query);
    filter::path(&mut scan, &mut query);
    look::look(&mut scan, &mut query);
    look::versions(&mut scan, &mut query);
    let touches = scan.has(c::MODIFIED) || scan.has(c::CHANGE) || scan.has_text(&["touched", "affected", "edited"]);
    if about == About::One && (query.is_plain() || query.path.is_some() && query.filter.is_none() && !touches) {
        return None;
    }
    if about == About::One && query.take.is_none() && query.filter.is_none() && query.text.is_none() {
        query.take = filter::one(&mut scan);
    }
    rest(&mut scan);
    let unexplained = scan.unexplained();
    let path_alone = query.path.is_some() && about == About::History;
    if about == About::History
        && !path_alone
        && !scan.has_text(&["git", "repo", "repository", "branch", "branches", "commit"])
    {
        return None;
    }
    Some(Candidate {
        blanks: Vec::new(),
        intent: query.intent(),
        command: query.command(shell),
        explanation: query.sentence(),
        explained: scan.explained,
        unexplained,
        doubt: scan.doubt + 0.02,
    })
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum About {
    Commits,
    One,
    History,
}

fn about(scan: &mut Scan<'_>) -> Option<About> {
    let at = (0..scan.tokens.len()).find(|at| scan.is_text(Some(*at), &["commit", "commits"]));
    let git = scan.has_text(&["git"]);
    let history = scan.has_text(&["history", "changelog", "log", "logs"]);
    if let Some(at) = at {
        let noun = scan.is_text(
            scan.after(at),
            &["history", "log", "logs", "graph", "list", "messages", "hashes", "ids", "titles", "subjects", "tree"],
        );
        // `commit count`
        let noun = noun || scan.is_at(scan.after(at), &[c::COUNT]);
        // `the last 7 commit`
        let counted = at.checked_sub(1).is_some_and(|number| matches!(scan.tokens[number].shape, Shape::Number(2..)));
        let many = scan.tokens[at].text == "commits" || counted;
        // `commit everything` makes one.
        if at == 0 && !many && !noun {
            return None;
        }
        scan.take(at);
        return Some(if many || noun || history { About::Commits } else { About::One });
    }
    if git && scan.has_text(&["log", "logs", "graph"]) {
        return Some(About::Commits);
    }
    let who = scan.tokens.iter().any(|token| token.text == "who") && scan.has_text(&["changed", "modified", "edited"]);
    (history && !scan.has_text(&["command", "commands", "shell", "bash", "container", "docker", "image", "rollout"])
        || who && git
        || scan.has_text(&["repo", "repository", "git", "code", "codebase"])
            && scan.has_text(&["when"])
            && (scan.has_text(&filter::ADDED) || scan.has_text(&filter::REMOVED)))
    .then_some(About::History)
}

// Words that say no more than that the question is about history.
fn rest(scan: &mut Scan<'_>) {
    while scan.take_any(&[c::REPO, c::SHOW, c::FIND, c::EXIST, c::LOG, c::CREATED, c::ONLY, c::WHEN]).is_some() {}
    while scan
        .take_text(&["git", "history", "log", "list", "happened", "made", "done", "went", "commits", "commit", "code"])
        .is_some()
    {}
    if scan.take_any(&[c::RECENT]).is_none() {
        scan.take_any(&[c::NEWEST]);
    }
    scan.take_any(&[c::FIRST]);
    scan.take_any(&[c::CURRENT]);
    scan.take_any(&[c::BRANCH]);
    scan.take_any(&[c::ALL]);
}

impl Query {
    fn is(&self, mark: Mark) -> bool {
        self.marks.contains(&mark)
    }

    fn is_plain(&self) -> bool {
        self.author.is_none()
            && self.path.is_none()
            && self.message.is_none()
            && self.text.is_none()
            && self.since.is_none()
            && self.until.is_none()
            && !self.is(Mark::Graph)
    }
}
