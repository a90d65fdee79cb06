//! A user's own intents: the same TOML as Caro's, read when Caro runs.

use caro::context::{Context, Os};
use caro::matcher::{Own, propose_with};
use caro::normalize::normalize;
use caro::shell::Shell;

const FILE: &str = r#"
[[intent]]
id = "work.deploy"
say = ["deploy {service} to staging", "ship {service} to staging"]
does = "Deploys {service} to staging"
unix = "frobctl deploy --env staging {service}"

[[intent]]
id = "work.vpn"
say = ["connect to frobnet [as {user}]"]
does = "Connects to the network of the office"
defaults = { user = "<user>" }
any = "frobvpn up {user}"

[[intent]]
id = "work.list"
say = ["list files"]
does = "Lists files as I like them"
any = "eza -l"
"#;

fn best(own: &Own, question: &str) -> Option<(String, String, Vec<String>)> {
    let matches = propose_with(own, &normalize(question), &Context::new(Shell::Bash, Os::Linux));
    matches.proposals.into_iter().next().map(|best| (best.intent.into_owned(), best.command, best.blanks))
}

#[test]
fn a_file_of_the_user_is_understood() {
    let (own, mistakes) = Own::compile([("work.toml", FILE)]);
    assert_eq!((own.len(), mistakes), (3, Vec::<String>::new()));
    let command = |question: &str| best(&own, question).map(|(_, command, _)| command).unwrap_or_default();
    assert_eq!(command("please deploy billing to staging"), "frobctl deploy --env staging billing");
    assert_eq!(command("ship \"a b\" to staging"), "frobctl deploy --env staging 'a b'");
    // The user's own comes before what ships with Caro, which is still there.
    assert_eq!(command("list files"), "eza -l");
    assert_eq!(command("find large files over 100MB"), "find . -size +100M");
}

#[test]
fn what_a_default_leaves_open_is_a_blank() {
    let (own, _) = Own::compile([("work.toml", FILE)]);
    assert_eq!(best(&own, "connect to frobnet as robin").unwrap().1, "frobvpn up robin");
    let (_, command, blanks) = best(&own, "connect to frobnet").unwrap();
    assert_eq!((command.as_str(), blanks), ("frobvpn up '<user>'", vec!["user".to_owned()]));
}

#[test]
fn an_intent_of_the_user_is_told_from_a_shipped_one() {
    let (own, _) = Own::compile([("work.toml", FILE)]);
    let intent = |question: &str| {
        let matches = propose_with(&own, &normalize(question), &Context::new(Shell::Bash, Os::Linux));
        matches.proposals.into_iter().next().map(|best| best.intent)
    };
    // Owned names stay out of telemetry.
    assert!(matches!(intent("deploy billing to staging"), Some(std::borrow::Cow::Owned(_))));
    assert!(matches!(intent("find large files over 100MB"), Some(std::borrow::Cow::Borrowed(_))));
}

#[test]
fn a_mistake_is_named_by_file_and_line_and_costs_only_its_file() {
    for (text, wrong) in [
        (
            "[[intent]]\nid = \"x\"\nsay = [\"frob it\"]\ndoes = \"\"\nany = \"x\"\n",
            "bad.toml:2: `x` is not `subject.what`",
        ),
        (
            "[[intent]]\nid = \"a.b\"\nsay = [\"frob {what}\"]\ndoes = \"\"\nany = \"x\"\n",
            "bad.toml:3: `what` has no known kind",
        ),
        (
            "[[intent]]\nid = \"a.b\"\nsay = [\"frob it\"]\ndoes = \"\"\nany = \"x {file}\"\n",
            "bad.toml:5: no phrasing has the slot `file`",
        ),
        (
            "[[intent]]\nid = \"a.b\"\nsay = [\"frob {file}\"]\ndoes = \"\"\nany = 'x \"{file}\"'\n",
            "bad.toml:5: a value between double quotes is not safe",
        ),
        ("nonsense\n", "bad.toml:1: "),
        ("[[intent]]\nid = \"a.b\"\nsay = []\ncommand = \"x\"\n", "bad.toml:4: unknown field `command`"),
    ] {
        let (own, mistakes) = Own::compile([("bad.toml", text), ("work.toml", FILE)]);
        assert_eq!(own.len(), 3, "{text}");
        assert!(mistakes.len() == 1 && mistakes[0].starts_with(wrong), "{mistakes:?} for {wrong}");
    }
}

#[test]
fn any_file_is_read_or_refused() {
    for text in ["", "\u{0}", "[[intent]]", "[[intent]]\nid = 3", &"[[intent]]\n".repeat(2_000), &"{".repeat(10_000)] {
        let (own, _) = Own::compile([("any.toml", text)]);
        assert!(own.is_empty());
    }
}

fn intent(say: &[String], any: &str) -> String {
    format!("[[intent]]\nid = \"a.b\"\nsay = {say:?}\ndoes = \"\"\nany = {any:?}\n")
}

#[test]
fn what_is_too_much_for_one_intent_costs_only_its_file() {
    let slots: Vec<String> = (0..300).map(|number| format!("{{text{number}}}")).collect();
    for (text, wrong) in [
        (
            intent(&[format!("frob {}", slots.join(" "))], "x"),
            "big.toml:2: there are too many slots: 256, and there is room for 255",
        ),
        (
            intent(&["frob it".to_owned()], &"x".repeat(70_000)),
            "big.toml:2: there are too many bytes in a text: 70000,",
        ),
    ] {
        let files = [("big.toml", text.as_str()), ("work.toml", FILE)];
        let (own, mistakes) = Own::compile(files);
        assert_eq!((own.len(), best(&own, "list files").unwrap().1.as_str()), (3, "eza -l"));
        assert!(mistakes.len() == 1 && mistakes[0].starts_with(wrong), "{mistakes:?} for {wrong}");
        assert_eq!(Own::mistakes(files), mistakes);
    }
}

#[test]
fn more_words_than_there_are_numbers_for_are_no_words() {
    let say: Vec<String> = (0..700)
        .map(|row| (0..100).map(|column| format!("frob{row}x{column}")).collect::<Vec<_>>().join("|"))
        .collect();
    let (own, mistakes) = Own::compile([("big.toml", intent(&say, "x").as_str())]);
    assert!(own.is_empty());
    assert!(mistakes.len() == 1 && mistakes[0].contains("too many words with a meaning of their own"), "{mistakes:?}");
}
