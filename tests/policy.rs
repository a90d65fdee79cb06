//! The user's policy: what it changes, what it never can, and what is said about a file that is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use caro::ErrorCode;
use caro::context::{Context, Os};
use caro::engine::Engine;
use caro::paths::Paths;
use caro::policy::{Day, PolicyStore, Reading, read};
use caro::safety::{Risk, analyze};
use caro::shell::Shell;

const TODAY: Day = Day { year: 2026, month: 6, day: 15 };

fn reading(text: &str) -> Reading {
    read(text, Some(Path::new("/home/ann")), TODAY)
}

fn context() -> Context {
    Context { cwd: Some("/home/ann/app".into()), ..Context::new(Shell::Bash, Os::Linux) }
}

/// The level under a policy, which must read without a problem.
fn risk(policy: &str, command: &str) -> Risk {
    let reading = reading(policy);
    assert_eq!(reading.problems, [], "{policy}");
    reading.policy.applied(analyze(command, &context()), command, &context()).risk
}

fn allowing(rule: &str, command: &str, more: &str) -> String {
    format!(
        "[[allow]]\nrule = \"{rule}\"\ncommand = '{command}'\nuntil = 2026-12-31\nreason = \"built anew\"\n{more}\n"
    )
}

#[test]
fn levels_rise_and_fall_within_bounds() {
    for (policy, command, expected) in [
        ("", "rm -rf build", Risk::Dangerous),
        ("[levels]\n\"delete.folder\" = \"caution\"", "rm -rf build", Risk::Caution),
        ("[levels]\ndelete.folder = \"caution\"", "rm -rf build", Risk::Caution),
        ("[levels]\n\"delete.folder\" = \"blocked\"", "rm -rf build", Risk::Blocked),
        ("[levels]\n\"git.change\" = \"dangerous\"", "git push", Risk::Dangerous),
        ("[levels]\n\"git.change\" = \"dangerous\"", "git log", Risk::Safe),
        // Another finding holds its own level.
        ("[levels]\n\"delete.folder\" = \"caution\"", "rm -rf build; git reset --hard", Risk::Dangerous),
        // Nothing lowers what is blocked.
        ("[levels]\n\"delete.root\" = \"caution\"", "rm -rf /", Risk::Blocked),
        ("[levels]\n\"delete.files\" = \"dangerous\"", "rm notes.txt", Risk::Dangerous),
        ("[levels]\n\"text.lookalike\" = \"dangerous\"", "ls \u{2013}la", Risk::Dangerous),
    ] {
        assert_eq!(risk(policy, command), expected, "{policy:?} {command:?}");
    }
}

#[test]
fn an_allowance_is_for_one_command_alone() {
    let policy = allowing("delete.folder", "rm -rf ./node_modules", "");
    for (command, expected) in [
        ("rm -rf ./node_modules", Risk::Caution),
        ("  rm -rf ./node_modules\n", Risk::Caution),
        ("rm -rf ./node_modules ./other", Risk::Dangerous),
        ("rm -rf ./node_modules; rm -rf x", Risk::Dangerous),
        ("rm -rf  ./node_modules", Risk::Dangerous),
        ("sudo rm -rf ./node_modules", Risk::Dangerous),
    ] {
        assert_eq!(risk(&policy, command), expected, "{command:?}");
    }
    for (folder, expected) in [
        ("folder = \"/home/ann/app\"", Risk::Caution),
        ("folder = \"~/app\"", Risk::Caution),
        ("folder = \"~/app/\"", Risk::Caution),
        ("folder = \"~/other\"", Risk::Dangerous),
    ] {
        assert_eq!(risk(&allowing("delete.folder", "rm -rf dist", folder), "rm -rf dist"), expected, "{folder}");
    }
    assert_eq!(risk(&allowing("delete.root", "rm -rf /", ""), "rm -rf /"), Risk::Blocked);
    assert_eq!(risk(&allowing("git.change", "rm -rf dist", ""), "rm -rf dist"), Risk::Dangerous);
}

#[test]
fn a_finding_that_was_changed_says_so() {
    let policy = reading(&allowing("delete.folder", "rm -rf dist", "")).policy;
    let report = policy.applied(analyze("rm -rf dist", &context()), "rm -rf dist", &context());
    let message = &report.findings[0].message;
    assert!(message.ends_with("(allowed until 2026-12-31: built anew)"), "{message}");
    assert_eq!(report.safer, None, "what is no danger any more needs nothing safer");
}

