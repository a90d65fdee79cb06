//! `cargo xtask report`: one HTML page with every number and its chart, and a picture of the same for the README. Nothing in either
//! is loaded from anywhere.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use anyhow::Result;

use crate::{
    compare::estimates,
    history,
    program::{root, say},
    target::{Row, Sheet, Verdict, number, read_sheet},
};

/// Writes `target/performance/report.html` and `docs/images/performance-targets.svg`.
pub(crate) fn run() -> Result<()> {
    let sheet = read_sheet()?;
    let history = history::lines()?;
    // Whoever did not run the benchmarks has a page without them.
    let times = estimates(&root().join("target/criterion")).unwrap_or_default();
    let times: BTreeMap<String, f64> = times.into_iter().map(|(name, estimate)| (name, estimate.point)).collect();
    let page = root().join("target/performance/report.html");
    fs::write(&page, html(&sheet, &history, &times))?;
    let picture = root().join("docs/images/performance-targets.svg");
    fs::write(&picture, svg(&sheet))?;
    for file in [page, picture] {
        say(&file.display().to_string());
    }
    Ok(())
}

const STYLE: &str = "
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1080px; margin: 32px auto; padding: 0 16px; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid color-mix(in srgb, currentcolor 20%, transparent); text-align: end; }
th:first-child, td:first-child { text-align: start; }
td small { display: block; opacity: .7; }
.met { color: light-dark(#1a7f37, #3fb950); } .missed { color: light-dark(#cf222e, #f85149); font-weight: 600; }
svg { max-width: 100%; height: auto; }
";

fn html(sheet: &Sheet, history: &[history::Line], times: &BTreeMap<String, f64>) -> String {
    let mut rows = String::new();
    for Row { target, measured, note, verdict } in &sheet.rows {
        let (class, word) = words(*verdict);
        let value = measured.map_or_else(|| "–".to_owned(), |value| format!("{} {}", number(value), target.unit));
        let reference = target.reference.map_or_else(String::new, number);
        let reached = target.reached.map_or_else(String::new, number);
        let trend = trend(history, &target.id);
        let _ = writeln!(
            rows,
            "<tr><td>{}<small>{}</small></td><td>{value}</td><td>{}</td><td>{reference}</td><td>{reached}</td><td class=\"{class}\">{word}</td><td>{trend}</td></tr>",
            escaped(&target.what),
            escaped(note),
            escaped(&target.promise()),
        );
    }
    let mut benches = String::new();
    for (name, nanoseconds) in times {
        let _ = writeln!(benches, "<tr><td>{}</td><td>{}</td></tr>", escaped(name), time(*nanoseconds));
    }
    if benches.is_empty() {
        benches.push_str("<tr><td>none were run: <code>cargo bench --bench all</code></td><td></td></tr>");
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
<title>Caro {version}: performance</title><style>{STYLE}</style>
<h1>Caro {version}: performance</h1>
<p>Measured on {machine}, revision {revision} of {day}, by <code>cargo xtask gate</code>. The reference is what a comparable system promises and says it reached, in the same units.</p>
{picture}
<table><thead><tr><th>what</th><th>measured</th><th>target</th><th>reference</th><th>reached</th><th>verdict</th><th>releases</th></tr></thead>
<tbody>
{rows}</tbody></table>
<h2>Benchmarks</h2>
<table><tbody>
{benches}</tbody></table>
</html>\n",
        version = escaped(&sheet.version),
        machine = escaped(&sheet.machine.shown()),
        revision = escaped(&sheet.revision),
        day = escaped(&sheet.day),
        picture = svg(sheet),
    )
}

fn words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Met => ("met", "✓ met"),
        Verdict::Missed => ("missed", "✗ missed"),
        Verdict::NotMeasured => ("", "not measured"),
    }
}

const ROW: usize = 26;
const BAR: f64 = 320.0;

