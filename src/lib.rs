//! Caro turns a sentence into a shell command that has been judged before anyone sees it.
//!
//! # Map
//!
//! ```text
//! text -> normalize -> [cache] -> matcher -> proposals -> safety::analyze each -> decide -> suggestions
//! ```
//!
//! | module | is | never |
//! |---|---|---|
//! | [`normalize`] | raw text to utterance | reads clock, environment or files |
//! | [`matcher`] | tiers 1 and 2: patterns with typed slots, and the nearest intent | judges a command |
//! | [`llm`] | tier 3: what a language model writes, read strictly | trusts it |
//! | [`shell`] | language without opinions: quoting, parsing, printing | says whether something is a good idea |
//! | [`explain`] | says what each part of a command does | judges it |
//! | [`followup`] | what "make it recursive" makes of the command before | guesses |
//! | [`safety`] | opinions without I/O | knows who proposed the command |
//! | [`radius`] | counts the files a judged command would touch | opens a file, follows a link, goes on for long |
//! | [`engine`] | orders the tiers and then always judges | runs anything |
//! | [`tool`] | what a command needs that is not installed, and what is there instead | installs anything |
//! | [`storage`] | private folders, atomic replacement, databases | deletes or half-writes what a user may have written |
//! | [`cheatsheet`] | a user's own intents, and other people's cheat sheets made into some | changes a file it did not write |
//! | [`config`] | settings as differences from embedded defaults | fails to start over a bad file |
//! | [`policy`] | the user's own levels and allowances, from a file | writes that file |
//! | [`telemetry`] | durations, tiers, risk: queue, database, statistics | sees text of the user's; blocks an answer |
//! | [`timing`] | where the time of an answer went | holds a clock |
//! | [`history`] | what was asked and accepted, searched and remembered | leaves this machine, keeps a secret |
//! | [`net`] | HTTP with patience: no wait without an end, no secret to the wrong server | knows what the bytes mean |
//! | [`weights`] | model files: the catalog, what is installed, downloads | deletes what it did not download |
//! | [`remote`] | a model on another machine: chat completions, streamed and bounded | sends what is not shown |
//! | [`resident`] | the talk between `caro` and the running app, and where shells are | carries a question |
//! | [`shortcut`] | what gives a desktop a key for `caro toggle` | changes a desktop's settings |
//! | [`setup`] | what the settings say about models and memory, made real | reads the environment |
//! | [`error`], [`notice`] | the closed list of what can go wrong | are used for no match or blocked |
//!
//! # Invariants
//!
//! - Nothing is executed, anywhere.
//! - Every suggestion carries a report made from the very text it carries.
//! - Telemetry sees ids, tiers, durations and risk; never a question, a command or a path.
//! - Slot values reach a command quoted.

pub mod cheatsheet;
pub mod config;
pub mod context;
pub mod engine;
pub mod error;
pub mod explain;
pub mod followup;
pub mod history;
pub mod llm;
pub mod matcher;
pub mod net;
pub mod normalize;
pub mod notice;
pub mod paths;
pub mod policy;
pub mod proposal;
pub mod radius;
pub mod remote;
pub mod resident;
pub mod safety;
pub mod setup;
pub mod shell;
pub mod shortcut;
pub mod storage;
pub mod suggestion;
pub mod telemetry;
pub mod timing;
pub mod tool;
pub mod weights;

pub use error::{Error, ErrorCode};
pub use notice::Notice;
