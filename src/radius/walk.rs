//! Going through folders within limits.

use std::fs::{self, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::git::Repositories;
use super::{Clock, Limits, glob};
use crate::safety::{Effect, Search, Test, Touch};

/// What was counted so far.
pub(super) struct Count {
    pub(super) files: u64,
    pub(super) folders: u64,
    pub(super) bytes: u64,
    pub(super) untracked: u64,
    pub(super) complete: bool,
    /// What the files had in them is gone afterwards.
    loses: bool,
}

impl Count {
    /// Nothing yet.
    pub(super) const fn of(effect: Effect) -> Self {
        let loses = matches!(effect, Effect::Delete | Effect::Overwrite);
        Self { files: 0, folders: 0, bytes: 0, untracked: 0, complete: true, loses }
    }

    fn file(&mut self, path: &Path, meta: io::Result<Metadata>, meter: &mut Meter<'_>) {
        self.files += 1;
        if self.loses && meter.repositories.knows(path) == Some(false) {
            self.untracked += 1;
        }
        // What a link points to is not what is touched.
        if let Ok(meta) = meta
            && meta.is_file()
        {
            self.bytes += meta.len();
        }
    }
}

/// What may still be looked at.
pub(super) struct Meter<'a> {
    limits: Limits,
    clock: &'a Clock<'a>,
    entries: u64,
    spent: bool,
    repositories: Repositories,
}

// A look at the clock costs as much as some entries of a folder.
const ENTRIES_A_LOOK: u64 = 64;

impl<'a> Meter<'a> {
    pub(super) fn new(limits: Limits, clock: &'a Clock<'a>) -> Self {
        Self { limits, clock, entries: 0, spent: false, repositories: Repositories::default() }
    }

    /// Whether one more entry may be looked at.
    pub(super) fn take(&mut self) -> bool {
        let late = self.entries.is_multiple_of(ENTRIES_A_LOOK) && (self.clock.elapsed)() >= self.limits.time;
        self.spent |= late || self.entries >= self.limits.entries;
        self.entries += 1;
        !self.spent
    }

    pub(super) const fn is_spent(&self) -> bool {
        self.spent
    }
}

/// A path with the home folder put in and no slash at its end: with one, a link would be followed.
pub(super) fn absolute(text: &str, home: Option<&Path>) -> Option<PathBuf> {
    let path = match text.strip_prefix('~') {
        Some("") => home?.to_owned(),
        Some(rest) => home?.join(rest.strip_prefix('/')?.trim_start_matches('/')),
        None => PathBuf::from(text),
    };
    path.is_absolute().then(|| path.components().collect())
}

/// Counts one path the program gets.
pub(super) fn root(path: &Path, touch: &Touch, meter: &mut Meter<'_>, count: &mut Count) {
    if !meter.take() {
        return;
    }
    if touch.effect == Effect::Overwrite {
        return overwritten(path, meter, count);
    }
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_dir() => count.file(path, Ok(meta), meter),
        Ok(_) if touch.recursive => {
            count.folders += 1;
            tree(path.to_owned(), meter, count);
        }
        Ok(_) if touch.effect == Effect::Permissions => count.folders += 1,
        // Without its option for folders a program leaves a folder alone.
        Ok(_) => {}
        Err(error) => count.complete &= is_absent(&error),
    }
}

/// Writing goes through a link to the file behind it; devices and pipes lose nothing.
fn overwritten(path: &Path, meter: &mut Meter<'_>, count: &mut Count) {
    match fs::metadata(path) {
        Ok(meta) if meta.is_file() => count.file(path, Ok(meta), meter),
        Ok(_) => {}
        Err(error) => count.complete &= is_absent(&error),
    }
}

/// Files in the way of what arrives at `destination`.
pub(super) fn landing(destination: &Path, names: &[String], meter: &mut Meter<'_>, count: &mut Count) {
    if !destination.is_dir() {
        return overwritten(destination, meter, count);
    }
    for name in names {
        let place = destination.join(name);
        if place.is_dir() {
            // What of a folder's content meets its like in there would take a walk through both.
            count.complete = false;
        } else {
            overwritten(&place, meter, count);
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Everything in a folder.
fn tree(folder: PathBuf, meter: &mut Meter<'_>, count: &mut Count) {
    let mut open = vec![folder];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            count.complete = false;
            continue;
        };
        for entry in entries {
            if !meter.take() {
                return;
            }
            let Ok((entry, kind)) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) else {
                count.complete = false;
                continue;
            };
            if kind.is_dir() {
                count.folders += 1;
                open.push(entry.path());
            } else {
                count.file(&entry.path(), entry.metadata(), meter);
            }
        }
    }
}

