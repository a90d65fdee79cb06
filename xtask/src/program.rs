//! Runs other programs: shown before they run, in the folder of the workspace, failing with the line that was run.

use std::{
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Whether the standard output is kept for an [`answer`].
static ASIDE: AtomicBool = AtomicBool::new(false);

/// From now on the standard output is for an [`answer`] only, and everything else goes to the standard error.
pub(crate) fn talk_aside() {
    ASIDE.store(true, Ordering::Relaxed);
}

/// Tells the developer something. A closed pipe is no reason to stop the work.
pub(crate) fn say(line: &str) {
    let _ = if ASIDE.load(Ordering::Relaxed) {
        writeln!(io::stderr().lock(), "{line}")
    } else {
        writeln!(io::stdout().lock(), "{line}")
    };
}

/// Says what another program reads.
pub(crate) fn answer(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// A command that runs in `folder` of the workspace. The program is a word of its own; arguments are split at spaces.
pub(crate) fn command(folder: &str, line: &str) -> Command {
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    // On Windows npm is a script, which only the command interpreter starts.
    let mut command = if cfg!(windows) && name == "npm" {
        let mut shell = Command::new("cmd");
        shell.args(["/C", "npm"]);
        shell
    } else {
        Command::new(name)
    };
    command.args(words).current_dir(root().join(folder));
    command
}

/// Runs `command` to its end; its output goes where ours goes.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let shown = show(&command);
    say(&format!("$ {shown}"));
    if ASIDE.load(Ordering::Relaxed) {
        command.stdout(io::stderr());
    }
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// [`run`], handing every line of the standard output to `see` after it has been shown.
pub(crate) fn run_watched(mut command: Command, mut see: impl FnMut(&str)) -> Result<()> {
    let shown = show(&command);
    say(&format!("$ {shown}"));
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
    let stdout = child.stdout.take().context("standard output was piped")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        say(&line);
        see(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// What `command` prints, `None` when it cannot be started or fails.
pub(crate) fn output(mut command: Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    match command.get_current_dir().and_then(|folder| folder.strip_prefix(root()).ok()) {
        Some(folder) if !folder.as_os_str().is_empty() => format!("(cd {}; {line})", folder.display()),
        _ => line,
    }
}
