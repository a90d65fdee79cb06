//! One store, several processes' worth of connections to it, and what must not be in it.

use std::fs;

use proptest::prelude::*;

use super::*;

const ALL: Retention = Retention { entries: 10_000, days: None };

fn happening<'a>(query: &'a str, command: &'a str, unix_s: i64) -> Happening<'a> {
    let (shell, os) = (Shell::Bash, "linux");
    Happening { query, command, shell, os, risk: "safe", outcome: "copied", unix_s }
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("history.sqlite3");
    (folder, path)
}

fn open(path: &Path) -> History {
    History::open(path).unwrap().history
}

fn queries(entries: Vec<Entry>) -> Vec<String> {
    entries.into_iter().map(|entry| entry.query).collect()
}

fn remembered(path: &Path, question: &str) -> Vec<String> {
    Memory::of(path.to_owned()).accepted(question, &normalize(question), Shell::Bash, "linux")
}

#[test]
fn the_newest_come_first_and_everybody_sees_them() {
    let (_folder, path) = folder();
    let [one, other] = [(); 2].map(|()| open(&path));
    one.record(&happening("first; DROP TABLE entry", "ls", 1), ALL).unwrap();
    other.record(&happening("second", "ls", 2), ALL).unwrap();
    assert_eq!(queries(one.recent(10).unwrap()), ["second", "first; DROP TABLE entry"]);
    assert_eq!(queries(other.recent(1).unwrap()), ["second"]);
    other.delete_all().unwrap();
    assert_eq!(one.recent(10).unwrap(), []);
}

#[test]
fn the_same_again_is_one_entry_and_being_shown_takes_nothing_back() {
    let (_folder, path) = folder();
    let history = open(&path);
    for unix_s in 1..4 {
        history.record(&happening("list files", "ls", unix_s), ALL).unwrap();
    }
    let id = history.recent(10).unwrap()[0].id;
    history.rename(id, "mine").unwrap();
    history.record(&Happening { outcome: SHOWN, ..happening("list files", "ls", 9) }, ALL).unwrap();
    let entries = history.recent(10).unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].unix_s, &*entries[0].outcome, entries[0].name.as_deref()), (9, "copied", Some("mine")));
}

#[test]
fn the_oldest_go_first_and_favourites_stay() {
    let (_folder, path) = folder();
    let history = open(&path);
    history.record(&happening("kept files", "ls", 0), ALL).unwrap();
    history.pin(history.recent(1).unwrap()[0].id).unwrap();
    let few = Retention { entries: 3, days: None };
    for number in 1..=5 {
        history.record(&happening(&format!("list files {number}.txt"), "ls", number), few).unwrap();
    }
    let left = ["list files 5.txt", "list files 4.txt", "list files 3.txt", "kept files"];
    assert_eq!(queries(history.recent(10).unwrap()), left);
    // Five days later, four days are kept.
    history.prune(Retention { entries: 3, days: Some(4) }, 5 * SECONDS_OF_A_DAY).unwrap();
    assert_eq!(queries(history.recent(10).unwrap()), ["kept files"]);
    assert_eq!(history.count().unwrap(), (1, 1));
}

#[test]
fn words_are_found_wherever_they_stand_as_far_as_they_are_typed() {
    let (_folder, path) = folder();
    let history = open(&path);
    history.record(&happening("show größe of the disk", "df -h | sort", 1), ALL).unwrap();
    history.record(&happening("list containers", "docker ps -a", 2), ALL).unwrap();
    let second = history.find("docker", 9).unwrap()[0].id;
    history.rename(second, "everything that runs").unwrap();
    for (text, found) in [
        ("", &["list containers", "show größe of the disk"][..]),
        ("dock", &["list containers"]),
        ("GROSSE", &[]),
        ("Große", &["show größe of the disk"]),
        ("ps docker", &["list containers"]),
        ("runs every", &["list containers"]),
        ("docker df", &[]),
        ("-h", &["show größe of the disk"]),
        ("|", &["show größe of the disk"]),
        ("' OR 1=1 --", &[]),
        ("NEAR(", &[]),
    ] {
        assert_eq!(queries(history.find(text, 9).unwrap()), found, "{text}");
    }
    history.rename(second, " ").unwrap();
    assert_eq!(queries(history.find("runs", 9).unwrap()), [""; 0]);
    history.unpin(second).unwrap();
    history.delete(second).unwrap();
    assert_eq!(queries(history.find("docker", 9).unwrap()), [""; 0]);
    for gone in [history.delete(second), history.pin(second), history.rename(second, "x")] {
        assert_eq!(gone.unwrap_err().code(), crate::ErrorCode::HistoryMissing);
    }
}

