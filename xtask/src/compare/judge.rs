//! When a number is worse and not just another throw of the dice. Pure.

/// An estimate with its confidence interval, in any unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) point: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// One benchmark before and after.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    pub(crate) name: String,
    pub(crate) before: f64,
    pub(crate) after: f64,
    pub(crate) is_slower: bool,
    pub(crate) unit: &'static str,
}

impl Finding {
    pub(crate) fn shown(&self) -> String {
        let Self { name, before, after, is_slower, unit } = self;
        let change = (after / before - 1.0) * 100.0;
        let mark = if *is_slower { "SLOWER" } else { "" };
        format!("{name:<44} {before:>14.1} {after:>14.1} {unit}  {change:>+7.2} % {mark}")
    }
}

/// A change below this is not worth a word.
const WORTH: f64 = 0.10;

/// Judges times measured in turns. Noise only ever adds, so the fastest turn of each side is the nearest to the truth; it is slower
/// when it is so by more than a tenth, the intervals of the two do not overlap, and most of its turns say the same.
pub(crate) fn of_times(name: &str, before: &[Estimate], after: &[Estimate]) -> Option<Finding> {
    let fastest = |turns: &[Estimate]| turns.iter().copied().min_by(|a, b| a.point.total_cmp(&b.point));
    let (old, new) = (fastest(before)?, fastest(after)?);
    let pairs = before.iter().zip(after);
    let agreeing = pairs.clone().filter(|(old, new)| new.point > old.point).count();
    let is_slower = new.point > old.point * (1.0 + WORTH) && new.low > old.high && agreeing * 2 > pairs.count();
    Some(Finding { name: name.to_owned(), before: old.point, after: new.point, is_slower, unit: "ns" })
}

/// Judges counts: exact but for the order in which a hash table is walked.
pub(crate) fn of_counts(name: &str, before: f64, after: f64, tolerance: f64) -> Finding {
    let is_slower = after > before * (1.0 + tolerance);
    Finding { name: name.to_owned(), before, after, is_slower, unit: "instructions" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A benchmark of 100 µs on a machine that is disturbed now and then, as a sequence that repeats itself.
    struct Machine(u64);

    impl Machine {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(self.0 >> 40).unwrap_or_default()) / f64::from(1_u32 << 24)
        }

        fn turn(&mut self, truth: f64) -> Estimate {
            // A tenth of the time somebody else has the machine; a percent or two is always there.
            let noise = 0.02 * self.next() + if self.next() < 0.1 { 0.5 * self.next() } else { 0.0 };
            let point = truth * (1.0 + noise);
            Estimate { point, low: point * 0.99, high: point * 1.01 }
        }

        fn verdict(&mut self, before: f64, after: f64) -> bool {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            for _ in 0..3 {
                old.push(self.turn(before));
                new.push(self.turn(after));
            }
            of_times("x", &old, &new).is_some_and(|finding| finding.is_slower)
        }
    }

    #[test]
    fn unchanged_code_raises_no_alarm() {
        let mut machine = Machine(1);
        let alarms = (0..10_000).filter(|_| machine.verdict(100.0, 100.0)).count();
        assert!(alarms <= 20, "{alarms} of 10,000");
    }

    #[test]
    fn code_that_got_slower_by_a_quarter_is_caught() {
        let mut machine = Machine(2);
        let caught = (0..10_000).filter(|_| machine.verdict(100.0, 125.0)).count();
        assert!(caught >= 9_900, "{caught} of 10,000");
    }

    #[test]
    fn a_change_that_is_small_or_uncertain_is_none() {
        let sure = |point: f64| Estimate { point, low: point * 0.999, high: point * 1.001 };
        let unsure = |point: f64| Estimate { point, low: point * 0.8, high: point * 1.2 };
        let is_slower = |before, after| of_times("x", &[before], &[after]).is_some_and(|finding| finding.is_slower);
        assert!(!is_slower(sure(100.0), sure(109.0)), "below a tenth");
        assert!(is_slower(sure(100.0), sure(112.0)));
        assert!(!is_slower(unsure(100.0), unsure(112.0)), "the intervals overlap");
        assert!(!is_slower(sure(112.0), sure(100.0)), "faster");
        assert!(of_times("x", &[], &[]).is_none());
    }

    #[test]
    fn counts_have_a_small_tolerance() {
        assert!(!of_counts("x", 1_000.0, 1_019.0, 0.02).is_slower);
        assert!(of_counts("x", 1_000.0, 1_021.0, 0.02).is_slower);
    }
}
