//! The process tree, from `/proc` (proc(5)).

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    /// What it calls itself, 15 bytes at most.
    pub(super) name: String,
    /// Its process group; the number is that of the group's first process.
    pub(super) group: i32,
    /// Device number of its terminal, 0 for none.
    pub(super) terminal: i32,
    /// The process group that has the keyboard of that terminal.
    pub(super) foreground: i32,
}

/// All processes at one time.
#[derive(Debug, Default)]
pub(super) struct Table(pub(super) Vec<Process>);

impl Table {
    /// Reads the running processes; those that end meanwhile are left out.
    pub(super) fn read() -> Self {
        let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
        Self(folders.filter_map(|folder| Process::read(folder.file_name().to_str()?.parse().ok()?)).collect())
    }

    /// Reads `root` and what descends from it, which takes a tenth of the time of [`Table::read`] where the kernel keeps
    /// lists of children, and as long where it does not.
    pub(super) fn below(root: u32) -> Self {
        if children(std::process::id()).is_none() {
            return Self::read();
        }
        let mut found: Vec<Process> = Vec::new();
        let mut open = vec![root];
        while let Some(id) = open.pop() {
            let Some(process) = Process::read(id) else { continue };
            // Numbers are given anew while we read.
            if found.iter().all(|known| known.id != id) {
                found.push(process);
                open.extend(children(id).unwrap_or_default());
            }
        }
        Self(found)
    }

    /// A process by its number.
    pub(super) fn get(&self, id: u32) -> Option<&Process> {
        self.0.iter().find(|process| process.id == id)
    }

    /// `root`'s children, their children, and so on.
    pub(super) fn descendants(&self, root: u32) -> Vec<&Process> {
        let mut found: Vec<&Process> = Vec::new();
        let mut open = vec![root];
        while let Some(parent) = open.pop() {
            let children = self.0.iter().filter(|process| process.parent == parent && process.id != root);
            for child in children {
                // A table is read while processes come and go, so an id may come up twice.
                if !found.iter().any(|known| known.id == child.id) {
                    found.push(child);
                    open.push(child.id);
                }
            }
        }
        found
    }

    /// The terminal device that a window whose program is `root` shows, when it is plain which one: a program with several
    /// tabs or windows has several, and nothing here says which of them is in front.
    pub(super) fn device(&self, root: u32) -> Option<i32> {
        // What a shell starts may have terminals of its own (`sudo`, `script`): only the first on each way down counts.
        let own = self.get(root).map_or(0, |process| process.terminal);
        let mut devices = BTreeSet::new();
        let mut open = vec![root];
        let mut seen = BTreeSet::from([root]);
        while let Some(parent) = open.pop() {
            for child in self.0.iter().filter(|process| process.parent == parent) {
                if child.terminal != 0 && child.terminal != own {
                    devices.insert(child.terminal);
                } else if seen.insert(child.id) {
                    open.push(child.id);
                }
            }
        }
        (devices.len() == 1).then(|| devices.pop_first()).flatten()
    }

    /// The processes that have the keyboard of a terminal device, the first of their group in front.
    pub(super) fn foreground(&self, device: i32) -> Vec<&Process> {
        let on_it = self.0.iter().filter(|process| process.terminal == device);
        let mut front: Vec<&Process> = on_it.filter(|process| process.group == process.foreground).collect();
        front.sort_by_key(|process| i32::try_from(process.id) != Ok(process.group));
        front
    }

    /// The first process of a terminal device: the shell.
    pub(super) fn shell(&self, device: i32) -> Option<&Process> {
        let on_it = |process: &&Process| process.terminal == device;
        let is_first = |process: &&Process| !self.get(process.parent).as_ref().is_some_and(on_it);
        self.0.iter().filter(on_it).find(is_first)
    }
}

impl Process {
    fn read(id: u32) -> Option<Self> {
        parse(id, &fs::read_to_string(format!("/proc/{id}/stat")).ok()?)
    }
}

/// Where a process works; `None` when it is another user's.
pub(super) fn cwd(id: u32) -> Option<PathBuf> {
    let folder = fs::read_link(format!("/proc/{id}/cwd")).ok()?;
    // A folder that was deleted reads as `/old (deleted)`.
    folder.is_dir().then_some(folder)
}

