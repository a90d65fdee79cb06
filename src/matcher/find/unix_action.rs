//! Writes what is done with the hits of `find`.

use super::query::{Action, Chosen, Key, Order, Query, Target, Test};
use super::unix::{Flavor, push, quote_glob, value};
use crate::shell::{Shell, quote, quote_path};

/// Appends the action to a command line whose tests are written; `None` when there is no plain way to say it.
pub(super) fn action(line: &mut String, query: &Query, pruned: bool, flavor: Flavor, shell: Shell) -> Option<()> {
    if let Some(chosen) = query.chosen {
        return some_of_them(line, query, chosen, flavor, shell);
    }
    let stat = |gnu: &'static str, bsd: &'static str| if flavor == Flavor::Gnu { gnu } else { bsd };
    let before = line.len();
    let path = |text: &str| value(text, shell, |text, shell| quote_path(shell, text).into_owned());
    let word = |text: &str| value(text, shell, |text, shell| quote(shell, text).into_owned());
    match &query.action {
        Action::List | Action::Count => {}
        Action::LongList if query.target == Target::File => line.push_str(" -exec ls -lh {} +"),
        Action::LongList => line.push_str(" -exec ls -ldh {} +"),
        Action::BareNames => line.push_str(stat(" -printf '%f\\n'", " -exec basename {} \\;")),
        Action::SizesAndNames => line.push_str(stat(" -printf '%s %p\\n'", " -exec stat -f '%z %N' {} +")),
        Action::Parents => line.push_str(stat(" -printf '%h\\n' | sort -u", " -exec dirname {} \\; | sort -u")),
        Action::NullSeparated => line.push_str(" -print0"),
        Action::CountLines => line.push_str(" -exec cat {} + | wc -l"),
        Action::CountWords => line.push_str(" -exec cat {} + | wc -w"),
        Action::LinesOfEach => line.push_str(" -exec wc -l {} +"),
        Action::TotalSize => {
            line.push_str(stat(" -printf '%s\\n'", " -exec stat -f %z {} +"));
            line.push_str(" | awk '{s += $1} END {print s + 0}'");
        }
        Action::DiskUsage => line.push_str(" -exec du -ch {} +"),
        Action::Sort(order) => sort(line, *order, flavor, pruned),
        Action::Delete if query.target == Target::Folder && !query.any(|test| *test == Test::Empty) => {
            line.push_str(" -prune -exec rm -rf {} +");
        }
        Action::Delete if query.target == Target::Any && query.any(Test::is_name) => {
            line.push_str(" -prune -exec rm -rf {} +");
        }
        Action::Delete => line.push_str(" -delete"),
        Action::DeleteAsking => line.push_str(" -exec rm -i {} \\;"),
        Action::MoveTo(target) => push(line, &format!("-exec mv {{}} {} \\;", path(target))),
        Action::CopyTo(target) => {
            let recursive = if query.target == Target::Folder { "-r " } else { "" };
            push(line, &format!("-exec cp {recursive}{{}} {} \\;", path(target)));
        }
        Action::CopyTreeTo(target) => match flavor {
            Flavor::Gnu => push(line, &format!("-exec cp --parents {{}} {} \\;", path(target))),
            Flavor::Bsd => push(line, &format!("| cpio -pdm {}", path(target))),
        },
        Action::JoinInto(target) => {
            // What is written is none of what is read.
            let name = target.rsplit('/').next().unwrap_or(target);
            push(line, &format!("! -name {} -exec cat {{}} + > {}", quote(shell, name), path(target)));
        }
        Action::LinkIn(target) => push(line, &format!("-exec ln -s {{}} {} \\;", path(target))),
        Action::ArchiveInto(target) => archive(line, target, shell),
        Action::Compress(tool) => push(line, &format!("-exec {tool} {{}} +")),
        Action::Decompress => line.push_str(" -exec gunzip {} +"),
        Action::Chmod(mode) => push(line, &format!("-exec chmod {} {{}} +", word(mode))),
        Action::Chown(owner) => push(line, &format!("-exec sudo chown {} {{}} +", word(owner))),
        Action::Chgrp(group) => push(line, &format!("-exec sudo chgrp {} {{}} +", word(group))),
        Action::TouchIn(name) => push(line, &format!("-exec touch {{}}/{} \\;", quote(shell, name))),
        Action::Touch => line.push_str(" -exec touch {} +"),
        Action::Containing(text) => push(line, &grep("-l", query, text, shell)),
        Action::NotContaining(text) => push(line, &grep("-L", query, text, shell)),
        Action::Grep { text, numbered } => push(line, &grep(if *numbered { "-n" } else { "" }, query, text, shell)),
        Action::Replace { old, new } => {
            // Slashes read better between other marks.
            let mark = if (old.contains('/') || new.contains('/')) && !old.contains('|') && !new.contains('|') {
                '|'
            } else {
                '/'
            };
            let special = if mark == '|' { (r"\.*[]^$", r"\&") } else { (r"\/.*[]^$", r"\/&") };
            let script = format!("s{mark}{}{mark}{}{mark}g", escape(old, special.0), escape(new, special.1));
            push(line, &format!("-exec sed -i{} {} {{}} +", stat("", " ''"), quote(shell, &script)));
        }
        Action::Print => line.push_str(" -exec cat {} +"),
        Action::Head(count) => push(line, &format!("-exec head -n {count} {{}} \\;")),
        Action::Tail(count) => push(line, &format!("-exec tail -n {count} {{}} \\;")),
        Action::Checksum(tool) => {
            let tool = match (*tool, flavor) {
                ("md5sum", Flavor::Bsd) => "md5",
                ("sha1sum", Flavor::Bsd) => "shasum",
                ("sha256sum", Flavor::Bsd) => "shasum -a 256",
                (tool, _) => tool,
            };
            push(line, &format!("-exec {tool} {{}} +"));
        }
        Action::FileType => line.push_str(" -exec file {} +"),
        Action::Each(each) => push(line, &format!("-exec {each} {{}} +")),
        Action::Run(words) => {
            let words: Vec<String> = words.iter().map(|text| word(text)).collect();
            push(line, &format!("-exec {} {{}} \\;", words.join(" ")));
        }
    }
    // Behind `-prune -o` nothing is printed unless it is said.
    if pruned && (line.len() == before || line[before..].starts_with(" |")) {
        line.insert_str(before, " -print");
    }
    if query.action == Action::Count || query.counted {
        line.push_str(" | wc -l");
    }
    if let Some(limit) = query.limit {
        push(line, &format!("| head -n {limit}"));
    }
    Some(())
}

