//! The app itself, on a desktop of its own: real key presses, real windows, real terminals.
//!
//! One file a theme. A desktop and two cores have room for one test at a time, so [`desk::Desk`] takes turns.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod damage;
mod desk;
mod draft;
mod history;
mod hotkey;
mod hub;
mod insertion;
mod instance;
mod model;
mod performance;
mod popup;
mod settings;
mod tray;
