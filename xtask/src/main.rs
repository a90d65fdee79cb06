//! `cargo xtask`: the only developer script. Each command is a module; what they share is how a program is run
//! ([`program`]), what a machine must have ([`node`], [`package`]) and what is built ([`build`]).
//!
//! Rust's own version is not checked here: cargo refuses an older one and names both, from `rust-version` in `Cargo.toml`.

mod bench;
mod build;
mod checklist;
mod compare;
mod demo;
mod eval;
mod gate;
mod history;
mod node;
mod package;
mod profile;
mod program;
mod report;
mod run;
mod screenshots;
mod size;
mod target;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{bench::Bench, build::Profile, eval::Detail, package::Consent, profile::Watched, test::Extent};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Set up, build, run and test Caro")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what is missing, builds Caro and starts it in the tray; shows it on a virtual display when there is none
    Run {
        /// Install missing system packages without asking
        #[arg(long)]
        yes: bool,
        /// Build what ships: smaller and slower to build
        #[arg(long)]
        release: bool,
    },
    /// Installs what is missing and builds Caro without starting it
    Build {
        /// Install missing system packages without asking
        #[arg(long)]
        yes: bool,
        /// Build what ships: smaller and slower to build
        #[arg(long)]
        release: bool,
    },
    /// Installs the test tools and runs every test, the desktop ones included
    Test {
        /// Only what needs neither a web view nor a desktop: format, lints and tests of the engine and the command line
        #[arg(long)]
        fast: bool,
    },
    /// Formats and lints everything, without running a test
    Lint,
    /// Shows Caro on a virtual display: the real hotkey, a question, the answer copied; pictures go to target/demo
    Demo,
    /// Takes the pictures of the README from the running app, into docs/images
    Screenshots,
    /// Writes docs/rules.md from the rules and their tests
    Docs,
    /// Measures answers and judgments: the repository's own rows, and evaluation sets kept outside it
    Eval {
        /// The folder of the sets; skipped when it is not there
        #[arg(default_value = "../shared/eval")]
        folder: std::path::PathBuf,
        /// Print how often answers of each confidence are right
        #[arg(long)]
        calibration: bool,
    },
    /// Measures what the app costs, from outside
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Measures everything `benches/targets.toml` promises and fails when a row is over its target
    Gate {
        /// Only the rows whose id begins so: `telemetry.`, `size.`
        #[arg(default_value = "")]
        prefix: String,
        /// Print the sheet as JSON
        #[arg(long)]
        json: bool,
        /// Leave out what takes minutes: release builds, large models, the soak
        #[arg(long)]
        quick: bool,
        /// Pass although some rows could not be measured here
        #[arg(long)]
        allow_missing: bool,
    },
    /// Says whether the code got slower: instruction counts, or times measured in turns with another revision
    Compare {
        /// The revision to compare with; without it, the numbers that were kept
        #[arg(long, value_name = "REV")]
        against: Option<String>,
        /// Count instructions (callgrind), which no noise can move
        #[arg(long)]
        counts: bool,
        /// Only what has this in its name
        #[arg(long, default_value = "")]
        filter: String,
        /// Turns that each revision takes
        #[arg(long, default_value = "3")]
        rounds: usize,
        /// Keep the numbers of now as those to compare with
        #[arg(long)]
        update: bool,
        /// Show instead that a slowed matcher is caught, and that this many runs of unchanged code raise no alarm
        #[arg(long, value_name = "RUNS")]
        prove: Option<usize>,
    },
    /// Builds what ships and says how large it is, stripped and gzipped
    Size {
        /// By crate, too
        #[arg(long)]
        crates: bool,
    },
    /// Shows what was measured of each release; `--record` adds what the gate measured last
    History {
        /// Add a line
        #[arg(long)]
        record: bool,
    },
    /// Writes a page with the charts of what the gate measured last, and the picture for the README
    Report,
    /// Fills in the checklist of a release from what the gate measured last
    Checklist {
        /// Sign it: keep it with the history; refused when a row does not hold
        #[arg(long)]
        sign: bool,
    },
    /// Asks questions for so long and says how much the memory grows in an hour
    Soak {
        /// For how long
        #[arg(long, default_value = "10")]
        minutes: u64,
    },
    /// Watches where the time or the memory of a question goes; writes into target/profile
    Profile {
        /// What is watched
        watched: Watched,
        /// The question
        #[arg(last = true)]
        question: Vec<String>,
    },
    /// Writes model files of the geometries that people use, with random numbers, into target/models
    Models,
    /// Checks licenses, sources and advisories of the dependencies with cargo-deny, when it is installed
    Deny,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Run { yes, release } => run::run(Consent::given(yes), Profile::shipping(release)),
        Task::Build { yes, release } => build::from_nothing(Consent::given(yes), Profile::shipping(release)),
        Task::Test { fast } => test::run(Extent::fast(fast)),
        Task::Lint => test::run(Extent::Lints),
        Task::Demo => demo::run(),
        Task::Screenshots => screenshots::run(),
        Task::Docs => test::document(),
        Task::Eval { folder, calibration } => eval::run(&folder, Detail::of(calibration)),
        Task::Bench { what } => bench::run(what),
        Task::Gate { prefix, json, quick, allow_missing } => {
            let partly = quick || !prefix.is_empty();
            gate::run(gate::Wanted { json, quick, allow_missing, partly }, &prefix)
        }
        Task::Compare { prove: Some(runs), .. } => compare::prove(runs),
        Task::Compare { against, counts, filter, rounds, update, prove: None } => {
            compare::run(&compare::Wanted { against, counts, filter, rounds, update })
        }
        Task::Size { crates } => size::run(crates),
        Task::History { record } => history::run(record),
        Task::Report => report::run(),
        Task::Checklist { sign } => checklist::run(sign),
        Task::Soak { minutes } => gate::soak(minutes),
        Task::Profile { watched, question } => profile::run(watched, &question),
        Task::Models => gate::models(),
        Task::Deny => test::deny(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            program::say(&format!("\nxtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}
