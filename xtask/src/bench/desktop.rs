//! The app measured as its user meets it: keys pressed over XTEST, windows and pixels as the X server tells of them. Nothing is
//! asked of the app, and nothing in it knows that it is measured.
//!
//! The peer, `rofi` started by `sxhkd`, is pressed in turns with Caro on the same server, so that whatever else the machine does
//! falls on both.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use caro_stage::{Actor, Area, Eye, Family, Setup, Stage, app, footprint, wait_until};

use super::{
    figures::{Figures, Growth, Machine, Peer, Samples, round},
    table,
};
use crate::{
    build::{self, Profile},
    package::{self, Consent, Need},
    program::{self, say},
};

/// How the figures are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Json,
}

/// What is measured and how it is told.
pub(crate) struct Wanted {
    pub(crate) form: Form,
    pub(crate) rounds: u32,
    pub(crate) starts: usize,
    pub(crate) presses: usize,
    pub(crate) profile: Profile,
    pub(crate) program: Option<PathBuf>,
}

/// The next key changes the command, not only the text in the field: `wc -l ab`, then `wc -l abc`.
const QUESTION: &str = "count lines in ab";
const NEXT_KEY: &str = "c";
const PEER: &str = "rofi behind sxhkd";
const PEER_KEY: &str = "Super+R";
/// The field at the top and the line at the bottom of the popup change with every key, answer or not.
const FIELD: u16 = 72;
const FOOTER: u16 = 56;
/// Longer than a frame and its consequences, shorter than the blinking of a cursor.
const CALM: Duration = Duration::from_millis(60);
const WATCHED: Duration = Duration::from_secs(20);

/// Builds, measures and prints.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let &Wanted { form, profile, .. } = wanted;
    if form == Form::Json {
        program::talk_aside();
    }
    package::ensure(Need::Bench, Consent::given(false))?;
    let (program, profile) = if let Some(program) = &wanted.program {
        (fs::canonicalize(program).with_context(|| program.display().to_string())?, "given")
    } else {
        build::from_nothing(Consent::given(false), profile)?;
        (build::program("caro-desktop", profile), profile.name())
    };
    let machine = machine(profile)?;
    let figures = measure(&program, wanted, machine)?;
    match form {
        Form::Table => say(&format!("\n{}", table::of(&figures))),
        Form::Json => program::answer(&serde_json::to_string(&figures)?),
    }
    Ok(())
}

fn machine(profile: &str) -> Result<Machine> {
    let (cpu, cores) = footprint::machine()?;
    let load = fs::read_to_string("/proc/loadavg").context("cannot read /proc/loadavg")?;
    let load_before = load.split(' ').next().and_then(|minute| minute.parse().ok()).unwrap_or(f64::NAN);
    Ok(Machine { cpu, cores, load_before, profile: profile.to_owned() })
}

