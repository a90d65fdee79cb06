//! The process tree, from `/proc` (proc(5)).

use std::fs;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    /// What it calls itself, 15 bytes at most.
    pub(super) name: String,
    /// Device number of its terminal, 0 for none.
    pub(super) terminal: i32,
}

/// All processes at one time.
#[derive(Debug, Default)]
pub(super) struct Table(pub(super) Vec<Process>);

impl Table {
    /// Reads the running processes; those that end meanwhile are left out.
    pub(super) fn read() -> Self {
        let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
        let stats = folders.filter_map(|folder| {
            let id: u32 = folder.file_name().to_str()?.parse().ok()?;
            parse(id, &fs::read_to_string(folder.path().join("stat")).ok()?)
        });
        Self(stats.collect())
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
}

/// `stat` is `1234 (name) S 1 1234 1234 34816 …`, and a name may hold spaces and parentheses.
fn parse(id: u32, stat: &str) -> Option<Process> {
    let (head, tail) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let mut fields = tail.split_ascii_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let terminal = fields.nth(2)?.parse().ok()?;
    Some(Process { id, parent, name: name.to_owned(), terminal })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let process = parse(7, "7 (tmux: client) x) S 3 7 7 34817 7 4194304 0").unwrap();
        assert_eq!(process, Process { id: 7, parent: 3, name: "tmux: client) x".to_owned(), terminal: 34817 });
        assert_eq!(parse(7, "7 (cut off"), None);
    }

    #[test]
    fn descendants_are_found_through_generations() {
        let process = |id, parent| Process { id, parent, name: String::new(), terminal: 0 };
        let table =
            Table(vec![process(1, 0), process(2, 1), process(3, 2), process(4, 1), process(5, 9), process(9, 5)]);
        let mut found: Vec<u32> = table.descendants(1).iter().map(|process| process.id).collect();
        found.sort_unstable();
        assert_eq!(found, [2, 3, 4]);
        assert_eq!(table.descendants(5).len(), 1, "a circle ends");
    }

    #[test]
    fn this_process_is_in_the_table() {
        assert!(Table::read().0.iter().any(|process| process.id == std::process::id()));
    }
}
