//! Settings, numbers and history as the settings window sees them, each number beside its target.

use caro::ErrorCode;
use caro::config::Settings;
use caro::history::Entry;
use caro::proposal;
use caro::safety;
use caro::shell;
use caro::telemetry::{Bar, Bucket, LastAnswer, Performance, Sample, Spread, Started, target};

use crate::hotkey::{Action, FullScreen, Hotkeys, Yielding};
use crate::platform::Terminal;
use crate::present::same_names;
use crate::session::{Preferences, kept};
use crate::text;
use crate::view::{
    BarView, BucketView, DeliveryChannel, HistoryView, HotkeyState, HotkeyView, LastAnswerView, LatencyView,
    ModelFirst, NoticeView, PartView, PerformanceView, RateView, SampleView, Session, SettingsView, Shell, StageView,
    StartView, TerminalView, Tier, TierView,
};

// The app and its web processes with what they share counted for each, as the system counts it: 390 MiB were measured with the
// popup alone, of which 90 are private. The target for the private part is not what the system says at a glance.
const RESIDENT_TARGET_BYTES: u64 = 450 * 1024 * 1024;

same_names!(caro::config::ModelFirst => ModelFirst { Embedded, Remote });
same_names!(shell::Shell => Shell { Bash, Zsh, Fish, PowerShell, Cmd });

/// The settings, whole.
pub fn settings(settings: &Settings) -> SettingsView {
    SettingsView {
        hotkey: settings.hotkey.clone(),
        hotkey_clipboard: settings.hotkey_clipboard.clone(),
        hotkey_repeat: settings.hotkey_repeat.clone(),
        hotkey_paused: settings.hotkey_paused,
        hotkey_ignored: settings.hotkey_ignored.clone(),
        hotkey_full_screen: settings.hotkey_full_screen,
        theme: settings.theme.into(),
        language: settings.language.map(Into::into),
        hide_on_blur: settings.hide_on_blur,
        shell: settings.shell.map(Into::into),
        telemetry: settings.telemetry,
        history: settings.history,
        history_entries: settings.history_entries.get(),
        history_days: settings.history_days.map(Into::into),
        private: settings.private,
        model: settings.model.clone(),
        model_idle_minutes: settings.model_idle_minutes,
        model_confidence: settings.model_confidence.number(),
        model_first: settings.model_first.into(),
        remote_url: settings.remote_url.clone(),
        remote_model: settings.remote_model.clone(),
    }
}

/// What the settings say about the popup.
pub fn preferences(settings: &Settings) -> Preferences {
    Preferences {
        hide_on_blur: settings.hide_on_blur,
        keep_question: kept(settings.keep_question_minutes),
        theme: settings.theme.into(),
        language: text::language(settings.language),
        private: settings.private,
    }
}

/// What the user should know about the hotkey.
pub fn hotkey_notice(view: &HotkeyView) -> Option<NoticeView> {
    let (code, message, hint) = match view.state {
        HotkeyState::Live | HotkeyState::Paused | HotkeyState::Unset => return None,
        HotkeyState::Taken => {
            let message = format!("another program has {}", view.binding);
            (ErrorCode::HotkeyTaken, message, free_keys(&view.free))
        }
        HotkeyState::Unsupported => {
            (ErrorCode::HotkeyUnsupported, "this desktop gives no global hotkeys to programs".to_owned(), None)
        }
    };
    let hint = hint.or_else(|| code.hint().map(str::to_owned));
    Some(NoticeView { code: code.name().to_owned(), message, hint })
}

/// What the user should know about the hotkeys: the first thing that is wrong.
pub fn hotkeys_notice(hotkeys: &Hotkeys) -> Option<NoticeView> {
    Action::ALL.into_iter().find_map(|action| hotkey_notice(&hotkeys.view(action)))
}

