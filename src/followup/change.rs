//! What a wish makes of a line. One table or rule for each: a program no table has is left alone.

use std::ops::Range;

use super::line::{Line, Stage};
use super::wish::Wish;
use crate::shell::{quote, quote_path};

/// Programs, the option that does it, and other spellings of it.
type Options = &'static [(&'static [&'static str], &'static str, char)];

const RECURSIVE: Options = &[
    (&["ls", "chmod", "chown", "chgrp"], "-R", 'R'),
    (&["cp", "rm", "grep", "egrep", "scp", "zip", "diff"], "-r", 'r'),
];
const HIDDEN: Options = &[(&["ls"], "-a", 'a')];
const ANY_CASE: Options =
    &[(&["grep", "egrep", "zgrep", "rg", "ag", "locate", "uniq"], "-i", 'i'), (&["sort"], "-f", 'f')];
const READABLE: Options = &[(&["du", "df", "free"], "-h", 'h')];
const VERBOSE: Options =
    &[(&["cp", "mv", "rm", "chmod", "chown", "mkdir", "rmdir", "ln", "tar", "rsync", "ping"], "-v", 'v')];
const ASKING: Options = &[(&["rm", "cp", "mv", "ln"], "-i", 'i')];
const REVERSED: Options = &[(&["ls", "sort"], "-r", 'r')];
const BY_SIZE: Options = &[(&["ls"], "-S", 'S')];
const BY_TIME: Options = &[(&["ls"], "-t", 't')];

/// What prints lines, and does nothing else.
const PRINTS: &[&str] = &[
    "ls",
    "find",
    "grep",
    "egrep",
    "zgrep",
    "rg",
    "sort",
    "du",
    "df",
    "ps",
    "cat",
    "zcat",
    "ss",
    "lsof",
    "wc",
    "uniq",
    "cut",
    "awk",
    "tr",
    "journalctl",
    "dmesg",
    "last",
    "history",
    "tree",
    "fd",
    "locate",
    "who",
    "stat",
    "nl",
    "tac",
    "column",
    "comm",
    "diff",
    "ip",
    "env",
    "printenv",
    "apt",
    "dpkg",
    "pip",
    "npm",
    "docker",
    "kubectl",
    "git",
    "systemctl",
    "sed",
];
/// Those of them that only do so with one of these first words, or without one of these options.
const PRINTS_WITH: &[(&str, &[&str])] = &[
    ("git", &["log", "branch", "status", "diff", "tag", "shortlog", "reflog", "ls-files", "blame"]),
    ("docker", &["ps", "images", "logs"]),
    ("kubectl", &["get", "logs"]),
    ("apt", &["list", "search"]),
    ("dpkg", &["-l", "-L"]),
    ("pip", &["list", "freeze"]),
    ("npm", &["ls", "list"]),
    ("ip", &["a", "addr", "route", "link"]),
    ("systemctl", &["list-units", "list-unit-files", "list-timers"]),
];
const FILTERS: &[&str] =
    &["wc", "sort", "head", "tail", "grep", "egrep", "uniq", "cut", "awk", "tr", "nl", "less", "column"];
/// Tests and actions of `find` that change something.
const FIND_ACTS: &[&str] = &["-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprintf", "-fls"];

/// The line as wished, and what is different about it.
pub(super) fn apply(wish: &Wish, line: &Line<'_>) -> Option<(String, String)> {
    let (text, how): (String, String) = match wish {
        Wish::Recursive => (option(line, RECURSIVE)?, "with all folders below".to_owned()),
        Wish::Flat => (flat(line)?, "without the folders below".to_owned()),
        Wish::First(count) => (limited(line, "head", *count)?, format!("only the first {count}")),
        Wish::Last(count) => (limited(line, "tail", *count)?, format!("only the last {count}")),
        Wish::AsRoot => (prefixed(line, "sudo")?, "as root".to_owned()),
        Wish::AsUser(user) => (prefixed(line, &format!("sudo -u {user}"))?, format!("as {user}")),
        Wish::AsMe => (unprefixed(line)?, "without the rights of root".to_owned()),
        Wish::In(place) => (moved(line, place)?, format!("in {place}")),
        Wish::Copy => (renamed(line, "mv", "cp -r", &[])?, "copied instead of moved".to_owned()),
        Wish::Move => (renamed(line, "cp", "mv", &['r', 'R', 'a', 'p'])?, "moved instead of copied".to_owned()),
        Wish::Trash => {
            (renamed(line, "rm", "gio trash", &['r', 'R', 'f'])?, "into the trash instead of deleted".to_owned())
        }
        Wish::Preview => (previewed(line)?, "shown, not done".to_owned()),
        Wish::Count => (counted(line)?, "counted".to_owned()),
        Wish::Hidden => (option(line, HIDDEN)?, "hidden ones too".to_owned()),
        Wish::AnyCase => (any_case(line)?, "in upper or lower case".to_owned()),
        Wish::Readable => (readable(line)?, "with sizes people can read".to_owned()),
        Wish::BySize => (by_size(line)?, "the largest first".to_owned()),
        Wish::ByTime => (option(line, BY_TIME)?, "the newest first".to_owned()),
        Wish::Reversed => (option(line, REVERSED)?, "in reverse order".to_owned()),
        Wish::Verbose => (option(line, VERBOSE)?, "saying what it does".to_owned()),
        Wish::Asking => (option(line, ASKING)?, "asking first".to_owned()),
        Wish::Ending(ending) => (test(line, "-name", &format!("'*.{ending}'"))?, format!("only *.{ending}")),
        Wish::Files => (test(line, "-type", "f")?, "only files".to_owned()),
        Wish::Folders => (test(line, "-type", "d")?, "only folders".to_owned()),
        Wish::Save(file) => (written(line, ">", file)?, format!("written to {file}")),
        Wish::Append(file) => (written(line, ">>", file)?, format!("added to {file}")),
    };
    Some((text, how))
}