/// One thing a search looks at.
struct Hit {
    path: PathBuf,
    /// As `find` would print it.
    printed: String,
    kind: FileType,
    depth: u32,
}

/// Counts what a search finds.
pub(super) fn search(search: &Search, touch: &Touch, home: Option<&Path>, meter: &mut Meter<'_>, count: &mut Count) {
    let mut open = Vec::new();
    for (typed, start) in &search.starts {
        let Some(path) = absolute(start, home) else {
            count.complete = false;
            continue;
        };
        match fs::symlink_metadata(&path) {
            Ok(meta) => open.push(Hit { path, printed: typed.clone(), kind: meta.file_type(), depth: 0 }),
            Err(error) => count.complete &= is_absent(&error),
        }
    }
    while let Some(hit) = open.pop() {
        if !meter.take() {
            return;
        }
        let found = hit.depth >= search.least_depth
            && search.tests.iter().all(|(test, negated)| holds(test, &hit, meter.clock.now) != *negated);
        if found && !counted(&hit, search, touch, meter, count) {
            continue;
        }
        if hit.kind.is_dir() && hit.depth < search.most_depth {
            below(&hit, meter, &mut open, count);
        }
    }
}

/// Counts a hit; whether what is below it is still to be looked at.
fn counted(hit: &Hit, search: &Search, touch: &Touch, meter: &mut Meter<'_>, count: &mut Count) -> bool {
    if !hit.kind.is_dir() {
        count.file(&hit.path, fs::symlink_metadata(&hit.path), meter);
        return true;
    }
    if touch.recursive {
        count.folders += 1;
        tree(hit.path.clone(), meter, count);
        return false;
    }
    // `-delete` takes a folder only when nothing is left in it, and the one it starts from never when that is `.`.
    let emptied = search.tests.is_empty() || search.tests.contains(&(Test::Empty, false));
    let goes = search.takes_folders && emptied && hit.printed != ".";
    count.folders += u64::from(goes || touch.effect == Effect::Permissions);
    true
}

fn below(hit: &Hit, meter: &mut Meter<'_>, open: &mut Vec<Hit>, count: &mut Count) {
    let Ok(entries) = fs::read_dir(&hit.path) else {
        count.complete = false;
        return;
    };
    for entry in entries {
        // Each waits in memory until its turn, so each is paid for here too.
        if !meter.take() {
            return;
        }
        let Ok((entry, kind)) = entry.and_then(|entry| entry.file_type().map(|kind| (entry, kind))) else {
            count.complete = false;
            continue;
        };
        let printed = format!("{}/{}", hit.printed.trim_end_matches('/'), entry.file_name().to_string_lossy());
        open.push(Hit { path: entry.path(), printed, kind, depth: hit.depth + 1 });
    }
}

fn holds(test: &Test, hit: &Hit, now: SystemTime) -> bool {
    let meta = || fs::symlink_metadata(&hit.path).ok();
    match test {
        Test::Name { pattern, any_case } => {
            let name = hit.printed.rsplit('/').next().unwrap_or_default();
            glob::matches(pattern, name, *any_case)
        }
        Test::Path { pattern, any_case } => glob::matches(pattern, &hit.printed, *any_case),
        Test::Type('d') => hit.kind.is_dir(),
        Test::Type('l') => hit.kind.is_symlink(),
        Test::Type(_) => hit.kind.is_file(),
        Test::Size { than, count, unit } => meta().is_some_and(|meta| meta.len().div_ceil(*unit).cmp(count) == *than),
        Test::Age { than, count, unit } => meta().and_then(|meta| meta.modified().ok()).is_some_and(|modified| {
            // A file of the future is no day old.
            let age = now.duration_since(modified).map_or(0, |age| age.as_secs() / unit);
            age.cmp(count) == *than
        }),
        Test::Empty if hit.kind.is_dir() => fs::read_dir(&hit.path).is_ok_and(|mut entries| entries.next().is_none()),
        Test::Empty => hit.kind.is_file() && meta().is_some_and(|meta| meta.len() == 0),
    }
}
