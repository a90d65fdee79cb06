//! git and the sites around it.

use super::{Arg, Invocation, Options, Risk, Rule, Verdict, rule};

pub(super) const RULES: &[Rule] = &[
    rule("git.force-push", "history on the server replaced"),
    rule("git.delete-remote", "a branch or tag on the server deleted"),
    rule("git.reset-hard", "uncommitted changes thrown away"),
    rule("git.clean", "untracked files deleted"),
    rule("git.discard", "changes in files thrown away"),
    rule("git.delete-branch", "a branch deleted, merged or not"),
    rule("git.stash-lost", "stashed changes thrown away"),
    rule("git.rewrite", "history rewritten"),
    rule("git.expire", "what could still be recovered thrown away"),
    rule("git.change", "the repository changed in a way git can undo"),
    rule("git.delete-repository", "a repository or what belongs to it deleted on the server"),
];

const READS: &[&str] = &[
    "status",
    "log",
    "diff",
    "show",
    "blame",
    "annotate",
    "ls-files",
    "ls-tree",
    "ls-remote",
    "rev-parse",
    "rev-list",
    "describe",
    "shortlog",
    "grep",
    "cat-file",
    "help",
    "version",
    "whatchanged",
    "count-objects",
    "fsck",
    "name-rev",
    "show-ref",
    "for-each-ref",
    "merge-base",
    "cherry",
    "range-diff",
    "archive",
    "bundle",
    "check-ignore",
    "check-attr",
    "diff-tree",
    "diff-index",
    "diff-files",
    "var",
    "verify-commit",
    "verify-tag",
    "show-branch",
    "request-pull",
    "format-patch",
    "--version",
    "--help",
    "instaweb",
    "get-tar-commit-id",
    "difftool",
    "gui",
    "citool",
    "lfs-ls",
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    match invocation.name {
        "git" | "hub" | "yadm" => git(invocation, verdict),
        "gh" | "glab" | "az-devops" => site(invocation, verdict),
        "git-filter-repo" | "bfg" | "git-filter-branch" => {
            verdict.report("git.rewrite", Risk::Dangerous, invocation.whole(), "rewrites the whole history");
        }
        _ => {}
    }
}

fn git(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let mut at = 0;
    while let Some(arg) = invocation.args.get(at).filter(|arg| arg.text.starts_with('-')) {
        if matches!(arg.text.as_str(), "--version" | "--help" | "--exec-path" | "--html-path") {
            break;
        }
        at +=
            if matches!(arg.text.as_str(), "-c" | "-C" | "--git-dir" | "--work-tree" | "--namespace") { 2 } else { 1 };
    }
    let Some((verb, args)) = invocation.args.get(at..).and_then(<[Arg]>::split_first) else {
        return verdict.harmless();
    };
    let valued = match verb.text.as_str() {
        "push" => "o",
        "clean" => "e",
        "commit" => "mCcFt",
        "checkout" | "switch" => "bBcC",
        "branch" => "u",
        "tag" => "mFu",
        "rebase" => "xsX",
        "reset" | "restore" => "",
        _ => "m",
    };
    let options = Options::parse(
        args,
        valued,
        &["--message", "--author", "--date", "--grep", "--exec", "--onto", "--format", "--pretty"],
    );
    // Not when the word is the text of a message.
    let helps = options.asks_for_help() || args.first().is_some_and(|arg| arg.text == "-h");
    let span = verb.span.start..args.last().map_or(verb.span.end, |last| last.span.end.max(verb.span.end));
    if helps || READS.contains(&verb.text.as_str()) {
        return verdict.harmless();
    }
    let call = Call { args, options: &options, span };
    match verb.text.as_str() {
        "push" => push(&call, verdict),
        "reset" => reset(&call, verdict),
        "clean" => clean(&call, verdict),
        "checkout" | "switch" | "restore" => checkout(&call, &verb.text, verdict),
        "branch" | "tag" | "remote" | "worktree" | "notes" | "submodule" => reference(&call, &verb.text, verdict),
        "stash" => stash(&call, verdict),
        "filter-repo" if options.long("dry-run") || options.long("analyze") => verdict.harmless(),
        "filter-branch" | "filter-repo" | "replace" | "fast-import" => {
            verdict.report("git.rewrite", Risk::Dangerous, call.span, "rewrites the whole history");
        }
        "reflog" if matches!(call.word(0), "expire" | "delete") => {
            verdict.report("git.expire", Risk::Dangerous, call.span, "throws away what could still be recovered");
        }
        "gc" | "prune" | "repack" => {
            let now = args
                .iter()
                .any(|arg| arg.text.starts_with("--prune=") || arg.text == "--expire=now" || arg.text == "now")
                || verb.text == "prune" && !options.any("n", "dry-run");
            let (rule, risk) = if now { ("git.expire", Risk::Dangerous) } else { ("git.change", Risk::Caution) };
            verdict.report(rule, risk, call.span, "tidies up objects nothing refers to any more");
        }
        "update-ref" | "symbolic-ref" if options.any("d", "delete") => {
            verdict.report("git.delete-branch", Risk::Dangerous, call.span, "deletes a reference");
        }
        "read-tree" if options.long("reset") => {
            verdict.report(
                "git.reset-hard",
                Risk::Dangerous,
                call.span,
                "throws away every change that is not committed",
            );
        }
        "checkout-index" if options.any("f", "force") => {
            verdict.report("git.discard", Risk::Dangerous, call.span, "throws away changes that are not committed");
        }
        "lfs" if call.word(0) == "prune" && !options.long("dry-run") => {
            verdict.report("git.expire", Risk::Dangerous, call.span, "throws away large files kept for older commits");
        }
        "reflog" => verdict.harmless(),
        "config" => {
            let reads = options.long("list")
                || options.short('l')
                || options.long("get")
                || options.long("get-all")
                || options.long("get-regexp")
                || options.operands.len() == 1
                || call.word(0) == "list"
                || call.word(0) == "get";
            change(!reads, &call, verdict);
        }
        "rm" => {
            let keeps = options.long("cached") || options.any("n", "dry-run");
            let (rule, risk) = if !keeps && options.any("f", "f|orce") {
                ("git.discard", Risk::Dangerous)
            } else {
                ("git.change", Risk::Caution)
            };
            verdict.report(rule, risk, call.span, "removes files from the folder and from git");
        }
        "fetch" | "add" if options.any("n", "dry-run") => verdict.harmless(),
        "bisect" if matches!(call.word(0), "log" | "view" | "visualize" | "terms") => verdict.harmless(),
        "lfs" if matches!(call.word(0), "ls-files" | "status" | "env") => verdict.harmless(),
        _ => change(true, &call, verdict),
    }
}

