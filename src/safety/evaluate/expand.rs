//! Word expansion: the source of a word to the arguments it becomes.
//!
//! While an argument is put together, quoted characters that would otherwise be live (`*`, `{`, `~`, …) are kept apart by
//! moving them into a private range of code points; [`finish`] moves them back.

use super::{Arg, Evaluator, Feed, Frame, Scope};
use crate::safety::Risk;
use crate::safety::place::HOLE;
use crate::shell::Shell;
use crate::shell::powershell::{cmd_pieces, powershell_pieces};
use crate::shell::syntax::Word;
use crate::shell::word::{Piece, document_pieces, fish_pieces, pieces};

const LIVE: &[char] = &['*', '?', '[', ']', '{', '}', ',', '~'];
/// Words one brace expansion may become; `{a,b}{a,b}…` doubles with each pair.
const MOST_BRACED: usize = 64;
/// Texts longer than this are treated as unknown: doubling a variable thirty times must not fill the memory.
const LONGEST_VALUE: usize = 8 * 1024;

fn shielded(c: char) -> char {
    char::from_u32(0xe100 + u32::from(c)).unwrap_or(c)
}

fn shield(text: &str, out: &mut String) {
    out.extend(text.chars().map(|c| if LIVE.contains(&c) { shielded(c) } else { c }));
}

fn finish(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    let mut out: String = text
        .chars()
        .map(|c| match u32::from(c) {
            code @ 0xe100..=0xe17f => char::from_u32(code - 0xe100).unwrap_or(c),
            _ => c,
        })
        .collect();
    // A quoted tilde is a file of that name and not the home folder.
    if text.starts_with(shielded('~')) {
        out.insert_str(0, "./");
    }
    out
}

/// The text as a pattern, if the shell still has wildcards to expand in it.
fn pattern(text: &str) -> Option<String> {
    if !text.contains(['*', '?', '[']) {
        return None;
    }
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            code @ 0xe100..=0xe17f => pattern.extend(['\\', char::from_u32(code - 0xe100)?]),
            _ => pattern.push(c),
        }
    }
    Some(pattern)
}

/// Arguments under construction.
struct Builder {
    done: Vec<String>,
    current: Option<String>,
    feed: Feed,
    length: usize,
}

impl Builder {
    const fn new() -> Self {
        Self { done: Vec::new(), current: None, feed: Feed::Nothing, length: 0 }
    }

    fn current(&mut self) -> &mut String {
        self.current.get_or_insert_with(String::new)
    }

    fn literal(&mut self, text: &str) {
        self.current().push_str(text);
    }

    fn quoted(&mut self, text: &str) {
        self.length += text.len();
        let text = if self.length > LONGEST_VALUE { "\u{e000}" } else { text };
        shield(text, self.current.get_or_insert_with(String::new));
    }

    /// The value of a variable in quotes. The home folder in it is the home folder, and no file called `~`.
    fn value(&mut self, text: &str) {
        let home = text.starts_with('~');
        if home {
            self.literal("~");
        }
        self.quoted(&text[usize::from(home)..]);
    }

    /// An unquoted expansion: blanks in it separate arguments.
    fn split(&mut self, text: &str) {
        self.length += text.len();
        if self.length > LONGEST_VALUE {
            return self.literal("\u{e000}");
        }
        let mut parts = text.split([' ', '\t', '\n']);
        if let Some(first) = parts.next().filter(|first| !first.is_empty()) {
            self.literal(first);
        }
        for part in parts {
            self.done.extend(self.current.take());
            if !part.is_empty() {
                self.current = Some(part.to_owned());
            }
        }
    }

    fn list(&mut self, values: &[String]) {
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                self.done.extend(self.current.take());
            }
            self.value(value);
        }
    }

    fn taint(&mut self, feed: Feed) {
        self.feed = std::mem::take(&mut self.feed).then(feed);
    }
}

