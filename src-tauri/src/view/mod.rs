//! What crosses the edge to the web page: plain data, the source of `ui/src/lib/ipc/bindings.ts`.
//!
//! Invariant: nothing here decides anything. How engine types become these is `present`'s business, so that a new field of
//! the engine never leaks into the page by itself.

mod library;
mod performance;
mod settings;

use serde::{Deserialize, Serialize};
use specta::Type;

pub use library::{AllowanceView, LevelView, ModelState, ModelView, ModelsView, PolicyView, WorkStage, WorkView};
pub use performance::{
    BarView, BucketView, ExportFormat, LastAnswerView, LatencyView, PartView, PerformanceView, RateView, SampleView,
    StageView, StartView, TierView,
};
pub use settings::{
    HistoryView, HotkeyState, HotkeyView, ModelFirst, Session, SettingsPatch, SettingsView, Shell, StatusView,
    TerminalView,
};

/// How much harm a command can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Reads only.
    Safe,
    /// Changes state in a recoverable way.
    Caution,
    /// Irreversible loss is possible.
    Dangerous,
    /// Catastrophic; never copied, never sent.
    Blocked,
}

/// Which part of the engine answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Asked before.
    Cache,
    /// Patterns with slots.
    Rules,
    /// Nearest intent.
    Semantic,
    /// A model in this process.
    Embedded,
    /// A model on a server.
    Remote,
    /// Nobody knew.
    None,
}

/// What the user may do with a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// One key accepts it.
    Allow,
    /// It takes a second, deliberate key.
    Confirm,
    /// It is shown with the reason, and that is all.
    Refuse,
}

/// What a piece of a command is, for coloring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// The program that runs.
    Program,
    /// An option.
    Flag,
    /// A plain word.
    Argument,
    /// A quoted word.
    Quoted,
    /// `|`, `&&`, `;` and their like.
    Operator,
    /// `>`, `2>&1` and their like.
    Redirection,
    /// `$HOME`.
    Variable,
    /// `<name>`: to be filled in by the user.
    Placeholder,
    /// Ignored by the shell.
    Comment,
    /// What stands between the others.
    Space,
}

/// A piece of a command. The texts of all pieces, one after the other, are the command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// Its text, untouched.
    pub text: String,
    /// What it is.
    pub kind: TokenKind,
    /// True when a finding points at it.
    pub at_risk: bool,
    /// Index into the fields, when it is a blank or the value in its place.
    pub field: Option<u32>,
}

/// A blank of a command, to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// What belongs there.
    pub name: String,
    /// What was typed, not quoted.
    pub value: String,
    /// Why that cannot stand there.
    pub problem: Option<String>,
}

/// A part of a command and what it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WordView {
    /// As it stands in the command.
    pub text: String,
    /// What it does.
    pub meaning: String,
    /// How deep it belongs: arguments are below their program.
    pub depth: u8,
}

/// What the chosen command is besides proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Changed {
    /// Its blanks have values.
    Filled,
    /// The user writes it.
    Edited,
    /// It is the safer one instead.
    Safer,
}

/// Why a command has its risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReasonView {
    /// Rule id, `subject.what`.
    pub rule: String,
    /// For a person.
    pub message: String,
}

/// One judged command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SuggestionView {
    /// The command line.
    pub command: String,
    /// What it does.
    pub explanation: String,
    /// Its pieces.
    pub tokens: Vec<TokenView>,
    /// What is to be filled in, in order.
    pub fields: Vec<FieldView>,
    /// Who proposed it.
    pub tier: Tier,
    /// 0 to 1.
    // Specta says `number | null` for floats because JSON has no NaN; there is none here.
    #[specta(type = u32)]
    pub confidence: f32,
    /// How much harm it can do.
    pub risk: Risk,
    /// What the user may do with it.
    pub decision: Decision,
    /// Why, the worst first.
    pub reasons: Vec<ReasonView>,
    /// Does the same with less to lose.
    pub safer: Option<String>,
    /// Intent id.
    pub intent: String,
    /// The user accepted this very command for such a question before.
    pub yours: bool,
}

/// An intent close to a question nobody could answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NearestView {
    /// Intent id.
    pub intent: String,
    /// A sentence it understands.
    pub example: String,
}

/// The engine's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// The best first; empty is "I don't know".
    pub suggestions: Vec<SuggestionView>,
    /// Close intents, when there is no suggestion.
    pub nearest: Vec<NearestView>,
    /// What the question itself asks for, when that is dangerous whatever the answer.
    pub asked: Option<ReasonView>,
    /// Whether the language models had their say.
    pub thought: bool,
    /// Who answered.
    pub tier: Tier,
    /// How long it took.
    pub latency_us: u32,
}

/// How an acceptance ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// On the clipboard.
    Copied,
    /// At the prompt of a terminal.
    Inserted,
    /// Not allowed.
    Refused,
    /// Allowed, but neither worked.
    Failed,
}