/// The one command of the line that a table has gets its option, unless it has it.
fn option(line: &Line<'_>, options: Options) -> Option<String> {
    let known = line.stages.iter().filter_map(|stage| {
        let (at, program) = stage.program()?;
        let (_, option, letter) = options.iter().find(|(programs, ..)| programs.contains(&program))?;
        Some((stage, at, *option, *letter))
    });
    let (stage, at, option, letter) = exactly_one(known)?;
    (!stage.has_letter(letter)).then(|| line.after(&stage.spans[at], option))
}

fn exactly_one<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

fn find<'l>(line: &'l Line<'_>) -> Option<(&'l Stage, usize)> {
    exactly_one(line.stages.iter().filter_map(|stage| {
        let (at, program) = stage.program()?;
        (program == "find").then_some((stage, at))
    }))
}

/// Where the starting points of `find` stand: what is no option of its own and before the first test.
fn starts(stage: &Stage, program: usize) -> Range<usize> {
    let first = (program + 1..stage.words.len())
        .find(|at| !matches!(stage.word(*at), Some("-H" | "-L" | "-P")))
        .unwrap_or(stage.words.len());
    let is_test = |at: usize| stage.word(at).is_some_and(|word| word.starts_with(['-', '(', '!']));
    let end = (first..stage.words.len()).find(|at| is_test(*at)).unwrap_or(stage.words.len());
    first..end
}

fn flat(line: &Line<'_>) -> Option<String> {
    if let Some((stage, at)) = find(line) {
        if stage.find(&["-maxdepth"]).is_some() {
            return None;
        }
        let last = starts(stage, at).last().unwrap_or(at);
        return Some(line.after(&stage.spans[last], "-maxdepth 1"));
    }
    let stage = line.single()?;
    let (_, program) = stage.program()?;
    // Without it the others do nothing with a folder.
    let letter = match program {
        "ls" | "chmod" | "chown" | "chgrp" => ['R', 'R'],
        "rm" | "cp" => ['r', 'R'],
        _ => return None,
    };
    without_letters(line, stage, &letter).filter(|(_, gone)| *gone > 0).map(|(text, _)| text)
}

/// The line without these letters among the options of a command, and how many there were.
fn without_letters(line: &Line<'_>, stage: &Stage, letters: &[char]) -> Option<(String, usize)> {
    let mut edits = Vec::new();
    for at in 1..stage.words.len() {
        if stage.word(at) == Some("--") {
            break;
        }
        if !stage.is_option(at) {
            continue;
        }
        let word = stage.word(at)?;
        if word.starts_with("--") {
            return None;
        }
        let kept: String = word.chars().filter(|letter| !letters.contains(letter)).collect();
        if kept != word {
            edits.push((stage.spans[at].clone(), if kept == "-" { String::new() } else { kept }));
        }
    }
    let gone = edits.len();
    Some((line.edited(edits), gone))
}

/// Whether a command prints lines and does nothing else.
fn prints(stage: &Stage) -> bool {
    let Some((at, program)) = stage.program() else { return false };
    if stage.writes || !PRINTS.contains(&program) {
        return false;
    }
    let acts = match program {
        "find" => stage.find(FIND_ACTS).is_some(),
        "sed" | "sort" => stage.has_letter('i') || stage.has_letter('o'),
        _ => false,
    };
    let follows =
        (at + 1..stage.words.len()).filter_map(|at| stage.word(at)).any(|word| word == "-f" || word == "--follow");
    let endless = follows && matches!(program, "journalctl" | "docker" | "kubectl");
    let said = PRINTS_WITH.iter().find(|(known, _)| *known == program);
    let allowed = said.is_none_or(|(_, words)| stage.word(at + 1).is_some_and(|word| words.contains(&word)));
    !acts && !endless && allowed
}

