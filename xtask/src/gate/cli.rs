//! The command line as its user meets it: started, asked, and the memory it takes. In a home of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use super::part::built;
use crate::{build::Profile, program::root, target::Measured};

/// What ships when it was built, else what tests run.
pub(super) fn measure(quick: bool) -> Result<Vec<Measured>> {
    let (caro, kind) =
        if quick { (built(Profile::Quick)?, "quick build") } else { (built(Profile::Release)?, "release build") };
    let home = root().join("target/performance/home");
    fs::create_dir_all(&home)?;
    let mut measured = vec![start(&caro, &home, kind)?];
    // Only Linux says what a process has taken while it still runs.
    if cfg!(target_os = "linux") {
        measured.extend(memory(&caro, &home, kind)?);
    }
    fs::remove_dir_all(&home)?;
    Ok(measured)
}

fn caro(program: &Path, home: &PathBuf) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default()).current_dir(home);
    command
}

fn start(program: &Path, home: &PathBuf, kind: &str) -> Result<Measured> {
    const TIMES: usize = 100;
    let mut taken = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let mut question = caro(program, home);
        question.args(["list", "files"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        question.status().context("the command line does not start")?;
        taken.push(begun.elapsed());
    }
    taken.sort_unstable();
    let milliseconds = |at: usize| taken[at].as_secs_f64() * 1e3;
    let note = format!("{kind}, {TIMES} starts, best {:.1}, p90 {:.1}", milliseconds(0), milliseconds(TIMES * 9 / 10));
    Ok(Measured { id: "start.cli".to_owned(), value: milliseconds(TIMES / 2), note })
}

/// `caro batch`, because it can be asked how much it takes after the answer.
fn memory(program: &Path, home: &PathBuf, kind: &str) -> Result<Vec<Measured>> {
    let mut batch = caro(program, home);
    let mut child = batch.arg("batch").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut to = child.stdin.take().context("it was piped")?;
    let mut from = BufReader::new(child.stdout.take().context("it was piped")?);
    let mut ask = |number: usize| -> Result<()> {
        writeln!(to, "{{\"id\":\"{number}\",\"query\":\"find files larger than {number} MB\"}}")?;
        from.read_line(&mut String::new()).map(drop)?;
        Ok(())
    };
    ask(0)?;
    let peak = megabytes(child.id(), "VmHWM:")?;
    for number in 1..=1_000 {
        ask(number)?;
    }
    let idle = megabytes(child.id(), "VmRSS:")?;
    drop(to);
    child.wait()?;
    let of =
        |id: &str, value| Measured { id: id.to_owned(), value, note: format!("{kind}, resident, with its libraries") };
    Ok(vec![of("memory.cli-peak", peak), of("memory.idle", idle)])
}

fn megabytes(process: u32, key: &str) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)).context("the system does not say")?;
    let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes * 1_024.0 / 1e6)
}