struct Call<'a> {
    args: &'a [Arg],
    options: &'a Options<'a>,
    span: std::ops::Range<usize>,
}

impl Call<'_> {
    fn word(&self, at: usize) -> &str {
        self.options.operands.get(at).map_or("", |arg| arg.text.as_str())
    }

    fn find(&self, texts: &[&str]) -> Option<&Arg> {
        self.args.iter().find(|arg| texts.contains(&arg.text.as_str()))
    }
}

fn change(changes: bool, call: &Call<'_>, verdict: &mut Verdict) {
    if changes {
        verdict.report("git.change", Risk::Caution, call.span.clone(), "changes the repository; git can undo it");
    } else {
        verdict.harmless();
    }
}

fn push(call: &Call<'_>, verdict: &mut Verdict) {
    let options = call.options;
    if options.any("n", "dry-run") {
        return verdict.harmless();
    }
    let forced_reference = options.operands.iter().skip(1).any(|arg| arg.text.starts_with('+'));
    let deleted_reference = options.operands.iter().skip(1).find(|arg| arg.text.starts_with(':') && arg.text.len() > 1);
    if options.any("d", "d|elete") || deleted_reference.is_some() || options.long("prune") {
        let span = deleted_reference.map_or(call.span.clone(), |arg| arg.span.clone());
        verdict.report("git.delete-remote", Risk::Dangerous, span, "deletes a branch or tag on the server");
    }
    if options.short('f') || options.long("force") || options.long("mirror") || forced_reference {
        verdict.report(
            "git.force-push",
            Risk::Dangerous,
            call.span.clone(),
            "replaces the history on the server; what others pushed is lost",
        );
        if let Some(flag) = call.find(&["--force", "-f"]) {
            verdict.suggest(Risk::Dangerous, flag.span.clone(), || "--force-with-lease --force-if-includes".to_owned());
        }
    } else {
        verdict.report("git.change", Risk::Caution, call.span.clone(), "sends commits to the server");
    }
}

fn reset(call: &Call<'_>, verdict: &mut Verdict) {
    let hard = call
        .find(&["--hard"])
        .or_else(|| call.args.iter().find(|arg| arg.text.len() > 3 && "--hard".starts_with(&arg.text)));
    if let Some(flag) = hard.or_else(|| call.find(&["--merge"])) {
        verdict.report(
            "git.reset-hard",
            Risk::Dangerous,
            call.span.clone(),
            "throws away every change that is not committed",
        );
        verdict.suggest(Risk::Dangerous, flag.span.clone(), || "--keep".to_owned());
        return;
    }
    change(true, call, verdict);
}

