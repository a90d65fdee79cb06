//! What the eye cannot judge: the raw text, before anything is parsed.

use std::ops::Range;

use super::Risk;
use super::verdict::Verdict;

/// Looks at every character of the line.
pub(crate) fn judge(text: &str, verdict: &mut Verdict) {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b) || b == b'\t' || b == b'\n') {
        return;
    }
    let mut quote = None;
    for (at, c) in text.char_indices() {
        let span = at..at + c.len_utf8();
        match c {
            '\'' | '"' if quote == Some(c) => quote = None,
            '\'' | '"' if quote.is_none() => quote = Some(c),
            '\t' | '\n' => {}
            _ if c.is_ascii() && !c.is_control() => {}
            _ => character(c, span, quote.is_some(), verdict),
        }
    }
}

fn character(c: char, span: Range<usize>, quoted: bool, verdict: &mut Verdict) {
    // Control characters are refused rather than stripped: a stripped line would be a different command from the one reviewed.
    if c.is_control() {
        let message = match c {
            '\r' => "a carriage return: a terminal runs the line there, or hides what stands before it".to_owned(),
            '\u{1b}' => "an escape sequence, which a terminal obeys instead of showing".to_owned(),
            '\0' => "a NUL character".to_owned(),
            _ => format!("the control character U+{:04X}", u32::from(c)),
        };
        return verdict.report("text.control", Risk::Dangerous, span, message);
    }
    if is_hidden(c) {
        return verdict.report(
            "text.hidden",
            Risk::Dangerous,
            span,
            format!("the invisible character U+{:04X}: what is read is not what runs", u32::from(c)),
        );
    }
    if is_blank(c) {
        let risk = if quoted { Risk::Caution } else { Risk::Dangerous };
        return verdict.report(
            "text.lookalike",
            risk,
            span,
            format!("U+{:04X} looks like a space and is none", u32::from(c)),
        );
    }
    if looks_plain(c) && !(quoted && is_letter_of_a_script(c)) {
        verdict.report(
            "text.lookalike",
            Risk::Caution,
            span,
            format!("{c} (U+{:04X}) looks like a plain sign and is none", u32::from(c)),
        );
    }
}

const fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

const fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{2800}')
}

const fn is_letter_of_a_script(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}')
}

/// Full-width forms, typographic quotes and dashes, and the Cyrillic and Greek letters that are drawn like Latin ones.
const fn looks_plain(c: char) -> bool {
    matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{2015}' | '\u{2018}'..='\u{201f}' | '\u{2024}' | '\u{2044}' | '\u{2212}' | '\u{2215}' | '\u{2236}' | '\u{29f8}' | '\u{ff61}'
        | '\u{fe58}' | '\u{fe63}' | '\u{1d400}'..='\u{1d7ff}'
        | 'а' | 'е' | 'о' | 'р' | 'с' | 'у' | 'х' | 'і' | 'ј' | 'ѕ' | 'һ' | 'ԁ' | 'ԛ' | 'ԝ' | 'А' | 'В' | 'Е' | 'К' | 'М' | 'Н' | 'О' | 'Р' | 'С' | 'Т' | 'Х'
        | 'ο' | 'α' | 'ν' | 'ι' | 'κ' | 'Α' | 'Β' | 'Ε' | 'Ζ' | 'Η' | 'Ι' | 'Κ' | 'Μ' | 'Ν' | 'Ο' | 'Ρ' | 'Τ' | 'Υ' | 'Χ')
}
