//! `caro models`, with a hub on this machine.

use std::fs;

use crate::home::{Home, Output, finish};
use crate::hub::{Act, Shelf, gguf, hub};
use crate::server::Server;

const ID: &str = "smollm-135m";

fn run(home: &Home, server: &Server, args: &[&str]) -> Output {
    let mut command = home.command(&[&["models"], args].concat());
    finish(command.env("HF_ENDPOINT", server.address()).env("HF_TOKEN", "hf_word"), b"")
}

#[test]
fn a_model_is_pulled_used_verified_and_removed() {
    let shelf = Shelf::of(gguf("llama", 200_000));
    let server = hub(shelf.clone(), []);
    let home = Home::new();
    let run = |args: &[&str]| run(&home, &server, args);
    let file = home.paths().models().join(format!("{ID}.gguf"));

    let early = run(&["use", ID]);
    assert_eq!(early.status, 4);
    assert!(early.stderr.contains("caro models pull"), "{}", early.stderr);

    let pulled = run(&["pull", ID]);
    assert_eq!((pulled.status, pulled.stdout.trim()), (0, file.to_str().unwrap()), "{}", pulled.stderr);
    assert!(pulled.stderr.contains("Apache-2.0") && pulled.stderr.contains("145 MB"), "{}", pulled.stderr);
    assert!(pulled.stderr.contains("downloading 200 kB") && !pulled.stderr.contains('\r'), "{}", pulled.stderr);
    assert!(pulled.stderr.contains(&format!("caro models use {ID}")), "{}", pulled.stderr);
    assert_eq!(fs::read(&file).unwrap(), shelf.content);
    assert!(run(&["pull", ID]).stderr.contains("here already"));

    assert_eq!(run(&["use", ID]).status, 0);
    assert!(home.run(&["config", "get", "model"], b"").stdout.starts_with(ID));
    let doctor = home.run(&["doctor"], b"");
    assert!(doctor.stdout.contains(&format!("{ID}: 200 kB, llama")), "{}", doctor.stdout);
    let list = run(&["list"]);
    assert!(list.stdout.lines().any(|line| line.starts_with(&format!("* {ID}")) && line.contains("here")), "{list:?}");
    let json: serde_json::Value = serde_json::from_str(&run(&["list", "--json"]).stdout).unwrap();
    assert_eq!(json["in_use"], ID);
    let line = json["models"].as_array().unwrap().iter().find(|line| line["id"] == ID).unwrap();
    assert_eq!((line["state"].as_str(), line["size"].as_u64()), (Some("installed"), Some(200_000)), "{line}");
    assert_eq!((line["license"].as_str(), line["template"].as_str()), (Some("Apache-2.0"), Some("chatml")), "{line}");

    let verified = run(&["verify"]);
    assert_eq!((verified.status, verified.stdout), (0, format!("{ID}: intact, SHA-256 {}\n", shelf.sha256)));
    fs::write(&file, gguf("llama", 199_999)).unwrap();
    let damaged = run(&["verify", ID]);
    assert_eq!(damaged.status, 4);
    assert!(damaged.stderr.contains("is damaged"), "{}", damaged.stderr);
    assert!(home.run(&["doctor"], b"").stdout.contains("is not what it was"));

    let removed = run(&["remove", ID]);
    assert_eq!(removed.status, 0);
    assert!(removed.stderr.contains("deleted") && removed.stderr.contains("no model is in use"), "{}", removed.stderr);
    assert!(!file.exists());
    assert_eq!(home.run(&["config", "get", "model"], b"").stdout, "\n");
}

#[test]
fn the_model_to_begin_with_is_named_with_its_size() {
    let server = hub(Shelf::of(gguf("qwen2", 100_000)), []);
    let pulled = run(&Home::new(), &server, &["pull"]);
    assert_eq!(pulled.status, 0, "{}", pulled.stderr);
    assert!(pulled.stderr.starts_with("qwen2.5-coder-1.5b: 1.1 GB, Apache-2.0: "), "{}", pulled.stderr);
}

