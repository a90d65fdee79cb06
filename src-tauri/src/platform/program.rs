//! Other programs, run for a moment: with arguments of our own, never through a shell, and never longer than a user waits.
//!
//! Invariant: the text that is sent is one argument or the standard input; no program gets to take it apart.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

// They answer in 5 to 60 ms; one that hangs must not take the popup with it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Runs `program`, gives it `input` and returns what it printed.
pub(super) fn run(program: &str, arguments: &[&OsStr], input: &[u8]) -> io::Result<String> {
    run_with(Command::new(program), arguments, input)
}

/// [`run`] for a command that was given its environment already.
pub(super) fn run_with(mut command: Command, arguments: &[&OsStr], input: &[u8]) -> io::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read its input says so by its status.
        let _ = stdin.write_all(input);
    }
    // Read beside: one that prints more than a pipe holds would wait for us, and we for it.
    let reader = child.stdout.take().map(|mut stdout| {
        thread::spawn(move || {
            let mut printed = Vec::new();
            stdout.read_to_end(&mut printed).map(|_| printed)
        })
    });
    let deadline = Instant::now() + ANSWERS_WITHIN;
    let status = loop {
        let status = child.try_wait()?;
        if status.is_some() || Instant::now() >= deadline {
            break status;
        }
        thread::sleep(LOOK_AGAIN);
    };
    let Some(status) = status else {
        child.kill()?;
        child.wait()?;
        return Err(io::Error::new(io::ErrorKind::TimedOut, format!("{name} did not answer")));
    };
    if !status.success() {
        return Err(io::Error::other(format!("{name} ended with {status}")));
    }
    let printed = reader.and_then(|reader| reader.join().ok()).transpose()?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&printed).into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn run_words(program: &str, words: &[&str], input: &[u8]) -> io::Result<String> {
        let words: Vec<&OsStr> = words.iter().map(OsStr::new).collect();
        run(program, &words, input)
    }

    #[test]
    fn an_argument_is_one_argument_whatever_is_in_it() {
        let hard = "a;b $(id) `id` 'x' \"y\" \\ *";
        assert_eq!(run_words("printf", &["%s", hard], b"").unwrap(), hard);
        assert_eq!(run_words("cat", &[], hard.as_bytes()).unwrap(), hard);
    }

    #[test]
    fn what_is_longer_than_a_pipe_is_read_whole() {
        assert_eq!(run_words("printf", &["%300000s", ""], b"").unwrap().len(), 300_000);
    }

    #[test]
    fn a_program_that_fails_or_hangs_or_is_not_there_is_an_error() {
        assert!(run_words("false", &[], b"").unwrap_err().to_string().starts_with("false ended with"));
        assert_eq!(run_words("sleep", &["60"], b"").unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(run_words("no-such-program-of-anybody", &[], b"").unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
