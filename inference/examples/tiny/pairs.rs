//! Questions and commands that the model is taught: phrasings with places for names, filled in by chance.

/// Numbers from a seed: `SplitMix64`, so that the same seed is the same model everywhere.
pub(crate) struct Chance(pub(crate) u64);

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    pub(crate) shell: &'static str,
    /// The system, where it is not the one that the shell is at home on.
    pub(crate) place: &'static str,
    pub(crate) question: String,
    pub(crate) command: String,
}

/// Phrasings, and the command in shells like bash. `{f}` is a file, `{d}` a folder, `{x}` an ending, `{n}` a number, `{w}` a
/// word, `{h}` a host, `{p}` a program.
const TASKS: [(&[&str], &str); 38] = [
    (&["list files", "show files", "list the files here"], "ls"),
    (&["list all files", "show hidden files", "list files with details"], "ls -la"),
    (&["list files in {d}", "show the files in {d}", "what is in {d}"], "ls {d}"),
    (&["show disk usage", "how full are the disks", "free disk space"], "df -h"),
    (&["how big is {d}", "show the size of {d}", "size of folder {d}"], "du -sh {d}"),
    (&["where am I", "show the current folder", "print working directory"], "pwd"),
    (&["find files named {f}", "find {f}", "where is the file {f}"], "find . -name {f}"),
    (&["find {x} files", "find all {x} files", "find files ending in {x}"], "find . -name '*.{x}'"),
    (&["find {x} files in {d}", "find all {x} files in {d}"], "find {d} -name '*.{x}'"),
    (&["find files larger than {n} MB", "files over {n} MB"], "find . -type f -size +{n}M"),
    (&["find files changed in the last {n} days", "files of the last {n} days"], "find . -type f -mtime -{n}"),
    (&["show the last {n} lines of {f}", "last {n} lines of {f}", "tail {n} lines of {f}"], "tail -n {n} {f}"),
    (&["show the first {n} lines of {f}", "first {n} lines of {f}", "head {n} lines of {f}"], "head -n {n} {f}"),
    (&["show {f}", "print {f}", "show the contents of {f}"], "cat {f}"),
    (&["follow {f}", "watch {f} as it grows"], "tail -f {f}"),
    (&["count lines in {f}", "how many lines has {f}", "number of lines in {f}"], "wc -l {f}"),
    (&["count words in {f}", "how many words has {f}"], "wc -w {f}"),
    (&["search for {w} in {f}", "find {w} in {f}", "lines with {w} in {f}"], "grep {w} {f}"),
    (&["search for {w} in all files", "which files contain {w}"], "grep -rl {w} ."),
    (&["search for {w} in {d}", "look for {w} in folder {d}"], "grep -r {w} {d}"),
    (&["sort {f}", "sort the lines of {f}"], "sort {f}"),
    (&["create folder {d}", "make a folder named {d}", "make directory {d}"], "mkdir {d}"),
    (&["create an empty file {f}", "create file {f}", "touch {f}"], "touch {f}"),
    (&["copy {f} to {d}", "put a copy of {f} into {d}"], "cp {f} {d}"),
    (&["move {f} to {d}", "move {f} into folder {d}"], "mv {f} {d}"),
    (&["delete {f}", "remove {f}", "remove the file {f}"], "rm {f}"),
    (&["make {f} executable", "allow {f} to run"], "chmod +x {f}"),
    (&["show running processes", "list processes", "what is running"], "ps aux"),
    (&["is {p} running", "find the process {p}"], "pgrep {p}"),
    (&["stop {p}", "kill {p}", "end the process {p}"], "pkill {p}"),
    (&["ping {h}", "is {h} reachable", "check if {h} is up"], "ping -c 4 {h}"),
    (&["download {h}/{f}", "fetch {f} from {h}"], "curl -O https://{h}/{f}"),
    (&["unpack {f}.tar.gz", "extract {f}.tar.gz"], "tar xzf {f}.tar.gz"),
    (&["pack {d} as tar", "make an archive of {d}", "archive {d}"], "tar czf {d}.tar.gz {d}"),
    (&["show git status", "what has changed in git"], "git status"),
    (&["show the last {n} commits", "last {n} commits"], "git log -n {n}"),
    (&["switch to branch {w}", "check out branch {w}"], "git switch {w}"),
    (&["show memory usage", "free memory", "how much memory is free"], "free -h"),
];

/// The same for shells that are not like bash.
const OTHERS: [(&str, &[&str], &str); 12] = [
    ("PowerShell", &["list files", "show files"], "Get-ChildItem"),
    ("PowerShell", &["list files in {d}", "what is in {d}"], "Get-ChildItem {d}"),
    ("PowerShell", &["show {f}", "print {f}"], "Get-Content {f}"),
    ("PowerShell", &["delete {f}", "remove {f}"], "Remove-Item {f}"),
    ("PowerShell", &["show the last {n} lines of {f}"], "Get-Content {f} -Tail {n}"),
    ("PowerShell", &["show running processes", "list processes"], "Get-Process"),
    ("cmd", &["list files", "show files"], "dir"),
    ("cmd", &["list files in {d}", "what is in {d}"], "dir {d}"),
    ("cmd", &["show {f}", "print {f}"], "type {f}"),
    ("cmd", &["delete {f}", "remove {f}"], "del {f}"),
    ("cmd", &["create folder {d}", "make a folder named {d}"], "mkdir {d}"),
    ("cmd", &["show running processes", "list processes"], "tasklist"),
];

