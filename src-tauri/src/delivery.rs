//! An accepted command on its way out: to the clipboard, or to the prompt and, when that cannot be, to the clipboard with the
//! reason.
//!
//! Invariant: only a [`Line`] is delivered, and a refused command or one with a control character never becomes one.

use std::time::Duration;

use caro::safety::Decision;
use caro::suggestion::Suggestion;

use crate::platform::{Clipboard, Desktop, Keys, Obstacle, Target};
use crate::view::{DeliveryChannel, How, Outcome, ReceiptView};

// The popup hides when the key is let go, since the auto-repeat of Enter would go to whatever comes to the front. Who leans
// on the key for longer than this means something else.
const KEYS_UP_WITHIN: Duration = Duration::from_millis(1_500);

/// A command that may leave: one line, nothing in it that a terminal obeys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

/// Why a command may not leave. The message is the receipt's reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// The judge refused it.
    #[error("a blocked command is never copied or sent")]
    Refused,
    /// A terminal would run the line in the middle, or obey it. Stripping it would make another command of the one judged.
    #[error("it contains a control character")]
    Control,
    /// What is shown would read differently from what is sent.
    #[error("it contains characters that change the direction of text")]
    Direction,
}

impl Line {
    /// Takes the command of a suggestion.
    ///
    /// # Errors
    /// When it may not leave.
    pub fn of(suggestion: &Suggestion) -> Result<Self, Unsendable> {
        let text = &suggestion.proposal.command;
        if suggestion.decision == Decision::Refuse {
            Err(Unsendable::Refused)
        } else if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            Err(Unsendable::Control)
        } else if text.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')) {
            Err(Unsendable::Direction)
        } else {
            Ok(Self(text.clone()))
        }
    }
}

/// What a delivery works with.
pub struct Dispatch<'a> {
    /// The desktop.
    pub desktop: &'a dyn Desktop,
    /// Its clipboard.
    pub clipboard: &'a dyn Clipboard,
    /// Takes the popup from the screen and returns when it is gone.
    pub hide: &'a dyn Fn(),
    /// The window that had the focus before the popup.
    pub target: Option<&'a Target>,
}

