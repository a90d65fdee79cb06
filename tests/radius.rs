//! How many files a command would touch: real trees in temporary folders, the real judge, a clock and limits of our own.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use caro::context::{Context, Os};
use caro::radius::{Clock, Extent, Limits, measure, sentences};
use caro::safety::analyze;
use caro::shell::Shell;

const PATIENT: Limits = Limits { time: Duration::from_hours(1), entries: 10_000 };

/// A folder with files in it; `files` are their names, each 100 bytes long; a name that ends in `/` is a folder.
fn tree(files: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for name in files {
        let path = root.path().join(name);
        let folder = if name.ends_with('/') { &path } else { path.parent().expect("the root is above it") };
        fs::create_dir_all(folder).expect("the folder is ours");
        if !name.ends_with('/') {
            fs::write(&path, [b'x'; 100]).expect("the folder is ours");
        }
    }
    root
}

fn context(cwd: &Path) -> Context {
    Context {
        cwd: Some(cwd.to_owned()),
        home: Some(cwd.join("home")),
        local: true,
        ..Context::new(Shell::Bash, Os::Linux)
    }
}

fn extents(cwd: &Path, shell: Shell, command: &str, limits: Limits) -> Vec<Extent> {
    let context = Context { shell, ..context(cwd) };
    let clock = Clock { now: SystemTime::now(), elapsed: &|| Duration::ZERO };
    measure(&analyze(command, &context).touches, context.home.as_deref(), limits, &clock)
}

fn said(cwd: &Path, command: &str) -> String {
    sentences(&extents(cwd, Shell::Bash, command, PATIENT)).join("; ")
}

#[test]
fn what_a_command_touches_is_counted() {
    let root = tree(&[
        "a.log",
        "b.log",
        ".hidden.log",
        "notes.txt",
        "with space/one two.txt",
        "build/x.o",
        "build/deep/y.o",
        "build/deep/z.log",
        "empty/",
        "we*ird",
        "weird",
        "home/mine.txt",
    ]);
    for (command, expected) in [
        ("rm a.log", "deletes 1 file, 100 bytes"),
        ("rm *.log", "deletes 2 files, 200 bytes"),
        ("rm .*.log *.log", "deletes 3 files, 300 bytes"),
        ("rm -rf build", "deletes 3 files, 300 bytes"),
        ("rm -rf build/", "deletes 3 files, 300 bytes"),
        ("rm -rf ./build ./build/deep build/*", "deletes 3 files, 300 bytes"),
        ("rm build", "deletes nothing that is there now"),
        ("rm -rf empty", "deletes 1 folder"),
        ("rm 'we*ird'", "deletes 1 file, 100 bytes"),
        ("rm we*ird", "deletes 2 files, 200 bytes"),
        ("rm \"we*\"ird", "deletes 1 file, 100 bytes"),
        ("rm we\\*ird", "deletes 1 file, 100 bytes"),
        ("x='*.log'; rm $x", "deletes 2 files, 200 bytes"),
        ("rm -r 'with space'", "deletes 1 file, 100 bytes"),
        ("rm with\\ space/*", "deletes 1 file, 100 bytes"),
        ("rm build/{x,nothing}.o", "deletes 1 file, 100 bytes"),
        ("rm [ab].log", "deletes 2 files, 200 bytes"),
        ("rm -r */deep", "deletes 2 files, 200 bytes"),
        ("rm missing", "deletes nothing that is there now"),
        ("rm -rf \"$UNKNOWN\"", ""),
        ("rm -rf \"$UNKNOWN\" build", "deletes at least 3 files, 300 bytes"),
        ("cd build && rm *.o", "deletes 1 file, 100 bytes"),
        ("cd build; sudo sh -c 'rm -r deep'", "deletes 2 files, 200 bytes"),
        ("cd \"$SOMEWHERE\"; rm -r deep", ""),
        ("rm ~/mine.txt", "deletes 1 file, 100 bytes"),
        ("rm -rf ~root/x", ""),
        ("for f in a.log b.log; do rm \"$f\"; done", "deletes 2 files, 200 bytes"),
        ("chmod -R u+w build", "changes the permissions of 3 files and 2 folders"),
        ("chmod 644 a.log empty", "changes the permissions of 1 file and 1 folder"),
        ("chmod -x a.log", "changes the permissions of 1 file"),
        ("chown -R me:me build/deep", "changes the permissions of 2 files and 1 folder"),
        ("mv a.log elsewhere", "moves 1 file, 100 bytes"),
        ("mv a.log b.log", "overwrites 1 file, 100 bytes; moves 1 file, 100 bytes"),
        ("mv -n a.log b.log", "moves 1 file, 100 bytes"),
        ("mv build empty", "moves 3 files, 300 bytes"),
        ("cp a.log b.log", "overwrites 1 file, 100 bytes"),
        ("cp a.log c.log", ""),
        ("cp a.log build", ""),
        ("cp other/x.o build", "overwrites 1 file, 100 bytes"),
        ("cp -t build other/x.o other/y.o", "overwrites 1 file, 100 bytes"),
        ("echo hi > notes.txt", "overwrites 1 file, 100 bytes"),
        ("echo hi >> notes.txt", ""),
        ("echo hi > new.txt 2>/dev/null", ""),
        ("truncate -s 0 *.log", "overwrites 2 files, 200 bytes"),
        ("date | tee notes.txt", "overwrites 1 file, 100 bytes"),
        ("dd if=/dev/zero of=notes.txt", "overwrites 1 file, 100 bytes"),
        ("ls -la; cat notes.txt", ""),
        ("ssh web1 'rm -rf build'", ""),
        ("docker exec web rm -rf build", ""),
        ("tmux send-keys 'rm -rf build' Enter", ""),
        ("echo rm -rf build", ""),
    ] {
        assert_eq!(said(root.path(), command), expected, "{command:?}");
    }
}

