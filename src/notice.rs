//! Something a person should know that stopped nothing: a file set aside, a setting ignored, a hotkey taken.

use serde::Serialize;

use crate::error::ErrorCode;

/// What happened, in the same three parts an error has, so that one place shows both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What kind of thing it is; a test and the UI act on this.
    pub code: ErrorCode,
    /// Names the thing; lower case, no final stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Notice {
    /// A notice with the advice its code has.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: code.hint().map(str::to_owned) }
    }

    /// The same notice with better advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
