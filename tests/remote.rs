//! A model on another machine: a server of this machine that speaks its protocol, and one that does not.

#[path = "server/mod.rs"]
mod server;

use std::io::Write as _;
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use caro::ErrorCode;
use caro::net::{Patience, Secret};
use caro::remote::{Answer, Chat, End, Error, Message, Remote, Role};

use server::{Asked, Server, head, stall};

const KEY: &str = "sk-verysecret";

fn remote(server: &Server) -> Remote {
    Remote {
        base: format!("{}/v1/", server.address()),
        model: "tiny".to_owned(),
        key: Secret::new(KEY),
        proxy: None,
        patience: Patience {
            connect: Duration::from_secs(20),
            // Far more than any answer takes, on the slowest machine that runs this.
            silence: Duration::from_secs(20),
            attempts: 3,
            back_off: Duration::from_millis(1),
            longest: Duration::from_secs(5),
        },
        within: Duration::from_mins(1),
    }
}

/// The same with little patience, for servers that stall: every stall costs this much.
fn impatient(server: &Server) -> Remote {
    let mut remote = remote(server);
    remote.patience.silence = Duration::from_secs(1);
    remote
}

fn chat() -> Chat {
    let message = |role, content: &str| Message { role, content: content.to_owned() };
    Chat { messages: vec![message(Role::System, "answer"), message(Role::User, "list files")], max_tokens: 50 }
}

/// Asks, and returns what was heard piece by piece.
fn ask(remote: &Remote) -> (Vec<String>, Result<Answer, Error>) {
    let mut heard = Vec::new();
    let answer = remote.ask(&chat(), &AtomicBool::new(false), &mut |piece| {
        heard.push(piece.to_owned());
        ControlFlow::Continue(())
    });
    (heard, answer)
}

fn code(answer: Result<Answer, Error>) -> ErrorCode {
    caro::Error::from(answer.expect_err("no answer")).code()
}

fn event(text: &str) -> String {
    format!("data: {}\n\n", serde_json::json!({"choices": [{"delta": {"content": text}}]}))
}

const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
const DONE: &str = "data: [DONE]\n\n";

/// Sends events as they are, and ends.
fn send(stream: &mut TcpStream, events: &str) {
    head(stream, 200, &[("content-type", "text/event-stream".to_owned())]);
    let _ = stream.write_all(events.as_bytes());
}

fn speaking(events: String) -> Server {
    Server::start(move |_, stream| send(stream, &events))
}

/// Does one thing after the other, a request each; the last for all that follow.
fn acting(acts: Vec<fn(&mut TcpStream)>) -> Server {
    let acts = Mutex::new(acts.into_iter().peekable());
    Server::start(move |_, stream| {
        let act = {
            let mut acts = acts.lock().expect("no test panics with it");
            let act = *acts.peek().expect("there is a last one");
            if acts.len() > 1 {
                acts.next();
            }
            act
        };
        act(stream);
    })
}

fn good(stream: &mut TcpStream) {
    send(stream, &[&event("l"), &event("s"), STOP, DONE].concat());
}

#[test]
fn a_streamed_answer_is_heard_piece_by_piece() {
    let server = acting(vec![good]);
    let remote = remote(&server);
    let (heard, answer) = ask(&remote);
    assert_eq!(answer.unwrap(), Answer { text: "ls".to_owned(), end: End::Finished });
    assert_eq!(heard, ["l", "s"]);
    let asked = server.asked();
    let [Asked { method, path, body, .. }] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/v1/chat/completions"));
    assert_eq!(asked[0].header("authorization"), Some("Bearer sk-verysecret"));
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    assert_eq!(body, remote.body(&chat()), "what is shown beforehand is what is sent");
    assert_eq!(body["messages"][1], serde_json::json!({"role": "user", "content": "list files"}));
}

#[test]
fn an_answer_that_is_not_streamed_is_one_piece() {
    let server = Server::start(|_, stream| {
        head(stream, 200, &[("content-type", "application/json; charset=utf-8".to_owned())]);
        let body = r#"{"choices":[{"message":{"content":"ls -l"},"finish_reason":"length"}]}"#;
        let _ = stream.write_all(body.as_bytes());
    });
    let (heard, answer) = ask(&remote(&server));
    assert_eq!((heard, answer.unwrap().end), (vec!["ls -l".to_owned()], End::Length));
}

