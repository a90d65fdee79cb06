//! Counts the tests of several runners from the lines they print.

use std::time::Duration;

/// Tests seen so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    passed: u32,
    failed: u32,
    ignored: u32,
}

impl Tally {
    /// Looks at one line of a runner: the last one of `cargo test` (`test result: ok. 3 passed; 0 failed; …`) or the one of
    /// Vitest (`Tests  1 failed | 41 passed (42)`). Any other counts for nothing.
    pub(super) fn see(&mut self, line: &str) {
        let line = without_colors(line);
        let line = line.trim();
        let counts = if let Some(rest) = line.strip_prefix("test result: ") {
            rest.split_once(". ").map_or("", |(_, counts)| counts)
        } else if let Some(rest) = line.strip_prefix("Tests") {
            rest
        } else {
            return;
        };
        for count in counts.split([';', '|']) {
            let mut words = count.split_whitespace();
            let (Some(number), Some(kind)) = (words.next().and_then(|word| word.parse::<u32>().ok()), words.next())
            else {
                continue;
            };
            match kind {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" | "skipped" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// Takes over what another run counted.
    pub(super) fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Forgets the failures: those tests are run again.
    pub(super) fn forgive(&mut self) {
        self.failed = 0;
    }

    /// A step that failed without a failed test (a lint, a build) counts as one.
    pub(super) fn step_failed(&mut self) {
        self.failed = self.failed.max(1);
    }

    /// The last line, as `cargo test` writes it.
    pub(super) fn result(&self, time: Duration) -> String {
        let Self { passed, failed, ignored } = self;
        let word = if *failed == 0 { "ok" } else { "FAILED" };
        let time = time.as_secs_f32();
        format!(
            "test result: {word}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 0 filtered out; finished in {time:.2}s"
        )
    }
}

/// Some runners color their output whoever reads it: `ESC [ … m` is left out.
fn without_colors(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Tally;

    #[test]
    fn lines_of_both_runners_are_counted() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            " Test Files  4 passed (4)",
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[31m1 failed\u{1b}[39m | \u{1b}[1m\u{1b}[32m41 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (42)\u{1b}[39m",
        ] {
            tally.see(line);
        }
        assert_eq!(tally, Tally { passed: 45, failed: 3, ignored: 1 });
        assert_eq!(
            tally.result(Duration::from_millis(1500)),
            "test result: FAILED. 45 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s"
        );
    }

    #[test]
    fn a_failed_lint_fails_the_whole() {
        let mut tally = Tally::default();
        tally.step_failed();
        assert!(tally.result(Duration::ZERO).starts_with("test result: FAILED. 0 passed; 1 failed;"));
    }
}
