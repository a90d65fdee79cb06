//! How far a download is: one line that renews itself for a person at a terminal, the beginning and the end for everybody else.

use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use caro::weights::Step;

use crate::render::text::{amount, printable};

/// Often enough to see that it lives, seldom enough to be read.
const RENEWED: Duration = Duration::from_millis(200);

/// The line. That it cannot be written is no reason to end a download.
pub(super) struct Meter<'a> {
    out: &'a mut dyn Write,
    live: bool,
    begun: Option<(Instant, u64)>,
    shown: Option<Instant>,
}

impl<'a> Meter<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Self {
        Self { out, live: io::stderr().is_terminal(), begun: None, shown: None }
    }

    /// A step of a download.
    pub(super) fn step(&mut self, step: &Step) {
        match step {
            Step::Here => self.say("it is here already"),
            Step::Cached => self.say("found in the cache of Hugging Face's own tools; nothing is downloaded"),
            Step::Begun { from: 0, size } => self.say(&format!("downloading {}", amount(*size))),
            Step::Begun { from, size } => {
                self.say(&format!("going on with the download: {} of {} are here", amount(*from), amount(*size)));
            }
            Step::Came { done, size } => self.read(*done, *size),
            Step::Again { why, wait } => {
                self.say(&format!("{}; trying again in {} s", printable(why), wait.as_secs_f32().ceil()));
            }
            Step::Checking => self.say("checking"),
        }
        if let Step::Begun { from, .. } = step {
            self.begun = Some((Instant::now(), *from));
        }
    }

    /// So much of so much has been read.
    pub(super) fn read(&mut self, done: u64, size: u64) {
        let (start, from) = *self.begun.get_or_insert_with(|| (Instant::now(), 0));
        if !self.live || self.shown.is_some_and(|shown| shown.elapsed() < RENEWED) {
            return;
        }
        self.shown = Some(Instant::now());
        let _ = write!(self.out, "\r\x1b[K{}", line(done, size, done.saturating_sub(from), start.elapsed()));
        let _ = self.out.flush();
    }

    /// Clears the line.
    pub(super) fn end(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(self.out, "\r\x1b[K");
        }
    }

    fn say(&mut self, what: &str) {
        self.end();
        let _ = writeln!(self.out, "{what}");
    }
}

/// `  42 %  12 MB/s  1 min 20 s left`
fn line(done: u64, size: u64, came: u64, time: Duration) -> String {
    let percent = done * 100 / size.max(1);
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = came.saturating_mul(1000) / milliseconds;
    if rate == 0 {
        return format!("{percent:>3} %");
    }
    let left = size.saturating_sub(done) / rate;
    let left = if left < 60 { format!("{left} s") } else { format!("{} min {:02} s", left / 60, left % 60) };
    format!("{percent:>3} %  {}/s  {left} left", amount(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_long_it_takes() {
        let second = Duration::from_secs(1);
        assert_eq!(line(0, 1000, 0, second), "  0 %");
        assert_eq!(line(500_000_000, 1_000_000_000, 10_000_000, second), " 50 %  10 MB/s  50 s left");
        assert_eq!(line(100_000_000, 1_000_000_000, 10_000_000, second), " 10 %  10 MB/s  1 min 30 s left");
        assert_eq!(line(5, 5, 5, Duration::ZERO), "100 %  5.0 kB/s  0 s left");
        assert_eq!(line(0, 0, 0, Duration::ZERO), "  0 %");
    }

    #[test]
    fn somebody_who_is_no_terminal_reads_the_beginning_and_the_end() {
        let mut text = Vec::new();
        let mut meter = Meter { out: &mut text, live: false, begun: None, shown: None };
        meter.step(&Step::Begun { from: 0, size: 2_000_000 });
        meter.step(&Step::Came { done: 1_000_000, size: 2_000_000 });
        meter.step(&Step::Checking);
        meter.end();
        assert_eq!(String::from_utf8(text).unwrap(), "downloading 2.0 MB\nchecking\n");
    }
}
