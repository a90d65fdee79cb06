//! What the user makes of the chosen command before taking it: values for its blanks, other words, the safer one instead.
//!
//! Invariant: a draft is taken only as it was judged last. One whose text was not judged yet cannot be taken at all.

use caro::proposal::Proposal;
use caro::shell::{Shell, fill};
use caro::suggestion::Suggestion;

use crate::session::{Effect, Session, Stage};

/// How the command becomes another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Values for blanks, by name. They are quoted by who judges the command, for the shell it is for.
    Filled(Vec<(String, String)>),
    /// The command as the user writes it.
    Edited(String),
    /// What the judge offered instead.
    Safer(String),
}

impl Change {
    /// What it makes of a proposal.
    #[must_use]
    pub fn applied(&self, of: &Proposal, shell: Shell) -> String {
        match self {
            Self::Filled(values) => fill(shell, &of.command, &of.blanks, values).command,
            Self::Edited(command) | Self::Safer(command) => command.clone(),
        }
    }
}

/// A change and what came of it.
#[derive(Debug)]
pub struct Draft {
    /// What is changed.
    pub change: Change,
    judged: Option<Suggestion>,
}

impl Session {
    pub(super) fn fill_blank(&mut self, name: String, value: String, revision: u32) -> Vec<Effect> {
        let known = self.proposed().is_some_and(|suggestion| suggestion.proposal.blanks.contains(&name));
        if !known || !self.counts_on(revision) {
            return Vec::new();
        }
        let mut values = match self.draft.take() {
            Some(Draft { change: Change::Filled(values), .. }) => values,
            _ => Vec::new(),
        };
        match values.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => values.push((name, value)),
        }
        self.redraft(Change::Filled(values))
    }

    /// Opens the chosen command for changes, as it stands.
    pub(super) fn begin_edit(&mut self) -> Vec<Effect> {
        if self.stage == Stage::Hidden || self.stage == Stage::Accepting || self.edited().is_some() {
            return Vec::new();
        }
        let Some(chosen) = self.chosen().cloned() else { return Vec::new() };
        self.stage = Stage::Editing;
        self.wanted = None;
        let change = Change::Edited(chosen.proposal.command.clone());
        // It is the text that was judged.
        self.draft = Some(Draft { change, judged: Some(chosen) });
        Vec::new()
    }

    pub(super) fn edit_command(&mut self, command: String, revision: u32) -> Vec<Effect> {
        if self.edited().is_none() || !self.counts_on(revision) {
            return Vec::new();
        }
        self.redraft(Change::Edited(command))
    }

    pub(super) fn take_safer(&mut self) -> Vec<Effect> {
        if self.stage == Stage::Hidden || self.stage == Stage::Accepting {
            return Vec::new();
        }
        let Some(safer) = self.chosen().and_then(|chosen| chosen.report.safer.clone()) else { return Vec::new() };
        self.revision += 1;
        self.redraft(Change::Safer(safer))
    }

    pub(super) fn judged(&mut self, revision: u32, suggestion: Suggestion) -> Vec<Effect> {
        let Some(draft) = self.draft.as_mut().filter(|_| revision == self.revision) else { return Vec::new() };
        draft.judged = Some(suggestion);
        vec![Effect::AwaitSettled { revision }]
    }

    /// Back to what was proposed.
    pub(super) fn drop_draft(&mut self) -> Vec<Effect> {
        self.draft = None;
        self.wanted = None;
        self.forget_count();
        // What is still being counted was the draft's.
        self.revision += 1;
        vec![Effect::AwaitSettled { revision: self.revision }]
    }

    fn redraft(&mut self, change: Change) -> Vec<Effect> {
        self.stage = Stage::Editing;
        self.wanted = None;
        self.receipt = None;
        self.forget_count();
        let Some(proposed) = self.proposed() else { return Vec::new() };
        let of = Box::new(proposed.proposal.clone());
        let asked = self.answer.as_ref().and_then(|answered| answered.answer.asked.clone());
        self.draft = Some(Draft { change: change.clone(), judged: None });
        vec![Effect::Judge { revision: self.revision, of, asked, change }]
    }

    /// Whether a change of the page is news; counts it then.
    fn counts_on(&mut self, revision: u32) -> bool {
        let is_news = revision > self.revision && matches!(self.stage, Stage::Editing | Stage::Confirming { .. });
        if is_news {
            self.revision = revision;
        }
        is_news
    }

    /// The files were those of another text.
    fn forget_count(&mut self) {
        if let Some(answered) = &mut self.answer {
            answered.measured.clear();
        }
    }

    /// The chosen command as it was proposed.
    pub fn proposed(&self) -> Option<&Suggestion> {
        self.suggestions().get(self.selected)
    }

    /// The chosen command as it stands; `None` while it is not judged.
    pub fn chosen(&self) -> Option<&Suggestion> {
        match &self.draft {
            Some(draft) => draft.judged.as_ref(),
            None => self.proposed(),
        }
    }

    /// The commands as they stand.
    pub fn commands(&self) -> impl Iterator<Item = &Suggestion> {
        let chosen = self.chosen();
        self.suggestions().iter().enumerate().map(move |(at, proposed)| match chosen {
            Some(chosen) if at == self.selected => chosen,
            _ => proposed,
        })
    }

    /// What the user makes of the chosen command.
    pub fn change(&self) -> Option<&Change> {
        self.draft.as_ref().map(|draft| &draft.change)
    }

    /// The command as the user writes it, while they do.
    pub fn edited(&self) -> Option<&str> {
        match self.change() {
            Some(Change::Edited(command)) => Some(command),
            _ => None,
        }
    }
}