/// A variable of a process as it was started.
pub(super) fn variable(id: u32, name: &str) -> Option<OsString> {
    let environment = fs::read(format!("/proc/{id}/environ")).ok()?;
    let mut pairs = environment.split(|byte| *byte == 0);
    let value = pairs.find_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    Some(std::ffi::OsStr::from_bytes(value).to_owned())
}

/// The children of all threads of a process; `None` when the kernel keeps no such lists or the process is gone.
fn children(id: u32) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    for thread in fs::read_dir(format!("/proc/{id}/task")).ok()?.flatten() {
        let list = fs::read_to_string(thread.path().join("children")).ok()?;
        found.extend(list.split_ascii_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    Some(found)
}

/// `stat` is `1234 (name) S 1 1234 1234 34816 1234 …`, and a name may hold spaces and parentheses.
fn parse(id: u32, stat: &str) -> Option<Process> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut fields = tail.split_ascii_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    let terminal = fields.nth(1)?.parse().ok()?;
    let foreground = fields.next()?.parse().ok()?;
    Some(Process { id, parent, name: name.to_owned(), group, terminal, foreground })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Processes by number, parent and terminal; the one with the highest number on a terminal has its keyboard.
    fn table(rows: &[(u32, u32, i32)]) -> Table {
        let highest = |terminal| rows.iter().filter(|row| row.2 == terminal).map(|row| row.0).max().unwrap_or(0);
        let process = |&(id, parent, terminal)| Process {
            id,
            parent,
            name: String::new(),
            group: i32::try_from(id).unwrap(),
            terminal,
            foreground: i32::try_from(highest(terminal)).unwrap(),
        };
        Table(rows.iter().map(process).collect())
    }

    #[test]
    fn a_name_may_hold_anything() {
        let process = parse(7, "7 (tmux: client) x) S 3 6 5 34817 8 4194304 0").unwrap();
        let name = "tmux: client) x".to_owned();
        assert_eq!(process, Process { id: 7, parent: 3, name, group: 6, terminal: 34817, foreground: 8 });
        assert_eq!(parse(7, "7 (cut off"), None);
    }

    #[test]
    fn descendants_are_found_through_generations() {
        let table = table(&[(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 1, 0), (5, 9, 0), (9, 5, 0)]);
        let mut found: Vec<u32> = table.descendants(1).iter().map(|process| process.id).collect();
        found.sort_unstable();
        assert_eq!(found, [2, 3, 4]);
        assert_eq!(table.descendants(5).len(), 1, "a circle ends");
    }

    #[test]
    fn this_process_is_in_the_table() {
        assert!(Table::read().0.iter().any(|process| process.id == std::process::id()));
    }

    #[test]
    fn a_window_with_one_terminal_says_who_has_its_keyboard() {
        // xterm started from a shell on terminal 7, bash in it on 8, vim in that; sudo with a terminal of its own.
        let one = table(&[(10, 1, 7), (11, 10, 8), (12, 11, 8), (13, 12, 9)]);
        assert_eq!(one.device(10), Some(8));
        assert_eq!(one.foreground(8).iter().map(|process| process.id).collect::<Vec<_>>(), [12]);
        assert_eq!(one.shell(8).map(|process| process.id), Some(11));
        let two_tabs = table(&[(10, 1, 0), (11, 10, 8), (12, 10, 9)]);
        assert_eq!(two_tabs.device(10), None);
        let behind_a_wrapper = table(&[(10, 1, 0), (11, 10, 0), (12, 11, 9)]);
        assert_eq!(behind_a_wrapper.device(10), Some(9));
        assert_eq!(table(&[(10, 1, 0)]).device(10), None);
    }

    #[test]
    fn what_is_read_below_a_process_is_what_the_whole_table_says() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let here = std::process::id();
        let below = Table::below(here);
        let found = below.descendants(here).iter().any(|process| process.id == child.id());
        let place = cwd(child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found, "{below:?}");
        assert_eq!(place, std::env::current_dir().ok());
    }
}
