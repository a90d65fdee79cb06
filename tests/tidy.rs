//! House rules that the compiler cannot hold: the direction of dependencies, the length of files, where platforms may be told
//! apart, words that say nothing. Reads the sources as text, so that a rule is one row of a table.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Which of our modules a module may use. The order is the architecture's: leaves first.
const EDGES: &[(&str, &[&str])] = &[
    ("shell", &[]),
    ("paths", &[]),
    ("normalize", &[]),
    ("shortcut", &[]),
    ("context", &["shell"]),
    ("proposal", &["context"]),
    ("storage", &[]),
    ("timing", &[]),
    ("net", &[]),
    ("weights", &["net", "storage"]),
    ("remote", &["net"]),
    ("telemetry", &["error", "storage", "timing"]),
    ("history", &["error", "normalize", "shell", "storage"]),
    ("cheatsheet", &["error", "matcher", "notice", "storage"]),
    ("config", &["context", "error", "notice", "paths", "shell", "storage"]),
    ("resident", &["error", "paths", "storage"]),
    ("notice", &["error"]),
    ("matcher", &["proposal", "normalize", "shell", "context"]),
    ("llm", &["net", "proposal", "remote", "shell", "context", "storage", "timing"]),
    ("safety", &["shell", "context"]),
    ("radius", &["context", "safety"]),
    ("explain", &["shell", "context"]),
    ("followup", &["shell"]),
    ("policy", &["error", "notice", "paths", "safety"]),
    ("tool", &["context", "safety", "shell"]),
    ("suggestion", &["proposal", "safety", "timing", "tool"]),
    (
        "engine",
        &[
            "context",
            "followup",
            "history",
            "llm",
            "matcher",
            "normalize",
            "policy",
            "proposal",
            "safety",
            "shell",
            "suggestion",
            "timing",
            "tool",
        ],
    ),
    (
        "setup",
        &["config", "engine", "history", "llm", "net", "notice", "error", "paths", "remote", "storage", "weights"],
    ),
    ("error", &["cheatsheet", "config", "telemetry", "history", "llm", "net", "remote", "resident", "weights"]),
];

/// Where `cfg(target_os)` and its relatives may stand: the seams.
const PLATFORM_SEAMS: &[&str] = &[
    "src/context/",
    "src/paths.rs",
    "src/storage/",
    "src-tauri/src/platform/",
    "src-tauri/src/hotkey/",
    "stage/",
    "xtask/",
];

/// Suffixes of type names that say nothing about what the type is.
const EMPTY_WORDS: &[&str] = &["Manager", "Service", "Helper", "Util", "Utils", "Processor", "Info"];

const MAX_LINES: usize = 600;

#[test]
fn modules_use_only_what_the_architecture_lets_them() {
    let mut wrong = String::new();
    for file in sources(&["src"], &["rs"]) {
        let Some(module) = module_of(&file) else { continue };
        let allowed = EDGES.iter().find(|(name, _)| *name == module).map(|(_, allowed)| *allowed);
        let text = read(&file);
        let Some(allowed) = allowed else {
            let _ = writeln!(wrong, "{}: module `{module}` has no row in EDGES", shown(&file));
            continue;
        };
        for used in text.lines().filter_map(used_module) {
            if used != module && !allowed.contains(&used) {
                let _ = writeln!(wrong, "{}: `{module}` may not use `{used}`", shown(&file));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut wrong = String::new();
    for file in sources(
        &["src", "inference/src", "src-tauri/src", "stage/src", "xtask/src", "ui/src", "build", "benches"],
        &["rs", "ts", "svelte", "css"],
    ) {
        let lines = read(&file).lines().count();
        if lines > MAX_LINES && !file.ends_with("bindings.ts") {
            let _ = writeln!(wrong, "{}: {lines} lines, {MAX_LINES} at most", shown(&file));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rust_file_opens_with_its_purpose() {
    let wrong: Vec<_> =
        sources(&["src", "inference", "src-tauri/src", "stage", "xtask/src", "tests", "benches", "build"], &["rs"])
            .into_iter()
            .filter(|file| !read(file).trim_start().starts_with("//!"))
            .map(|file| shown(&file))
            .collect();
    assert!(wrong.is_empty(), "no module header: {wrong:?}");
}

#[test]
fn platforms_are_told_apart_at_the_seams_only() {
    let mut wrong = String::new();
    for file in sources(&["src", "src-tauri/src"], &["rs"]) {
        let name = shown(&file);
        if PLATFORM_SEAMS.iter().any(|seam| name.starts_with(seam)) {
            continue;
        }
        for (number, line) in read(&file).lines().enumerate() {
            let told_apart = ["target_os", "cfg(unix)", "cfg(windows)"].iter().any(|word| line.contains(word));
            if told_apart && !line.trim_start().starts_with("//") {
                let _ = writeln!(wrong, "{name}:{}: {}", number + 1, line.trim());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn type_names_say_something() {
    let mut wrong = String::new();
    for file in sources(&["src", "inference/src", "src-tauri/src", "stage/src", "xtask/src"], &["rs"]) {
        for line in read(&file).lines() {
            let mut words = line.split_whitespace().skip_while(|word| !matches!(*word, "struct" | "enum" | "trait"));
            let (Some(_), Some(name)) = (words.next(), words.next()) else { continue };
            let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if EMPTY_WORDS.iter().any(|word| name.ends_with(word)) && !line.trim_start().starts_with("//") {
                let _ = writeln!(wrong, "{}: {name}", shown(&file));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The module of the engine a file belongs to; `None` for the crate root and the programs.
fn module_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root().join("src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    (!matches!(first, "lib.rs" | "bin")).then(|| first.trim_end_matches(".rs").to_owned())
}

/// The first path segment of a `use crate::…` line.
fn used_module(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let path = line.strip_prefix("use crate::").or_else(|| line.strip_prefix("pub use crate::"))?;
    path.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shown(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Every file under `folders` with one of these extensions, in a stable order.
fn sources(folders: &[&str], extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> =
        folders.iter().map(|folder| root().join(folder)).filter(|path| path.is_dir()).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the folder was there a moment ago") {
            let path = entry.expect("entries of our own sources can be read").path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    open.push(path);
                }
            } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