fn measure(program: &Path, wanted: &Wanted, machine: Machine) -> Result<Figures> {
    let &Wanted { rounds, presses, .. } = wanted;
    let (to_hotkey, to_ready) = starts(program, wanted.starts)?;

    let stage = Stage::with(Setup::default())?;
    let eye = Eye::open(stage.display())?;
    let peer = start_peer(&stage)?;
    let app = stage.start("caro-desktop", stage.command(program))?;
    wait_until("the hotkey", || Ok(stage.screen().is_taken(app::HOTKEY)?.then_some(())))?;
    let family = Family::of(app.pid());
    let at_start = settled(family)?;
    let popup = wait_until("the popup", || {
        Ok(stage.screen().windows()?.into_iter().find(|window| window.title == app::POPUP))
    })?
    .id;
    eye.follow(popup)?;

    let bench = Bench { stage: &stage, eye: &eye, popup };
    let mut times = Times::default();
    for press in 0..presses {
        progress("opened and asked, in turns with the peer", press + 1, presses);
        bench.measured_round(&mut times)?;
        bench.peer_round(&mut times)?;
    }
    drop(peer);
    let before = settled(family)?;
    let before_by_process = by_process(family);
    for round in 0..rounds {
        if (round + 1).is_multiple_of(50) || round + 1 == rounds {
            progress("opened, asked and closed", round as usize + 1, rounds as usize);
        }
        bench.round()?;
    }
    let after = settled(family)?;
    say(&format!("  watching it do nothing for {} s", WATCHED.as_secs()));
    let (wakeups, by_thread) = family.wakeups(WATCHED)?;
    Ok(Figures {
        hotkey_to_mapped_ms: times.mapped.spread(),
        hotkey_to_painted_ms: times.painted.spread(),
        keystroke_to_painted_ms: times.keystroke.spread(),
        start_to_hotkey_ms: to_hotkey.spread(),
        start_to_ready_ms: to_ready.spread(),
        private_mib: round(after),
        private_at_start_mib: round(at_start),
        private_by_process_mib: by_process(family),
        wakeups_per_s: round(wakeups),
        wakeups_by_thread: by_thread.into_iter().map(|(name, rate)| (name, round(rate))).collect(),
        growth: Growth {
            rounds,
            before_mib: round(before),
            after_mib: round(after),
            before_by_process_mib: before_by_process,
            grown_mib: round(after - before),
        },
        peer: Some(Peer {
            name: PEER,
            hotkey_to_mapped_ms: times.peer_mapped.spread(),
            hotkey_to_painted_ms: times.peer_painted.spread(),
        }),
        machine,
    })
}

#[expect(clippy::cast_precision_loss, reason = "KiB of memory, far below 2^53")]
fn by_process(family: Family) -> Vec<(String, f64)> {
    let shares = family.memory().into_iter();
    shares.map(|share| (share.name, round(share.private_kib as f64 / 1024.0))).collect()
}

/// Starts the app again and again on one desktop: when the key is taken, and when a press at that moment has the popup painted.
fn starts(program: &Path, times: usize) -> Result<(Samples, Samples)> {
    let (mut to_hotkey, mut to_ready) = (Samples::default(), Samples::default());
    let stage = Stage::with(Setup::default())?;
    // One more than counted: the first finds its files on no shelf.
    for start in 0..=times {
        progress("started", start, times);
        let eye = Eye::open(stage.display())?;
        let begun = Instant::now();
        let app = stage.start("caro-desktop", stage.command(program))?;
        wait_until("the hotkey", || Ok(stage.screen().is_taken(app::HOTKEY)?.then_some(())))?;
        let live = begun.elapsed();
        stage.screen().press(app::HOTKEY)?;
        let painted = eye.wait_painted(|| {
            let popup = stage.screen().visible(app::POPUP)?;
            popup.map(|popup| eye.area(popup.id)).transpose()
        })?;
        if start > 0 {
            to_hotkey.add(live);
            to_ready.add(painted.saturating_duration_since(begun));
        }
        let family = Family::of(app.pid()).members();
        drop(app);
        stage.screen().wait_hidden(app::POPUP)?;
        let gone = |id: &u32| !Path::new(&format!("/proc/{id}")).exists();
        wait_until("the web processes to end", || Ok(family.iter().all(gone).then_some(())))?;
    }
    Ok((to_hotkey, to_ready))
}

fn start_peer(stage: &Stage) -> Result<Actor> {
    let folder = stage.home("XDG_CONFIG_HOME")?.join("sxhkd");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("sxhkdrc"), "super + r\n\trofi -show run\n")?;
    let peer = stage.start("sxhkd", stage.command("sxhkd"))?;
    wait_until("sxhkd", || Ok(stage.screen().is_taken(PEER_KEY)?.then_some(())))?;
    Ok(peer)
}

#[derive(Default)]
struct Times {
    mapped: Samples,
    painted: Samples,
    keystroke: Samples,
    peer_mapped: Samples,
    peer_painted: Samples,
}

