//! The pointer, moved and pressed as a hand would.

use anyhow::Result;
use x11rb::protocol::{xproto, xtest::ConnectionExt as _};

use crate::screen::Screen;

// The left button (X11 protocol).
const BUTTON: u8 = 1;

impl Screen {
    /// Presses the button at a place, in pixels of the screen, and keeps it down.
    pub fn hold_button(&self, at: (i16, i16)) -> Result<()> {
        self.point(at)?;
        self.button(xproto::BUTTON_PRESS_EVENT)
    }

    /// Lets the button go.
    pub fn release_button(&self) -> Result<()> {
        self.button(xproto::BUTTON_RELEASE_EVENT)
    }

    /// Moves the pointer to a place.
    pub fn point(&self, (x, y): (i16, i16)) -> Result<()> {
        self.connection.xtest_fake_input(xproto::MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, x, y, 0)?;
        self.sync()
    }

    fn button(&self, kind: u8) -> Result<()> {
        self.connection.xtest_fake_input(kind, BUTTON, x11rb::CURRENT_TIME, self.root, 0, 0, 0)?;
        self.sync()
    }
}