impl Outcome {
    /// The name in the databases.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Inserted => "inserted",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// The way a command took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryChannel {
    /// Left on the clipboard.
    Clipboard,
    /// A tmux buffer pasted into a pane.
    Tmux,
    /// Stuffed into a window of GNU screen.
    Screen,
    /// kitty's remote control.
    Kitty,
    /// `wezterm cli`.
    WezTerm,
    /// Konsole over D-Bus.
    Konsole,
    /// iTerm2 by `AppleScript`.
    ITerm,
    /// Typed key by key.
    Xtest,
    /// Typed by Windows.
    SendInput,
    /// Typed by macOS.
    CgEvent,
    /// The terminal's own paste key.
    Paste,
}

impl DeliveryChannel {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clipboard => "clipboard",
            Self::Tmux => "tmux",
            Self::Screen => "screen",
            Self::Kitty => "kitty",
            Self::WezTerm => "wezterm",
            Self::Konsole => "konsole",
            Self::ITerm => "iterm",
            Self::Xtest => "xtest",
            Self::SendInput => "sendinput",
            Self::CgEvent => "cgevent",
            Self::Paste => "paste",
        }
    }
}

/// What became of an accepted command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    /// How it ended.
    pub outcome: Outcome,
    /// Which way it took.
    pub channel: Option<DeliveryChannel>,
    /// The window it went to.
    pub target: Option<String>,
    /// Why it was not inserted, or not accepted.
    pub reason: Option<String>,
}

/// Something the user should know, until dismissed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Kebab-case, stable.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Where the popup is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Not on the screen.
    Hidden,
    /// Taking a question.
    Editing,
    /// Waiting for the second, deliberate key.
    Confirming,
    /// A command is on its way.
    Accepting,
}

/// Colors of the windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the desktop says.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// A language the windows are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Chinese, simplified.
    Zh,
    /// Japanese.
    Ja,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 6] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Zh, Self::Ja];

    /// By ISO 639.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Zh => "zh",
            Self::Ja => "ja",
        }
    }
}

/// What the language models are at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// A model is brought into memory.
    Loading,
    /// The question is read.
    Reading,
    /// The command is written.
    Writing,
}

/// How far the language models are with a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ThinkingView {
    /// What they are at.
    pub stage: Stage,
    /// Done of 1,000; of no meaning while a command is written.
    pub permille: u16,
    /// The command as far as it is written. Not judged yet, and not to be used.
    pub command: String,
}

/// Everything the popup shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Number of the question, growing; a page counts on from here.
    pub revision: u32,
    /// The question.
    pub query: String,
    /// The answer to it, when there is one.
    pub answer: Option<AnswerView>,
    /// The language model that can be asked, when one is in use.
    pub model: Option<String>,
    /// What it is at, while it is.
    pub thinking: Option<ThinkingView>,
    /// Index into the suggestions.
    pub selected: u32,
    /// What the chosen command is besides proposed.
    pub changed: Option<Changed>,
    /// The field that has to be filled in first, after somebody tried to take the command.
    pub wanted: Option<String>,
    /// The chosen command word by word, when that is wanted.
    pub parts: Option<Vec<WordView>>,
    /// The question before, which this one may follow on from.
    pub earlier: Option<String>,
    /// What can be said about its command, while the field is empty.
    pub follow_ups: Vec<String>,
    /// Whether the question is one that the arrow keys brought back.
    pub recalled: bool,
    /// Whether the popup stays on the screen until it is sent away.
    pub pinned: bool,
    /// Where the popup is in its life.
    pub phase: Phase,
    /// What became of the last accepted command.
    pub receipt: Option<ReceiptView>,
    /// The window an insertion would go to.
    pub target: Option<String>,
    /// What the user should know.
    pub notices: Vec<NoticeView>,
    /// Colors.
    pub theme: Theme,
    /// Of the words around the question.
    pub language: Language,
    /// Private mode: nothing is kept.
    pub private: bool,
}

/// A step through earlier questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// To the one before.
    Older,
    /// Back towards now.
    Newer,
}

/// What to do with the selected command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// Put it on the clipboard.
    Copy,
    /// Put it at the prompt of the terminal that had the focus.
    Insert,
}

/// A page of the settings window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Page {
    /// Theme, language, shell.
    General,
    /// The hotkey.
    Shortcut,
    /// Language models: here, to be had, in use.
    Models,
    /// What is allowed.
    Safety,
    /// The terminals a command can be put into.
    Terminals,
    /// What is kept.
    Privacy,
    /// Numbers from this machine.
    Performance,
    /// Version, folders, diagnostics.
    About,
    /// How to begin.
    Welcome,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 9] = [
        Self::General,
        Self::Shortcut,
        Self::Models,
        Self::Safety,
        Self::Terminals,
        Self::Privacy,
        Self::Performance,
        Self::About,
        Self::Welcome,
    ];

    /// The name in the page's address and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Shortcut => "shortcut",
            Self::Models => "models",
            Self::Safety => "safety",
            Self::Terminals => "terminals",
            Self::Privacy => "privacy",
            Self::Welcome => "welcome",
            Self::Performance => "performance",
            Self::About => "about",
        }
    }
}

/// An error over IPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// Kebab-case, stable.
    pub code: String,
    /// What failed.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}
