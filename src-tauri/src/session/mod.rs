//! The popup as a pure machine: [`Session::handle`] takes an [`Event`] and says which [`Effect`]s follow.
//!
//! Invariants: no clock, no window, no engine in here, so every order of events can be tested. A command leaves only through
//! [`Effect::Deliver`], never with the decision "refuse", and with "confirm" only by a second press of the same key after
//! the first was let go.

mod accept;
mod draft;
mod event;
mod past;
mod place;
mod shortcut;
#[cfg(test)]
mod tests;
mod think;

use std::time::Duration;

use caro::suggestion::{Answer, Suggestion};

pub use draft::{Change, Draft};
pub use event::{Cause, Effect, Event, Preferences, Revival};
pub use past::{Earlier, kept};

use shortcut::Accepted;

use crate::view::{How, NoticeView, Phase, ReceiptView, ThinkingView};
use past::Past;

/// The popup's state.
#[derive(Debug)]
pub struct Session {
    stage: Stage,
    revision: u32,
    query: String,
    answer: Option<Answered>,
    model: Option<String>,
    thinking: Option<ThinkingView>,
    selected: usize,
    draft: Option<Draft>,
    wanted: Option<String>,
    explained: Explained,
    past: Past,
    pin: Pin,
    receipt: Option<ReceiptView>,
    target: Option<String>,
    showing: u32,
    last: Option<Accepted>,
    notices: Vec<NoticeView>,
    preferences: Preferences,
    away: Away,
    page: PageState,
    paint: Paint,
}

/// An answer, and whether it was counted already.
#[derive(Debug)]
pub struct Answered {
    /// What the engine said.
    pub answer: Answer,
    /// How long that took.
    pub latency: Duration,
    /// What each suggestion comes to in files, once they are counted.
    pub measured: Vec<Vec<String>>,
    /// Whether the language models had their say.
    pub thought: bool,
    /// From the key to the frame it was drawn in.
    pub displayed: Option<Duration>,
    counted: bool,
}

/// [`Phase`] with what only the machine needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Hidden,
    Editing,
    Confirming { how: How, first_press: Press },
    Accepting,
}

/// Whether the key that asked for a confirmation is still down. While it is, whatever comes is its auto-repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Press {
    Held,
    Released,
}

/// Whether the chosen command is explained word by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Explained {
    No,
    Yes,
}

/// Whether the popup stays on the screen until it is sent away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pin {
    Loose,
    Pinned,
}

/// Whether the focus is elsewhere and the grace time runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Away {
    No,
    Maybe,
}

/// Whether the page was ever heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageState {
    Loading,
    Loaded,
}

/// Whether the page is known to draw. One whose process died while it was hidden draws nothing and takes no key, and neither
/// does one that missed that it is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paint {
    Done,
    /// Not yet since the popup was shown, though this much was done about it.
    Awaited {
        revivals: usize,
    },
}

/// What is tried on a page that does not draw, in this order.
const REVIVALS: [Revival; 2] = [Revival::Remap, Revival::Reload];

impl Session {
    /// A hidden popup.
    pub fn new(preferences: Preferences) -> Self {
        Self {
            stage: Stage::Hidden,
            revision: 0,
            query: String::new(),
            answer: None,
            model: None,
            thinking: None,
            selected: 0,
            draft: None,
            wanted: None,
            explained: Explained::No,
            past: Past::default(),
            pin: Pin::Loose,
            receipt: None,
            target: None,
            showing: 0,
            last: None,
            notices: Vec::new(),
            preferences,
            away: Away::No,
            page: PageState::Loading,
            paint: Paint::Done,
        }
    }

