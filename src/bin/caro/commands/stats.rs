//! How fast Caro was here, each number beside its target: what the performance page of the app shows, for a terminal.

use std::io::{self, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use caro::telemetry::{Format, LastAnswer, Performance, Spread, Target, target};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use crate::args::{ExportFormat, Options, Period};
use crate::render::Console;
use crate::render::text::printable;
use crate::session::Session;
use crate::status::{Failure, Status};

/// A measured number beside its target.
#[derive(Debug, Serialize)]
struct Figure {
    target: &'static str,
    measured: f64,
    unit: &'static str,
    limit: f64,
    met: bool,
}

#[derive(Debug, Serialize)]
struct Statistics {
    period: &'static str,
    #[serde(flatten)]
    performance: Performance,
    /// Questions that got no command, of all.
    abstention_rate: f64,
    /// Questions that were answered before, of all.
    cache_rate: f64,
    /// Tokens of prompts that a model had read already, of all.
    prefix_rate: f64,
    figures: Vec<Figure>,
}

pub(crate) fn run(
    period: Period,
    export: Option<ExportFormat>,
    options: &Options,
    console: &mut Console,
) -> Result<Status, Failure> {
    let session = Session::of_user();
    let (recorder, notice) = session.recorder();
    for notice in session.notices.iter().chain(&notice) {
        console.notice(notice);
    }
    if let Some(format) = export {
        let format = match format {
            ExportFormat::Json => Format::Json,
            ExportFormat::Csv => Format::Csv,
        };
        recorder.export(format, &mut console.out)?;
        console.out.flush()?;
        return Ok(Status::Answer);
    }
    let since = SystemTime::now().checked_sub(period.length()).unwrap_or(UNIX_EPOCH);
    let statistics = Statistics::of(period, recorder.performance(since)?);
    if options.json {
        console.json(&statistics)?;
    } else if !session.settings.telemetry {
        writeln!(console.err, "Measuring is off, and nothing is kept: `caro config set telemetry true` turns it on.")?;
    } else {
        console.out.flush()?;
        show(&statistics, &mut anstream::AutoStream::auto(io::stdout()))?;
    }
    console.out.flush()?;
    Ok(Status::Answer)
}

impl Statistics {
    fn of(period: Period, performance: Performance) -> Self {
        let asked: u64 = performance.tiers.iter().map(|tier| tier.count).sum();
        let by = |name: &str| performance.tiers.iter().find(|tier| tier.name == name).map_or(0, |tier| tier.count);
        let tokens = performance.known_tokens + performance.read_tokens;
        Self {
            period: period.name(),
            abstention_rate: share(by("none"), asked),
            cache_rate: share(by("cache"), asked),
            prefix_rate: share(performance.known_tokens, tokens),
            figures: figures(&performance),
            performance,
        }
    }
}

/// The target for the latency of a tier.
fn target_of(tier: &str) -> &'static Target {
    target(match tier {
        "cache" => "answer.cached",
        "embedded" | "remote" => "answer.embedded",
        _ => "answer.static",
    })
}

fn figures(performance: &Performance) -> Vec<Figure> {
    let mut figures: Vec<Figure> =
        performance.tiers.iter().map(|tier| micros(target_of(&tier.name), tier.p99)).collect();
    let spreads = [
        (&performance.popup, "popup.mapped"),
        (&performance.display, "popup.keystroke"),
        (&performance.first_token, "answer.embedded"),
    ];
    figures.extend(spreads.into_iter().filter_map(|(spread, id)| Some(micros(target(id), spread.as_ref()?.p99))));
    if let Some(started) = &performance.started {
        figures.push(micros(target("start.hotkey"), started.hotkey_us));
        figures.push(micros(target("start.ready"), started.ready_us));
    }
    figures.push(figure(target("telemetry.year"), float(performance.database_bytes) / 1e6));
    figures
}

fn micros(target: &'static Target, micros: u64) -> Figure {
    let scale = match target.unit.as_str() {
        "ms" => 1e3,
        "s" => 1e6,
        _ => 1.0,
    };
    figure(target, float(micros) / scale)
}