#[test]
fn searches_are_followed_where_they_are_understood() {
    let root = tree(&["a.log", "b.LOG", ".c.log", "sub/d.log", "sub/deep/e.log", "sub/keep.txt", "hollow/"]);
    fs::write(root.path().join("zero.log"), "").unwrap();
    let old = fs::File::options().append(true).open(root.path().join("sub/keep.txt")).unwrap();
    old.set_modified(SystemTime::now() - Duration::from_hours(960)).unwrap();
    for (command, expected) in [
        ("find . -name '*.log' -delete", "deletes 5 files, 400 bytes"),
        ("find . -iname '*.log' -delete", "deletes 6 files, 500 bytes"),
        ("find . -name '*.log' ! -path './sub/*' -delete", "deletes 3 files, 200 bytes"),
        ("find . -maxdepth 1 -name '*.log' -delete", "deletes 3 files, 200 bytes"),
        ("find sub -mindepth 2 -type f -delete", "deletes 1 file, 100 bytes"),
        ("find . -type f -size +0c -exec rm {} +", "deletes 6 files, 600 bytes"),
        ("find . -type f -empty -delete", "deletes 1 file, 0 bytes"),
        ("find . -type d -empty -delete", "deletes 1 folder"),
        ("find . -mtime +30 -delete", "deletes 1 file, 100 bytes"),
        ("find . -name sub -exec rm -rf {} \\;", "deletes 3 files, 300 bytes"),
        ("find sub -exec chmod 644 {} +", "changes the permissions of 3 files and 2 folders"),
        ("find sub -delete", "deletes 3 files, 300 bytes"),
        ("find . -name '*.log' | xargs rm", "deletes 5 files, 400 bytes"),
        ("find . -name '*.log' -print0 | sudo xargs -0 -n 10 rm -f", "deletes 5 files, 400 bytes"),
        ("find . -name sub | xargs chmod -R 755", "changes the permissions of 3 files and 2 folders"),
        // Better no number than a wrong one.
        ("find . -name '*.log' | head -2 | xargs rm", ""),
        ("find . -name '*.log' | grep d | xargs rm", ""),
        ("find . -name '*.log'; rm \"$X\"", ""),
        ("find . -name '*.log'; xargs rm < list", ""),
        ("find . -name '*.log' -o -name '*.txt' -delete", ""),
        ("find . -exec grep -q x {} \\; -delete", ""),
        ("find \"$X\" -name '*.log' -delete", ""),
        ("find . -name '*.log'", ""),
    ] {
        assert_eq!(said(root.path(), command), expected, "{command:?}");
    }
}

