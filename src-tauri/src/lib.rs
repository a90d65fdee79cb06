//! Caro in the tray: the hotkey, the popup, the settings window. Knows windows, not language.
//!
//! # Map
//!
//! ```text
//! page -> commands -> driver (owns session) -> effects: windows, engine, delivery, counts
//! hotkey, tray, resident socket, focus ----^
//! ```
//!
//! | module | is | never |
//! |---|---|---|
//! | [`session`] | the popup as a pure machine: event to effects | knows a window, a clock or the engine |
//! | [`driver`] | the one thread that owns the session and performs its effects | decides |
//! | [`thinker`] | the one thread that language models run on | works on what nobody wants any more |
//! | [`delivery`] | a command on its way to clipboard or prompt | sends what was refused or holds a control character |
//! | [`platform`] | focus, keys, insertion, one folder a platform | knows Tauri, but for the handle of a web view |
//! | [`hotkey`] | the keys that work from anywhere | stops the app when one is taken |
//! | [`past`] | the history, as windows and tray act on it | leaves one of them behind |
//! | [`view`], [`commands`] | what crosses the edge to the pages | decides |
//!
//! # Invariants
//!
//! - Nothing listens on a network, and the pages can load nothing from one.
//! - The programs ever run are those that hold the prompt (tmux, GNU screen, kitty, `WezTerm`, `AppleScript`), with arguments of
//!   our own; a command is text to all of this.
//! - One app a user: the resident socket decides who is first. `tauri-plugin-single-instance` is not used: it answers after
//!   a second, since the second program has started WebKit by then, where the socket takes a millisecond.

pub mod arguments;
pub mod autostart;
pub mod commands;
pub mod control;
pub mod delivery;
pub mod diagnostics;
pub mod driver;
pub mod hotkey;
pub mod library;
pub mod log;
pub mod past;
pub mod platform;
pub mod present;
pub mod report;
pub mod sampler;
pub mod session;
pub mod start;
pub mod text;
pub mod thinker;
pub mod tray;
pub mod upkeep;
pub mod view;
pub mod windows;
