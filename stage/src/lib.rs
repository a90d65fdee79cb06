//! A private virtual desktop to run the real app on.
//!
//! A [`Stage`] is an X server without a screen, a window manager, a D-Bus session and a home folder of its own, so that a test
//! presses real keys on a real window and touches nothing of the user who runs it.
//!
//! # Map
//!
//! | module | is |
//! |---|---|
//! | [`stage`] | puts the desktop up, and takes it down with everything that ran on it |
//! | [`sway`] | the same for Wayland |
//! | [`actor`] | one program on the stage, its log, its death |
//! | [`screen`] | windows, focus and pictures, over X11 |
//! | [`eye`] | when a window came up and when it was painted |
//! | [`footprint`] | memory and wake-ups of a program and all it started |
//! | [`keyboard`] | key presses over XTEST |
//! | [`terminal`] | an xterm with a shell whose prompt can be read back |
//! | [`clipboard`] | the clipboard, over xclip |
//! | [`browser`] | the page inside a web view, over `WebDriver` |
//! | [`mod@pointer`] | the pointer, dragging |
//! | [`app`] | where the built programs lie, and Caro on a stage |
//! | [`wait`] | waiting for a condition with a deadline |
//!
//! # Invariants
//!
//! - Nothing waits for a fixed time; everything waits for a condition and fails with its name at a deadline.
//! - Nothing outlives its stage, not even when the test panics.
//! - The environment of the caller does not reach the stage: no display, bus, home or XDG folder leaks in.

#![cfg(target_os = "linux")]
#![allow(
    clippy::missing_errors_doc,
    reason = "everything here fails for one reason: the desktop did not do what was waited for"
)]

pub mod actor;
pub mod app;
pub mod browser;
pub mod clipboard;
pub mod eye;
pub mod footprint;
pub mod keyboard;
pub mod pointer;
pub mod screen;
pub mod stage;
pub mod sway;
pub mod terminal;
pub mod wait;

pub use actor::Actor;
pub use app::{App, Start};
pub use browser::Browser;
pub use eye::{Area, Eye};
pub use footprint::Family;
pub use screen::{Screen, Window};
pub use stage::{Bus, Ground, Setup, Stage, Tray};
pub use sway::Sway;
pub use terminal::Terminal;
pub use wait::wait_until;