#[test]
fn shells_differ_in_what_two_stars_mean() {
    let root = tree(&["a.log", "sub/b.log", "sub/deep/c.log", ".hidden/d.log"]);
    for (shell, command, files) in [
        (Shell::Bash, "rm **/*.log", 1),
        (Shell::Zsh, "rm **/*.log", 3),
        (Shell::Fish, "rm **/*.log", 3),
        (Shell::PowerShell, "Remove-Item sub -Recurse", 2),
        (Shell::PowerShell, "Remove-Item *.log", 1),
        (Shell::PowerShell, "Remove-Item *.log -WhatIf", 0),
    ] {
        let extents = extents(root.path(), shell, command, PATIENT);
        assert_eq!(extents.iter().map(|extent| extent.files).sum::<u64>(), files, "{shell:?} {command:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_counted_and_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = tree(&["precious/one", "precious/two"]);
    let root = tree(&["build/x.o"]);
    symlink(outside.path().join("precious"), root.path().join("build/out")).unwrap();
    symlink(outside.path().join("precious"), root.path().join("link")).unwrap();
    symlink("..", root.path().join("build/loop")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    for (command, expected) in [
        ("rm -rf build", "deletes 3 files, 100 bytes"),
        ("rm -rf link", "deletes 1 file, 0 bytes"),
        ("rm -rf link/", "deletes 1 file, 0 bytes"),
        ("rm -rf ./*", "deletes 5 files, 100 bytes"),
        ("rm dangling", "deletes 1 file, 0 bytes"),
        ("find link -delete", "deletes 1 file, 0 bytes"),
        ("find . -name one -delete", "deletes nothing that is there now"),
        ("chmod -R 755 build", "changes the permissions of 3 files and 1 folder"),
        // The kernel itself goes through a link in the middle of a path.
        ("rm link/one", "deletes 1 file, 100 bytes"),
        ("echo > link/one", "overwrites 1 file, 100 bytes"),
    ] {
        assert_eq!(said(root.path(), command), expected, "{command:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_makes_it_at_least() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = tree(&["build/open/a", "build/closed/b"]);
    let closed = root.path().join("build/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&closed).is_ok();
    let said = said(root.path(), "rm -rf build");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    // For root every folder can be read.
    assert_eq!(said, if readable { "deletes 2 files, 200 bytes" } else { "deletes at least 1 file, 100 bytes" });
}

#[test]
fn a_tree_without_end_costs_no_more_than_the_limits() {
    let names: Vec<String> = (0..300).map(|at| format!("big/{}/{at}", at % 7)).collect();
    let root = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for command in ["rm -rf big", "rm -rf big/*/*", "find big -name '*' -delete", "rm -rf **"] {
        for entries in [1, 50, 299] {
            let limits = Limits { entries, ..PATIENT };
            let extents = extents(root.path(), Shell::Zsh, command, limits);
            assert!(extents.iter().all(|extent| !extent.complete), "{command:?} {extents:?}");
            assert!(extents.iter().map(|extent| extent.files).sum::<u64>() <= entries, "{command:?} {extents:?}");
        }
    }
    let whole = extents(root.path(), Shell::Bash, "rm -rf big", Limits { entries: 10_000, ..PATIENT });
    assert!(whole[0].complete && whole[0].files == 300, "{whole:?}");
}

#[test]
fn time_that_runs_out_ends_the_count() {
    let names: Vec<String> = (0..200).map(|at| format!("big/{at}")).collect();
    let root = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let context = context(root.path());
    let looks = Cell::new(0_u32);
    // Each look at this clock is 100 ms after the one before.
    let elapsed = || {
        looks.set(looks.get() + 1);
        Duration::from_millis(100) * looks.get()
    };
    let clock = Clock { now: SystemTime::now(), elapsed: &elapsed };
    let touches = analyze("rm -rf big; rm -rf big/1", &context).touches;
    let extents = measure(&touches, None, Limits::default(), &clock);
    assert!(!extents[0].complete && (1..200).contains(&extents[0].files), "{extents:?}");
    assert_eq!(looks.get(), 2, "the clock is looked at now and then, and no more once the time is up");
}

/// Runs git in a folder, away from the settings of whoever runs the test.
fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let ended = git.output().expect("git is there");
    assert!(ended.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn files_that_git_does_not_know_are_counted() {
    let root = tree(&["kept.txt", "new.txt", "src/kept.rs", "src/new.rs", "src/deep/new.rs", "out/log", "sub/own.txt"]);
    git(root.path(), &["init", "--quiet"]);
    git(root.path(), &["add", "kept.txt", "src/kept.rs"]);
    git(&root.path().join("sub"), &["init", "--quiet"]);
    git(&root.path().join("sub"), &["add", "own.txt"]);
    for (command, expected) in [
        ("rm kept.txt", "deletes 1 file, 100 bytes"),
        ("rm new.txt", "deletes 1 file, 100 bytes, not in git"),
        ("rm -rf src", "deletes 3 files, 300 bytes, 2 of them not in git"),
        ("find src -name '*.rs' -delete", "deletes 3 files, 300 bytes, 2 of them not in git"),
        ("rm -rf out", "deletes 1 file, 100 bytes, not in git"),
        ("rm -rf sub/own.txt", "deletes 1 file, 100 bytes"),
        ("ls > new.txt", "overwrites 1 file, 100 bytes, not in git"),
        ("cp kept.txt new.txt src", "overwrites nothing"),
        ("cp kept.txt src/new.rs", "overwrites 1 file, 100 bytes, not in git"),
        ("mv new.txt elsewhere.txt", "moves 1 file, 100 bytes"),
        ("chmod 600 new.txt", "changes the permissions of 1 file"),
        // A folder that git keeps for itself is in no repository.
        ("rm .git/config", "deletes 1 file"),
    ] {
        let said = said(root.path(), command);
        match expected {
            "overwrites nothing" => assert_eq!(said, "", "{command}"),
            "deletes 1 file" => assert!(said.starts_with(expected) && !said.contains("git"), "{command}: {said}"),
            _ => assert_eq!(said, expected, "{command}"),
        }
    }
    fs::write(root.path().join(".git/index"), "no index").expect("the folder is ours");
    assert_eq!(said(root.path(), "rm new.txt"), "deletes 1 file, 100 bytes", "what cannot be read tells nothing");
}

#[test]
fn what_is_no_repository_tells_nothing() {
    let root = tree(&["a/x", "b/x", "c/x", "d/.git/index/x", "d/x"]);
    fs::write(root.path().join("a/.git"), "gitdir: nowhere").expect("the folder is ours");
    fs::write(root.path().join("b/.git"), vec![b'g'; 1 << 20]).expect("the folder is ours");
    fs::write(root.path().join("c/.git"), [0xff, 0xfe]).expect("the folder is ours");
    for folder in ["a", "b", "c", "d"] {
        assert_eq!(said(root.path(), &format!("rm {folder}/x")), "deletes 1 file, 100 bytes", "{folder}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_an_index_is_not_waited_for() {
    let root = tree(&["x", ".git/HEAD"]);
    let made = Command::new("mkfifo").arg(root.path().join(".git/index")).status().expect("mkfifo is there");
    assert!(made.success());
    assert_eq!(said(root.path(), "rm x"), "deletes 1 file, 100 bytes");
}

#[test]
fn a_linked_worktree_has_an_index_of_its_own() {
    let root = tree(&["main/a.txt"]);
    let main = root.path().join("main");
    git(&main, &["init", "--quiet"]);
    git(&main, &["add", "."]);
    git(&main, &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "a"]);
    git(&main, &["worktree", "add", "--quiet", "../linked"]);
    let linked = root.path().join("linked");
    fs::write(linked.join("b.txt"), "b").expect("the folder is ours");
    assert_eq!(said(&linked, "rm a.txt b.txt"), "deletes 2 files, 101 bytes, 1 of them not in git");
}

#[test]
fn nothing_is_looked_at_for_another_machine() {
    let root = tree(&["a"]);
    let context = context(root.path());
    let touches = analyze("rm a", &context).touches;
    assert_eq!(caro::radius::of(&touches, &context).len(), 1);
    assert_eq!(caro::radius::of(&touches, &Context { local: false, ..context }), []);
}