/// The terminals of this system, each once; none where nothing can be inserted.
pub fn terminals(session: Session) -> Vec<TerminalView> {
    let typed = match session {
        Session::X11 => DeliveryChannel::Xtest,
        Session::Windows => DeliveryChannel::SendInput,
        Session::MacOs => DeliveryChannel::CgEvent,
        Session::Wayland | Session::None => return Vec::new(),
    };
    let mut terminals: Vec<TerminalView> = Vec::new();
    for terminal in Terminal::here() {
        if terminals.iter().all(|known| known.name != terminal.name) {
            let channel = terminal.native.channel().unwrap_or(typed);
            terminals.push(TerminalView { name: terminal.name.to_owned(), channel });
        }
    }
    terminals
}

/// To which windows the settings leave the hotkeys.
pub fn yielding(settings: &Settings) -> Yielding {
    let full_screen = if settings.hotkey_full_screen { FullScreen::Ignored } else { FullScreen::Yields };
    Yielding { applications: settings.hotkey_ignored.clone(), full_screen }
}

/// What to press instead.
pub fn free_keys(free: &[String]) -> Option<String> {
    (!free.is_empty()).then(|| format!("these are free: {}", free.join(", ")))
}

/// Numbers beside their targets.
pub fn performance(hours: u32, performance: Performance, enabled: bool) -> PerformanceView {
    let Performance {
        tiers,
        stages,
        popup,
        display,
        first_token,
        rate,
        known_tokens,
        read_tokens,
        last,
        started,
        timeline,
        resources,
        dropped,
        database_bytes,
    } = performance;
    PerformanceView {
        hours,
        tiers: tiers.into_iter().filter_map(tier).collect(),
        stages: stages.into_iter().map(stage).collect(),
        last: last.and_then(last_answer),
        popup: popup.map(|spread| latency(&spread, "popup.mapped")),
        display: display.map(|spread| latency(&spread, "popup.keystroke")),
        first_token: first_token.map(|spread| latency(&spread, "answer.embedded")),
        rate: rate.map(|Spread { count, p50, .. }| RateView { count, p50 }),
        known_tokens,
        read_tokens,
        start: started.map(|Started { unix_s, hotkey_us, ready_us }| StartView {
            unix_s: since_1970(unix_s),
            hotkey_us,
            hotkey_target_us: micros("start.hotkey"),
            ready_us,
            ready_target_us: micros("start.ready"),
        }),
        timeline: timeline.iter().map(bucket).collect(),
        resources: resources.iter().map(sample).collect(),
        resident_target_bytes: RESIDENT_TARGET_BYTES,
        dropped,
        database_bytes,
        database_target_bytes: bytes("telemetry.year"),
        enabled,
    }
}

fn bucket(bucket: &Bucket) -> BucketView {
    let &Bucket { start_unix_s, answered, abstained } = bucket;
    BucketView { start_unix_s: since_1970(start_unix_s), answered, abstained }
}

fn sample(sample: &Sample) -> SampleView {
    let &Sample { unix_s, resident_bytes, webview_bytes, model_bytes, cpu_percent } = sample;
    SampleView { unix_s: since_1970(unix_s), resident_bytes, webview_bytes, model_bytes, cpu_percent }
}

fn stage(spread: Spread) -> StageView {
    let Spread { name, count, p50, p99, .. } = spread;
    StageView { stage: name, count, p50_us: p50, p99_us: p99 }
}

fn latency(spread: &Spread, target: &str) -> LatencyView {
    let &Spread { count, p50, p90, p99, .. } = spread;
    LatencyView { count, p50_us: p50, p90_us: p90, p99_us: p99, target_p99_us: micros(target) }
}

fn last_answer(last: LastAnswer) -> Option<LastAnswerView> {
    let LastAnswer { unix_s, tier, latency_us, stages } = last;
    let parts = stages.into_iter().map(|(name, us)| PartView { name, us });
    Some(LastAnswerView { unix_s: since_1970(unix_s), tier: named(&tier)?, latency_us, stages: parts.collect() })
}

