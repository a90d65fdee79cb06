//! Measures what `targets.toml` promises, one JSON object a line; `cargo xtask` runs it and judges.
//!
//! ```text
//! measure rows QUICK|FULL     latencies and rates
//! measure load ROUNDS         bytes held after so many rounds of 1,000 questions
//! measure soak SECONDS        resident memory while it works, a line every tenth
//! measure hot CASE TIMES      nothing but one hot path, for counting its instructions
//! measure ask QUESTION TIMES  one question over and over, for profiles
//! measure cases               the names for `hot`
//! ```
//!
//! A percentile is over every single measurement of a run; of several runs the best counts, since on a shared machine whatever
//! else runs only ever adds time.

mod count;
mod hot;
mod load;
#[path = "../question.rs"]
mod question;
mod rows;

use std::env;
use std::io::{self, Write as _};

/// A number for a row of `targets.toml`.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Measured {
    pub(crate) id: &'static str,
    pub(crate) value: f64,
    pub(crate) note: String,
}

impl Measured {
    pub(crate) fn new(id: &'static str, value: f64, note: impl Into<String>) -> Self {
        Self { id, value, note: note.into() }
    }
}

/// Prints one line of JSON.
pub(crate) fn say(value: &impl serde::Serialize) {
    let line = serde_json::to_string(value).expect("plain data");
    writeln!(io::stdout().lock(), "{line}").expect("somebody reads this");
}

fn main() {
    // Cargo puts a flag of its own in front of or behind ours.
    let words: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["rows", how] => rows::measure(how == "quick"),
        ["load", rounds] => load::growth(rounds.parse().expect("a number of rounds")),
        ["soak", seconds] => load::soak(seconds.parse().expect("a number of seconds")),
        ["hot", case, times] => hot::run(case, times.parse().expect("a number of times")),
        ["ask", question, times] => load::ask(question, times.parse().expect("a number of times")),
        ["cases"] => hot::CASES.iter().for_each(|(name, _)| say(name)),
        // `cargo bench` without a name for this program: the criterion one is meant.
        _ => {}
    }
}