/// A bar a row: how much of its target is used up. What has to be large is drawn the other way round.
fn svg(sheet: &Sheet) -> String {
    let rows: Vec<(&Row, f64)> = sheet.rows.iter().filter_map(|row| Some((row, share(row)?))).collect();
    let height = rows.len() * ROW + 48;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 {height}\" width=\"900\" height=\"{height}\" role=\"img\" aria-label=\"What was measured as a share of its target\" font-family=\"system-ui, sans-serif\" font-size=\"13\">
<style>text{{fill:#57606a}} .name{{fill:#24292f}} @media (prefers-color-scheme: dark){{text{{fill:#9198a1}} .name{{fill:#e6edf3}}}}</style>
<text x=\"360\" y=\"20\">0</text><text x=\"{:.0}\" y=\"20\" text-anchor=\"middle\">target</text>
",
        360.0 + BAR
    );
    for (at, (Row { target, measured, verdict, .. }, share)) in rows.into_iter().enumerate() {
        let y = 32 + at * ROW;
        // A row far over its target still ends on the picture.
        let width = (share.min(1.25) * BAR).max(1.0);
        let color = if *verdict == Verdict::Met { "#2da44e" } else { "#cf222e" };
        let _ = writeln!(
            text,
            "<text class=\"name\" x=\"350\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"360\" y=\"{y}\" width=\"{width:.1}\" height=\"16\" rx=\"3\" fill=\"{color}\"/><text x=\"772\" y=\"{}\">{} of {} {}</text>",
            y + 13,
            escaped(&target.id),
            y + 13,
            number(measured.unwrap_or_default()),
            number(target.limit()),
            escaped(&target.unit),
        );
    }
    let _ = writeln!(
        text,
        "<line x1=\"{x:.0}\" x2=\"{x:.0}\" y1=\"26\" y2=\"{}\" stroke=\"#8c959f\" stroke-dasharray=\"4 3\"/></svg>",
        height - 8,
        x = 360.0 + BAR
    );
    text
}

fn share(row: &Row) -> Option<f64> {
    let (measured, limit) = (row.measured?, row.target.limit());
    if row.target.least.is_some() {
        return Some(limit / measured.max(f64::MIN_POSITIVE));
    }
    // Nothing of nothing is nothing; anything of nothing is too much.
    Some(if limit > 0.0 {
        measured / limit
    } else if measured > 0.0 {
        2.0
    } else {
        0.0
    })
}

/// A number for each release, drawn as a line.
fn trend(history: &[history::Line], id: &str) -> String {
    let values: Vec<f64> = history.iter().filter_map(|line| line.rows.get(id).copied()).collect();
    if values.len() < 2 {
        return values.first().map(|value| number(*value)).unwrap_or_default();
    }
    let most = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    #[expect(clippy::cast_precision_loss, reason = "a handful of releases")]
    let point = |(at, value): (usize, &f64)| {
        format!("{:.1},{:.1}", at as f64 * 80.0 / (values.len() - 1) as f64, 18.0 - value / most * 16.0)
    };
    let points: Vec<String> = values.iter().enumerate().map(point).collect();
    format!(
        "<svg width=\"80\" height=\"20\" aria-hidden=\"true\"><polyline points=\"{}\" fill=\"none\" stroke=\"currentcolor\"/></svg>",
        points.join(" ")
    )
}

fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    format!("{} {unit}", number(value))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Machine, Measured, targets};

    fn sheet() -> Sheet {
        let rows = targets().unwrap().into_iter().enumerate().map(|(at, target)| {
            let measured =
                Measured { id: target.id.clone(), value: target.limit() * 0.5, note: "a <b> & \"c\"".to_owned() };
            Row::of(target, (at != 1).then_some(&measured), "no display")
        });
        let machine = Machine { cpu: "test".to_owned(), cores: 2, os: "linux".to_owned() };
        let (version, revision, day) = ("1".to_owned(), "abc".to_owned(), "2026-01-01".to_owned());
        Sheet { version, revision, day, machine, rows: rows.collect() }
    }

    #[test]
    fn the_page_has_every_row_and_loads_nothing() {
        let page = html(&sheet(), &[], &BTreeMap::from([("match/git".to_owned(), 12_345.0)]));
        assert!(targets().unwrap().iter().all(|target| page.contains(&escaped(&target.what))));
        assert!(page.contains("12.3 µs") && page.contains("not measured") && page.contains("a &lt;b&gt; &amp;"));
        let loads = ["src=", "href=", "@import", "url("].into_iter().find(|word| page.contains(word));
        assert_eq!(loads, None);
    }

    #[test]
    fn a_bar_is_as_long_as_the_share_of_the_target() {
        let rows = sheet().rows;
        let of = |id: &str| share(rows.iter().find(|row| row.target.id == id).unwrap());
        assert_eq!(of("answer.static"), Some(0.5));
        assert_eq!(of("telemetry.throughput"), Some(2.0), "half of what is promised is twice the bar");
        assert_eq!(of("memory.growth"), Some(0.0));
    }
}
