//! `cargo xtask`: the only developer script. Each command is a module; what they share is how a program is run
//! ([`program`]), what a machine must have ([`node`], [`package`]) and what is built ([`build`]).
//!
//! Rust's own version is not checked here: cargo refuses an older one and names both, from `rust-version` in `Cargo.toml`.

mod bench;
mod build;
mod demo;
mod eval;
mod node;
mod package;
mod program;
mod run;
mod screenshots;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{bench::Bench, build::Profile, eval::Detail, package::Consent, test::Extent};

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
