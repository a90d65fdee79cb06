//! Removing files and folders: `rm`, `rmdir`, `unlink`, `shred`, `find -delete`, `mv … /dev/null`, `rsync --delete`.

use super::{Arg, Invocation, Place, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("delete.root", "the removal of the root folder, a home or a system folder"),
    rule("delete.vital-file", "the removal of a file the system cannot run without"),
    rule("delete.folder", "the removal of a folder with everything in it"),
    rule("delete.here", "the removal of everything in the working folder or above it"),
    rule("delete.unknown", "a recursive removal of something only known when it runs"),
    rule("delete.files", "the removal of files"),
    rule("delete.shred", "files overwritten so that nothing brings them back"),
    rule("delete.found", "the removal of whatever a search finds"),
    rule("delete.discarded", "files moved to where nothing comes back from"),
    rule("delete.mirror", "the removal of everything a mirror's source has not"),
    rule("delete.trash", "the emptying of the trash"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "rm" | "grm" | "unlink" | "srm" | "zf_rm" | "rmdir" | "rimraf" | "del-cli" => remove(invocation, verdict),
        "trash" | "trash-put" | "gio" if !invocation.has(&["--empty"]) => {
            let changes = invocation.name != "gio" || invocation.has(&["trash"]);
            if changes {
                verdict.report("delete.files", Risk::Caution, invocation.whole(), "moves files to the trash");
            }
        }
        "trash-empty" | "gio" => {
            verdict.report("delete.trash", Risk::Dangerous, invocation.whole(), "empties the trash for good");
        }
        "shred" | "wipe" | "scrub" | "sfill" => shred(invocation, verdict),
        "find" | "gfind" | "fd" | "fdfind" | "bfs" => find(invocation, verdict),
        "mv" => discard(invocation, verdict),
        "rsync" => mirror(invocation, verdict),
        "rclone"
            if matches!(invocation.word(0), "purge" | "delete" | "deletefile" | "sync" | "rmdirs" | "cleanup")
                && !invocation.has(&["--dry-run", "-n"]) =>
        {
            verdict.report("delete.mirror", Risk::Dangerous, invocation.whole(), "deletes files at the other end");
        }
        _ => {}
    }
}

/// One thing about to be removed; `whole` when folders go with everything in them.
pub(super) fn removal(invocation: &Invocation<'_>, target: &Arg, whole: Whole, verdict: &mut Verdict) {
    let text = shown(&target.text);
    let place = invocation.place(&target.text);
    let span = target.span.clone();
    match (place, whole) {
        (Place::Root | Place::Home | Place::System, Whole::Folder) => {
            verdict.report("delete.root", Risk::Blocked, span, format!("deletes {text} and everything in it"));
        }
        (Place::Vital | Place::Disk, _) => {
            verdict.report("delete.vital-file", Risk::Blocked, span, format!("deletes {text}, which the system needs"));
        }
        (Place::Here | Place::Above, Whole::Folder) => {
            verdict.report(
                "delete.here",
                Risk::Dangerous,
                span,
                format!(
                    "deletes everything in {}",
                    if place == Place::Here { "the folder you are in" } else { "a folder above the one you are in" }
                ),
            );
        }
        (Place::Unknown, Whole::Folder) => {
            verdict.report(
                "delete.unknown",
                Risk::Dangerous,
                span,
                "deletes a folder whose name is only known when it runs; if it is empty, that may be everything",
            );
        }
        (_, Whole::Folder) => verdict.report(
            "delete.folder",
            Risk::Dangerous,
            span,
            format!("deletes {text} and everything in it, for good"),
        ),
        (Place::Root | Place::Home | Place::System | Place::Personal, Whole::Files) if target.text.contains('*') => {
            verdict.report("delete.files", Risk::Dangerous, span, format!("deletes every file {text} stands for"));
        }
        (Place::SystemFile | Place::Startup | Place::Secret | Place::Log, Whole::Files) => {
            verdict.report(
                "delete.files",
                Risk::Dangerous,
                span,
                format!("deletes {text}, which is not easily made again"),
            );
        }
        (Place::Here | Place::Above | Place::Unknown | Place::Ordinary, Whole::Files) if everything(&target.text) => {
            verdict.report("delete.files", Risk::Dangerous, span, format!("deletes every file {text} stands for"));
        }
        (_, Whole::Files)
            if target.is_unknown()
                && (!target.text.contains('/') || target.text.ends_with(crate::safety::place::HOLE)) =>
        {
            verdict.report(
                "delete.files",
                Risk::Dangerous,
                span,
                "deletes files whose names are only known when it runs",
            );
        }
        (_, Whole::Files) => verdict.report("delete.files", Risk::Caution, span, format!("deletes {text}")),
    }
}