impl Evaluator<'_> {
    /// The arguments a word becomes.
    pub(super) fn expand(&mut self, word: &Word, frame: &Frame, scope: &mut Scope) -> Vec<Arg> {
        let source = word.source.as_str();
        let span = frame.origin.span(&word.span);
        if frame.shell == Shell::Cmd
            && source.contains('%')
            && let Some(known) = loop_variable(source, scope)
        {
            return self.expand(&Word { source: known, span: word.span.clone() }, frame, scope);
        }
        if frame.shell == Shell::Zsh
            && (source.starts_with("=(") || source.ends_with(')'))
            && !source.contains("(e")
            && !source.contains("(+")
        {
            let zsh = zsh_word(source);
            if zsh != source {
                return self.expand(&Word { source: zsh, span: word.span.clone() }, frame, scope);
            }
        }
        let plain = !source.contains(['\'', '"', '\\', '$', '`', '~', '{', '(', '<', '>', '%', '!', '^', '[']);
        if plain && !source.is_empty() {
            let origin = frame.origin.inside(&word.span, (word.span.len() == source.len()).then_some(0));
            let pattern = source.contains(['*', '?']).then(|| source.to_owned());
            return vec![Arg { text: source.to_owned(), span, origin, feed: Feed::Nothing, pattern }];
        }
        let runs = ["(e:", "(e'", "(+"]
            .iter()
            .any(|mark| source.find(mark).is_some_and(|at| !source[..at].contains(['\'', '"'])));
        if frame.shell == Shell::Zsh && runs {
            self.verdict.report(
                "shell.unknown-code",
                Risk::Dangerous,
                span.clone(),
                "a glob qualifier of zsh runs code for each file",
            );
        }
        let posix = matches!(frame.shell, Shell::Bash | Shell::Zsh | Shell::Fish);
        let pieces = match frame.shell {
            Shell::Bash | Shell::Zsh => pieces(source),
            Shell::Fish => fish_pieces(source),
            Shell::PowerShell => powershell_pieces(source),
            Shell::Cmd => cmd_pieces(source),
        };
        let mut builder = Builder::new();
        for piece in &pieces {
            self.piece(piece, word, frame, scope, &mut builder);
        }
        builder.done.extend(builder.current.take());
        let mut texts = Vec::with_capacity(builder.done.len());
        for text in builder.done {
            if posix && text.contains('{') { braces(&text, &mut texts) } else { texts.push(text) }
        }
        let origin = frame.origin.inside(&word.span, inner_offset(source, &texts));
        let feed = builder.feed;
        texts
            .into_iter()
            .map(|text| {
                let pattern = if posix { pattern(&text) } else { None };
                Arg { text: finish(text), span: span.clone(), origin: origin.clone(), feed: feed.clone(), pattern }
            })
            .collect()
    }

    /// The right side of an assignment: not split into words.
    pub(super) fn expand_assigned(&mut self, word: &Word, frame: &Frame, scope: &mut Scope) -> Vec<Arg> {
        let args = self.expand(word, frame, scope);
        if args.len() < 2 || word.source.starts_with('(') {
            return args;
        }
        let mut texts = args.iter().map(|arg| arg.text.as_str());
        let joined = texts.next().map(|first| texts.fold(first.to_owned(), |all, text| all + " " + text));
        args.into_iter().take(1).map(|arg| Arg { text: joined.clone().unwrap_or_default(), ..arg }).collect()
    }

    /// The text of a here-document.
    pub(super) fn expand_document(&mut self, word: &Word, frame: &Frame, scope: &mut Scope) -> String {
        let mut builder = Builder::new();
        for piece in &document_pieces(&word.source) {
            self.piece(piece, word, frame, scope, &mut builder);
        }
        builder.done.extend(builder.current.take());
        finish(builder.done.join(" "))
    }

    fn piece(&mut self, piece: &Piece<'_>, word: &Word, frame: &Frame, scope: &mut Scope, builder: &mut Builder) {
        match piece {
            Piece::Text(text) => builder.literal(text),
            Piece::Quoted(text) => builder.quoted(text),
            Piece::Tilde("") => builder.literal("~"),
            Piece::Tilde("+") => builder.literal(scope.cwd().unwrap_or(".")),
            Piece::Tilde("-") => builder.literal("\u{e000}"),
            Piece::Tilde(user) => builder.literal(&format!("~{user}")),
            Piece::Variable { name, operation, quoted } => {
                let values = self.variable(name, operation, word, frame, scope);
                match (values.as_slice(), *quoted) {
                    // cmd puts the text in and then reads the line.
                    (values, true) if frame.shell == Shell::Cmd && !word.source.contains('"') => {
                        builder.split(&values.join(" "));
                    }
                    (values, true) if *name == "@" || operation.starts_with("[@]") => builder.list(values),
                    (values, true) => builder.value(&values.join(" ")),
                    (values, false) => builder.split(&separated(&values.join(" "), scope)),
                }
                match scope.file(&format!("${}", name.to_ascii_lowercase())) {
                    known @ (Feed::Network | Feed::Secret) => builder.taint(known),
                    _ if names_secret(name) => builder.taint(Feed::Unknown),
                    _ => {}
                }
            }
            Piece::Command { source, offset, quoted } => {
                let inner = Frame { shell: frame.shell, origin: frame.origin.inside(&word.span, *offset) };
                let out = self.text(source, &inner, &mut scope.clone(), &Feed::Nothing);
                let text =
                    out.known_text().map_or_else(|| HOLE.to_string(), |text| text.trim_end_matches('\n').to_owned());
                if *quoted {
                    builder.value(&text);
                } else {
                    builder.split(&text);
                }
                builder.taint(match out {
                    Feed::Text(..) | Feed::Nothing => Feed::Nothing,
                    other => other,
                });
            }
            Piece::Process { source, offset } => {
                let inner = Frame { shell: frame.shell, origin: frame.origin.inside(&word.span, Some(*offset)) };
                // What a command prints into `>(…)` is not known before it runs.
                let into = offset.checked_sub(2).and_then(|at| word.source.as_bytes().get(at)) == Some(&b'>');
                let feed = if into && frame.shell != Shell::PowerShell { Feed::Unknown } else { Feed::Nothing };
                let out = self.text(source, &inner, &mut scope.clone(), &feed);
                builder.literal(if frame.shell == Shell::PowerShell { "{}" } else { "/dev/fd/63" });
                builder.taint(if out == Feed::Nothing { Feed::Unknown } else { out });
            }
            Piece::Arithmetic(expression) => {
                // What looks like arithmetic may still run something.
                let frame = somewhere_in(word, frame);
                for inner in document_pieces(expression) {
                    if let Piece::Command { .. } = inner {
                        self.piece(&inner, word, &frame, scope, &mut Builder::new());
                    }
                }
                builder.literal(&expression.trim().parse::<i64>().map_or_else(|_| HOLE.to_string(), |n| n.to_string()));
            }
        }
    }

    fn variable(&mut self, name: &str, operation: &str, word: &Word, frame: &Frame, scope: &mut Scope) -> Vec<String> {
        let known = lookup(name, frame.shell, scope);
        let unknown = || vec![HOLE.to_string()];
        if operation.is_empty() || operation == "[@]" || operation == "[*]" {
            return known.unwrap_or_else(unknown);
        }
        if let Some(index) = operation.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let at = index.parse::<usize>().ok();
            return at.and_then(|at| known?.get(at).cloned()).map_or_else(unknown, |value| vec![value]);
        }
        if frame.shell == Shell::Cmd {
            let value = known.and_then(|values| cmd_modified(&values.concat(), operation));
            return value.map_or_else(unknown, |value| vec![value]);
        }
        let (test, default) = match operation.as_bytes() {
            [b':', test @ (b'-' | b'=' | b'+' | b'?'), ..] => (*test, &operation[2..]),
            [test @ (b'-' | b'=' | b'+' | b'?'), ..] => (*test, &operation[1..]),
            _ => (0, ""),
        };
        if test == 0 {
            return self.modified(operation, known.as_deref(), word, frame, scope);
        }
        let fallback = self.default_value(default, word, frame, scope);
        match (test, known) {
            (b'+' | b'?', None) => unknown(),
            (b'?', Some(values)) => values,
            (b'-' | b'=', Some(values)) if !values.concat().is_empty() => values,
            _ => vec![fallback],
        }
    }

    /// What stands after `:-` in `${x:-…}`, which may hold another of its kind.
    fn default_value(&mut self, source: &str, word: &Word, frame: &Frame, scope: &mut Scope) -> String {
        if self.depth >= super::DEEPEST {
            self.too_deep(&somewhere_in(word, frame), "");
            return HOLE.to_string();
        }
        self.depth += 1;
        let mut builder = Builder::new();
        let inner = somewhere_in(word, frame);
        for piece in &pieces(source) {
            self.piece(piece, word, &inner, scope, &mut builder);
        }
        self.depth -= 1;
        builder.done.extend(builder.current.take());
        builder.done.join(" ")
    }

    /// `${x,,}`, `${x:1:2}`, `${x/a/b}`, `${!x}`, `${#x}` and the rest.
    fn modified(
        &mut self,
        operation: &str,
        known: Option<&[String]>,
        word: &Word,
        frame: &Frame,
        scope: &mut Scope,
    ) -> Vec<String> {
        let inner = somewhere_in(word, frame);
        for piece in document_pieces(operation) {
            if let Piece::Command { .. } = piece {
                self.piece(&piece, word, &inner, scope, &mut Builder::new());
            }
        }
        if operation.starts_with('!') {
            let target = known.and_then(<[String]>::first).cloned();
            return target
                .and_then(|target| lookup(&target, frame.shell, scope))
                .unwrap_or_else(|| vec![HOLE.to_string()]);
        }
        let changed = known.and_then(<[String]>::first).and_then(|value| modify(value, operation));
        vec![changed.unwrap_or_else(|| HOLE.to_string())]
    }
}

