//! What somebody typed into a search field -> a search.
//!
//! Invariant: no text is a mistake. Nothing of it reaches the query language but letters and digits between quotes.

/// How entries are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Search {
    /// All of them.
    All,
    /// Those with words that begin like these, as the index wants it.
    Words(String),
    /// Those with this in them: it has no word (`|`).
    Part(String),
}

impl Search {
    pub(super) fn of(text: &str) -> Self {
        let words: Vec<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\"*"))
            .collect();
        match text.trim() {
            "" => Self::All,
            part if words.is_empty() => Self::Part(part.to_owned()),
            _ => Self::Words(words.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_reach_the_query_language() {
        for (text, search) in [
            ("", Search::All),
            (" \t", Search::All),
            ("Docker ps", Search::Words("\"Docker\"* \"ps\"*".into())),
            ("a\" OR b:*", Search::Words("\"a\"* \"OR\"* \"b\"*".into())),
            ("-size", Search::Words("\"size\"*".into())),
            ("||", Search::Part("||".into())),
            ("\"", Search::Part("\"".into())),
        ] {
            assert_eq!(Search::of(text), search, "{text}");
        }
    }
}
