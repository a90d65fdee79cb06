//! A terminal with a bash whose prompt can be read back: an xterm, by itself or with tmux or GNU screen in it, or kitty.
//!
//! What stands at the prompt is asked of readline itself (`READLINE_LINE`): the bytes the shell would run on Enter, not what the
//! screen looks like.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
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
    /// Bash in a window of GNU screen.
    Screen,
    /// Bash in kitty instead of xterm, with its remote control on.
    Kitty,
}

/// The chord that has the shell write down its prompt. Bound in the rc file below.
const READ_BACK: &str = "Ctrl+F12";

impl Terminal {
    /// Opens a terminal titled `title` and waits until its shell is at the prompt.
    pub fn open(stage: &Stage, title: &str, inside: Inside) -> Result<Self> {
        let folder = stage.folder().join(title);
        fs::create_dir_all(&folder)?;
        let rc = folder.join("bashrc");
        fs::write(&rc, rc_file(&folder))?;
        let mut command = if inside == Inside::Kitty { kitty(stage, title) } else { xterm(stage, title) };
        match inside {
            Inside::Shell | Inside::Kitty => {}
            Inside::Tmux => {
                let settings = folder.join("tmux.conf");
                let lines = "set -g status off\nset -s escape-time 0\nset -g default-terminal screen-256color\n";
                fs::write(&settings, lines)?;
                command.args(["tmux", "-u", "-f"]).arg(settings).arg("new-session");
            }
            Inside::Screen => {
                let (settings, sockets) = (folder.join("screenrc"), stage.folder().join("screens"));
                fs::write(&settings, "startup_message off\n")?;
                fs::create_dir_all(&sockets)?;
                fs::set_permissions(&sockets, fs::Permissions::from_mode(0o700))?;
                command.env("SCREENDIR", sockets).args(["screen", "-U", "-c"]).arg(settings);
            }
        }
        command.args(["bash", "--noprofile", "--rcfile"]).arg(&rc).arg("-i");
        let actor = stage.start(title, command)?;
        let terminal = Self { title: title.to_owned(), folder, _actor: actor };
        wait_until("the shell's prompt", || Ok(terminal.file("ready").exists().then_some(())))?;
        stage.screen().wait_active(title)?;
        Ok(terminal)
    }

    /// Has the shell go to `folder`, by typing it. The terminal must have the focus.
    pub fn enter(&self, stage: &Stage, folder: &Path) -> Result<()> {
        let ready = self.file("ready");
        fs::remove_file(&ready)?;
        stage.screen().type_text(&format!("cd {}", folder.display()))?;
        stage.screen().press("Enter")?;
        wait_until("the prompt in another folder", || Ok(ready.exists().then_some(())))?;
        fs::remove_file(self.file("executed")).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error.into()),
        })
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

fn xterm(stage: &Stage, title: &str) -> Command {
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
    command
}

fn kitty(stage: &Stage, title: &str) -> Command {
    let mut command = stage.command("kitty");
    let address = format!("listen_on=unix:{}", stage.folder().join("kitty").display());
    // Its default would be a sound, an update check and a question before it closes.
    for option in
        ["enable_audio_bell=no", "update_check_interval=0", "confirm_os_window_close=0", "shell_integration=disabled"]
    {
        command.args(["-o", option]);
    }
    command.args(["-o", "allow_remote_control=socket-only", "-o", &address, "-T", title]);
    // There is no graphics card on the stage.
    command.env("LIBGL_ALWAYS_SOFTWARE", "1");
    command
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
