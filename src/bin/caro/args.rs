//! What was typed. One table: the help, the completions and the man page are made from it.
//!
//! A word that names a command is one only as the first word, and commands take one quoted argument, so that a question
//! such as `check disk space` is never half-read as a command: it is refused, with the way to ask it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use caro::cheatsheet::Sheet;
use caro::context::Os;
use caro::shell::Shell;
use caro::shortcut::DESKTOPS;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::status::Status;

const EXAMPLES: [(&str, &str); 11] = [
    ("caro \"find large files over 100MB\"", "the command on stdout, its risk on stderr"),
    ("caro list files", "the same without quotes"),
    ("caro -- check disk space", "a question that begins with the name of a command"),
    ("caro --json --shell fish \"kill port 8080\"", "one JSON object"),
    ("caro check \"rm -rf /\"", "how dangerous a command is"),
    ("caro check --explain \"sudo sh -c 'rm -rf x'\"", "what would run, inside what"),
    ("caro explain \"tar xzf a.tgz\"", "what each part of it does"),
    ("caro batch < questions.jsonl", "many questions, one process"),
    ("caro history search docker", "what you asked about it, and what you took"),
    ("caro models pull", "a language model for what the rules do not know"),
    ("caro config set theme dark", "a setting; `caro config list` explains them"),
];

/// The commands whose argument is a command line.
const TAKING_A_COMMAND: [&str; 2] = ["check", "explain"];

/// Turns a sentence into a shell command that has been judged before you see it. Nothing is ever run.
#[derive(Debug, Parser)]
#[command(name = "caro", version, disable_help_subcommand = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The question, in plain words
    #[arg(value_name = "QUESTION")]
    pub(crate) question: Vec<OsString>,

    #[command(flatten)]
    pub(crate) options: Options,
}

/// What every command understands.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Answer with one JSON object
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// The shell the command is for [default: yours]
    #[arg(long, global = true, value_name = "SHELL", value_parser = shell_parser())]
    pub(crate) shell: Option<Shell>,

    /// The system the command is for [default: this one]
    #[arg(long, global = true, value_name = "OS", value_parser = os_parser())]
    pub(crate) os: Option<Os>,

    /// The question before, which this one may be about: `caro --after "list files" only the last 5`
    #[arg(long, global = true, value_name = "QUESTION")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answers JSON lines from stdin: {"id", "query", "after"?, "cwd"?, "shell"?, "os"?}
    Batch,
    /// Judges a command without running it
    Check {
        /// The command, quoted as one word
        #[arg(value_name = "COMMAND", required_unless_present = "batch", conflicts_with = "batch")]
        command: Option<OsString>,
        /// Judge JSON lines from stdin: {"id", "command", "shell"?, "os"?}
        #[arg(long)]
        batch: bool,
        /// Draw the command: what would run, inside what, and what was found where
        #[arg(long, conflicts_with = "batch")]
        explain: bool,
    },
    /// Shows what your policy changes, whether it is well, or where it is
    Policy {
        /// What to do with it
        #[arg(value_name = "ACTION", value_enum, default_value_t)]
        action: PolicyAction,
    },
    /// Says what each part of a command does
    Explain {
        /// The command, quoted as one word
        #[arg(value_name = "COMMAND")]
        command: OsString,
    },
    /// Makes intents of your own from a cheat sheet
    Import {
        /// Whose format it has
        #[arg(value_name = "navi|tldr", value_parser = sheet_parser())]
        sheet: Sheet,
        /// A file, or a folder with everything below it
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
    /// Shows, gets and chooses the language models on this machine
    #[command(disable_help_subcommand = true)]
    Models {
        #[command(subcommand)]
        action: Option<ModelsAction>,
    },
    /// Shows and changes your settings
    #[command(disable_help_subcommand = true)]
    Config {
        #[command(subcommand)]
        action: Option<ConfigAction>,
    },
    /// Shows what you asked and accepted, the favourites first
    #[command(disable_help_subcommand = true)]
    History {
        /// How many entries are shown at most
        #[arg(long, global = true, value_name = "N", default_value = "20")]
        limit: u32,
        #[command(subcommand)]
        action: Option<HistoryAction>,
    },
    /// How fast Caro was here: every number beside its target
    Stats {
        /// How far back to look
        #[arg(long, value_name = "PERIOD", value_enum, default_value_t)]
        period: Period,
        /// Print every row that is kept instead
        #[arg(long, value_name = "FORMAT", value_enum)]
        export: Option<ExportFormat>,
    },
    /// Looks after Caro itself: versions, folders, databases, the desktop app
    Doctor,
    /// Shows or hides the popup of the running desktop app
    Toggle {
        /// Print what gives a desktop a key for it instead [default: this one, else all]
        #[arg(long, value_name = "DESKTOP", num_args = 0..=1, default_missing_value = THIS_DESKTOP, value_parser = desktop_parser())]
        lines: Option<String>,
    },
    /// Tells the running app in which folder a shell is; the lines of `init` call it
    Here {
        /// The shell's process
        #[arg(long, value_name = "PID")]
        pid: u32,
        /// The shell's terminal
        #[arg(long, value_name = "TTY")]
        tty: Option<String>,
    },
    /// Prints what gives your shell a key (Alt+J) that turns the line into a command, and tells the app where the shell is
    Init {
        /// The shell you use
        #[arg(value_name = "FOR", value_enum)]
        interactive: Interactive,
    },
    /// Prints a completion script for your shell
    Completions {
        /// The shell to complete in
        #[arg(value_name = "FOR")]
        dialect: clap_complete::Shell,
    },
    /// Prints the man page
    Man,
}

