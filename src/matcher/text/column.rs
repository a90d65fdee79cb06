//! Columns as people name them: `column 3`, `the last field`, `the price`.

use super::{Column, Format};
use crate::matcher::scan::Scan;
use crate::matcher::value::singular;
use crate::normalize::{Class, Shape, concept as c};

/// A column named in the question and the tokens that name it.
pub(super) struct Mention {
    pub(super) column: Column,
    pub(super) first: usize,
    pub(super) last: usize,
    /// The question says that it is a column.
    pub(super) explicit: bool,
}

impl Mention {
    pub(super) fn take(&self, scan: &mut Scan<'_>) {
        (self.first..=self.last).for_each(|at| scan.take(at));
    }
}

/// The place in a row that a word like `third` names.
pub(super) fn ordinal(scan: &Scan<'_>, at: usize) -> Option<Column> {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let token = &scan.tokens[at];
    match token.shape {
        Shape::Number(number) if number > 0 => Some(Column::At(number)),
        _ if matches!(token.text.as_str(), "last" | "final") => Some(Column::Last),
        Shape::Word => {
            let place = WORDS.iter().position(|word| *word == token.text)?;
            Some(Column::At(place as u64 + 1))
        }
        _ => None,
    }
}

/// The column that is named from this token on.
pub(super) fn from(scan: &Scan<'_>, format: Format, at: Option<usize>) -> Option<Mention> {
    let at = at.filter(|at| scan.is_free(*at))?;
    let next = scan.after(at).filter(|next| scan.is_free(*next));
    let mention = |column, last| Some(Mention { column, first: at, last, explicit: true });
    if scan.tokens[at].is(c::COLUMN) {
        let next = next?;
        // `the column named price`, `column number 3`
        // `columns name and city`: here it is the name of one.
        let listed = scan.is_at(Some(next), &[c::NAME])
            && scan.tokens.get(next + 1).is_some_and(|link| link.text == "and" || link.pause);
        let noun = !listed && scan.is_at(Some(next), &[c::NAMED, c::NUMBER, c::NAME]);
        let next = if noun { scan.after(next)? } else { next };
        let column = match scan.tokens[next].shape {
            Shape::Number(number) if number > 0 => Column::At(number),
            _ => Column::Named(name(scan, format, next)?),
        };
        return mention(column, next);
    }
    if let Some(noun) = next.filter(|next| is_column_noun(scan, format, *next)) {
        if let Some(column) = ordinal(scan, at) {
            return mention(column, noun);
        }
        if scan.tokens[noun].is(c::COLUMN)
            && let Some(name) = name(scan, format, at)
        {
            return mention(Column::Named(name), noun);
        }
    }
    let column = Column::Named(name(scan, format, at)?);
    Some(Mention { column, first: at, last: at, explicit: false })
}

/// The column whose name ends with this token.
pub(super) fn until(scan: &Scan<'_>, format: Format, at: Option<usize>) -> Option<Mention> {
    let at = at.filter(|at| scan.is_free(*at))?;
    if let Some(before) = scan.before(at).filter(|before| scan.is_free(*before)) {
        if let Some(found) = from(scan, format, Some(before)).filter(|found| found.last == at && found.explicit) {
            return Some(found);
        }
        let number = scan.is_at(Some(before), &[c::NAMED, c::NUMBER]).then(|| scan.before(before)).flatten();
        if let Some(found) = from(scan, format, number).filter(|found| found.last == at && found.explicit) {
            return Some(found);
        }
    }
    let column = Column::Named(name(scan, format, at)?);
    Some(Mention { column, first: at, last: at, explicit: false })
}

// A word of a line is its column where blanks separate them.
fn is_column_noun(scan: &Scan<'_>, format: Format, at: usize) -> bool {
    scan.tokens[at].is(c::COLUMN) || format == Format::Plain && scan.tokens[at].is(c::WORD)
}

// A word that may name a column: the format gives its columns names, and the word has no part in the grammar.
fn name(scan: &Scan<'_>, format: Format, at: usize) -> Option<String> {
    const GRAMMAR: [crate::normalize::Concept; 70] = [
        c::COLUMN,
        c::LINE,
        c::WORD,
        c::FILE,
        c::HEADER,
        c::SORT,
        c::SUM,
        c::AVERAGE,
        c::MAXIMUM,
        c::MINIMUM,
        c::MEDIAN,
        c::COUNT,
        c::NOT,
        c::ONLY,
        c::UNIQUE,
        c::DUPLICATE,
        c::LARGER,
        c::SMALLER,
        c::LARGEST,
        c::SMALLEST,
        c::FIRST,
        c::LAST,
        c::REVERSE,
        c::NUMERIC,
        c::FREQUENT,
        c::FREQUENCY,
        c::GROUP_BY,
        c::EQUAL,
        c::CONTAIN,
        c::ALL,
        c::SEPARATED,
        c::VALUE,
        c::DIFFERENT,
        c::TOGETHER,
        c::TIMES,
        c::CASE_INSENSITIVE,
        c::CREATE,
        c::DELETE,
        c::COPY,
        c::MOVE,
        c::RENAME,
        c::REPLACE,
        c::CONVERT,
        c::EXTRACT,
        c::COMPRESS,
        c::ARCHIVE,
        c::JOIN,
        c::SPLIT,
        c::APPEND,
        c::SAVE,
        c::EDIT,
        c::OPEN,
        c::CHECK,
        c::RUN,
        c::START,
        c::STOP,
        c::DOWNLOAD,
        c::UPLOAD,
        c::INSTALL,
        c::DIFFERENCE,
        c::ENCODE,
        c::DECODE,
        c::SHOW,
        c::FIND,
        c::USE,
        c::UPPERCASE,
        c::LOWERCASE,
        c::CHARACTER,
        c::FOLLOW,
        c::EMPTY,
    ];
    const NEVER: [&str; 12] = [
        "key", "keys", "insert", "add", "format", "valid", "validate", "lint", "indent", "numbers", "figures", "filter",
    ];
    let token = &scan.tokens[at];
    if format == Format::Plain {
        return None;
    }
    match token.shape {
        Shape::Quoted => return Some(token.raw.clone()),
        Shape::Path if format.is_json() && token.raw.starts_with('.') => return Some(token.raw[1..].to_owned()),
        Shape::Word if !token.text.contains(' ') => {}
        _ => return None,
    }
    let is_grammar = token.concept.is_some_and(|concept| GRAMMAR.contains(&concept));
    let is_grammar = is_grammar || NEVER.contains(&token.text.as_str());
    (token.class > Class::Cue && !is_grammar).then(|| singular(&token.raw))
}