fn clean(call: &Call<'_>, verdict: &mut Verdict) {
    let options = call.options;
    if options.any("n", "dry-run") {
        return verdict.harmless();
    }
    if options.any("f", "f|orce") || options.any("i", "interactive") {
        verdict.report("git.clean", Risk::Dangerous, call.span.clone(), "deletes files git does not know, for good");
        if let Some(flag) = call.find(&["-f", "--force", "-fd", "-df", "-fdx", "-xdf", "-ffdx", "-dfx", "-fx", "-xfd"])
        {
            let letters: String =
                flag.text.trim_start_matches('-').chars().filter(|c| matches!(c, 'd' | 'x' | 'X')).collect();
            verdict.suggest(Risk::Dangerous, flag.span.clone(), || {
                format!("-n{}", if flag.text == "--force" { String::new() } else { letters })
            });
        }
        return;
    }
    // Without -f git refuses to clean anything.
    verdict.harmless();
}

fn checkout(call: &Call<'_>, verb: &str, verdict: &mut Verdict) {
    let options = call.options;
    let paths = call.args.iter().position(|arg| arg.text == "--").is_some_and(|at| at + 1 < call.args.len());
    let discards = match verb {
        "restore" => !options.long("staged") && !options.short('S') || options.any("W", "worktree"),
        "switch" => options.any("f", "f|orce") || options.long("d|iscard-changes"),
        _ => {
            options.any("f", "f|orce")
                || paths
                || options.operands.iter().any(|arg| matches!(arg.text.as_str(), "." | "./" | "*" | ":/"))
                    && !options.short('p')
                    && !options.long("patch")
        }
    };
    if discards {
        verdict.report("git.discard", Risk::Dangerous, call.span.clone(), "throws away changes that are not committed");
        let span = call.span.clone();
        verdict.suggest(Risk::Dangerous, span, || "stash".to_owned());
        return;
    }
    change(true, call, verdict);
}

fn reference(call: &Call<'_>, verb: &str, verdict: &mut Verdict) {
    let options = call.options;
    let action = call.word(0);
    match verb {
        "branch" => {
            let forced_delete = options.short('D') || (options.any("d", "d|elete") && options.any("f", "f|orce"));
            if forced_delete {
                verdict.report(
                    "git.delete-branch",
                    Risk::Dangerous,
                    call.span.clone(),
                    "deletes a branch even when its commits are nowhere else",
                );
                if let Some(flag) = call.find(&["-D"]) {
                    verdict.suggest(Risk::Dangerous, flag.span.clone(), || "-d".to_owned());
                }
                return;
            }
            let lists = options.operands.is_empty()
                || options.long("list")
                || options.any("avr", "all")
                || options.long("show-current")
                || options.long("contains")
                || options.long("merged")
                || options.long("no-merged");
            change(!lists || options.any("dmMcCf", "delete"), call, verdict);
        }
        "tag" => change(
            !(options.operands.is_empty()
                || options.any("ln", "list")
                || options.long("contains")
                || options.any("v", "verify")),
            call,
            verdict,
        ),
        "remote" => change(!(action.is_empty() || matches!(action, "show" | "get-url" | "-v")), call, verdict),
        "worktree" | "submodule" | "notes" => {
            if matches!(action, "remove" | "deinit") && options.any("f", "f|orce") {
                return verdict.report(
                    "git.discard",
                    Risk::Dangerous,
                    call.span.clone(),
                    "removes a working folder with its changes",
                );
            }
            change(!matches!(action, "list" | "status" | "show" | "summary" | ""), call, verdict);
        }
        _ => change(true, call, verdict),
    }
}

fn stash(call: &Call<'_>, verdict: &mut Verdict) {
    match call.word(0) {
        "drop" | "clear" => {
            verdict.report("git.stash-lost", Risk::Dangerous, call.span.clone(), "throws stashed changes away");
        }
        "list" | "show" => verdict.harmless(),
        _ => change(true, call, verdict),
    }
}

fn site(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let (thing, action) = (invocation.word(0), invocation.word(1));
    let method = invocation
        .args
        .windows(2)
        .any(|pair| matches!(pair[0].text.as_str(), "-X" | "--method") && pair[1].text == "DELETE");
    if method || matches!(action, "delete" | "remove" | "archive") && !matches!(thing, "label" | "alias" | "extension")
    {
        verdict.report(
            "git.delete-repository",
            Risk::Dangerous,
            invocation.whole(),
            format!("deletes a {thing} on the server"),
        );
    } else if matches!(action, "list" | "view" | "status" | "diff" | "checks" | "watch" | "search" | "ls" | "get")
        || matches!(thing, "search" | "status" | "browse" | "help" | "api" | "--version" | "version")
    {
        verdict.harmless();
    } else {
        verdict.report("git.change", Risk::Caution, invocation.whole(), "changes something on the server");
    }
}