/// `*`, `.*`, `*.*`, `**/*`, `!(keep)`: whatever is there.
fn everything(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.split_once('(').map_or(name, |(before, _)| if before.is_empty() { name } else { before });
    (name.contains('*') && name.chars().all(|c| matches!(c, '*' | '.' | '?')))
        || path.contains("!(")
        || path.starts_with("**/")
}

/// Whether a removal takes folders with everything in them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Folder,
    Files,
}

/// A text for a message: holes are shown as dots.
pub(crate) fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c == super::super::place::HOLE { '…' } else { c })
        .filter(|c| !c.is_control())
        .take(80)
        .collect()
}

fn remove(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("", &[]);
    if options.asks_for_help() {
        return verdict.harmless();
    }
    let recursive = options.any("rR", "r|ecursive") || matches!(invocation.name, "rimraf" | "del-cli" | "srm");
    let whole = if recursive { Whole::Folder } else { Whole::Files };
    if invocation.name == "rmdir" {
        return verdict.report("delete.files", Risk::Caution, invocation.whole(), "removes empty folders");
    }
    for target in &options.operands {
        removal(invocation, target, whole, verdict);
    }
    if options.operands.is_empty() {
        verdict.report("delete.files", Risk::Caution, invocation.whole(), "deletes files");
    }
    if recursive && !options.operands.is_empty() && !options.operands.iter().any(|target| target.is_unknown()) {
        suggest_trash(invocation, &options.operands, verdict);
    }
}

/// The same files, but they can be had back.
fn suggest_trash(invocation: &Invocation<'_>, targets: &[&Arg], verdict: &mut Verdict) {
    let catastrophic = targets
        .iter()
        .map(|target| invocation.place(&target.text))
        .any(|place| place.is_catastrophic() || place == Place::Above);
    if catastrophic || invocation.span.is_empty() {
        return;
    }
    verdict.suggest(Risk::Dangerous, invocation.span.clone(), || {
        let program = if invocation.context.os == crate::context::Os::MacOs { "trash" } else { "gio trash" };
        targets.iter().fold(program.to_owned(), |line, target| {
            let live = target.text.contains(['*', '?', '[']);
            let word = if live {
                target.text.clone()
            } else {
                crate::shell::quote_path(invocation.shell, &target.text).into_owned()
            };
            line + " " + &word
        })
    });
}

fn shred(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("ns", &["--iterations", "--size", "--random-source"]);
    if options.asks_for_help() {
        return verdict.harmless();
    }
    for target in &options.operands {
        let place = invocation.place(&target.text);
        let risk = if matches!(place, Place::Disk | Place::Vital) || place.is_catastrophic() {
            Risk::Blocked
        } else {
            Risk::Dangerous
        };
        verdict.report(
            "delete.shred",
            risk,
            target.span.clone(),
            format!("overwrites {} so that nothing brings it back", shown(&target.text)),
        );
    }
}

/// Whether a search of `find` has a condition: then it means some of the files, and not all of them.
pub(crate) fn narrowed(args: &[Arg]) -> bool {
    const CONDITIONS: &[&str] = &[
        "-name",
        "-iname",
        "-path",
        "-ipath",
        "-wholename",
        "-regex",
        "-iregex",
        "-mtime",
        "-mmin",
        "-atime",
        "-amin",
        "-ctime",
        "-cmin",
        "-size",
        "-newer",
        "-anewer",
        "-cnewer",
        "-user",
        "-group",
        "-uid",
        "-gid",
        "-nouser",
        "-nogroup",
        "-empty",
        "-perm",
        "-inum",
        "-links",
        "-lname",
        "-samefile",
        "-used",
    ];
    args.iter().any(|arg| CONDITIONS.contains(&arg.text.as_str()))
}

