//! Secrets that are called one: by the option, the variable, the header or the address they stand in.

use std::ops::Range;

use super::run;

/// What a name of a secret ends with, wherever the word begins.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api-key",
    "api_key",
    "access-key",
    "access_key",
    "accesskey",
    "secret-key",
    "secret_key",
    "secretkey",
    "private-key",
    "private_key",
    "privatekey",
    "credential",
    "credentials",
];

/// What it ends with when the word begins there: `mysql_pwd`, and no `OLDPWD`.
const SHORT_NAMES: &[&str] = &["pwd", "pass", "pw"];

/// What may stand for a value and is none.
const WORDS: &[&str] = &["true", "false", "yes", "no", "null", "none", "prompt", "auto", "required", "empty"];

/// How the names of files end that secrets are kept in.
const FILES: &[&str] = &["pem", "key", "json", "txt", "pub"];

/// Where a program takes a secret by an option that does not say so.
const OPTIONS: &[(&str, &str, Form)] = &[
    ("mysql", "-p", Form::Attached),
    ("mysqldump", "-p", Form::Attached),
    ("mysqladmin", "-p", Form::Attached),
    ("mysqlimport", "-p", Form::Attached),
    ("mariadb", "-p", Form::Attached),
    ("mariadb-dump", "-p", Form::Attached),
    ("sshpass", "-p", Form::Either),
    ("7z", "-p", Form::Attached),
    ("zip", "-P", Form::Either),
    ("unzip", "-P", Form::Either),
    ("redis-cli", "-a", Form::Separate),
    ("docker", "-p", Form::OfLogin),
    ("podman", "-p", Form::OfLogin),
    ("az", "-p", Form::OfLogin),
    ("mongosh", "-p", Form::Either),
    ("mongo", "-p", Form::Either),
    ("sqlcmd", "-P", Form::Either),
    ("ldapsearch", "-w", Form::Either),
    ("ldapmodify", "-w", Form::Either),
    ("curl", "-u", Form::AfterColon),
    ("curl", "--user", Form::AfterColon),
    ("smbclient", "-U", Form::AfterPercent),
];

/// How an option takes its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Attached,
    Separate,
    Either,
    /// Only where the program was told to log in: elsewhere the option is another.
    OfLogin,
    AfterColon,
    AfterPercent,
}

/// `user:password@host`, and a long token alone before the `@`.
pub(super) fn of_addresses(text: &str, spans: &mut Vec<Range<usize>>) {
    for (at, scheme) in text.match_indices("://") {
        let start = at + scheme.len();
        let authority = run(text, start, |c| !c.is_whitespace() && !matches!(c, '/' | '?' | '#' | '\'' | '"' | '`'));
        let Some(host) = text[authority.clone()].rfind('@') else { continue };
        let user = &text[start..start + host];
        match user.find(':') {
            Some(colon) if is_value(&user[colon + 1..]) => spans.push(start + colon + 1..start + host),
            None if user.len() >= 16 && user.contains(|c: char| c.is_ascii_digit()) => spans.push(start..start + host),
            _ => {}
        }
    }
}

/// `Authorization: Bearer …`, and cookies.
pub(super) fn headers(text: &str, spans: &mut Vec<Range<usize>>) {
    let lower = text.to_ascii_lowercase();
    for scheme in ["bearer ", "basic ", "token "] {
        for (at, _) in lower.match_indices(scheme) {
            let word = run(text, at + scheme.len(), is_of_value);
            let telling = lower[..at].trim_end().ends_with("authorization:");
            let long = word.len() >= 16 && text[word.clone()].contains(|c: char| c.is_ascii_digit());
            if (telling || long) && is_value(&text[word.clone()]) {
                spans.push(word);
            }
        }
    }
    for (at, header) in lower.match_indices("cookie:") {
        let start = at + header.len();
        let value = run(text, start, |c| !matches!(c, '\'' | '"'));
        let blanks = text[value.clone()].len() - text[value.clone()].trim_start().len();
        if is_value(text[value.clone()].trim()) {
            spans.push(value.start + blanks..value.end);
        }
    }
}

/// `password=…`, `token: …`, `--password …`.
pub(super) fn values(text: &str, spans: &mut Vec<Range<usize>>) {
    for (at, separator) in text.match_indices(['=', ':']) {
        // In JSON the name is in quotes of its own.
        let end = if text[..at].ends_with(['"', '\'']) { at - 1 } else { at };
        if !is_name(name_before(text, end)) || text[at + 1..].starts_with(['=', ':', '~']) {
            continue;
        }
        let skipped = if separator == ":" { run(text, at + 1, |c| c == ' ').end } else { at + 1 };
        push(text, skipped, at, spans);
    }
    for (start, word) in words(text) {
        let name = word.trim_start_matches('-');
        if word.starts_with('-') && is_name(name) {
            let next = run(text, start + word.len(), |c| c == ' ').end;
            if next > start + word.len() {
                push(text, next, start, spans);
            }
        }
    }
}

