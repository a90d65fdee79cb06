//! Writes a text as one word of a shell: [`quote`] and, for paths, [`quote_path`].
//!
//! Invariant: as an argument, the word reads back as exactly the text, whatever the text is, on a single line. The one
//! exception is a character the shell cannot write at all (NUL anywhere, every control character in `cmd`): it becomes
//! U+FFFD, and [`is_representable`] says so beforehand. Readability comes second: a text that needs no quotes gets none.
//!
//! Not here: whether the word is a good idea. A text that begins with `-` stays one; only [`quote_path`] protects it.

use std::borrow::Cow;
use std::fmt::Write;

use super::Shell;

const UNWRITABLE: char = '\u{fffd}';

/// One word of `shell` which reads back as exactly `text`.
#[must_use]
pub fn quote(shell: Shell, text: &str) -> Cow<'_, str> {
    if is_plain(shell, text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(match shell {
        Shell::Bash | Shell::Zsh => posix(text),
        Shell::Fish => fish(text),
        Shell::PowerShell => powershell(text),
        Shell::Cmd => cmd(text),
    })
}

/// Like [`quote`], for a path: a leading `~/` still stands for the home folder, a leading `-` becomes `./-`.
#[must_use]
pub fn quote_path(shell: Shell, path: &str) -> Cow<'_, str> {
    let separator = if matches!(shell, Shell::PowerShell | Shell::Cmd) { '\\' } else { '/' };
    if path.starts_with('-') {
        return Cow::Owned(quote(shell, &format!(".{separator}{path}")).into_owned());
    }
    let Some(rest) = path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(['/', separator])) else {
        return quote(shell, path);
    };
    let below = rest.get(1..).unwrap_or_default();
    match shell {
        // cmd knows no tilde; the variable is the same folder.
        Shell::Cmd if below.is_empty() => Cow::Borrowed("\"%USERPROFILE%\""),
        Shell::Cmd => Cow::Owned(format!("\"%USERPROFILE%\"\\{}", quote(shell, below))),
        _ if below.is_empty() => Cow::Borrowed(path),
        _ => Cow::Owned(format!("~{}{}", &rest[..1], quote(shell, below))),
    }
}

/// Whether `shell` can write `text` at all.
pub fn is_representable(shell: Shell, text: &str) -> bool {
    match shell {
        Shell::Cmd => !text.contains(char::is_control),
        _ => !text.contains('\0'),
    }
}

/// Whether the text means itself without any quotes.
fn is_plain(shell: Shell, text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    // Letters beyond ASCII are plain everywhere; other characters there are not: PowerShell reads typographic quotes,
    // dashes and spaces as its own.
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | '-' | '.' | '/')
            || match shell {
                Shell::Bash | Shell::Zsh | Shell::Fish => matches!(c, '@' | '%' | '+' | ':' | ',' | '=' | '~'),
                Shell::PowerShell => matches!(c, ':' | '\\' | '+'),
                Shell::Cmd => matches!(c, ':' | '\\' | '+' | '@'),
            }
    };
    if !text.chars().all(plain) {
        return false;
    }
    match shell {
        // A tilde opens a word or a path in a list; `=` would make an assignment of a first word, and zsh expands `=ls`.
        Shell::Bash | Shell::Zsh | Shell::Fish => {
            !matches!(first, '~' | '%' | '=')
                && !text.contains(":~")
                && !text.contains("=~")
                && (first == '-' || !text.contains('='))
        }
        // A bare word that looks like a number becomes one: `1kb` is 1024 and `007` is 7.
        Shell::PowerShell => match first {
            '0'..='9' => text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || first != '0'),
            '.' | '+' => !text[1..].starts_with(|c: char| c.is_ascii_digit() || c == '.') || text.starts_with(".."),
            '-' => text.chars().nth(1).is_some_and(char::is_alphabetic) && !text.contains([':', '.']),
            _ => true,
        },
        // `/` is the switch character: as the first one it has to stay visible as text.
        Shell::Cmd => true,
    }
}

