//! Which lines: those with a text, those with a value in a column.

use super::column;
use super::{Condition, Pattern, Position, Query, Test};
use crate::matcher::scan::Scan;
use crate::matcher::sign;
use crate::normalize::{Class, Concept, Shape, Token, concept as c, is_of_phrasings};

// Words that go on with the question rather than with a text without quotes.
const GOES_ON: [Concept; 25] = [
    c::SORT,
    c::COUNT,
    c::UNIQUE,
    c::REVERSE,
    c::FIRST,
    c::LAST,
    c::ONLY,
    c::NOT,
    c::LINE,
    c::COLUMN,
    c::NUMERIC,
    c::CASE_INSENSITIVE,
    c::SHOW,
    c::DUPLICATE,
    c::GROUP_BY,
    c::WHERE,
    c::HEADER,
    c::LARGER,
    c::SMALLER,
    c::LARGEST,
    c::SMALLEST,
    c::MAXIMUM,
    c::MINIMUM,
    c::FREQUENT,
    c::SUM,
];

/// `price over 10`, `where city is Graz`, `column 3 > 100`, `more than 900 in column 4`.
pub(super) fn conditions(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if scan.is_free(at) {
            condition(scan, query, at);
        }
    }
    if query.format.is_json() {
        members(scan, query);
    }
}

// `with sql in their skills`: a member of a list.
fn members(scan: &mut Scan<'_>, query: &mut Query) -> Option<()> {
    let into = (0..scan.tokens.len()).find(|at| {
        let has = |at: usize| matches!(scan.tokens[at].text.as_str(), "has" | "have" | "having" | "with" | "contain");
        scan.is_at(Some(*at), &[c::IN, c::AS]) && *at > 1 && has(at - 2) && is_value(&scan.tokens[at - 1])
    })?;
    let mention = column::from(scan, query.format, scan.after(into))?;
    let text = scan.tokens[into - 1].raw.clone();
    mention.take(scan);
    scan.take(into - 1);
    query.conditions.push(Condition { column: mention.column, test: Test::Has(text) });
    Some(())
}

fn condition(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> Option<()> {
    let token = &scan.tokens[at];
    if token.is(c::BETWEEN) {
        return between(scan, query, at);
    }
    if matches!(token.text.as_str(), "marked" | "flagged" | "set") && query.format.is_json() {
        return flag(scan, query, at);
    }
    if token.is(c::OLDER) || matches!(token.text.as_str(), "younger" | "younger than") {
        return aged(scan, query, at);
    }
    let sign = operator(token)?;
    let mut explained = vec![at];
    let mut value = scan.after(at)?;
    let mut negated = scan.before(at).filter(|not| scan.is_free(*not) && scan.is_at(Some(*not), &[c::NOT]));
    if scan.is_at(Some(value), &[c::NOT]) && negated.is_none() {
        negated = Some(value);
        value = scan.after(value)?;
    }
    // `is equal to 5`, `is greater than 5`, `skills contain the word sql`
    while scan.is_at(Some(value), &[c::TO, c::EQUAL, c::WORD, c::VALUE, c::TEXT]) {
        explained.push(value);
        value = scan.after(value)?;
    }
    // `is over 30`: the verb of another comparison.
    if operator(&scan.tokens[value]).is_some() {
        return None;
    }
    let number = number(&scan.tokens[value]);
    let asks_number = !matches!(sign, "=" | "has");
    if !scan.is_free(value) || asks_number && number.is_none() {
        return None;
    }
    let text = match number {
        Some(number) => number,
        None if is_value(&scan.tokens[value]) => scan.tokens[value].raw.clone(),
        None => return None,
    };
    explained.push(value);
    let left = scan.before(negated.filter(|not| *not < at).unwrap_or(at));
    // `where the price is over 10`: the verb is a word that says nothing.
    let mut mention = column::until(scan, query.format, left);
    // `with age over 30`, `where x > 3`; a column without either needs its noun.
    let cued = |scan: &Scan<'_>, first: usize| {
        let before = scan.before(first);
        scan.is_at(before, &[c::WHERE, c::WITH, c::LINE])
            || before.is_some_and(|b| matches!(scan.tokens[b].text.as_str(), "whose" | "and" | "where"))
            || (0..first)
                .rev()
                .take(2)
                .any(|b| matches!(scan.tokens[b].text.as_str(), "whose" | "where" | "when" | "that" | "with"))
    };
    if let Some(found) = &mention
        && !found.explicit
        && !cued(scan, found.first)
        && !(asks_number || token.shape == Shape::Symbol)
    {
        mention = None;
    }
    if mention.is_none() && sign != "has" {
        // `more than 100 in column 3`, `with 500 in the ninth column`
        let into = scan.after(value).filter(|into| scan.is_at(Some(*into), &[c::IN, c::FOR, c::AS]))?;
        mention = column::from(scan, query.format, scan.after(into)).filter(|found| found.explicit);
    }
    let mention = mention?;
    let compared = match (sign, negated.is_some()) {
        ("=", false) => Test::Is(text),
        ("=", true) | ("!=", false) => Test::IsNot(text),
        (">", false) | ("<=", true) => Test::More(text),
        ("<", false) | (">=", true) => Test::Less(text),
        (">=", false) | ("<", true) => Test::AtLeast(text),
        ("<=", false) | (">", true) => Test::AtMost(text),
        ("has", false) if query.format.is_json() => Test::Has(text),
        _ => return None,
    };
    mention.take(scan);
    scan.take_all(explained.into_iter().chain(negated));
    query.conditions.push(Condition { column: mention.column, test: compared });
    Some(())
}