/// Options whose name says nothing, by the program they are for.
pub(super) fn options(command: &str, spans: &mut Vec<Range<usize>>) {
    let mut program = "";
    let mut logs_in = false;
    for (start, word) in words(command) {
        if word.ends_with([';', '|', '&']) {
            (program, logs_in) = ("", false);
            continue;
        }
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        if let Some((known, ..)) = OPTIONS.iter().find(|(known, ..)| *known == name) {
            program = known;
        }
        logs_in |= word == "login";
        for (_, option, form) in OPTIONS.iter().filter(|(of, ..)| *of == program) {
            let Some(attached) = word.strip_prefix(option) else { continue };
            let value = if attached.is_empty() {
                run(command, start + word.len(), |c| c == ' ').end
            } else {
                start + option.len()
            };
            let fits = match form {
                Form::Attached => !attached.is_empty(),
                Form::Separate => attached.is_empty(),
                Form::OfLogin => logs_in && attached.is_empty(),
                Form::Either | Form::AfterColon | Form::AfterPercent => true,
            };
            // `mysql --port` is no password; neither is what only begins like the option.
            if !fits
                || value >= command.len()
                || attached.starts_with('-')
                || option.starts_with("--") && !attached.is_empty()
            {
                continue;
            }
            let mut found = Vec::new();
            push(command, value, start, &mut found);
            let mark = match form {
                Form::AfterColon => ':',
                Form::AfterPercent => '%',
                _ => {
                    spans.append(&mut found);
                    continue;
                }
            };
            spans.extend(found.into_iter().filter_map(|whole| {
                let at = command[whole.clone()].find(mark)?;
                Some(whole.start + at + 1..whole.end)
            }));
        }
    }
}

/// `with the password hunter2`: a word that no sentence has.
pub(super) fn spoken(question: &str, spans: &mut Vec<Range<usize>>) {
    let mut told = false;
    for (start, word) in words(question) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if told && matches!(bare, "is" | "to" | "of" | "as" | "the" | "") {
            continue;
        }
        let strange = bare.len() >= 6
            && bare.contains(|c: char| c.is_ascii_digit())
            && bare.contains(|c: char| c.is_alphabetic())
            && !bare.contains(['/', '.']);
        if told && strange {
            spans.push(start..start + word.len());
        }
        told = matches!(&*bare.to_lowercase(), "password" | "passphrase" | "passwd" | "token" | "secret" | "key");
    }
}

/// The value that begins at `start`; `named` is where its name is.
fn push(text: &str, start: usize, named: usize, spans: &mut Vec<Range<usize>>) {
    let Some(first) = text[start..].chars().next() else { return };
    let value = if matches!(first, '\'' | '"') {
        // A quote that was opened before the name ends there.
        if text[..named].matches(first).count() % 2 == 1 {
            return;
        }
        run(text, start + 1, |c| c != first)
    } else {
        run(text, start, is_of_value)
    };
    if is_value(&text[value.clone()]) {
        spans.push(value);
    }
}

const fn is_of_value(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\'' | '"' | '`' | '&' | ';' | '|' | ')' | ',')
}

/// Variables, blanks, options, paths and files are no secrets, but where one is.
fn is_value(value: &str) -> bool {
    if value.trim() != value || !value.contains(|c: char| c.is_alphanumeric()) {
        return false;
    }
    let is_variable = value.starts_with('%') && value.ends_with('%');
    let points = value.starts_with(['$', '<', '-', '(', '{', '/', '~', '.', '@', '\\', '*', '[', '^', '='])
        || ["id=", "pass:", "file:", "env:"].iter().any(|scheme| value.starts_with(scheme));
    let is_file = value.rsplit_once('.').is_some_and(|(_, ending)| FILES.contains(&ending));
    !(is_variable || points || is_file || WORDS.contains(&&*value.to_lowercase()))
}

fn name_before(text: &str, end: usize) -> &str {
    let before = &text[..end];
    let start = before
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    &before[start..]
}

fn is_name(name: &str) -> bool {
    let name = name.trim_start_matches('-').to_ascii_lowercase();
    NAMES.iter().any(|known| name.ends_with(known))
        || SHORT_NAMES.iter().any(|known| {
            name.strip_suffix(known)
                .is_some_and(|before| before.ends_with(['_', '-']) || (before.is_empty() && *known == "pass"))
        })
}

/// The words between spaces and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |word| (word.as_ptr().addr() - text.as_ptr().addr(), word))
}