fn find(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    // What `-exec` runs was judged on its own.
    let exec = invocation.has(&["-exec", "-execdir", "-ok", "-okdir", "-x", "-X", "--exec", "--exec-batch"]);
    if exec {
        verdict.harmless();
    }
    for write in ["-fprint", "-fprintf", "-fls", "-fprint0"] {
        if let Some(at) = invocation.args.iter().position(|arg| arg.text == write)
            && let Some(file) = invocation.args.get(at + 1)
        {
            super::overwrite::target(invocation.place(&file.text), file, verdict);
        }
    }
    let Some(delete) = invocation.args.iter().find(|arg| arg.text == "-delete") else { return };
    let starts: Vec<&Arg> = invocation.args.iter().take_while(|arg| !arg.text.starts_with(['-', '(', '!'])).collect();
    let narrowed = narrowed(invocation.args);
    let worst = starts.iter().map(|start| invocation.place(&start.text)).find(|place| place.is_catastrophic());
    match (worst, narrowed) {
        (Some(_), false) => verdict.report(
            "delete.root",
            Risk::Blocked,
            delete.span.clone(),
            "deletes everything below a folder nobody can do without",
        ),
        _ => verdict.report(
            "delete.found",
            Risk::Dangerous,
            delete.span.clone(),
            "deletes every file the search finds, for good",
        ),
    }
    let span = delete.span.clone();
    verdict.suggest(Risk::Dangerous, span, || "-print".to_owned());
}

fn discard(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("tS", &["--target-directory", "--suffix"]);
    let target =
        options.value('t', "target-directory").or_else(|| options.operands.last().map(|arg| arg.text.as_str()));
    let Some(target) = target else { return };
    let sources = options.operands.len().saturating_sub(1).max(usize::from(options.short('t')));
    if target == "/dev/null" {
        let worst =
            options.operands.iter().take(sources).map(|arg| invocation.place(&arg.text)).any(Place::is_catastrophic);
        let risk = if worst { Risk::Blocked } else { Risk::Dangerous };
        return verdict.report(
            "delete.discarded",
            risk,
            invocation.whole(),
            "moves files to /dev/null, where they are lost",
        );
    }
    for source in options.operands.iter().take(sources) {
        let place = invocation.place(&source.text);
        if source.text == ".git" || source.text.ends_with("/.git") {
            verdict.report("delete.discarded", Risk::Dangerous, source.span.clone(), "moves the whole history away");
        } else if place.is_catastrophic() || place == Place::Vital {
            let gone = matches!(place, Place::Root | Place::Vital) || is_needed_at_once(&source.text);
            let risk = if gone { Risk::Blocked } else { Risk::Dangerous };
            verdict.report(
                "delete.discarded",
                risk,
                source.span.clone(),
                format!("moves {} away from where it is needed", shown(&source.text)),
            );
        } else if place == Place::SystemFile {
            verdict.report(
                "delete.discarded",
                Risk::Dangerous,
                source.span.clone(),
                format!("moves {}, which belongs to the system", shown(&source.text)),
            );
        }
    }
}

/// Folders without which not even the command that puts them back can be run.
fn is_needed_at_once(path: &str) -> bool {
    matches!(
        path.trim_end_matches(['/', '*']),
        "/bin" | "/sbin" | "/lib" | "/lib64" | "/usr" | "/etc" | "/usr/bin" | "/usr/sbin" | "/usr/lib" | "/usr/lib64"
    )
}

fn mirror(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options("efB", &["--rsh", "--exclude", "--include", "--filter"]);
    if options.any("n", "dry-run") || options.asks_for_help() {
        return verdict.harmless();
    }
    let deletes = [
        "delete",
        "del",
        "delete-before",
        "delete-during",
        "delete-after",
        "delete-excluded",
        "delete-delay",
        "remove-source-files",
        "delete-missing-args",
    ];
    if deletes.iter().any(|name| options.long(name)) {
        let place = options.operands.last().map_or(Place::Unknown, |target| invocation.place(&target.text));
        let risk = if place.is_catastrophic() { Risk::Blocked } else { Risk::Dangerous };
        verdict.report("delete.mirror", risk, invocation.whole(), "deletes at one end what the other has not");
        if let Some(first) = invocation.args.first() {
            let span = first.span.start..first.span.start;
            verdict.suggest(Risk::Dangerous, span, || "--dry-run ".to_owned());
        }
    }
}