fn operator(token: &Token) -> Option<&'static str> {
    Some(match token.text.as_str() {
        ">" => ">",
        "<" => "<",
        ">=" | "at least" => ">=",
        "<=" | "at most" | "no more than" | "not more than" | "up to" => "<=",
        "=" | "==" | "is" | "are" | "was" => "=",
        "!=" | "<>" => "!=",
        _ if token.is(c::EQUAL) => "=",
        _ if token.is(c::LARGER) => ">",
        _ if token.is(c::SMALLER) => "<",
        _ if token.is(c::CONTAIN) => "has",
        _ => return None,
    })
}

// `older than 40`: by the age.
fn aged(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> Option<()> {
    let value = scan.after(at)?;
    let number = number(&scan.tokens[value]).filter(|_| query.format != super::Format::Plain)?;
    let test = if scan.tokens[at].is(c::OLDER) { Test::More(number) } else { Test::Less(number) };
    scan.take_all([at, value]);
    query.conditions.push(Condition { column: super::Column::Named("age".to_owned()), test });
    Some(())
}

fn between(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> Option<()> {
    let low = scan.after(at)?;
    let high = scan.after(low)?;
    let (from, to) = (number(&scan.tokens[low])?, number(&scan.tokens[high])?);
    let mention = column::until(scan, query.format, scan.before(at))?;
    mention.take(scan);
    scan.take_all([at, low, high]);
    query.conditions.push(Condition { column: mention.column.clone(), test: Test::AtLeast(from) });
    query.conditions.push(Condition { column: mention.column, test: Test::AtMost(to) });
    Some(())
}

// `people marked remote`, `users not flagged admin`
fn flag(scan: &mut Scan<'_>, query: &mut Query, at: usize) -> Option<()> {
    let field = scan.after(at).filter(|field| scan.is_free(*field))?;
    let field = if scan.is_at(Some(field), &[c::AS]) { scan.after(field)? } else { field };
    let mention = column::from(scan, query.format, Some(field))?;
    let negated = scan.before(at).filter(|not| scan.is_at(Some(*not), &[c::NOT]));
    mention.take(scan);
    scan.take(at);
    scan.take_all(negated);
    let test = if negated.is_some() { Test::False } else { Test::True };
    query.conditions.push(Condition { column: mention.column, test });
    Some(())
}

fn number(token: &Token) -> Option<String> {
    match token.shape {
        Shape::Number(number) => Some(number.to_string()),
        Shape::Decimal => Some(token.raw.clone()),
        _ => None,
    }
}

fn is_value(token: &Token) -> bool {
    match token.shape {
        Shape::Quoted | Shape::Date | Shape::Ip | Shape::Login | Shape::Host => true,
        Shape::Word => {
            token.class == Class::Unknown
                || token.class == Class::Common
                || !token.text.contains(' ') && token.class > Class::Cue
        }
        _ => false,
    }
}

/// `containing error`, `that start with #`, `with foo or bar`, `but not debug`.
pub(super) fn patterns(scan: &mut Scan<'_>, query: &mut Query) {
    for at in 0..scan.tokens.len() {
        if !scan.is_free(at) && !scan.tokens[at].is(c::WITH) {
            continue;
        }
        let position = match scan.tokens[at].concept {
            Some(c::CONTAIN) => Position::Anywhere,
            Some(c::BEGIN) => Position::Start,
            Some(c::END) => Position::End,
            Some(c::MATCH) => Position::Regex,
            // `lines with error`, `the last 5 lines of app.log with error`
            Some(c::WITH) if scan.is_at(scan.before(at), &[c::LINE, c::IP]) || is_behind_file(scan, query, at) => {
                Position::Anywhere
            }
            _ => continue,
        };
        let _ = cued(scan, query, at, position);
    }
    if query.patterns.is_empty() {
        beside_lines(scan, query);
    }
    if !query.patterns.is_empty() && scan.take_word(c::CASE_INSENSITIVE).is_some() {
        query.ignore_case = true;
    }
}

fn is_behind_file(scan: &Scan<'_>, query: &Query, at: usize) -> bool {
    !query.format.is_json()
        && scan.has(c::LINE)
        && scan.before(at).is_some_and(|before| scan.tokens[before].raw == query.file)
}

fn cued(scan: &mut Scan<'_>, query: &mut Query, at: usize, position: Position) -> Option<()> {
    let negated = scan.before(at).filter(|not| scan.is_free(*not) && scan.is_at(Some(*not), &[c::NOT]));
    let mut value = scan.after(at)?;
    let mut nouns = Vec::new();
    let mut position = position;
    if scan.is_at(Some(value), &[c::NOT]) {
        return None;
    }
    while scan.is_at(Some(value), &[c::WORD, c::TEXT, c::WITH, c::IN, c::ALL])
        || matches!(scan.tokens[value].text.as_str(), "both" | "either")
        || matches!(
            scan.tokens[value].text.as_str(),
            "string" | "phrase" | "pattern" | "regex" | "expression" | "regular"
        )
    {
        if matches!(scan.tokens[value].text.as_str(), "regex" | "expression") {
            position = Position::Regex;
        }
        if scan.tokens[value].is(c::WORD) && nouns.last().is_some_and(|all: &usize| scan.tokens[*all].is(c::ALL)) {
            position = Position::Word;
        }
        nouns.push(value);
        value = scan.after(value)?;
    }
    if let Some(class) = class(&scan.tokens[value]).filter(|_| position == Position::Start || position == Position::End)
    {
        let text = if position == Position::Start { format!("^{class}") } else { format!("{class}$") };
        scan.take_all(nouns.into_iter().chain([at, value]).chain(negated));
        query.patterns.push(Pattern { text, position: Position::Regex, negated: negated.is_some() });
        return Some(());
    }
    let (text, last) = text_at(scan, value)?;
    // Several words behind `with` say what the lines are about, not what stands in them.
    if scan.tokens[at].is(c::WITH) && last > value {
        return None;
    }
    scan.take_all(nouns.into_iter().chain([at]).chain(negated));
    scan.take_all(value..=last);
    query.patterns.push(Pattern { text, position, negated: negated.is_some() });
    more(scan, query, last, position);
    Some(())
}

// `starting with a digit`
fn class(token: &Token) -> Option<&'static str> {
    Some(match token.text.as_str() {
        "digit" | "number" | "digits" | "numbers" => "[0-9]",
        "letter" | "letters" => "[[:alpha:]]",
        "capital" | "uppercase" => "[[:upper:]]",
        "space" | "blank" | "whitespace" => "[[:space:]]",
        _ => return None,
    })
}

// `a or b`, `a and b`, `a but not b`
fn more(scan: &mut Scan<'_>, query: &mut Query, last: usize, position: Position) {
    let Some(link) = scan.tokens.get(last + 1).filter(|link| matches!(link.text.as_str(), "or" | "and" | "but")) else {
        // `a but not b` is one token for what is left out.
        negated_after(scan, query, last + 1, position);
        return;
    };
    let any = link.text == "or";
    if negated_after(scan, query, last + 2, position) {
        return;
    }
    let Some((text, end)) = text_at(scan, last + 2) else { return };
    // `and sort them`, `and 3 lines after` go on with something else.
    let follows = scan.after(end);
    let other = &scan.tokens[last + 2];
    let is_value = (other.class == Class::Unknown || other.concept.is_some_and(is_of_phrasings))
        && !matches!(scan.tokens[last + 2].shape, Shape::Number(_));
    if !is_value || follows.is_some_and(|next| scan.tokens[next].class > Class::Weak && scan.is_free(next)) && !any {
        return;
    }
    scan.take_all(last + 1..=end);
    query.any |= any;
    query.patterns.push(Pattern { text, position, negated: false });
}

fn negated_after(scan: &mut Scan<'_>, query: &mut Query, at: usize, position: Position) -> bool {
    if at >= scan.tokens.len() || !scan.tokens[at].is(c::NOT) {
        return false;
    }
    let Some(mut value) = scan.after(at) else { return false };
    let mut explained = vec![at];
    while scan.is_at(Some(value), &[c::CONTAIN, c::WORD, c::TEXT, c::LINE, c::WITH]) {
        explained.push(value);
        let Some(next) = scan.after(value) else { return false };
        value = next;
    }
    let Some((text, end)) = text_at(scan, value) else { return false };
    scan.take_all(explained);
    scan.take_all(value..=end);
    let position = if position == Position::Regex { position } else { Position::Anywhere };
    query.patterns.push(Pattern { text, position, negated: true });
    true
}

// A quoted text, or the words up to what goes on with the question.
fn text_at(scan: &mut Scan<'_>, at: usize) -> Option<(String, usize)> {
    let token = scan.tokens.get(at).filter(|_| scan.is_free(at))?;
    if token.shape == Shape::Quoted {
        return Some((token.raw.clone(), at));
    }
    let fits = |token: &Token| {
        token.class > Class::Cue
            && !token.concept.is_some_and(|concept| GOES_ON.contains(&concept))
            && !matches!(token.shape, Shape::Quoted)
    };
    if let Some((sign, last)) = sign_at(scan, at) {
        return Some((sign.to_owned(), last));
    }
    // `with 3 lines around` counts lines.
    let counts = matches!(token.shape, Shape::Number(_)) && scan.is_at(scan.after(at), &GOES_ON);
    if !fits(token) || counts {
        return None;
    }
    let mut last = at;
    while let Some(next) = scan.tokens.get(last + 1)
        && scan.is_free(last + 1)
        && matches!(next.shape, Shape::Word)
        && fits(next)
    {
        last += 1;
    }
    let words: Vec<&str> = scan.tokens[at..=last].iter().map(|token| token.raw.as_str()).collect();
    if scan.tokens[at..=last].iter().any(|token| token.class < Class::Common && !token.corrected) {
        scan.doubt += 0.08;
    }
    if last > at {
        scan.doubt += 0.06;
    }
    Some((words.join(" "), last))
}

// `a semicolon`, `a question mark`: with an article it is the sign, not the word.
fn sign_at(scan: &Scan<'_>, at: usize) -> Option<(&'static str, usize)> {
    let article = at.checked_sub(1).is_some_and(|before| matches!(scan.tokens[before].text.as_str(), "a" | "an"));
    let (name, last) = match scan.tokens.get(at + 1).map(|next| next.text.as_str()) {
        Some(second @ ("mark" | "sign" | "stop" | "quote" | "slash" | "point")) => {
            (format!("{} {second}", scan.tokens[at].text), at + 1)
        }
        _ => (scan.tokens[at].text.clone(), at),
    };
    let ends = scan.after(last).is_none_or(|next| scan.tokens[next].class <= Class::Cue || !scan.is_free(next));
    sign::named(&name).filter(|_| ends && (article || sign::is_plain(&name))).map(|sign| (sign, last))
}

// `the ERROR lines`, `only the Graz rows`
fn beside_lines(scan: &mut Scan<'_>, query: &mut Query) {
    let Some(line) = scan.position(c::LINE) else { return };
    let Some(value) = line.checked_sub(1).filter(|value| scan.is_free(*value)) else { return };
    let token = &scan.tokens[value];
    // `every second line` is a place.
    if column::ordinal(scan, value).is_some() || matches!(token.text.as_str(), "nth" | "odd" | "even" | "middle") {
        return;
    }
    let is_text = match token.shape {
        Shape::Quoted => true,
        Shape::Word => token.class >= Class::Common || token.raw.len() > 2 && token.raw.chars().all(char::is_uppercase),
        _ => false,
    };
    if !is_text {
        return;
    }
    let negated = scan.before(value).filter(|not| scan.is_free(*not) && scan.is_at(Some(*not), &[c::NOT]));
    query.patterns.push(Pattern { text: token.raw.clone(), position: Position::Anywhere, negated: negated.is_some() });
    scan.take_all([value, line].into_iter().chain(negated));
}