fn posix(text: &str) -> String {
    if text.contains(char::is_control) {
        let mut word = String::from("$'");
        for c in text.chars() {
            match c {
                '\0' => word.push(UNWRITABLE),
                '\n' => word.push_str("\\n"),
                '\r' => word.push_str("\\r"),
                '\t' => word.push_str("\\t"),
                '\'' | '\\' => word.extend(['\\', c]),
                // Three octal digits end by themselves; a hex escape would swallow a digit that follows it in zsh.
                _ if c.is_control() => octal(&mut word, c),
                _ => word.push(c),
            }
        }
        word.push('\'');
        return word;
    }
    // Inside double quotes an interactive bash still expands `!`.
    if text.contains('\'') && !text.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn octal(word: &mut String, c: char) {
    let mut bytes = [0; 4];
    for byte in c.encode_utf8(&mut bytes).bytes() {
        // Writing to a string cannot fail.
        let _ = write!(word, "\\{byte:03o}");
    }
}

fn fish(text: &str) -> String {
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        let written = if c == '\0' { UNWRITABLE } else { c };
        // fish reads escapes such as \n only outside quotes.
        if written.is_control() == quoted {
            word.push('\'');
            quoted = !quoted;
        }
        match written {
            '\'' | '\\' => word.extend(['\\', written]),
            _ if written.is_control() => {
                let mut bytes = [0; 4];
                for byte in written.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(word, "\\X{byte:02x}");
                }
            }
            _ => word.push(written),
        }
    }
    if quoted {
        word.push('\'');
    }
    if word.is_empty() { "''".to_owned() } else { word }
}

fn powershell(text: &str) -> String {
    if !text.contains(char::is_control) {
        let mut word = String::from("'");
        for c in text.chars() {
            // Typographic single quotes end a string just as the straight one does.
            if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
                word.push(c);
            }
            word.push(c);
        }
        word.push('\'');
        return word;
    }
    let mut word = String::from("\"");
    for c in text.chars() {
        match c {
            '\0' => word.push(UNWRITABLE),
            '\n' => word.push_str("`n"),
            '\r' => word.push_str("`r"),
            '\t' => word.push_str("`t"),
            '"' | '`' | '$' | '\u{201c}'..='\u{201e}' => word.extend(['`', c]),
            _ if c.is_control() => {
                let _ = write!(word, "$([char]{})", u32::from(c));
            }
            _ => word.push(c),
        }
    }
    word.push('"');
    word
}

