//! Writes a query as a pipeline of grep, cut, awk, sort, uniq and head, with the flags GNU and BSD have in common.

use super::awk;
use super::{Column, Compare, Fold, Format, Header, Numbers, Order, Outcome, Pattern, Pick, Position, Query, Take};
use crate::matcher::render::path_argument;
use crate::shell::{Shell, quote};

// Commands with pipes between them; the first reads the file.
struct Pipe {
    line: String,
    file: Option<String>,
}

impl Pipe {
    fn push(&mut self, command: &str) {
        if !self.line.is_empty() {
            self.line.push_str(" | ");
        }
        self.line.push_str(command);
        if let Some(file) = self.file.take() {
            self.line.push(' ');
            self.line.push_str(&file);
        }
    }
}

/// The command line of a query; `None` when there is no short way to say it.
pub(super) fn command(query: &Query, shell: Shell) -> Option<String> {
    let file = path_argument(&query.file, shell);
    let mut pipe = Pipe { line: String::new(), file: Some(file.clone()) };
    if let Some(order) = &query.order
        && matches!(query.outcome, Outcome::Rows)
    {
        let line = ordered(query, order, &file, pipe, shell)?;
        return Some(if query.numbers == Numbers::Shown { format!("{line} | cat -n") } else { line });
    }
    rows(query, &mut pipe, shell)?;
    outcome(query, &mut pipe);
    take(query.take, &mut pipe);
    if query.numbers == Numbers::Shown {
        pipe.push("cat -n");
    }
    (!pipe.line.is_empty()).then_some(pipe.line)
}

fn needs_awk(query: &Query) -> bool {
    !query.conditions.is_empty()
        || query.has_names()
        || query.header == Header::Keep
        || matches!(query.outcome, Outcome::Grouped(..))
        || matches!(query.outcome, Outcome::Fold(fold, ..) if fold != Fold::Count)
}

// The lines and the columns of them.
fn rows(query: &Query, pipe: &mut Pipe, shell: Shell) -> Option<()> {
    if needs_awk(query) {
        // Names and the first line are known only to who reads the whole file.
        let whole = query.has_names() || query.header == Header::Keep;
        if whole || query.patterns.is_empty() {
            if query.ignore_case {
                return None;
            }
            pipe.push(&awk::command(query, None, shell)?);
            return Some(());
        }
        grep(query, pipe, shell)?;
        let rest = Query { patterns: Vec::new(), ..query.clone() };
        pipe.push(&awk::command(&rest, None, shell)?);
        return Some(());
    }
    if query.header == Header::Drop {
        pipe.push("tail -n +2");
    }
    if !query.patterns.is_empty() {
        grep(query, pipe, shell)?;
    }
    pick(query, pipe, shell)
}

fn grep(query: &Query, pipe: &mut Pipe, shell: Shell) -> Option<()> {
    let counts = query.outcome == Outcome::Fold(Fold::Count, None, None) && query.pick == Pick::Whole;
    let flags = |pattern: &Pattern, last: bool| {
        let mut flags = String::new();
        for (flag, on) in [
            ('c', counts && last && query.conditions.is_empty()),
            ('i', query.ignore_case),
            ('v', pattern.negated),
            ('w', pattern.position == Position::Word),
            ('E', pattern.position == Position::Regex),
            ('F', is_fixed(pattern)),
        ] {
            if on {
                flags.push(flag);
            }
        }
        if flags.is_empty() { "grep".to_owned() } else { format!("grep -{flags}") }
    };
    if query.any {
        let same = query.patterns.iter().all(|p| !p.negated && p.position == query.patterns[0].position);
        if !same {
            return None;
        }
        let mut command = flags(&query.patterns[0], true);
        for pattern in &query.patterns {
            command.push_str(" -e ");
            command.push_str(&quote(shell, &expression(pattern)));
        }
        pipe.push(&command);
        return Some(());
    }
    for (at, pattern) in query.patterns.iter().enumerate() {
        let flags = flags(pattern, at + 1 == query.patterns.len());
        pipe.push(&format!("{flags} -e {}", quote(shell, &expression(pattern))));
    }
    Some(())
}