impl Dispatch<'_> {
    /// Brings a command to where it is wanted. Takes as long as a key is held, plus some milliseconds.
    pub fn deliver(&self, how: How, suggestion: &Suggestion) -> ReceiptView {
        match Line::of(suggestion) {
            Ok(line) => match how {
                How::Copy => self.copy(&line),
                How::Insert => self.insert(&line),
            },
            Err(reason) => {
                ReceiptView { outcome: Outcome::Refused, channel: None, target: None, reason: Some(reason.to_string()) }
            }
        }
    }

    fn copy(&self, line: &Line) -> ReceiptView {
        let receipt = self.to_clipboard(line, None);
        // Whether the key is up or not: the command is where it was wanted.
        self.desktop.wait_released(KEYS_UP_WITHIN);
        (self.hide)();
        receipt
    }

    fn insert(&self, line: &Line) -> ReceiptView {
        let keys = self.desktop.wait_released(KEYS_UP_WITHIN);
        (self.hide)();
        let inserted = match keys {
            Keys::Held => Err(Obstacle::KeysHeld),
            Keys::Released | Keys::Untold => self.desktop.insert(self.target, &line.0, self.clipboard),
        };
        match inserted {
            Ok(channel) => ReceiptView {
                outcome: Outcome::Inserted,
                channel: Some(channel),
                target: self.target.map(|target| target.name.clone()),
                reason: None,
            },
            Err(obstacle) => self.to_clipboard(line, Some(&obstacle)),
        }
    }

    fn to_clipboard(&self, line: &Line, obstacle: Option<&Obstacle>) -> ReceiptView {
        match self.clipboard.write(&line.0) {
            Ok(()) => ReceiptView {
                outcome: Outcome::Copied,
                channel: Some(DeliveryChannel::Clipboard),
                target: None,
                reason: obstacle.map(ToString::to_string),
            },
            Err(error) => {
                let reason = obstacle.map_or_else(|| error.to_string(), |obstacle| format!("{obstacle}; {error}"));
                ReceiptView { outcome: Outcome::Failed, channel: None, target: None, reason: Some(reason) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::cell::{Cell, RefCell};

    use caro::proposal::{Proposal, Tier};
    use caro::safety::{Report, Risk};

    use super::*;
    use crate::platform::{ClipboardError, Unsupported};
    use crate::view::Session;

    struct Board {
        text: RefCell<String>,
        works: bool,
    }

    impl Clipboard for Board {
        fn read(&self) -> Option<String> {
            Some(self.text.borrow().clone())
        }

        fn write(&self, text: &str) -> Result<(), ClipboardError> {
            if !self.works {
                return Err(ClipboardError("nobody owns it".to_owned()));
            }
            text.clone_into(&mut self.text.borrow_mut());
            Ok(())
        }
    }

    fn suggestion(command: &str, decision: Decision) -> Suggestion {
        Suggestion {
            proposal: Proposal {
                blanks: Vec::new(),
                command: command.to_owned(),
                explanation: String::new(),
                intent: Cow::Borrowed("test.case"),
                tier: Tier::Rules,
                confidence: 1.0,
            },
            report: Report { risk: Risk::Safe, findings: Vec::new(), safer: None, touches: Vec::new() },
            decision,
            missing: Vec::new(),
            yours: false,
        }
    }

    /// Delivers on a desktop that can only be copied to: the receipt, the clipboard after it, whether the popup was hidden.
    fn deliver(how: How, suggestion: &Suggestion, works: bool) -> (ReceiptView, String, bool) {
        let board = Board { text: RefCell::new("before".to_owned()), works };
        let hidden = Cell::new(false);
        let hide = || hidden.set(true);
        let desktop = Unsupported(Session::Wayland);
        let dispatch = Dispatch { desktop: &desktop, clipboard: &board, hide: &hide, target: None };
        let receipt = dispatch.deliver(how, suggestion);
        let text = board.text.borrow().clone();
        (receipt, text, hidden.get())
    }

    #[test]
    fn a_copy_is_on_the_clipboard() {
        let (receipt, text, hidden) = deliver(How::Copy, &suggestion("ls -l", Decision::Allow), true);
        assert_eq!((receipt.outcome, receipt.reason), (Outcome::Copied, None));
        assert_eq!((text.as_str(), hidden), ("ls -l", true));
    }

    #[test]
    fn what_cannot_be_inserted_is_copied_with_the_reason() {
        let (receipt, text, hidden) = deliver(How::Insert, &suggestion("ls", Decision::Confirm), true);
        assert_eq!(receipt.outcome, Outcome::Copied);
        assert_eq!(receipt.reason.as_deref(), Some("inserting is not supported on Wayland yet"));
        assert_eq!((text.as_str(), hidden), ("ls", true));
    }

    #[test]
    fn a_clipboard_that_does_not_work_is_a_failure_with_both_reasons() {
        let (receipt, ..) = deliver(How::Insert, &suggestion("ls", Decision::Allow), false);
        assert_eq!(receipt.outcome, Outcome::Failed);
        let reason = receipt.reason.unwrap();
        assert!(reason.contains("Wayland") && reason.contains("nobody owns it"), "{reason}");
    }

    #[test]
    fn nothing_leaves_that_must_not() {
        for (command, decision) in [
            ("rm -rf /", Decision::Refuse),
            ("ls\n", Decision::Allow),
            ("ls\rrm x", Decision::Allow),
            ("printf '\u{1b}[31m'", Decision::Allow),
            ("ls \u{9b}", Decision::Allow),
            ("ls \u{2028}", Decision::Allow),
            ("ls\t", Decision::Confirm),
            ("echo \u{202e}gpj.exe", Decision::Allow),
            ("echo \u{2066}x", Decision::Allow),
        ] {
            for how in [How::Copy, How::Insert] {
                let (receipt, text, _) = deliver(how, &suggestion(command, decision), true);
                assert_eq!(receipt.outcome, Outcome::Refused, "{command:?}");
                assert_eq!(text, "before", "{command:?}");
            }
        }
    }
}
