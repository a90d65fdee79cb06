//! Where the user's shells are, as they say themselves.
//!
//! Invariant: bounded, and a shell that comes back replaces what it said before. What is said here is a hint for commands with
//! relative paths, never a reason to think one harmless.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;
use serde::{Deserialize, Serialize};

// More terminals than anybody has open; those silent for longest are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(256).expect("256 is not zero");

/// A shell and the folder it is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The shell's process.
    pub pid: u32,
    /// Its terminal, `/dev/pts/3`; a system without such names has none.
    pub tty: Option<String>,
    /// The folder it is in.
    pub folder: PathBuf,
}

/// The folders of all shells that said theirs. Shared by reference between threads.
#[derive(Debug)]
pub struct Places(Mutex<LruCache<u32, Place>>);

impl Default for Places {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Places {
    /// A shell says where it is.
    pub fn keep(&self, place: Place) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The process that had this terminal before is gone.
        let before: Vec<u32> = places
            .iter()
            .filter(|(_, known)| known.tty.is_some() && known.tty == place.tty)
            .map(|(pid, _)| *pid)
            .collect();
        for pid in before {
            places.pop(&pid);
        }
        places.put(place.pid, place);
    }

    /// The folder of the shell with this process.
    pub fn of_process(&self, pid: u32) -> Option<PathBuf> {
        self.find(|place| place.pid == pid)
    }

    /// The folder of the shell in this terminal.
    pub fn of_terminal(&self, tty: &str) -> Option<PathBuf> {
        self.find(|place| place.tty.as_deref() == Some(tty))
    }

    fn find(&self, is_it: impl Fn(&Place) -> bool) -> Option<PathBuf> {
        let places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.iter().find(|(_, place)| is_it(place)).map(|(_, place)| place.folder.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(pid: u32, tty: Option<&str>, folder: &str) -> Place {
        Place { pid, tty: tty.map(str::to_owned), folder: folder.into() }
    }

    #[test]
    fn the_last_word_of_a_shell_counts() {
        let places = Places::default();
        places.keep(place(1, Some("/dev/pts/1"), "/a"));
        places.keep(place(2, None, "/b"));
        places.keep(place(3, None, "/c"));
        places.keep(place(1, Some("/dev/pts/1"), "/d"));
        assert_eq!(places.of_process(1), Some("/d".into()));
        assert_eq!(places.of_terminal("/dev/pts/1"), Some("/d".into()));
        assert_eq!((places.of_process(2), places.of_process(3)), (Some("/b".into()), Some("/c".into())));
        // Another shell in the same terminal.
        places.keep(place(9, Some("/dev/pts/1"), "/e"));
        assert_eq!((places.of_process(1), places.of_terminal("/dev/pts/1")), (None, Some("/e".into())));
        assert_eq!((places.of_process(7), places.of_terminal("/dev/pts/7")), (None, None));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let places = Places::default();
        for pid in 0..1_000 {
            places.keep(place(pid, None, "/a"));
        }
        assert_eq!((places.of_process(0), places.of_process(999)), (None, Some("/a".into())));
    }
}