struct Bench<'a> {
    stage: &'a Stage,
    eye: &'a Eye,
    popup: u32,
}

impl Bench<'_> {
    fn measured_round(&self, times: &mut Times) -> Result<()> {
        let (screen, eye) = (self.stage.screen(), self.eye);
        eye.blink()?;
        let pressed = Instant::now();
        screen.press(app::HOTKEY)?;
        let mapped = eye.wait_viewable(self.popup)?;
        let area = eye.area(self.popup)?;
        let painted = eye.wait_painted(|| Ok(Some(area)))?;
        times.mapped.add(mapped.saturating_duration_since(pressed));
        times.painted.add(painted.saturating_duration_since(pressed));

        screen.wait_active(app::POPUP)?;
        screen.type_text(QUESTION)?;
        eye.wait_still(CALM)?;
        let answer = answer_of(area);
        let before = eye.pixels(answer)?;
        eye.blink()?;
        let typed = Instant::now();
        screen.type_text(NEXT_KEY)?;
        let shown = eye.wait_changed(answer, &before)?;
        times.keystroke.add(shown.saturating_duration_since(typed));
        self.close()
    }

    fn peer_round(&self, times: &mut Times) -> Result<()> {
        let (screen, eye) = (self.stage.screen(), self.eye);
        eye.wait_still(CALM)?;
        eye.blink()?;
        let pressed = Instant::now();
        screen.press(PEER_KEY)?;
        let (mapped, window) = eye.wait_class("rofi")?;
        let area = eye.area(window)?;
        let painted = eye.wait_painted(|| Ok(Some(area)))?;
        times.peer_mapped.add(mapped.saturating_duration_since(pressed));
        times.peer_painted.add(painted.saturating_duration_since(pressed));
        // It takes the whole keyboard, so the key that ends it cannot go elsewhere; before it has it, none reaches it.
        wait_until("rofi to end", || {
            screen.press("Escape")?;
            Ok(eye.area(window).is_err().then_some(()))
        })
    }

    /// What may not leave anything behind.
    fn round(&self) -> Result<()> {
        let (screen, eye) = (self.stage.screen(), self.eye);
        eye.blink()?;
        screen.press(app::HOTKEY)?;
        let area = eye.area(self.popup)?;
        eye.wait_painted(|| Ok(Some(area))).with_context(|| {
            format!("popup on screen: {:?}; active: {:?}", screen.visible(app::POPUP), screen.active_title())
        })?;
        screen.wait_active(app::POPUP)?;
        let answer = answer_of(area);
        let before = eye.pixels(answer)?;
        screen.type_text(QUESTION)?;
        eye.wait_changed(answer, &before)?;
        self.close()
    }

    /// Escape clears, then hides.
    fn close(&self) -> Result<()> {
        self.stage.screen().press("Escape")?;
        self.stage.screen().press("Escape")?;
        self.stage.screen().wait_hidden(app::POPUP)?;
        // Whose books are behind would take the next opening for the end of this one.
        self.stage.screen().wait_for_window_manager()
    }
}

fn answer_of(popup: Area) -> Area {
    let top = i16::try_from(FIELD).unwrap_or_default();
    Area { y: popup.y + top, height: popup.height.saturating_sub(FIELD + FOOTER), ..popup }
}

/// Memory once it has stopped falling: a browser engine tidies up some seconds after the last work.
fn settled(family: Family) -> Result<f64> {
    const BETWEEN: Duration = Duration::from_secs(2);
    let mut last = family.private_mib();
    for _ in 0..10 {
        std::thread::sleep(BETWEEN);
        let now = family.private_mib();
        if (last - now).abs() < 0.1 {
            last = now;
            break;
        }
        last = now;
    }
    ensure!(last > 0.0, "the app is gone");
    Ok(last)
}

fn progress(what: &str, done: usize, all: usize) {
    if done.is_multiple_of(20) || done == all {
        say(&format!("  {what}: {done} of {all}"));
    }
}
