//! Splits a folded text into words and values and says what each looks like.

use super::quantity;
use super::token::{Shape, Token};

/// The tokens of one folded text. Bare punctuation is dropped.
pub(super) fn scan(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    let mut pause = false;
    while let Some(first) = rest.chars().next() {
        if let Some((content, length)) = quoted(rest) {
            if !content.trim().is_empty() {
                let mut token = Token::new(content, Shape::Quoted);
                rest[..length].clone_into(&mut token.text);
                token.pause = std::mem::take(&mut pause);
                tokens.push(token);
            }
            rest = rest[length..].trim_start();
            continue;
        }
        // `(3 + 4) * 2`: parentheses around a calculation mean something.
        if let Some(length) = calculation(rest) {
            tokens.push(Token::new(&rest[..length], Shape::Symbol));
            rest = rest[length..].trim_start();
            continue;
        }
        if let Some(length) = json(rest) {
            let mut token = Token::new(&rest[..length], Shape::Quoted);
            rest[..length].clone_into(&mut token.text);
            tokens.push(token);
            rest = rest[length..].trim_start();
            continue;
        }
        if let Some((word, length)) = assignment(rest) {
            let mut token = Token::new(&word, Shape::Word);
            rest[..length].clone_into(&mut token.text);
            tokens.push(token);
            rest = rest[length..].trim_start();
            continue;
        }
        // `replace every ; with ,`: a mark on its own where a text is due.
        if matches!(first, ',' | ';' | ':' | '!' | '?') && is_meant(rest, &tokens) {
            tokens.push(Token::new(&rest[..1], Shape::Symbol));
            rest = rest[1..].trim_start();
            continue;
        }
        // An opening mark without its closing one, or a mark that stands before a word.
        if closing(first).is_some() || matches!(first, '(' | ',' | ';' | '!' | ':' | '?' | ')' | '”' | '’' | '»') {
            pause |= matches!(first, ',' | ';') && !tokens.is_empty();
            rest = rest[first.len_utf8()..].trim_start();
            continue;
        }
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = trim(&rest[..length]);
        if !word.is_empty() {
            let words = alternatives(word).map_or_else(|| vec![word], Iterator::collect);
            for word in words {
                // `rename a.txt -> b.txt`
                let word = if matches!(word, "->" | "=>" | "→") { "to" } else { word };
                let mut token = Token::new(word, shape(word));
                token.pause = std::mem::take(&mut pause);
                tokens.push(token);
            }
        }
        // `what's` asks like `what is`.
        if ["what", "who", "where", "how"].iter().any(|asks| word.eq_ignore_ascii_case(asks))
            && rest[word.len()..].starts_with(['\'', '’'])
        {
            tokens.push(Token::new("is", Shape::Word));
        }
        pause |= rest[..length].ends_with([',', ';']) && !tokens.is_empty();
        rest = rest[length..].trim_start();
    }
    tokens
}

// A mark with blanks around it, behind a word that wants a text.
fn is_meant(text: &str, tokens: &[Token]) -> bool {
    const WANTING: [&str; 14] = [
        "with",
        "by",
        "every",
        "each",
        "replace",
        "to",
        "into",
        "delimiter",
        "separator",
        "after",
        "before",
        "append",
        "put",
        "add",
    ];
    let alone = text.len() == 1 || text[1..].starts_with(' ');
    alone && tokens.last().is_some_and(|last| WANTING.contains(&last.text.to_ascii_lowercase().as_str()))
}

fn calculation(text: &str) -> Option<usize> {
    let length = text.strip_prefix('(')?.find(')')? + 2;
    let inside = &text[1..length - 1];
    let is_math = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ') || "+-*/%^".contains(c);
    let operated = inside.trim_start_matches('-').contains(['+', '-', '*', '/', '%', '^']);
    (operated && inside.chars().all(is_math) && inside.contains(|c: char| c.is_ascii_digit())).then_some(length)
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '"' | '\'' | '`' => open,
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    })
}

// The content of a quoted string at the start of the text, and the length with its marks. A closing mark ends a word, which
// is what tells it from the apostrophe in `'don't do it'`.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let open = text.chars().next()?;
    let close = closing(open)?;
    let inside = &text[open.len_utf8()..];
    let (at, _) = inside.char_indices().find(|&(at, character)| {
        character == close
            && at > 0
            && inside[at + close.len_utf8()..]
                .chars()
                .next()
                .is_none_or(|next| next.is_whitespace() || matches!(next, '.' | ',' | ';' | ':' | '!' | '?' | ')'))
    })?;
    Some((&inside[..at], open.len_utf8() + at + close.len_utf8()))
}

// The length of a JSON object or list of texts at the start: its spaces and marks are its own.
fn json(text: &str) -> Option<usize> {
    let inside = text.strip_prefix(['{', '['])?.trim_start();
    if !inside.starts_with(['"', '{', '}']) {
        return None;
    }
    let mut depth = 0_u32;
    let mut in_string = false;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

// `NAME="some value"`: the word without its marks, and its length with them.
fn assignment(text: &str) -> Option<(String, usize)> {
    let name = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|end| *end > 0)?;
    let rest = text[name..].strip_prefix('=')?;
    let (content, length) = quoted(rest)?;
    Some((format!("{}={content}", &text[..name]), name + 1 + length))
}

