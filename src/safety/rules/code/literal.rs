//! The strings in a piece of code, whatever its language: what it would hand to a shell, which paths it names, what it prints.

/// A string and where its quotes stand.
struct Literal {
    text: String,
    start: usize,
    end: usize,
}

/// Strings one after the other; more are not read.
const MOST: usize = 64;

fn literals(code: &str) -> Vec<Literal> {
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST {
        let (close, start) = match bytes[at] {
            quote @ (b'"' | b'\'' | b'`') => (quote, at + 1),
            // Perl's and Ruby's own: qx{…}, q(…), %x(…), <*.log>.
            b'q' | b'%' if at == 0 || !bytes[at - 1].is_ascii_alphanumeric() => {
                let Some((length, close)) = operator(&bytes[at..]) else {
                    at += 1;
                    continue;
                };
                (close, at + length)
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let (text, end) = until(code, start, close);
        found.push(Literal { text, start: at, end });
        at = end;
    }
    found
}

/// The length of `qx{`, `%x(` and their like, and what closes them.
fn operator(rest: &[u8]) -> Option<(usize, u8)> {
    let length = match rest {
        [b'q', b'x' | b'q' | b'w', open, ..] | [b'%', b'x' | b'q' | b'Q' | b'w', open, ..]
            if !open.is_ascii_alphanumeric() =>
        {
            3
        }
        [b'q', b'{' | b'(' | b'[' | b'/', ..] => 2,
        _ => return None,
    };
    let close = match rest[length - 1] {
        b'{' => b'}',
        b'(' => b')',
        b'[' => b']',
        b'<' => b'>',
        b' ' | b'=' | b';' | b',' | b')' => return None,
        same => same,
    };
    Some((length, close))
}

fn until(code: &str, start: usize, close: u8) -> (String, usize) {
    let mut text = String::new();
    let mut chars = code[start..].char_indices();
    while let Some((at, c)) = chars.next() {
        if c == char::from(close) {
            return (text, start + at + 1);
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some((_, 'n')) => text.push('\n'),
            Some((_, 't')) => text.push('\t'),
            Some((_, escaped)) => text.push(escaped),
            None => {}
        }
    }
    (text, code.len())
}

/// What the code may hand to a shell: each string, strings put together, and lists of strings as the words of a command.
pub(crate) fn commands(code: &str) -> Vec<String> {
    let found = literals(code);
    let mut out = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let mut joined = found[at].text.clone();
        let mut words = Vec::new();
        while let Some(next) = found.get(at + 1) {
            let between = code.get(found[at].end..next.start).unwrap_or_default().trim();
            if matches!(between, "" | "+" | "." | ".." | "<>" | "&") {
                joined.push_str(&next.text);
            } else if between.chars().all(|c| matches!(c, ',' | '[' | ']' | '(' | ')' | '{' | '}' | ' ')) {
                words.push(std::mem::replace(&mut joined, next.text.clone()));
            } else {
                break;
            }
            at += 1;
        }
        words.push(joined);
        out.push(
            words
                .iter()
                .fold(String::new(), |line, word| if line.is_empty() { word.clone() } else { line + " " + word }),
        );
        at += 1;
    }
    out
}

/// The paths the code names, the home folder as `~`.
pub(crate) fn paths(code: &str) -> Vec<String> {
    let home = [
        "Path.home()",
        "Dir.home",
        "homedir()",
        "ENV['HOME']",
        "ENV[\"HOME\"]",
        "environ['HOME']",
        "environ[\"HOME\"]",
        "env.HOME",
        "$ENV{HOME}",
        "getenv('HOME')",
        "getenv(\"HOME\")",
        "System.user_home",
    ];
    let mut out: Vec<String> = literals(code)
        .into_iter()
        .map(|literal| literal.text.trim_start_matches(['>', '<', '+', ' ']).to_owned())
        .filter(|text| text.starts_with(['/', '~']) || text.get(1..2) == Some(":"))
        .collect();
    if home.iter().any(|word| code.contains(word)) && !code.contains("join") && !code.contains(" / ") {
        out.push("~".to_owned());
    }
    out
}

/// What the code prints, when that is all it does.
pub(crate) fn printed(code: &str) -> Option<String> {
    let code = code.trim().trim_end_matches(';').trim_end();
    let rest = ["console.log", "print", "puts", "echo", "say", "io.write", "p"]
        .iter()
        .find_map(|word| code.strip_prefix(word).filter(|rest| rest.starts_with([' ', '(', '"', '\''])))?;
    let inside = rest.trim_start().strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest).trim();
    match literals(inside).as_slice() {
        [only] if only.start == 0 && only.end == inside.len() && !inside.starts_with('`') => Some(only.text.clone()),
        _ => None,
    }
}