/// The frame of a text taken out of a word, whose positions are not those of the word any more.
fn somewhere_in(word: &Word, frame: &Frame) -> Frame {
    Frame { origin: frame.origin.inside(&word.span, None), ..frame.clone() }
}

/// With `IFS` set, other signs than blanks separate words.
fn separated(text: &str, scope: &Scope) -> String {
    match scope.get("IFS").map(<[String]>::concat) {
        Some(signs) if !signs.is_empty() => text.replace(|c| signs.contains(c), " "),
        _ => text.to_owned(),
    }
}

/// A variable that holds a secret, by the names everybody gives them.
fn names_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["SECRET", "PASSW", "PRIVATE_KEY", "ACCESS_KEY", "_TOKEN", "CREDENTIAL"].iter().any(|part| upper.contains(part))
}

fn lookup(name: &str, shell: Shell, scope: &Scope) -> Option<Vec<String>> {
    let lower = name.to_ascii_lowercase();
    let windows = matches!(shell, Shell::PowerShell | Shell::Cmd);
    if let Some(values) = scope.get(if windows { &lower } else { name }) {
        return Some(values.to_vec());
    }
    if let Ok(position) = name.parse::<usize>() {
        let values = scope.positional.as_ref()?;
        return position.checked_sub(1).and_then(|at| values.get(at)).map(|value| vec![value.clone()]);
    }
    let value = match (windows, name) {
        (false, "@" | "*") => return scope.positional.clone(),
        (false, "HOME") => "~",
        (false, "PWD") => scope.cwd().unwrap_or("."),
        (false, "SHELL" | "BASH" | "0") => "/bin/bash",
        (false, "TMPDIR") => "/tmp",
        (false, "IFS") => " ",
        (true, _) => match lower.trim_start_matches("env:") {
            "home" | "userprofile" => "~",
            "homedrive" | "systemdrive" => "c:",
            "systemroot" | "windir" => "c:/windows",
            "programfiles" => "c:/program files",
            "programdata" => "c:/programdata",
            "public" => "c:/users/public",
            "appdata" => "~/appdata/roaming",
            "localappdata" => "~/appdata/local",
            "temp" | "tmp" => "c:/windows/temp",
            "comspec" => "cmd",
            "homepath" => "/users/user",
            "profile" => "~/documents/powershell/profile.ps1",
            "true" => "$true",
            "false" => "$false",
            "null" => "$null",
            "pwd" => scope.cwd().unwrap_or("."),
            _ => return None,
        },
        _ => return None,
    };
    Some(vec![value.to_owned()])
}