fn is_special(text: &str) -> bool {
    text.contains(['.', '*', '[', ']', '^', '$', '\\'])
}

fn is_fixed(pattern: &Pattern) -> bool {
    matches!(pattern.position, Position::Anywhere | Position::Word) && is_special(&pattern.text)
}

fn expression(pattern: &Pattern) -> String {
    let literal = || {
        pattern.text.chars().fold(String::new(), |mut text, character| {
            if is_special(character.encode_utf8(&mut [0; 4])) {
                text.push('\\');
            }
            text.push(character);
            text
        })
    };
    match pattern.position {
        Position::Start => format!("^{}", literal()),
        Position::End => format!("{}$", literal()),
        _ => pattern.text.clone(),
    }
}

fn pick(query: &Query, pipe: &mut Pipe, shell: Shell) -> Option<()> {
    match &query.pick {
        Pick::Whole => {}
        Pick::Pieces(_, regex) => pipe.push(&format!("grep -oE {}", quote(shell, regex))),
        Pick::Columns(columns) => {
            let numbers: Option<Vec<u64>> = columns.iter().map(number).collect();
            match (query.format, numbers) {
                // `cut` keeps the order of the file, whatever order is asked.
                (Format::Separated(separator), Some(numbers)) if numbers.is_sorted() => {
                    pipe.push(&format!("{} -f{}", cut(separator, shell), ranges(&numbers)));
                }
                _ => {
                    let plain = Query { patterns: Vec::new(), header: Header::None, ..query.clone() };
                    pipe.push(&awk::command(&plain, None, shell)?);
                }
            }
        }
        Pick::Swapped(one, other) => pipe.push(&awk::swapped(query.format, *one, *other, shell)),
        Pick::Without(columns) => {
            let [Column::At(number)] = columns[..] else { return None };
            let rest = if number == 1 { "2-".to_owned() } else { format!("-{},{}-", number - 1, number + 1) };
            let separator = match query.format {
                Format::Separated(separator) => separator,
                _ => ' ',
            };
            pipe.push(&format!("{} -f{rest}", cut(separator, shell)));
        }
    }
    Some(())
}

fn number(column: &Column) -> Option<u64> {
    match column {
        Column::At(number) => Some(*number),
        _ => None,
    }
}

fn cut(separator: char, shell: Shell) -> String {
    match separator {
        '\t' => "cut".to_owned(),
        ',' | ':' => format!("cut -d{separator}"),
        other => format!("cut -d{}", quote(shell, &other.to_string())),
    }
}

// `1,2,3` is `1-3`.
fn ranges(numbers: &[u64]) -> String {
    let runs = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match numbers {
        [first, .., last] if runs && numbers.len() > 2 => format!("{first}-{last}"),
        _ => numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(","),
    }
}

fn outcome(query: &Query, pipe: &mut Pipe) {
    match &query.outcome {
        Outcome::Unique => pipe.push("sort -u"),
        Outcome::Duplicates => {
            pipe.push("sort");
            pipe.push("uniq -d");
        }
        Outcome::Tally => {
            pipe.push("sort");
            pipe.push("uniq -c");
            pipe.push("sort -rn");
        }
        Outcome::CountUnique => {
            pipe.push("sort -u");
            pipe.push("wc -l");
        }
        Outcome::Fold(Fold::Median, ..) => {
            pipe.push("sort -n");
            pipe.push(
                "awk '{a[NR] = $1} END {if (NR % 2) print a[(NR + 1) / 2]; else print (a[NR / 2] + a[NR / 2 + 1]) / 2}'",
            );
        }
        Outcome::Fold(Fold::Count, ..) if !needs_awk(query) => {
            let counted = query.patterns.len() + usize::from(query.pick != Pick::Whole) > 0;
            if !(counted && query.pick == Pick::Whole) {
                pipe.push("wc -l");
            }
        }
        Outcome::Rows | Outcome::Fold(..) => {}
        Outcome::Grouped(..) => {
            if let Some(order) = &query.order {
                pipe.push(if order.descending { "sort -k2,2nr" } else { "sort -k2,2n" });
            } else if query.take.is_some() {
                pipe.push("sort -k2,2nr");
            }
        }
    }
}