fn limited(line: &Line<'_>, by: &str, count: u32) -> Option<String> {
    let last = line.stages.last()?;
    let (at, program) = last.program()?;
    // A limit that is there already gets another number.
    if matches!(program, "head" | "tail") && line.stages.len() > 1 {
        let limit = match last.spans.get(at + 1..)? {
            [one] if last.is_option(at + 1) => one.clone(),
            [sign, number] if last.word(at + 1) == Some("-n") => sign.start..number.end,
            _ => return None,
        };
        return Some(line.edited(vec![(last.spans[at].clone(), by.to_owned()), (limit, format!("-n {count}"))]));
    }
    if program == "git" && last.word(at + 1) == Some("log") && by == "tail" {
        // Git lists the last ones first, and knows how many it is asked for.
        return last
            .find(&["-n", "--max-count"])
            .is_none()
            .then(|| line.after(&last.spans[at + 1], &format!("-n {count}")));
    }
    prints(last).then(|| line.then(&format!("| {by} -n {count}")))
}

fn prefixed(line: &Line<'_>, with: &str) -> Option<String> {
    const OF_THE_SHELL: &[&str] =
        &["cd", "export", "alias", "source", ".", "set", "unset", "history", "exec", "eval", "ulimit", "umask"];
    let (first, rest) = line.stages.split_first()?;
    let name = first.word(0)?;
    // The rights would not reach the file that the shell itself opens.
    let plain = line.stages.iter().all(|stage| !stage.writes);
    let filters = rest.iter().all(|stage| stage.program().is_some_and(|(_, program)| FILTERS.contains(&program)));
    let usable = plain && filters && !matches!(name, "sudo" | "doas" | "su") && !OF_THE_SHELL.contains(&name);
    usable.then(|| format!("{with} {}", line.text))
}

fn unprefixed(line: &Line<'_>) -> Option<String> {
    let edits: Vec<(Range<usize>, String)> = line
        .stages
        .iter()
        .filter(|stage| stage.word(0) == Some("sudo") && !stage.is_option(1))
        .map(|stage| (stage.spans[0].start..stage.spans[1].start, String::new()))
        .collect();
    (!edits.is_empty()).then(|| {
        let mut text = line.text.to_owned();
        for (span, _) in edits.into_iter().rev() {
            text.replace_range(span, "");
        }
        text
    })
}

/// The same somewhere else: the place a command looks at becomes another.
fn moved(line: &Line<'_>, place: &str) -> Option<String> {
    let place = quote_path(line.shell, place).into_owned();
    if let Some((stage, at)) = find(line) {
        let starts = starts(stage, at);
        return match starts.len() {
            0 => Some(line.after(&stage.spans[at], &place)),
            1 => Some(line.edited(vec![(stage.spans[starts.start].clone(), place)])),
            _ => None,
        };
    }
    let (stage, rest) = line.stages.split_first()?;
    let filters = rest.iter().all(|stage| stage.program().is_some_and(|(_, program)| FILTERS.contains(&program)));
    let (at, program) = stage.program()?;
    // Programs whose operands are places, and the operands that come before those; options of theirs that take a value are
    // not told apart from operands, so a line with more operands than that is left alone.
    let (before, valued): (usize, &[&str]) = match program {
        "ls" | "tree" => (0, &["-I", "-L", "-P"]),
        "du" => (0, &["-d", "-t"]),
        "grep" | "egrep" if stage.has_letter('r') || stage.has_letter('R') => {
            (1, &["-e", "-f", "-A", "-B", "-C", "-m"])
        }
        "rg" => (1, &["-e", "-f", "-A", "-B", "-C", "-m", "-g", "-t"]),
        _ => return None,
    };
    if !filters || stage.find(valued).is_some() || stage.words.iter().any(Option::is_none) {
        return None;
    }
    let operands: Vec<usize> = (at + 1..stage.words.len()).filter(|at| !stage.is_option(*at)).collect();
    match operands.len().checked_sub(before)? {
        0 => Some(line.after(stage.spans.last()?, &place)),
        1 => Some(line.edited(vec![(stage.spans[*operands.last()?].clone(), place)])),
        _ => None,
    }
}

/// Another program for the same operands.
fn renamed(line: &Line<'_>, from: &str, to: &str, without: &[char]) -> Option<String> {
    let stage = line.single()?;
    let (at, program) = stage.program()?;
    if program != from {
        return None;
    }
    let known = |word: &str| word.chars().skip(1).all(|letter| without.contains(&letter) || "vin".contains(letter));
    let options = (at + 1..stage.words.len()).filter(|at| stage.is_option(*at));
    let mut edits = vec![(stage.spans[at].clone(), to.to_owned())];
    for option in options {
        let word = stage.word(option)?;
        if word == "--" || !known(word) {
            return None;
        }
        let letters: String = word.chars().filter(|letter| !without.contains(letter)).collect();
        let kept = if to == "gio trash" || letters == "-" { String::new() } else { letters };
        edits.push((stage.spans[option].clone(), kept));
    }
    Some(line.edited(edits))
}

