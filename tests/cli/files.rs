//! Files the program cannot use: answers come all the same, nothing is lost, and it is said.

use std::fs;
use std::time::UNIX_EPOCH;

use caro::telemetry::Recorder;

use crate::home::Home;

const QUESTION: [&str; 1] = ["list files"];

/// Answers recorded in this home, and events lost.
fn recorded(home: &Home) -> (u64, u64) {
    let recorder = Recorder::open(&home.paths().telemetry()).expect("the database opens").recorder;
    let seen = recorder.performance(UNIX_EPOCH).expect("the database reads");
    (seen.tiers.iter().map(|tier| tier.count).sum(), seen.dropped)
}

#[test]
fn answers_are_recorded_and_what_was_asked_is_not() {
    let home = Home::new();
    home.run(&["zxqvsecret", "files"], b"");
    home.run(&["batch"], b"{\"query\":\"zxqvsecret\"}\n{\"query\":\"list files in zxqvsecret\"}\nbad\n");
    assert_eq!(recorded(&home), (3, 0));
    for file in Home::files(&home.paths().data) {
        let bytes = fs::read(&file).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"zxqvse"), "{}", file.display());
    }
}

#[test]
fn the_off_switches_leave_no_file() {
    for settings in ["telemetry = false\nhistory = false\n", "private = true\n"] {
        let home = Home::new();
        fs::create_dir_all(home.paths().config).unwrap();
        fs::write(home.paths().settings(), settings).unwrap();
        assert_eq!(home.run(&QUESTION, b"").status, 0);
        assert!(!home.paths().data.exists(), "{settings}");
    }
}

#[test]
fn a_data_folder_that_cannot_be_made_changes_no_answer() {
    let well = Home::new().run(&QUESTION, b"");
    let home = Home::new();
    // A file in the folder's place stops every user, also root, for whom a read-only folder is not.
    fs::create_dir_all(home.paths().data.parent().unwrap()).unwrap();
    fs::write(home.paths().data, "in the way").unwrap();
    let ill = home.run(&QUESTION, b"");
    assert_eq!((ill.status, &ill.stdout, &ill.stderr), (well.status, &well.stdout, &well.stderr));
    let batch = home.run(&["batch"], b"{\"query\":\"list files\"}\n");
    assert_eq!((batch.status, batch.codes()), (0, vec![String::new()]));
    let doctor = home.run(&["doctor"], b"");
    assert!(doctor.stdout.contains("data folder") && doctor.stdout.contains("cannot be written"), "{}", doctor.stdout);
    assert_eq!(doctor.status, 0, "answers are not affected");
    assert_eq!(fs::read_to_string(home.paths().data).unwrap(), "in the way");
}

#[cfg(unix)]
#[test]
fn a_full_disk_changes_no_answer() {
    use std::process::Command;
    let well = Home::new().run(&QUESTION, b"");
    let home = Home::new();
    // No file may grow beyond one block of 512 bytes, and trying is an error instead of a signal.
    let mut shell = Command::new("sh");
    home.dress(&mut shell);
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_caro"), "list files"]);
    let ill = crate::home::finish(&mut shell, b"");
    assert_eq!((ill.status, &ill.stdout, &ill.stderr), (well.status, &well.stdout, &well.stderr));
    let telemetry = fs::metadata(home.paths().telemetry()).unwrap();
    assert!(telemetry.len() <= 1024, "the limit held: {}", telemetry.len());
    assert_eq!(home.run(&QUESTION, b"").status, 0);
    assert_eq!(recorded(&home), (1, 0), "with room again, recording goes on");
}

#[test]
fn an_unusable_database_is_kept_and_said() {
    let home = Home::new();
    fs::create_dir_all(home.paths().data).unwrap();
    let content = "this is no database".repeat(50);
    fs::write(home.paths().telemetry(), &content).unwrap();
    let output = home.run(&QUESTION, b"");
    assert_eq!(output.status, 0);
    assert!(output.stderr.contains("telemetry.sqlite3.corrupt-"), "{}", output.stderr);
    let kept = caro::storage::files_set_aside(&home.paths().telemetry());
    assert_eq!(kept.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>(), [content]);
    assert!(!home.run(&QUESTION, b"").stderr.contains("corrupt"), "it is said once");
    assert_eq!(recorded(&home), (2, 0));
}

