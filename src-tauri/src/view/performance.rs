//! What the performance page shows: numbers, each beside what it should be.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::Tier;

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BarView {
    /// The largest value in it.
    pub most: u64,
    /// Number of values.
    pub count: u64,
}

/// Latency of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TierView {
    /// Which one.
    pub tier: Tier,
    /// Answers counted.
    pub count: u64,
    /// Median.
    pub p50_us: u64,
    /// Nine of ten are faster.
    pub p90_us: u64,
    /// All but one of a hundred are faster.
    pub p99_us: u64,
    /// What `p99_us` should stay under.
    pub target_p99_us: u64,
    /// How many took how long, in microseconds.
    pub histogram: Vec<BarView>,
}

/// Latency of something that happens to the popup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LatencyView {
    /// Times counted.
    pub count: u64,
    /// Median.
    pub p50_us: u64,
    /// Nine of ten are faster.
    pub p90_us: u64,
    /// All but one of a hundred are faster.
    pub p99_us: u64,
    /// What `p99_us` should stay under.
    pub target_p99_us: u64,
}

/// One stage of answering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StageView {
    /// `normalize`, `match`, `judge`, `prompt`, `prefill` or `decode`.
    pub stage: String,
    /// Answers it was part of.
    pub count: u64,
    /// Median.
    pub p50_us: u64,
    /// All but one of a hundred are faster.
    pub p99_us: u64,
}

/// How fast a model writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RateView {
    /// Answers counted.
    pub count: u64,
    /// Tokens a second, the median.
    pub p50: u64,
}

/// A part of something, with its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PartView {
    /// Which one.
    pub name: String,
    /// How long it took.
    pub us: u64,
}

/// Where the time of the last answer went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LastAnswerView {
    /// When, in seconds since 1970.
    pub unix_s: u64,
    /// Who answered.
    pub tier: Tier,
    /// All of it but the display.
    pub latency_us: u64,
    /// Its stages in order; `display` is from the answer to the painted frame.
    pub stages: Vec<PartView>,
}

/// How the last start of the app went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// When, in seconds since 1970.
    pub unix_s: u64,
    /// From the start to a live hotkey.
    pub hotkey_us: u64,
    /// What that should stay under.
    pub hotkey_target_us: u64,
    /// From the start to windows, tray and engine.
    pub ready_us: u64,
    /// What that should stay under.
    pub ready_target_us: u64,
}

/// Answers in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BucketView {
    /// Seconds since 1970.
    pub start_unix_s: u64,
    /// Questions with a command.
    pub answered: u64,
    /// Questions without.
    pub abstained: u64,
}

/// What the program used at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SampleView {
    /// Seconds since 1970.
    pub unix_s: u64,
    /// Memory of all its processes.
    pub resident_bytes: u64,
    /// Of that, the web views'.
    pub webview_bytes: u64,
    /// Of that, the language model's.
    pub model_bytes: u64,
    /// Of one core.
    // As with a suggestion's confidence: never NaN.
    #[specta(type = u32)]
    pub cpu_percent: f32,
}

/// The performance page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceView {
    /// How far back it looks.
    pub hours: u32,
    /// One row a tier that answered.
    pub tiers: Vec<TierView>,
    /// One row a stage that was measured, in their order.
    pub stages: Vec<StageView>,
    /// The last answer, whenever it was.
    pub last: Option<LastAnswerView>,
    /// Hotkey to window; absent until the hotkey was pressed.
    pub popup: Option<LatencyView>,
    /// Key to painted answer.
    pub display: Option<LatencyView>,
    /// Question to the first token of a model's answer.
    pub first_token: Option<LatencyView>,
    /// How fast a model wrote.
    pub rate: Option<RateView>,
    /// Tokens of prompts that a model had read already.
    pub known_tokens: u64,
    /// Tokens of prompts that it had to read.
    pub read_tokens: u64,
    /// The last start of the app.
    pub start: Option<StartView>,
    /// Oldest first.
    pub timeline: Vec<BucketView>,
    /// Oldest first.
    pub resources: Vec<SampleView>,
    /// What `resident_bytes` should stay under.
    pub resident_target_bytes: u64,
    /// Events that were lost because the writer was behind.
    pub dropped: u64,
    /// Size of the database.
    pub database_bytes: u64,
    /// What that should stay under.
    pub database_target_bytes: u64,
    /// Numbers are being kept.
    pub enabled: bool,
}

/// How the numbers are written into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// One object with a list for each table.
    Json,
    /// One table of all rows.
    Csv,
}
