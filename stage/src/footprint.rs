//! What a program and all it started cost: private memory and wake-ups, from `/proc` (proc(5)).
//!
//! Private memory is `Private_Dirty` of `smaps_rollup`: pages that only this process has and that no file could give back. The
//! proportional set size would fall when another program maps the same library. A wake-up is a voluntary context switch of any
//! thread: one was asleep and had to be woken, by a timer or by another thread, and went to sleep again.

use std::{
    collections::BTreeMap,
    fs, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// What one process holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its name, 15 bytes at most.
    pub name: String,
    /// Its private memory in KiB.
    pub private_kib: u64,
}

/// The processes of one program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    root: u32,
}

impl Family {
    /// `root` and every process it started, and those they started.
    pub fn of(root: u32) -> Self {
        Self { root }
    }

    /// The ids of the living.
    pub fn members(self) -> Vec<u32> {
        let parents: Vec<(u32, u32)> = processes().filter_map(|id| Some((id, parent(id)?))).collect();
        let mut found = vec![self.root];
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            found
                .extend(parents.iter().filter(|(child, parent)| *parent == id && *child != id).map(|(child, _)| child));
            next += 1;
        }
        found
    }

    /// The private memory of each.
    pub fn memory(self) -> Vec<Share> {
        let share = |id: u32| {
            let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
            let name = fs::read_to_string(format!("/proc/{id}/comm")).ok()?.trim().to_owned();
            Some(Share { name, private_kib: field(&rollup, "Private_Dirty:")? })
        };
        self.members().into_iter().filter_map(share).collect()
    }

    /// The private memory of all of them in MiB.
    #[expect(clippy::cast_precision_loss, reason = "KiB of memory, far below 2^53")]
    pub fn private_mib(self) -> f64 {
        self.memory().iter().map(|share| share.private_kib).sum::<u64>() as f64 / 1024.0
    }

    /// How often a thread of theirs woke up in a second, over `window`, with the number by thread, the busiest first.
    #[expect(clippy::cast_precision_loss, reason = "counts of some seconds")]
    pub fn wakeups(self, window: Duration) -> Result<(f64, Vec<(String, f64)>)> {
        let (begun, before) = (Instant::now(), self.switches());
        thread::sleep(window);
        let (after, seconds) = (self.switches(), begun.elapsed().as_secs_f64());
        anyhow::ensure!(!after.is_empty(), "process {} is gone", self.root);
        let mut by_thread: Vec<(String, f64)> = after
            .into_iter()
            .map(|(thread, (name, count))| {
                let earlier = before.get(&thread).map_or(0, |(_, count)| *count);
                (name, count.saturating_sub(earlier) as f64 / seconds)
            })
            .filter(|(_, rate)| *rate > 0.0)
            .collect();
        by_thread.sort_by(|one, other| other.1.total_cmp(&one.1));
        Ok((by_thread.iter().map(|(_, rate)| rate).sum(), by_thread))
    }

    /// Every thread's name and its voluntary context switches so far.
    fn switches(self) -> BTreeMap<u32, (String, u64)> {
        let threads =
            self.members().into_iter().flat_map(|id| numbered(&format!("/proc/{id}/task")).map(move |t| (id, t)));
        threads
            .filter_map(|(id, thread)| {
                let folder = format!("/proc/{id}/task/{thread}");
                let count = field(&fs::read_to_string(format!("{folder}/status")).ok()?, "voluntary_ctxt_switches:")?;
                let process = fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
                let name = fs::read_to_string(format!("{folder}/comm")).ok()?;
                Some((thread, (format!("{}/{}", process.trim(), name.trim()), count)))
            })
            .collect()
    }
}

fn processes() -> impl Iterator<Item = u32> {
    numbered("/proc")
}

fn numbered(folder: &str) -> impl Iterator<Item = u32> + use<> {
    fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// `stat` is `1234 (name) S 1 …`, and a name may hold spaces and parentheses.
fn parent(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// The number after `name` in lines of `name: number unit`.
fn field(text: &str, name: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(name))?.split_ascii_whitespace().next()?.parse().ok()
}

/// The machine: processor and number of cores.
pub fn machine() -> Result<(String, usize)> {
    let text = fs::read_to_string("/proc/cpuinfo").context("cannot read /proc/cpuinfo")?;
    let model =
        text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':')).map(|(_, name)| name.trim());
    Ok((model.unwrap_or("unknown").to_owned(), thread::available_parallelism()?.get()))
}

#[cfg(test)]
mod tests {
    use std::{process::Command, time::Duration};

    use super::{Family, field};

    #[test]
    fn a_family_is_the_program_and_what_it_started() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let family = Family::of(std::process::id());
        let names: Vec<_> = family.memory().into_iter().map(|share| share.name).collect();
        let (rate, threads) = family.wakeups(Duration::from_millis(20)).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(names.iter().any(|name| name == "sleep"), "{names:?}");
        assert!(family.private_mib() > 0.1);
        // This very thread slept and was woken.
        assert!(rate > 0.0, "{threads:?}");
    }

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        let text = "Private_Clean:  4 kB\nPrivate_Dirty:   12 kB\nnonvoluntary_ctxt_switches:\t7\nvoluntary_ctxt_switches:\t3\n";
        assert_eq!(field(text, "Private_Dirty:"), Some(12));
        assert_eq!(field(text, "voluntary_ctxt_switches:"), Some(3));
        assert_eq!(field(text, "Rss:"), None);
    }
}