#[test]
fn a_database_of_a_newer_version_is_kept_and_said() {
    let home = Home::new();
    home.run(&QUESTION, b"");
    let newer = rusqlite::Connection::open(home.paths().telemetry()).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let output = home.run(&["batch"], b"{\"query\":\"list files\"}\n");
    assert!(output.stderr.contains("telemetry.sqlite3.newer-"), "{}", output.stderr);
    assert_eq!(output.codes(), [""]);
    assert_eq!(recorded(&home), (1, 0));
}

#[test]
fn unusable_settings_are_kept_and_said() {
    for (content, said) in
        [("theme = ", "settings.toml.corrupt-"), ("version = 99\ntheme = \"dark\"\n", "settings.toml.newer-")]
    {
        let home = Home::new();
        fs::create_dir_all(home.paths().config).unwrap();
        fs::write(home.paths().settings(), content).unwrap();
        let output = home.run(&QUESTION, b"");
        assert_eq!(output.status, 0);
        assert!(output.stderr.contains(said), "{content:?}: {}", output.stderr);
        let kept = caro::storage::files_set_aside(&home.paths().settings());
        assert_eq!(kept.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>(), [content]);
    }
}

#[test]
fn the_settings_choose_the_shell_and_the_command_line_overrules_them() {
    let home = Home::new();
    fs::create_dir_all(home.paths().config).unwrap();
    fs::write(home.paths().settings(), "shell = \"powershell\"\ncolour = 1\n").unwrap();
    let output = home.run(&["--json", "list files"], b"");
    assert!(output.stdout.contains("Get-ChildItem"), "{}", output.stdout);
    assert!(output.stderr.contains("colour"), "an unknown setting is said: {}", output.stderr);
    assert!(home.run(&["--shell", "bash", "list files"], b"").stdout.starts_with("ls"));
}

#[test]
fn the_policy_is_in_force_and_what_is_wrong_with_it_is_said() {
    let home = Home::new();
    fs::create_dir_all(home.paths().config).unwrap();
    let text = "[levels]\n\"delete.folder\" = \"blocked\"\n\"git.chnage\" = \"caution\"\n";
    fs::write(home.paths().policy(), text).unwrap();
    let check = ["check", "--shell", "bash", "rm -rf build"];
    let output = home.run(&check, b"");
    assert_eq!((output.status, output.stdout.as_str()), (3, "blocked\n"));
    assert!(output.stderr.contains("policy.toml:3:1: there is no rule \"git.chnage\""), "{}", output.stderr);
    assert!(output.stderr.contains("caro policy check"), "{}", output.stderr);
    let lines = home.run(&["check", "--batch"], b"{\"command\":\"rm -rf build\",\"shell\":\"bash\"}\n");
    assert!(lines.stdout.contains("\"risk\":\"blocked\""), "{}", lines.stdout);
    let (list, well) = (home.run(&["policy"], b""), home.run(&["policy", "check"], b""));
    assert_eq!((list.status, list.stdout.as_str()), (0, "delete.folder: blocked\n"));
    assert_eq!((well.status, well.stdout.as_str()), (4, "1 levels, 0 allowances, 1 problems\n"));
    let json = home.run(&["policy", "--json"], b"").stdout;
    assert!(json.contains("\"problems\":[{\"code\":\"policy-entry-ignored\",\"line\":3,\"column\":1,"), "{json}");
    let doctor = home.run(&["doctor"], b"").stdout;
    assert!(doctor.contains("policy") && doctor.contains("policy.toml:3:1: "), "{doctor}");
    fs::write(home.paths().policy(), "[levels").unwrap();
    let broken = home.run(&check, b"");
    assert_eq!(broken.stdout, "dangerous\n");
    assert!(broken.stderr.contains("policy.toml:1:8: this is no TOML"), "{}", broken.stderr);
    assert_eq!(fs::read_to_string(home.paths().policy()).unwrap(), "[levels", "it is left as it is");
}