/// The word with the variable of a loop of cmd put in.
fn loop_variable(source: &str, scope: &Scope) -> Option<String> {
    let at = source.find('%')?;
    let name_at = at + source[at..].find(|c: char| !matches!(c, '%' | '~'))?;
    let name = source[name_at..].chars().next()?;
    let mark = format!("%{name}");
    let value = scope.get(&mark)?.concat();
    let after = source[name_at + name.len_utf8()..].chars().next();
    // `%i%` is a variable of the environment.
    if after == Some('%') || !name.is_ascii_alphabetic() {
        return None;
    }
    Some([&source[..at], &value, &source[name_at + name.len_utf8()..]].concat())
}

/// `%x:~1,2%` and `%x:a=b%`.
fn cmd_modified(value: &str, operation: &str) -> Option<String> {
    if let Some(range) = operation.strip_prefix(":~") {
        let (from, length) = range.split_once(',').map_or((range, None), |(from, length)| (from, Some(length)));
        let count = value.chars().count();
        let place = |text: &str| {
            let number = text.trim().parse::<i64>().ok()?;
            Some(if number < 0 {
                count.saturating_sub(usize::try_from(-number).ok()?)
            } else {
                usize::try_from(number).ok()?
            })
        };
        let from = place(from)?;
        let to = match length {
            None => count,
            Some(length) if length.trim().starts_with('-') => place(length)?,
            Some(length) => from + place(length)?,
        };
        return Some(value.chars().skip(from).take(to.saturating_sub(from)).collect());
    }
    let (from, to) = operation.strip_prefix(':')?.split_once('=')?;
    (!from.is_empty() && !from.starts_with('*')).then(|| value.replace(from, to))
}

