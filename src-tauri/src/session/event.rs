//! What can happen to the popup, and what can follow from it.

use std::borrow::Cow;
use std::path::PathBuf;
use std::time::Duration;

use caro::proposal::Proposal;
use caro::safety::{Finding, Touch};
use caro::suggestion::{Answer, Suggestion};
use caro::timing::Spent;

use crate::session::Change;
use crate::view::{How, Language, NoticeView, Outcome, Page, ReceiptView, Step, Theme, ThinkingView};

/// Who wants to see the popup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The hotkey; the time until the window is there is counted.
    Hotkey,
    /// The tray, the command line, a second start.
    Request,
}

/// What brings a page back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revival {
    /// Its web view is taken from its window and put back: it learns again that it is seen.
    Remap,
    /// It is loaded anew; the session is here, so nothing is lost.
    Reload,
}

/// What the settings say about the popup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    /// Hide when another window gets the focus.
    pub hide_on_blur: bool,
    /// How long the question is there again when the popup comes back.
    pub keep_question: Duration,
    /// Colors.
    pub theme: Theme,
    /// Of the words around the question.
    pub language: Language,
    /// Nothing is kept.
    pub private: bool,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Show when hidden, else hide.
    Toggled(Cause),
    /// Show, whatever the state.
    Summoned(Cause),
    /// The window is on the screen; the window that had the focus before is named.
    Shown {
        /// Where an insertion would go.
        target: Option<String>,
    },
    /// It is known where in that window the user is.
    Located {
        /// Which showing of the popup asked.
        showing: u32,
        /// For a person: `tmux: ~/src`.
        target: String,
        /// The folder there.
        cwd: Option<PathBuf>,
    },
    /// The page has drawn a frame since the popup came onto the screen.
    Painted,
    /// It should have by now.
    PaintOverdue,
    /// The page reports a question.
    QueryChanged {
        /// The question.
        query: String,
        /// Its number; a lower one than the last is late.
        revision: u32,
    },
    /// A question out of the history is to be asked again.
    Recalled {
        /// The question.
        query: String,
    },
    /// The text of the clipboard is to be the question.
    ClipboardWanted,
    /// It was read; `None` when it holds none.
    ClipboardRead(Option<String>),
    /// What was done with the command accepted last is to be done again.
    RepeatWanted,
    /// The engine answered.
    Answered {
        /// Number of the question.
        revision: u32,
        /// The answer.
        answer: Answer,
        /// How long it took.
        latency: Duration,
    },
    /// The language models are to be asked.
    ThoughtWanted,
    /// The language models are at it.
    Thinking {
        /// Number of the question.
        revision: u32,
        /// How far they are.
        progress: ThinkingView,
    },
    /// The language models answered, or could not.
    Thought {
        /// Number of the question.
        revision: u32,
        /// The answer.
        answer: Answer,
        /// How long it took.
        latency: Duration,
    },
    /// The page has drawn the answer.
    Displayed {
        /// Number of the question.
        revision: u32,
        /// From the key to the frame.
        latency: Duration,
    },
    /// Another language model is in use, or none.
    ModelChanged(Option<String>),
    /// Nobody typed on for a while.
    Settled {
        /// Number of the question back then.
        revision: u32,
    },
    /// The files the suggestions would touch are counted.
    Measured {
        /// Number of the question.
        revision: u32,
        /// For each suggestion what it comes to, one sentence an effect.
        sentences: Vec<Vec<String>>,
    },
    /// An earlier question is wanted, or a later one.
    RecallWanted(Step),
    /// The questions whose commands were taken, the newest first.
    Recollected(Vec<String>),
    /// The popup was away for as long as a question is kept.
    Forgotten,
    /// The popup is to stay on the screen, or no longer.
    PinToggled,
    /// The pointer is pressed on the popup, and takes it along.
    DragBegun,
    /// Another suggestion is selected.
    Selected(usize),
    /// A blank of the chosen command gets a value.
    BlankFilled {
        /// The blank.
        name: String,
        /// What was typed, not quoted; empty takes it back.
        value: String,
        /// Counts on with the questions.
        revision: u32,
    },
    /// The chosen command is to be changed.
    EditBegun,
    /// It was.
    CommandEdited {
        /// As it is now.
        command: String,
        /// Counts on with the questions.
        revision: u32,
    },
    /// The safer command is wanted instead of the chosen one.
    SaferWanted,
    /// What the user made of the chosen command is judged.
    Judged {
        /// Number of the change.
        revision: u32,
        /// The command with its judgement.
        suggestion: Suggestion,
    },
    /// The chosen command is to be explained word by word, or no longer.
    ExplanationToggled,
    /// The key for this was pressed.
    Accepted(How),
    /// No key is down any more.
    Released,
    /// A command arrived, or did not.
    Delivered(ReceiptView),
    /// Escape was pressed.
    Escaped,
    /// The window was closed from outside.
    Dismissed,
    /// Another window has the focus.
    FocusLost,
    /// The popup has the focus.
    FocusGained,
    /// The focus did not come back in time.
    GraceOver,
    /// Something the user should know; replaces one with the same code.
    NoticeRaised(NoticeView),
    /// A notice was read.
    NoticeDismissed(String),
    /// The settings window is wanted.
    SettingsWanted(Page),
    /// Settings changed.
    PreferencesChanged(Preferences),
    /// Somebody asks for the state.
    Looked,
}

