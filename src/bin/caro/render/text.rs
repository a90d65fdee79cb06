//! What a person reads.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use caro::radius::{Extent, sentences};
use caro::safety::{Report, Risk};
use caro::suggestion::{Answer, Suggestion};
use clap::builder::styling::{AnsiColor, Style};

use super::Console;

/// An answer: the command alone on stdout, the rest on stderr.
pub(crate) fn answer(console: &mut Console, answer: &Answer) -> io::Result<()> {
    let Some(best) = answer.best() else { return abstention(console, answer) };
    let Suggestion { proposal, report, missing, .. } = best;
    if report.risk == Risk::Blocked || !proposal.blanks.is_empty() {
        // Shown, but where no pipe and no `$(…)` can hand it to a shell.
        writeln!(console.err, "{}", printable(&proposal.command))?;
    } else {
        writeln!(console.out, "{}", proposal.command)?;
        console.out.flush()?;
    }
    let style = style(report.risk);
    writeln!(console.err, "{style}{}{style:#}: {}", report.risk.name(), printable(&proposal.explanation))?;
    if best.yours {
        writeln!(console.err, "  yours: you accepted it for such a question before")?;
    }
    if !proposal.blanks.is_empty() {
        writeln!(console.err, "  fill in: <{}>", proposal.blanks.join(">, <"))?;
    }
    for missing in missing {
        writeln!(console.err, "  {}", printable(&missing.sentence()))?;
    }
    remarks(console, report)?;
    for Suggestion { proposal, report, missing, .. } in answer.suggestions.iter().skip(1) {
        write!(console.err, "  or: {}  ({})", printable(&proposal.command), report.risk.name())?;
        for missing in missing {
            write!(console.err, ", {}", printable(&missing.sentence()))?;
        }
        writeln!(console.err)?;
    }
    Ok(())
}

fn abstention(console: &mut Console, answer: &Answer) -> io::Result<()> {
    writeln!(console.err, "no confident answer")?;
    if let Some(asked) = &answer.asked {
        let style = style(asked.risk);
        writeln!(console.err, "  {style}{}{style:#}: {}", asked.rule, asked.message)?;
    }
    for near in &answer.nearest {
        writeln!(console.err, "  did you mean: {}", printable(&near.example))?;
    }
    Ok(())
}

/// A judgement: the risk alone on stdout, the reasons on stderr.
pub(crate) fn judgement(console: &mut Console, report: &Report) -> io::Result<()> {
    writeln!(console.out, "{}", report.risk.name())?;
    console.out.flush()?;
    remarks(console, report)
}

/// What the command comes to on this machine, now.
pub(crate) fn touches(console: &mut Console, extents: &[Extent]) -> io::Result<()> {
    for sentence in sentences(extents) {
        writeln!(console.err, "  now: {sentence}")?;
    }
    Ok(())
}

fn remarks(console: &mut Console, report: &Report) -> io::Result<()> {
    for finding in &report.findings {
        let style = style(finding.risk);
        writeln!(console.err, "  {style}{}{style:#}: {}", finding.rule, printable(&finding.message))?;
    }
    if let Some(safer) = &report.safer {
        writeln!(console.err, "  safer: {}", printable(safer))?;
    }
    Ok(())
}

pub(crate) const fn style(risk: Risk) -> Style {
    match risk {
        Risk::Safe => AnsiColor::Green.on_default(),
        Risk::Caution => AnsiColor::Yellow.on_default(),
        Risk::Dangerous => AnsiColor::Red.on_default(),
        Risk::Blocked => AnsiColor::Red.on_default().bold(),
    }
}

/// A number of bytes as people say it: `676 MB`, `1.1 GB`.
pub(crate) fn amount(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = (bytes * 10 + unit / 2) / unit;
    if tenths >= 100 {
        format!("{} {name}", (tenths + 5) / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

/// Text that came from outside, fit for a terminal: what would move the cursor, recolour or reorder the line is written out.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unprintable(c) {
            let _ = write!(shown, "{}", c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and the format characters that hide or reorder text (bidirectional controls, zero-width characters, tags).
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (144_811_552, "145 MB"),
            (675_710_848, "676 MB"),
            (1_117_320_736, "1.1 GB"),
            (12_345_678_900, "12 GB"),
        ] {
            assert_eq!(amount(bytes), text);
        }
    }

    #[test]
    fn only_what_could_deceive_is_written_out() {
        assert_eq!(printable("grüße 日本 👍"), "grüße 日本 👍");
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d\u{200b}"), "a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{200b}");
    }
}