#[test]
fn what_a_command_touches_is_counted_where_it_is_typed() {
    let home = Home::new();
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir_all(tree.path().join("build/deep")).unwrap();
    fs::write(tree.path().join("build/deep/a"), [0; 1500]).unwrap();
    fs::write(tree.path().join("build/b"), [0; 500]).unwrap();
    let run = |args: &[&str]| crate::home::finish(home.command(args).current_dir(tree.path()), b"");
    let check = run(&["check", "--shell", "bash", "rm -rf build"]);
    assert!(check.stderr.contains("  now: deletes 2 files, 2 kB\n"), "{}", check.stderr);
    let asked = run(&["--shell", "bash", "delete the folder build"]);
    assert!(asked.stdout.starts_with("rm -r") && asked.stderr.contains("  now: deletes 2 files, 2 kB\n"), "{asked:?}");
    let json = run(&["--json", "--shell", "bash", "delete the folder build"]).stdout;
    assert!(json.contains("\"touches\":[{\"effect\":\"delete\",\"files\":2,\"folders\":2,\"bytes\":2000,"), "{json}");
    let batch = crate::home::finish(
        home.command(&["batch"]).current_dir(tree.path()),
        b"{\"query\":\"delete the folder build\",\"shell\":\"bash\"}\n",
    );
    assert!(!batch.stdout.contains("touches"), "a line may be about another machine: {}", batch.stdout);
    assert!(tree.path().join("build/deep/a").exists(), "nothing was run");
}

#[test]
fn the_surroundings_count_for_what_they_make_worse() {
    let home = Home::new();
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir(tree.path().join(".git")).unwrap();
    fs::write(tree.path().join(".git/HEAD"), "ref: refs/heads/production\n").unwrap();
    let config = tree.path().join("kubeconfig");
    fs::write(&config, "apiVersion: v1\ncurrent-context: eu-prod-1\n").unwrap();
    let run = |args: &[&str], name: &str, value: &std::path::Path| {
        crate::home::finish(home.command(args).current_dir(tree.path()).env(name, value), b"")
    };
    for (command, variable, found) in [
        ("git push", "LANG", "context.production: the branch is production"),
        ("kubectl apply -f web.yaml", "KUBECONFIG", "context.production: the cluster is eu-prod-1"),
        ("kubectl apply -f web.yaml", "LANG", ""),
        ("nmcli connection up office", "SSH_TTY", "context.remote: "),
        ("sed -i s/a/b/ *", "LANG", "context.folder: you are in the root of a repository"),
        ("kubectl get pods; git status", "KUBECONFIG", ""),
    ] {
        let output = run(&["check", "--shell", "bash", command], variable, &config);
        let expected =
            if found.is_empty() { !output.stderr.contains("context.p") } else { output.stderr.contains(found) };
        assert!(expected, "{command:?} {variable}: {output:?}");
        assert_eq!(output.stdout == "dangerous\n", !found.is_empty(), "{command:?} {variable}: {output:?}");
        // A line may be about another machine, so nothing around this process counts for it.
        let line = format!("{{\"command\":{command:?},\"shell\":\"bash\"}}\n");
        let mut batch = home.command(&["check", "--batch"]);
        let lines = crate::home::finish(batch.current_dir(tree.path()).env(variable, &config), line.as_bytes());
        assert!(!lines.stdout.contains("context."), "{lines:?}");
    }
}

#[test]
fn two_processes_record_into_one_database() {
    let home = Home::new();
    let lines = b"{\"query\":\"list files\"}\n".repeat(500);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(home.run(&["batch"], &lines).status, 0));
        }
    });
    let (answers, lost) = recorded(&home);
    assert_eq!((answers + lost, lost), (1500, 0));
}