/// A shell whose prompt a key can be bound at; cmd has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Interactive {
    /// Bash.
    Bash,
    /// Zsh.
    Zsh,
    /// Fish.
    Fish,
    /// PowerShell with `PSReadLine`.
    Powershell,
}

/// How far back the numbers go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Period {
    /// The last hour
    Hour,
    /// The last day
    #[default]
    Day,
    /// The last 30 days
    Month,
}

impl Period {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }

    pub(crate) const fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::from_hours(1),
            Self::Day => Duration::from_hours(24),
            Self::Month => Duration::from_hours(720),
        }
    }
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExportFormat {
    /// One object with a list for each table
    Json,
    /// One table of all rows
    Csv,
}

/// What to do with the policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PolicyAction {
    /// The levels and allowances in force
    #[default]
    List,
    /// What is wrong with the file, line by line
    Check,
    /// Where the file is, or would be
    Path,
}

/// What to do with models.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsAction {
    /// The models that can be had, and those on this machine
    List,
    /// Gets a model; an interrupted download goes on where it ended
    Pull {
        /// Its name [default: the recommended one]
        #[arg(value_name = "NAME")]
        id: Option<String>,
    },
    /// Chooses the model for what the rules do not know; `none` chooses none
    Use {
        /// Its name
        #[arg(value_name = "NAME|none")]
        id: String,
    },
    /// Forgets a model, and deletes the file when Caro downloaded it
    Remove {
        /// Its name
        #[arg(value_name = "NAME")]
        id: String,
    },
    /// Compares files with what they were when they came
    Verify {
        /// A name [default: every model on this machine]
        #[arg(value_name = "NAME")]
        id: Option<String>,
    },
    /// Measures how fast models are on this machine
    Bench {
        /// Names, or paths of GGUF files [default: the model in use]
        #[arg(value_name = "NAME|PATH")]
        models: Vec<String>,
        /// Takes turns with another program on the same file
        #[arg(long, value_name = "PROGRAM", value_enum)]
        against: Option<Peer>,
        /// Threads that compute; more than one number measures each [default: as many as cores]
        #[arg(long, value_name = "N", value_delimiter = ',')]
        threads: Vec<NonZeroUsize>,
        /// How often each thing is measured; the best counts
        #[arg(long, value_name = "N", default_value = "5")]
        rounds: NonZeroUsize,
        /// The Python that has llama-cpp-python, for --against llama.cpp
        #[arg(long, value_name = "PATH", default_value = "python3")]
        python: OsString,
    },
    /// Shows what would be sent to the server for a question, and sends nothing
    Preview {
        /// The question, quoted as one word
        #[arg(value_name = "QUESTION")]
        question: String,
    },
    /// Makes a GGUF file of yours known, where it lies
    Add {
        /// The file
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
}

