//! An xterm with a bash whose prompt can be read back, by itself or inside tmux.
//!
//! What stands at the prompt is asked of readline itself (`READLINE_LINE`): the bytes the shell would run on Enter, not what the
//! screen looks like.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{actor::Actor, stage::Stage, wait::wait_until};

/// A terminal on the stage.
#[derive(Debug)]
pub struct Terminal {
    title: String,
    folder: PathBuf,
    _actor: Actor,
}

/// What runs in the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inside {
    /// Bash.
    Shell,
    /// Bash in a pane of tmux.
    Tmux,
}

/// The chord that has the shell write down its prompt. Bound in the rc file below.
const READ_BACK: &str = "Ctrl+F12";

impl Terminal {
    /// Opens an xterm titled `title` and waits until its shell is at the prompt.
    pub fn open(stage: &Stage, title: &str, inside: Inside) -> Result<Self> {
        let folder = stage.folder().join(title);
        fs::create_dir_all(&folder)?;
        let rc = folder.join("bashrc");
        fs::write(&rc, rc_file(&folder))?;
        let mut command = stage.command("xterm");
        // `-xrm allowTitleOps` keeps the title ours: it is how the window is found.
        command.args([
            "-u8",
            "-xrm",
            "XTerm*allowTitleOps: false",
            "-fa",
            "DejaVu Sans Mono",
            "-fs",
            "11",
            "-T",
            title,
            "-e",
        ]);
        if inside == Inside::Tmux {
            let settings = folder.join("tmux.conf");
            fs::write(&settings, "set -g status off\nset -s escape-time 0\nset -g default-terminal screen-256color\n")?;
            command.args(["tmux", "-u", "-f"]).arg(settings).arg("new-session");
        }
        command.args(["bash", "--noprofile", "--rcfile"]).arg(&rc).arg("-i");
        let actor = stage.start(title, command)?;
        let terminal = Self { title: title.to_owned(), folder, _actor: actor };
        wait_until("the shell's prompt", || Ok(terminal.file("ready").exists().then_some(())))?;
        stage.screen().wait_active(title)?;
        Ok(terminal)
    }

    /// The window's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The bytes at the prompt, read without running them. The terminal must have the focus.
    pub fn prompt(&self, stage: &Stage) -> Result<String> {
        stage.screen().wait_active(&self.title)?;
        let file = self.file("line");
        if file.exists() {
            fs::remove_file(&file)?;
        }
        stage.screen().press(READ_BACK)?;
        wait_until("the shell to write down its prompt", || Ok(file.exists().then_some(())))?;
        Ok(String::from_utf8_lossy(&fs::read(file)?).into_owned())
    }

    /// Waits until exactly `expected` stands at the prompt.
    pub fn wait_prompt(&self, stage: &Stage, expected: &str) -> Result<()> {
        let mut last = String::new();
        let waited = wait_until("the prompt", || {
            last = self.prompt(stage)?;
            Ok((last == expected).then_some(()))
        });
        anyhow::ensure!(waited.is_ok(), "the prompt holds {last:?}, not {expected:?}");
        Ok(())
    }

    /// Every line the shell has run so far.
    pub fn executed(&self) -> Result<Vec<String>> {
        match fs::read_to_string(self.file("executed")) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The file appears whole: it is written under another name first. The read-back writes nothing to the terminal, so the line
/// stays as it is. `DEBUG` sees every command the shell runs, except the ones of this file.
fn rc_file(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"PS1='$ '
unset HISTFILE
__read_back() {{ printf %s "$READLINE_LINE" > {folder}/line.new; mv {folder}/line.new {folder}/line; }}
bind -x '"\e[24;5~": __read_back'
PROMPT_COMMAND='touch {folder}/ready'
trap '[[ $BASH_COMMAND == touch* || $BASH_COMMAND == __read_back* ]] || printf "%s\n" "$BASH_COMMAND" >> {folder}/executed' DEBUG
"#
    )
}
