//! What the pages about models and safety show.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::view::{ErrorView, Risk};

/// Where a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum ModelState {
    /// It can be fetched.
    Available,
    /// A part of it has come.
    Begun,
    /// Another program has fetched it; it only has to be taken.
    Cached,
    /// It can be used.
    Installed,
    /// It was here, and its file is gone or changed.
    Missing,
}

/// What is done to a model right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum WorkStage {
    /// The hub is asked.
    Asking,
    /// It comes.
    Coming,
    /// It went wrong and is tried again.
    Waiting,
    /// It is compared with what it should be.
    Checking,
}

/// Work on a model, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WorkView {
    /// The model.
    pub id: String,
    /// What is being done.
    pub stage: WorkStage,
    /// Bytes done.
    pub done: u64,
    /// Bytes in all.
    pub size: u64,
}

/// A model: one to be had, or one that is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelView {
    /// Its name.
    pub id: String,
    /// Where it is.
    pub state: ModelState,
    /// It answers what the rules do not know.
    pub in_use: bool,
    /// The one to begin with.
    pub recommended: bool,
    /// In bytes.
    pub size: u64,
    /// Bytes that have come.
    pub begun: u64,
    /// Whose terms it comes under; `null` for a file of the user's own.
    pub license: Option<String>,
    /// What it is good for, in English.
    pub good_for: Option<String>,
    /// Where it comes from.
    pub repository: Option<String>,
    /// Tokens it wrote in a second when it was measured here.
    pub tokens_per_s: Option<u32>,
    /// What is being done to it.
    pub work: Option<WorkView>,
    /// What went wrong last.
    pub failed: Option<ErrorView>,
    /// It was compared with what it was when it came, since the app started.
    pub verified: bool,
}

/// The page about models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelsView {
    /// Where the files are.
    pub folder: String,
    /// Those to be had and those that are here.
    pub models: Vec<ModelView>,
    /// Who is asked what the rules do not know, in this order.
    pub asked: Option<String>,
    /// The environment holds a key for the server.
    pub has_key: bool,
}

/// A rule whose level the user changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LevelView {
    /// Its id.
    pub rule: String,
    /// What it counts as.
    pub risk: Risk,
}

/// Something the user allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AllowanceView {
    /// The rule it is about.
    pub rule: String,
    /// The command it is for.
    pub command: String,
    /// The folder it is for; `null` is any.
    pub folder: Option<String>,
    /// Its last day.
    pub until: String,
    /// Why.
    pub reason: String,
    /// That day is over.
    pub expired: bool,
}

/// The user's policy, as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PolicyView {
    /// Where it is, or would be.
    pub file: String,
    /// Rules with another level.
    pub levels: Vec<LevelView>,
    /// What is allowed.
    pub allowances: Vec<AllowanceView>,
    /// What is wrong with the file, in English.
    pub problems: Vec<String>,
}