/// Something is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Put the popup on the screen and give it the keyboard; then report [`Event::Shown`].
    Show(Cause),
    /// Find out where in the window with the focus the user was; then report [`Event::Located`].
    Locate {
        /// Which showing of the popup asks.
        showing: u32,
    },
    /// Questions are about this folder from now on.
    WorkIn {
        /// What an insertion goes to.
        target: String,
        /// The folder.
        cwd: Option<PathBuf>,
    },
    /// Report [`Event::PaintOverdue`] after a while.
    AwaitPaint,
    /// Bring a page back that is on the screen and draws nothing.
    Revive(Revival),
    /// Take it away.
    Hide,
    /// Let the pointer move it.
    Drag,
    /// Read the clipboard; then report [`Event::ClipboardRead`].
    ReadClipboard,
    /// What is delivered next goes to the window that has the focus now: no popup was shown.
    Aim,
    /// Ask the last question of the history again.
    RecallLast,
    /// Ask the engine.
    Ask {
        /// Number of the question.
        revision: u32,
        /// The question.
        query: String,
        /// The command before, which it may be about.
        earlier: Option<Box<Proposal>>,
    },
    /// Read the questions whose commands were taken; then report [`Event::Recollected`].
    Recollect,
    /// Report [`Event::Forgotten`] after this long.
    AwaitForgetting(Duration),
    /// Have the language models read a question that may be theirs, while it is still typed.
    Prepare {
        /// The question.
        query: String,
    },
    /// Ask the language models; then report [`Event::Thought`].
    Think {
        /// Number of the question.
        revision: u32,
        /// The question.
        query: String,
    },
    /// What the language models are at is no longer wanted.
    StopThinking,
    /// Report [`Event::Settled`] after a while.
    AwaitSettled {
        /// Number of the question.
        revision: u32,
    },
    /// Judge what the user made of a command; then report [`Event::Judged`].
    Judge {
        /// Number of the change.
        revision: u32,
        /// The command as it was proposed.
        of: Box<Proposal>,
        /// What the question itself asks for.
        asked: Option<Finding>,
        /// What is changed.
        change: Change,
    },
    /// Count the files that commands would touch; then report [`Event::Measured`].
    Measure {
        /// Number of the question.
        revision: u32,
        /// What each suggestion would touch.
        touches: Vec<Vec<Touch>>,
    },
    /// Report [`Event::GraceOver`] after a while.
    AwaitGrace,
    /// Report [`Event::Released`] when no key is down.
    AwaitRelease,
    /// Bring the command to where it is wanted; then report [`Event::Delivered`].
    Deliver {
        /// Where it is wanted.
        how: How,
        /// The command with its judgement.
        suggestion: Box<Suggestion>,
    },
    /// Count an answer: ids and durations, no text.
    CountAnswer {
        /// Name of the tier.
        tier: &'static str,
        /// Intent, when it ships with Caro.
        intent: Option<&'static str>,
        /// Risk of the best suggestion.
        risk: Option<&'static str>,
        /// How long the engine took.
        latency: Duration,
        /// Where that time went.
        spent: Spent,
        /// From the key to the frame with the answer, when the page said so.
        displayed: Option<Duration>,
    },
    /// Count an acceptance: ids, no text.
    CountAcceptance {
        /// Name of the tier.
        tier: &'static str,
        /// Intent, when it ships with Caro.
        intent: Option<&'static str>,
        /// Its risk.
        risk: &'static str,
        /// What became of it.
        receipt: ReceiptView,
    },
    /// Keep it in the history.
    Remember {
        /// The question.
        query: String,
        /// The accepted command.
        command: String,
        /// Its risk.
        risk: &'static str,
        /// What became of it.
        outcome: Outcome,
    },
    /// Open the settings window.
    OpenSettings(Page),
}

impl Effect {
    pub(super) fn count_answer(answer: &Answer, latency: Duration, displayed: Option<Duration>) -> Self {
        let best = answer.best();
        Self::CountAnswer {
            tier: answer.tier.name(),
            intent: best.and_then(shipped_intent),
            risk: best.map(|suggestion| suggestion.report.risk.name()),
            latency,
            spent: answer.spent,
            displayed,
        }
    }

    pub(super) fn count_acceptance(suggestion: &Suggestion, receipt: &ReceiptView) -> Self {
        Self::CountAcceptance {
            tier: suggestion.proposal.tier.name(),
            intent: shipped_intent(suggestion),
            risk: suggestion.report.risk.name(),
            receipt: receipt.clone(),
        }
    }
}

/// An intent the user wrote may carry words of theirs, so only those that ship with Caro are counted by name.
fn shipped_intent(suggestion: &Suggestion) -> Option<&'static str> {
    match suggestion.proposal.intent {
        Cow::Borrowed(id) => Some(id),
        Cow::Owned(_) => None,
    }
}