fn take(take: Option<Take>, pipe: &mut Pipe) {
    match take {
        Some(Take::First(count)) => pipe.push(&format!("head -n {count}")),
        Some(Take::Last(count)) => pipe.push(&format!("tail -n {count}")),
        None => {}
    }
}

fn ordered(query: &Query, order: &Order, file: &str, mut pipe: Pipe, shell: Shell) -> Option<String> {
    let direction = if order.descending { "r" } else { "" };
    let named = matches!(order.by, Some(Column::Named(_)));
    let keeps = query.header == Header::Keep
        || named && query.header == Header::None && query.pick == Pick::Whole && query.take.is_none();
    let skips = query.header != Header::None || named;
    match &order.by {
        // What decides the order is put first, sorted by, and taken away again.
        Some(by @ (Column::Named(_) | Column::Last)) => {
            let header = if skips { Header::Drop } else { Header::None };
            let pick = if query.pick == Pick::Whole { Pick::Whole } else { query.pick.clone() };
            let inner = Query { header, pick, ..query.clone() };
            if query.ignore_case {
                return None;
            }
            pipe.push(&awk::command(&inner, Some(by), shell)?);
            let kind = match (order.compare, named) {
                (Compare::Numbers, _) => "n",
                (Compare::IgnoringCase, _) => "f",
                // Nobody said whether a column with a name holds numbers: this order is right for both.
                (Compare::Versions, _) | (Compare::Text, true) => "V",
                (Compare::Text, false) => "",
            };
            let flags = format!("{direction}{kind}");
            pipe.push(&if flags.is_empty() { "sort".to_owned() } else { format!("sort -{flags}") });
            take(query.take, &mut pipe);
            pipe.push("cut -f2-");
        }
        by => {
            if skips {
                pipe.push("tail -n +2");
            }
            let inner = Query { header: Header::None, pick: Pick::Whole, ..query.clone() };
            if needs_awk(&inner) || !inner.patterns.is_empty() {
                rows(&inner, &mut pipe, shell)?;
            }
            pipe.push(&sort(query.format, by.as_ref().and_then(number), order, shell));
            if query.pick != Pick::Whole {
                let picked = Query { patterns: Vec::new(), ..query.clone() };
                pick(&picked, &mut pipe, shell)?;
            }
            take(query.take, &mut pipe);
        }
    }
    Some(if keeps { format!("(head -n 1 {file}; {})", pipe.line) } else { pipe.line })
}

fn sort(format: Format, column: Option<u64>, order: &Order, shell: Shell) -> String {
    let mut flags = String::new();
    match order.compare {
        Compare::Text => {}
        Compare::IgnoringCase => flags.push('f'),
        Compare::Numbers => flags.push('n'),
        Compare::Versions => flags.push('V'),
    }
    if order.descending {
        flags.push('r');
    }
    let Some(column) = column else {
        let flags: String = flags.chars().rev().collect();
        return if flags.is_empty() { "sort".to_owned() } else { format!("sort -{flags}") };
    };
    let separator = match format {
        Format::Separated('\t') => " -t$'\\t'".to_owned(),
        Format::Separated(plain @ (',' | ':')) => format!(" -t{plain}"),
        Format::Separated(other) => format!(" -t{}", quote(shell, &other.to_string())),
        _ => String::new(),
    };
    format!("sort{separator} -k{column},{column}{flags}")
}
