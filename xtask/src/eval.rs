//! `cargo xtask eval`: measures answers and judgments: the repository's own rows, then evaluation sets kept outside it.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::{
    build::{Profile, program as built},
    program::{self, command, root, say},
};

/// What is printed of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// How many are right and wrong.
    Totals,
    /// How often those of each confidence are right, too.
    Calibration,
}

impl Detail {
    /// By the flag `--calibration`.
    pub(crate) fn of(calibration: bool) -> Self {
        if calibration { Self::Calibration } else { Self::Totals }
    }
}

/// Runs the rows under `tests/data`, then `quality/run.py` and `safety/run.py` of `folder` with the command line; says so when the
/// folder is not there.
pub(crate) fn run(folder: &Path, detail: Detail) -> Result<()> {
    program::run(command("", "cargo test --locked -p caro --test suggest --test check"))?;
    let folder = root().join(folder);
    if !folder.is_dir() {
        say(&format!("Skipped: there are no evaluation sets at {}", folder.display()));
        return Ok(());
    }
    program::run(command("", &format!("cargo build --locked --profile {} -p caro", Profile::Quick.name())))?;
    let caro = built("caro", Profile::Quick);
    let mut quality = Command::new(python(&folder.join("quality"))?);
    quality.arg(folder.join("quality/run.py")).args([
        "--engine",
        &format!("{} batch", caro.display()),
        "--tier-report",
    ]);
    if detail == Detail::Calibration {
        quality.arg("--calibration");
    }
    program::run(quality)?;
    let mut safety = Command::new("python3");
    safety.arg(folder.join("safety/run.py")).args(["--engine", &format!("{} check --batch", caro.display())]);
    program::run(safety)
}

/// A Python with the packages that the set asks for, made under `target` at first use.
fn python(set: &Path) -> Result<PathBuf> {
    let environment = root().join("target/eval");
    let python = environment.join("bin/python");
    if !python.exists() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&environment);
        program::run(make)?;
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "-r"]).arg(set.join("requirements.txt"));
        program::run(install)?;
    }
    Ok(python)
}