// Takes off what belongs to the sentence: final punctuation, the possessive, a contracted verb.
fn trim(word: &str) -> &str {
    let mut word = word;
    loop {
        let before = word;
        word = word.trim_end_matches([',', ';', '!', '"', '\'', '`', '”', '’', '»', '…']);
        if !word.contains('(') {
            word = word.trim_end_matches(')');
        }
        if !word.contains(['*', '[']) {
            word = word.trim_end_matches('?');
        }
        if word.len() > 1 && !word.chars().all(|c| matches!(c, ':' | '.')) && !is_drive(word) {
            word = word.trim_end_matches(':');
        }
        // `.` and `..` are folders, `dir/.` a path; `dir/..` too.
        if word.len() > 1
            && !word.trim_end_matches('.').is_empty()
            && !word.trim_end_matches('.').ends_with(['/', '\\', '~'])
        {
            word = word.trim_end_matches('.');
        }
        for ending in ["'s", "’s", "'m", "'ll", "'re", "'ve", "'d"] {
            if let Some(owner) = word.strip_suffix(ending).filter(|owner| owner.chars().all(char::is_alphanumeric)) {
                word = owner;
            }
        }
        if word == before {
            return word;
        }
    }
}

fn is_drive(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && characters.next() == Some(':')
        && characters.next().is_none()
}

fn shape(word: &str) -> Shape {
    quantity::shape(word).unwrap_or_else(|| text_shape(word))
}

fn text_shape(word: &str) -> Shape {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'' | '’');
    if word.starts_with('-') || !word.chars().any(|c| c.is_alphanumeric() || matches!(c, '/' | '*' | '~' | '.')) {
        return Shape::Symbol;
    }
    if word.chars().all(plain) {
        return Shape::Word;
    }
    if word.contains("://") || word.starts_with("www.") {
        return Shape::Url;
    }
    if is_mode(word) {
        return Shape::Mode;
    }
    if is_ip(word) {
        return Shape::Ip;
    }
    if word.contains(['*', '[']) {
        return Shape::Glob;
    }
    if let Some((user, host)) = word.split_once('@')
        && !user.is_empty()
        && !host.is_empty()
        && !user.contains('/')
    {
        return Shape::Login;
    }
    if is_extension(word) {
        return Shape::Extension;
    }
    if is_path(word) {
        return Shape::Path;
    }
    dotted_shape(word)
}

fn is_mode(word: &str) -> bool {
    let Some((who, what)) = word.split_once(['+', '=']).or_else(|| word.split_once('-')) else { return false };
    who.chars().all(|c| "ugoa".contains(c)) && !what.is_empty() && what.chars().all(|c| "rwxXst".contains(c))
}

fn is_ip(word: &str) -> bool {
    let address = word.split(['/', ':']).next().unwrap_or_default();
    let mut parts = 0;
    address.split('.').all(|part| {
        parts += 1;
        part.parse::<u8>().is_ok()
    }) && parts == 4
}

fn is_extension(word: &str) -> bool {
    word.strip_prefix('.').is_some_and(|name| {
        (1..=5).contains(&name.len())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && name.chars().any(|c| c.is_ascii_alphabetic())
    })
}

fn is_path(word: &str) -> bool {
    // Two words with a slash between them are an alternative, not a path.
    const ALTERNATIVES: [&str; 8] =
        ["and/or", "tcp/udp", "udp/tcp", "read/write", "his/her", "input/output", "on/off", "w/o"];
    if ALTERNATIVES.iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return false;
    }
    word.contains(['/', '\\']) || word.starts_with(['~', '.']) || is_drive(word)
}

// `files/directories`, `normal/regular`: words that may stand for one another, not a path.
fn alternatives(word: &str) -> Option<std::str::Split<'_, char>> {
    const WORDS: [&str; 29] = [
        "accessed",
        "changed",
        "created",
        "dir",
        "directories",
        "directory",
        "dirs",
        "file",
        "files",
        "folder",
        "folders",
        "link",
        "links",
        "modified",
        "name",
        "names",
        "normal",
        "ordinary",
        "regular",
        "subdirectories",
        "subdirectory",
        "subdirs",
        "subfolder",
        "subfolders",
        "symlink",
        "symlinks",
        "owner",
        "group",
        "updated",
    ];
    let known = |word: &str| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known));
    (word.contains('/') && word.split('/').all(known)).then(|| word.split('/'))
}

fn dotted_shape(word: &str) -> Shape {
    const DOMAINS: [&str; 29] = [
        "com",
        "org",
        "net",
        "edu",
        "gov",
        "io",
        "dev",
        "local",
        "info",
        "localhost",
        "test",
        "example",
        "co",
        "de",
        "fr",
        "uk",
        "eu",
        "nl",
        "us",
        "ca",
        "au",
        "jp",
        "cloud",
        "internal",
        "lan",
        "home",
        "corp",
        "xyz",
        "invalid",
    ];
    let Some((stem, ending)) = word.rsplit_once('.') else { return Shape::Word };
    let name = |c: char| c.is_alphanumeric() || "-_+@%.,=#".contains(c);
    if stem.is_empty() || ending.is_empty() || !ending.chars().all(char::is_alphanumeric) || !stem.chars().all(name) {
        return Shape::Word;
    }
    if DOMAINS.iter().any(|domain| ending.eq_ignore_ascii_case(domain)) && !stem.contains(['_', '+', '%', ',']) {
        return Shape::Host;
    }
    Shape::FileName
}