#[test]
fn what_goes_wrong_has_a_hint_and_no_token() {
    let home = Home::new();
    let gated = Act::Say(401, "x-nothing", String::new());
    let server = hub(Shelf::of(gguf("llama", 100_000)), [gated]);
    let denied = run(&home, &server, &["pull", ID]);
    assert_eq!(denied.status, 4);
    assert!(denied.stderr.contains("HF_TOKEN") && !denied.stderr.contains("hf_word"), "{}", denied.stderr);
    let unknown = run(&home, &server, &["pull", "smolm-135m"]);
    assert!(unknown.stderr.contains("did you mean smollm-135m"), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("caro models list"), "{}", unknown.stderr);
    assert_eq!(run(&home, &server, &["frobnicate"]).status, 2);
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_file_of_ones_own_is_used_where_it_lies() {
    let home = Home::new();
    let server = hub(Shelf::of(Vec::new()), []);
    fs::create_dir_all(home.paths().data).unwrap();
    let file = home.paths().data.join("Mine.gguf");
    fs::write(&file, gguf("qwen3", 50_000)).unwrap();
    let added = run(&home, &server, &["add", file.to_str().unwrap()]);
    assert_eq!((added.status, added.stdout.trim()), (0, file.to_str().unwrap()), "{}", added.stderr);
    assert!(added.stderr.contains("mine: used where it lies"), "{}", added.stderr);
    assert_eq!(run(&home, &server, &["use", "mine"]).status, 0);
    let list = run(&home, &server, &["list"]).stdout;
    assert!(list.lines().any(|line| line.starts_with("* mine") && line.contains("Mine.gguf")), "{list}");
    let removed = run(&home, &server, &["remove", "mine"]);
    assert!(removed.stderr.contains("is left where it is") && file.exists(), "{}", removed.stderr);
    fs::write(&file, "no model").unwrap();
    let refused = run(&home, &server, &["add", file.to_str().unwrap()]);
    assert_eq!(refused.status, 4);
    assert!(refused.stderr.contains("no usable model"), "{}", refused.stderr);
    assert_eq!(server.asked().len(), 0);
}

#[test]
fn none_turns_the_model_off() {
    let home = Home::new();
    let server = hub(Shelf::of(gguf("llama", 100_000)), []);
    run(&home, &server, &["pull", ID]);
    run(&home, &server, &["use", ID]);
    let off = run(&home, &server, &["use", "none"]);
    assert_eq!(off.status, 0);
    assert!(off.stderr.contains("no model is in use"), "{}", off.stderr);
    assert_eq!(home.run(&["config", "get", "model"], b"").stdout, "\n");
    assert!(home.run(&["doctor"], b"").stdout.contains("none in use"));
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_is_said_and_the_part_is_kept() {
    use std::process::Command;
    let home = Home::new();
    let shelf = Shelf::of(gguf("llama", 200_000));
    let server = hub(shelf.clone(), []);
    // No file may grow beyond 128 blocks of 512 bytes, and trying is an error instead of a signal.
    let mut limited = Command::new("sh");
    home.dress(&mut limited);
    limited.env("HF_ENDPOINT", server.address());
    limited.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_caro")]);
    limited.args(["models", "pull", ID]);
    let full = finish(&mut limited, b"");
    assert_eq!(full.status, 4);
    assert!(full.stderr.contains("has no room for") && full.stderr.contains("make room"), "{}", full.stderr);
    let pulled = run(&home, &server, &["pull", ID]);
    assert!(pulled.stderr.contains("going on with the download"), "{}", pulled.stderr);
    assert_eq!(pulled.status, 0);
}

#[test]
fn a_killed_pull_goes_on_and_a_second_one_says_who_is_at_it() {
    let home = Home::new();
    let shelf = Shelf::of(gguf("llama", 300_000));
    let server = hub(shelf.clone(), [Act::Stall(150_000)]);
    let mut first = home
        .command(&["models", "pull", ID])
        .env("HF_ENDPOINT", server.address())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let part = home.paths().models().join(format!("{ID}.{}.part", shelf.sha256));
    while fs::metadata(&part).map_or(0, |part| part.len()) < 150_000 {
        assert!(first.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    let second = run(&home, &server, &["pull", ID]);
    assert_eq!(second.status, 4);
    assert!(second.stderr.contains("is being pulled by"), "{}", second.stderr);
    // Where locks are mandatory the holder's number cannot be read.
    #[cfg(unix)]
    assert!(second.stderr.contains(&format!("process {}", first.id())), "{}", second.stderr);
    first.kill().unwrap();
    first.wait().unwrap();
    let third = run(&home, &server, &["pull", ID]);
    assert!(third.stderr.contains("going on with the download: 150 kB of 300 kB"), "{}", third.stderr);
    assert_eq!(third.status, 0);
    assert_eq!(server.asked().pop().unwrap().header("range"), Some("bytes=150000-"));
}
