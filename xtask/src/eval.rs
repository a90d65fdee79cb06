//! `cargo xtask eval`: measures answers and judgments against evaluation sets kept outside the repository.

use std::{path::Path, process::Command};

use anyhow::Result;

use crate::{
    build::{Profile, program as built},
    program::{self, command, root, say},
};

/// Runs `quality/run.py` and `safety/run.py` of `folder` with the command line; says so when the folder is not there.
pub(crate) fn run(folder: &Path) -> Result<()> {
    let folder = root().join(folder);
    if !folder.is_dir() {
        say(&format!("Skipped: there are no evaluation sets at {}", folder.display()));
        return Ok(());
    }
    program::run(command("", &format!("cargo build --locked --profile {} -p caro", Profile::Quick.name())))?;
    let caro = built("caro", Profile::Quick);
    for (set, task) in [("quality", "batch"), ("safety", "check --batch")] {
        let mut evaluation = Command::new("python3");
        evaluation.arg(folder.join(set).join("run.py")).args(["--engine", &format!("{} {task}", caro.display())]);
        program::run(evaluation)?;
    }
    Ok(())
}