// The hits in an order, so many of them, and a program for those.
fn some_of_them(line: &mut String, query: &Query, chosen: Chosen, flavor: Flavor, shell: Shell) -> Option<()> {
    let path = |text: &str| value(text, shell, |text, shell| quote_path(shell, text).into_owned());
    let direction = if chosen.descending { "rn" } else { "n" };
    let by_size = chosen.by == Key::Size;
    let gnu = flavor == Flavor::Gnu;
    // Names may have line ends in them; BSD has no way to keep those through `sort`.
    let zero = if gnu { "z" } else { "" };
    push(
        line,
        match (gnu, by_size) {
            (true, true) => "-printf '%s\\t%p\\0'",
            (true, false) => "-printf '%T@\\t%p\\0'",
            (false, true) => "-exec stat -f '%z%t%N' {} +",
            (false, false) => "-exec stat -f '%m%t%N' {} +",
        },
    );
    push(line, &format!("| sort -{zero}{direction}"));
    push(
        line,
        &if chosen.rest {
            format!("| tail -{zero}n +{}", chosen.count + 1)
        } else {
            format!("| head -{zero}n {}", chosen.count)
        },
    );
    push(line, &format!("| cut -{zero}f2-"));
    if !gnu {
        line.push_str(" | tr '\\n' '\\0'");
    }
    let each = |program: &str, target: &str| {
        if gnu {
            format!("| xargs -0 -r {program} -t {}", path(target))
        } else {
            format!("| xargs -0 -I {{}} {program} {{}} {}", path(target))
        }
    };
    let empty = if gnu { " -r" } else { "" };
    let end = match &query.action {
        Action::Delete if query.target == Target::File => format!("| xargs -0{empty} rm"),
        Action::MoveTo(target) => each("mv", target),
        Action::CopyTo(target) => each("cp", target),
        Action::ArchiveInto(target) if target.to_ascii_lowercase().ends_with(".zip") => {
            format!("| xargs -0 zip {}", path(target))
        }
        Action::ArchiveInto(target) => format!("| {}", tar(target, shell)),
        Action::Chmod(mode) => format!("| xargs -0 chmod {}", quote(shell, mode)),
        _ => return None,
    };
    push(line, &end);
    Some(())
}

