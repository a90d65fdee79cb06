//! Whoever reads, whoever waits, and the running app.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::{Duration, Instant};

use caro::resident::{Message, Reply, server::Server};

use crate::home::Home;

// Far more than any answer takes, on the slowest machine that runs this.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn batch_answers_each_line_before_the_next_is_written() {
    let home = Home::new();
    for args in [&["batch"][..], &["check", "--batch"]] {
        let mut child = home.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (said, answers) = sync_channel(1);
        let reader = thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| said.send(line)));
        for id in 0..3 {
            writeln!(input, "{{\"id\":{id},\"query\":\"list files\",\"command\":\"ls\"}}").unwrap();
            let answer = answers.recv_timeout(PATIENCE).expect("an answer while the pipe is open");
            assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
        }
        drop(input);
        assert!(child.wait().unwrap().success());
        reader.join().unwrap().unwrap();
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let home = Home::new();
    let lines = b"{\"query\":\"list files\"}\n".repeat(20_000);
    let mut child =
        home.command(&["batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || input.write_all(&lines).is_err());
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("\"query\""), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    assert!(feeder.join().unwrap(), "the program ended before it read everything");
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_written_is_a_failure() {
    let home = Home::new();
    for args in [&["list files"][..], &["--json", "list files"], &["check", "ls"], &["man"], &["doctor"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = home.command(args).stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the answer"), "{args:?}: {output:?}");
    }
}

#[cfg(unix)]
#[test]
fn input_that_cannot_be_read_is_a_failure() {
    let home = Home::new();
    let folder = std::fs::File::open("/").unwrap();
    let output = home.command(&["batch"]).stdin(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot read the input"), "{output:?}");
}

#[test]
fn colour_is_for_people_who_want_it() {
    let home = Home::new();
    let has_colour = |name: &str, value: &str| {
        let output = home.command(&["list files"]).env(name, value).output().unwrap();
        assert!(!output.stdout.contains(&0x1b), "the command is never coloured");
        output.stderr.contains(&0x1b)
    };
    assert!(has_colour("CLICOLOR_FORCE", "1"));
    assert!(!has_colour("NO_COLOR", "1"));
    assert!(!has_colour("TERM", "xterm-256color"), "a pipe is no person");
}

#[test]
fn toggle_reaches_the_running_app() {
    let home = Home::new();
    let (told, toggles) = sync_channel(1);
    let handler = move |message| match message {
        Message::Toggle => {
            let _ = told.try_send(());
            Reply::Done
        }
        Message::Ping => Reply::pong(),
        Message::Show | Message::Settings { .. } | Message::Here(_) => {
            Reply::Failed { message: "nobody asked".to_owned() }
        }
    };
    Server::bind(&home.paths()).unwrap().serve(handler).unwrap();
    // The program waits as long as a person would; a busy test machine may need more than that.
    let deadline = Instant::now() + PATIENCE;
    let mut output = home.run(&["toggle"], b"");
    while output.stderr.contains("does not answer") && Instant::now() < deadline {
        output = home.run(&["toggle"], b"");
    }
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.as_str()), (0, "", ""));
    toggles.try_recv().expect("the app was told");
    let mut doctor = home.run(&["doctor"], b"");
    while doctor.stdout.contains("does not answer") && Instant::now() < deadline {
        doctor = home.run(&["doctor"], b"");
    }
    assert!(doctor.stdout.contains(&format!("process {}", std::process::id())), "{}", doctor.stdout);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&home.paths().runtime), mode(&home.paths().socket())), (0o700, 0o600));
    }
}

#[test]
fn an_app_that_does_not_answer_is_not_waited_for() {
    let home = Home::new();
    let handler = |_| {
        thread::park();
        Reply::Done
    };
    Server::bind(&home.paths()).unwrap().serve(handler).unwrap();
    let output = home.run(&["toggle"], b"");
    assert_eq!(output.status, 4);
    assert!(output.stderr.contains("does not answer"), "{}", output.stderr);
}
