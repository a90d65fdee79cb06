//! The patterns of a shell, matched against what is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::walk::{Meter, absolute};

/// What the shell would put in place of the pattern; `None` when that cannot be told.
pub(super) fn expand(pattern: &str, deep: bool, home: Option<&Path>, meter: &mut Meter<'_>) -> Option<Vec<PathBuf>> {
    // Up to the first part with a wildcard it is a path like any other.
    let mut parts = pattern.split('/').peekable();
    let mut start = String::new();
    while let Some(part) = parts.next_if(|part| !has_wildcard(part)) {
        start.push_str(&literal(part));
        start.push('/');
    }
    let mut found = vec![absolute(&start, home)?];
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        found = match part {
            "" if last => found.into_iter().filter(|path| is_folder(path)).collect(),
            "" => found,
            "**" if deep => found.into_iter().flat_map(|folder| with_subfolders(folder, meter)).collect(),
            _ if !has_wildcard(part) => {
                let name = literal(part);
                found
                    .into_iter()
                    .map(|folder| folder.join(&name))
                    .filter(|path| fs::symlink_metadata(path).is_ok())
                    .collect()
            }
            _ => found.iter().flat_map(|folder| matching(folder, part, meter)).collect(),
        };
    }
    Some(found)
}

fn matching(folder: &Path, pattern: &str, meter: &mut Meter<'_>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !meter.take() {
            break;
        }
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // Hidden files are only meant where the pattern begins with a dot.
        if (pattern.starts_with('.') || !name.starts_with('.')) && matches(pattern, &name, false) {
            found.push(entry.path());
        }
    }
    found
}

/// The folder and all below it that are not hidden.
fn with_subfolders(folder: PathBuf, meter: &mut Meter<'_>) -> Vec<PathBuf> {
    let mut found = vec![folder];
    let mut at = 0;
    while let Some(folder) = found.get(at).cloned() {
        at += 1;
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if !meter.take() {
                return found;
            }
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if !hidden && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                found.push(entry.path());
            }
        }
    }
    found
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir())
}

fn has_wildcard(part: &str) -> bool {
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

fn literal(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}

/// Whether a pattern with `*`, `?`, `[…]` and `\` stands for all of a text.
pub(super) fn matches(pattern: &str, text: &str, any_case: bool) -> bool {
    let fold = |text: &str| -> Vec<char> {
        if any_case { text.to_lowercase().chars().collect() } else { text.chars().collect() }
    };
    let (pattern, text) = (fold(pattern), fold(text));
    let (mut p, mut t) = (0, 0);
    // Where to go on when what follows the last `*` does not fit: the star takes one character more.
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        let next = match pattern.get(p) {
            Some('*') => {
                p += 1;
                back = Some((p, t));
                continue;
            }
            Some('?') => Some(p + 1),
            Some('[') => class(&pattern, p, text[t]),
            Some('\\') if pattern.get(p + 1) == Some(&text[t]) => Some(p + 2),
            Some(c) if *c != '\\' && *c == text[t] => Some(p + 1),
            _ => None,
        };
        match (next, &mut back) {
            (Some(next), _) => {
                p = next;
                t += 1;
            }
            (None, Some((after, from))) => {
                *from += 1;
                (p, t) = (*after, *from);
            }
            (None, None) => return false,
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The place after a `[…]` that has `c` in it. Without an end, `[` is itself.
fn class(pattern: &[char], open: usize, c: char) -> Option<usize> {
    let negated = matches!(pattern.get(open + 1), Some('!' | '^'));
    let first = open + 1 + usize::from(negated);
    // A bracket that comes first is one of the characters.
    let Some(length) = pattern.get(first + 1..).and_then(|rest| rest.iter().position(|c| *c == ']')) else {
        return (c == '[').then_some(open + 1);
    };
    let close = first + 1 + length;
    let set = &pattern[first..close];
    let named: String = set.iter().collect();
    let in_class = named.contains("[:digit:") && c.is_ascii_digit()
        || named.contains("[:alpha:") && c.is_alphabetic()
        || named.contains("[:alnum:") && c.is_alphanumeric()
        || named.contains("[:upper:") && c.is_uppercase()
        || named.contains("[:lower:") && c.is_lowercase()
        || named.contains("[:space:") && c.is_whitespace();
    let close = if named.starts_with("[:") && pattern.get(close + 1) == Some(&']') { close + 1 } else { close };
    let listed = !named.starts_with("[:")
        && (set.contains(&c) || set.windows(3).any(|range| range[1] == '-' && (range[0]..=range[2]).contains(&c)));
    ((in_class || listed) != negated).then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, text, expected) in [
            ("*.log", "a.log", true),
            ("*.log", "a.log.1", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("[", "[", true),
            ("a\\*b", "a*b", true),
            ("a\\*b", "axb", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxa", false),
            ("[[:digit:]]x", "7x", true),
            ("[[:digit:]]x", "ax", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text, false), expected, "{pattern:?} {text:?}");
        }
        assert!(matches("*.JPG", "a.jpg", true));
    }

    #[test]
    fn many_stars_are_no_trap() {
        let began = std::time::Instant::now();
        assert!(!matches(&("*a".repeat(40) + "b"), &"a".repeat(255), false));
        assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    }
}