fn escape(text: &str, special: &str) -> String {
    text.chars().flat_map(|c| special.contains(c).then_some('\\').into_iter().chain([c])).collect()
}

fn grep(flag: &str, query: &Query, text: &str, shell: Shell) -> String {
    format!("-exec {} {{}} +", grep_words(flag, query, text, shell))
}

fn grep_words(flag: &str, query: &Query, text: &str, shell: Shell) -> String {
    let mut letters = flag.trim_start_matches('-').to_owned();
    if query.ignore_case {
        letters.push('i');
    }
    // The text is meant as it stands, unless it was called a pattern.
    if text.contains(['*', '[', '\\', '^', '$']) && !super::words::is_variable(text) {
        letters.push('F');
    }
    let flags = if letters.is_empty() { String::new() } else { format!(" -{letters}") };
    let dash = if text.starts_with('-') { " -e" } else { "" };
    format!("grep{flags}{dash} {}", quote_glob(text, shell))
}

fn sort(line: &mut String, order: Order, flavor: Flavor, pruned: bool) {
    let field = match (order.by, flavor) {
        (Key::Name, _) => {
            if pruned {
                line.push_str(" -print");
            }
            line.push_str(" | sort");
            if order.descending {
                line.push_str(" -r");
            }
            head(line, order);
            return;
        }
        (Key::Size, Flavor::Gnu) => " -printf '%s %p\\n'",
        (Key::Time, Flavor::Gnu) => " -printf '%T@ %p\\n'",
        (Key::Accessed, Flavor::Gnu) => " -printf '%A@ %p\\n'",
        (Key::Size, Flavor::Bsd) => " -exec stat -f '%z %N' {} +",
        (Key::Time, Flavor::Bsd) => " -exec stat -f '%m %N' {} +",
        (Key::Accessed, Flavor::Bsd) => " -exec stat -f '%a %N' {} +",
    };
    line.push_str(field);
    line.push_str(if order.descending { " | sort -rn" } else { " | sort -n" });
    head(line, order);
    // A size is worth reading, seconds since 1970 are not.
    if order.by != Key::Size {
        line.push_str(" | cut -d' ' -f2-");
    }
}

fn head(line: &mut String, order: Order) {
    if let Some(take) = order.take {
        push(line, &format!("| head -n {take}"));
    }
}

fn archive(line: &mut String, name: &str, shell: Shell) {
    let lower = name.to_ascii_lowercase();
    let target = value(name, shell, |target, shell| quote_path(shell, target).into_owned());
    let ending = lower.rsplit('.').next();
    if ending == Some("zip") {
        push(line, &format!("-exec zip {target} {{}} +"));
        return;
    }
    push(line, &format!("-print0 | {}", tar(name, shell)));
}

// Packs what it reads.
fn tar(target: &str, shell: Shell) -> String {
    let lower = target.to_ascii_lowercase();
    let compression = match lower.rsplit('.').next() {
        Some("gz" | "tgz") => "z",
        Some("bz2") => "j",
        Some("xz") => "J",
        _ => "",
    };
    let target = value(target, shell, |target, shell| quote_path(shell, target).into_owned());
    format!("tar -c{compression}f {target} --null -T -")
}

/// Files with a text in them need no find, unless more than their names is asked.
pub(super) fn plain_grep(query: &Query, shell: Shell) -> Option<String> {
    let flag = match &query.action {
        Action::Containing(_) => "-rl",
        Action::NotContaining(_) => "-rL",
        _ => return None,
    };
    let (Action::Containing(text) | Action::NotContaining(text)) = &query.action else { return None };
    if query.is_filtered() || query.depth.is_some() || query.at_least.is_some() || query.walk.one_filesystem {
        return None;
    }
    let mut line = grep_words(flag, query, text, shell);
    for place in super::unix::places(query, shell) {
        push(&mut line, &place);
    }
    if query.counted {
        line.push_str(" | wc -l");
    }
    Some(line)
}
