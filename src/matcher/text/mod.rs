//! Questions about the lines of a file that compose freely: which lines, which columns, in what order, counted or summed how.
//!
//! A question is read into a [`Query`] (source x filter x columns x outcome x order x take), which each dialect then writes as
//! a pipeline. A table with names in its first line and a JSON file of records are lines too, whose columns have names.

mod awk;
mod column;
mod explain;
mod filter;
mod jq;
mod order;
mod outcome;
mod powershell;
mod read;
mod record;
mod source;
mod unix;

use super::Candidate;
use super::knowledge::Dialect;
use crate::normalize::Token;
use crate::shell::Shell;

/// How the lines of a file fall into columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Words with blanks between them.
    Plain,
    /// One character between columns.
    Separated(char),
    /// One list of records.
    Json,
    /// A record a line.
    JsonLines,
}

impl Format {
    const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::JsonLines)
    }
}

/// What is to happen to the first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    /// Nobody said it is anything special.
    None,
    Keep,
    Drop,
}

/// A column of a line, or a field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    At(u64),
    Last,
    Named(String),
}

/// A test of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// The same text.
    Is(String),
    IsNot(String),
    /// The text is in it: part of a text, or a member of a list.
    Has(String),
    More(String),
    Less(String),
    AtLeast(String),
    AtMost(String),
    /// It is set.
    True,
    False,
    /// Any column is the text, whichever it is.
    Any(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    column: Column,
    test: Test,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Anywhere,
    Start,
    End,
    /// On its own, not as part of a longer word.
    Word,
    /// The text is a regular expression.
    Regex,
}

/// A text lines must, or must not, have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    text: String,
    position: Position,
    negated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pick {
    Whole,
    Columns(Vec<Column>),
    Without(Vec<Column>),
    /// All columns, two of them in each other's place.
    Swapped(u64, u64),
    /// Every piece that looks like this; the name of what it is and an extended regular expression.
    Pieces(&'static str, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    Count,
    Sum,
    Average,
    Maximum,
    Minimum,
    Median,
}

/// What becomes of the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Rows,
    Unique,
    Duplicates,
    /// Each different one and how often it is there.
    Tally,
    /// Only how many different ones there are.
    CountUnique,
    Fold(Fold, Option<Column>, Option<Column>),
    /// The same for each value of a column.
    Grouped(Fold, Option<Column>, Option<Column>, Column),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Order {
    /// The whole line when there is none.
    by: Option<Column>,
    compare: Compare,
    descending: bool,
}

/// How two values are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Text,
    IgnoringCase,
    Numbers,
    /// `1.10` comes after `1.9`.
    Versions,
}

/// Whether each line has its number before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    None,
    Shown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Take {
    First(u64),
    Last(u64),
}

/// A question about lines.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Query {
    file: String,
    format: Format,
    header: Header,
    patterns: Vec<Pattern>,
    /// One pattern is enough.
    any: bool,
    ignore_case: bool,
    conditions: Vec<Condition>,
    pick: Pick,
    outcome: Outcome,
    order: Option<Order>,
    take: Option<Take>,
    /// With a number before each line.
    numbers: Numbers,
    /// The question speaks of records, not of one object.
    records: bool,
}

impl Query {
    // How many things the question asks for; one alone has an intent of its own.
    fn parts(&self) -> usize {
        self.patterns.len()
            + self.conditions.len()
            + usize::from(self.pick != Pick::Whole)
            + usize::from(self.outcome != Outcome::Rows)
            + usize::from(self.order.is_some())
            + usize::from(self.take.is_some())
            + usize::from(self.header != Header::None)
            + usize::from(self.numbers == Numbers::Shown)
    }

    fn intent(&self) -> &'static str {
        match &self.outcome {
            Outcome::Grouped(..) => INTENTS[6],
            Outcome::Fold(Fold::Count, ..) | Outcome::CountUnique => INTENTS[2],
            Outcome::Fold(..) => INTENTS[3],
            Outcome::Tally => INTENTS[4],
            _ if self.order.is_some() => INTENTS[5],
            Outcome::Unique | Outcome::Duplicates => INTENTS[7],
            Outcome::Rows if self.pick == Pick::Whole => INTENTS[0],
            Outcome::Rows => INTENTS[1],
        }
    }

    // Every column the question names, in any role.
    fn columns(&self) -> impl Iterator<Item = &Column> {
        let picked = match &self.pick {
            Pick::Columns(columns) | Pick::Without(columns) => columns.as_slice(),
            _ => &[],
        };
        let folded = match &self.outcome {
            Outcome::Fold(_, a, b) => [a.as_ref(), b.as_ref(), None],
            Outcome::Grouped(_, a, b, by) => [a.as_ref(), b.as_ref(), Some(by)],
            _ => [None, None, None],
        };
        let ordered = self.order.as_ref().and_then(|order| order.by.as_ref());
        self.conditions
            .iter()
            .filter(|condition| !matches!(condition.test, Test::Any(_)))
            .map(|condition| &condition.column)
            .chain(picked)
            .chain(folded.into_iter().flatten())
            .chain(ordered)
    }

    fn has_names(&self) -> bool {
        self.columns().any(|column| matches!(column, Column::Named(_)))
    }
}

/// The intents composed here.
pub(super) const INTENTS: [&str; 8] = [
    "text.rows",
    "text.columns",
    "text.count-rows",
    "text.fold-column",
    "text.tally",
    "text.rows-sorted",
    "text.grouped",
    "text.rows-unique",
];

/// The answer to a question about lines; `None` when it is not one.
pub(super) fn compose(tokens: &[Token], dialect: Dialect, shell: Shell) -> Option<Candidate> {
    let reading = read::read(tokens)?;
    let query = &reading.query;
    let command = match dialect {
        Dialect::Gnu | Dialect::Bsd if query.format.is_json() => jq::command(query, shell)?,
        Dialect::Gnu | Dialect::Bsd => unix::command(query, shell)?,
        Dialect::PowerShell => powershell::command(query, shell)?,
        Dialect::Cmd => return None,
    };
    Some(Candidate {
        blanks: Vec::new(),
        intent: query.intent(),
        command,
        explanation: explain::sentence(query),
        explained: reading.explained,
        unexplained: reading.unexplained,
        doubt: reading.doubt,
    })
}
