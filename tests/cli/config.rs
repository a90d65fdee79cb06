//! `caro config`.

use std::fs;

use crate::home::Home;

#[test]
fn a_setting_is_changed_and_changed_back() {
    let home = Home::new();
    let config = |args: &[&str]| home.run(&[&["config"], args].concat(), b"");
    let value = |name: &str| config(&["get", name]).stdout;
    assert_eq!(
        (value("theme").as_str(), value("telemetry").as_str(), value("shell").as_str()),
        ("system\n", "true\n", "\n")
    );
    for (name, written, read) in [
        ("theme", "dark", "dark\n"),
        ("theme", "\"light\"", "light\n"),
        ("telemetry", "false", "false\n"),
        ("shell", "fish", "fish\n"),
        ("model", "1.5", "1.5\n"),
        ("hotkey", "Ctrl+Alt+K", "Ctrl+Alt+K\n"),
    ] {
        let set = config(&["set", name, written]);
        assert_eq!((set.status, set.stdout.as_str(), set.stderr.as_str()), (0, "", ""), "{name} {written}");
        assert_eq!(value(name), read);
    }
    let text = fs::read_to_string(home.paths().settings()).unwrap();
    assert!(text.contains("theme = \"light\"") && text.contains("telemetry = false"), "{text}");
    assert_eq!(config(&["set", "theme", "default"]).status, 0);
    assert_eq!(config(&["unset", "shell"]).status, 0);
    let text = fs::read_to_string(home.paths().settings()).unwrap();
    assert!(!text.contains("theme") && !text.contains("shell"), "{text}");
    assert_eq!(config(&["path"]).stdout.trim(), home.paths().settings().to_str().unwrap());
}

#[test]
fn what_a_setting_cannot_be_changes_nothing() {
    let home = Home::new();
    for (args, said) in [
        (["set", "theme", "purple"], "theme cannot be \"purple\""),
        (["set", "telemetry", "perhaps"], "telemetry cannot be \"perhaps\""),
        (["set", "theme", "1\nhistory = false"], "theme cannot be"),
        (["set", "colour", "red"], "there is no setting called \"colour\""),
        (["set", "colour", "default"], "there is no setting called \"colour\""),
    ] {
        let output = home.run(&[&["config"], &args[..]].concat(), b"");
        assert_eq!(output.status, 4, "{args:?}");
        assert!(output.stderr.contains(said), "{args:?}: {}", output.stderr);
    }
    assert!(!home.paths().settings().exists());
    let unknown = home.run(&["config", "get", "colour"], b"");
    assert!(unknown.stderr.contains("caro config list"), "{}", unknown.stderr);
    assert_eq!(home.run(&["config", "set", "theme"], b"").status, 2);
}

#[test]
fn the_list_explains_every_setting() {
    let home = Home::new();
    home.run(&["config", "set", "theme", "dark"], b"");
    let list = home.run(&["config"], b"").stdout;
    assert!(list.contains("theme = \"dark\"  (default: \"system\")\n    \"system\", \"light\", \"dark\" or"), "{list}");
    assert!(list.contains("model = unset\n"), "{list}");
    let json: serde_json::Value = serde_json::from_str(&home.run(&["config", "list", "--json"], b"").stdout).unwrap();
    let theme = json.as_array().unwrap().iter().find(|line| line["name"] == "theme").unwrap();
    assert_eq!((&theme["value"], &theme["default"]), (&"dark".into(), &"system".into()));
    assert_eq!(home.run(&["config", "get", "model", "--json"], b"").stdout, "null\n");
}
