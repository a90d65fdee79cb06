//! Settings, numbers and history as the settings window sees them, each number beside its target.

use caro::ErrorCode;
use caro::config::Settings;
use caro::history::Entry;
use caro::proposal;
use caro::safety;
use caro::shell;
use caro::telemetry::{Performance, TierLatency};

use crate::present::same_names;
use crate::session::Preferences;
use crate::text;
use crate::view::{
    BucketView, HistoryView, HotkeyState, HotkeyView, LatencyView, NoticeView, PerformanceView, SampleView,
    SettingsView, Shell, Tier, TierView,
};

// A keystroke's answer has to be there before the next frame, with all of the frame left for painting it.
const STATIC_TIER_TARGET_US: u64 = 1_000;
// A person who pressed a key waits for a model this long without wondering.
const MODEL_TIER_TARGET_US: u64 = 3_000_000;
// Two frames: a window that is there by then was there at once.
const POPUP_TARGET_US: u64 = 33_000;
// The app and its web processes with what they share counted for each, as the system counts it: 390 MiB were measured with the
// popup alone, of which 90 are private.
const RESIDENT_TARGET_BYTES: u64 = 450 * 1024 * 1024;

same_names!(shell::Shell => Shell { Bash, Zsh, Fish, PowerShell, Cmd });

/// The settings, whole.
pub fn settings(settings: &Settings) -> SettingsView {
    SettingsView {
        hotkey: settings.hotkey.clone(),
        hotkey_paused: settings.hotkey_paused,
        theme: settings.theme.into(),
        language: settings.language.map(Into::into),
        hide_on_blur: settings.hide_on_blur,
        shell: settings.shell.map(Into::into),
        telemetry: settings.telemetry,
        history: settings.history,
    }
}

/// What the settings say about the popup.
pub fn preferences(settings: &Settings) -> Preferences {
    Preferences {
        hide_on_blur: settings.hide_on_blur,
        theme: settings.theme.into(),
        language: text::language(settings.language),
    }
}

/// What the user should know about the hotkey.
pub fn hotkey_notice(view: &HotkeyView) -> Option<NoticeView> {
    let (code, message, hint) = match view.state {
        HotkeyState::Live | HotkeyState::Paused => return None,
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

/// What to press instead.
pub fn free_keys(free: &[String]) -> Option<String> {
    (!free.is_empty()).then(|| format!("these are free: {}", free.join(", ")))
}

/// Numbers beside their targets.
pub fn performance(hours: u32, performance: Performance, enabled: bool) -> PerformanceView {
    let Performance { tiers, popup, timeline, resources, dropped, database_bytes } = performance;
    let buckets = timeline.into_iter().map(|bucket| BucketView {
        start_unix_s: u64::try_from(bucket.start_unix_s).unwrap_or(0),
        answered: bucket.answered,
        abstained: bucket.abstained,
    });
    let samples = resources.into_iter().map(|sample| SampleView {
        unix_s: u64::try_from(sample.unix_s).unwrap_or(0),
        resident_bytes: sample.resident_bytes,
        cpu_percent: sample.cpu_percent,
    });
    PerformanceView {
        hours,
        tiers: tiers.into_iter().filter_map(tier).collect(),
        popup: popup.map(|TierLatency { count, p50_us, p90_us, p99_us, .. }| LatencyView {
            count,
            p50_us,
            p90_us,
            p99_us,
            target_p99_us: POPUP_TARGET_US,
        }),
        timeline: buckets.collect(),
        resources: samples.collect(),
        resident_target_bytes: RESIDENT_TARGET_BYTES,
        dropped,
        database_bytes,
        enabled,
    }
}

/// One accepted command; a newer Caro may have written a risk this one does not know.
pub fn entry(entry: Entry) -> Option<HistoryView> {
    let Entry { query, command, risk, outcome, unix_s } = entry;
    let risk = safety::Risk::ALL.into_iter().find(|known| known.name() == risk)?.into();
    Some(HistoryView { query, command, risk, outcome, unix_s })
}

fn tier(latency: TierLatency) -> Option<TierView> {
    let TierLatency { tier, count, p50_us, p90_us, p99_us } = latency;
    let tier: Tier = proposal::Tier::ALL.into_iter().find(|known| known.name() == tier)?.into();
    let target_p99_us = match tier {
        Tier::Cache | Tier::Rules | Tier::Semantic | Tier::None => STATIC_TIER_TARGET_US,
        Tier::Embedded | Tier::Remote => MODEL_TIER_TARGET_US,
    };
    Some(TierView { tier, count, p50_us, p90_us, p99_us, target_p99_us })
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
        let latency = |name: &str| TierLatency { tier: name.to_owned(), count: 1, p50_us: 1, p90_us: 2, p99_us: 3 };
        assert_eq!(tier(latency("rules")).unwrap().target_p99_us, 1_000);
        assert_eq!(tier(latency("embedded")).unwrap().target_p99_us, 3_000_000);
        assert_eq!(tier(latency("of a newer Caro")), None);
    }
}