fn figure(target: &'static Target, measured: f64) -> Figure {
    let Target { id, unit, .. } = target;
    Figure { target: id, measured, unit, limit: target.value(), met: target.is_met(measured) }
}

fn show(statistics: &Statistics, out: &mut impl io::Write) -> io::Result<()> {
    let Statistics { performance, abstention_rate, cache_rate, prefix_rate, .. } = statistics;
    let asked: u64 = performance.tiers.iter().map(|tier| tier.count).sum();
    writeln!(
        out,
        "the last {}: {asked} questions, {} without a command, {} answered before",
        statistics.period,
        percent(*abstention_rate),
        percent(*cache_rate)
    )?;
    if asked > 0 {
        let answered: Vec<u64> = performance.timeline.iter().map(|bucket| bucket.answered + bucket.abstained).collect();
        writeln!(out, "  {}", spark(&answered))?;
        writeln!(out, "\n  {:<14} {:>7} {:>8} {:>8} {:>8} {:>8}", "tier", "answers", "p50", "p90", "p99", "target")?;
    }
    for tier in &performance.tiers {
        row(out, tier, Some(target_of(&tier.name)))?;
    }
    if !performance.stages.is_empty() {
        writeln!(out, "\n  {:<14} {:>7} {:>8} {:>8} {:>8}", "stage", "answers", "p50", "p90", "p99")?;
    }
    for stage in &performance.stages {
        row(out, stage, None)?;
    }
    let others = [
        ("popup", &performance.popup, "popup.mapped"),
        ("key to frame", &performance.display, "popup.keystroke"),
        ("first token", &performance.first_token, "answer.embedded"),
    ];
    if others.iter().any(|(_, spread, _)| spread.is_some()) {
        writeln!(out)?;
    }
    for (name, spread, id) in others {
        if let Some(spread) = spread {
            row(out, &Spread { name: name.to_owned(), ..spread.clone() }, Some(target(id)))?;
        }
    }
    if let Some(rate) = &performance.rate {
        writeln!(
            out,
            "  {:<14} {:>7} {:>8} tokens/s, {} of the prompts read before",
            "writing",
            rate.count,
            rate.p50,
            percent(*prefix_rate)
        )?;
    }
    if let Some(last) = &performance.last {
        writeln!(out, "\n  last answer    {}", flame(last))?;
    }
    if let Some(sample) = performance.resources.last() {
        let own = sample.resident_bytes.saturating_sub(sample.webview_bytes + sample.model_bytes);
        let parts = [("engine", own), ("model", sample.model_bytes), ("web view", sample.webview_bytes)];
        let parts = parts.map(|(name, bytes)| format!("{name} {}", megabytes(bytes))).join(", ");
        let memory: Vec<u64> = performance.resources.iter().map(|sample| sample.resident_bytes).collect();
        writeln!(out, "  memory         {parts}; CPU {:.1} %  {}", sample.cpu_percent, spark(&thinned(&memory)))?;
    }
    if let Some(started) = &performance.started {
        let (hotkey, ready) = (target("start.hotkey"), target("start.ready"));
        let (hotkey, ready) = (micros(hotkey, started.hotkey_us), micros(ready, started.ready_us));
        writeln!(out, "  last start     hotkey {}, ready {}", told(&hotkey), told(&ready))?;
    }
    let database = figure(target("telemetry.year"), float(performance.database_bytes) / 1e6);
    writeln!(out, "  database       {}, {} events not written", told(&database), performance.dropped)
}

fn row(out: &mut impl io::Write, spread: &Spread, target: Option<&'static Target>) -> io::Result<()> {
    let Spread { name, count, p50, p90, p99, histogram, .. } = spread;
    write!(
        out,
        "  {:<14} {count:>7} {:>8} {:>8} {:>8}",
        printable(name),
        duration(*p50),
        duration(*p90),
        duration(*p99)
    )?;
    if let Some(target) = target {
        let figure = micros(target, *p99);
        let (word, style) = verdict(&figure);
        write!(out, " {:>8} {style}{word:<6}{style:#}", format!("{} {}", figure.limit, figure.unit))?;
    }
    writeln!(out, "  {}", spark(&histogram.iter().map(|bar| bar.count).collect::<Vec<_>>()))
}