#[test]
fn an_allowance_ends_with_its_last_day() {
    let text = allowing("delete.folder", "rm -rf dist", "").replace("2026-12-31", "2026-06-15");
    for (day, in_force) in [(TODAY, 1), (Day { day: 16, ..TODAY }, 0), (Day { year: 2027, month: 1, day: 1 }, 0)] {
        let reading = read(&text, None, day);
        assert_eq!((reading.policy.allowances.len(), reading.expired.len()), (in_force, 1 - in_force), "{day}");
        assert_eq!(reading.problems, []);
    }
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    use ErrorCode::{PolicyDamaged, PolicyEntryIgnored};
    for (text, code, line, column, part) in [
        ("[levels\n", PolicyDamaged, 1, 8, "no TOML"),
        ("[levels]\n\"git.change\" = \n", PolicyDamaged, 2, 16, "no TOML"),
        ("a = 1\n[levels]\n", PolicyEntryIgnored, 1, 1, "there is no \"a\""),
        ("levels = 3\n", PolicyEntryIgnored, 1, 10, "levels is a table"),
        ("allow = 3\n", PolicyEntryIgnored, 1, 9, "[[allow]]"),
        ("[levels]\n\"git.chnage\" = \"caution\"\n", PolicyEntryIgnored, 2, 1, "no rule \"git.chnage\""),
        ("[levels]\n\"git.change\" = \"safe\"\n", PolicyEntryIgnored, 2, 16, "cannot be made safe"),
        ("[levels]\n\"git.change\" = \"deadly\"\n", PolicyEntryIgnored, 2, 16, "a level is"),
        ("[levels]\n\"git.change\" = 3\n", PolicyEntryIgnored, 2, 16, "a level is"),
        ("[levels]\n\"text.unparsed\" = \"caution\"\n", PolicyEntryIgnored, 2, 19, "cannot be lowered"),
        (
            "\n[[allow]]\nrule = \"delete.folder\"\nuntil = 2027-01-01\nreason = \"x\"\n",
            PolicyEntryIgnored,
            2,
            1,
            "no command",
        ),
        (
            "[[allow]]\nrule = \"delete.folder\"\ncommand = \"ü\"\nuntil = \"soon\"\nreason = \"x\"\n",
            PolicyEntryIgnored,
            4,
            9,
            "until is a day",
        ),
        (
            "[[allow]]\nrule = \"delete.folder\"\ncommand = \"a\"\nuntil = 2027-01-01\n",
            PolicyEntryIgnored,
            1,
            1,
            "no reason",
        ),
        (
            "[[allow]]\nrule = \"delete.folder\"\ncommand = \"a\"\nuntil = 2027-01-01\nreason = \" \"\n",
            PolicyEntryIgnored,
            5,
            10,
            "reason is a text",
        ),
        (
            "[[allow]]\nrule = \"delete.folder\"\ncommand = \"a\"\nunitl = 2027-01-01\nuntil = 2027-01-01\nreason = \"x\"\n",
            PolicyEntryIgnored,
            4,
            1,
            "no \"unitl\"",
        ),
        (
            "[[allow]]\nrule = \"delete.folder\"\ncommand = \"a\"\nfolder = \"app\"\nuntil = 2027-01-01\nreason = \"x\"\n",
            PolicyEntryIgnored,
            4,
            10,
            "whole path",
        ),
        (
            "[[allow]]\nrule = \"text.hidden\"\ncommand = \"a\"\nuntil = 2027-01-01\nreason = \"x\"\n",
            PolicyEntryIgnored,
            1,
            1,
            "cannot be allowed",
        ),
    ] {
        let reading = reading(text);
        let [problem] = &reading.problems[..] else { panic!("{text:?}: {:?}", reading.problems) };
        assert_eq!((problem.code, problem.line, problem.column), (code, line, column), "{text:?}: {problem:?}");
        assert!(problem.message.contains(part), "{text:?}: {problem:?}");
        assert!(reading.policy.is_empty(), "{text:?}");
    }
}

