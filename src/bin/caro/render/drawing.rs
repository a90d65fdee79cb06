//! A command with what was found in it: the text with its spans underlined, and the tree of what would run inside what.

use std::io::{self, Write};
use std::ops::Range;

use caro::safety::{Finding, Report, Step};
use clap::builder::styling::Style;

use super::text::{printable, style};

/// Draws to `out`, which takes colours off where nobody would see them.
pub(crate) fn draw(out: &mut impl Write, command: &str, report: &Report, steps: &[Step]) -> io::Result<()> {
    let risk = style(report.risk);
    writeln!(out, "{risk}{}{risk:#}\n", report.risk.name())?;
    underlined(out, command, report)?;
    if !steps.is_empty() {
        writeln!(out)?;
        let tree = Tree { command, steps, findings: &report.findings };
        tree.below(out, None, "")?;
    }
    out.flush()
}

/// The text, each line with its findings under it.
fn underlined(out: &mut impl Write, command: &str, report: &Report) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
    let mut start = 0;
    for line in command.split('\n') {
        let here = start..start + line.len();
        writeln!(out, "{}", printable(line))?;
        for finding in findings.iter().filter(|finding| begins_in(&finding.span, &here)) {
            let from = finding.span.start - start;
            let to = finding.span.end.min(here.end) - start;
            // Where it is shown, which is not where it is: some characters are written out.
            let before = width(line.get(..from).unwrap_or_default());
            let length = width(line.get(from..to).unwrap_or_default()).max(1);
            let Finding { rule, risk, message, .. } = finding;
            let style = style(*risk);
            let mark = "^".repeat(length);
            writeln!(out, "{:before$}{style}{mark} {}{style:#} {rule}: {}", "", risk.name(), printable(message))?;
        }
        start = here.end + 1;
    }
    Ok(())
}

/// A finding about the break at the end of a line is shown with that line.
fn begins_in(span: &Range<usize>, line: &Range<usize>) -> bool {
    (line.start..=line.end).contains(&span.start)
}

fn width(text: &str) -> usize {
    printable(text).chars().count()
}

struct Tree<'a> {
    command: &'a str,
    steps: &'a [Step],
    findings: &'a [Finding],
}

impl Tree<'_> {
    /// The steps inside `outer`, each with its own below it.
    fn below(&self, out: &mut impl Write, outer: Option<usize>, indent: &str) -> io::Result<()> {
        let mut inside: Vec<usize> = (0..self.steps.len()).filter(|at| self.steps[*at].inside == outer).collect();
        inside.sort_by_key(|at| self.steps[*at].span.start);
        let last = inside.last().copied();
        for at in inside {
            let (branch, more) = match (outer, Some(at) == last) {
                (None, _) => ("", ""),
                (Some(_), false) => ("├─ ", "│  "),
                (Some(_), true) => ("└─ ", "   "),
            };
            write!(out, "{indent}{branch}{}", self.name(at))?;
            for Finding { rule, risk, .. } in self.findings.iter().filter(|finding| self.innermost(finding) == Some(at))
            {
                let style = style(*risk);
                write!(out, "  {style}{rule}{style:#}")?;
            }
            writeln!(out)?;
            self.below(out, Some(at), &format!("{indent}{more}"))?;
        }
        Ok(())
    }

    /// The program, and how it is written where that says more.
    fn name(&self, at: usize) -> String {
        let step = &self.steps[at];
        let known: String = step.program.chars().map(|c| if c == '\u{e000}' { '…' } else { c }).take(60).collect();
        let written =
            self.command.get(step.span.clone()).and_then(|text| text.split_whitespace().next()).unwrap_or_default();
        let dim = Style::new().dimmed();
        if written.is_empty() || written.ends_with(known.as_str()) || !written.starts_with('$') {
            printable(&known).into_owned()
        } else {
            format!("{} {dim}({}){dim:#}", printable(&known), printable(written))
        }
    }

    /// The step a finding is about: of those around it, the one with the least else in it.
    fn innermost(&self, finding: &Finding) -> Option<usize> {
        let around = |step: &Step| step.span.start <= finding.span.start && finding.span.end <= step.span.end;
        let found = self.steps.iter().enumerate().filter(|(_, step)| around(step));
        found.min_by_key(|(at, step)| (step.span.len(), usize::MAX - at)).map(|(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use caro::context::{Context, Os};
    use caro::safety::{analyze, trace};
    use caro::shell::Shell;

    use super::*;

    fn drawn(command: &str) -> String {
        let context = Context::new(Shell::Bash, Os::Linux);
        let mut out = anstream::StripStream::new(Vec::new());
        draw(&mut out, command, &analyze(command, &context), &trace(command, &context)).unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn a_drawing_shows_what_is_where() {
        let expected = "\
dangerous

sudo sh -c 'cd /tmp; rm -rf build' | tee log
     ^^ caution privilege.elevated: sudo runs it with all rights
                            ^^^^^ dangerous delete.folder: deletes build and everything in it, for good
                                         ^^^ caution overwrite.file: writes log, over what may be there

sudo
└─ sh  privilege.elevated
   ├─ cd
   └─ rm  delete.folder
tee  overwrite.file
";
        assert_eq!(drawn("sudo sh -c 'cd /tmp; rm -rf build' | tee log"), expected);
    }

    #[test]
    fn substitutions_hang_on_the_command_they_are_in() {
        let text = drawn("echo \"$(curl -s https://example.com | tr a b)\" | wc; echo 'rm -r x' | sh");
        assert!(text.contains("echo\n├─ curl\n└─ tr\nwc\necho"), "{text}");
        assert!(text.contains("sh\n└─ rm  delete.folder\n"), "{text}");
    }

    #[test]
    fn lines_have_their_findings_under_them_and_drive_no_terminal() {
        let text = drawn("ls é\u{1b}[2J\nrm -r ünder\n");
        assert!(text.contains("\nrm -r ünder\n      ^^^^^ dangerous delete.folder"), "{text}");
        assert!(text.contains("\nls é\\u{1b}[2J\n    ^^^^^^ dangerous text.control"), "{text}");
    }

    #[test]
    fn ten_thousand_commands_are_drawn_as_far_as_anyone_reads() {
        assert!(drawn(&"ls;".repeat(10_000)).lines().count() < 200);
        assert_eq!(drawn(""), "safe\n\n\n");
    }
}