#[test]
fn whoever_has_heard_enough_is_told_no_more() {
    // The connection stays open: only the listener ends it.
    let server = Server::start(|_, stream| {
        send(stream, &[event("{\"command\":"), event("\"ls\"}"), event(" and so on")].concat());
        stall(stream);
    });
    let mut text = String::new();
    let answer = remote(&server).ask(&chat(), &AtomicBool::new(false), &mut |piece| {
        text.push_str(piece);
        if text.ends_with('}') { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(answer.unwrap(), Answer { text: "{\"command\":\"ls\"}".to_owned(), end: End::Enough });
}

#[test]
fn a_server_that_is_busy_or_ill_is_asked_again() {
    let busy = |stream: &mut TcpStream| head(stream, 429, &[("retry-after", "0".to_owned())]);
    let ill = |stream: &mut TcpStream| head(stream, 503, &[]);
    let mute = |_: &mut TcpStream| {};
    for acts in [vec![busy, ill, good], vec![mute, mute, good], vec![stall, good]] {
        let server = acting(acts);
        let (heard, answer) = ask(&impatient(&server));
        assert_eq!(answer.unwrap().text, "ls");
        assert_eq!(heard, ["l", "s"], "nothing is heard twice");
    }
}

#[test]
fn what_was_begun_is_not_asked_again() {
    for act in [
        |stream: &mut TcpStream| send(stream, &event("l")),
        |stream: &mut TcpStream| {
            send(stream, &event("l"));
            stall(stream);
        },
    ] {
        let server = acting(vec![act, good]);
        let (heard, answer) = ask(&impatient(&server));
        assert!(matches!(code(answer), ErrorCode::ServerCut | ErrorCode::ServerSilent));
        assert_eq!((heard, server.asked().len()), (vec!["l".to_owned()], 1));
    }
}

#[test]
fn a_refusal_says_why_and_not_the_key() {
    let status = |status: u16, body: &'static str| {
        Server::start(move |_, stream| {
            head(stream, status, &[("content-type", "application/json".to_owned())]);
            let _ = stream.write_all(body.as_bytes());
        })
    };
    let said = format!("data: {{\"error\":{{\"message\":\"{KEY} is no key\"}}}}\n\n");
    for (server, wanted) in [
        (status(401, "{}"), ErrorCode::ServerDenied),
        (status(404, "{}"), ErrorCode::ServerLacks),
        (status(400, "{\"error\":{\"message\":\"bad key sk-verysecret\"}}"), ErrorCode::ServerRefused),
        (status(422, "no JSON"), ErrorCode::ServerRefused),
        (status(307, ""), ErrorCode::ServerGarbled),
        (speaking(said), ErrorCode::ServerRefused),
    ] {
        let (_, answer) = ask(&remote(&server));
        let error = caro::Error::from(answer.unwrap_err());
        assert_eq!(error.code(), wanted, "{error}");
        assert!(!format!("{error} {error:?}").contains("verysecret"), "{error:?}");
        assert_eq!(server.asked().len(), 1, "{error}");
    }
    let remote = remote(&status(200, "{}"));
    assert!(!format!("{remote:?}").contains("verysecret"));
}

#[test]
fn garbage_is_no_answer() {
    for events in [
        "data: {\"choices\":[{\"delta\":{\"content\":\n\n".to_owned(),
        "data: <html>\n\n".to_owned(),
        format!("data: {}\n\n", "x".repeat(2 << 20)),
        "x".repeat(2 << 20),
    ] {
        let (_, answer) = ask(&remote(&speaking(events.clone())));
        assert_eq!(code(answer), ErrorCode::ServerGarbled, "{events:.40}");
    }
    // What says nothing at all has no end either.
    for events in [String::new(), "data: {\"choices\":[]}\n\n".to_owned(), event("l")] {
        let (_, answer) = ask(&remote(&speaking(events.clone())));
        assert_eq!(code(answer), ErrorCode::ServerCut, "{events}");
    }
    let text = Server::start(|_, stream| {
        head(stream, 200, &[("content-type", "application/json".to_owned())]);
        let _ = stream.write_all(b"{\"choices\":");
    });
    assert_eq!(code(ask(&remote(&text)).1), ErrorCode::ServerGarbled);
}

#[test]
fn an_endless_answer_ends() {
    let endless: [fn() -> String; 3] =
        [|| event("word "), || ": still here\n\n".to_owned(), || "data: {\"choices\":[]}\n\n".to_owned()];
    for piece in endless {
        let server = Server::start(move |_, stream| {
            send(stream, "");
            let many = piece().repeat(1000);
            while stream.write_all(many.as_bytes()).is_ok() {}
        });
        assert_eq!(code(ask(&remote(&server)).1), ErrorCode::ServerEndless);
    }
    // A drip that never is silent for long, and would be short enough for a day.
    let server = Server::start(|_, stream| {
        send(stream, "");
        while stream.write_all(b":\n").is_ok() {
            std::thread::yield_now();
        }
    });
    let remote = Remote { within: Duration::from_millis(300), ..remote(&server) };
    assert_eq!(code(ask(&remote).1), ErrorCode::ServerEndless);
}

#[test]
fn a_cancel_is_felt_at_once() {
    let server = Server::start(|_, stream| {
        send(stream, &event("l"));
        stall(stream);
    });
    let mut remote = remote(&server);
    remote.patience.silence = Duration::from_hours(1);
    remote.within = Duration::from_hours(1);
    let cancel = AtomicBool::new(false);
    let answer = remote.ask(&chat(), &cancel, &mut |_| {
        cancel.store(true, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert_eq!(code(answer), ErrorCode::Cancelled);
}
