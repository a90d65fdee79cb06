//! `cargo xtask checklist`: what holds of a release, filled in from what the gate measured. It is signed only when every row holds.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Result, bail};

use crate::{
    history,
    program::{root, say},
    target::{Row, Sheet, Verdict, number, read_sheet},
};

/// Prints the list; signed, it is kept beside the history with the numbers.
pub(crate) fn run(sign: bool) -> Result<()> {
    let sheet = read_sheet()?;
    let text = list(&sheet);
    say(&text);
    if sign {
        refuse(&sheet)?;
        history::run(true)?;
        let file = root().join(format!("benches/history/{}.md", sheet.version));
        fs::write(&file, text)?;
        say(&format!("signed: {}", file.display()));
    }
    Ok(())
}

/// Says why a list cannot be signed.
fn refuse(sheet: &Sheet) -> Result<()> {
    let open: Vec<&str> =
        sheet.rows.iter().filter(|row| row.verdict != Verdict::Met).map(|row| row.target.id.as_str()).collect();
    if open.is_empty() {
        return Ok(());
    }
    bail!("it is not signed: {} of {} rows do not hold ({})", open.len(), sheet.rows.len(), open.join(", "))
}

fn list(sheet: &Sheet) -> String {
    let mut text =
        format!("# Release {}\n\nMeasured on {} of {}.\n\n", sheet.version, sheet.machine.shown(), sheet.day);
    for Row { target, measured, verdict, note } in &sheet.rows {
        let mark = if *verdict == Verdict::Met { "x" } else { " " };
        let value = match measured {
            Some(value) => format!("{} {}", number(*value), target.unit),
            None => format!("not measured ({note})"),
        };
        let _ = writeln!(text, "- [{mark}] {}: **{value}** of {}", target.what, target.promise());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Machine, Measured, targets};

    #[test]
    fn a_failing_row_keeps_it_from_being_signed() {
        let sheet = |value: Option<f64>| {
            let rows = targets().unwrap().into_iter().map(|target| {
                let value = if target.id == "answer.static" { value } else { Some(target.limit()) };
                let measured = value.map(|value| Measured { id: target.id.clone(), value, note: String::new() });
                Row::of(target, measured.as_ref(), "no reason")
            });
            let machine = Machine { cpu: "test".to_owned(), cores: 2, os: "linux".to_owned() };
            let (version, revision, day) = ("1".to_owned(), String::new(), String::new());
            Sheet { version, revision, day, machine, rows: rows.collect() }
        };
        assert!(refuse(&sheet(Some(400.0))).is_ok());
        assert!(refuse(&sheet(Some(501.0))).unwrap_err().to_string().contains("answer.static"));
        assert!(refuse(&sheet(None)).is_err());
        assert!(list(&sheet(None)).contains("- [ ] an answer by rule"));
    }
}
