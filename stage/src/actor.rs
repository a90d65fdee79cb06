//! One program on the stage: started in a process group of its own, logged to a file, killed when dropped.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::wait::wait_until;

/// A running program. Dropping it kills its whole process group.
#[derive(Debug)]
pub struct Actor {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Actor {
    /// Starts `command` with its output going to `NAME.log` in `logs`.
    pub fn start(name: &str, command: Command, logs: &Path) -> Result<Self> {
        Self::spawn(name, command, logs, None)
    }

    /// Starts `command` and reads the first line it writes to its standard output, which is how a server says where it listens.
    pub fn start_announcing(name: &str, command: Command, logs: &Path) -> Result<(Self, String)> {
        let mut actor = Self::spawn(name, command, logs, Some(Stdio::piped()))?;
        let stdout: ChildStdout = actor.child.stdout.take().context("standard output was piped")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        anyhow::ensure!(!line.trim().is_empty(), "{name} said nothing and ended: {}", actor.log_text());
        Ok((actor, line.trim().to_owned()))
    }

    fn spawn(name: &str, mut command: Command, logs: &Path, stdout: Option<Stdio>) -> Result<Self> {
        let log = logs.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log)?;
        let stdout = match stdout {
            Some(pipe) => pipe,
            None => file.try_clone()?.into(),
        };
        command.stdin(Stdio::null()).stdout(stdout).stderr(file).process_group(0);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().to_string_lossy()))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// The name it was started under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far.
    pub fn log_text(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How it ended, `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its own end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let what = format!("{} to end", self.name);
        wait_until(&what, || Ok(self.child.try_wait()?))
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        // Errors mean that it is gone already, which is what is wanted.
        if let Some(group) = pid(self.child.id()) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

/// Kills every process that carries `mark` in its environment: what an actor started in a session of its own (a D-Bus activated
/// service, a tmux server, an app started by `WebKitWebDriver`) is in no group known here, but has inherited the environment.
pub(crate) fn sweep(mark: &str) {
    kill_marked(mark, |_| true);
}

/// Kills every process of that name that carries `mark` in its environment; how many there were.
pub(crate) fn kill_named(mark: &str, name: &str) -> usize {
    // The kernel keeps 15 characters of a name.
    kill_marked(mark, |known| known == &name[..name.len().min(15)])
}

fn kill_marked(mark: &str, wanted: impl Fn(&str) -> bool) -> usize {
    let Ok(processes) = fs::read_dir("/proc") else { return 0 };
    let killed = processes.flatten().filter(|entry| {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { return false };
        let Ok(environment) = fs::read(entry.path().join("environ")) else { return false };
        let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
            && wanted(name.trim_end())
            && pid(id).is_some_and(|process| kill_process(process, Signal::KILL).is_ok())
    });
    killed.count()
}

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}
