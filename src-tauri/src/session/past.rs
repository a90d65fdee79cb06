//! What was asked before: the command a follow-up is about, the questions the arrow keys bring back, and when all of it goes.
//!
//! Nothing of this is written anywhere; what outlives the app is the history's.

use std::time::Duration;

use caro::engine::FOLLOW_UP;
use caro::proposal::Proposal;

use crate::session::{Effect, Session, Stage};
use crate::view::Step;

// A person goes back a few steps; further back the history has a search.
const MOST: usize = 50;

/// The command before.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The question it answered, with the follow-ups to it.
    pub query: String,
    /// As it stood.
    pub proposal: Proposal,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// What a follow-up to the question in the field would be about.
    earlier: Option<Earlier>,
    /// The command of the question in the field, once somebody stopped to look at it.
    current: Option<Earlier>,
    /// Questions somebody stopped at, the newest last.
    asked: Vec<String>,
    /// Those to go through, the newest first, and where.
    recalled: Option<(Vec<String>, usize)>,
}

impl Past {
    /// A new question begins where the text is no longer one that the old question was made of, or would become.
    fn begin(&mut self, old: &str, new: &str) {
        let same = !old.is_empty() && (old.starts_with(new) || new.starts_with(old));
        if !same && let Some(current) = self.current.take() {
            self.earlier = Some(current);
        }
    }
}

impl Session {
    /// The command that a follow-up would be about.
    pub fn earlier(&self) -> Option<&Earlier> {
        // With nothing in the field, that is the last one there was.
        let last = self.past.current.as_ref().filter(|_| self.query.is_empty());
        last.or(self.past.earlier.as_ref())
    }

    pub(super) fn begin_question(&mut self, query: &str) {
        self.past.begin(self.query.trim(), query.trim());
    }

    /// Somebody looked at the answer.
    pub(super) fn keep_question(&mut self) {
        let Some(chosen) = self.chosen() else { return };
        let proposal = chosen.proposal.clone();
        let query = self.whole_question();
        self.past.asked.retain(|known| *known != self.query);
        self.past.asked.push(self.query.clone());
        if self.past.asked.len() > MOST {
            self.past.asked.remove(0);
        }
        self.past.current = Some(Earlier { query, proposal });
    }

    /// The question with the one it follows on from: alone, `as root` says nothing.
    pub(super) fn whole_question(&self) -> String {
        let query = self.query.trim();
        let follows = self.chosen().is_some_and(|chosen| chosen.proposal.intent == FOLLOW_UP);
        match self.earlier().filter(|_| follows) {
            Some(earlier) => format!("{}, {query}", earlier.query),
            None => query.to_owned(),
        }
    }

    /// Goes through earlier questions, from an empty field or from one of them.
    pub(super) fn step(&mut self, step: Step) -> Vec<Effect> {
        if self.stage != Stage::Editing {
            return Vec::new();
        }
        let at = match &self.past.recalled {
            Some((_, at)) => *at,
            None if step == Step::Older && self.query.is_empty() => return vec![Effect::Recollect],
            None => return Vec::new(),
        };
        match step {
            Step::Older => self.recall_at(Some(at + 1)),
            Step::Newer => self.recall_at(at.checked_sub(1)),
        }
    }

    pub(super) fn recollected(&mut self, accepted: Vec<String>) -> Vec<Effect> {
        if self.stage != Stage::Editing || !self.query.is_empty() {
            return Vec::new();
        }
        let mut all: Vec<String> = Vec::new();
        for question in self.past.asked.iter().rev().cloned().chain(accepted) {
            if !all.contains(&question) {
                all.push(question);
            }
        }
        self.past.recalled = Some((all, 0));
        self.recall_at(Some(0))
    }

    fn recall_at(&mut self, place: Option<usize>) -> Vec<Effect> {
        let Some((questions, _)) = self.past.recalled.take() else { return Vec::new() };
        let Some(place) = place else {
            self.revision += 1;
            return self.ask(String::new());
        };
        let place = place.min(questions.len().saturating_sub(1));
        let Some(question) = questions.get(place).cloned() else { return Vec::new() };
        self.revision += 1;
        let effects = self.ask(question);
        self.past.recalled = Some((questions, place));
        effects
    }

    pub(super) fn stop_recalling(&mut self) {
        self.past.recalled = None;
    }

    /// Whether the question is one that the arrow keys brought back.
    pub const fn is_recalled(&self) -> bool {
        self.past.recalled.is_some()
    }

    /// Nobody came back for a while: the next time starts from nothing.
    pub(super) fn forget(&mut self) -> Vec<Effect> {
        if self.stage == Stage::Hidden {
            self.clear();
            self.receipt = None;
            self.past.earlier = None;
            self.past.current = None;
        }
        Vec::new()
    }

    pub(super) fn await_forgetting(&self) -> Effect {
        Effect::AwaitForgetting(self.preferences.keep_question)
    }
}

/// How long a question is kept when the settings say a number of minutes.
#[must_use]
pub fn kept(minutes: u32) -> Duration {
    Duration::from_secs(u64::from(minutes) * 60)
}
