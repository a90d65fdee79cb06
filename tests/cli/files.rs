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
fn the_off_switch_leaves_no_file() {
    let home = Home::new();
    fs::create_dir_all(home.paths().config).unwrap();
    fs::write(home.paths().settings(), "telemetry = false\n").unwrap();
    assert_eq!(home.run(&QUESTION, b"").status, 0);
    assert!(!home.paths().data.exists());
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
