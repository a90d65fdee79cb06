//! The way of a command out of the popup: allowed, confirmed or refused, then delivered.

use caro::safety::Decision;
use caro::suggestion::Suggestion;

use crate::session::shortcut::Accepted;
use crate::session::{Cause, Effect, Press, Session, Stage};
use crate::view::{How, Outcome, ReceiptView};

impl Session {
    pub(super) fn accept(&mut self, how: How) -> Vec<Effect> {
        let Some(suggestion) = self.chosen().cloned() else { return Vec::new() };
        match (self.stage, suggestion.decision) {
            (Stage::Hidden | Stage::Accepting | Stage::Confirming { first_press: Press::Held, .. }, _) => Vec::new(),
            (_, Decision::Refuse) => self.refuse(&suggestion),
            // What is not whole is nobody's command yet.
            _ if !suggestion.proposal.blanks.is_empty() => {
                self.wanted = suggestion.proposal.blanks.into_iter().next();
                Vec::new()
            }
            (Stage::Confirming { how: first, .. }, _) if first == how => self.deliver(how, suggestion),
            (Stage::Editing, Decision::Allow) => self.deliver(how, suggestion),
            // A first press, or the other key: the confirmation starts over, for what was pressed now.
            (Stage::Editing | Stage::Confirming { .. }, _) => {
                self.stage = Stage::Confirming { how, first_press: Press::Held };
                // Who did not stop to look does now: what it comes to is there before the second press.
                let uncounted = self.answer.as_ref().is_some_and(|answered| answered.measured.is_empty());
                let count = if uncounted { self.measure() } else { None };
                [Effect::AwaitRelease].into_iter().chain(count).collect()
            }
        }
    }

    pub(super) fn released(&mut self) -> Vec<Effect> {
        if let Stage::Confirming { first_press, .. } = &mut self.stage {
            *first_press = Press::Released;
        }
        Vec::new()
    }

    pub(super) fn delivered(&mut self, receipt: ReceiptView) -> Vec<Effect> {
        if self.stage != Stage::Accepting {
            return Vec::new();
        }
        let mut effects = self.count_answer();
        self.keep_question();
        if let Some(suggestion) = self.chosen() {
            effects.push(Effect::count_acceptance(suggestion, &receipt));
            if matches!(receipt.outcome, Outcome::Copied | Outcome::Inserted) {
                effects.push(Effect::Remember {
                    query: self.whole_question(),
                    command: suggestion.proposal.command.clone(),
                    risk: suggestion.report.risk.name(),
                    outcome: receipt.outcome,
                });
            }
        }
        match receipt.outcome {
            Outcome::Copied | Outcome::Inserted if self.is_pinned() => {
                self.stage = Stage::Editing;
                effects.push(Effect::Show(Cause::Request));
            }
            Outcome::Copied | Outcome::Inserted => {
                self.stage = Stage::Hidden;
                self.clear();
                effects.extend([Effect::Hide, self.await_forgetting()]);
            }
            // The question stays, so that nothing typed is lost with a clipboard that did not answer.
            Outcome::Refused | Outcome::Failed => {
                self.stage = Stage::Editing;
                effects.push(Effect::Show(Cause::Request));
            }
        }
        self.receipt = Some(receipt);
        effects
    }

    fn deliver(&mut self, how: How, suggestion: Suggestion) -> Vec<Effect> {
        self.stage = Stage::Accepting;
        self.receipt = None;
        self.last = Some(Accepted { how, suggestion: suggestion.clone(), query: self.query.clone() });
        vec![Effect::Deliver { how, suggestion: Box::new(suggestion) }]
    }

    fn refuse(&mut self, suggestion: &Suggestion) -> Vec<Effect> {
        self.stage = Stage::Editing;
        let reason = suggestion.report.findings.first().map(|finding| finding.message.clone());
        let receipt = ReceiptView { outcome: Outcome::Refused, channel: None, target: None, reason };
        let effects = vec![Effect::count_acceptance(suggestion, &receipt)];
        self.receipt = Some(receipt);
        effects
    }
}