/// Whom to take turns with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Peer {
    /// llama.cpp, as the Python package llama-cpp-python brings it.
    #[value(name = "llama.cpp")]
    LlamaCpp,
}

/// What to do with settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Every setting with its value and its default
    List,
    /// The value of a setting
    Get {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Changes a setting; the value `default` takes the change back
    Set {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
        /// Its value: true, false, or a text
        #[arg(value_name = "VALUE", allow_hyphen_values = true)]
        value: String,
    },
    /// Takes a change back
    Unset {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Where the file is, or would be
    Path,
}

/// What to do with the history.
#[derive(Debug, Subcommand)]
pub(crate) enum HistoryAction {
    /// Shows the entries with words that begin like these
    Search {
        /// Words of the question, the command or the name
        #[arg(value_name = "TEXT", required = true)]
        text: Vec<String>,
    },
    /// Makes an entry a favourite: it stands first, and is kept
    Pin {
        /// Its number
        #[arg(value_name = "NUMBER")]
        id: i64,
    },
    /// Makes a favourite an entry like any other
    Unpin {
        /// Its number
        #[arg(value_name = "NUMBER")]
        id: i64,
    },
    /// Calls an entry something and makes it a favourite; an empty name takes the name from it
    Rename {
        /// Its number
        #[arg(value_name = "NUMBER")]
        id: i64,
        /// What to call it
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Deletes entries; what they taught is forgotten at once
    Delete {
        /// Their numbers
        #[arg(value_name = "NUMBER", required = true)]
        ids: Vec<i64>,
    },
    /// Deletes every entry, favourites too
    Clear {
        /// Do it; without this it is only said what would be gone
        #[arg(long)]
        yes: bool,
    },
    /// Writes every entry as a JSON line
    Export,
}

impl Args {
    /// Reads the words of a command line, the program's name first.
    pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let words: Vec<OsString> = words.into_iter().collect();
        let read = definition().try_get_matches_from(&words).and_then(|matches| Self::from_arg_matches(&matches));
        match read {
            Ok(args) if args.command.is_some() && !args.question.is_empty() => {
                let message = "a question and a command cannot stand in one line";
                Err(with_question_tip(definition().error(ErrorKind::ArgumentConflict, message), &words))
            }
            Ok(args) if args.command.is_none() && args.question.is_empty() => {
                Err(definition().error(ErrorKind::MissingRequiredArgument, "there is no question"))
            }
            Ok(args) => Ok(args),
            Err(error) => Err(with_question_tip(error, &words)),
        }
    }
}

/// The table with the texts that are made from other tables.
pub(crate) fn definition() -> clap::Command {
    let mut after = String::from("Examples:\n");
    for (line, what) in EXAMPLES {
        let _ = writeln!(after, "  {line:<45} {what}");
    }
    after.push_str("\nExit status:\n");
    for (status, meaning) in Status::ALL {
        let _ = writeln!(after, "  {}  {meaning}", status as u8);
    }
    Args::command().after_help(after)
}

/// When the line began with the name of a command, says how a question with that beginning is asked.
fn with_question_tip(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let first = words.iter().skip(1).filter_map(|word| word.to_str()).find(|word| !word.starts_with('-'));
    let names_a_command = first.is_some_and(|first| definition().find_subcommand(first).is_some());
    let odd = matches!(
        error.kind(),
        ErrorKind::UnknownArgument
            | ErrorKind::TooManyValues
            | ErrorKind::ArgumentConflict
            | ErrorKind::InvalidValue
            | ErrorKind::InvalidSubcommand
    );
    if let Some(first) = first
        && names_a_command
        && odd
    {
        let mut tips = vec![format!("to ask a question that begins with '{first}': caro -- {first} …").into()];
        if TAKING_A_COMMAND.contains(&first) {
            tips.push(format!("to pass a command with spaces: caro {first} \"…\"").into());
        }
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// The desktop this session is of.
const THIS_DESKTOP: &str = "this";

fn desktop_parser() -> PossibleValuesParser {
    PossibleValuesParser::new([THIS_DESKTOP].into_iter().chain(DESKTOPS.iter().map(|desktop| desktop.id)))
}

fn shell_parser() -> impl TypedValueParser<Value = Shell> {
    PossibleValuesParser::new(Shell::ALL.map(Shell::name))
        .try_map(|name| shell_named(&name).ok_or("a possible value names a shell"))
}

fn os_parser() -> impl TypedValueParser<Value = Os> {
    PossibleValuesParser::new(Os::ALL.map(Os::name))
        .try_map(|name| os_named(&name).ok_or("a possible value names a system"))
}

fn sheet_parser() -> impl TypedValueParser<Value = Sheet> {
    PossibleValuesParser::new(Sheet::ALL.map(Sheet::name)).try_map(|name| {
        Sheet::ALL.into_iter().find(|sheet| sheet.name() == name).ok_or("a possible value names a format")
    })
}

/// The shell of that name.
pub(crate) fn shell_named(name: &str) -> Option<Shell> {
    Shell::ALL.into_iter().find(|shell| shell.name() == name)
}

/// The system of that name.
pub(crate) fn os_named(name: &str) -> Option<Os> {
    Os::ALL.into_iter().find(|os| os.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[&str]) -> Result<Args, clap::Error> {
        Args::read(std::iter::once("caro").chain(line.iter().copied()).map(OsString::from))
    }

    #[test]
    fn the_table_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn a_shell_to_set_up_is_not_the_shell_that_commands_are_for() {
        for shell in ["bash", "zsh", "fish", "powershell"] {
            let args = read(&["init", shell]).unwrap_or_else(|error| panic!("{shell}: {error}"));
            assert!(matches!(args.command, Some(Command::Init { .. })) && args.options.shell.is_none(), "{args:?}");
        }
        assert!(read(&["init", "cmd"]).is_err());
    }

    #[test]
    fn words_are_a_question_unless_the_first_names_a_command() {
        for line in [
            &["list", "files"][..],
            &["list check files"],
            &["check disk space"],
            &["list", "check", "files"],
            &["--", "check", "disk", "space"],
            &["--json", "list", "files"],
            &["list", "files", "--json"],
            &["help", "me", "find", "files"],
        ] {
            let args = read(line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
            assert!(args.command.is_none() && !args.question.is_empty(), "{line:?}: {args:?}");
        }
    }

    #[test]
    fn a_question_that_looks_like_a_command_is_refused_with_the_way_to_ask_it() {
        for line in [
            &["check", "disk", "space"][..],
            &["doctor", "who"],
            &["stats", "of", "the", "network"],
            &["toggle", "bluetooth"],
            &["policy", "of", "passwords"],
            &["models", "of", "my", "graphics", "card"],
            &["history", "of", "this", "file"],
            &["config", "git", "user", "name"],
            &["man", "page", "of", "tar"],
            &["explain", "what", "tar", "does"],
            &["--json", "check", "disk", "space"],
            &["list", "--json", "check", "x"],
        ] {
            let error = read(line).expect_err(&line.join(" ")).to_string();
            assert!(error.contains("error: "), "{error}");
            if line[0] != "list" {
                assert!(error.contains("caro -- "), "{line:?}: {error}");
            }
        }
    }
}
