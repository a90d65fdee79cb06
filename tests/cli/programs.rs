//! Programs that are not installed, on a machine with a `PATH` of its own.

#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::home::{Home, Output, finish};

// Programs nobody has, so that nothing of the machine the test runs on is found.
const OWN: &str = r#"
[[intent]]
id = "work.frobnicate"
say = ["frobnicate {name}"]
does = "Frobnicates {name}"
any = "frobctl {name}"

[[intent]]
id = "work.frobnicate-newly"
say = ["frobnicate {name}"]
does = "Frobnicates {name}, newly"
any = "newfrob {name} | newfrob-report"
"#;

fn ask(programs: &[&str], args: &[&str]) -> Output {
    let home = Home::new();
    fs::create_dir_all(home.paths().intents()).expect("a folder");
    fs::write(home.paths().intents().join("work.toml"), OWN).expect("a file");
    let folder = home.paths().data.join("programs");
    fs::create_dir_all(&folder).expect("a folder");
    for name in programs {
        fs::write(folder.join(name), "").expect("a file");
        fs::set_permissions(folder.join(name), Permissions::from_mode(0o755)).expect("a file of ours");
    }
    finish(home.command(&[&["--shell", "bash"], args].concat()).env("PATH", &folder), b"")
}

#[test]
fn a_command_says_what_it_needs_and_how_to_get_it() {
    let output = ask(&["apt"], &["--json", "read the qr code in code.png"]);
    let answer: serde_json::Value = serde_json::from_str(&output.stdout).expect("one object");
    assert_eq!(answer["missing"][0]["program"], "zbarimg", "{output:?}");
    assert!(
        answer["missing"][0]["install"].as_str().is_some_and(|install| install.ends_with("apt install zbar-tools"))
    );
    let said = ask(&[], &["read the qr code in code.png"]);
    assert!(said.stderr.contains("needs zbarimg, which is not installed\n"), "{said:?}");
    assert_eq!((said.status, said.stdout.contains("zbarimg")), (0, true), "{said:?}");
    let there = ask(&["zbarimg"], &["--json", "read the qr code in code.png"]);
    assert!(!there.stdout.contains("missing"), "{there:?}");
}

#[test]
fn what_needs_nothing_comes_first() {
    for (programs, first) in [
        (&["frobctl", "newfrob", "newfrob-report"][..], "frobctl x\n"),
        (&["frobctl"], "frobctl x\n"),
        (&["newfrob", "newfrob-report"], "newfrob x | newfrob-report\n"),
        (&["newfrob"], "frobctl x\n"),
    ] {
        let output = ask(programs, &["frobnicate x"]);
        assert_eq!(output.stdout, first, "{programs:?}: {output:?}");
    }
    let output = ask(&["newfrob", "newfrob-report"], &["frobnicate x"]);
    assert!(output.stderr.contains("or: frobctl x  (caution), needs frobctl, which is not installed"), "{output:?}");
}

#[test]
fn another_system_lacks_nothing() {
    for os in ["macos", "windows"].iter().filter(|os| **os != std::env::consts::OS) {
        let output = ask(&[], &["--os", os, "frobnicate x"]);
        assert!(!output.stderr.contains("not installed"), "{output:?}");
    }
}
