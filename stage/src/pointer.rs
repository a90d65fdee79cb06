//! The pointer, moved and pressed as a hand would.

use anyhow::Result;
use x11rb::protocol::{xproto, xtest::ConnectionExt as _};

use crate::screen::Screen;

// The left button (X11 protocol).
const BUTTON: u8 = 1;

impl Screen {
    /// Takes what lies at `from` to `to`, in pixels of the screen, and lets go there.
    pub fn drag(&self, from: (i16, i16), to: (i16, i16)) -> Result<()> {
        self.point(from)?;
        self.button(xproto::BUTTON_PRESS_EVENT)?;
        // A window manager begins to move a window when the pointer moves while it is held, and follows it from there.
        let (middle, at) = (((from.0 + to.0) / 2, (from.1 + to.1) / 2), to);
        for place in [middle, at] {
            self.point(place)?;
            self.wait_for_window_manager()?;
        }
        self.button(xproto::BUTTON_RELEASE_EVENT)
    }

    fn point(&self, (x, y): (i16, i16)) -> Result<()> {
        self.connection.xtest_fake_input(xproto::MOTION_NOTIFY_EVENT, 0, x11rb::CURRENT_TIME, self.root, x, y, 0)?;
        self.sync()
    }

    fn button(&self, kind: u8) -> Result<()> {
        self.connection.xtest_fake_input(kind, BUTTON, x11rb::CURRENT_TIME, self.root, 0, 0, 0)?;
        self.sync()
    }
}
