//! How much of the file system a judged command would touch: counted, never changed.
//!
//! Invariants: nothing is opened but folders, to list them, and what git keeps of a repository, to read it; no link is followed
//! into a folder; the work is bounded by [`Limits`], and a count that was cut short says that it is one. What a command touches
//! is `safety`'s to tell, as [`Touch`]; whether that is a good idea is nobody's here.

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::context::Context;
use crate::safety::{Effect, Reach, Touch};

mod git;
mod glob;
mod sentence;
mod walk;

pub use sentence::sentences;

use walk::{Count, Meter};

/// How much looking a count may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long it may take.
    pub time: Duration,
    /// How many entries of folders it may see.
    pub entries: u64,
}

impl Default for Limits {
    // A person waits for an answer; 100,000 entries are what a warm disk lists in about that time.
    fn default() -> Self {
        Self { time: Duration::from_millis(200), entries: 100_000 }
    }
}

/// What time it is, and how long the count has taken.
pub struct Clock<'a> {
    /// The time the ages of files are told from.
    pub now: SystemTime,
    /// Since the count began.
    pub elapsed: &'a dyn Fn() -> Duration,
}

/// What one [`Touch`] comes to on this machine, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    /// What happens to the files.
    pub effect: Effect,
    /// Where it stands, in the judged text.
    pub span: Range<usize>,
    /// Files, links among them.
    pub files: u64,
    /// Folders.
    pub folders: u64,
    /// Bytes in the files.
    pub bytes: u64,
    /// Files in a repository that git does not know, and so cannot bring back. Zero where nothing is lost.
    pub untracked: u64,
    /// False when there may be more: a limit was reached, a folder cannot be read, a name is only known when it runs.
    pub complete: bool,
}

// The system may make a call wait for a server that is gone, and no limit is looked at meanwhile.
const GIVEN_UP_AFTER: Duration = Duration::from_millis(400);

/// Counts with the usual limits. Empty for a command of another machine, and when the file system does not answer.
#[must_use]
pub fn of(touches: &[Touch], context: &Context) -> Vec<Extent> {
    if !context.local || touches.is_empty() {
        return Vec::new();
    }
    let (touches, home) = (touches.to_vec(), context.home.clone());
    let (done, extents) = mpsc::sync_channel(1);
    let count = move || {
        let began = Instant::now();
        let clock = Clock { now: SystemTime::now(), elapsed: &|| began.elapsed() };
        // Nobody waits any more when it took too long.
        let _ = done.send(measure(&touches, home.as_deref(), Limits::default(), &clock));
    };
    match thread::Builder::new().name("radius".to_owned()).spawn(count) {
        Ok(_) => extents.recv_timeout(GIVEN_UP_AFTER).unwrap_or_default(),
        Err(_) => Vec::new(),
    }
}

/// Counts what `touches` come to, one extent for each, in order. What two of them have in common is counted with the first.
#[must_use]
pub fn measure(touches: &[Touch], home: Option<&Path>, limits: Limits, clock: &Clock<'_>) -> Vec<Extent> {
    let mut meter = Meter::new(limits, clock);
    let mut counts: Vec<Count> = touches.iter().map(|touch| Count::of(touch.effect)).collect();
    let mut roots = Vec::new();
    for (at, touch) in touches.iter().enumerate() {
        let count = &mut counts[at];
        let mut add = |path: PathBuf| roots.push(Root { at, path, touch });
        match &touch.reach {
            Reach::Path(text) => match walk::absolute(text, home) {
                Some(path) => add(path),
                None => count.complete = false,
            },
            Reach::Pattern { text, deep } => match glob::expand(text, *deep, home, &mut meter) {
                Some(paths) => paths.into_iter().for_each(add),
                None => count.complete = false,
            },
            Reach::Landing { destination, names } => match walk::absolute(destination, home) {
                Some(destination) => walk::landing(&destination, names, &mut meter, count),
                None => count.complete = false,
            },
            Reach::Found(search) => walk::search(search, touch, home, &mut meter, count),
            Reach::Unknown => count.complete = false,
        }
    }
    for root in distinct(roots) {
        walk::root(&root.path, root.touch, &mut meter, &mut counts[root.at]);
    }
    let cut_short = meter.is_spent();
    let extent = |(touch, count): (&Touch, Count)| Extent {
        effect: touch.effect,
        span: touch.span.clone(),
        files: count.files,
        folders: count.folders,
        bytes: count.bytes,
        untracked: count.untracked,
        complete: count.complete && !cut_short,
    };
    touches.iter().zip(counts).map(extent).collect()
}

/// One path and the touch it belongs to.
struct Root<'a> {
    at: usize,
    path: PathBuf,
    touch: &'a Touch,
}

/// Leaves out what another root has in it, or is.
fn distinct(roots: Vec<Root<'_>>) -> Vec<Root<'_>> {
    let whole: HashSet<(Effect, PathBuf)> =
        roots.iter().filter(|root| root.touch.recursive).map(|root| (root.touch.effect, root.path.clone())).collect();
    let mut seen = HashSet::new();
    let mut is_new = |root: &Root<'_>| {
        let effect = root.touch.effect;
        let inside = root.path.ancestors().skip(1).any(|above| whole.contains(&(effect, above.to_owned())));
        !inside && seen.insert((effect, root.path.clone()))
    };
    roots.into_iter().filter(|root| is_new(root)).collect()
}