/// For a program that splits its command line like the C run-time of Windows does, as nearly all do.
fn cmd(text: &str) -> String {
    let mut word = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        let written = if c.is_control() { UNWRITABLE } else { c };
        match written {
            '\\' => backslashes += 1,
            '"' => {
                word.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        word.push(written);
    }
    word.extend(std::iter::repeat_n('\\', backslashes));
    word.push('"');
    if !text.contains(['"', '%', '!']) {
        return word;
    }
    // A quote inside would end cmd's own quoting and `%NAME%` expands even within it. With a caret before each character that
    // means something, cmd never starts quoting, and the variable it would look for is `NAME^`, which nobody has.
    let mut escaped = String::with_capacity(word.len() * 2);
    for c in word.chars() {
        if matches!(c, '"' | '%' | '!' | '^' | '&' | '|' | '<' | '>' | '(' | ')') {
            escaped.push('^');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use brush_parser::ParserOptions;
    use brush_parser::word::{self, WordPiece, WordPieceWithSource};
    use proptest::prelude::*;
    use proptest::strategy::ValueTree;

    use super::*;

    #[test]
    fn words_stay_readable() {
        let rows = [
            (Shell::Bash, "src/main.rs", "src/main.rs"),
            (Shell::Bash, "", "''"),
            (Shell::Bash, "a b", "'a b'"),
            (Shell::Bash, "*.log", "'*.log'"),
            (Shell::Bash, "don't", "\"don't\""),
            (Shell::Bash, "don't $PAY", "'don'\\''t $PAY'"),
            (Shell::Bash, "a\nb", "$'a\\nb'"),
            (Shell::Bash, "~", "'~'"),
            (Shell::Bash, "--size=+1M", "--size=+1M"),
            (Shell::Bash, "PATH=x", "'PATH=x'"),
            (Shell::Zsh, "=ls", "'=ls'"),
            (Shell::Fish, "it's\n", "'it\\'s'\\X0a"),
            (Shell::PowerShell, "C:\\Users\\me", "C:\\Users\\me"),
            (Shell::PowerShell, "1kb", "'1kb'"),
            (Shell::PowerShell, "it's", "'it''s'"),
            (Shell::PowerShell, "a\u{2019}b", "'a\u{2019}\u{2019}b'"),
            (Shell::PowerShell, "$x\n", "\"`$x`n\""),
            (Shell::Cmd, "Program Files", "\"Program Files\""),
            (Shell::Cmd, "a & b\\", "\"a & b\\\\\""),
            (Shell::Cmd, "100%", "^\"100^%^\""),
            (Shell::Cmd, "say \"x\" & y", "^\"say \\^\"x\\^\" ^& y^\""),
        ];
        for (shell, text, word) in rows {
            assert_eq!(quote(shell, text), word, "{shell:?} {text:?}");
        }
    }

    #[test]
    fn paths_keep_the_home_folder_and_are_never_flags() {
        let rows = [
            (Shell::Bash, "~/my notes", "~/'my notes'"),
            (Shell::Bash, "~", "~"),
            (Shell::Bash, "~root/x", "'~root/x'"),
            (Shell::Bash, "-rf", "./-rf"),
            (Shell::Bash, "- x", "'./- x'"),
            (Shell::Fish, "~/x", "~/x"),
            (Shell::PowerShell, "~/a b", "~/'a b'"),
            (Shell::Cmd, "~\\a b", "\"%USERPROFILE%\"\\\"a b\""),
            (Shell::Cmd, "-x", ".\\-x"),
        ];
        for (shell, path, word) in rows {
            assert_eq!(quote_path(shell, path), word, "{shell:?} {path:?}");
        }
    }

    fn read_back(pieces: &[WordPieceWithSource], out: &mut String) {
        for piece in pieces {
            match &piece.piece {
                WordPiece::Text(text) | WordPiece::SingleQuotedText(text) => out.push_str(text),
                WordPiece::EscapeSequence(text) => out.push_str(&text[1..]),
                WordPiece::AnsiCQuotedText(text) => out.push_str(&ansi_c(text)),
                WordPiece::DoubleQuotedSequence(inner) => read_back(inner, out),
                other => panic!("{other:?} is no literal"),
            }
        }
    }

    fn ansi_c(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            if *first != b'\\' {
                bytes.push(*first);
                continue;
            }
            let taken = if rest[0].is_ascii_digit() { 3 } else { 1 };
            bytes.push(match rest[0] {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'0'..=b'7' => u8::from_str_radix(std::str::from_utf8(&rest[..3]).unwrap(), 8).unwrap(),
                other => other,
            });
            rest = &rest[taken..];
        }
        String::from_utf8(bytes).unwrap()
    }

    fn any_text() -> impl Strategy<Value = String> {
        // Half of the texts are made of what shells care about, or random Unicode would never hit it.
        prop_oneof![
            proptest::collection::vec(
                proptest::sample::select(
                    " \t\n\r'\"\\$`!*?[]{}()<>|&;#~=%^@-+,.:/a1\u{7}\u{85}é\u{2019}".chars().collect::<Vec<_>>()
                ),
                0..24
            )
            .prop_map(|chars| chars.into_iter().collect()),
            "\\PC{0,24}",
            any::<String>().prop_map(|text| text.replace('\0', "")),
        ]
    }

    proptest! {
        #[test]
        fn quote_then_parse_is_identity(text in any_text()) {
            let quoted = quote(Shell::Bash, &text).into_owned();
            prop_assert!(!quoted.contains(char::is_control), "{quoted:?} is not one plain line");
            let tokens = brush_parser::uncached_tokenize_str(&format!("x {quoted}"), &ParserOptions::default().tokenizer_options()).unwrap();
            prop_assert_eq!(tokens.len(), 2, "{:?} is not one word", quoted);
            let mut back = String::new();
            read_back(&word::parse(&quoted, &ParserOptions::default()).unwrap(), &mut back);
            prop_assert_eq!(back, text, "{:?}", quoted);
        }

        #[test]
        fn every_shell_gets_one_line(text in any_text()) {
            for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Cmd] {
                let quoted = quote(shell, &text);
                prop_assert!(!quoted.is_empty() && !quoted.contains(char::is_control), "{:?} {:?}", shell, quoted);
            }
        }
    }

    /// Runs the words through a shell that is really there; a machine without it has nothing to compare with.
    fn printed_by(program: &str, words: &str) -> Option<Vec<u8>> {
        let output = Command::new(program).args(["-c", &format!("printf '%s\\0' {words}")]).output().ok()?;
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        Some(output.stdout)
    }

    #[test]
    fn real_shells_read_back_the_text() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let texts: Vec<String> = (0..400).map(|_| any_text().new_tree(&mut runner).unwrap().current()).collect();
        for (program, shell) in [("bash", Shell::Bash), ("zsh", Shell::Zsh), ("fish", Shell::Fish)] {
            let words: Vec<_> = texts.iter().map(|text| quote(shell, text)).collect();
            let expected = texts.iter().flat_map(|text| text.bytes().chain([0])).collect::<Vec<u8>>();
            if let Some(printed) = printed_by(program, &words.join(" ")) {
                assert_eq!(String::from_utf8_lossy(&printed), String::from_utf8_lossy(&expected), "{program}");
            }
        }
    }
}
