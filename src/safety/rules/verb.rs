//! Programs that are told by words what to do: `delete`, `apps:destroy`, `vm.destroy`, `DeleteInstance`, `--purge`.
//!
//! The first word that says anything decides: `item list delete` lists, and `note add delete` adds.

use super::Invocation;

/// What a word says is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// It looks.
    Reads,
    /// It makes, starts or sets something.
    Makes,
    /// It ends something that can be started again.
    Stops,
    /// It takes something away that may be had again: a package, a registration.
    Removes,
    /// What it takes away is gone.
    Destroys,
}

const READS: &[&str] = &[
    "list",
    "ls",
    "get",
    "show",
    "describe",
    "status",
    "info",
    "view",
    "search",
    "find",
    "help",
    "version",
    "logs",
    "log",
    "diff",
    "inspect",
    "check",
    "validate",
    "verify",
    "stats",
    "top",
    "tail",
    "ps",
    "whoami",
    "explain",
    "history",
    "cat",
    "print",
    "dump",
    "query",
    "lookup",
    "count",
    "preview",
    "plan",
    "lint",
    "doctor",
    "members",
    "health",
    "state",
    "read",
    "peek",
    "watch",
    "events",
    "test",
    "ping",
    "tree",
    "apps",
    "outdated",
    "netcheck",
    "bugreport",
    "listnetworks",
    "listpeers",
    "sourcestats",
    "report",
    "lsv",
    "dsl",
];

const MAKES: &[&str] = &[
    "add", "create", "new", "install", "put", "push", "pull", "up", "start", "run", "deploy", "build", "login", "init",
    "edit", "update", "upgrade", "apply", "import", "export", "copy", "cp", "write", "open", "say", "send", "commit",
    "clone", "fetch", "sync", "connect", "enable", "backup", "snapshot", "launch", "serve", "exec", "mkdir", "tag",
    "restart", "reload", "upload", "download", "attach", "join", "invite", "register", "resume", "use", "switch",
];

const STOPS: &[&str] = &[
    "stop",
    "stopall",
    "kill",
    "down",
    "disable",
    "disconnect",
    "unban",
    "rmdir",
    "clean",
    "gc",
    "logout",
    "detach",
    "clear",
];

const REMOVES: &[&str] = &["rm", "remove", "uninstall", "rmi", "rb", "unset", "unlink", "prune", "unpublish"];

const DESTROYS: &[&str] = &[
    "delete",
    "del",
    "destroy",
    "purge",
    "wipe",
    "erase",
    "drop",
    "terminate",
    "truncate",
    "nuke",
    "zap",
    "obliterate",
    "expunge",
    "decommission",
    "deprovision",
    "unprovision",
    "flush",
    "flushall",
    "flushdb",
    "reset",
    "rollback",
    "revert",
    "revoke",
    "shred",
    "deleteall",
    "rmr",
    "shutdown",
    "poweroff",
    "reboot",
    "evict",
    "deregister",
    "unregister",
    "demote",
    "cleanse",
    "scrub",
    "teardown",
    "dismantle",
    "abandon",
    "strip",
    "eraseall",
    "destroyall",
    "reimage",
    "reinitialize",
    "sanitize",
    "deltree",
    "mdelete",
    "sysreset",
];

/// What a word says, and nothing for a name, a path or a sentence.
pub(super) fn of(word: &str) -> Option<Verb> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.');
    if word.len() < 2
        || word.len() > 48
        || !word.starts_with(|c: char| c.is_ascii_alphabetic())
        || !word.chars().all(plain)
    {
        return None;
    }
    let last = word.rsplit(['.', ':']).next().unwrap_or(word);
    let parts = parts(last);
    let named = |part: &String| {
        let is = |words: &[&str]| words.contains(&part.as_str());
        [
            (DESTROYS, Verb::Destroys),
            (REMOVES, Verb::Removes),
            (STOPS, Verb::Stops),
            (READS, Verb::Reads),
            (MAKES, Verb::Makes),
        ]
        .into_iter()
        .find(|(words, _)| is(words))
        .map(|(_, verb)| verb)
    };
    parts.first().and_then(named).or_else(|| parts.last().and_then(named))
}

/// `delete-bucket`, `erase_flash`, `DeleteInstance`: the words of a word.
fn parts(word: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut small = false;
    for c in word.chars() {
        if matches!(c, '-' | '_') || c.is_ascii_uppercase() && small {
            parts.push(String::new());
        }
        small = c.is_ascii_lowercase();
        if let Some(part) = parts.last_mut().filter(|_| !matches!(c, '-' | '_')) {
            part.push(c.to_ascii_lowercase());
        }
    }
    parts
}

/// Words that are things as often as they are done: `tag delete` deletes.
const THINGS: &[&str] = &[
    "tag", "snapshot", "backup", "build", "log", "logs", "state", "events", "apps", "test", "plan", "history", "image",
    "commit", "export",
];

/// What the command is told to do.
pub(super) fn told(invocation: &Invocation<'_>) -> Option<Verb> {
    let mut words =
        invocation.args.iter().filter(|arg| !arg.text.starts_with(['-', '/', '+']) && !arg.text.contains('=')).take(4);
    let mut thing = None;
    let said = words.find_map(|arg| {
        let verb = of(&arg.text)?;
        if THINGS.contains(&arg.text.as_str()) {
            thing = thing.or(Some(verb));
            return None;
        }
        Some(verb)
    });
    let said = said.or(thing);
    if said != Some(Verb::Reads) && invocation.args.iter().any(|arg| orders(&arg.text)) {
        return Some(Verb::Destroys);
    }
    said
}

/// An option that alone says that something is destroyed: `--purge`, `--wipe-slot=all`, `--yes-i-really-mean-it`.
fn orders(text: &str) -> bool {
    let Some(name) = text.strip_prefix('-') else { return false };
    let name = name.trim_start_matches('-');
    let (name, value) = name.split_once('=').unwrap_or((name, ""));
    if matches!(value, "false" | "no" | "0" | "never") {
        return false;
    }
    let first = name.split(['-', '_']).next().unwrap_or(name);
    matches!(first, "delete" | "purge" | "wipe" | "destroy" | "erase" | "eraseall" | "zap" | "nuke" | "expunge")
        || name.starts_with("yes-i-")
        || name.starts_with("i-know-what-")
}

/// Whether the command only shows what it would do, or how it is used.
pub(super) fn is_rehearsal(invocation: &Invocation<'_>) -> bool {
    let asks = |text: &str| matches!(text, "--help" | "-h" | "-?" | "/?" | "--version");
    invocation.args.iter().any(|arg| {
        let text = arg.text.as_str();
        text.starts_with("--dry-run") && !text.ends_with("=none") && !text.ends_with("=false")
            || matches!(
                text,
                "--dryrun"
                    | "-dryrun"
                    | "--noop"
                    | "--no-op"
                    | "--simulate"
                    | "--what-if"
                    | "--whatif"
                    | "--preview"
                    | "--pretend"
                    | "--no-act"
                    | "--help"
            )
    }) || invocation.args.last().is_some_and(|arg| asks(&arg.text))
}

/// Whether it is about everything there is, or told not to ask.
pub(super) fn is_sweeping(invocation: &Invocation<'_>) -> bool {
    invocation.args.iter().any(|arg| {
        matches!(
            arg.text.as_str(),
            "all" | "*" | ".*" | "--all" | "--force" | "-rf" | "-fr" | "-af" | "-fa" | "--recursive"
        ) || arg.is_unknown()
    })
}
