//! The user's policy file: read, checked line by line, read anew when it changes.
//!
//! Invariant: the file is the user's own and is never written, renamed or deleted here. What is wrong in it is said with line
//! and column; a file that is no TOML changes nothing, and a wrong entry changes nothing but itself. What a policy can do is
//! [`crate::safety::Policy`]'s to know.

use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::ErrorCode;
use crate::notice::Notice;
use crate::paths::Paths;
use crate::safety::Policy;

mod day;
mod document;

pub use day::Day;
pub use document::{Problem, Reading, read};

// Ten thousand allowances; whatever is larger was not written by hand.
const LARGEST: u64 = 1024 * 1024;

/// The policy in force. Shared by reference between threads.
#[derive(Debug)]
pub struct PolicyStore {
    place: Option<Place>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct Place {
    file: PathBuf,
    home: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct State {
    seen: Option<Seen>,
    policy: Arc<Policy>,
    notices: Vec<Notice>,
}

/// What tells one version of the file from the next, and when its allowances were looked at.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    stamp: Option<(u64, Option<SystemTime>)>,
    day: Day,
}

impl PolicyStore {
    /// No file, and no wishes.
    #[must_use]
    pub fn none() -> Self {
        Self { place: None, state: Mutex::default() }
    }

    /// The user's file, which need not be there; `~` in it is `home`. It is read when it is first asked for.
    #[must_use]
    pub fn of(paths: &Paths, home: Option<PathBuf>) -> Self {
        Self { place: Some(Place { file: paths.policy(), home }), state: Mutex::default() }
    }

    /// The policy in force at `now`. Costs a look at the file's date while nothing changes.
    pub fn current(&self, now: SystemTime) -> Arc<Policy> {
        let Some(place) = &self.place else { return Arc::default() };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = fs::metadata(&place.file).ok().map(|meta: Metadata| (meta.len(), meta.modified().ok()));
        let seen = Seen { stamp, day: Day::of(now) };
        if state.seen.as_ref() != Some(&seen) {
            let (policy, notices) = load(place, seen.day);
            *state = State { seen: Some(seen), policy: Arc::new(policy), notices };
        }
        Arc::clone(&state.policy)
    }

    /// What is wrong with the file, as it was last read.
    pub fn notices(&self) -> Vec<Notice> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).notices.clone()
    }
}

fn load(place: &Place, today: Day) -> (Policy, Vec<Notice>) {
    let text = match text_of(&place.file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Policy::default(), Vec::new()),
        Err(error) => {
            let message = format!("cannot read the policy {}: {error}; the usual levels hold", place.file.display());
            return (Policy::default(), vec![Notice::new(ErrorCode::PolicyUnreadable, message)]);
        }
    };
    let Reading { policy, problems, .. } = read(&text, place.home.as_deref(), today);
    let notices = problems.iter().map(|problem| problem.notice(&place.file)).collect();
    (policy, notices)
}

/// The file's text, as `caro policy` reads it too.
///
/// # Errors
/// When it is not there, is no plain text file, or cannot be read.
pub fn text_of(file: &Path) -> io::Result<String> {
    // A pipe of that name would make us wait for whoever writes it.
    if !fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut text = String::new();
    fs::File::open(file)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {LARGEST} bytes")));
    }
    Ok(text)
}
