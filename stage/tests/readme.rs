//! The README shows what the command line says, to the letter.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{env, fs, process::Command};

use caro_stage::app::{Program, program, root};

/// The examples: a line after the prompt, and what is shown below it up to the next prompt or the end of the block.
fn examples(readme: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line.strip_prefix("    ") {
            Some(code) if code.starts_with("$ caro ") => {
                found.push((code["$ ".len()..].to_owned(), String::new()));
                inside = true;
            }
            Some(code) if inside => {
                let shown = &mut found.last_mut().unwrap().1;
                shown.push_str(code);
                shown.push('\n');
            }
            _ => inside = false,
        }
    }
    found
}

#[test]
fn the_examples_of_the_readme_are_true() {
    let caro = program(Program::Cli).unwrap();
    let home = tempfile::tempdir().unwrap();
    let path =
        env::join_paths([caro.parent().unwrap().into(), "/usr/bin".into(), "/bin".into()] as [std::path::PathBuf; 3])
            .unwrap();
    for file in ["node_modules/a.js", "node_modules/b.js", "a.tmp", "b.tmp", "c/d.tmp"] {
        let file = home.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, [b'x'; 12_000]).unwrap();
    }
    let examples = examples(&fs::read_to_string(root().join("README.md")).unwrap());
    assert!(examples.len() > 3, "{examples:?}");
    for (line, shown) in examples {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("{line} 2>&1")])
            .env_clear()
            .env("PATH", &path)
            .env("HOME", home.path())
            .env("SHELL", "/bin/bash");
        let said = shell.current_dir(home.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), shown, "{line}");
    }
}
