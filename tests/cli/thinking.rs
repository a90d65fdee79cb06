//! Questions nobody knows, answered by a model: the small trained one of the repository, and one on a server.

use std::io::Write as _;

use crate::home::{Home, Output, finish};
use crate::server::{Server, head};

const UNKNOWN: &str = "frobnicate zork";

fn tiny() -> String {
    format!("{}/inference/tests/data/tiny.gguf", env!("CARGO_MANIFEST_DIR"))
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn the_model_in_use_answers_what_the_rules_do_not_know() {
    let home = Home::new();
    assert_eq!(home.run(&["models", "add", &tiny()], b"").status, 0);
    let before = home.run(&["--json", UNKNOWN], b"");
    assert_eq!((before.status, json(&before)["tier"].as_str()), (1, Some("none")));

    assert_eq!(home.run(&["models", "use", "tiny"], b"").status, 0);
    assert_eq!(home.run(&["config", "set", "model_confidence", "0"], b"").status, 0);
    let after = home.run(&["--json", UNKNOWN], b"");
    let answer = json(&after);
    assert_eq!((after.status, answer["tier"].as_str()), (0, Some("embedded")), "{after:?}");
    assert!(answer["command"].is_string() && answer["explanation"].as_str().unwrap().contains("tiny"), "{answer}");
    // What it knows by rule it does not ask a model about.
    assert_eq!(json(&home.run(&["--json", "list files"], b""))["tier"], "rules");
    let batch = home.run(&["batch"], format!("{{\"id\":1,\"query\":\"{UNKNOWN}\"}}\n").as_bytes());
    let line = json(&batch);
    assert_eq!((line["tier"].as_str(), &line["command"]), (Some("embedded"), &answer["command"]));

    // Nothing is as sure as that.
    assert_eq!(home.run(&["config", "set", "model_confidence", "100"], b"").status, 0);
    assert_eq!(home.run(&[UNKNOWN], b"").status, 1);
}

#[test]
fn a_model_whose_file_is_gone_is_said_and_the_rules_go_on() {
    let home = Home::new();
    let copy = home.paths().data.join("copy.gguf");
    std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
    std::fs::copy(tiny(), &copy).unwrap();
    assert_eq!(home.run(&["models", "add", copy.to_str().unwrap()], b"").status, 0);
    assert_eq!(home.run(&["models", "use", "copy"], b"").status, 0);
    std::fs::remove_file(&copy).unwrap();
    let known = home.run(&["list files"], b"");
    assert_eq!(known.status, 0, "{known:?}");
    assert!(known.stderr.contains("copy"), "{}", known.stderr);
}

#[test]
fn a_server_is_asked_when_it_is_named_and_what_is_sent_can_be_seen() {
    let home = Home::new();
    let nothing = home.run(&["models", "preview", UNKNOWN], b"");
    assert!(nothing.stdout.is_empty() && nothing.stderr.contains("nothing is ever sent"), "{nothing:?}");

    let server = Server::start(|_, stream| {
        let reply = r#"{"choices":[{"message":{"content":"{\"command\": \"ls -la\"}"},"finish_reason":"stop"}]}"#;
        head(stream, 200, &[("content-type", "application/json".to_owned())]);
        let _ = stream.write_all(reply.as_bytes());
    });
    for (name, value) in [("remote_url", format!("{}/v1", server.address())), ("remote_model", "big".to_owned())] {
        assert_eq!(home.run(&["config", "set", name, &value], b"").status, 0);
    }
    let preview = json(&home.run(&["models", "preview", UNKNOWN], b""));
    assert_eq!((preview["model"].as_str(), preview["stream"].as_bool()), (Some("big"), Some(true)), "{preview}");
    assert!(preview["messages"].to_string().contains(UNKNOWN), "{preview}");

    let mut command = home.command(&["--json", UNKNOWN]);
    let answered = finish(command.env("CARO_REMOTE_KEY", "sk-word"), b"");
    let answer = json(&answered);
    assert_eq!((answer["tier"].as_str(), answer["command"].as_str()), (Some("remote"), Some("ls -la")), "{answered:?}");
    let asked = server.asked();
    assert_eq!((asked.len(), asked[0].header("authorization")), (1, Some("Bearer sk-word")), "{asked:?}");
    assert!(!answered.stderr.contains("sk-word"));
}
