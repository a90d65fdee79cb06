//! The app on Wayland, under a `sway` of its own: no hotkey to be had there, a key of the desktop's instead.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod desk;
mod popup;
