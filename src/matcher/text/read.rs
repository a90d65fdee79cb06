//! Reads a question into a [`Query`].

use super::{Fold, Format, Header, Numbers, Outcome, Pick, Query, filter, order, outcome, record, source};
use crate::matcher::scan::Scan;
use crate::normalize::{Token, concept as c};

/// A question read, and how well.
pub(super) struct Reading {
    pub(super) query: Query,
    pub(super) explained: f32,
    pub(super) unexplained: f32,
    pub(super) doubt: f32,
}

// An intent of its own knows its idiom: a pipeline is for what has none.
const BEHIND_INTENTS: f32 = 0.65;

const PIPELINE_DOUBT: f32 = 0.03;

/// Reads the tokens; `None` when they are no question about the lines of one file.
pub(super) fn read(tokens: &[Token]) -> Option<Reading> {
    let mut scan = Scan::new(tokens);
    let (file, format) = source::source(&mut scan)?;
    let mut query = Query {
        file,
        format,
        header: Header::None,
        patterns: Vec::new(),
        any: false,
        ignore_case: false,
        conditions: Vec::new(),
        pick: Pick::Whole,
        outcome: Outcome::Rows,
        order: None,
        take: None,
        numbers: Numbers::None,
        records: false,
    };
    order::numbered(&mut scan, &mut query);
    record::records(&mut scan, &mut query);
    order::header(&mut scan, &mut query);
    filter::conditions(&mut scan, &mut query);
    filter::patterns(&mut scan, &mut query);
    outcome::pieces(&mut scan, &mut query);
    if query.pick == Pick::Whole {
        outcome::swap(&mut scan, &mut query);
    }
    order::order(&mut scan, &mut query);
    order::take(&mut scan, &mut query);
    outcome::outcome(&mut scan, &mut query);
    if query.pick == Pick::Whole {
        outcome::pick(&mut scan, &mut query);
    }
    record::fields(&mut scan, &mut query);
    if query.outcome == Outcome::Rows && query.pick != Pick::Whole && scan.take_word(c::DUPLICATE).is_some() {
        query.outcome = Outcome::Duplicates;
    }
    if !is_about_lines(&query) {
        return None;
    }
    while scan
        .take_any(&[c::FIND, c::SHOW, c::ALL, c::LINE, c::ONLY, c::EXIST, c::VALUE, c::CONTENTS, c::WHERE, c::NUMBER])
        .is_some()
    {}
    if tokens[0].is(c::TO) {
        scan.take(0);
    }
    let directions = scan.count_free(&[c::TO, c::AS, c::BY, c::BETWEEN]);
    let unexplained = scan.unexplained() + 0.5 * directions;
    // Columns of a table are not where blanks are, whatever a phrasing for any file makes of them.
    let ahead = match format {
        Format::Plain if query.numbers == Numbers::Shown => 0.3,
        Format::Plain if query.parts() == 1 => -2.0 * BEHIND_INTENTS,
        Format::Plain => -BEHIND_INTENTS,
        // One field may be the key of an object, too.
        Format::Json | Format::JsonLines if query.parts() == 1 => -0.3,
        _ => 0.1,
    };
    Some(Reading { query, explained: scan.explained + ahead, unexplained, doubt: scan.doubt + PIPELINE_DOUBT })
}

fn is_about_lines(query: &Query) -> bool {
    let table = query.has_names() || !query.conditions.is_empty();
    match query.format {
        Format::Json | Format::JsonLines if !query.patterns.is_empty() => return false,
        Format::Json | Format::JsonLines => {}
        _ if query.parts() == 0 => return false,
        _ => {}
    }
    match &query.outcome {
        // One number has no order, and nothing to take from.
        Outcome::Fold(..) | Outcome::CountUnique if query.order.is_some() || query.take.is_some() => false,
        Outcome::Fold(Fold::Count, None, None) => query.parts() > 1 || query.format.is_json(),
        Outcome::Fold(_, None, _) | Outcome::Grouped(_, None, _, _) => false,
        Outcome::Rows | Outcome::Unique if matches!(query.pick, Pick::Pieces(..)) => query.parts() > 2,
        Outcome::Rows if query.pick == Pick::Whole && query.numbers == Numbers::Shown => query.parts() > 1,
        Outcome::Rows if query.pick == Pick::Whole => {
            table || query.parts() > 1 || !query.patterns.is_empty() || query.order.is_some()
        }
        _ => true,
    }
}