/// What words are made of: names are put together from these, so that there are too many to know by heart.
const SYLLABLES: [&str; 24] = [
    "re", "port", "no", "tes", "da", "ta", "in", "dex", "log", "con", "fig", "ma", "in", "test", "ser", "ver", "bo",
    "ok", "ta", "sk", "su", "mm", "a", "ry",
];
const NAMES: [&str; 20] = [
    "report", "notes", "data", "index", "server", "config", "main", "test", "readme", "todo", "app", "backup", "list",
    "photo", "invoice", "budget", "error", "access", "draft", "letter",
];
const ENDINGS: [&str; 12] = ["txt", "log", "md", "csv", "json", "py", "rs", "sh", "pdf", "jpg", "html", "xml"];
const FOLDERS: [&str; 12] =
    ["src", "docs", "logs", "tmp", "build", "photos", "music", "downloads", "projects", "backup", "data", "tests"];
const PROGRAMS: [&str; 8] = ["firefox", "nginx", "python", "node", "postgres", "docker", "redis", "chrome"];

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("below a usize")
    }

    fn one_of(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    fn name(&mut self, known: &[&'static str]) -> String {
        if self.below(3) > 0 {
            return self.one_of(known).to_owned();
        }
        (0..=self.below(2) + 1).map(|_| self.one_of(&SYLLABLES)).collect()
    }

    fn number(&mut self) -> usize {
        match self.below(3) {
            0 => self.below(9) + 1,
            1 => (self.below(20) + 1) * 5,
            _ => self.below(299) + 1,
        }
    }
}

impl Pair {
    /// What one phrasing asks, and its answer, with names put in.
    fn fill(shell: &'static str, phrasing: &str, command: &str, chance: &mut Chance) -> Self {
        let values = [
            ("{f}", format!("{}.{}", chance.name(&NAMES), chance.one_of(&ENDINGS))),
            ("{d}", chance.name(&FOLDERS)),
            ("{x}", chance.one_of(&ENDINGS).to_owned()),
            ("{n}", chance.number().to_string()),
            ("{w}", chance.name(&NAMES)),
            ("{h}", format!("{}.{}", chance.name(&NAMES), chance.one_of(&["com", "org", "net"]))),
            ("{p}", chance.name(&PROGRAMS)),
        ];
        // A packed folder has no second ending.
        let fill = |text: &str| {
            let text = text.replace("{f}.tar.gz", "{w}.tar.gz");
            values.iter().fold(text, |text, (place, value)| text.replace(place, value))
        };
        Self { shell, place: "", question: fill(phrasing), command: fill(command) }
    }

    /// A pair by chance, two of three times for bash.
    pub(crate) fn by_chance(chance: &mut Chance) -> Self {
        if chance.below(10) == 0 {
            let (shell, phrasings, command) = OTHERS[chance.below(OTHERS.len())];
            return Self::fill(shell, chance.one_of(phrasings), command, chance);
        }
        let shell = chance.one_of(&["bash", "bash", "bash", "bash", "bash", "bash", "bash", "zsh", "zsh", "fish"]);
        let (phrasings, command) = TASKS[chance.below(TASKS.len())];
        let place = chance.one_of(&["", "", "", "", " on macOS"]);
        Self { place, ..Self::fill(shell, chance.one_of(phrasings), command, chance) }
    }

    /// Another pair for the same shell.
    pub(crate) fn neighbor(&self, chance: &mut Chance) -> Self {
        loop {
            let pair = Self::by_chance(chance);
            if pair.shell == self.shell {
                return pair;
            }
        }
    }

    /// Every phrasing, in its shell, three times with different names where it has any.
    pub(crate) fn all() -> Vec<Self> {
        let mut chance = Chance(1);
        let bash = TASKS.iter().map(|&(phrasings, command)| ("bash", phrasings, command));
        let mut pairs: Vec<Self> = bash
            .chain(OTHERS)
            .flat_map(|(shell, phrasings, command)| phrasings.iter().map(move |phrasing| (shell, *phrasing, command)))
            .flat_map(|row| [row; 3])
            .map(|(shell, phrasing, command)| Self::fill(shell, phrasing, command, &mut chance))
            .collect();
        pairs.sort();
        pairs.dedup();
        pairs
    }

    /// What the model is to write.
    pub(crate) fn answer(&self) -> String {
        format!("{{\"command\": \"{}\"}}", self.command)
    }

    /// What the model is told first.
    pub(crate) fn system(&self) -> String {
        format!("Answer with one {} command{} as JSON.", self.shell, self.place)
    }
}
