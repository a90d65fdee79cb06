//! What a question about files asks: filter x place x depth x action.

use crate::normalize::Unit;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    File,
    Folder,
    Link,
    Socket,
    Pipe,
    BlockDevice,
    CharacterDevice,
    Any,
}

/// A pattern of a name or a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) glob: String,
    pub(super) ignore_case: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Than {
    More,
    Less,
    Exactly,
}

impl Than {
    pub(super) const fn flipped(self) -> Self {
        match self {
            Self::More => Self::Less,
            Self::Less => Self::More,
            Self::Exactly => Self::Exactly,
        }
    }
}

/// Which of the times of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Modified,
    Accessed,
    /// The time of its last change of state.
    Changed,
    /// The time of birth, where a system keeps one.
    Created,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// Older (`More`) or younger (`Less`) than so much.
    Age(Than, u32, Unit),
    /// On the current calendar day.
    Today,
    /// On the day before.
    Yesterday,
    /// Not before a moment, as `-newermt` reads it.
    Since(String),
    /// Before a moment.
    Before(String),
}

/// Bits of a file mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mode {
    Exactly(String),
    /// All of these bits.
    All(String),
    /// At least one of these bits.
    Any(String),
}

/// One thing a file can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    Name(Name),
    Path(Name),
    Regex(Name),
    /// A link to this.
    LinkTo(Name),
    Size(Than, u64),
    Time(Clock, When),
    NewerThan(Clock, String),
    User(String),
    Group(String),
    UserId(Than, u64),
    NoUser,
    NoGroup,
    Mode(Mode),
    Empty,
    Executable,
    Readable,
    Writable,
    Links(Than, u64),
    Inode(u64),
    SameFile(String),
    Broken,
}

impl Test {
    /// True for a test of what the file is called or where it lies.
    pub(super) const fn is_name(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Path(_) | Self::Regex(_))
    }
}

/// Tests of which one must hold, or with `not` none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) any: Vec<Test>,
    pub(super) not: bool,
    /// The first and the last token that say so.
    pub(super) span: (usize, usize),
}

/// A folder that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Exclusion {
    /// Every folder of this name.
    Named(String),
    /// This one.
    Path(String),
}

/// An order and how many of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) by: Key,
    /// The largest, or the newest, first.
    pub(super) descending: bool,
    pub(super) take: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Size,
    Time,
    Accessed,
    Name,
}

/// What to do with the hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    List,
    LongList,
    BareNames,
    SizesAndNames,
    /// The folders the hits lie in.
    Parents,
    /// Separated by a null byte.
    NullSeparated,
    Count,
    TotalSize,
    DiskUsage,
    Sort(Order),
    Delete,
    DeleteAsking,
    MoveTo(String),
    CopyTo(String),
    CopyTreeTo(String),
    /// Their contents, one after the other.
    JoinInto(String),
    LinkIn(String),
    ArchiveInto(String),
    /// With gzip, bzip2 or xz.
    Compress(&'static str),
    Decompress,
    Chmod(String),
    Chown(String),
    Chgrp(String),
    Touch,
    /// Makes an empty file of this name in each folder.
    TouchIn(String),
    /// Names of the files that contain a text.
    Containing(String),
    NotContaining(String),
    /// The lines that contain a text.
    Grep {
        text: String,
        numbered: bool,
    },
    Replace {
        old: String,
        new: String,
    },
    Print,
    Head(u64),
    Tail(u64),
    /// How many lines they have together.
    CountLines,
    /// How many words they have together.
    CountWords,
    /// How many lines each has.
    LinesOfEach,
    Checksum(&'static str),
    FileType,
    /// A program or script, with the path behind it.
    Run(Vec<String>),
    /// A command line that is quoted already, with many paths behind it.
    Each(String),
}

/// How the folders are walked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Walk {
    pub(super) one_filesystem: bool,
    /// Through symbolic links.
    pub(super) follow: bool,
}

/// A question about files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) target: Target,
    /// The question says that only files are meant, not what else has a name.
    pub(super) strict: bool,
    pub(super) clauses: Vec<Clause>,
    /// Empty: here.
    pub(super) places: Vec<String>,
    pub(super) excluded: Vec<Exclusion>,
    pub(super) at_least: Option<u64>,
    pub(super) depth: Option<u64>,
    pub(super) walk: Walk,
    pub(super) ignore_case: bool,
    pub(super) action: Action,
    /// Only so many of the hits.
    pub(super) limit: Option<u64>,
    /// Only how many files it is.
    pub(super) counted: bool,
    /// Which of the hits something is done to, in an order: `the 3 largest`, `all but the newest 5`.
    pub(super) chosen: Option<Chosen>,
}

