//! A desktop nobody taught Caro to type on yet: the popup works, a command is copied, and the receipt says why.

use std::time::{Duration, Instant};

use super::{Clipboard, Desktop, Focus, Keys, Obstacle, Raised, Target, WindowId};
use crate::view::{DeliveryChannel, Session};

/// A desktop by its name only.
#[derive(Debug)]
pub struct Unsupported(pub Session);

impl Desktop for Unsupported {
    fn session(&self) -> Session {
        self.0
    }

    fn focused(&self) -> Option<Target> {
        None
    }

    fn raise(&self, _window: Option<WindowId>) -> Raised {
        Raised { mapped: Instant::now(), focus: Focus::Untold }
    }

    fn wait_released(&self, _patience: Duration) -> Keys {
        Keys::Untold
    }

    fn insert(
        &self,
        _target: Option<&Target>,
        _line: &str,
        _clipboard: &dyn Clipboard,
    ) -> Result<DeliveryChannel, Obstacle> {
        Err(Obstacle::Unsupported(self.0.name()))
    }
}

impl Session {
    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::X11 => "X11",
            Self::Wayland => "Wayland",
            Self::Windows => "Windows",
            Self::MacOs => "macOS",
            Self::None => "a machine without a display",
        }
    }
}