/// zsh's own: `=(cmd)` is a process substitution, and `*(D)` a pattern with a condition.
fn zsh_word(source: &str) -> String {
    if source.starts_with("=(") {
        return source.replacen('=', "<", 1);
    }
    match source.rfind('(') {
        Some(at)
            if at > 0
                && matches!(source.as_bytes()[at - 1], b'*' | b'?' | b']' | b'/')
                && !source.contains(['$', '`', '\'', '"']) =>
        {
            source[..at].to_owned()
        }
        _ => source.to_owned(),
    }
}

fn modify(value: &str, operation: &str) -> Option<String> {
    if value.contains(HOLE) {
        return None;
    }
    match operation {
        ",," => return Some(value.to_lowercase()),
        "^^" => return Some(value.to_uppercase()),
        "," | "^" => {
            let mut chars = value.chars();
            let first = chars.next()?;
            let first =
                if operation == "," { first.to_lowercase().to_string() } else { first.to_uppercase().to_string() };
            return Some(first + chars.as_str());
        }
        _ => {}
    }
    if let Some(range) = operation.strip_prefix(':') {
        let (from, length) = range.split_once(':').unwrap_or((range, ""));
        let from = from.trim().parse::<usize>().ok()?;
        let length = if length.is_empty() { usize::MAX } else { length.trim().parse::<usize>().ok()? };
        return Some(value.chars().skip(from).take(length).collect());
    }
    if let Some(edit) = operation.strip_prefix('/') {
        let all = edit.starts_with('/');
        let (from, to) = edit.trim_start_matches('/').split_once('/').unwrap_or((edit.trim_start_matches('/'), ""));
        if from.is_empty() || from.contains(['*', '?', '[', '$', '`']) || to.contains(['$', '`']) {
            return None;
        }
        return Some(if all { value.replace(from, to) } else { value.replacen(from, to, 1) });
    }
    let literal = |pattern: &str| (!pattern.contains(['*', '?', '[', '$', '`'])).then(|| pattern.to_owned());
    if let Some(suffix) = operation.strip_prefix('%') {
        let suffix = literal(suffix.trim_start_matches('%'))?;
        return Some(value.strip_suffix(suffix.as_str()).unwrap_or(value).to_owned());
    }
    let prefix = literal(operation.strip_prefix('#')?.trim_start_matches('#'))?;
    Some(value.strip_prefix(prefix.as_str()).unwrap_or(value).to_owned())
}

/// Where in the source the only argument begins, when the argument is a slice of it.
fn inner_offset(source: &str, texts: &[String]) -> Option<usize> {
    let [text] = texts else { return None };
    if text.is_ascii() || !text.contains(|c: char| (0xe100..0xe180).contains(&u32::from(c))) {
        return source.find(text.as_str());
    }
    let plain = finish(text.clone());
    source.find(plain.as_str())
}

/// `a{b,c}d` to `abd acd`, `{1..3}` to `1 2 3`.
fn braces(text: &str, out: &mut Vec<String>) {
    let mut queue = vec![text.to_owned()];
    while let Some(next) = queue.pop() {
        if out.len() + queue.len() >= MOST_BRACED {
            out.push(next);
            continue;
        }
        let Some((open, close, parts)) = innermost_brace(&next) else {
            out.push(next);
            continue;
        };
        for part in parts.iter().rev() {
            queue.push([&next[..open], part, &next[close + 1..]].concat());
        }
    }
}

fn innermost_brace(text: &str) -> Option<(usize, usize, Vec<String>)> {
    let mut from = 0;
    while let Some(close) = text[from..].find('}').map(|at| at + from) {
        let open = text[..close].rfind('{')?;
        let inside = &text[open + 1..close];
        if inside.contains(',') {
            return Some((open, close, inside.split(',').map(str::to_owned).collect()));
        }
        if let Some(parts) = range(inside) {
            return Some((open, close, parts));
        }
        from = close + 1;
    }
    None
}

fn range(inside: &str) -> Option<Vec<String>> {
    let (from, to) = inside.split_once("..")?;
    if let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let most = i64::try_from(MOST_BRACED).ok()?;
        return Some((from..=to.min(from.saturating_add(most))).map(|n| n.to_string()).collect());
    }
    let (mut from_chars, mut to_chars) = (from.chars(), to.chars());
    let (Some(from), None, Some(to), None) = (from_chars.next(), from_chars.next(), to_chars.next(), to_chars.next())
    else {
        return None;
    };
    Some((from..=to).take(MOST_BRACED).map(String::from).collect())
}
