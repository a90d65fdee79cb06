//! What its user accepted for a question before comes first, judged anew like anything else.
//!
//! Invariant: what would be refused now is not offered, and what nobody but the user's memory proposes is not accepted by a
//! single key when it changes something: whoever wrote it then, it may have been a model.

use std::borrow::Cow;
use std::sync::PoisonError;

use super::Engine;
use crate::normalize::Utterance;
use crate::proposal::{Proposal, Request, Tier};
use crate::safety::{Decision, Risk};
use crate::suggestion::Suggestion;

// As sure as one can be without having been asked by a person.
const CONFIDENCE: f32 = 0.99;

impl Engine {
    /// The commands this user accepted for such a question, the best first.
    pub(super) fn accepted(&self, request: &Request, utterance: &Utterance) -> Vec<String> {
        let memory = self.memory.read().unwrap_or_else(PoisonError::into_inner);
        let Some(memory) = memory.as_ref() else { return Vec::new() };
        memory.accepted(&request.query, utterance, request.context.shell, request.context.os.name())
    }
}

/// Puts what was accepted before the rest; whether there was anything to put.
pub(super) fn offer(
    suggestions: &mut Vec<Suggestion>,
    accepted: Vec<String>,
    judged: impl Fn(Proposal) -> Suggestion,
) -> bool {
    let mut offered = false;
    // The best of them is put there last, so that it stands first.
    for command in accepted.into_iter().rev() {
        let known = suggestions.iter().position(|known| known.proposal.command == command);
        let suggestion = match known {
            Some(at) if suggestions[at].decision == Decision::Refuse => continue,
            Some(at) => suggestions.remove(at),
            None => remembered(judged(proposal(command))),
        };
        if suggestion.decision != Decision::Refuse {
            suggestions.insert(0, Suggestion { yours: true, ..suggestion });
            offered = true;
        }
    }
    offered
}

fn remembered(suggestion: Suggestion) -> Suggestion {
    let decision = match suggestion.decision {
        Decision::Allow if suggestion.report.risk != Risk::Safe => Decision::Confirm,
        decision => decision,
    };
    Suggestion { decision, ..suggestion }
}

fn proposal(command: String) -> Proposal {
    Proposal {
        blanks: blanks(&command),
        command,
        explanation: "You accepted this for such a question before.".to_owned(),
        // Owned, as all that comes from a user: it is not counted by name.
        intent: Cow::Owned("yours.accepted".to_owned()),
        tier: Tier::Cache,
        confidence: CONFIDENCE,
    }
}

/// The blanks in a command: `<name>` next to a quote, as nothing else writes it.
fn blanks(command: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, _) in command.match_indices('<') {
        let Some(end) = command[at..].find('>').map(|length| at + length) else { break };
        let name = &command[at + 1..end];
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let quoted = command[..at].contains(['\'', '"']) && command[end..].contains(['\'', '"']);
        if is_name && quoted && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::{Context, Os};
    use crate::history::{Happening, History, Memory, Retention};
    use crate::shell::Shell;
    use crate::suggestion::Answer;

    struct User {
        _folder: tempfile::TempDir,
        history: History,
        engine: Engine,
    }

    impl User {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("history.sqlite3");
            let history = History::open(&path).expect("a history").history;
            let engine = Engine::new();
            engine.set_memory(Some(Memory::of(path)));
            Self { _folder: folder, history, engine }
        }

        fn accepts(&self, query: &str, command: &str) {
            let (shell, os) = (Shell::Bash, "linux");
            let happening = Happening { query, command, shell, os, risk: "safe", outcome: "copied", unix_s: 1 };
            self.history.record(&happening, Retention { entries: 9, days: None }).expect("a disk");
        }

        fn asks(&self, query: &str) -> Answer {
            let context = Context::new(Shell::Bash, Os::Linux);
            self.engine.suggest(&Request { query: query.to_owned(), context })
        }
    }

    fn first(answer: &Answer) -> Option<(&str, bool)> {
        answer.best().map(|best| (best.proposal.command.as_str(), best.yours))
    }

    #[test]
    fn what_was_accepted_comes_first_for_the_same_and_for_a_similar_question() {
        let user = User::new();
        let before = user.asks("show disk usage");
        let rules = first(&before).expect("rules know").0;
        user.accepts("show disk usage", "dust -d 1");
        for question in ["show disk usage", "please show the disk usage"] {
            let answer = user.asks(question);
            assert_eq!(first(&answer), Some(("dust -d 1", true)), "{question}");
            assert_eq!(answer.suggestions[1].proposal.command, rules);
            assert!(!answer.suggestions[1].yours && answer.nearest.is_empty());
        }
        assert_eq!(first(&user.asks("show disk usage of /var")).map(|(_, yours)| yours), Some(false));
        // Forgetting works at once.
        user.history.delete_all().expect("a disk");
        assert_eq!(first(&user.asks("show disk usage")), Some((rules, false)));
    }

    #[test]
    fn what_the_rules_say_too_is_marked_and_keeps_its_words() {
        let user = User::new();
        let before = user.asks("show disk usage");
        let best = before.best().expect("rules know");
        user.accepts("show disk usage", &best.proposal.command);
        let after = user.asks("show disk usage");
        let same = after.best().expect("still known");
        assert!(same.yours && same.proposal == best.proposal && same.decision == best.decision);
        assert_eq!(after.suggestions.len(), before.suggestions.len());
    }

    #[test]
    fn what_nobody_else_knows_is_judged_anew() {
        let user = User::new();
        let question = "frobnicate the quux of my gizmo";
        assert_eq!(first(&user.asks(question)), None);
        for (command, decision) in [
            ("ls", Some(Decision::Allow)),
            ("mkdir x", Some(Decision::Confirm)),
            ("rm -rf build", Some(Decision::Confirm)),
            ("rm -rf /", None),
            ("ssh '<host>'", Some(Decision::Confirm)),
        ] {
            user.accepts(question, command);
            let answer = user.asks(question);
            assert_eq!(answer.best().map(|best| best.decision), decision, "{command}");
            assert!(answer.suggestions.iter().all(|known| known.yours && known.proposal.tier == Tier::Cache));
            user.history.delete_all().expect("a disk");
        }
    }

    #[test]
    fn what_lost_its_secret_is_never_whole() {
        let user = User::new();
        user.accepts("log in to the shop database", "mysql -u root -phunter2 shop");
        let answer = user.asks("log in to the shop database");
        let best = answer.best().expect("accepted before");
        assert_eq!(best.proposal.command, "mysql -u root -p'<secret>' shop");
        assert_eq!((best.proposal.blanks.as_slice(), best.decision), (&["secret".to_owned()][..], Decision::Confirm));
    }

    #[test]
    fn blanks_are_read_back() {
        for (command, names) in [
            ("ssh '<host>'", &["host"][..]),
            ("scp '<file>' '<host>':'<file>'", &["file", "host"]),
            ("mysql -p'<secret>'", &["secret"]),
            ("curl \"x: <secret>\"", &["secret"]),
            ("sort <a >b", &[]),
            ("ls", &[]),
        ] {
            assert_eq!(blanks(command), names, "{command}");
        }
    }
}
