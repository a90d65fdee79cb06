//! The language models' part of the popup: asked by a key, watched, stopped.

use std::time::Duration;

use caro::suggestion::Answer;

use crate::session::{Answered, Effect, Session, Stage};
use crate::view::{Stage as ThinkingStage, ThinkingView};

impl Session {
    /// They are asked about a question that has no answer, once.
    pub(super) fn want_thought(&mut self) -> Vec<Effect> {
        let unanswered =
            self.answer.as_ref().is_some_and(|known| known.answer.suggestions.is_empty() && !known.thought);
        if self.stage != Stage::Editing || self.model.is_none() || self.thinking.is_some() || !unanswered {
            return Vec::new();
        }
        self.receipt = None;
        self.thinking = Some(ThinkingView { stage: ThinkingStage::Loading, permille: 0, command: String::new() });
        vec![Effect::Think { revision: self.revision, query: self.query.clone() }]
    }

    pub(super) fn think_on(&mut self, revision: u32, progress: ThinkingView) -> Vec<Effect> {
        if let Some(thinking) = self.thinking.as_mut().filter(|_| revision == self.revision) {
            *thinking = progress;
        }
        Vec::new()
    }

    pub(super) fn thought(&mut self, revision: u32, answer: Answer, latency: Duration) -> Vec<Effect> {
        if revision != self.revision || self.thinking.take().is_none() {
            return Vec::new();
        }
        self.choose(0);
        let (measured, displayed) = (Vec::new(), None);
        self.answer = Some(Answered { answer, latency, measured, thought: true, displayed, counted: false });
        vec![Effect::AwaitSettled { revision }]
    }

    pub(super) fn stop_thinking(&mut self) -> Vec<Effect> {
        if self.thinking.take().is_some() { vec![Effect::StopThinking] } else { Vec::new() }
    }

    pub(super) fn change_model(&mut self, model: Option<String>) -> Vec<Effect> {
        let effects = self.stop_thinking();
        self.model = model;
        // What one model did not know another may.
        if let Some(known) = &mut self.answer {
            known.thought = false;
        }
        effects
    }
}
