//! The names people give to characters: `a semicolon`, `question mark`.

/// The character that a word or two name.
pub(super) fn named(words: &str) -> Option<&'static str> {
    Some(match words {
        "comma" | "commas" => ",",
        "semicolon" | "semicolons" => ";",
        "colon" | "colons" => ":",
        "hash" | "hashes" | "hashtag" | "hash sign" | "pound sign" => "#",
        "dash" | "dashes" | "hyphen" | "hyphens" | "minus" => "-",
        "dot" | "dots" | "period" | "periods" | "full stop" => ".",
        "asterisk" | "asterisks" | "star" | "stars" => "*",
        "space" | "spaces" | "blank" | "blanks" => " ",
        "tab" | "tabs" => "\t",
        "pipe" | "pipes" => "|",
        "slash" | "slashes" | "forward slash" => "/",
        "backslash" | "backslashes" => "\\",
        "underscore" | "underscores" => "_",
        "tilde" | "tildes" => "~",
        "ampersand" | "ampersands" => "&",
        "plus" | "plus sign" => "+",
        "apostrophe" | "single quote" => "'",
        "double quote" | "quotation mark" => "\"",
        "equals sign" | "equal sign" => "=",
        "exclamation mark" | "exclamation point" => "!",
        "question mark" | "question marks" => "?",
        "at sign" => "@",
        "dollar sign" => "$",
        "percent sign" => "%",
        _ => return None,
    })
}

/// True when the name means nothing else: a `star` may be one of the sky, a `semicolon` never is.
pub(super) fn is_plain(words: &str) -> bool {
    !matches!(
        words,
        "dash"
            | "dot"
            | "dots"
            | "period"
            | "periods"
            | "star"
            | "stars"
            | "hash"
            | "hashes"
            | "space"
            | "spaces"
            | "blank"
            | "blanks"
            | "tab"
            | "tabs"
            | "pipe"
            | "pipes"
            | "slash"
            | "slashes"
            | "plus"
            | "minus"
    )
}
