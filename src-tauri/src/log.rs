//! What the app did, for whoever has to find out why it does not: one line an event, in codes, in a file of a fixed size.
//!
//! Invariant: a line is made of words that are written in this program and of numbers. A question, a command, a path, the
//! name of a window or of a model of the user's own has no way in: see [`code`].

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

// Some thousand lines; with the file before it, less than a photograph.
const LARGEST: u64 = 128 * 1024;
const TAIL_LINES: usize = 40;

/// The file. A log that cannot be written is no reason for anything to end.
#[derive(Debug)]
pub struct Log {
    file: PathBuf,
    writing: Mutex<()>,
}

/// Something worth a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The app is there.
    Started,
    /// It ends.
    Ended,
    /// The user was told of this.
    Notice(&'a str),
    /// This was asked for and failed.
    Failed(&'a str),
    /// Settings were changed.
    SettingsChanged,
    /// A model file is being fetched.
    PullStarted,
    /// It is here.
    PullEnded,
}

impl Log {
    /// A log in `file`, which need not be there.
    pub const fn new(file: PathBuf) -> Self {
        Self { file, writing: Mutex::new(()) }
    }

    /// Writes a line.
    pub fn note(&self, now: SystemTime, entry: Entry<'_>) {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if fs::metadata(&self.file).is_ok_and(|file| file.len() >= LARGEST) {
            let _ = fs::rename(&self.file, self.old());
        }
        let Some(folder) = self.file.parent() else { return };
        let _ = fs::create_dir_all(folder);
        let opened = OpenOptions::new().append(true).create(true).open(&self.file);
        let _ = opened.and_then(|mut file| writeln!(file, "{}", line(now, entry)));
    }

    /// The last lines, oldest first.
    pub fn tail(&self) -> Vec<String> {
        let text = |file: &PathBuf| fs::read_to_string(file).unwrap_or_default();
        let all = text(&self.old()) + &text(&self.file);
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(TAIL_LINES)..].iter().map(|&line| line.to_owned()).collect()
    }

    fn old(&self) -> PathBuf {
        self.file.with_extension("log.1")
    }
}

fn line(now: SystemTime, entry: Entry<'_>) -> String {
    let seconds = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    match entry {
        Entry::Started => format!("{seconds} started {}", env!("CARGO_PKG_VERSION")),
        Entry::Ended => format!("{seconds} ended"),
        Entry::Notice(name) => format!("{seconds} notice {}", code(name)),
        Entry::Failed(name) => format!("{seconds} failed {}", code(name)),
        Entry::SettingsChanged => format!("{seconds} settings-changed"),
        Entry::PullStarted => format!("{seconds} pull-started"),
        Entry::PullEnded => format!("{seconds} pull-ended"),
    }
}

/// A code as it is, and anything that is none as `?`. A message in the place of a code would otherwise be on disk.
pub fn code(name: &str) -> &str {
    let is_code = (1..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if is_code { name } else { "?" }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_line_holds_codes_and_nothing_else() {
        assert_eq!(line(at(7), Entry::Failed("hotkey-taken")), "7 failed hotkey-taken");
        for text in ["delete all of /home/ada", "rm -rf x", "", "Ada", "a_b", &"x".repeat(41)] {
            assert_eq!(line(at(7), Entry::Notice(text)), "7 notice ?", "{text}");
        }
    }

    #[test]
    fn the_files_stay_small_and_the_end_is_kept() {
        let folder = std::env::temp_dir().join(format!("caro-log-{}", std::process::id()));
        let log = Log::new(folder.join("caro.log"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("caro.log"), "1 notice x\n".repeat(12_000)).unwrap();
        for second in 0..3 {
            log.note(at(second), Entry::SettingsChanged);
        }
        assert!(fs::metadata(folder.join("caro.log")).unwrap().len() < 1024);
        assert!(fs::metadata(folder.join("caro.log.1")).unwrap().len() >= LARGEST);
        let tail = log.tail();
        assert_eq!((tail.len(), tail.last().map(String::as_str)), (TAIL_LINES, Some("2 settings-changed")));
        fs::remove_dir_all(&folder).unwrap();
    }
}
