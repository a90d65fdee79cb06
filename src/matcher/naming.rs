//! What words may be names of: keys of records and settings.

use crate::normalize::{Class, Concept, Token, concept as c};

/// True for a word that may name a key: any that has no part in the grammar of a question.
pub(super) fn may_be_key(token: &Token) -> bool {
    const NEVER: [Concept; 14] = [
        c::ALL,
        c::CHARACTER,
        c::COLUMN,
        c::CONTENTS,
        c::COUNT,
        c::DIFFERENCE,
        c::DUPLICATE,
        c::FILE,
        c::FIND,
        c::FIRST,
        c::LAST,
        c::LINE,
        c::UNIQUE,
        c::WORD,
    ];
    const GRAMMAR: [&str; 16] = [
        "json",
        "yaml",
        "xml",
        "toml",
        "array",
        "attribute",
        "attributes",
        "element",
        "elements",
        "key",
        "keys",
        "records",
        "value",
        "values",
        "everything",
        "paths",
    ];
    token.class > Class::Cue
        && !token.text.contains(' ')
        && !token.concept.is_some_and(|concept| NEVER.contains(&concept))
        && !GRAMMAR.contains(&token.text.to_ascii_lowercase().as_str())
}
