//! The clipboard, over xclip: another program's view of it, which is what a paste would get.

use std::{
    io::Write,
    process::{Command, Stdio},
    thread,
};

use anyhow::{Context, Result, ensure};

use crate::{stage::Stage, wait::wait_until};

impl Stage {
    /// What a paste would give now, `None` when nobody owns the clipboard or it holds no text.
    pub fn clipboard(&self) -> Result<Option<String>> {
        let output = self.xclip().args(["-out", "-target", "UTF8_STRING"]).output().context("cannot run xclip")?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// Puts `text` on the clipboard, as a copy in another program would.
    pub fn set_clipboard(&self, text: &str) -> Result<()> {
        // xclip stays in the background to serve the text, and would keep a pipe of ours open.
        let mut command = self.xclip();
        command.args(["-in", "-quiet"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().context("cannot run xclip")?;
        child.stdin.take().context("standard input was piped")?.write_all(text.as_bytes())?;
        // It ends when another program takes the clipboard or the stage is dropped; somebody has to collect it.
        thread::spawn(move || child.wait());
        self.wait_clipboard(text)
    }

    /// Waits until a paste would give exactly `expected`.
    pub fn wait_clipboard(&self, expected: &str) -> Result<()> {
        let mut last = None;
        let waited = wait_until("the clipboard", || {
            last = self.clipboard()?;
            Ok((last.as_deref() == Some(expected)).then_some(()))
        });
        ensure!(waited.is_ok(), "the clipboard holds {last:?}, not {expected:?}");
        Ok(())
    }

    fn xclip(&self) -> Command {
        let mut command = self.command("xclip");
        command.args(["-selection", "clipboard"]);
        command
    }
}