fn since_1970(unix_s: i64) -> u64 {
    u64::try_from(unix_s).unwrap_or(0)
}

/// A target of time.
fn micros(id: &str) -> u64 {
    let target = target(id);
    let unit = match target.unit.as_str() {
        "ns" => 0.001,
        "ms" => 1e3,
        "s" => 1e6,
        _ => 1.0,
    };
    whole(target.value() * unit)
}

/// A target of size.
fn bytes(id: &str) -> u64 {
    let target = target(id);
    whole(target.value() * if target.unit == "MiB" { 1_048_576.0 } else { 1e6 })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "targets are small and not negative")]
fn whole(number: f64) -> u64 {
    number.round() as u64
}

/// One entry of the history; a newer Caro may have written a risk this one does not know.
pub fn entry(entry: Entry) -> Option<HistoryView> {
    let incomplete = entry.is_incomplete();
    let Entry { id, query, command, risk, outcome, unix_s, pinned, name } = entry;
    let risk = safety::Risk::ALL.into_iter().find(|known| known.name() == risk)?.into();
    Some(HistoryView { id, query, command, risk, outcome, unix_s, pinned, name, incomplete })
}

fn tier(spread: Spread) -> Option<TierView> {
    let Spread { name, count, p50, p90, p99, histogram, .. } = spread;
    let tier = named(&name)?;
    let target_p99_us = match tier {
        Tier::Cache => micros("answer.cached"),
        Tier::Rules | Tier::Semantic | Tier::None => micros("answer.static"),
        Tier::Embedded | Tier::Remote => micros("answer.embedded"),
    };
    let histogram = histogram.into_iter().map(|Bar { most, count }| BarView { most, count }).collect();
    Some(TierView { tier, count, p50_us: p50, p90_us: p90, p99_us: p99, target_p99_us, histogram })
}

/// The tier of that name; a newer Caro may have written one this one does not know.
fn named(name: &str) -> Option<Tier> {
    proposal::Tier::ALL.into_iter().find(|known| known.name() == name).map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hotkey_that_does_nothing_is_said() {
        let view = |state, free: &[&str]| HotkeyView {
            binding: "Ctrl+Alt+Space".to_owned(),
            state,
            free: free.iter().map(|&key| key.to_owned()).collect(),
        };
        assert_eq!(hotkey_notice(&view(HotkeyState::Live, &[])), None);
        assert_eq!(hotkey_notice(&view(HotkeyState::Paused, &[])), None);
        let taken = hotkey_notice(&view(HotkeyState::Taken, &["Alt+Space", "Super+C"])).unwrap();
        assert_eq!(taken.code, "hotkey-taken");
        assert_eq!(taken.hint.as_deref(), Some("these are free: Alt+Space, Super+C"));
        let unsupported = hotkey_notice(&view(HotkeyState::Unsupported, &[])).unwrap();
        assert!(unsupported.hint.unwrap().contains("caro toggle"));
    }

    #[test]
    fn a_tier_has_its_target() {
        let spread = |name: &str| Spread { name: name.to_owned(), count: 1, ..Spread::default() };
        assert_eq!(tier(spread("rules")).unwrap().target_p99_us, 500);
        assert_eq!(tier(spread("embedded")).unwrap().target_p99_us, 2_000_000);
        assert_eq!(tier(spread("of a newer Caro")), None);
    }

    #[test]
    fn every_target_of_the_page_is_in_the_table() {
        let all = Performance {
            popup: Some(Spread::default()),
            display: Some(Spread::default()),
            first_token: Some(Spread::default()),
            started: Some(Started::default()),
            ..Performance::default()
        };
        let view = performance(1, all, true);
        assert_eq!(view.popup.map(|popup| popup.target_p99_us), Some(10_000));
        assert_eq!(view.start.map(|start| start.ready_target_us), Some(500_000));
        assert_eq!(view.database_target_bytes, 20_000_000);
    }
}
