//! Secrets that look like secrets wherever they stand.

use std::ops::Range;

use super::run;

/// How the tokens of well-known issuers begin, and how many characters come after that at least.
const PREFIXES: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("glsa_", 20),
    ("sk-", 20),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("rk_live_", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("npm_", 20),
    ("pypi-", 20),
    ("hf_", 20),
    ("AIza", 30),
    ("ya29.", 20),
    ("dop_v1_", 20),
    ("dckr_pat_", 16),
    ("SG.", 20),
    ("hvs.", 20),
    ("shpat_", 20),
    ("lin_api_", 20),
    ("tskey-", 16),
    ("AGE-SECRET-KEY-", 20),
    ("eyJ", 30),
];

// From this many characters on, chance has left its mark on a word.
const LONG: usize = 24;
// Letters and digits take turns more often than in any name with a year and a number in it.
const TURNS: usize = 4;

/// Tokens by how they begin.
pub(super) fn prefixed(text: &str, spans: &mut Vec<Range<usize>>) {
    for (prefix, least) in PREFIXES {
        for (start, _) in text.match_indices(prefix) {
            if text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let mut token = run(text, start, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
            token.end -= text[token.clone()].len() - text[token.clone()].trim_end_matches('.').len();
            let rest = text[token.clone()].strip_prefix(prefix).unwrap_or_default();
            // A name may begin like that (`sk-learn`); a token has digits.
            if rest.len() >= *least && rest.contains(|c: char| c.is_ascii_digit()) {
                spans.push(token);
            }
        }
    }
}

/// Private keys in PEM, whole or cut off.
pub(super) fn private_keys(text: &str, spans: &mut Vec<Range<usize>>) {
    for (start, begin) in text.match_indices("-----BEGIN ") {
        let Some(end_of_name) = text[start + begin.len()..].find("-----") else { continue };
        let name = &text[start + begin.len()..][..end_of_name];
        if !name.ends_with("PRIVATE KEY") && !name.ends_with("PRIVATE KEY BLOCK") {
            continue;
        }
        let end = format!("-----END {name}-----");
        spans.push(start..text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()));
    }
}

/// Long words that only chance writes.
pub(super) fn random(text: &str, spans: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < text.len() {
        let word = run(text, at, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'));
        if word.is_empty() {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        at = word.end;
        if is_random(&text[word.clone()]) {
            spans.push(word);
        }
    }
}

/// Hexadecimal digits alone are the names of commits, images and files by their content far more often than keys.
fn is_random(word: &str) -> bool {
    let has = |is: fn(&char) -> bool| word.chars().any(|c| is(&c));
    if word.len() < LONG || !has(char::is_ascii_uppercase) || !has(char::is_ascii_lowercase) {
        return false;
    }
    let letters_and_digits: Vec<bool> =
        word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.is_ascii_digit()).collect();
    letters_and_digits.windows(2).filter(|pair| pair[0] != pair[1]).count() >= TURNS
}
