//! What the other hotkeys do: ask what is on the clipboard, and do the last again.

use caro::safety::Decision;
use caro::suggestion::Suggestion;

use crate::session::{Cause, Effect, Session, Stage};
use crate::view::How;

// A longer text is no question; its beginning may be one.
const LONGEST: usize = 400;

/// A command that was accepted, and what was done with it.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) how: How,
    pub(super) suggestion: Suggestion,
    pub(super) query: String,
}

impl Session {
    pub(super) fn clipboard_read(&mut self, text: Option<&str>) -> Vec<Effect> {
        match text.and_then(question) {
            Some(query) => self.recall(query),
            None => self.show(Cause::Request),
        }
    }

    /// Does the last again without the popup, when it needed no second key. What did is asked again: one key must not be
    /// enough the second time.
    pub(super) fn repeat(&mut self) -> Vec<Effect> {
        match (&self.last, self.stage) {
            (_, Stage::Accepting) => Vec::new(),
            (Some(Accepted { how, suggestion, .. }), Stage::Hidden) if suggestion.decision == Decision::Allow => {
                let deliver = Effect::Deliver { how: *how, suggestion: Box::new(suggestion.clone()) };
                self.stage = Stage::Accepting;
                vec![Effect::Aim, deliver]
            }
            (Some(Accepted { query, .. }), _) => {
                let query = query.clone();
                self.recall(query)
            }
            (None, _) => vec![Effect::RecallLast],
        }
    }
}

/// The first line with anything on it.
fn question(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    Some(line.chars().map(plain).take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::time::Duration;

    use caro::proposal::{Proposal, Tier};
    use caro::safety::{Report, Risk};
    use caro::suggestion::Answer;
    use caro::timing::Spent;

    use super::*;
    use crate::report;
    use crate::session::Event;
    use crate::view::{DeliveryChannel, Outcome, Phase, ReceiptView};

    fn session() -> Session {
        let settings = caro::config::Settings::defaults(caro::context::Os::Linux);
        Session::new(report::preferences(&settings))
    }

    /// A hidden popup after a command was accepted in it.
    fn accepted(decision: Decision) -> Session {
        let mut session = session();
        session.handle(Event::Toggled(Cause::Hotkey));
        session.handle(Event::QueryChanged { query: "list files".to_owned(), revision: 1 });
        let proposal = Proposal {
            blanks: Vec::new(),
            command: "ls".to_owned(),
            explanation: String::new(),
            intent: Cow::Borrowed("test.case"),
            tier: Tier::Rules,
            confidence: 1.0,
        };
        let report = Report { risk: Risk::Safe, findings: Vec::new(), safer: None, touches: Vec::new() };
        let suggestion = Suggestion { proposal, report, decision, missing: Vec::new(), yours: false };
        let answer = Answer {
            suggestions: vec![suggestion],
            nearest: Vec::new(),
            asked: None,
            tier: Tier::Rules,
            spent: Spent::default(),
        };
        session.handle(Event::Answered { revision: 1, answer, latency: Duration::from_micros(80) });
        session.handle(Event::Accepted(How::Insert));
        if decision == Decision::Confirm {
            session.handle(Event::Released);
            session.handle(Event::Accepted(How::Insert));
        }
        session.handle(Event::Delivered(inserted()));
        assert_eq!(session.phase(), Phase::Hidden);
        session
    }

    fn inserted() -> ReceiptView {
        let channel = Some(DeliveryChannel::Xtest);
        ReceiptView { outcome: Outcome::Inserted, channel, target: None, reason: None }
    }

    #[test]
    fn the_last_is_done_again_in_the_window_that_has_the_focus_now() {
        let mut session = accepted(Decision::Allow);
        for _ in 0..2 {
            let effects = session.handle(Event::RepeatWanted);
            assert!(matches!(&effects[..], [Effect::Aim, Effect::Deliver { how: How::Insert, .. }]), "{effects:?}");
            assert_eq!(session.handle(Event::RepeatWanted), [], "one at a time");
            session.handle(Event::Delivered(inserted()));
            assert_eq!(session.phase(), Phase::Hidden);
        }
    }

    #[test]
    fn what_needed_a_second_key_needs_it_again() {
        let mut session = accepted(Decision::Confirm);
        let effects = session.handle(Event::RepeatWanted);
        assert!(matches!(&effects[..], [Effect::Ask { .. }, Effect::Show(_)]), "{effects:?}");
        assert_eq!(session.query(), "list files");
    }

    #[test]
    fn without_a_last_one_the_history_is_asked() {
        assert_eq!(session().handle(Event::RepeatWanted), [Effect::RecallLast]);
    }

    #[test]
    fn the_clipboard_s_first_line_is_the_question() {
        for (text, query) in [
            (Some("list files"), "list files"),
            (Some("\n  list\tfiles \nand more"), "list files"),
            (Some("  \n"), ""),
            (None, ""),
        ] {
            let mut session = session();
            assert_eq!(session.handle(Event::ClipboardWanted), [Effect::ReadClipboard]);
            let effects = session.handle(Event::ClipboardRead(text.map(str::to_owned)));
            assert_eq!(effects.last(), Some(&Effect::Show(Cause::Request)), "{text:?}");
            assert_eq!(session.query(), query, "{text:?}");
        }
        assert_eq!(question(&"x".repeat(900)).unwrap().len(), LONGEST);
    }
}
