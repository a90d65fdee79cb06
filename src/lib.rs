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
//! | [`matcher`] | tier 1: patterns with typed slots | judges a command |
//! | [`shell`] | language without opinions: quoting, parsing, printing | says whether something is a good idea |
//! | [`safety`] | opinions without I/O | knows who proposed the command |
//! | [`engine`] | orders the tiers and then always judges | runs anything |
//!
//! # Invariants
//!
//! - Nothing is executed, anywhere.
//! - Every suggestion carries a report made from the very text it carries.
//! - Telemetry sees ids, tiers, durations and risk; never a question, a command or a path.
//! - Slot values reach a command quoted.

pub mod context;
pub mod engine;
pub mod matcher;
pub mod normalize;
pub mod paths;
pub mod proposal;
pub mod safety;
pub mod shell;
pub mod suggestion;
