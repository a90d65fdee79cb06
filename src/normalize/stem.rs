//! The part of a word that its forms share: `file` and `files`, `move` and `moving`.
//!
//! A stem is a key, not a word: `moving` and `move` both give `mov`. Shared with `build.rs`, so that patterns and questions
//! are cut the same way. A full Porter stemmer joins too much here (`organization` and `organ`).

/// The stem of a lower-case word.
pub(crate) fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    let base = strip_plural(word);
    let base = strip_ending(base, "ing").or_else(|| strip_ending(base, "ed")).unwrap_or(base);
    match base.strip_suffix('e') {
        Some(short) if short.len() > 2 => short,
        _ => base,
    }
}

fn strip_plural(word: &str) -> &str {
    for (plural, keep) in [("sses", 2), ("ches", 2), ("shes", 2), ("xes", 1), ("zes", 1)] {
        if word.ends_with(plural) {
            return &word[..word.len() - plural.len() + keep];
        }
    }
    // `directories` and `directory` meet without their last vowel.
    if let Some(base) = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied")).filter(|base| base.len() > 2) {
        return base;
    }
    if let Some(base) = word.strip_suffix('y').filter(|base| base.len() > 2 && !base.ends_with(['a', 'e', 'o', 'u'])) {
        return base;
    }
    match word.strip_suffix('s') {
        Some(base) if !base.ends_with(['s', 'u', 'i']) => base,
        _ => word,
    }
}

fn strip_ending<'w>(word: &'w str, ending: &str) -> Option<&'w str> {
    let base = word.strip_suffix(ending)?;
    if base.len() < 3 || !base.contains(['a', 'e', 'i', 'o', 'u']) {
        return None;
    }
    let bytes = base.as_bytes();
    let [.., before, last] = bytes else { return None };
    // `running` doubles the letter of `run`; `tell` and `pass` have two of their own.
    if before == last && !matches!(last, b'l' | b's' | b'e' | b'o') {
        return Some(&base[..base.len() - 1]);
    }
    Some(base)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for forms in [
            ["file", "files", "filed"],
            ["move", "moving", "moved"],
            ["run", "running", "runs"],
            ["directory", "directories", "directory"],
            ["process", "processes", "processing"],
            ["branch", "branches", "branched"],
            ["delete", "deleted", "deleting"],
            ["copy", "copies", "copied"],
        ] {
            assert_eq!(stem(forms[0]), stem(forms[1]), "{forms:?}");
            assert_eq!(stem(forms[0]), stem(forms[2]), "{forms:?}");
        }
        assert_eq!(stem("status"), "status");
        assert_eq!(stem("string"), "string");
        assert_ne!(stem("port"), stem("post"));
    }
}