#[test]
fn what_an_older_caro_kept_is_found() {
    static OLD: crate::storage::Schema = crate::storage::Schema {
        application_id: SCHEMA.application_id,
        migrations: SCHEMA.migrations.first_chunk::<1>().expect("there is a first one"),
    };
    let (_folder, path) = folder();
    let mut old = Database::open(&path, &OLD).unwrap();
    old.attempt(|connection| {
        connection.execute(
            "INSERT INTO entry (unix_s, query, command, risk, outcome) VALUES (1, 'list files', 'ls', 'safe', 'copied')",
            [],
        )
    })
    .unwrap();
    drop(old);
    // Nobody knows which shell that was for, so it is shown and not offered.
    assert_eq!(remembered(&path, "list files"), [""; 0]);
    let history = open(&path);
    assert_eq!(queries(history.find("ls", 9).unwrap()), ["list files"]);
    assert_eq!(remembered(&path, "list files"), [""; 0]);
    history.delete_all().unwrap();
    assert_eq!(history.find("ls", 9).unwrap(), []);
}

#[test]
fn what_was_accepted_is_remembered_until_it_is_forgotten() {
    let (_folder, path) = folder();
    assert_eq!(remembered(&path, "find large files"), [""; 0]);
    let history = open(&path);
    history.record(&happening("find large files", "ls -S", 1), ALL).unwrap();
    history.record(&happening("please find big files", "ls -lS", 2), ALL).unwrap();
    history.record(&Happening { outcome: SHOWN, ..happening("find large files", "du", 3) }, ALL).unwrap();
    history.record(&Happening { outcome: "failed", ..happening("find large files", "dd", 3) }, ALL).unwrap();
    assert_eq!(remembered(&path, "show me huge files"), ["ls -lS", "ls -S"]);
    assert_eq!(remembered(&path, "find small files"), [""; 0]);
    let memory = Memory::of(path.clone());
    let question = "find large files";
    assert_eq!(memory.accepted(question, &normalize(question), Shell::Fish, "linux"), [""; 0]);
    assert_eq!(memory.accepted(question, &normalize(question), Shell::Bash, "macos"), [""; 0]);
    assert_eq!(memory.accepted(question, &normalize(question), Shell::Bash, "linux").len(), 2);
    let first = history.find("ls -S", 9).unwrap().into_iter().find(|entry| entry.command == "ls -S").unwrap();
    history.pin(first.id).unwrap();
    assert_eq!(remembered(&path, question), ["ls -S", "ls -lS"]);
    // Another process forgets; the memory that was open already knows.
    open(&path).delete(first.id).unwrap();
    assert_eq!(memory.accepted(question, &normalize(question), Shell::Bash, "linux"), ["ls -lS"]);
    history.record(&Happening { outcome: "refused", ..happening(question, "ls -lS", 4) }, ALL).unwrap();
    assert_eq!(remembered(&path, question), [""; 0]);
    history.delete_all().unwrap();
    assert_eq!(memory.accepted(question, &normalize(question), Shell::Bash, "linux"), [""; 0]);
}

#[test]
fn what_was_for_one_name_is_for_no_other() {
    let (_folder, path) = folder();
    let history = open(&path);
    history.record(&happening("delete the folder build", "rm -r build", 1), ALL).unwrap();
    assert_eq!(remembered(&path, "remove the folder build"), ["rm -r build"]);
    for question in ["delete the folder builds", "delete the folder Build", "delete the folder dist"] {
        assert_eq!(remembered(&path, question), [""; 0], "{question}");
    }
}

#[test]
fn secrets_and_what_was_deleted_are_on_no_disk() {
    let (folder, path) = folder();
    let history = open(&path);
    let question = "connect to mysql with the password hunter2hunter2";
    history.record(&happening(question, "mysql -phunter2hunter2", 1), ALL).unwrap();
    history.record(&happening("say quixotic", "echo quixotic", 2), ALL).unwrap();
    let entry = history.find("mysql", 9).unwrap().remove(0);
    assert!(entry.is_incomplete() && entry.command == "mysql -p'<secret>'", "{entry:?}");
    // Asked again with the secret in it, it is the same question.
    assert_eq!(remembered(&path, question), ["mysql -p'<secret>'"]);
    let on_disk = |word: &str| {
        fs::read_dir(folder.path()).unwrap().flatten().any(|file| {
            let bytes = fs::read(file.path()).unwrap();
            bytes.windows(word.len()).any(|window| window == word.as_bytes())
        })
    };
    assert!(!on_disk("hunter2") && on_disk("quixotic"));
    history.delete(history.find("quixotic", 9).unwrap()[0].id).unwrap();
    assert!(!on_disk("quixotic"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_search_is_a_mistake(text in "\\PC{0,40}|[\"'*:^(){}+ \u{0}A-Z-]{0,30}") {
        let (_folder, path) = folder();
        let history = open(&path);
        history.record(&happening("list files", "ls", 1), ALL).unwrap();
        prop_assert!(history.find(&text, 9).is_ok(), "{text}");
    }
}
