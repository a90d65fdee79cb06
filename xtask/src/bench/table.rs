//! The figures of a run beside what they shall be, for a reader.

use std::fmt::Write as _;

use super::figures::{Figures, Spread};

/// Everything as lines of text.
pub(crate) fn of(figures: &Figures) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{:<34} {:>8} {:>8} {:>8} {:>5}  target", "milliseconds", "p50", "p95", "max", "n");
    let rows = [
        ("hotkey to mapped", &figures.hotkey_to_mapped_ms, 10.0),
        ("hotkey to painted", &figures.hotkey_to_painted_ms, 20.0),
        ("keystroke to painted suggestion", &figures.keystroke_to_painted_ms, 20.0),
        ("start to hotkey live", &figures.start_to_hotkey_ms, 200.0),
        ("start to page ready", &figures.start_to_ready_ms, 500.0),
    ];
    for (name, spread, target) in rows {
        let _ = writeln!(text, "{}  p95 under {target:.0}: {}", row(name, spread), word(spread.p95 < target));
    }
    if let Some(peer) = &figures.peer {
        let _ = writeln!(text, "{}", row(&format!("{}: mapped", peer.name), &peer.hotkey_to_mapped_ms));
        let _ = writeln!(text, "{}", row(&format!("{}: painted", peer.name), &peer.hotkey_to_painted_ms));
    }
    let _ = writeln!(text);
    let private = figures.private_mib;
    let _ = writeln!(
        text,
        "private memory at idle   {private:.1} MiB (under 70: {}), {:.1} before the first opening",
        word(private < 70.0),
        figures.private_at_start_mib
    );
    for (name, mib) in &figures.private_by_process_mib {
        let _ = writeln!(text, "  {mib:>6.1}  {name}");
    }
    let growth = &figures.growth;
    let _ = writeln!(
        text,
        "growth                   {:+.1} MiB in {} rounds, from {:.1} to {:.1} (under 2: {})",
        growth.grown_mib,
        growth.rounds,
        growth.before_mib,
        growth.after_mib,
        word(growth.grown_mib < 2.0)
    );
    for (name, mib) in &growth.before_by_process_mib {
        let _ = writeln!(text, "  {mib:>6.1}  {name} before");
    }
    let wakeups = figures.wakeups_per_s;
    let _ = writeln!(
        text,
        "wake-ups at idle         {wakeups:.1} a second (under 3: {}), as voluntary context switches of all threads",
        word(wakeups < 3.0)
    );
    for (name, rate) in figures.wakeups_by_thread.iter().take(6) {
        let _ = writeln!(text, "  {rate:>6.2}  {name}");
    }
    let machine = &figures.machine;
    let _ = write!(
        text,
        "machine                  {} cores, {}, load {:.1} before; profile {}",
        machine.cores, machine.cpu, machine.load_before, machine.profile
    );
    text
}

fn row(name: &str, Spread { p50, p95, max, n }: &Spread) -> String {
    format!("{name:<34} {p50:>8.1} {p95:>8.1} {max:>8.1} {n:>5}")
}

fn word(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}
