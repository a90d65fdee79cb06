//! Conditions: `with stock below 10`, `where city is "Oslo" and age > 30`.

use super::name;
use crate::matcher::scan::Scan;
use crate::normalize::{Class, Shape, Token, concept as c};

const OPENERS: [&str; 8] = ["where", "with", "whose", "having", "that have", "which have", "when", "for which"];

/// Where the condition starts.
pub(super) fn opener(scan: &Scan<'_>) -> Option<usize> {
    (1..scan.tokens.len()).find(|at| {
        let raw = scan.tokens[*at].raw.to_ascii_lowercase();
        scan.is_free(*at) && OPENERS.contains(&raw.as_str()) && scan.tokens[*at].shape == Shape::Word
    })
}

/// The condition of the question, its words taken; `None` when there is none, `Err` when it is not understood.
pub(super) fn condition(scan: &mut Scan<'_>) -> Result<Option<String>, ()> {
    let Some(opener) = opener(scan) else { return Ok(None) };
    scan.take(opener);
    let mut sql = String::new();
    let mut at = opener + 1;
    loop {
        let (test, next) = test(scan, at).ok_or(())?;
        sql.push_str(&test);
        match scan.tokens.get(next).map(|token| token.text.as_str()) {
            Some(joint @ ("and" | "or")) if test_follows(scan, next + 1) => {
                sql.push_str(if joint == "and" { " AND " } else { " OR " });
                scan.take(next);
                at = next + 1;
            }
            _ => return Ok(Some(sql)),
        }
    }
}

fn test_follows(scan: &Scan<'_>, at: usize) -> bool {
    let at = skip(scan, at, &["the", "a", "whose", "where", "with"]);
    scan.tokens.get(at).is_some_and(|token| name::identifier(token).is_some())
        && scan
            .tokens
            .get(skip(scan, at + 1, &["is", "are", "was", "has"]))
            .is_some_and(|next| operator(next).is_some())
}

fn skip(scan: &Scan<'_>, mut at: usize, words: &[&str]) -> usize {
    while scan.tokens.get(at).is_some_and(|token| words.contains(&token.text.as_str())) {
        at += 1;
    }
    at
}

// One comparison, and the token after it.
fn test(scan: &mut Scan<'_>, from: usize) -> Option<(String, usize)> {
    let at = skip(scan, from, &["the", "a", "an", "their", "its", "whose", "where", "with"]);
    let subject = scan.tokens.get(at)?;
    let column = name::column(subject).filter(|_| name::identifier(subject).is_some())?;
    let mut next = skip(scan, at + 1, &["is", "are", "was", "were", "of", "has", "a", "the", "value"]);
    let said_is = next > at + 1;
    let mut negated = false;
    if scan.is_at(Some(next), &[c::NOT]) {
        negated = true;
        scan.take(next);
        next = skip(scan, next + 1, &["a", "the", "to"]);
    }
    let token = scan.tokens.get(next)?;
    if scan.is_at(Some(next), &[c::EMPTY]) || matches!(token.text.as_str(), "null" | "missing" | "unset") {
        scan.take(at);
        scan.take(next);
        return Some((format!("{column} IS {}NULL", if negated { "NOT " } else { "" }), next + 1));
    }
    let operator = operator(token);
    if let Some(sign) = operator {
        scan.take(next);
        next = skip(scan, next + 1, &["than", "to", "or", "equal", "with", "the"]);
        if sign == "BETWEEN" {
            let low = literal(scan.tokens.get(next)?)?;
            let high_at = skip(scan, next + 1, &["and", "to"]);
            let high = literal(scan.tokens.get(high_at)?)?;
            for taken in [at, next, high_at] {
                scan.take(taken);
            }
            return Some((format!("{column} BETWEEN {low} AND {high}"), high_at + 1));
        }
        let value = scan.tokens.get(next)?;
        let (sign, literal) = match sign {
            "contains" => ("LIKE", text_literal(&format!("%{}%", value.raw))),
            "begins" => ("LIKE", text_literal(&format!("{}%", value.raw))),
            "ends" => ("LIKE", text_literal(&format!("%{}", value.raw))),
            sign => (sign, literal(value)?),
        };
        let sign = match (sign, negated) {
            ("=", true) => "!=",
            ("LIKE", true) => "NOT LIKE",
            (_, true) => return None,
            _ => sign,
        };
        scan.take(at);
        scan.take(next);
        return Some((format!("{column} {sign} {literal}"), next + 1));
    }
    // `city is Oslo`, `status "open"`: without a word between only a value that cannot be anything else.
    if !said_is && !negated && !matches!(token.shape, Shape::Quoted | Shape::Number(_) | Shape::Decimal) {
        return None;
    }
    let value = literal(token)?;
    scan.take(at);
    scan.take(next);
    Some((format!("{column} {} {value}", if negated { "!=" } else { "=" }), next + 1))
}

fn operator(token: &Token) -> Option<&'static str> {
    let text = token.text.to_ascii_lowercase();
    Some(match text.as_str() {
        ">" | "<" | ">=" | "<=" | "=" | "!=" => {
            return [">=", "<=", "!=", ">", "<", "="].into_iter().find(|sign| *sign == text);
        }
        "==" | "equals" | "equal" => "=",
        "<>" => "!=",
        "at least" | "no smaller than" | "not smaller than" => ">=",
        "at most" | "up to" | "no more than" | "not more than" | "no larger than" => "<=",
        "below" | "under" | "beneath" | "before" => "<",
        "after" => ">",
        "between" => "BETWEEN",
        "like" => "contains",
        _ => {
            let concept = token.concept?;
            if [c::LARGER, c::NEWER].contains(&concept) {
                ">"
            } else if [c::SMALLER, c::OLDER].contains(&concept) {
                "<"
            } else if concept == c::CONTAIN {
                "contains"
            } else if concept == c::BEGIN {
                "begins"
            } else if concept == c::END {
                "ends"
            } else {
                return None;
            }
        }
    })
}

/// A value as SQL has it.
pub(super) fn literal(token: &Token) -> Option<String> {
    match token.shape {
        Shape::Number(number) => Some(number.to_string()),
        Shape::Decimal => Some(token.raw.clone()),
        Shape::Quoted | Shape::Date | Shape::Host | Shape::Login | Shape::FileName => Some(text_literal(&token.raw)),
        Shape::Word if !matches!(token.class, Class::Stop | Class::Cue | Class::Weak) => Some(text_literal(&token.raw)),
        _ => None,
    }
}

fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