#[test]
fn a_wrong_entry_costs_only_itself() {
    let text = "[levels]\n\"no.rule\" = \"caution\"\n\"delete.folder\" = \"caution\"\n".to_owned()
        + &allowing("git.force-push", "git push -f", "")
        + "[[allow]]\n";
    let Reading { policy, problems, .. } = reading(&text);
    assert_eq!((policy.levels.len(), policy.allowances.len()), (1, 1));
    assert!(problems.len() > 1 && problems.iter().all(|problem| problem.code == ErrorCode::PolicyEntryIgnored));
}

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn paths(&self) -> Paths {
        let folder = |name| self.0.path().join(name);
        Paths { config: folder("config"), data: folder("data"), cache: folder("cache"), runtime: folder("run") }
    }

    fn write(&self, text: &[u8]) -> PathBuf {
        let file = self.paths().policy();
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("the folder is ours");
        fs::write(&file, text).expect("the folder is ours");
        file
    }
}

#[test]
fn a_running_engine_takes_over_what_changes() {
    let home = Home::new();
    let engine = Engine::with_policy(PolicyStore::of(&home.paths(), None));
    let risk = || engine.check("rm -rf build", &context()).risk;
    assert_eq!((risk(), engine.policy().notices()), (Risk::Dangerous, Vec::new()));
    home.write(b"[levels]\n\"delete.folder\" = \"caution\"\n");
    assert_eq!((risk(), engine.policy().notices()), (Risk::Caution, Vec::new()));
    // Of the same length: only the date of the file tells them apart.
    let file = home.write(b"[levels]\n\"delete.folder\" = \"blocked\"\n");
    let later = SystemTime::now() + Duration::from_secs(5);
    fs::File::options().append(true).open(&file).unwrap().set_modified(later).unwrap();
    assert_eq!(risk(), Risk::Blocked);
    home.write(b"[levels\n");
    assert_eq!(risk(), Risk::Dangerous, "a broken file changes nothing");
    let notices = engine.policy().notices();
    assert!(notices.len() == 1 && notices[0].code == ErrorCode::PolicyDamaged, "{notices:?}");
    assert!(notices[0].message.starts_with(&format!("{}:1:8: ", file.display())), "{notices:?}");
    assert_eq!(fs::read(&file).unwrap(), b"[levels\n", "and is left as it is");
    fs::remove_file(&file).unwrap();
    assert_eq!((risk(), engine.policy().notices()), (Risk::Dangerous, Vec::new()));
}

#[test]
fn the_day_changes_under_a_running_engine() {
    let home = Home::new();
    home.write(allowing("delete.folder", "rm -rf dist", "").as_bytes());
    let store = PolicyStore::of(&home.paths(), None);
    let new_year = UNIX_EPOCH + Duration::from_hours(1_798_761_600 / 3600);
    assert_eq!(store.current(new_year - Duration::from_secs(1)).allowances.len(), 1);
    assert_eq!(store.current(new_year).allowances.len(), 0);
}

#[test]
fn a_file_that_cannot_be_used_changes_nothing() {
    let home = Home::new();
    for content in [b"\xff\xfe".to_vec(), vec![b'#'; 2_000_000]] {
        home.write(&content);
        let store = PolicyStore::of(&home.paths(), None);
        assert!(store.current(SystemTime::now()).is_empty());
        assert_eq!(store.notices().iter().map(|notice| notice.code).collect::<Vec<_>>(), [ErrorCode::PolicyUnreadable]);
    }
    fs::remove_file(home.paths().policy()).unwrap();
    fs::create_dir(home.paths().policy()).unwrap();
    let store = PolicyStore::of(&home.paths(), None);
    assert!(store.current(SystemTime::now()).is_empty());
    assert_eq!(store.notices().len(), 1);
}

#[test]
fn questions_and_repeated_ones_are_judged_by_the_policy_of_now() {
    let home = Home::new();
    let engine = Engine::with_policy(PolicyStore::of(&home.paths(), None));
    let request = caro::proposal::Request { query: "delete folder build".to_owned(), context: context() };
    let risk = || engine.suggest(&request).best().expect("a known question").report.risk;
    assert_eq!(risk(), Risk::Dangerous);
    home.write(b"[levels]\n\"delete.folder\" = \"blocked\"\n");
    assert_eq!(risk(), Risk::Blocked);
}