fn previewed(line: &Line<'_>) -> Option<String> {
    if let Some((stage, _)) = find(line) {
        let at = stage.find(&["-delete"])?;
        return Some(line.edited(vec![(stage.spans[at].clone(), "-print".to_owned())]));
    }
    let stage = line.single()?;
    let (at, program) = stage.program()?;
    match program {
        "rsync" => (!stage.has_letter('n')).then(|| line.after(&stage.spans[at], "-n")),
        "git" if stage.word(at + 1) == Some("clean") => {
            let (text, _) = without_letters(line, stage, &['f'])?;
            let place = text.find("clean")? + "clean".len();
            Some(format!("{} -n{}", &text[..place], &text[place..]))
        }
        "rm" => {
            let (text, _) = without_letters(line, stage, &['r', 'R', 'f', 'i', 'v'])?;
            let place = &stage.spans[at];
            Some(format!("{}ls -ld{}", &text[..place.start], &text[place.end..]))
        }
        _ => None,
    }
}

fn counted(line: &Line<'_>) -> Option<String> {
    let last = line.stages.last()?;
    let (_, program) = last.program()?;
    // What prints one line for each thing; a heading or a summary would be counted along.
    let one_each = match program {
        "find" | "grep" | "egrep" | "rg" | "sort" | "uniq" | "locate" | "fd" => true,
        "ls" => !last.has_letter('l') && !last.has_letter('R') && !last.has_letter('s'),
        _ => false,
    };
    (one_each && prints(last)).then(|| line.then("| wc -l"))
}

fn any_case(line: &Line<'_>) -> Option<String> {
    match find(line) {
        Some((stage, _)) => {
            let named: Vec<(Range<usize>, String)> = (0..stage.words.len())
                .filter_map(|at| {
                    let other = match stage.word(at)? {
                        "-name" => "-iname",
                        "-path" => "-ipath",
                        "-regex" => "-iregex",
                        _ => return None,
                    };
                    Some((stage.spans[at].clone(), other.to_owned()))
                })
                .collect();
            (!named.is_empty()).then(|| line.edited(named))
        }
        None => option(line, ANY_CASE),
    }
}

fn readable(line: &Line<'_>) -> Option<String> {
    // A sort by number would put 2G behind 10M.
    if line.stages.len() > 1 {
        return None;
    }
    option(line, READABLE).or_else(|| {
        let stage = line.single()?;
        let (at, program) = stage.program()?;
        let long = program == "ls" && !stage.has_letter('h');
        long.then(|| line.after(&stage.spans[at], if stage.has_letter('l') { "-h" } else { "-lh" }))
    })
}

fn by_size(line: &Line<'_>) -> Option<String> {
    let last = line.stages.last()?;
    let (_, program) = last.program()?;
    if program == "du" && line.stages.len() == 1 {
        return Some(line.then(if last.has_letter('h') { "| sort -rh" } else { "| sort -rn" }));
    }
    option(line, BY_SIZE)
}

/// A test of `find`, in the place of one of its kind or before what it does with the files.
fn test(line: &Line<'_>, name: &str, value: &str) -> Option<String> {
    let (stage, at) = find(line)?;
    let same = |word: &str| word == name || name == "-name" && word == "-iname";
    let known: Vec<usize> = (0..stage.words.len()).filter(|at| stage.word(*at).is_some_and(same)).collect();
    // `-o` and `!` give a test another meaning.
    if stage.find(&["-o", "-or", "!", "-not", "(", ")"]).is_some() {
        return None;
    }
    match known.as_slice() {
        [] => {
            let last = starts(stage, at).last().unwrap_or(at);
            let place = stage.find(&["-maxdepth", "-mindepth"]).map_or(last, |option| option + 1);
            Some(line.after(stage.spans.get(place)?, &format!("{name} {value}")))
        }
        [known] => Some(line.edited(vec![(stage.spans.get(known + 1)?.clone(), value.to_owned())])),
        _ => None,
    }
}

fn written(line: &Line<'_>, sign: &str, file: &str) -> Option<String> {
    let reads = line.stages.iter().all(|stage| !stage.writes);
    let last = line.stages.last()?;
    let filter = last.program().is_some_and(|(_, program)| FILTERS.contains(&program));
    // A file that begins with a dash is one all the same behind a sign.
    let file = if file.starts_with('~') { quote_path(line.shell, file) } else { quote(line.shell, file) };
    (reads && (filter || prints(last))).then(|| line.then(&format!("{sign} {file}")))
}