/// The first so many of an order, or all that come after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) by: Key,
    pub(super) descending: bool,
    pub(super) count: u64,
    pub(super) rest: bool,
}

impl Query {
    pub(super) fn new() -> Self {
        Self {
            target: Target::Any,
            strict: false,
            clauses: Vec::new(),
            places: Vec::new(),
            excluded: Vec::new(),
            at_least: None,
            depth: None,
            walk: Walk::default(),
            ignore_case: false,
            action: Action::List,
            limit: None,
            counted: false,
            chosen: None,
        }
    }

    pub(super) fn is_filtered(&self) -> bool {
        !self.clauses.is_empty() || !self.excluded.is_empty()
    }

    pub(super) fn add(&mut self, test: Test, not: bool, span: (usize, usize)) {
        self.clauses.push(Clause { any: vec![test], not, span });
    }

    pub(super) fn any(&self, wanted: impl Fn(&Test) -> bool) -> bool {
        self.clauses.iter().any(|clause| clause.any.iter().any(&wanted))
    }

    /// True when something is done to the hits.
    pub(super) const fn acts(&self) -> bool {
        matches!(
            self.action,
            Action::Delete
                | Action::DeleteAsking
                | Action::MoveTo(_)
                | Action::CopyTo(_)
                | Action::CopyTreeTo(_)
                | Action::JoinInto(_)
                | Action::LinkIn(_)
                | Action::ArchiveInto(_)
                | Action::Compress(_)
                | Action::Decompress
                | Action::Chmod(_)
                | Action::Chown(_)
                | Action::Chgrp(_)
                | Action::Touch
                | Action::TouchIn(_)
                | Action::Replace { .. }
                | Action::Run(_)
                | Action::Each(_)
        )
    }

    pub(super) fn intent(&self) -> &'static str {
        INTENTS[match self.action {
            Action::List | Action::NullSeparated => 0,
            Action::LongList => 1,
            Action::BareNames | Action::Parents => 2,
            Action::Count => 3,
            Action::TotalSize | Action::DiskUsage | Action::SizesAndNames => 4,
            Action::Sort(_) => 5,
            Action::Delete | Action::DeleteAsking => 6,
            Action::MoveTo(_) => 7,
            Action::CopyTo(_) | Action::CopyTreeTo(_) | Action::LinkIn(_) => 8,
            Action::ArchiveInto(_) => 9,
            Action::Chmod(_) => 10,
            Action::Containing(_) | Action::NotContaining(_) => 11,
            Action::CountLines | Action::CountWords | Action::LinesOfEach => 12,
            Action::Chown(_) | Action::Chgrp(_) => 13,
            Action::Compress(_) | Action::Decompress => 14,
            Action::Grep { .. } => 15,
            Action::Replace { .. } => 16,
            Action::Print | Action::JoinInto(_) | Action::Head(_) | Action::Tail(_) => 17,
            Action::Checksum(_) | Action::FileType => 18,
            Action::Run(_) | Action::Each(_) | Action::Touch | Action::TouchIn(_) => 19,
        }]
    }
}

/// The intents composed here; [`Query::intent`] tells which action is which.
pub(in crate::matcher) const INTENTS: [&str; 20] = [
    "files.find",
    "files.find-long",
    "files.find-names",
    "files.find-count",
    "files.find-total-size",
    "files.find-sorted",
    "files.find-delete",
    "files.find-move",
    "files.find-copy",
    "files.find-archive",
    "files.find-chmod",
    "files.find-containing",
    "files.find-lines",
    "files.find-chown",
    "files.find-compress",
    "files.find-grep",
    "files.find-replace",
    "files.find-show",
    "files.find-checksum",
    "files.find-run",
];

impl Query {
    /// Joins what the question joins with `or`.
    pub(super) fn either(&mut self, tokens: &[crate::normalize::Token]) {
        self.clauses.sort_by_key(|clause| clause.span.0);
        let mut joined: Vec<Clause> = Vec::new();
        for clause in std::mem::take(&mut self.clauses) {
            let or = |last: &Clause| {
                let between = last.span.1 + 1..clause.span.0.max(last.span.1 + 1);
                !last.not
                    && !clause.not
                    && last.span.1 < clause.span.0
                    && tokens.get(between).unwrap_or_default().iter().any(|token| token.text == "or")
            };
            match joined.last_mut() {
                Some(last) if or(last) => {
                    last.any.extend(clause.any);
                    last.span.1 = clause.span.1;
                }
                _ => joined.push(clause),
            }
        }
        self.clauses = joined;
    }
}