    /// Takes one event; what has to be done about it, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Toggled(cause) if self.stage == Stage::Hidden => self.show(cause),
            Event::Toggled(_) | Event::Dismissed => self.hide(),
            Event::Summoned(cause) => self.show(cause),
            Event::Shown { target } => self.shown(target),
            Event::Located { showing, target, cwd } if showing == self.showing => self.located(target, cwd),
            Event::Painted => self.painted(),
            Event::PaintOverdue => self.paint_overdue(),
            Event::QueryChanged { query, revision } => self.change_query(query, revision),
            Event::Recalled { query } => self.recall(query),
            Event::ClipboardWanted => vec![Effect::ReadClipboard],
            Event::ClipboardRead(text) => self.clipboard_read(text.as_deref()),
            Event::RepeatWanted => self.repeat(),
            Event::Answered { revision, answer, latency } => self.answered(revision, answer, latency),
            Event::ThoughtWanted => self.want_thought(),
            Event::Thinking { revision, progress } => self.think_on(revision, progress),
            Event::Thought { revision, answer, latency } => self.thought(revision, answer, latency),
            Event::Displayed { revision, latency } => self.displayed(revision, latency),
            Event::ModelChanged(model) => self.change_model(model),
            Event::Settled { revision } if revision == self.revision => self.settled(),
            Event::Measured { revision, sentences } => self.measured(revision, sentences),
            Event::Looked => self.looked(),
            Event::RecallWanted(step) => self.step(step),
            Event::Recollected(questions) => self.recollected(questions),
            Event::Forgotten => self.forget(),
            Event::PinToggled => self.toggle_pin(),
            Event::DragBegun if matches!(self.stage, Stage::Editing | Stage::Confirming { .. }) => vec![Effect::Drag],
            // Of another showing, of another question, of no popup.
            Event::Located { .. } | Event::Settled { .. } | Event::DragBegun => Vec::new(),
            Event::Selected(index) => self.select(index),
            Event::Accepted(how) => self.accept(how),
            Event::BlankFilled { name, value, revision } => self.fill_blank(name, value, revision),
            Event::EditBegun => self.begin_edit(),
            Event::CommandEdited { command, revision } => self.edit_command(command, revision),
            Event::SaferWanted => self.take_safer(),
            Event::Judged { revision, suggestion } => self.judged(revision, suggestion),
            Event::ExplanationToggled => self.toggle_explanation(),
            Event::Released => self.released(),
            Event::Delivered(receipt) => self.delivered(receipt),
            Event::Escaped => self.escape(),
            Event::FocusLost => self.focus_lost(),
            Event::FocusGained => self.focus_gained(),
            Event::GraceOver => self.grace_over(),
            Event::NoticeRaised(notice) => self.raise(notice),
            Event::NoticeDismissed(code) => self.dismiss(&code),
            Event::SettingsWanted(page) => self.open_settings(page),
            Event::PreferencesChanged(preferences) => self.prefer(preferences),
        }
    }

    fn show(&mut self, cause: Cause) -> Vec<Effect> {
        if self.stage == Stage::Accepting {
            return Vec::new();
        }
        if self.stage == Stage::Hidden {
            self.stage = Stage::Editing;
        }
        self.away = Away::No;
        vec![Effect::Show(cause)]
    }

    fn shown(&mut self, target: Option<String>) -> Vec<Effect> {
        self.target = target;
        self.paint = Paint::Awaited { revivals: 0 };
        self.showing += 1;
        vec![Effect::AwaitPaint, Effect::Locate { showing: self.showing }]
    }

    fn looked(&mut self) -> Vec<Effect> {
        self.page = PageState::Loaded;
        Vec::new()
    }

    fn painted(&mut self) -> Vec<Effect> {
        self.paint = Paint::Done;
        Vec::new()
    }

    fn paint_overdue(&mut self) -> Vec<Effect> {
        let Paint::Awaited { revivals } = self.paint else { return Vec::new() };
        if self.stage == Stage::Hidden {
            return Vec::new();
        }
        if self.page == PageState::Loading {
            return vec![Effect::AwaitPaint];
        }
        let Some(revival) = REVIVALS.get(revivals) else { return Vec::new() };
        self.paint = Paint::Awaited { revivals: revivals + 1 };
        vec![Effect::Revive(*revival), Effect::AwaitPaint]
    }

    fn hide(&mut self) -> Vec<Effect> {
        if matches!(self.stage, Stage::Hidden | Stage::Accepting) {
            return Vec::new();
        }
        let mut effects = self.count_answer();
        self.keep_question();
        effects.extend(self.stop_thinking());
        self.stage = Stage::Hidden;
        self.away = Away::No;
        self.stop_recalling();
        effects.extend([Effect::Hide, self.await_forgetting()]);
        effects
    }

    fn change_query(&mut self, query: String, revision: u32) -> Vec<Effect> {
        if revision <= self.revision || self.stage == Stage::Accepting {
            return Vec::new();
        }
        self.revision = revision;
        self.ask(query)
    }

    fn recall(&mut self, query: String) -> Vec<Effect> {
        if self.stage == Stage::Accepting {
            return Vec::new();
        }
        self.revision += 1;
        let mut effects = self.ask(query);
        effects.extend(self.show(Cause::Request));
        effects
    }

    fn ask(&mut self, query: String) -> Vec<Effect> {
        if matches!(self.stage, Stage::Confirming { .. }) {
            self.stage = Stage::Editing;
        }
        let mut effects = self.stop_thinking();
        self.begin_question(&query);
        self.stop_recalling();
        self.query = query;
        self.choose(0);
        self.receipt = None;
        if self.query.trim().is_empty() {
            self.answer = None;
            return effects;
        }
        effects.push(self.asking());
        effects
    }

    fn asking(&self) -> Effect {
        let earlier = self.earlier().map(|earlier| Box::new(earlier.proposal.clone()));
        Effect::Ask { revision: self.revision, query: self.query.clone(), earlier }
    }

    fn answered(&mut self, revision: u32, answer: Answer, latency: Duration) -> Vec<Effect> {
        if revision != self.revision {
            return Vec::new();
        }
        self.choose(0);
        let mut effects = vec![Effect::AwaitSettled { revision }];
        if answer.suggestions.is_empty() && self.model.is_some() {
            effects.push(Effect::Prepare { query: self.query.clone() });
        }
        let (measured, displayed) = (Vec::new(), None);
        self.answer = Some(Answered { answer, latency, measured, thought: false, displayed, counted: false });
        effects
    }

    /// Files are only counted when somebody stops to look: not at every key.
    fn settled(&mut self) -> Vec<Effect> {
        let mut effects = self.count_answer();
        self.keep_question();
        effects.extend(self.measure());
        effects
    }

    fn measure(&self) -> Option<Effect> {
        let touches: Vec<_> = self.commands().map(|known| known.report.touches.clone()).collect();
        let some = touches.iter().any(|touches| !touches.is_empty());
        some.then_some(Effect::Measure { revision: self.revision, touches })
    }

    fn measured(&mut self, revision: u32, sentences: Vec<Vec<String>>) -> Vec<Effect> {
        if let Some(answered) = self.answer.as_mut().filter(|_| revision == self.revision) {
            answered.measured = sentences;
        }
        Vec::new()
    }

    /// The first frame counts; later ones of the same answer are of something else.
    fn displayed(&mut self, revision: u32, latency: Duration) -> Vec<Effect> {
        if let Some(answered) = self.answer.as_mut().filter(|_| revision == self.revision) {
            answered.displayed.get_or_insert(latency);
        }
        Vec::new()
    }

    fn select(&mut self, index: usize) -> Vec<Effect> {
        if matches!(self.stage, Stage::Confirming { .. }) {
            self.stage = Stage::Editing;
        }
        if self.stage != Stage::Editing || index >= self.suggestions().len() {
            return Vec::new();
        }
        let effects = if self.draft.is_some() { self.drop_draft() } else { Vec::new() };
        self.choose(index);
        effects
    }

    /// What was made of another command is not this one's.
    fn choose(&mut self, index: usize) {
        self.selected = index;
        self.draft = None;
        self.wanted = None;
    }

    fn toggle_explanation(&mut self) -> Vec<Effect> {
        self.explained = match self.explained {
            Explained::No => Explained::Yes,
            Explained::Yes => Explained::No,
        };
        Vec::new()
    }

    fn escape(&mut self) -> Vec<Effect> {
        match self.stage {
            Stage::Confirming { .. } => {
                self.stage = Stage::Editing;
                Vec::new()
            }
            Stage::Editing if self.draft.is_some() => self.drop_draft(),
            Stage::Editing if self.thinking.is_some() => self.stop_thinking(),
            Stage::Editing if !self.query.is_empty() => {
                let effects = self.count_answer();
                self.keep_question();
                self.clear();
                effects
            }
            Stage::Editing => self.hide(),
            Stage::Hidden | Stage::Accepting => Vec::new(),
        }
    }

    fn toggle_pin(&mut self) -> Vec<Effect> {
        self.away = Away::No;
        self.pin = if self.is_pinned() { Pin::Loose } else { Pin::Pinned };
        Vec::new()
    }

    fn focus_lost(&mut self) -> Vec<Effect> {
        if !self.preferences.hide_on_blur || self.is_pinned() || matches!(self.stage, Stage::Hidden | Stage::Accepting)
        {
            return Vec::new();
        }
        self.away = Away::Maybe;
        vec![Effect::AwaitGrace]
    }

    fn focus_gained(&mut self) -> Vec<Effect> {
        self.away = Away::No;
        Vec::new()
    }

    fn grace_over(&mut self) -> Vec<Effect> {
        if self.away == Away::Maybe { self.hide() } else { Vec::new() }
    }

    fn raise(&mut self, notice: NoticeView) -> Vec<Effect> {
        self.notices.retain(|known| known.code != notice.code);
        self.notices.push(notice);
        Vec::new()
    }

    fn dismiss(&mut self, code: &str) -> Vec<Effect> {
        self.notices.retain(|known| known.code != code);
        Vec::new()
    }

    fn open_settings(&mut self, page: crate::view::Page) -> Vec<Effect> {
        let mut effects = self.hide();
        effects.push(Effect::OpenSettings(page));
        effects
    }

    fn prefer(&mut self, preferences: Preferences) -> Vec<Effect> {
        self.preferences = preferences;
        Vec::new()
    }

    /// An answer counts once: when nobody typed on for a while, or when it was used or put away. Counting every keystroke
    /// would make the performance page a picture of typing speed.
    fn count_answer(&mut self) -> Vec<Effect> {
        match &mut self.answer {
            Some(answered) if !answered.counted => {
                answered.counted = true;
                vec![Effect::count_answer(&answered.answer, answered.latency, answered.displayed)]
            }
            _ => Vec::new(),
        }
    }

    fn clear(&mut self) {
        self.query.clear();
        self.answer = None;
        self.choose(0);
    }

    /// The commands as they were proposed.
    pub fn suggestions(&self) -> &[Suggestion] {
        self.answer.as_ref().map_or(&[], |answered| &answered.answer.suggestions)
    }

    /// Number of the question.
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// The question.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The answer to it.
    pub const fn answer(&self) -> Option<&Answered> {
        self.answer.as_ref()
    }

    /// What the language models are at.
    pub const fn thinking(&self) -> Option<&ThinkingView> {
        self.thinking.as_ref()
    }

    /// The language model that is asked, when one is in use.
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref()
    }

    /// Index into the suggestions.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// The blank that has to be filled in before the command can be taken, once somebody tried.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// Whether the chosen command is explained word by word.
    pub fn is_explained(&self) -> bool {
        self.explained == Explained::Yes
    }

    /// Whether the popup stays on the screen until it is sent away.
    pub fn is_pinned(&self) -> bool {
        self.pin == Pin::Pinned
    }

    /// Where the popup is in its life.
    pub const fn phase(&self) -> Phase {
        match self.stage {
            Stage::Hidden => Phase::Hidden,
            Stage::Editing => Phase::Editing,
            Stage::Confirming { .. } => Phase::Confirming,
            Stage::Accepting => Phase::Accepting,
        }
    }

    /// What became of the last accepted command.
    pub const fn receipt(&self) -> Option<&ReceiptView> {
        self.receipt.as_ref()
    }

    /// The window an insertion would go to.
    pub fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }

    /// What the user should know.
    pub fn notices(&self) -> &[NoticeView] {
        &self.notices
    }

    /// What the settings say about the popup.
    pub const fn preferences(&self) -> Preferences {
        self.preferences
    }
}