fn verdict(figure: &Figure) -> (&'static str, Style) {
    if figure.met { ("met", AnsiColor::Green.on_default()) } else { ("missed", AnsiColor::Red.on_default().bold()) }
}

fn told(figure: &Figure) -> String {
    let Figure { measured, unit, limit, .. } = figure;
    let (word, style) = verdict(figure);
    let digits = if *measured < 10.0 { 2 } else { 0 };
    format!("{measured:.digits$} {unit} of {limit} {unit} {style}{word}{style:#}")
}

/// The stages of one answer as a bar, 30 letters wide, and what they took.
fn flame(last: &LastAnswer) -> String {
    const WIDTH: u64 = 30;
    let all: u64 = last.stages.iter().map(|(_, us)| us).sum::<u64>().max(1);
    let mut bar = String::new();
    let mut legend = Vec::new();
    for (number, (name, us)) in last.stages.iter().enumerate() {
        let fill = ['█', '▓', '▒', '░'][number % 4];
        let width = usize::try_from((us * WIDTH).div_ceil(all)).unwrap_or_default();
        bar.extend(std::iter::repeat_n(fill, width));
        legend.push(format!("{} {}", printable(name), duration(*us)));
    }
    format!("{}  {} {bar}\n                 {}", printable(&last.tier), duration(last.latency_us), legend.join(", "))
}

/// Numbers as one line of eight heights; nothing is lower than the lowest.
fn spark(numbers: &[u64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = numbers.iter().copied().max().unwrap_or_default().max(1);
    let height = |number: u64| {
        let of = usize::try_from((u128::from(number) * 8).div_ceil(u128::from(most))).unwrap_or(8);
        of.checked_sub(1).map_or(' ', |height| HEIGHTS[height.min(7)])
    };
    numbers.iter().copied().map(height).collect()
}

/// As many as fit into a line beside the rest.
fn thinned(numbers: &[u64]) -> Vec<u64> {
    let step = numbers.len().div_ceil(30).max(1);
    numbers.iter().step_by(step).copied().collect()
}

fn duration(micros: u64) -> String {
    match Duration::from_micros(micros) {
        short if short < Duration::from_millis(1) => format!("{micros} µs"),
        medium if medium < Duration::from_secs(1) => format!("{:.1} ms", float(micros) / 1e3),
        _ => format!("{:.1} s", float(micros) / 1e6),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", float(bytes) / 1e6)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { float(part) / float(all) }
}

#[expect(clippy::cast_precision_loss, reason = "for a reader; nothing here reaches 2^53")]
fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sparkline_has_a_height_for_each_number() {
        assert_eq!(spark(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(spark(&[]), "");
        assert_eq!(spark(&[0, 0]), "  ");
        assert_eq!(spark(&[u64::MAX, 1]), "█▁");
    }

    #[test]
    fn the_bar_of_an_answer_is_as_wide_as_its_parts() {
        let stages = vec![("match".to_owned(), 30), ("judge".to_owned(), 10)];
        let bar = flame(&LastAnswer { latency_us: 40, stages, tier: "rules".to_owned(), ..LastAnswer::default() });
        assert!(bar.contains(&format!("{}{}\n", "█".repeat(23), "▓".repeat(8))), "{bar}");
    }

    #[test]
    fn figures_are_in_the_unit_of_their_target() {
        let tier = Spread { name: "rules".to_owned(), count: 1, p99: 700, ..Spread::default() };
        let popup = Some(Spread { p99: 7_000, ..Spread::default() });
        let figures = figures(&Performance { tiers: vec![tier], popup, ..Performance::default() });
        let told: Vec<_> = figures.iter().map(|figure| (figure.target, figure.met)).collect();
        assert_eq!(told, [("answer.static", false), ("popup.mapped", true), ("telemetry.year", true)]);
    }
}
